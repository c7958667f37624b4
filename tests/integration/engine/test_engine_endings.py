"""Messages that end unsent: stopped, too late, given up. Their credit comes back once, and nothing of them is ever sent."""

from decimal import Decimal

import pytest

from desktop_app.domain.messages import AttemptOutcome, MessageStatus
from tests.fixtures.application import Desk, german

PRICE = Decimal("0.06")


def end(desk: Desk, ids: list[int], status: MessageStatus) -> int:
    application = desk.application
    with application.database.begin() as uow:
        return uow.endings.end(ids, status, reason="a test", actor="anna", now=application.clock())


def ids_of(desk: Desk) -> list[int]:
    return [row.message_id for row in desk.application.delivery.list_messages()]


@pytest.mark.parametrize("status", [MessageStatus.CANCELLED, MessageStatus.EXPIRED_UNSENT])
def test_queued_messages_end_and_their_credit_comes_back(desk: Desk, status: MessageStatus) -> None:
    desk.queue(german(5))
    desk.queue(german(3, start=100), text="x" * 161)

    assert end(desk, ids_of(desk)[2:], status) == 6

    assert desk.statuses() == {"queued": 2, status.value: 6}
    assert desk.money() == (100 - 2 * PRICE, 2 * PRICE)
    desk.drain()
    assert sorted(desk.seen()) == german(2)
    desk.assert_sound()


def test_ending_twice_releases_once(desk: Desk) -> None:
    desk.queue(german(4))
    ids = ids_of(desk)

    assert end(desk, ids, MessageStatus.CANCELLED) == 4
    assert end(desk, ids, MessageStatus.CANCELLED) == 0
    assert end(desk, ids, MessageStatus.EXPIRED_UNSENT) == 0

    assert desk.money() == (100, 0)
    desk.assert_sound()


def test_what_was_sent_cannot_be_stopped(desk: Desk) -> None:
    desk.queue(german(3))
    desk.drain()

    assert end(desk, ids_of(desk), MessageStatus.CANCELLED) == 0
    assert end(desk, ids_of(desk), MessageStatus.ABANDONED) == 0

    assert desk.statuses() == {"accepted": 3}
    assert desk.money() == (100 - 3 * PRICE, 0)


def test_giving_up_what_is_unknown_closes_its_try(desk: Desk) -> None:
    desk.fail_sends("reset_after_accept")
    desk.queue(german(2))
    desk.drain()
    desk.heal()
    desk.queue(german(1, start=50))
    assert desk.statuses() == {"unknown": 2, "queued": 1}

    assert end(desk, ids_of(desk), MessageStatus.ABANDONED) == 2

    assert desk.statuses() == {"abandoned": 2, "queued": 1}
    assert desk.money() == (100 - PRICE, PRICE)
    timeline = desk.application.delivery.timeline(ids_of(desk)[0])
    assert [attempt.outcome for attempt in timeline.attempts] == [AttemptOutcome.ABSENT]
    assert desk.application.credits.verify().problems == ()
