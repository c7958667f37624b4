"""Twilio Programmable Messaging (API 2010-04-01) and Messaging prices (v1); providers.md 2.1.

Twilio has no idempotency key for messages, so a send whose outcome is unknown is only ever looked up, never repeated.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from desktop_app.domain.errors import InvalidInput, ProviderAnswerError, ProviderAuthError
from desktop_app.domain.language import tr
from desktop_app.domain.messages import MessageStatus
from desktop_app.providers.answers import (
    bad_credentials,
    basic_auth,
    read_code,
    read_currency,
    read_decimal,
    read_document,
    read_json,
    read_mail_date,
    read_rows,
    read_text,
    retry_after_seconds,
    slow_down,
    unanswered,
)
from desktop_app.providers.base import (
    AcceptedPart,
    AccountField,
    Balance,
    Capabilities,
    Cost,
    CountryCosts,
    Driver,
    Fetch,
    HTTPFailure,
    HTTPReply,
    HTTPRequest,
    HTTPResult,
    OutgoingMessage,
    ProviderAccount,
    SendOutcome,
    SendResult,
    SentRecord,
    StatusReport,
)
from desktop_app.providers.costs import dearest, join_mccmnc, read_country, read_price
from desktop_app.providers.hosts import is_sandbox
from desktop_app.providers.lookups import in_order
from desktop_app.providers.paging import read_pages

LABEL: Final = "Twilio"
FIELDS: Final = (
    AccountField(
        "account_sid", "Account SID", example=f"AC{'0123456789abcdef' * 2}",
        hint=lambda: tr("In the Twilio Console, under Account Info. Begins with AC."),
    ),
    AccountField(
        "secret", "Auth Token", secret=True, hint=lambda: tr("In the Twilio Console, below the Account SID.")
    ),
)  # fmt: skip
DEFAULT_BASE_URL: Final = "https://api.twilio.com"
HOST_SUFFIXES: Final = ("twilio.com",)
_PRICES_URL: Final = "https://pricing.twilio.com"

_BARE_NUMBER: Final = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)
_ACCOUNT_SID: Final = re.compile(r"AC[0-9a-fA-F]{32}", re.ASCII)
_MESSAGE_SID: Final = re.compile(r"(?:SM|MM)[0-9a-f]{32}", re.ASCII)
_SEGMENTS: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_PAGE_ROWS: Final = 1000

# Error and warning dictionary, twilio.com/docs/api/errors: refused before a message was made, and refused again if repeated.
_REJECTED_CODES: Final = """
21211 21212 21265 21266 21267 21401 21408 21601 21602 21603 21604 21605 21606 21608 21609 21610 21612 21614 21617 21619 21635
21658 21659 21660 21661
"""
_REJECTED: Final = frozenset(_REJECTED_CODES.split())
_BAD_CREDENTIALS: Final = "20003"
_TOO_MANY_REQUESTS: Final = "20429"
_QUEUE_FULL: Final = "21611"
# The sender's queue holds hours of messages; asking again sooner only costs requests.
_QUEUE_FULL_SECONDS: Final = 60.0
_VALIDITY_EXPIRED: Final = "30036"

# "canceled" is final and means that Twilio will never send it. "partially_delivered" proves that something was sent and no more.
_STATUSES: Final[Mapping[str, MessageStatus]] = {
    "accepted": MessageStatus.ACCEPTED,
    "scheduled": MessageStatus.ACCEPTED,
    "queued": MessageStatus.ACCEPTED,
    "sending": MessageStatus.ACCEPTED,
    "sent": MessageStatus.SENT,
    "partially_delivered": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.DELIVERED,
    "undelivered": MessageStatus.UNDELIVERED,
    "failed": MessageStatus.UNDELIVERED,
    "canceled": MessageStatus.REJECTED,
}


def check_settings(settings: Mapping[str, str]) -> None:
    """Check the account's fields that are no secrets.

    Raises:
        InvalidInput: when the account SID is not "AC" and 32 hexadecimal digits.
    """
    if not _ACCOUNT_SID.fullmatch(settings.get("account_sid", "")):
        sentence = tr("The Account SID is “AC” followed by 32 letters a to f and digits.")
        raise InvalidInput(sentence, fields={"account_sid": sentence})


def roots(base_url: str) -> tuple[str, str]:
    """Return where messages and where prices are: two hosts at Twilio, the same address in the sandbox."""
    return base_url, base_url if is_sandbox(base_url) else _PRICES_URL


class TwilioProvider:
    """One Twilio account.

    Args:
        account: checked by the registry.
        fetch: carries the short calls.
    """

    capabilities = Capabilities(
        lists_costs=True,
        network_costs=True,
        max_recipients=1,
        max_text_length=1600,
        finds_sent=True,
    )

    def __init__(self, account: ProviderAccount, fetch: Fetch) -> None:
        self._name = account.name
        self._fetch = fetch
        self._root, self._prices_root = roots(account.base_url)
        sid = account.settings["account_sid"]
        self._account_url = f"{self._root}/2010-04-01/Accounts/{sid}"
        self._messages_url = self._account_url + "/Messages.json"
        self._headers = {"Authorization": basic_auth(sid, account.secret)}
        self._form_headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}

    def balance(self) -> Balance:
        """Return the balance; sub-accounts have none of their own at Twilio."""
        answer = self._get(self._account_url + "/Balance.json")
        amount, currency = read_decimal(answer.get("balance")), read_currency(answer.get("currency"))
        if amount is None or currency is None:
            raise ProviderAnswerError(tr("Twilio tells no balance for “{name}”.", name=self._name))
        return Balance(amount, currency)

    def list_costs(self, on_progress: Callable[[int, int, str], None]) -> Iterator[CountryCosts]:
        """Yield the costs of every country Twilio lists, about 230 calls, several at once."""
        countries = self._priced_countries()
        total = len(countries)
        on_progress(0, total, "")

        def report(done: int) -> None:
            on_progress(done, total, countries[done])

        with closing(in_order(self._country_costs, countries, while_waiting=report)) as answers:
            for done, costs in enumerate(answers, start=1):
                on_progress(done, total, costs.country)
                yield costs

    def build_send(self, message: OutgoingMessage) -> HTTPRequest:
        """Return the request; Twilio must not replace characters, since the text was counted and priced as it stands."""
        form = b"To=%s&%s" % (
            message.to.replace("+", "%2B").encode("ascii"),
            _shared_fields(message.sender, message.text),
        )
        if message.callback_url is not None:
            form += b"&" + urlencode({"StatusCallback": message.callback_url}).encode("ascii")
        return HTTPRequest("POST", self._messages_url, self._form_headers, form)

    def read_send(self, message: OutgoingMessage, result: HTTPResult) -> SendResult:  # noqa: ARG002 - the protocol's shape
        """Return what the answer proves, by the classes of reliability.md 3.2."""
        if isinstance(result, HTTPFailure):
            return unanswered(result)
        try:
            answer = read_json(result.body)
        except ProviderAnswerError:
            answer = {}
        if 200 <= result.status < 300:
            return _accepted(answer, result.status)
        if 400 <= result.status < 500 and result.status != 408:
            return self._refused(answer, result)
        return _doubtful(result.status)

    def fetch_statuses(self, provider_message_ids: Sequence[str]) -> Iterator[StatusReport]:
        """Yield the reports in the order of the ids; one unreadable answer is raised only after all others were yielded."""
        unreadable: ProviderAnswerError | None = None
        sids = [sid for sid in provider_message_ids if _MESSAGE_SID.fullmatch(sid)]
        with closing(in_order(self._status, sids)) as answers:
            for answer in answers:
                if isinstance(answer, StatusReport):
                    yield answer
                elif answer is not None:
                    unreadable = answer
        if unreadable is not None:
            raise unreadable

    def find_sent(self, to: str, sender: str, since: datetime) -> Iterator[SentRecord]:
        """Yield the matching messages of all pages.

        DateSent is not asked for: a message still in the queue has none and would be missing (reliability.md 3.4).
        """
        since = since.replace(microsecond=0)  # Twilio tells whole seconds
        sender = _from(sender)
        query = urlencode({"To": to, "From": sender, "PageSize": _PAGE_ROWS})
        seen: set[str] = set()
        for page in read_pages(self._get, self._root, f"{self._account_url}/Messages.json?{query}", _next_messages):
            for row in read_rows(page, "messages"):
                record = _sent_record(row)
                matches = (record.to, record.sender) == (to, sender) and record.created_at >= since
                if matches and record.provider_message_id not in seen:
                    seen.add(record.provider_message_id)
                    yield record

    def _refused(self, answer: Mapping[str, Any], reply: HTTPReply) -> SendResult:
        code = read_code(answer.get("code"))
        if code in _REJECTED:
            detail = tr("Twilio refused it: {reason}", reason=read_text(answer.get("message"), 200))
            return SendResult(SendOutcome.REJECTED, code=code, detail=detail)
        if code == _QUEUE_FULL:
            asked = retry_after_seconds(reply.headers)
            return SendResult(
                SendOutcome.NOT_SENT,
                code=code,
                detail=tr("Twilio's queue for this sender is full."),
                retry_after_seconds=_QUEUE_FULL_SECONDS if asked is None else asked,
            )
        if reply.status == 429 or code == _TOO_MANY_REQUESTS:
            asked = retry_after_seconds(reply.headers)
            return SendResult(
                SendOutcome.NOT_SENT, code=code, detail=slow_down(LABEL, self._name), retry_after_seconds=asked
            )
        if reply.status in (401, 403) or code == _BAD_CREDENTIALS:
            return SendResult(
                SendOutcome.NOT_SENT, code=code, detail=bad_credentials(LABEL, self._name), pause_route=True
            )
        return _doubtful(reply.status, code)

    def _get(self, url: str) -> Mapping[str, Any]:
        return self._document(self._fetch(HTTPRequest("GET", url, self._headers)))

    def _document(self, reply: HTTPReply) -> Mapping[str, Any]:
        answer = read_document(reply, LABEL, self._name)
        if read_code(answer.get("code")) == _BAD_CREDENTIALS:  # told with status 200
            raise ProviderAuthError(bad_credentials(LABEL, self._name))
        return answer

    def _priced_countries(self) -> list[str]:
        first_url = f"{self._prices_root}/v1/Messaging/Countries?PageSize={_PAGE_ROWS}"
        codes: dict[str, None] = {}
        for page in read_pages(self._get, self._prices_root, first_url, _next_countries):
            for row in read_rows(page, "countries"):
                code = read_country(row.get("iso_country"))
                if code is not None:
                    codes[code] = None
        return list(codes)

    def _country_costs(self, country: str) -> CountryCosts:
        answer = self._get(f"{self._prices_root}/v1/Messaging/Countries/{country}")
        if read_text(answer.get("iso_country"), 3).upper() != country:
            raise ProviderAnswerError(
                tr("Twilio answered with the prices of another country than {country}.", country=country)
            )
        rows = read_rows(answer, "outbound_sms_prices")
        currency = read_currency(answer.get("price_unit"))
        # A price whose currency is not known is no price.
        return CountryCosts(country, () if currency is None else _costs(country, currency, rows))

    def _status(self, sid: str) -> StatusReport | ProviderAnswerError | None:
        reply = self._fetch(HTTPRequest("GET", f"{self._account_url}/Messages/{sid}.json", self._headers))
        if reply.status == 404:
            return None
        try:
            row = self._document(reply)
            if row.get("sid") != sid:
                raise ProviderAnswerError(tr("Twilio answered about another message than the one asked for."))
            return _report(row, reply.body)
        except ProviderAnswerError as error:
            return error


def _from(sender: str) -> str:
    """Return a sender ID as Twilio wants it: a number longer than a short code has its "+" (else 21212)."""
    return f"+{sender}" if _BARE_NUMBER.fullmatch(sender) else sender


@lru_cache(maxsize=32)
def _shared_fields(sender: str, text: str) -> bytes:
    """Return the form fields that all messages of a batch share; encoding them costs more than the rest of a request."""
    return urlencode({"From": _from(sender), "Body": text, "SmartEncoded": "false"}).encode("ascii")


def _accepted(answer: Mapping[str, Any], status: int) -> SendResult:
    sid = answer.get("sid")
    if not isinstance(sid, str) or not _MESSAGE_SID.fullmatch(sid):
        return _doubtful(status)
    cost, currency = _charge(answer)
    return SendResult(SendOutcome.ACCEPTED, parts=(AcceptedPart(sid, cost, currency),))


def _doubtful(status: int, code: str = "") -> SendResult:
    detail = tr("Twilio's answer ({status}) does not tell whether the message was accepted.", status=status)
    return SendResult(SendOutcome.UNKNOWN, code=code, detail=detail)


def _report(row: Mapping[str, Any], raw: bytes) -> StatusReport:
    word, code = read_text(row.get("status"), 40), read_code(row.get("error_code"))
    status = _STATUSES.get(word)
    if status is MessageStatus.UNDELIVERED and code == _VALIDITY_EXPIRED:
        status = MessageStatus.EXPIRED
    cost, currency = _charge(row)
    segments = str(row.get("num_segments"))[:5]
    return StatusReport(
        provider_message_id=row["sid"],
        status=status,
        provider_status=word,
        raw=raw,
        error_code=code,
        cost=cost,
        currency=currency,
        segments=int(segments) if _SEGMENTS.fullmatch(segments) else None,
    )


def _sent_record(row: Mapping[str, Any]) -> SentRecord:
    sid = row.get("sid")
    created_at = read_mail_date(read_text(row.get("date_created"), 60))
    if not isinstance(sid, str) or not _MESSAGE_SID.fullmatch(sid) or created_at is None:
        raise ProviderAnswerError(tr("Twilio's listing contains a message without an id or a date."))
    return SentRecord(
        provider_message_id=sid,
        to=read_text(row.get("to"), 40),
        sender=read_text(row.get("from"), 40),
        text=read_text(row.get("body"), 4000),
        created_at=created_at,
        report=_report(row, json.dumps(row, default=str).encode("ascii")),
    )


def _charge(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return cost and currency; Twilio writes a charge as a negative number, and null until it is known."""
    told = row.get("price")
    price = None if told is None else read_decimal(told)
    currency = None if price is None else read_currency(row.get("price_unit"))
    if price is None or currency is None:
        return None, None
    return format(abs(price), "f"), currency


