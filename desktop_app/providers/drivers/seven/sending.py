"""What the answer to a send proves, by the classes of reliability.md 3.2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.domain.errors import ProviderAnswerError
from desktop_app.domain.language import later, say, tr
from desktop_app.providers.answers import (
    bad_credentials,
    read_code,
    read_json_value,
    read_text,
    retry_after_seconds,
    slow_down,
)
from desktop_app.providers.base import AcceptedPart, HTTPReply, OutgoingMessage, SendOutcome, SendResult
from desktop_app.providers.drivers.seven.words import LABEL, NO_ENTRY, charge_of, code_of, digits, id_of

# Refused before anything was sent, and refused again if repeated.
_REJECTED: Final[Mapping[str, str]] = {
    "201": later("the sender ID is not valid"),
    "202": later("the number is not valid"),
    "301": later("the number is missing"),
    "305": later("the text is missing"),
    "401": later("the text is too long"),
}
_REFUSED_AT_THE_DOOR: Final = frozenset({401, 403, 429})
_SAME_AGAIN: Final = "402"
_TOO_MANY: Final = "403"
_TOO_MANY_SECONDS: Final = 60.0
_NO_CREDIT: Final = "500"


@dataclass(frozen=True, slots=True)
class SendAnswer:
    """An answer to a send.

    Attributes:
        reply: as it came.
        account_name: ours, for the sentences.
        currency: of the account's money, None where it was not told yet.
    """

    reply: HTTPReply
    account_name: str
    currency: str | None

    def read(self, messages: Sequence[OutgoingMessage]) -> list[SendResult]:
        """Return what the answer proves of each message: it tells id, price or error by number."""
        try:
            answer = read_json_value(self.reply.body)
        except ProviderAnswerError:
            answer = None
        rows = _rows_by_number(answer)
        if not rows or self.reply.status in _REFUSED_AT_THE_DOOR:
            return [self._without_rows(answer)] * len(messages)
        if not 200 <= self.reply.status < 300:
            return [self._doubtful()] * len(messages)
        if isinstance(answer, dict) and str(answer.get("debug")).lower() == "true":
            detail = tr("seven.io took it as a test: the API key is one for tests, and nothing may have been sent.")
            return [SendResult(SendOutcome.UNKNOWN, detail=detail, pause_route=True)] * len(messages)
        return [self._of_number(rows.get(digits(one.to), ())) for one in messages]

    def _of_number(self, rows: Sequence[Mapping[str, Any]]) -> SendResult:
        """Return what is said of one number: exactly one row, which is either a success with an id or a refusal."""
        if len(rows) != 1:
            return self._doubtful()
        row = rows[0]
        sid, code = id_of(row), read_code(row.get("error"))
        if row.get("success") is True and sid and not row.get("error"):
            return SendResult(SendOutcome.ACCEPTED, parts=(AcceptedPart(sid, *charge_of(row, self.currency)),))
        if row.get("success") is False and not row.get("id"):
            return self._of_code(code, read_text(row.get("error_text"), 200))
        return self._doubtful(code)

    def _without_rows(self, answer: object) -> SendResult:
        """Return what an answer without a word about any number says."""
        status = self.reply.status
        if status == 429:
            return self._slow_down("", None)
        if status in (401, 403):
            return self._no_entry("")
        code = code_of(answer)
        if not code and isinstance(answer, dict):
            code = read_code(answer.get("success"))
        if 200 <= status < 300 or (400 <= status < 500 and status != 408):
            return self._of_code(code)
        return self._doubtful(code)

    def _of_code(self, code: str, reason: str = "") -> SendResult:
        if code in _REJECTED:
            detail = tr("seven.io refused it: {reason}", reason=reason or say(_REJECTED[code]))
            return SendResult(SendOutcome.REJECTED, code=code, detail=detail)
        if code == _SAME_AGAIN:
            # It may be this very message that was sent, and its answer lost: a look-up decides, not this refusal.
            detail = tr("seven.io sent the same text to this number within the last three minutes.")
            return SendResult(SendOutcome.UNKNOWN, code=code, detail=detail)
        if code == _TOO_MANY:
            return self._slow_down(code, _TOO_MANY_SECONDS)
        if code == _NO_CREDIT:
            detail = tr("The account “{name}” has no credit left at seven.io.", name=self.account_name)
            return SendResult(SendOutcome.NOT_SENT, code=code, detail=detail, pause_route=True)
        return self._no_entry(code) if code in NO_ENTRY else self._doubtful(code)

    def _slow_down(self, code: str, usual_seconds: float | None) -> SendResult:
        asked = retry_after_seconds(self.reply.headers)
        wait = usual_seconds if asked is None else asked
        detail = slow_down(LABEL, self.account_name)
        return SendResult(SendOutcome.NOT_SENT, code=code, detail=detail, retry_after_seconds=wait)

    def _no_entry(self, code: str) -> SendResult:
        detail = bad_credentials(LABEL, self.account_name)
        return SendResult(SendOutcome.NOT_SENT, code=code, detail=detail, pause_route=True)

    def _doubtful(self, code: str = "") -> SendResult:
        status = self.reply.status
        detail = tr("seven.io's answer ({status}) does not tell whether the message was accepted.", status=status)
        return SendResult(SendOutcome.UNKNOWN, code=code, detail=detail)


def _rows_by_number(answer: object) -> dict[str, list[Mapping[str, Any]]]:
    rows = answer.get("messages") if isinstance(answer, dict) else None
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            found.setdefault(digits(read_text(row.get("recipient"), 40)), []).append(row)
    return found
