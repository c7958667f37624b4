"""Sends as they are composed: texts of one's own, partial sends, schedules, promises, tests, and the draft that becomes a batch."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from desktop_app.domain.errors import InsufficientCredit, InvalidInput, NotFound
from desktop_app.services.drafts import DraftState
from desktop_app.services.promises import CreditState, SheetChanged
from tests.fixtures.application import Desk, at_once, german

GB, TR = "+447400123450", "+905321234560"
LONG = "x" * 155


def fields(*names: str) -> list[dict[str, str]]:
    return [{"first_name": name} if name else {} for name in names]


# A text of one's own.


def test_each_gets_the_own_text_and_pays_for_the_own_segments(desk: Desk) -> None:
    numbers = [*german(3), GB]
    sheet = desk.queue(
        numbers, text=f"Hi {{first_name}} {LONG}", fields=fields("Al", "Bartholomew", "Żaneta", "Jo"), idem="own"
    )  # fmt: skip

    # 161 characters are 2 segments, 170 are 2, and with Ż in UCS-2 3 segments; the plan is that of the longest.
    assert [(group.quote.country, group.segments) for group in sheet.groups] == [("DE", 7), ("GB", 2)]
    assert (sheet.plan.count, sheet.plan.encoding.value) == (3, "UCS-2")
    assert sheet.total == 7 * 60_000 + 2 * 36_000
    assert desk.money() == (100 - Decimal(sheet.total) / 10**6, Decimal(sheet.total) / 10**6)
    rows = desk.query("SELECT number, segments, price_micro, encoding, body FROM message ORDER BY id")
    assert [(row[1], row[2], row[3]) for row in rows] == [
        (2, 120_000, "GSM-7"), (2, 120_000, "GSM-7"), (3, 180_000, "UCS-2"), (2, 72_000, "GSM-7")
    ]  # fmt: skip
    desk.drain()
    assert {message["to"]: message["body"] for message in desk.accepted()} == {
        number: f"Hi {name} {LONG}" for number, name in zip(numbers, ("Al", "Bartholomew", "Żaneta", "Jo"), strict=True)
    }
    assert desk.money() == (100 - Decimal(sheet.total) / 10**6, 0)
    desk.assert_sound()


def test_a_missing_value_needs_a_fallback(desk: Desk) -> None:
    order = desk.order(german(3), text="Hi {first_name}", fields=fields("Ada", "", ""))
    assert desk.application.sending.look(order).missing == {"first_name": 2}
    with pytest.raises(InvalidInput, match="first_name") as caught:
        desk.application.sending.queue(order)
    assert caught.value.code == "missing_field"
    assert (desk.statuses(), desk.money()) == ({}, (100, 0))

    desk.queue(german(3), text="Hi {first_name}", fields=fields("Ada", "", ""), fallbacks={"first_name": "there"})
    desk.drain()
    assert sorted(message["body"] for message in desk.accepted()) == ["Hi Ada", "Hi there", "Hi there"]


def test_braces_are_only_braces_without_fields(desk: Desk) -> None:
    desk.queue(german(1), text="Use {first_name} as it is")
    desk.drain()
    assert [message["body"] for message in desk.accepted()] == ["Use {first_name} as it is"]
    assert desk.query("SELECT body, encoding FROM message") == [(None, None)]


def test_what_stands_for_a_field_opens_no_other_field(desk: Desk) -> None:
    desk.queue(german(1), text="{a} {b}", fields=[{"a": "{b}", "b": "{a}"}])
    desk.drain()
    assert [message["body"] for message in desk.accepted()] == ["{b} {a}"]


@pytest.mark.parametrize(
    "change",
    [
        "body = 'Something else'",
        "body = NULL, encoding = NULL",
        "encoding = 'UCS-2'",
        "segments = 1, price_micro = 60000",
    ],
)
def test_the_database_keeps_the_own_text_as_it_was_priced(desk: Desk, change: str) -> None:
    desk.queue(german(1), text=f"Hi {{first_name}} {LONG}", fields=fields("Ada"))
    with pytest.raises(Exception, match="never changes"):
        desk.query(f"UPDATE message SET {change}")
    with pytest.raises(Exception, match="never changes"):
        desk.query("UPDATE batch SET own_texts = 0")
    desk.query("UPDATE message SET body = ''")  # erased, for retention
    assert desk.query("SELECT body FROM message") == [("",)]


# Sending to as many as the credit covers.


def test_a_partial_send_takes_the_cheapest_and_no_millionth_more(desk: Desk) -> None:
    desk.application.credits.adjust("Aurora", Decimal("-99.7"), reason="a correction", actor="anna")
    numbers = [*german(4), GB, "+447400123451"]
    whole = desk.application.sending.look(desk.order(numbers))
    assert (whole.credit_state, whole.total) == (CreditState.SHORT, 4 * 60_000 + 2 * 36_000)
    with pytest.raises(InsufficientCredit):
        desk.queue(numbers)

    sheet = desk.queue(numbers, budget=whole.available)

    assert {group.quote.country: group.numbers for group in sheet.groups} == {
        "DE": tuple(german(3)), "GB": (GB, "+447400123451")
    }  # fmt: skip
    assert [(one.to, one.reason) for one in sheet.not_sent] == [(german(4)[3], "no_credit")]
    assert desk.money() == (Decimal("0.048"), Decimal("0.252"))
    desk.drain()
    assert sorted(desk.seen()) == sorted([*german(3), GB, "+447400123451"])
    desk.assert_sound()


def test_a_budget_that_covers_nobody_sends_nothing(sqlite_desk: Desk) -> None:
    sheet = sqlite_desk.application.sending.look(sqlite_desk.order(german(2), budget=59_999))
    assert (sheet.accepted, sheet.total, sheet.groups) == (0, 0, ())


# What was seen is what is queued.


def _dearer(desk: Desk) -> None:
    desk.application.pricing.set_price("DE", Decimal("0.07"), actor="anna")


def _opted_out(desk: Desk) -> None:
    desk.application.clients.add_opt_outs("Aurora", german(1), actor="anna")


def _country_off(desk: Desk) -> None:
    desk.application.pricing.set_country_enabled("DE", enabled=False, actor="anna")


def _spent(desk: Desk) -> None:
    desk.application.credits.adjust("Aurora", Decimal("-99.9"), reason="a correction", actor="anna")


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (_dearer, "The price for DE is 0.070000 now, it was 0.060000"),
        (_opted_out, "DE has 2 recipients now, it had 3"),
        (_country_off, "DE cannot be sent to any more"),
        (_spent, "The credit of Aurora has changed"),
    ],
)
def test_nothing_is_sent_that_was_not_confirmed(desk: Desk, happens: Callable[[Desk], None], says: str) -> None:
    order = desk.order([*german(3), GB], idem="confirmed")
    promise = desk.application.sending.look(order).promise
    happens(desk)
    before = desk.money()

    with pytest.raises(SheetChanged, match=says) as caught:
        desk.queue([*german(3), GB], idem="confirmed", promise=promise)

    assert caught.value.code == "changed_meanwhile"
    assert "Nothing was sent." in caught.value.user_message
    assert (desk.statuses(), desk.money()) == ({}, before)


def test_what_was_confirmed_is_charged_to_the_millionth(desk: Desk) -> None:
    order = desk.order([*german(3), GB], text="ж" * 71)
    promise = desk.application.sending.look(order).promise
    desk.application.credits.top_up("Aurora", Decimal(5), reason="more", actor="anna")  # more credit changes nothing

    sheet = desk.queue([*german(3), GB], text="ж" * 71, promise=promise)

    assert sheet.total == promise.total == 2 * (3 * 60_000 + 36_000)
    (hold,) = desk.query("SELECT amount_micro FROM ledger_transfer WHERE kind = 'hold'")
    assert hold == (promise.total,)


def test_a_pressed_again_send_is_found_although_prices_have_changed(desk: Desk) -> None:
    promise = desk.application.sending.look(desk.order(german(3))).promise
    first = desk.queue(german(3), idem="twice", promise=promise)
    _dearer(desk)
    _draft(desk, idem="twice")
    again = desk.queue(german(3), idem="twice", promise=promise)
    assert desk.application.drafts.list_all() == []
    assert again.batch_id == first.batch_id
    assert desk.statuses() == {"queued": 3}


# Later, as a test, from a draft.


def test_scheduled_messages_wait_for_their_time(sqlite_desk: Desk) -> None:
    at = datetime.now(UTC) + timedelta(hours=2)
    sheet = sqlite_desk.queue(german(3), send_at=at, name="Winter")
    assert sqlite_desk.money()[1] == Decimal("0.18")
    sqlite_desk.look_at_queue()
    assert sqlite_desk.seen() == []
    micros = int(at.timestamp()) * 10**6 + at.microsecond
    assert sqlite_desk.query("SELECT DISTINCT not_before FROM message") == [(micros,)]
    assert sqlite_desk.query("SELECT name, send_at FROM batch") == [("Winter", micros)]
    assert sheet.batch_id == 1


@pytest.mark.parametrize("wait", [timedelta(seconds=-1), timedelta(days=367)])
def test_a_time_that_has_passed_or_is_far_away_is_refused(sqlite_desk: Desk, wait: timedelta) -> None:
    with pytest.raises(InvalidInput):
        sqlite_desk.queue(german(1), send_at=datetime.now(UTC) + wait)
    assert sqlite_desk.statuses() == {}


def test_a_test_is_charged_to_us_and_needs_no_credit(desk: Desk) -> None:
    desk.application.credits.adjust("Aurora", Decimal(-100), reason="a correction", actor="anna")
    sheet = desk.queue(german(2), is_test=True)
    assert (desk.money(), sheet.total) == ((0, 0), 120_000)
    desk.drain()
    assert len(desk.seen()) == 2
    names = dict(desk.query("SELECT name, posted_micro FROM ledger_account WHERE bounded = 0"))
    assert (names["tests:EUR"], names["sales:EUR"]) == (-120_000, 120_000)
    desk.assert_sound()


def _draft(desk: Desk, text: str = "{}", draft_id: int | None = None, idem: str = "") -> int:
    state = DraftState("Winter", "Aurora", text, "[]", 3)
    return desk.application.drafts.save(draft_id, state, actor="anna", idem=idem)


def test_the_draft_goes_when_it_is_queued_and_does_not_come_back(desk: Desk) -> None:
    drafts = desk.application.drafts
    sent, other = _draft(desk, idem="key-of-the-draft"), _draft(desk)
    desk.queue(german(2), idem="key-of-the-draft")
    assert [one.draft_id for one in drafts.list_all()] == [other]
    with pytest.raises(NotFound):
        _draft(desk, "late", draft_id=sent)
    assert [one.draft_id for one in drafts.list_all()] == [other]


def test_a_refused_send_keeps_the_draft(desk: Desk) -> None:
    kept = _draft(desk, idem="key-of-the-draft")
    desk.application.credits.adjust("Aurora", Decimal("-99.99"), reason="a correction", actor="anna")
    with pytest.raises(InsufficientCredit):
        desk.queue(german(2), idem="key-of-the-draft")
    assert [one.draft_id for one in desk.application.drafts.list_all()] == [kept]


def test_drafts_are_listed_saved_deleted_and_restored(desk: Desk) -> None:
    drafts = desk.application.drafts
    first, second = _draft(desk, "one"), _draft(desk, "two")
    drafts.save(first, DraftState("Renamed", "", "three", None, 5), actor="mert")
    found = drafts.get(first)
    assert (found.content, found.recipients, found.summary.name, found.summary.recipient_count) == (
        "three",
        "[]",
        "Renamed",
        5,
    )
    assert [(one.draft_id, one.changed_by) for one in drafts.list_all()] == [(first, "mert"), (second, "anna")]

    deleted = drafts.delete(first)
    with pytest.raises(NotFound):
        drafts.delete(first)
    with pytest.raises(NotFound):
        drafts.get(first)
    restored = drafts.get(drafts.restore(deleted))
    assert (restored.idem, restored.content, restored.summary.changed_at) == (
        found.idem, "three", found.summary.changed_at
    )  # fmt: skip


def test_an_order_pressed_twice_at_once_with_a_promise_is_one_batch(desk: Desk) -> None:
    _draft(desk, idem="pressed")
    promise = desk.application.sending.look(desk.order(german(5))).promise

    def press() -> object:
        return desk.queue(german(5), idem="pressed", promise=promise).batch_id

    assert at_once(*[press] * 4) == [1] * 4
    assert desk.statuses() == {"queued": 5}
    assert desk.money() == (Decimal("99.7"), Decimal("0.3"))
    assert desk.application.drafts.list_all() == []
    desk.assert_sound()


def test_what_is_missing_for_a_sender_id_is_named(sqlite_desk: Desk) -> None:
    parts = sqlite_desk.application
    from desktop_app.services.compositions import CompositionsService

    compositions = CompositionsService(parts.database, parts.sending, parts.clock)
    order = sqlite_desk.order([*german(2), TR])
    found = compositions.look(order, parts.sending.sort("Aurora", order.recipients), order.text)
    assert [(one.country, one.count, one.reason) for one in found.sheet.refused] == [("TR", 1, "sender_not_approved")]
    (approval,) = found.approvals
    assert (approval.country, approval.status, bool(approval.missing)) == ("TR", None, True)
    assert (found.sheet.total, found.is_large, found.partial, found.replaced) == (120_000, False, None, None)


def test_large_sends_are_those_of_many_numbers_or_much_money(sqlite_desk: Desk) -> None:
    from desktop_app.services.compositions import CompositionsService

    parts = sqlite_desk.application
    compositions = CompositionsService(parts.database, parts.sending, parts.clock)
    parts.credits.top_up("Aurora", Decimal(10_000), reason="more", actor="anna")

    def is_large(count: int, text: str = "Hello") -> bool:
        order = sqlite_desk.order(german(count), text=text)
        return compositions.look(order, parts.sending.sort("Aurora", order.recipients), order.text).is_large

    assert (is_large(5_000), is_large(5_001)) == (False, True)
    # 0.06 x 10 segments: 833 messages cost 499.80, 834 cost 500.40.
    assert (is_large(833, "x" * 1_530), is_large(834, "x" * 1_530)) == (False, True)
