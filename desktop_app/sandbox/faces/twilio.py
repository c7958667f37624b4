"""Twilio, API 2010-04-01: sending, look-ups, balance, prices (providers.md 2.1), as its own Python SDK reads it."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from desktop_app.sandbox.counting import count_segments
from desktop_app.sandbox.faces import twilio_prices
from desktop_app.sandbox.faces.base import Backstage
from desktop_app.sandbox.faces.twilio_messages import (
    API_VERSION,
    ERRORS,
    WORDS,
    Listing,
    Moment,
    describe,
    with_foreign_rows,
    without_unsent,
)
from desktop_app.sandbox.faults import RequestKind
from desktop_app.sandbox.receipts import Receipt
from desktop_app.sandbox.wire import Reply, Request
from desktop_app.sandbox.world import AcceptedMessage, LookupView, Stage

NAME: Final = "twilio"
MAX_BODY_CHARACTERS: Final = 1600
MAX_VALIDITY_SECONDS: Final = 36000
_ACCOUNT: Final = rf"/{API_VERSION}/Accounts/(?P<account>[^/]+)"
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_SENDER: Final = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}")
_REFUSALS: Final = {
    400: (21610, "Attempt to send to unsubscribed recipient"),
    401: (20003, "Authenticate"),
    429: (20429, "Too Many Requests"),
    500: (20500, "An internal server error has occurred"),
    503: (20503, "Service is unavailable"),
}


@dataclass(frozen=True, slots=True)
class _Call:
    """A request with the right credentials, and what its path names."""

    request: Request
    account: str
    token: str
    name: str
    view: LookupView


class TwilioFace:
    """Twilio on the wire.

    Args:
        backstage: what all faces share.
    """

    def __init__(self, backstage: Backstage) -> None:
        self._world = backstage.world
        self._prices = backstage.prices
        self._receipts = backstage.receipts
        routes: tuple[tuple[str, str, Callable[[_Call], Reply]], ...] = (
            ("POST", rf"{_ACCOUNT}/Messages\.json", self._create),
            ("GET", rf"{_ACCOUNT}/Messages\.json", self._list),
            ("GET", rf"{_ACCOUNT}/Messages/(?P<name>[^/]+)\.json", self._fetch),
            ("GET", rf"{_ACCOUNT}/Balance\.json", self._balance),
            ("GET", r"/v1/Messaging/Countries", self._countries),
            ("GET", r"/v1/Messaging/Countries/(?P<name>[^/]+)", self._country),
        )
        self._routes = tuple((method, re.compile(pattern), handler) for method, pattern, handler in routes)

    def kind_of(self, request: Request) -> RequestKind:
        """Return what ``request`` asks for."""
        if not request.path.startswith(f"/{API_VERSION}/") or "/Messages" not in request.path:
            return RequestKind.ACCOUNT
        return RequestKind.SEND if request.method == "POST" else RequestKind.LOOKUP

    def answer(self, request: Request, view: LookupView) -> Reply:
        """Do what ``request`` asks, if its credentials allow it."""
        for method, pattern, handler in self._routes:
            matched = pattern.fullmatch(request.path)
            if matched is None or method != request.method:
                continue
            named = matched.groupdict()
            credentials = request.basic_credentials()
            if credentials is None or not self._may_enter(*credentials, named.get("account")):
                return self.refuse(401)
            account = named.get("account") or credentials[0]
            return handler(_Call(request, account, credentials[1], named.get("name") or "", view))
        return _error(404, 20404, f"The requested resource {request.path} was not found")

    def refuse(self, status: int) -> Reply:
        """Return Twilio's own words for ``status``."""
        reply = _error(status, *_REFUSALS[status])
        return replace(reply, headers={"WWW-Authenticate": 'Basic realm="Twilio API"'}) if status == 401 else reply

    def mixed_parts(self, answer: Reply) -> Reply:
        """Return a list where one message should be: Twilio has no parts, so this is merely odd."""
        return replace(answer, status=200, body=b'{"messages":[' + answer.body + b',{"status":"failed"}]}')

    def _may_enter(self, user: str, password: str, account: str | None) -> bool:
        known = self._world.scenario.credentials.get(NAME)
        if known is not None and known != (user, password):
            return False
        return account is None or account == user or user.startswith("SK")  # an API key stands for its account

    def _create(self, call: _Call) -> Reply:
        form = call.request.form()
        refusal = _refusal_of(form)
        if refusal is not None:
            return refusal
        message = self._world.accept(
            provider=NAME,
            account=call.account,
            message_id=f"SM{secrets.token_hex(16)}",
            to=form["To"],
            sender=form["From"],
            body=form["Body"],
            segments=count_segments(form["Body"]),
        )
        if form.get("StatusCallback"):
            self._schedule_receipts(message, form["StatusCallback"], call.token)
        # A create is answered "queued", however short the scenario's delivery is.
        reply = Reply.of(describe(message, self._moment(), Stage.QUEUED), 201)
        return replace(reply, message_id=message.id)

    def _list(self, call: _Call) -> Reply:
        listing, now = Listing.of(call.request.fields()), self._world.clock()
        to = listing.fields.get("To")
        messages = without_unsent(self._world.newest_first(NAME, call.account, to, call.view), listing, now)
        if call.view.foreign_rows:
            messages = with_foreign_rows(messages, call.account, to, now)
        selected = listing.select(messages, missing_page=call.view.missing_page)
        return Reply.of(listing.document(call.account, selected, self._moment()))

    def _fetch(self, call: _Call) -> Reply:
        message = self._world.find(NAME, call.account, call.name, call.view)
        if message is None:
            return _error(404, 20404, f"The requested resource {call.request.path} was not found")
        moment = self._moment()
        return Reply.of(describe(message, moment, message.stage(moment.now)))

    def _balance(self, call: _Call) -> Reply:
        scenario = self._world.scenario
        document = {"account_sid": call.account, "balance": scenario.balance, "currency": scenario.currency}
        return Reply.of(document)

    def _countries(self, call: _Call) -> Reply:
        return twilio_prices.countries_page(call.request, _origin(call.request), self._prices)

    def _country(self, call: _Call) -> Reply:
        country = self._prices.countries.get(call.name.upper())
        if country is None:
            return _error(404, 20404, f"The requested resource {call.request.path} was not found")
        return twilio_prices.country_page(country, _origin(call.request), self._world.scenario)

    def _moment(self) -> Moment:
        return Moment(self._world.clock(), self._world.scenario, self._prices)

    def _schedule_receipts(self, message: AcceptedMessage, url: str, token: str) -> None:
        stages = [(message.sent_at, Stage.SENT)]
        if message.outcome is not Stage.SENT:
            stages.append((message.final_at, message.outcome))
        for due_at, stage in stages:
            fields = _receipt_fields(message, stage)
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": sign(token, url, fields),
            }
            self._receipts.schedule(Receipt(due_at, url, headers, urlencode(fields).encode()))


