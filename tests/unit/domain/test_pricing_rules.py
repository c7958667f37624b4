"""Price rules and their limits against an independent calculation with fractions."""

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.domain.formula import Condition, Formula, Value
from desktop_app.domain.money import MAX_PRICE_MICRO, parse_price
from desktop_app.domain.pricing import (
    MAX_PERCENT,
    NEEDS_PRICE,
    PERCENT_RULES,
    Note,
    PriceLimits,
    PricePlan,
    PriceRule,
    Rounding,
    RuleKind,
    SkipReason,
    margin_text,
    plan_prices,
)


class Expected(NamedTuple):
    skip: SkipReason | None
    price: int = 0
    notes: tuple[Note, ...] = ()


Row = dict[str, Value]
PRICES = st.integers(1, 300) | st.integers(1, 500_000) | st.integers(1, MAX_PRICE_MICRO)
SMALL_CHANGES = st.integers(-20_000, 20_000)


def row_of(cost: int | None = 100, before: int | None = None, **flags: int) -> Row:
    return {"cost": cost, "before": before, "manual": 0, "inherits_manual": 0, "unconverted": 0, **flags}


@st.composite
def rules(draw: st.DrawFn) -> PriceRule:
    kind = draw(st.sampled_from(RuleKind))
    largest = MAX_PERCENT if kind in PERCENT_RULES else MAX_PRICE_MICRO
    highest = 9_999 if kind is RuleKind.MARGIN else largest
    lowest = -9_999 if kind is RuleKind.MARKUP else -largest
    return PriceRule(
        kind, draw(SMALL_CHANGES.map(lambda v: max(lowest, min(v, highest))) | st.integers(lowest, highest))
    )


