"""Price lists and price changes: planned by the domain, written by one statement each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    bindparam,
    case,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.sql import Select

from desktop_app.domain.clients import name_key
from desktop_app.domain.errors import NotFound
from desktop_app.domain.formula import Condition, Formula
from desktop_app.domain.language import tr
from desktop_app.domain.pace import paced
from desktop_app.domain.pricing import PricePlan, SkipReason
from desktop_app.domain.rates import PlannedRow, Rate, SkippedRow
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import is_off, is_on
from desktop_app.storage.formulas import fails_sql, is_shared, layered, value_sql
from desktop_app.storage.lists import among
from desktop_app.storage.models.prices import (
    client_price,
    cost_change,
    country,
    price_change,
    price_change_row,
    price_list,
    rate,
    standing_rule,
)
from desktop_app.storage.upsert import insert_once, upsert


@dataclass(frozen=True, slots=True)
class PriceList:
    """A named set of prices in one currency."""

    list_id: int
    name: str
    currency: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A saved edit of a price list."""

    change_id: int
    list_id: int
    at: datetime
    actor: str
    label: str
    rule: str
    rows: int
    reverts_id: int | None


@dataclass(frozen=True, slots=True)
class FollowedRule:
    """A rule that rows follow, with its limits as text, and the changes through which they do."""

    rule: str
    limits: str
    change_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowEdit:
    """What one row becomes: a price by hand, or with ``follows_rule`` the price of the rule it keeps in mind."""

    price: int | None
    manual: bool
    follows_rule: bool = False


_CHANGE_ROW = BulkStatement(
    insert(price_change_row).values(
        change_id=bindparam("change"), rate_id=bindparam("rate"), before_micro=bindparam("before"),
        before_manual=bindparam("before_manual"), before_rule_id=bindparam("before_rule"), after_micro=bindparam("after"),
        after_manual=bindparam("after_manual"), after_rule_id=bindparam("after_rule"),
    ),
    ("change", "rate", "before", "before_manual", "before_rule", "after", "after_manual", "after_rule"),
)  # fmt: skip
_COPIED = ("change_id", "rate_id", "before_micro", "before_manual", "before_rule_id", "after_micro", "after_manual",
           "after_rule_id")  # fmt: skip
# A plan speaks of the cost only in rows that have one; the price before may be missing.
_NULLABLE = frozenset({"before"})


