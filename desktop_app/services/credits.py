"""Client credit: top up, adjust, read, and the audit of the books."""

import uuid
from decimal import Decimal

from desktop_app.domain.clients import Client, clean_text
from desktop_app.domain.credits import AccountBalance, LedgerEntry, SystemAccount, Transfer, TransferKind, adjustment
from desktop_app.domain.errors import InsufficientCredit, InvalidInput
from desktop_app.domain.language import later, tr
from desktop_app.domain.money import micro_exact, micro_text
from desktop_app.services.clock import Clock
from desktop_app.storage.audit import AuditReport
from desktop_app.storage.unit_of_work import Database, UnitOfWork


class CreditsService:
    """The clients' money."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def top_up(
        self, name: str, amount: Decimal, *, reason: str, actor: str, idem: str | None = None
    ) -> tuple[AccountBalance, int]:
        """Add ``amount`` to a client's credit; return the balance after it and the entry's id.

        Args:
            name: the client.
            amount: in the client's currency, positive, at most six decimals.
            reason: what for.
            actor: who.
            idem: the key of this top-up; the same key again has no second effect.

        Raises:
            NotFound: no such client.
            InvalidInput: an amount that is not positive.
        """
        micro = micro_exact(amount)
        if micro <= 0:
            raise InvalidInput(
                tr("A top-up must be above 0. Use an adjustment to reduce credit."), fields={"amount": ""}
            )
        reason = _given(reason)
        with self._database.begin() as uow:
            client = uow.clients.get(name)
            bank = uow.ledger.system_account(SystemAccount.BANK, client.currency)
            key = f"topup:{idem or uuid.uuid4().hex}"
            transfer = Transfer(TransferKind.TOPUP, bank, client.account_id, micro, client.currency, key, actor, reason)
            return self._post(uow, client, transfer)

    def adjust(
        self, name: str, amount: Decimal, *, reason: str, actor: str, idem: str | None = None
    ) -> tuple[AccountBalance, int]:
        """Correct a client's credit by a signed ``amount``; return the balance after it and the entry's id.

        Raises:
            NotFound: no such client.
            InvalidInput: an amount of 0, or a reason of less than five characters.
            InsufficientCredit: more than is available would be taken.
        """
        reason = _given(reason)
        with self._database.begin() as uow:
            client = uow.clients.get(name)
            transfer = adjustment(
                client_account=client.account_id,
                bonus=uow.ledger.system_account(SystemAccount.BONUS, client.currency),
                writeoff=uow.ledger.system_account(SystemAccount.WRITEOFF, client.currency),
                amount=micro_exact(amount),
                currency=client.currency,
                idem=f"adjust:{idem or uuid.uuid4().hex}",
                actor=actor,
                reason=reason,
            )
            available = uow.ledger.balance(client.account_id).available
            reduces = transfer.debit_id == client.account_id and not uow.ledger.is_posted(transfer)
            if reduces and transfer.amount > available:
                raise InsufficientCredit(
                    tr("{name} has only {available} {currency} available. Nothing was changed.", name=client.name,
                       available=micro_text(available), currency=client.currency)
                )  # fmt: skip
            return self._post(uow, client, transfer)

    def balance(self, name: str) -> AccountBalance:
        """Return a client's balance.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            return uow.ledger.balance(uow.clients.get(name).account_id)

    def statement(self, name: str) -> tuple[str, list[LedgerEntry]]:
        """Return a client's currency and all its entries, oldest first: their sum is what is posted.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            client = uow.clients.get(name)
            return client.currency, uow.ledger.entries(client.account_id)

    def verify(self) -> AuditReport:
        """Return what the independent audit of the books finds."""
        return self._database.audit()

    def _post(self, uow: UnitOfWork, client: Client, transfer: Transfer) -> tuple[AccountBalance, int]:
        entry_id = uow.ledger.post(transfer, self._clock())
        return uow.ledger.balance(client.account_id), entry_id


def _given(reason: str) -> str:
    reason = clean_text(reason, later("reason"))
    if not reason:
        raise InvalidInput(tr("Say what it is for."), fields={"reason": ""})
    return reason
