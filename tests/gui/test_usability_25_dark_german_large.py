"""Usability check 25: dark, German and text of 150 % with an unsaved edit, in at most four actions and without a restart.

Then the whole window from right to left, as Qt's option -reverse does it.
"""

import gettext
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.config import resource_path
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_columns import Column
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.screens.settings import SettingsScreen
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.bulk_table import BulkTable
from tests.fixtures.windows import make_every_screen
from tests.gui.conftest import Actions

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT_TO_RIGHT, RIGHT_TO_LEFT = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft


@pytest.fixture
def prices(window: MainWindow) -> PricesScreen:
    """Prices at 1280 x 800 with an unsaved price of Germany, scrolled and selected there."""
    window.resize(QSize(1280, 800))
    screen = window.screens.get(PricesScreen)
    row = screen.model.row_of("DE")
    assert row is not None
    index = screen.model.index(row, Column.PRICE)
    screen.table.setCurrentIndex(index)
    screen.table.scrollTo(index)
    QTest.keyClick(screen.table, Qt.Key.Key_F2)
    field = screen.table.delegate.field
    assert field is not None
    QTest.keyClicks(field, "0.1300")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert screen.unsaved == 1
    return screen


def _choose(actions: Actions, window: MainWindow, words: str, *, stays: bool) -> None:
    """Type into the palette and choose what is found first: one action."""
    field = window.shell.palette.field
    QTest.keyClicks(field, words)
    QTest.keyClick(field, Qt.Key.Key_Return, CONTROL if stays else Qt.KeyboardModifier.NoModifier)
    actions.count += 1


def test_dark_german_and_large_in_four_actions_with_the_edit_kept(
    window: MainWindow, prices: PricesScreen, theme: Theme, actions: Actions, qtbot: QtBot
) -> None:
    table = prices.table

    actions.key(table, Qt.Key.Key_K, CONTROL)
    _choose(actions, window, "theme dark", stays=True)
    _choose(actions, window, "deutsch", stays=True)
    _choose(actions, window, "150 %", stays=False)

    assert actions.count <= 4
    assert theme.is_dark
    assert theme.look.text_size == 150
    qtbot.waitUntil(lambda: prices.model.index(prices.model.row_of("DE") or 0, Column.COUNTRY).data() == "Deutschland")
    assert prices.unsaved == 1
    row = prices.model.row_of("DE")
    assert row is not None
    assert prices.model.index(row, Column.PRICE).data() == "0,1300"
    assert prices.dock.text.startswith("1 ungespeicherte Preisänderung")
    assert prices.title == "Preise"
    assert window.windowTitle() == "Preise – SMS Desk"
    assert table.verticalHeader().defaultSectionSize() == theme.row_height
    assert QApplication.focusWidget() is table
    assert table.currentIndex().isValid()


def test_no_text_is_left_in_the_other_language(window: MainWindow, prices: PricesScreen, qtbot: QtBot) -> None:
    make_every_screen(window)
    # What the pages of the settings read is there when a question that was asked after theirs is answered.
    with qtbot.waitCallback() as read:
        window.place.tasks.query(lambda _job: 1, owner=window, on_success=read)
    personal = window.place.parts.personal
    frame = [window.frame.sidebar, window.frame.top_bar, window.screens.get(SettingsScreen)]
    english = _texts(*frame)

    personal.change(language="de")
    qtbot.waitUntil(lambda: prices.model.index(prices.model.row_of("DE") or 0, Column.COUNTRY).data() == "Deutschland")
    left = [text for text in _texts(window) if _german(text) != text]
    personal.change(language="en")

    assert left == []
    assert _texts(*frame) == english


def _german(text: str) -> str:
    """Return the German of a text of the program, and anything else as it is."""
    with resource_path("translations/de.mo").open("rb") as stream:
        return gettext.GNUTranslations(stream).gettext(text)


def _texts(*inside: QWidget) -> list[str]:
    texts = []
    for place in inside:
        for widget in place.findChildren(QWidget):
            shown = [] if isinstance(widget, QLineEdit) else [widget.property("text")]
            texts += [str(text) for text in (*shown, widget.toolTip(), widget.accessibleName()) if text]
    return texts


def test_a_theme_changes_without_moving_anything(window: MainWindow, prices: PricesScreen, theme: Theme) -> None:
    table = prices.table
    table.setFocus()
    place, current = table.verticalScrollBar().value(), table.currentIndex()
    top = table.visualRect(current).top()

    window.place.parts.personal.change(theme="dark")

    assert table.verticalScrollBar().value() == place
    assert table.currentIndex() == current
    assert table.visualRect(current).top() == top
    assert QApplication.focusWidget() is table


@pytest.fixture
def direction(qapp: QApplication) -> Iterator[QApplication]:
    """The application, whose direction may be changed."""
    yield qapp
    qapp.setLayoutDirection(LEFT_TO_RIGHT)


def _cells(table: QTableView) -> dict[tuple[int, int], QImage]:
    """Return a picture of each cell that is seen whole, by row and column; those around the ring of the focus left out."""
    viewport = table.viewport()
    picture = viewport.grab().toImage()
    found = {}
    for row in range(table.model().rowCount()):
        for column in range(1, table.model().columnCount()):
            place = table.visualRect(table.model().index(row, column))
            if row != table.currentIndex().row() and not place.isEmpty() and viewport.rect().contains(place):
                found[row, column] = picture.copy(place)
    return found


@pytest.mark.parametrize("screen", ["prices", "bulk?scope=eu&rule=raise_margin&value=5"])
def test_from_right_to_left_every_cell_looks_as_before(
    window: MainWindow, prices: PricesScreen, direction: QApplication, screen: str, qtbot: QtBot
) -> None:
    window.navigator.go(screen)
    shown = window.screens.shown
    assert shown is not None
    table = {"prices": prices.table, "bulk": shown.findChild(BulkTable)}[shown.name]
    assert isinstance(table, QTableView)
    qtbot.waitUntil(lambda: table.isVisible() and table.model().rowCount() > 0 and not window.place.tasks.is_busy)
    before, left = _cells(table), table.columnViewportPosition(0)

    direction.setLayoutDirection(RIGHT_TO_LEFT)
    qtbot.waitUntil(lambda: table.columnViewportPosition(0) > table.viewport().width() // 2)

    after = _cells(table)
    assert left == 0
    assert len(before) > 30
    # Figures stand at the right with their points under each other, and no two texts lie upon each other.
    assert {cell for cell in before.keys() & after.keys() if before[cell] != after[cell]} == set()
    assert len(before.keys() & after.keys()) > 30
    assert prices.unsaved == 1
