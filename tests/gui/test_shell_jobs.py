"""Long work in the window: panel, button, status bar, its own Cancel; and the notifications under the bell."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.config import PERSONAL_FILE
from desktop_app.domain.errors import InvalidInput
from desktop_app.services.clock import utc_now
from desktop_app.services.job import Job
from desktop_app.services.personal import PersonalSettings
from desktop_app.views.jobs import JobState
from desktop_app.views.main_window import MainWindow
from desktop_app.views.shell.notifications import KEPT, Notifications
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import Lane, Outcome, TaskRunner, Topic
from tests.fixtures.windows import activate

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    made = threading.Event()
    yield made
    made.set()


def counting(gate: threading.Event) -> Callable[[Job], Outcome[int]]:
    def work(job: Job) -> Outcome[int]:
        job.step(142, 209)
        while not gate.wait(0.01):
            job.wait(0)
        return Outcome(209)

    return work


def test_a_running_job_is_seen_everywhere_and_ends(window: MainWindow, gate: threading.Event, qtbot: QtBot) -> None:
    board = window.job_board
    entry = board.start(
        "Sync costs", counting(gate), owner=window, message=lambda n: f"{n} countries", lane=Lane.NETWORK
    )

    qtbot.waitUntil(lambda: entry.done == 142)
    assert window.frame.top_bar.jobs.text() == "1 job"
    assert window.frame.status_bar.job.text() == "Sync costs · 142 of 209"
    QTest.mouseClick(window.frame.top_bar.jobs, LEFT)
    (row,) = window.shell.jobs_panel.rows
    assert row.state.text() == "142 of 209"
    assert (row.bar.value(), row.bar.maximum()) == (142, 209)
    gate.set()
    qtbot.waitUntil(lambda: entry.state is JobState.DONE)

    assert window.frame.top_bar.jobs.text() == "Jobs"
    assert window.frame.status_bar.job.text() == ""
    assert window.shell.jobs_panel.rows[0].state.text() == "209 countries · just now"
    assert not window.shell.jobs_panel.rows[0].stop.isVisible()


def test_each_job_is_cancelled_by_its_own_button(window: MainWindow, gate: threading.Event, qtbot: QtBot) -> None:
    first = window.job_board.start("Sync costs", counting(gate), owner=window, lane=Lane.NETWORK)
    second = window.job_board.start("Export", counting(gate), owner=window, stops=True)
    activate(window)
    QTest.keyClick(window, Qt.Key.Key_J, CONTROL)

    assert [(row.name.text(), row.stop.text()) for row in window.shell.jobs_panel.rows] == [
        ("Export", "Stop"), ("Sync costs", "Cancel"),
    ]  # fmt: skip
    assert window.shell.jobs_panel.rows[0].stop.hasFocus()
    QTest.keyClick(window.shell.jobs_panel.rows[0].stop, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: second.state is JobState.CANCELLED)

    assert first.state is JobState.RUNNING
    assert [row.entry for row in window.shell.jobs_panel.rows] == [first, second]
    QTest.keyClick(window.shell.jobs_panel, Qt.Key.Key_Escape)
    assert not window.shell.jobs_panel.isVisible()
    assert not window.frame.top_bar.jobs.isChecked()


def test_a_job_that_fails_stands_under_the_bell_and_is_not_forgotten(window: MainWindow, qtbot: QtBot) -> None:
    def fail(_job: Job) -> Outcome[None]:
        raise InvalidInput("The disk is full.")

    window.job_board.start("Export", fail, owner=window)
    qtbot.waitUntil(lambda: window.frame.top_bar.bell.unread == 1)

    assert window.banner.isVisible()
    QTest.mouseClick(window.frame.top_bar.bell, LEFT)
    assert window.shell.notifications_panel.buttons[0].accessibleName() == "Export failed, The disk is full., just now"
    assert window.frame.top_bar.bell.unread == 0
    QTest.mouseClick(window.frame.top_bar.jobs, LEFT)
    QTest.mouseClick(window.shell.jobs_panel.clear, LEFT)
    assert window.shell.jobs_panel.rows == []


def test_a_job_that_meets_a_bug_does_not_run_for_ever(
    window: MainWindow, qtbot: QtBot, expected_log: list[object]
) -> None:
    def fail(_job: Job) -> Outcome[None]:
        raise ZeroDivisionError

    entry = window.job_board.start("Export", fail, owner=window)

    qtbot.waitUntil(lambda: entry.state is JobState.FAILED)
    assert expected_log


def test_a_notification_goes_where_it_can_be_seen(window: MainWindow) -> None:
    activate(window)
    window.shell.notify("11 costs changed", "8 up, 3 down", "activity")

    QTest.keyClick(window, Qt.Key.Key_J, CONTROL | SHIFT)
    assert QApplication.focusWidget() is window.shell.notifications_panel.buttons[0]
    QTest.keyClick(window.shell.notifications_panel.buttons[0], Qt.Key.Key_Space)

    assert window.screens.shown is window.screens.screen("activity")
    assert not window.shell.notifications_panel.isVisible()


def test_notifications_are_there_after_a_restart_until_they_are_cleared(tmp_path: Path, qtbot: QtBot) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def started() -> Notifications:
        made = Notifications(lambda: now)
        made.keep_in(PersonalSettings(tmp_path), "notifications")
        return made

    first = started()
    for number in range(KEPT + 5):
        first.post(f"number {number}", "x" * 10_000, "prices?filter=cost", "refresh-cw")

    second = started()
    assert (len(second.all), second.unread) == (KEPT, KEPT)
    latest = second.all[0]
    assert (latest.at, latest.text, latest.address, latest.icon) == (
        now, f"number {KEPT + 4}", "prices?filter=cost", "refresh-cw",
    )  # fmt: skip
    assert (tmp_path / PERSONAL_FILE).stat().st_size < 200_000
    second.mark_read()
    assert (len(started().all), started().unread) == (KEPT, 0)
    second.clear()
    assert started().all == []


@pytest.mark.parametrize(
    "kept", [{"all": 5}, {"all": [1, {"at": "x"}], "unread": -3}, {"unread": 9}, {"all": [dict.fromkeys(
        ("at", "text", "detail", "address", "icon"), "2026-11-24T12:00:00")]}],
)  # fmt: skip
def test_notifications_that_were_kept_badly_are_left_out(tmp_path: Path, kept: dict[str, object], qtbot: QtBot) -> None:
    personal = PersonalSettings(tmp_path)
    personal.remember("notifications", kept)
    made = Notifications(lambda: datetime(2026, 11, 24, tzinfo=UTC))
    made.keep_in(personal, "notifications")
    assert (made.all, made.unread) == ([], 0)


def test_what_happened_is_under_the_bell_of_the_next_window(
    window: MainWindow, tasks: TaskRunner, theme: Theme, qtbot: QtBot
) -> None:
    window.shell.notify("11 costs changed", "8 up, 3 down", "activity")
    window.close()

    again = MainWindow({})
    again.equip(tasks, theme, PersonalSettings(window.place.parts.personal.folder), utc_now)
    qtbot.addWidget(again)
    again.furnish(window.place.parts)
    again.show()
    QTest.mouseClick(again.frame.top_bar.bell, LEFT)
    assert [button.accessibleName() for button in again.shell.notifications_panel.buttons] == [
        "11 costs changed, 8 up, 3 down, just now"
    ]


def test_the_status_bar_says_how_fast_the_provider_answered(window: MainWindow, qtbot: QtBot) -> None:
    assert window.frame.status_bar.response.text() == ""
    check = window.place.parts.providers.test
    window.place.tasks.command(
        lambda job: Outcome(check("Main", actor="anna", job=job), frozenset({Topic.PROVIDERS})), owner=window,
        lane=Lane.NETWORK,
    )  # fmt: skip
    qtbot.waitUntil(lambda: window.frame.status_bar.response.text().endswith(" ms"))
    assert "Main" in window.frame.status_bar.response.toolTip()


def test_notifications_are_grouped_by_day(qtbot: QtBot) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    days = iter([2, 1, 0, 0])
    notifications = Notifications(lambda: now)
    notifications.clock = lambda: now - timedelta(days=next(days))
    for text in ("third", "second", "first"):
        notifications.post(text)

    grouped = [(day, [one.text for one in those]) for day, those in notifications.by_day()]

    assert grouped == [("Today", ["first"]), ("Yesterday", ["second"]), ("2026-11-22", ["third"])]
