"""Rows of a price list: what applies to each, and the preview of a change."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.pricing import (
    ListedPrice,
    PriceLevel,
    PriceLimits,
    PriceRule,
    PriceSource,
    RuleKind,
    SkipReason,
    plan_prices,
    resolve_price,
)
from desktop_app.domain.rates import PlannedRow, Rate, SkippedRow, effective_price, plan_rows, plan_values

PRICES = st.integers(1, 1_000)


def rate(iso: str = "DE", mccmnc: str | None = None, *, cost: int | None = 100, price: int | None = None,
         manual: bool = False, unconverted: bool = False) -> Rate:  # fmt: skip
    return Rate(
        1, iso, mccmnc, "", cost, unconverted, price, manual and price is not None, "" if manual else "markup 1.00"
    )


@st.composite
def lists(draw: st.DrawFn) -> list[Rate]:
    """All rows of some countries, each once."""
    places = draw(
        st.lists(st.tuples(st.sampled_from(["DE", "FR"]), st.sampled_from([None, "26201", "26202"])), unique=True)
    )
    return [
        rate(iso, mccmnc, cost=draw(st.none() | PRICES), price=draw(st.none() | PRICES), manual=draw(st.booleans()),
             unconverted=draw(st.sampled_from([False, False, True])))
        for iso, mccmnc in places
    ]  # fmt: skip


RULES = st.builds(
    PriceRule, st.sampled_from([RuleKind.MARKUP, RuleKind.MARGIN, RuleKind.SET_PRICE]), st.integers(0, 9_999)
)


@given(lists(), RULES, st.booleans())
def test_a_preview_is_the_plan_of_each_row(rows: list[Rate], rule: PriceRule, include_manual: bool) -> None:
    plan = plan_prices(rule, PriceLimits(min_profit=3), include_manual=include_manual)
    changed, skipped = plan_rows(rows, plan)
    assert len(changed) + len(skipped) == len(rows)
    for row in rows:
        by_hand = any(one.mccmnc is None and one.manual and one.country == row.country for one in rows)
        values = plan_values(row, inherits_manual=row.mccmnc is not None and by_hand)
        reason = plan.skip_reason(values)
        if reason is not None:
            assert SkippedRow(row.country, row.mccmnc, reason) in skipped
            continue
        notes = tuple(note.value for note in plan.notes_of(values))
        assert PlannedRow(row.country, row.mccmnc, row.cost, row.price, plan.price(values), notes) in changed


def test_networks_of_a_country_priced_by_hand_are_left_alone() -> None:
    rows = [rate(price=150, manual=True), rate(mccmnc="26201"), rate("FR"), rate("FR", "20801")]
    changed, skipped = plan_rows(rows, plan_prices(PriceRule(RuleKind.MARKUP, 2_500)))
    assert skipped == [SkippedRow("DE", None, SkipReason.MANUAL), SkippedRow("DE", "26201", SkipReason.INHERITS_MANUAL)]
    assert [(row.country, row.mccmnc, row.after) for row in changed] == [("FR", None, 125), ("FR", "20801", 125)]


def test_a_network_priced_by_hand_says_nothing_about_its_country() -> None:
    rows = [rate(), rate(mccmnc="26201", price=150, manual=True), rate(mccmnc="26202")]
    changed, skipped = plan_rows(rows, plan_prices(PriceRule(RuleKind.MARKUP, 2_500)))
    assert skipped == [SkippedRow("DE", "26201", SkipReason.MANUAL)]
    assert [row.mccmnc for row in changed] == [None, "26202"]


OWN_ROWS = st.none() | st.builds(rate, mccmnc=st.just("26201"), price=st.none() | PRICES, manual=st.booleans())
COUNTRY_ROWS = st.none() | st.builds(rate, price=st.none() | PRICES, manual=st.booleans())


def _listed(row: Rate | None) -> ListedPrice | None:
    return None if row is None else ListedPrice(row.price, row.manual, row.rule)


@given(OWN_ROWS, COUNTRY_ROWS)
def test_the_table_shows_what_will_be_charged(own: Rate | None, country: Rate | None) -> None:
    shown = effective_price(own, country)
    charged = resolve_price((PriceLevel("Gold", _listed(own), _listed(country)),), None)
    if charged is None:
        assert shown.price is None
        return
    assert (shown.price, shown.rule) == (charged.price, charged.rule)
    assert shown.manual == (charged.source in (PriceSource.MANUAL_NETWORK, PriceSource.MANUAL_COUNTRY))
    assert shown.inherited == (charged.source in (PriceSource.MANUAL_COUNTRY, PriceSource.RULE_COUNTRY))


def test_a_country_does_not_inherit_from_itself() -> None:
    country = rate(price=150)
    assert not effective_price(country, country).inherited
    assert effective_price(rate(mccmnc="26201"), country).inherited
