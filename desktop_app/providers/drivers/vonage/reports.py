"""Records of Vonage's Reports API: what became of each segment, and the messages they belong to."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from desktop_app.domain.errors import ProviderAnswerError
from desktop_app.domain.language import tr
from desktop_app.domain.messages import MessageStatus
from desktop_app.providers.answers import read_code, read_currency, read_decimal, read_text
from desktop_app.providers.base import SentRecord, StatusReport

# The older form of 16 to 18 hexadecimal digits, and the newer UUID.
MESSAGE_ID: Final = re.compile(r"[0-9A-Fa-f]{16,18}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)

# "accepted" and "buffered" are words of the carrier that has it; "rejected" is the carrier's too, Vonage has charged it by then.
_STATUSES: Final[Mapping[str, MessageStatus]] = {
    "accepted": MessageStatus.SENT,
    "buffered": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "expired": MessageStatus.EXPIRED,
    "failed": MessageStatus.UNDELIVERED,
    "rejected": MessageStatus.UNDELIVERED,
    "deleted": MessageStatus.UNDELIVERED,
}


def report(row: Mapping[str, Any], known_as: str) -> StatusReport:
    """Return what a record says of the segment that we know as ``known_as``."""
    word = read_text(row.get("status"), 40).lower()
    price = read_decimal(row.get("total_price"))
    currency = None if price is None or price < 0 else read_currency(row.get("currency"))
    return StatusReport(
        provider_message_id=known_as,
        status=_STATUSES.get(word),
        provider_status=word,
        raw=json.dumps(row, default=str).encode("ascii"),
        error_code=read_code(row.get("error_code")).removeprefix("0"),
        cost=None if price is None or currency is None else format(price, "f"),
        currency=currency,
        segments=1,
    )


def messages(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield the records message by message: segments of a long one share our reference."""
    long: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        reference = read_text(row.get("client_ref"), 100)
        if row.get("concatenated") not in (True, "true"):
            yield [row]
        elif reference:  # a long message without our reference was not sent by us
            long[reference].append(row)
    yield from long.values()


def sent_record(segments: Sequence[Mapping[str, Any]], to: str, sender: str) -> SentRecord:
    """Return the message that these records are the segments of.

    Raises:
        ProviderAnswerError: one of them has no id or no date.
    """
    bodies = [read_text(row.get("message_body"), 4000) for row in segments]
    reports = [report(row, message_id(row)) for row in segments]
    return SentRecord(
        provider_message_id=reports[0].provider_message_id,
        to=to,
        sender=sender,
        # Whether each record has the whole text or its own part of it is not documented.
        text=bodies[0] if len(set(bodies)) == 1 else "".join(bodies),
        created_at=min(_received_at(row) for row in segments),
        report=reports[0],
        more=tuple(reports[1:]),
    )


def message_id(row: Mapping[str, Any]) -> str:
    """Return the id of a record's segment.

    Raises:
        ProviderAnswerError: it has none.
    """
    told = row.get("message_id")
    if not isinstance(told, str) or not MESSAGE_ID.fullmatch(told):
        raise _unusable_record()
    return told


def _received_at(row: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(read_text(row.get("date_received"), 40))
    except ValueError as error:
        raise _unusable_record() from error
    if moment.tzinfo is None:
        raise _unusable_record()
    return moment.astimezone(UTC)


def _unusable_record() -> ProviderAnswerError:
    return ProviderAnswerError(tr("Vonage's report contains a message without an id or a date."))


def number(row: Mapping[str, Any], name: str) -> str:
    """Return the number or sender ID in a record, without "+"."""
    return read_text(row.get(name), 40).removeprefix("+")
