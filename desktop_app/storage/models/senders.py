"""Sender IDs, their approval per country, and the documents that prove them."""

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint

from desktop_app.storage.columns import Flag, UTCDateTime
from desktop_app.storage.models.base import flag_check, key, one_of, reference, table

sender_id = table(
    "sender_id",
    key(),
    reference("client_id", "client.id"),
    Column("sender", Text, nullable=False),
    Column("sender_key", Text, nullable=False),
    Column("look_alike_key", Text, nullable=False, index=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    UniqueConstraint("client_id", "sender_key"),
)

sender_approval = table(
    "sender_approval",
    reference("sender_id", "sender_id.id"),
    Column("country", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("requested_at", UTCDateTime, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("decided_at", UTCDateTime),
    Column("decided_by", Text),
    Column("expires_at", UTCDateTime),
    Column("submitted_at", UTCDateTime),
    Column("expected_days", Integer),
    Column("warned_at", UTCDateTime),
    PrimaryKeyConstraint("sender_id", "country"),
    one_of("status", ("not_required", "pending", "at_provider", "approved", "rejected", "expired")),
)

# Kept in the database, so that every desktop sees them and one backup holds everything.
document = table(
    "document",
    key(),
    reference("client_id", "client.id"),
    Column("digest", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", UTCDateTime, nullable=False),
    Column("added_by", Text, nullable=False),
    UniqueConstraint("client_id", "digest"),
    CheckConstraint("length(content) BETWEEN 1 AND 10485760", name="size"),
)

sender_document = table(
    "sender_document",
    reference("sender_id", "sender_id.id"),
    reference("document_id", "document.id"),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_at", UTCDateTime),
    Column("state_by", Text),
    Column("valid_until", UTCDateTime),
    PrimaryKeyConstraint("sender_id", "document_id"),
    one_of("state", ("new", "checked", "refused")),
)

# The number shown instead of a name, in countries that take numbers only (decisions.md 7).
fallback_number = table(
    "fallback_number",
    reference("provider_id", "provider.id"),
    Column("country", Text, nullable=False),
    Column("number", Text, nullable=False),
    PrimaryKeyConstraint("provider_id", "country"),
)

# What the team settled about a country, over what is shipped with the product.
sender_rule = table(
    "sender_rule",
    Column("country", Text, nullable=False),
    Column("alphanumeric", Text, nullable=False),
    Column("preregistration", Flag),
    Column("documents", Text, nullable=False),
    Column("longest", Integer, nullable=False),
    Column("days", Text, nullable=False),
    Column("fee", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("checked_at", UTCDateTime, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    PrimaryKeyConstraint("country"),
    one_of("alphanumeric", ("yes", "registration_required", "no", "unknown")),
    flag_check("preregistration"),
    CheckConstraint("longest BETWEEN 1 AND 11", name="longest"),
)
