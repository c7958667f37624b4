"""Vonage SMS API with the Account and Reports APIs (formerly Nexmo); providers.md 2.2.

Every segment gets an id and a price of its own. ``client-ref`` is a label, not a key: a repeated send goes out again, so one
whose outcome is unknown is only ever looked up, in the Reports API, which Vonage charges for.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from desktop_app.domain.errors import InvalidInput, ProviderAnswerError
from desktop_app.domain.language import later, tr
from desktop_app.domain.money import parse_currency
from desktop_app.providers.answers import (
    bad_credentials,
    basic_auth,
    read_code,
    read_decimal,
    read_document,
    read_json,
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
from desktop_app.providers.drivers.vonage.prices import read_countries
from desktop_app.providers.drivers.vonage.reports import MESSAGE_ID, message_id, messages, number, report, sent_record
from desktop_app.providers.hosts import is_sandbox
from desktop_app.providers.paging import read_pages

LABEL: Final = "Vonage"
FIELDS: Final = (
    AccountField(
        "api_key", "API key", example="abcd1234",
        hint=lambda: tr("In the Vonage dashboard, at the top of the home page: 8 letters and digits."),
    ),
    AccountField(
        "secret", "API secret", secret=True, hint=lambda: tr("In the Vonage dashboard, under API Settings.")
    ),
    AccountField(
        "currency", later("Account currency"), required=False, example="EUR",
        hint=lambda: tr("Vonage names no currency with a balance or a charge. Empty is EUR."),
    ),
)  # fmt: skip
DEFAULT_BASE_URL: Final = "https://rest.nexmo.com"
HOST_SUFFIXES: Final = ("nexmo.com", "vonage.com")
_REPORTS_URL: Final = "https://api.nexmo.com"
_USUAL_CURRENCY: Final = "EUR"

_API_KEY: Final = re.compile(r"[0-9A-Za-z]{8}", re.ASCII)
_LONGEST_CALLBACK: Final = 100
_LONGEST_REFERENCE: Final = 40
# Of the ids asked for in one call: the address stays below 4 KB.
_IDS_AT_ONCE: Final = 90
_LONGEST_REPORT: Final = timedelta(hours=24)
_CLOCKS_APART: Final = timedelta(minutes=5)

_ACCEPTED: Final = "0"
_NO_CREDIT: Final = "9"
_THROTTLED: Final = frozenset({"1", "10"})
# A key may send 30 requests a second: a second later there is room again.
_THROTTLED_SECONDS: Final = 1.0
# Bad credentials, account barred, quota, not enabled, signature: nothing of this account can be sent.
_ACCOUNT_REFUSED: Final = frozenset({"4", "8", _NO_CREDIT, "11", "14", "32"})
_REJECTED: Final = frozenset({"2", "3", "6", "7", "12", "15", "22", "23", "29", "33"})


def check_settings(settings: Mapping[str, str]) -> None:
    """Check the account's fields that are no secrets.

    Raises:
        InvalidInput: when the API key is not 8 letters and digits, or the currency is none.
    """
    if not _API_KEY.fullmatch(settings.get("api_key", "")):
        sentence = tr("The API key is 8 letters and digits.")
        raise InvalidInput(sentence, fields={"api_key": sentence})
    if settings.get("currency"):
        try:
            parse_currency(settings["currency"])
        except InvalidInput as error:
            raise InvalidInput(error.user_message, fields={"currency": error.user_message}) from error


def roots(base_url: str) -> tuple[str, str]:
    """Return where messages and where reports are: two hosts at Vonage, the same address in the sandbox."""
    return base_url, base_url if is_sandbox(base_url) else _REPORTS_URL


class VonageProvider:
    """One Vonage account.

    Args:
        account: checked by the registry.
        fetch: carries the short calls.
    """

    capabilities = Capabilities(
        lists_costs=True,
        network_costs=True,
        network_ranges=True,
        max_recipients=1,
        max_text_length=3200,
        cost_in_send_answer=True,
        finds_sent=True,
        takes_token=True,
    )

    def __init__(self, account: ProviderAccount, fetch: Fetch) -> None:
        self._name = account.name
        self._fetch = fetch
        self._root, self._reports_root = roots(account.base_url)
        self._key = account.settings["api_key"]
        self._currency = parse_currency(account.settings.get("currency") or _USUAL_CURRENCY)
        self._headers = {"Authorization": basic_auth(self._key, account.secret)}
        self._form_headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}
        self._send_url = self._root + "/sms/json"

    def balance(self) -> Balance:
        """Return the balance, in the currency that the account's settings name."""
        amount = read_decimal(self._get(self._root + "/account/get-balance").get("value"))
        if amount is None:
            raise ProviderAnswerError(tr("Vonage tells no balance for “{name}”.", name=self._name))
        return Balance(amount, self._currency)

    def list_costs(self, on_progress: Callable[[int, int, str], None]) -> Iterator[CountryCosts]:
        """Yield the costs of every country; they come in one call."""
        on_progress(0, 0, "")
        countries = read_countries(self._get(self._root + "/account/get-full-pricing/outbound/sms"))
        total = len(countries)
        for done, country in enumerate(countries, start=1):
            on_progress(done, total, country.country)
            yield country

    def build_send(self, message: OutgoingMessage) -> HTTPRequest:
        """Return the request. Vonage turns letters outside GSM-7 into "?" unless it is told that the text is Unicode."""
        form = b"to=%s&client-ref=%s&%s" % (
            message.to.removeprefix("+").encode("ascii"),
            message.token[:_LONGEST_REFERENCE].encode("ascii"),
            _shared_fields(message.sender, message.text, message.unicode),
        )
        if message.callback_url is not None and len(message.callback_url) <= _LONGEST_CALLBACK:
            form += b"&" + urlencode({"status-report-req": "1", "callback": message.callback_url}).encode("ascii")
        return HTTPRequest("POST", self._send_url, self._form_headers, form)

    def read_send(self, message: OutgoingMessage, result: HTTPResult) -> SendResult:  # noqa: ARG002 - the protocol's shape
        """Return what the answer proves; a refusal comes with HTTP 200, too, and each segment has an answer of its own."""
        if isinstance(result, HTTPFailure):
            return unanswered(result)
        if result.status in (401, 403):
            return SendResult(SendOutcome.NOT_SENT, detail=bad_credentials(LABEL, self._name), pause_route=True)
        if result.status == 429:
            return self._throttled(result, "")
        rows, is_whole = _segments(result)
        parts = self._parts(rows)
        if parts:
            refused = len(rows) - len(parts)
            detail = tr("Vonage accepted only a part of it.") if refused else ""
            return SendResult(SendOutcome.ACCEPTED, parts=parts, code=_first_refusal(rows), detail=detail)
        return self._refused(rows, result) if is_whole else _doubtful(result.status, _first_refusal(rows))

    def fetch_statuses(self, provider_message_ids: Sequence[str]) -> Iterator[StatusReport]:
        """Yield a report for each segment that the Reports API knows; an unreadable answer is raised after all others."""
        unreadable: ProviderAnswerError | None = None
        wanted = [one for one in provider_message_ids if MESSAGE_ID.fullmatch(one)]
        for start in range(0, len(wanted), _IDS_AT_ONCE):
            asked = wanted[start : start + _IDS_AT_ONCE]
            known = {one.lower(): one for one in asked}
            try:
                for row in self._records({"id": ",".join(asked)}):
                    spelt = known.pop(read_text(row.get("message_id"), 64).lower(), None)
                    if spelt is not None:
                        yield report(row, spelt)
            except ProviderAnswerError as error:
                unreadable = error
        if unreadable is not None:
            raise unreadable

    def find_sent(self, to: str, sender: str, since: datetime) -> Iterator[SentRecord]:
        """Yield the matching messages; the segments of a long one are one message again."""
        start, now = since.replace(microsecond=0), datetime.now(UTC)
        rows: dict[str, Mapping[str, Any]] = {}
        while True:
            end = start + _LONGEST_REPORT
            times = {"date_start": _time_text(start), "date_end": _time_text(end)}
            for row in self._records({**times, "to": to.removeprefix("+"), "include_message": "true"}):
                rows.setdefault(message_id(row), row)
            start = end
            if start > now + _CLOCKS_APART:
                break
        mine = [
            row
            for row in rows.values()
            if (number(row, "to"), number(row, "from")) == (to.removeprefix("+"), sender.removeprefix("+"))
        ]
        for segments in messages(mine):
            record = sent_record(segments, to, sender)
            if record.created_at >= since.replace(microsecond=0):
                yield record

    def _parts(self, rows: Sequence[Mapping[str, Any]]) -> tuple[AcceptedPart, ...]:
        """Return the accepted segments; an id that comes twice is one."""
        parts: dict[str, AcceptedPart] = {}
        for row in rows:
            one = row.get("message-id")
            if read_code(row.get("status")) == _ACCEPTED and isinstance(one, str) and MESSAGE_ID.fullmatch(one):
                price = read_decimal(row.get("message-price"))
                cost = (None, None) if price is None or price < 0 else (format(price, "f"), self._currency)
                parts.setdefault(one, AcceptedPart(one, *cost))
        return tuple(parts.values())

    def _refused(self, rows: Sequence[Mapping[str, Any]], reply: HTTPReply) -> SendResult:
        """Return what an answer without an accepted segment proves: certain only when every segment's refusal is."""
        codes = [read_code(row.get("status")) for row in rows]
        code = codes[0] if codes else ""
        if not codes or not set(codes) <= _REJECTED | _THROTTLED | _ACCOUNT_REFUSED:
            return _doubtful(reply.status, code)
        if not _ACCOUNT_REFUSED.isdisjoint(codes):
            sentence = (
                tr("The credit of “{name}” at Vonage is used up.", name=self._name)
                if _NO_CREDIT in codes
                else bad_credentials(LABEL, self._name)
            )
            return SendResult(SendOutcome.NOT_SENT, code=code, detail=sentence, pause_route=True)
        if not _THROTTLED.isdisjoint(codes):
            return self._throttled(reply, code)
        reason = read_text(rows[0].get("error-text"), 200)
        return SendResult(SendOutcome.REJECTED, code=code, detail=tr("Vonage refused it: {reason}", reason=reason))

    def _throttled(self, reply: HTTPReply, code: str) -> SendResult:
        asked = retry_after_seconds(reply.headers)
        return SendResult(
            SendOutcome.NOT_SENT,
            code=code,
            detail=slow_down(LABEL, self._name),
            retry_after_seconds=_THROTTLED_SECONDS if asked is None else asked,
        )

    def _get(self, url: str) -> dict[str, Any]:
        return read_document(self._fetch(HTTPRequest("GET", url, self._headers)), LABEL, self._name)

    def _records(self, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """Yield the records of all pages of a report.

        Raises:
            ProviderAnswerError: a page is cut short, or says so.
        """
        fields = {"account_id": self._key, "product": "SMS", "direction": "outbound", **query}
        first = f"{self._reports_root}/v2/reports/records?{urlencode(fields)}"
        for page in read_pages(self._get, self._reports_root, first, _next_page):
            rows = read_rows(page, "records")
            told = page.get("items_count", len(rows))
            if page.get("request_status", "SUCCESS") != "SUCCESS" or read_decimal(told) != len(rows):
                raise ProviderAnswerError(tr("Vonage's report is not complete."))
            yield from rows


@lru_cache(maxsize=32)
def _shared_fields(sender: str, text: str, unicode: bool) -> bytes:
    """Return the form fields that all messages of a batch share; encoding them costs more than the rest of a request."""
    kind = "unicode" if unicode else "text"
    return urlencode({"from": sender.removeprefix("+"), "type": kind, "text": text}).encode("ascii")


def _segments(reply: HTTPReply) -> tuple[Sequence[Mapping[str, Any]], bool]:
    """Return what an answer says of each segment, and whether that is as many as it says there are."""
    try:
        answer = read_json(reply.body) if 200 <= reply.status < 300 else {}
        rows = read_rows(answer, "messages")
    except ProviderAnswerError:
        return (), False
    return rows, read_decimal(answer.get("message-count", len(rows))) == len(rows)


def _first_refusal(rows: Sequence[Mapping[str, Any]]) -> str:
    codes = (read_code(row.get("status")) for row in rows)
    return next((code for code in codes if code not in (_ACCEPTED, "")), "")


def _doubtful(status: int, code: str = "") -> SendResult:
    detail = tr("Vonage's answer ({status}) does not tell whether the message was accepted.", status=status)
    return SendResult(SendOutcome.UNKNOWN, code=code, detail=detail)


def _time_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _next_page(page: Mapping[str, Any]) -> object:
    links = page.get("_links")
    following = links.get("next") if isinstance(links, dict) else None
    return following.get("href", False) if isinstance(following, dict) else following


DRIVER: Final = Driver(
    kind="vonage",
    label=LABEL,
    fields=FIELDS,
    default_base_url=DEFAULT_BASE_URL,
    host_suffixes=HOST_SUFFIXES,
    capabilities=VonageProvider.capabilities,
    check_settings=check_settings,
    roots=roots,
    factory=VonageProvider,
)
