"""Garbage is looked for in full while nobody works with the window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.views import quiet_collector
from desktop_app.views.quiet_collector import AT_THE_LATEST, QUIET_SECONDS, WORTH_IT, QuietCollector

USUAL = (700, 10, 10)


class Memory:
    """What stands in for the collector of the whole process, which other tests work, too."""

    def __init__(self) -> None:
        self.threshold, self.young_looks = USUAL, 0

    def get_threshold(self) -> tuple[int, int, int]:
        return self.threshold

    def set_threshold(self, *threshold: int) -> None:
        first, second, third = threshold
        self.threshold = (first, second, third)

    def get_count(self) -> tuple[int, int, int]:
        return 0, 0, self.young_looks

    def collect(self) -> int:
        self.young_looks = 0
        return 0


class Office:
    """A window, its work, and the time."""

    def __init__(self, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.busy = 1000.0, False
        monkeypatch.setattr(quiet_collector, "monotonic", lambda: self.now)
        self.memory = Memory()
        monkeypatch.setattr(quiet_collector, "gc", self.memory)
        monkeypatch.setattr(QApplication, "activeModalWidget", lambda: self.question)
        self.question: QDialog | None = None
        self.owner = QObject()
        self.window = QLineEdit()
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.setFocus()
        self.collector = QuietCollector(self.window, lambda: self.busy, self.owner)

    def make_garbage(self) -> None:
        """Let as many young looks go by as make a full one worth it."""
        self.memory.young_looks = WORTH_IT


@pytest.fixture
def office(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = Office(qtbot, monkeypatch)
    yield made
    made.collector.end()


def test_the_interpreter_makes_no_full_look_by_itself_until_the_end(office: Office) -> None:
    assert office.memory.threshold == (*USUAL[:2], AT_THE_LATEST)

    office.collector.end()

    assert office.memory.threshold == USUAL


def test_a_full_look_waits_until_nobody_touched_the_window_for_a_while(office: Office) -> None:
    office.make_garbage()
    assert not office.collector.look()

    office.now += QUIET_SECONDS
    QTest.keyClick(office.window.windowHandle(), Qt.Key.Key_A)
    assert not office.collector.look()

    office.now += QUIET_SECONDS
    assert office.collector.look()
    assert office.memory.young_looks == 0


def test_a_full_look_disturbs_no_work_and_no_question(office: Office) -> None:
    office.make_garbage()
    office.now += QUIET_SECONDS
    office.busy = True
    assert not office.collector.look()

    office.busy = False
    office.question = QDialog(modal=True)
    assert not office.collector.look()

    office.question = None
    assert office.collector.look()


def test_nothing_is_looked_for_where_little_was_made(office: Office) -> None:
    office.now += QUIET_SECONDS

    assert not office.collector.look()
