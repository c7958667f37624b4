"""The team's e-mail: which server carries it, and sending what is due, each mail once."""

import hashlib
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from desktop_app.domain.errors import AppError, InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.mails import Mail, MailSecurity, MailServer, MailStatus, checked_address, checked_server
from desktop_app.secret_store import SecretStore, Where
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.services.preferences import read_preferences
from desktop_app.services.smtp import DEADLINE_SECONDS, Delivery, MailServerError, Outcome, SMTPSession
from desktop_app.storage.unit_of_work import Database, UnitOfWork

_LOG: Final = logging.getLogger(__name__)
PASSWORD: Final = "mail/password"  # noqa: S105 - the secret's name
MOST_TRIES: Final = 8
FIRST_BACKOFF: Final = timedelta(minutes=1)
LONGEST_BACKOFF: Final = timedelta(hours=4)
# What the server itself refuses is tried again soon: no mail is begun meanwhile, so nothing is counted.
SERVER_REST: Final = timedelta(minutes=1)
# Longer than any session may take: whoever claimed a mail so long ago is gone.
STALE_CLAIM: Final = timedelta(minutes=15)
LISTED: Final = 50
# 7-bit on the wire: no server has to know more.
_POLICY: Final = SMTP.clone(cte_type="7bit")
_TROUBLE_NOTE: Final = "mail.trouble"


@dataclass(frozen=True, slots=True)
class MailSetup:
    """What the settings show.

    Attributes:
        server: who carries the mail.
        password: where its password is, None when there is none.
    """

    server: MailServer
    password: Where | None


@dataclass(frozen=True, slots=True)
class MailTrouble:
    """What keeps mail from leaving.

    Attributes:
        server: what the server said last when it could not be used, "" when it can.
        waiting: mails that are due and have not left.
        mails: mails that were refused for good, or may not have arrived; newest first.
        count: how many of those there are.
    """

    server: str
    waiting: int
    mails: tuple[Mail, ...]
    count: int


