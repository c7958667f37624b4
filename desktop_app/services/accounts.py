"""Provider accounts, their costs, exchange rates, and the switches of the service."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from desktop_app.domain.clients import clean_name
from desktop_app.domain.errors import AppError, InvalidInput, NotFound, ProviderError, SecretStoreError
from desktop_app.domain.language import later, tr, trn
from desktop_app.domain.money import parse_currency
from desktop_app.providers.base import Balance, Provider, ProviderAccount
from desktop_app.providers.registry import checked_account, open_provider
from desktop_app.secret_store import SecretStore, Where
from desktop_app.services.clock import Clock
from desktop_app.services.cost_pull import CostPull, PartialSync
from desktop_app.services.costs import convert_costs
from desktop_app.services.job import Job
from desktop_app.services.rule_following import CostRefresh, Followed, refresh_costs
from desktop_app.storage.repositories.accounts import Answer, StoredProvider
from desktop_app.storage.repositories.costs import CostDifference, CostMoves, CostRow, Costs
from desktop_app.storage.repositories.number_ranges import RangeRow
from desktop_app.storage.unit_of_work import Database, UnitOfWork

T = TypeVar("T")
MAX_EXCHANGE_RATE: Final = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class Switches:
    """What is switched on: the service as a whole, and the API for clients."""

    service: bool
    api: bool


@dataclass(frozen=True, slots=True)
class CostSync:
    """What pulling the costs of a provider brought.

    Attributes:
        countries: how many the provider lists.
        rates: how many costs it lists, networks included.
        difference: against its costs before, counted in rows.
        refresh: how the costs of the standard list moved, and what prices did about it.
    """

    countries: int
    rates: int
    difference: CostDifference
    refresh: CostRefresh

    @property
    def has_moved(self) -> bool:
        """Whether any cost of the standard list is another."""
        return bool(self.refresh.moves.up + self.refresh.moves.down)

    @property
    def text(self) -> str:
        """One line for a person: "11 costs changed: 8 up, 3 down"."""
        up, down = self.refresh.moves.up, self.refresh.moves.down
        if not up + down:
            return tr("Costs synced, none changed")
        return trn(
            "{count:,} cost changed: {up:,} up, {down:,} down", "{count:,} costs changed: {up:,} up, {down:,} down",
            up + down, up=up, down=down,
        )  # fmt: skip


class AccountsService:
    """Who we buy from.

    Args:
        database: where accounts and costs live.
        secrets: where their secrets live.
        clock: the time.
        connect: makes a driver of an account.
    """

    def __init__(
        self,
        database: Database,
        secrets: SecretStore,
        clock: Clock,
        connect: Callable[[ProviderAccount], Provider] = open_provider,
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._clock = clock
        self._connect = connect

    def switches(self) -> Switches:
        """Return what is switched on."""
        with self._database.read() as uow:
            return read_switches(uow)

    def set_service(self, *, on: bool, actor: str) -> Switches:
        """Switch selling and sending on or off, on screen and in the API."""
        return self._switch("service", on=on, actor=actor)

    def set_api(self, *, on: bool, actor: str) -> Switches:
        """Switch the API for clients on or off."""
        return self._switch("api", on=on, actor=actor)

    def add_provider(
        self,
        name: str,
        kind: str,
        *,
        base_url: str,
        settings: Mapping[str, str],
        secret: str,
        default: bool,
        actor: str,
        session_only: bool = False,
    ) -> StoredProvider:
        """Store an account, its secret in the secret store; nobody is asked whether the secret is right.

        Args:
            name: ours, unique.
            kind: names the driver.
            base_url: "" for the driver's own.
            settings: the fields that are no secrets.
            secret: as typed.
            default: it sends and gives the costs from now on.
            actor: who adds it.
            session_only: the secret is kept until the program ends, because the person chose so.

        Raises:
            InvalidInput: a name that is taken, an unknown kind, a bad field or address.
            SecretStoreError: when the secret would be forgotten with this process and nobody chose that.
        """
        name = clean_name(name, later("provider"))
        account = checked_account(ProviderAccount(name, kind, base_url, dict(settings), secret))
        with self._database.begin() as uow:
            provider_id = uow.providers.add(
                name, account.kind, account.base_url, account.settings, is_default=default, at=self._clock()
            )
            uow.activity.add(
                self._clock(), actor, "provider_added", name, driver=account.kind, base_url=account.base_url
            )
            if uow.providers.by_id(provider_id).is_default:
                # Its costs are not known yet: what the former provider asks must not be taken for them.
                convert_costs(uow, self._clock())
            # Last inside the transaction: without its secret no account is stored.
            self.keep_secret(provider_id, account.secret, session_only=session_only)
            return uow.providers.by_id(provider_id)

    def list_providers(self) -> list[StoredProvider]:
        """Return all accounts by name."""
        with self._database.read() as uow:
            return uow.providers.list_all()

    def by_id(self, provider_id: int) -> StoredProvider:
        """Return the account with the id."""
        with self._database.read() as uow:
            return uow.providers.by_id(provider_id)

    def open(self, name: str) -> tuple[StoredProvider, Provider]:
        """Return an account and its driver, secret included.

        Raises:
            NotFound: no such account.
            SecretStoreError: its secret cannot be read.
        """
        with self._database.read() as uow:
            stored = uow.providers.get(name)
        return stored, self.connect(stored)

    def connect(self, stored: StoredProvider) -> Provider:
        """Return the driver of a stored account.

        Raises:
            SecretStoreError: its secret cannot be read.
        """
        secret = self._secrets.load(secret_name(stored.provider_id))
        if secret is None:
            raise SecretStoreError(
                tr("The secret of “{name}” is not in this computer's secret store. Enter it again.", name=stored.name)
            )
        currency = stored.answer.currency if stored.answer is not None else None
        account = ProviderAccount(stored.name, stored.kind, stored.base_url, stored.settings, secret, currency)
        return self._connect(account)

    def balance(self, name: str) -> Balance:
        """Return the balance at the provider; what goes wrong is remembered with the account.

        Raises:
            ProviderAuthError: wrong credentials.
            ProviderError: anything else the provider did.
        """
        stored, provider = self.open(name)
        started = time.monotonic()
        balance = self._noting_errors(stored, provider.balance)
        self.note_answer(stored.provider_id, balance, round((time.monotonic() - started) * 1000))
        return balance

    def note_answer(self, provider_id: int, balance: Balance, response_ms: int) -> None:
        """Remember a good answer of a provider, and how long it took."""
        answer = Answer(self._clock(), response_ms, f"{balance.amount:f}", balance.currency)
        with self._database.begin() as uow:
            uow.providers.note_answer(provider_id, answer)

    def test(self, name: str, *, actor: str) -> Balance:
        """Ask the provider with the stored credentials; when it answers, a paused route is used again.

        Raises:
            ProviderAuthError: wrong credentials.
            ProviderError: anything else the provider did.
        """
        balance = self.balance(name)
        with self._database.begin() as uow:
            stored = uow.providers.get(name)
            if stored.paused_reason is not None:
                uow.providers.pause(stored.provider_id, None)
                uow.activity.add(self._clock(), actor, "route_resumed", stored.name)
        return balance

    def sync_costs(self, name: str, *, actor: str, job: Job) -> CostSync:
        """Pull every country's cost.

        Raises:
            PartialSync: the provider failed in the middle: countries that came whole are stored, the others stay as before.
            ProviderError: the provider failed before; the costs from before stay.
            Cancelled: the person stopped it; the costs from before stay.
        """
        stored, provider = self.open(name)
        if stored.answer is None and provider.capabilities.cost_in_send_answer:
            # What a send costs is kept in the currency that the account told with its balance.
            self.balance(name)
        pull = CostPull(job)
        try:
            pull.run(provider)
        except ProviderError as error:
            told = self._store_partly(stored, pull, error, actor) if pull.rows else error
            self._note_error(stored, told)
            raise told from error
        rows = pull.rows
        if not rows:
            raise ProviderError(tr("“{name}” lists no price at all. The costs from before stay.", name=name))
        with self._database.begin() as uow:
            difference, refresh = store_costs(uow, stored, rows, self._clock, actor, ranges=pull.ranges)
        return CostSync(len({row.country for row in rows}), len(rows), difference, refresh)

    def _store_partly(self, stored: StoredProvider, pull: CostPull, cause: ProviderError, actor: str) -> PartialSync:
        with self._database.begin() as uow:
            store_costs(
                uow, stored, pull.rows, self._clock, actor, only=pull.countries, ranges=pull.ranges
            )  # fmt: skip
            partial = pull.partial(cause, uow.costs.countries_of(stored.provider_id))
            uow.providers.note_missed(stored.provider_id, partial.missed)
            return partial

    def set_exchange_rate(self, source: str, target: str, rate: Decimal, day: date, *, actor: str) -> None:
        """Store what one unit of ``source`` is worth in ``target`` from ``day`` on, and convert the costs anew.

        Raises:
            InvalidInput: unknown or equal currencies, or a rate that is none.
        """
        source, target = parse_currency(source), parse_currency(target)
        if source == target:
            raise InvalidInput(tr("A currency needs no rate into itself."), fields={"to": target})
        if not rate.is_finite() or not 0 < rate <= MAX_EXCHANGE_RATE:
            raise InvalidInput(tr("{rate} is not an exchange rate.", rate=str(rate)[:40]), fields={"rate": str(rate)})
        with self._database.begin() as uow:
            uow.exchange_rates.set(source, target, rate, day)
            uow.activity.add(
                self._clock(), actor, "rate_set", f"{source}/{target}", rate=str(rate), date=day.isoformat()
            )
            refresh_costs(uow, self._clock(), actor)

    def _switch(self, name: str, *, on: bool, actor: str) -> Switches:
        with self._database.begin() as uow:
            uow.settings.set(name, "on" if on else "off")
            uow.activity.add(self._clock(), actor, "switched", name, on=on)
            return read_switches(uow)

    def keep_secret(self, provider_id: int, secret: str, *, session_only: bool = False) -> None:
        """Keep the secret of an account in the secret store.

        Raises:
            SecretStoreError: it would be forgotten with this process, and the person did not choose ``session_only``.
        """
        if session_only:
            self._secrets.keep_for_session(secret_name(provider_id), secret)
        elif self._secrets.save(secret_name(provider_id), secret) is Where.SESSION:
            state = self._secrets.describe()
            raise SecretStoreError(
                tr("The provider was not saved. {why}", why=state.refusal or state.banner), code="no_secret_store"
            )

    def _noting_errors(self, stored: StoredProvider, work: Callable[[], T]) -> T:
        try:
            return work()
        except ProviderError as error:
            self._note_error(stored, error)
            raise

    def _note_error(self, stored: StoredProvider, error: AppError) -> None:
        with self._database.begin() as uow:
            uow.providers.note_error(stored.provider_id, error.user_message, self._clock())


def read_switches(uow: UnitOfWork) -> Switches:
    """Return what is switched on; a fresh database has everything off."""
    return Switches(uow.settings.get("service") == "on", uow.settings.get("api") == "on")


def default_provider(uow: UnitOfWork) -> StoredProvider:
    """Return the account that sends and gives the costs.

    Raises:
        NotFound: before the first provider.
    """
    stored = uow.providers.default()
    if stored is None:
        raise NotFound(tr("There is no provider yet. Add one first."))
    return stored


def store_costs(
    uow: UnitOfWork, stored: StoredProvider, rows: list[CostRow], clock: Clock, actor: str, *, expected: Costs | None = None,
    only: Collection[str] | None = None, ranges: Iterable[RangeRow] | None = None,
) -> tuple[CostDifference, CostRefresh]:  # fmt: skip
    """Make ``rows`` the provider's costs; those of the default provider become the costs of the price lists.

    Args:
        uow: the transaction.
        stored: the provider.
        rows: all of its costs, or with ``only`` all of those countries.
        clock: gives now.
        actor: who asks.
        expected: what its costs must be before; anything without it.
        only: the countries that are known anew; the others keep their costs, and the sync counts as none.
        ranges: the numbers of its networks, all or of the countries ``only``; None leaves what is known of them.

    Raises:
        NotFound: it was removed.
        StaleData: there is something ``expected``, and its costs are not that.
    """
    # Read again: while costs are pulled for minutes, it may have become the default.
    now, stored = clock(), uow.providers.lock(stored.provider_id)
    difference = uow.costs.replace(stored.provider_id, rows, expected=expected, only=only)
    if ranges is not None:
        uow.number_ranges.replace(stored.provider_id, ranges, only=only)
    if only is None:
        uow.providers.note_sync(stored.provider_id, now)
    refresh = refresh_costs(uow, now, actor) if stored.is_default else CostRefresh(CostMoves(), Followed())
    uow.activity.add(now, actor, "costs_stored", stored.name, rates=len(rows), raised=difference.raised,
                     lowered=difference.lowered, new=difference.new, closed=difference.closed,
                     followed=refresh.followed.rows, left=len(refresh.followed.left))  # fmt: skip
    return difference, refresh


def secret_name(provider_id: int) -> str:
    """Return what the secret store calls the secret of an account."""
    # By id, not by name: a renamed account keeps its secret, and a name used again never finds an old one.
    return f"provider/{provider_id}"
