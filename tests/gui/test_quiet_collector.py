"""Garbage is looked for in full while nobody works with the window."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.views import quiet_collector
from desktop_app.views.quiet_collector import AT_THE_LATEST, QUIET_SECONDS, WORTH_IT, QuietCollector


class Office:
    """A window, its work, and the time."""

    def __init__(self, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.busy = 1000.0, False
        monkeypatch.setattr(quiet_collector, "monotonic", lambda: self.now)
        self.owner = QObject()
        self.window = QLineEdit()
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.setFocus()
        self.collector = QuietCollector(self.window, lambda: self.busy, self.owner)
        gc.collect()

    def make_garbage(self) -> None:
        """Let as many young looks go by as make a full one worth it."""
        for _ in range(WORTH_IT):
            gc.collect(1)


@pytest.fixture
def office(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = Office(qtbot, monkeypatch)
    yield made
    made.collector.end()


def test_the_interpreter_makes_no_full_look_by_itself_until_the_end(office: Office) -> None:
    usual = (700, 10, 10)
    assert gc.get_threshold() == (*usual[:2], AT_THE_LATEST)

    office.collector.end()

    assert gc.get_threshold() == usual


def test_a_full_look_waits_until_nobody_touched_the_window_for_a_while(office: Office) -> None:
    office.make_garbage()
    assert not office.collector.look()

    office.now += QUIET_SECONDS
    QTest.keyClick(office.window.windowHandle(), Qt.Key.Key_A)
    assert not office.collector.look()

    office.now += QUIET_SECONDS
    assert office.collector.look()
    assert gc.get_count()[2] == 0


def test_a_full_look_disturbs_no_work_and_no_question(office: Office, qtbot: QtBot) -> None:
    office.make_garbage()
    office.now += QUIET_SECONDS
    office.busy = True
    assert not office.collector.look()

    office.busy = False
    question = QDialog(modal=True)
    qtbot.addWidget(question)
    question.show()
    assert not office.collector.look()

    question.close()
    assert office.collector.look()


def test_nothing_is_looked_for_where_little_was_made(office: Office) -> None:
    office.now += QUIET_SECONDS

    assert not office.collector.look()
