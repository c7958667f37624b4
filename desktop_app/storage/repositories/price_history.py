"""How costs and prices moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from desktop_app.storage.columns import is_off
from desktop_app.storage.lists import among
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.prices import client_price, cost_change, price_change, price_change_row, rate
from desktop_app.storage.repositories.prices import FollowedRule


@dataclass(frozen=True, slots=True)
class CostMove:
    """How the cost of a row moved over a time.

    Attributes:
        country: ISO 3166 alpha-2.
        mccmnc: None for the country's own row.
        before: micro-units in the list's currency, at the beginning.
        after: what it costs now.
        at: when it moved last.
    """

    country: str
    mccmnc: str | None
    before: int
    after: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CostStep:
    """One move of a row's cost; None where there was or is none."""

    rate_id: int
    at: datetime
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One change of a row's own price, and the saved change that made it; prices are None where there was or is none."""

    rate_id: int
    change_id: int
    at: datetime
    actor: str
    label: str
    before: int | None
    before_manual: bool
    before_rule_id: int | None
    after: int | None
    after_manual: bool
    after_rule_id: int | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """When a row's own price was changed last, and by whom."""

    country: str
    mccmnc: str | None
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class ClientPrice:
    """The price that one client has of its own, in micro-units of its list's currency."""

    client: str
    mccmnc: str | None
    price: int


