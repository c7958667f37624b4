"""The costs are pulled by themselves when the team's schedule says so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop_app.domain.refresh import RefreshEvery, RefreshSchedule
from desktop_app.services.job import Job
from desktop_app.views.jobs import JobState
from desktop_app.views.refresh import CostRefresh
from desktop_app.views.screen import Workplace
from tests.fixtures.application import Desk

HOURLY = RefreshSchedule(RefreshEvery.HOUR)


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def refresh(place: Workplace, watch: Watch) -> Iterator[CostRefresh]:
    parent = QObject()
    yield CostRefresh(replace(place, parts=replace(place.parts, clock=watch)), parent)
    parent.deleteLater()


def _looked(refresh: CostRefresh, place: Workplace, qtbot: QtBot) -> None:
    """Let it look, and wait until it has made up its mind: its query is in the lane before ours."""
    refresh.look()
    with qtbot.waitCallback() as seen:
        place.tasks.query(lambda _job: 1, owner=refresh, on_success=seen)


def test_costs_are_pulled_when_it_is_time_and_not_before(
    refresh: CostRefresh, place: Workplace, sqlite_desk: Desk, watch: Watch, said: Any, qtbot: QtBot
) -> None:
    application = sqlite_desk.application
    application.accounts.sync_costs("Main", actor="anna", job=Job())
    application.preferences.change(actor="anna", refresh=HOURLY)

    watch.now += timedelta(minutes=59)
    _looked(refresh, place, qtbot)
    assert place.jobs.entries == []

    watch.now += timedelta(minutes=2)
    _looked(refresh, place, qtbot)
    (entry,) = place.jobs.entries
    assert entry.name == "Sync costs of Main"
    qtbot.waitUntil(lambda: entry.state is JobState.DONE)
    assert said.notified[0][0] == "Costs of Main refreshed"


def test_without_a_schedule_nothing_is_pulled(
    refresh: CostRefresh, place: Workplace, watch: Watch, qtbot: QtBot
) -> None:
    watch.now += timedelta(days=30)

    _looked(refresh, place, qtbot)

    assert place.jobs.entries == []


@pytest.mark.usefixtures("expected_log")
def test_a_failed_attempt_waits_before_the_next(
    refresh: CostRefresh, place: Workplace, sqlite_desk: Desk, watch: Watch, qtbot: QtBot
) -> None:
    sqlite_desk.application.preferences.change(actor="anna", refresh=HOURLY)
    sqlite_desk.change(faults=[{"mode": "unauthorized", "on": "lookup"}])
    watch.now += timedelta(hours=2)
    _looked(refresh, place, qtbot)
    (entry,) = place.jobs.entries
    qtbot.waitUntil(lambda: entry.state is not JobState.RUNNING)

    watch.now += timedelta(minutes=5)
    _looked(refresh, place, qtbot)

    assert place.jobs.entries == [entry]
