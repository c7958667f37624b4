"""Sums of the traffic as figures a person reads: what arrived, what it brought, what it cost, in the main currency."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Final

from desktop_app.domain.messages import MessageStatus, MoneyState
from desktop_app.domain.money import amount_of, micro_half_up
from desktop_app.domain.percents import cut_margin, cut_percent
from desktop_app.storage.repositories.traffic import TrafficSum
from desktop_app.storage.unit_of_work import UnitOfWork

_FAILED: Final = (MessageStatus.UNDELIVERED, MessageStatus.REJECTED)
_UNDER_WAY: Final = (MessageStatus.UNKNOWN, MessageStatus.ACCEPTED, MessageStatus.SENT)
CHARGED: Final = (MoneyState.CAPTURED, MoneyState.REFUNDED)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was sent and what it earned. Counts are billed segments, money is micro-units of the main currency.

    Attributes:
        delivered: arrived.
        failed: did not arrive, or the provider refused it.
        expired: gave up waiting for the phone.
        pending: handed to the provider, not reported yet.
        revenue: what clients paid.
        costed: the part of it whose cost is known.
        cost: what providers charge for it.
        without_cost: charged segments whose cost is not known.
        without_rate: currencies that could not be converted; their money is in none of the sums.
    """

    delivered: int = 0
    failed: int = 0
    expired: int = 0
    pending: int = 0
    revenue: int = 0
    costed: int = 0
    cost: int = 0
    without_cost: int = 0
    without_rate: frozenset[str] = frozenset()

    @property
    def sent(self) -> int:
        """Everything that was handed to a provider."""
        return self.delivered + self.failed + self.expired + self.pending

    @property
    def profit(self) -> int:
        """What was earned where the cost is known."""
        return self.costed - self.cost

    @property
    def margin(self) -> int | None:
        """Profit of the revenue in hundredths of a percent, None without any."""
        return cut_margin(self.costed, self.cost) if self.costed else None

    @property
    def delivered_share(self) -> int | None:
        """The delivered of those whose end is known, in hundredths of a percent."""
        return cut_percent(self.delivered, self.delivered + self.failed + self.expired)

    def __add__(self, other: "Figures") -> "Figures":
        """Return both together."""
        return Figures(
            self.delivered + other.delivered, self.failed + other.failed, self.expired + other.expired,
            self.pending + other.pending, self.revenue + other.revenue, self.costed + other.costed,
            self.cost + other.cost, self.without_cost + other.without_cost, self.without_rate | other.without_rate,
        )  # fmt: skip


class MainMoney:
    """Converts into the main currency at today's rates.

    Attributes:
        currency: the main currency.
    """

    def __init__(self, uow: UnitOfWork, currency: str, day: date) -> None:
        self._find: Callable[[str, str], Decimal | None] = lambda source, target: uow.exchange_rates.find(
            source, target, day
        )
        self.currency = currency
        self._known: dict[str, Decimal | None] = {}

    def convert(self, amount: int, code: str) -> int | None:
        """Return micro-units of ``code`` in the main currency, None without a rate."""
        if code not in self._known:
            self._known[code] = self._rate(code)
        rate = self._known[code]
        return None if rate is None else micro_half_up(amount_of(amount) * rate)

    def _rate(self, code: str) -> Decimal | None:
        """Return the rate of a currency; where only the way back was entered, one divided by that."""
        rate = self._find(code, self.currency)
        back = self._find(self.currency, code) if rate is None else None
        return rate if back is None else 1 / back

    def figures(self, sums: Iterable[TrafficSum]) -> Figures:
        """Return sums of the traffic as figures."""
        return reduce(Figures.__add__, (self._one(each) for each in sums), Figures())

    def _one(self, each: TrafficSum) -> Figures:
        counts = _counts(each)
        if each.money not in CHARGED:
            return counts
        missing = set()
        # What was given back was no revenue; its cost stays.
        revenue = 0 if each.money is MoneyState.REFUNDED else self.convert(each.price, each.currency)
        cost = self.convert(each.cost, each.cost_currency) if each.cost_currency else None
        missing |= {each.currency} if revenue is None else set()
        missing |= {each.cost_currency} if each.cost_currency and cost is None else set()
        is_costed = revenue is not None and cost is not None
        money = Figures(
            revenue=revenue or 0, costed=(revenue or 0) if is_costed else 0, cost=(cost or 0) if is_costed else 0,
            without_cost=0 if each.cost_currency else each.segments, without_rate=frozenset(missing),
        )  # fmt: skip
        return counts + money


def _counts(each: TrafficSum) -> Figures:
    if each.status is MessageStatus.DELIVERED:
        return Figures(delivered=each.segments)
    if each.status in _FAILED:
        return Figures(failed=each.segments)
    if each.status is MessageStatus.EXPIRED:
        return Figures(expired=each.segments)
    return Figures(pending=each.segments) if each.status in _UNDER_WAY else Figures()
