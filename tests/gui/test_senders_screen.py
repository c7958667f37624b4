"""The Sender IDs screen by clicks and keys, on a real application: queue, documents, decisions, matrix, rules, new requests."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.domain.sender_documents import DocumentState, Purpose
from desktop_app.domain.sender_ids import Alphanumeric, ApprovalStatus
from desktop_app.sandbox.demo.papers import write_letter, write_registration, write_sample, write_scan
from desktop_app.services.sender_decisions import Decision
from desktop_app.services.sender_ids import Paper
from desktop_app.views.dialogs.country_rule_dialog import CountryRuleDialog
from desktop_app.views.dialogs.question import Question
from desktop_app.views.dialogs.sender_dialogs import AskDialog, DayDialog, HandOverDialog, RejectDialog
from desktop_app.views.models.activity_rows import find_countries
from desktop_app.views.models.sender_matrix import CellState
from desktop_app.views.models.sender_queue import Chip, SenderQueueModel
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.activity_targets import target_of
from desktop_app.views.screens.senders import SendersScreen
from desktop_app.views.screens.senders.new_request import NewRequestDialog
from desktop_app.views.screens.senders.screen import Tab
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.country_card import CountryCard
from desktop_app.views.widgets.country_field import CountryField
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.workers.runner import Outcome
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate
from tests.gui.conftest import Said

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
D = TypeVar("D", bound=QDialog)
Ask = Callable[..., None]


@pytest.fixture
def ask(sqlite_desk: Desk, tmp_path: Path) -> Ask:
    """Requests a sender ID for Aurora with a letter, and with more."""

    def request(sender: str, *countries: str, more: tuple[Paper, ...] = (), client: str = "Aurora") -> None:
        letter = write_letter(
            tmp_path, client, sender, countries, "Lena Hartmann, Director", "1 May 2026", "31 December 2027"
        )
        papers = (Paper(letter, Purpose.AUTHORISATION), *more)
        sqlite_desk.application.sender_ids.request(
            client, sender, countries=countries, documents=papers, actor="Lena Hartmann"
        )

    return request


@pytest.fixture
def sample(tmp_path: Path) -> Paper:
    return Paper(write_sample(tmp_path, "Aurora", "AURORA", "Your booking is confirmed."), Purpose.CONTENT)


@pytest.fixture
def screen(place: Workplace, sqlite_desk: Desk, ask: Ask, sample: Paper, qtbot: QtBot) -> SendersScreen:
    """Three requests: AURORA for three countries of which one lacks a document, MEDI, and ZETA without any paper needed."""
    sqlite_desk.query("UPDATE client SET email = 'lena@aurora.example', language = 'de' WHERE name = 'Aurora'")
    ask("AURORA", "KW", "QA", "SA", more=(sample,))
    ask("MEDI", "SA")
    ask("ZETA", "SA")
    made = SendersScreen(place)
    qtbot.addWidget(made)
    made.resize(1220, 800)
    made.show()
    activate(made)
    qtbot.waitUntil(lambda: made.queue.model.rowCount() == 3)
    made.queue.list.setFocus()
    shown(made, "AURORA", qtbot)
    return made


def shown(screen: SendersScreen, sender: str, qtbot: QtBot) -> None:
    """Wait until a request is shown in full, its document too."""

    def there() -> bool:
        request = screen.queue.panel.request
        return request is not None and request.stored.sender == sender and screen.queue.viewer.page_count > 0

    qtbot.waitUntil(there, timeout=20_000)


def opened(kind: type[D], qtbot: QtBot) -> D:
    """Return the dialog of a kind that is open."""

    def all_open() -> list[D]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isActiveWindow()]

    qtbot.waitUntil(lambda: bool(all_open()))
    return all_open()[0]


def statuses(desk: Desk, sender: str) -> dict[str | None, str]:
    rows = desk.application.sender_ids.list_rows("Aurora")
    return {row.country: row.status for row in rows if row.sender == sender}


def cards(screen: SendersScreen) -> dict[str, CountryCard]:
    return {card.state.country: card for card in screen.queue.panel.cards}


def mails(desk: Desk) -> list[tuple[str, str]]:
    return [
        (str(status), str(subject))
        for status, subject in desk.query("SELECT status, subject FROM mail_outbox ORDER BY id")
    ]


def test_the_first_request_and_its_first_new_document_are_open(screen: SendersScreen) -> None:
    panel, viewer = screen.queue.panel, screen.queue.viewer

    assert [card.country_name for card in panel.cards] == ["Kuwait", "Qatar", "Saudi Arabia"]
    assert [card.box.isChecked() for card in panel.cards] == [False, True, True]
    assert panel.approve_button.text() == "Approve 2 countries"
    assert panel.told.text() == "The client is told by e-mail: lena@aurora.example"
    assert viewer.name.text() == "Letter of authorisation.pdf"
    assert viewer.checks.count.text() == "4 of 4 found"
    assert len(viewer.canvas.boxes) == 1
    left, top, width, height = viewer.canvas.boxes[0]
    assert 0.2 < left < 0.4
    assert 0.2 < top < 0.35
    assert 0 < width < 0.2
    assert 0 < height < 0.05


def test_a_country_with_a_missing_document_cannot_be_ticked_and_says_why(screen: SendersScreen) -> None:
    kuwait = cards(screen)["KW"]
    assert not kuwait.box.isEnabled()
    assert kuwait.box.toolTip() == "Cannot be approved: Company registration is missing."

    QTest.keyClick(screen.queue.list, Qt.Key.Key_1)
    QTest.mouseClick(kuwait, LEFT)
    QTest.keyClick(screen.queue.list, Qt.Key.Key_3)

    assert [card.box.isChecked() for card in screen.queue.panel.cards] == [False, True, False]
    assert screen.queue.panel.decision.text() == "Decision for 1 country: Qatar"


def test_approving_opens_the_next_request_and_is_undone_within_the_grace_time(
    screen: SendersScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    outcomes: list[Outcome[object]] = []
    place.tasks.undoable.connect(outcomes.append)
    before = statuses(sqlite_desk, "AURORA")

    QTest.keyClick(screen.queue.list, Qt.Key.Key_A)

    shown(screen, "MEDI", qtbot)
    assert statuses(sqlite_desk, "AURORA") == {"KW": "pending", "QA": "approved", "SA": "approved"}
    assert outcomes[0].undo_label == "AURORA approved for 2 countries"
    assert [status for status, _ in mails(sqlite_desk)] == ["queued"]
    undo = outcomes[0].undo
    assert undo is not None
    place.tasks.command(undo, owner=screen)
    qtbot.waitUntil(lambda: statuses(sqlite_desk, "AURORA") == before)
    assert [status for status, _ in mails(sqlite_desk)] == ["cancelled"]


def test_an_approval_can_have_a_last_day(screen: SendersScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    ends = screen.queue.panel.ends
    ends.setFocus()
    QTest.keyClick(ends, Qt.Key.Key_End)  # until…
    ends.chosen.emit()
    dialog = opened(DayDialog, qtbot)
    dialog.day.setDate(dialog.day.date().addYears(1))
    chosen = dialog.day.date()
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: screen.queue.panel.until is not None)

    QTest.mouseClick(screen.queue.panel.approve_button, LEFT)

    qtbot.waitUntil(lambda: statuses(sqlite_desk, "AURORA")["SA"] == "approved")
    states = screen.place.parts.sender_reviews.request(1 + 1).countries
    until = {one.approval.expires_at.astimezone().date() for one in states if one.approval.expires_at is not None}
    assert until <= {date(chosen.year(), chosen.month(), chosen.day())}
    found = sqlite_desk.query("SELECT COUNT(*) FROM sender_approval WHERE expires_at IS NOT NULL")
    assert found == [(2,)]


def test_rejecting_needs_a_reason_and_shows_the_mail_in_the_clients_language(
    screen: SendersScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    QTest.keyClick(screen.queue.list, Qt.Key.Key_R)
    dialog = opened(RejectDialog, qtbot)
    assert "Deutsch" in " ".join(one.text() for one in dialog.findChildren(QLabel))
    QTest.keyClick(dialog.reason, Qt.Key.Key_End)
    assert dialog.note.toPlainText() == ""
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "Write what the client has to do" in dialog.error.text())

    QTest.keyClicks(dialog.note, "Bitte anders nennen.")
    qtbot.waitUntil(lambda: "Bitte anders nennen." in dialog.preview.text.toPlainText())
    assert "Saudi-Arabien" in dialog.preview.text.toPlainText()
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)

    qtbot.waitUntil(lambda: statuses(sqlite_desk, "AURORA")["SA"] == "rejected")
    assert statuses(sqlite_desk, "AURORA") == {"KW": "pending", "QA": "rejected", "SA": "rejected"}
    ((note, actor),) = sqlite_desk.query("SELECT note, decided_by FROM sender_approval WHERE country = 'QA'")
    assert (note, actor) == ("Bitte anders nennen.", "anna")


def test_asking_for_documents_names_what_is_missing(screen: SendersScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClick(screen.queue.list, Qt.Key.Key_D)
    dialog = opened(AskDialog, qtbot)
    assert dialog.wanted == (Purpose.REGISTRATION,)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)

    qtbot.waitUntil(lambda: len(mails(sqlite_desk)) == 1)
    assert statuses(sqlite_desk, "AURORA")["KW"] == "pending"
    shown(screen, "AURORA", qtbot)


def test_handing_over_moves_a_request_under_at_provider(screen: SendersScreen, place: Workplace, qtbot: QtBot) -> None:
    screen.queue.step(1)
    shown(screen, "MEDI", qtbot)
    place.commands.action("senders.hand_over").trigger()
    dialog = opened(HandOverDialog, qtbot)
    dialog.days.setValue(5)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)

    qtbot.waitUntil(lambda: screen.queue.model.count(Chip.AT_PROVIDER) == 1)
    QTest.mouseClick(screen.queue.chips[Chip.AT_PROVIDER], LEFT)
    assert [screen.queue.model.item(row).sender for row in range(screen.queue.model.rowCount())] == ["MEDI"]
    shown(screen, "MEDI", qtbot)
    assert screen.queue.panel.state.text == "At provider"
    QTest.mouseClick(screen.queue.panel.approve_button, LEFT)
    qtbot.waitUntil(lambda: screen.queue.model.count(Chip.AT_PROVIDER) == 0)


def test_space_marks_documents_one_after_the_other(screen: SendersScreen, qtbot: QtBot) -> None:
    viewer = screen.queue.viewer
    QTest.keyClick(screen.queue.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: viewer.current is not None and viewer.current.name == "Content sample.pdf")
    QTest.keyClick(screen.queue.list, Qt.Key.Key_Space)

    def all_checked() -> bool:
        request = screen.queue.panel.request
        return request is not None and all(one.state is DocumentState.CHECKED for one in request.documents)

    qtbot.waitUntil(all_checked)
    QTest.mouseClick(viewer.refuse_button, LEFT)
    qtbot.waitUntil(lambda: not cards(screen)["QA"].can_be_ticked)
    assert cards(screen)["QA"].pill.text == "1 document missing"


def test_documents_are_opened_from_their_country_turned_and_enlarged(screen: SendersScreen, qtbot: QtBot) -> None:
    viewer = screen.queue.viewer
    need = next(one for one in cards(screen)["QA"].needs if one.name == "Content sample.pdf")
    QTest.mouseClick(need, LEFT)
    qtbot.waitUntil(lambda: viewer.name.text() == "Content sample.pdf" and viewer.page_count == 1)
    viewer.canvas.setFocus()

    QTest.keyClick(viewer.canvas, Qt.Key.Key_Plus, CONTROL)
    QTest.mouseClick(viewer.turn, LEFT)

    assert (viewer.canvas.zoom, viewer.canvas.turns) == (125, 1)
    sheet = viewer.canvas.widget()
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.width() > sheet.height() > 0, timeout=20_000)
    assert viewer.zoom.text() == "125%"


def test_a_scan_says_that_it_has_no_text(
    screen: SendersScreen, ask: Ask, tmp_path: Path, place: Workplace, qtbot: QtBot
) -> None:
    scan = Paper(write_scan(tmp_path, "Company registration", 7), Purpose.REGISTRATION)
    place.parts.sender_decisions.decide(_number(place, "MEDI"), ["SA"], Decision(ApprovalStatus.APPROVED), actor="b")
    ask("MEDI", "KW", more=(scan,))
    screen.reload()
    screen.open_at(Address("senders", str(_number(place, "MEDI"))))
    shown(screen, "MEDI", qtbot)
    request = screen.queue.panel.request
    assert request is not None
    picture = next(one for one in request.documents if one.purpose is Purpose.REGISTRATION)

    screen.queue.viewer.show_document(picture.document_id)

    qtbot.waitUntil(screen.queue.viewer.note.isVisible, timeout=20_000)
    assert screen.queue.viewer.note.text() == "No text in this document. Check by eye."
    assert screen.queue.viewer.canvas.isVisible()


def _number(place: Workplace, sender: str, client: str = "Aurora") -> int:
    found = place.parts.sender_reviews.find(client, sender)
    assert found is not None
    return found


def test_a_document_leaves_the_window_only_after_a_warning(
    screen: SendersScreen, tmp_path: Path, qtbot: QtBot, said: Said
) -> None:
    viewer = screen.queue.viewer
    document = viewer.current
    assert document is not None
    viewer.save_wanted.emit(document)
    question = opened(Question, qtbot)
    assert "comes from outside" in " ".join(one.text() for one in question.findChildren(QLabel))
    question.reject()

    screen.queue.papers.save(document, tmp_path / "copy.pdf")

    qtbot.waitUntil(lambda: "Letter of authorisation.pdf saved" in said.texts)
    assert (tmp_path / "copy.pdf").stat().st_size == document.size


def test_search_finds_sender_and_client_under_every_chip(screen: SendersScreen, qtbot: QtBot) -> None:
    QTest.keyClick(screen, Qt.Key.Key_F, CONTROL)
    QTest.keyClicks(screen.queue.find_field, "zet")
    assert [screen.queue.model.item(row).sender for row in range(screen.queue.model.rowCount())] == ["ZETA"]
    QTest.keyClicks(screen.queue.find_field, "xyz")
    assert screen.queue.nothing.text() == "No sender ID or client matches “zetxyz”"
    QTest.keyClick(screen.queue.find_field, Qt.Key.Key_Escape)
    assert screen.queue.model.rowCount() == 3


def test_j_and_k_walk_through_the_queue(screen: SendersScreen, qtbot: QtBot) -> None:
    QTest.keyClick(screen.queue.list, Qt.Key.Key_J)
    shown(screen, "MEDI", qtbot)
    QTest.keyClick(screen.queue.list, Qt.Key.Key_K)
    shown(screen, "AURORA", qtbot)


def test_the_matrix_is_walked_filtered_opened_and_exported(
    screen: SendersScreen, tmp_path: Path, said: Said, qtbot: QtBot
) -> None:
    QTest.mouseClick(screen.tabs.buttons[1], LEFT)
    qtbot.waitUntil(lambda: screen.matrix.model.rowCount() >= 3)
    table, model = screen.matrix.table, screen.matrix.model
    column = model.matrix.countries.index("SA")
    rows = [row.sender.text for row in model.shown]
    assert model.state(rows.index("MEDI"), column) is CellState.WAITING
    assert model.state(rows.index("MEDI"), model.matrix.countries.index("US")) is CellState.NUMBER
    spoken = model.index(rows.index("MEDI"), column).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "MEDI, Saudi Arabia, Waiting"
    table.setFocus()
    table.setCurrentIndex(model.index(rows.index("MEDI") - 1, column))
    QTest.keyClick(table, Qt.Key.Key_Down)

    screen.matrix.export_to(tmp_path / "matrix.csv")
    qtbot.waitUntil(lambda: bool(said.texts))
    assert said.texts[-1].startswith("Matrix exported: ")
    QTest.keyClick(table, Qt.Key.Key_Return)

    shown(screen, "MEDI", qtbot)
    assert screen.tab is Tab.QUEUE
    screen.show_tab(Tab.MATRIX)
    screen.matrix.state.show_value(CellState.APPROVED)
    screen.matrix.state.chosen.emit()
    assert screen.matrix.nothing.isVisible()


def test_a_rule_is_edited_lists_what_it_touches_and_goes_back(
    screen: SendersScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    outcomes: list[Outcome[object]] = []
    place.tasks.undoable.connect(outcomes.append)
    sqlite_desk.queue(["+4915112345678"])
    screen.open_at(Address("senders", query={"tab": "rules", "country": "DE"}))
    qtbot.waitUntil(lambda: screen.rules.current is not None and screen.rules.current.rule.country == "DE")
    QTest.keyClick(screen.rules.table, Qt.Key.Key_F2)
    dialog = opened(CountryRuleDialog, qtbot)
    assert "last checked 2024" in " ".join(one.text() for one in dialog.findChildren(QLabel))

    dialog.names.setFocus()
    QTest.keyClick(dialog.names, Qt.Key.Key_Down)
    assert dialog.names.value is Alphanumeric.REGISTRATION
    qtbot.waitUntil(lambda: "1 of them stops" in dialog._affected_title.text())
    dialog.days.setText("soon")
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "working days" in dialog.error.text())
    dialog.days.setText("5-10")
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)

    qtbot.waitUntil(lambda: screen.rules.current is not None and screen.rules.current.is_own)
    current = screen.rules.current
    assert current is not None
    assert (current.rule.days, current.changed_by) == ("5-10", "anna")
    QTest.keyClick(screen.rules.table, Qt.Key.Key_F2)
    again = opened(CountryRuleDialog, qtbot)
    QTest.mouseClick(again.reset_button, LEFT)
    qtbot.waitUntil(lambda: screen.rules.current is not None and not screen.rules.current.is_own)
    assert [one.undo_label for one in outcomes] == ["Rule for Germany saved", "Shipped rule for Germany holds again"]


def test_an_address_opens_a_filled_form_and_the_request_appears(
    screen: SendersScreen, tmp_path: Path, said: Said, qtbot: QtBot
) -> None:
    screen.open_at(Address.parse("senders?client=Aurora&sender=NEWNAME&country=TR"))
    dialog = opened(NewRequestDialog, qtbot)
    qtbot.waitUntil(lambda: dialog.client.value == "Aurora")
    assert (dialog.sender_field.text(), dialog.countries.countries) == ("NEWNAME", ("TR",))
    QTest.keyClicks(dialog.countries.line, "Qatar")
    QTest.keyClick(dialog.countries.line, Qt.Key.Key_Return)
    assert dialog.countries.countries == ("TR", "QA")
    dialog.attach([write_registration(tmp_path, "Aurora", "HRB 1")])
    assert dialog.papers[0].purpose is Purpose.REGISTRATION

    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)

    shown(screen, "NEWNAME", qtbot)
    assert said.texts[-1] == "NEWNAME requested for Aurora"
    assert [card.state.country for card in screen.queue.panel.cards] == ["QA", "TR"]


def test_countries_are_typed_chosen_and_removed(theme: Theme, qtbot: QtBot) -> None:
    names = {"QA": "Qatar", "TR": "Türkiye", "TM": "Turkmenistan", "NE": "Niger", "NG": "Nigeria"}
    field = CountryField(names, partial(find_countries, language="en"))
    qtbot.addWidget(field)
    field.show()
    for text in ("qat", "tr", "Niger", "nowhere", "turkm"):
        field.line.clear()
        QTest.keyClicks(field.line, text)
        QTest.keyClick(field.line, Qt.Key.Key_Return)
    assert list(field.countries) == ["QA", "TR", "NE", "TM"]
    assert field.error.text() == ""
    QTest.keyClicks(field.line, "nig")
    QTest.keyClick(field.line, Qt.Key.Key_Return)
    assert field.error.text() == "No country is called “nig”"
    field.line.completer().setCompletionPrefix("nig")
    field.line.setText("Nigeria")
    field.line.completer().activated.emit("Nigeria")
    qtbot.waitUntil(lambda: field.countries == ("QA", "TR", "NE", "TM", "NG"))
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    QTest.mouseClick(field.tokens[0], LEFT)
    assert list(field.countries) == ["TR", "NE", "TM"]
    assert field.tokens[0].accessibleName() == "Remove Türkiye"


def test_a_form_says_what_is_wrong_with_a_sender_id(screen: SendersScreen, qtbot: QtBot) -> None:
    QTest.keyClick(screen, Qt.Key.Key_N, CONTROL)
    dialog = opened(NewRequestDialog, qtbot)
    qtbot.waitUntil(lambda: dialog.client.count() == 2)
    dialog.client.setCurrentIndex(1)
    QTest.keyClicks(dialog.sender_field, "MUCHTOOLONGNAME")

    assert "at most 11" in dialog.note.text()
    assert not dialog.agree.isEnabled()
    dialog.sender_field.setText("FINE")
    assert dialog.agree.isEnabled()
    dialog.attach([Path(__file__)])
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(dialog.error.isVisible)


def test_requests_of_others_are_told_under_the_bell(
    screen: SendersScreen, ask: Ask, said: Said, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    ask("FRESH", "SA")
    screen.reload()
    qtbot.waitUntil(lambda: bool(said.notified))
    number = _number(screen.place, "FRESH")
    assert said.notified[-1] == ("New request: FRESH", "Aurora", f"senders/{number}")


def test_an_approval_that_ends_soon_is_told_once(
    screen: SendersScreen, said: Said, sqlite_desk: Desk, place: Workplace, qtbot: QtBot
) -> None:
    decision = Decision(ApprovalStatus.APPROVED, until=place.parts.clock().date())
    place.parts.sender_decisions.decide(_number(place, "ZETA"), ["SA"], decision, actor="b")
    screen.watch.look()
    qtbot.waitUntil(lambda: any("ZETA is approved until" in text for text, _, _ in said.notified))
    qtbot.waitUntil(lambda: screen.queue.model.count(Chip.EXPIRING) == 1)


def test_where_there_is_no_room_request_and_document_are_shown_one_at_a_time(
    screen: SendersScreen, qtbot: QtBot
) -> None:
    queue = screen.queue
    screen.resize(900, 700)
    qtbot.waitUntil(lambda: not queue.viewer.isVisible())
    assert queue.panel.isVisible()
    QTest.keyClick(queue.list, Qt.Key.Key_Space)
    assert queue.viewer.isVisible()
    assert not queue.panel.isVisible()
    QTest.keyClick(queue.list, Qt.Key.Key_A)
    assert queue.panel.isVisible()
    assert statuses_are_pending(screen)

    screen.resize(1220, 800)
    qtbot.waitUntil(lambda: queue.viewer.isVisible() and queue.panel.isVisible())
    QTest.mouseClick(queue.viewer.wide, LEFT)
    assert not queue.panel.isVisible()
    qtbot.waitUntil(lambda: queue.viewer.width() > 700)


def statuses_are_pending(screen: SendersScreen) -> bool:
    request = screen.queue.panel.request
    return request is not None and {one.approval.status for one in request.countries} == {ApprovalStatus.PENDING}


def test_the_palette_and_the_log_lead_to_a_request(screen: SendersScreen, place: Workplace, qtbot: QtBot) -> None:
    offer = next(one for one in place.commands.offers("zeta") if one.text == "ZETA")
    assert (offer.context, offer.address) == ("Sender ID, Aurora", f"senders/{_number(place, 'ZETA')}")
    (entry, *_) = place.parts.sender_reviews.request(_number(place, "ZETA")).history
    target = target_of(entry)
    assert target is not None
    assert target.text == "senders?find=ZETA"
    screen.open_at(target)
    shown(screen, "ZETA", qtbot)


def test_a_markup_in_names_is_shown_as_it_is(
    screen: SendersScreen, place: Workplace, sqlite_desk: Desk, ask: Ask, qtbot: QtBot
) -> None:
    name = "<b>Bold</b><img src=x>"
    sqlite_desk.application.clients.add(name, actor="anna")
    ask("PLAIN", "SA", client=name)
    screen.reload()
    screen.open_at(Address("senders", str(_number(place, "PLAIN", name))))
    shown(screen, "PLAIN", qtbot)

    assert screen.queue.panel.facts.text().startswith(name)
    labels = [one for one in screen.findChildren(QLabel) if one.isVisible() and "<b>" in one.text()]
    assert labels
    assert {one.textFormat() for one in labels if not isinstance(one, ElidedLabel)} <= {Qt.TextFormat.PlainText}


def test_everything_has_a_name_and_models_behave(
    screen: SendersScreen, named: Callable[[QWidget], dict[QWidget, str]], qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    assert [one for one, name in named(screen).items() if not name] == []
    spoken = screen.queue.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("AURORA, Aurora, Documents 2 of 3, ")
    for tab in (Tab.MATRIX, Tab.RULES):
        screen.show_tab(tab)
        qtbot.waitUntil(lambda: screen.matrix.model.rowCount() > 0 or screen.rules.model.rowCount() > 0)
        assert [one for one, name in named(screen).items() if not name] == []
    card = cards(screen)["KW"]
    assert "1 document missing" in QAccessible.queryAccessibleInterface(card.box).text(QAccessible.Text.Name)
    small = [one for one in screen.findChildren(QPushButton) if one.isVisible() and min(one.width(), one.height()) < 24]
    assert small == []
    for model in (screen.matrix.model, screen.rules.model):
        qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    qtmodeltester.check(SenderQueueModel(screen.place.parts.clock))  # type: ignore[no-untyped-call]
