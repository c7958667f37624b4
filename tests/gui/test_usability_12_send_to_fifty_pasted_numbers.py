"""Usability check 12: a text to 50 pasted numbers (3 invalid, 2 duplicate) for a client, from Overview in at most 6 actions."""

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.compose.review_dialog import ReviewDialog
from desktop_app.views.screens.compose.screen import ComposeScreen
from tests.fixtures.application import Desk, german
from tests.fixtures.windows import activate

CTRL = Qt.KeyboardModifier.ControlModifier
INVALID = ("0151 555", "+44 20 7946 0018", "anna@example.com")


def _pasted() -> str:
    numbers = [number.replace("+49", "0") if place % 2 else number for place, number in enumerate(german(45))]
    return "\n".join([*numbers[:20], *INVALID, *numbers[20:], german(45)[3], "0049" + german(45)[4][3:]])


def test_a_send_to_a_pasted_list_takes_six_actions(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot, actions: Any
) -> None:
    window.place.parts.personal.remember("compose", {"country": "DE"})
    activate(window)

    actions.key(window, Qt.Key.Key_2, CTRL)
    screen = window.screens.get(ComposeScreen)
    qtbot.waitUntil(lambda: bool(screen.view.client.first_name))
    assert screen.view.client.hasFocus()
    actions.type(screen.view.client, "auro", then=Qt.Key.Key_Return)
    assert screen.senders.client_name == "Aurora"
    assert screen.view.recipients.field.hasFocus()
    QGuiApplication.clipboard().setText(_pasted())
    actions.key(screen.view.recipients.field, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: bool(screen.recipients.audience.numbers))
    results = screen.view.results
    assert results.text_of("valid") == "45 valid"
    assert (results.text_of("duplicates"), results.text_of("invalid")) == ("2 duplicates removed", "3 invalid")
    model = screen.view.invalid.model
    shown = [tuple(model.index(row, column).data() for column in range(3)) for row in range(model.rowCount())]
    assert [(line, text) for line, text, _ in shown] == [("21", INVALID[0]), ("22", INVALID[1]), ("23", INVALID[2])]
    assert all(problem.endswith(".") for _, _, problem in shown)
    QTest.keyClick(screen.view.recipients.field, Qt.Key.Key_Tab)  # with the text after it one typed entry
    assert screen.view.message.hasFocus()
    actions.type(screen.view.message, "Your parcel is at the door")
    qtbot.waitUntil(lambda: screen.checked is not None and screen.checker.is_settled)
    shown_cost = screen.view.cost.total.text()
    actions.key(screen.view.message, Qt.Key.Key_Return, CTRL)
    dialog = screen.flow.dialog
    assert isinstance(dialog, ReviewDialog)
    assert dialog.windowTitle() == "Send 45 messages now?"
    qtbot.waitUntil(dialog.isActiveWindow)
    actions.key(dialog, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: sqlite_desk.statuses() == {"queued": 45})

    assert actions.count <= 6
    (hold,) = sqlite_desk.query("SELECT amount_micro FROM ledger_transfer WHERE kind = 'hold'")[0]
    (price,) = sqlite_desk.query("SELECT price_micro FROM batch_quote")[0]
    assert hold == 45 * price
    assert shown_cost == f"€{Decimal(hold) / 10**6:,.2f}"
    ((actor, reason),) = sqlite_desk.query("SELECT actor, reason FROM batch")
    assert (actor, bool(reason)) == ("anna", True)
    assert set(sqlite_desk.query("SELECT number FROM message")) == {(number,) for number in german(45)}
