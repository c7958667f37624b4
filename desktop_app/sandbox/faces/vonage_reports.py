"""Vonage's Reports API (/v2/reports/records): a record for each segment, by ids or by time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from desktop_app.domain.number_plans import identify
from desktop_app.sandbox.wire import Reply
from desktop_app.sandbox.world import AcceptedMessage, LookupView, Stage, World

PAGE_ROWS: Final = 1000
_LONGEST: Final = timedelta(hours=24)
WORDS: Final = {
    Stage.QUEUED: "unknown",
    Stage.SENT: "accepted",
    Stage.DELIVERED: "delivered",
    Stage.UNDELIVERED: "failed",
    Stage.EXPIRED: "expired",
}
CODES: Final = {
    Stage.QUEUED: "0",
    Stage.SENT: "0",
    Stage.DELIVERED: "0",
    Stage.UNDELIVERED: "6",
    Stage.EXPIRED: "99",
}
_Price = Callable[[AcceptedMessage], str]


def part_id(base: str, n: int) -> str:
    """Return the id of the ``n``-th segment of a message whose ids begin with ``base``, 14 hexadecimal digits."""
    return f"{base}{n:02X}"


def part_ids(message: AcceptedMessage) -> list[str]:
    """Return the ids of all segments; that of the message itself is the first."""
    return [part_id(message.id[:-2], n) for n in range(1, message.segments + 1)]


def records_page(fields: Mapping[str, str], account: str, view: LookupView, world: World, price: _Price) -> Reply:
    """Return one page of the records that the query ``fields`` ask for."""
    if fields.get("product") != "SMS" or fields.get("direction") != "outbound":
        return _invalid("product")
    if fields.get("account_id") != account:
        return Reply.of({"title": "Forbidden", "detail": "User not authorized to query the requested data"}, 403)
    if "id" in fields:
        found = _by_ids(fields["id"].split(","), account, view, world)
        return _page(fields, [_record(*one, fields, world, price) for one in found])
    try:
        start, end = (datetime.fromisoformat(fields[name]) for name in ("date_start", "date_end"))
    except (KeyError, ValueError):
        return _invalid("date_start")
    if end - start > _LONGEST:
        return _invalid("date_end")
    to = fields.get("to")
    messages = world.newest_first("vonage", account, None if to is None else "+" + to, view)
    mine: Iterator[AcceptedMessage] = (one for one in messages if start <= one.accepted_at < end)
    if view.foreign_rows:
        mine = _with_foreign_rows(mine, to, world.clock())
    rows = [_record(message, message_id, fields, world, price) for message in mine for message_id in part_ids(message)]
    return _page(fields, rows[PAGE_ROWS:] if view.missing_page else rows)


def _by_ids(
    asked: Iterable[str], account: str, view: LookupView, world: World
) -> Iterator[tuple[AcceptedMessage, str]]:
    for message_id in asked:
        message = world.find("vonage", account, part_id(message_id[:-2], 1), view)
        if message is not None and message_id in part_ids(message):
            yield message, message_id


def _record(
    message: AcceptedMessage, message_id: str, fields: Mapping[str, str], world: World, price: _Price
) -> dict[str, object]:
    stage = message.stage(world.clock())
    record: dict[str, object] = {
        "account_id": message.account,
        "message_id": message_id,
        "client_ref": message.reference,
        "direction": "outbound",
        "from": message.sender,
        "to": message.to.removeprefix("+"),
        "country": identify(message.to.removeprefix("+")).region or "",
        "date_received": f"{message.accepted_at:%Y-%m-%dT%H:%M:%S}+0000",
        "status": WORDS[stage],
        "error_code": CODES[stage],
        "currency": world.scenario.currency,
        "total_price": price(message),
        "concatenated": message.segments > 1,
    }
    if fields.get("include_message") == "true":
        record["message_body"] = message.body
    return record


def _with_foreign_rows(messages: Iterable[AcceptedMessage], to: str | None, now: datetime) -> Iterator[AcceptedMessage]:
    """Yield somebody else's messages first: another number, another sender."""
    rows = list(messages)
    model = rows[0] if rows else AcceptedMessage("vonage", "", "", "+" + (to or "0"), "", "", 1, now, now, now)
    yield replace(model, id=part_id("F0E1D2C3B4A596", 1), to=model.to[:-1] + ("1" if model.to[-1] != "1" else "2"))
    yield replace(model, id=part_id("F0E1D2C3B4A597", 1), sender="SOMEBODY")
    yield from rows


def _page(fields: Mapping[str, str], rows: list[dict[str, object]]) -> Reply:
    cursor = fields.get("cursor", "0")
    start = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 10 else 0
    shown = rows[start : start + PAGE_ROWS]
    links = {"self": {"href": _link(fields, start)}}
    if start + PAGE_ROWS < len(rows):
        links["next"] = {"href": _link(fields, start + PAGE_ROWS)}
    return Reply.of(
        {
            "_links": links,
            "request_id": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
            "request_status": "SUCCESS",
            "product": "SMS",
            "items_count": len(shown),
            "records": shown,
        }
    )


def _link(fields: Mapping[str, str], start: int) -> str:
    return f"/v2/reports/records?{urlencode({**fields, 'cursor': start})}"


def _invalid(name: str) -> Reply:
    parameters = [{"name": name, "reason": "Missing or invalid parameter"}]
    return Reply.of({"title": "Unprocessable entity", "invalid_parameters": parameters}, 422)
