"""Unknown outcomes: found at the provider, or decided by a person; money moves once, and nothing is ever sent again."""

from decimal import Decimal

import pytest

from desktop_app.domain.errors import InvalidInput, StaleData
from desktop_app.domain.messages import MessageStatus
from desktop_app.services.job import Job
from desktop_app.services.unknown_outcomes import LookedUp
from tests.fixtures.application import Desk, at_once, german

PRICE = Decimal("0.06")
REASON = "the provider's support says so"


def lose_answers(desk: Desk, mode: str, count: int, start: int = 4) -> list[int]:
    """Send so that no answer comes; return the ids of the messages."""
    desk.queue(german(count, start))
    desk.fail_sends(mode)
    desk.drain()
    desk.heal()
    return [line.message_id for line in desk.application.unknown_outcomes.list_all()]


def look_up(desk: Desk, ids: list[int] | None = None) -> LookedUp:
    return desk.application.unknown_outcomes.look_up(ids, actor="anna", job=Job())


def test_what_the_provider_has_counts_as_sent_and_is_charged_once(desk: Desk) -> None:
    lose_answers(desk, "reset_after_accept", 5)
    assert desk.statuses() == {"unknown": 5}
    assert desk.money() == (100 - 5 * PRICE, 5 * PRICE)

    assert look_up(desk) == LookedUp(found=5, missing=0, not_asked=0)
    assert look_up(desk) == LookedUp(found=0, missing=0, not_asked=0)

    assert desk.statuses() == {"delivered": 5}
    assert desk.money() == (100 - 5 * PRICE, 0)
    desk.drain()
    assert sorted(desk.seen()) == german(5, 4)
    desk.assert_sound()


def test_what_the_provider_does_not_list_stays_unknown_and_is_not_sent_again(desk: Desk) -> None:
    lose_answers(desk, "reset_before_accept", 3)

    assert look_up(desk) == LookedUp(found=0, missing=3, not_asked=0)

    assert desk.statuses() == {"unknown": 3}
    desk.drain()
    assert desk.seen() == []
    assert desk.money() == (100 - 3 * PRICE, 3 * PRICE)
    desk.assert_sound()


def test_the_same_text_sent_to_the_same_number_again_is_not_taken_for_the_lost_one(desk: Desk) -> None:
    """The provider lists two: the one that was accepted with an answer is known, so only the other proves something."""
    number = german(1, 4)
    lose_answers(desk, "reset_before_accept", 1)
    desk.queue(number)
    desk.drain()
    assert desk.statuses() == {"accepted": 1, "unknown": 1}

    assert look_up(desk).found == 0

    assert desk.statuses()["unknown"] == 1
    assert len(desk.seen()) == 1


def test_a_listing_that_fails_leaves_everything_as_it_is(desk: Desk) -> None:
    lose_answers(desk, "reset_after_accept", 2)
    desk.fail_sends("lookup_down")

    found = look_up(desk)

    assert (found.found, bool(found.failure)) == (0, True)
    assert desk.statuses() == {"unknown": 2}


@pytest.mark.parametrize("sent", [True, False])
def test_a_decision_moves_the_money_once(desk: Desk, sent: bool) -> None:
    (message_id,) = lose_answers(desk, "reset_before_accept", 1)
    mark = desk.application.unknown_outcomes.mark

    results = at_once(*[lambda: mark(message_id, sent=sent, reason=REASON, actor="anna")] * 4)

    assert sum(isinstance(one, StaleData) for one in results) == 3
    assert desk.statuses() == ({"accepted": 1} if sent else {"abandoned": 1})
    assert desk.money() == ((100 - PRICE, 0) if sent else (100, 0))
    with pytest.raises(StaleData):
        mark(message_id, sent=not sent, reason=REASON, actor="anna")
    desk.drain()
    assert desk.seen() == []
    desk.assert_sound()


def test_a_decision_needs_a_reason_and_stays_in_the_log(desk: Desk) -> None:
    (message_id,) = lose_answers(desk, "reset_before_accept", 1)
    mark = desk.application.unknown_outcomes.mark
    for reason in ("", "   ", "why"):
        with pytest.raises(InvalidInput):
            mark(message_id, sent=True, reason=reason, actor="anna")
    assert desk.statuses() == {"unknown": 1}

    mark(message_id, sent=False, reason=REASON, actor="anna")

    timeline = desk.application.delivery.timeline(message_id)
    assert timeline.attempts[-1].detail == REASON
    rows = desk.query("SELECT actor, detail FROM activity WHERE kind = 'outcome_marked'")
    assert [(actor, REASON in detail) for actor, detail in rows] == [("anna", True)]


def test_with_the_providers_id_reports_are_asked_for_and_without_it_nobody_is_asked(desk: Desk) -> None:
    first, second = lose_answers(desk, "reset_after_accept", 2)
    sid = desk.accepted()[0]["id"]
    mark = desk.application.unknown_outcomes.mark
    mark(first, sent=True, reason=REASON, actor="anna", provider_message_id=sid)
    mark(second, sent=True, reason=REASON, actor="anna")

    desk.application.receipts.poll_once(Job())

    assert desk.application.delivery.list_open_parts([first, second]) == []
    assert desk.application.delivery.timeline(first).row.status is not MessageStatus.ACCEPTED
    assert desk.application.delivery.timeline(second).row.status is MessageStatus.ACCEPTED
    desk.assert_sound()


def test_an_id_of_another_message_is_refused(desk: Desk) -> None:
    (message_id,) = lose_answers(desk, "reset_before_accept", 1)
    desk.queue(german(1, start=50))
    desk.drain()
    sid = desk.query("SELECT provider_message_id FROM attempt_part")[0][0]

    with pytest.raises(InvalidInput):
        desk.application.unknown_outcomes.mark(
            message_id, sent=True, reason=REASON, actor="anna", provider_message_id=sid
        )
    assert desk.statuses() == {"accepted": 1, "unknown": 1}
    assert desk.money() == (100 - 2 * PRICE, PRICE)
