"""Undo this, from the log, of every kind that has a state from before; what was changed since stays."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.app import Application
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.activity import Wanted
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.activity import ActivityScreen
from tests.fixtures.application import Desk
from tests.gui.conftest import Said

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Case:
    """What is done, how it is seen, and how somebody changes it again."""

    kind: str
    do: Callable[[Application], object]
    see: Callable[[Application], object]
    meanwhile: Callable[[Application], object]


def enabled(application: Application) -> bool:
    return application.pricing.list_prices(["DE"])[0].enabled


def client_price(application: Application) -> object:
    with application.database.read() as uow:
        return uow.prices.client_prices(uow.clients.get("Aurora").client_id).get(("DE", None))


def default(application: Application) -> str:
    return next(one.name for one in application.accounts.list_providers() if one.is_default)


def paused(application: Application) -> str | None:
    return next(one.paused_reason for one in application.accounts.list_providers() if one.name == "Main")


def number(application: Application) -> str | None:
    return application.sender_ids.fallback_numbers("Main").get("US")


def set_price(price: str) -> Callable[[Application], object]:
    return lambda application: application.pricing.set_client_price("Aurora", "DE", Decimal(price), actor="mert")


def set_number(text: str) -> Callable[[Application], object]:
    return lambda application: application.sender_ids.set_fallback_number("Main", "US", text, actor="mert")


CASES = (
    Case("country_switched", lambda a: a.pricing.set_country_enabled("DE", enabled=False, actor="mert"), enabled,
         lambda a: a.pricing.set_country_enabled("DE", enabled=True, actor="deniz")),
    Case("switched", lambda a: a.accounts.set_service(on=False, actor="mert"), lambda a: a.accounts.switches().service,
         lambda a: a.accounts.set_service(on=True, actor="deniz")),
    Case("setting_changed", lambda a: a.preferences.change(actor="mert", step=1_000), lambda a: a.preferences.read().step,
         lambda a: a.preferences.change(actor="deniz", step=10_000)),
    Case("client_price_set", set_price("0.2"), client_price, set_price("0.3")),
    Case("provider_default", lambda a: a.providers.set_default("Second", actor="mert"), default,
         lambda a: a.providers.set_default("Main", actor="deniz")),
    Case("route_paused", lambda a: a.providers.pause("Main", "slow today", actor="mert"), paused,
         lambda a: a.providers.resume("Main", actor="deniz")),
    Case("fallback_number_set", set_number("+14155550100"), number, set_number("+14155550199")),
)  # fmt: skip


@pytest.fixture
def opened(place: Workplace, qtbot: QtBot) -> Callable[[str], ActivityScreen]:
    """Opens the log with the newest line of a kind in the panel."""

    def show(kind: str) -> ActivityScreen:
        screen = ActivityScreen(place)
        qtbot.addWidget(screen)
        screen.resize(1220, 820)
        screen.show()
        qtbot.waitUntil(lambda: screen.model.rowCount() > 0)
        row = next(row for row in range(screen.model.rowCount()) if screen.model.record(row).kind == kind)
        screen.table.selectRow(row)
        QTest.keyClick(screen.table, Qt.Key.Key_I, CONTROL)
        return screen

    return show


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_what_has_a_state_from_before_is_undone(
    case: Case, sqlite_desk: Desk, opened: Callable[[str], ActivityScreen], said: Said, qtbot: QtBot
) -> None:
    application = sqlite_desk.application
    sqlite_desk.add_provider("Second")
    before = case.see(application)
    case.do(application)
    assert case.see(application) != before

    screen = opened(case.kind)
    assert screen.panel.undo_button.isEnabled()
    QTest.mouseClick(screen.panel.undo_button, LEFT)

    qtbot.waitUntil(lambda: case.see(application) == before)
    qtbot.waitUntil(lambda: bool(said.texts) and said.texts[-1].startswith("Undone: "))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_what_was_changed_since_stays(
    case: Case, sqlite_desk: Desk, opened: Callable[[str], ActivityScreen], place: Workplace, qtbot: QtBot
) -> None:
    application = sqlite_desk.application
    sqlite_desk.add_provider("Second")
    case.do(application)
    screen = opened(case.kind)
    case.meanwhile(application)
    now = case.see(application)

    QTest.mouseClick(screen.panel.undo_button, LEFT)

    qtbot.waitUntil(screen.banner.isVisible)
    assert "What is there now stays." in screen.banner.text
    assert case.see(application) == now


def test_a_number_that_was_removed_comes_back(
    sqlite_desk: Desk, opened: Callable[[str], ActivityScreen], qtbot: QtBot
) -> None:
    application = sqlite_desk.application
    set_number("+14155550100")(application)
    application.sender_ids.remove_fallback_number("Main", "US", actor="mert")
    QTest.mouseClick(opened("fallback_number_removed").panel.undo_button, LEFT)
    qtbot.waitUntil(lambda: number(application) == "+14155550100")


def test_what_has_none_is_not_offered(opened: Callable[[str], ActivityScreen], place: Workplace) -> None:
    screen = opened("provider_added")
    assert not screen.panel.undo_button.isVisible()
    assert not place.commands.action("activity.undo").isEnabled()


def test_a_bulk_raise_is_one_line_of_the_log(sqlite_desk: Desk, place: Workplace) -> None:
    pricing = sqlite_desk.application.pricing
    pricing.reprice(PriceRule(RuleKind.MARGIN, 3_000), actor="mert", include_manual=True)
    pricing.reprice(PriceRule(RuleKind.RAISE_MARGIN, 500), actor="mert")
    assert sqlite_desk.query("SELECT COUNT(*) FROM price_change WHERE part_of_id IS NOT NULL") == [(1,)]
    log = place.parts.activity
    wanted = Wanted(actor="mert")
    lines = [entry.change.rows for entry in log.page(wanted).entries if entry.change is not None]
    assert (lines, log.count(wanted)) == ([5, 5], 2)
