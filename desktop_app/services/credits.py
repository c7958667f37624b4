"""Client credit: top up, adjust, read, and the audit of the books."""

import uuid
from decimal import Decimal
from typing import Final

from desktop_app.domain.client_ledger import EntryDetail, LedgerLine, require_correctable
from desktop_app.domain.clients import Client, clean_text
from desktop_app.domain.credits import (
    SHORTEST_REASON,
    AccountBalance,
    LedgerEntry,
    SystemAccount,
    Transfer,
    TransferKind,
    adjustment,
)
from desktop_app.domain.errors import InsufficientCredit, InvalidInput, NotFound, StaleData
from desktop_app.domain.language import later, tr
from desktop_app.domain.money import micro_exact, micro_text
from desktop_app.services.client_mails import top_up_receipt
from desktop_app.services.clock import Clock
from desktop_app.services.preferences import read_preferences
from desktop_app.storage.audit import AuditReport
from desktop_app.storage.unit_of_work import Database, UnitOfWork

NO_DETAIL: Final = EntryDetail()


class CreditsService:
    """The clients' money."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def top_up(
        self,
        name: str,
        amount: Decimal,
        *,
        reason: str,
        actor: str,
        idem: str | None = None,
        detail: EntryDetail = NO_DETAIL,
        receipt: bool = False,
    ) -> tuple[AccountBalance, int]:
        """Add ``amount`` to a client's credit; return the balance after it and the entry's id.

        Args:
            name: the client.
            amount: in the client's currency, positive, at most six decimals.
            reason: what for.
            actor: who.
            idem: the key of this top-up; the same key again has no second effect.
            detail: how it was paid, and what else belongs to it.
            receipt: the client is told by e-mail, once, if it has an address.

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
            booked = self._post(uow, client, transfer, detail)
            if receipt and client.email is not None:
                subject, text = top_up_receipt(client, micro, booked[0], detail, read_preferences(uow).company)
                uow.mails.queue(f"credit/receipt/{booked[1]}", client.email, subject, text, self._clock())
            return booked

    def adjust(
        self,
        name: str,
        amount: Decimal,
        *,
        reason: str,
        actor: str,
        idem: str | None = None,
        detail: EntryDetail = NO_DETAIL,
        corrected: int | None = None,
    ) -> tuple[AccountBalance, int]:
        """Correct a client's credit by a signed ``amount``; return the balance after it and the entry's id.

        Args:
            name: the client.
            amount: in the client's currency, not 0.
            reason: why, at least five characters.
            actor: who.
            idem: the key of this adjustment; the same key again has no second effect.
            detail: what else belongs to it.
            corrected: what had been corrected of ``detail.corrects_id``, in micro-units, when the person looked at it.

        Raises:
            NotFound: no such client.
            StaleData: somebody else corrected that entry meanwhile.
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
            if detail.corrects_id is not None:
                uow.ledger.lock([transfer.debit_id, transfer.credit_id])
                if not uow.ledger.is_posted(transfer):
                    _require_seen(_entry(uow, client, detail.corrects_id), corrected)
            _require_covered(uow, client, transfer)
            return self._post(uow, client, transfer, detail)

    def take_back(
        self,
        name: str,
        entry_id: int,
        amount: Decimal,
        *,
        reason: str,
        actor: str,
        idem: str | None = None,
        detail: EntryDetail = NO_DETAIL,
        corrected: int | None = None,
    ) -> tuple[AccountBalance, int]:
        """Take ``amount`` of a wrong top-up or addition back, as a new entry that refers to it.

        The amount goes back to the account it came from. The database itself refuses to take back more than was given.

        Args:
            name: the client.
            entry_id: the wrong entry.
            amount: in the client's currency, positive, at most what is left of the entry.
            reason: why, at least five characters.
            actor: who.
            idem: the key of this correction; the same key again has no second effect.
            detail: what else belongs to it.
            corrected: what had been corrected of the entry, in micro-units, when the person looked at it.

        Returns:
            The balance after it, and the id of the new entry.

        Raises:
            NotFound: no such client, or it has no such entry.
            StaleData: somebody else corrected it meanwhile.
            InvalidInput: an entry that cannot be corrected, more than is left of it, or too short a reason.
            InsufficientCredit: it was spent already.
        """
        micro, reason = micro_exact(amount), _given(reason)
        if len(reason) < SHORTEST_REASON:
            raise InvalidInput(tr("Give a reason of at least five characters."), fields={"reason": ""})
        with self._database.begin() as uow:
            client = uow.clients.get(name)
            # Locked before it is read: two people who take back at once see each other's.
            uow.ledger.lock_accounts_of([entry_id])
            line = _entry(uow, client, entry_id)
            transfer = _mirror(uow, client, line, micro, f"correct:{idem or uuid.uuid4().hex}", actor, reason)
            if not uow.ledger.is_posted(transfer):
                _require_seen(line, corrected)
                require_correctable(line, micro)
            _require_covered(uow, client, transfer)
            return self._post(uow, client, transfer, detail)

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

    def _post(
        self, uow: UnitOfWork, client: Client, transfer: Transfer, detail: EntryDetail
    ) -> tuple[AccountBalance, int]:
        entry_id = uow.ledger.post(transfer, self._clock())
        if not detail.is_empty and not uow.client_ledger.has_detail(entry_id):
            uow.client_ledger.add_detail(entry_id, detail)
        return uow.ledger.balance(client.account_id), entry_id


def _entry(uow: UnitOfWork, client: Client, entry_id: int) -> LedgerLine:
    line = uow.client_ledger.entry(client.account_id, entry_id)
    if line is None:
        raise NotFound(tr("{name} has no such entry.", name=client.name))
    return line


def _require_seen(line: LedgerLine, corrected: int | None) -> None:
    """Check that nobody corrected an entry since a person saw it: two people would book the same difference twice."""
    if corrected is not None and line.corrected != corrected:
        raise StaleData(tr("This entry was corrected meanwhile. Look at it again."), code="entry_corrected")


def _mirror(
    uow: UnitOfWork, client: Client, line: LedgerLine, amount: int, idem: str, actor: str, reason: str
) -> Transfer:
    """Return the transfer that gives ``amount`` of an entry back to where it came from."""
    source = uow.ledger.source_of(line.entry_id)
    kind = TransferKind.REVERSAL if amount == line.amount else TransferKind.REFUND
    return Transfer(
        kind, client.account_id, source, amount, client.currency, idem, actor, reason, refers_id=line.entry_id
    )


def _require_covered(uow: UnitOfWork, client: Client, transfer: Transfer) -> None:
    if transfer.debit_id != client.account_id or uow.ledger.is_posted(transfer):
        return
    available = uow.ledger.balance(client.account_id).available
    if transfer.amount > available:
        raise InsufficientCredit(
            tr("{name} has only {available} {currency} available. Nothing was changed.", name=client.name,
               available=micro_text(available), currency=client.currency)
        )  # fmt: skip


def _given(reason: str) -> str:
    reason = clean_text(reason, later("reason"))
    if not reason:
        raise InvalidInput(tr("Say what it is for."), fields={"reason": ""})
    return reason
