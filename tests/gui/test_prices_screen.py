"""The window with the Prices screen, by clicks and keys, on a real application with the sandbox as its provider."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from desktop_app.services.clock import utc_now
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_table import Column, PriceTableModel, QuickFilter
from desktop_app.views.parts import WindowParts
from desktop_app.views.start import make_window
from desktop_app.views.theme import Appearance, Theme, load_tokens
from desktop_app.workers.runner import TaskRunner
from tests.fixtures.application import Desk

LEFT = Qt.MouseButton.LeftButton
# The offscreen platform says so of every window with a smallest size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def cell(model: PriceTableModel, name: str, column: Column) -> str:
    found = next(number for number in range(model.rowCount()) if model.line(number).name == name)
    return str(model.index(found, column).data())


def all_prices(desk: Desk) -> list[tuple[object, ...]]:
    rows = desk.application.pricing.list_prices(networks=True)
    return [(row.rate.rate_id, row.rate.price, row.rate.manual) for row in rows]


def test_one_percent_sets_every_price_and_ctrl_z_takes_it_back(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen, before = window.screen_shown, all_prices(sqlite_desk)

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

    QTest.keyClicks(window.screen_shown.rate_field, "12.5")
    QTest.keyClick(window.screen_shown.rate_field, Qt.Key.Key_Return)
    qtbot.waitUntil(window.toast.isVisible)
    QTest.mouseClick(window.toast.action, LEFT)

    qtbot.waitUntil(lambda: "restored" in window.toast.text)
    assert all_prices(sqlite_desk) == before


@pytest.mark.parametrize("typed", ["", "abc", "-100", "1e5", "25.123"])
def test_a_bad_percent_changes_nothing_and_says_why(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot, typed: str
) -> None:
    screen, before = window.screen_shown, all_prices(sqlite_desk)

    QTest.keyClicks(screen.rate_field, typed)
    QTest.mouseClick(screen.apply_button, LEFT)

    assert screen.banner.isVisible()
    assert not screen.banner.retry.isVisible()
    assert screen.rate_field.property("invalid") is True
    assert all_prices(sqlite_desk) == before


def test_f5_syncs_the_costs(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> None:
    screen = window.screen_shown
    sqlite_desk.change(prices={"DE": "0.5"})
    said: list[str] = []
    screen.progressed.connect(said.append)

    QTest.keyClick(screen, Qt.Key.Key_F5)

    qtbot.waitUntil(lambda: cell(screen.model, "Germany", Column.COST) == "0.5000", timeout=20_000)
    assert any("countries" in text for text in said)
    assert said[-1] == ""
    assert screen.sync_button.isVisible()


def test_a_sync_can_be_cancelled_and_the_costs_stay(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> None:
    screen = window.screen_shown
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
    screen = window.screen_shown
    sqlite_desk.query("UPDATE provider SET base_url = 'http://127.0.0.1:9/twilio'")

    QTest.mouseClick(screen.sync_button, LEFT)

    qtbot.waitUntil(screen.banner.isVisible, timeout=20_000)
    assert "Showing costs from just now." in screen.banner.text
    assert screen.banner.retry.isVisible()
    assert screen.table.isVisible()


def test_ctrl_f_filters_and_escape_brings_everything_back(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.screen_shown
    window.activateWindow()
    everything = screen.model.rowCount()

    QTest.keyClick(screen, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(screen.filter_field, "germnay")
    qtbot.waitUntil(screen.placeholder.isVisible)
    assert screen.placeholder.text == "No country matches “germnay”"
    QTest.mouseClick(screen.placeholder.action, LEFT)
    assert screen.model.rowCount() == everything
    QTest.keyClicks(screen.filter_field, "TURKIYE")
    qtbot.waitUntil(lambda: screen.model.rowCount() == 1)
    QTest.keyClick(screen.filter_field, Qt.Key.Key_Escape)

    assert screen.model.rowCount() == everything
    assert window.counts.text() == f"{everything} countries"


def test_a_country_unfolds_by_its_mark_and_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    screen, table = window.screen_shown, window.screen_shown.table
    before = screen.model.rowCount()
    mark = table.visualRect(screen.model.index(0, 0)).topLeft() + QPoint(26, 12)

    QTest.mouseClick(table.viewport(), LEFT, pos=mark)
    assert screen.model.rowCount() > before
    table.setCurrentIndex(screen.model.index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert screen.model.rowCount() == before
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert screen.model.is_expanded(0)


def test_a_heading_sorts_up_then_down_then_not(window: MainWindow, qtbot: QtBot) -> None:
    screen, header = window.screen_shown, window.screen_shown.table.horizontalHeader()
    place = QPoint(header.sectionPosition(Column.COST) + 40, 16)

    orders = []
    for _ in range(3):
        QTest.mouseClick(header.viewport(), LEFT, pos=place)
        orders.append([screen.model.line(number).cost for number in range(screen.model.rowCount())])

    assert orders[0] == sorted(orders[0], key=lambda cost: cost or 0)
    assert orders[1] == sorted(orders[1], key=lambda cost: cost or 0, reverse=True)
    assert screen.model.sorting is None


def test_without_a_provider_the_screen_says_what_to_do(tasks: TaskRunner, theme: Theme, qtbot: QtBot) -> None:
    empty = PricesOnNothing()
    parts = WindowParts(empty, empty, empty, empty, utc_now, "anna", "en", sandbox=False)  # type: ignore[arg-type]
    made = make_window(parts, tasks, theme)
    qtbot.addWidget(made)
    made.show()

    qtbot.waitUntil(made.screen_shown.placeholder.isVisible)
    assert made.screen_shown.placeholder.text == "No prices yet"
    assert not made.screen_shown.sync_button.isEnabled()


class PricesOnNothing:
    """Services of a fresh installation."""

    def list_prices(self, *, networks: bool) -> list[object]:
        return []

    def list_providers(self) -> list[object]:
        return []


def test_the_appearance_changes_while_everything_stays(window: MainWindow, theme: Theme, qtbot: QtBot) -> None:
    table = window.screen_shown.table
    table.selectRow(40)
    table.scrollTo(window.screen_shown.model.index(40, 0))
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


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("text", "surface", 11.7), ("text", "chrome", 11.7), ("text2", "surface", 7.2), ("text2", "subtle", 7.0),
        ("text3", "surface", 4.6), ("text3", "chrome", 4.6), ("text3", "selected", 4.5), ("text3", "subtle", 4.6),
        ("danger", "danger_bg", 5.8), ("danger", "surface", 5.8), ("warning", "warning_bg", 5.8), ("on_accent", "accent", 4.5),
        ("on_accent", "accent_hover", 4.5), ("accent_text", "accent_bg", 4.5), ("control", "surface", 3.0), ("focus", "surface", 3.0),
    ],
)  # fmt: skip
def test_the_tokens_can_be_read(appearance: Appearance, front: str, back: str, least: float) -> None:
    colours = load_tokens()[appearance].colours
    light, dark = sorted((_luminance(colours[front]), _luminance(colours[back])), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= least


def test_chips_show_counts(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.screen_shown

    QTest.mouseClick(screen.chips[QuickFilter.LOSS], LEFT)

    assert screen.chips[QuickFilter.LOSS].text() == "Loss-making  0"
    assert screen.placeholder.text == "No country is in this list"
