"""Without a network the window says so, above what is there, and takes it back by itself; the sandbox needs none."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.shell.connection import PAUSES, Connection
from desktop_app.views.shell.mode import Mode

LIVE = Mode("Main", company="Northwind")


def test_the_banner_comes_and_goes_with_the_network(window: MainWindow) -> None:
    frame = window.frame
    frame.show_mode(LIVE)
    assert frame.offline.isHidden()

    frame.connection.note(online=False)
    assert frame.offline.isVisible()
    assert frame.offline.text.startswith("You are offline You can edit prices and drafts.")
    frame.connection.note(online=True)

    assert frame.offline.isHidden()


def test_the_sandbox_is_never_offline(window: MainWindow) -> None:
    window.frame.show_mode(LIVE)
    window.frame.connection.note(online=False)

    window.frame.show_mode(Mode("Main", is_sandbox=True))

    assert window.frame.offline.isHidden()
    window.frame.connection.note(online=True)


def test_a_closed_banner_stays_closed_while_nothing_changed(window: MainWindow) -> None:
    frame = window.frame
    frame.show_mode(LIVE)
    frame.connection.note(online=False)
    frame.offline.hide()

    frame.show_mode(LIVE)

    assert frame.offline.isHidden()
    frame.connection.note(online=True)


def test_trying_now_asks_the_system_and_says_that_nothing_changed(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, asked = window.frame, []
    monkeypatch.setattr(Connection, "look", lambda self: asked.append(self))
    frame.show_mode(LIVE)
    frame.connection.note(online=False)

    QTest.mouseClick(frame.offline.retry, Qt.MouseButton.LeftButton)

    assert asked == [frame.connection]
    assert frame.toast.text == "Still offline"
    frame.connection.note(online=True)


def test_it_is_asked_again_more_and_more_seldom(qtbot: QtBot) -> None:
    parent = QTimer()
    connection, told = Connection(parent), list[bool]()
    connection.changed.connect(told.append)
    pauses = []
    for _ in range(4):
        connection.note(online=False)
        pauses.append(connection._again.interval())

    assert pauses == [*PAUSES, PAUSES[-1]]
    connection.note(online=True)
    assert not connection._again.isActive()
    connection.note(online=False)
    assert connection._again.interval() == PAUSES[0]
    assert told == [False, True, False]
    parent.deleteLater()


def test_the_system_is_asked_without_harm(qtbot: QtBot) -> None:
    parent = QTimer()
    connection = Connection(parent)

    connection.look()

    assert connection.is_online in (True, False)
    parent.deleteLater()
