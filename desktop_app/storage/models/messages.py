"""Batches, messages, attempts with their parts, receipts, and the sending lease (reliability.md 3)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from desktop_app.domain.messages import AttemptOutcome, BatchControl, MessageStatus, MoneyState
from desktop_app.storage.columns import Flag, Micros, UTCDateTime
from desktop_app.storage.models.base import flag_check, key, one_of, reference, table

batch = table(
    "batch",
    key(),
    Column("idem", Text, nullable=False),
    reference("client_id", "client.id", index=True),
    reference("provider_id", "provider.id"),
    Column("sender", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("encoding", Text, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("total_micro", Micros, nullable=False),
    reference("hold_id", "ledger_hold.hold_id"),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("control", Text, nullable=False, server_default="running"),
    Column("name", Text, nullable=False, server_default=""),
    Column("send_at", UTCDateTime),
    Column("own_texts", Flag, nullable=False, server_default="0"),
    UniqueConstraint("idem"),
    one_of("encoding", ("GSM-7", "UCS-2")),
    CheckConstraint("segments > 0", name="segments"),
    CheckConstraint("total_micro > 0", name="total"),
    one_of("control", BatchControl),
    flag_check("own_texts"),
)

# When it was or is to be sent: the traffic of a quarter of an hour is counted from its batches.
_at_once, _later = batch.c.send_at.is_(None), batch.c.send_at.is_not(None)
Index("ix_batch_created_at", batch.c.created_at, sqlite_where=_at_once, postgresql_where=_at_once)
Index("ix_batch_send_at", batch.c.send_at, sqlite_where=_later, postgresql_where=_later)

# What the batch was promised per country, frozen: price, cost, the sender shown, and why this price.
batch_quote = table(
    "batch_quote",
    key(),
    reference("batch_id", "batch.id"),
    Column("country", Text, nullable=False),
    Column("mccmnc", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("price_micro", Micros, nullable=False),
    Column("cost_micro", Micros),
    Column("cost_currency", Text),
    Column("why", Text, nullable=False),
    UniqueConstraint("batch_id", "country", "mccmnc"),
    CheckConstraint("price_micro > 0", name="price"),
)

message = table(
    "message",
    key(),
    reference("batch_id", "batch.id"),
    reference("quote_id", "batch_quote.id"),
    Column("number", Text, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("price_micro", Micros, nullable=False),
    Column("status", Text, nullable=False),
    Column("money", Text, nullable=False),
    reference("hold_id", "ledger_hold.hold_id"),
    reference("settle_id", "ledger_transfer.id", nullable=True),
    Column("tries", Integer, nullable=False),
    Column("not_before", UTCDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    # A text of its own where the batch's text has fields; NULL stands for the batch's text.
    Column("body", Text),
    Column("encoding", Text),
    UniqueConstraint("batch_id", "number"),
    one_of("status", MessageStatus),
    one_of("money", MoneyState),
    CheckConstraint("price_micro > 0", name="price"),
    CheckConstraint("segments > 0", name="segments"),
    CheckConstraint("(money = 'held') = (settle_id IS NULL)", name="settled"),
    CheckConstraint(
        "(status <> 'queued' AND status <> 'sending' AND status <> 'unknown') OR money = 'held'", name="held_while_open"
    ),
    one_of("encoding", ("GSM-7", "UCS-2")),
    CheckConstraint("(body IS NULL) = (encoding IS NULL)", name="own_text"),
)
# The queue, the unknown outcomes and the messages without a final receipt. Queries name the words as literals, too: SQLite uses a
# partial index only when it can see that they match.
_queued = message.c.status == literal_column("'queued'")
Index("ix_message_queued", message.c.id, sqlite_where=_queued, postgresql_where=_queued)
_unknown = message.c.status == literal_column("'unknown'")
Index("ix_message_unknown", message.c.changed_at, message.c.id, sqlite_where=_unknown, postgresql_where=_unknown)
_reportable = (message.c.status == literal_column("'accepted'")) | (message.c.status == literal_column("'sent'"))
Index(
    "ix_message_reportable", message.c.changed_at, message.c.id, sqlite_where=_reportable, postgresql_where=_reportable
)

attempt = table(
    "attempt",
    key(),
    reference("message_id", "message.id"),
    Column("n", Integer, nullable=False),
    reference("provider_id", "provider.id"),
    Column("epoch", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Column("code", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    # The label that travels with an attempt is computed from both (engine/tokens.py), so it is not stored.
    UniqueConstraint("message_id", "n"),
    one_of("outcome", AttemptOutcome),
)
# Neither here nor in a check of a hot table an IN: SQLite builds its list anew for every row that it writes.
_open = text("outcome = 'in_flight' OR outcome = 'unknown' OR outcome = 'accepted'")
Index("one_open_attempt", attempt.c.message_id, unique=True, sqlite_where=_open, postgresql_where=_open)
# The ids a provider gave: one per message, or one per segment (decisions.md 10).
attempt_part = table(
    "attempt_part",
    reference("provider_id", "provider.id"),
    Column("provider_message_id", Text, nullable=False),
    reference("attempt_id", "attempt.id"),
    Column("n", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("cost_text", Text),
    Column("cost_currency", Text),
    Column("changed_at", UTCDateTime, nullable=False),
    # Rows lie in the order of their attempts. Ids come at random, and each one touches a page of its own: only their index does.
    PrimaryKeyConstraint("attempt_id", "n"),
    UniqueConstraint("provider_id", "provider_message_id"),
    one_of("status", ("accepted", "sent", "expired", "undelivered", "rejected", "delivered")),
    CheckConstraint("length(provider_message_id) BETWEEN 1 AND 128", name="id_length"),
    sqlite_with_rowid=False,
)

# The journal: every report as it came, before it is applied.
receipt = table(
    "receipt",
    key(),
    reference("provider_id", "provider.id"),
    Column("provider_message_id", Text, nullable=False),
    Column("provider_status", Text, nullable=False),
    Column("status", Text),
    Column("error_code", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("applied", Flag, nullable=False),
    UniqueConstraint("provider_id", "digest"),
    flag_check("applied"),
)
_waiting = receipt.c.applied == False
Index(
    "ix_receipt_waiting",
    receipt.c.provider_id,
    receipt.c.provider_message_id,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)

sending_lease = table(
    "sending_lease",
    Column("k", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("holder", Text, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    CheckConstraint("k = 1", name="single"),
)
