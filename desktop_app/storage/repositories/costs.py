"""What providers ask for, and how it becomes the cost of a price list's rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from desktop_app.domain.money import MAX_PRICE_MICRO, amount_of, micro_ceiling
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.models.prices import provider_cost, rate


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
class CostDifference:
    """What a pull of costs changed, counted in rows."""

    new: int
    raised: int
    lowered: int
    closed: int
    unchanged: int


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


class CostRepository:
    """Costs per provider."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_provider(self, provider_id: int) -> list[CostRow]:
        """Return the provider's costs by country and network."""
        statement = select(provider_cost).where(provider_cost.c.provider_id == provider_id)
        rows = self._connection.execute(statement.order_by(provider_cost.c.country, provider_cost.c.mccmnc))
        return [
            CostRow(row.country, row.mccmnc or None, row.network, row.cost_text, row.cost_micro, row.currency)
            for row in rows
        ]

    def replace(self, provider_id: int, costs: Iterable[CostRow], *, store: bool = True) -> CostDifference:
        """Make ``costs`` the provider's costs and return the difference; with ``store`` False only compare."""
        before = {(row.country, row.mccmnc): row for row in self.of_provider(provider_id)}
        after = {(row.country, row.mccmnc): row for row in costs}
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

    def refresh_rates(self, list_id: int, provider_id: int, rates: dict[str, Decimal | None]) -> None:
        """Give the rows of a list the provider's costs in the list's currency.

        The country's cost is the provider's own country price, else its dearest network (decisions.md 3).

        Args:
            list_id: the price list.
            provider_id: whose costs.
            rates: exchange rate into the list's currency by currency, None where there is none.
        """
        statement = update(rate).where(rate.c.list_id == list_id)
        self._connection.execute(statement.values(cost_micro=None, cost_unconverted=False))
        rows = []
        countries: dict[str, tuple[int | None, bool, bool]] = {}
        for row in self.of_provider(provider_id):
            cost = _converted(row.cost, rates.get(row.currency))
            unconverted = cost is None
            if row.mccmnc is None:
                countries[row.country] = (cost, unconverted, True)
                continue
            rows.append((list_id, row.country, row.mccmnc, row.network, cost, int(unconverted), 0))
            known, missing, own = countries.get(row.country, (None, False, False))
            if not own:
                dearest = cost if known is None or (cost is not None and cost > known) else known
                countries[row.country] = (dearest, missing or unconverted, False)
        for iso, (cost, unconverted, _own) in countries.items():
            # One network that cannot be converted may be the dearest: then the country's cost is not known either.
            rows.append((list_id, iso, "", "", None if unconverted else cost, int(unconverted), 0))
        _RATE.run(self._connection, rows)


def _converted(cost: int, exchange_rate: Decimal | None) -> int | None:
    if exchange_rate is None:
        return None
    if exchange_rate == 1:
        return cost
    converted = micro_ceiling(amount_of(cost) * exchange_rate)
    # Beyond what a price may be the rate is no rate that anybody could sell at.
    return converted if converted <= MAX_PRICE_MICRO else None


def cost_micro(price: Decimal) -> int:
    """Return a provider's price as whole micro-units, rounded up (decisions.md 3)."""
    return micro_ceiling(price)
