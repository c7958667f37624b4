"""The ledger: accounts are opened, transfers are inserted; balances follow by themselves."""

from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from desktop_app.domain.credits import AccountBalance, LedgerEntry, SystemAccount, Transfer, TransferKind, effect_on
from desktop_app.domain.errors import StaleData
from desktop_app.domain.language import tr
from desktop_app.storage.models.ledger import ledger_account, ledger_transfer


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
        found = self._connection.scalar(select(ledger_account.c.id).where(ledger_account.c.name == name))
        return int(found) if found is not None else self.open_account(name, currency, bounded=False)

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
        known = self._connection.execute(
            select(ledger_transfer.c.id, ledger_transfer.c.fingerprint).where(ledger_transfer.c.idem == transfer.idem)
        ).one_or_none()
        if known is not None:
            if known.fingerprint != transfer.fingerprint:
                raise StaleData(tr("This key was already used for another transfer."), code="idempotency_conflict")
            return int(known.id)
        result = self._connection.execute(
            insert(ledger_transfer)
            .values(
                idem=transfer.idem, fingerprint=transfer.fingerprint, kind=transfer.kind.value, debit_id=transfer.debit_id,
                credit_id=transfer.credit_id, amount_micro=transfer.amount, currency=transfer.currency,
                hold_id=transfer.hold_id, refers_id=transfer.refers_id, actor=transfer.actor, reason=transfer.reason,
                created_at=at,
            )
            .returning(ledger_transfer.c.id)
        )  # fmt: skip
        return int(result.scalar_one())

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
