"""Percents as people write them, and the rules and limits that are made of them."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.edit_totals import Money
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.money import MAX_PRICE_MICRO
from desktop_app.domain.percents import cut_margin, cut_markup, tenths
from desktop_app.domain.pricing import (
    MAX_PERCENT,
    PERCENT_RULES,
    PriceLimits,
    PriceRule,
    RuleKind,
    margin_text,
    markup_text,
    parse_percent,
    percent_text,
)

PRICES = st.integers(1, MAX_PRICE_MICRO)


@given(st.integers(-MAX_PERCENT, MAX_PERCENT))
def test_a_percent_comes_back_from_its_text(value: int) -> None:
    text = percent_text(value)
    assert parse_percent(text) == value
    assert parse_percent(f"  {text.replace('.', ',')} % ") == value
    assert Decimal(text) * 100 == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("25", 2500), ("25.5", 2550), ("12,25 %", 1225), ("-3.5", -350), ("\u22125", -500), ("+5", 500), ("0", 0), ("-0", 0),
     ("00012", 1200), ("12\n", 1200), (" 12\u00a0%", 1200), ("100000", MAX_PERCENT)],
)  # fmt: skip
def test_what_people_write(text: str, value: int) -> None:
    assert parse_percent(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "%", "-", "25%%", "--5", "1e3", "1E-7", "1e999", "NaN", "sNaN", "Infinity", "0x10", "1_000", "٤٤", "１２", "²",
     "1.234,56", "1,234.56", "1'234.5", "1 234", "1\u00a0234", ".5", "5.", "9" * 19, "9" * 5000, str(2**31), str(2**53 + 1),
     str(2**63), "0.0000001", "0.123", "true", '"12"', "[12]", "null", "12\x00", "100000.01", "1.2.3"],
)  # fmt: skip
def test_what_is_no_percent_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_percent(text)
    assert len(caught.value.user_message) < 120


@given(PRICES, PRICES)
def test_margin_and_markup_are_exact_to_two_decimals(price: int, cost: int) -> None:
    step = Decimal("0.01")
    profit = Decimal((price - cost) * 100)
    assert Decimal(margin_text(price, cost) or "") == (profit / price).quantize(step, ROUND_HALF_UP)
    assert Decimal(markup_text(price, cost) or "") == (profit / cost).quantize(step, ROUND_HALF_UP)


@given(PRICES, PRICES)
def test_what_is_shown_with_one_decimal_is_rounded_once(price: int, cost: int) -> None:
    step = Decimal("0.1")
    profit = Decimal((price - cost) * 100)
    assert Decimal(tenths(cut_margin(price, cost) or 0)) / 10 == (profit / price).quantize(step, ROUND_HALF_UP)
    assert Decimal(tenths(cut_markup(price, cost) or 0)) / 10 == (profit / cost).quantize(step, ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("price", "cost", "shown"),
    [(89_900, 92_100, -24), (100_000, 70_050, 300), (100_000, 70_051, 299), (40_000, 50_180, -255)],
)
def test_a_margin_just_beside_the_middle_of_two_tenths(price: int, cost: int, shown: int) -> None:
    assert tenths(cut_margin(price, cost) or 0) == shown


@given(PRICES, PRICES, PRICES)
def test_points_are_made_of_the_exact_margins(before: int, after: int, cost: int) -> None:
    grown = Money(after, after - cost).points_since(Money(before, before - cost))

    exact = 1000 * (Fraction(cost, before) - Fraction(cost, after))
    assert tenths(grown) == (1 if exact > 0 else -1) * floor(abs(exact) + Fraction(1, 2))


@pytest.mark.parametrize(
    ("price", "cost", "margin", "markup"),
    [(100_000, 75_000, "25.00", "33.33"), (77_500, 62_000, "20.00", "25.00"), (62_000, 62_000, "0.00", "0.00"),
     (50_000, 62_000, "-24.00", "-19.35"), (999_999, 10**6, "0.00", "0.00"), (None, 1, None, None), (1, None, None, None),
     (0, 1, None, "-100.00")],
)  # fmt: skip
def test_margin_and_markup_by_hand(price: int | None, cost: int | None, margin: str | None, markup: str | None) -> None:
    assert margin_text(price, cost) == margin
    assert markup_text(price, cost) == markup


@st.composite
def rules(draw: st.DrawFn) -> PriceRule:
    kind = draw(st.sampled_from(RuleKind))
    largest = MAX_PERCENT if kind in PERCENT_RULES else MAX_PRICE_MICRO
    highest = 9_999 if kind is RuleKind.MARGIN else largest
    return PriceRule(kind, draw(st.integers(-9_999 if kind is RuleKind.MARKUP else -largest, highest)))


@given(rules())
def test_a_rule_comes_back_from_its_text(rule: PriceRule) -> None:
    assert PriceRule.from_text(rule.text) == rule


@pytest.mark.parametrize(
    ("rule", "text"),
    [(PriceRule(RuleKind.MARKUP, 2500), "markup 25.00"), (PriceRule(RuleKind.RAISE_MARGIN, -50), "raise_margin -0.50"),
     (PriceRule(RuleKind.PROFIT, 5_000), "profit 0.005000"),
     (PriceRule(RuleKind.CHANGE_AMOUNT, -1), "change_amount -0.000001")],
)  # fmt: skip
def test_a_rule_is_stored_in_words(rule: PriceRule, text: str) -> None:
    assert rule.text == text


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [(RuleKind.MARGIN, 10_000, "margin"), (RuleKind.MARGIN, 20_000, "margin"), (RuleKind.MARKUP, -10_000, "markup"),
     (RuleKind.MARKUP, MAX_PERCENT + 1, "rule"), (RuleKind.MARGIN, -MAX_PERCENT - 1, "rule"),
     (RuleKind.SET_PRICE, MAX_PRICE_MICRO + 1, "rule"), (RuleKind.PROFIT, -MAX_PRICE_MICRO - 1, "rule")],
)  # fmt: skip
def test_a_rule_that_has_no_price_is_a_field_error(kind: RuleKind, value: int, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        PriceRule(kind, value)
    assert set(caught.value.fields) == {field}


@pytest.mark.parametrize(
    ("values", "field"),
    [({"step": 0}, "round"), ({"step": -1}, "round"), ({"step": MAX_PRICE_MICRO + 1}, "round"),
     ({"min_profit": -1}, "min_profit"), ({"min_profit": MAX_PRICE_MICRO + 1}, "min_profit"), ({"cap": -1}, "cap"),
     ({"cap": 1_000_001}, "cap")],
)  # fmt: skip
def test_limits_out_of_range_are_field_errors(values: dict[str, int], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        PriceLimits(**values)  # type: ignore[arg-type] # the enum is not among them
    assert set(caught.value.fields) == {field}
