"""The whole row under the mouse is shaded, in the price table, in tables of records and in the preview; two rows are painted for it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.activity import ActivityScreen
from desktop_app.views.screens.bulk_edit import BulkEditScreen
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.theme import Theme


class Painted(QObject):
    """Collects what a viewport paints."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self.region = QRegion()
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return super().eventFilter(watched, event)


def _prices(window: MainWindow, qtbot: QtBot) -> QTableView:
    return window.screens.get(PricesScreen).table


def _activity(window: MainWindow, qtbot: QtBot) -> QTableView:
    window.navigator.go("activity")
    table = window.screens.get(ActivityScreen).table
    qtbot.waitUntil(lambda: table.model().rowCount() > 3)
    return table


def _preview(window: MainWindow, qtbot: QtBot) -> QTableView:
    window.navigator.go("bulk?scope=eu")
    screen = window.screens.get(BulkEditScreen)
    qtbot.waitUntil(lambda: screen.is_ready and screen.table.isVisible())
    return screen.table


@pytest.fixture(params=[_prices, _activity, _preview])
def table(window: MainWindow, qtbot: QtBot, request: pytest.FixtureRequest) -> QTableView:
    made: Callable[[MainWindow, QtBot], QTableView] = request.param
    view = made(window, qtbot)
    view.setCurrentIndex(view.model().index(0, 1))
    QApplication.processEvents()
    return view


def move(view: QTableView, place: QPoint) -> None:
    at = QPointF(place)
    glob = QPointF(view.viewport().mapToGlobal(place))
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        glob,
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view.viewport(), moved)


def strip(view: QTableView, row: int) -> QRect:
    return QRect(0, view.rowViewportPosition(row), view.viewport().width(), view.rowHeight(row))


def ground(view: QTableView, row: int) -> set[str]:
    """Return the colours at the left end of the first and of the last column, two pixels under the row's top."""
    picture = view.viewport().grab().toImage()
    top = view.rowViewportPosition(row) + 2
    return {picture.pixelColor(x, top).name() for x in (5, picture.width() - 4)}


def test_the_row_under_the_mouse_is_shaded_from_end_to_end_until_the_mouse_leaves(
    table: QTableView, one_theme: Theme
) -> None:
    shade, usual = one_theme.colour("hover").name(), ground(table, 3)

    move(table, strip(table, 3).center())
    assert ground(table, 3) == {shade}
    move(table, strip(table, 2).center())
    assert (ground(table, 2), ground(table, 3)) == ({shade}, usual)
    QApplication.sendEvent(table.viewport(), QEvent(QEvent.Type.Leave))

    assert ground(table, 2) == usual


def test_only_the_two_rows_are_painted_anew(table: QTableView) -> None:
    move(table, strip(table, 2).center())
    QApplication.processEvents()
    painted = Painted(table)

    move(table, strip(table, 3).center())
    QApplication.processEvents()

    two = QRegion(strip(table, 2)) + QRegion(strip(table, 3))
    assert painted.region.intersects(strip(table, 2))
    assert painted.region.intersects(strip(table, 3))
    assert (painted.region - two).isEmpty()


def test_a_current_row_stays_as_it_is_under_the_mouse(table: QTableView, one_theme: Theme) -> None:
    move(table, strip(table, 0).center())
    assert one_theme.colour("hover").name() not in ground(table, 0)
