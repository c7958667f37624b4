"""Undo and redo of saved changes: the last, then the one before, and forward again."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import StaleData
from desktop_app.services.job import Job
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screen import Screen
from desktop_app.views.shell.history import History
from desktop_app.workers.runner import Outcome, TaskRunner
from tests.fixtures.windows import activate

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Register:
    """A number that is set by commands that can be undone, as prices are."""

    def __init__(self) -> None:
        self.value = 0
        self.fails = False

    def setting(self, value: int) -> Callable[[Job], Outcome[int]]:
        """Return the command that sets it."""

        def work(_job: Job) -> Outcome[int]:
            if self.fails:
                raise StaleData("Somebody else changed it.")
            before, self.value = self.value, value
            return Outcome(value, frozenset(), f"set to {value}", self.setting(before))

        return work


@pytest.fixture
def register() -> Register:
    return Register()


def save(tasks: TaskRunner, owner: QObject, register: Register, value: int, qtbot: QtBot) -> None:
    tasks.command(register.setting(value), owner=owner)
    qtbot.waitUntil(lambda: register.value == value and not tasks.is_busy)


def test_undo_goes_back_step_by_step_and_redo_forward(tasks: TaskRunner, register: Register, qtbot: QtBot) -> None:
    owner = QObject()
    history = History(tasks, owner)
    said: list[str] = []
    history.done.connect(said.append)
    for value in (1, 2, 3):
        save(tasks, owner, register, value, qtbot)

    seen = []
    for step in (history.undo, history.undo, history.redo, history.undo, history.undo, history.undo, history.redo):
        step()
        qtbot.waitUntil(lambda: not tasks.is_busy)
        seen.append(register.value)

    assert seen == [2, 1, 2, 1, 0, 0, 1]
    assert said == ["set to 2", "set to 1", "set to 2", "set to 1", "set to 0", "set to 1"]


def test_a_new_change_ends_what_could_be_redone(tasks: TaskRunner, register: Register, qtbot: QtBot) -> None:
    owner = QObject()
    history = History(tasks, owner)
    save(tasks, owner, register, 1, qtbot)
    history.undo()
    qtbot.waitUntil(lambda: register.value == 0 and not tasks.is_busy)

    save(tasks, owner, register, 5, qtbot)
    history.redo()

    assert not tasks.is_busy
    assert register.value == 5


def test_what_could_not_be_undone_can_be_tried_again(tasks: TaskRunner, register: Register, qtbot: QtBot) -> None:
    owner = QObject()
    history = History(tasks, owner)
    failed: list[object] = []
    history.failed.connect(failed.append)
    save(tasks, owner, register, 1, qtbot)

    register.fails = True
    history.undo()
    qtbot.waitUntil(lambda: len(failed) == 1)
    register.fails = False
    history.undo()

    qtbot.waitUntil(lambda: register.value == 0)


def test_pressing_undo_quickly_undoes_one_at_a_time(tasks: TaskRunner, register: Register, qtbot: QtBot) -> None:
    owner = QObject()
    history = History(tasks, owner)
    for value in (1, 2):
        save(tasks, owner, register, value, qtbot)

    said: list[str] = []
    history.done.connect(said.append)

    history.undo()
    history.undo()
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert register.value == 1
    assert said == ["set to 1"]


def test_the_keys_undo_saved_changes_and_the_toast_says_so(
    window: MainWindow, register: Register, qtbot: QtBot
) -> None:
    activate(window)
    window.place.tasks.command(register.setting(7), owner=window)
    qtbot.waitUntil(window.toast.isVisible)
    assert (window.toast.text, window.toast.action.text()) == ("set to 7", "Undo")

    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: window.toast.text == "set to 0")
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: window.toast.text == "set to 7")

    assert register.value == 7


def test_a_text_field_keeps_its_own_undo(window: MainWindow, register: Register, qtbot: QtBot) -> None:
    activate(window)
    window.place.tasks.command(register.setting(7), owner=window)
    qtbot.waitUntil(window.toast.isVisible)
    field = next(one for one in window.screens.screen("prices").findChildren(QLineEdit) if one.isVisible())
    field.setFocus()
    QTest.keyClicks(field, "ger")

    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)

    assert field.text() == ""
    assert register.value == 7


def test_a_draft_is_undone_before_what_is_saved(
    window: MainWindow, register: Register, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.place.tasks.command(register.setting(7), owner=window)
    qtbot.waitUntil(window.toast.isVisible)
    steps = iter([True, False])
    screen = window.screens.shown
    assert isinstance(screen, Screen)
    monkeypatch.setattr(screen, "undo", lambda: next(steps))

    window.shell.undo()
    qtbot.waitUntil(lambda: not window.place.tasks.is_busy)
    assert register.value == 7
    window.shell.undo()

    qtbot.waitUntil(lambda: register.value == 0)