class MailService:
    """Sends the outbox.

    Args:
        database: where outbox and settings live.
        secrets: where the password lives.
        clock: the time.
        context: makes the rules that certificates are checked by.
        seconds: how long the login and each mail may take.
    """

    def __init__(
        self,
        database: Database,
        secrets: SecretStore,
        clock: Clock,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._database, self._secrets, self._clock = database, secrets, clock
        self._context, self._seconds = context, seconds
        self._rest_until: datetime | None = None

    def setup(self) -> MailSetup:
        """Return who carries the mail, and where the password is."""
        with self._database.read() as uow:
            return MailSetup(read_mail_server(uow), self._secrets.where(PASSWORD))

    def change_server(self, server: MailServer, *, actor: str) -> MailServer:
        """Let another server carry the mail; return the one from before. A password is never told to another host.

        Raises:
            InvalidInput: something of it cannot be.
            SecretStoreError: the former password could not be forgotten; nothing was changed then.
        """
        server = checked_server(server)
        with self._database.begin() as uow:
            before = read_mail_server(uow)
            if server != before:
                _store_server(uow, server)
                uow.settings.set(_TROUBLE_NOTE, "")
                uow.activity.add(
                    self._clock(), actor, "setting_changed", "mail_server", before=before.host, after=server.host
                )
            if server.host != before.host:
                self._secrets.delete(PASSWORD)
        self._rest_until = None
        return before

    def set_password(self, password: str, *, actor: str) -> Where:
        """Keep the password of the login, "" forgets it; return where it is now.

        Raises:
            InvalidInput: it is no proper text.
            SecretStoreError: it cannot be kept.
        """
        with self._database.begin() as uow:
            uow.activity.add(
                self._clock(), actor, "secret_replaced" if password else "secret_removed", tr("Mail server")
            )
            uow.settings.set(_TROUBLE_NOTE, "")
            self._rest_until = None
            if password:
                return self._secrets.save(PASSWORD, password)
            self._secrets.delete(PASSWORD)
            return Where.SESSION

    def send_test(self, to: str) -> str:
        """Send a test mail now; return what the server did, in one sentence.

        Raises:
            InvalidInput: no address, or no server yet.
            MailServerError: the server cannot be used, or did not take the mail.
            SecretStoreError: the password cannot be read.
        """
        to = checked_address(to)
        server, company = self._read_server()
        if not server.is_complete:
            raise InvalidInput(tr("Enter the server and the sender's address first."))
        now = self._clock()
        text = tr("This is a test mail of SMS Desk. When you read it, mail to clients works.")
        mail = Mail(
            0, f"test/{now.isoformat()}", to, tr("Test mail of SMS Desk"), text, MailStatus.SENDING, 1, now, "", now
        )
        with self._session(server) as session:
            delivery = session.deliver(server.sender, to, content_of(mail, server, company, now))
        if delivery.outcome is not Outcome.SENT:
            raise MailServerError(_test_failed(server, to, delivery))
        self._note_trouble("")
        return tr("{host} took the mail to {to}. Look into that mailbox.", host=server.host, to=to)

    def has_work(self) -> bool:
        """Whether anything is to be sent now; cheap, and asks no server."""
        now = self._clock()
        if self._rest_until is not None and now < self._rest_until:
            return False
        with self._database.read() as uow:
            return uow.mails.is_any_due(now, now - STALE_CLAIM)

    def send_due(self, job: Job) -> int:
        """Send what is due, one mail after the other; return how many left. Trouble is written down, not raised.

        Raises:
            Cancelled: the person stopped it; a mail that was begun is settled first.
            StorageUnavailable: the database does not answer.
        """
        if not self.has_work():
            return 0
        self._give_up_stale()
        server, company = self._read_server()
        with self._database.read() as uow:
            if not server.is_complete or not uow.mails.count_waiting(self._clock()):
                return 0
        try:
            session = self._session(server)
            with session:
                return self._send_all(session, server, company, job)
        except AppError as error:
            if not isinstance(error, MailServerError) and error.code != "secret_store":
                raise
            self._rest_until = self._clock() + SERVER_REST
            self._note_trouble(error.user_message)
            return 0

    def trouble(self) -> MailTrouble:
        """Return what keeps mail from leaving."""
        with self._database.read() as uow:
            waiting = uow.mails.count_waiting(self._clock())
            said = uow.settings.get(_TROUBLE_NOTE) if waiting else ""
            if waiting and not read_mail_server(uow).is_complete:
                said = tr("There is no mail server yet.")
            return MailTrouble(said, waiting, tuple(uow.mails.in_trouble(LISTED)), uow.mails.count_in_trouble())

    def send_again(self, mail_id: int, *, actor: str) -> None:
        """Let a mail in trouble be sent again: a person decides that, for it may have arrived.

        Raises:
            InvalidInput: it is not in trouble any more.
        """
        self._decide(mail_id, "mail_again", actor)

    def give_up(self, mail_id: int, *, actor: str) -> None:
        """Let a mail in trouble rest for good.

        Raises:
            InvalidInput: it is not in trouble any more.
        """
        self._decide(mail_id, "mail_dropped", actor)

    def _decide(self, mail_id: int, kind: str, actor: str) -> None:
        now = self._clock()
        with self._database.begin() as uow:
            decide = uow.mails.again if kind == "mail_again" else uow.mails.drop
            mail = uow.mails.get(mail_id)
            if mail is None or not decide(mail_id, now):
                raise InvalidInput(tr("This mail is not in trouble any more."))
            uow.activity.add(now, actor, kind, mail.subject, to=mail.to)

    def _send_all(self, session: SMTPSession, server: MailServer, company: str, job: Job) -> int:
        sent = 0
        self._note_trouble("")
        while not session.is_broken:
            job.wait(0)
            now = self._clock()
            # Committed before the first byte: nobody else takes it, and after a crash it is known to be in doubt.
            with self._database.begin() as uow:
                mail = uow.mails.claim(now)
            if mail is None:
                break
            delivery = self._deliver(session, server, company, mail)
            self._settle(mail, delivery)
            sent += delivery.outcome is Outcome.SENT
        return sent

    def _deliver(self, session: SMTPSession, server: MailServer, company: str, mail: Mail) -> Delivery:
        try:
            content = content_of(mail, server, company, self._clock())
        except (ValueError, UnicodeError):
            return Delivery(Outcome.REFUSED, tr("It holds characters that no mail can carry."))
        return session.deliver(server.sender, mail.to, content)

    def _settle(self, mail: Mail, delivery: Delivery) -> None:
        now, due, status = self._clock(), None, MailStatus.SENT
        if delivery.outcome is Outcome.LATER and mail.tries < MOST_TRIES:
            status, due = MailStatus.QUEUED, now + min(FIRST_BACKOFF * 4 ** (mail.tries - 1), LONGEST_BACKOFF)
        elif delivery.outcome in (Outcome.LATER, Outcome.REFUSED):
            status = MailStatus.FAILED
        elif delivery.outcome is Outcome.UNKNOWN:
            status = MailStatus.UNKNOWN
        if status is not MailStatus.SENT:
            _LOG.warning("mail %d is %s: %s", mail.mail_id, status, delivery.detail)
        with self._database.begin() as uow:
            uow.mails.settle(mail, status, now, detail=delivery.detail, due_at=due)

    def _give_up_stale(self) -> None:
        now = self._clock()
        with self._database.begin() as uow:
            uow.mails.give_up_claims(now - STALE_CLAIM, now, tr("SMS Desk ended while this mail was being sent."))

    def _session(self, server: MailServer) -> SMTPSession:
        password = (self._secrets.load(PASSWORD) or "") if server.user else ""
        return SMTPSession(server, password, self._context, self._seconds)

    def _read_server(self) -> tuple[MailServer, str]:
        with self._database.read() as uow:
            return read_mail_server(uow), read_preferences(uow).company

    def _note_trouble(self, sentence: str) -> None:
        with self._database.read() as uow:
            if uow.settings.get(_TROUBLE_NOTE) == sentence:
                return
        with self._database.begin() as uow:
            uow.settings.set(_TROUBLE_NOTE, sentence)


def read_mail_server(uow: UnitOfWork) -> MailServer:
    """Return who carries the mail; what a newer or broken program stored counts as no server."""
    usual = MailServer()
    try:
        return checked_server(
            replace(
                usual,
                host=uow.settings.get("mail.host"),
                port=int(uow.settings.get("mail.port", str(usual.port))),
                security=MailSecurity(uow.settings.get("mail.security", usual.security)),
                user=uow.settings.get("mail.user"),
                sender=uow.settings.get("mail.sender"),
            )
        )
    except (InvalidInput, ValueError):
        return usual


def content_of(mail: Mail, server: MailServer, company: str, now: datetime) -> bytes:
    """Return a mail as it goes over the wire.

    Raises:
        ValueError: it holds what no header can carry.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name=company, addr_spec=server.sender)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    # The same mail has the same id each time it is tried: whoever gets it twice can tell.
    mark = hashlib.sha256(f"{mail.mail_id} {mail.idem}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{mark}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message.as_bytes()


def _store_server(uow: UnitOfWork, server: MailServer) -> None:
    values = {"host": server.host, "port": str(server.port), "security": server.security.value, "user": server.user,
              "sender": server.sender}  # fmt: skip
    for name, value in values.items():
        uow.settings.set(f"mail.{name}", value)


def _test_failed(server: MailServer, to: str, delivery: Delivery) -> str:
    if delivery.outcome is Outcome.UNKNOWN:
        return tr("{host} did not confirm the mail to {to}. It may have arrived. {detail}", host=server.host, to=to,
                  detail=delivery.detail)  # fmt: skip
    return tr("{host} did not take the mail to {to}: {detail}", host=server.host, to=to, detail=delivery.detail)
