"""The traffic in quarters of an hour: what the figures are summed from, so that they never read a million messages.

A slot is a quarter of an hour since 1970 in UTC: every time zone begins its days at one. Triggers note the slots whose messages
changed; whoever reads the figures counts those slots anew (``storage/repositories/traffic.py``).
"""

from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Text

from desktop_app.storage.columns import Micros
from desktop_app.storage.models.base import Key, table

traffic = table(
    "traffic",
    Column("slot", BigInteger, nullable=False),
    Column("country", Text, nullable=False),
    Column("provider_id", Key, nullable=False),
    Column("currency", Text, nullable=False),
    # "" where the cost is not known.
    Column("cost_currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("money", Text, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("segments", BigInteger, nullable=False),
    Column("price_micro", Micros, nullable=False),
    Column("cost_micro", Micros, nullable=False),
    PrimaryKeyConstraint("slot", "country", "provider_id", "currency", "cost_currency", "status", "money"),
    sqlite_with_rowid=False,
)

# No key: on a server each statement appends its slots, and no two of them wait for each other.
traffic_stale = table("traffic_stale", Column("slot", BigInteger, nullable=False, index=True))
