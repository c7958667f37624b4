"""What each fault does on the wire (reliability.md 2)."""

import functools
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from desktop_app.sandbox.faces.base import Face
from desktop_app.sandbox.faults import Fault, FaultMode
from desktop_app.sandbox.wire import Connection, Reply, Request
from desktop_app.sandbox.world import WHOLE_TRUTH, LookupView, World

MEGABYTE: Final = 1024 * 1024
HUGE_BODY_BYTES: Final = 400 * MEGABYTE
BOMB_BYTES: Final = 300 * MEGABYTE
_HTML: Final = b"<!doctype html><title>Error</title><h1>Something is not right here.</h1>"
_HTML_TYPE: Final = "text/html; charset=utf-8"
_INFORMATIONAL: Final = b"HTTP/1.1 100 Continue\r\n\r\n" * 64


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request on its way to an answer.

    Attributes:
        connection: the client's.
        request: below the provider's prefix.
        prefix: of the provider.
        face: the provider.
        fault: what is to go wrong.
        world: scenario and messages.
    """

    connection: Connection
    request: Request
    prefix: str
    face: Face
    fault: Fault
    world: World

    def answer(self, view: LookupView = WHOLE_TRUTH) -> Reply:
        """Let the provider do its work and return what it would say."""
        return self.face.answer(self.request, view)

    def send(self, reply: Reply) -> None:
        """Send ``reply``, after the time the scenario lets every answer take."""
        self.connection.pause(self.world.scenario.latency_ms / 1000)
        self.connection.send_reply(reply, keep_alive=self.request.keep_alive)

    def send_head(self, reply: Reply, content_length: int | None, framing: Mapping[str, str] | None = None) -> None:
        """Send the head of ``reply`` alone, the rest being out of order."""
        self.connection.send(reply.head(content_length=content_length, framing=framing))


Act = Callable[[Exchange], None]


def perform(exchange: Exchange) -> None:
    """Answer the request, or fail to, as the exchange's fault says."""
    _ACTS[exchange.fault.mode](exchange)


def _ok(exchange: Exchange) -> None:
    exchange.send(exchange.answer())


def _latency(exchange: Exchange) -> None:
    reply = exchange.answer()
    exchange.connection.pause(exchange.world.draw() * exchange.fault.effective_seconds)
    exchange.send(reply)


def _late_accept(exchange: Exchange) -> None:
    reply = exchange.answer()
    exchange.connection.pause(exchange.fault.effective_seconds)
    exchange.send(reply)


def _hang(exchange: Exchange) -> None:
    exchange.connection.wait_until_left()


def _slow_loris_headers(exchange: Exchange) -> None:
    reply = exchange.answer()
    _dribble(exchange, reply.head(content_length=len(reply.body)))
    exchange.connection.send(reply.body)


def _slow_body(exchange: Exchange) -> None:
    reply = exchange.answer()
    exchange.send_head(reply, len(reply.body))
    _dribble(exchange, reply.body)


def _dribble(exchange: Exchange, data: bytes) -> None:
    for index in range(len(data)):
        exchange.connection.send(data[index : index + 1])
        exchange.connection.pause(exchange.fault.effective_seconds)


def _reset_before_accept(exchange: Exchange) -> None:
    exchange.connection.reset()


def _reset_after_accept(exchange: Exchange) -> None:
    exchange.answer()
    exchange.connection.reset()


def _close_before_accept(exchange: Exchange) -> None:
    exchange.connection.close()


def _close_after_accept(exchange: Exchange) -> None:
    exchange.answer()
    exchange.connection.close()


def _half_close(exchange: Exchange) -> None:
    exchange.answer()
    exchange.connection.end_sending()
    exchange.connection.wait_until_left()


def _refuse(status: int) -> Act:
    def act(exchange: Exchange) -> None:
        reply = exchange.face.refuse(status)
        retry_after = exchange.fault.effective_retry_after
        if retry_after is not None:
            reply = replace(reply, headers={**reply.headers, "Retry-After": retry_after})
        exchange.send(reply)

    return act


def _accept_but(distort: Callable[[Exchange, Reply], Reply]) -> Act:
    """Return the act that does the work and then sends what ``distort`` makes of the answer."""

    def act(exchange: Exchange) -> None:
        exchange.send(distort(exchange, exchange.answer()))

    return act


def _foreign_id(exchange: Exchange, reply: Reply) -> Reply:
    accepted = exchange.world.accepted()
    if reply.message_id is None or len(accepted) < 2:
        return reply
    others = (message.id for message in reversed(accepted) if message.id != reply.message_id)
    other = next(others, reply.message_id)
    return replace(reply, body=reply.body.replace(reply.message_id.encode(), other.encode()))


def _redirect(status: int) -> Act:
    def act(exchange: Exchange) -> None:
        exchange.answer()
        here = f"/{exchange.prefix}{exchange.request.target}"
        location = here if status == 307 else exchange.fault.location
        exchange.send(Reply(status, headers={"Location": location}))

    return act


def _invalid_utf8(_exchange: Exchange, reply: Reply) -> Reply:
    return replace(reply, body=b'{"note":"\xff\xfe\xc3(",' + reply.body[1:])


