"""Prices to a spreadsheet and back: raw numbers out, a look before anything is saved, every row that cannot be used named."""

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.views.models.price_clipboard import copied_text, read_pasted
from desktop_app.views.models.price_columns import PER_SMS, Column, Unit
from desktop_app.views.models.price_review import ReviewModel, ReviewRow
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.widgets.change_review import ChangeReview
from tests.fixtures.application import Desk

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def stored(desk: Desk) -> dict[str, int | None]:
    return {row.rate.country: row.rate.price for row in desk.application.pricing.list_prices()}


def paste(screen: PricesScreen, text: str, key: str = "FR", column: Column = Column.PRICE) -> None:
    QGuiApplication.clipboard().setText(text)
    screen.table.go_to(key, column)
    QTest.keyClick(screen.table, Qt.Key.Key_V, CTRL)


def review_of(screen: PricesScreen, qtbot: QtBot) -> ChangeReview:
    found: list[ChangeReview] = []

    def opened() -> bool:
        found[:] = screen.findChildren(ChangeReview)
        return bool(found)

    qtbot.waitUntil(opened)
    return found[-1]


def test_what_is_copied_is_raw_numbers_for_a_spreadsheet(prices: PricesScreen) -> None:
    model, table = prices.model, prices.table
    area = QItemSelection(model.index(0, Column.COST), model.index(1, Column.MARGIN))
    table.selectionModel().select(area, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    QTest.keyClick(table, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "0.04\t0.048\t0.008\t16.67\n0.05\t0.06\t0.01\t16.67"
    QTest.keyClick(table, Qt.Key.Key_C, CTRL | SHIFT)

    assert QGuiApplication.clipboard().text().splitlines()[0] == "Cost\tSale\tProfit\tMargin"


def test_ticked_countries_are_copied_with_every_column_that_is_shown(prices: PricesScreen) -> None:
    for key in ("DE", "FR"):
        prices.table.go_to(key, Column.PRICE)
        QTest.keyClick(prices.table, Qt.Key.Key_Space)

    QTest.keyClick(prices.table, Qt.Key.Key_C, CTRL)

    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[:3] for line in lines] == [["France", "Main", "0.04"], ["Germany", "Main", "0.05"]]


def test_numbers_are_copied_with_the_mark_of_the_language_and_per_thousand(prices: PricesScreen) -> None:
    line = prices.model.sheet.find("DE")
    assert line is not None

    assert copied_text([line], [Column.PRICE, Column.MARGIN], unit=Unit(1000), mark=",") == "60\t16,67"


@pytest.mark.parametrize(
    "text",
    [
        "DE\t0.07\nFR\t0.05", "Germany\t0,07\nFrance\t0,05", "Country\tPrice\nDE\t0.07\nFR\t0.05\n",
        "de\tsomething\t0.07\nfrankreich\t1\nFrance\t\t€0.05",
    ],
)  # fmt: skip
def test_codes_or_names_in_the_first_column_say_whose_price_it_is(prices: PricesScreen, text: str) -> None:
    sheet = prices.model.sheet

    found = read_pasted(text, sheet.countries, [], [Column.PRICE], unit=PER_SMS, step=100)

    assert {one.line.iso: one.price for one in found.prices} == {"DE": 70_000, "FR": 50_000}


def test_rows_that_cannot_be_used_are_named_one_by_one(prices: PricesScreen) -> None:
    text = "DE\t0.07\nXX\t0.05\nFR\tabc\nDE\t0.08\nGB\t0.01\nUS\t0.5"
    sheet = prices.model.sheet

    found = read_pasted(text, sheet.countries, [], [Column.PRICE], unit=PER_SMS, step=100)

    assert found.problems == (
        "Row 2: “XX” is no country.", "Row 3: “abc” is not a price.", "Row 4: Germany is there twice.",
    )  # fmt: skip
    notes = {one.line.iso: (one.refused, one.note) for one in found.prices}
    assert notes["GB"] == (True, "Below cost 0.0300. Enter 0.0300 or more, or allow a loss.")
    assert notes["US"] == (False, "41 times the old price.")
    assert notes["DE"] == (False, "")


def test_without_names_the_rows_are_those_from_the_current_one_down(
    prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    assert [prices.model.line(row).iso for row in range(3)] == ["FR", "DE", "TR"]
    count = len(sqlite_desk.application.pricing.changes())

    paste(prices, "0.07\n0.03", key="DE")
    review = review_of(prices, qtbot)
    assert [review.model.row(place).key for place in range(2)] == ["DE", "TR"]
    qtbot.waitUntil(review.isActiveWindow)
    QTest.keyClick(review.table, Qt.Key.Key_Return, CTRL)

    qtbot.waitUntil(lambda: stored(sqlite_desk)["TR"] == 30_000)
    assert stored(sqlite_desk)["DE"] == 70_000
    assert len(sqlite_desk.application.pricing.changes()) == count + 1


def test_more_rows_than_there_are_and_columns_that_are_not_edited_are_named(prices: PricesScreen) -> None:
    sheet, below = prices.model.sheet, [prices.model.line(4)]

    found = read_pasted("0.07\t5\n0.08", sheet.countries, below, [Column.PRICE, Column.PROFIT], unit=PER_SMS, step=100)

    assert found.problems == ("Row 1: Profit cannot be edited.", "Row 2: the table has no more rows.")


def test_one_price_goes_straight_into_the_draft(prices: PricesScreen, qtbot: QtBot) -> None:
    paste(prices, "0.07", key="DE")

    qtbot.waitUntil(lambda: prices.unsaved == 1)
    assert prices.draft.edits["DE"].after == 70_000
    assert prices.findChildren(ChangeReview) == []


def test_one_risky_price_is_looked_at_first(prices: PricesScreen, qtbot: QtBot) -> None:
    paste(prices, "7", key="DE")

    review = review_of(prices, qtbot)

    assert (review.model.row(0).note, prices.unsaved) == ("116 times the old price.", 0)


def test_margins_are_pasted_into_the_column_of_margins(prices: PricesScreen, qtbot: QtBot) -> None:
    paste(prices, "50 %", key="DE", column=Column.MARGIN)

    qtbot.waitUntil(lambda: prices.unsaved == 1)
    assert prices.draft.edits["DE"].after == 100_000


def test_a_clipboard_without_prices_says_so(prices: PricesScreen, place: Workplace, qtbot: QtBot) -> None:
    paste(prices, "hello")

    texts = place.notices.texts  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: bool(texts))
    assert texts == ["Nothing was pasted. Row 1: “hello” is not a price."]
    assert prices.unsaved == 0


def test_the_review_keeps_the_contract_of_qt_and_never_ticks_what_is_refused(
    qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    rows = [
        ReviewRow(str(n), "DE", "Germany", "DE", 50, 60, 70 - 30 * n, "" if not n else "Below cost", bool(n))
        for n in range(2)
    ]
    model = ReviewModel(rows)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]

    model.toggle(1)
    assert [row.key for row in model.kept] == ["0"]
    model.toggle_all()
    assert model.kept == []
    model.toggle_all()
    assert [row.key for row in model.kept] == ["0"]


def test_a_spreadsheet_in_german_is_understood(prices: PricesScreen) -> None:
    sheet = prices.model.sheet

    found = read_pasted("DE\t1.234,50\nFR\t0,0005", sheet.countries, [], [Column.PRICE], unit=Unit(1000), step=100)

    assert {one.line.iso: one.price for one in found.prices} == {"DE": 1_234_500}
    assert found.problems == ("Row 2: “0,0005” has more than three decimals.",)
