"""A client's phone book: contacts with named fields, and the groups they are in."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Text, UniqueConstraint

from desktop_app.storage.columns import UTCDateTime
from desktop_app.storage.models.base import key, reference, table

contact_group = table(
    "contact_group",
    key(),
    reference("client_id", "client.id"),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    UniqueConstraint("client_id", "name_key"),
)

# One row per number of a client, whatever groups it is in; the fields are a JSON object of texts.
contact = table(
    "contact",
    key(),
    reference("client_id", "client.id"),
    Column("number", Text, nullable=False),
    Column("fields", Text, nullable=False),
    UniqueConstraint("client_id", "number"),
)

contact_member = table(
    "contact_member",
    reference("group_id", "contact_group.id"),
    reference("contact_id", "contact.id"),
    PrimaryKeyConstraint("group_id", "contact_id"),
)
Index("ix_contact_member_contact_id", contact_member.c.contact_id)
