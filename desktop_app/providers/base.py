"""What a provider driver offers, in words that belong to no provider.

A driver builds requests and reads answers; it opens no connection of its own. Two ways lead out: ``HTTPClient`` (short calls:
balance, prices, look-ups) and a ``SendTransport`` (the send path). Both hand a driver the same ``HTTPReply``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from desktop_app.domain.messages import MessageStatus

# One look-up with all its tries; an answer that takes longer is given up.
LOOKUP_SECONDS: Final = 30.0


class HTTPRequest(NamedTuple):
    """One request, ready for any transport.

    Attributes:
        method: "GET" or "POST".
        url: absolute, on the host the account's secret was entered for.
        headers: includes Authorization where the provider wants it; never logged.
        body: the exact bytes, empty for GET.
    """

    method: str
    url: str
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""

    def __repr__(self) -> str:
        """Leave out what may hold secrets or personal data."""
        return f"HTTPRequest(method={self.method!r}, url={self.url!r})"


@dataclass(frozen=True, slots=True)
class HTTPReply:
    """A complete answer, within the size and time limits.

    Attributes:
        status: the HTTP status.
        headers: names in lower case.
        body: the bytes, at most the transport's cap.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class HTTPFailure:
    """No complete answer.

    Attributes:
        sent: whether the first byte of the request may have left. False means it is certain that nothing was sent.
        detail: one plain sentence without secrets.
    """

    sent: bool
    detail: str


HTTPResult = HTTPReply | HTTPFailure


class SendOutcome(StrEnum):
    """What is known after one try: the four classes of reliability.md 3.2."""

    NOT_SENT = "not_sent"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"


class AcceptedPart(NamedTuple):
    """One id the provider gave: one per message, or one per segment.

    Attributes:
        provider_message_id: as the provider spells it.
        cost: what the provider says it charges, as its exact text, or None when it says so later.
        currency: of ``cost``.
    """

    provider_message_id: str
    cost: str | None = None
    currency: str | None = None


class SendResult(NamedTuple):
    """The driver's reading of the answer to a send.

    Attributes:
        outcome: NOT_SENT and REJECTED are certain; anything doubtful is UNKNOWN.
        parts: at least one when ACCEPTED, else empty.
        code: the provider's own code, "" when there is none.
        detail: one plain sentence; provider text in it is data.
        retry_after_seconds: for NOT_SENT by throttling, what the provider asked for (bounded by the driver).
        pause_route: the account cannot send at all (401, 403): stop using it until a person looks.
    """

    outcome: SendOutcome
    parts: tuple[AcceptedPart, ...] = ()
    code: str = ""
    detail: str = ""
    retry_after_seconds: float | None = None
    pause_route: bool = False


