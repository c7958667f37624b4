"""Usability check 21: which clients run dry this week, and the statement of one, in five actions from Overview."""

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.services.statements import Month
from desktop_app.views.dialogs.statement import StatementDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.client_list import ClientChip
from desktop_app.views.screens.clients import ClientsScreen
from tests.fixtures.application import Desk, german
from tests.gui.conftest import Actions

CTRL = Qt.KeyboardModifier.ControlModifier
PATIENCE = 20_000


def _make_dry(desk: Desk, name: str, credit: str, sent: int, start: int) -> None:
    application = desk.application
    application.clients.add(name, actor="anna")
    application.sender_ids.request(name, name.upper()[:11], actor="anna")
    application.credits.top_up(name, Decimal(credit), reason="Bank", actor="anna")
    desk.queue(german(sent, start), client=name, sender=name.upper()[:11])


def test_who_runs_dry_and_one_statement_take_five_actions(
    window: MainWindow, actions: Actions, qtbot: QtBot, sqlite_desk: Desk, tmp_path: Path
) -> None:
    # Ten SMS cost 1.46: Borealis has a sixth of that left, Corvus hardly anything, Delphin many times as much.
    for place, (name, credit) in enumerate((("Borealis", "1.70"), ("Corvus", "1.50"), ("Delphin", "20"))):
        _make_dry(sqlite_desk, name, credit, 10, 100 * place)
    sqlite_desk.drain()
    window.place.parts.personal.remember(
        "clients.statement", {"format": "pdf", "folder": str(tmp_path), "month": "this"}
    )
    window.navigator.go("overview")
    clients = window.screens.get(ClientsScreen)
    clients.reload()
    qtbot.waitUntil(lambda: clients.side.model.count(ClientChip.DRY) == 2, timeout=PATIENCE)

    actions.key(window, Qt.Key.Key_5, CTRL)
    qtbot.waitUntil(clients.isVisible, timeout=PATIENCE)
    actions.click(clients.side.chips[ClientChip.DRY])
    shown = [clients.side.model.record(row) for row in range(clients.side.model.rowCount())]
    assert [one.name for one in shown] == ["Corvus", "Borealis"]
    days = [one.days_left for one in shown]
    assert all(left is not None and left <= 7 for left in days)
    assert days == sorted(days, key=lambda left: left or 0)
    qtbot.waitUntil(lambda: clients.page is not None and clients.page.summary.name == "Corvus", timeout=PATIENCE)
    actions.key(clients.side.list, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(StatementDialog)), timeout=PATIENCE)
    dialog = next(one for one in window.findChildren(StatementDialog) if one.isVisible())
    actions.key(dialog.month, Qt.Key.Key_Return)
    assert actions.count <= 5

    month = Month.of(window.place.parts.clock())
    path = tmp_path / f"Corvus-{month.year}-{month.number:02d}.pdf"
    qtbot.waitUntil(path.exists, timeout=PATIENCE)
    statement = window.place.parts.statements.statement("Corvus", month)
    assert path.read_bytes().startswith(b"%PDF")
    assert statement.opening + sum(line.amount for line in statement.lines) == statement.closing
    assert statement.closing == sqlite_desk.application.credits.balance("Corvus").posted
