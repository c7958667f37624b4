"""The sheet before a send, and queueing with its credit: both or nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from desktop_app.domain.errors import InsufficientCredit, InvalidInput, NotFound, StaleData
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.sending import NothingToSend, Preflight
from tests.fixtures.application import Desk, at_once, german

DE, TR, US, GB, GUERNSEY = "+4915112345670", "+905321234560", "+12015550123", "+447400123450", "+447781123450"
TODAY = datetime.now(UTC).date()


def refused(desk: Desk, *numbers: str, **changes: object) -> dict[str, str]:
    """Return why each number would not be sent to."""
    try:
        sheet = desk.application.sending.preflight(desk.order(numbers, **changes))
    except NothingToSend as error:
        return {one.to: one.reason for one in error.not_sent}
    return {one.to: one.reason for one in sheet.not_sent}


def prices(sheet: Preflight) -> dict[str, int]:
    return {group.quote.country: group.quote.price for group in sheet.groups}


# Why not: each reason of cli.md once.


def _service_off(desk: Desk) -> None:
    desk.application.accounts.set_service(on=False, actor="anna")


def _client_on_pause(desk: Desk) -> None:
    desk.application.clients.set_paused("Aurora", paused=True, actor="anna")


def _opt_out(desk: Desk) -> None:
    desk.application.clients.add_opt_outs("Aurora", [DE], actor="anna")


def _country_off(desk: Desk) -> None:
    desk.application.pricing.set_country_enabled("DE", enabled=False, actor="anna")


def _no_cost(desk: Desk) -> None:
    desk.import_costs("Main", {"FR": "0.04"})


def _dollars(desk: Desk) -> None:
    desk.import_costs("Main", {"DE": "0.05"}, currency="USD")


def _dearer(desk: Desk) -> None:
    desk.import_costs("Main", {"DE": "0.0600001"})


@pytest.mark.parametrize(
    ("happens", "number", "reason"),
    [
        (lambda _desk: None, "+49151", "invalid_number"),
        (_no_cost, DE, "no_price"),
        (_dollars, DE, "no_rate"),
        (_dearer, DE, "below_cost"),
        (_country_off, DE, "country_disabled"),
        (lambda _desk: None, TR, "sender_not_approved"),
        (lambda _desk: None, US, "sender_not_allowed"),
        (_opt_out, DE, "opted_out"),
        (_client_on_pause, DE, "held"),
        (_service_off, DE, "service_off"),
    ],
)
def test_every_reason_is_named(sqlite_desk: Desk, happens: Callable[[Desk], None], number: str, reason: str) -> None:
    happens(sqlite_desk)

    assert refused(sqlite_desk, number) == {number: reason}
    with pytest.raises(NothingToSend) as caught:
        sqlite_desk.queue([number])
    assert [(one.to, one.reason) for one in caught.value.not_sent] == [(number, reason)]
    assert reason in caught.value.user_message
    assert (sqlite_desk.statuses(), sqlite_desk.money()) == ({}, (100, 0))


def test_the_sheet_names_the_others_and_counts_the_rest(desk: Desk) -> None:
    sheet = desk.application.sending.preflight(
        desk.order([DE, DE, "00" + DE[1:], "0151", TR, GB, "+447400123456"], text="ж" * 71)
    )

    assert [(one.to, one.reason) for one in sheet.not_sent] == [
        (DE, "duplicate"),
        ("00" + DE[1:], "duplicate"),
        ("0151", "invalid_number"),
        (TR, "sender_not_approved"),
    ]
    assert {group.quote.country: len(group.numbers) for group in sheet.groups} == {"DE": 1, "GB": 2}
    assert (sheet.plan.encoding.value, sheet.plan.count, sheet.accepted, sheet.currency) == ("UCS-2", 2, 3, "EUR")
    assert sheet.total == 2 * (60_000 + 2 * 36_000)
    assert sheet.batch_id is None
    assert (desk.statuses(), desk.money()) == ({}, (100, 0))


def test_numbers_of_a_shared_plan_fall_back_to_its_price(desk: Desk) -> None:
    sheet = desk.application.sending.preflight(desk.order([GUERNSEY]))
    assert prices(sheet) == {"GG": 36_000}

    desk.import_costs("Main", {"GB": "0.03", "GG": "0.2", "DE": "0.05"})
    assert refused(desk, GUERNSEY) == {GUERNSEY: "no_price"}  # a country of its own now, without a price yet
    desk.application.pricing.set_price("GG", Decimal("0.25"), actor="anna")
    assert prices(desk.application.sending.preflight(desk.order([GUERNSEY, GB]))) == {"GB": 36_000, "GG": 250_000}


def test_a_client_pays_in_its_own_currency(desk: Desk) -> None:
    application = desk.application
    application.clients.add("Pound", currency="GBP", actor="anna")
    application.credits.top_up("Pound", Decimal(1), reason="first", actor="anna")
    application.sender_ids.request("Pound", "POUND", actor="anna")
    order = desk.order([DE], client="Pound", sender="POUND")
    assert refused(desk, DE, client="Pound", sender="POUND") == {DE: "no_rate"}

    application.accounts.set_exchange_rate("EUR", "GBP", Decimal("0.8765432"), TODAY, actor="anna")
    application.accounts.set_exchange_rate("EUR", "GBP", Decimal("0.1"), TODAY + timedelta(days=1), actor="anna")
    sheet = application.sending.queue(order)

    assert (sheet.currency, sheet.total) == ("GBP", 52_593)  # 0.06 x 0.8765432 = 0.052592592
    assert desk.money("Pound") == (Decimal("0.947407"), Decimal("0.052593"))
    desk.drain()
    desk.assert_sound()


def test_the_strongest_price_applies_and_says_why(desk: Desk) -> None:
    application = desk.application
    desk.query("INSERT INTO client_price (client_id, country, mccmnc, price_micro) VALUES (1, 'DE', '', 55000)")

    sheet = application.sending.preflight(desk.order([DE, GB]))

    assert prices(sheet) == {"DE": 55_000, "GB": 36_000}
    why = {group.quote.country: json.loads(group.quote.why) for group in sheet.groups}
    assert (why["DE"]["source"], why["DE"]["price"]) == ("client_country", "0.055000")
    assert why["DE"]["passed_over"] == [{"source": "manual_country", "list": "Standard", "price": "0.060000"}]
    assert why["GB"]["source"] == "manual_country"
    desk.query("UPDATE client_price SET price_micro = 49999")
    assert refused(desk, DE) == {DE: "below_cost"}


def test_standing_rules_price_what_has_no_price_of_its_own(desk: Desk) -> None:
    pricing, andorra = desk.application.pricing, "+376312345"
    desk.import_costs("Main", {"AD": "0.1", "DE": "0.05"})
    assert refused(desk, andorra) == {andorra: "no_price"}

    pricing.set_standing_rule("", PriceRule(RuleKind.MARKUP, 10_000), actor="anna")
    assert prices(desk.application.sending.preflight(desk.order([andorra, DE]))) == {"AD": 200_000, "DE": 60_000}
    pricing.set_standing_rule("Europe", PriceRule(RuleKind.MARKUP, 5_000), actor="anna")
    sheet = desk.application.sending.preflight(desk.order([andorra, DE]))
    assert prices(sheet) == {"AD": 150_000, "DE": 60_000}
    assert json.loads(sheet.groups[0].quote.why)["source"] == "rule_region"

    pricing.set_standing_rule("Europe", None, actor="anna")
    pricing.set_standing_rule("", None, actor="anna")
    assert refused(desk, andorra) == {andorra: "no_price"}


def test_the_order_itself_may_be_impossible(sqlite_desk: Desk) -> None:
    sending = sqlite_desk.application.sending
    for changes in ({"text": ""}, {"text": "x" * 1601}, {"sender": "a name too long"}, {"reason": "x\0"}):
        with pytest.raises(InvalidInput):
            sending.queue(sqlite_desk.order([DE], **changes))
    with pytest.raises(InvalidInput):
        sending.queue(sqlite_desk.order([]))
    with pytest.raises(NotFound):
        sending.queue(sqlite_desk.order([DE], client="Nobody"))
    assert sqlite_desk.statuses() == {}


# Queueing.


def test_the_hold_is_exactly_the_total(desk: Desk) -> None:
    sheet = desk.queue([*german(7), GB, "+49151"], text="x" * 307)  # three segments

    assert sheet.total == 3 * (7 * 60_000 + 36_000)
    held = Decimal(sheet.total) / 10**6
    assert desk.money() == (100 - held, held)
    rows = desk.application.delivery.list_messages(sheet.batch_id)
    assert sum(row.price for row in rows) == sheet.total
    assert {row.status.value for row in rows} == {"queued"}
    assert desk.query("SELECT total_micro FROM batch") == [(sheet.total,)]
    desk.assert_sound()


def test_credit_short_by_a_millionth_sends_nothing(desk: Desk) -> None:
    numbers = german(10)
    desk.application.credits.adjust("Aurora", Decimal("-99.400001"), reason="a correction", actor="anna")

    with pytest.raises(InsufficientCredit, match=r"0\.000001 EUR short"):
        desk.queue(numbers)
    assert (desk.statuses(), desk.money()) == ({}, (Decimal("0.599999"), 0))

    desk.application.credits.adjust("Aurora", Decimal("0.000001"), reason="a correction", actor="anna")
    desk.queue(numbers)
    assert desk.money() == (0, Decimal("0.6"))
    desk.assert_sound()


def test_an_order_queued_twice_is_one_batch(desk: Desk) -> None:
    first = desk.queue(german(5), idem="pressed-1")
    again = desk.queue(german(5), idem="pressed-1")

    assert again == first
    assert desk.statuses() == {"queued": 5}
    assert desk.queue(german(5), idem="pressed-2").batch_id != first.batch_id
    desk.drain()
    assert desk.queue(german(5), idem="pressed-1").batch_id == first.batch_id
    assert desk.statuses() == {"accepted": 10}


def test_an_order_queued_twice_at_once_is_one_batch(desk: Desk) -> None:
    def press() -> object:
        return desk.queue(german(5), idem="pressed").batch_id

    results = at_once(*[press] * 4)

    assert results == [1] * 4
    assert desk.statuses() == {"queued": 5}
    assert desk.money() == (Decimal("99.7"), Decimal("0.3"))
    desk.assert_sound()


def test_the_last_credit_is_spent_once(desk: Desk) -> None:
    desk.application.credits.adjust("Aurora", Decimal("-99.4"), reason="a correction", actor="anna")

    def queue(start: int) -> Callable[[], object]:
        return lambda: desk.queue(german(7, start=start)).accepted

    results = at_once(queue(0), queue(100), queue(200))

    assert sorted(map(str, results)).count("7") == 1
    assert sum(isinstance(result, InsufficientCredit) for result in results) == 2
    assert desk.statuses() == {"queued": 7}
    assert desk.money() == (Decimal("0.18"), Decimal("0.42"))
    desk.assert_sound()


def test_many_batches_at_once_hold_what_they_cost(desk: Desk) -> None:
    def queue(start: int) -> Callable[[], object]:
        return lambda: desk.queue(german(20, start=start)).total

    results = at_once(*[queue(100 * place) for place in range(6)])

    assert results == [1_200_000] * 6
    assert desk.money() == (Decimal("92.8"), Decimal("7.2"))
    desk.drain()
    assert len(desk.seen()) == 120
    desk.assert_sound()


def test_the_same_key_with_another_text_is_a_conflict_and_changes_nothing(desk: Desk) -> None:
    first = desk.queue(german(2), idem="pressed-once")
    held = desk.application.credits.balance("Aurora").held
    with pytest.raises(StaleData) as conflict:
        desk.queue(german(2), idem="pressed-once", text="Something else")
    assert conflict.value.code == "idempotency_conflict"
    assert desk.application.credits.balance("Aurora").held == held
    assert desk.queue(german(2), idem="pressed-once").batch_id == first.batch_id


@pytest.mark.parametrize(
    "changes",
    [
        {"recipients": german(3), "fields": [{"name": "Ada"}, {"name": "Bob"}, {"name": "Cy"}]},
        {"recipients": german(2, start=1)},
        {"recipients": german(1)},
        {"send_at": datetime.now(UTC) + timedelta(days=1)},
        {"budget": 60_000},
        {"fields": [{"name": "Ada"}, {"name": "Bo"}]},
        {"fields": [{"name": "Ada"}, {}], "fallbacks": {"name": "you"}},
        {"is_test": True},
    ],
    ids=["one more", "others", "one less", "later", "budget", "values", "fallback", "test"],
)
def test_an_order_that_was_changed_is_not_the_one_queued_with_its_key(desk: Desk, changes: dict[str, Any]) -> None:
    first = desk.order(german(2), idem="pressed-once", text="Hi {name}", fields=[{"name": "Ada"}, {"name": "Bob"}])
    queued = desk.application.sending.queue(first)
    with pytest.raises(StaleData) as conflict:
        desk.application.sending.queue(replace(first, **changes))
    assert conflict.value.code == "idempotency_conflict"
    assert f"job {queued.batch_id}," in conflict.value.user_message
    # What only describes it may differ: it is the same order, seen by another press.
    again = replace(first, reason="another", name="Winter", promise=queued.promise, actor="mert")
    assert desk.application.sending.queue(again).batch_id == queued.batch_id
    assert desk.statuses() == {"queued": 2}


def test_a_client_that_is_frozen_at_this_moment_gets_nothing_and_the_program_goes_on(desk: Desk) -> None:
    with desk.application.database.begin() as uow:
        uow.ledger.set_frozen(uow.clients.get("Aurora").account_id, frozen=True)
    with pytest.raises(StaleData):
        desk.queue(german(2))
    assert desk.statuses() == {}
    assert desk.money() == (100, 0)


def test_a_test_that_waits_is_not_reserved_by_the_client(desk: Desk) -> None:
    desk.queue(german(2), is_test=True)
    desk.queue(german(1, start=5), name="Winter")
    why = desk.application.client_accounts.explain("Aurora")
    assert [(hold.name, hold.amount) for hold in why.holds] == [("Winter", 60_000)]
    assert why.is_proved


def test_a_price_that_no_amount_can_hold_in_the_clients_currency_is_not_sold(desk: Desk) -> None:
    desk.application.clients.add("Rial Trade", currency="IRR", actor="anna")
    desk.application.sender_ids.request("Rial Trade", "RIAL", actor="anna")
    desk.application.accounts.set_exchange_rate("EUR", "IRR", Decimal(10**9), TODAY, actor="anna")
    assert refused(desk, DE, client="Rial Trade", sender="RIAL") == {DE: "no_rate"}
