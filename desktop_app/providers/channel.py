"""One bounded HTTP exchange at a time: the only place of the product that opens connections to providers.

What plain ``requests`` does not give, and an SMS that must not go out twice needs (reliability.md 3.2, P2, P3, P13):

* a *total* deadline: every read waits at most until the deadline of the exchange, so a server that drips bytes gains nothing
  (``timeout=`` of requests starts anew with every byte). Only the system's name resolution cannot be cut short; when it took
  too long, nothing is sent any more.
* a limit in bytes that holds for headers, interim answers and body together;
* certainty about the first byte: ``HTTPFailure.sent`` is False only when no byte of the request was handed to the network;
* no second try, redirect, netrc, cookie or proxy from the environment: these are the work of requests' ``Session``, and its
  adapter is used here without one.
"""

import functools
import http.client
import socket
import ssl
import time
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import urllib3.exceptions
from requests import PreparedRequest
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from desktop_app.domain.language import tr
from desktop_app.providers import hosts
from desktop_app.providers.base import HTTPFailure, HTTPReply, HTTPRequest, HTTPResult

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

CONNECT_SECONDS: Final = 3.05
_HEADER_BYTES: Final = 64 * 1024
_CHUNK_BYTES: Final = 64 * 1024
# Whatever goes wrong below us on the way; a programming error of our own is none of these.
_BROKEN: Final = (OSError, ValueError, urllib3.exceptions.HTTPError, http.client.HTTPException)
_DEFAULT_HEADERS: Final = {"User-Agent": "SMS-Desk", "Accept": "application/json", "Accept-Encoding": "identity"}


class Channel:
    """Carries one exchange at a time and keeps its connection open for the next one. Belongs to one thread at a time.

    Args:
        connect_seconds: for each address of the host.
        tls: made by ``tls_context``; the public certificate authorities when left out.
        may_connect: whether a resolved address may be connected to, given the scheme.
    """

    def __init__(
        self,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        tls: ssl.SSLContext | None = None,
        may_connect: Callable[[str, str], bool] = hosts.may_connect,
    ) -> None:
        self._line = _Line(connect_seconds, may_connect)
        self._adapter = _Adapter(self._line, tls)

    def exchange(
        self,
        request: HTTPRequest,
        *,
        deadline_seconds: float,
        max_bytes: int,
        may_send: Callable[[], bool] | None = None,
    ) -> HTTPResult:
        """Send ``request`` once and return what came of it. No text in the result quotes the request or the answer.

        Args:
            request: made by a driver.
            deadline_seconds: for everything together, from now on.
            max_bytes: of the answer's body.
            may_send: asked immediately before the first byte; a no ends the exchange with ``sent=False``.
        """
        line = self._line
        line.start(deadline_seconds, max_bytes + _HEADER_BYTES, may_send)
        try:
            response = self._adapter.send(_prepared(request), stream=True, timeout=(deadline_seconds, deadline_seconds))
            try:
                return _complete_reply(response.raw, max_bytes)
            finally:
                response.raw.close()  # does nothing to a connection whose answer was read to its end
        except _Withheld:
            failure = HTTPFailure(sent=False, detail=tr("It was stopped before anything was sent."))
        except _BROKEN as error:
            failure = HTTPFailure(sent=line.sent, detail=_sentence(line, request.url, error, deadline_seconds))
        # What is left of a broken exchange must never be taken for the next answer.
        self.close()
        return failure

    def close(self) -> None:
        """Close the connection; the next exchange opens a new one."""
        self._adapter.close()


def tls_context(ca_file: str) -> ssl.SSLContext:
    """Return the settings of TLS connections: 1.2 or newer, certificate and host name always checked against ``ca_file``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(ca_file)
    context.sslsocket_class = _BoundedTLSSocket
    return context


@functools.cache
def _public_tls_context() -> ssl.SSLContext:
    return tls_context(DEFAULT_CA_BUNDLE_PATH)


class _Phase(Enum):
    """How far an exchange got; only the last one leaves doubt whether the provider has the request."""

    RESOLVE = 1
    CONNECT = 2
    SECURE = 3
    SENT = 4


class _Withheld(Exception):
    """``may_send`` said no."""


class _TooLarge(http.client.HTTPException):
    """The answer exceeds the limit."""


class _Compressed(http.client.HTTPException):
    """The answer is compressed though we asked for plain."""


class _Line:
    """What the running exchange may still do; shared by its channel, connection and socket."""

    def __init__(self, connect_seconds: float, may_connect: Callable[[str, str], bool]) -> None:
        self.connect_seconds = connect_seconds
        self.may_connect = may_connect
        self.phase = _Phase.CONNECT
        self._deadline = 0.0
        self._bytes_left = 0
        self._may_send: Callable[[], bool] | None = None

    def start(self, seconds: float, byte_limit: int, may_send: Callable[[], bool] | None) -> None:
        self.phase = _Phase.CONNECT
        self._deadline = time.monotonic() + seconds
        self._bytes_left = byte_limit
        self._may_send = may_send

    @property
    def sent(self) -> bool:
        return self.phase is _Phase.SENT

    @property
    def expired(self) -> bool:
        return time.monotonic() >= self._deadline

    def remaining(self) -> float:
        """Return the seconds left, more than 0; raise TimeoutError when there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline")
        return left

    def received(self, count: int) -> None:
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise _TooLarge

    def before_sending(self) -> float:
        """Ask for leave before the first byte, then return the seconds left."""
        left = self.remaining()
        if self.phase is not _Phase.SENT:
            if self._may_send is not None and not self._may_send():
                raise _Withheld
            self.phase = _Phase.SENT
        return left


