"""Usability check 3: the sale price of Germany becomes 0.1300 and is saved, in at most four actions."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.views.models.price_columns import Column
from desktop_app.views.screens.prices import PricesScreen
from tests.fixtures.application import Desk
from tests.gui.conftest import Actions


def test_germany_costs_another_price_after_four_actions(
    prices: PricesScreen, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    table = prices.table
    germany = prices.model.row_of("DE")
    assert germany is not None

    actions.click(table.viewport(), table.visualRect(prices.model.index(germany, Column.PRICE)).center())
    actions.key(table, Qt.Key.Key_F2)
    field = table.delegate.field
    assert field is not None
    actions.type(field, "0.1300", then=Qt.Key.Key_Return)
    assert prices.dock.text.startswith("1 unsaved price change")
    assert prices.model.index(germany, Column.MARGIN).data() == "61.5%"
    actions.key(table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: sqlite_desk.application.pricing.list_prices(["DE"])[0].rate.price == 130_000)
    assert actions.count <= 4
    qtbot.waitUntil(lambda: not prices.dock.isVisible())
