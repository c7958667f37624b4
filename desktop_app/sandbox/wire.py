"""HTTP/1.1 on one connection: just enough of it for a simulator, and every byte under its control."""

import base64
import binascii
import json
import os
import re
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http import HTTPStatus
from typing import Final, Self
from urllib.parse import parse_qsl

MAX_HEAD_BYTES: Final = 64 * 1024
MAX_BODY_BYTES: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
_REQUEST_LINE: Final = re.compile(r"([A-Z]+) (/[^ ]*) HTTP/1\.([01])")
# struct linger: two C ints, except on Windows.
_LINGER_ZERO: Final = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
JSON_TYPE: Final = "application/json; charset=utf-8"


class BadRequest(ValueError):
    """The bytes are no request the sandbox understands; the text says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        method: upper case.
        path: without the query.
        query: the raw query.
        headers: names in lower case.
        body: the complete bytes.
        keep_alive: the client wants to use the connection again.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    keep_alive: bool = True

    @property
    def target(self) -> str:
        """Path and query, as in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def fields(self) -> dict[str, str]:
        """Return the query's fields."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def form(self) -> dict[str, str]:
        """Return the fields of a form-encoded body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def basic_credentials(self) -> tuple[str, str] | None:
        """Return user and password of HTTP Basic, None without them."""
        scheme, _, encoded = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (user, password) if colon and user else None

    def below(self, prefix: str) -> "Request":
        """Return the request as somebody mounted at ``prefix`` sees it."""
        return replace(self, path=self.path.removeprefix(prefix))


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    Attributes:
        status: the HTTP status.
        body: the bytes.
        content_type: of the body.
        headers: beyond Content-Type, Content-Length and Date.
        message_id: of a send, the id that was given; not sent as such.
    """

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    message_id: str | None = None

    @classmethod
    def of(cls, document: object, status: int = 200) -> Self:
        """Return ``document`` as JSON."""
        return cls(status, _ENCODER.encode(document).encode())

    def head(
        self, *, keep_alive: bool = True, content_length: int | None = None, framing: Mapping[str, str] | None = None
    ) -> bytes:
        """Return the bytes before the body.

        Args:
            keep_alive: whether the connection stays open.
            content_length: None leaves the header out.
            framing: further headers, for answers that are out of order.
        """
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", f"Date: {formatdate(usegmt=True)}"]
        lines.append(f"Content-Type: {self.content_type}")
        lines.extend(f"{name}: {value}" for name, value in (*self.headers.items(), *(framing or {}).items()))
        if content_length is not None:
            lines.append(f"Content-Length: {content_length}")
        if not keep_alive:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def hang_up(connection: socket.socket) -> None:
    """End ``connection`` for whoever is reading from it or writing to it in another thread."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # already closed


class Connection:
    """A client's connection: requests in, any bytes out.

    Every method may raise OSError when the client left or the sandbox stops; whoever serves the connection ends then.
    """

    def __init__(self, client: socket.socket, stopping: threading.Event) -> None:
        self._socket = client
        self._stopping = stopping
        self._received = bytearray()
        self.closed = False
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read_request(self) -> Request | None:
        """Return the next request, None when the client ended the connection between two.

        Raises:
            BadRequest: what came is none.
        """
        end = self._find_end_of_head()
        if end is None:
            return None
        head = self._take(end + 4)[:end].decode("latin-1")
        request_line, *header_lines = head.split("\r\n")
        matched = _REQUEST_LINE.fullmatch(request_line)
        if matched is None:
            raise BadRequest("This is not an HTTP/1.1 request line.")
        headers = dict(map(_header, header_lines))
        body = self._read_body(headers)
        path, _, query = matched[2].partition("?")
        keep_alive = matched[3] == "1" and headers.get("connection", "").lower() != "close"
        return Request(matched[1], path, query, headers, body, keep_alive)

    def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        self._socket.sendall(data)

    def send_reply(self, reply: Reply, *, keep_alive: bool = True) -> None:
        """Send ``reply`` as it should be."""
        self.send(reply.head(keep_alive=keep_alive, content_length=len(reply.body)) + reply.body)

    def pause(self, seconds: float) -> None:
        """Wait.

        Raises:
            ConnectionAbortedError: the sandbox stops.
        """
        if seconds > 0 and self._stopping.wait(seconds):
            raise ConnectionAbortedError("the sandbox stops")

    def wait_until_left(self) -> None:
        """Wait until the client closes the connection, and close it too."""
        while self._socket.recv(_CHUNK):
            pass
        self.close()

    def end_sending(self) -> None:
        """Close our side only: the client reads the end, and may still write."""
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Drop the connection with a TCP reset."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        self.close()

    def close(self) -> None:
        """Close the connection in order."""
        self.closed = True
        self._socket.close()

    def _read_body(self, headers: Mapping[str, str]) -> bytes:
        if "transfer-encoding" in headers:
            raise BadRequest("A body needs a Content-Length here.")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or len(length) > 9 or int(length) > MAX_BODY_BYTES:
            raise BadRequest("The Content-Length is no number or too large.")
        if headers.get("expect", "").lower() == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(self._received) < int(length):
            self._receive_more()
        return self._take(int(length))

    def _find_end_of_head(self) -> int | None:
        while (end := self._received.find(b"\r\n\r\n")) < 0:
            if len(self._received) > MAX_HEAD_BYTES:
                raise BadRequest("The head of the request is too long.")
            if not self._received:
                data = self._socket.recv(_CHUNK)
                if not data:
                    return None
                self._received += data
            else:
                self._receive_more()
        return end

    def _receive_more(self) -> None:
        data = self._socket.recv(_CHUNK)
        if not data:
            raise ConnectionAbortedError("the client left in the middle of a request")
        self._received += data

    def _take(self, count: int) -> bytes:
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise BadRequest("A header line has no colon.")
    return name.strip().lower(), value.strip()
