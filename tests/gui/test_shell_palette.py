"""The command palette: what it finds, in which order, and that it applies nothing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.navigator import Address
from desktop_app.views.shell.matching import Rank, rank
from desktop_app.views.shell.palette import PaletteModel
from desktop_app.views.shell.palette_items import Item
from desktop_app.views.shell.phrases import bulk_offers
from tests.fixtures.windows import activate, make_every_screen

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def found(window: MainWindow) -> list[Item]:
    return [row for row in window.shell.palette.model.rows if isinstance(row, Item)]


def open_with(window: MainWindow, typed: str) -> list[Item]:
    activate(window)
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    QTest.keyClicks(window.shell.palette.field, typed)
    return found(window)


@pytest.mark.parametrize(
    ("typed", "name", "words", "recent", "expected"),
    [
        ("prices", "Prices", "", False, Rank.EXACT),
        ("TURKIYE", "Türkiye", "", False, Rank.EXACT),
        ("de", "Germany", "DE +49 49", False, Rank.EXACT),
        ("pri", "Prices", "", True, Rank.RECENT),
        ("pri", "Prices", "", False, Rank.PREFIX),
        ("cos syn", "Sync costs", "", False, Rank.WORDS),
        ("ices", "Prices", "", False, Rank.INSIDE),
        ("prcs", "Prices", "", False, Rank.FUZZY),
        ("xyz", "Prices", "", True, None),
        ("ps", "Prices", "", False, None),
    ],
)
def test_how_well_something_is_found(
    typed: str, name: str, words: str, recent: bool, expected: Rank | None
) -> None:  # fmt: skip
    assert rank(typed, name, words, is_recent=recent) is expected


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("margin eu +5", {"scope": "EU", "rule": "raise_margin", "value": "5"}),
        ("eu margin -2,5", {"scope": "EU", "rule": "lower_margin", "value": "2.5"}),
        ("mar africa 35%", {"scope": "Africa", "rule": "set_margin", "value": "35"}),
        ("markup latin +10", {"scope": "Latin America", "rule": "raise_markup", "value": "10"}),
        ("price germany +3%", {"scope": "germany", "rule": "raise_price", "value": "3"}),
    ],
)
def test_a_sentence_fills_in_a_bulk_edit(typed: str, query: dict[str, str]) -> None:
    (offer,) = bulk_offers(typed)

    address = Address.parse(offer.address)
    assert (address.screen, dict(address.query)) == ("bulk", query)


@pytest.mark.parametrize("typed", ["", "eu", "margin", "+5", "margin +5", "xy eu +5"])
def test_half_a_sentence_fills_in_nothing(typed: str) -> None:
    assert list(bulk_offers(typed)) == []


def test_it_opens_in_its_place_and_escape_gives_the_focus_back(window: MainWindow) -> None:
    palette = window.shell.palette
    activate(window)
    window.frame.sidebar.entries["prices"].setFocus()

    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)

    assert palette.field.hasFocus()
    assert palette.card.width() == 508
    assert palette.mapTo(window, palette.card.pos()).y() == window.height() // 5
    assert abs(palette.geometry().center().x() - window.rect().center().x()) <= 1
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert window.frame.sidebar.entries["prices"].hasFocus()


def test_a_click_elsewhere_closes_it(window: MainWindow) -> None:
    open_with(window, "pri")

    QTest.mouseClick(window.frame.panel, LEFT)

    assert not window.shell.palette.isVisible()


def test_a_few_letters_run_a_command(window: MainWindow) -> None:
    first = open_with(window, "collap")[0]
    assert (first.text, first.keys) == ("Collapse sidebar", "Ctrl+\\")

    QTest.keyClick(window.shell.palette.field, Qt.Key.Key_Return)

    assert window.frame.sidebar.is_narrow
    assert not window.shell.palette.isVisible()


def test_a_command_of_another_screen_shows_that_screen_first(window: MainWindow) -> None:
    make_every_screen(window)
    open_with(window, "search settings")

    QTest.keyClick(window.shell.palette.field, Qt.Key.Key_Return)

    assert window.screens.shown is window.screens.screen("settings")


def test_screens_and_countries_are_found_by_any_of_their_names(window: MainWindow, qtbot: QtBot) -> None:
    open_with(window, "")
    palette = window.shell.palette
    for typed, address in (
        ("providers", "providers"),
        ("turkiye", "prices/TR"),
        ("de", "prices/DE"),
        ("+41", "prices/CH"),
    ):
        palette.field.clear()
        QTest.keyClicks(palette.field, typed)
        qtbot.waitUntil(lambda address=address: address in [item.address for item in found(window)])  # type: ignore[misc]
        assert next(item for item in found(window) if item.address).address == address


def test_what_was_chosen_lately_comes_first(window: MainWindow) -> None:
    open_with(window, "menu bar")
    QTest.keyClick(window.shell.palette.field, Qt.Key.Key_Return)

    first = open_with(window, "")[0]

    assert first.text == "Menu bar"
    assert first.place is Rank.RECENT


def test_arrows_move_over_headings_and_around(window: MainWindow) -> None:
    items, palette = open_with(window, "pr"), window.shell.palette
    assert len(items) > 2

    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.model.rows[palette.list.currentIndex().row()] == items[-1]
    QTest.keyClick(palette.field, Qt.Key.Key_Down)

    assert palette.model.rows[palette.list.currentIndex().row()] == items[0]


def test_control_enter_runs_and_stays(window: MainWindow) -> None:
    open_with(window, "activity")

    QTest.keyClick(window.shell.palette.field, Qt.Key.Key_Return, CONTROL)

    assert window.screens.shown is window.screens.screen("activity")
    assert window.shell.palette.isVisible()
    assert window.shell.palette.field.hasFocus()


def test_nothing_found_is_said(window: MainWindow) -> None:
    assert open_with(window, "zzzz") == []

    QTest.keyClick(window.shell.palette.field, Qt.Key.Key_Return)

    assert window.shell.palette.isVisible()


def test_the_field_of_the_top_bar_opens_it(window: MainWindow) -> None:
    QTest.mouseClick(window.frame.top_bar.field, LEFT)

    assert window.shell.palette.isVisible()
    assert QApplication.focusWidget() is window.shell.palette.field


def test_the_list_is_a_proper_model(window: MainWindow, qtmodeltester: ModelTester) -> None:
    model = PaletteModel(window)
    model.show_items(open_with(window, "pr"))

    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call]

    spoken = [str(model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(1, model.rowCount())]
    assert any(text.startswith("Prices, Sell, Ctrl+4") for text in spoken)


def texts(window: MainWindow) -> list[str]:
    return [item.text for item in found(window)]


def test_tab_lists_what_can_be_done_with_a_record(window: MainWindow, qtbot: QtBot) -> None:
    open_with(window, "germany")
    palette = window.shell.palette
    qtbot.waitUntil(lambda: "Germany" in texts(window))
    rows = texts(window)

    QTest.keyClick(palette.field, Qt.Key.Key_Tab)
    assert palette.field.hasFocus()
    assert palette.model.rows[0] == "Germany"
    assert texts(window) == ["Open", "Edit its prices in bulk", "Show its activity", "Copy link"]
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert (texts(window), palette.isVisible()) == (rows, True)

    QTest.keyClick(palette.field, Qt.Key.Key_Tab)
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.navigator.here == Address("bulk", query={"scope": "DE"})
    assert not palette.isVisible()


def test_tab_copies_a_link_and_shows_where_a_command_works(window: MainWindow, qtbot: QtBot) -> None:
    make_every_screen(window)
    open_with(window, "germany")
    palette = window.shell.palette
    qtbot.waitUntil(lambda: "Germany" in texts(window))
    QTest.keyClick(palette.field, Qt.Key.Key_Tab)
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "prices/DE"
    assert window.toast.text == "Link copied"

    open_with(window, "search settings")
    QTest.keyClick(palette.field, Qt.Key.Key_Tab)
    assert texts(window) == ["Run", "Show where it works"]
    QTest.keyClick(palette.field, Qt.Key.Key_Backtab)
    assert "Run" not in texts(window)
    QTest.keyClick(palette.field, Qt.Key.Key_Tab)
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.screens.shown is window.screens.screen("settings")
