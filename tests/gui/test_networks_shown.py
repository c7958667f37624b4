"""Vonage in the window: added with its own fields, and the network of a number wherever its price is told."""

import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.draft_contents import Writing
from desktop_app.services.job import Job
from desktop_app.views.dialogs.provider_dialog import ProviderDialog
from desktop_app.views.models.message_timeline import price_reasons
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.screen import ComposeScreen
from desktop_app.views.screens.providers import ProvidersScreen
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate

TELEKOM, NOBODYS = "+4915121345670", "+4915021345670"
MARKUP = PriceRule(RuleKind.MARKUP, 5_000)


def test_vonage_is_added_with_its_own_fields(place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> None:
    screen = ProvidersScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: screen.model.rowCount() == 1)
    activate(screen)
    QTest.keyClick(screen.list, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = screen.findChild(ProviderDialog)
    assert isinstance(dialog, ProviderDialog)
    card = next(one for one in dialog.kinds if one.text() == "Vonage")
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert list(dialog.form.fields) == ["name", "base_url", "api_key", "secret", "currency"]
    dialog.form.fields["base_url"].line.setText(f"{sqlite_desk.sandbox.url}/vonage")

    QTest.keyClicks(dialog.form.fields["api_key"].line, "short")
    QTest.keyClicks(dialog.form.secret.line, "a secret")
    QTest.keyClick(dialog.form.secret.line, Qt.Key.Key_Return)
    key = dialog.form.fields["api_key"]
    assert key.note.text() == "The API key is 8 letters and digits."
    key.line.selectAll()
    QTest.keyClicks(key.line, "abcd1234")
    QTest.keyClick(key.line, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.save_button.isDefault, timeout=20_000)
    QTest.keyClick(dialog.save_button, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: screen.model.row_of("Vonage") >= 0)
    assert screen.model.record(screen.model.row_of("Vonage")).balance is not None


def test_compose_tells_cost_and_price_by_country_and_network(place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.application.accounts.add_provider(
        "Vonage", "vonage", base_url=sqlite_desk.sandbox.url + "/vonage", settings={"api_key": "abcd1234"}, secret="s",
        default=True, actor="anna",
    )  # fmt: skip
    sqlite_desk.application.accounts.sync_costs("Vonage", actor="anna", job=Job())
    sqlite_desk.application.pricing.reprice(MARKUP, actor="anna", countries=["DE"], include_manual=True)
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    screen.resize(1200, 800)
    screen.show()
    activate(screen)
    screen.show_writing(Writing(client="Aurora", country="DE", typed=f"{TELEKOM}\n{NOBODYS}", text="Hello"), ())
    qtbot.waitUntil(lambda: screen.checked is not None and screen.checker.is_settled, timeout=20_000)

    model = screen.view.cost.model
    names = [model.index(row, 0) for row in range(model.rowCount())]
    assert {one.data() for one in names} == {"Germany", "Telekom"}
    assert {one.data(Qt.ItemDataRole.AccessibleTextRole) for one in names} == {"Germany", "Germany · Telekom"}


def test_why_a_price_names_the_network_that_its_range_told() -> None:
    why = {
        "source": "rule_network",
        "list": "Standard",
        "rule": "",
        "price": "0.05",
        "currency": "EUR",
        "mccmnc": "26201",
    }
    assert ("Network by its number range", "26201") in price_reasons(json.dumps(why), "EUR")
    named = price_reasons(json.dumps({**why, "network": "<b>Telekom</b>"}), "EUR")
    assert ("Network by its number range", "<b>Telekom</b> · 26201") in named