def _truncated(exchange: Exchange) -> None:
    reply = exchange.answer()
    exchange.send_head(reply, len(reply.body))
    exchange.connection.send(reply.body[: len(reply.body) // 2])
    exchange.connection.close()


def _huge_body(exchange: Exchange) -> None:
    exchange.send_head(exchange.answer(), None, {"Connection": "close"})
    exchange.connection.send(b'{"body":"')
    block = b"x" * MEGABYTE
    for _ in range(HUGE_BODY_BYTES // MEGABYTE):
        exchange.connection.send(block)
    exchange.connection.send(b'"}')
    exchange.connection.close()


def _gzip_bomb(exchange: Exchange) -> None:
    bomb = _bomb()
    exchange.send_head(exchange.answer(), len(bomb), {"Content-Encoding": "gzip"})
    exchange.connection.send(bomb)


@functools.cache
def _bomb() -> bytes:
    compressor = zlib.compressobj(wbits=31)
    block = b" " * MEGABYTE
    blocks = [compressor.compress(block) for _ in range(BOMB_BYTES // MEGABYTE)]
    return b"".join(blocks) + compressor.flush()


def _informational_flood(exchange: Exchange) -> None:
    exchange.answer()
    while True:  # until sending fails, because the client left or the sandbox stops
        exchange.connection.send(_INFORMATIONAL)
        exchange.connection.pause(0.01)


def _wrong_content_length(exchange: Exchange) -> None:
    reply = exchange.answer()
    exchange.send_head(reply, len(reply.body) // 2)
    exchange.connection.send(reply.body)


def _both_lengths(exchange: Exchange) -> None:
    reply = exchange.answer()
    exchange.send_head(reply, len(reply.body) // 2, {"Transfer-Encoding": "chunked"})
    exchange.connection.send(b"%x\r\n%b\r\n0\r\n\r\n" % (len(reply.body), reply.body))


def _show(view: Callable[[Fault], LookupView]) -> Act:
    def act(exchange: Exchange) -> None:
        exchange.send(exchange.answer(view(exchange.fault)))

    return act


_ACTS: Final[Mapping[FaultMode, Act]] = {
    FaultMode.OK: _ok,
    FaultMode.LATENCY: _latency,
    FaultMode.LATE_ACCEPT: _late_accept,
    FaultMode.HANG: _hang,
    FaultMode.SLOW_LORIS_HEADERS: _slow_loris_headers,
    FaultMode.SLOW_BODY: _slow_body,
    FaultMode.RESET_BEFORE_ACCEPT: _reset_before_accept,
    FaultMode.RESET_AFTER_ACCEPT: _reset_after_accept,
    FaultMode.CLOSE_BEFORE_ACCEPT: _close_before_accept,
    FaultMode.CLOSE_AFTER_ACCEPT: _close_after_accept,
    FaultMode.HALF_CLOSE: _half_close,
    FaultMode.TOO_MANY_REQUESTS: _refuse(429),
    FaultMode.TOO_MANY_REQUESTS_RETRY_AFTER: _refuse(429),
    FaultMode.TOO_MANY_REQUESTS_INSANE: _refuse(429),
    FaultMode.UNAVAILABLE_NOT_ACCEPTED: _refuse(503),
    FaultMode.UNAVAILABLE_ACCEPTED: _accept_but(lambda exchange, _reply: exchange.face.refuse(503)),
    FaultMode.SERVER_ERROR_ACCEPTED: _accept_but(lambda exchange, _reply: exchange.face.refuse(500)),
    FaultMode.BAD_GATEWAY_HTML: _accept_but(lambda _exchange, _reply: Reply(502, _HTML, _HTML_TYPE)),
    FaultMode.UNAUTHORIZED: _refuse(401),
    FaultMode.BAD_REQUEST: _refuse(400),
    FaultMode.CREATED_NOT_JSON: _accept_but(lambda _exchange, _reply: Reply(201, _HTML, _HTML_TYPE)),
    FaultMode.CREATED_EMPTY: _accept_but(lambda _exchange, _reply: Reply(201)),
    FaultMode.CREATED_EMPTY_OBJECT: _accept_but(lambda _exchange, _reply: Reply(201, b"{}")),
    FaultMode.CREATED_FOREIGN_ID: _accept_but(_foreign_id),
    FaultMode.CREATED_TRUNCATED: _truncated,
    FaultMode.HUGE_BODY: _huge_body,
    FaultMode.GZIP_BOMB: _gzip_bomb,
    FaultMode.MIXED_PARTS: _accept_but(lambda exchange, reply: exchange.face.mixed_parts(reply)),
    FaultMode.TEMPORARY_REDIRECT: _redirect(307),
    FaultMode.REDIRECT_OTHER_HOST: _redirect(302),
    FaultMode.INFORMATIONAL_FLOOD: _informational_flood,
    FaultMode.WRONG_CONTENT_LENGTH: _wrong_content_length,
    FaultMode.BOTH_CL_AND_TE: _both_lengths,
    FaultMode.INVALID_UTF8: _accept_but(_invalid_utf8),
    FaultMode.LOOKUP_DOWN: _refuse(503),
    FaultMode.LOOKUP_STALE: _show(lambda fault: LookupView(lag_seconds=fault.effective_seconds)),
    FaultMode.LOOKUP_MISSING_PAGE: _show(lambda _fault: LookupView(missing_page=True)),
    FaultMode.LOOKUP_FOREIGN_ROWS: _show(lambda _fault: LookupView(foreign_rows=True)),
}
