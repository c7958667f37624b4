"""Delivery receipts posted to the client's own address."""

import http.server
import queue
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator

from desktop_app.sandbox.faces.twilio import sign
from desktop_app.sandbox.receipts import is_loopback

WAIT_SECONDS = 10.0


class Receiver:
    """A webhook on loopback that keeps what it was told."""

    def __init__(self) -> None:
        self.calls: queue.Queue[tuple[str, dict[str, str], str]] = queue.Queue()
        self.release = threading.Event()
        self.release.set()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                receiver.calls.put((self.path, dict(parse_qsl(body)), self.headers["X-Twilio-Signature"]))
                receiver.release.wait(WAIT_SECONDS)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.close()


@pytest.mark.parametrize(
    ("digit", "statuses", "error"),
    [
        ("0", ["sent", "delivered"], None),
        ("1", ["sent", "undelivered"], "30003"),
        ("2", ["sent", "undelivered"], "30036"),
    ],
)
def test_each_change_is_told_and_signed(
    start: Any, receiver: Receiver, digit: str, statuses: list[str], error: str | None
) -> None:
    client = start(delivery_ms=20)
    url = f"{receiver.url}/dlr/tw/token?n=1"
    sid = client.send(to=f"+491511234567{digit}", StatusCallback=url).json()["sid"]

    calls = [receiver.calls.get(timeout=WAIT_SECONDS) for _ in statuses]

    assert [fields["MessageStatus"] for _, fields, _ in calls] == statuses
    assert calls[-1][1].get("ErrorCode") == error
    for path, fields, signature in calls:
        assert path == "/dlr/tw/token?n=1"
        assert (fields["MessageSid"], fields["To"], fields["From"]) == (sid, f"+491511234567{digit}", "AURORA")
        assert RequestValidator(client.token).validate(url, fields, signature)


def test_the_signature_is_that_of_the_published_example() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }

    assert sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", fields) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_what_stays_pending_is_told_once(start: Any, receiver: Receiver) -> None:
    client = start(delivery_ms=0)
    client.send(to="+4915112345673", StatusCallback=receiver.url)
    client.send(to="+4915112345670", StatusCallback=receiver.url)

    told = [receiver.calls.get(timeout=WAIT_SECONDS)[1] for _ in range(3)]

    assert [(fields["To"][-1], fields["MessageStatus"]) for fields in told] == [
        ("3", "sent"),
        ("0", "sent"),
        ("0", "delivered"),
    ]


def test_a_receiver_that_is_gone_harms_nobody(start: Any, receiver: Receiver) -> None:
    client = start(delivery_ms=0)
    client.send(StatusCallback="http://127.0.0.1:1/")
    client.send(StatusCallback=receiver.url)

    assert receiver.calls.get(timeout=WAIT_SECONDS)[1]["MessageStatus"] == "sent"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080/x", True),
        ("http://127.9.9.9/", True),
        ("http://localhost/", True),
        ("http://[::1]:8080/", True),
        ("https://127.0.0.1/", False),
        ("http://example.com/", False),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://127.0.0.1@example.com/", False),
        ("http://127.0.0.1:99999/", False),
        ("http://[::1/", False),
        ("ftp://127.0.0.1/", False),
        ("127.0.0.1", False),
        ("http://127.0.0.1/ü", False),
    ],
)
def test_only_this_machine_is_called(url: str, local: bool) -> None:
    assert is_loopback(url) is local


def test_a_callback_elsewhere_is_not_called_and_the_message_goes_out(start: Any, receiver: Receiver) -> None:
    client = start(delivery_ms=0)
    client.send(StatusCallback="http://example.com/dlr")
    client.send(StatusCallback=receiver.url)

    assert receiver.calls.get(timeout=WAIT_SECONDS)[1]["MessageSid"] == client.accepted()[1]["id"]
    assert len(client.accepted()) == 2


def test_stopping_does_not_wait_for_a_slow_receiver(start: Any, receiver: Receiver) -> None:
    # Other suites keep a sandbox for a whole session.
    others = set(threading.enumerate())
    client = start(delivery_ms=0)
    receiver.release.clear()
    client.send(StatusCallback=receiver.url)
    receiver.calls.get(timeout=WAIT_SECONDS)

    client.sandbox.stop()

    assert [t.name for t in set(threading.enumerate()) - others if t.name.startswith("sandbox-")] == []
    assert not receiver.release.is_set()
