"""One seven.io account; providers.md 2.3.

It answers errors with HTTP 200 and a bare number, names numbers without "+", and leaves the currency to ``/balance``. The same
text to the same number is not sent again within three minutes; a repeated request is answered with 402.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from desktop_app.domain.errors import ProviderAnswerError, ProviderAuthError
from desktop_app.domain.language import tr
from desktop_app.providers.answers import (
    bad_credentials,
    check_status,
    read_currency,
    read_decimal,
    read_json_value,
    read_rows,
    read_text,
    unanswered,
)
from desktop_app.providers.base import (
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
    SendResult,
    SentRecord,
    StatusReport,
)
from desktop_app.providers.costs import dearest, join_mccmnc, read_country, read_price
from desktop_app.providers.drivers.seven.sending import SendAnswer
from desktop_app.providers.drivers.seven.words import (
    LABEL,
    MESSAGE_ID,
    NO_ENTRY,
    NO_SUCH_ID,
    code_of,
    digits,
    id_of,
    read_list,
    read_object,
    report,
    sent_record,
)
from desktop_app.providers.lookups import in_order
from desktop_app.providers.paging import MAX_PAGES

FIELDS: Final = (
    AccountField(
        "secret", "API key", secret=True, hint=lambda: tr("In your seven.io account, under Developer, API keys.")
    ),
)  # fmt: skip
DEFAULT_BASE_URL: Final = "https://gateway.seven.io/api"
HOST_SUFFIXES: Final = ("seven.io",)
# seven.io names no limit; a lost answer leaves this many messages in doubt.
MAX_RECIPIENTS: Final = 100
_IDS_AT_ONCE: Final = 100
_JOURNAL_ROWS: Final = 100

# The reports that came, and the answer among several that could not be read.
_Told = tuple[list[StatusReport], ProviderAnswerError | None]


def check_settings(settings: Mapping[str, str]) -> None:
    """Accept the settings: the key is all there is to an account."""


def roots(base_url: str) -> tuple[str]:
    """Return the one address that everything hangs under."""
    return (base_url,)


class SevenProvider:
    """One seven.io account.

    Args:
        account: checked by the registry.
        fetch: carries the short calls.
    """

    capabilities = Capabilities(
        lists_costs=True,
        network_costs=True,
        max_recipients=MAX_RECIPIENTS,
        max_text_length=1520,
        cost_in_send_answer=True,
        finds_sent=True,
        takes_token=True,
        deduplicates_seconds=180,
    )

    def __init__(self, account: ProviderAccount, fetch: Fetch) -> None:
        self._name = account.name
        self._fetch = fetch
        self._root = account.base_url
        self._currency = account.currency
        # Without "Accept" it answers some calls in plain text.
        self._headers = {"X-Api-Key": account.secret, "Accept": "application/json"}
        self._form_headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}

    def balance(self) -> Balance:
        """Return the balance, and remember its currency: seven.io names it nowhere else."""
        answer = read_object(self._get("balance"))
        amount, currency = read_decimal(answer.get("amount")), read_currency(answer.get("currency"))
        if amount is None or currency is None:
            raise ProviderAnswerError(tr("seven.io tells no balance for “{name}”.", name=self._name))
        self._currency = currency
        return Balance(amount, currency)

    def list_costs(self, on_progress: Callable[[int, int, str], None]) -> Iterator[CountryCosts]:
        """Yield the costs of every country; all come in one answer, in the currency of the balance."""
        currency = self.balance().currency
        answer = read_object(self._get("pricing", format="json"))
        listed = read_rows(answer, "countries")
        if read_decimal(answer.get("countCountries", len(listed))) != len(listed):
            raise ProviderAnswerError(tr("seven.io's list of prices is not complete."))
        networks: dict[str, list[Mapping[str, Any]]] = {}
        for row in listed:
            code = read_country(row.get("countryCode"))
            if code is not None:
                networks.setdefault(code, []).extend(read_rows(row, "networks"))
        on_progress(0, len(networks), "")
        for done, (code, rows) in enumerate(networks.items(), start=1):
            on_progress(done, len(networks), code)
            yield CountryCosts(code, _costs(code, currency, rows))

    def build_send(self, message: OutgoingMessage) -> HTTPRequest:
        """Return the request for one message."""
        return self.build_batch((message,))

    def read_send(self, message: OutgoingMessage, result: HTTPResult) -> SendResult:
        """Return what the answer proves, by the classes of reliability.md 3.2."""
        return self.read_batch((message,), result)[0]

    def build_batch(self, messages: Sequence[OutgoingMessage]) -> HTTPRequest:
        """Return the request; the label of the first message stands for all, a request has only one."""
        first = messages[0]
        if any((one.sender, one.text) != (first.sender, first.text) for one in messages):
            raise ValueError("the messages of one request share sender and text")
        if len({one.to for one in messages}) != len(messages) or len(messages) > MAX_RECIPIENTS:
            raise ValueError("the messages of one request go to different numbers, and to 100 at most")
        own = urlencode({"to": ",".join(one.to for one in messages), "foreign_id": first.token})
        form = own.encode("ascii") + b"&" + _shared_fields(first.sender, first.text)
        return HTTPRequest("POST", self._root + "/sms", self._form_headers, form)

    def read_batch(self, messages: Sequence[OutgoingMessage], result: HTTPResult) -> list[SendResult]:
        """Return what the answer proves of each message: it tells id, price or error by number."""
        if isinstance(result, HTTPFailure):
            return [unanswered(result)] * len(messages)
        return SendAnswer(result, self._name, self._currency).read(messages)

    def fetch_statuses(self, provider_message_ids: Sequence[str]) -> Iterator[StatusReport]:
        """Yield the reports, many ids asked for in one call; one unreadable answer is raised after all others."""
        unreadable: ProviderAnswerError | None = None
        ids = [one for one in provider_message_ids if MESSAGE_ID.fullmatch(one)]
        calls = [ids[start : start + _IDS_AT_ONCE] for start in range(0, len(ids), _IDS_AT_ONCE)]
        with closing(in_order(self._statuses, calls)) as answers:
            for reports, error in answers:
                yield from reports
                unreadable = error or unreadable
        if unreadable is not None:
            raise unreadable

    def find_sent(self, to: str, sender: str, since: datetime) -> Iterator[SentRecord]:
        """Yield the matching entries of the journal, all pages.

        The journal is asked from a day earlier on, because its days are those of a place that is not told. A page is the last
        one only when it is empty: how many rows it holds is the provider's affair.
        """
        since = since.replace(microsecond=0)
        query = {
            "to": digits(to),
            "date_from": (since - timedelta(days=1)).strftime("%Y-%m-%d"),
            "limit": _JOURNAL_ROWS,
        }
        seen: set[str] = set()
        offset = 0
        for _ in range(MAX_PAGES):
            rows = read_list(self._get("journal/outbound", **query, offset=offset))
            if not rows:
                return
            offset += len(rows)
            for row in rows:
                record = sent_record(row, since, self._currency)
                matches = (digits(record.to), _bare(record.sender)) == (digits(to), _bare(sender))
                if matches and record.created_at >= since and record.provider_message_id not in seen:
                    seen.add(record.provider_message_id)
                    yield record
        raise ProviderAnswerError(tr("The provider's listing does not end."))

    def _get(self, path: str, **query: object) -> object:
        return self._value(self._reply(path, query))

    def _reply(self, path: str, query: Mapping[str, object]) -> HTTPReply:
        tail = "?" + urlencode(query) if query else ""
        return self._fetch(HTTPRequest("GET", f"{self._root}/{path}{tail}", self._headers))

    def _value(self, reply: HTTPReply, no_entry: frozenset[str] = NO_ENTRY) -> object:
        check_status(reply, LABEL, self._name)
        value = read_json_value(reply.body)
        if code_of(value) in no_entry:
            raise ProviderAuthError(bad_credentials(LABEL, self._name))
        return value

    def _statuses(self, ids: Sequence[str]) -> _Told:
        try:
            reply = self._reply("status", {"msg_id": ",".join(ids)})
            if reply.status in (404, 410):
                return self._statuses_from_journal(ids), None
            value = self._value(reply, NO_ENTRY - NO_SUCH_ID)
            if code_of(value) in NO_SUCH_ID:
                return self._statuses_by_halves(ids)
            rows = [row for row in read_list(value) if id_of(row) in ids]
            return [report(row, row.get("status"), self._currency) for row in rows], None
        except ProviderAnswerError as error:
            return [], error

    def _statuses_from_journal(self, ids: Sequence[str]) -> list[StatusReport]:
        """Ask for one message after the other; seven.io says that it may switch off the call for many."""
        found = [(sid, row) for sid in ids for row in read_list(self._get("journal/outbound", id=sid))]
        return [report(row, row.get("dlr"), self._currency) for sid, row in found if id_of(row) == sid]

    def _statuses_by_halves(self, ids: Sequence[str]) -> _Told:
        """Find the ids that are known among some that are not: one unknown id may spoil the whole answer."""
        reports: list[StatusReport] = []
        unreadable: ProviderAnswerError | None = None
        middle = len(ids) // 2
        for half in (ids[:middle], ids[middle:]) if middle else ():
            told, error = self._statuses(half)
            reports += told
            unreadable = error or unreadable
        return reports, unreadable


@lru_cache(maxsize=32)
def _shared_fields(sender: str, text: str) -> bytes:
    """Return the form fields that all messages of a batch share; performance tracking would replace links in the text."""
    return urlencode({"from": sender, "text": text, "performance_tracking": 0}).encode("ascii")


def _costs(country: str, currency: str, networks: Sequence[Mapping[str, Any]]) -> tuple[Cost, ...]:
    """Return the dearest price per network; one row stands for all the MNCs it lists."""
    costs: list[Cost] = []
    for row in networks:
        price, mncs = read_price(row.get("price")), row.get("mncs")
        if price is None:
            continue
        for mnc in mncs if isinstance(mncs, list) and mncs else (None,):
            mccmnc = join_mccmnc(row.get("mcc"), mnc)
            name = read_text(row.get("networkName"), 100) if mccmnc else ""
            costs.append(Cost(country, mccmnc, name, price, format(price, "f"), currency))
    return dearest(costs)


def _bare(sender: str) -> str:
    return sender.removeprefix("+")


DRIVER: Final = Driver(
    kind="seven",
    label=LABEL,
    fields=FIELDS,
    default_base_url=DEFAULT_BASE_URL,
    host_suffixes=HOST_SUFFIXES,
    capabilities=SevenProvider.capabilities,
    check_settings=check_settings,
    roots=roots,
    factory=SevenProvider,
)
