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

import http.client
import ssl
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import urllib3.exceptions
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool

from desktop_app.domain.language import tr
from desktop_app.providers import hosts
from desktop_app.providers.base import HTTPFailure, HTTPReply, HTTPRequest, HTTPResult
from desktop_app.providers.wire import Line, Phase, Pool, TLSPool, TooLarge, Withheld, public_tls_context

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
        self._line = Line(connect_seconds, may_connect)
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
        except Withheld:
            failure = HTTPFailure(sent=False, detail=tr("It was stopped before anything was sent."))
        except _BROKEN as error:
            failure = HTTPFailure(sent=line.sent, detail=_sentence(line, request.url, error, deadline_seconds))
        # What is left of a broken exchange must never be taken for the next answer.
        self.close()
        return failure

    def close(self) -> None:
        """Close the connection; the next exchange opens a new one."""
        self._adapter.close()


class _Compressed(http.client.HTTPException):
    """The answer is compressed though we asked for plain."""


class _Adapter(HTTPAdapter):
    """requests' adapter over connections that obey a line: one per host, none shared."""

    def __init__(self, line: Line, tls: ssl.SSLContext | None) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._line = line
        self._tls = tls
        self._pools: dict[tuple[str, str], Pool | TLSPool] = {}

    def get_connection_with_tls_context(self, request: PreparedRequest, *_: object, **__: object) -> HTTPConnectionPool:
        parts = urlsplit(request.url or "")
        pool = self._pools.get((parts.scheme, parts.netloc))
        if pool is None:
            host = parts.hostname or ""
            if parts.scheme == "https":
                pool = TLSPool(host, parts.port, maxsize=1, ssl_context=self._tls or public_tls_context())
            else:
                pool = Pool(host, parts.port, maxsize=1)
            pool.line = self._line
            self._pools[parts.scheme, parts.netloc] = pool
        return pool

    def cert_verify(self, *_: object) -> None:
        """Leave it to the TLS context, which always verifies."""

    def request_url(self, request: PreparedRequest, *_: object) -> str:
        return request.path_url

    def build_response(self, _: PreparedRequest, resp: urllib3.BaseHTTPResponse) -> Response:
        response = Response()  # without the cookies and guesses about the text that nobody here wants
        response.raw = resp
        return response

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


def _complete_reply(raw: urllib3.HTTPResponse, max_bytes: int) -> HTTPReply:
    headers = {name.lower(): value for name, value in raw.headers.items()}
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise _Compressed
    body = bytearray()
    while chunk := raw.read(_CHUNK_BYTES, decode_content=False):
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge
    return HTTPReply(raw.status, headers, bytes(body))


def _sentence(line: Line, url: str, error: Exception, deadline_seconds: float) -> str:
    host = urlsplit(url).hostname or ""
    if line.phase is Phase.RESOLVE:
        return tr("The name {host} was not found.", host=host)
    if line.phase is Phase.CONNECT:
        return tr("There is no connection to {host}.", host=host)
    if line.too_large or isinstance(error, TooLarge):
        return tr("The answer of {host} is too large.", host=host)
    if line.expired:
        return tr(
            "{host} gave no complete answer within {seconds} seconds.", host=host, seconds=f"{deadline_seconds:g}"
        )
    if line.phase is Phase.SECURE:
        return tr("There is no secure connection to {host}: its certificate or encryption is not accepted.", host=host)
    if isinstance(error, _Compressed):
        return tr("The answer of {host} is compressed, which was not asked for.", host=host)
    return tr("The connection to {host} ended before a complete answer was there.", host=host)
