"""The Messages screen: lists that keep themselves up to date, and everything that is done with messages and jobs."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.domain.messages import MessageStatus
from desktop_app.services.job import Job
from desktop_app.views.dialogs.question import Question
from desktop_app.views.models.message_timeline import price_reasons
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.messages import MessagesScreen
from desktop_app.views.screens.messages.filters import Chosen
from desktop_app.views.screens.messages.tabs import Tab
from tests.fixtures.application import Desk, german
from tests.fixtures.windows import activate
from tests.gui.conftest import Said

LEFT = Qt.MouseButton.LeftButton
HTML = "<b>bold</b> <img src=x> & <a href='http://x'>link</a>"
S = MessageStatus


@pytest.fixture
def screen(place: Workplace, qtbot: QtBot) -> MessagesScreen:
    """The screen alone, shown and loaded."""
    made = MessagesScreen(place)
    qtbot.addWidget(made)
    made.resize(1460, 800)
    made.show()
    activate(made)
    qtbot.waitUntil(lambda: made.page.is_loaded)
    return made


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)


def shows(screen: MessagesScreen, count: int) -> Callable[[], bool]:
    return lambda: screen.page.model.rowCount() == count


def lose(desk: Desk, mode: str, count: int) -> None:
    desk.fail_sends(mode)
    desk.queue(german(count, 4))
    desk.drain()
    desk.heal()


def open_jobs(screen: MessagesScreen, qtbot: QtBot) -> None:
    click(screen.tabs.buttons[1])
    qtbot.waitUntil(lambda: screen.jobs.panel.state is not None)
    screen.jobs.side.set_open(on=True)


def test_new_messages_and_new_statuses_come_by_themselves(
    screen: MessagesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    assert screen.page.placeholder.text == "No messages yet"
    sqlite_desk.queue(german(12, 4))
    qtbot.waitUntil(shows(screen, 12))
    assert screen.page.model.index(0, 7).data() == "Queued"

    sqlite_desk.drain()
    sqlite_desk.application.receipts.poll_once(Job())
    qtbot.waitUntil(lambda: screen.page.model.index(0, 7).data() == "Delivered")
    qtbot.waitUntil(lambda: screen.page.filters.chips[Chosen.DELIVERED].text() == "Delivered  9")


def test_chips_and_exact_statuses_narrow_the_list(screen: MessagesScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.queue(german(10))
    sqlite_desk.drain()
    sqlite_desk.application.receipts.poll_once(Job())
    sqlite_desk.queue(german(2, 50))
    qtbot.waitUntil(shows(screen, 12))
    filters = screen.page.filters

    click(filters.chips[Chosen.FAILED])
    qtbot.waitUntil(shows(screen, 2))
    assert {screen.page.model.record(row).status for row in range(2)} == {S.UNDELIVERED, S.EXPIRED}  # type: ignore[union-attr]
    menu = filters.exact.menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text().startswith("Expired")).trigger()
    qtbot.waitUntil(shows(screen, 1))
    assert filters.query == {"status": "expired"}
    QTest.keyClick(screen, Qt.Key.Key_Escape)
    qtbot.waitUntil(shows(screen, 12))


def test_search_by_keys_finds_one_and_says_when_there_is_none(
    screen: MessagesScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.queue(german(20))
    qtbot.waitUntil(shows(screen, 20))
    QTest.keyClick(screen, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = screen.page.filters.field
    QTest.keyClicks(field, "0007")
    qtbot.waitUntil(shows(screen, 1))
    assert screen.page.current is not None
    assert screen.page.current.to == german(8)[7]

    QTest.keyClicks(field, "999")
    qtbot.waitUntil(lambda: screen.page.placeholder.isVisible())
    assert screen.page.placeholder.text == "No message matches “0007999”"
    # The panel does not go on telling of a message that is not in the list.
    assert screen.page.panel.story is None
    assert not screen.page.panel.check_button.isVisible()
    click(screen.page.placeholder.action)
    qtbot.waitUntil(shows(screen, 20))


def test_an_address_shows_one_message_in_the_panel(screen: MessagesScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.queue(german(5))
    screen.open_at(Address("messages", "3"))
    panel = screen.page.panel
    qtbot.waitUntil(lambda: panel.story is not None and panel.story.line.message_id == 3)
    assert screen.record_title("3") == "#3"
    screen.open_at(Address("messages", query={"batch": "1", "status": "pending"}))
    qtbot.waitUntil(shows(screen, 5))
    assert screen.page.filters.query == {"status": "pending", "batch": "1"}


def test_texts_of_clients_are_shown_as_they_are(screen: MessagesScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.application.clients.add(HTML[:40], actor="anna")
    sqlite_desk.queue(german(1), text=HTML, reason=HTML)
    qtbot.waitUntil(shows(screen, 1))
    page = screen.page
    assert page.model.index(0, 5).data() == HTML
    assert page.model.index(0, 5).data(Qt.ItemDataRole.ToolTipRole).startswith("<span>&lt;b&gt;")
    page.open_panel()
    qtbot.waitUntil(lambda: page.panel.story is not None)
    assert page.panel.text.toPlainText() == HTML
    for part in (page.panel.failure, page.panel.client, page.panel.number, screen.jobs.panel.name):
        assert part.textFormat() is Qt.TextFormat.PlainText


def test_a_job_is_paused_resumed_and_stopped_with_true_counts(
    screen: MessagesScreen, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    sqlite_desk.change(latency_ms=40)
    batch = sqlite_desk.queue(german(30)).batch_id
    with sqlite_desk.dispatcher(connections=1) as dispatcher:
        dispatcher.drain(Job(), until=lambda: sqlite_desk.has_sent(4))
    sent = len(sqlite_desk.seen())
    open_jobs(screen, qtbot)
    panel = screen.jobs.panel
    qtbot.waitUntil(lambda: panel.state is not None and panel.state.counts.sent == sent)
    assert panel.progress.text() == f"{sent} of 30 sent"

    qtbot.waitUntil(panel.pause_button.isVisible)
    qtbot.waitUntil(lambda: not screen.jobs._place.tasks.is_busy)
    click(panel.pause_button)
    qtbot.waitUntil(panel.resume_button.isVisible)
    sqlite_desk.look_at_queue()
    assert len(sqlite_desk.seen()) == sent
    click(panel.resume_button)
    qtbot.waitUntil(panel.pause_button.isVisible)

    click(panel.stop_button)
    qtbot.waitUntil(lambda: screen.jobs.question is not None)
    question = screen.jobs.question
    assert question is not None
    click(question.buttons["Cancel"])
    assert sqlite_desk.statuses(batch)["queued"] == 30 - sent
    click(panel.stop_button)
    qtbot.waitUntil(lambda: screen.jobs.question is not None and screen.jobs.question is not question)
    stop = screen.jobs.question.buttons[f"Stop {30 - sent} messages"]  # type: ignore[union-attr]
    click(stop)
    money = f"{(30 - sent) * 0.06:.2f}"
    expected = f"Stopped. {sent} sent, {30 - sent} not sent, €{money} returned to credit"
    qtbot.waitUntil(lambda: expected in said.texts)
    qtbot.waitUntil(lambda: panel.standing.text == "Stopped")
    assert not panel.stop_button.isVisible()
    sqlite_desk.assert_sound()


def test_stop_pressed_twice_asks_once_and_not_above_another_tab(
    screen: MessagesScreen, sqlite_desk: Desk, place: Workplace, qtbot: QtBot
) -> None:
    sqlite_desk.queue(german(8))
    open_jobs(screen, qtbot)
    jobs = screen.jobs

    jobs.ask_to_stop()
    jobs.ask_to_stop()
    qtbot.waitUntil(lambda: jobs.question is not None and not place.tasks.is_busy)
    questions = [one for one in screen.findChildren(Question) if one.isVisible()]
    assert questions == [jobs.question]
    questions[0].reject()

    jobs.ask_to_stop()
    screen.show_tab(Tab.MESSAGES)
    qtbot.waitUntil(lambda: not place.tasks.is_busy)
    assert jobs.question is None


def test_prices_are_told_as_on_the_price_screen() -> None:
    other = {"source": "rule_default", "list": "Standard", "price": "0.061235"}
    why = {"source": "rule_country", "list": "Standard", "rule": "margin 40.00", "price": "0.030700", "currency": "EUR",
           "exchange_rate": "1", "passed_over": [other]}  # fmt: skip

    assert price_reasons(json.dumps(why), "USD") == (
        ("Price per segment", "€0.0307"),
        ("Why this price", "Country rule · Standard · Margin 40%"),
        ("Otherwise", "Default rule · Standard: €0.061235"),
    )


def test_a_running_job_moves_by_itself(screen: MessagesScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.queue(german(8, 4))
    open_jobs(screen, qtbot)
    panel = screen.jobs.panel
    assert panel.standing.text == "Sending"
    sqlite_desk.drain()
    qtbot.waitUntil(lambda: panel.bar.value() == 8)
    assert panel.standing.text == "Finished"
    # What a look and the first page both bring is listed once.
    screen.jobs._take((screen.jobs._batches.page(), []))
    assert screen.jobs.model.rowCount() == 1


def test_send_again_to_failed_opens_a_draft(
    screen: MessagesScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.queue(german(6), text="Winter offer")
    sqlite_desk.drain()
    sqlite_desk.application.receipts.poll_once(Job())
    open_jobs(screen, qtbot)
    button = screen.jobs.panel.again_button
    qtbot.waitUntil(button.isVisible)
    assert button.text() == "Send again to 2 failed"

    click(button)
    qtbot.waitUntil(lambda: place.navigator.here is not None and place.navigator.here.screen == "compose")
    draft = sqlite_desk.application.drafts.get(int(place.navigator.here.record))  # type: ignore[union-attr]
    assert draft.summary.recipient_count == 2
    assert "Winter offer" in draft.content
    assert all(number in draft.content for number in german(3)[1:])
    assert place.parts.drafts.list_all()[0].client == "Aurora"


def test_an_unknown_outcome_is_decided_with_a_reason(
    screen: MessagesScreen, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    lose(sqlite_desk, "reset_before_accept", 1)
    click(screen.page.filters.chips[Chosen.UNKNOWN])
    qtbot.waitUntil(shows(screen, 1))
    qtbot.waitUntil(screen.page.doubt.isVisible)
    screen.page.open_panel()
    decide = screen.page.panel.decide_button
    qtbot.waitUntil(decide.isVisible)
    assert not screen.page.panel.again_button.isVisible()

    click(decide)
    dialog = screen.actions_of_messages.dialog
    assert dialog is not None
    assert dialog.meaning.text() == "€0.0600 is returned to Aurora."
    click(dialog.agree_button)
    assert dialog.problem.text() == "Write how you know it, in at least 5 characters."
    QTest.keyClicks(dialog.reason, "support says no")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: "Marked as not sent, credit returned" in said.texts)
    assert sqlite_desk.statuses() == {"abandoned": 1}
    sqlite_desk.assert_sound()


def test_all_unknown_outcomes_are_looked_up_again(
    screen: MessagesScreen, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    badges: list[int] = []
    screen.badge_changed.connect(lambda count, _look: badges.append(count))
    lose(sqlite_desk, "reset_after_accept", 3)
    click(screen.page.filters.chips[Chosen.UNKNOWN])
    qtbot.waitUntil(screen.page.doubt.isVisible)

    click(screen.page.doubt.retry)
    qtbot.waitUntil(lambda: "3 were sent" in said.texts)
    assert sqlite_desk.statuses() == {"delivered": 3}
    assert 3 in badges
    qtbot.waitUntil(lambda: badges[-1] == 0)
    sqlite_desk.assert_sound()


def test_row_actions_copy_check_and_opt_out(
    screen: MessagesScreen, place: Workplace, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    sqlite_desk.queue(german(1, 4))
    sqlite_desk.drain()
    qtbot.waitUntil(shows(screen, 1))
    command = place.commands.action

    command("messages.copy_number").trigger()
    assert QGuiApplication.clipboard().text() == german(1, 4)[0]
    command("messages.copy_id").trigger()
    assert QGuiApplication.clipboard().text() == "#1"
    command("messages.check").trigger()
    qtbot.waitUntil(lambda: "1 status changed" in said.texts)
    assert sqlite_desk.statuses() == {"delivered": 1}
    command("messages.opt_out").trigger()
    qtbot.waitUntil(lambda: "1 number added to the opt-outs" in said.texts)
    command("messages.again").trigger()
    assert place.navigator.here is not None
    assert place.navigator.here.query == {"client": "Aurora", "text": "Hello", "to": german(1, 4)[0]}


def test_what_is_filtered_is_exported_as_a_job(
    screen: MessagesScreen, place: Workplace, sqlite_desk: Desk, said: Said, tmp_path: Path, qtbot: QtBot
) -> None:
    sqlite_desk.queue(german(7))
    qtbot.waitUntil(shows(screen, 7))
    screen.actions_of_messages.export_to(tmp_path / "found.xlsx")
    qtbot.waitUntil(lambda: "Messages exported: 7 messages in found.xlsx" in said.texts)
    assert place.jobs.entries[0].name == "Export messages"
    assert (tmp_path / "found.xlsx").read_bytes()[:2] == b"PK"


def test_a_scheduled_job_is_cancelled_after_a_question(
    screen: MessagesScreen, place: Workplace, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    now = sqlite_desk.application.clock()
    sqlite_desk.queue(german(3), send_at=now + timedelta(hours=3))
    click(screen.tabs.buttons[2])
    page = screen.scheduled
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)

    click(page.time_button)
    assert page.dialog is not None
    page.dialog.reject()
    page._set_time(page.model.record(0), now + timedelta(hours=5), "UTC")
    qtbot.waitUntil(lambda: sqlite_desk.application.batches.scheduled()[0].line.send_at == now + timedelta(hours=5))
    qtbot.waitUntil(lambda: page.current is not None and page.current.line.send_at == now + timedelta(hours=5))
    click(page.cancel_button)
    assert page.question is not None
    click(page.question.buttons["Cancel 3 messages"])
    qtbot.waitUntil(lambda: "3 messages cancelled, €0.18 returned to credit" in said.texts)
    assert sqlite_desk.statuses() == {"cancelled": 3}
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)


def test_all_sending_is_paused_and_the_screen_says_so(
    screen: MessagesScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.queue(german(2))
    place.commands.action("sending.pause").trigger()
    banner = screen.sending.banner
    qtbot.waitUntil(banner.isVisible)
    assert banner.text.startswith("All sending is paused")
    assert sqlite_desk.application.sending_control.read().is_paused
    click(banner.retry)
    qtbot.waitUntil(lambda: not screen.sending.isVisible())
    assert not sqlite_desk.application.sending_control.read().is_paused


def test_pages_are_read_when_they_are_seen_and_the_model_is_a_model(
    screen: MessagesScreen, sqlite_desk: Desk, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    sqlite_desk.queue(german(1000), text="x")
    qtbot.waitUntil(shows(screen, 1000))
    table, model = screen.page.table, screen.page.model
    assert model.pages == [0]

    table.scrollToBottom()
    qtbot.waitUntil(lambda: model.index(999, 3).data() == "+49 1511 0000000")
    assert model.pages == [0, 4]
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_PageDown)
    assert table.currentIndex().row() > 5
    screen.page._timer.stop()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_everything_has_a_name_and_the_tabs_work(
    screen: MessagesScreen, sqlite_desk: Desk, named: Callable[[QWidget], dict[QWidget, str]], qtbot: QtBot
) -> None:
    sqlite_desk.queue(german(2))
    qtbot.waitUntil(shows(screen, 2))
    for tab, button in zip(Tab, screen.tabs.buttons, strict=True):
        click(button)
        assert screen.tab is tab
        assert all(named(screen).values()), [type(one) for one, name in named(screen).items() if not name]
    assert all(shot.name == shot.name.lower() for shot in screen.shots())
    assert isinstance(screen.compose_button, QPushButton)
