"""Costs, price lists, their rates, and price changes as stored objects."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from desktop_app.storage.columns import Flag, Micros, UTCDateTime
from desktop_app.storage.models.base import Key, flag_check, key, reference, table

# What a provider asks for; the country's own row has mccmnc ''.
provider_cost = table(
    "provider_cost",
    reference("provider_id", "provider.id"),
    Column("country", Text, nullable=False),
    Column("mccmnc", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("cost_text", Text, nullable=False),
    Column("cost_micro", Micros, nullable=False),
    Column("currency", Text, nullable=False),
    PrimaryKeyConstraint("provider_id", "country", "mccmnc"),
    CheckConstraint("cost_micro > 0", name="positive"),
)

# The numbers of a provider's networks by what they begin with; mccmnc '' where they have the country's price.
number_range = table(
    "number_range",
    reference("provider_id", "provider.id"),
    Column("country", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("mccmnc", Text, nullable=False),
    PrimaryKeyConstraint("provider_id", "country", "prefix"),
    CheckConstraint("length(prefix) BETWEEN 1 AND 15", name="prefix"),
    sqlite_with_rowid=False,
)

country = table(
    "country",
    Column("iso", Text, primary_key=True),
    Column("enabled", Flag, nullable=False),
    flag_check("enabled"),
)

price_list = table(
    "price_list",
    key(),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("currency", Text, nullable=False),
    reference("parent_id", "price_list.id", nullable=True),
    UniqueConstraint("name_key"),
)

# A saved edit of a price list, revertible at any time.
price_change = table(
    "price_change",
    key(),
    reference("list_id", "price_list.id"),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("rule", Text, nullable=False),
    # What bounded the rule's result, for when its rows follow it; "" for nothing.
    Column("limits", Text, nullable=False, server_default=""),
    Column("row_count", Integer, nullable=False),
    Column("first_row_id", Key, nullable=False),
    Column("last_row_id", Key, nullable=False),
    reference("reverts_id", "price_change.id", nullable=True),
    # The rule that some rows of another change follow from then on ("margin 35.00" where it raised margins); it has no rows.
    reference("part_of_id", "price_change.id", nullable=True),
)

# One destination of one price list: its cost in the list's currency and its own price.
rate = table(
    "rate",
    key(),
    reference("list_id", "price_list.id"),
    Column("country", Text, nullable=False),
    Column("mccmnc", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("cost_micro", Micros),
    Column("cost_unconverted", Flag, nullable=False),
    Column("price_micro", Micros),
    Column("manual", Flag, nullable=False),
    reference("rule_change_id", "price_change.id", nullable=True),
    UniqueConstraint("list_id", "country", "mccmnc"),
    flag_check("manual"),
    flag_check("cost_unconverted"),
    CheckConstraint("price_micro > 0", name="price_positive"),
    CheckConstraint("cost_micro > 0", name="cost_positive"),
    CheckConstraint("manual = 0 OR price_micro IS NOT NULL", name="manual_has_price"),
    # Room in the page for the new version of the row: a bulk change stays on its page (performance.md 5).
    postgresql_with={"fillfactor": "45"},
)

# Before and after of one row of a change. The rows of a change lie side by side: price_change keeps the first and last id,
# and a million of them are read without an index. No foreign keys: neither rates nor changes are ever deleted, and checking
# them costs a quarter of a bulk change.
price_change_row = table(
    "price_change_row",
    key(),
    Column("change_id", Key, nullable=False),
    Column("rate_id", Key, nullable=False),
    Column("before_micro", Micros),
    Column("before_manual", Flag, nullable=False),
    Column("before_rule_id", Key),
    Column("after_micro", Micros),
    Column("after_manual", Flag, nullable=False),
    Column("after_rule_id", Key),
)

# How the cost of a row moved, in the currency of its list; NULL where there was or is none. No foreign key, as above.
cost_change = table(
    "cost_change",
    key(),
    Column("rate_id", Key, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("before_micro", Micros),
    Column("after_micro", Micros),
)

# Standing rules of a list, for destinations without a row of their own; region '' is the default rule.
standing_rule = table(
    "standing_rule",
    reference("list_id", "price_list.id"),
    Column("region", Text, nullable=False),
    Column("rule", Text, nullable=False),
    PrimaryKeyConstraint("list_id", "region"),
)

client_price = table(
    "client_price",
    reference("client_id", "client.id"),
    Column("country", Text, nullable=False),
    Column("mccmnc", Text, nullable=False),
    Column("price_micro", Micros, nullable=False),
    PrimaryKeyConstraint("client_id", "country", "mccmnc"),
    CheckConstraint("price_micro > 0", name="positive"),
)

# A loss that an admin allowed for one row until a date.
loss_permission = table(
    "loss_permission",
    reference("rate_id", "rate.id", primary_key=True),
    Column("until", UTCDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

# What a price change did to that permission of a row; NULL where there was or is none.
price_change_loss = table(
    "price_change_loss",
    reference("change_id", "price_change.id"),
    reference("rate_id", "rate.id"),
    Column("before_until", UTCDateTime),
    Column("before_actor", Text),
    Column("before_reason", Text),
    Column("after_until", UTCDateTime),
    Column("after_actor", Text),
    Column("after_reason", Text),
    PrimaryKeyConstraint("change_id", "rate_id"),
)

# A price list as it went out, byte by byte; client_id NULL is the list for everybody.
issued_list = table(
    "issued_list",
    key(),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    reference("client_id", "client.id", nullable=True),
    Column("format", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    CheckConstraint("length(content) BETWEEN 1 AND 52428800", name="size"),
)
Index("ix_issued_list_client_id", issued_list.c.client_id, issued_list.c.id)

# A bulk edit that the team keeps under a name; the content is JSON.
price_preset = table(
    "price_preset",
    Column("name_key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("content", Text, nullable=False),
)

_by_hand = rate.c.manual == True
Index("ix_rate_manual", rate.c.list_id, rate.c.country, sqlite_where=_by_hand, postgresql_where=_by_hand)
Index("ix_cost_change_rate_id", cost_change.c.rate_id, cost_change.c.id)
Index("ix_cost_change_at", cost_change.c.at)
Index("ix_price_change_list_id", price_change.c.list_id, price_change.c.id)
Index("ix_price_change_at", price_change.c.at, price_change.c.id)
Index(
    "ix_price_change_reverts_id",
    price_change.c.reverts_id,
    sqlite_where=price_change.c.reverts_id.is_not(None),
    postgresql_where=price_change.c.reverts_id.is_not(None),
)
