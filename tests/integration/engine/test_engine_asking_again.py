"""Messages without a final report, and unknown outcomes, are asked about often while fresh and seldom when old; nobody starves."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from desktop_app.domain.errors import ProviderError
from desktop_app.engine import receipts
from desktop_app.engine.receipts import AGES, SILENT_AFTER
from desktop_app.providers.base import SentRecord, StatusReport
from desktop_app.providers.drivers.twilio import TwilioProvider
from desktop_app.sandbox.demo.travel import TravelClock
from desktop_app.services import unknown_outcomes
from desktop_app.services.clock import utc_now
from desktop_app.services.job import Job
from tests.fixtures.application import Desk, german

SECOND = timedelta(seconds=1)


class Asked(list[str]):
    """The provider ids that were asked about, and where the clock stands."""

    def __init__(self, clock: TravelClock) -> None:
        super().__init__()
        self.clock = clock
        self.start = utc_now()
        clock.move_to(self.start)

    def taken(self) -> list[str]:
        """Return what was asked since the last time."""
        found = list(self)
        self.clear()
        return found

    def at(self, age: timedelta) -> None:
        self.clock.move_to(self.start + age)


@pytest.fixture
def clock() -> TravelClock:
    return TravelClock()


@pytest.fixture
def desk(open_desk: Callable[..., Desk], database_url: str, clock: TravelClock) -> Desk:
    """Open for business; its clock is moved by the test."""
    return open_desk(database_url, clock=clock).open_for_business()


@pytest.fixture
def asked(clock: TravelClock, monkeypatch: pytest.MonkeyPatch) -> Asked:
    made, usual = Asked(clock), TwilioProvider.fetch_statuses

    def noted(self: TwilioProvider, provider_message_ids: Sequence[str]) -> Iterator[StatusReport]:
        made.extend(provider_message_ids)
        yield from usual(self, provider_message_ids)

    monkeypatch.setattr(TwilioProvider, "fetch_statuses", noted)
    return made


def pending(count: int) -> list[str]:
    """Return numbers whose report never comes."""
    return [f"+49151{10_000_003 + 10 * number}" for number in range(count)]


def send(desk: Desk) -> None:
    """Send by the desk's own clock."""
    desk.application.drain(Job(), until=desk.application.is_drained)


def poll(desk: Desk) -> int:
    return desk.application.receipts.poll_due(Job())


def test_one_that_never_ends_is_asked_about_more_and_more_seldom_and_at_last_no_more(desk: Desk, asked: Asked) -> None:
    desk.queue(pending(1))
    send(desk)
    asked.at(AGES[0])
    poll(desk)
    assert desk.statuses() == {"sent": 1}
    asked.start += AGES[0]  # The change made it fresh again.
    asked.taken()
    for age in AGES:
        asked.at(age - SECOND)
        poll(desk)
        assert asked.taken() == []
        asked.at(age)
        poll(desk)
        assert len(asked.taken()) == 1
    for days in range(1, 30):
        asked.at(SILENT_AFTER + timedelta(days=days))
        poll(desk)
    assert asked == []


def test_asking_about_all_asks_once_about_each_also_about_those_that_the_answers_move(desk: Desk, asked: Asked) -> None:
    """What a report moves comes to the end of the order again, and so does what is sent meanwhile."""
    desk.queue(pending(3))
    send(desk)
    sent = [row.provider_message_id for row in desk.application.delivery.list_messages()]
    asked.clock.let_go()
    assert desk.application.receipts.poll_once(Job()) == 3
    assert desk.statuses() == {"sent": 3}
    assert asked == sent


def test_what_ended_is_not_asked_about_again(desk: Desk, asked: Asked) -> None:
    desk.queue(german(3, start=4))
    send(desk)
    asked.at(AGES[0])
    assert poll(desk) == 3
    asked.taken()
    for age in AGES:
        asked.at(age)
        poll(desk)
    assert asked == []


