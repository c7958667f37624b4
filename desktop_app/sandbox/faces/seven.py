"""seven.io: sending to one or many, statuses, journal, balance, prices (providers.md 2.3), as its clients read them.

Its oddities are kept: errors are bare codes with status 200, numbers come without "+", times without a zone, and the same text
to the same number is refused for three minutes.
"""

import hashlib
import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from desktop_app.domain.number_plans import identify
from desktop_app.sandbox.counting import count_segments
from desktop_app.sandbox.faces.base import Backstage
from desktop_app.sandbox.faces.seven_records import (
    NAME,
    as_numbers,
    international,
    journal_rows,
    message_row,
    pricing,
    refused_row,
    status_rows,
)
from desktop_app.sandbox.faults import RequestKind
from desktop_app.sandbox.wire import Reply, Request
from desktop_app.sandbox.world import WHOLE_TRUTH, AcceptedMessage, LookupView

MAX_TEXT_CHARACTERS: Final = 1520
RELOAD_LOCK: Final = timedelta(seconds=180)
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_SENDER: Final = re.compile(r"\+?[0-9]{1,16}|[A-Za-z0-9/ .@_!()+$,&-]{1,11}")
_LABEL: Final = re.compile(r"[A-Za-z0-9._@-]{0,64}")


@dataclass(frozen=True, slots=True)
class _Call:
    """A request with the right key; ``account`` stands for the key."""

    request: Request
    account: str
    view: LookupView


