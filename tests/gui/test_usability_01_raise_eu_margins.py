"""Usability checks 1 and 2: the margins of all EU countries rise by 5 points and go back again, by mouse or keys alone."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.regions import region
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.bulk_preview import Column
from desktop_app.views.screens.bulk_edit import BulkEditScreen
from desktop_app.views.screens.prices import PricesScreen
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate
from tests.gui.conftest import Actions

CTRL = Qt.KeyboardModifier.ControlModifier

Prices = dict[tuple[str, str | None], tuple[int | None, bool, str]]


def stored(desk: Desk) -> Prices:
    rows = desk.application.pricing.list_prices(networks=True)
    return {(row.rate.country, row.rate.mccmnc): (row.rate.price, row.rate.manual, row.rate.rule) for row in rows}


def changes(desk: Desk) -> list[str]:
    return [change.label for change in desk.application.pricing.changes()]


def the_preview_shows_all(bulk: BulkEditScreen) -> None:
    assert bulk.model.rowCount() == len(region("EU")) == 27
    margins = {bulk.model.index(row, Column.MARGIN).data() for row in range(27)}
    # To the tenth: prices are rounded to 0.0001.
    assert margins <= {"34.9%", "35.0%", "35.1%"}
    assert bulk.frame.apply.text() == "Apply to 27 countries"
    assert "30.0% to 35.0%" in bulk.frame.totals.margin.text


def the_margins_rose(desk: Desk, before: Prices) -> None:
    after = stored(desk)
    moved = {place for place, row in after.items() if row != before[place]}
    assert moved == {(iso, None) for iso in region("EU")}
    assert {after[place][2] for place in moved} == {"margin 35.00"}


def test_six_actions_raise_and_undo(window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot) -> None:
    before, saved = stored(sqlite_desk), changes(sqlite_desk)
    prices, bulk = window.screens.get(PricesScreen), window.screens.get(BulkEditScreen)
    prices.table.setFocus()

    actions.key(prices.table, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: bulk.isVisible() and bulk.is_ready)
    actions.type(bulk.form.scope.line, "eu", then=Qt.Key.Key_Return)
    actions.click(bulk.form.rule.value)
    actions.type(bulk.form.rule.value, "5")
    qtbot.waitUntil(lambda: bulk.is_ready)
    the_preview_shows_all(bulk)
    assert stored(sqlite_desk) == before
    actions.key(bulk.form.rule.value, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(changes(sqlite_desk)) == len(saved) + 1 and window.toast.isVisible())
    the_margins_rose(sqlite_desk, before)
    assert "27 prices updated" in window.toast.text
    actions.key(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: len(changes(sqlite_desk)) == len(saved) + 2)

    assert stored(sqlite_desk) == before
    assert actions.count <= 6


def test_keys_alone_do_it_and_the_focus_is_never_lost(
    window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    before, saved = stored(sqlite_desk), changes(sqlite_desk)
    prices, bulk = window.screens.get(PricesScreen), window.screens.get(BulkEditScreen)
    prices.table.setFocus()

    def press(
        text: str = "", key: Qt.Key | None = None, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.isVisible()
        if text:
            actions.type(focused, text, then=key)
        elif key is not None:
            actions.key(focused, key, modifiers)

    press(key=Qt.Key.Key_B)
    qtbot.waitUntil(lambda: bulk.isVisible() and bulk.is_ready)
    assert QApplication.focusWidget() is bulk.form.scope.line
    press("eu", Qt.Key.Key_Return)
    press(key=Qt.Key.Key_Return)
    assert QApplication.focusWidget() is bulk.form.rule.value
    press("5")
    qtbot.waitUntil(lambda: bulk.is_ready)
    # Without a display the list of suggestions counts as the active window even after it closed.
    activate(window)
    the_preview_shows_all(bulk)
    press(key=Qt.Key.Key_Return, modifiers=CTRL)
    qtbot.waitUntil(lambda: len(changes(sqlite_desk)) == len(saved) + 1 and window.toast.isVisible())
    the_margins_rose(sqlite_desk, before)
    press(key=Qt.Key.Key_Z, modifiers=CTRL)
    qtbot.waitUntil(lambda: len(changes(sqlite_desk)) == len(saved) + 2)

    assert stored(sqlite_desk) == before
    assert actions.count <= 8


def test_the_palette_fills_it_in(window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot) -> None:
    before, bulk = stored(sqlite_desk), window.screens.get(BulkEditScreen)
    actions.key(window, Qt.Key.Key_K, CTRL)
    field = QApplication.focusWidget()
    assert field is not None
    actions.type(field, "margin eu +5", then=Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bulk.isVisible() and bulk.is_ready)
    the_preview_shows_all(bulk)
    assert stored(sqlite_desk) == before
    actions.key(bulk.form.rule.value, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: stored(sqlite_desk) != before)
    the_margins_rose(sqlite_desk, before)
    assert actions.count <= 3
