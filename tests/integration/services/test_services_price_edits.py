"""A draft of prices: saved as one change or not at all, never over what somebody else did meanwhile."""

from datetime import timedelta
from decimal import Decimal

import pytest

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.pricing import PriceLimits, PriceRule, RuleKind
from desktop_app.services.clock import utc_now
from desktop_app.services.price_edits import LossAllowed, PriceEdit, PricesChanged
from desktop_app.services.pricing import PriceRow
from desktop_app.storage.repositories.costs import CostRow
from tests.fixtures.application import Desk, german


def row(desk: Desk, country: str, mccmnc: str | None = None) -> PriceRow:
    found = desk.application.pricing.list_prices([country], networks=True)
    return next(one for one in found if one.rate.mccmnc == mccmnc)


def edit(
    desk: Desk, country: str, after: str | None, mccmnc: str | None = None, loss: LossAllowed | None = None
) -> PriceEdit:
    rate = row(desk, country, mccmnc).rate
    micro = None if after is None else int(Decimal(after) * 1_000_000)
    return PriceEdit(country, mccmnc, rate.price, rate.manual, micro, loss)


def changes(desk: Desk) -> int:
    return len(desk.application.pricing.changes())


def test_a_draft_is_one_change_that_reverting_takes_back_whole(desk: Desk) -> None:
    before = [one.rate for one in desk.application.pricing.list_prices()]
    count = changes(desk)

    saved = desk.application.pricing.save_edits(
        [edit(desk, "DE", "0.13"), edit(desk, "FR", "0.21"), edit(desk, "US", "0.0401")], actor="deniz"
    )

    assert saved.rows == 3
    assert changes(desk) == count + 1
    assert [row(desk, iso).applies.price for iso in ("DE", "FR", "US")] == [130_000, 210_000, 40_100]
    assert desk.application.pricing.changes()[0].label == "DE, FR, US"
    desk.application.pricing.revert(saved.change_id, actor="deniz")
    assert [one.rate for one in desk.application.pricing.list_prices()] == before


def test_what_somebody_else_changed_meanwhile_is_named_and_nothing_is_saved(desk: Desk) -> None:
    mine = [edit(desk, "DE", "0.13"), edit(desk, "FR", "0.21")]
    desk.application.pricing.set_price("DE", Decimal("0.104"), actor="Mert Aydın")
    count = changes(desk)

    with pytest.raises(PricesChanged) as refused:
        desk.application.pricing.save_edits(mine, actor="deniz")

    [conflict] = refused.value.conflicts
    assert (conflict.country, conflict.actor, conflict.found, conflict.expected) == (
        "DE",
        "Mert Aydın",
        104_000,
        60_000,
    )
    assert conflict.at is not None
    assert (row(desk, "FR").applies.price, changes(desk)) == (48_000, count)


def test_a_price_that_a_rule_made_anew_is_a_conflict_too(desk: Desk) -> None:
    desk.application.pricing.reprice(PriceRule(RuleKind.MARGIN, 3_000), actor="anna", include_manual=True)
    mine = edit(desk, "DE", "0.13")
    desk.application.pricing.reprice(PriceRule(RuleKind.MARGIN, 4_000), actor="mert")

    with pytest.raises(PricesChanged):
        desk.application.pricing.save_edits([mine], actor="deniz")


def test_below_cost_needs_a_permission_and_one_bad_row_keeps_all_of_them_out(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.application.pricing.save_edits([edit(desk, "FR", "0.2"), edit(desk, "DE", "0.01")], actor="anna")
    assert refused.value.code == "below_cost"
    assert row(desk, "FR").applies.price == 48_000

    loss = LossAllowed(utc_now() + timedelta(days=3), "contract until May")
    desk.application.pricing.save_edits([edit(desk, "DE", "0.01", loss=loss)], actor="anna")

    assert row(desk, "DE").applies.price == 10_000
    assert desk.queue(german(1)).batch_id is not None


@pytest.mark.parametrize(
    "loss", [LossAllowed(utc_now() - timedelta(days=1), "long enough"), LossAllowed(utc_now() + timedelta(1), "no")]
)
def test_a_permission_in_the_past_or_without_a_reason_is_none(desk: Desk, loss: LossAllowed) -> None:
    with pytest.raises(InvalidInput):
        desk.application.pricing.save_edits([edit(desk, "DE", "0.01", loss=loss)], actor="anna")
    assert row(desk, "DE").applies.price == 60_000


@pytest.mark.parametrize("after", ["0", "-0.1", "100000.000001"])
def test_what_is_no_price_is_refused(desk: Desk, after: str) -> None:
    with pytest.raises(InvalidInput):
        desk.application.pricing.save_edits([edit(desk, "DE", after)], actor="anna")


def test_an_empty_draft_and_a_row_twice_are_refused(desk: Desk) -> None:
    for edits in ([], [edit(desk, "DE", "0.2"), edit(desk, "DE", "0.3")]):
        with pytest.raises(InvalidInput):
            desk.application.pricing.save_edits(edits, actor="anna")


def test_back_to_rule_gives_the_price_that_the_rule_makes_of_the_cost_now(desk: Desk) -> None:
    pricing = desk.application.pricing
    pricing.reprice(PriceRule(RuleKind.MARGIN, 3_000), actor="anna", limits=PriceLimits(step=100), include_manual=True)
    pricing.save_edits([edit(desk, "DE", "0.2")], actor="anna")
    pricing.import_costs("Main", [CostRow("DE", None, "", "0.07", 70_000, "EUR")], actor="anna")
    assert pricing.rule_prices()["DE", None] == 100_000

    pricing.save_edits([edit(desk, "DE", None)], actor="anna")

    rate = row(desk, "DE").rate
    assert (rate.price, rate.manual, rate.rule) == (100_000, False, "margin 30.00")


def test_back_to_a_rule_that_speaks_of_the_price_before_restores_what_it_made(desk: Desk) -> None:
    pricing = desk.application.pricing
    pricing.reprice(PriceRule(RuleKind.CHANGE_PERCENT, 1_000), actor="anna", include_manual=True)
    made = row(desk, "DE").rate.price
    pricing.save_edits([edit(desk, "DE", "0.2")], actor="anna")

    pricing.save_edits([edit(desk, "DE", None)], actor="anna")

    assert (row(desk, "DE").rate.price, row(desk, "DE").rate.manual) == (made, False)


def test_without_a_rule_a_network_inherits_again(desk: Desk) -> None:
    desk.application.pricing.import_costs(
        "Main", [CostRow("DE", None, "", "0.05", 50_000, "EUR"), CostRow("DE", "26201", "Telekom", "0.05", 50_000, "EUR")], actor="anna"
    )  # fmt: skip
    desk.application.pricing.save_edits([edit(desk, "DE", "0.09", "26201")], actor="anna")
    assert row(desk, "DE", "26201").applies.price == 90_000

    desk.application.pricing.save_edits([edit(desk, "DE", None, "26201")], actor="anna")

    assert (row(desk, "DE", "26201").applies.price, row(desk, "DE", "26201").applies.inherited) == (60_000, True)


def test_volumes_are_the_billed_segments_of_the_last_thirty_days(desk: Desk) -> None:
    assert desk.application.pricing.volumes() == {}
    desk.queue(german(3))
    assert desk.application.pricing.volumes() == {}  # nothing is billed before a provider took it

    desk.drain()

    [(place, segments)] = desk.application.pricing.volumes().items()
    assert (place[0], segments) == ("DE", 3)
    assert desk.application.pricing.volumes(days=0) == {}
