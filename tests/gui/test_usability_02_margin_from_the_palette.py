"""Usability check 2 from the palette: one sentence fills the bulk edit in, nothing is applied before Apply, Ctrl+Z takes it back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.regions import region
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.bulk_edit import BulkEditScreen
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate
from tests.gui.conftest import Actions

CTRL = Qt.KeyboardModifier.ControlModifier
MOST_ACTIONS = 4


def stored(desk: Desk) -> list[tuple[str, str | None, int | None, str]]:
    rows = desk.application.pricing.list_prices(networks=True)
    return [(row.rate.country, row.rate.mccmnc, row.rate.price, row.rate.rule) for row in rows]


def test_four_actions_from_the_palette(window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot) -> None:
    before = stored(sqlite_desk)
    bulk, palette = window.screens.get(BulkEditScreen), window.shell.palette
    window.navigator.go("overview")
    activate(window)

    actions.key(window, Qt.Key.Key_K, CTRL)
    actions.type(palette.field, "margin eu +5", then=Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bulk.isVisible() and bulk.is_ready)
    assert bulk.model.rowCount() == len(region("EU"))
    assert stored(sqlite_desk) == before
    focused = QApplication.focusWidget()
    assert focused is not None
    actions.key(focused, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: stored(sqlite_desk) != before and window.toast.isVisible())
    moved = {now[0] for now, then in zip(stored(sqlite_desk), before, strict=True) if now != then}
    assert moved == set(region("EU"))
    assert {row[3] for row in stored(sqlite_desk) if row[0] in moved and row[1] is None} == {"margin 35.00"}
    actions.key(window, Qt.Key.Key_Z, CTRL)

    qtbot.waitUntil(lambda: stored(sqlite_desk) == before)
    assert actions.count <= MOST_ACTIONS
