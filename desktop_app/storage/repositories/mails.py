"""The outbox of e-mail: queued once per key, claimed before it is sent, settled by what the server said."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.mails import LONGEST_TEXT, Mail, MailStatus, checked_address, clean_subject
from desktop_app.storage.models.mails import mail_outbox

_own: Final = mail_outbox.c


def _is(status: MailStatus) -> ColumnElement[bool]:
    # As a literal, so that SQLite sees when a partial index matches.
    return _own.status == literal_column(f"'{status}'")


_OPEN: Final = or_(_is(MailStatus.QUEUED), _is(MailStatus.SENDING))
_TROUBLE: Final = or_(_is(MailStatus.FAILED), _is(MailStatus.UNKNOWN))


class MailRepository:
    """Mails that are to leave."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(self, key: str, to: str, subject: str, text: str, due_at: datetime) -> None:
        """Let a mail leave from ``due_at`` on; the same key again makes no second mail, unless the first was cancelled.

        Args:
            key: what is told to whom, such as "sender/12/approved".
            to: the receiver's address.
            subject: one line; line breaks become spaces.
            text: plain text.
            due_at: not sent before; until then it can be cancelled.

        Raises:
            InvalidInput: no address, or a text that is too long.
        """
        if len(text) > LONGEST_TEXT:
            raise InvalidInput(tr("The text of a mail has at most {count:,} characters.", count=LONGEST_TEXT))
        values = {
            "recipient": checked_address(to), "subject": clean_subject(subject), "body": text.replace("\0", ""),
            "status": MailStatus.QUEUED, "due_at": due_at, "detail": "", "changed_at": due_at,
        }  # fmt: skip
        # The count of tries goes on: whoever still has a former try in hand settles that one, not this.
        statement = insert(mail_outbox).values(idem=key, tries=0, **values)
        again = statement.on_conflict_do_update(index_elements=["idem"], set_=values, where=_is(MailStatus.CANCELLED))
        self._connection.execute(again)

    def cancel(self, key: str) -> bool:
        """Let a mail not leave any more; return whether that is certain: False when it was begun, has left, or there is none."""
        statement = update(mail_outbox).where(_own.idem == key, _is(MailStatus.QUEUED))
        return self._connection.execute(statement.values(status=MailStatus.CANCELLED)).rowcount == 1

    def claim(self, now: datetime) -> Mail | None:
        """Take the mail that is due longest and return it, None when none is; nobody else gets it."""
        due = (
            select(_own.id).where(_OPEN, _is(MailStatus.QUEUED), _own.due_at <= now)
            .order_by(_own.due_at, _own.id).limit(1).with_for_update(skip_locked=True)
        )  # fmt: skip
        statement = (
            update(mail_outbox).where(_own.id == due.scalar_subquery(), _is(MailStatus.QUEUED))
            .values(status=MailStatus.SENDING, tries=_own.tries + 1, changed_at=now).returning(*_own)
        )  # fmt: skip
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _mail(row)

    def settle(
        self, mail: Mail, status: MailStatus, now: datetime, *, detail: str = "", due_at: datetime | None = None
    ) -> None:
        """Write down what became of a claimed mail; a claim that was given up meanwhile and begun anew is left alone."""
        mine = (
            _own.id == mail.mail_id,
            _own.tries == mail.tries,
            or_(_is(MailStatus.SENDING), _is(MailStatus.UNKNOWN)),
        )
        values: dict[str, Any] = {"status": status, "detail": detail, "changed_at": now}
        if due_at is not None:
            values["due_at"] = due_at
        self._connection.execute(update(mail_outbox).where(*mine).values(values))

    def give_up_claims(self, before: datetime, now: datetime, detail: str) -> int:
        """Call mails UNKNOWN that were claimed before ``before`` and never settled; return how many."""
        stale = (_OPEN, _is(MailStatus.SENDING), _own.changed_at < before)
        values = {"status": MailStatus.UNKNOWN, "detail": detail, "changed_at": now}
        return self._connection.execute(update(mail_outbox).where(*stale).values(values)).rowcount

    def is_any_due(self, now: datetime, stale_before: datetime) -> bool:
        """Whether a mail is due, or was claimed before ``stale_before`` and never settled."""
        stale = and_(_is(MailStatus.SENDING), _own.changed_at < stale_before)
        due = and_(_is(MailStatus.QUEUED), _own.due_at <= now)
        return self._connection.scalar(select(_own.id).where(_OPEN, or_(due, stale)).limit(1)) is not None

    def count_waiting(self, now: datetime) -> int:
        """Return how many mails are due and have not left."""
        statement = select(func.count()).where(_OPEN, _is(MailStatus.QUEUED), _own.due_at <= now)
        return int(self._connection.execute(statement).scalar_one())

    def count_in_trouble(self) -> int:
        """Return how many mails were refused for good or may not have arrived."""
        return int(self._connection.execute(select(func.count()).where(_TROUBLE)).scalar_one())

    def in_trouble(self, limit: int) -> list[Mail]:
        """Return mails that were refused for good or may not have arrived, newest first."""
        statement = select(mail_outbox).where(_TROUBLE).order_by(_own.id.desc()).limit(limit)
        return [_mail(row) for row in self._connection.execute(statement)]

    def get(self, mail_id: int) -> Mail | None:
        """Return a mail, None when there is none."""
        row = self._connection.execute(select(mail_outbox).where(_own.id == mail_id)).one_or_none()
        return None if row is None else _mail(row)

    def again(self, mail_id: int, now: datetime) -> bool:
        """Let a mail in trouble be sent again; return whether it was in trouble."""
        statement = update(mail_outbox).where(_own.id == mail_id, _TROUBLE)
        values = {"status": MailStatus.QUEUED, "due_at": now, "detail": "", "changed_at": now}
        return self._connection.execute(statement.values(values)).rowcount == 1

    def drop(self, mail_id: int, now: datetime) -> bool:
        """Give a mail in trouble up; return whether it was in trouble."""
        statement = update(mail_outbox).where(_own.id == mail_id, _TROUBLE)
        values = {"status": MailStatus.DROPPED, "changed_at": now}
        return self._connection.execute(statement.values(values)).rowcount == 1


def _mail(row: Row[Any]) -> Mail:
    return Mail(
        row.id, row.idem, row.recipient, row.subject, row.body, MailStatus(row.status), row.tries, row.due_at, row.detail,
        row.changed_at,
    )  # fmt: skip
