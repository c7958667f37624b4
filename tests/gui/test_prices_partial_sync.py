"""A sync that fails in the middle: which countries keep their costs from before is one click away until a sync reaches them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.activity import Wanted
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_lines import QuickFilter
from desktop_app.views.navigator import Address
from desktop_app.views.screens.activity_targets import target_of
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.screens.providers import ProvidersScreen
from tests.fixtures.application import Desk

LEFT = Qt.MouseButton.LeftButton
REFUSED = {"mode": "unauthorized", "on": "account"}
pytestmark = pytest.mark.usefixtures("expected_log")
Fail = Callable[[], frozenset[str]]


@pytest.fixture
def screen(window: MainWindow, qtbot: QtBot) -> PricesScreen:
    made = window.screens.get(PricesScreen)
    QTest.keyClick(made, Qt.Key.Key_F5)
    qtbot.waitUntil(made.sync_button.isVisible, timeout=20_000)
    return made


@pytest.fixture
def fail(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> Fail:
    """Refuse the key once forty countries came, and give the countries that did not come."""

    def failed() -> frozenset[str]:
        def refuse() -> None:
            if window.job_board.running and window.job_board.entries[0].done >= 40:
                window.job_board.changed.disconnect(refuse)
                sqlite_desk.change(faults=[REFUSED])

        sqlite_desk.change(latency_ms=5)
        window.job_board.changed.connect(refuse)

        def missed() -> frozenset[str]:
            return sqlite_desk.application.accounts.list_providers()[0].costs_missed

        qtbot.waitUntil(lambda: bool(missed()), timeout=20_000)
        return missed()

    return failed


def shown(screen: PricesScreen) -> frozenset[str]:
    return frozenset(screen.model.line(row).iso for row in range(screen.model.rowCount()))


def test_the_banner_leads_to_exactly_the_countries_that_were_not_updated_until_a_sync_reaches_them(
    screen: PricesScreen, window: MainWindow, sqlite_desk: Desk, fail: Fail, qtbot: QtBot
) -> None:
    QTest.mouseClick(screen.sync_button, LEFT)
    missed = fail()
    qtbot.waitUntil(lambda: screen.banner.isVisible() and screen.model.count(QuickFilter.MISSED) == len(missed))
    assert f"{len(missed)} of " in screen.banner.text
    assert screen.banner.more.text() == f"Show the {len(missed)}"
    assert screen.banner.retry.isVisible()

    QTest.mouseClick(screen.banner.more, LEFT)

    assert shown(screen) == missed
    assert window.navigator.here == Address("prices", query={"filter": "not_updated"})
    told = screen.model.index(0, Column.COST).data(Qt.ItemDataRole.ToolTipRole)
    assert "Not updated by the last sync" in told
    # It is kept with the provider: closing the banner, or the program, forgets nothing.
    screen.banner.hide()
    screen.filters.clear()
    screen.reload()
    window.navigator.go("prices?filter=not_updated")
    qtbot.waitUntil(lambda: shown(screen) == missed)
    assert screen.chips[QuickFilter.MISSED].isVisible()

    sqlite_desk.heal()
    QTest.mouseClick(screen.sync_button, LEFT)
    qtbot.waitUntil(lambda: screen.model.count(QuickFilter.MISSED) == 0, timeout=20_000)
    screen.filters.clear()
    assert not screen.chips[QuickFilter.MISSED].isVisible()


def test_a_sync_from_the_providers_screen_leads_there_too(
    screen: PricesScreen, window: MainWindow, fail: Fail, qtbot: QtBot
) -> None:
    window.navigator.go("providers/Main")
    providers = window.screens.get(ProvidersScreen)
    qtbot.waitUntil(lambda: providers.current is not None)

    providers.sync()
    missed = fail()
    while window.toast.action.text() != f"Show the {len(missed)}":
        window.toast.show_next()
        qtbot.waitUntil(window.toast.isVisible)
    QTest.mouseClick(window.toast.action, LEFT)

    qtbot.waitUntil(lambda: screen.filters.quick is QuickFilter.MISSED and shown(screen) == missed)


def test_the_filters_that_other_screens_ask_for_exist(
    screen: PricesScreen, window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    log = sqlite_desk.application.activity.page(Wanted()).entries
    stored = next(entry for entry in log if entry.kind == "costs_stored")
    assert target_of(stored) == Address("prices", query={"filter": "cost"})

    window.navigator.go("prices?filter=cost")
    assert screen.filters.quick is QuickFilter.COST
