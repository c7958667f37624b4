"""The price table never scrolls sideways with its usual columns: what matters least yields, and comes back."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from desktop_app.domain.language import LANGUAGES, tr
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_columns import HIDDEN, Column
from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.widgets.arranged_table import NAME_WIDTH, YIELDING


@pytest.fixture
def screen(window: MainWindow) -> PricesScreen:
    return window.screens.get(PricesScreen)


@pytest.mark.parametrize(("width", "is_open"), [(1440, True), (1280, False), (1439, False)])
def test_the_inspector_is_open_where_there_is_room_for_every_usual_column(
    window: MainWindow, screen: PricesScreen, width: int, is_open: bool, qtbot: QtBot
) -> None:
    window.resize(QSize(width, 800))
    qtbot.waitUntil(lambda: window.width() == width)
    qtbot.waitUntil(lambda: screen.inspector.isVisible() is is_open)
    assert screen.filters.inspector.isChecked() is is_open

    qtbot.waitUntil(lambda: set(YIELDING) <= set(screen.table.shown_columns))
    assert screen.table.horizontalScrollBar().maximum() == 0
    assert screen.table.columnWidth(Column.COUNTRY) >= NAME_WIDTH


def test_columns_yield_beside_an_open_inspector_and_come_back(
    window: MainWindow, screen: PricesScreen, qtbot: QtBot
) -> None:
    window.resize(QSize(1280, 800))
    usual = screen.table.shown_columns

    screen.side.set_open(on=True)

    qtbot.waitUntil(lambda: Column.PROVIDER not in screen.table.shown_columns)
    assert screen.table.horizontalScrollBar().maximum() == 0
    assert screen.table.arrangement()["hidden"] == [one.name for one in Column if one in HIDDEN | {Column.MARKUP}]
    assert Column.PROVIDER not in screen.table.unwanted_columns
    screen.side.set_open(on=False)
    qtbot.waitUntil(lambda: screen.table.shown_columns == usual)


def test_who_asked_for_more_columns_gets_them_all(window: MainWindow, screen: PricesScreen, qtbot: QtBot) -> None:
    window.resize(QSize(1280, 800))
    screen.table.arrange(list(Column), HIDDEN - {Column.STATE, Column.MCC} | {Column.MARKUP})

    screen.side.set_open(on=True)

    qtbot.waitUntil(lambda: screen.table.horizontalScrollBar().maximum() > 0)
    assert set(YIELDING) | {Column.STATE, Column.MCC} <= set(screen.table.shown_columns)


def test_every_state_can_be_photographed_and_is_left_as_it_was(screen: PricesScreen, qtbot: QtBot) -> None:
    for shot in screen.shots():
        shot.bring()
        qtbot.waitUntil(shot.ready, timeout=10_000)
        shot.leave()

    assert screen.unsaved == 0
    assert screen.filters.query == {}
    assert screen.model.ticked_countries == frozenset()
    assert screen.model.unit.sms == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chip_stands_beside_the_open_inspector(
    window: MainWindow, screen: PricesScreen, language: str, qtbot: QtBot
) -> None:
    window.resize(QSize(1440, 900))
    qtbot.waitUntil(lambda: window.width() == 1440 and screen.inspector.isVisible())
    window.place.parts.personal.change(language=language)
    qtbot.waitUntil(lambda: screen.title == tr("Prices") and screen.loader.bar.isHidden())
    counts = dict(zip(QuickFilter, (230, 3, 14, 11, 0, 23, 10, 5), strict=True))

    screen.filters.show_sheet(replace(screen.model.sheet, counts=counts))

    qtbot.waitUntil(lambda: screen.filters.chips[QuickFilter.OFF].isVisible())
    assert screen.filters.chip_line.left_out == []
    assert not screen.filters.chip_line.more.isVisible()
