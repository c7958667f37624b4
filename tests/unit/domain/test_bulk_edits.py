"""Bulk edits row by row: skipping, refusing, deciding, and which rule a row follows afterwards."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.bulk_edits import (
    EditOrder,
    EditRow,
    NetworkScope,
    RowState,
    break_even,
    fingerprint,
    plan_edit,
)
from desktop_app.domain.edit_totals import largest, row_volumes, total
from desktop_app.domain.percents import cut_margin
from desktop_app.domain.pricing import Note, PriceLimits, PriceRule, RuleKind, SkipReason
from desktop_app.domain.rates import Rate

MARGIN_30 = "margin 30.00"


def rate(number: int = 1, iso: str = "DE", mccmnc: str | None = None, *, cost: int | None = 70, price: int | None = 100,
         rule: str = MARGIN_30, manual: bool = False) -> Rate:  # fmt: skip
    return Rate(number, iso, mccmnc, "", cost, False, price, manual, "" if manual else rule,
                former_rule=rule if manual else "")  # fmt: skip


def order(kind: RuleKind | None, value: int = 0, **changes: object) -> EditOrder:
    rule = None if kind is None else PriceRule(kind, value)
    made = EditOrder(frozenset({"DE", "FR", "TR"}), NetworkScope.COUNTRIES, rule)
    return replace(made, **changes)  # type: ignore[arg-type]


def one(edit: EditOrder, row: Rate) -> EditRow:
    [found] = plan_edit(edit, [row])
    return found


def test_only_the_rows_of_the_scope_are_there() -> None:
    rows = [rate(1), rate(2, "DE", "26201", price=None), rate(3, "DE", "26202"), rate(4, "AT")]
    edit = order(RuleKind.MARKUP, 5_000)
    ids = {
        networks: [row.rate.rate_id for row in plan_edit(replace(edit, networks=networks), rows)]
        for networks in NetworkScope
    }
    assert ids == {
        NetworkScope.COUNTRIES: [1], NetworkScope.WITH_NETWORKS: [1, 2, 3], NetworkScope.OWN_PRICES: [3]
    }  # fmt: skip


def test_manual_rows_are_skipped_or_stay_manual() -> None:
    skipped = one(order(RuleKind.MARKUP, 5_000), rate(manual=True))
    assert (skipped.state, skipped.reason, skipped.after) == (RowState.SKIPPED, SkipReason.MANUAL, 100)
    changed = one(order(RuleKind.MARKUP, 5_000, skip_manual=False), rate(manual=True))
    assert (changed.state, changed.after, changed.manual, changed.follows) == (RowState.CHANGED, 105, True, None)


def test_a_network_under_a_manual_country_is_never_worth_a_price() -> None:
    rows = [rate(1, manual=True), rate(2, "DE", "26201")]
    edit = order(RuleKind.MARKUP, 5_000, networks=NetworkScope.WITH_NETWORKS, skip_manual=False)
    assert [row.reason for row in plan_edit(edit, rows)] == [None, SkipReason.INHERITS_MANUAL]


@pytest.mark.parametrize(
    ("kind", "value", "rule", "follows"),
    [
        (RuleKind.MARGIN, 3_500, MARGIN_30, "margin 35.00"),
        (RuleKind.MARGIN, 3_500, "markup 42.86", "margin 35.00"),
        (RuleKind.RAISE_MARGIN, 500, MARGIN_30, "margin 35.00"),
        (RuleKind.RAISE_MARGIN, -500, MARGIN_30, "margin 25.00"),
        (RuleKind.RAISE_MARKUP, 500, "markup 42.86", "markup 47.86"),
        (RuleKind.RAISE_MARGIN, 500, "markup 42.86", "markup 54.29"),
        (RuleKind.CHANGE_PERCENT, 1_000, MARGIN_30, "margin 36.36"),
        (RuleKind.CHANGE_AMOUNT, 10, "profit 0.000030", "profit 0.000040"),
        (RuleKind.SET_PRICE, 140, MARGIN_30, "margin 50.00"),
        (RuleKind.CHANGE_PERCENT, 1_000, "", "change_percent 10.00"),
        (RuleKind.CHANGE_PERCENT, 1_000, "set_price 0.0001", "change_percent 10.00"),
    ],
)
def test_a_row_goes_on_following_its_rule_with_the_new_target(
    kind: RuleKind, value: int, rule: str, follows: str
) -> None:
    row = one(order(kind, value), rate(rule=rule))
    assert (row.state, row.manual, row.follows) == (RowState.CHANGED, False, follows)


def test_where_a_limit_held_the_price_back_the_target_is_what_was_reached() -> None:
    row = one(order(RuleKind.MARGIN, 5_000, limits=PriceLimits(cap=1_000)), rate())
    assert (row.after, row.notes, row.follows) == (110, (Note.CAPPED,), "margin 36.36")


def test_a_change_that_moves_nothing_leaves_the_row_alone() -> None:
    assert one(order(RuleKind.CHANGE_PERCENT, 0), rate(price=101)).state is RowState.SAME
    assert one(order(RuleKind.MARGIN, 3_000), rate()).state is RowState.SAME
    same_price = one(order(RuleKind.MARKUP, 4_286), rate())
    assert (same_price.state, same_price.after, same_price.follows) == (RowState.CHANGED, 100, "markup 42.86")


def test_written_as_manual_every_changed_row_is_one() -> None:
    row = one(order(RuleKind.MARGIN, 3_000, write_manual=True), rate())
    assert (row.state, row.after, row.manual, row.follows) == (RowState.CHANGED, 100, True, None)


LOSS = order(RuleKind.SET_PRICE, 60)


def test_a_row_that_becomes_loss_making_is_refused_until_it_is_decided_about() -> None:
    refused = one(LOSS, rate())
    assert (refused.state, refused.after, refused.reason) == (RowState.REFUSED, 60, SkipReason.BELOW_COST)
    assert one(replace(LOSS, unticked=frozenset({1})), rate()).state is RowState.UNTICKED
    raised = one(replace(LOSS, raised=frozenset({1})), rate())
    assert (raised.state, raised.after, raised.raised, raised.follows) == (RowState.CHANGED, 70, True, "margin 0.00")
    allowed = one(replace(LOSS, allowed=frozenset({1})), rate())
    assert (allowed.state, allowed.after, allowed.allowed) == (RowState.CHANGED, 60, True)


def test_a_row_that_lost_money_and_improves_only_warns() -> None:
    row = one(LOSS, rate(price=50))
    assert (row.state, row.after, row.notes) == (RowState.CHANGED, 60, (Note.BELOW_COST,))
    assert one(replace(LOSS, raised=frozenset({1})), rate(price=50)).after == 70


def test_a_row_that_the_cap_keeps_below_cost_is_refused() -> None:
    row = one(order(RuleKind.MARGIN, 3_000, limits=PriceLimits(cap=2_000)), rate(price=50))
    assert (row.state, row.after, row.notes) == (RowState.REFUSED, 60, (Note.CAPPED, Note.BELOW_COST))


@given(st.integers(1, 10**6), st.integers(1, 2_000), st.integers(0, 1_999))
def test_break_even_is_the_first_price_of_the_grid_that_loses_nothing(cost: int, step: int, below: int) -> None:
    limits = PriceLimits(step=step, below=below % step)
    price = break_even(cost, limits)
    assert (price + limits.below) % step == 0
    assert cost <= price < cost + step


def test_back_to_rule_takes_the_rule_it_replaced_or_the_standing_one() -> None:
    standing = {"EU": PriceRule(RuleKind.MARKUP, 5_000), "": PriceRule(RuleKind.MARKUP, 2_000)}
    rows = [
        rate(1, "DE", manual=True, price=90), rate(2, "FR", manual=True, rule=""), rate(3, "TR", manual=True, rule="set_price 1.000000"),
        rate(4, "DE", "26201"),
    ]  # fmt: skip
    found = plan_edit(order(None, networks=NetworkScope.WITH_NETWORKS, skip_manual=True), rows, standing)
    assert [(row.after, row.manual, row.follows) for row in found] == [
        (100, False, None), (105, False, "markup 50.00"), (1_000_000, False, None), (100, False, None),
    ]  # fmt: skip
    assert found[3].state is RowState.SAME
    [lonely] = plan_edit(order(None), rows[1:2])
    assert lonely.reason is SkipReason.NO_RULE


def test_the_fingerprint_tells_every_difference_that_matters() -> None:
    edit = order(RuleKind.RAISE_MARGIN, 500)
    first = fingerprint(plan_edit(edit, [rate()]))
    assert fingerprint(plan_edit(edit, [rate(), rate(2, "FR", manual=True)])) == first
    others = [
        fingerprint(plan_edit(edit, [rate(price=101)])), fingerprint(plan_edit(edit, [rate(cost=71)])),
        fingerprint(plan_edit(edit, [rate(rule="markup 42.86")])), fingerprint(plan_edit(edit, [rate(), rate(2, "FR")])),
        fingerprint(plan_edit(order(RuleKind.RAISE_MARGIN, 501), [rate()])),
        fingerprint(plan_edit(replace(edit, write_manual=True), [rate()])),
    ]  # fmt: skip
    assert len({first, *others}) == len(others) + 1


def test_volumes_go_to_the_row_whose_price_was_charged() -> None:
    rows = [rate(1), rate(2, "DE", "26201"), rate(3, "DE", "26202", price=None), rate(4, "FR", manual=True),
            rate(5, "FR", "20801")]  # fmt: skip
    sent = {
        ("DE", None): 1,
        ("DE", "26201"): 10,
        ("DE", "26202"): 100,
        ("DE", "26299"): 1_000,
        ("FR", "20801"): 5,
        ("XX", None): 7,
    }
    assert row_volumes(rows, sent) == {1: 1_101, 2: 10, 4: 5}


def test_totals_weigh_by_volume() -> None:
    rows = plan_edit(order(RuleKind.SET_PRICE, 140), [rate(1), rate(2, "FR", price=80), rate(3, "TR", manual=True)])
    totals = total(rows, {1: 10, 2: 30})
    assert totals.is_weighted
    assert (totals.now.profit, totals.after.profit) == (10 * 30 + 30 * 10, 40 * 70)
    assert (totals.now.margin, totals.after.margin) == (cut_margin(3_400, 2_800), cut_margin(5_600, 2_800))
    assert (totals.raised, totals.lowered, totals.skipped, totals.refused, totals.written) == (2, 0, 1, 0, 2)
    assert totals.bars_now == (0, 0, 1, 0, 0, 2, 0)
    assert totals.bars_after == (0, 0, 0, 0, 0, 1, 2)


def test_without_any_volume_every_country_counts_once() -> None:
    networks = replace(order(RuleKind.SET_PRICE, 140), networks=NetworkScope.WITH_NETWORKS)
    totals = total(plan_edit(networks, [rate(1), rate(2, "DE", "26201", cost=1), rate(3, "FR")]), {})
    assert (totals.is_weighted, totals.now.profit, totals.after.profit) == (False, 60, 140)


def test_a_margin_stands_in_the_bar_that_it_reads() -> None:
    # 29.96 % reads 30.0 %.
    rows = plan_edit(
        order(RuleKind.CHANGE_PERCENT, 0), [rate(1, cost=7_004, price=10_000), rate(2, "FR", cost=101, price=100)]
    )
    assert total(rows, {}).bars_now == (1, 0, 0, 0, 0, 1, 0)


def test_the_example_is_the_largest_that_changes() -> None:
    rows = plan_edit(order(RuleKind.SET_PRICE, 140), [rate(1), rate(2, "FR"), rate(3, "TR", manual=True)])
    biggest = largest(rows, {1: 5, 2: 6, 3: 99}, {})
    assert biggest is not None
    assert biggest.rate.country == "FR"
    assert largest(rows, {}, {"DE": 4, "FR": 3}) is rows[0]
    assert largest((), {}, {}) is None
