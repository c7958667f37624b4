"""Prices edited in the table: typed, filled, undone, kept, saved as one change, and never over somebody else's."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.views.commands import Commands
from desktop_app.views.dialogs.allow_loss import AllowLossDialog
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_draft import DRAFT_FILE
from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.navigator import Navigator
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.widgets.change_review import ChangeReview
from desktop_app.views.widgets.price_editor import PriceEditor, step
from tests.fixtures.application import Desk

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ENTER = Qt.Key.Key_Return


def stored(desk: Desk) -> dict[str, int | None]:
    return {row.rate.country: row.rate.price for row in desk.application.pricing.list_prices()}


def shown(screen: PricesScreen, key: str, column: Column) -> str:
    row = screen.model.row_of(key)
    assert row is not None
    return str(screen.model.index(row, column).data())


def field_of(screen: PricesScreen) -> PriceEditor:
    field = screen.table.delegate.field
    assert field is not None
    return field


def type_price(screen: PricesScreen, key: str, text: str, column: Column = Column.PRICE, then: Qt.Key = ENTER) -> None:
    """Go to a cell, type the first letter into the table and the rest into the field it opens."""
    assert screen.table.go_to(key, column)
    QTest.keyClicks(screen.table, text[0])
    QTest.keyClicks(field_of(screen), text[1:])
    QTest.keyClick(field_of(screen), then)


def test_a_digit_opens_the_field_enter_takes_it_and_goes_down(prices: PricesScreen, sqlite_desk: Desk) -> None:
    before = stored(sqlite_desk)

    type_price(prices, "DE", "0.1300")

    assert shown(prices, "DE", Column.PRICE) == "0.1300"
    assert shown(prices, "DE", Column.MARGIN) == "61.5%"
    assert prices.model.line(prices.table.currentIndex().row()).name == "Türkiye"
    assert prices.dock.isVisible()
    assert prices.dock.text == "1 unsaved price change Germany"
    assert stored(sqlite_desk) == before


@pytest.mark.parametrize("way", ["f2", "enter", "double click"])
def test_a_field_opens_with_the_price_in_it_and_escape_gives_it_up(prices: PricesScreen, way: str) -> None:
    table = prices.table
    table.go_to("DE", Column.PRICE)
    place = table.visualRect(table.currentIndex()).center()

    if way == "double click":
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    else:
        QTest.keyClick(table, Qt.Key.Key_F2 if way == "f2" else ENTER)
    field = field_of(prices)
    assert (field.text(), field.selectedText()) == ("0.0600", "0.0600")
    QTest.keyClicks(field, "0.5")
    QTest.keyClick(field, Qt.Key.Key_Escape)

    assert prices.table.delegate.field is None
    assert prices.unsaved == 0


def test_a_click_elsewhere_takes_what_is_typed(prices: PricesScreen) -> None:
    prices.table.go_to("DE", Column.PRICE)
    QTest.keyClicks(prices.table, "0")
    QTest.keyClicks(field_of(prices), ".12")

    prices.filter_field.setFocus()

    assert prices.draft.edits["DE"].after == 120_000


def test_margin_and_price_are_the_inverse_of_each_other(prices: PricesScreen) -> None:
    type_price(prices, "DE", "50", Column.MARGIN)
    assert (shown(prices, "DE", Column.PRICE), shown(prices, "DE", Column.MARGIN)) == ("0.1000", "50.0%")

    type_price(prices, "DE", "0.0625")

    assert shown(prices, "DE", Column.MARGIN) == "20.0%"


@pytest.mark.parametrize(
    ("typed", "column", "why"),
    [
        ("0.x", Column.PRICE, "“0.x” is not a price."), ("-1", Column.PRICE, "A price must be above 0"),
        ("0.1234567", Column.PRICE, "more than six decimals"), ("100", Column.MARGIN, "Margin must be below 100"),
        ("0.04", Column.PRICE, "Below cost 0.0500. Enter 0.0500 or more, or allow a loss."),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_keeps_the_field_open_and_says_why(
    prices: PricesScreen, typed: str, column: Column, why: str
) -> None:
    type_price(prices, "DE", typed, column)

    field, note = field_of(prices), prices.table.delegate.note
    assert field.property("invalid") is True
    assert why in note.text
    assert note.isVisible()
    assert why in field.accessibleDescription()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (prices.unsaved, note.isVisible()) == (0, False)


def test_leaving_a_wrong_field_brings_the_person_back_to_it(prices: PricesScreen, qtbot: QtBot) -> None:
    type_price(prices, "DE", "0.x")
    field = field_of(prices)

    prices.filter_field.setFocus()

    qtbot.waitUntil(field.hasFocus)
    assert prices.unsaved == 0


def test_a_loss_is_allowed_for_one_row_until_a_date_with_a_reason(
    prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    type_price(prices, "DE", "0.04")
    QTest.keyClick(field_of(prices), Qt.Key.Key_Tab)
    link = prices.table.delegate.note.buttons[0]
    assert (link.text(), link.hasFocus()) == ("Allow loss", True)

    QTest.keyClick(link, Qt.Key.Key_Space)
    dialog = prices.findChild(AllowLossDialog)
    assert isinstance(dialog, AllowLossDialog)
    assert not dialog.allow.isEnabled()
    QTest.keyClicks(dialog.reason, "contract until May")
    QTest.mouseClick(dialog.allow, Qt.MouseButton.LeftButton)
    assert prices.draft.edits["DE"].after == 40_000
    QTest.keyClick(prices, Qt.Key.Key_S, CTRL)

    qtbot.waitUntil(lambda: stored(sqlite_desk)["DE"] == 40_000)
    [(reason, actor)] = sqlite_desk.query("SELECT reason, actor FROM loss_permission")
    assert (reason, actor) == ("contract until May", "anna")


def test_ten_times_the_price_is_asked_about_in_the_cell(prices: PricesScreen) -> None:
    type_price(prices, "DE", "0.7")
    note = prices.table.delegate.note
    assert note.text == "0.0600 → 0.7000? 11 times the old price."
    QTest.mouseClick(note.buttons[1], Qt.MouseButton.LeftButton)
    assert (prices.unsaved, prices.table.delegate.field) == (0, None)

    type_price(prices, "DE", "0.7")
    QTest.keyClick(field_of(prices), ENTER)

    assert prices.draft.edits["DE"].after == 700_000


def test_another_text_is_asked_about_again(prices: PricesScreen) -> None:
    type_price(prices, "DE", "0.7")
    QTest.keyClicks(field_of(prices), "5")
    assert not prices.table.delegate.note.isVisible()

    QTest.keyClick(field_of(prices), ENTER)

    assert (prices.unsaved, prices.table.delegate.note.isVisible()) == (0, True)


def test_up_and_down_step_the_last_decimal() -> None:
    assert [step("0.1299", 1), step("0.13", -10), step("5", 1), step("0,5", 1), step("0.0", -1), step("x", 1)] == [
        "0.1300", "0.03", "6", "0,6", "0.0", "x",
    ]  # fmt: skip


def test_ctrl_s_saves_all_as_one_change_that_can_be_undone(
    prices: PricesScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    before, count = stored(sqlite_desk), len(sqlite_desk.application.pricing.changes())
    type_price(prices, "DE", "0.13")
    type_price(prices, "FR", "0.09")

    with qtbot.waitSignal(place.tasks.undoable) as undoable:
        QTest.keyClick(prices.table, Qt.Key.Key_S, CTRL)

    assert undoable.args[0].undo_label == "2 prices saved"
    after = stored(sqlite_desk)
    assert (after["DE"], after["FR"]) == (130_000, 90_000)
    assert len(sqlite_desk.application.pricing.changes()) == count + 1
    assert (prices.unsaved, prices.dock.isVisible()) == (0, False)
    place.tasks.command(undoable.args[0].undo, owner=prices)
    qtbot.waitUntil(lambda: stored(sqlite_desk) == before)


def test_ctrl_z_and_ctrl_shift_z_work_within_the_draft(prices: PricesScreen) -> None:
    type_price(prices, "DE", "0.13")
    type_price(prices, "DE", "0.14")

    QTest.keyClick(prices.table, Qt.Key.Key_Z, CTRL)
    assert prices.draft.edits["DE"].after == 130_000
    QTest.keyClick(prices.table, Qt.Key.Key_Z, CTRL)
    assert (prices.unsaved, shown(prices, "DE", Column.PRICE)) == (0, "0.0600")
    QTest.keyClick(prices.table, Qt.Key.Key_Z, CTRL | SHIFT)

    assert prices.draft.edits["DE"].after == 130_000
    assert prices.draft.edits["DE"].before == 60_000


def test_typing_the_price_from_before_takes_the_edit_back(prices: PricesScreen) -> None:
    type_price(prices, "DE", "0.13")
    type_price(prices, "DE", "0.06")

    assert prices.unsaved == 0


def test_somebody_elses_change_is_named_and_mine_or_theirs_is_used(
    prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    type_price(prices, "DE", "0.13")
    type_price(prices, "FR", "0.09")
    sqlite_desk.application.pricing.set_price("DE", Decimal("0.104"), actor="Mert Aydın")

    QTest.keyClick(prices, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(prices.conflict.isVisible)
    assert "Mert Aydın changed the price of Germany at " in prices.conflict.text
    assert "from 0.0600 to 0.1040" in prices.conflict.text
    assert stored(sqlite_desk)["FR"] == 48_000
    QTest.mouseClick(prices.conflict.mine, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: stored(sqlite_desk)["DE"] == 130_000)
    assert stored(sqlite_desk)["FR"] == 90_000


def test_editing_again_does_not_hide_what_somebody_changed_in_between(
    prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    type_price(prices, "DE", "0.13")
    sqlite_desk.application.pricing.set_price("DE", Decimal("0.104"), actor="Mert Aydın")
    prices.reload()
    qtbot.waitUntil(lambda: (found := prices.model.sheet.find("DE")) is not None and found.price == 104_000)
    type_price(prices, "DE", "0.14")

    QTest.keyClick(prices, Qt.Key.Key_S, CTRL)

    qtbot.waitUntil(prices.conflict.isVisible)
    assert stored(sqlite_desk)["DE"] == 104_000


def test_with_theirs_only_the_other_rows_are_saved(prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    type_price(prices, "DE", "0.13")
    type_price(prices, "FR", "0.09")
    sqlite_desk.application.pricing.set_price("DE", Decimal("0.104"), actor="Mert Aydın")
    QTest.keyClick(prices, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(prices.conflict.isVisible)

    QTest.mouseClick(prices.conflict.theirs, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: stored(sqlite_desk)["FR"] == 90_000)
    assert stored(sqlite_desk)["DE"] == 104_000
    qtbot.waitUntil(lambda: shown(prices, "DE", Column.PRICE) == "0.1040")
    qtbot.waitUntil(lambda: prices.unsaved == 0)


def test_the_review_shows_before_and_after_and_leaves_rows_out(
    prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    type_price(prices, "DE", "0.075")
    type_price(prices, "FR", "0.09")
    QTest.mouseClick(prices.dock.review, Qt.MouseButton.LeftButton)
    review = prices.findChild(ChangeReview)
    assert isinstance(review, ChangeReview)
    texts = [str(review.model.index(0, column).data()) for column in range(1, 5)]
    assert texts == ["Germany", "0.0600 → 0.0750", "+25.0%", "16.7% → 33.3%"]

    review.table.setCurrentIndex(review.model.index(1, 1))
    QTest.keyClick(review.table, Qt.Key.Key_Space)
    assert review.save.text() == "Save 1 change"
    QTest.mouseClick(review.save, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: list(prices.draft.edits) == ["FR"])
    assert (stored(sqlite_desk)["DE"], stored(sqlite_desk)["FR"]) == (75_000, 48_000)


def test_discarding_can_be_undone(prices: PricesScreen) -> None:
    type_price(prices, "DE", "0.13")
    QTest.mouseClick(prices.dock.discard, Qt.MouseButton.LeftButton)
    assert (prices.unsaved, shown(prices, "DE", Column.PRICE)) == (0, "0.0600")

    QTest.keyClick(prices.table, Qt.Key.Key_Z, CTRL)

    assert shown(prices, "DE", Column.PRICE) == "0.1300"


def test_ctrl_backspace_goes_back_to_the_rule(prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    pricing = sqlite_desk.application.pricing
    pricing.reprice(PriceRule(RuleKind.MARGIN, 5_000), actor="anna", include_manual=True)
    pricing.set_price("DE", Decimal("0.2"), actor="anna")
    prices.reload()
    qtbot.waitUntil(lambda: shown(prices, "DE", Column.PRICE) == "0.2000")
    prices.table.go_to("DE", Column.PRICE)

    QTest.keyClick(prices.table, Qt.Key.Key_Backspace, CTRL)
    assert (shown(prices, "DE", Column.PRICE), shown(prices, "DE", Column.RULE)) == ("0.1000", "By rule")
    QTest.keyClick(prices.table, Qt.Key.Key_S, CTRL)

    qtbot.waitUntil(lambda: shown(prices, "DE", Column.RULE) == "Margin 50%")
    assert stored(sqlite_desk)["DE"] == 100_000


def select(screen: PricesScreen, first: int, last: int, column: Column) -> None:
    model, table = screen.model, screen.table
    table.setCurrentIndex(model.index(first, column))
    area = QItemSelection(model.index(first, column), model.index(last, column))
    table.selectionModel().select(area, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def test_ctrl_enter_fills_all_selected_cells_as_one_step(prices: PricesScreen) -> None:
    select(prices, 0, 4, Column.PRICE)

    QTest.keyClicks(prices.table, "0")
    QTest.keyClicks(field_of(prices), ".1")
    QTest.keyClick(field_of(prices), ENTER, CTRL)

    assert [edit.after for edit in prices.draft.edits.values()] == [100_000] * 5
    QTest.keyClick(prices.table, Qt.Key.Key_Z, CTRL)
    assert prices.unsaved == 0


def test_ctrl_d_copies_the_uppermost_value_down_and_names_what_it_leaves(
    prices: PricesScreen, place: Workplace
) -> None:
    assert [prices.model.line(row).iso for row in range(3)] == ["FR", "DE", "TR"]
    select(prices, 0, 2, Column.PRICE)

    QTest.keyClick(prices.table, Qt.Key.Key_D, CTRL)

    # France costs 0.04 and is sold for 0.048, less than what Germany costs.
    assert list(prices.draft.edits) == ["TR"]
    assert place.notices.texts[-1].startswith("1 price left as it was · Germany: Below cost")  # type: ignore[attr-defined]


def test_break_even_raises_what_loses_money_to_its_cost(prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.import_costs("Main", {"DE": "0.07001", "FR": "0.04", "GB": "0.03", "US": "0.01", "TR": "0.02"})
    prices.reload()
    qtbot.waitUntil(lambda: prices.model.sheet.counts[QuickFilter.LOSS] == 1)
    prices.table.go_to("DE", Column.PRICE)

    prices.editing.break_even()

    assert {key: edit.after for key, edit in prices.draft.edits.items()} == {"DE": 70_100}


def test_the_draft_outlives_a_crash(prices: PricesScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> None:
    file: Path = sqlite_desk.profile / DRAFT_FILE
    type_price(prices, "DE", "0.13")
    qtbot.waitUntil(file.exists, timeout=2_000)

    again = read_again(place, qtbot)

    assert again.draft.edits["DE"].after == 130_000
    assert shown(again, "DE", Column.PRICE) == "0.1300"
    again.discard()
    assert not file.exists()


def read_again(place: Workplace, qtbot: QtBot) -> PricesScreen:
    """Return the screen as another run of the program makes it."""
    fresh = replace(place, commands=Commands(place.theme), navigator=Navigator(place.theme))
    again = PricesScreen(fresh)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: again.unsaved > 0 and again.model.rowCount() > 0)
    return again


def test_a_broken_draft_file_is_set_aside(place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> None:
    (sqlite_desk.profile / DRAFT_FILE).write_text('[{"key": "DE", "after": 0.5}]')

    made = PricesScreen(place)
    qtbot.addWidget(made)

    qtbot.waitUntil(lambda: made.model.rowCount() > 0)
    assert made.unsaved == 0
    assert not (sqlite_desk.profile / DRAFT_FILE).exists()


def test_a_saved_draft_leaves_no_file(prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    type_price(prices, "DE", "0.13")
    prices.keeper.write()
    assert (sqlite_desk.profile / DRAFT_FILE).exists()

    prices.save()

    qtbot.waitUntil(lambda: stored(sqlite_desk)["DE"] == 130_000)
    qtbot.waitUntil(lambda: not (sqlite_desk.profile / DRAFT_FILE).exists())


def test_an_open_field_survives_a_reload_and_the_new_prices_come_after_it(
    prices: PricesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    prices.table.go_to("DE", Column.PRICE)
    QTest.keyClicks(prices.table, "0")
    sqlite_desk.application.pricing.set_price("FR", Decimal("0.3"), actor="mert")
    with qtbot.waitSignal(prices._place.tasks._arrived):
        prices.reload()
    QApplication.processEvents()

    QTest.keyClicks(field_of(prices), ".12")
    QTest.keyClick(field_of(prices), ENTER)

    assert prices.draft.edits["DE"].after == 120_000
    qtbot.waitUntil(lambda: shown(prices, "FR", Column.PRICE) == "0.3000")


def test_per_thousand_is_typed_and_shown_per_thousand(prices: PricesScreen) -> None:
    QTest.mouseClick(prices.filters.unit.buttons[1], Qt.MouseButton.LeftButton)
    assert shown(prices, "DE", Column.PRICE) == "60.00"

    type_price(prices, "DE", "75.5")

    assert prices.draft.edits["DE"].after == 75_500
    assert shown(prices, "DE", Column.PRICE) == "75.50"


def test_a_screen_reader_hears_price_state_and_warning(prices: PricesScreen) -> None:
    type_price(prices, "DE", "0.1234")
    table = QAccessible.queryAccessibleInterface(prices.table)

    heard = [table.child(place).text(QAccessible.Text.Name) for place in range(table.childCount())]

    assert "Germany, sale price 0.1234 euro, changed, not saved" in heard
    assert "Germany, margin 59.5%, changed, not saved" in heard
    assert "Türkiye, sale price 0.0240 euro, below target" in heard
    assert "Pricing rule" in heard
    assert table.text(QAccessible.Text.Name) == "Prices, 5 rows"


def test_an_edited_cell_tells_what_it_was(prices: PricesScreen) -> None:
    type_price(prices, "DE", "0.13")
    row = prices.model.row_of("DE")
    assert row is not None

    assert prices.model.index(row, Column.PRICE).data(Qt.ItemDataRole.ToolTipRole) == "Was 0.0600"


def test_the_dock_bar_pushes_the_table_up(prices: PricesScreen) -> None:
    before = prices.table.height()

    type_price(prices, "DE", "0.13")
    QApplication.processEvents()

    assert prices.table.height() < before
    bottom = prices.table.mapTo(prices, QPoint(0, prices.table.height())).y()
    assert bottom <= prices.dock.mapTo(prices, QPoint(0, 0)).y()
