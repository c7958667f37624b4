"""Rules that do not follow costs: the countries whose cost changed offer to apply them, as one change that can be undone."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.domain.pricing import PriceLimits, PriceRule, RuleKind
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.screens.prices import PricesScreen
from tests.fixtures.application import Desk

LEFT = Qt.MouseButton.LeftButton


def text(screen: PricesScreen, name: str, column: Column) -> str:
    row = screen.model.row_of(name)
    assert row is not None
    return screen.model.text(row, column)


@pytest.fixture
def screen(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> PricesScreen:
    """The costs of Germany and France rose, and the prices stayed."""
    made = window.screens.get(PricesScreen)
    sqlite_desk.application.preferences.change(actor="anna", rules_follow_costs=False)
    sqlite_desk.import_costs("Main", {"DE": "0.7", "FR": "0.35"})
    made.reload()
    qtbot.waitUntil(lambda: text(made, "DE", Column.COST) == "0.7000")
    return made


def test_the_chip_shows_old_and_new_cost_and_offers_the_rules(screen: PricesScreen, qtbot: QtBot) -> None:
    before = screen.table.shown_columns
    assert Column.OLD_COST not in before

    QTest.mouseClick(screen.chips[QuickFilter.COST], LEFT)

    qtbot.waitUntil(screen.following.bar.isVisible)
    shown = screen.table.shown_columns
    place = shown.index(Column.OLD_COST)
    assert shown[place : place + 3] == [Column.OLD_COST, Column.COST, Column.PRICE]
    headings = [screen.model.headerData(column, Qt.Orientation.Horizontal) for column in shown[place : place + 2]]
    assert headings == ["Old cost €", "New cost €"]
    assert text(screen, "DE", Column.OLD_COST) not in ("–", "0.7000")
    QTest.mouseClick(screen.chips[QuickFilter.ALL], LEFT)
    assert screen.table.shown_columns == before
    assert not screen.following.bar.isVisible()
    assert screen.model.headerData(Column.COST, Qt.Orientation.Horizontal) == "Cost €"


def test_sale_now_and_by_rule_stand_beside_the_costs(screen: PricesScreen, qtbot: QtBot) -> None:
    QTest.mouseClick(screen.chips[QuickFilter.COST], LEFT)

    qtbot.waitUntil(lambda: text(screen, "DE", Column.RULE_PRICE) == "1.0000")
    shown = screen.table.shown_columns
    place = shown.index(Column.OLD_COST)
    assert shown[place : place + 4] == [Column.OLD_COST, Column.COST, Column.PRICE, Column.RULE_PRICE]
    headings = [screen.model.headerData(column, Qt.Orientation.Horizontal) for column in shown[place + 2 : place + 4]]
    assert headings == ["Sale now €", "Sale by rule €"]


def test_a_manual_price_that_fell_below_the_target_is_named(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen, pricing = window.screens.get(PricesScreen), sqlite_desk.application.pricing
    sqlite_desk.application.preferences.change(actor="anna", rules_follow_costs=True)
    sqlite_desk.import_costs("Main", {"DE": "0.5", "FR": "0.5", "IT": "0.5"})
    for country in ("DE", "FR"):
        pricing.set_price(country, Decimal("0.7"), actor="anna")
    sqlite_desk.import_costs("Main", {"DE": "0.6", "FR": "0.5", "IT": "0.6"})
    screen.reload()
    qtbot.waitUntil(lambda: text(screen, "DE", Column.COST) == "0.6000")
    QTest.mouseClick(screen.chips[QuickFilter.COST], LEFT)

    qtbot.waitUntil(screen.following.bar.isVisible)
    assert screen.following.bar.text.splitlines() == [
        "Rules follow costs: prices that a rule made have moved already",
        "1 manual price fell below the target: Germany",
    ]
    assert screen.following.bar.property("look") == "banner-warning"
    assert not screen.following.bar.apply.isVisible()


def test_applying_the_rules_is_one_change_that_can_be_undone(
    screen: PricesScreen, window: MainWindow, qtbot: QtBot
) -> None:
    old = text(screen, "DE", Column.PRICE)
    QTest.mouseClick(screen.chips[QuickFilter.COST], LEFT)
    qtbot.waitUntil(screen.following.bar.isVisible)
    assert screen.following.bar.apply.text() == "Apply rules to 2"
    assert screen.following.bar.text == "2 prices were made from their old costs"

    QTest.mouseClick(screen.following.bar.apply, LEFT)

    qtbot.waitUntil(lambda: text(screen, "DE", Column.PRICE) == "1.0000")
    assert text(screen, "FR", Column.PRICE) == "0.5000"
    qtbot.waitUntil(lambda: not screen.following.bar.isVisible())
    assert "by their rule" in window.toast.text
    QTest.mouseClick(window.toast.action, LEFT)
    qtbot.waitUntil(lambda: text(screen, "DE", Column.PRICE) == old)


def test_a_price_that_its_rule_would_sell_below_cost_is_named_and_stays(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen, pricing = window.screens.get(PricesScreen), sqlite_desk.application.pricing
    sqlite_desk.application.preferences.change(actor="anna", rules_follow_costs=False)
    # Nothing is earned, to the nearest cent: 0.704 would be sold at 0.70.
    cents = PriceLimits(step=10_000)
    sqlite_desk.import_costs("Main", {"DE": "0.5"})
    pricing.reprice(PriceRule(RuleKind.PROFIT, 0), actor="anna", limits=cents, countries=["DE"], include_manual=True)
    before = pricing.list_prices()
    sqlite_desk.import_costs("Main", {"DE": "0.704"})
    screen.reload()
    qtbot.waitUntil(lambda: text(screen, "DE", Column.COST) == "0.7040")

    QTest.mouseClick(screen.chips[QuickFilter.COST], LEFT)

    qtbot.waitUntil(screen.following.bar.isVisible)
    assert "Germany" in screen.following.bar.text
    assert not screen.following.bar.apply.isVisible()
    after = pricing.list_prices()
    assert [row.applies.price for row in after] == [row.applies.price for row in before]