class _BoundedSocket(socket.socket):
    """Waits for each read no longer than the exchange it serves may last."""

    line: _Line

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int | None = 0, flags: int = 0) -> int:
        self.settimeout(self.line.remaining())
        count = super().recv_into(buffer, nbytes or 0, flags)
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


class _Connection(HTTPConnection):
    response_class = _StrictResponse
    line: _Line

    def _new_conn(self) -> socket.socket:
        return _connected(self, self.line, "http")


class _TLSConnection(HTTPSConnection):
    response_class = _StrictResponse
    line: _Line

    def _new_conn(self) -> socket.socket:
        return _connected(self, self.line, "https")

    def connect(self) -> None:
        super().connect()
        sock: Any = self.sock  # of the class named in tls_context
        sock.line = self.line


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection
    line: _Line

    def _new_conn(self) -> Any:  # urllib3's protocol class does not know "line"
        connection: Any = super()._new_conn()
        connection.line = self.line
        return connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection
    line: _Line

    def _new_conn(self) -> Any:  # as above
        connection: Any = super()._new_conn()
        connection.line = self.line
        return connection


class _Adapter(HTTPAdapter):
    """requests' adapter over connections that obey a line: one per host, none shared."""

    def __init__(self, line: _Line, tls: ssl.SSLContext | None) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._line = line
        self._tls = tls
        self._pools: dict[tuple[str, str], _Pool | _TLSPool] = {}

    def get_connection_with_tls_context(self, request: PreparedRequest, *_: object, **__: object) -> HTTPConnectionPool:
        parts = urlsplit(request.url or "")
        pool = self._pools.get((parts.scheme, parts.netloc))
        if pool is None:
            host = parts.hostname or ""
            if parts.scheme == "https":
                pool = _TLSPool(host, parts.port, maxsize=1, ssl_context=self._tls or _public_tls_context())
            else:
                pool = _Pool(host, parts.port, maxsize=1)
            pool.line = self._line
            self._pools[parts.scheme, parts.netloc] = pool
        return pool

    def cert_verify(self, *_: object) -> None:
        """Leave it to the TLS context, which always verifies."""

    def request_url(self, request: PreparedRequest, *_: object) -> str:
        return request.path_url

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()


def _prepared(request: HTTPRequest) -> PreparedRequest:
    """Return ``request`` for the adapter; made by hand because preparing it costs more than sending it."""
    prepared = PreparedRequest()
    prepared.method = request.method
    prepared.url = request.url
    prepared.headers = {**_DEFAULT_HEADERS, **request.headers}  # type: ignore[assignment]
    if request.method != "GET":
        prepared.body = request.body
        prepared.headers["Content-Length"] = str(len(request.body))
    return prepared


def _connected(connection: HTTPConnection, line: _Line, scheme: str) -> socket.socket:
    line.phase = _Phase.RESOLVE
    reason: Exception | None = None
    try:
        found = socket.getaddrinfo(connection.host.strip("[]"), connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise urllib3.exceptions.NewConnectionError(connection, "name not resolved") from error
    line.phase = _Phase.CONNECT
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
        line.phase = _Phase.SECURE if scheme == "https" else _Phase.CONNECT
        return sock
    raise urllib3.exceptions.NewConnectionError(connection, "no connection") from reason


def _complete_reply(raw: urllib3.HTTPResponse, max_bytes: int) -> HTTPReply:
    headers = {name.lower(): value for name, value in raw.headers.items()}
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise _Compressed
    body = bytearray()
    while chunk := raw.read(_CHUNK_BYTES, decode_content=False):
        body += chunk
        if len(body) > max_bytes:
            raise _TooLarge
    return HTTPReply(raw.status, headers, bytes(body))


def _sentence(line: _Line, url: str, error: Exception, deadline_seconds: float) -> str:
    host = urlsplit(url).hostname or ""
    if line.phase is _Phase.RESOLVE:
        return tr("The name {host} was not found.", host=host)
    if line.phase is _Phase.CONNECT:
        return tr("There is no connection to {host}.", host=host)
    if line.phase is _Phase.SECURE:
        return tr("There is no secure connection to {host}: its certificate or encryption is not accepted.", host=host)
    if isinstance(error, _TooLarge):
        return tr("The answer of {host} is too large.", host=host)
    if isinstance(error, _Compressed):
        return tr("The answer of {host} is compressed, which was not asked for.", host=host)
    if line.expired:
        return tr(
            "{host} gave no complete answer within {seconds} seconds.", host=host, seconds=f"{deadline_seconds:g}"
        )
    return tr("The connection to {host} ended before a complete answer was there.", host=host)
