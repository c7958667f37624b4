"""Price changes in SQL do what the domain says, for any rows and any rule; and they can be undone at any later time."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, insert

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.money import MAX_PRICE_MICRO
from desktop_app.domain.pricing import (
    PERCENT_RULES,
    PriceLimits,
    PricePlan,
    PriceRule,
    Rounding,
    RuleKind,
    SkipReason,
    plan_prices,
)
from desktop_app.domain.rates import Rate, plan_rows
from desktop_app.storage.models.prices import rate
from desktop_app.storage.repositories.prices import PriceRepository
from tests.fixtures.books import NOW, Books

COUNTRIES = ("AT", "DE", "FR", "TR")
PLACES = tuple(itertools.product(COUNTRIES, ("", "26201", "26202")))
serial = itertools.count()

prices = st.integers(1, 200_000) | st.integers(1, MAX_PRICE_MICRO) | st.sampled_from((1, 2, MAX_PRICE_MICRO))


def examples(count: int) -> settings:
    """Return the settings of a property: one database serves all examples, each with a price list of its own."""
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=count, suppress_health_check=checks, deadline=None)


@dataclass(frozen=True)
class Row:
    """A destination as the test makes it up."""

    country: str
    mccmnc: str
    cost: int | None
    unconverted: bool
    price: int | None
    manual: bool


@st.composite
def rows(draw: st.DrawFn) -> tuple[Row, ...]:
    """Rows of a price list: costs missing or not convertible, prices missing, made by a rule or by hand."""
    found = []
    for country, mccmnc in draw(st.sets(st.sampled_from(PLACES), min_size=1, max_size=8)):
        unconverted = draw(st.sampled_from((False, False, False, True)))
        cost = None if unconverted else draw(st.none() | prices)
        price = draw(st.none() | prices)
        found.append(Row(country, mccmnc, cost, unconverted, price, price is not None and draw(st.booleans())))
    return tuple(found)


@st.composite
def plans(draw: st.DrawFn) -> tuple[PriceRule, PricePlan]:
    """Any rule that a database may evaluate, with any limits."""
    kind = draw(st.sampled_from([one for one in RuleKind if one is not RuleKind.RAISE_MARGIN]))
    percent = st.integers(-12_000, 40_000) | st.integers(-10_000_000, 10_000_000)
    amount = st.integers(-100_000, 100_000) | st.integers(-MAX_PRICE_MICRO, MAX_PRICE_MICRO)
    step = draw(st.sampled_from((1, 1, 10, 500, 10_000, 1_000_000)) | st.integers(1, MAX_PRICE_MICRO))
    limits = PriceLimits(
        draw(st.none() | st.integers(0, 100_000) | st.integers(0, MAX_PRICE_MICRO)),
        draw(st.none() | st.integers(0, 5_000) | st.integers(0, 1_000_000)),
        step,
        draw(st.sampled_from(Rounding)),
        draw(st.just(0) | st.just(step // 10) | st.integers(0, step - 1)),
    )
    try:
        rule = PriceRule(kind, draw(percent if kind in PERCENT_RULES else amount))
    except InvalidInput:
        assume(False)
        raise
    return rule, plan_prices(rule, limits, include_manual=draw(st.booleans()))


@contextmanager
def undone(books: Books) -> Iterator[Connection]:
    """Give a transaction that is rolled back: thousands of examples then cost no disk."""
    with books.engine.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def connection(books: Books) -> Iterator[Connection]:
    """Such a transaction for a whole test."""
    with undone(books) as opened:
        yield opened


def stored(connection: Connection, made_up: Sequence[Row]) -> int:
    """Store the rows as a price list of their own and return its id."""
    list_id = PriceRepository(connection).add_list(f"List {next(serial)}", "EUR")
    values = [
        {
            "list_id": list_id, "country": row.country, "mccmnc": row.mccmnc, "network": "", "cost_micro": row.cost,
            "cost_unconverted": row.unconverted, "price_micro": row.price, "manual": row.manual,
        }
        for row in made_up
    ]  # fmt: skip
    connection.execute(insert(rate), values)
    return list_id


def rates_of(connection: Connection, list_id: int) -> list[Rate]:
    return PriceRepository(connection).rates(list_id)


def reprice(
    connection: Connection, list_id: int, rule: PriceRule, plan: PricePlan, countries: Sequence[str] | None = None
) -> int:
    """Save a change and return its id."""
    repository = PriceRepository(connection)
    change = repository.open_change(list_id, at=NOW, actor="anna", label="all", rule=rule.text)
    repository.plan_change(change, list_id, plan, countries)
    repository.apply(change)
    return change


def revert(connection: Connection, change: int) -> tuple[int, int, list[tuple[str, str | None]]]:
    """Revert a change; return (its own id, rows restored, places skipped)."""
    repository = PriceRepository(connection)
    old = repository.get_change(change)
    new = repository.open_change(old.list_id, at=NOW, actor="anna", label="back", rule="", reverts_id=change)
    skipped = repository.revert_rows(new, change)
    assert {row.reason for row in skipped} <= {SkipReason.EDITED_SINCE}
    restored = repository.apply(new)
    return new, restored, [(row.country, row.mccmnc) for row in skipped]


def set_by_hand(connection: Connection, list_id: int, wanted: dict[int, int | None]) -> None:
    repository = PriceRepository(connection)
    change = repository.open_change(list_id, at=NOW, actor="bob", label="by hand", rule="")
    repository.set_rows(change, wanted, manual=True)
    repository.apply(change)


def the_change_is_what_the_domain_plans(
    connection: Connection,
    made_up: Sequence[Row],
    planned: tuple[PriceRule, PricePlan],
    countries: Sequence[str] | None,
) -> None:
    rule, plan = planned
    list_id = stored(connection, made_up)
    before = rates_of(connection, list_id)
    changed, skipped = plan_rows([row for row in before if countries is None or row.country in countries], plan)
    change = reprice(connection, list_id, rule, plan, countries)
    saved = PriceRepository(connection).change_rows(change)
    assert PriceRepository(connection).get_change(change).rows == len(saved)
    assert saved == [replace(row, notes=()) for row in changed]
    new_prices = {(row.country, row.mccmnc): row.after for row in changed}
    for old, new in zip(before, rates_of(connection, list_id), strict=True):
        place = (old.country, old.mccmnc)
        if place in new_prices:
            assert new == replace(old, price=new_prices[place], manual=False, rule=rule.text)
            assert new.price is not None
            assert 0 < new.price <= MAX_PRICE_MICRO
        else:
            assert new == old
    assert len(changed) + len(skipped) == sum(countries is None or row.country in countries for row in made_up)


subsets = st.none() | st.sets(st.sampled_from(COUNTRIES)).map(sorted)


@examples(40)
@given(made_up=rows(), planned=plans(), countries=subsets)
def test_a_saved_change_is_what_the_domain_plans(
    books: Books, made_up: Sequence[Row], planned: tuple[PriceRule, PricePlan], countries: Sequence[str] | None
) -> None:
    with undone(books) as connection:
        the_change_is_what_the_domain_plans(connection, made_up, planned, countries)


@pytest.mark.long
@examples(300)
@given(made_up=rows(), planned=plans(), countries=subsets)
def test_a_saved_change_is_what_the_domain_plans_in_many_cases(
    books: Books, made_up: Sequence[Row], planned: tuple[PriceRule, PricePlan], countries: Sequence[str] | None
) -> None:
    with undone(books) as connection:
        the_change_is_what_the_domain_plans(connection, made_up, planned, countries)


@examples(20)
@given(made_up=rows(), planned=plans(), data=st.data())
def test_reverting_restores_what_was_not_edited_and_names_the_rest(
    books: Books, made_up: Sequence[Row], planned: tuple[PriceRule, PricePlan], data: st.DataObject
) -> None:
    with undone(books) as connection:
        list_id = stored(connection, made_up)
        before = rates_of(connection, list_id)
        change = reprice(connection, list_id, *planned)
        touched = {(row.country, row.mccmnc) for row in PriceRepository(connection).change_rows(change)}
        edited = data.draw(st.sets(st.sampled_from([row.rate_id for row in before]), max_size=3))
        set_by_hand(connection, list_id, {rate_id: data.draw(prices) for rate_id in edited})
        midway = rates_of(connection, list_id)
        new, restored, skipped = revert(connection, change)
        hands_off = {(row.country, row.mccmnc) for row in before if row.rate_id in edited}
        assert skipped == sorted(touched & hands_off, key=lambda place: (place[0], place[1] or ""))
        assert restored == len(touched - hands_off)
        assert rates_of(connection, list_id) == [
            old if (old.country, old.mccmnc) in touched - hands_off else now
            for old, now in zip(before, midway, strict=True)
        ]
        # And once more: the revert is a change like any other.
        _newest, again, skipped_again = revert(connection, new)
        assert (again, skipped_again) == (restored, [])
        assert rates_of(connection, list_id) == midway


@pytest.mark.parametrize("kind", [RuleKind.MARGIN, RuleKind.CHANGE_AMOUNT])
def test_every_limit_at_once(connection: Connection, kind: RuleKind) -> None:
    made_up = [
        Row(country, network, cost, False, price, False)
        for (country, network), (cost, price) in zip(
            PLACES, itertools.product((1, 49_999, 100_000, MAX_PRICE_MICRO), (None, 50_000, 123_457)), strict=True
        )
    ]
    rule = PriceRule(kind, 1_250)
    limits = PriceLimits(min_profit=7_777, cap=2_000, step=5_000, rounding=Rounding.DOWN)
    the_change_is_what_the_domain_plans(connection, made_up, (rule, plan_prices(rule, limits)), None)


def test_every_limit_at_once_is_a_small_statement(connection: Connection) -> None:
    """Each formula is a column of the query, however often it is used: not text within text within text."""
    sent: list[int] = []
    event.listen(connection, "before_cursor_execute", lambda *given: sent.append(len(given[2])))
    list_id = stored(connection, [Row("DE", "", 70_000, False, 100_000, False)])
    rule = PriceRule(RuleKind.CHANGE_AMOUNT, 1_250)
    limits = PriceLimits(min_profit=7_777, cap=2_000, step=5_000, rounding=Rounding.DOWN, below=100)
    reprice(connection, list_id, rule, plan_prices(rule, limits))
    assert max(sent) < 8_000


@pytest.mark.parametrize("step", [10**5, 10**6, 10**9, MAX_PRICE_MICRO])
def test_a_coarse_step_does_not_overflow(connection: Connection, step: int) -> None:
    """PostgreSQL multiplies two small numbers in 32 bits unless told otherwise."""
    made_up = [Row("DE", "", 1, False, None, False), Row("FR", "", MAX_PRICE_MICRO, False, MAX_PRICE_MICRO, False)]
    rule = PriceRule(RuleKind.MARKUP, 0)
    plan = plan_prices(rule, PriceLimits(step=step, rounding=Rounding.UP))
    the_change_is_what_the_domain_plans(connection, made_up, (rule, plan), None)


def test_a_rule_price_typed_again_by_hand_counts_as_edited(connection: Connection) -> None:
    """The number is the same, but it is now a promise of a person: the flag decides too (cli.md, settled 5)."""
    list_id = stored(connection, [Row("DE", "", 100_000, False, None, False)])
    rule = PriceRule(RuleKind.MARKUP, 2_500)
    change = reprice(connection, list_id, rule, plan_prices(rule))
    [row] = rates_of(connection, list_id)
    assert row.price == 125_000
    set_by_hand(connection, list_id, {row.rate_id: 125_000})
    _new, restored, skipped = revert(connection, change)
    assert (restored, skipped) == (0, [("DE", None)])
    set_by_hand(connection, list_id, {row.rate_id: None})
    assert rates_of(connection, list_id)[0].price is None


def test_a_first_price_reverts_to_none(connection: Connection) -> None:
    list_id = stored(connection, [Row("DE", "", 100_000, False, None, False), Row("TR", "", None, False, None, False)])
    rule = PriceRule(RuleKind.MARKUP, 2_500)
    change = reprice(connection, list_id, rule, plan_prices(rule))
    revert(connection, change)
    assert [(row.country, row.price, row.manual, row.rule) for row in rates_of(connection, list_id)] == [
        ("DE", None, False, ""),
        ("TR", None, False, ""),
    ]


def test_a_change_of_no_row_is_stored_and_reverts_to_nothing(connection: Connection) -> None:
    list_id = stored(connection, [Row("DE", "", None, False, None, False)])
    rule = PriceRule(RuleKind.MARKUP, 2_500)
    change = reprice(connection, list_id, rule, plan_prices(rule))
    other = reprice(connection, stored(connection, [Row("DE", "", 1_000, False, None, False)]), rule, plan_prices(rule))
    assert PriceRepository(connection).change_rows(change) == []
    assert PriceRepository(connection).get_change(change).rows == 0
    assert [row.after for row in PriceRepository(connection).change_rows(other)] == [1_250]
    new, restored, skipped = revert(connection, change)
    assert (restored, skipped) == (0, [])
    assert PriceRepository(connection).get_change(new).reverts_id == change
    assert [one.change_id for one in PriceRepository(connection).changes()][:2] == [new, other]


def test_an_older_change_is_reverted_over_a_newer_one_where_the_rows_differ(connection: Connection) -> None:
    list_id = stored(connection, [Row("DE", "", 100, False, 110, False), Row("FR", "", 100, False, 120, False)])
    rule = PriceRule(RuleKind.SET_PRICE, 500)
    both = reprice(connection, list_id, rule, plan_prices(rule))
    newer = PriceRule(RuleKind.SET_PRICE, 700)
    reprice(connection, list_id, newer, plan_prices(newer), ["FR"])
    _new, restored, skipped = revert(connection, both)
    assert (restored, skipped) == (1, [("FR", None)])
    assert [row.price for row in rates_of(connection, list_id)] == [110, 700]


def test_manual_rows_and_networks_under_them_change_only_when_included(connection: Connection) -> None:
    made_up = [
        Row("DE", "", 100, False, 150, True), Row("DE", "26201", 100, False, 160, False), Row("FR", "", 100, False, 170, False),
        Row("FR", "26202", 100, False, 180, True),
    ]  # fmt: skip
    rule = PriceRule(RuleKind.MARKUP, 10_000)
    for include, expected in ((False, [150, 160, 200, 180]), (True, [200, 200, 200, 200])):
        list_id = stored(connection, made_up)
        reprice(connection, list_id, rule, plan_prices(rule, include_manual=include))
        found = rates_of(connection, list_id)
        assert [row.price for row in found] == expected
        assert [row.manual for row in found] == ([False] * 4 if include else [True, False, False, True])


def test_another_list_is_never_touched(connection: Connection) -> None:
    mine, other = (stored(connection, [Row("DE", "", 100, False, 150, False)]) for _ in range(2))
    rule = PriceRule(RuleKind.MARKUP, 0)
    reprice(connection, mine, rule, plan_prices(rule))
    assert [row.price for row in rates_of(connection, mine)] == [100]
    assert [row.price for row in rates_of(connection, other)] == [150]