STEPS = st.sampled_from([1, 7, 10, 100, 1_000, 5_000, 10_000]) | st.integers(1, MAX_PRICE_MICRO)
# (step, below): any price within a step, often none, and …9.
GRIDS = STEPS.flatmap(
    lambda step: st.tuples(st.just(step), st.just(0) | st.just(step // 10) | st.integers(0, step - 1))
)
LIMITS = st.builds(
    lambda min_profit, cap, grid, rounding: PriceLimits(min_profit, cap, grid[0], rounding, grid[1]),
    st.none() | st.integers(0, 200) | st.integers(0, MAX_PRICE_MICRO),
    st.none() | st.integers(0, 3_000) | st.integers(0, 1_000_000),
    GRIDS,
    st.sampled_from(Rounding),
)
ROWS = st.builds(row_of, cost=PRICES, before=st.none() | PRICES)


def exact_price(rule: PriceRule, cost: int, before: int) -> Fraction | None:
    """What the sentence of the rule means, None when no price has that margin."""
    share = Fraction(rule.value, 10_000)
    if rule.kind is RuleKind.RAISE_MARGIN:
        margin = Fraction(before - cost, before) + share
        return None if margin >= 1 else cost / (1 - margin)
    return {
        RuleKind.MARKUP: lambda: cost * (1 + share),
        RuleKind.MARGIN: lambda: cost / (1 - share),
        RuleKind.RAISE_MARKUP: lambda: cost * (1 + Fraction(before - cost, cost) + share),
        RuleKind.CHANGE_PERCENT: lambda: before * (1 + share),
        RuleKind.CHANGE_AMOUNT: lambda: Fraction(before + rule.value),
        RuleKind.PROFIT: lambda: Fraction(cost + rule.value),
        RuleKind.SET_PRICE: lambda: Fraction(rule.value),
    }[rule.kind]()


def to_step(price: Fraction | int, limits: PriceLimits, rounding: Rounding) -> int:
    """The grid of prices: multiples of the step, less what a price lies below them."""
    steps = Fraction(price + limits.below) / limits.step
    whole = {Rounding.NEAREST: floor(steps + Fraction(1, 2)), Rounding.UP: ceil(steps), Rounding.DOWN: floor(steps)}
    return whole[rounding] * limits.step - limits.below


def within_limits(exact: Fraction, limits: PriceLimits, cost: int, before: int | None) -> tuple[int, tuple[Note, ...]]:
    """Minimum profit, then cap, then one rounding; the cap wins over both others."""
    notes = []
    price = rounded = floor(exact + Fraction(1, 2))
    least = None if limits.min_profit is None else cost + limits.min_profit
    if least is not None and price < least:
        notes.append(Note.MIN_PROFIT)
        price = least
    span = None
    if limits.cap is not None and before is not None:
        share = Fraction(limits.cap, 10_000)
        span = (max(0, ceil(before * (1 - share))), floor(before * (1 + share)))
    clamped = price if span is None else min(max(price, span[0]), span[1])
    over = clamped != price
    price = clamped
    if limits.step > 1:
        price = to_step(exact if price == rounded else price, limits, limits.rounding)
        if least is not None and price < least <= clamped:
            price = to_step(least, limits, Rounding.UP)
        if span is not None and not span[0] <= price <= span[1]:
            over = True
            down = to_step(span[1], limits, Rounding.DOWN)
            price = down if price > span[1] else min(to_step(span[0], limits, Rounding.UP), down)
    notes += [Note.CAPPED] * over + [Note.BELOW_COST] * (price < cost)
    return price, tuple(notes)


def expected(rule: PriceRule, limits: PriceLimits, row: Row) -> Expected:
    cost, before = row["cost"], row["before"]
    assert cost is not None
    if rule.kind in NEEDS_PRICE and before is None:
        return Expected(SkipReason.NO_PRICE)
    exact = exact_price(rule, cost, before or 0)
    if exact is None:
        return Expected(SkipReason.OUT_OF_RANGE)
    price, notes = within_limits(max(exact, Fraction(0)), limits, cost, before)
    if not 1 <= price <= MAX_PRICE_MICRO:
        return Expected(SkipReason.OUT_OF_RANGE)
    refused = before is None or before >= cost or price < before or Note.CAPPED in notes
    if price < cost and refused:
        return Expected(SkipReason.BELOW_COST)
    return Expected(None, price, notes)


def planned(plan: PricePlan, row: Row) -> Expected:
    reason = plan.skip_reason(row)
    return Expected(reason) if reason else Expected(None, plan.price(row), plan.notes_of(row))


@settings(max_examples=500)
@given(rules(), ROWS)
def test_every_rule_is_exact_to_the_millionth(rule: PriceRule, row: Row) -> None:
    assert planned(plan_prices(rule), row) == expected(rule, PriceLimits(), row)


@settings(max_examples=1500)
@given(rules(), LIMITS, ROWS)
@example(
    PriceRule(RuleKind.CHANGE_PERCENT, -5_000),
    PriceLimits(cap=1_000, step=250, rounding=Rounding.DOWN),
    row_of(1, 1_000),
)
@example(PriceRule(RuleKind.MARKUP, 0), PriceLimits(min_profit=45, cap=5_000, step=100), row_of(100, 98))
@example(PriceRule(RuleKind.MARKUP, 0), PriceLimits(cap=100, step=1_000), row_of(100, 110))
def test_limits_apply_in_their_order(rule: PriceRule, limits: PriceLimits, row: Row) -> None:
    assert planned(plan_prices(rule, limits), row) == expected(rule, limits, row)


@given(rules(), LIMITS, ROWS)
def test_what_the_limits_promise_holds_of_every_price(rule: PriceRule, limits: PriceLimits, row: Row) -> None:
    plan = plan_prices(rule, limits)
    if plan.skip_reason(row) is not None:
        return
    price, notes, before = plan.price(row), plan.notes_of(row), row["before"]
    assert (price + limits.below) % limits.step == 0 or limits.step == 1
    if limits.min_profit is not None and Note.CAPPED not in notes:
        assert price >= (row["cost"] or 0) + limits.min_profit
    if limits.cap is not None and before is not None:
        assert price * 10_000 <= before * (10_000 + limits.cap)
        if limits.step == 1:
            assert price * 10_000 >= before * (10_000 - limits.cap)


@given(st.integers(-9_999, MAX_PERCENT), st.integers(-9_999, MAX_PERCENT), LIMITS, ROWS)
def test_a_higher_markup_never_lowers_a_price(one: int, other: int, limits: PriceLimits, row: Row) -> None:
    lower, higher = (plan_prices(PriceRule(RuleKind.MARKUP, value), limits) for value in sorted((one, other)))
    if lower.skip_reason(row) is None and higher.skip_reason(row) is None:
        assert lower.price(row) <= higher.price(row)


def nodes(node: Formula | Condition) -> Iterator[Formula]:
    """Every formula within a formula or condition, also those in branches that are not taken."""
    if isinstance(node, Formula):
        yield node
    for field in dataclasses.fields(node):  # type: ignore[arg-type] # every node is a dataclass
        part = getattr(node, field.name)
        if isinstance(part, Formula | Condition):
            yield from nodes(part)


EDGES = st.sampled_from([1, 2, MAX_PRICE_MICRO - 1, MAX_PRICE_MICRO])


@settings(max_examples=200)
@given(
    rules(),
    st.builds(PriceLimits, min_profit=st.none() | EDGES, cap=st.sampled_from([None, 0, 1_000_000]), step=EDGES,
              rounding=st.sampled_from(Rounding)),
    st.builds(row_of, cost=EDGES, before=st.none() | EDGES),
)  # fmt: skip
@example(
    PriceRule(RuleKind.MARKUP, MAX_PERCENT), PriceLimits(step=MAX_PRICE_MICRO), row_of(MAX_PRICE_MICRO, MAX_PRICE_MICRO)
)
@example(PriceRule(RuleKind.MARGIN, -MAX_PERCENT), PriceLimits(step=MAX_PRICE_MICRO), row_of(MAX_PRICE_MICRO))
@example(PriceRule(RuleKind.RAISE_MARKUP, MAX_PERCENT), PriceLimits(), row_of(MAX_PRICE_MICRO, MAX_PRICE_MICRO))
def test_a_plan_for_the_database_never_leaves_64_bits(rule: PriceRule, limits: PriceLimits, row: Row) -> None:
    plan = plan_prices(rule, limits)
    if not plan.fits_64_bits:
        assert rule.kind is RuleKind.RAISE_MARGIN
        return
    roots: list[Formula | Condition] = [
        plan.after,
        *(one for _reason, one in plan.skips),
        *(one for _note, one in plan.notes),
    ]
    for part in {id(node): node for root in roots for node in nodes(root)}.values():
        assert abs(part.evaluate(row) or 0) < 2**63


def test_the_one_rule_for_python_would_leave_64_bits() -> None:
    numerator, _denominator = PriceRule(RuleKind.RAISE_MARGIN, 1).ratio()
    assert (numerator.evaluate(row_of(MAX_PRICE_MICRO, MAX_PRICE_MICRO)) or 0) > 2**63


@pytest.mark.parametrize(
    ("kind", "value", "cost", "before", "price"),
    [
        (RuleKind.MARKUP, 0, "0.062", None, "0.062"),
        (RuleKind.MARKUP, 2500, "0.062", None, "0.0775"),
        (RuleKind.MARKUP, 0, "0.1234", None, "0.1234"),
        (RuleKind.MARGIN, 3000, "0.07", None, "0.1"),
        (RuleKind.RAISE_MARGIN, 500, "0.07", "0.1", "0.107692"),
        (RuleKind.RAISE_MARKUP, 500, "0.08", "0.1", "0.104"),
        (RuleKind.CHANGE_PERCENT, -1000, "0.05", "0.1", "0.09"),
        (RuleKind.CHANGE_AMOUNT, 5_000, "0.05", "0.1", "0.105"),
        (RuleKind.PROFIT, 20_000, "0.05", None, "0.07"),
        (RuleKind.SET_PRICE, 99_000, "0.05", "0.1", "0.099"),
        (RuleKind.MARKUP, 5000, "0.000001", None, "0.000002"),
        (RuleKind.MARKUP, 4999, "0.000001", None, "0.000001"),
    ],
)
def test_rules_by_hand(kind: RuleKind, value: int, cost: str, before: str | None, price: str) -> None:
    row = row_of(int(parse_price(cost) * 10**6), None if before is None else int(parse_price(before) * 10**6))
    assert Decimal(plan_prices(PriceRule(kind, value)).price(row)) == parse_price(price) * 10**6


@pytest.mark.parametrize(("cost", "per_thousand"), [(62_000, "62"), (123_400, "123.40")])
def test_a_thousand_messages_at_cost(cost: int, per_thousand: str) -> None:
    price = plan_prices(PriceRule(RuleKind.MARKUP, 0)).price(row_of(cost))
    assert Decimal(1000 * price) / 10**6 == Decimal(per_thousand)


def test_five_points_more_margin_is_what_is_shown_afterwards() -> None:
    price = plan_prices(PriceRule(RuleKind.RAISE_MARGIN, 500)).price(row_of(70_000, 100_000))
    assert margin_text(100_000, 70_000) == "30.00"
    assert margin_text(price, 70_000) == "35.00"


@pytest.mark.parametrize(
    ("limits", "price", "notes"),
    [
        (PriceLimits(), 105, ()),
        (PriceLimits(min_profit=20), 120, (Note.MIN_PROFIT,)),
        (PriceLimits(min_profit=20, cap=1_000), 110, (Note.MIN_PROFIT, Note.CAPPED)),
        (PriceLimits(step=10), 110, ()),
        (PriceLimits(step=10, rounding=Rounding.DOWN), 100, ()),
        (PriceLimits(step=10, rounding=Rounding.DOWN, min_profit=5), 110, ()),
        # Rounding up for the minimum profit would pass the cap: the cap wins, and the row says so.
        (PriceLimits(step=10, rounding=Rounding.DOWN, min_profit=5, cap=700), 100, (Note.CAPPED,)),
    ],
)
def test_limits_by_hand(limits: PriceLimits, price: int, notes: tuple[Note, ...]) -> None:
    row = row_of(100, 100)
    plan = plan_prices(PriceRule(RuleKind.MARKUP, 500), limits)
    assert (plan.skip_reason(row), plan.price(row), plan.notes_of(row)) == (None, price, notes)


def test_rounding_happens_once() -> None:
    # 33 * 1.5 = 49.5: first to 50 and then to the step would give 100.
    plan = plan_prices(PriceRule(RuleKind.MARKUP, 5_000), PriceLimits(step=100))
    assert plan.price(row_of(33)) == 0
    assert plan_prices(PriceRule(RuleKind.MARKUP, 5_000), PriceLimits(step=3)).price(row_of(33)) == 51


ALL_AT_ONCE = {"manual": 1, "inherits_manual": 1, "unconverted": 1, "cost": None, "before": None}


def test_the_first_reason_that_holds_is_named() -> None:
    plan = plan_prices(PriceRule(RuleKind.CHANGE_AMOUNT, -(10**6)))
    row: Row = dict(ALL_AT_ONCE)
    seen = []
    for repaired in ({"manual": 0}, {"inherits_manual": 0}, {"unconverted": 0}, {"cost": 100}, {"before": 120}, {}):
        seen.append(plan.skip_reason(row))
        row |= repaired
    assert seen == [SkipReason.MANUAL, SkipReason.INHERITS_MANUAL, SkipReason.NO_RATE, SkipReason.NO_COST, SkipReason.NO_PRICE,
                    SkipReason.OUT_OF_RANGE]  # fmt: skip
    assert plan_prices(PriceRule(RuleKind.CHANGE_AMOUNT, -50)).skip_reason(row) is SkipReason.BELOW_COST
    assert plan_prices(PriceRule(RuleKind.CHANGE_AMOUNT, -20)).skip_reason(row) is None


@pytest.mark.parametrize("flag", ["manual", "inherits_manual"])
def test_prices_made_by_hand_are_changed_only_when_asked(flag: str) -> None:
    rule, row = PriceRule(RuleKind.MARKUP, 0), row_of(100, 120, **{flag: 1})
    assert plan_prices(rule).skip_reason(row) == flag
    assert plan_prices(rule, include_manual=True).skip_reason(row) is None


@pytest.mark.parametrize(
    ("before", "after", "skipped"),
    [
        (None, 99, True),
        (100, 99, True),
        (150, 99, True),
        (50, 49, True),
        (50, 50, False),
        (50, 99, False),
        (50, 100, False),
    ],
)
def test_a_row_may_lose_less_but_never_start_to_lose(before: int | None, after: int, skipped: bool) -> None:
    row, plan = row_of(100, before), plan_prices(PriceRule(RuleKind.SET_PRICE, after))
    assert plan.skip_reason(row) is (SkipReason.BELOW_COST if skipped else None)
    assert (Note.BELOW_COST in plan.notes_of(row)) == (after < 100)


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        (PriceRule(RuleKind.RAISE_MARGIN, 7_000), row_of(70, 100)),
        (PriceRule(RuleKind.MARKUP, MAX_PERCENT), row_of(MAX_PRICE_MICRO)),
        (PriceRule(RuleKind.CHANGE_AMOUNT, -101), row_of(50, 100)),
        (PriceRule(RuleKind.CHANGE_PERCENT, -10_000), row_of(50, 100)),
        (PriceRule(RuleKind.SET_PRICE, 0), row_of(50, 100)),
    ],
)
def test_a_price_that_cannot_be_is_out_of_range(rule: PriceRule, row: Row) -> None:
    assert plan_prices(rule).skip_reason(row) is SkipReason.OUT_OF_RANGE


def test_a_row_that_is_skipped_has_no_price_to_ask_for() -> None:
    with pytest.raises(ValueError, match="was not skipped"):
        plan_prices(PriceRule(RuleKind.MARKUP, 0)).price(row_of(None))
