"""What providers ask for, and how it becomes the cost of a price list's rows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import (
    BigInteger,
    Connection,
    SmallInteger,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from desktop_app.domain.errors import StaleData
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_PRICE_MICRO, amount_of, micro_ceiling
from desktop_app.domain.pace import paced
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import UTCDateTime, micros_since_epoch
from desktop_app.storage.models.accounts import provider
from desktop_app.storage.models.prices import cost_change, price_list, provider_cost, rate


@dataclass(frozen=True, slots=True)
class CostRow:
    """One stored cost: ``cost`` in micro-units of ``currency``, rounded up; ``text`` as the provider spells it."""

    country: str
    mccmnc: str | None
    network: str
    text: str
    cost: int
    currency: str


@dataclass(frozen=True, slots=True)
class CountryCost:
    """What a provider asks for a country: micro-units of ``currency``."""

    country: str
    provider: str
    cost: int
    currency: str


Costs = Mapping[tuple[str, str | None], CostRow]


@dataclass(frozen=True, slots=True)
class CostDifference:
    """What a pull of costs changed, counted in rows."""

    new: int
    raised: int
    lowered: int
    closed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class CostMoves:
    """How the costs of a price list moved, counted in countries; one without a cost before or now did not move."""

    up: int = 0
    down: int = 0


_Place = tuple[str, str]
# Network, micro-units in the list's currency or None, and 1 where a rate is missing; plain, because there are many.
_Cost = tuple[str, int | None, int]
_UNKNOWN: Final[tuple[int | None, str, int | None, int]] = (None, "", None, 0)

# ON CONFLICT is the same in both databases; the construct's name is only where SQLAlchemy keeps it.
_store = postgresql_insert(provider_cost).values(
    provider_id=bindparam("provider"), country=bindparam("iso"), mccmnc=bindparam("code"), network=bindparam("operator"),
    cost_text=bindparam("text"), cost_micro=bindparam("cost"), currency=bindparam("unit"),
)  # fmt: skip
_STORE = BulkStatement(
    _store.on_conflict_do_update(
        index_elements=["provider_id", "country", "mccmnc"],
        set_={name: _store.excluded[name] for name in ("network", "cost_text", "cost_micro", "currency")},
    ),
    ("provider", "iso", "code", "operator", "text", "cost", "unit"),
)
_CLOSE = BulkStatement(
    delete(provider_cost).where(
        provider_cost.c.provider_id == bindparam("provider"),
        provider_cost.c.country == bindparam("iso"),
        provider_cost.c.mccmnc == bindparam("code"),
    ),
    ("provider", "iso", "code"),
)
_rate = postgresql_insert(rate).values(
    list_id=bindparam("list"), country=bindparam("iso"), mccmnc=bindparam("code"), network=bindparam("operator"),
    cost_micro=bindparam("cost"), cost_unconverted=bindparam("unconverted"), manual=bindparam("by_hand"),
)  # fmt: skip
_RATE = BulkStatement(
    _rate.on_conflict_do_update(
        index_elements=["list_id", "country", "mccmnc"],
        set_={name: _rate.excluded[name] for name in ("network", "cost_micro", "cost_unconverted")},
    ),
    ("list", "iso", "code", "operator", "cost", "unconverted", "by_hand"),
)
_NO_COST = BulkStatement(
    update(rate)
    .values(cost_micro=null(), cost_unconverted=bindparam("converted"))
    .where(rate.c.id == bindparam("rate")),
    ("rate", "converted"),
)
_TRACED = ("rate_id", "at", "before_micro", "after_micro")
_TRACE = BulkStatement(
    insert(cost_change).values(
        rate_id=bindparam("rate"),
        at=bindparam("moment"),
        before_micro=bindparam("before"),
        after_micro=bindparam("after"),
    ),
    ("rate", "moment", "before", "after"),
)


class CostRepository:
    """Costs per provider."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_provider(self, provider_id: int) -> list[CostRow]:
        """Return the provider's costs by country and network."""
        own = provider_cost.c
        columns = (own.country, own.mccmnc, own.network, own.cost_text, own.cost_micro, own.currency)
        statement = select(*columns).where(own.provider_id == provider_id).order_by(own.country, own.mccmnc)
        # All at once: row by row takes twice as long, and there may be forty thousand.
        return [
            CostRow(iso, code or None, network, text, cost, currency)
            for iso, code, network, text, cost, currency in paced(self._connection.execute(statement))
        ]

    def countries_of(self, provider_id: int) -> frozenset[str]:
        """Return the countries that the provider has costs for."""
        own = provider_cost.c
        return frozenset(self._connection.scalars(select(own.country).where(own.provider_id == provider_id).distinct()))

    def elsewhere(self, provider_id: int) -> list[CountryCost]:
        """Return what the other providers ask for each country, the cheapest number first.

        A provider's cost of a country is its own country price, else that of its dearest network (decisions.md 3).
        """
        own = provider_cost.c
        dearest = func.row_number().over(
            partition_by=(own.provider_id, own.country),
            order_by=(case((own.mccmnc == "", 0), else_=1), own.cost_micro.desc()),
        )
        columns = (own.provider_id, own.country, own.cost_micro, own.currency)
        ranked = select(*columns, dearest.label("place")).where(own.provider_id != provider_id).subquery()
        statement = (
            select(ranked.c.country, provider.c.name, ranked.c.cost_micro, ranked.c.currency)
            .join(provider, provider.c.id == ranked.c.provider_id)
            .where(ranked.c.place == 1)
            .order_by(ranked.c.country, ranked.c.cost_micro, provider.c.name)
        )
        return [CountryCost(*row) for row in self._connection.execute(statement).all()]

    def currencies_of(self, provider_id: int) -> list[str]:
        """Return the currencies of the provider's costs."""
        statement = select(provider_cost.c.currency).where(provider_cost.c.provider_id == provider_id)
        return list(self._connection.scalars(statement.distinct().order_by(provider_cost.c.currency)))

    def replace(
        self, provider_id: int, costs: Iterable[CostRow], *, expected: Costs | None = None, store: bool = True,
        only: Collection[str] | None = None,
    ) -> CostDifference:  # fmt: skip
        """Make ``costs`` the provider's costs and return the difference; to store them, lock the provider first.

        Args:
            provider_id: whose.
            costs: all of them, or with ``only`` all of those countries.
            expected: what the provider's costs must be before; anything without it.
            store: False only compares.
            only: the countries that are replaced; None for all.

        Raises:
            StaleData: they are not ``expected``.
        """
        before = by_place(self.of_provider(provider_id))
        if expected is not None and before != expected:
            raise StaleData(tr("The costs changed since the file was read. Read it again."))
        if only is not None:
            before = {place: row for place, row in before.items() if row.country in only}
        after = by_place(costs)
        raised = lowered = unchanged = 0
        written = []
        for place, row in after.items():
            old = before.get(place)
            if old == row:
                unchanged += 1
                continue
            written.append((provider_id, row.country, row.mccmnc or "", row.network, row.text, row.cost, row.currency))
            if old is not None:
                same_price = old.cost == row.cost and old.currency == row.currency
                unchanged += same_price
                raised += not same_price and row.cost >= old.cost
                lowered += not same_price and row.cost < old.cost
        closed = [(provider_id, iso, code or "") for iso, code in before.keys() - after.keys()]
        if store:
            _STORE.run(self._connection, written)
            _CLOSE.run(self._connection, closed)
        new = len(after.keys() - before.keys())
        return CostDifference(new, raised, lowered, len(closed), unchanged)

    def refresh_rates(
        self, list_id: int, provider_id: int, rates: dict[str, Decimal | None], at: datetime
    ) -> CostMoves:
        """Give the rows of a list the provider's costs in the list's currency; every row whose cost moved leaves a trace.

        The country's cost is the provider's own country price, else its dearest network (decisions.md 3).

        Args:
            list_id: the price list.
            provider_id: whose costs.
            rates: exchange rate into the list's currency by currency, None where there is none.
            at: when the costs move.
        """
        # Two at once would each compare with what the other is about to change.
        lock = select(price_list.c.id).where(price_list.c.id == list_id).with_for_update(key_share=True)
        self._connection.execute(lock)
        newest = self._connection.scalar(select(func.max(rate.c.id)).where(rate.c.list_id == list_id)) or 0
        before = self._rows(list_id)
        moment, moves = micros_since_epoch(at), CostMoves()
        written: list[tuple[object, ...]] = []
        trace: list[tuple[int | None, int, int | None, int | None]] = []
        for place, new in self._costs_of_list(provider_id, rates).items():
            rate_id, _, old_cost, _ = old = before.pop(place, _UNKNOWN)
            if rate_id is not None and new == old[1:]:
                continue
            network, cost, unconverted = new
            written.append((list_id, *place, network, cost, unconverted, 0))
            if rate_id is not None and cost != old_cost:
                trace.append((rate_id, moment, old_cost, cost))
                moves = _counted(moves, place, old_cost, cost)
        trace += [
            (rate_id, moment, old_cost, None) for rate_id, _, old_cost, _ in before.values() if old_cost is not None
        ]
        lost = [(rate_id, 0) for rate_id, _, cost, unconverted in before.values() if cost is not None or unconverted]
        _RATE.run(self._connection, written)
        _NO_COST.run(self._connection, lost)
        _TRACE.run(self._connection, trace)
        self._trace_new(list_id, newest, at)
        return moves

    def _rows(self, list_id: int) -> dict[_Place, tuple[int | None, str, int | None, int]]:
        """Return the rows of a list by place: (id, network, cost, unconverted as 0 or 1)."""
        flag = type_coerce(rate.c.cost_unconverted, SmallInteger)
        columns = (rate.c.country, rate.c.mccmnc, rate.c.id, rate.c.network, rate.c.cost_micro, flag)
        found = self._connection.execute(select(*columns).where(rate.c.list_id == list_id)).all()
        return {(iso, code): (rate_id, network, cost, off) for iso, code, rate_id, network, cost, off in found}

    def _costs_of_list(self, provider_id: int, rates: dict[str, Decimal | None]) -> dict[_Place, _Cost]:
        """Return what each place costs by the provider's costs."""
        found: dict[_Place, _Cost] = {}
        countries: dict[str, tuple[int | None, bool, bool]] = {}
        own = provider_cost.c
        columns = (own.country, own.mccmnc, own.network, own.cost_micro, own.currency)
        rows = list(paced(self._connection.execute(select(*columns).where(own.provider_id == provider_id))))
        for iso, code, network, asked, currency in paced(rows):
            cost = _converted(asked, rates.get(currency))
            unconverted = cost is None
            if not code:
                countries[iso] = (cost, unconverted, True)
                continue
            found[iso, code] = (network, cost, int(unconverted))
            known, missing, own_price = countries.get(iso, (None, False, False))
            if not own_price:
                dearest = cost if known is None or (cost is not None and cost > known) else known
                countries[iso] = (dearest, missing or unconverted, False)
        for iso, (cost, unconverted, _) in countries.items():
            # One network that cannot be converted may be the dearest: then the country's cost is not known either.
            found[iso, ""] = ("", None if unconverted else cost, int(unconverted))
        return found

    def _trace_new(self, list_id: int, newest: int, at: datetime) -> None:
        """Write the first cost of the rows that came after row ``newest``."""
        first = select(rate.c.id, literal(at, UTCDateTime), cast(null(), BigInteger), rate.c.cost_micro).where(
            rate.c.list_id == list_id, rate.c.id > newest, rate.c.cost_micro.is_not(None)
        )
        self._connection.execute(insert(cost_change).from_select(_TRACED, first.order_by(rate.c.id)))


def _counted(moves: CostMoves, place: _Place, old: int | None, new: int | None) -> CostMoves:
    if place[1] or old is None or new is None:
        return moves
    return CostMoves(moves.up + 1, moves.down) if new > old else CostMoves(moves.up, moves.down + 1)


def _converted(cost: int, exchange_rate: Decimal | None) -> int | None:
    if exchange_rate is None:
        return None
    if exchange_rate == 1:
        return cost
    converted = micro_ceiling(amount_of(cost) * exchange_rate)
    # Beyond what a price may be the rate is no rate that anybody could sell at.
    return converted if converted <= MAX_PRICE_MICRO else None


def by_place(costs: Iterable[CostRow]) -> dict[tuple[str, str | None], CostRow]:
    """Return ``costs`` by (country, MCC/MNC)."""
    return {(row.country, row.mccmnc): row for row in costs}


def cost_micro(price: Decimal) -> int:
    """Return a provider's price as whole micro-units, rounded up (decisions.md 3)."""
    return micro_ceiling(price)