class OutgoingMessage(NamedTuple):
    """What is handed to a driver to send.

    Attributes:
        to: E.164 with "+".
        sender: the sender ID as the client registered it.
        text: the whole text.
        unicode: the text needs UCS-2.
        token: our unguessable label of this attempt (40 characters), "" for a driver that does not take it.
        callback_url: where receipts may be posted, or None for polling only.
    """

    to: str
    sender: str
    text: str
    unicode: bool
    token: str
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What the provider asks for one segment to a country or to one of its networks.

    Attributes:
        country: ISO 3166 alpha-2, upper case.
        mccmnc: MCC and MNC joined, as text ("26201"), or None for the country's own price.
        network: the provider's name of the network, "" for a country.
        price: exact, positive.
        price_text: the provider's own spelling of it.
        currency: ISO 4217.
    """

    country: str
    mccmnc: str | None
    network: str
    price: Decimal
    price_text: str
    currency: str


class NumberRange(NamedTuple):
    """Numbers that begin alike and belong to one network.

    Attributes:
        prefix: calling code and further digits, without "+".
        mccmnc: the network's, None where it is not certain which one it is, or it has no price: then the country's holds.
    """

    prefix: str
    mccmnc: str | None


@dataclass(frozen=True, slots=True)
class CountryCosts:
    """All costs of one country.

    Attributes:
        country: ISO 3166 alpha-2, upper case.
        costs: empty when the provider lists the country without any price (not for sale).
        ranges: the numbers of its networks, each prefix once; empty where the provider does not tell them.
    """

    country: str
    costs: tuple[Cost, ...]
    ranges: tuple[NumberRange, ...] = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """The account's money at the provider."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a provider says of one message, by polling or by webhook.

    Attributes:
        provider_message_id: as the provider spells it.
        status: our word, or None when the provider's word is unknown (kept in the journal, changes nothing).
        provider_status: the provider's own word.
        raw: the bytes it came in, for the journal.
        error_code: the provider's code, "" when there is none.
        cost: exact text of what was charged, None when not told.
        currency: of ``cost``.
        segments: as the provider counted, None when not told.
    """

    provider_message_id: str
    status: MessageStatus | None
    provider_status: str
    raw: bytes
    error_code: str = ""
    cost: str | None = None
    currency: str | None = None
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class SentRecord:
    """A message the provider lists as its own, for looking up an attempt whose outcome is unknown.

    Attributes:
        provider_message_id: of the message, or of its first segment.
        report: what became of it.
        more: the reports of its further segments, where each has an id of its own.
    """

    provider_message_id: str
    to: str
    sender: str
    text: str
    created_at: datetime
    report: StatusReport
    more: tuple[StatusReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a driver can do, so that nobody asks it for more.

    Attributes:
        lists_costs: costs per country by API.
        network_costs: costs per MCC/MNC.
        network_ranges: with the costs come the number ranges of the networks.
        max_recipients: per send request.
        max_text_length: characters of one text.
        shift_tables: national language tables the provider encodes in ("tr"), else such letters need UCS-2.
        cost_in_send_answer: the answer to a send names the cost.
        finds_sent: ``find_sent`` can look up a message by number and time.
        deduplicates_seconds: for so long the provider itself refuses to send the same text to the same number again; 0
            where nothing keeps a repeated send from going out twice.
        takes_token: a send carries our label of the attempt.
    """

    lists_costs: bool
    network_costs: bool
    max_recipients: int
    max_text_length: int
    shift_tables: frozenset[str] = frozenset()
    cost_in_send_answer: bool = False
    finds_sent: bool = False
    network_ranges: bool = False
    deduplicates_seconds: int = 0
    takes_token: bool = False


@dataclass(frozen=True, slots=True)
class AccountField:
    """One field of a provider account's form.

    Attributes:
        key: the name in ``ProviderAccount.settings``; the secret's field is named "secret" and never stored there.
        label: what a person calls it; what is no name of the provider's own is marked with ``later``.
        secret: goes to the secret store.
        required: must not be empty.
        example: what such a value looks like, shown in the empty field.
        hint: says where a person finds the value, in the language in force.
    """

    key: str
    label: str
    secret: bool = False
    required: bool = True
    example: str = ""
    hint: Callable[[], str] = str


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """One account we have with a provider.

    Attributes:
        name: ours, unique.
        kind: names the driver in the registry.
        base_url: https on the driver's own hosts, or http on loopback (the sandbox); no trailing slash.
        settings: the driver's fields that are no secrets.
        secret: never shown, logged or stored here.
        currency: of its money, as the provider told it last; None before it ever did.
    """

    name: str
    kind: str
    base_url: str
    settings: Mapping[str, str]
    secret: str = field(repr=False)
    currency: str | None = None


class Fetch(Protocol):
    """Sends one short request that may be repeated (GET) and returns the complete answer."""

    def __call__(self, request: HTTPRequest) -> HTTPReply:
        """Return the answer.

        Raises:
            ProviderUnreachable: no complete answer in time; says in plain words what happened.
        """
        ...


