"""Vonage: SMS API, balance, prices and Reports API (providers.md 2.2), as its own Python SDK reads them."""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from desktop_app.domain.number_plans import identify
from desktop_app.sandbox.counting import count_segments
from desktop_app.sandbox.faces import vonage_prices, vonage_reports
from desktop_app.sandbox.faces.base import Backstage
from desktop_app.sandbox.faults import RequestKind
from desktop_app.sandbox.receipts import Receipt
from desktop_app.sandbox.wire import Reply, Request
from desktop_app.sandbox.world import AcceptedMessage, LookupView, Stage

NAME: Final = "vonage"
MAX_TEXT_CHARACTERS: Final = 3200
_SEND: Final = "/sms/json"
_REPORTS: Final = "/v2/reports/records"
_NUMBER: Final = re.compile(r"[1-9][0-9]{6,14}")
_SENDER: Final = re.compile(r"[0-9]{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_ERRORS: Final = {
    401: "authentication failed",
    429: "too many requests",
    500: "internal error",
    503: "service unavailable",
}


@dataclass(frozen=True, slots=True)
class _Call:
    """A request with the right credentials."""

    request: Request
    account: str
    view: LookupView


class VonageFace:
    """Vonage on the wire.

    Args:
        backstage: what all faces share.
    """

    def __init__(self, backstage: Backstage) -> None:
        self._world = backstage.world
        self._prices = backstage.prices
        self._receipts = backstage.receipts
        self._routes: Mapping[tuple[str, str], Callable[[_Call], Reply]] = {
            ("POST", _SEND): self._send,
            ("GET", _REPORTS): self._report,
            ("GET", "/account/get-balance"): self._balance,
            ("GET", "/account/get-full-pricing/outbound/sms"): self._price_table,
            ("GET", "/account/get-pricing/outbound/sms"): self._country,
        }

    def kind_of(self, request: Request) -> RequestKind:
        """Return what ``request`` asks for."""
        if request.path == _SEND:
            return RequestKind.SEND
        return RequestKind.LOOKUP if request.path == _REPORTS else RequestKind.ACCOUNT

    def answer(self, request: Request, view: LookupView) -> Reply:
        """Do what ``request`` asks, if its credentials allow it; the SMS API refuses with HTTP 200."""
        handler = self._routes.get((request.method, request.path))
        if handler is None:
            return _error(404, "not found")
        account = self._account(request)
        if account is None:
            return _refused("4", "Bad Credentials") if request.path == _SEND else self.refuse(401)
        return handler(_Call(request, account, view))

    def refuse(self, status: int) -> Reply:
        """Return Vonage's own words for ``status``: a refused or throttled message is told with HTTP 200."""
        if status == 400:
            return _refused("7", "Number barred")
        if status == 429:
            return _refused("1", "Throughput Rate Exceeded - please wait and retry")
        return _error(status, _ERRORS[status])

    def mixed_parts(self, answer: Reply) -> Reply:
        """Return ``answer`` as if one more segment had been refused; anything but a send merely becomes odd."""
        document = json.loads(answer.body)
        rows = [*document.get("messages", ()), {"status": "5", "error-text": "Internal Error"}]
        document = {"message-count": str(len(rows)), "messages": rows}
        return replace(Reply.of(document), message_id=answer.message_id)

    def _account(self, request: Request) -> str | None:
        """Return the API key of a request, None when it may not enter. The key may stand in the header or among the fields."""
        fields = {**request.fields(), **(request.form() if request.method == "POST" else {})}
        pair = request.basic_credentials() or (fields.get("api_key", ""), fields.get("api_secret", ""))
        known = self._world.scenario.credentials.get(NAME)
        return pair[0] if all(pair) and known in (None, pair) else None

    def _send(self, call: _Call) -> Reply:
        form = call.request.form()
        refusal = _refusal_of(form)
        if refusal is None and Decimal(self._world.scenario.balance) <= 0:
            refusal = _refused("9", "Quota Exceeded - rejected")
        if refusal is not None:
            return refusal
        message = self._world.accept(
            provider=NAME,
            account=call.account,
            message_id=vonage_reports.part_id(secrets.token_hex(7).upper(), 1),
            to="+" + form["to"],
            sender=form["from"],
            body=form["text"] if form.get("type") == "unicode" else _in_gsm(form["text"]),
            segments=count_segments(form["text"]),
            reference=form.get("client-ref", ""),
        )
        if form.get("callback") and form.get("status-report-req") not in (None, "0", "false"):
            self._schedule_receipts(message, form["callback"])
        price = self._price(message)
        rows = [
            {
                "to": form["to"],
                "message-id": message_id,
                "status": "0",
                "remaining-balance": self._world.scenario.balance,
                "message-price": price,
                "network": vonage_prices.network_of(form["to"], _region(form["to"])) or "00000",
                **({"client-ref": message.reference} if message.reference else {}),
            }
            for message_id in vonage_reports.part_ids(message)
        ]
        reply = Reply.of({"message-count": str(len(rows)), "messages": rows})
        return replace(reply, message_id=message.id)

    def _report(self, call: _Call) -> Reply:
        return vonage_reports.records_page(call.request.fields(), call.account, call.view, self._world, self._price)

    def _balance(self, call: _Call) -> Reply:  # noqa: ARG002 - one shape for all handlers
        # Digit for digit: no float in between.
        return Reply(200, b'{"value":%s,"autoReload":false}' % self._world.scenario.balance.encode())

    def _price_table(self, call: _Call) -> Reply:  # noqa: ARG002 - as above
        return Reply.of(vonage_prices.price_table(self._prices, self._world.scenario))

    def _country(self, call: _Call) -> Reply:
        country = self._prices.countries.get(call.request.fields().get("country", "").upper())
        if country is None:
            return _error(404, "country not found")
        return Reply.of(vonage_prices.country_row(country, self._world.scenario))

    def _price(self, message: AcceptedMessage) -> str:
        """Return what one segment of ``message`` costs, with the eight decimals Vonage writes."""
        number = message.to.removeprefix("+")
        price = vonage_prices.price_of(number, _region(number), self._prices, self._world.scenario)
        return f"{price or Decimal(0):.8f}"

    def _schedule_receipts(self, message: AcceptedMessage, url: str) -> None:
        """Post a receipt for each segment, for each stage."""
        stages = [(message.sent_at, Stage.SENT)]
        if message.outcome is not Stage.SENT:
            stages.append((message.final_at, message.outcome))
        for due_at, stage in stages:
            for message_id in vonage_reports.part_ids(message):
                fields = {
                    "msisdn": message.to.removeprefix("+"),
                    "to": message.sender,
                    "network-code": "00000",
                    "messageId": message_id,
                    "price": self._price(message),
                    "status": vonage_reports.WORDS[stage],
                    "scts": f"{due_at:%y%m%d%H%M}",
                    "err-code": vonage_reports.CODES[stage],
                    "client-ref": message.reference,
                }
                headers = {"Content-Type": "application/x-www-form-urlencoded"}
                self._receipts.schedule(Receipt(due_at, url, headers, urlencode(fields).encode()))