class PriceRepository:
    """Price lists, their rates and changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Lists

    def add_list(self, name: str, currency: str, parent_id: int | None = None) -> int:
        """Store a price list and return its id; when one of this name is there already, that one's id."""
        place = {"name_key": name_key(name)}
        insert_once(self._connection, price_list, place, {"name": name, "currency": currency, "parent_id": parent_id})
        named = select(price_list.c.id).where(price_list.c.name_key == name_key(name))
        return int(self._connection.execute(named).scalar_one())

    def list_by_id(self, list_id: int) -> PriceList:
        """Return the price list with the id."""
        row = self._connection.execute(select(price_list).where(price_list.c.id == list_id)).one()
        return PriceList(row.id, row.name, row.currency, row.parent_id)

    def default_list(self) -> PriceList | None:
        """Return the first price list: the one every new client gets."""
        row = self._connection.execute(select(price_list).order_by(price_list.c.id).limit(1)).one_or_none()
        return None if row is None else PriceList(row.id, row.name, row.currency, row.parent_id)

    def all_lists(self) -> list[PriceList]:
        """Return every price list."""
        rows = self._connection.execute(select(price_list).order_by(price_list.c.id))
        return [PriceList(row.id, row.name, row.currency, row.parent_id) for row in rows]

    def set_currency(self, list_id: int, currency: str) -> None:
        """Give a price list another currency; only while it has no prices. Its costs in the former one are forgotten."""
        mine = select(rate.c.id).where(rate.c.list_id == list_id)
        self._connection.execute(cost_change.delete().where(cost_change.c.rate_id.in_(mine)))
        costless = update(rate).where(rate.c.list_id == list_id).values(cost_micro=None, cost_unconverted=False)
        self._connection.execute(costless)
        self._connection.execute(update(price_list).where(price_list.c.id == list_id).values(currency=currency))

    def has_prices(self) -> bool:
        """Whether any price list or client has a price."""
        own = select(rate.c.id).where(rate.c.price_micro.is_not(None)).limit(1)
        special = select(client_price.c.client_id).limit(1)
        return self._connection.scalar(own) is not None or self._connection.scalar(special) is not None

    # Rates

    def rates(self, list_id: int, countries: Collection[str] | None = None, *, networks: bool = True) -> list[Rate]:
        """Return the rows of a list by country, the country's own row first.

        Args:
            list_id: the list.
            countries: only of these, when given.
            networks: the rows of their networks, too.
        """
        statement = (
            select(rate, price_change.c.rule.label("rule"))
            .outerjoin(price_change, price_change.c.id == rate.c.rule_change_id)
            .where(rate.c.list_id == list_id)
            .order_by(rate.c.country, rate.c.mccmnc)
        )
        if countries is not None:
            statement = statement.where(rate.c.country.in_(sorted(countries)))
        if not networks:
            statement = statement.where(rate.c.mccmnc == "")
        return [_rate(row) for row in paced(self._connection.execute(statement))]

    def rate_id(self, list_id: int, iso: str, mccmnc: str | None = None) -> int | None:
        """Return the id of a destination's row, None when the list does not know it."""
        where = (rate.c.list_id == list_id, rate.c.country == iso, rate.c.mccmnc == (mccmnc or ""))
        found = self._connection.scalar(select(rate.c.id).where(*where))
        return None if found is None else int(found)

    def add_rate(self, list_id: int, iso: str, mccmnc: str | None = None) -> int:
        """Add a destination without cost or price and return its row's id."""
        statement = insert(rate).values(
            list_id=list_id, country=iso, mccmnc=mccmnc or "", network="", cost_unconverted=False, manual=False
        )
        return int(self._connection.execute(statement.returning(rate.c.id)).scalar_one())

    def disabled_countries(self) -> frozenset[str]:
        """Return the countries that are switched off."""
        return frozenset(self._connection.scalars(select(country.c.iso).where(is_off(country.c.enabled))))

    def set_enabled(self, iso: str, *, enabled: bool) -> None:
        """Switch a country on or off."""
        upsert(self._connection, country, {"iso": iso}, {"enabled": enabled})

    def client_prices(self, client_id: int) -> dict[tuple[str, str | None], int]:
        """Return a client's special prices by (country, mccmnc)."""
        rows = self._connection.execute(select(client_price).where(client_price.c.client_id == client_id))
        return {(row.country, row.mccmnc or None): row.price_micro for row in rows}

    def set_client_price(self, client_id: int, iso: str, price: int | None) -> None:
        """Give a client a price of its own for a country, in micro-units, or take it away with None."""
        if price is not None:
            place = {"client_id": client_id, "country": iso, "mccmnc": ""}
            upsert(self._connection, client_price, place, {"price_micro": price})
            return
        own = client_price.c
        where = (own.client_id == client_id, own.country == iso, own.mccmnc == "")
        self._connection.execute(client_price.delete().where(*where))

    def standing_rules(self, list_id: int) -> dict[str, str]:
        """Return the list's standing rules by region, "" for the default rule."""
        rows = self._connection.execute(select(standing_rule).where(standing_rule.c.list_id == list_id))
        return {row.region: row.rule for row in rows}

    def set_standing_rule(self, list_id: int, region: str, rule: str | None) -> None:
        """Set the standing rule of a region ("" for the default), or remove it with None."""
        if rule is not None:
            upsert(self._connection, standing_rule, {"list_id": list_id, "region": region}, {"rule": rule})
            return
        where = (standing_rule.c.list_id == list_id, standing_rule.c.region == region)
        self._connection.execute(standing_rule.delete().where(*where))

    # Changes

    def open_change(
        self, list_id: int, *, at: datetime, actor: str, label: str, rule: str, limits: str = "",
        reverts_id: int | None = None,
    ) -> int:  # fmt: skip
        """Start a price change and return its id; its rows follow, then ``apply``."""
        # Ids only grow: every row written from here on lies after the newest one there is.
        newest = self._connection.scalar(select(func.max(price_change_row.c.id))) or 0
        statement = insert(price_change).values(
            list_id=list_id, at=at, actor=actor, label=label, rule=rule, limits=limits, row_count=0,
            first_row_id=newest + 1, last_row_id=newest, reverts_id=reverts_id,
        )  # fmt: skip
        return int(self._connection.execute(statement.returning(price_change.c.id)).scalar_one())

    def plan_change(self, change_id: int, list_id: int, plan: PricePlan, countries: Collection[str] | None) -> None:
        """Write the rows that ``plan`` (one that a database may evaluate) changes, with what they hold now and will hold.

        They follow the change's own rule.
        """
        by_hand = self._connection.scalar(
            select(rate.c.id).where(rate.c.list_id == list_id, is_on(rate.c.manual)).limit(1)
        )
        skips = [
            condition
            for reason, condition in plan.skips
            # Without any manual row in the list these two hold nowhere: not worth asking a million rows.
            if by_hand is not None or reason not in (SkipReason.MANUAL, SkipReason.INHERITS_MANUAL)
        ]
        rows, kept, columns = _plannable(list_id, countries, [plan.after, *skips])
        planned = rows.with_only_columns(
            literal(change_id, BigInteger), *kept, value_sql(plan.after, columns), literal_column("0"),
            literal(change_id, BigInteger), maintain_column_froms=True,
        ).where(*(fails_sql(condition, columns, _NULLABLE) for condition in skips))  # fmt: skip
        # Each plan is a statement of its own: not worth a place in the cache of compiled statements.
        uncached = {"compiled_cache": None}
        self._connection.execute(insert(price_change_row).from_select(_COPIED, planned), execution_options=uncached)

    def follow_change(
        self, change_id: int, list_id: int, plan: PricePlan, rules: FollowedRule, since: datetime
    ) -> None:
        """Write the rows that follow one of the ``rules`` and whose cost moved at or after ``since``, by the rule's plan.

        They go on following it. Rows whose price would stay the same are left out.
        """
        moved = select(cost_change.c.rate_id).where(cost_change.c.at >= since)
        mine = (among(rate.c.rule_change_id, rules.change_ids), rate.c.id.in_(moved), is_off(rate.c.manual))
        conditions = [condition for _, condition in plan.skips]
        rows, kept, columns = _plannable(list_id, None, [plan.after, *conditions], mine)
        after = value_sql(plan.after, columns)
        planned = rows.with_only_columns(
            literal(change_id, BigInteger), *kept, after, literal_column("0"), kept[-1], maintain_column_froms=True,
        ).where(
            after.is_distinct_from(columns["before"]), *(fails_sql(one, columns, _NULLABLE) for one in conditions)
        )  # fmt: skip
        uncached = {"compiled_cache": None}
        self._connection.execute(insert(price_change_row).from_select(_COPIED, planned), execution_options=uncached)

    def set_rows(self, change_id: int, prices: dict[int, int | None], *, manual: bool) -> None:
        """Write the rows that get the given prices by rate id.

        A row set by hand keeps in mind which rule it leaves. Without a price a row is no longer manual.
        """
        self.edit_rows(change_id, {rate_id: RowEdit(price, manual) for rate_id, price in prices.items()})

    def edit_rows(self, change_id: int, edits: Mapping[int, RowEdit]) -> None:
        """Write the rows of a change that are edited one by one, by rate id."""
        statement = select(rate).where(among(rate.c.id, sorted(edits)))
        rows = []
        for row in paced(self._connection.execute(statement)):
            edit = edits[row.id]
            by_hand = edit.manual and edit.price is not None
            before = (row.price_micro, int(row.manual), row.rule_change_id)
            rule_id = row.rule_change_id if by_hand or edit.follows_rule else None
            rows.append((change_id, row.id, *before, edit.price, int(by_hand), rule_id))
        _CHANGE_ROW.run(self._connection, rows)

    def kept_rule(self, rate_id: int) -> tuple[str, str] | None:
        """Return the rule that a row keeps in mind, with its limits as text, None without one."""
        joined = select(price_change.c.rule, price_change.c.limits).join(
            rate, rate.c.rule_change_id == price_change.c.id
        )
        row = self._connection.execute(joined.where(rate.c.id == rate_id)).one_or_none()
        return None if row is None or not row.rule else (row.rule, row.limits)

    def made_by_rule(self, rate_id: int) -> int | None:
        """Return the price that the rule of a row gave it last, None without one; for rules that speak of the price before."""
        rule_id = self._connection.scalar(select(rate.c.rule_change_id).where(rate.c.id == rate_id))
        if rule_id is None:
            return None
        found = select(price_change_row.c.after_micro).where(
            price_change_row.c.rate_id == rate_id, *self._rows_of(rule_id)
        )
        return self._connection.scalar(found.limit(1))

    def last_edit(self, rate_id: int) -> tuple[str, datetime] | None:
        """Return who changed a row's price last, and when."""
        statement = (
            select(price_change.c.actor, price_change.c.at)
            .join(price_change_row, price_change_row.c.change_id == price_change.c.id)
            .where(price_change_row.c.rate_id == rate_id)
            .order_by(price_change_row.c.id.desc())
            .limit(1)
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else (row.actor, row.at)

    def revert_rows(self, change_id: int, reverted_id: int, *, also_edited: bool = False) -> list[SkippedRow]:
        """Write the inverse of another change for every row that still holds what it gave; return the rows edited since.

        With ``also_edited`` those are written as well, apart from rows that hold what they held before the change.
        """
        old = price_change_row
        unedited: ColumnElement[bool] = rate.c.price_micro.is_not_distinct_from(old.c.after_micro) & (
            rate.c.manual == old.c.after_manual
        )
        if also_edited:
            restored = rate.c.price_micro.is_not_distinct_from(old.c.before_micro) & (
                rate.c.manual == old.c.before_manual
            )
            unedited = ~restored
        joined = select(rate, old).join(old, old.c.rate_id == rate.c.id).where(*self._rows_of(reverted_id))
        inverse = joined.where(unedited).with_only_columns(
            literal(change_id, BigInteger), rate.c.id, rate.c.price_micro, rate.c.manual, rate.c.rule_change_id,
            old.c.before_micro, old.c.before_manual, old.c.before_rule_id,
        )  # fmt: skip
        self._connection.execute(insert(price_change_row).from_select(_COPIED, inverse))
        if also_edited:
            return []
        edited = joined.where(~unedited).with_only_columns(rate.c.country, rate.c.mccmnc)
        rows = self._connection.execute(edited.order_by(rate.c.country, rate.c.mccmnc))
        return [SkippedRow(row.country, row.mccmnc or None, SkipReason.EDITED_SINCE) for row in rows]

    def apply(self, change_id: int) -> int:
        """Give every row of a change its new price; return how many there are."""
        row = price_change_row
        bounds = select(price_change.c.first_row_id).where(price_change.c.id == change_id)
        first = self._connection.execute(bounds).scalar_one()
        mine = select(func.max(row.c.id)).where(row.c.id >= first, row.c.change_id == change_id)
        last = self._connection.scalar(mine) or 0
        changed = self._connection.execute(
            update(rate)
            .values(price_micro=row.c.after_micro, manual=row.c.after_manual, rule_change_id=row.c.after_rule_id)
            .where(row.c.id.between(first, last), row.c.change_id == change_id, row.c.rate_id == rate.c.id)
        ).rowcount
        statement = update(price_change).where(price_change.c.id == change_id)
        self._connection.execute(statement.values(row_count=changed, last_row_id=last))
        return changed

    def get_change(self, change_id: int) -> PriceChange:
        """Return a change.

        Raises:
            NotFound: when there is none with this id.
        """
        row = self._connection.execute(select(price_change).where(price_change.c.id == change_id)).one_or_none()
        if row is None:
            raise NotFound(tr("There is no price change {change_id}.", change_id=change_id))
        return PriceChange(row.id, row.list_id, row.at, row.actor, row.label, row.rule, row.row_count, row.reverts_id)

    def changes(self, limit: int = 1000) -> list[PriceChange]:
        """Return the newest changes, newest first."""
        whole = select(price_change).where(price_change.c.part_of_id.is_(None))
        rows = self._connection.execute(whole.order_by(price_change.c.id.desc()).limit(limit))
        return [
            PriceChange(row.id, row.list_id, row.at, row.actor, row.label, row.rule, row.row_count, row.reverts_id)
            for row in rows
        ]

    def change_rows(self, change_id: int) -> list[PlannedRow]:
        """Return the rows of a change with before and after."""
        row = price_change_row
        statement = (
            select(rate.c.country, rate.c.mccmnc, rate.c.cost_micro, row.c.before_micro, row.c.after_micro)
            .join(rate, rate.c.id == row.c.rate_id)
            .where(*self._rows_of(change_id))
            .order_by(rate.c.country, rate.c.mccmnc)
        )
        return [
            PlannedRow(found.country, found.mccmnc or None, found.cost_micro, found.before_micro, found.after_micro)
            for found in self._connection.execute(statement)
        ]

    def _rows_of(self, change_id: int) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions that find a saved change's rows: the range they lie in, then the change itself."""
        bounds = select(price_change.c.first_row_id, price_change.c.last_row_id).where(price_change.c.id == change_id)
        first, last = self._connection.execute(bounds).one()
        return price_change_row.c.id.between(first, last), price_change_row.c.change_id == change_id


def _plannable(
    list_id: int,
    countries: Collection[str] | None,
    nodes: Sequence[Formula | Condition],
    where: Sequence[ColumnElement[bool]] = (),
) -> tuple[Select[Any], list[ColumnElement[Any]], dict[str, ColumnElement[int]]]:
    """Return the rows of a list, what a change keeps of each (id, price, flag, rule), and the columns of the formulas."""
    columns = _formula_columns(list_id)
    # The formulas have a column "manual" too.
    flag = rate.c.manual.label("by_hand")
    kept: list[ColumnElement[Any]] = [rate.c.id, rate.c.price_micro, flag, rate.c.rule_change_id]
    rows = select(rate.c.id).where(rate.c.list_id == list_id, *where)
    if countries is not None:
        rows = rows.where(rate.c.country.in_(sorted(countries)))
    if not is_shared(nodes):
        return rows, kept, columns
    labelled = [column.label(name) for name, column in columns.items()]
    rows, found = layered(rows.with_only_columns(*kept, *labelled), columns, nodes)
    return rows, [rows.selected_columns[column.name] for column in kept], found


def _formula_columns(list_id: int) -> dict[str, ColumnElement[int]]:
    own = rate.alias("own_country")
    by_hand = select(own.c.country).where(own.c.list_id == list_id, own.c.mccmnc == "", is_on(own.c.manual))
    inherits = case((rate.c.mccmnc == "", literal_column("0")), (rate.c.country.in_(by_hand), literal_column("1")),
                    else_=literal_column("0"))  # fmt: skip
    integer = BigInteger()
    return {
        "cost": rate.c.cost_micro,
        "before": rate.c.price_micro,
        "manual": literal_column("rate.manual", integer),
        "inherits_manual": inherits,
        "unconverted": literal_column("rate.cost_unconverted", integer),
    }


def _rate(row: Any) -> Rate:
    return Rate(
        row.id, row.country, row.mccmnc or None, row.network, row.cost_micro, row.cost_unconverted, row.price_micro,
        row.manual, "" if row.manual else row.rule or "", former_rule=row.rule or "" if row.manual else "",
    )  # fmt: skip
