"""Prices: set by hand, changed in bulk, looked at before, reverted after; losses only with permission."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.pricing import PriceLimits, PriceRule, RuleKind, SkipReason
from desktop_app.services.pricing import PriceRow, Repriced
from desktop_app.storage.repositories.costs import CostRow
from tests.fixtures.application import Desk, german

MARKUP = PriceRule(RuleKind.MARKUP, 3_700)
ROWS = [
    CostRow("DE", None, "", "0.05", 50_000, "EUR"),
    CostRow("DE", "26201", "Telekom", "0.04", 40_000, "EUR"),
    CostRow("DE", "26202", "Vodafone", "0.05", 50_000, "EUR"),
    CostRow("FR", "20801", "Orange", "0.030001", 30_001, "EUR"),
    CostRow("FR", "20810", "SFR", "0.02", 20_000, "EUR"),
    CostRow("AT", "23201", "A1", "0.1234", 123_400, "EUR"),
]


@pytest.fixture
def priced(bare_desk: Desk) -> Desk:
    """Costs of three countries and their networks, no price yet."""
    bare_desk.add_provider("Main")
    bare_desk.application.pricing.import_costs("Main", ROWS, actor="anna")
    return bare_desk


def row(desk: Desk, country: str, mccmnc: str | None = None) -> PriceRow:
    found = desk.application.pricing.list_prices([country], networks=True)
    return next(one for one in found if one.rate.mccmnc == mccmnc)


def rows_of(desk: Desk) -> list[PriceRow]:
    return desk.application.pricing.list_prices(networks=True)


def prices(desk: Desk) -> dict[tuple[str, str | None], int | None]:
    return {
        (one.rate.country, one.rate.mccmnc): one.applies.price
        for one in desk.application.pricing.list_prices(networks=True)
    }


def reprice(desk: Desk, rule: PriceRule = MARKUP, *, preview: bool = False, **rest: object) -> Repriced:
    return desk.application.pricing.reprice(rule, actor="anna", preview=preview, **rest)  # type: ignore[arg-type]


def set_price(desk: Desk, country: str, price: str) -> int:
    return desk.application.pricing.set_price(country, Decimal(price), actor="anna")


def test_before_a_rule_nothing_has_a_price(priced: Desk) -> None:
    assert set(prices(priced).values()) == {None}
    assert row(priced, "FR").rate.cost == 30_001  # the dearest network's
    assert row(priced, "DE").rate.cost == 50_000


def test_what_a_preview_shows_is_what_is_applied(priced: Desk) -> None:
    set_price(priced, "AT", "0.5")
    before = prices(priced)
    looked_at = reprice(priced, preview=True)
    assert (looked_at.change_id, prices(priced)) == (None, before)

    applied = reprice(priced)

    assert applied.change_id is not None
    assert (applied.rows, applied.skipped) == (looked_at.rows, looked_at.skipped)
    after = {(one.country, one.mccmnc): one.after for one in applied.rows}
    assert after == {place: price for place, price in prices(priced).items() if place[0] != "AT"}
    assert after["FR", None] == 41_101  # 0.030001 + 37 % = 0.04110137
    assert {(one.country, one.mccmnc, one.reason) for one in applied.skipped} == {
        ("AT", None, SkipReason.MANUAL),
        ("AT", "23201", SkipReason.INHERITS_MANUAL),
    }


def test_networks_inherit_the_price_set_by_hand(priced: Desk) -> None:
    reprice(priced)
    set_price(priced, "DE", "0.2")

    assert [row(priced, "DE", mccmnc).applies.price for mccmnc in (None, "26201", "26202")] == [200_000] * 3
    assert row(priced, "DE", "26201").applies.inherited
    assert row(priced, "DE", "26201").applies.manual
    again = reprice(priced, countries=["DE"])
    assert again.rows == ()
    forced = reprice(priced, countries=["DE"], include_manual=True)
    assert {(one.mccmnc, one.after) for one in forced.rows} == {(None, 68_500), ("26201", 54_800), ("26202", 68_500)}


def test_a_revert_skips_and_names_what_was_edited_since(priced: Desk) -> None:
    change = reprice(priced).change_id or 0
    set_price(priced, "DE", "0.3")

    reverted = priced.application.pricing.revert(change, actor="berta")

    assert [(one.country, one.mccmnc, one.reason) for one in reverted.skipped] == [
        ("DE", None, SkipReason.EDITED_SINCE)
    ]
    assert reverted.restored == len(ROWS) + 2 - 1
    assert (row(priced, "DE").rate.price, row(priced, "AT").rate.price) == (300_000, None)
    undone = priced.application.pricing.revert(reverted.change_id, actor="anna")
    assert row(priced, "AT").rate.price == 169_058
    assert undone.skipped == ()
    assert [one.actor for one in priced.application.pricing.changes()] == ["anna", "berta", "anna", "anna"]


def test_a_revert_to_nothing_and_back_again_keeps_the_flag(priced: Desk) -> None:
    first = set_price(priced, "DE", "0.2")
    second = set_price(priced, "DE", "0.3")

    priced.application.pricing.revert(second, actor="anna")
    assert (row(priced, "DE").rate.price, row(priced, "DE").rate.manual) == (200_000, True)
    priced.application.pricing.revert(first, actor="anna")
    assert (row(priced, "DE").rate.price, row(priced, "DE").rate.manual) == (None, False)


def test_an_unknown_change_cannot_be_reverted(priced: Desk) -> None:
    with pytest.raises(NotFound):
        priced.application.pricing.revert(4711, actor="anna")


def test_a_price_below_cost_needs_a_permission(priced: Desk) -> None:
    pricing = priced.application.pricing
    with pytest.raises(InvalidInput) as refused:
        set_price(priced, "DE", "0.049999")
    assert refused.value.code == "below_cost"
    assert row(priced, "DE").rate.price is None
    assert set_price(priced, "DE", "0.05")  # equal to the cost is no loss

    until = datetime.now(UTC) + timedelta(days=1)
    for bad in ({"loss_until": until, "reason": "no"}, {"loss_until": datetime.now(UTC), "reason": "a good reason"}):
        with pytest.raises(InvalidInput):
            pricing.set_price("DE", Decimal("0.04"), actor="anna", **bad)  # type: ignore[arg-type]
    pricing.set_price("DE", Decimal("0.04"), actor="anna", loss_until=until, reason="a good reason")
    assert row(priced, "DE").rate.price == 40_000


@pytest.mark.parametrize("price", ["0", "-1", "0.0000001", "NaN", "Infinity", "1e9"])
def test_what_is_no_price_is_refused(sqlite_desk: Desk, price: str) -> None:
    before = prices(sqlite_desk)

    with pytest.raises(InvalidInput):
        set_price(sqlite_desk, "DE", price)

    assert prices(sqlite_desk) == before


def test_a_bulk_change_that_would_lose_leaves_the_row(priced: Desk) -> None:
    reprice(priced, PriceRule(RuleKind.MARKUP, 1_000))

    lowered = reprice(priced, PriceRule(RuleKind.CHANGE_PERCENT, -2_000))

    assert lowered.rows == ()
    assert {one.reason for one in lowered.skipped} == {SkipReason.BELOW_COST}
    assert row(priced, "DE").rate.price == 55_000


@pytest.mark.parametrize(
    ("rule", "price", "follows"),
    [
        (PriceRule(RuleKind.RAISE_MARGIN, 500), 76_924, "margin 35.00"),
        (PriceRule(RuleKind.RAISE_MARKUP, 1_000), 76_429, "margin 34.58"),
        (PriceRule(RuleKind.CHANGE_PERCENT, 1_000), 78_572, "margin 36.36"),
        (PriceRule(RuleKind.CHANGE_AMOUNT, 10_000), 81_429, "margin 38.60"),
    ],
)
def test_a_row_that_is_raised_follows_its_new_target(priced: Desk, rule: PriceRule, price: int, follows: str) -> None:
    reprice(priced, PriceRule(RuleKind.MARGIN, 3_000))
    before = {(one.rate.country, one.rate.mccmnc): one.rate for one in rows_of(priced)}

    looked_at = reprice(priced, rule, preview=True)
    change = reprice(priced, rule)

    assert change.rows == looked_at.rows
    assert (row(priced, "DE").rate.price, row(priced, "DE").rate.rule) == (price, follows)
    priced.import_costs("Main", {"DE": "0.1"})
    priced.application.rule_following.apply_rules(actor="anna")
    target = PriceRule.from_text(follows)
    assert row(priced, "DE").rate.price == round(100_000 / (1 - target.value / 10_000))
    priced.application.pricing.revert(change.change_id or 0, actor="anna", also_edited=True)
    assert row(priced, "DE").rate.rule == "margin 30.00"
    assert {key: one.rule for key, one in before.items()} == {
        (one.rate.country, one.rate.mccmnc): one.rate.rule for one in rows_of(priced)
    }


def test_a_row_that_a_limit_held_back_follows_what_was_reached(priced: Desk) -> None:
    reprice(priced, PriceRule(RuleKind.MARKUP, 1_000), countries=["DE"])
    reprice(priced, PriceRule(RuleKind.MARKUP, 10_000), countries=["DE"], limits=PriceLimits(cap=1_000))
    assert (row(priced, "DE").rate.price, row(priced, "DE").rate.rule) == (60_500, "markup 21.00")


def test_limits_and_rounding_hold_for_every_row(priced: Desk) -> None:
    limits = PriceLimits(min_profit=20_000, step=1_000)

    changed = reprice(priced, PriceRule(RuleKind.MARKUP, 1_000), limits=limits)

    assert all(one.after is not None and one.after % 1_000 == 0 for one in changed.rows)
    assert all((one.after or 0) >= (one.cost or 0) + 20_000 for one in changed.rows)
    assert {one.notes for one in changed.rows} == {("min_profit",)}


def test_the_examples_of_the_reference_system(priced: Desk) -> None:
    reprice(priced, PriceRule(RuleKind.MARKUP, 0))

    assert (row(priced, "AT").rate.price or 0) * 1000 == 123_400_000  # 123.40 EUR per 1000


def test_a_country_can_be_switched_off_and_on(desk: Desk) -> None:
    pricing = desk.application.pricing
    pricing.set_country_enabled("DE", enabled=False, actor="anna")
    assert {one.rate.country: one.enabled for one in pricing.list_prices()}["DE"] is False

    pricing.set_country_enabled("DE", enabled=True, actor="anna")

    assert all(one.enabled for one in pricing.list_prices())
    assert desk.queue(german(1)).accepted == 1


def test_an_import_is_all_or_nothing_and_a_dry_run_is_nothing(priced: Desk) -> None:
    pricing = priced.application.pricing
    changed = [
        CostRow("DE", None, "", "0.06", 60_000, "EUR"),
        *ROWS[1:5],
        CostRow("CH", None, "", "0.01", 10_000, "EUR"),
    ]

    looked_at = pricing.import_costs("Main", changed, actor="anna", dry_run=True)
    assert row(priced, "DE").rate.cost == 50_000
    applied = pricing.import_costs("Main", changed, actor="anna")

    assert looked_at == applied
    assert (applied.new, applied.raised, applied.lowered, applied.closed, applied.unchanged) == (1, 1, 0, 1, 4)
    assert (row(priced, "DE").rate.cost, row(priced, "AT").rate.cost) == (60_000, None)
    with pytest.raises(InvalidInput):
        pricing.import_costs("Main", [], actor="anna")
    with pytest.raises(NotFound):
        pricing.import_costs("Nobody", changed, actor="anna")