class Provider(Protocol):
    """A driver bound to one account. Every method may be called from any thread but the GUI's."""

    capabilities: Capabilities

    def balance(self) -> Balance:
        """Return the balance, which also proves the credentials.

        Raises:
            ProviderAuthError: wrong credentials.
            ProviderError: anything else.
        """
        ...

    def list_costs(self, on_progress: Callable[[int, int, str], None]) -> Iterator[CountryCosts]:
        """Yield the costs country by country; ``on_progress(done, total, country)`` may raise Cancelled.

        Raises:
            ProviderError: see ``balance``; costs already yielded stay valid.
        """
        ...

    def build_send(self, message: OutgoingMessage) -> HTTPRequest:
        """Return the request that sends ``message`` once."""
        ...

    def read_send(self, message: OutgoingMessage, result: HTTPResult) -> SendResult:
        """Return what ``result`` says about the send. Never raises: doubt is UNKNOWN."""
        ...

    def fetch_statuses(self, provider_message_ids: Sequence[str]) -> Iterator[StatusReport]:
        """Yield a report for each id the provider knows; unknown ids are left out.

        Raises:
            ProviderError: see ``balance``.
        """
        ...

    def find_sent(self, to: str, sender: str, since: datetime) -> Iterator[SentRecord]:
        """Yield the messages to ``to`` from ``sender`` that the provider created at or after ``since``, all pages.

        Raises:
            ProviderError: see ``balance``; an incomplete listing raises, it never ends early.
        """
        ...


class BatchProvider(Provider, Protocol):
    """A driver whose ``capabilities.max_recipients`` is above 1: one request may carry one text to several numbers."""

    def build_batch(self, messages: Sequence[OutgoingMessage]) -> HTTPRequest:
        """Return the request that sends each of ``messages`` once.

        Args:
            messages: at least one and at most ``max_recipients``, of one sender and one text, to different numbers.

        Raises:
            ValueError: the messages cannot share a request.
        """
        ...

    def read_batch(self, messages: Sequence[OutgoingMessage], result: HTTPResult) -> list[SendResult]:
        """Return what ``result`` says about each of ``messages``, in their order. Never raises: doubt is UNKNOWN."""
        ...


@dataclass(frozen=True, slots=True)
class Driver:
    """What the rest of the product knows of a driver.

    Attributes:
        kind: its name in settings and on the command line.
        label: the provider's own name.
        fields: of an account's form, the secret among them.
        default_base_url: the real service.
        host_suffixes: the domains a secret may travel to.
        capabilities: what it can do, known before any account is opened.
        check_settings: raises InvalidInput, naming the field.
        roots: the addresses that the driver calls for an account with this base URL.
        factory: makes the provider; the fetch it is given refuses every host outside ``roots``.
    """

    kind: str
    label: str
    fields: tuple[AccountField, ...]
    default_base_url: str
    host_suffixes: tuple[str, ...]
    capabilities: Capabilities
    check_settings: Callable[[Mapping[str, str]], None]
    roots: Callable[[str], tuple[str, ...]]
    factory: Callable[[ProviderAccount, Fetch], Provider]


class SendTransport(Protocol):
    """The seam of the send path: many requests at once, each with a total deadline, none repeated, no redirect followed."""

    @property
    def in_flight(self) -> int:
        """How many submitted requests have no result yet."""
        ...

    def submit(self, key: int, request: HTTPRequest, may_send: Callable[[], bool]) -> None:
        """Queue ``request``. ``may_send`` is asked immediately before its first byte; a no gives HTTPFailure(sent=False)."""
        ...

    def collect(self, timeout_seconds: float) -> list[tuple[int, HTTPResult]]:
        """Return the results that are there, waiting up to ``timeout_seconds`` for the first one."""
        ...

    def close(self) -> None:
        """Close the connections after the running requests ended (each has its deadline)."""
        ...
