"""Ranges of days in local time: their pieces touch, changes of the clock included."""

import itertools
import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.periods import LONGEST_DAYS, MOST_DAY_COLUMNS, Period

days = st.dates(date(2001, 1, 1), date(2037, 1, 1))


@pytest.fixture(params=["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This computer is somewhere else."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    os.environ.setdefault("TZ", "UTC")
    time.tzset()


@pytest.mark.usefixtures("_zone")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(first=days, count=st.integers(1, 400))
@example(date(2037, 1, 1), 366)
def test_the_pieces_of_a_period_touch_and_begin_at_quarters(first: date, count: int) -> None:
    period = Period(first, first + timedelta(days=count - 1))
    columns = period.columns()
    whole = period.span(datetime(2040, 1, 1, tzinfo=UTC))  # when all of them are over
    assert (columns[0].start, columns[-1].end) == (whole.start, whole.end)
    assert all(one.end == other.start for one, other in itertools.pairwise(columns))
    assert all(one.start < one.end for one in columns)
    assert all(one.start.timestamp() % 900 == 0 for one in columns)
    assert whole.start.date() == first
    assert (whole.start.hour, whole.start.minute) == (0, 0)
    assert len(columns) <= max(MOST_DAY_COLUMNS, 60, 25)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)])
def test_a_day_has_the_hours_it_has(monkeypatch: pytest.MonkeyPatch, day: str, hours: int) -> None:
    with monkeypatch.context() as abroad:
        abroad.setenv("TZ", "Europe/Berlin")
        time.tzset()
        columns = Period(date.fromisoformat(day), date.fromisoformat(day)).columns()
    time.tzset()
    assert len(columns) == hours


def test_a_running_period_ends_now_and_so_does_the_one_before_it() -> None:
    now = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)
    period = Period.until(now, 7)
    assert period.days == 7
    assert period.span(now).end == now
    before = period.before(now)
    assert before.end - before.start == period.span(now).end - period.span(now).start
    assert before.end == now - timedelta(days=7)


def test_a_past_period_is_whole() -> None:
    now = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)
    period = Period(date(2026, 11, 1), date(2026, 11, 10))
    assert period.before(now).end == period.span(now).start
    assert period.span(now).end - period.span(now).start == timedelta(days=10)


def test_periods_that_cannot_be() -> None:
    with pytest.raises(InvalidInput, match="before the first"):
        Period(date(2026, 2, 1), date(2026, 1, 31))
    with pytest.raises(InvalidInput, match="At most"):
        Period(date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=LONGEST_DAYS))
