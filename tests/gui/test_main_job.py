"""The main job by hand: provider, costs, markup, client, credit, sender ID, send, receipts, price list; nothing but clicks and keys."""

import csv
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.app import open_application, open_window_parts
from desktop_app.config import Settings, load_settings
from desktop_app.sandbox.demo.papers import write_letter
from desktop_app.sandbox.server import Sandbox
from desktop_app.services.personal import PersonalSettings
from desktop_app.views.dialogs.default_rule import DefaultRuleDialog
from desktop_app.views.dialogs.export_prices import MEMORY, ExportDialog
from desktop_app.views.dialogs.new_client import NewClientDialog
from desktop_app.views.dialogs.provider_dialog import ProviderDialog
from desktop_app.views.dialogs.top_up import TopUpDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.clients import ClientsScreen
from desktop_app.views.screens.compose.review_dialog import ReviewDialog
from desktop_app.views.screens.compose.screen import ComposeScreen
from desktop_app.views.screens.messages import MessagesScreen
from desktop_app.views.screens.overview import OverviewScreen
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.screens.senders import SendersScreen
from desktop_app.views.screens.senders.new_request import NewRequestDialog
from desktop_app.views.session import Session
from desktop_app.views.theme import Theme
from tests.fixtures.application import ACCOUNT, ENVIRONMENT, SECRET, german
from tests.fixtures.windows import activate

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return load_settings(ENVIRONMENT, profile=tmp_path / "profile", actor="anna")


@pytest.fixture
def session(settings: Settings, theme: Theme) -> Iterator[Session]:
    personal = PersonalSettings(settings.profile)
    made = Session(lambda opening: open_window_parts(settings, opening), personal, theme, MainWindow({}))
    yield made
    made.close()
    made.window.deleteLater()


