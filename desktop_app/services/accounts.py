"""Provider accounts, their costs, exchange rates, and the switches of the service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from desktop_app.domain.clients import clean_name
from desktop_app.domain.errors import AppError, InvalidInput, NotFound, ProviderError, SecretStoreError
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_PRICE_MICRO, parse_currency
from desktop_app.providers.base import Balance, Provider, ProviderAccount
from desktop_app.providers.registry import checked_account, open_provider
from desktop_app.secret_store import SecretStore, Where
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.storage.repositories.accounts import StoredProvider
from desktop_app.storage.repositories.costs import CostDifference, CostRow, cost_micro
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
    """What pulling the costs of a provider brought."""

    countries: int
    rates: int
    difference: CostDifference


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
    ) -> StoredProvider:
        """Store an account, its secret in the secret store; nobody is asked whether the secret is right.

        Raises:
            InvalidInput: a name that is taken, an unknown kind, a bad field or address.
            SecretStoreError: when the secret would be forgotten with this process.
        """
        name = clean_name(name, "provider")
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
                convert_costs(uow, self._clock().date())
            # Last inside the transaction: without its secret no account is stored.
            self._keep(provider_id, account.secret)
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
        secret = self._secrets.load(_secret_name(stored.provider_id))
        if secret is None:
            raise SecretStoreError(
                tr("The secret of “{name}” is not in this computer's secret store. Enter it again.", name=stored.name)
            )
        return self._connect(ProviderAccount(stored.name, stored.kind, stored.base_url, stored.settings, secret))

    def balance(self, name: str) -> Balance:
        """Return the balance at the provider; what goes wrong is remembered with the account.

        Raises:
            ProviderAuthError: wrong credentials.
            ProviderError: anything else the provider did.
        """
        stored, provider = self.open(name)
        return self._noting_errors(stored, provider.balance)

    def test(self, name: str, *, actor: str) -> Balance:
        """Ask the provider with the stored credentials; when it answers, a paused route is used again.

        Raises:
            ProviderAuthError: wrong credentials.
            ProviderError: anything else the provider did.
        """
        balance = self.balance(name)
        with self._database.begin() as uow:
            stored = uow.providers.get(name)
            uow.providers.note_error(stored.provider_id, None)
            if stored.paused_reason is not None:
                uow.providers.pause(stored.provider_id, None)
                uow.activity.add(self._clock(), actor, "route_resumed", stored.name)
        return balance

    def sync_costs(self, name: str, *, actor: str, job: Job) -> CostSync:
        """Pull every country's cost; stored whole or not at all.

        Raises:
            ProviderError: the provider failed; the costs from before stay.
            Cancelled: the person stopped it; the costs from before stay.
        """
        stored, provider = self.open(name)
        rows = self._noting_errors(stored, lambda: _pull(provider, job))
        if not rows:
            raise ProviderError(tr("“{name}” lists no price at all. The costs from before stay.", name=name))
        with self._database.begin() as uow:
            difference = store_costs(uow, stored, rows, self._clock, actor)
        return CostSync(len({row.country for row in rows}), len(rows), difference)

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
            convert_costs(uow, self._clock().date())

    def _switch(self, name: str, *, on: bool, actor: str) -> Switches:
        with self._database.begin() as uow:
            uow.settings.set(name, "on" if on else "off")
            uow.activity.add(self._clock(), actor, "switched", name, on=on)
            return read_switches(uow)

    def _keep(self, provider_id: int, secret: str) -> None:
        if self._secrets.save(_secret_name(provider_id), secret) is Where.SESSION:
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
            uow.providers.note_error(stored.provider_id, error.user_message)


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
    uow: UnitOfWork, stored: StoredProvider, rows: list[CostRow], clock: Clock, actor: str
) -> CostDifference:
    """Make ``rows`` the provider's costs; those of the default provider become the costs of the price lists."""
    now = clock()
    difference = uow.costs.replace(stored.provider_id, rows)
    uow.providers.note_sync(stored.provider_id, now)
    if stored.is_default:
        convert_costs(uow, now.date())
    uow.activity.add(now, actor, "costs_stored", stored.name, rates=len(rows), raised=difference.raised,
                     lowered=difference.lowered, new=difference.new, closed=difference.closed)  # fmt: skip
    return difference


def convert_costs(uow: UnitOfWork, day: date) -> None:
    """Give every price list the default provider's costs in its own currency, by the rates of ``day``."""
    stored = uow.providers.default()
    if stored is None:
        return
    currencies = {row.currency for row in uow.costs.of_provider(stored.provider_id)}
    for price_list in uow.prices.all_lists():
        rates = {currency: uow.exchange_rates.find(currency, price_list.currency, day) for currency in currencies}
        uow.costs.refresh_rates(price_list.list_id, stored.provider_id, rates)


def _pull(provider: Provider, job: Job) -> list[CostRow]:
    rows = []
    for country in provider.list_costs(job.step):
        for cost in country.costs:
            micro = cost_micro(cost.price)
            if not 0 < micro <= MAX_PRICE_MICRO:
                raise ProviderError(
                    tr("The provider lists {price} {currency} for {country}, which is no usable cost.",
                       price=cost.price_text[:40], currency=cost.currency, country=cost.country)
                )  # fmt: skip
            rows.append(CostRow(cost.country, cost.mccmnc, cost.network, cost.price_text, micro, cost.currency))
    return rows


def _secret_name(provider_id: int) -> str:
    # By id, not by name: a renamed account keeps its secret, and a name used again never finds an old one.
    return f"provider/{provider_id}"
