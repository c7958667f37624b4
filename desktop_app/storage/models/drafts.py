"""What people compose and have not sent yet."""

from sqlalchemy import CheckConstraint, Column, Integer, Text, UniqueConstraint

from desktop_app.storage.columns import UTCDateTime
from desktop_app.storage.models.base import key, table

# The recipients stand apart from the rest: they are long, and most savings change only the text.
draft = table(
    "draft",
    key(),
    Column("idem", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("recipients", Text, nullable=False),
    Column("recipient_count", Integer, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    UniqueConstraint("idem"),
    CheckConstraint("recipient_count >= 0", name="recipients"),
)
