"""Saved views of the prices as the scope of a bulk edit: typed, counted, taken away, and never guessed."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.domain.language import LANGUAGES
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.domain.scopes import ScopeToken, TokenKind
from desktop_app.services.translations import speak
from desktop_app.storage.repositories.costs import CostRow
from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.bulk_preview import Column
from desktop_app.views.models.saved_views import SavedView, keep_views
from desktop_app.views.navigator import Address
from desktop_app.views.screens.bulk_edit import BulkEditScreen
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.bulk_form import BulkForm
from tests.fixtures.application import Desk

COSTS = {"AT": 70_000, "BE": 80_000, "CY": 120_000, "US": 10_000}
THIN = ScopeToken(TokenKind.VIEW, "Thin & new")
Typed = Callable[..., BulkEditScreen]


@pytest.fixture
def bulk(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> BulkEditScreen:
    """The screen over four countries at a margin of 30 %, one of them manual, with two views that are kept."""
    pricing = sqlite_desk.application.pricing
    rows = [CostRow(iso, None, "", str(cost / 10**6), cost, "EUR") for iso, cost in COSTS.items()]
    pricing.import_costs("Main", rows, actor="anna")
    pricing.reprice(PriceRule(RuleKind.MARGIN, 3_000), actor="anna", include_manual=True)
    pricing.set_price("BE", Decimal("0.1"), actor="anna")
    views = [SavedView("Thin & new", {"margin": "25", "changed": "1"}, {}), SavedView("Germany", {"q": "cyp"}, {})]
    keep_views(window.place.parts.personal, views)
    window.navigator.go("bulk")
    screen = window.screens.get(BulkEditScreen)
    qtbot.waitUntil(lambda: screen.is_ready)
    return screen


@pytest.fixture
def typed(bulk: BulkEditScreen, qtbot: QtBot) -> Typed:
    def enter(*texts: str) -> BulkEditScreen:
        for text in texts:
            QTest.keyClicks(bulk.form.scope.line, text)
            QTest.keyClick(bulk.form.scope.line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bulk.is_ready)
        return bulk

    return enter


def countries(screen: BulkEditScreen) -> set[str]:
    model = screen.model
    return {model.line(row).code for row in range(model.rowCount())} if screen.table.isVisible() else set()


def test_a_view_is_a_token_with_its_count_and_shows_what_prices_shows(
    typed: Typed, window: MainWindow, qtbot: QtBot
) -> None:
    screen = typed("@thin")

    assert screen.form.scope.tokens == (THIN,)
    assert [chip.text() for chip in screen.form.scope.chips] == ["View Thin && new  1"]
    assert countries(screen) == {"BE"}
    window.navigator.go(Address("prices", query={"view": "Thin & new"}))
    prices = window.screens.get(PricesScreen)
    prices.reload()
    qtbot.waitUntil(lambda: prices.model.shown_countries == 1)
    assert prices.model.line(0).iso == "BE"


def test_the_sign_lists_the_views_and_one_called_like_a_country_is_still_found(
    typed: Typed, bulk: BulkEditScreen
) -> None:
    QTest.keyClicks(bulk.form.scope.line, "@")
    offered = bulk.form.scope.popup.model()
    assert [offered.index(row, 0).data() for row in range(offered.rowCount())] == ["View Germany", "View Thin & new"]
    bulk.form.scope.line.clear()

    screen = typed("germany", "view germany")

    assert [token.kind for token in screen.form.scope.tokens] == [TokenKind.COUNTRY, TokenKind.VIEW]
    assert countries(screen) == {"DE", "CY"}


def test_a_view_takes_countries_away(typed: Typed) -> None:
    union = countries(typed("eu"))
    assert "BE" in union
    assert countries(typed("-@thin")) == union - {"BE"}


def test_a_view_that_is_gone_is_named_and_nothing_is_previewed_or_saved(
    bulk: BulkEditScreen, window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    before = [row.rate.price for row in sqlite_desk.application.pricing.list_prices(networks=True)]

    window.navigator.go("bulk?scope=eu,-view:Gone&rule=raise_margin&value=5")
    qtbot.waitUntil(lambda: "“Gone”" in bulk.form.scope.error.text())
    qtbot.waitUntil(lambda: bulk.is_ready)
    assert countries(bulk) == set()
    QTest.mouseClick(bulk.frame.apply, Qt.MouseButton.LeftButton)
    assert "“Gone”" in window.toast.text
    assert [row.rate.price for row in sqlite_desk.application.pricing.list_prices(networks=True)] == before

    QTest.mouseClick(bulk.form.scope.chips[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: {"AT", "BE", "CY"} < countries(bulk))
    assert not bulk.form.scope.error.isVisible()


def test_a_view_with_a_filter_of_a_newer_program_is_no_scope(
    window: MainWindow, bulk: BulkEditScreen, qtbot: QtBot
) -> None:
    keep_views(window.place.parts.personal, [SavedView("Newer", {"filter": "loss", "weather": "rain"}, {})])

    window.navigator.go("bulk?scope=view:Newer")

    qtbot.waitUntil(lambda: "“Newer”" in bulk.form.scope.error.text())


def test_a_view_that_is_saved_while_an_edit_waits_is_known_afterwards(
    typed: Typed, window: MainWindow, qtbot: QtBot
) -> None:
    screen = typed("austria")
    window.navigator.go("prices")
    keep_views(window.place.parts.personal, [SavedView("Later", {"region": "North America"}, {})])
    window.navigator.go("bulk")
    qtbot.waitUntil(lambda: screen.is_ready and bool(screen._ground and screen._ground.views[0].name == "Later"))

    assert countries(typed("@later")) >= {"AT", "US", "CA"}
    assert screen.table.model().index(0, Column.COUNTRY).isValid()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_as_wide_as_its_words_need(one_theme: Theme, language: str, qtbot: QtBot) -> None:
    speak(language)
    form = BulkForm(one_theme)
    qtbot.addWidget(form)
    form.resize(form.width(), 500)
    form.show()
    form.show_counts(27, 27, 1)

    inside = form.widget()
    assert inside is not None
    qtbot.waitUntil(lambda: form.viewport().width() >= inside.minimumSizeHint().width())
