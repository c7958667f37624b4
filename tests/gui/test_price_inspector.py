"""The inspector by real clicks and keys: what it shows of a line, what it reads besides, and what can be done from it."""

import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QHBoxLayout, QTableView, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain.pricing import PriceLimits, PriceRule, RuleKind
from desktop_app.services.personal import PersonalSettings
from desktop_app.storage.repositories.costs import CostRow
from desktop_app.views.models.price_facts import place_text
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.models.price_sheet import price_lines
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.inspector import PriceInspector
from desktop_app.views.widgets.side_panel import NARROW, WIDE, SidePanel
from desktop_app.views.widgets.step_chart import Axis, axis_of
from desktop_app.workers.runner import Outcome, TaskRunner
from tests.fixtures.application import Desk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stocked(sqlite_desk: Desk) -> Desk:
    """Germany follows a margin of 30 % and its cost rose, France is set by hand, three clients pay their own price."""
    application = sqlite_desk.application
    application.pricing.reprice(
        PriceRule(RuleKind.MARGIN, 3_000), actor="anna", limits=PriceLimits(step=100), include_manual=True
    )
    application.pricing.set_price("FR", Decimal("0.1"), actor="bob")
    application.preferences.change(actor="anna", rules_follow_costs=True)
    rows = [
        CostRow("DE", None, "", "0.06", 60_000, "EUR"),
        CostRow("DE", "26201", "Telekom", "0.061", 61_000, "EUR"),
        CostRow("FR", None, "", "0.03", 30_000, "EUR"),
    ]
    application.pricing.import_costs("Main", rows, actor="anna")
    sqlite_desk.query("INSERT INTO client_price SELECT id, 'DE', '', 80000 FROM client")
    return sqlite_desk


@pytest.fixture
def lines(stocked: Desk) -> dict[str, PriceLine]:
    rows = stocked.application.pricing.list_prices(networks=True)
    return {line.key: line for line in price_lines(rows, "en", provider="Main")}


@pytest.fixture
def inspector(stocked: Desk, place: Workplace, qtbot: QtBot) -> Iterator[PriceInspector]:
    host = QWidget()
    row = QHBoxLayout(host)
    made = PriceInspector(place)
    row.addWidget(made)
    host.resize(330, 1000)
    qtbot.addWidget(host)
    host.show()
    qtbot.waitExposed(host)
    yield made
    host.close()


def shown(inspector: PriceInspector, line: PriceLine, qtbot: QtBot) -> None:
    inspector.chain.show_steps(())
    inspector.show_line(line, "EUR")
    qtbot.waitUntil(lambda: bool(inspector.chain.texts))


def test_a_line_is_shown_at_once_and_the_rest_follows(
    inspector: PriceInspector, lines: dict[str, PriceLine], qtbot: QtBot
) -> None:
    inspector.show_line(lines["DE"], "EUR")
    assert (inspector.title.text(), inspector.place_text.text()) == ("Germany", "DE · +49 · MCC 262")
    assert (inspector.price.text(), inspector.unit.text()) == ("0.0857", "EUR per SMS")
    assert inspector.per_thousand.text() == "€85.70 per 1,000"
    assert inspector.bar.accessibleDescription() == "Cost 0.0600, profit 0.0257"
    assert "30.0%" in inspector.margin.text()
    assert "42.8%" in inspector.markup.text()
    assert inspector.chain.texts == []
    qtbot.waitUntil(lambda: bool(inspector.chain.texts))
    assert inspector.note.title.text().startswith("Cost rose 20.0%")
    assert inspector.note.detail.text() == "0.0500 → 0.0600. The rule followed: sale price 0.0714 → 0.0857."
    assert inspector.won.text() == "Country rule · Margin 30%"
    assert inspector.rounding.text() == "Nearest 0.0001"
    assert inspector.changed.text().startswith("anna, ")
    assert (inspector.allowed.text, inspector.approval.text()) == ("Alphanumeric", "Not required")
    assert len(inspector.chart.points) >= 3


def test_a_manual_price_says_that_it_stays(
    inspector: PriceInspector, lines: dict[str, PriceLine], qtbot: QtBot
) -> None:
    shown(inspector, lines["FR"], qtbot)
    assert inspector.note.title.text().startswith("Cost fell 25.0%")
    assert inspector.note.detail.text() == "0.0400 → 0.0300. The price is manual and stays."
    assert inspector.changed.text().startswith("bob, ")
    assert inspector.chain.texts[0] == "Manual country price: 0.1000, applies"
    assert not inspector.clients_button.isEnabled()


