"""Settings › Notifications: the mail server, its password and test, what is told by itself, and mails that did not leave."""

import ssl
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain.mails import MailSecurity, MailServer
from desktop_app.services.attention import AttentionKind
from desktop_app.services.job import Job
from desktop_app.services.mail import MailService
from desktop_app.views.mail_round import MailRound
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.notifications import NotificationsPage, PasswordDialog
from tests.fixtures.application import Desk
from tests.fixtures.mail_server import USER, WORD, FakeMailServer, mail_certificate, mail_server, mail_trust
from tests.fixtures.mail_server import start_mail_server as start_mail_server
from tests.fixtures.windows import activate
from tests.gui.conftest import Said

__all__ = ["mail_certificate", "mail_server", "mail_trust"]
LEFT = Qt.MouseButton.LeftButton
Named = Callable[[QWidget], dict[QWidget, str]]
pytestmark = pytest.mark.usefixtures("expected_log")


@pytest.fixture
def page(
    place: Workplace, sqlite_desk: Desk, mail_trust: Callable[[], ssl.SSLContext], qtbot: QtBot
) -> NotificationsPage:
    application = sqlite_desk.application
    mail = MailService(application.database, application.secrets, application.clock, mail_trust, 5.0)
    made = NotificationsPage(replace(place, parts=replace(place.parts, mail=mail, sandbox=False)))
    qtbot.addWidget(made)
    made.resize(900, 900)
    made.show()
    activate(made)
    qtbot.waitUntil(made.isEnabled)
    made.shown()
    return made


def fill(page: NotificationsPage, server: FakeMailServer) -> None:
    """Type the server, and save."""
    for field, text in (
        (page.host, "127.0.0.1"),
        (page.port, str(server.port)),
        (page.sender_address, "sms@northwind.example"),
    ):
        field.selectAll()
        QTest.keyClicks(field, text)
    page.save()


