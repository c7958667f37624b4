"""The outbox: e-mail that is to leave, is leaving, or has left."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Text, UniqueConstraint, literal_column

from desktop_app.domain.mails import MailStatus
from desktop_app.storage.columns import UTCDateTime
from desktop_app.storage.models.base import key, one_of, table

mail_outbox = table(
    "mail_outbox",
    key(),
    # What was asked for: asking for it again makes no second mail.
    Column("idem", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("detail", Text, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    UniqueConstraint("idem"),
    one_of("status", MailStatus),
    CheckConstraint("tries >= 0", name="tries"),
)
_status = mail_outbox.c.status
_open = (_status == literal_column("'queued'")) | (_status == literal_column("'sending'"))
Index("ix_mail_outbox_open", mail_outbox.c.due_at, sqlite_where=_open, postgresql_where=_open)
_in_trouble = (_status == literal_column("'failed'")) | (_status == literal_column("'unknown'"))
Index("ix_mail_outbox_trouble", mail_outbox.c.id, sqlite_where=_in_trouble, postgresql_where=_in_trouble)
