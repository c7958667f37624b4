"""A running sandbox for a test, and the two ways to talk to it: as a polite client and byte by byte."""

import base64
import json
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.server import Sandbox

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token"
WAIT_SECONDS = 10.0


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2030, 5, 6, 7, 8, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Client:
    """A client of one sandbox."""

    account = ACCOUNT
    token = TOKEN

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (ACCOUNT, TOKEN)
        self.sockets: list[socket.socket] = []

    @property
    def messages_url(self) -> str:
        return f"{self.sandbox.url}/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    def send(self, to: str = "+4915112345670", **form: str) -> requests.Response:
        """Send one message."""
        fields = {"To": to, "From": "AURORA", "Body": "Hello", **form}
        return self.session.post(self.messages_url, data=fields, timeout=WAIT_SECONDS, allow_redirects=False)

    def get(self, path: str, **query: str) -> requests.Response:
        """Get a page of the Twilio face; ``path`` begins with "/"."""
        return self.session.get(f"{self.sandbox.url}/twilio{path}", params=query, timeout=WAIT_SECONDS)

    def listing(self, **query: str) -> dict[str, Any]:
        """Return the first page of a listing."""
        return dict(self.session.get(self.messages_url, params=query, timeout=WAIT_SECONDS).json())

    def fetch(self, sid: str) -> dict[str, Any]:
        """Return one message."""
        return dict(self.get(f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json").json())

    def accepted(self) -> list[dict[str, str]]:
        """Return what the sandbox says it accepted."""
        return list(self.session.get(f"{self.sandbox.url}/_sandbox/messages", timeout=WAIT_SECONDS).json())

    def change(self, **scenario: object) -> requests.Response:
        """Merge ``scenario`` into the running one."""
        body = json.dumps(scenario)
        return self.session.post(f"{self.sandbox.url}/_sandbox/scenario", data=body, timeout=WAIT_SECONDS)

    def wait_for_accepted(self, count: int) -> None:
        """Wait until the sandbox accepted ``count`` messages."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(self.accepted()) != count:
            assert time.monotonic() < deadline, f"not {count} messages: {self.accepted()}"

    def raw(self, data: bytes = b"") -> socket.socket:
        """Return a connection that has sent ``data``."""
        parts = urlsplit(self.sandbox.url)
        connection = socket.create_connection((parts.hostname, parts.port), timeout=WAIT_SECONDS)
        self.sockets.append(connection)
        connection.sendall(data)
        return connection

    def send_bytes(self, to: str = "+4915112345670") -> bytes:
        """Return a request that sends a message, as bytes."""
        body = urlencode({"To": to, "From": "AURORA", "Body": "Hello"})
        basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        lines = (
            f"POST {urlsplit(self.messages_url).path} HTTP/1.1",
            "Host: sandbox",
            f"Authorization: Basic {basic}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        )
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    @staticmethod
    def end_of(connection: socket.socket) -> bool:
        """Wait for the first byte of an answer or the end of the connection, in order or not."""
        try:
            return len(connection.recv(1)) <= 1
        except ConnectionResetError:
            return True

    @staticmethod
    def read_all(connection: socket.socket) -> bytes:
        """Return everything until the other side ends."""
        data = b""
        while block := connection.recv(65536):
            data += block
        return data

    @staticmethod
    def read_exactly(connection: socket.socket, count: int) -> bytes:
        """Return ``count`` bytes."""
        data = b""
        while len(data) < count and (block := connection.recv(count - len(data))):
            data += block
        return data

    @staticmethod
    def read_head(connection: socket.socket) -> bytes:
        """Return the bytes up to and with the empty line, one by one so that none of the body is taken."""
        data = b""
        while not data.endswith(b"\r\n\r\n") and (byte := connection.recv(1)):
            data += byte
        return data

    def close(self) -> None:
        """Let go of every connection."""
        self.session.close()
        for connection in self.sockets:
            connection.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start() -> Iterator[Callable[..., Client]]:
    """Start a sandbox with a scenario, and return its client. Answers take no time unless the scenario says so."""
    clients: list[Client] = []

    def run(own_clock: Clock | None = None, **scenario: object) -> Client:
        options: dict[str, Any] = {} if own_clock is None else {"clock": own_clock}
        sandbox = Sandbox(Scenario.from_json({"latency_ms": 0, **scenario}), **options)
        clients.append(Client(sandbox))
        sandbox.start()
        return clients[-1]

    yield run
    for client in clients:
        client.close()
        client.sandbox.stop()


@pytest.fixture
def client(start: Callable[..., Client]) -> Client:
    """A client of a sandbox without faults."""
    return start()
