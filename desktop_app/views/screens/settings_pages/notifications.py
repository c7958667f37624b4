"""Settings › Notifications: who carries the team's mail, what is told by itself, and mails that did not leave."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError, InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.mails import PORTS, Mail, MailSecurity, MailServer, MailStatus, checked_address
from desktop_app.services.attention import AttentionKind
from desktop_app.services.job import Job
from desktop_app.services.mail import MailSetup, MailTrouble
from desktop_app.views.dialogs.secret_dialog import SecretDialog
from desktop_app.views.formats import MISSING
from desktop_app.views.moments import moment_text
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Row
from desktop_app.views.screens.settings_pages.saved_page import Field, SavedPage
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import announce
from desktop_app.workers.runner import Lane, Outcome, Topic

WAYS = ("screen", "mail")
_SERVER = ("host", "port", "security", "user", "sender")


class PasswordDialog(SecretDialog):
    """The password of the mail server."""

    def __init__(self, place: Workplace, parent: QWidget) -> None:
        hint = tr("Kept where this computer keeps its keys, and never shown again.")
        super().__init__(place, parent, tr("Password of the mail server"), tr("Password"), hint, tr("Keep password"))

    def save(self) -> None:
        """Keep what was typed."""
        password, parts = self.field.line.text(), self._place.parts
        if not password:
            self.field.show_problem(tr("Enter the password."))
            return
        self.agree.setEnabled(False)

        def work(_job: Job) -> Outcome[None]:
            parts.mail.set_password(password, actor=parts.actor)
            return Outcome(None, frozenset({Topic.SETTINGS}))

        self._place.tasks.command(work, owner=self, on_success=lambda _: self.accept(), on_error=self._show_error)


class NotificationsPage(SavedPage):
    """The mail server, its test, what is told, and what did not leave."""

    name = "notifications"
    icon = "bell"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._mail, self._notices = place.parts.mail, place.parts.notices
        self._add_server()
        self._add_test()
        self._add_choices()
        self._trouble = self.add_part()
        self.end()
        self.setEnabled(False)
        self.reload()

    @property
    def title(self) -> str:
        """See Page."""
        return tr("Notifications")

    def load(self) -> Mapping[str, Any]:
        """See SavedPage."""
        server, chosen = self._mail.setup().server, self._notices.read()
        told = {"screen": chosen.on_screen, "mail": chosen.by_mail}
        choices = {f"{way}.{kind.value}": kind in told[way] for way in WAYS for kind in AttentionKind}
        return {**{name: getattr(server, name) for name in _SERVER}, "to": chosen.to, **choices}

    def store(self, changes: Mapping[str, Any]) -> None:
        """See SavedPage."""
        actor = self.place.parts.actor
        mine = {name: changes[name] for name in _SERVER if name in changes}
        if mine:
            now = self._mail.setup().server
            merged = {name: mine.get(name, getattr(now, name)) for name in _SERVER}
            self._mail.change_server(MailServer(**merged), actor=actor)
        kinds = {name: on for name, on in changes.items() if name.partition(".")[0] in WAYS}
        choices = {(name.partition(".")[0], AttentionKind(name.partition(".")[2])): on for name, on in kinds.items()}
        if choices or "to" in changes:
            self._notices.change(actor=actor, to=changes.get("to"), choices=choices)

    def shown(self) -> None:
        """See Page."""
        self._read_state()

    def set_password(self) -> None:
        """Ask for the password of the mail server."""
        dialog = PasswordDialog(self.place, self)
        dialog.accepted.connect(self._read_state)
        dialog.open()

    def remove_password(self) -> None:
        """Forget the password of the mail server."""
        mail, actor = self._mail, self.place.parts.actor

        def work(_job: Job) -> Outcome[None]:
            mail.set_password("", actor=actor)
            return Outcome(None, frozenset({Topic.SETTINGS}))

        self.place.tasks.command(work, owner=self, on_success=lambda _: self._read_state())

    def send_test(self) -> None:
        """Send a test mail by the server that is saved, and say in plain words what became of it."""
        if self.unsaved:
            self.test_row.show_error(tr("Save the settings first: the test uses what is saved."))
            return
        to, mail = self.test_to.text(), self._mail
        self._say_tested(tr("Sending…"))
        self.test_button.setEnabled(False)
        self.place.tasks.query(
            lambda _job: mail.send_test(to), owner=self, on_success=self._say_tested, on_error=self._say_failed,
            lane=Lane.NETWORK,
        )  # fmt: skip

    def _add_server(self) -> None:
        self.host, self.port, self.user, self.sender_address = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.security: Choice[MailSecurity] = Choice(
            [(MailSecurity.STARTTLS, tr("STARTTLS")), (MailSecurity.TLS, tr("TLS")),
             (MailSecurity.NONE, tr("None, this computer only"))]
        )  # fmt: skip
        self.security.chosen.connect(self._choose_security)
        self.host.setPlaceholderText("smtp.example.com")
        self.sender_address.setPlaceholderText("sms@example.com")
        self.port.setMaximumWidth(96)
        for field in (self.host, self.user, self.sender_address):
            field.setMinimumWidth(240)
        for field in (self.host, self.port, self.user, self.sender_address):
            field.textEdited.connect(self.touched)
        rows = (
            self._text_row(
                "host",
                tr("Mail server"),
                tr("The SMTP server that carries mail to clients and the team."),
                self.host,
            ),
            self._choice_row(),
            self._port_row(),
            self._text_row(
                "user", tr("User name"), tr("Of the login; empty where the server asks for none."), self.user
            ),
            self._password_row(),
            self._text_row(
                "sender", tr("Sender address"), tr("Where mails come from, and answers go to."), self.sender_address
            ),
        )
        self.add_card(tr("Mail server"), *rows)

    def _text_row(self, name: str, title: str, detail: str, field: QLineEdit) -> Row:
        row = Row(title, detail, field, tr("SMTP e-mail"))
        self.fields[name] = Field(row, lambda: field.text().strip(), field.setText)
        return row

    def _choice_row(self) -> Row:
        row = Row(
            tr("Security"), tr("The certificate of the server is always checked."), self.security, tr("encryption SSL")
        )
        self.fields["security"] = Field(row, lambda: self.security.value, self.security.show_value)
        return row

    def _port_row(self) -> Row:
        row = Row(tr("Port"), tr("587 for STARTTLS, 465 for TLS."), self.port)
        self.fields["port"] = Field(row, self._read_port, lambda port: self.port.setText(str(port)))
        return row

    def _read_port(self) -> int:
        text = self.port.text().strip()
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 65535:
            raise InvalidInput(tr("A port is a number from 1 to 65535."), fields={"port": ""})
        return int(text)

    def _choose_security(self) -> None:
        if self.port.text().strip() in {str(port) for port in PORTS.values()}:
            self.port.setText(str(PORTS[self.security.value]))
        self.touched()

    def _password_row(self) -> Row:
        box = QWidget()
        self.password_button, self.forget_button = QPushButton(tr("Set password…")), QPushButton(tr("Remove"))
        self.forget_button.setAccessibleName(tr("Remove the password of the mail server"))
        self.password_button.clicked.connect(self.set_password)
        self.forget_button.clicked.connect(self.remove_password)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.password_button)
        row.addWidget(self.forget_button)
        box.setFocusProxy(self.password_button)
        self.password_row = Row(tr("Password"), MISSING, box)
        return self.password_row

    def _add_test(self) -> None:
        box = QWidget()
        self.test_to, self.test_button = QLineEdit(), QPushButton(tr("Send test mail"))
        self.test_to.setPlaceholderText("you@example.com")
        self.test_to.setMinimumWidth(200)
        self.test_to.setAccessibleName(tr("Receiver of the test mail"))
        self.test_to.returnPressed.connect(self.send_test)
        self.test_button.clicked.connect(self.send_test)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.test_to)
        row.addWidget(self.test_button)
        box.setFocusProxy(self.test_to)
        self.test_row = Row(tr("Test"), tr("Sends a mail now with the saved settings."), box)
        self.add_card("", self.test_row)

    def _add_choices(self) -> None:
        self.to = QLineEdit()
        self.to.setMinimumWidth(240)
        self.to.textEdited.connect(self.touched)
        receiver = Row(tr("Notices by mail go to"), tr("An address of the team."), self.to)
        self.fields["to"] = Field(receiver, self._read_receiver, self.to.setText)
        rows = [self._kind_row(kind, title) for kind, title in _kinds()]
        self.add_card(tr("What is told by itself"), receiver, *rows)

    def _kind_row(self, kind: AttentionKind, title: str) -> Row:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        made = Row(title, "", box)
        for way, text in (("screen", tr("On screen")), ("mail", tr("By mail"))):
            if way == "mail" and kind is AttentionKind.MAIL:
                text = tr("By mail: not possible")
            choice = QCheckBox(text)
            choice.setEnabled(not (way == "mail" and kind is AttentionKind.MAIL))
            choice.setAccessibleName(f"{title}, {text}")
            choice.clicked.connect(self.touched)
            row.addWidget(choice)
            self.fields[f"{way}.{kind.value}"] = Field(made, choice.isChecked, choice.setChecked)
        box.setFocusProxy(box.findChildren(QCheckBox)[0])
        return made

    def _read_receiver(self) -> str:
        text = self.to.text().strip()
        return checked_address(text) if text else ""

    def _read_state(self) -> None:
        mail = self._mail
        self.place.tasks.query(
            lambda _job: (mail.setup(), mail.trouble()), owner=self, on_success=lambda found: self._show_state(*found)
        )

    def _show_state(self, setup: MailSetup, trouble: MailTrouble) -> None:
        places = {
            "keyring": tr("Kept in the keyring of this computer"), "vault": tr("Kept in the vault of this profile"),
            "session": tr("Kept until SMS Desk is closed"),
        }  # fmt: skip
        kept = setup.password
        self.password_row.show_detail(tr("No password is kept") if kept is None else places[kept.value])
        self.password_button.setText(tr("Set password…") if kept is None else tr("Replace password…"))
        self.forget_button.setVisible(kept is not None)
        self.clear_part(self._trouble)
        rows = [self._mail_row(mail) for mail in trouble.mails]
        if trouble.server and not self.place.parts.sandbox:
            rows.insert(0, Row(tr("Mail waits"), trouble.server, None))
        if rows:
            self.add_card(tr("Mails that did not leave"), *rows, into=self._trouble)

    def _mail_row(self, mail: Mail) -> Row:
        box = QWidget()
        again, drop = QPushButton(tr("Send again")), QPushButton(tr("Give up"))
        for button in (again, drop):
            button.setAccessibleName(f"{button.text()}: {mail.subject}")
        again.clicked.connect(partial(self._decide, mail, is_again=True))
        drop.clicked.connect(partial(self._decide, mail, is_again=False))
        row = QVBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(again)
        row.addWidget(drop)
        doubt = tr("It may have arrived.") if mail.status is MailStatus.UNKNOWN else ""
        when = moment_text(mail.changed_at, self.place.parts.clock())
        return Row(mail.subject, f"{mail.to} · {when} · {mail.detail} {doubt}".strip(), box)

    def _decide(self, mail: Mail, *, is_again: bool) -> None:
        parts = self.place.parts

        def work(_job: Job) -> Outcome[None]:
            decide = parts.mail.send_again if is_again else parts.mail.give_up
            decide(mail.mail_id, actor=parts.actor)
            return Outcome(None, frozenset({Topic.SETTINGS}))

        self.place.tasks.command(work, owner=self, on_success=lambda _: self._read_state())

    def _say_tested(self, text: str) -> None:
        self.test_row.show_error("")
        self.test_row.show_detail(text)
        announce(self.test_row, text)
        self.test_button.setEnabled(True)

    def _say_failed(self, error: AppError) -> None:
        self.test_row.show_error(error.user_message)
        announce(self.test_row, error.user_message, is_urgent=True)
        self.test_button.setEnabled(True)


def _kinds() -> tuple[tuple[AttentionKind, str], ...]:
    return (
        (AttentionKind.LOSS, tr("Countries sell below cost")), (AttentionKind.PROVIDER, tr("A provider is paused")),
        (AttentionKind.UNKNOWN, tr("Messages may have been sent")), (AttentionKind.CREDIT, tr("Clients with low credit")),
        (AttentionKind.SENDERS, tr("Sender IDs wait for a decision")), (AttentionKind.MAIL, tr("Mail did not leave")),
        (AttentionKind.COSTS, tr("Costs changed")),
    )  # fmt: skip