class SevenFace:
    """seven.io on the wire.

    Args:
        backstage: what all faces share.
    """

    def __init__(self, backstage: Backstage) -> None:
        self._world = backstage.world
        self._prices = backstage.prices
        # Two requests with the same text at once: the lock lets one through.
        self._taking = threading.Lock()
        self._labels: dict[str, str] = {}
        self._routes: Mapping[tuple[str, str], Callable[[_Call], Reply]] = {
            ("POST", "/sms"): self._send,
            ("GET", "/status"): self._status,
            ("GET", "/journal/outbound"): self._journal,
            ("GET", "/balance"): self._balance,
            ("GET", "/pricing"): self._pricing,
        }

    def kind_of(self, request: Request) -> RequestKind:
        """Return what ``request`` asks for."""
        if request.path == "/sms":
            return RequestKind.SEND
        return RequestKind.LOOKUP if request.path in ("/status", "/journal/outbound") else RequestKind.ACCOUNT

    def answer(self, request: Request, view: LookupView) -> Reply:
        """Do what ``request`` asks, if its key allows it."""
        handler = self._routes.get((request.method, request.path))
        if handler is None:
            return Reply(404, b"<html><body>Not Found</body></html>", "text/html; charset=utf-8")
        key = request.headers.get("x-api-key", "")
        known = self._world.scenario.credentials.get(NAME)
        if not key or (known is not None and known[1] != key):
            return Reply.of("900")
        return handler(_Call(request, hashlib.sha256(key.encode()).hexdigest()[:16], view))

    def refuse(self, status: int) -> Reply:
        """Return seven.io's own words for ``status``: a refusal comes with 200, the others from what stands before it."""
        code = {400: "202", 401: "900", 429: "403"}.get(status, "600")
        return Reply.of(code, 200 if status == 400 else status)

    def mixed_parts(self, answer: Reply) -> Reply:
        """Return ``answer`` with its first number a second time, refused: seven.io has no parts, so this is merely odd."""
        document = json.loads(answer.body, parse_float=str)
        rows = document.get("messages") if isinstance(document, dict) else None
        if rows is None:
            return replace(answer, body=b'{"messages":[' + answer.body + b"]}")
        rows.append({**rows[0], "id": None, "success": False, "error": "600", "error_text": "Carrier"})
        return replace(as_numbers(Reply.of(document)), message_id=answer.message_id)

    def _send(self, call: _Call) -> Reply:
        form = call.request.form()
        code = _refusal_of(form)
        if code:
            return Reply.of(code)
        numbers = [international(text) for text in form["to"].split(",")]
        taken = [self._take(call.account, number, form) for number in numbers]
        accepted = [one for one in taken if isinstance(one, AcceptedMessage)]
        refusals = [one for one in taken if isinstance(one, str)]
        if len(taken) == 1 and refusals:
            return Reply.of(int(refusals[0]))  # a number, where a refused key is a text
        rows = [self._row(number, one, form) for number, one in zip(numbers, taken, strict=True)]
        document = {
            "success": "100" if not refusals else "101" if accepted else refusals[0],
            "total_price": str(sum((self._price(one) for one in accepted), Decimal(0))),
            "balance": self._world.scenario.balance,
            "debug": "false",
            "sms_type": "direct",
            "messages": rows,
        }
        return replace(as_numbers(Reply.of(document)), message_id=accepted[0].id if accepted else None)

    def _take(self, account: str, number: str, form: Mapping[str, str]) -> AcceptedMessage | str:
        """Return the message to ``number``, or the code of why it is not sent."""
        if not _NUMBER.fullmatch(number) or self._segment_price(number) is None:
            return "202"
        with self._taking:
            if form.get("no_reload") not in ("1", "true") and self._was_sent(account, number, form["text"]):
                return "402"
            message = self._world.accept(
                provider=NAME,
                account=account,
                message_id=str(10**10 + secrets.randbelow(9 * 10**10)),
                to=number,
                sender=form.get("from") or "SMS",
                body=form["text"],
                segments=count_segments(form["text"]),
            )
            self._labels[message.id] = form.get("foreign_id", "")
        return message

    def _was_sent(self, account: str, number: str, text: str) -> bool:
        since = self._world.clock() - RELOAD_LOCK
        earlier = self._world.newest_first(NAME, account, number, WHOLE_TRUTH)
        return any(one.accepted_at > since and one.body == text for one in earlier)

    def _row(self, number: str, one: AcceptedMessage | str, form: Mapping[str, str]) -> dict[str, object]:
        if isinstance(one, str):
            return refused_row(number, form, one)
        return message_row(one, self._price(one))

    def _status(self, call: _Call) -> Reply:
        ids = [text for text in call.request.fields().get("msg_id", "").split(",") if text]
        found = [self._world.find(NAME, call.account, one, call.view) for one in ids]
        known = [message for message in found if message is not None]
        return Reply.of(status_rows(known, self._world.clock()) if known else "901")

    def _journal(self, call: _Call) -> Reply:
        fields = call.request.fields()
        to = international(fields["to"]) if fields.get("to") else None
        messages = self._world.newest_first(NAME, call.account, to, call.view)
        rows = journal_rows(messages, fields, self._world.clock(), call.view)
        return Reply.of([one.to_json(self._price_text(one.message), self._labels.get(one.message.id)) for one in rows])

    def _balance(self, call: _Call) -> Reply:
        scenario = self._world.scenario
        if "json" not in call.request.headers.get("accept", ""):
            return Reply(200, scenario.balance.encode(), "text/plain; charset=utf-8")
        return as_numbers(Reply.of({"amount": scenario.balance, "currency": scenario.currency}))

    def _pricing(self, call: _Call) -> Reply:
        wanted = call.request.fields().get("country", "").upper()
        countries = [one for one in self._prices.countries.values() if wanted in ("", one.iso)]
        return as_numbers(Reply.of(pricing(countries, self._world.scenario)))

    def _segment_price(self, number: str) -> Decimal | None:
        return self._prices.dearest(identify(number.removeprefix("+")).region or "", self._world.scenario)

    def _price(self, message: AcceptedMessage) -> Decimal:
        return (self._segment_price(message.to) or Decimal(0)) * message.segments

    def _price_text(self, message: AcceptedMessage) -> str:
        return f"{self._price(message):f}"


def _refusal_of(form: Mapping[str, str]) -> str:
    """Return the code of why seven.io does not look at the request in ``form``, "" when it does."""
    checks: Sequence[tuple[bool, str]] = (
        (not form.get("to"), "301"),
        (not form.get("text"), "305"),
        (len(form.get("text", "")) > MAX_TEXT_CHARACTERS, "401"),
        (bool(form.get("from")) and not _SENDER.fullmatch(form["from"]), "201"),
        (not _LABEL.fullmatch(form.get("foreign_id", "")), "201"),
    )
    return next((code for wrong, code in checks if wrong), "")
