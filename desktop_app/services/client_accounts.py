"""The clients as finance looks at them: what each has, how long it lasts, its ledger, and why its credit is what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from desktop_app.domain.client_ledger import Explanation, LedgerLine, LedgerTotals
from desktop_app.domain.clients import Client
from desktop_app.domain.credits import AccountBalance
from desktop_app.domain.errors import NotFound
from desktop_app.domain.language import tr
from desktop_app.services.clock import Clock
from desktop_app.storage.repositories.client_ledger import LedgerFilter as LedgerFilter
from desktop_app.storage.unit_of_work import Database, UnitOfWork

USE_DAYS: Final = 30
PAGE: Final = 100
# A credit that lasts this long is not forecast: the last month says nothing about so far a day.
LONGEST_FORECAST: Final = 365


class ClientState(StrEnum):
    """How a client stands; the gravest applies."""

    ACTIVE = "active"
    LOW = "low"
    OVERDRAWN = "overdrawn"
    PAUSED = "paused"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class ClientSummary:
    """A client with its credit.

    Attributes:
        client: who.
        balance: posted, reserved and available.
        used: micro-units spent on sending in the last thirty days, refunds taken off.
    """

    client: Client
    balance: AccountBalance
    used: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.client.name

    @property
    def credit(self) -> int:
        """What is posted and not reserved, in micro-units: below 0 where the overdraft is used."""
        return self.balance.posted - self.balance.held

    @property
    def is_low(self) -> bool:
        """Whether the credit is below the alert, or below 0, or lasts fewer days than the client is warned at."""
        return self.credit < 0 or (self.client.alert is not None and self.credit < self.client.alert) or self.is_dry

    @property
    def is_dry(self) -> bool:
        """Whether the credit lasts fewer days than the client is warned at."""
        days, limit = self.days_left, self.client.alert_days
        return days is not None and limit is not None and days < limit

    @property
    def state(self) -> ClientState:
        """How it stands."""
        if self.client.archived_at is not None:
            return ClientState.ARCHIVED
        if self.credit < 0:
            return ClientState.OVERDRAWN
        if self.client.paused:
            return ClientState.PAUSED
        return ClientState.LOW if self.is_low else ClientState.ACTIVE

    @property
    def days_left(self) -> int | None:
        """How many whole days the credit lasts at the use of the last thirty; None when nothing is used, or for a year."""
        if self.used <= 0:
            return None
        days = max(0, self.credit) * USE_DAYS // self.used
        return days if days <= LONGEST_FORECAST else None


@dataclass(frozen=True, slots=True)
class ClientPage:
    """A client in detail.

    Attributes:
        summary: who, and how it stands.
        price_list: the name of its list.
        client_prices: how many prices of its own it has.
        sms: billed segments in the last thirty days.
        countries: to how many countries.
        senders: its sender IDs.
        has_key: whether it has an API key.
        last_top_up: micro-units, None before the first.
        points: (when, credit after it) of the last thirty days, oldest first.
        opening: the credit when these thirty days began.
    """

    summary: ClientSummary
    price_list: str
    client_prices: int
    sms: int
    countries: int
    senders: tuple[str, ...]
    has_key: bool
    last_top_up: int | None
    points: tuple[tuple[datetime, int], ...]
    opening: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Entries newest first.

    Attributes:
        lines: at most a page of them.
        following: the entry that the next page is before, None after the last.
    """

    lines: tuple[LedgerLine, ...]
    following: int | None


class ClientAccountsService:
    """Reads clients with their money."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list_clients(self) -> list[ClientSummary]:
        """Return every client by name, archived ones too."""
        with self._database.read() as uow:
            balances = uow.clients.balances()
            used = uow.client_ledger.used(None, self._since())
            return [
                ClientSummary(one, balances[one.client_id], used.get(one.account_id, 0))
                for one in uow.clients.list_all()
            ]

    def volumes(self) -> Mapping[int, int]:
        """Return the billed segments of the last thirty days by client id; those without are left out."""
        with self._database.read() as uow:
            return uow.volumes.by_client(self._since())

    def page(self, name: str) -> ClientPage:
        """Return a client in detail.

        Raises:
            NotFound: no such client.
        """
        since = self._since()
        with self._database.read() as uow:
            client = uow.clients.get(name)
            sent = uow.volumes.of_client(client.client_id, since)
            return ClientPage(
                summary=_summary(uow, client, since),
                price_list=uow.prices.list_by_id(client.list_id).name,
                client_prices=len(uow.prices.client_prices(client.client_id)),
                sms=sum(sent.values()),
                countries=len(sent),
                senders=tuple(dict.fromkeys(row.sender for row in uow.senders.list_rows(client.client_id))),
                has_key=uow.clients.has_key(client.client_id),
                last_top_up=uow.client_ledger.last_top_up(client.account_id),
                points=tuple(uow.client_ledger.points(client.account_id, since)),
                opening=uow.client_ledger.posted_before(client.account_id, since),
            )

    def summary(self, name: str) -> ClientSummary:
        """Return how a client stands.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            return _summary(uow, uow.clients.get(name), self._since())

    def ledger(self, name: str, wanted: LedgerFilter, before: int | None = None, limit: int = PAGE) -> LedgerPage:
        """Return entries of a client, newest first, each with the credit after it.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            account = uow.clients.get(name).account_id
            lines = uow.client_ledger.page(account, wanted, before, limit + 1)
        following = lines[limit - 1].entry_id if len(lines) > limit else None
        return LedgerPage(tuple(lines[:limit]), following)

    def entry(self, name: str, entry_id: int) -> LedgerLine:
        """Return one entry of a client.

        Raises:
            NotFound: no such client, or it has no such entry.
        """
        with self._database.read() as uow:
            client = uow.clients.get(name)
            line = uow.client_ledger.entry(client.account_id, entry_id)
        if line is None:
            raise NotFound(tr("{name} has no such entry.", name=client.name))
        return line

    def totals(self, name: str, wanted: LedgerFilter) -> LedgerTotals:
        """Return how many entries match, and what they moved.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            return uow.client_ledger.totals(uow.clients.get(name).account_id, wanted)

    def explain(self, name: str, since: datetime | None = None) -> Explanation:
        """Return why a client's credit is what it is, proved against the independent audit.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            client = uow.clients.get(name)
            sums = uow.client_ledger.sums(client.account_id, since)
            opening = 0 if since is None else uow.client_ledger.posted_before(client.account_id, since)
            balance = uow.ledger.balance(client.account_id)
            holds = uow.client_ledger.open_holds(client.account_id, client.client_id)
        report = self._database.audit()
        return Explanation(
            client.currency,
            since,
            opening,
            {kind: total for kind, (total, _) in sums.items()},
            {kind: count for kind, (_, count) in sums.items()},
            holds,
            balance,
            report.problems,
            report.entries,
        )

    def _since(self) -> datetime:
        return self._clock() - timedelta(days=USE_DAYS)


def _summary(uow: UnitOfWork, client: Client, since: datetime) -> ClientSummary:
    used = uow.client_ledger.used(client.account_id, since)
    return ClientSummary(client, uow.ledger.balance(client.account_id), used.get(client.account_id, 0))


def running_dry(clients: Sequence[ClientSummary], days: int) -> list[ClientSummary]:
    """Return those whose credit lasts at most so many days, the shortest first; what is put away is left out."""
    found = [(one.days_left, one) for one in clients if one.client.archived_at is None and one.days_left is not None]
    return [one for left, one in sorted(found, key=lambda pair: (pair[0] or 0, pair[1].credit)) if (left or 0) <= days]
