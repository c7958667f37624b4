"""Sending from Compose: problems found before, the review, what changed meanwhile, tests and schedules."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import StorageUnavailable
from desktop_app.services.audiences import Source, SourceKind
from desktop_app.services.draft_contents import Writing
from desktop_app.services.recipient_blocks import Entries
from desktop_app.services.sending import Preflight, SendingService, SendOrder
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.review_dialog import ReviewDialog
from desktop_app.views.screens.compose.schedule_dialog import ScheduleDialog
from desktop_app.views.screens.compose.screen import ComposeScreen
from desktop_app.views.screens.compose.test_dialog import TestDialog
from tests.fixtures.application import Desk, german
from tests.fixtures.windows import activate

CTRL = Qt.KeyboardModifier.ControlModifier
FULL = Writing(client="Aurora", country="DE", typed="\n".join(german(5)), text="Hello")


@pytest.fixture
def screen(place: Workplace, qtbot: QtBot) -> ComposeScreen:
    made = ComposeScreen(place)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    activate(made)
    return made


@pytest.fixture
def fill(screen: ComposeScreen, qtbot: QtBot) -> Callable[..., None]:
    def show(writing: Writing = FULL, lists: tuple[Source, ...] = ()) -> None:
        screen.show_writing(writing, lists)
        qtbot.waitUntil(lambda: screen.checked is not None and screen.checker.is_settled, timeout=20_000)

    return show


def review(screen: ComposeScreen) -> ReviewDialog:
    QTest.mouseClick(screen.view.send_button, Qt.MouseButton.LeftButton)
    dialog = screen.flow.dialog
    assert isinstance(dialog, ReviewDialog), screen.view.footer_text.text()
    return dialog


@pytest.mark.parametrize(
    ("writing", "says", "where"),
    [
        (Writing(), "Choose a client first", lambda view: view.client),
        (Writing(client="Aurora"), "Add recipients first", lambda view: view.recipients.field),
        (Writing(client="Aurora", typed=german(1)[0]), "Write the message first", lambda view: view.message),
        (
            Writing(client="Aurora", typed=german(1)[0], text="Hi {first_name}"),
            "Say what stands in the place of {first_name}", lambda view: view.fallbacks.fields["first_name"],
        ),
        (
            Writing(client="Aurora", typed="+905321234560", text="Hi"), "Nobody of the recipients can be sent to",
            lambda view: view.recipients.field,
        ),
        (
            Writing(client="Aurora", typed=german(1)[0], text="x" * 1601),
            "The text has 1601 characters; this provider takes 1600.", lambda view: view.message,
        ),
    ],
)  # fmt: skip
def test_the_button_goes_to_the_first_problem(
    screen: ComposeScreen, qtbot: QtBot, writing: Writing, says: str, where: Callable[[Any], QWidget]
) -> None:
    screen.show_writing(writing, ())
    qtbot.waitUntil(lambda: bool(screen.senders.sender_id) or not writing.client)
    qtbot.waitUntil(lambda: not screen.recipients.is_reading and screen.checker.is_settled)
    assert screen.view.send_button.isEnabled()
    QTest.mouseClick(screen.view.send_button, Qt.MouseButton.LeftButton)
    assert screen.flow.dialog is None
    assert screen.view.footer_text.text() == says
    assert screen.focusWidget() is where(screen.view)


def test_the_review_says_everything_and_the_toast_offers_the_job(
    screen: ComposeScreen, fill: Callable[..., None], place: Workplace, sqlite_desk: Desk, qtbot: QtBot, said: Any
) -> None:
    fill(Writing(client="Aurora", country="DE", typed="\n".join([*german(5), "+905321234560"]), text="ж" * 71))
    dialog = review(screen)
    texts = [label.text() for label in dialog.findChildren(QLabel)] + [dialog.send_button.text()]
    for text in ("Aurora", "€0.60 · 10 SMS", "€99.40", "AURORA", "1 in Türkiye, needs pre-approval", "Send 5"):
        assert text in texts
    dialog.reason.setText("Winter offer")
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(said.texts))

    assert said.texts == ["5 messages queued"]
    gone: list[Address] = []
    place.navigator.arrived.connect(gone.append)
    said.actions[0]()
    assert gone[-1].text == "messages?batch=1"
    assert sqlite_desk.query("SELECT actor, reason, name FROM batch") == [("anna", "Winter offer", "ж" * 39 + "…")]
    assert sqlite_desk.query("SELECT actor, reason FROM ledger_transfer WHERE kind = 'hold'") == [
        ("anna", "Winter offer")
    ]
    qtbot.waitUntil(lambda: screen.senders.sender_id == "AURORA")
    assert screen.writing() == Writing(client="Aurora", sender="AURORA", country="DE")
    assert sqlite_desk.application.drafts.list_all() == []


def test_a_price_that_changed_meanwhile_sends_nothing_and_says_so(
    screen: ComposeScreen, fill: Callable[..., None], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    fill()
    dialog = review(screen)
    sqlite_desk.application.pricing.set_price("DE", Decimal("0.07"), actor="mert")
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.view.banner.isVisible)
    assert screen.view.banner.text == (
        "Prices or credit changed meanwhile The price for Germany is 0.070000 now, it was 0.060000. Nothing was sent."
    )
    assert (sqlite_desk.statuses(), sqlite_desk.money()) == ({}, (100, 0))
    qtbot.waitUntil(lambda: screen.view.cost.total.text() == "€0.35")
    QTest.mouseClick(review(screen).send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sqlite_desk.statuses() == {"queued": 5})
    assert sqlite_desk.money() == (Decimal("99.65"), Decimal("0.35"))


def test_a_large_send_is_typed(
    screen: ComposeScreen, fill: Callable[..., None], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.application.credits.top_up("Aurora", Decimal(1000), reason="more", actor="anna")
    numbers = tuple(german(5_001))
    entries = Entries(numbers, tuple(range(1, 5_002)))
    fill(Writing(client="Aurora", country="DE", text="Hello"), (Source(SourceKind.PASTED, "", entries),))
    dialog = review(screen)
    assert dialog.typed.hasFocus() or dialog.focusWidget() is dialog.typed
    for wrong in ("", "5000", "5001x"):
        dialog.typed.setText(wrong)
        QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
        assert dialog.isVisible()
        assert dialog.note.text() == "Type 5,001 to confirm."
    dialog.typed.setText("5,001")
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sqlite_desk.statuses() == {"queued": 5_001}, timeout=20_000)
    assert sqlite_desk.money()[1] == Decimal(5_001) * Decimal("0.06")


def test_own_texts_cost_what_was_shown(
    screen: ComposeScreen, fill: Callable[..., None], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    block = "First name\tMobile\n" + "\n".join(
        f"{name}\t{number}" for name, number in zip(("Al", "Bartholomew", ""), german(3), strict=True)
    )
    screen.view.recipients.field.pasted.emit(block)
    text = "Hi {first_name} " + "x" * 150
    screen.show_writing(Writing(client="Aurora", country="DE"), ())
    screen.view.recipients.field.pasted.emit(block)
    qtbot.waitUntil(lambda: len(screen.recipients.audience.numbers) == 3)
    screen.view.message.setPlainText(text)
    assert screen.view.message_facts.text() == "{first_name} counted as its longest value, 11 characters"
    assert screen.view.segments.text() == "2 segments"
    field = screen.view.fallbacks.fields["first_name"]
    assert field.accessibleName() == "Instead of {first_name}"
    QTest.keyClicks(field, "you")
    qtbot.waitUntil(lambda: screen.view.cost.total.text() == "€0.24" and screen.checker.is_settled)
    assert screen.view.cost.count.text() == "3 numbers, 4 SMS"
    assert screen.view.cost.preview.text() == f"Hi Al {'x' * 150}"
    QTest.mouseClick(review(screen).send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sqlite_desk.statuses() == {"queued": 3})
    assert sqlite_desk.query("SELECT amount_micro FROM ledger_transfer WHERE kind = 'hold'") == [(240_000,)]
    sqlite_desk.drain()
    assert sorted(message["body"] for message in sqlite_desk.accepted()) == sorted(
        f"Hi {name} {'x' * 150}" for name in ("Al", "Bartholomew", "you")
    )


def test_a_test_goes_to_ones_own_numbers_and_is_paid_by_us(
    screen: ComposeScreen, fill: Callable[..., None], place: Workplace, sqlite_desk: Desk, qtbot: QtBot, said: Any
) -> None:
    place.parts.preferences.change(company="Northwind Telecom", actor="anna")
    fill()
    QTest.keyClick(screen, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: isinstance(screen.flow.dialog, TestDialog))
    dialog = screen.flow.dialog
    assert isinstance(dialog, TestDialog)
    QTest.keyClicks(dialog.field, "+49 151 20000001")
    qtbot.waitUntil(lambda: dialog.cost.text() == "The test costs €0.06, paid by Northwind Telecom.")
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said.texts == ["Test to 1 number queued"])
    assert sqlite_desk.money() == (100, 0)
    assert sqlite_desk.query("SELECT number FROM message") == [("+4915120000001",)]
    assert screen.writing().typed == FULL.typed
    assert place.parts.personal.recall("compose_send")["test_numbers"] == "+49 151 20000001"
    sqlite_desk.assert_sound()


def test_a_test_whose_answer_was_lost_is_sent_once(
    screen: ComposeScreen, fill: Callable[..., None], place: Workplace, sqlite_desk: Desk, qtbot: QtBot, said: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    fill()
    screen.flow.test()
    qtbot.waitUntil(lambda: isinstance(screen.flow.dialog, TestDialog))
    dialog = screen.flow.dialog
    assert isinstance(dialog, TestDialog)
    QTest.keyClicks(dialog.field, "+49 151 20000001")
    sending = place.parts.sending

    def lost(order: SendOrder) -> Preflight:
        SendingService.queue(sending, order)
        raise StorageUnavailable("The connection is gone.")

    with monkeypatch.context() as patch:
        patch.setattr(sending, "queue", lost)
        QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(dialog.problem.isVisible)
    assert "Press Send again: it is sent once" in dialog.problem.text()
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said.texts == ["Test to 1 number queued"])
    assert sqlite_desk.statuses() == {"queued": 1}


def test_messages_are_scheduled_in_a_time_zone(
    screen: ComposeScreen, fill: Callable[..., None], sqlite_desk: Desk, qtbot: QtBot, said: Any
) -> None:
    fill()
    QTest.mouseClick(screen.view.schedule_button, Qt.MouseButton.LeftButton)
    dialog = screen.flow.dialog
    assert isinstance(dialog, ScheduleDialog)
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    dialog.zone.show_value("Europe/Istanbul")
    dialog.day.setDate(QDate(day.year, day.month, day.day))
    dialog.clock.setTime(QTime(18, 0))
    QTest.mouseClick(dialog.set_button, Qt.MouseButton.LeftButton)
    moment = datetime(day.year, day.month, day.day, 18, tzinfo=ZoneInfo("Europe/Istanbul"))
    assert screen.send_at == moment
    assert screen.view.footer_text.text().endswith("18:00 Europe/Istanbul")
    assert screen.view.send_button.text() == "Review and schedule 5"

    QTest.mouseClick(review(screen).send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said.texts == ["5 messages scheduled"])
    micros = int(moment.timestamp()) * 10**6
    assert sqlite_desk.query("SELECT DISTINCT m.not_before, b.send_at FROM message m JOIN batch b ON b.id = m.batch_id") == [
        (micros, micros)
    ]  # fmt: skip


def test_a_schedule_is_taken_back(screen: ComposeScreen, fill: Callable[..., None], qtbot: QtBot) -> None:
    fill(Writing(client="Aurora", country="DE", typed=FULL.typed, text="Hello",
                 send_at=datetime.now(UTC) + timedelta(days=1), zone="UTC"))  # fmt: skip
    assert screen.view.now_button.isVisible()
    QTest.mouseClick(screen.view.now_button, Qt.MouseButton.LeftButton)
    assert screen.send_at is None
    assert screen.view.send_button.text() == "Review and send to 5"
    assert not screen.view.now_button.isVisible()


def test_a_time_that_has_passed_is_explained(screen: ComposeScreen, fill: Callable[..., None], qtbot: QtBot) -> None:
    fill()
    screen.flow.schedule()
    dialog = screen.flow.dialog
    assert isinstance(dialog, ScheduleDialog)
    dialog.day.setDate(QDate(2020, 1, 1))
    QTest.mouseClick(dialog.set_button, Qt.MouseButton.LeftButton)
    assert dialog.problem.text() == "This time has passed. Choose another."
    assert dialog.isVisible()


def test_everything_that_is_operated_has_a_name(
    screen: ComposeScreen, fill: Callable[..., None], qtbot: QtBot, named: Callable[[QWidget], dict[QWidget, str]]
) -> None:
    fill(
        Writing(
            client="Aurora", country="DE", typed="\n".join([*german(3), "abc", "+905321234560"]), text="Hi — {name}"
        )
    )
    assert [widget for widget, name in named(screen).items() if not name] == []
    dialog = review_with_fallback(screen, qtbot)
    assert [widget for widget, name in named(dialog).items() if not name] == []


def review_with_fallback(screen: ComposeScreen, qtbot: QtBot) -> ReviewDialog:
    QTest.keyClicks(screen.view.fallbacks.fields["name"], "you")
    qtbot.waitUntil(lambda: screen.checker.is_settled)
    return review(screen)


def test_what_clients_and_people_write_is_plain_text(
    screen: ComposeScreen, fill: Callable[..., None], place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    html = "<b>bold</b><img src=x>"
    sqlite_desk.application.clients.add(html, actor="anna")
    sqlite_desk.application.credits.top_up(html, Decimal(10), reason="first", actor="anna")
    sqlite_desk.application.sender_ids.request(html, "PLAIN", actor="anna")
    screen.ask_again()
    qtbot.waitUntil(lambda: screen.view.client.first_name == html)
    fill(Writing(client=html, country="DE", typed=german(1)[0], text=html))
    assert screen.view.cost.preview.text() == html
    assert screen.view.cost.preview.textFormat() is Qt.TextFormat.PlainText
    dialog = review(screen)
    shown = [label for label in dialog.findChildren(QLabel) if label.text() == html]
    assert [label.textFormat() for label in shown] == [Qt.TextFormat.PlainText]


def hold_up(place: Workplace, screen: ComposeScreen) -> threading.Event:
    """Let everything that works on data wait until the event is set."""
    go = threading.Event()
    place.tasks.query(lambda _job: go.wait(30), owner=screen, on_success=lambda _done: None)
    return go


def test_what_is_being_queued_cannot_be_sent_a_second_time(
    screen: ComposeScreen, fill: Callable[..., None], place: Workplace, sqlite_desk: Desk, qtbot: QtBot, said: Any
) -> None:
    fill()
    dialog = review(screen)
    go = hold_up(place, screen)
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.flow.dialog is None)
    for _again in range(2):
        QTest.mouseClick(screen.view.send_button, Qt.MouseButton.LeftButton)
    assert screen.open_review() is None
    assert screen.view.footer_text.text() == "This message is being queued"
    go.set()
    qtbot.waitUntil(lambda: said.texts == ["5 messages queued"])
    assert screen.writing().text == ""
    assert sqlite_desk.statuses() == {"queued": 5}
    assert sqlite_desk.money() == (Decimal("99.7"), Decimal("0.3"))


def test_a_review_opened_while_its_draft_was_being_queued_sends_nothing_more(
    screen: ComposeScreen, fill: Callable[..., None], place: Workplace, sqlite_desk: Desk, qtbot: QtBot, said: Any
) -> None:
    fill()
    dialog = review(screen)
    go = hold_up(place, screen)
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.flow.dialog is None)
    # The same draft once more, as from the list of drafts.
    keeper = screen.drafts.keeper
    keeper.start(keeper.draft_id, keeper.idem, ())
    late = review(screen)
    go.set()
    qtbot.waitUntil(lambda: said.texts == ["5 messages queued"])
    QTest.mouseClick(late.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(said.texts) == 2)
    assert not screen.drafts.keeper.is_closed
    assert sqlite_desk.statuses() == {"queued": 5}
    assert sqlite_desk.money() == (Decimal("99.7"), Decimal("0.3"))


def test_a_draft_that_was_sent_from_another_window_and_changed_here_says_so_first(
    screen: ComposeScreen, fill: Callable[..., None], sqlite_desk: Desk, qtbot: QtBot, said: Any
) -> None:
    fill()
    sqlite_desk.queue(german(4), idem=screen.drafts.keeper.idem)
    sqlite_desk.queue(german(1, start=50))
    QTest.mouseClick(review(screen).send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.view.banner.isVisible)
    assert screen.view.banner.text == (
        "Nothing was sent This was queued before as job 1, with other contents. Look at that job first."
    )
    assert sqlite_desk.statuses() == {"queued": 5}
    qtbot.waitUntil(lambda: screen.drafts.keeper.draft_id is not None)
    qtbot.waitUntil(lambda: screen.checked is not None and screen.checker.is_settled)
    QTest.mouseClick(review(screen).send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said.texts == ["5 messages queued"])
    assert sqlite_desk.statuses() == {"queued": 10}
    assert sqlite_desk.application.drafts.list_all() == []


@pytest.mark.parametrize("is_refused", [False, True])
def test_what_is_written_while_another_message_is_queued_stays(
    screen: ComposeScreen, fill: Callable[..., None], place: Workplace, sqlite_desk: Desk, qtbot: QtBot, said: Any,
    is_refused: bool,
) -> None:  # fmt: skip
    fill()
    dialog = review(screen)
    if is_refused:
        sqlite_desk.application.pricing.set_price("DE", Decimal("0.07"), actor="mert")
    go = hold_up(place, screen)
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    screen.start_anew()
    QTest.keyClicks(screen.view.message, "Another one")
    go.set()
    qtbot.waitUntil(lambda: len(said.texts) == 1)
    assert screen.writing().text == "Another one"
    assert screen.view.banner.isHidden()
    assert said.texts[0].startswith("Hello: Prices or credit changed" if is_refused else "5 messages queued")
    assert sqlite_desk.statuses() == ({} if is_refused else {"queued": 5})
