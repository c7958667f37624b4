"""The ledger: accounts are opened, transfers are inserted; balances follow by themselves."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # ON CONFLICT is the same in both databases

from desktop_app.domain.credits import AccountBalance, LedgerEntry, SystemAccount, Transfer, TransferKind, effect_on
from desktop_app.domain.errors import StaleData
from desktop_app.domain.language import tr
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import micros_since_epoch
from desktop_app.storage.models.ledger import ledger_account, ledger_transfer
from desktop_app.storage.upsert import insert_once

_COLUMNS = ("idem", "fingerprint", "kind", "debit_id", "credit_id", "amount_micro", "currency", "hold_id", "refers_id",
            "actor", "reason", "created_at")  # fmt: skip
_POST = BulkStatement(
    insert(ledger_transfer)
    .values({name: bindparam(f"new_{name}") for name in _COLUMNS})
    .on_conflict_do_nothing(index_elements=["idem"])
    .returning(ledger_transfer.c.id),
    [f"new_{name}" for name in _COLUMNS],
)
_SAME_KEY = BulkStatement(
    select(ledger_transfer.c.id, ledger_transfer.c.fingerprint).where(ledger_transfer.c.idem == bindparam("key")),
    ("key",),
)
_HOLD = BulkStatement(
    select(ledger_transfer.c.debit_id, ledger_transfer.c.credit_id, ledger_transfer.c.currency).where(
        ledger_transfer.c.id == bindparam("key")
    ),
    ("key",),
)


class LedgerRepository:
    """The books."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_account(self, name: str, currency: str, *, bounded: bool) -> int:
        """Open an account at zero and return its id."""
        account = insert(ledger_account).values(name=name, currency=currency, bounded=bounded)
        result = self._connection.execute(account.returning(ledger_account.c.id))
        return int(result.scalar_one())

    def system_account(self, kind: SystemAccount, currency: str) -> int:
        """Return our own account of ``kind``, opened at its first use."""
        name = f"{kind.value}:{currency}"
        named = select(ledger_account.c.id).where(ledger_account.c.name == name)
        found = self._connection.scalar(named)
        if found is None:
            insert_once(self._connection, ledger_account, {"name": name}, {"currency": currency, "bounded": False})
            found = self._connection.execute(named).scalar_one()
        return int(found)

    def balance(self, account_id: int) -> AccountBalance:
        """Return the account's balance."""
        row = self._connection.execute(select(ledger_account).where(ledger_account.c.id == account_id)).one()
        return AccountBalance(
            posted=row.posted_micro, held=row.held_micro, overdraft=row.overdraft_micro, currency=row.currency,
            last_transfer_id=row.last_transfer_id, frozen=row.frozen,
        )  # fmt: skip

    def lock(self, account_ids: list[int]) -> None:
        """Lock accounts in id order before more than one transfer, so that no two transactions wait for each other."""
        statement = (
            select(ledger_account.c.id).where(ledger_account.c.id.in_(account_ids)).order_by(ledger_account.c.id)
        )
        self._connection.execute(statement.with_for_update()).all()

    def lock_holds(self, hold_ids: Collection[int]) -> None:
        """Lock the accounts of holds before several of them are settled; see ``lock``."""
        if len(hold_ids) > 1:
            self.lock_accounts_of(hold_ids)

    def lock_accounts_of(self, transfer_ids: Collection[int]) -> None:
        """Lock the accounts of transfers before they are looked at and more is posted between them; see ``lock``."""
        # On SQLite the whole database is locked anyway.
        if self._connection.dialect.name != "sqlite":
            columns = (ledger_transfer.c.debit_id, ledger_transfer.c.credit_id)
            pairs = self._connection.execute(select(*columns).where(ledger_transfer.c.id.in_(transfer_ids)))
            self.lock(sorted({account_id for pair in pairs for account_id in pair}))

    def set_frozen(self, account_id: int, *, frozen: bool) -> None:
        """Stop or allow new holds and charges; settling what is held goes on."""
        self._connection.execute(update(ledger_account).where(ledger_account.c.id == account_id).values(frozen=frozen))

    def set_overdraft(self, account_id: int, overdraft: int) -> None:
        """Let the account go ``overdraft`` micro-units below zero."""
        statement = update(ledger_account).where(ledger_account.c.id == account_id)
        self._connection.execute(statement.values(overdraft_micro=overdraft))

    def post(self, transfer: Transfer, at: datetime) -> int:
        """Post ``transfer`` and return its id; the same key and content again returns the first one's id.

        Raises:
            StaleData: when the key was used with other content.
            InsufficientCredit: when a client's account would fall below its floor (raised by the database).
        """
        # Under the locks, so that the same transfer posted at the same moment is either here already or waits for this one.
        # On SQLite the whole database is locked anyway.
        if self._connection.dialect.name != "sqlite":
            self.lock([transfer.debit_id, transfer.credit_id])
        known = self._posted(transfer)
        if known is not None:
            return known
        posted = _POST.once(
            self._connection, transfer.idem, transfer.fingerprint, transfer.kind.value, transfer.debit_id, transfer.credit_id,
            transfer.amount, transfer.currency, transfer.hold_id, transfer.refers_id, transfer.actor, transfer.reason,
            micros_since_epoch(at),
        ).scalar()  # fmt: skip
        # Nothing inserted: the key was used at this moment between other accounts, which `_posted` refuses.
        found = self._posted(transfer) if posted is None else int(posted)
        if found is None:
            raise RuntimeError("a transfer neither was there nor could be inserted")
        return found

    def amount_of_key(self, idem: str) -> int | None:
        """Return the amount of the transfer with a key, None when there is none."""
        found = self._connection.scalar(select(ledger_transfer.c.amount_micro).where(ledger_transfer.c.idem == idem))
        return None if found is None else int(found)

    def source_of(self, transfer_id: int) -> int:
        """Return the account that a transfer took its amount from."""
        source = select(ledger_transfer.c.debit_id).where(ledger_transfer.c.id == transfer_id)
        return int(self._connection.execute(source).scalar_one())

    def settlement(self, hold_id: int, kind: TransferKind, amount: int, *, idem: str, actor: str, at: datetime) -> int:
        """Capture or release a part of a hold, between the hold's own accounts, and return the transfer's id."""
        hold = _HOLD.once(self._connection, hold_id).one()
        return self.post(
            Transfer(kind, hold.debit_id, hold.credit_id, amount, hold.currency, idem, actor, hold_id=hold_id), at
        )

    def is_posted(self, transfer: Transfer) -> bool:
        """Return whether this transfer is in the books already.

        Raises:
            StaleData: when its key was used with other content.
        """
        return self._posted(transfer) is not None

    def _posted(self, transfer: Transfer) -> int | None:
        known = _SAME_KEY.once(self._connection, transfer.idem).one_or_none()
        if known is None:
            return None
        if known.fingerprint != transfer.fingerprint:
            raise StaleData(tr("This key was already used for another transfer."), code="idempotency_conflict")
        return int(known.id)

    def entries(self, account_id: int) -> list[LedgerEntry]:
        """Return every transfer of the account, oldest first."""
        touches = or_(ledger_transfer.c.debit_id == account_id, ledger_transfer.c.credit_id == account_id)
        rows = self._connection.execute(select(ledger_transfer).where(touches).order_by(ledger_transfer.c.id))
        entries = []
        for row in rows:
            transfer = Transfer(
                TransferKind(row.kind), row.debit_id, row.credit_id, row.amount_micro, row.currency, row.idem, row.actor,
                row.reason, row.hold_id, row.refers_id,
            )  # fmt: skip
            posted, held = effect_on(transfer, account_id)
            entries.append(
                LedgerEntry(
                    row.id, row.created_at.isoformat(), transfer.kind, posted, held, row.actor, row.reason, row.hold_id,
                    row.refers_id,
                )
            )  # fmt: skip
        return entries