def test_more_than_a_round_takes_come_in_the_next_rounds_and_the_old_ones_get_their_share(
    desk: Desk, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "MOST_A_ROUND", 4)
    desk.queue(pending(10))
    send(desk)
    old = {row.provider_message_id for row in desk.application.delivery.list_messages()}
    asked.at(timedelta(hours=5))
    desk.queue(pending(10), text="Another")
    send(desk)
    everybody = {row.provider_message_id for row in desk.application.delivery.list_messages()}

    asked.at(timedelta(hours=5) + AGES[0])
    poll(desk)
    first = asked.taken()
    assert (len(first), len(old & set(first))) == (4, 2)
    for _ in range(4):
        poll(desk)
    found = [*first, *asked.taken()]
    assert Counter(found) == Counter(everybody)


def test_a_provider_that_does_not_answer_is_asked_again_at_the_next_time(desk: Desk, asked: Asked) -> None:
    desk.queue(german(2, start=4))
    send(desk)
    desk.fail_sends("lookup_down")
    asked.at(AGES[0])
    with pytest.raises(ProviderError):
        poll(desk)
    desk.heal()
    assert poll(desk) == 0
    asked.at(AGES[1])
    assert poll(desk) == 2


def test_after_a_restart_what_was_missed_is_asked_about_once(
    open_desk: Callable[..., Desk], desk: Desk, asked: Asked
) -> None:
    desk.queue(pending(3))
    send(desk)
    asked.at(timedelta(days=6))
    again = open_desk(desk.database_url, profile=desk.profile, clock=asked.clock)
    poll(again)
    assert len(asked.taken()) == 3
    poll(again)
    assert asked.taken() == []


def lose_answers(desk: Desk, numbers: list[str]) -> None:
    desk.queue(numbers)
    desk.fail_sends("reset_before_accept")
    send(desk)
    desk.heal()


def test_unknown_outcomes_beyond_one_round_are_looked_up_in_the_next(
    desk: Desk, clock: TravelClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_outcomes, "MOST_A_ROUND", 4)
    start = utc_now()
    clock.move_to(start)
    lose_answers(desk, german(10, start=4))
    look_up = desk.application.unknown_outcomes.look_up_due

    assert look_up(actor="engine", job=Job()).missing == 0
    clock.move_to(start + timedelta(seconds=59))
    assert look_up(actor="engine", job=Job()).missing == 0
    clock.move_to(start + timedelta(seconds=61))
    assert [look_up(actor="engine", job=Job()).missing for _ in range(4)] == [4, 4, 2, 0]
    clock.move_to(start + timedelta(minutes=5, seconds=1))
    assert [look_up(actor="engine", job=Job()).missing for _ in range(4)] == [4, 4, 2, 0]
    assert desk.statuses() == {"unknown": 10}


def test_an_unknown_outcome_that_the_provider_has_is_found_by_itself(desk: Desk, asked: Asked) -> None:
    desk.queue(german(1, start=4))
    desk.fail_sends("reset_after_accept")
    send(desk)
    desk.heal()
    asked.at(timedelta(minutes=1, seconds=1))
    assert desk.application.unknown_outcomes.look_up_due(actor="engine", job=Job()).found == 1
    desk.assert_sound()


def test_a_provider_that_is_down_costs_three_looks_not_one_for_each(
    desk: Desk, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_answers(desk, german(8, start=4))
    desk.fail_sends("lookup_down")
    asked.at(timedelta(minutes=2))
    looks, usual = list[str](), TwilioProvider.find_sent

    def noted(self: TwilioProvider, to: str, sender: str, since: datetime) -> Iterator[SentRecord]:
        looks.append(to)
        return usual(self, to, sender, since)

    monkeypatch.setattr(TwilioProvider, "find_sent", noted)
    found = desk.application.unknown_outcomes.look_up_due(actor="engine", job=Job())
    assert (len(looks), found.found, bool(found.failure)) == (3, 0, True)
    assert desk.statuses() == {"unknown": 8}
