"""The bulk edit: scope, rule and limits by real keys, the preview, the loss rule, conflicts, presets."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.domain.bulk_edits import NetworkScope, RowState
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.domain.scopes import ScopeToken, TokenKind
from desktop_app.services.bulk_edit import Preset
from desktop_app.storage.repositories.costs import CostRow
from desktop_app.views.models.bulk_lines import PreviewFilter
from desktop_app.views.models.bulk_preview import Column
from desktop_app.views.models.bulk_rule import Subject, Verb
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.bulk_edit import BulkEditScreen
from desktop_app.workers.runner import Topic
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate

# DE and FR are there from the beginning, with manual prices and without a cost.
EU = {"AT", "BE", "CY", "DE", "FR"}
Open = Callable[..., BulkEditScreen]
# Costs in millionths: sold at a margin of 30 %, 20 %, and at a loss.
COSTS = {"AT": 70_000, "BE": 80_000, "CY": 120_000, "US": 10_000}


@pytest.fixture
def bulk(place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> BulkEditScreen:
    """The screen over a price list of four countries that follow a margin of 30 %, one of them manual; Prices is behind it."""
    pricing = sqlite_desk.application.pricing
    rows = [CostRow(iso, None, "", str(cost / 10**6), cost, "EUR") for iso, cost in COSTS.items()]
    rows.append(CostRow("AT", "23201", "A1", "0.06", 60_000, "EUR"))
    pricing.import_costs("Main", rows, actor="anna")
    pricing.reprice(PriceRule(RuleKind.MARGIN, 3_000), actor="anna", include_manual=True)
    pricing.set_price("BE", Decimal("0.1"), actor="anna")
    made = BulkEditScreen(place)
    qtbot.addWidget(made)
    made.resize(1218, 828)
    place.navigator.go("prices")
    made.show()
    activate(made)
    return made


@pytest.fixture
def open_at(bulk: BulkEditScreen, place: Workplace, qtbot: QtBot) -> Open:
    def opened(**query: str) -> BulkEditScreen:
        address = Address("bulk", query=query)
        place.navigator.go(address)
        bulk.open_at(address)
        qtbot.waitUntil(lambda: bulk.is_ready)
        return bulk

    return opened


@pytest.fixture
def settled(bulk: BulkEditScreen, qtbot: QtBot) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: bulk.is_ready)


def type_into(widget: QWidget, text: str, then: Qt.Key | None = None) -> None:
    QTest.keyClicks(widget, text)
    if then is not None:
        QTest.keyClick(widget, then)


def press(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def cells(screen: BulkEditScreen, column: Column) -> dict[str, str]:
    model = screen.model
    return {model.line(row).code: str(model.index(row, column).data()) for row in range(model.rowCount())}


def stored(desk: Desk) -> dict[tuple[str, str | None], tuple[int | None, bool, str]]:
    rows = desk.application.pricing.list_prices(networks=True)
    return {(row.rate.country, row.rate.mccmnc): (row.rate.price, row.rate.manual, row.rate.rule) for row in rows}


def test_a_region_typed_becomes_a_token_with_its_count(open_at: Open, settled: Callable[[], None]) -> None:
    screen = open_at()
    type_into(screen.form.scope.line, "eu", Qt.Key.Key_Return)
    settled()
    assert screen.form.scope.tokens == (ScopeToken(TokenKind.REGION, "EU"),)
    assert [chip.text() for chip in screen.form.scope.chips] == ["EU countries  5"]
    assert set(cells(screen, Column.PRICE)) == EU


def test_a_minus_takes_away_and_backspace_the_last_token(open_at: Open, settled: Callable[[], None]) -> None:
    screen = open_at(scope="eu")
    type_into(screen.form.scope.line, "-avusturya", Qt.Key.Key_Return)
    settled()
    assert set(cells(screen, Column.PRICE)) == EU - {"AT"}
    QTest.keyClick(screen.form.scope.line, Qt.Key.Key_Backspace)
    settled()
    assert set(cells(screen, Column.PRICE)) == EU
    press(screen.form.scope.chips[0])
    assert screen.form.scope.tokens == ()
    assert screen.frame.placeholder.isVisible()


def test_what_is_no_place_is_said_under_the_field(open_at: Open) -> None:
    screen = open_at()
    type_into(screen.form.scope.line, "germnay", Qt.Key.Key_Return)
    assert "germnay" in screen.form.scope.error.text()
    assert screen.form.scope.tokens == ()


def test_enter_takes_the_suggestion_that_is_chosen(open_at: Open, qtbot: QtBot) -> None:
    screen = open_at()
    line = screen.form.scope.line
    type_into(line, "-united")
    popup = screen.form.scope.popup
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    [token] = screen.form.scope.tokens
    assert (token.kind, token.removes) == (TokenKind.COUNTRY, True)


def test_the_preview_follows_every_key(open_at: Open, settled: Callable[[], None]) -> None:
    screen = open_at(scope="AT,US")
    assert cells(screen, Column.CHANGE) == {"AT": "–", "US": "–"}
    type_into(screen.form.rule.value, "5")
    settled()
    assert cells(screen, Column.PRICE) == {"AT": "0.1077", "US": "0.0154"}
    type_into(screen.form.rule.value, "0")
    settled()
    assert cells(screen, Column.MARGIN) == {"AT": "80.0%", "US": "80.0%"}
    assert screen.frame.apply.text() == "Apply to 2 countries"
    assert "30.0% to 80.0%" in screen.frame.totals.margin.text
    assert "equally" in screen.frame.totals.margin.text
    assert screen.frame.totals.histogram.text == "from 30%: 2 now, 0 after; from 35%: 0 now, 2 after"
    assert "sale price" in screen.form.example.text


def test_a_margin_of_a_hundred_is_a_field_error(open_at: Open) -> None:
    screen = open_at(scope="AT", rule="set_margin")
    type_into(screen.form.rule.value, "100")
    assert screen.form.rule.error.text() == "Margin must be below 100 %. For double the cost use markup 100 %."
    screen.apply()
    assert screen.form.rule.value.hasFocus()


def test_choosing_words_changes_what_can_follow(open_at: Open, settled: Callable[[], None]) -> None:
    screen = open_at(scope="AT")
    verb = screen.form.rule.verb
    verb.setFocus()
    QTest.keyClicks(verb, "S")
    assert verb.value is Verb.SET
    assert Subject.PROFIT in screen.form.rule.sentence.subjects
    QTest.keyClicks(screen.form.rule.subject, "p")
    type_into(screen.form.rule.value, "0.01")
    settled()
    assert screen.form.rule.sentence.subject is Subject.PROFIT
    assert cells(screen, Column.PRICE) == {"AT": "0.0800"}


def test_up_and_down_step_the_last_decimal(open_at: Open, settled: Callable[[], None]) -> None:
    screen = open_at(scope="AT")
    type_into(screen.form.rule.value, "2.5")
    QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Up)
    QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    settled()
    assert screen.form.rule.value.text() == "3.6"
    assert cells(screen, Column.MARGIN) == {"AT": "33.6%"}


def test_networks_join_when_asked(open_at: Open, settled: Callable[[], None]) -> None:
    screen = open_at(scope="AT", rule="raise_margin", value="5")
    networks = screen.form.networks
    networks.setFocus()
    QTest.keyClick(networks, Qt.Key.Key_Down)
    settled()
    assert networks.value is NetworkScope.WITH_NETWORKS
    assert set(cells(screen, Column.PRICE)) == {"AT", "23201"}
    assert screen.frame.apply.text() == "Apply to 2 rows"


def test_skipped_manual_rows_are_counted_and_join_on_demand(open_at: Open, settled: Callable[[], None]) -> None:
    screen = open_at(scope="eu", rule="raise_margin", value="5")
    assert cells(screen, Column.NOTE)["BE"] == "Manual, skipped"
    assert screen.frame.chips[PreviewFilter.SKIPPED].text() == "Skipped  3"
    press(screen.form.skip_manual)
    settled()
    assert cells(screen, Column.PRICE)["BE"] == "0.1067"
    assert screen.frame.chips[PreviewFilter.SKIPPED].text() == "Skipped  2"
    assert cells(screen, Column.NOTE)["DE"] == "No cost, skipped"


def test_space_and_the_heading_leave_rows_out(open_at: Open, settled: Callable[[], None]) -> None:
    screen = open_at(scope="AT,CY,US", rule="raise_margin", value="5")
    screen.table.setFocus()
    screen.table.selectRow(0)
    QTest.keyClick(screen.table, Qt.Key.Key_Space)
    settled()
    assert screen.frame.apply.text() == "Apply to 2 countries"
    assert screen.table.currentIndex().row() == 0
    screen.model.toggle_all()
    settled()
    assert screen.frame.apply.text() == "Apply to 3 countries"
    screen.model.toggle_all()
    settled()
    assert {line.row.state for line in screen.model.lines} == {RowState.UNTICKED}


def test_chips_and_the_find_field_filter_the_rows(open_at: Open) -> None:
    screen = open_at(scope="eu,US", rule="raise_margin", value="5")
    press(screen.frame.chips[PreviewFilter.SKIPPED])
    assert set(cells(screen, Column.PRICE)) == {"BE", "DE", "FR"}
    press(screen.frame.chips[PreviewFilter.ALL])
    type_into(screen.frame.find_field, "aust")
    assert set(cells(screen, Column.PRICE)) == {"AT"}


def test_applying_saves_one_change_and_the_rows_follow_the_new_target(
    open_at: Open, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen = open_at(scope="AT,BE", rule="raise_margin", value="5")
    changes = len(sqlite_desk.application.pricing.changes())
    with qtbot.waitSignal(place.tasks.undoable) as undoable:
        QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert undoable.args is not None
    assert undoable.args[0].undo_label.startswith("1 price updated · Average margin of Austria, Belgium is now")
    assert stored(sqlite_desk)["AT", None] == (107_700, False, "margin 35.00")
    assert stored(sqlite_desk)["BE", None][:2] == (100_000, True)
    [newest, *rest] = sqlite_desk.application.pricing.changes()
    assert (newest.label, len(rest)) == ("Raise margin by 5 points: Austria, Belgium", changes)
    assert place.navigator.here == Address("prices")
    assert not screen.has_draft
    assert screen.form.rule.sentence.value == ""


def test_a_rule_that_makes_a_loss_is_refused_until_something_is_decided(
    open_at: Open, settled: Callable[[], None], sqlite_desk: Desk
) -> None:
    before = stored(sqlite_desk)
    screen = open_at(scope="AT,CY,US", rule="set_price", value="0.08")
    assert screen.frame.loss.text.startswith("1 country would sell below cost Cyprus ends at")
    QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert stored(sqlite_desk) == before
    assert screen.frame.loss.raise_button.hasFocus()

    press(screen.frame.loss.raise_button)
    settled()
    assert cells(screen, Column.PRICE)["CY"] == "0.1200"
    assert cells(screen, Column.NOTE)["CY"] == "Raised to break-even"
    assert not screen.frame.loss.isVisible()


def test_a_loss_can_be_allowed_until_a_day_for_a_reason(
    open_at: Open, settled: Callable[[], None], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen = open_at(scope="CY", rule="set_price", value="0.1")
    press(screen.frame.loss.allow_button)
    dialog = screen.decisions.dialog
    assert dialog is not None
    assert not dialog.done_button.isEnabled()
    type_into(dialog.reason, "contract until May")
    press(dialog.done_button)
    settled()
    assert cells(screen, Column.NOTE) == {"CY": "Below cost, allowed"}
    screen.apply()
    qtbot.waitUntil(lambda: stored(sqlite_desk)["CY", None][0] == 100_000)
    assert sqlite_desk.query("SELECT reason FROM loss_permission") == [("contract until May",)]


def test_a_loss_is_allowed_for_what_was_seen_and_not_for_a_larger_one(
    open_at: Open, settled: Callable[[], None], sqlite_desk: Desk
) -> None:
    screen = open_at(scope="CY", rule="set_price", value="0.1")
    press(screen.frame.loss.allow_button)
    dialog = screen.decisions.dialog
    assert dialog is not None
    type_into(dialog.reason, "contract until May")
    press(dialog.done_button)
    settled()
    before = stored(sqlite_desk)
    activate(screen)
    screen.form.rule.value.setFocus()
    screen.form.rule.value.selectAll()
    type_into(screen.form.rule.value, "0.01")
    settled()
    assert cells(screen, Column.NOTE) == {"CY": "Below cost"}
    screen.apply()
    assert screen.frame.loss.raise_button.hasFocus()
    assert stored(sqlite_desk) == before


def test_excluding_leaves_the_loss_makers_as_they_are(open_at: Open, settled: Callable[[], None]) -> None:
    screen = open_at(scope="AT,CY", rule="set_price", value="0.08")
    press(screen.frame.loss.exclude_button)
    settled()
    assert cells(screen, Column.NOTE)["CY"] == "Excluded"
    assert screen.frame.apply.text() == "Apply to 1 country"


def test_a_cap_that_leaves_a_loss_is_refused_and_named(
    open_at: Open, settled: Callable[[], None], sqlite_desk: Desk
) -> None:
    rows = [CostRow("CY", None, "", "0.5", 500_000, "EUR"), CostRow("AT", None, "", "0.07", 70_000, "EUR")]
    sqlite_desk.application.pricing.import_costs("Main", rows, actor="anna")
    screen = open_at(scope="CY", rule="set_margin", value="30")
    type_into(screen.form.limits.cap, "20")
    settled()
    assert "reaches the 20% cap" in screen.frame.loss.text
    assert cells(screen, Column.NOTE) == {"CY": "Below cost, capped"}


def test_the_cap_wins_over_the_minimum_profit_and_the_row_warns(
    open_at: Open, settled: Callable[[], None], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen = open_at(scope="AT", rule="set_margin", value="50")
    type_into(screen.form.limits.min_profit, "0.05")
    type_into(screen.form.limits.cap, "10")
    settled()
    assert cells(screen, Column.PRICE) == {"AT": "0.1100"}
    assert cells(screen, Column.NOTE) == {"AT": "Capped"}
    assert screen.frame.chips[PreviewFilter.WARNINGS].text() == "Warnings  1"
    press(screen.frame.apply)
    # What was reached: the next new cost must not bring what the cap kept away.
    qtbot.waitUntil(lambda: stored(sqlite_desk)["AT", None] == (110_000, False, "margin 36.36"))


def test_a_row_that_the_cap_would_leave_below_cost_goes_to_break_even(
    open_at: Open, settled: Callable[[], None], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    rows = [CostRow("CY", None, "", "0.5", 500_000, "EUR"), CostRow("AT", None, "", "0.07", 70_000, "EUR")]
    sqlite_desk.application.pricing.import_costs("Main", rows, actor="anna")
    screen = open_at(scope="AT,CY", rule="set_margin", value="31")
    type_into(screen.form.limits.cap, "20")
    settled()
    before = stored(sqlite_desk)
    press(screen.frame.apply)
    assert screen.frame.loss.raise_button.hasFocus()
    assert stored(sqlite_desk) == before
    press(screen.frame.loss.raise_button)
    settled()
    assert cells(screen, Column.NOTE)["CY"] == "Raised to break-even"
    press(screen.frame.apply)
    qtbot.waitUntil(lambda: stored(sqlite_desk)["CY", None] == (500_000, False, "margin 0.00"))
    assert stored(sqlite_desk)["AT", None] == (101_400, False, "margin 31.00")


def test_costs_that_moved_and_several_people_are_named(
    open_at: Open, sqlite_desk: Desk, place: Workplace, qtbot: QtBot
) -> None:
    pricing = sqlite_desk.application.pricing
    screen = open_at(scope="AT,CY,US", rule="raise_margin", value="5")
    rows = [CostRow(iso, None, "", str(cost / 10**6), cost, "EUR") for iso, cost in (COSTS | {"AT": 75_000}).items()]
    pricing.import_costs("Main", rows, actor="Mert Aydın")
    place.tasks.changed.emit(frozenset({Topic.PRICES}))
    qtbot.waitUntil(lambda: screen.frame.conflict.isVisible())
    assert screen.frame.conflict.text == "1 of these costs changed"
    pricing.set_price("CY", Decimal("0.2"), actor="Mert Aydın")
    pricing.set_price("US", Decimal("0.2"), actor="Deniz Kaya")
    place.tasks.changed.emit(frozenset({Topic.PRICES}))
    qtbot.waitUntil(lambda: "2 of these prices" in screen.frame.conflict.text)
    assert "Deniz Kaya" in screen.frame.conflict.text
    before = stored(sqlite_desk)
    press(screen.frame.apply)
    assert screen.frame.conflict.update_button.hasFocus()
    assert stored(sqlite_desk) == before


def test_who_changed_prices_meanwhile_is_named_and_nothing_is_saved(
    open_at: Open, settled: Callable[[], None], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen = open_at(scope="AT,US", rule="raise_margin", value="5")
    sqlite_desk.application.pricing.set_price("AT", Decimal("0.2"), actor="Mert Aydın")
    before = stored(sqlite_desk)
    screen.apply()
    qtbot.waitUntil(lambda: screen.frame.conflict.isVisible())
    assert screen.frame.conflict.text.startswith("Mert Aydın changed 1 of these prices at ")
    assert "Nothing was saved" in screen.frame.banner.text
    assert stored(sqlite_desk) == before
    press(screen.frame.conflict.update_button)
    qtbot.waitUntil(lambda: cells(screen, Column.NOTE)["AT"] == "Manual, skipped")
    settled()
    assert not screen.frame.conflict.isVisible()
    assert screen.form.rule.value.text() == "5"


def test_presets_are_kept_loaded_and_deleted(
    open_at: Open, place: Workplace, settled: Callable[[], None], qtbot: QtBot
) -> None:
    screen = open_at(scope="eu,-CY", rule="set_markup", value="12.5")
    type_into(screen.form.limits.cap, "20")
    press(screen.frame.save_preset)
    dialog = screen.presets.dialog
    assert dialog is not None
    assert dialog.field.text() == "EU countries, −Cyprus, Set markup to 12.5%"
    dialog.field.setText("Spring")
    press(dialog.done_button)
    qtbot.waitUntil(lambda: [one.name for one in screen.presets.presets] == ["Spring"])
    kept = screen.form.state()
    screen.discard()
    settled()
    assert screen.form.state() != kept
    [offer] = place.commands.offers("spri")
    open_at(**dict(Address.parse(offer.address).query))
    assert screen.form.state() == kept
    with qtbot.waitSignal(place.tasks.undoable) as undoable:
        screen.presets.delete("Spring")
    qtbot.waitUntil(lambda: screen.presets.presets == [])
    assert undoable.args is not None
    place.tasks.command(undoable.args[0].undo, owner=screen)
    qtbot.waitUntil(lambda: [one.name for one in screen.presets.presets] == ["Spring"])


def test_a_preset_that_cannot_be_read_says_so(open_at: Open) -> None:
    screen = open_at(scope="AT")
    screen.presets.chosen.emit(Preset("odd", {"scope": "AT"}))
    assert "cannot be read" in screen.frame.banner.text


def test_esc_asks_only_when_something_was_typed(open_at: Open, place: Workplace) -> None:
    screen = open_at(scope="eu")
    QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Escape)
    assert (screen.question, place.navigator.here) == (None, Address("prices"))
    open_at(scope="eu")
    type_into(screen.form.rule.value, "7")
    QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Escape)
    assert screen.question is not None
    press(screen.question.buttons["Keep as draft"])
    assert place.navigator.here == Address("prices")
    assert screen.form.rule.value.text() == "7"
    activate(screen)
    open_at()
    assert screen.form.rule.value.text() == "7"
    QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Escape)
    press(screen.question.buttons["Discard"])
    assert (screen.form.rule.value.text(), screen.has_draft) == ("", False)


def test_back_to_rule_takes_the_manual_price_away(
    open_at: Open, settled: Callable[[], None], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen = open_at(scope="eu", rule="back_to_rule")
    press(screen.form.skip_manual)
    settled()
    assert cells(screen, Column.PRICE)["BE"] == "0.1143"
    screen.apply()
    qtbot.waitUntil(lambda: stored(sqlite_desk)["BE", None] == (114_300, False, "margin 30.00"))


def test_the_model_keeps_its_promises(open_at: Open, qtmodeltester: ModelTester) -> None:
    model: QAbstractItemModel = open_at(scope="world", rule="raise_margin", value="5").model
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call] # pytest-qt has no types
    assert model.rowCount() > 0


def test_cells_are_spoken_with_before_and_after(open_at: Open) -> None:
    screen = open_at(scope="AT", rule="raise_margin", value="5")
    index = screen.model.index(0, Column.PRICE)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Austria, Sale price € from 0.1000 to 0.1077"
    tick = screen.model.index(0, Column.TICK)
    assert tick.data(Qt.ItemDataRole.AccessibleTextRole) == "Austria, Included: yes"
