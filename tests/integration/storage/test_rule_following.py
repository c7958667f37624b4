"""Prices that follow their costs: SQL does what the domain plans row by row, keeps every rule, and never sells below cost."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, update

from desktop_app.domain.money import MAX_PRICE_MICRO
from desktop_app.domain.pricing import PriceLimits, PriceRule, Rounding, RuleKind, SkipReason, plan_prices
from desktop_app.domain.rates import Rate, plan_rows
from desktop_app.domain.rule_following import following_plan
from desktop_app.services.rule_following import follow_costs
from desktop_app.storage.models.prices import cost_change, rate
from desktop_app.storage.unit_of_work import UnitOfWork
from tests.fixtures.books import NOW, Books

LATER = NOW + timedelta(days=1)
COUNTRIES = ("AT", "DE", "FR", "TR")
PLACES = tuple(itertools.product(COUNTRIES, ("", "26201")))
serial = itertools.count()

costs = st.integers(1, 300_000) | st.sampled_from((1, MAX_PRICE_MICRO))
percents = st.integers(-3_000, 9_000)
limits = st.builds(
    PriceLimits,
    min_profit=st.none() | st.integers(0, 20_000),
    step=st.sampled_from((1, 100, 1_000, 5_000)),
    rounding=st.sampled_from(Rounding),
)
rules = st.one_of(
    st.builds(PriceRule, st.sampled_from((RuleKind.MARGIN, RuleKind.MARKUP)), percents),
    st.builds(PriceRule, st.just(RuleKind.PROFIT), st.integers(-20_000, 50_000)),
    # Such rules say nothing about another cost: their prices stay.
    st.builds(PriceRule, st.sampled_from((RuleKind.RAISE_MARKUP, RuleKind.CHANGE_PERCENT)), st.integers(0, 2_000)),
    st.builds(PriceRule, st.just(RuleKind.SET_PRICE), st.integers(1, 300_000)),
)


@dataclass(frozen=True)
class Case:
    """A price list, the rules that priced it, rows set by hand afterwards, and what then happens to costs."""

    costs: dict[tuple[str, str], int]
    changes: list[tuple[PriceRule, PriceLimits, list[str]]]
    by_hand: list[tuple[str, str]]
    moves: dict[tuple[str, str], int | None]
    earlier: dict[tuple[str, str], int | None]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    places = sorted(draw(st.sets(st.sampled_from(PLACES), min_size=1)))
    some = st.lists(st.sampled_from(places), unique=True)
    change = st.tuples(rules, limits, st.sets(st.sampled_from(COUNTRIES), min_size=1).map(sorted))
    return Case(
        {place: draw(costs) for place in places},
        draw(st.lists(change, min_size=1, max_size=3)),
        draw(some),
        {place: draw(st.none() | costs) for place in draw(some)},
        {place: draw(st.none() | costs) for place in draw(some)},
    )


@contextmanager
def undone(books: Books) -> Iterator[Connection]:
    with books.engine.connect() as connection:
        yield connection
        connection.rollback()


def priced(connection: Connection, case: Case) -> int:
    """Store the list with its prices and return its id."""
    prices = UnitOfWork(connection).prices
    list_id = prices.add_list(f"Followed {next(serial)}", "EUR")
    connection.execute(
        insert(rate),
        [
            {"list_id": list_id, "country": iso, "mccmnc": code, "network": "", "cost_micro": cost,
             "cost_unconverted": False, "manual": False}
            for (iso, code), cost in case.costs.items()
        ],
    )  # fmt: skip
    for rule, bounds, countries in case.changes:
        change = prices.open_change(
            list_id, at=NOW, actor="anna", label="all", rule=rule.text, limits=bounds.standing_text
        )
        prices.plan_change(change, list_id, plan_prices(rule, bounds), countries)
        prices.apply(change)
    manual: dict[int, int | None] = {
        row.rate_id: row.price or 70_000 for row in prices.rates(list_id) if place_of(row) in case.by_hand
    }
    change = prices.open_change(list_id, at=NOW, actor="anna", label="by hand", rule="")
    prices.set_rows(change, manual, manual=True)
    prices.apply(change)
    return list_id


def place_of(row: Rate) -> tuple[str, str]:
    return row.country, row.mccmnc or ""


def move_costs(connection: Connection, list_id: int, moves: Mapping[tuple[str, str], int | None], at: datetime) -> None:
    for row in UnitOfWork(connection).prices.rates(list_id):
        if place_of(row) in moves:
            new = moves[place_of(row)]
            connection.execute(update(rate).where(rate.c.id == row.rate_id).values(cost_micro=new))
            moved = {"rate_id": row.rate_id, "at": at, "before_micro": row.cost, "after_micro": new}
            connection.execute(insert(cost_change), moved)


def limits_of(connection: Connection, rate_id: int) -> PriceLimits:
    found = connection.exec_driver_sql(
        f"SELECT c.limits FROM rate r JOIN price_change c ON c.id = r.rule_change_id WHERE r.id = {rate_id:d}"
    )
    return PriceLimits.from_text(found.scalar_one())


def expected(connection: Connection, before: Sequence[Rate], moves: Mapping[tuple[str, str], int | None]) -> list[Rate]:
    """Return the rows as each row's own rule makes them, one by one."""
    after = []
    for row in before:
        kind = row.rule.partition(" ")[0]
        if place_of(row) not in moves or row.manual or kind not in ("margin", "markup", "profit"):
            after.append(row)
            continue
        plan = following_plan(PriceRule.from_text(row.rule), limits_of(connection, row.rate_id))
        changed, _ = plan_rows([one for one in before if one.country == row.country], plan)
        prices = {(one.country, one.mccmnc): one.after for one in changed}
        after.append(replace(row, price=prices.get((row.country, row.mccmnc), row.price)))
    return after


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(case=cases())
def test_prices_follow_their_costs_as_the_domain_plans_row_by_row(books: Books, case: Case) -> None:
    with undone(books) as connection:
        list_id = priced(connection, case)
        uow = UnitOfWork(connection)
        # Nobody followed these, and a sync of other costs does not make up for it.
        move_costs(connection, list_id, case.earlier, LATER - timedelta(microseconds=1))
        move_costs(connection, list_id, case.moves, LATER)
        before = uow.prices.rates(list_id)
        wanted = expected(connection, before, case.moves)
        followed = follow_costs(uow, LATER, at=LATER, actor="anna")
        after = uow.prices.rates(list_id)
        assert after == wanted
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert followed.rows == len(changed)
        assert all(new.cost is not None and new.price is not None and new.price >= new.cost for _, new in changed)
        assert {row.reason for row in followed.left} <= {SkipReason.BELOW_COST, SkipReason.OUT_OF_RANGE}
        # Once is enough.
        assert follow_costs(uow, LATER, at=LATER, actor="anna").rows == 0
        newest = uow.prices.changes()[0]
        if changed:
            assert (newest.label, newest.rows) == ("Rules follow costs", len(changed))
            back = uow.prices.open_change(
                list_id, at=LATER, actor="bob", label="back", rule="", reverts_id=newest.change_id
            )
            assert uow.prices.revert_rows(back, newest.change_id) == []
            uow.prices.apply(back)
            assert uow.prices.rates(list_id) == before


@settings(max_examples=200)
@given(bounds=limits, cap=st.none() | st.integers(0, 1_000), below=st.integers(0, 99))
def test_limits_are_kept_as_text_but_for_the_cap(bounds: PriceLimits, cap: int | None, below: int) -> None:
    whole = replace(bounds, cap=cap, below=below if bounds.step > below else 0)
    kept = PriceLimits.from_text(whole.standing_text)
    rounding = whole.rounding if whole.step > 1 else Rounding.NEAREST
    assert kept == replace(whole, cap=None, rounding=rounding)