def test_a_server_is_typed_saved_and_tried(
    page: NotificationsPage, mail_server: FakeMailServer, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    fill(page, mail_server)
    qtbot.waitUntil(lambda: page.unsaved == 0)
    assert sqlite_desk.application.mail.setup().server == MailServer(
        "127.0.0.1", mail_server.port, MailSecurity.STARTTLS, "", "sms@northwind.example"
    )
    QTest.keyClicks(page.test_to, "anna@northwind.example")
    QTest.mouseClick(page.test_button, LEFT)
    told = "127.0.0.1 took the mail to anna@northwind.example. Look into that mailbox."
    qtbot.waitUntil(lambda: page.test_row.detail.text() == told)
    assert str(mail_server.taken[0]["Subject"]) == "Test mail of SMS Desk"
    assert page.test_button.isEnabled()


def test_a_refused_test_is_told_in_plain_words_and_as_plain_text(
    page: NotificationsPage, mail_server: FakeMailServer, qtbot: QtBot
) -> None:
    fill(page, mail_server)
    qtbot.waitUntil(lambda: page.unsaved == 0)
    mail_server.answers["RCPT"] = "550 <b>no such user</b>"
    QTest.keyClicks(page.test_to, "anna@northwind.example")
    QTest.keyClick(page.test_to, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "550 <b>no such user</b>" in page.test_row.error.text())
    assert page.test_row.error.textFormat() is Qt.TextFormat.PlainText
    assert page.test_button.isEnabled()


def test_the_test_needs_saved_settings(page: NotificationsPage, qtbot: QtBot) -> None:
    QTest.keyClicks(page.host, "mail.example.com")
    QTest.mouseClick(page.test_button, LEFT)
    assert page.test_row.error.text() == "Save the settings first: the test uses what is saved."
    assert page.test_button.isEnabled()


def test_a_password_is_kept_and_never_shown(
    page: NotificationsPage, mail_server: FakeMailServer, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    mail_server.login = True
    QTest.keyClicks(page.user, USER)
    fill(page, mail_server)
    qtbot.waitUntil(lambda: page.unsaved == 0)
    QTest.mouseClick(page.password_button, LEFT)
    dialog = next(one for one in page.findChildren(PasswordDialog))
    QTest.keyClicks(dialog.field.line, WORD)
    QTest.mouseClick(dialog.agree, LEFT)
    qtbot.waitUntil(lambda: page.password_row.detail.text() == "Kept in the vault of this profile")
    assert page.password_button.text() == "Replace password…"
    assert sqlite_desk.application.secrets.load("mail/password") == WORD
    assert not any(WORD in one.text() for one in page.findChildren(QLabel))

    QTest.keyClicks(page.test_to, "anna@northwind.example")
    QTest.mouseClick(page.test_button, LEFT)
    qtbot.waitUntil(lambda: len(mail_server.taken) == 1)

    QTest.mouseClick(page.forget_button, LEFT)
    qtbot.waitUntil(lambda: page.password_row.detail.text() == "No password is kept")
    assert sqlite_desk.application.secrets.load("mail/password") is None


def test_security_brings_its_port_and_needs_this_computer_without(
    page: NotificationsPage, said: Said, qtbot: QtBot
) -> None:
    page.security.show_value(MailSecurity.TLS)
    page.security.chosen.emit()
    assert page.port.text() == "465"
    QTest.keyClicks(page.host, "mail.example.com")
    page.security.show_value(MailSecurity.NONE)
    page.security.chosen.emit()
    assert page.port.text() == "25"
    page.save()
    row = page.fields["security"].row
    qtbot.waitUntil(lambda: row.error.text().startswith("Without encryption only a server on this computer"))
    assert page.unsaved > 0


def test_what_is_told_by_mail_is_chosen_per_kind(page: NotificationsPage, sqlite_desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClicks(page.to, "team@northwind.example")
    boxes = {box.accessibleName(): box for box in page.findChildren(QCheckBox)}
    QTest.mouseClick(
        boxes["Clients with low credit, By mail"], LEFT, pos=boxes["Clients with low credit, By mail"].rect().center()
    )
    QTest.keyClick(boxes["Costs changed, On screen"], Qt.Key.Key_Space)
    assert page.unsaved == 3
    page.save()
    qtbot.waitUntil(lambda: page.unsaved == 0)
    chosen = sqlite_desk.application.notices.read()
    assert chosen.to == "team@northwind.example"
    assert chosen.by_mail == {AttentionKind.CREDIT}
    assert chosen.on_screen == set(AttentionKind) - {AttentionKind.COSTS}


def test_mails_that_did_not_leave_are_sent_again_or_given_up(
    page: NotificationsPage, mail_server: FakeMailServer, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    fill(page, mail_server)
    qtbot.waitUntil(lambda: page.unsaved == 0)
    with sqlite_desk.application.database.begin() as uow:
        for name in ("first", "second"):
            uow.mails.queue(name, "it@aurora.example", f"<i>{name}</i>", "text", sqlite_desk.application.clock())
    mail_server.answers["RCPT"] = "550 no"
    page.place.parts.mail.send_due(Job())
    page.shown()

    def buttons(text: str) -> list[QPushButton]:
        return [one for one in page.findChildren(QPushButton) if one.text() == text and one.isVisible()]

    qtbot.waitUntil(lambda: len(buttons("Send again")) == 2)
    QTest.mouseClick(buttons("Give up")[0], LEFT)
    qtbot.waitUntil(lambda: len(buttons("Send again")) == 1)
    mail_server.answers.clear()
    QTest.mouseClick(buttons("Send again")[0], LEFT)
    qtbot.waitUntil(lambda: not buttons("Send again"))
    page.place.parts.mail.send_due(Job())
    assert [str(one["Subject"]) for one in mail_server.taken] == ["<i>first</i>"]


def test_the_window_sends_what_is_due_by_itself_and_demo_data_sends_none(
    page: NotificationsPage, mail_server: FakeMailServer, sqlite_desk: Desk, place: Workplace, qtbot: QtBot
) -> None:
    fill(page, mail_server)
    qtbot.waitUntil(lambda: page.unsaved == 0)
    with sqlite_desk.application.database.begin() as uow:
        uow.mails.queue("first", "it@aurora.example", "Hello", "text", sqlite_desk.application.clock())
    demo = MailRound(replace(page.place, parts=replace(page.place.parts, sandbox=True)), page)
    assert not demo._timer.isActive()
    mine = MailRound(page.place, page)
    assert mine._timer.isActive()
    mine._timer.timeout.emit()
    qtbot.waitUntil(lambda: len(mail_server.taken) == 1)


def test_everything_has_a_name(page: NotificationsPage, named: Named) -> None:
    assert {type(widget).__name__ for widget, name in named(page).items() if not name} == set()
    assert QApplication.instance() is not None
