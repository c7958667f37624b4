"""The Activity screen by clicks and keys, on a real application."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.domain.activity import PRICES_CHANGED
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.activity import PAGE
from desktop_app.views.jobs import JobState
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.activity import ActivityScreen
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate
from tests.gui.conftest import Said

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bulk_change(sqlite_desk: Desk) -> int:
    """A bulk change, and two of its rows changed by somebody else since."""
    pricing = sqlite_desk.application.pricing
    change = pricing.reprice(PriceRule(RuleKind.MARKUP, 5_000), actor="anna", include_manual=True).change_id
    assert change is not None
    for country in ("DE", "FR"):
        pricing.set_price(country, Decimal("0.5"), actor="Mert Aydın")
    return change


@pytest.fixture
def screen(place: Workplace, bulk_change: int, qtbot: QtBot) -> ActivityScreen:
    made = ActivityScreen(place)
    qtbot.addWidget(made)
    made.resize(1220, 820)
    made.show()
    qtbot.waitUntil(lambda: made.model.rowCount() > 0)
    return made


def wait_for_rows(screen: ActivityScreen, count: int, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: screen.model.rowCount() == count)


def cells(screen: ActivityScreen, row: int) -> list[str]:
    return [str(screen.model.index(row, column).data()) for column in range(screen.model.columnCount())]


def prices(desk: Desk) -> dict[str, int | None]:
    return {row.rate.country: row.rate.price for row in desk.application.pricing.list_prices()}


def test_the_log_is_told_in_words(screen: ActivityScreen) -> None:
    assert cells(screen, 0) == ["just now", "Mert Aydın", "1 price changed", "France", "0.0600 → 0.5000"]
    assert cells(screen, 2)[2:] == ["5 prices changed", "All countries", "Markup 50%"]
    spoken = screen.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Mert Aydın, 1 price changed, France" in spoken


def test_an_address_shows_a_change_with_its_rows(screen: ActivityScreen, bulk_change: int, qtbot: QtBot) -> None:
    screen.open_at(Address("activity", query={"change": str(bulk_change)}))

    qtbot.waitUntil(lambda: screen.panel.model.rowCount() == 5)
    assert screen.panel.title.text() == "5 prices changed"
    shown = screen.panel.model
    rows = {str(shown.index(row, 0).data()): str(shown.index(row, 3).data()) for row in range(5)}
    assert rows == {"Germany": "+25.0%", "France": "+25.0%", "United Kingdom": "+25.0%", "Türkiye": "+25.0%",
                    "United States": "+25.0%"}  # fmt: skip
    assert screen.table.currentIndex().row() == 2


def test_undo_this_names_what_stays_and_restores_it_too(
    screen: ActivityScreen, sqlite_desk: Desk, bulk_change: int, said: Said, qtbot: QtBot
) -> None:
    screen.table.selectRow(2)
    QTest.keyClick(screen.table, Qt.Key.Key_I, CONTROL)
    qtbot.waitUntil(lambda: screen.panel.model.rowCount() == 5)

    QTest.mouseClick(screen.panel.undo_button, LEFT)

    qtbot.waitUntil(screen.restored.isVisible)
    assert screen.restored.sentence.text() == (
        "3 of 5 prices restored. Germany and France were changed since by Mert Aydın and stay as they are."
    )
    assert prices(sqlite_desk)["DE"] == 500_000
    QTest.mouseClick(screen.restored.also_button, LEFT)
    qtbot.waitUntil(lambda: "2 prices restored" in said.texts)
    assert prices(sqlite_desk) == {"DE": 60_000, "FR": 48_000, "GB": 36_000, "TR": 24_000, "US": 12_000}


def test_a_change_that_was_taken_back_says_so_and_leads_there(
    screen: ActivityScreen, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    screen.table.selectRow(0)
    QTest.keyClick(screen.table, Qt.Key.Key_I, CONTROL)
    QTest.mouseClick(screen.panel.undo_button, LEFT)
    qtbot.waitUntil(lambda: cells(screen, 0)[2] == "1 price restored")
    qtbot.waitUntil(lambda: screen.panel.link_button.text().startswith("Restores change"))

    QTest.mouseClick(screen.panel.link_button, LEFT)

    qtbot.waitUntil(lambda: screen.panel.link_button.text().startswith("Restored by change"))
    assert screen.table.currentIndex().row() == 1
    assert cells(screen, 1)[4] == "0.0600 → 0.5000 · Restored later"
    assert not screen.panel.undo_button.isEnabled()


def test_filters_and_deep_links_narrow_the_log(screen: ActivityScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    counts: list[str] = []
    screen.counted.connect(counts.append)
    screen.open_at(Address("activity", query={"country": "DE"}))
    qtbot.waitUntil(lambda: screen.model.rowCount() == 3)
    assert screen.filters.scope_chip.text().startswith("Germany")
    qtbot.waitUntil(lambda: bool(counts) and counts[-1] == "3 entries")

    QTest.mouseClick(screen.filters.scope_chip, LEFT)
    qtbot.waitUntil(lambda: screen.model.rowCount() > 10)
    screen.filters.person.setCurrentIndex(screen.filters.person.findText("Mert Aydın"))
    screen.filters.person.activated.emit(screen.filters.person.currentIndex())
    qtbot.waitUntil(lambda: screen.model.rowCount() == 2)
    screen.open_at(Address("activity", query={"area": "clients"}))
    qtbot.waitUntil(lambda: [cells(screen, row)[2] for row in range(screen.model.rowCount())] == ["Client added"])
    screen.open_at(Address("activity", query={"object": "Main"}))
    qtbot.waitUntil(lambda: {cells(screen, row)[3] for row in range(screen.model.rowCount())} == {"Main"})


def test_search_finds_words_people_and_countries(screen: ActivityScreen, qtbot: QtBot) -> None:
    activate(screen)
    everything = screen.model.rowCount()
    for typed, found in (("germany", 3), ("provider added", 1), ("mert", 2)):
        QTest.keyClick(screen, Qt.Key.Key_F, CONTROL)
        QTest.keyClicks(screen.filters.field, typed)
        wait_for_rows(screen, found, qtbot)
        QTest.keyClick(screen.filters.field, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: screen.model.rowCount() == everything)
    QTest.keyClicks(screen.filters.field, "zzz")
    qtbot.waitUntil(screen.placeholder.isVisible)
    assert screen.placeholder.text == "No entry matches “zzz”"

    QTest.mouseClick(screen.placeholder.action, LEFT)

    qtbot.waitUntil(lambda: screen.model.rowCount() == everything)


def test_more_pages_come_when_the_end_is_seen(screen: ActivityScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    with sqlite_desk.application.database.begin() as uow:
        for number in range(PAGE + 10):
            uow.activity.add(start + timedelta(seconds=number), "anna", "opted_out", f"Client {number}", added=1)
    screen.open_at(Address("activity", query={"area": "clients"}))
    qtbot.waitUntil(lambda: screen.model.total == PAGE)

    screen.table.scrollToBottom()

    qtbot.waitUntil(lambda: screen.model.total == PAGE + 11)
    subjects = [screen.model.record(row).subject for row in range(PAGE + 11)]
    assert len(set(subjects)) == PAGE + 11
    assert screen.model.following is None


def test_what_happens_meanwhile_appears_and_the_selection_stays(
    screen: ActivityScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen.table.selectRow(2)
    before = screen.model.record(2).place
    sqlite_desk.application.accounts.set_api(on=True, actor="carl")

    QTest.keyClick(screen.table, Qt.Key.Key_F5)

    qtbot.waitUntil(lambda: cells(screen, 0)[1:] == ["carl", "Switched on", "API for clients", "Off → On"])
    assert screen.model.record(screen.table.currentIndex().row()).place == before


def test_links_lead_to_what_an_entry_is_about(
    screen: ActivityScreen, place: Workplace, said: Said, qtbot: QtBot
) -> None:
    arrived: list[Address] = []
    place.navigator.arrived.connect(arrived.append)
    row = next(row for row in range(screen.model.rowCount()) if cells(screen, row)[2] == "Provider added")
    screen.table.selectRow(row)

    place.commands.action("activity.show").trigger()
    place.commands.action("activity.copy_link").trigger()
    screen.table.selectRow(0)
    place.commands.action("activity.copy_link").trigger()

    assert [one.text for one in arrived] == ["providers/Main"]
    assert said.texts == ["Link copied", "Link copied"]
    mark = screen.model.record(0).change
    assert mark is not None
    assert QGuiApplication.clipboard().text() == f"activity?change={mark.change_id}"


def test_the_log_is_exported_as_a_job(
    screen: ActivityScreen, place: Workplace, said: Said, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "log.csv"

    screen.export_to(path)

    qtbot.waitUntil(lambda: place.jobs.entries[0].state is JobState.DONE)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == screen.model.total
    assert (rows[0]["what"], rows[0]["object"]) == ("1 price changed", "France")
    screen.open_at(Address("activity", query={"tab": "jobs"}))
    assert screen.jobs.model.index(0, 1).data() == "Finished"


def test_everything_that_is_operated_has_a_name(screen: ActivityScreen, qtbot: QtBot) -> None:
    screen.open_at(Address("activity", query={"country": "DE"}))
    screen.table.selectRow(0)
    QTest.keyClick(screen.table, Qt.Key.Key_I, CONTROL)
    qtbot.waitUntil(lambda: screen.panel.isVisible())
    widgets = [
        widget
        for kind in (QAbstractButton, QLineEdit, QAbstractItemView, QComboBox)
        for widget in screen.findChildren(kind)
        if widget.isVisible()
    ]

    names = [QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) for widget in widgets]

    assert len(names) > 10
    assert [widget for widget, name in zip(widgets, names, strict=True) if not name] == []


def test_the_log_is_a_sound_model(screen: ActivityScreen, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(screen.model)  # type: ignore[no-untyped-call]
    qtmodeltester.check(screen.panel.model)  # type: ignore[no-untyped-call]
    qtmodeltester.check(screen.jobs.model)  # type: ignore[no-untyped-call]

    assert screen.model.record(0).kind == PRICES_CHANGED
