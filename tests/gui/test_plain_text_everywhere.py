"""Texts of clients and providers full of tags are shown as they are, on every screen, page, panel and tooltip."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.app import window_parts
from desktop_app.domain.price_rules import PriceRule, RuleKind
from desktop_app.sandbox.demo.papers import write_letter
from desktop_app.services.job import Job
from desktop_app.services.sender_ids import Paper
from desktop_app.services.sending import SendOrder
from desktop_app.storage.repositories.costs import CostRow, cost_micro
from desktop_app.views.formats import plain_tip
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.clients import ClientsScreen
from desktop_app.views.screens.messages import MessagesScreen
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.screens.providers import ProvidersScreen
from desktop_app.views.screens.senders import SendersScreen
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.number_field import NumberField
from desktop_app.workers.runner import TaskRunner
from tests.fixtures.application import COSTS, Desk, german
from tests.fixtures.windows import make_every_screen, make_window

TAG = "<u>"
CLIENT, PROVIDER, PERSON = "<u>Aurora</u><br>", "<u>Main</u><img src=x>", "<u>Anna</u>"
TEXT, REASON, NAME = "<u>Your parcel</u> <a href=x>here</a>", "<u>asked by phone</u>", "<u>Winter offer</u>"
MOST_ROWS, MOST_COLUMNS = 60, 20
pytestmark = pytest.mark.usefixtures("expected_log")


@pytest.fixture
def tagged(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """A business whose every name, text, reason, answer and error holds tags."""
    desk = open_desk(f"sqlite:///{tmp_path / 'tagged.db'}")
    application = desk.application
    application.preferences.change(actor=PERSON, company="<u>Northwind</u>")
    application.accounts.set_service(on=True, actor=PERSON)
    desk.add_provider("Plain")
    application.accounts.balance("Plain")
    rows = [CostRow(iso, None, "", cost, cost_micro(Decimal(cost)), "EUR") for iso, cost in COSTS.items()]
    rows.append(CostRow("DE", "26201", "<u>Telekom</u>", "0.06", cost_micro(Decimal("0.06")), "EUR"))
    application.pricing.import_costs("Plain", rows, actor=PERSON)
    application.pricing.reprice(PriceRule(RuleKind.MARGIN, 3000), actor=PERSON)
    desk.query(f"UPDATE provider SET name = '{PROVIDER}'")
    fill_clients(desk, tmp_path)
    fill_messages(desk)
    with application.database.begin() as uow:
        stored = uow.providers.list_all()[0]
        uow.providers.pause(stored.provider_id, "<u>The key was refused.</u>")
        uow.providers.note_error(stored.provider_id, "<u>No answer</u>", application.clock())
        uow.mails.queue("one", "it@aurora.example", "<u>Approved</u>", TEXT, application.clock())
        mail = uow.mails.claim(application.clock())
        assert mail is not None
    desk.query("UPDATE mail_outbox SET status = 'failed', detail = '550 <u>no</u>'")
    return desk


def fill_clients(desk: Desk, folder: Path) -> None:
    application = desk.application
    application.clients.add(CLIENT, email="it@aurora.example", actor=PERSON)
    application.credits.top_up(CLIENT, Decimal(100), reason=REASON, actor=PERSON)
    application.credits.adjust(CLIENT, Decimal(-1), reason=REASON, actor=PERSON)
    application.client_terms.change(CLIENT, actor=PERSON, alert=500_000_000)
    letter = write_letter(folder, CLIENT, "AURORA", ("SA",), "Lena <u>H</u>", "1 May 2026", "31 December 2027")
    renamed = letter.with_name("<u>letter<.pdf".replace("/", ""))
    letter.rename(renamed)
    application.sender_ids.request(
        CLIENT, "AURORA", countries=("SA",), documents=(Paper(renamed),), reason=REASON, actor=PERSON
    )  # fmt: skip


def fill_messages(desk: Desk) -> None:
    application = desk.application
    order = SendOrder(CLIENT, "AURORA", TEXT, german(4), PERSON, REASON, name=NAME)
    application.sending.queue(order)
    desk.fail_sends("reset_after_accept")
    desk.drain(deadline_seconds=0.3)
    desk.heal()
    application.sending.queue(replace(order, recipients=german(3, 50)))
    desk.drain()
    application.receipts.poll_once(Job())
    desk.query("UPDATE attempt SET detail = '<u>answer</u>', code = '<u>30008</u>'")


@pytest.fixture
def shown(tagged: Desk, tasks: TaskRunner, theme: Theme, qtbot: QtBot) -> MainWindow:
    application = tagged.application
    parts = window_parts(application, replace(application.settings, actor=PERSON), sandbox=False)
    made = make_window(parts, tasks, theme)
    make_every_screen(made)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=30_000)
    return made


def test_no_text_with_tags_becomes_markup(shown: MainWindow, qtbot: QtBot) -> None:
    seen: set[str] = set()
    problems: set[str] = set()
    for address in addresses(shown):
        shown.navigator.go(address)
        settle(shown, qtbot)
        select_all_there_is(shown, qtbot)
        problems |= {f"{address}: {one}" for one in markup_in(shown, seen)}
    assert sorted(problems) == []
    # Each of the texts was on some screen: nothing was left out by chance.
    joined = "\n".join(seen)
    for text in ("<u>Aurora</u>", "<u>Main</u>", "<u>Anna</u>", "<u>Your parcel</u>", "<u>asked by phone</u>", "<u>Winter offer</u>",
                 "<u>No answer</u>", "<u>Approved</u>", "<u>Telekom</u>", "<u>Northwind</u>", "<u>answer</u>"):  # fmt: skip
        assert text in joined, text


def test_a_client_without_an_address_is_named_plainly(
    tagged: Desk, request: pytest.FixtureRequest, qtbot: QtBot
) -> None:
    tagged.query("UPDATE client SET email = NULL")
    shown: MainWindow = request.getfixturevalue("shown")
    shown.navigator.go("senders")
    settle(shown, qtbot)
    panel = shown.screens.get(SendersScreen).queue.panel
    qtbot.waitUntil(lambda: "<u>Aurora</u>" in panel.told.text())

    assert list(markup_in(shown, set())) == []


def test_typed_and_imported_texts_become_no_markup_in_a_tip(theme: Theme, qtbot: QtBot) -> None:
    field = NumberField("Margin")
    qtbot.addWidget(field)
    field.say_error("“<u>5” is no number.")
    assert field.toolTip() == "<span>“&lt;u&gt;5” is no number.</span>"
    assert plain_tip("row 2: <u>\nrow 3") == "<span>row 2: &lt;u&gt;<br>row 3</span>"
    assert plain_tip("row 2 & 3\nrow 4") == "row 2 & 3\nrow 4"


def addresses(window: MainWindow) -> list[str]:
    settings = ["service", "prices", "rates", "notifications", "data"]
    places = [place.name for place in window.shell.places if place.name != "settings"]
    tabs = ["clients?tab=ledger", "clients?tab=details", "clients?tab=senders", "clients?tab=prices", "messages?tab=jobs",
            "senders?tab=matrix", "senders?tab=rules", "prices?q=telekom", "messages?status=unknown"]  # fmt: skip
    return [*places, *tabs, *(f"settings/{name}" for name in settings)]


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.place.tasks.is_busy, timeout=30_000)


def select_all_there_is(window: MainWindow, qtbot: QtBot) -> None:
    """Select the first row of every list that is seen: its panel opens."""
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        if view.isVisible() and model.rowCount() and not isinstance(view.parent(), QComboBox):
            view.setCurrentIndex(model.index(0, 0))
    settle(window, qtbot)


def markup_in(window: MainWindow, seen: set[str]) -> Iterator[str]:
    for widget in window.findChildren(QWidget):
        # A tip that shows tags as text has them escaped.
        if TAG in widget.toolTip():
            yield f"tip of {type(widget).__name__}: {widget.toolTip()}"
        if isinstance(widget, QLabel) and TAG in widget.text():
            seen.add(widget.text())
            if widget.textFormat() is not Qt.TextFormat.PlainText:
                yield f"label in {type(widget.parent()).__name__}: {widget.text()}"
        elif isinstance(widget, QTextEdit) and widget.toPlainText():
            seen.add(widget.toPlainText())
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from markup_of(widget.model(), type(widget).__name__, seen)
        elif hasattr(widget, "toPlainText") and TAG in widget.toPlainText():
            seen.add(widget.toPlainText())


def markup_of(model: QAbstractItemModel, name: str, seen: set[str]) -> Iterator[str]:
    for row in range(min(MOST_ROWS, model.rowCount())):
        for column in range(MOST_COLUMNS):
            index = model.index(row, column)
            if not index.isValid():
                break
            text, tip = str(index.data() or ""), str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            spoken = str(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")
            seen |= {one for one in (text, spoken) if TAG in one}
            if TAG in tip:
                yield f"tip in {name}, row {row}, column {column}: {tip}"


def test_the_screens_with_panels_are_there(shown: MainWindow) -> None:
    kinds = (ClientsScreen, MessagesScreen, PricesScreen, ProvidersScreen, SendersScreen)
    assert {type(screen) for screen in shown.screens.made} >= set(kinds)
