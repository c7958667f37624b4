"""Usability check 9: costs are synced while the person goes on working, and the sync is cancelled.

Every action is counted: two for the sync and its end, and what the person does meanwhile, a turn of the wheel, a cell and a price.
"""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_columns import Column
from desktop_app.views.screens.prices import PricesScreen
from tests.fixtures.application import Desk
from tests.gui.conftest import Actions


def costs(desk: Desk) -> list[int | None]:
    return [row.rate.cost for row in desk.application.pricing.list_prices(networks=True)]


def _scroll(screen: PricesScreen, actions: Actions) -> None:
    """Turn the wheel over the table."""
    bar, viewport = screen.table.verticalScrollBar(), screen.table.viewport()
    middle = QPointF(viewport.rect().center())
    before = bar.value()
    turn = QWheelEvent(
        middle, QPointF(viewport.mapToGlobal(middle.toPoint())), QPoint(), QPoint(0, -480), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    actions.count += 1
    QApplication.sendEvent(viewport, turn)
    assert bar.value() > before


def _edit(screen: PricesScreen, text: str, actions: Actions) -> None:
    """Click the price in the middle of what is seen, type another and confirm it; where it is asked about, keep it."""
    view = screen.table
    row = view.rowAt(view.viewport().height() // 2)
    cell = view.visualRect(screen.model.index(row, Column.PRICE)).center()
    actions.click(view.viewport(), cell)
    # One typed entry: its first key opens the field, the others go into it.
    QTest.keyClicks(view, text[0])
    field = view.delegate.field
    assert field is not None
    actions.type(field, text[1:], Qt.Key.Key_Return)
    if view.delegate.note.isVisible():
        actions.click(view.delegate.note.buttons[0])


def test_the_table_scrolls_and_edits_meanwhile_and_cancelling_keeps_the_costs(
    window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    screen, before = window.screens.get(PricesScreen), costs(sqlite_desk)
    sqlite_desk.change(prices={"DE": "0.5"}, latency_ms=50)

    actions.click(screen.sync_button)
    qtbot.waitUntil(lambda: any(entry.done > 2 for entry in window.job_board.running))
    begun = actions.count
    _scroll(screen, actions)
    _edit(screen, "0.5", actions)
    meanwhile = actions.count - begun
    (edit,) = screen.draft.edits.values()
    assert edit.after == 500_000
    assert screen.costs.is_running
    actions.click(screen.cancel_button)

    qtbot.waitUntil(screen.sync_button.isVisible, timeout=1_000)
    assert actions.count - meanwhile == 2
    # The wheel, the cell, the price, and the question about a price that is ten times the old one.
    assert 3 <= meanwhile <= 4
    assert costs(sqlite_desk) == before
    assert screen.unsaved == 1
