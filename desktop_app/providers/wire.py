"""Sockets and connections that obey the limits of one exchange; see ``channel`` for what they promise."""

import functools
import http.client
import socket
import ssl
import time
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any

import urllib3.exceptions
from requests.adapters import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from desktop_app.domain.pace import give_way

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


def tls_context(ca_file: str) -> ssl.SSLContext:
    """Return the settings of TLS connections: 1.2 or newer, certificate and host name always checked against ``ca_file``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(ca_file)
    context.sslsocket_class = _BoundedTLSSocket
    return context


@functools.cache
def public_tls_context() -> ssl.SSLContext:
    """Return the settings for the real providers, made once: loading the certificate authorities takes a while."""
    return tls_context(DEFAULT_CA_BUNDLE_PATH)


class Phase(Enum):
    """How far an exchange got; only the last one leaves doubt whether the provider has the request."""

    RESOLVE = 1
    CONNECT = 2
    SECURE = 3
    SENT = 4


class Withheld(Exception):
    """``may_send`` said no."""


class TooLarge(http.client.HTTPException):
    """The answer exceeds the limit."""


class Line:
    """What the running exchange may still do; shared by its channel, connection and socket.

    Attributes:
        connect_seconds: for each address of the host.
        may_connect: whether a resolved address may be connected to, given the scheme.
        phase: how far the exchange got.
    """

    def __init__(self, connect_seconds: float, may_connect: Callable[[str, str], bool]) -> None:
        self.connect_seconds = connect_seconds
        self.may_connect = may_connect
        self.phase = Phase.CONNECT
        self._deadline = 0.0
        self._bytes_left = 0
        self._may_send: Callable[[], bool] | None = None

    def start(self, seconds: float, byte_limit: int, may_send: Callable[[], bool] | None) -> None:
        """Begin an exchange that may last ``seconds`` and bring ``byte_limit`` bytes."""
        self.phase = Phase.CONNECT
        self._deadline = time.monotonic() + seconds
        self._bytes_left = byte_limit
        self._may_send = may_send

    @property
    def sent(self) -> bool:
        """Whether the first byte of the request may have left."""
        return self.phase is Phase.SENT

    @property
    def expired(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self._deadline

    @property
    def too_large(self) -> bool:
        """Whether more bytes came than allowed."""
        return self._bytes_left < 0

    def remaining(self) -> float:
        """Return the seconds left, more than 0.

        Raises:
            TimeoutError: when there are none.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline")
        return left

    def received(self, count: int) -> None:
        """Count ``count`` bytes against the limit; raise TooLarge beyond it."""
        self._bytes_left -= count
        if self.too_large:
            raise TooLarge

    def before_sending(self) -> float:
        """Ask for leave before the first byte, then return the seconds left."""
        left = self.remaining()
        if self.phase is not Phase.SENT:
            if self._may_send is not None and not self._may_send():
                raise Withheld
            self.phase = Phase.SENT
        return left


class _BoundedSocket(socket.socket):
    """Waits for each read no longer than the exchange it serves may last."""

    line: Line

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int | None = 0, flags: int = 0) -> int:
        self.settimeout(self.line.remaining())
        count = super().recv_into(buffer, nbytes or 0, flags)
        # Reading what came is work; several connections at once would crowd out the window.
        give_way()
        self.line.received(count)
        return count

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        self.settimeout(self.line.before_sending())
        super().sendall(data, flags)


class _BoundedTLSSocket(_BoundedSocket, ssl.SSLSocket):
    """The same over TLS; the handshake does not pass through ``sendall`` and so counts as nothing sent."""


class _StrictResponse(http.client.HTTPResponse):
    """Refuses an answer whose end cannot be known for certain, before its rest is taken for the next answer."""

    def begin(self) -> None:
        super().begin()
        headers = self.headers
        lengths = headers.get_all("content-length", ())
        if (
            self.status < http.client.OK
            or len(lengths) > 1
            or (lengths and "transfer-encoding" in headers)
            or headers.defects
            or headers.get_payload()
        ):
            raise http.client.HTTPException("ambiguous answer")


# The methods named _new_conn are urllib3's seams for making a socket and a connection; each hands its line on.
class _Connection(HTTPConnection):
    response_class = _StrictResponse
    line: Line

    def _new_conn(self) -> socket.socket:
        return _connected(self, self.line, "http")


class _TLSConnection(HTTPSConnection):
    response_class = _StrictResponse
    line: Line

    def _new_conn(self) -> socket.socket:
        return _connected(self, self.line, "https")

    def connect(self) -> None:
        super().connect()
        sock: Any = self.sock  # of the class named in tls_context
        sock.line = self.line


class Pool(HTTPConnectionPool):
    """The connections to one host over plain TCP, all on one line."""

    ConnectionCls = _Connection
    line: Line

    def _new_conn(self) -> Any:  # urllib3's protocol class does not know "line"
        connection: Any = super()._new_conn()
        connection.line = self.line
        return connection


class TLSPool(HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = _TLSConnection
    line: Line

    def _new_conn(self) -> Any:  # as above
        connection: Any = super()._new_conn()
        connection.line = self.line
        return connection


def _connected(connection: HTTPConnection, line: Line, scheme: str) -> socket.socket:
    line.phase = Phase.RESOLVE
    reason: Exception | None = None
    try:
        found = socket.getaddrinfo(connection.host.strip("[]"), connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise urllib3.exceptions.NewConnectionError(connection, "name not resolved") from error
    line.phase = Phase.CONNECT
    for family, kind, protocol, _, address in found:
        if not line.may_connect(scheme, str(address[0])):
            continue
        sock = _BoundedSocket(family, kind, protocol)
        sock.line = line
        try:
            sock.settimeout(min(line.connect_seconds, line.remaining()))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(address)
            sock.settimeout(line.remaining())  # what is left bounds the TLS handshake
        except OSError as error:
            sock.close()
            reason = error
            continue
        line.phase = Phase.SECURE if scheme == "https" else Phase.CONNECT
        return sock
    raise urllib3.exceptions.NewConnectionError(connection, "no connection") from reason
