"""Reading what a provider answered, without trusting it (reliability.md 6.4).

Every driver reads its answers with these functions: they bound what is accepted and never pass a float, a duplicate key or a
character that a database refuses.
"""

import base64
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn

from desktop_app.domain.errors import ProviderAnswerError, ProviderAuthError, ProviderError
from desktop_app.domain.language import tr
from desktop_app.domain.money import CURRENCIES
from desktop_app.providers.base import HTTPFailure, HTTPReply, SendOutcome, SendResult

MAX_RETRY_AFTER_SECONDS: Final = 15 * 60.0
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:[eE][-+]?[0-9]{1,2})?", re.ASCII)
_CODE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_DELAY: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?", re.ASCII)
# U+0000 is refused by PostgreSQL, a lone surrogate by UTF-8 itself.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def read_document(reply: HTTPReply, provider: str, account_name: str) -> dict[str, Any]:
    """Return the JSON object of a good answer to a look-up.

    Args:
        reply: as the client brought it.
        provider: the provider's name, for the sentences.
        account_name: ours, likewise.

    Raises:
        ProviderAuthError: 401 or 403.
        ProviderError: 429 or 5xx; asking again later can help.
        ProviderAnswerError: any other status than 200, or no JSON object.
    """
    check_status(reply, provider, account_name)
    return read_json(reply.body)


def check_status(reply: HTTPReply, provider: str, account_name: str) -> None:
    """Make sure that an answer to a look-up came with status 200.

    Raises:
        ProviderAuthError, ProviderError, ProviderAnswerError: as ``read_document``.
    """
    if reply.status in (401, 403):
        raise ProviderAuthError(bad_credentials(provider, account_name))
    if reply.status == 429:
        raise ProviderError(slow_down(provider, account_name), retryable=True)
    if reply.status >= 500:
        sentence = tr("{provider} has a disturbance (answer {status}).", provider=provider, status=reply.status)
        raise ProviderError(sentence, retryable=True)
    if reply.status != 200:
        raise ProviderAnswerError(
            tr("{provider} gave an unexpected answer ({status}).", provider=provider, status=reply.status)
        )


def basic_auth(user: str, password: str) -> str:
    """Return the Authorization header of HTTP Basic (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def unanswered(failure: HTTPFailure) -> SendResult:
    """Return what a send without an answer proves: nothing once a byte of it has left."""
    return SendResult(SendOutcome.UNKNOWN if failure.sent else SendOutcome.NOT_SENT, detail=failure.detail)


def bad_credentials(provider: str, account_name: str) -> str:
    """Return the sentence for credentials that the provider refuses."""
    return tr(
        "{provider} does not accept the credentials of “{name}”. Check them in the provider's settings.",
        provider=provider,
        name=account_name,
    )


def slow_down(provider: str, account_name: str) -> str:
    """Return the sentence for a provider that throttles."""
    return tr("{provider} asks “{name}” to send fewer requests.", provider=provider, name=account_name)


def read_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object in ``body``, its decimal numbers as ``Decimal``.

    Raises:
        ProviderAnswerError: when it is not exactly one JSON object in UTF-8, repeats a key, contains NaN or Infinity, or is
            nested too deeply.
    """
    document = read_json_value(body)
    if not isinstance(document, dict):
        raise ProviderAnswerError(tr("The provider's answer is not readable."))
    return document


def read_json_value(body: bytes) -> object:
    """Return the JSON value in ``body``, object or not, its decimal numbers as ``Decimal``.

    Raises:
        ProviderAnswerError: as ``read_json``, but for the kind of value.
    """
    try:
        text = body.decode("utf-8")
        # What stands around an object is looked at only where there is something.
        value, end = _DECODER.raw_decode(text) if text[:1] == "{" else (_DECODER.decode(text), len(text))
        if text[end:].strip(" \t\n\r"):
            raise ValueError("more than one document")
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise ProviderAnswerError(tr("The provider's answer is not readable.")) from error
    return value


def read_decimal(value: object) -> Decimal | None:
    """Return the number in ``value`` (text or JSON number), or None when it is none or is absurdly long."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        text = str(value)
    except ValueError:  # an int of thousands of digits
        return None
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def read_text(value: object, limit: int) -> str:
    """Return the text in ``value``, at most ``limit`` characters and fit for storing; "" when it is no text."""
    return _UNSTORABLE.sub("\ufffd", value[:limit]) if isinstance(value, str) else ""


def read_currency(value: object) -> str | None:
    """Return the ISO 4217 code in ``value``, upper case, or None when it names no currency in circulation."""
    code = read_text(value, 4).upper()
    return code if code in CURRENCIES else None


def read_code(value: object) -> str:
    """Return the provider's error number in ``value`` (text or JSON number), "" when there is none."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
        return str(value)
    return value if isinstance(value, str) and _CODE.fullmatch(value) else ""


def read_mail_date(text: str) -> datetime | None:
    """Return the aware time in ``text``, written as in RFC 2822 or an HTTP date, or None when it is none."""
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.astimezone(UTC) if when.tzinfo is not None else when.replace(tzinfo=UTC)


def read_rows(document: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    """Return the list of objects under ``key``.

    Raises:
        ProviderAnswerError: when it is missing or anything else.
    """
    rows = document.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ProviderAnswerError(tr("The provider's answer lacks the list “{name}”.", name=key))
    return rows


def retry_after_seconds(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return how long the provider asks to wait: 0 to 900 seconds, or None when it does not say so in a usable way.

    Args:
        headers: names in lower case; ``retry-after`` holds seconds or an HTTP date (RFC 9110, 10.2.3).
        now: aware; the current time when left out.
    """
    text = headers.get("retry-after", "").strip()
    if _DELAY.fullmatch(text):
        return min(float(text), MAX_RETRY_AFTER_SECONDS)
    when = read_mail_date(text)
    if when is None:
        return None
    return min(max((when - (now or datetime.now(UTC))).total_seconds(), 0.0), MAX_RETRY_AFTER_SECONDS)


def bounded_wait(headers: Mapping[str, str], backoff_seconds: float) -> float:
    """Return how long to wait before asking again: what the provider asks for, at least the backoff, at most 15 minutes."""
    asked = retry_after_seconds(headers) or 0.0
    return min(max(asked, backoff_seconds if math.isfinite(backoff_seconds) else 0.0), MAX_RETRY_AFTER_SECONDS)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("duplicate key")
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name + " is no JSON")


# Made once: json.loads makes a decoder anew for every answer, which costs as much as reading a short one.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_without_duplicates, parse_float=Decimal, parse_constant=_refuse_constant
)