def sign(token: str, url: str, fields: Mapping[str, str]) -> str:
    """Return the X-Twilio-Signature of a form posted to ``url``: HMAC-SHA1 over the URL and the sorted fields."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def _receipt_fields(message: AcceptedMessage, stage: Stage) -> dict[str, str]:
    fields = {
        "AccountSid": message.account,
        "ApiVersion": API_VERSION,
        "From": message.sender,
        "MessageSid": message.id,
        "MessageStatus": WORDS[stage],
        "SmsSid": message.id,
        "SmsStatus": WORDS[stage],
        "To": message.to,
    }
    if stage in ERRORS:
        fields["ErrorCode"] = str(ERRORS[stage][0])
    return fields


def _refusal_of(form: Mapping[str, str]) -> Reply | None:
    """Return why Twilio does not take the message in ``form``, None when it does."""
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    validity = form.get("ValidityPeriod", "1")
    checks = (
        (not to, 21604, "A 'To' phone number is required."),
        (not _NUMBER.fullmatch(to), 21211, f"Invalid 'To' Phone Number: {to[:-4]}XXXX"),
        (not sender, 21603, "A 'From' phone number is required."),
        (not _SENDER.fullmatch(sender), 21212, f"Invalid From Number (caller ID): {sender}"),
        (not body, 21602, "Message body is required."),
        (len(body) > MAX_BODY_CHARACTERS, 21617, "The concatenated message body exceeds the 1600 character limit"),
        (not _is_validity(validity), 20422, "Invalid Parameter: ValidityPeriod"),
    )
    return next((_error(400, code, text) for wrong, code, text in checks if wrong), None)


def _is_validity(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= MAX_VALIDITY_SECONDS


def _origin(request: Request) -> str:
    return f"http://{request.headers.get('host', '127.0.0.1')}/{NAME}"


def _error(status: int, code: int, message: str) -> Reply:
    more_info = f"https://www.twilio.com/docs/errors/{code}"
    return Reply.of({"code": code, "message": message, "more_info": more_info, "status": status}, status)