def test_the_chain_unfolds_under_its_button(
    inspector: PriceInspector, lines: dict[str, PriceLine], qtbot: QtBot
) -> None:
    shown(inspector, lines["DE"].networks[0], qtbot)
    assert place_text(lines["DE"].networks[0]) == "DE · 26201"
    steps = [row for row in inspector.chain.findChildren(QFrame) if row.accessibleName()]
    assert not any(row.isVisible() for row in steps)
    inspector.chain.button.setFocus()
    QTest.keyClick(inspector.chain.button, Qt.Key.Key_Space)
    assert all(row.isVisible() for row in steps if row.accessibleName() in inspector.chain.texts)
    assert inspector.chain.texts == [
        "Manual network price: none", "Manual country price: none", "Network rule: none",
        "Country rule: 0.0857 · Margin 30%, applies", "Region rule: none", "Default rule: none",
    ]  # fmt: skip


def test_what_arrives_late_for_another_line_is_dropped(
    inspector: PriceInspector, lines: dict[str, PriceLine], place: Workplace, qtbot: QtBot
) -> None:
    shown(inspector, lines["FR"], qtbot)
    gate = threading.Event()
    place.tasks.query(lambda _job: gate.wait(10), owner=inspector, on_success=bool)
    inspector.show_line(lines["DE"], "EUR")
    # Germany's facts wait to be read while the person goes on.
    qtbot.wait_until(lambda: not inspector._timer.isActive())
    inspector.show_line(lines["FR"], "EUR")
    place.tasks.query(lambda _job: None, owner=inspector, on_success=lambda _: inspector.setProperty("late", "arrived"))
    gate.set()
    qtbot.waitUntil(lambda: inspector.property("late") == "arrived")
    assert inspector.chain.texts[0] == "Manual country price: 0.1000, applies"
    assert inspector.title.text() == "France"


def test_the_old_content_stays_while_the_next_is_read(
    inspector: PriceInspector, lines: dict[str, PriceLine], qtbot: QtBot
) -> None:
    shown(inspector, lines["FR"], qtbot)
    inspector.show_line(lines["DE"], "EUR")
    assert inspector.won.text() == "Manual country price"
    qtbot.waitUntil(lambda: inspector.won.text() == "Country rule · Margin 30%")


