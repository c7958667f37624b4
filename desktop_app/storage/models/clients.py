"""Clients, their API keys, groups of numbers that must not be sent to."""

from sqlalchemy import CheckConstraint, Column, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

from desktop_app.storage.columns import Flag, Micros, UTCDateTime
from desktop_app.storage.models.base import flag_check, key, one_of, reference, table

client = table(
    "client",
    key(),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("email", Text),
    reference("list_id", "price_list.id"),
    reference("account_id", "ledger_account.id"),
    Column("paused", Flag, nullable=False),
    Column("refund_on", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("language", Text, nullable=False, server_default=""),
    Column("default_sender", Text, nullable=False, server_default=""),
    Column("alert_micro", Micros),
    Column("alert_days", Integer),
    Column("alerted_at", UTCDateTime),
    Column("archived_at", UTCDateTime),
    UniqueConstraint("name_key"),
    UniqueConstraint("account_id"),
    flag_check("paused"),
    one_of("refund_on", ("never", "failed")),
    CheckConstraint("alert_micro > 0", name="alert"),
    CheckConstraint("alert_days > 0", name="alert_days"),
)

# Only a keyed hash of a key is kept; the prefix finds the row.
api_key = table(
    "api_key",
    key(),
    reference("client_id", "client.id", index=True),
    Column("prefix", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("revoked_at", UTCDateTime),
    UniqueConstraint("prefix"),
)

opt_out = table(
    "opt_out",
    reference("client_id", "client.id"),
    Column("number", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    PrimaryKeyConstraint("client_id", "number"),
)
