"""The ledger: one row per transfer, balances kept by triggers (docs/ledger.md)."""

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint

from desktop_app.storage.columns import Flag, Micros, UTCDateTime
from desktop_app.storage.models.base import Key, flag_check, key, one_of, reference, table

TRANSFER_KINDS = ("topup", "hold", "capture", "release", "charge", "refund", "adjust", "reversal")

ledger_account = table(
    "ledger_account",
    key(),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("bounded", Flag, nullable=False),
    Column("overdraft_micro", Micros, nullable=False, server_default="0"),
    Column("posted_micro", Micros, nullable=False, server_default="0"),
    Column("held_micro", Micros, nullable=False, server_default="0"),
    Column("last_transfer_id", Key, nullable=False, server_default="0"),
    Column("frozen", Flag, nullable=False, server_default="0"),
    UniqueConstraint("name"),
    flag_check("bounded"),
    flag_check("frozen"),
    CheckConstraint("length(currency) = 3", name="currency_code"),
    CheckConstraint("overdraft_micro >= 0", name="overdraft"),
    CheckConstraint("held_micro >= 0", name="held"),
    CheckConstraint("bounded = 0 OR posted_micro - held_micro >= -overdraft_micro", name="floor"),
)

ledger_transfer = table(
    "ledger_transfer",
    key(),
    Column("idem", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("kind", Text, nullable=False),
    reference("debit_id", "ledger_account.id"),
    reference("credit_id", "ledger_account.id"),
    Column("amount_micro", Micros, nullable=False),
    Column("currency", Text, nullable=False),
    reference("hold_id", "ledger_transfer.id", nullable=True),
    reference("refers_id", "ledger_transfer.id", nullable=True),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("idem"),
    one_of("kind", TRANSFER_KINDS),
    CheckConstraint("length(idem) BETWEEN 8 AND 200", name="idem_length"),
    CheckConstraint("amount_micro > 0 AND amount_micro <= 1000000000000000", name="amount"),
    CheckConstraint("debit_id <> credit_id", name="two_accounts"),
    CheckConstraint("(kind IN ('capture', 'release')) = (hold_id IS NOT NULL)", name="hold"),
    CheckConstraint("(kind IN ('refund', 'reversal')) = (refers_id IS NOT NULL)", name="refers"),
    CheckConstraint("kind NOT IN ('adjust', 'reversal') OR length(reason) >= 5", name="reason"),
    CheckConstraint("length(actor) > 0", name="actor"),
    sqlite_autoincrement=True,
)
_reversal = ledger_transfer.c.kind == "reversal"
Index("one_reversal", ledger_transfer.c.refers_id, unique=True, sqlite_where=_reversal, postgresql_where=_reversal)
Index("ix_ledger_transfer_debit", ledger_transfer.c.debit_id, ledger_transfer.c.id)
Index("ix_ledger_transfer_credit", ledger_transfer.c.credit_id, ledger_transfer.c.id)
_refers = ledger_transfer.c.refers_id.is_not(None)
Index("ix_ledger_transfer_refers", ledger_transfer.c.refers_id, sqlite_where=_refers, postgresql_where=_refers)

ledger_hold = table(
    "ledger_hold",
    reference("hold_id", "ledger_transfer.id", primary_key=True),
    Column("amount_micro", Micros, nullable=False),
    Column("captured_micro", Micros, nullable=False, server_default="0"),
    Column("released_micro", Micros, nullable=False, server_default="0"),
    Column("last_transfer_id", Key, nullable=False),
    CheckConstraint("amount_micro > 0", name="amount"),
    CheckConstraint("captured_micro >= 0", name="captured"),
    CheckConstraint("released_micro >= 0", name="released"),
    CheckConstraint("captured_micro + released_micro <= amount_micro", name="within"),
)

# What a person gave with an entry besides its reason. As lasting as the entry itself.
transfer_detail = table(
    "transfer_detail",
    reference("transfer_id", "ledger_transfer.id", primary_key=True),
    Column("method", Text, nullable=False, server_default=""),
    Column("reference", Text, nullable=False, server_default=""),
    Column("invoice", Text, nullable=False, server_default=""),
    Column("ticket", Text, nullable=False, server_default=""),
    Column("category", Text, nullable=False, server_default=""),
    reference("corrects_id", "ledger_transfer.id", nullable=True),
)
_corrects = transfer_detail.c.corrects_id.is_not(None)
Index("ix_transfer_detail_corrects", transfer_detail.c.corrects_id, sqlite_where=_corrects, postgresql_where=_corrects)
