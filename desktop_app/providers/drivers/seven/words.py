"""What seven.io's answers are made of: bare codes, rows, ids, numbers without "+", times without a zone."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from desktop_app.domain.errors import ProviderAnswerError
from desktop_app.domain.language import tr
from desktop_app.domain.messages import MessageStatus
from desktop_app.providers.answers import read_code, read_decimal, read_text
from desktop_app.providers.base import SentRecord, StatusReport

LABEL: Final = "seven.io"
MESSAGE_ID: Final = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
# The key is wrong, the request is not signed, the key may not send, this computer's address is not on the account's list.
NO_ENTRY: Final = frozenset({"900", "901", "902", "903"})
# How a look-up by id says that it knows none of them; the vendor's own clients disagree about the number.
NO_SUCH_ID: Final = frozenset({"400", "901"})
_NO_DIGIT: Final = re.compile(r"[^0-9]", re.ASCII)
_CLOCKS_APART: Final = timedelta(minutes=5)

# "" stands for a message on which the network has not reported yet.
_STATUSES: Final[Mapping[str, MessageStatus]] = {
    "": MessageStatus.ACCEPTED,
    "ACCEPTED": MessageStatus.ACCEPTED,
    "TRANSMITTED": MessageStatus.SENT,
    "BUFFERED": MessageStatus.SENT,
    "DELIVERED": MessageStatus.DELIVERED,
    "NOTDELIVERED": MessageStatus.UNDELIVERED,
    "FAILED": MessageStatus.UNDELIVERED,
    "EXPIRED": MessageStatus.EXPIRED,
    "REJECTED": MessageStatus.REJECTED,
}


def code_of(value: object) -> str:
    """Return the code that is the whole answer, or that an object holds instead of one, "" when there is none."""
    if isinstance(value, dict):
        return read_code(value.get("code")) or read_code(value.get("error_code"))
    return read_code(value)


def read_object(value: object) -> Mapping[str, Any]:
    """Return the object that an answer is.

    Raises:
        ProviderAnswerError: when it is a code or anything else.
    """
    if not isinstance(value, dict) or code_of(value):
        raise _unexpected(value)
    return value


def read_list(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list; its specification has lists in the list, its samples have not.

    Raises:
        ProviderAnswerError: when it is a code or anything else.
    """
    rows: list[Any] = []
    for entry in value if isinstance(value, list) else (None,):
        rows += entry if isinstance(entry, list) else [entry]
    if not all(isinstance(row, dict) for row in rows):
        raise _unexpected(value)
    return rows


def id_of(row: Mapping[str, Any]) -> str:
    """Return the id in a row, text or number, "" when there is none of the documented form."""
    value = row.get("id")
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else read_text(value, 40)
    return text if MESSAGE_ID.fullmatch(text) else ""


def charge_of(row: Mapping[str, Any], currency: str | None) -> tuple[str | None, str | None]:
    """Return cost and currency of a message with all its segments; a price whose currency is not known is no price."""
    price = read_decimal(row.get("price"))
    if price is None or price < 0 or currency is None:
        return None, None
    return format(price, "f"), currency


def report(row: Mapping[str, Any], word: object, currency: str | None) -> StatusReport:
    """Return what ``row`` says of the message whose id it has; ``word`` is the network's report."""
    told = read_text(word, 40)
    cost, unit = charge_of(row, currency)
    raw = json.dumps(row, default=str).encode("ascii")
    return StatusReport(id_of(row), _STATUSES.get(told.upper()), told, raw, cost=cost, currency=unit)


def sent_record(row: Mapping[str, Any], since: datetime, currency: str | None) -> SentRecord:
    """Return an entry of the journal; ``since`` is from when on it is of interest.

    Raises:
        ProviderAnswerError: it has no usable id or time.
    """
    sid, created_at = id_of(row), _moment(row.get("timestamp"), since)
    if not sid or created_at is None:
        raise ProviderAnswerError(tr("seven.io's journal contains a message without an id or a date."))
    return SentRecord(
        provider_message_id=sid,
        to="+" + digits(read_text(row.get("to"), 40)),
        sender=read_text(row.get("from"), 40),
        text=read_text(row.get("text"), 4000),
        created_at=created_at,
        report=report(row, row.get("dlr"), currency),
    )


def digits(number: str) -> str:
    """Return a number as seven.io writes it, whichever of the usual forms it has."""
    return _NO_DIGIT.sub("", number).removeprefix("00")


def _unexpected(value: object) -> ProviderAnswerError:
    code = code_of(value)
    if code:
        return ProviderAnswerError(tr("seven.io answered with the error code {code}.", code=code))
    return ProviderAnswerError(tr("The provider's answer is not readable."))


def _moment(value: object, since: datetime) -> datetime | None:
    """Return when a journal entry was made. It tells no time zone.

    It is taken for the time at the provider's seat, or for UTC where that would be before ``since`` and is not yet to come: an
    entry that may be the one that is looked for must never be passed over.
    """
    try:
        told = datetime.fromisoformat(read_text(value, 40))
    except ValueError:
        return None
    if told.tzinfo is not None:
        return told.astimezone(UTC)
    seat = ZoneInfo("Europe/Berlin")
    readings = [told.replace(tzinfo=seat, fold=fold).astimezone(UTC) for fold in (0, 1)] + [told.replace(tzinfo=UTC)]
    latest = datetime.now(UTC) + _CLOCKS_APART
    return next((one for one in readings if since <= one <= latest), readings[0])
