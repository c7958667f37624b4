"""The window with the Prices screen, by clicks and keys, on a real application with the sandbox as its provider."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from desktop_app.app import window_parts
from desktop_app.views.dialogs.columns import ColumnsDialog
from desktop_app.views.dialogs.error_details import ErrorDetails
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.theme import Appearance, Theme, load_tokens
from desktop_app.workers.runner import TaskRunner
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate, make_window

LEFT = Qt.MouseButton.LeftButton
# The offscreen platform says so of every window with a smallest size.


def cell(model: PriceTableModel, name: str, column: Column) -> str:
    found = next(number for number in range(model.rowCount()) if model.line(number).name == name)
    return str(model.index(found, column).data())


def all_prices(desk: Desk) -> list[tuple[object, ...]]:
    rows = desk.application.pricing.list_prices(networks=True)
    return [(row.rate.rate_id, row.rate.price, row.rate.manual) for row in rows]


def test_one_percent_sets_every_price_and_ctrl_z_takes_it_back(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen, before = window.screens.get(PricesScreen), all_prices(sqlite_desk)

    QTest.keyClicks(screen.rate_field, "50")
    QTest.mouseClick(screen.apply_button, LEFT)
    qtbot.waitUntil(window.toast.isVisible)
    qtbot.waitUntil(lambda: cell(screen.model, "Germany", Column.MARKUP).startswith("50.0"))

    assert "prices updated" in window.toast.text
    assert all_prices(sqlite_desk) != before
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "restored" in window.toast.text)
    assert all_prices(sqlite_desk) == before
    qtbot.waitUntil(lambda: cell(screen.model, "Germany", Column.MARGIN) == "30.0%")


def test_the_button_of_the_toast_undoes_too(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> None:
    before = all_prices(sqlite_desk)

    QTest.keyClicks(window.screens.get(PricesScreen).rate_field, "12.5")
    QTest.keyClick(window.screens.get(PricesScreen).rate_field, Qt.Key.Key_Return)
    qtbot.waitUntil(window.toast.isVisible)
    QTest.mouseClick(window.toast.action, LEFT)

    qtbot.waitUntil(lambda: "restored" in window.toast.text)
    assert all_prices(sqlite_desk) == before


@pytest.mark.parametrize("typed", ["", "abc", "-100", "1e5", "25.123"])
def test_a_bad_percent_changes_nothing_and_says_why(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot, typed: str
) -> None:
    screen, before = window.screens.get(PricesScreen), all_prices(sqlite_desk)

    QTest.keyClicks(screen.rate_field, typed)
    QTest.mouseClick(screen.apply_button, LEFT)

    assert screen.banner.isVisible()
    assert not screen.banner.retry.isVisible()
    assert screen.rate_field.property("invalid") is True
    assert all_prices(sqlite_desk) == before


def test_f5_syncs_the_costs(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> None:
    screen = window.screens.get(PricesScreen)
    sqlite_desk.change(prices={"DE": "0.5"})
    steps: list[tuple[int, int]] = []
    window.job_board.changed.connect(
        lambda: steps.append((window.job_board.entries[0].done, window.job_board.entries[0].total))
    )

    QTest.keyClick(screen, Qt.Key.Key_F5)
    assert screen.cancel_button.isVisible()

    qtbot.waitUntil(lambda: cell(screen.model, "Germany", Column.COST) == "0.5000", timeout=20_000)
    assert any(done > 1 and total > 200 for done, total in steps)
    assert screen.sync_button.isVisible()
    qtbot.waitUntil(lambda: "1 cost changed: 1 up, 0 down" in window.toast.text)
    QTest.mouseClick(window.toast.action, LEFT)
    # The desk's own costs moved today too, when the sandbox's replaced them.
    assert screen.filters.quick is QuickFilter.COST
    assert screen.model.rowCount() == screen.model.count(QuickFilter.COST) == 5
    assert cell(screen.model, "Germany", Column.COST) == "0.5000"


def test_a_sync_can_be_cancelled_and_the_costs_stay(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> None:
    screen = window.screens.get(PricesScreen)
    sqlite_desk.change(prices={"DE": "0.5"}, latency_ms=100)
    before = cell(screen.model, "Germany", Column.COST)

    QTest.mouseClick(screen.sync_button, LEFT)
    qtbot.waitUntil(screen.cancel_button.isVisible)
    QTest.mouseClick(screen.cancel_button, LEFT)

    qtbot.waitUntil(screen.sync_button.isVisible, timeout=20_000)
    assert cell(screen.model, "Germany", Column.COST) == before
    assert not screen.banner.isVisible()


def test_a_provider_that_fails_leaves_the_old_costs_under_a_banner(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen = window.screens.get(PricesScreen)
    sqlite_desk.query("UPDATE provider SET base_url = 'http://127.0.0.1:9/twilio'")

    QTest.mouseClick(screen.sync_button, LEFT)

    qtbot.waitUntil(screen.banner.isVisible, timeout=20_000)
    assert "Showing costs from just now." in screen.banner.text
    assert screen.banner.more.text() == "Details"
    QTest.mouseClick(screen.banner.more, LEFT)
    details = window.findChild(ErrorDetails)
    assert isinstance(details, ErrorDetails)
    QTest.mouseClick(details.copy, LEFT)
    copied = QGuiApplication.clipboard().text()
    assert "Code: " in copied
    assert "Time: " in copied
    assert "There is no connection to 127.0.0.1" in copied
    details.accept()
    qtbot.waitUntil(lambda: window.findChild(ErrorDetails) is None)
    assert screen.banner.retry.isVisible()
    assert screen.table.isVisible()


def test_ctrl_f_filters_and_escape_brings_everything_back(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.screens.get(PricesScreen)
    activate(window)
    everything = screen.model.rowCount()

    QTest.keyClick(screen, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(screen.filter_field, "germnay")
    qtbot.waitUntil(screen.placeholder.isVisible)
    assert screen.placeholder.text == "No country matches “germnay”"
    assert screen.placeholder.action.text() == "Show Germany"
    assert screen.placeholder.second.text() == "Clear filter"
    QTest.mouseClick(screen.placeholder.action, LEFT)
    assert [screen.model.line(0).name, screen.model.rowCount()] == ["Germany", 1]
    QTest.keyClick(screen, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(screen.filter_field, "germnay")
    qtbot.waitUntil(screen.placeholder.isVisible)
    QTest.mouseClick(screen.placeholder.second, LEFT)
    assert screen.model.rowCount() == everything
    QTest.keyClick(screen, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(screen.filter_field, "TURKIYE")
    qtbot.waitUntil(lambda: screen.model.line(0).name == "Türkiye")
    QTest.keyClick(screen.filter_field, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: screen.model.rowCount() == everything)


def test_a_country_unfolds_by_its_mark_and_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    screen, table = window.screens.get(PricesScreen), window.screens.get(PricesScreen).table
    before = screen.model.rowCount()
    mark = table.visualRect(screen.model.index(0, Column.COUNTRY)).topLeft() + QPoint(10, 12)

    QTest.mouseClick(table.viewport(), LEFT, pos=mark)
    assert screen.model.rowCount() > before
    table.setCurrentIndex(screen.model.index(0, Column.COUNTRY))
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert screen.model.rowCount() == before
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert screen.model.is_expanded(0)


def test_a_heading_sorts_up_then_down_then_not(window: MainWindow, qtbot: QtBot) -> None:
    screen, header = window.screens.get(PricesScreen), window.screens.get(PricesScreen).table.horizontalHeader()
    place = QPoint(header.sectionPosition(Column.COST) + 40, 16)

    orders = []
    for _ in range(3):
        QTest.mouseClick(header.viewport(), LEFT, pos=place)
        orders.append([screen.model.line(number).cost for number in range(screen.model.rowCount())])

    assert orders[0] == sorted(orders[0], key=lambda cost: cost or 0)
    assert orders[1] == sorted(orders[1], key=lambda cost: cost or 0, reverse=True)
    assert screen.model.sorting == ()


def test_without_a_provider_the_screen_says_what_to_do(
    open_desk: Callable[..., Desk], tmp_path: Path, tasks: TaskRunner, theme: Theme, qtbot: QtBot
) -> None:
    application = open_desk(f"sqlite:///{tmp_path / 'empty.db'}").application
    parts = window_parts(application, application.settings, sandbox=False)
    made = make_window(parts, tasks, theme)
    qtbot.addWidget(made)
    made.show()
    made.navigator.go("prices")

    qtbot.waitUntil(made.screens.get(PricesScreen).placeholder.isVisible)
    assert made.screens.get(PricesScreen).placeholder.text == "No prices yet"
    assert not made.screens.get(PricesScreen).sync_button.isEnabled()


def test_the_appearance_changes_while_everything_stays(window: MainWindow, theme: Theme, qtbot: QtBot) -> None:
    table = window.screens.get(PricesScreen).table
    table.selectRow(40)
    table.scrollTo(window.screens.get(PricesScreen).model.index(40, 0))
    place = table.verticalScrollBar().value()

    for appearance in (Appearance.DARK, Appearance.LIGHT, Appearance.DARK):
        theme.choose(appearance)
        chrome = window.palette().window().color()
        assert chrome == load_tokens()[appearance].colour("chrome")

    assert table.currentIndex().row() == 40
    assert table.verticalScrollBar().value() == place


def test_everything_that_is_operated_has_a_name(window: MainWindow) -> None:
    operated = [
        widget
        for kind in (QAbstractButton, QLineEdit, QTableView)
        for widget in window.findChildren(kind)
        if widget.isVisible()
    ]
    names = [QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) for widget in operated]

    assert len(names) > 10
    assert [widget for widget, name in zip(operated, names, strict=True) if not name] == []


def test_chips_show_counts(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.screens.get(PricesScreen)

    QTest.mouseClick(screen.chips[QuickFilter.LOSS], LEFT)

    assert screen.chips[QuickFilter.LOSS].text() == "Loss-making  0"
    assert screen.placeholder.text == "No country is in this list"


def test_an_address_brings_filter_text_and_record(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.screens.get(PricesScreen)

    window.navigator.go("prices?filter=manual&q=ger")
    assert (screen.filters.quick, screen.filters.text) == (QuickFilter.MANUAL, "ger")
    window.navigator.go("prices/IT")
    assert screen.model.line(screen.table.currentIndex().row()).name == "Italy"
    assert screen.filters.quick is QuickFilter.ALL


def test_what_a_person_filters_is_the_address_to_come_back_to(window: MainWindow) -> None:
    screen = window.screens.get(PricesScreen)
    window.navigator.go("prices")

    QTest.mouseClick(screen.chips[QuickFilter.TARGET], LEFT)
    screen.filters.show_query({"filter": "target", "region": "EU"})

    assert window.navigator.here is not None
    assert window.navigator.here.text == "prices?filter=target&region=EU"


def test_a_region_is_a_chip_that_can_be_taken_off(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.screens.get(PricesScreen)
    everything = screen.model.rowCount()
    action = next(one for one in screen.filters.region_menu.actions() if one.text() == "EU")

    action.trigger()
    assert screen.model.rowCount() == 27
    [chip] = [one for one in screen.findChildren(QPushButton) if one.property("look") == "removable"]
    qtbot.waitUntil(chip.isVisible)
    assert QAccessible.queryAccessibleInterface(chip).text(QAccessible.Text.Name) == "Remove the filter EU"
    QTest.mouseClick(chip, LEFT)

    assert screen.model.rowCount() == everything


def test_ctrl_a_ticks_all_that_match_and_says_so(window: MainWindow) -> None:
    screen = window.screens.get(PricesScreen)
    screen.filters.show_query({"region": "EU"})
    screen.table.setFocus()

    QTest.keyClick(screen.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    assert screen.filters.selection.isVisible()
    assert screen.filters.selection.text == "All 27 matching rows selected"
    assert len(screen.commands.scope()) == 27
    QTest.mouseClick(screen.filters.selection.clear, LEFT)
    assert not screen.filters.selection.isVisible()


def test_space_ticks_and_b_goes_to_the_bulk_editor_with_the_ticked(window: MainWindow) -> None:
    screen = window.screens.get(PricesScreen)
    went: list[str] = []
    window.navigator.arrived.connect(lambda address: went.append(address.text))
    screen.table.setFocus()
    for iso in ("DE", "FR"):
        screen.table.go_to(iso, Column.PRICE)
        QTest.keyClick(screen.table, Qt.Key.Key_Space)

    QTest.keyClick(screen.table, Qt.Key.Key_B)

    assert went == ["bulk?scope=DE%2CFR"]


def test_without_ticks_the_bulk_editor_opens_without_a_scope(window: MainWindow) -> None:
    screen = window.screens.get(PricesScreen)
    went: list[str] = []
    window.navigator.arrived.connect(lambda address: went.append(address.text))
    screen.table.go_to("DE", Column.PRICE)

    QTest.keyClick(screen.table, Qt.Key.Key_B)

    assert went == ["bulk"]


def test_a_country_is_switched_off_and_on_again(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> None:
    screen = window.screens.get(PricesScreen)
    screen.table.go_to("DE", Column.PRICE)

    window.commands.action("prices.switch").trigger()
    qtbot.waitUntil(lambda: screen.model.count(QuickFilter.OFF) == 1)
    assert (
        screen.chips[QuickFilter.OFF].isVisible() or screen.chips[QuickFilter.OFF] in screen.filters.chip_line.left_out
    )
    assert "Germany switched off" in window.toast.text
    QTest.mouseClick(window.toast.action, LEFT)

    qtbot.waitUntil(lambda: screen.model.count(QuickFilter.OFF) == 0)


def test_columns_are_chosen_moved_and_found_again(window: MainWindow, qtbot: QtBot) -> None:
    table = window.screens.get(PricesScreen).table
    QTest.mouseClick(window.screens.get(PricesScreen).filters.columns, LEFT)
    dialog = window.findChild(ColumnsDialog)
    assert isinstance(dialog, ColumnsDialog)
    QTest.mouseClick(dialog.down, LEFT)
    status = dialog.list.findItems("Status", Qt.MatchFlag.MatchExactly)[0]
    status.setCheckState(Qt.CheckState.Checked)
    QTest.mouseClick(dialog.close_button, LEFT)

    assert table.shown_columns[2:4] == [Column.COST, Column.PROVIDER]
    assert Column.STATE in table.shown_columns
    kept = window.place.parts.personal.recall("prices_columns")
    assert kept["order"][2:4] == ["COST", "PROVIDER"]
    table.take_arrangement({"order": ["MARGIN", "NONSENSE"], "hidden": ["COST"], "widths": {"PRICE": 120, "COST": "x"}})
    assert table.shown_columns[2] is Column.MARGIN
    assert (table.isColumnHidden(Column.COST), table.columnWidth(Column.PRICE)) == (True, 120)


def test_the_menu_key_offers_what_can_be_done_with_the_row(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.screens.get(PricesScreen)
    screen.table.go_to("DE", Column.PRICE)

    QApplication.sendEvent(
        screen.table.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    )

    menu = next(one for one in screen.findChildren(QMenu) if one.isVisible())
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[:4] == ["Edit price", "Edit margin", "Back to rule", "Set to break-even"]
    assert texts[-1] == "Disable country"
    menu.close()