def test_arrow_keys_walk_along_the_chart_and_a_table_says_the_same(
    inspector: PriceInspector, lines: dict[str, PriceLine], qtbot: QtBot
) -> None:
    shown(inspector, lines["DE"], qtbot)
    chart = inspector.chart
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Home)
    first = inspector.looked.text()
    assert first.endswith(": sale –, cost –")
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert inspector.looked.text().endswith(": sale 0.0857, cost 0.0600")
    QTest.keyClick(chart, Qt.Key.Key_Left)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert inspector.looked.text() != first
    # Straight to the chart: a window that another test left above it would get the mouse of the screen.
    place, none = QPointF(2, 40), Qt.MouseButton.NoButton
    move = QMouseEvent(
        QEvent.Type.MouseMove, place, chart.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(chart, move)
    assert inspector.looked.text() == first
    QTest.mouseClick(inspector.table_button, LEFT)
    assert inspector.table.isVisible()
    assert not chart.isVisible()
    assert inspector.looked.text() == ""
    model = inspector.points
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    top = [model.index(0, column).data() for column in range(3)]
    assert top[1:] == ["0.0857", "0.0600"]
    spoken = model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"{top[0]}, Sale 0.0857"


def test_a_country_is_switched_off_and_back_by_undo(
    inspector: PriceInspector, lines: dict[str, PriceLine], stocked: Desk, tasks: TaskRunner, qtbot: QtBot
) -> None:
    shown(inspector, lines["DE"], qtbot)
    offered: list[Outcome[None]] = []
    tasks.undoable.connect(offered.append)
    QTest.mouseClick(inspector.enabled, LEFT, pos=QPoint(10, inspector.enabled.height() // 2))
    qtbot.waitUntil(lambda: bool(offered))
    assert offered[0].undo_label == "Germany switched off"
    assert not stocked.application.pricing.list_prices(["DE"])[0].enabled
    undo = offered[0].undo
    assert undo is not None
    tasks.command(undo, owner=inspector)
    qtbot.waitUntil(lambda: len(offered) == 2)
    assert stocked.application.pricing.list_prices(["DE"])[0].enabled
    inspector.show_line(lines["DE"].networks[0], "EUR")
    assert not inspector.enabled.isEnabled()


def test_clients_with_their_own_price_are_named(
    inspector: PriceInspector, lines: dict[str, PriceLine], qtbot: QtBot
) -> None:
    shown(inspector, lines["DE"], qtbot)
    assert inspector.clients_button.text() == "1 client"
    assert not inspector.client_list.isVisible()
    QTest.mouseClick(inspector.clients_button, LEFT)
    assert inspector.client_list.isVisible()
    assert inspector.client_list.text() == "Aurora 0.0800"


def test_buttons_lead_to_the_edit_the_history_and_away(
    inspector: PriceInspector, lines: dict[str, PriceLine], place: Workplace, qtbot: QtBot
) -> None:
    shown(inspector, lines["DE"], qtbot)
    with qtbot.waitSignal(inspector.edit_asked):
        QTest.mouseClick(inspector.edit_button, LEFT)
    with qtbot.waitSignal(inspector.closed):
        QTest.mouseClick(inspector.close_button, LEFT)
    QTest.mouseClick(inspector.history_button, LEFT)
    assert place.navigator.here is not None
    assert place.navigator.here.text == "activity?country=DE"


def test_without_a_row_it_says_so_and_offers_nothing(
    inspector: PriceInspector, lines: dict[str, PriceLine], qtbot: QtBot
) -> None:
    shown(inspector, lines["DE"], qtbot)
    inspector.show_line(None, "")
    assert inspector.title.text() == "No row selected"
    assert not inspector.edit_button.isVisible()
    assert not inspector.price.isVisible()


def test_every_control_has_a_name_and_room_for_a_finger(
    inspector: PriceInspector, lines: dict[str, PriceLine], qtbot: QtBot
) -> None:
    shown(inspector, lines["DE"], qtbot)
    controls = [one for one in inspector.findChildren(QAbstractButton) if one.isVisible()]
    assert len(controls) >= 7
    for control in controls:
        spoken = QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
        assert spoken, control
        assert min(control.width(), control.height()) >= 20, spoken
    assert (
        QAccessible.queryAccessibleInterface(inspector.chart).text(QAccessible.Text.Name) == "Price history of 90 days"
    )


@pytest.mark.parametrize(
    ("values", "axis"),
    [
        ([123_400, 86_400], Axis(80_000, 20_000, 4)),
        ([50_000], Axis(50_000, 100, 2)),
        ([1, 100_000_000_000], Axis(0, 50_000_000_000, 3)),
        ([99, 101], Axis(0, 100, 3)),
    ],
)
def test_the_grid_has_round_figures_around_what_it_shows(values: list[int], axis: Axis) -> None:
    found = axis_of(values)
    assert found == axis
    assert found.low <= min(values)
    assert found.high >= max(values)


def test_the_panel_stands_beside_a_wide_window_and_above_a_narrow_one(place: Workplace, qtbot: QtBot) -> None:
    table, panel = QTableView(), QFrame()
    panel.setFixedWidth(310)
    personal: PersonalSettings = place.parts.personal
    side = SidePanel(table, panel, personal, "prices.inspector")
    qtbot.addWidget(side)
    said: list[bool] = []
    side.toggled.connect(said.append)
    side.resize(WIDE, 400)
    side.show()
    qtbot.waitExposed(side)
    qtbot.waitUntil(lambda: table.width() == WIDE - 310)
    assert (side.is_open, side.is_overlay) == (True, False)
    side.resize(WIDE - 1, 400)
    qtbot.waitUntil(lambda: table.width() == WIDE - 1)
    assert (side.is_open, said) == (False, [True, False])
    side.toggle()
    qtbot.waitUntil(lambda: table.width() == WIDE - 1 - 310)
    assert personal.recall("prices.inspector") == {"open": True}
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert side.is_open


def test_a_panel_above_a_narrow_window_is_closed_until_it_is_asked_for(place: Workplace, qtbot: QtBot) -> None:
    table, panel = QTableView(), QFrame()
    panel.setFixedWidth(310)
    personal: PersonalSettings = place.parts.personal
    personal.remember("prices.inspector", {"open": True})
    side = SidePanel(table, panel, personal, "prices.inspector")
    qtbot.addWidget(side)
    side.resize(NARROW - 1, 400)
    side.show()
    qtbot.waitUntil(lambda: table.width() == NARROW - 1)
    assert (side.is_open, side.is_overlay, panel.isVisible()) == (False, True, False)
    side.toggle()
    assert panel.geometry().getRect() == (NARROW - 311, 0, 310, 400)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert (side.is_open, panel.isVisible()) == (False, False)
    side.resize(NARROW, 400)
    qtbot.waitUntil(lambda: table.width() == NARROW - 310)
    assert (side.is_open, personal.recall("prices.inspector")) == (True, {"open": True})