class PriceHistoryRepository:
    """What moved, and when. Every question has a bound: history grows for ever."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def moved_costs(self, list_id: int, since: datetime, limit: int) -> list[CostMove]:
        """Return the rows that cost something else than before the first move at or after ``since``, by country.

        Rows without a cost before or now are left out: a new destination is no news about money.
        """
        moves = cost_change.alias("moves")
        spans = (
            select(moves.c.rate_id, func.min(moves.c.id).label("first_id"), func.max(moves.c.at).label("last_at"))
            .where(moves.c.at >= since, moves.c.before_micro.is_not(None))
            .group_by(moves.c.rate_id)
            .subquery()
        )
        statement = (
            select(rate.c.country, rate.c.mccmnc, cost_change.c.before_micro, rate.c.cost_micro, spans.c.last_at)
            .join(spans, spans.c.rate_id == rate.c.id)
            .join(cost_change, cost_change.c.id == spans.c.first_id)
            .where(rate.c.list_id == list_id, rate.c.cost_micro != cost_change.c.before_micro)
            .order_by(rate.c.country, rate.c.mccmnc)
            .limit(limit)
        )
        return [
            CostMove(row.country, row.mccmnc or None, row.before_micro, row.cost_micro, row.last_at)
            for row in self._connection.execute(statement)
        ]

    def last_move(self, since: datetime) -> datetime | None:
        """Return when a known cost became another one last, None when none did at or after ``since``."""
        statement = select(cost_change.c.at).where(
            cost_change.c.at >= since, cost_change.c.before_micro.is_not(None), cost_change.c.after_micro.is_not(None)
        )
        return self._connection.scalar(statement.order_by(cost_change.c.at.desc()).limit(1))

    def cost_steps(self, rate_id: int, since: datetime, limit: int) -> list[CostStep]:
        """Return the newest moves of a row's cost at or after ``since``, newest first."""
        own = cost_change.c
        statement = select(own.rate_id, own.at, own.before_micro, own.after_micro).where(
            own.rate_id == rate_id, own.at >= since
        )
        rows = self._connection.execute(statement.order_by(own.id.desc()).limit(limit))
        return [CostStep(row.rate_id, row.at, row.before_micro, row.after_micro) for row in rows]

    def price_steps(self, list_id: int, rate_ids: Sequence[int], since: datetime, limit: int) -> list[PriceStep]:
        """Return the newest changes of rows' own prices at or after ``since``, newest first."""
        own, row = price_change.c, price_change_row.c
        # Rows of changes have no index by rate: only those of the changes of that time are read.
        first = self._connection.scalar(
            select(func.min(own.first_row_id)).where(own.list_id == list_id, own.at >= since)
        )
        if first is None:
            return []
        statement = (
            select(price_change_row, own.at, own.actor, own.label)
            .join(price_change, own.id == row.change_id)
            .where(row.id >= first, among(row.rate_id, rate_ids), own.at >= since)
            .order_by(row.id.desc())
            .limit(limit)
        )
        return [_price_step(found) for found in self._connection.execute(statement)]

    def last_changes(self, list_id: int, since: datetime, most: int) -> list[RowChange]:
        """Return the last change of each row's own price at or after ``since``, among the newest ``most`` rows written."""
        own, row = price_change.c, price_change_row.c
        first, newest = self._connection.execute(
            select(func.min(own.first_row_id), func.max(own.last_row_id)).where(own.list_id == list_id, own.at >= since)
        ).one()
        if first is None:
            return []
        last = (
            select(func.max(row.id).label("id")).where(row.id >= max(first, newest - most)).group_by(row.rate_id)
        ).subquery()
        statement = (
            select(rate.c.country, rate.c.mccmnc, own.at, own.actor)
            .select_from(last)
            .join(price_change_row, row.id == last.c.id)
            .join(price_change, own.id == row.change_id)
            .join(rate, rate.c.id == row.rate_id)
            .where(rate.c.list_id == list_id, own.at >= since)
        )
        return [
            RowChange(iso, code or None, at, actor)
            for iso, code, at, actor in self._connection.execute(statement).all()
        ]

    def client_prices(self, country: str, mccmnc: str | None, limit: int) -> tuple[int, list[ClientPrice]]:
        """Return how many clients have a price of their own for a destination or its country, and the first by name."""
        places = ("",) if mccmnc is None else ("", mccmnc)
        where = (client_price.c.country == country, client_price.c.mccmnc.in_(places))
        count = self._connection.scalar(select(func.count(client_price.c.client_id.distinct())).where(*where)) or 0
        statement: Select[Any] = (
            select(client.c.name, client_price.c.mccmnc, client_price.c.price_micro)
            .join(client, client.c.id == client_price.c.client_id)
            .where(*where)
            .order_by(client.c.name_key, client_price.c.mccmnc.desc())
            .limit(limit)
        )
        rows = self._connection.execute(statement)
        return int(count), [ClientPrice(row.name, row.mccmnc or None, row.price_micro) for row in rows]

    def limits_of(self, rate_id: int) -> str | None:
        """Return the text of the limits of the rule that a row follows, None when it follows none."""
        statement = select(price_change.c.limits).join(rate, rate.c.rule_change_id == price_change.c.id)
        found: str | None = self._connection.scalar(statement.where(rate.c.id == rate_id))
        return found

    def moved_rows(self, list_id: int, since: datetime) -> dict[int, int]:
        """Return the rows whose cost moved at or after ``since`` and that a rule made: rate id to the rule's change id."""
        moved = select(cost_change.c.rate_id).where(cost_change.c.at >= since)
        statement = select(rate.c.id, rate.c.rule_change_id).where(
            rate.c.list_id == list_id, rate.c.rule_change_id.is_not(None), rate.c.id.in_(moved)
        )
        return {row.id: row.rule_change_id for row in self._connection.execute(statement)}

    def followed_rules(self, list_id: int, since: datetime) -> list[FollowedRule]:
        """Return the rules that made the prices of the rows whose cost moved at or after ``since``."""
        moved = select(cost_change.c.rate_id).where(cost_change.c.at >= since)
        used = (
            select(rate.c.rule_change_id)
            .where(rate.c.list_id == list_id, is_off(rate.c.manual), rate.c.id.in_(moved))
            .distinct()
        )
        statement = select(price_change.c.id, price_change.c.rule, price_change.c.limits).where(
            price_change.c.id.in_(used)
        )
        found: dict[tuple[str, str], list[int]] = {}
        for row in self._connection.execute(statement.order_by(price_change.c.id)):
            found.setdefault((row.rule, row.limits), []).append(row.id)
        return [FollowedRule(rule, limits, tuple(ids)) for (rule, limits), ids in found.items()]


def _price_step(row: Any) -> PriceStep:
    return PriceStep(
        row.rate_id, row.change_id, row.at, row.actor, row.label, row.before_micro, row.before_manual, row.before_rule_id,
        row.after_micro, row.after_manual, row.after_rule_id,
    )  # fmt: skip
