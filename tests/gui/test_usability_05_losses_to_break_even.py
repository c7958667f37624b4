"""Usability check 5: all countries that lose money are found and raised to break-even in at most five actions."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices import PricesScreen
from tests.fixtures.application import Desk
from tests.gui.conftest import Actions

CTRL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "grabbing the keyboard", "does not support raise")


def losses(desk: Desk) -> list[str]:
    rows = desk.application.pricing.list_prices(networks=True)
    return [row.rate.country for row in rows if (row.applies.price or 0) < (row.rate.cost or 0)]


def open_menu(screen: PricesScreen, actions: Actions) -> QMenu:
    """Open the context menu by its key: one action. Windows systems make the event of the key; the platform of tests does not."""
    actions.key(screen.table, Qt.Key.Key_Menu)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(screen.table.viewport(), asked)
    return next(menu for menu in screen.findChildren(QMenu) if menu.isVisible())


def test_none_is_below_cost_after_five_actions_and_undo_is_offered(
    prices: PricesScreen, place: Workplace, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    sqlite_desk.import_costs("Main", {"DE": "0.070001", "GB": "0.0401", "FR": "0.04", "US": "0.01", "TR": "0.02"})
    prices.reload()
    qtbot.waitUntil(lambda: prices.model.count(QuickFilter.LOSS) == 2)
    assert losses(sqlite_desk) == ["DE", "GB"]

    actions.click(prices.chips[QuickFilter.LOSS])
    actions.key(prices.table, Qt.Key.Key_A, CTRL)
    menu = open_menu(prices, actions)
    choice = menu.actionGeometry(place.commands.action("prices.break_even")).center()
    actions.click(menu, choice)
    with qtbot.waitSignal(place.tasks.undoable) as undoable:
        actions.key(prices.table, Qt.Key.Key_S, CTRL)

    assert losses(sqlite_desk) == []
    assert actions.count <= 5
    assert undoable.args[0].undo_label == "2 prices saved"
    qtbot.waitUntil(lambda: prices.model.count(QuickFilter.LOSS) == 0)
