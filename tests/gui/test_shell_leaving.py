"""Quitting with drafts or running jobs, and coming back to the window as it was."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.config import read_personal
from desktop_app.services.clock import utc_now
from desktop_app.services.job import Job
from desktop_app.services.personal import PersonalSettings
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screen import Screen
from desktop_app.views.shell.window_geometry import NAME
from desktop_app.views.shell.window_state import WindowState
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import Lane, Outcome, TaskRunner

LEFT = Qt.MouseButton.LeftButton


class Draft:
    """Two changes on a screen that are not saved."""

    def __init__(self, window: MainWindow, monkeypatch: pytest.MonkeyPatch, *, saves: bool = True) -> None:
        self.screen, self.window, self.count, self.saves = window.screens.screen("settings"), window, 2, saves
        monkeypatch.setattr(type(self.screen), "unsaved", property(lambda _: self.count))
        monkeypatch.setattr(self.screen, "save", self.save)
        monkeypatch.setattr(self.screen, "discard", self.end)
        self.screen.draft_changed.emit(2)

    def save(self) -> None:
        """Save as a screen does: as a command."""
        done = self.end if self.saves else bool
        self.window.place.tasks.command(lambda _: Outcome(None), owner=self.window, on_success=lambda _: done())

    def end(self) -> None:
        """There is nothing unsaved any more."""
        self.count = 0
        self.screen.draft_changed.emit(0)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    made = threading.Event()
    yield made
    made.set()


def press(window: MainWindow, answer: str) -> None:
    question = window.shell.leaving.question
    assert question is not None
    QTest.mouseClick(question.buttons[answer], LEFT)


def test_an_unsaved_draft_is_marked_and_asked_about(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    Draft(window, monkeypatch)
    assert window.frame.sidebar.entries["settings"].has_draft
    assert "unsaved" in window.frame.sidebar.entries["settings"].accessibleDescription()

    window.close()

    assert window.isVisible()
    question = window.shell.leaving.question
    assert question is not None
    assert question.windowTitle() == "Save 2 unsaved changes before you quit?"
    assert list(question.buttons) == ["Cancel", "Discard", "Save"]
    press(window, "Cancel")
    assert window.isVisible()


def test_save_saves_and_then_leaves(window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    draft = Draft(window, monkeypatch)

    window.close()
    press(window, "Save")

    qtbot.waitUntil(lambda: not window.isVisible())
    assert draft.count == 0


def test_what_could_not_be_saved_keeps_the_window(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    draft = Draft(window, monkeypatch, saves=False)

    window.close()
    press(window, "Save")
    qtbot.waitUntil(lambda: not window.place.tasks.is_busy)
    draft.end()
    qtbot.wait(1)

    assert window.isVisible()


def test_what_could_not_be_saved_keeps_the_window_beside_a_job_too(
    window: MainWindow, gate: threading.Event, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    draft, told = Draft(window, monkeypatch, saves=False), list[None]()
    window.job_board.start("Sync costs", lambda _: Outcome(gate.wait(10)), owner=window, lane=Lane.NETWORK)
    window.close()
    press(window, "Save")
    window.place.tasks.query(lambda _: None, owner=window, on_success=told.append)
    qtbot.waitUntil(lambda: told == [None])

    draft.end()
    qtbot.wait(1)

    assert window.isVisible()
    assert window.shell.leaving.question is None


def test_discard_leaves_without(window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    draft = Draft(window, monkeypatch)

    window.close()
    press(window, "Discard")

    qtbot.waitUntil(lambda: not window.isVisible())
    assert draft.count == 0


@pytest.mark.parametrize(("answer", "stays"), [("Wait", True), ("Quit", False)])
def test_running_jobs_are_asked_about(
    window: MainWindow, gate: threading.Event, qtbot: QtBot, answer: str, stays: bool
) -> None:
    def work(job: Job) -> Outcome[None]:
        while not gate.wait(0.01):
            job.wait(0)
        return Outcome(None)

    window.job_board.start("Sync costs", work, owner=window, lane=Lane.NETWORK)

    window.close()
    question = window.shell.leaving.question
    assert question is not None
    assert question.windowTitle() == "1 job is running. Quit anyway?"
    press(window, answer)

    qtbot.waitUntil(lambda: window.isVisible() is stays)
    qtbot.wait(1)
    assert window.isVisible() is stays


def test_the_window_comes_back_as_it_was(window: MainWindow, tasks: TaskRunner, theme: Theme, qtbot: QtBot) -> None:
    # As narrow as it gets: the screen of the offscreen platform is small, and Qt keeps windows on their screen.
    window.resize(1100, 765)
    window.navigator.go("activity")
    window.commands.action("view.sidebar").trigger()
    window.commands.action("view.menu_bar").trigger()
    window.shell.palette.recent = ["view.sidebar"]
    window.close()
    personal = PersonalSettings(window.place.parts.personal.folder)

    again = MainWindow(read_personal(personal.folder) or {})
    again.equip(tasks, theme, personal, utc_now)
    qtbot.addWidget(again)
    again.furnish(window.place.parts)
    again.show()

    assert (again.width(), again.height()) == (1100, 765)
    assert isinstance(again.screens.shown, Screen)
    assert again.screens.shown.name == "activity"
    assert again.frame.sidebar.is_narrow
    assert again.shell.menus.bar.isVisible()
    assert again.shell.palette.recent == ["view.sidebar"]


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"geometry": 5, "address": ["x"], "recent": "abc", "collapsed": "yes"},
        {"geometry": "///", "address": "nowhere"},
    ],
)
def test_what_was_kept_badly_is_left_out(
    sqlite_desk: object, tasks: TaskRunner, theme: Theme, qtbot: QtBot, kept: dict[str, object], window: MainWindow
) -> None:
    personal = window.place.parts.personal
    personal.remember(NAME, kept)

    again = MainWindow(read_personal(personal.folder) or {})
    again.equip(tasks, theme, personal, utc_now)
    qtbot.addWidget(again)
    again.furnish(window.place.parts)

    assert again.size() == window.size()
    assert again.screens.shown is again.screens.screen("overview")
    assert WindowState.recall(personal).recent == ()
