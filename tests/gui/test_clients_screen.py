"""Clients & credits: the list, a client's page, and everything that changes credit, by clicks and keys."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain.client_ledger import EntryType
from desktop_app.services.client_accounts import ClientState
from desktop_app.services.statements import Month, StatementFormat
from desktop_app.views.dialogs.adjust import AdjustDialog, CorrectDialog
from desktop_app.views.dialogs.api_key import KeyDialog
from desktop_app.views.dialogs.explain import ExplainDialog
from desktop_app.views.dialogs.import_clients import ImportClientsDialog
from desktop_app.views.dialogs.new_client import NewClientDialog
from desktop_app.views.dialogs.statement import StatementDialog
from desktop_app.views.dialogs.top_up import TopUpDialog
from desktop_app.views.models.client_list import ClientChip, ClientOrder
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.clients import ClientsScreen
from desktop_app.views.screens.clients.ledger_tab import Kinds, Span
from desktop_app.views.screens.clients.page import Tab
from tests.fixtures.application import Desk, german
from tests.fixtures.windows import activate

CTRL = Qt.KeyboardModifier.ControlModifier


def _until(qtbot: QtBot, condition: Callable[[], object]) -> None:
    """Wait until something holds: saving waits for the disk, which other programs use too."""
    qtbot.waitUntil(lambda: bool(condition()), timeout=20_000)


@pytest.fixture
def clients(place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> ClientsScreen:
    """The screen with Aurora (100 EUR, a message sent), Borealis (overdrawn) and Corvus (paused); shown and loaded."""
    application = sqlite_desk.application
    sqlite_desk.queue(german(1), reason="Winter loyalty")
    sqlite_desk.drain()
    for name in ("Borealis", "Corvus"):
        application.clients.add(name, email=f"{name.lower()}@example.com", actor="anna")
    application.client_terms.change("Borealis", actor="anna", overdraft=10_000_000, alert=5_000_000)
    application.credits.adjust("Borealis", Decimal("-2.5"), reason="Spent elsewhere", actor="anna")
    application.clients.set_paused("Corvus", paused=True, actor="anna")
    made = ClientsScreen(place)
    qtbot.addWidget(made)
    made.resize(1200, 860)
    made.show()
    activate(made)
    _until(qtbot, lambda: made.is_ready and made.panel.ledger.model.total > 0)
    made.side.list.setFocus()
    return made


@pytest.fixture
def shown(clients: ClientsScreen, qtbot: QtBot) -> Callable[[type[QDialog]], Any]:
    """Waits for a dialog and gives it."""

    def find(kind: type[QDialog]) -> Any:
        _until(qtbot, lambda: any(one.isVisible() for one in clients.findChildren(kind)))
        return next(one for one in clients.findChildren(kind) if one.isVisible())

    return find


def _settle(clients: ClientsScreen, place: Workplace, qtbot: QtBot) -> None:
    _until(qtbot, lambda: not place.tasks.is_busy)


def _names(clients: ClientsScreen) -> list[str]:
    model = clients.side.model
    return [model.record(row).name for row in range(model.rowCount())]


def _click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_the_list_says_how_each_client_stands(clients: ClientsScreen) -> None:
    states = {one.name: one.state for one in clients.side.model.clients}

    assert states == {
        "Aurora": ClientState.ACTIVE, "Borealis": ClientState.OVERDRAWN, "Corvus": ClientState.PAUSED,
    }  # fmt: skip
    assert clients.facts.text() == "3 clients · €97.44 total credit · 1 below its alert level"
    assert clients.side.chips[ClientChip.LOW].text() == "Low 1"
    assert not clients.side.chips[ClientChip.ARCHIVED].isVisible()
    spoken = clients.side.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Borealis, Overdrawn, credit −€2.50, 0 SMS / 30 d"


def test_chips_and_search_narrow_the_list(clients: ClientsScreen, qtbot: QtBot) -> None:
    _click(clients.side.chips[ClientChip.LOW])
    assert _names(clients) == ["Borealis"]
    _click(clients.side.chips[ClientChip.ALL])
    QTest.keyClick(clients, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(clients.side.field, "corv")
    assert _names(clients) == ["Corvus"]
    _until(qtbot, lambda: clients.panel.name.text() == "Corvus")
    QTest.keyClicks(clients.side.field, "xyz")
    assert clients.side.nothing.text() == "No client matches “corvxyz”"
    QTest.keyClick(clients.side.field, Qt.Key.Key_Escape)
    assert len(_names(clients)) == 3


def test_addresses_lead_to_a_client_a_filter_and_an_entry(
    clients: ClientsScreen, place: Workplace, qtbot: QtBot
) -> None:
    clients.open_at(Address("clients", "borealis", {"tab": "details"}))
    _until(qtbot, lambda: clients.panel.name.text() == "Borealis")
    assert clients.panel.details.isVisible()
    clients.open_at(Address("clients", query={"filter": "paused"}))
    assert _names(clients) == ["Corvus"]
    clients.open_at(Address("clients", query={"sort": "credit"}))
    assert _names(clients) == ["Borealis", "Corvus", "Aurora"]
    assert clients.side.model.order is ClientOrder.CREDIT
    first = place.parts.client_accounts.ledger("Aurora", clients.panel.ledger._wanted()).lines[-1]
    clients.open_at(Address("clients", "Aurora", {"entry": str(first.entry_id)}))
    _until(qtbot, lambda: clients.panel.ledger.current is not None)
    assert clients.panel.ledger.current == first


def test_the_page_tells_reserved_and_available_apart(clients: ClientsScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.queue(german(3, 100))
    clients.reload()

    _until(
        qtbot,
        lambda: "reserved" in clients.panel.credit.note.text() and "nothing" not in clients.panel.credit.note.text(),
    )
    assert clients.panel.credit.value.text() == "€99.76"
    assert clients.panel.credit.note.text() == "€99.94 − €0.18 reserved"
    assert clients.panel.used.value.text() == "€0.06"
    assert clients.panel.used.note.text() == "1 SMS, 1 country"
    _until(qtbot, lambda: clients.panel.ledger.model.record(0).kind is EntryType.RESERVED)
    texts = [clients.panel.ledger.model.index(0, column).data().rstrip("\u2007") for column in range(8)]
    assert texts[1:7] == ["Reserved", "3 SMS", "batch 2", "−0.18", "", "99.94"]


def test_an_overdrawn_client_is_paused_from_its_banner_and_back(
    clients: ClientsScreen, place: Workplace, qtbot: QtBot
) -> None:
    clients.side.select("Borealis")
    _until(qtbot, lambda: clients.panel.banner.isVisible())
    assert "It owes €2.50." in clients.panel.banner.text
    _click(clients.panel.banner.retry)
    _until(qtbot, lambda: clients.current is not None and clients.current.client.paused)
    outcomes: list[Any] = []
    place.tasks.undoable.connect(outcomes.append)
    clients.pause_or_resume()
    _until(qtbot, lambda: bool(outcomes))
    assert not place.parts.clients.get("Borealis").paused


def test_one_press_or_three_book_a_top_up_once(
    clients: ClientsScreen, place: Workplace, shown: Callable[[type[QDialog]], Any], qtbot: QtBot, sqlite_desk: Desk
) -> None:
    QTest.keyClick(clients.side.list, Qt.Key.Key_T)
    dialog: TopUpDialog = shown(TopUpDialog)
    QTest.keyClicks(dialog.amount.line, "1.000")
    assert dialog.amount.echo.text() == "= €1,000.00 · credit after €1,099.94"
    assert dialog.book_button.text() == "Top up €1,000.00"
    QTest.keyClicks(dialog.invoice, "2026-1187")
    for _ in range(3):
        QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    dialog.book()
    _until(qtbot, lambda: not [one for one in clients.findChildren(TopUpDialog) if one.isVisible()])
    _settle(clients, place, qtbot)

    assert sqlite_desk.money() == (Decimal("1099.94"), 0)
    line = clients.panel.ledger.model.record(0)
    assert (line.kind, line.amount, line.reason) == (EntryType.TOP_UP, 10**9, "Bank transfer, invoice 2026-1187")
    assert (line.detail.method, line.detail.invoice, line.actor) == ("bank", "2026-1187", "anna")


def test_every_try_of_one_dialog_books_the_same_entry(
    clients: ClientsScreen, shown: Callable[[type[QDialog]], Any], sqlite_desk: Desk
) -> None:
    clients.top_up()
    dialog: TopUpDialog = shown(TopUpDialog)
    QTest.keyClicks(dialog.amount.line, "50")
    # The answer to the first try is lost: the person tries again.
    first, second = dialog._work(), dialog._work()
    assert first is not None
    assert second is not None
    assert first() == second()
    assert sqlite_desk.money() == (Decimal("149.94"), 0)


def test_no_amount_and_too_little_credit_book_nothing(
    clients: ClientsScreen, shown: Callable[[type[QDialog]], Any], qtbot: QtBot, sqlite_desk: Desk
) -> None:
    clients.top_up()
    top_up: TopUpDialog = shown(TopUpDialog)
    for text in ("", "0", "1,0000", "abc"):
        top_up.amount.line.setText(text)
        _click(top_up.book_button)
        assert top_up.isVisible()
        assert top_up.amount.line.toolTip()
    top_up.reject()
    clients.adjust()
    adjust: AdjustDialog = shown(AdjustDialog)
    _click(adjust.direction.buttons[1])
    QTest.keyClicks(adjust.amount.line, "500")
    _click(adjust.book_button)
    assert adjust.problem.isVisible()
    QTest.keyClicks(adjust.reason, "Taken back")
    _click(adjust.book_button)
    _until(qtbot, adjust.banner.isVisible)
    assert "only 99.940000 EUR available" in adjust.banner.text
    adjust.reject()

    assert sqlite_desk.money() == (Decimal("99.94"), 0)


def test_a_correction_asks_for_the_right_amount(
    clients: ClientsScreen, place: Workplace, shown: Callable[[type[QDialog]], Any], qtbot: QtBot, sqlite_desk: Desk
) -> None:
    ledger = clients.panel.ledger
    ledger.table.selectRow(ledger.model.rowCount() - 1)
    ledger.table.setFocus()
    QTest.keyClick(ledger.table, Qt.Key.Key_C)
    dialog: CorrectDialog = shown(CorrectDialog)
    dialog.amount.line.clear()
    QTest.keyClicks(dialog.amount.line, "70")
    assert dialog.amount.echo.text() == "= €70.00 · books −€30.00 · credit after €69.94"
    QTest.keyClicks(dialog.reason, "Paid only 70")
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    _until(qtbot, lambda: ledger.model.record(0).kind is EntryType.CORRECTION)
    _settle(clients, place, qtbot)

    assert sqlite_desk.money() == (Decimal("69.94"), 0)
    assert ledger.model.record(0).corrects_id == ledger.model.record(ledger.model.rowCount() - 1).entry_id
    assert "corrected by −30.00" in ledger.model.index(ledger.model.rowCount() - 1, 2).data()
    ledger.table.selectRow(0)
    ledger.show_corrected()
    assert ledger.table.currentIndex().row() == ledger.model.rowCount() - 1
    ledger.table.selectRow(1)
    ledger.correct()
    assert not [one for one in clients.findChildren(CorrectDialog) if one.isVisible()]


@pytest.mark.parametrize("right", ["70", "130"])
def test_an_entry_that_somebody_else_corrected_meanwhile_is_not_corrected_twice(
    clients: ClientsScreen, shown: Callable[[type[QDialog]], Any], qtbot: QtBot, sqlite_desk: Desk, right: str
) -> None:
    ledger = clients.panel.ledger
    ledger.table.selectRow(ledger.model.rowCount() - 1)
    ledger.correct()
    dialog: CorrectDialog = shown(CorrectDialog)
    entry = ledger.model.record(ledger.model.rowCount() - 1).entry_id
    sqlite_desk.application.credits.take_back("Aurora", entry, Decimal(30), reason="Paid only 70", actor="mert")
    dialog.amount.line.clear()
    QTest.keyClicks(dialog.amount.line, right)
    QTest.keyClicks(dialog.reason, "Paid another amount")
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    _until(qtbot, dialog.banner.isVisible)
    assert dialog.banner.text == "Nothing was booked This entry was corrected meanwhile. Look at it again."
    assert sqlite_desk.money() == (Decimal("69.94"), 0)


def test_the_ledger_is_filtered_by_time_and_type(clients: ClientsScreen, place: Workplace, qtbot: QtBot) -> None:
    ledger = clients.panel.ledger
    for kinds, wanted in ((Kinds.TOP_UP, {EntryType.TOP_UP}), (Kinds.SENDING, {EntryType.SENDING})):
        ledger.kinds.show_value(kinds)
        ledger.kinds.chosen.emit()
        _settle(clients, place, qtbot)
        assert {ledger.model.record(row).kind for row in range(ledger.model.rowCount())} == wanted
    ledger.span.show_value(Span.LAST_MONTH)
    ledger.span.chosen.emit()
    _until(qtbot, lambda: ledger.placeholder.isVisible())
    _click(ledger.placeholder.action)
    _until(qtbot, lambda: ledger.model.total == 2)
    _settle(clients, place, qtbot)
    assert ledger.totals.text() == "2 entries · out €0.06 · in €100.00"


def test_the_balance_is_explained_and_proved(
    clients: ClientsScreen, shown: Callable[[type[QDialog]], Any], qtbot: QtBot
) -> None:
    _click(clients.panel.ledger.explain_button)
    dialog: ExplainDialog = shown(ExplainDialog)

    assert dialog.lines == [
        ("Top-up", "1 entry", "+100.00"), ("Sending", "1 entry", "−0.06"), ("", "", ""), ("Posted credit", "", "€99.94"),
        ("", "", ""), ("Available credit", "", "€99.94"),
    ]  # fmt: skip
    assert dialog.proof.text().startswith("Proved: the audit went over")


def test_a_statement_is_written_and_the_choice_kept(
    clients: ClientsScreen, place: Workplace, shown: Callable[[type[QDialog]], Any], qtbot: QtBot, tmp_path: Path
) -> None:
    QTest.keyClick(clients.side.list, Qt.Key.Key_E, CTRL)
    dialog: StatementDialog = shown(StatementDialog)
    _until(qtbot, lambda: bool(dialog.path.text()))
    _click(dialog.format.buttons[1])
    _until(qtbot, lambda: dialog.path.text().endswith(".csv"))
    assert [figure.text() for figure in dialog.figures] == [
        "€0.00", "+99.94 · 2 entries", "€99.94", "1 SMS to 1 country",
    ]  # fmt: skip
    dialog.path.setText(str(tmp_path / "aurora.csv"))
    QTest.keyClick(dialog.month, Qt.Key.Key_Return)
    _until(qtbot, (tmp_path / "aurora.csv").exists)
    _settle(clients, place, qtbot)
    assert "closing" in (tmp_path / "aurora.csv").read_text("utf-8-sig")
    assert place.parts.personal.recall("clients.statement")["format"] == "csv"
    clients.statement()
    again: StatementDialog = shown(StatementDialog)
    assert again.format.value is StatementFormat.CSV
    assert again.month.value == Month.of(place.parts.clock())
    again.path.setText(str(tmp_path / "aurora.csv"))
    again.path.textEdited.emit(again.path.text())
    _until(qtbot, lambda: bool(again.figures[0].text()))
    _click(again.write_button)
    _until(qtbot, lambda: again.write_button.text() == "Replace file")


def test_details_are_saved_when_they_are_left_and_refused_where_they_stand(
    clients: ClientsScreen, place: Workplace, qtbot: QtBot
) -> None:
    clients.panel.show_tab(Tab.DETAILS)
    details = clients.panel.details
    details.alert.setFocus()
    QTest.keyClicks(details.alert, "1,500")
    assert details.notes["alert"].text() == "= €1,500.00"
    QTest.keyClick(details.alert, Qt.Key.Key_Return)
    details.alert_days.setFocus()
    QTest.keyClicks(details.alert_days, "a week")
    QTest.keyClick(details.alert_days, Qt.Key.Key_Return)
    assert details.notes["alert_days"].text() == "“a week” is not a number of days."
    details.alert_days.clear()
    QTest.keyClicks(details.alert_days, "7")
    QTest.keyClick(details.alert_days, Qt.Key.Key_Return)
    _until(qtbot, lambda: clients.panel.alert.value.text() == "€1,500.00 · 7 days")
    _until(qtbot, lambda: place.parts.client_terms.read("Aurora").alert == 1_500_000_000)
    details.email.setFocus()
    QTest.keyClicks(details.email, "nobody")
    QTest.keyClick(details.email, Qt.Key.Key_Return)
    _until(qtbot, lambda: details.notes["email"].text() == "“nobody” is not an e-mail address.")
    details.name.setFocus()
    details.name.selectAll()
    QTest.keyClicks(details.name, "Aurora Travel")
    QTest.keyClick(details.name, Qt.Key.Key_Return)
    _until(qtbot, lambda: clients.panel.name.text() == "Aurora Travel")
    assert clients.current is not None
    assert clients.current.name == "Aurora Travel"
    assert clients.current.state is ClientState.LOW


def test_a_client_price_is_set_refused_below_cost_and_removed(
    clients: ClientsScreen, place: Workplace, qtbot: QtBot
) -> None:
    clients.panel.show_tab(Tab.PRICES)
    prices = clients.panel.prices
    _until(qtbot, lambda: prices.model.rowCount() == 5)
    prices.filter_field.setText("germ")
    prices.table.selectRow(0)
    prices.table.setFocus()
    QTest.keyClick(prices.table, Qt.Key.Key_F2)
    dialog = next(one for one in clients.findChildren(QDialog) if one.isVisible())
    dialog.field.setText("0.049")  # type: ignore[attr-defined]
    _click(dialog.save_button)  # type: ignore[attr-defined]
    _until(qtbot, lambda: "Below cost" in dialog.says.text() and dialog.save_button.isEnabled())  # type: ignore[attr-defined]
    dialog.field.setText("0.055")  # type: ignore[attr-defined]
    _click(dialog.save_button)  # type: ignore[attr-defined]
    _until(qtbot, lambda: prices.model.record(0).own == 55_000)
    assert prices.model.index(0, 3).data() == "−8.3%"
    activate(clients)
    prices.table.selectRow(0)
    prices.table.setFocus()
    QTest.keyClick(prices.table, Qt.Key.Key_Backspace, CTRL)
    _until(qtbot, lambda: prices.model.record(0).own is None)


def test_the_phone_book_is_filled_searched_and_emptied(clients: ClientsScreen, place: Workplace, qtbot: QtBot) -> None:
    clients.panel.show_tab(Tab.BOOK)
    book = clients.panel.book
    _click(book.group_button)
    dialog = next(one for one in clients.findChildren(QDialog) if one.isVisible())
    QTest.keyClicks(dialog.name.line, "Winter")  # type: ignore[attr-defined]
    QTest.keyClick(dialog.name.line, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    _until(qtbot, lambda: book.groups.count() == 2)
    book.groups.setCurrentRow(1)
    _click(book.add_button)
    contact = next(one for one in clients.findChildren(QDialog) if one.isVisible())
    QTest.keyClicks(contact.number.line, "+49 151 10000004")  # type: ignore[attr-defined]
    contact.values.setPlainText("first_name: Lena\nnothing")  # type: ignore[attr-defined]
    _click(contact.save_button)  # type: ignore[attr-defined]
    _until(qtbot, lambda: book.model.rowCount() == 1)
    assert book.model.index(0, 1).data() == "first_name: Lena"
    QTest.keyClicks(book.search, "nobody")
    _until(qtbot, lambda: book.model.rowCount() == 0)
    book.search.clear()
    _until(qtbot, lambda: book.model.rowCount() == 1)
    activate(clients)
    book.table.selectRow(0)
    book.table.setFocus()
    QTest.keyClick(book.table, Qt.Key.Key_Delete)
    _until(qtbot, lambda: book.model.rowCount() == 0)
    assert place.parts.phone_book.count("Aurora") == 0


def test_contacts_come_from_a_file(clients: ClientsScreen, place: Workplace, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "Name;Phone\nLena;+49 151 10000004\nJonas;0151 10000005\nLena B;+4915110000004\nMia;12\n", encoding="utf-8"
    )
    clients.panel.book.show_client(clients.panel.page)  # type: ignore[arg-type]
    clients.panel.book.import_file(path)
    dialog: Any = next(one for one in clients.findChildren(QDialog) if one.isVisible())
    _until(qtbot, lambda: bool(dialog.says.text()))
    dialog.country.show_value("DE")
    dialog.country.chosen.emit()
    _until(qtbot, lambda: dialog.says.text() == "2 contacts · 1 duplicate · 1 cannot be read")
    assert not dialog.import_button.isEnabled()
    _click(dialog.skip)
    dialog.skip.setChecked(True)
    _click(dialog.import_button)
    _until(qtbot, lambda: place.parts.phone_book.count("Aurora") == 2)
    known = {one.number: dict(one.fields) for one in place.parts.phone_book.page("Aurora").contacts}
    assert known == {german(1, 4)[0]: {"name": "Lena B"}, german(1, 5)[0]: {"name": "Jonas"}}


def test_a_client_is_added_archived_and_restored(
    clients: ClientsScreen, place: Workplace, shown: Callable[[type[QDialog]], Any], qtbot: QtBot
) -> None:
    QTest.keyClick(clients, Qt.Key.Key_N, CTRL)
    dialog: NewClientDialog = shown(NewClientDialog)
    QTest.keyClicks(dialog.name.line, "aurora")
    _click(dialog.save_button)
    _until(qtbot, lambda: "already a client" in dialog.name.note.text())
    dialog.name.line.selectAll()
    QTest.keyClicks(dialog.name.line, "aurora two")
    _click(dialog.save_button)
    _until(qtbot, lambda: len(clients.side.model.clients) == 4)
    clients.open_at(Address("clients", "aurora two"))
    _until(qtbot, lambda: clients.panel.name.text() == "aurora two")
    clients.archive_or_restore()
    _until(qtbot, lambda: "aurora two" not in _names(clients))
    clients.open_at(Address("clients", "aurora two"))
    _until(qtbot, lambda: clients.panel.banner.isVisible() and "archived" in clients.panel.banner.text)
    assert clients.side.chip is ClientChip.ARCHIVED
    _click(clients.panel.banner.retry)
    _until(qtbot, lambda: place.parts.client_accounts.summary("aurora two").state is ClientState.ACTIVE)


def test_a_new_api_key_is_shown_once(
    clients: ClientsScreen, place: Workplace, shown: Callable[[type[QDialog]], Any], qtbot: QtBot
) -> None:
    clients.panel.show_tab(Tab.DETAILS)
    _click(clients.panel.details.key_button)
    dialog: KeyDialog = shown(KeyDialog)
    assert len(dialog.key.text()) > 40
    assert dialog.key.isReadOnly()
    dialog.accept()
    _until(qtbot, lambda: "in use" in clients.panel.details.key_says.text())
    _click(clients.panel.details.key_button)
    question = next(one for one in clients.findChildren(QDialog) if one.isVisible() and one is not dialog)
    assert any(button.text() == "Replace key" for button in question.findChildren(QPushButton))


def test_an_import_says_that_the_file_was_imported_before(
    clients: ClientsScreen, place: Workplace, shown: Callable[[type[QDialog]], Any], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("Client,Credit\nDelphin,250\nErebus,0\n", encoding="utf-8")
    clients.import_file(path)
    dialog: ImportClientsDialog = shown(ImportClientsDialog)
    _until(qtbot, lambda: dialog.says.text() == "2 new clients · €250.00 opening credit")
    _click(dialog.import_button)
    _until(qtbot, lambda: len(clients.side.model.clients) == 5)
    clients.import_file(path)
    again: ImportClientsDialog = shown(ImportClientsDialog)
    _until(qtbot, again.banner.isVisible)
    assert "This file was imported before" in again.banner.text
    assert not again.import_button.isEnabled()
    assert place.parts.credits.balance("Delphin").posted == 250_000_000


def test_names_of_clients_are_plain_text_everywhere(
    clients: ClientsScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    name = "<b>Bold</b> & <img src=x>"
    sqlite_desk.application.clients.add(name, actor="anna")
    clients.reload()
    _until(qtbot, lambda: len(clients.side.model.clients) == 4)
    clients.open_at(Address("clients", name))
    _until(qtbot, lambda: clients.panel.name.text() == name)
    assert clients.panel.name.textFormat() is Qt.TextFormat.PlainText
    tip = clients.side.model.index(clients.side.model.row_of(name), 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip


def test_every_control_of_every_part_has_a_name(
    clients: ClientsScreen, place: Workplace, named: Callable[[QWidget], dict[QWidget, str]], qtbot: QtBot
) -> None:
    for tab in Tab:
        clients.panel.show_tab(tab)
        _settle(clients, place, qtbot)
        assert [type(widget).__name__ for widget, name in named(clients).items() if not name] == []


@pytest.mark.parametrize("which", ["ledger", "list", "prices", "contacts"])
def test_the_models_keep_the_rules_of_qt(clients: ClientsScreen, which: str) -> None:
    models: dict[str, QAbstractItemModel] = {
        "ledger": clients.panel.ledger.model, "list": clients.side.model, "prices": clients.panel.prices.model,
        "contacts": clients.panel.book.model,
    }  # fmt: skip
    tester = QAbstractItemModelTester(models[which], QAbstractItemModelTester.FailureReportingMode.Fatal)
    clients.side.model.arrange(ClientChip.LOW, ClientOrder.DAYS)
    assert tester.model() is models[which]


def test_the_chart_is_walked_with_the_arrow_keys_and_every_step_is_spoken(
    clients: ClientsScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []
    monkeypatch.setattr("desktop_app.views.widgets.walked_chart.announce", lambda _widget, text: spoken.append(text))
    chart = clients.panel.chart
    assert chart.isVisible()
    chart.setFocus()
    said: list[str] = []
    chart.looked_at.connect(said.append)
    QTest.keyClick(chart, Qt.Key.Key_Home)
    QTest.keyClick(chart, Qt.Key.Key_End)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert [text.partition(": ")[2] for text in said] == ["€0.00", "€99.94", "€99.94"]
    assert spoken == said
