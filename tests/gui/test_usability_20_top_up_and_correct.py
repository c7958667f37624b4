"""Usability check 20: top up a client by 500 in four actions, and correct a wrong top-up in five more."""

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from desktop_app.domain.client_ledger import EntryType
from desktop_app.views.dialogs.adjust import CorrectDialog
from desktop_app.views.dialogs.top_up import TopUpDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.clients import ClientsScreen
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate
from tests.gui.conftest import Actions

CTRL = Qt.KeyboardModifier.ControlModifier
PATIENCE = 20_000


def test_a_top_up_takes_four_actions_and_its_correction_five(
    window: MainWindow, actions: Actions, qtbot: QtBot, sqlite_desk: Desk
) -> None:
    window.navigator.go("clients")
    clients = window.screens.get(ClientsScreen)
    qtbot.waitUntil(lambda: clients.is_ready and clients.page is not None, timeout=PATIENCE)
    ledger = clients.panel.ledger

    def shown(kind: type[QDialog]) -> QDialog:
        qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(kind)), timeout=PATIENCE)
        return next(one for one in window.findChildren(kind) if one.isVisible())

    # Select the client, T, type 500, Ctrl+Enter.
    actions.click(clients.side.list.viewport(), clients.side.list.visualRect(clients.side.model.index(0, 0)).center())
    actions.key(clients.side.list, Qt.Key.Key_T)
    top_up = shown(TopUpDialog)
    assert isinstance(top_up, TopUpDialog)
    assert top_up.amount.line.hasFocus() or not top_up.isActiveWindow()
    actions.type(top_up.amount.line, "500")
    assert top_up.amount.echo.text() == "= €500.00 · credit after €600.00"
    actions.key(top_up.amount.line, Qt.Key.Key_Return, CTRL)
    assert actions.count <= 4
    qtbot.waitUntil(lambda: ledger.model.total == 2, timeout=PATIENCE)
    assert sqlite_desk.money() == (Decimal(600), 0)

    # It should have been 50: the entry, C, the right amount, why, Ctrl+Enter.
    actions.count = 0
    activate(window)
    actions.click(ledger.table.viewport(), ledger.table.visualRect(ledger.model.index(0, 2)).center())
    actions.key(ledger.table, Qt.Key.Key_C)
    correct = shown(CorrectDialog)
    assert isinstance(correct, CorrectDialog)
    correct.amount.line.selectAll()
    actions.type(correct.amount.line, "50", Qt.Key.Key_Tab)
    actions.type(correct.reason, "Typed a nought too many")
    actions.key(correct.reason, Qt.Key.Key_Return, CTRL)
    assert actions.count <= 5
    qtbot.waitUntil(lambda: ledger.model.total == 3, timeout=PATIENCE)

    correction, wrong, first = (ledger.model.record(row) for row in range(3))
    assert (wrong.kind, wrong.amount) == (EntryType.TOP_UP, 500_000_000)
    assert (correction.kind, correction.amount) == (EntryType.CORRECTION, -450_000_000)
    assert correction.corrects_id == wrong.entry_id != first.entry_id
    assert sqlite_desk.money() == (Decimal(150), 0)
    sqlite_desk.assert_sound()
