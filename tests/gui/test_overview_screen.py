"""Overview: figures, chart and its table, what needs a person, ranges, export, states."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import StorageUnavailable
from desktop_app.services.attention import AttentionKind
from desktop_app.services.job import Job
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.overview import OverviewScreen
from desktop_app.views.screens.overview.chart import short_count, step_of
from desktop_app.views.screens.overview.head import CUSTOM
from tests.fixtures.application import Desk, german
from tests.fixtures.windows import activate, make_window
from tests.gui.conftest import Said

LEFT = Qt.MouseButton.LeftButton
Named = Callable[[QWidget], dict[QWidget, str]]


@pytest.fixture
def sent(sqlite_desk: Desk) -> Desk:
    """Nine messages today, and a price below its cost."""
    sqlite_desk.queue([*german(8), "+447400123456"])
    sqlite_desk.drain()
    sqlite_desk.application.receipts.poll_once(Job())
    sqlite_desk.import_costs("Main", {"DE": "0.05", "GB": "0.09", "US": "0.01", "TR": "0.02", "FR": "0.04"})
    return sqlite_desk


@pytest.fixture
def overview(sent: Desk, place: Workplace, qtbot: QtBot) -> OverviewScreen:
    return opened(place, qtbot)


def opened(place: Workplace, qtbot: QtBot) -> OverviewScreen:
    made = OverviewScreen(place)
    qtbot.addWidget(made)
    made.resize(1200, 820)
    made.show()
    activate(made)
    qtbot.waitUntil(lambda: made.is_loaded)
    return made


def attention(screen: OverviewScreen) -> dict[AttentionKind, str]:
    return {row.item.kind: f"{row.title.text()} | {row.detail.text()}" for row in screen.attention.rows}


def test_the_figures_of_the_range_are_shown(overview: OverviewScreen, sent: Desk) -> None:
    assert overview.kpis.sent.value.text() == "9"
    delivered = sent.statuses()["delivered"]
    assert overview.chart.counts["delivered"].text() == str(delivered)
    assert overview.kpis.revenue.value.text() == "€0.52"
    assert overview.kpis.profit.value.text() == "€0.09"
    assert overview.kpis.margin.value.text() == "16.7%"
    assert overview.kpis.sent.against.text() == "nothing to compare with"
    assert overview.kpis.margin.accessibleName() == "Margin: 16.7%"
    assert overview.head.facts.text().startswith("Last 30 days, all providers · updated ")
    rows = [overview.countries.index(row, 0).data() for row in range(overview.countries.rowCount())]
    assert rows == ["Germany", "United Kingdom"]
    assert overview.providers.index(0, 0).data() == "Main"
    assert not overview.steps.isVisible()


def test_a_change_is_told_by_arrow_word_and_colour(sent: Desk, place: Workplace, qtbot: QtBot) -> None:
    day = 24 * 3600 * 10**6
    sent.query(f"UPDATE batch SET created_at = created_at - {31 * day}")
    sent.queue(german(3, 50))
    sent.drain()
    overview = opened(place, qtbot)
    assert (overview.kpis.sent.value.text(), overview.kpis.sent.moved.text()) == ("3", "66.7%")
    assert overview.kpis.sent.moved.property("look") == "drop"
    assert overview.kpis.sent.accessibleName() == "SMS sent: 3, −66.7% vs previous 30 days"


def test_what_needs_a_person_leads_to_where_it_is_solved_and_is_gone_then(
    overview: OverviewScreen, place: Workplace, sent: Desk, qtbot: QtBot
) -> None:
    assert attention(overview)[AttentionKind.LOSS] == "1 country sells below cost | United Kingdom −150.0%"
    row = next(row for row in overview.attention.rows if row.item.kind is AttentionKind.LOSS)
    assert row.button.accessibleName() == "Fix prices: 1 country sells below cost"
    with qtbot.waitSignal(place.navigator.arrived) as arrived:
        QTest.mouseClick(row.button, LEFT)
    assert arrived.args[0].text == "prices?filter=loss"

    sent.import_costs("Main", {"DE": "0.05", "GB": "0.03", "US": "0.01", "TR": "0.02", "FR": "0.04"})
    QTest.keyClick(overview, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: AttentionKind.LOSS not in attention(overview))


def test_the_most_urgent_problem_has_the_focus(sent: Desk, place: Workplace, qtbot: QtBot) -> None:
    made = OverviewScreen(place)
    qtbot.addWidget(made)
    made.show()
    activate(made)
    made.first_focus().setFocus()
    qtbot.waitUntil(lambda: made.is_loaded)
    assert made.focusWidget() is made.attention.rows[0].button


def test_rows_that_stay_keep_the_focus(overview: OverviewScreen, qtbot: QtBot) -> None:
    row = next(row for row in overview.attention.rows if row.item.kind is AttentionKind.LOSS)
    row.button.setFocus()
    overview.refresh()
    qtbot.waitUntil(lambda: overview._reading is None)
    assert QApplication.focusWidget() is row.button


def test_the_chart_is_walked_with_the_keys_and_every_column_is_spoken(
    overview: OverviewScreen, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []
    monkeypatch.setattr(
        "desktop_app.views.widgets.walked_chart.announce", lambda _widget, text, **_: spoken.append(text)
    )
    chart = overview.chart.chart
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.toolTip() == chart.text_of(29)
    assert "9 SMS: " in spoken[0]
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert spoken[1].endswith("nothing sent")
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.toolTip() == chart.text_of(29)
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart.toolTip() == chart.text_of(0)
    assert overview.chart.looked_at.text() == chart.text_of(0)
    overview.head.ranges.buttons[0].setFocus()
    assert chart.toolTip() == ""


def test_the_table_says_what_the_chart_shows(overview: OverviewScreen, qtmodeltester: ModelTester) -> None:
    QTest.mouseClick(overview.chart.toggle, LEFT)
    assert overview.chart.table.isVisible()
    assert overview.chart.toggle.text() == "Show as chart"
    model = overview.chart.model
    assert model.rowCount() == 30
    assert [model.index(0, column).data() for column in (0, 1)] == ["Today", "9"]
    assert model.index(1, 1).data() == "–"
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    QTest.mouseClick(overview.chart.toggle, LEFT)
    assert overview.chart.chart.isVisible()


@pytest.mark.parametrize("name", ["countries", "providers"])
def test_the_models_are_sound(overview: OverviewScreen, qtmodeltester: ModelTester, name: str) -> None:
    model = getattr(overview, name)
    assert model.rowCount() > 0
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_a_screen_reader_hears_the_tables(overview: OverviewScreen) -> None:
    face = QAccessible.queryAccessibleInterface(overview.country_table)
    assert face.text(QAccessible.Text.Name) == "Top countries by profit"
    cell = overview.countries.index(0, 4)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Germany, Margin 16.7%"


@pytest.mark.parametrize(
    ("place_of", "facts", "columns"), [(0, "Today, all providers", 24), (1, "Last 7 days, all providers", 7)]
)
def test_a_range_is_chosen_with_a_click(
    overview: OverviewScreen, qtbot: QtBot, place_of: int, facts: str, columns: int
) -> None:
    QTest.mouseClick(overview.head.ranges.buttons[place_of], LEFT)
    qtbot.waitUntil(lambda: overview.head.facts.text().startswith(facts))
    assert len(overview.chart.chart.columns) == columns
    assert overview.kpis.sent.value.text() == "9"


def test_days_without_messages_keep_the_axes(overview: OverviewScreen, qtbot: QtBot) -> None:
    overview.head.choose(CUSTOM)
    overview.head.first.setDate(overview.head.first.date().addYears(-1))
    overview.head.last.setDate(overview.head.last.date().addYears(-1))
    qtbot.waitUntil(lambda: overview.kpis.sent.value.text() == "0")
    assert overview.kpis.delivered.value.text() == "–"
    assert len(overview.chart.chart.columns) == 30
    assert overview.chart.chart.accessibleDescription() == "nothing sent"


def test_days_in_the_wrong_order_come_along(overview: OverviewScreen, qtbot: QtBot) -> None:
    overview.head.choose(CUSTOM)
    qtbot.waitUntil(lambda: overview._reading is None)
    later = overview.head.last.date().addDays(5)
    overview.head.first.setDate(later)
    assert overview.head.last.date() == later


def test_the_figures_are_exported(
    overview: OverviewScreen, said: Said, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "figures.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    QTest.keyClick(overview, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: said.texts == ["Figures exported: figures.csv"])
    with file.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["sms_sent"] for row in csv.DictReader(stream)][-1] == "9"


def test_an_error_keeps_the_figures_and_can_be_tried_again(
    overview: OverviewScreen, place: Workplace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: Any) -> None:
        raise StorageUnavailable("The database is locked by another program.")

    with monkeypatch.context() as broken:
        broken.setattr(type(place.parts.overview), "read", locked)
        overview.refresh()
        qtbot.waitUntil(overview.banner.isVisible)
    assert "The database is locked by another program. Showing figures from " in overview.banner.text
    assert overview.kpis.sent.value.text() == "9"
    QTest.mouseClick(overview.banner.retry, LEFT)
    qtbot.waitUntil(lambda: not overview.banner.isVisible())


def test_a_fresh_team_sees_its_first_steps_instead_of_figures(bare_desk_place: Workplace, qtbot: QtBot) -> None:
    overview = opened(bare_desk_place, qtbot)
    assert overview.steps.isVisible()
    assert not overview.kpis.isVisible()
    assert not overview.steps.close_button.isVisible()
    with qtbot.waitSignal(bare_desk_place.navigator.arrived) as arrived:
        QTest.mouseClick(overview.steps.buttons["provider"], LEFT)
    assert arrived.args[0].text == "providers?add=1"


def test_first_steps_that_are_left_can_be_hidden_for_good(sqlite_desk: Desk, place: Workplace, qtbot: QtBot) -> None:
    overview = opened(place, qtbot)
    assert overview.steps.isVisible()
    assert overview.kpis.isVisible()
    QTest.mouseClick(overview.steps.close_button, LEFT)
    assert not overview.steps.isVisible()
    again = opened(Workplace(place.parts, place.tasks, place.jobs, place.theme, type(place.commands)(place.theme),
                             place.navigator, place.notices), qtbot)  # fmt: skip
    assert not again.steps.isVisible()


def test_it_is_read_again_each_minute_only_while_it_is_seen(overview: OverviewScreen, qtbot: QtBot) -> None:
    before = overview._found
    overview._timer.timeout.emit()
    qtbot.waitUntil(lambda: overview._found is not before)
    seen = overview._found
    overview.hide()
    overview._timer.timeout.emit()
    assert overview._reading is None
    assert overview._found is seen


def test_a_change_elsewhere_is_shown_when_the_person_comes_back(
    overview: OverviewScreen, place: Workplace, sent: Desk, qtbot: QtBot
) -> None:
    overview.hide()
    sent.queue(german(2, 70))
    sent.drain()
    place.tasks.changed.emit(frozenset())
    overview.show()
    qtbot.waitUntil(lambda: overview.kpis.sent.value.text() == "11")


def test_everything_has_a_name(overview: OverviewScreen, named: Named) -> None:
    assert {type(widget).__name__ for widget, name in named(overview).items() if not name} == set()
    assert all(one.textFormat() is Qt.TextFormat.PlainText for one in overview.findChildren(QLabel) if one.text())


def test_overview_is_the_first_screen_of_a_fresh_window(sqlite_desk: Desk, place: Workplace, qtbot: QtBot) -> None:
    window: MainWindow = make_window(place.parts, place.tasks, place.theme)
    qtbot.addWidget(window)
    window.show()
    activate(window)
    assert isinstance(window.screens.shown, OverviewScreen)
    assert next(iter(window.frame.sidebar.entries)) == "overview"
    QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert window.screens.shown is window.screens.screen("prices")
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.screens.shown, OverviewScreen)


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (8, 2), (9, 5), (653, 200), (31_000, 10_000), (999_999, 500_000)]
)
def test_the_grid_has_round_figures(most: int, step: int) -> None:
    assert step_of(most) == step
    assert step * 4 >= most


def test_thousands_on_the_axis_are_short() -> None:
    assert [short_count(count) for count in (0, 500, 1_000, 30_000, 1_500)] == ["0", "500", "1k", "30k", "1,500"]


@pytest.fixture
def bare_desk_place(open_desk: Callable[..., Desk], place: Workplace, tmp_path: Path) -> Workplace:
    """What a screen works with on a database with nothing in it."""
    from dataclasses import replace

    from desktop_app.app import window_parts

    application = open_desk(f"sqlite:///{tmp_path / 'bare.db'}", profile=tmp_path / "bare").application
    return replace(place, parts=window_parts(application, application.settings, sandbox=False))
