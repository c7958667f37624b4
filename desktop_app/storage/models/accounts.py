"""Settings, provider accounts, exchange rates, and the log of who did what."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

from desktop_app.storage.columns import Flag, UTCDateTime
from desktop_app.storage.models.base import flag_check, key, table

setting = table(
    "setting",
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

provider = table(
    "provider",
    key(),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("base_url", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("is_default", Flag, nullable=False),
    Column("paused_reason", Text),
    Column("last_error", Text),
    Column("failed_at", UTCDateTime),
    Column("costs_synced_at", UTCDateTime),
    # ISO codes with blanks between them: countries that the last sync did not reach; NULL when it reached all.
    Column("costs_missed", Text),
    # The last good answer: when, how long it took, and the money at the provider as it told it.
    Column("answered_at", UTCDateTime),
    Column("response_ms", Integer),
    Column("balance", Text),
    Column("balance_currency", Text),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("name_key"),
    flag_check("is_default"),
)
Index(
    "one_default_provider",
    provider.c.is_default,
    unique=True,
    sqlite_where=provider.c.is_default == True,
    postgresql_where=provider.c.is_default == True,
)

exchange_rate = table(
    "exchange_rate",
    Column("from_currency", Text, nullable=False),
    Column("to_currency", Text, nullable=False),
    Column("rate_date", Text, nullable=False),
    Column("rate", Text, nullable=False),
    PrimaryKeyConstraint("from_currency", "to_currency", "rate_date"),
    CheckConstraint("from_currency <> to_currency", name="differs"),
)

activity = table(
    "activity",
    key(),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
)
# Read newest first, in pages: of everybody, of one person, of one kind, of one object.
Index("ix_activity_at", activity.c.at, activity.c.id)
Index("ix_activity_actor", activity.c.actor, activity.c.at, activity.c.id)
Index("ix_activity_kind", activity.c.kind, activity.c.at, activity.c.id)
Index("ix_activity_subject", activity.c.subject, activity.c.at, activity.c.id)
