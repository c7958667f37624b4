"""Columns on demand, conditions, saved views, the usual order and columns that stay: by clicks on a real application."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.views.dialogs.margin_dialog import MarginDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_columns import HIDDEN, Column
from desktop_app.views.models.price_conditions import condition_text, known_conditions
from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.widgets.chip_row import ChipRow
from desktop_app.views.widgets.frozen_table import FROZEN
from tests.fixtures.application import Desk

LEFT = Qt.MouseButton.LeftButton
DOWN = Qt.SortOrder.DescendingOrder


@pytest.fixture
def screen(window: MainWindow) -> PricesScreen:
    window.resize(QSize(1440, 900))
    window.navigator.go("prices")
    return window.screens.get(PricesScreen)


def choice(menu: QMenu, text: str) -> QAction:
    """Return the entry of a menu or of a menu in it."""
    for action in menu.actions():
        inner = action.menu()
        if action.text() == text and not isinstance(inner, QMenu):
            return action
        if isinstance(inner, QMenu):
            for one in inner.actions():
                if one.text() == text:
                    return one
    raise AssertionError(text)


def show(screen: PricesScreen, *columns: Column) -> None:
    screen.table.arrange(list(Column), {*HIDDEN, Column.MARKUP} - set(columns))


def text(screen: PricesScreen, key: str, column: Column) -> str:
    row = screen.model.row_of(key)
    assert row is not None
    return screen.model.text(row, column)


def names(screen: PricesScreen) -> list[str]:
    return [screen.model.line(row).name for row in range(screen.model.rowCount())]


def test_last_change_and_author_are_read_once_the_columns_are_shown(
    screen: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.application.pricing.set_price("DE", Decimal("0.9"), actor="Mert Aydın")
    screen.reload()
    qtbot.waitUntil(lambda: text(screen, "DE", Column.PRICE) == "0.9000")
    assert text(screen, "DE", Column.CHANGED_BY) == "–"

    show(screen, Column.LAST_CHANGE, Column.CHANGED_BY, Column.SENDER, Column.PER_THOUSAND)

    qtbot.waitUntil(lambda: text(screen, "DE", Column.CHANGED_BY) == "Mert Aydın")
    assert text(screen, "DE", Column.LAST_CHANGE) == "just now"
    assert text(screen, "DE", Column.SENDER) == "Alphanumeric"
    assert text(screen, "DE", Column.PER_THOUSAND) == "900.00"
    assert text(screen, "FR", Column.CHANGED_BY) == "anna"


def test_columns_that_are_shown_again_after_a_change_are_read_again(
    screen: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    def is_told() -> bool:
        return "–" not in (text(screen, "DE", Column.CHANGED_BY), text(screen, "DE", Column.DELIVERY))

    sqlite_desk.queue(["+491700000001"])
    sqlite_desk.drain()
    sqlite_desk.query("UPDATE message SET status = 'delivered'")
    show(screen, Column.CHANGED_BY, Column.DELIVERY)
    qtbot.waitUntil(is_told)
    show(screen)
    sqlite_desk.application.pricing.set_price("DE", Decimal("0.9"), actor="Mert Aydın")
    screen.reload()
    qtbot.waitUntil(lambda: text(screen, "DE", Column.PRICE) == "0.9000")
    assert not is_told()

    show(screen, Column.CHANGED_BY, Column.DELIVERY)

    qtbot.waitUntil(is_told)


def test_the_first_volumes_put_the_countries_in_their_order(
    screen: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    assert screen.model.sorting == ()
    first = names(screen)[0]
    screen.table.go_to(screen.model.line(0).key, Column.PRICE)
    sqlite_desk.queue([f"+49170000000{number}" for number in range(3)] + ["+33600000001"])
    sqlite_desk.drain()

    screen.loader._count()

    qtbot.waitUntil(lambda: screen.model.sorting == ((Column.VOLUME, DOWN),))
    assert names(screen)[:3] == ["Germany", "France", first]
    assert screen.table.currentIndex().row() == 0
    screen.model.sort_by(())
    assert names(screen)[0] == first


def test_an_order_that_a_person_chose_stays(
    screen: PricesScreen, window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    header = screen.table.horizontalHeader()
    QTest.mouseClick(header.viewport(), LEFT, pos=QPoint(header.sectionPosition(Column.COST) + 40, 16))
    sqlite_desk.queue(["+491700000001"])
    sqlite_desk.drain()

    screen.loader._count()

    qtbot.waitUntil(lambda: text(screen, "DE", Column.VOLUME) == "1")
    assert [column for column, _ in screen.model.sorting] == [Column.COST]
    assert window.place.parts.personal.recall("prices_columns")["sorting"] == [["COST", False]]


def test_a_margin_is_typed_and_filters_countries_with_their_networks(screen: PricesScreen, qtbot: QtBot) -> None:
    everything = screen.model.rowCount()
    screen.filters.more.fill()
    choice(screen.filters.more.menu, "Another margin…").trigger()
    dialog = screen.window().findChild(MarginDialog)
    assert isinstance(dialog, MarginDialog)
    QTest.keyClicks(dialog.field, "abc")
    QTest.mouseClick(dialog.done_button, LEFT)
    assert dialog.problem.isVisible()
    dialog.field.clear()
    QTest.keyClicks(dialog.field, "12,5")
    QTest.mouseClick(dialog.done_button, LEFT)

    assert screen.filters.query == {"margin": "12.5"}
    assert screen.model.rowCount() == 0
    [chip] = [one for one in screen.findChildren(QPushButton) if one.property("look") == "removable"]
    assert chip.text() == "Margin below 12.5%"
    QTest.mouseClick(chip, LEFT)
    assert screen.model.rowCount() == everything


def test_conditions_add_up_and_stand_in_the_address(
    screen: PricesScreen, window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.import_costs("Main", {"DE": "0.05", "FR": "0.04", "BV": "1"})
    screen.reload()
    qtbot.waitUntil(lambda: "Bouvet Island" in names(screen))
    screen.filters.more.fill()

    choice(screen.filters.more.menu, "Changed within a day").trigger()
    # That island has a cost, and nobody ever gave it a price.
    qtbot.waitUntil(lambda: "Germany" in names(screen) and "Bouvet Island" not in names(screen))
    choice(screen.filters.more.menu, "EUR").trigger()

    assert names(screen) == ["France", "Germany"]
    assert window.navigator.here is not None
    assert window.navigator.here.text == "prices?currency=EUR&changed=1"
    choice(screen.filters.more.menu, "Networks with their own price").trigger()
    assert names(screen) == ["France", "Germany"]
    assert window.navigator.here.text == "prices?currency=EUR&networks=own&changed=1"


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ({"margin": "x", "q": "a"}, {}),
        ({"margin": "-3.5", "currency": "eur"}, {"margin": "-3.5"}),
        ({"currency": "USD", "networks": "all", "changed": "91"}, {"currency": "USD"}),
        ({"changed": "90", "region": "Nowhere"}, {"changed": "90"}),
        ({"networks": "own", "changed": "²"}, {"networks": "own"}),
    ],
)
def test_conditions_that_are_not_understood_are_left_out(query: dict[str, str], known: dict[str, str]) -> None:
    assert known_conditions(query) == known
    assert all(condition_text(name, value) for name, value in known.items())


def test_a_view_is_saved_found_in_the_palette_and_deleted_with_undo(
    screen: PricesScreen, window: MainWindow, qtbot: QtBot
) -> None:
    QTest.mouseClick(screen.chips[QuickFilter.MANUAL], LEFT)
    show(screen, Column.MCC)
    screen.model.sort_by(((Column.COST, DOWN),))
    screen.views.fill()
    choice(screen.views.menu, "Save view…").trigger()
    assert screen.views.dialog is not None
    QTest.keyClicks(screen.views.dialog.field, "My view")
    QTest.mouseClick(screen.views.dialog.done_button, LEFT)
    assert "View My view saved" in window.toast.text

    screen.views.show_usual()
    assert (screen.filters.query, Column.MCC in screen.table.shown_columns, screen.model.sorting) == ({}, False, ())
    [offer] = [one for one in window.commands.offers("my v") if one.text == "My view"]
    window.navigator.go(offer.address)

    assert screen.filters.quick is QuickFilter.MANUAL
    assert Column.MCC in screen.table.shown_columns
    assert screen.model.sorting == ((Column.COST, DOWN),)
    screen.views.fill()
    assert choice(screen.views.menu, "My view").isChecked()
    window.toast.show_next()
    screen.views.delete("My view")
    assert screen.views.views == []
    QTest.mouseClick(window.toast.action, LEFT)
    assert [view.name for view in screen.views.views] == ["My view"]


def test_what_is_broken_among_the_kept_views_is_left_out(screen: PricesScreen, window: MainWindow) -> None:
    good = {"name": "Good", "query": {"filter": "loss"}, "arrangement": {"sorting": [["NOWHERE", True], "x", ["COST"]]}}
    window.place.parts.personal.remember("prices_views", {"views": [good, {"name": 3}, "text"]})

    assert [view.name for view in screen.views.views] == ["Good"]
    assert screen.views.show("Good")
    assert screen.model.sorting == ()
    assert not screen.views.show("None")


def test_the_country_stays_while_the_table_is_scrolled_sideways(screen: PricesScreen, qtbot: QtBot) -> None:
    table = screen.table
    show(screen, *HIDDEN)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)
    assert table.frozen_width == 0
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    width = sum(table.columnWidth(column) for column in range(FROZEN))

    assert table.frozen_width == width
    cell = table.visualRect(screen.model.index(2, Column.COUNTRY))
    assert cell.left() == table.columnWidth(Column.TICK)
    QTest.mouseClick(table.viewport(), LEFT, pos=cell.center())
    assert (table.currentIndex().row(), table.currentIndex().column()) == (2, Column.COUNTRY)
    assert table.horizontalScrollBar().value() == table.horizontalScrollBar().maximum()
    QTest.mouseClick(table.viewport(), LEFT, pos=table.visualRect(screen.model.index(3, Column.TICK)).center())
    assert screen.model.is_ticked(3)
    QTest.mouseClick(table.horizontalHeader().viewport(), LEFT, pos=QPoint(cell.center().x(), 12))
    assert [column for column, _ in screen.model.sorting] == [Column.COUNTRY]
    # A cell under what stays comes out from under it.
    table.setCurrentIndex(screen.model.index(4, Column.COST))
    assert table.visualRect(screen.model.index(4, Column.COST)).left() >= table.frozen_width


def test_the_provider_says_who_else_reaches_a_country_and_for_how_much(
    screen: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.add_provider("Other", account="AC" + "1e" * 16, secret="another")
    sqlite_desk.import_costs("Other", {"DE": "0.05"}, "USD")
    screen.reload()
    qtbot.waitUntil(lambda: bool(screen.model.sheet.elsewhere))

    row = screen.model.row_of("DE")
    assert row is not None
    told = screen.model.index(row, Column.PROVIDER).data(Qt.ItemDataRole.ToolTipRole)
    cost = text(screen, "DE", Column.COST)
    assert told == f"Main {cost} EUR, in use\nOther 0.0500 USD"


def test_chips_without_room_are_in_a_menu_and_the_pressed_one_is_always_seen(qtbot: QtBot) -> None:
    chips = [QPushButton(word) for word in ("First", "Second", "Third", "Fourth")]
    for chip in chips:
        chip.setCheckable(True)
        chip.setAutoExclusive(True)
    row = ChipRow(chips)
    qtbot.addWidget(row)
    chips[0].setChecked(True)
    row.resize(800, 40)
    row.show()
    row.show_chips([chips[1]])
    assert (row.left_out, row.more.isVisible(), chips[1].isVisible()) == ([], False, False)

    row.resize(chips[0].width() + row.more.sizeHint().width() + 20, 40)
    assert row.left_out == [chips[2], chips[3]]
    assert row.more.text() == "2 more"
    row._fill_menu()
    row.menu.actions()[1].trigger()
    row.show_chips([chips[1]])
    assert chips[3].isChecked()
    assert chips[3].isVisible()


def test_the_head_gives_the_facts_a_line_of_their_own_where_they_need_it(
    screen: PricesScreen, window: MainWindow, qtbot: QtBot
) -> None:
    def is_whole() -> bool:
        return screen.head.facts.width() >= screen.head.facts.sizeHint().width()

    qtbot.waitUntil(is_whole)
    wide = screen.head.height()
    window.resize(QSize(1280, 800))
    qtbot.waitUntil(lambda: window.width() == 1280)

    qtbot.waitUntil(is_whole)
    assert screen.head.height() > wide


@pytest.fixture
def edited(screen: PricesScreen, qtbot: QtBot) -> Callable[[], str]:
    """Germany follows a rule and its price was typed; gives what the inspector says decides it."""
    screen.table.go_to("DE", Column.PRICE)
    qtbot.waitUntil(lambda: screen.inspector.won.text() == "Country rule · Margin 30%")
    QTest.keyClicks(screen.table, "9")
    field = screen.table.delegate.field
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Return)
    if screen.table.delegate.note.isVisible():
        QTest.mouseClick(screen.table.delegate.note.buttons[0], LEFT)
    screen.table.go_to("DE", Column.PRICE)
    return screen.inspector.won.text


def test_the_inspector_says_what_will_apply_and_leads_back(
    screen: PricesScreen, edited: Callable[[], str], qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: edited() == "Manual since now")
    assert "Manual country price: 9.0000, applies" in screen.inspector.chain.texts
    assert screen.inspector.rule_button.isVisible()

    QTest.mouseClick(screen.inspector.rule_button, LEFT)

    qtbot.waitUntil(lambda: edited() == "Country rule · Margin 30%")
    assert screen.unsaved == 0
    assert not screen.inspector.rule_button.isVisible()
    assert "Manual country price: none" in screen.inspector.chain.texts


def test_a_network_that_follows_its_countrys_draft_says_so(
    screen: PricesScreen, edited: Callable[[], str], qtbot: QtBot
) -> None:
    row = screen.model.row_of("DE")
    assert row is not None
    screen.model.toggle(row)
    screen.table.setCurrentIndex(screen.model.index(row + 1, Column.PRICE))

    qtbot.waitUntil(lambda: edited() == "Country price, manual since now")
    assert not screen.inspector.rule_button.isVisible()