class Hands:
    """What a person at the keyboard does."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot

    def until(self, condition: Callable[[], bool | None]) -> None:
        """Wait for what is on its way."""
        self._qtbot.waitUntil(condition, timeout=30_000)

    def go(self, key: Qt.Key) -> None:
        """Go to a screen."""
        self.come_back()
        QTest.keyClick(self.window, key, CTRL)

    def dialog(self, kind: type[D]) -> D:
        """Return the dialog that opened."""
        self.until(lambda: any(one.isVisible() for one in self.window.findChildren(kind)))
        return next(one for one in self.window.findChildren(kind) if one.isVisible())

    def click(self, widget: QWidget) -> None:
        """Click it."""
        QTest.mouseClick(widget, LEFT)

    def gone(self, dialog: QDialog) -> None:
        """Wait until a dialog is done, and be at the window again."""
        self.until(lambda: dialog not in self.window.findChildren(QDialog) or not dialog.isVisible())
        self.come_back()

    def come_back(self) -> None:
        """Be at the window: without a display nobody else makes it the active one."""
        activate(self.window)


def connect(hands: Hands, sandbox: Sandbox) -> None:
    hands.click(hands.window.frame.welcome.connect_provider)
    dialog = hands.dialog(ProviderDialog)
    dialog.form.fields["base_url"].line.setText(f"{sandbox.url}/twilio")
    QTest.keyClicks(dialog.form.fields["account_sid"].line, ACCOUNT)
    QTest.keyClicks(dialog.form.secret.line, SECRET)
    QTest.keyClick(dialog.form.secret.line, Qt.Key.Key_Return)
    hands.until(dialog.save_button.isDefault)
    QTest.keyClick(dialog.save_button, Qt.Key.Key_Return)
    rule = hands.dialog(DefaultRuleDialog)
    QTest.keyClick(rule.margin, Qt.Key.Key_Return)


def price_with_markup(hands: Hands) -> None:
    """Costs of all countries are there; a profit rate of 25 % makes every price."""
    prices = hands.window.screens.get(PricesScreen)
    hands.go(Qt.Key.Key_4)
    hands.until(lambda: prices.model.rowCount() >= 200 and not hands.window.job_board.running)
    QTest.keyClicks(prices.head.rate_field, "25")
    QTest.keyClick(prices.head.rate_field, Qt.Key.Key_Return)
    pricing = hands.window.place.parts.pricing

    def all_priced() -> bool:
        rows = [row.rate for row in pricing.list_prices(networks=False) if row.rate.cost]
        return len(rows) >= 200 and all(row.price and row.rule == "markup 25.00" for row in rows)

    hands.until(all_priced)


def add_client(hands: Hands) -> None:
    clients = hands.window.screens.get(ClientsScreen)
    hands.go(Qt.Key.Key_5)
    hands.until(lambda: hands.window.screens.shown is clients)
    QTest.keyClick(clients, Qt.Key.Key_N, CTRL)
    dialog = hands.dialog(NewClientDialog)
    QTest.keyClicks(dialog.name.line, "Aurora")
    QTest.keyClicks(dialog.email.line, "lena@aurora.example")
    QTest.keyClick(dialog.email.line, Qt.Key.Key_Return)
    hands.gone(dialog)
    hands.until(lambda: clients.panel.name.text() == "Aurora")
    clients.side.list.setFocus()
    QTest.keyClick(clients.side.list, Qt.Key.Key_T)
    top_up = hands.dialog(TopUpDialog)
    QTest.keyClicks(top_up.amount.line, "100")
    QTest.keyClicks(top_up.invoice, "2026-1")
    hands.click(top_up.book_button)
    hands.gone(top_up)


def approve_sender(hands: Hands, folder: Path) -> None:
    """A sender ID that needs no approval in Germany, and is approved for Saudi Arabia with its letter."""
    senders = hands.window.screens.get(SendersScreen)
    hands.go(Qt.Key.Key_6)
    hands.until(lambda: hands.window.screens.shown is senders)
    QTest.keyClick(senders, Qt.Key.Key_N, CTRL)
    dialog = hands.dialog(NewRequestDialog)
    hands.until(lambda: dialog.client.count() == 2)
    dialog.client.setFocus()
    QTest.keyClick(dialog.client, Qt.Key.Key_Down)
    assert dialog.client.value == "Aurora"
    QTest.keyClicks(dialog.sender_field, "AURORA")
    QTest.keyClicks(dialog.countries.line, "Saudi Arabia")
    QTest.keyClick(dialog.countries.line, Qt.Key.Key_Return)
    dialog.attach(
        [write_letter(folder, "Aurora", "AURORA", ("SA",), "Lena Hartmann", "1 May 2026", "31 December 2027")]
    )
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    hands.gone(dialog)
    hands.until(lambda: senders.queue.panel.request is not None)
    service = hands.window.place.parts.sender_ids
    senders.queue.list.setFocus()
    QTest.keyClick(senders.queue.list, Qt.Key.Key_A)
    hands.until(lambda: [(one.country, one.status) for one in service.list_rows("Aurora")] == [("SA", "approved")])


def send(hands: Hands, numbers: list[str]) -> None:
    compose = hands.window.screens.get(ComposeScreen)
    hands.go(Qt.Key.Key_2)
    hands.until(lambda: bool(compose.view.client.first_name))
    QTest.keyClicks(compose.view.client, "auro")
    QTest.keyClick(compose.view.client, Qt.Key.Key_Return)
    hands.until(lambda: compose.senders.client_name == "Aurora")
    QGuiApplication.clipboard().setText("\n".join(numbers))
    QTest.keyClick(compose.view.recipients.field, Qt.Key.Key_V, CTRL)
    hands.until(lambda: len(compose.recipients.audience.numbers) == len(numbers))
    compose.view.message.setFocus()
    QTest.keyClicks(compose.view.message, "Your booking is confirmed")
    hands.until(lambda: compose.checked is not None and compose.checker.is_settled)
    QTest.keyClick(compose.view.message, Qt.Key.Key_Return, CTRL)
    hands.until(lambda: isinstance(compose.flow.dialog, ReviewDialog))
    dialog = compose.flow.dialog
    assert isinstance(dialog, ReviewDialog)
    hands.until(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)


def see_delivered(hands: Hands, count: int) -> None:
    messages = hands.window.screens.get(MessagesScreen)
    hands.go(Qt.Key.Key_3)
    model = messages.page.model
    hands.until(
        lambda: model.rowCount() == count and all(model.index(row, 7).data() == "Delivered" for row in range(count))
    )


def export(hands: Hands, folder: Path) -> Path:
    hands.window.place.parts.personal.remember(MEMORY, {"folder": str(folder), "format": "csv"})
    prices = hands.window.screens.get(PricesScreen)
    hands.go(Qt.Key.Key_4)
    prices.table.setFocus()
    QTest.keyClick(prices.table, Qt.Key.Key_E, CTRL)
    dialog = hands.dialog(ExportDialog)
    QTest.keyClicks(dialog.form.client, "Aurora")
    hands.click(dialog.form.format.buttons[0])
    QTest.keyClick(dialog.form.format.buttons[0], Qt.Key.Key_Return)
    hands.until(lambda: bool(list(folder.glob("*.csv"))) and not hands.window.job_board.running)
    return next(folder.glob("*.csv"))


def test_the_main_job_is_done_by_hand(
    session: Session, settings: Settings, sandbox: Sandbox, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(session.opened, timeout=30_000):
        session.start()
    hands, numbers = Hands(session.window, qtbot), german(5, start=4)

    connect(hands, sandbox)
    price_with_markup(hands)
    add_client(hands)
    approve_sender(hands, tmp_path)
    send(hands, numbers)
    see_delivered(hands, len(numbers))
    file = export(hands, tmp_path)

    overview = session.window.screens.get(OverviewScreen)
    hands.go(Qt.Key.Key_1)
    hands.until(lambda: overview.kpis.sent.value.text() == "5")
    assert overview.kpis.delivered.value.text() == "100.0%"
    assert not overview.steps.isVisible()
    revenue = overview.kpis.revenue.value.text()
    session.window.close()
    session.close()

    with file.open(encoding="utf-8-sig", newline="") as stream:
        listed = {row["country"]: row for row in csv.DictReader(stream) if not row.get("mccmnc")}
    with open_application(settings, environment=ENVIRONMENT) as application:
        rates = {row.rate.country: row.rate for row in application.pricing.list_prices(networks=False)}
        price = Decimal(rates["DE"].price or 0) / 10**6
        assert Decimal(listed["DE"]["price"]) == price
        assert application.credits.balance("Aurora").available == 100_000_000 - len(numbers) * int(price * 10**6)
        assert application.credits.balance("Aurora").held == 0
        assert application.credits.verify().problems == ()
        assert {(row.to, str(row.status)) for row in application.delivery.list_messages()} == {
            (number, "delivered") for number in numbers
        }
        assert revenue == f"€{len(numbers) * price:,.2f}"