def _costs(country: str, currency: str, rows: Sequence[Mapping[str, Any]]) -> tuple[Cost, ...]:
    """Return the dearest price per network."""
    costs: list[Cost] = []
    for row in rows:
        price, mccmnc = _segment_price(row), join_mccmnc(row.get("mcc"), row.get("mnc"))
        if price is not None:
            name = read_text(row.get("carrier"), 100) if mccmnc else ""
            costs.append(Cost(country, mccmnc, name, price, format(price, "f"), currency))
    return dearest(costs)


def _segment_price(row: Mapping[str, Any]) -> Decimal | None:
    """Return the current price: that of mobile senders, else the dearest; None (not for sale) when there is none above 0."""
    highest: dict[bool, Decimal] = {}
    for entry in read_rows(row, "prices"):
        price = read_price(entry.get("current_price"))
        if price is not None:
            mobile = entry.get("number_type") == "mobile"
            highest[mobile] = max(price, highest.get(mobile, price))
    return highest.get(True, highest.get(False))


def _next_messages(page: Mapping[str, Any]) -> object:
    return page.get("next_page_uri", False)


def _next_countries(page: Mapping[str, Any]) -> object:
    meta = page.get("meta")
    return meta.get("next_page_url", False) if isinstance(meta, dict) else False


DRIVER: Final = Driver(
    kind="twilio",
    label=LABEL,
    fields=FIELDS,
    default_base_url=DEFAULT_BASE_URL,
    host_suffixes=HOST_SUFFIXES,
    capabilities=TwilioProvider.capabilities,
    check_settings=check_settings,
    roots=roots,
    factory=TwilioProvider,
)
