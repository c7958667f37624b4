"""Usability check 5: all countries that lose money are found and raised to break-even in at most five actions."""

from decimal import Decimal

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.overview import OverviewScreen
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.workers.runner import Topic
from tests.fixtures.application import COSTS, Desk
from tests.fixtures.windows import activate
from tests.gui.conftest import Actions

CTRL = Qt.KeyboardModifier.ControlModifier


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


def test_from_the_overview_the_same_takes_five_actions(
    window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    sqlite_desk.import_costs("Main", COSTS)
    for country, price in (("DE", "0.06"), ("GB", "0.036")):
        sqlite_desk.application.pricing.set_price(country, Decimal(price), actor="anna")
    sqlite_desk.import_costs("Main", {**COSTS, "DE": "0.070001", "GB": "0.0401"})
    overview, prices = window.screens.get(OverviewScreen), window.screens.get(PricesScreen)
    window.navigator.go("overview")
    # As the sync that brought the costs would have said.
    window.place.tasks.changed.emit(frozenset({Topic.PRICES}))
    qtbot.waitUntil(lambda: [row.item.count for row in overview.attention.rows if row.item.kind == "loss"] == [2])
    activate(window)

    actions.click(next(row.button for row in overview.attention.rows if row.item.kind == "loss"))
    qtbot.waitUntil(lambda: prices.isVisible() and prices.model.rowCount() == 2)
    assert {prices.model.line(row).iso for row in range(2)} == {"DE", "GB"}
    prices.table.setFocus()
    actions.key(prices.table, Qt.Key.Key_A, CTRL)
    menu = open_menu(prices, actions)
    actions.click(menu, menu.actionGeometry(window.commands.action("prices.break_even")).center())
    with qtbot.waitSignal(window.place.tasks.undoable):
        actions.key(prices.table, Qt.Key.Key_S, CTRL)

    assert losses(sqlite_desk) == []
    assert actions.count <= 5
    window.navigator.go("overview")
    qtbot.waitUntil(lambda: all(row.item.kind != "loss" for row in overview.attention.rows))
