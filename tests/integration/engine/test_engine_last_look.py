"""What changed after queueing: it stops a message that has not left, with a reason and its credit back, or it changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.job import Job
from tests.fixtures.application import Desk, german

PRICE = Decimal("0.06")


def _opt_out(desk: Desk) -> None:
    desk.application.clients.add_opt_outs("Aurora", german(4), actor="anna")


def _revoke_sender(desk: Desk) -> None:
    desk.application.sender_ids.request("Aurora", "AURORA", countries=["DE"], actor="anna")
    desk.application.sender_ids.decide(
        "Aurora", "AURORA", countries=["DE"], approve=False, note="complaints", actor="anna"
    )


def _raise_cost(desk: Desk) -> None:
    desk.import_costs("Main", {"DE": "0.060001"})


def _close_country(desk: Desk) -> None:
    desk.import_costs("Main", {"FR": "0.04"})


def _lose_rate(desk: Desk) -> None:
    desk.import_costs("Main", {"DE": "0.05"}, currency="USD")


def _switch_country_off(desk: Desk) -> None:
    desk.application.pricing.set_country_enabled("DE", enabled=False, actor="anna")


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_opt_out, "opted_out"),
        (_revoke_sender, "sender_not_approved"),
        (_raise_cost, "below_cost"),
        (_close_country, "no_price"),
        (_lose_rate, "no_rate"),
        (_switch_country_off, "country_disabled"),
    ],
)
def test_a_message_that_may_not_go_any_more_is_blocked_and_costs_nothing(
    sqlite_desk: Desk, happens: Callable[[Desk], None], reason: str
) -> None:
    desk = sqlite_desk
    desk.queue(german(4))
    desk.queue(["+33612345670"])
    happens(desk)

    desk.drain()

    rows = desk.application.delivery.list_messages()
    assert [(row.status.value, row.reason) for row in rows if row.country == "DE"] == [("blocked", reason)] * 4
    assert desk.seen() == [row.to for row in rows if row.status.value == "accepted"]
    assert desk.money() == (100 - len(desk.seen()) * Decimal("0.048"), 0)
    desk.assert_sound()


def test_only_the_numbers_that_opted_out_are_left_out(desk: Desk) -> None:
    desk.queue(german(10))
    desk.application.clients.add_opt_outs("Aurora", german(3), actor="anna")

    desk.drain()

    assert sorted(desk.seen()) == german(7, start=3)
    assert desk.statuses() == {"blocked": 3, "accepted": 7}
    assert desk.money() == (100 - 7 * PRICE, 0)
    desk.assert_sound()


def test_a_change_of_price_or_rate_changes_nothing_that_is_queued(desk: Desk) -> None:
    application = desk.application
    application.clients.add("Pound", currency="GBP", actor="anna")
    application.credits.top_up("Pound", Decimal(10), reason="first", actor="anna")
    application.sender_ids.request("Pound", "POUND", actor="anna")
    today = datetime.now(UTC).date()
    application.accounts.set_exchange_rate("EUR", "GBP", Decimal("0.5"), today, actor="anna")
    desk.queue(german(5))
    desk.queue(german(5, start=100), client="Pound", sender="POUND")

    application.pricing.reprice(PriceRule(RuleKind.CHANGE_PERCENT, 5_000), include_manual=True, actor="anna")
    application.accounts.set_exchange_rate("EUR", "GBP", Decimal("0.55"), today, actor="anna")
    desk.import_costs("Main", {"DE": "0.05454"})
    desk.drain()

    assert desk.money() == (100 - 5 * PRICE, 0)
    assert desk.money("Pound") == (10 - 5 * Decimal("0.03"), 0)
    assert desk.queue(german(1)).total == 90_000
    desk.assert_sound()


def test_a_cost_rise_that_an_exchange_rate_makes_blocks_too(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    application = desk.application
    application.clients.add("Pound", currency="GBP", actor="anna")
    application.credits.top_up("Pound", Decimal(10), reason="first", actor="anna")
    application.sender_ids.request("Pound", "POUND", actor="anna")
    today = datetime.now(UTC).date()
    application.accounts.set_exchange_rate("EUR", "GBP", Decimal("0.5"), today, actor="anna")
    desk.queue(german(5), client="Pound", sender="POUND")

    application.accounts.set_exchange_rate("EUR", "GBP", Decimal("0.61"), today, actor="anna")
    desk.drain()

    assert [row.reason for row in application.delivery.list_messages()] == ["below_cost"] * 5
    assert desk.money("Pound") == (10, 0)
    assert desk.seen() == []


def test_a_permitted_loss_goes_out_until_its_day_is_over(desk: Desk) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    desk.application.pricing.set_price("DE", Decimal("0.04"), loss_until=soon, reason="a promise we made", actor="anna")
    desk.queue(german(2))
    desk.drain()
    desk.queue(german(2, start=100))
    desk.query(f"UPDATE loss_permission SET until = {int((soon - timedelta(hours=2)).timestamp() * 10**6)}")

    desk.drain()

    assert sorted(desk.seen()) == german(2)
    assert desk.statuses() == {"accepted": 2, "blocked": 2}
    assert desk.money() == (100 - 2 * Decimal("0.04"), 0)
    desk.assert_sound()


def test_nothing_is_claimed_while_the_service_is_off(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.queue(german(5))
    desk.application.accounts.set_service(on=False, actor="anna")

    desk.look_at_queue()
    assert (desk.statuses(), desk.seen()) == ({"queued": 5}, [])

    desk.application.accounts.set_service(on=True, actor="anna")
    desk.drain()
    assert sorted(desk.seen()) == german(5)


def test_a_client_on_pause_waits_and_the_others_go(desk: Desk) -> None:
    application = desk.application
    application.clients.add("Borealis", actor="anna")
    application.credits.top_up("Borealis", Decimal(10), reason="first", actor="anna")
    application.sender_ids.request("Borealis", "BOREALIS", actor="anna")
    desk.queue(german(5))
    desk.queue(german(5, start=100), client="Borealis", sender="BOREALIS")
    application.clients.set_paused("Aurora", paused=True, actor="anna")

    desk.look_at_queue()
    assert sorted(desk.seen()) == german(5, start=100)
    assert desk.money() == (100 - 5 * PRICE, 5 * PRICE)

    application.clients.set_paused("Aurora", paused=False, actor="anna")
    application.drain(Job(), until=application.is_drained)
    assert sorted(desk.seen()) == german(5) + german(5, start=100)
    desk.assert_sound()


def test_the_number_shown_instead_of_a_name_is_what_goes_out(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    application = desk.application
    application.sender_ids.set_fallback_number("Main", "US", "+12025550123", actor="anna")
    desk.queue(["+12015550123"])

    desk.drain()

    assert [message["from"] for message in desk.accepted()] == ["+12025550123"]
