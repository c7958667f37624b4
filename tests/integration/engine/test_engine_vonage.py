"""Vonage in the engine: an id and a price for each segment, one message; a lost answer brings all of them back."""

from decimal import Decimal

import pytest

from desktop_app.services.job import Job
from desktop_app.services.unknown_outcomes import LookedUp
from tests.fixtures.application import COSTS, Desk, german

PRICE = Decimal("0.06")
LONG = "x" * 400


@pytest.fixture
def vonage_desk(desk: Desk) -> Desk:
    """A desk that sends through Vonage."""
    desk.application.accounts.add_provider(
        "Vonage", "vonage", base_url=desk.sandbox.url + "/vonage", settings={"api_key": "abcd1234"}, secret="a secret",
        default=True, actor="anna",
    )  # fmt: skip
    desk.import_costs("Vonage", COSTS)
    desk.change(prices={"DE": "0.0333"})
    return desk


def look_up(desk: Desk) -> LookedUp:
    return desk.application.unknown_outcomes.look_up(None, actor="anna", job=Job())


def parts(desk: Desk) -> list[tuple[str | None, str | None, str]]:
    return [tuple(row) for row in desk.query("SELECT cost_text, cost_currency, status FROM attempt_part ORDER BY n")]


def test_each_segment_is_a_part_with_its_cost_and_the_message_is_charged_once(vonage_desk: Desk) -> None:
    vonage_desk.queue(german(2, 4), text=LONG)
    vonage_desk.drain()
    assert vonage_desk.statuses() == {"accepted": 2}
    assert parts(vonage_desk) == [("0.03330000", "EUR", "accepted")] * 6
    assert vonage_desk.money() == (100 - 6 * PRICE, 0)

    vonage_desk.application.receipts.poll_once(Job())
    assert vonage_desk.statuses() == {"delivered": 2}
    assert {status for _cost, _unit, status in parts(vonage_desk)} == {"delivered"}
    vonage_desk.assert_sound()


def test_a_message_accepted_in_part_is_accepted_and_charged_whole(vonage_desk: Desk) -> None:
    vonage_desk.queue(german(1, 4))
    vonage_desk.fail_sends("mixed_parts")
    vonage_desk.drain()
    assert vonage_desk.statuses() == {"accepted": 1}
    assert vonage_desk.details() == {"Vonage accepted only a part of it.": 1}
    assert vonage_desk.money() == (100 - PRICE, 0)
    vonage_desk.assert_sound()


@pytest.mark.parametrize("mode", ["reset_after_accept", "created_truncated", "server_error_accepted", "created_empty"])
def test_a_lost_answer_is_found_with_all_its_segments_and_charged_once(vonage_desk: Desk, mode: str) -> None:
    vonage_desk.queue(german(3, 4), text=LONG)
    vonage_desk.fail_sends(mode)
    vonage_desk.drain()
    vonage_desk.heal()
    assert vonage_desk.statuses() == {"unknown": 3}

    assert look_up(vonage_desk) == LookedUp(found=3, missing=0, not_asked=0)

    assert vonage_desk.statuses() == {"delivered": 3}
    assert len(parts(vonage_desk)) == 9
    assert vonage_desk.money() == (100 - 9 * PRICE, 0)
    vonage_desk.drain()
    vonage_desk.assert_sound()


def test_a_segment_known_to_be_another_messages_binds_no_lost_answer(vonage_desk: Desk) -> None:
    """The same long text twice: one went out and is known, the other never arrived."""
    vonage_desk.queue(german(1, 4), text=LONG)
    vonage_desk.drain()
    vonage_desk.queue(german(1, 4), text=LONG)
    vonage_desk.fail_sends("reset_before_accept")
    vonage_desk.drain()
    vonage_desk.heal()
    assert look_up(vonage_desk) == LookedUp(found=0, missing=1, not_asked=0)
    assert vonage_desk.statuses() == {"accepted": 1, "unknown": 1}
    vonage_desk.assert_sound()


def test_without_credit_at_vonage_nothing_is_sent_and_the_route_pauses(vonage_desk: Desk) -> None:
    vonage_desk.change(balance="0")
    vonage_desk.queue(german(2, 4))
    vonage_desk.look_at_queue()
    assert (vonage_desk.statuses(), vonage_desk.seen()) == ({"queued": 2}, [])
    with vonage_desk.application.database.read() as uow:
        assert "credit" in (uow.providers.get("Vonage").paused_reason or "")
    vonage_desk.assert_sound()


def test_a_message_known_by_its_second_segment_is_not_taken_for_another(vonage_desk: Desk) -> None:
    """A person marked it as sent with the id of one segment; the same text to the same number later never arrived."""
    vonage_desk.queue(german(1, 4), text=LONG)
    vonage_desk.fail_sends("reset_after_accept")
    vonage_desk.drain()
    (line,) = vonage_desk.application.unknown_outcomes.list_all()
    second = vonage_desk.accepted()[0]["id"][:-2] + "02"
    vonage_desk.application.unknown_outcomes.mark(
        line.message_id, sent=True, reason="seen in the dashboard", actor="anna", provider_message_id=second
    )
    vonage_desk.fail_sends("reset_before_accept")
    vonage_desk.queue(german(1, 4), text=LONG)
    vonage_desk.drain()
    vonage_desk.heal()
    assert look_up(vonage_desk) == LookedUp(found=0, missing=1, not_asked=0)