def _refusal_of(form: Mapping[str, str]) -> Reply | None:
    """Return why Vonage does not take the message in ``form``, None when it does."""
    to, sender, text = form.get("to", ""), form.get("from", ""), form.get("text", "")
    checks = (
        (not to, "2", "Missing to param"),
        (not sender, "2", "Missing from param"),
        (not text, "2", "Missing text param"),
        (not _NUMBER.fullmatch(to), "6", "Unroutable message - rejected"),
        (not _SENDER.fullmatch(sender), "15", "Illegal Sender Address - rejected"),
        (len(text) > MAX_TEXT_CHARACTERS, "12", "Message too long"),
        (form.get("type", "text") not in ("text", "unicode"), "3", "Invalid value for param: type"),
        (len(form.get("client-ref", "")) > 100, "3", "Invalid value for param: client-ref"),
    )
    return next((_refused(code, text) for wrong, code, text in checks if wrong), None)


def _in_gsm(text: str) -> str:
    """Return what arrives of ``text`` without type=unicode: one "?" for each letter outside GSM-7."""
    return "".join(letter if count_segments(letter * 80) == 1 else "?" for letter in text)


def _region(number: str) -> str:
    return identify(number).region or ""


def _refused(code: str, text: str) -> Reply:
    return Reply.of({"message-count": "1", "messages": [{"status": code, "error-text": text}]})


def _error(status: int, label: str) -> Reply:
    return Reply.of({"error-code": str(status), "error-code-label": label}, status)
