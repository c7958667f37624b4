"""Usability check 17: find out why one message failed, in three actions from anywhere."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.services.job import Job
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.messages import MessagesScreen
from tests.fixtures.application import Desk
from tests.gui.conftest import Actions

BUDGET = 3
NUMBERS = ["+4915110000014", "+4915110000021", "+4915110000034", "+4915110000045"]


def test_why_one_message_failed(window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot) -> None:
    sqlite_desk.queue(NUMBERS, text="Your parcel is at the door")
    sqlite_desk.drain()
    sqlite_desk.application.receipts.poll_once(Job())
    window.resize(1440, 900)
    screen = window.screens.get(MessagesScreen)

    actions.key(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.isVisible() and screen.page.model.rowCount() == len(NUMBERS))
    focused = QApplication.focusWidget()
    assert focused is screen.page.filters.field
    actions.type(focused, "0151 1000 0021", Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.page.model.rowCount() == 1)
    focused = QApplication.focusWidget()
    assert focused is screen.page.table
    actions.key(focused, Qt.Key.Key_Return)
    panel = screen.page.panel
    qtbot.waitUntil(lambda: panel.isVisible() and panel.story is not None and panel.story.line.to == NUMBERS[1])

    assert actions.count <= BUDGET
    assert panel.failure.text() == "The phone was off or out of reach until the network gave up."
    assert panel.advice.text() == "Send again later."
    assert panel.code.text() == "(Main, 30003, undelivered)"
    assert panel.story is not None
    assert [step.title for step in panel.story.steps] == [
        "Queued", "Handed to the provider", "Accepted by the provider", "Not delivered",
    ]  # fmt: skip
    panel.raw_button.click()
    assert panel.raw.isVisible()
    assert "30003" in panel.raw.toPlainText()
