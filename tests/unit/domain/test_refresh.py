"""When the costs are pulled by themselves."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.refresh import RETRY_AFTER, RefreshEvery, RefreshSchedule

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOURLY, SIX = RefreshSchedule(RefreshEvery.HOUR), RefreshSchedule(RefreshEvery.SIX_HOURS)
AT_SIX = RefreshSchedule(RefreshEvery.DAY, time(6, 0))


@pytest.mark.parametrize("schedule", [RefreshSchedule(), HOURLY, SIX, RefreshSchedule(RefreshEvery.DAY, time(23, 59))])
def test_a_schedule_is_read_back_as_it_was_written(schedule: RefreshSchedule) -> None:
    assert RefreshSchedule.from_text(schedule.text) == schedule


@pytest.mark.parametrize("text", ["", "weekly", "day 25:00", "day 6", "hour x"])
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        RefreshSchedule.from_text(text)


def test_nothing_is_due_without_a_schedule() -> None:
    assert RefreshSchedule().due_at(NOON) is None
    assert not RefreshSchedule().is_due(NOON, None)


@pytest.mark.parametrize(("schedule", "hours"), [(HOURLY, 1), (SIX, 6)])
def test_a_period_ends_after_its_hours(schedule: RefreshSchedule, hours: int) -> None:
    due = NOON + timedelta(hours=hours)

    assert not schedule.is_due(due - timedelta(seconds=1), NOON)
    assert schedule.is_due(due, NOON)


def test_costs_that_were_never_pulled_are_due_at_once() -> None:
    assert HOURLY.is_due(NOON, None)
    assert AT_SIX.is_due(NOON, None, zone=BERLIN)


def test_once_a_day_means_at_that_time_on_the_wall_clock() -> None:
    # 12:00 UTC is 13:00 in Berlin: the next 6 o'clock there is 5:00 UTC tomorrow.
    assert AT_SIX.due_at(NOON, BERLIN) == datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    assert AT_SIX.due_at(datetime(2026, 11, 24, 4, 0, tzinfo=UTC), BERLIN) == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def test_pulled_by_hand_shortly_before_it_is_pulled_again_at_the_time() -> None:
    by_hand = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)

    assert not AT_SIX.is_due(by_hand + timedelta(seconds=30), by_hand, zone=BERLIN)
    assert AT_SIX.is_due(datetime(2026, 11, 24, 5, 0, tzinfo=UTC), by_hand, zone=BERLIN)


def test_summer_time_moves_the_moment_and_not_the_wall_clock() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)

    assert AT_SIX.due_at(before, BERLIN) == datetime(2026, 3, 29, 4, 0, tzinfo=UTC)


def test_a_time_that_the_clock_leaps_over_still_comes() -> None:
    at_half_past_two = RefreshSchedule(RefreshEvery.DAY, time(2, 30))
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)

    assert at_half_past_two.is_due(datetime(2026, 3, 29, 2, 0, tzinfo=UTC), before, zone=BERLIN)


def test_a_computer_that_slept_for_days_pulls_once() -> None:
    woke = NOON + timedelta(days=3)

    assert HOURLY.is_due(woke, NOON)
    assert not HOURLY.is_due(woke + timedelta(minutes=1), woke)


def test_a_failed_attempt_is_not_repeated_each_minute() -> None:
    due = NOON + timedelta(hours=1)

    assert not HOURLY.is_due(due + timedelta(minutes=1), NOON, attempted=due)
    assert HOURLY.is_due(due + RETRY_AFTER, NOON, attempted=due)


def test_a_clock_that_was_set_back_does_not_stop_the_schedule() -> None:
    assert HOURLY.is_due(NOON - timedelta(days=400), NOON)
    assert HOURLY.is_due(NOON, NOON - timedelta(hours=2), attempted=NOON + timedelta(days=1))


def test_the_clock_of_this_computer_is_used_without_a_zone() -> None:
    due = AT_SIX.due_at(NOON)

    assert due is not None
    assert due.astimezone().time() == time(6, 0)
