"""Exchange rates as the window shows them; costs in another currency than the price list need one (decisions.md 4)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop_app.services.clock import Clock
from desktop_app.services.rule_following import refresh_costs
from desktop_app.storage.repositories.accounts import ExchangeRate as ExchangeRate
from desktop_app.storage.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class NeededRate:
    """A rate that costs are waiting for: from their currency into that of the price list."""

    source: str
    target: str


class ExchangeRatesService:
    """Lists the rates, says which are missing, and takes one back. ``AccountsService.set_exchange_rate`` sets them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def list_rates(self) -> list[ExchangeRate]:
        """Return every rate: by currencies, the newest day first."""
        with self._database.read() as uow:
            return uow.exchange_rates.list_all()

    def rate_of_day(self, source: str, target: str, day: date) -> Decimal | None:
        """Return the rate that was set for that very day, None when none was."""
        with self._database.read() as uow:
            return next(
                (one.rate for one in uow.exchange_rates.list_all()
                 if (one.source, one.target, one.day) == (source, target, day)),
                None,
            )  # fmt: skip

    def missing(self) -> list[NeededRate]:
        """Return the rates without which a cost of the default provider has no price."""
        day = self._clock().date()
        with self._database.read() as uow:
            stored = uow.providers.default()
            if stored is None:
                return []
            currencies = sorted({row.currency for row in uow.costs.of_provider(stored.provider_id)})
            targets = sorted({price_list.currency for price_list in uow.prices.all_lists()})
            return [
                NeededRate(source, target)
                for target in targets
                for source in currencies
                if uow.exchange_rates.find(source, target, day) is None
            ]

    def remove(self, source: str, target: str, day: date, *, actor: str) -> None:
        """Take the rate of a day back, and convert the costs anew by the one before, if any."""
        with self._database.begin() as uow:
            uow.exchange_rates.remove(source, target, day)
            uow.activity.add(self._clock(), actor, "rate_removed", f"{source}/{target}", date=day.isoformat())
            refresh_costs(uow, self._clock(), actor)
