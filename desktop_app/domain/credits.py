"""Credit: the steps of the ledger as pure values (reliability.md 3.7 and 4).

A transfer moves one amount from one account to another, so it cannot be unbalanced. The database applies it; nothing else
changes a balance.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_AMOUNT_MICRO

SHORTEST_REASON: Final = 5


class SystemAccount(StrEnum):
    """Our own side of the books, one account per currency and kind."""

    BANK = "bank"
    SALES = "sales"
    BONUS = "bonus"
    WRITEOFF = "writeoff"
    EXPOSURE = "exposure"
    LOSS = "loss"
    TESTS = "tests"


class TransferKind(StrEnum):
    """What a transfer is."""

    TOPUP = "topup"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    CHARGE = "charge"
    REFUND = "refund"
    ADJUST = "adjust"
    REVERSAL = "reversal"


# A hold and its release change what is reserved, not what is posted.
RESERVES: Final = frozenset({TransferKind.HOLD, TransferKind.RELEASE})


@dataclass(frozen=True, slots=True)
class Transfer:
    """One row of the ledger, before it is posted.

    Attributes:
        kind: what it is.
        debit_id: account the amount leaves.
        credit_id: account it goes to.
        amount: micro-units, positive.
        currency: ISO 4217, that of both accounts.
        idem: unique key (8 to 200 characters): posting it twice has one effect.
        actor: who.
        reason: why; at least five characters for adjustments and reversals.
        hold_id: the hold a capture or release belongs to.
        refers_id: the transfer a refund or reversal mirrors.
    """

    kind: TransferKind
    debit_id: int
    credit_id: int
    amount: int
    currency: str
    idem: str
    actor: str
    reason: str = ""
    hold_id: int | None = None
    refers_id: int | None = None

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError("amounts are whole micro-units")
        if not 0 < self.amount <= MAX_AMOUNT_MICRO:
            raise InvalidInput(tr("The amount must be above 0 and at most 1,000,000,000."), fields={"amount": ""})
        needs_reason = self.kind in (TransferKind.ADJUST, TransferKind.REVERSAL)
        if needs_reason and len(self.reason.strip()) < SHORTEST_REASON:
            raise InvalidInput(tr("Give a reason of at least five characters."), fields={"reason": ""})

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content: the same key with other content is an error, not a repetition."""
        content = (self.kind, self.debit_id, self.credit_id, self.amount, self.currency, self.hold_id, self.refers_id)
        return hashlib.sha256("\x1f".join(map(str, content)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """A balance, always whole: what is posted, what of it is reserved, what may be spent.

    Attributes:
        posted: micro-units.
        held: micro-units reserved for messages that are not final for the books yet.
        overdraft: micro-units the client may go below zero.
        last_transfer_id: the transfer this is valid at.
        currency: ISO 4217.
        frozen: no new holds or charges.
    """

    posted: int
    held: int
    overdraft: int
    last_transfer_id: int
    currency: str
    frozen: bool = False

    @property
    def available(self) -> int:
        """What may still be spent."""
        return self.posted - self.held + self.overdraft


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A transfer as the statement of one account shows it.

    Attributes:
        entry_id: the transfer's id.
        at: ISO 8601 UTC.
        kind: what it is.
        amount: signed effect on the posted balance in micro-units, 0 for holds and releases.
        held: signed effect on the reserved amount.
        actor: who.
        reason: why.
        hold_id: the hold it settles, if any.
        refers_id: the transfer it mirrors, if any.
    """

    entry_id: int
    at: str
    kind: TransferKind
    amount: int
    held: int
    actor: str
    reason: str
    hold_id: int | None
    refers_id: int | None


def adjustment(
    *, client_account: int, bonus: int, writeoff: int, amount: int, currency: str, idem: str, actor: str, reason: str
) -> Transfer:
    """Return the transfer that changes a client's credit by ``amount`` (signed micro-units, not 0)."""
    if amount == 0:
        raise InvalidInput(tr("An adjustment of 0 changes nothing."), fields={"amount": ""})
    debit, credit = (bonus, client_account) if amount > 0 else (client_account, writeoff)
    return Transfer(TransferKind.ADJUST, debit, credit, abs(amount), currency, idem, actor, reason)


def effect_on(transfer: Transfer, account_id: int) -> tuple[int, int]:
    """Return the signed change of (posted, held) of ``account_id`` by ``transfer``."""
    posted = 0 if transfer.kind in RESERVES else transfer.amount
    if transfer.debit_id == account_id:
        held = {TransferKind.HOLD: 1, TransferKind.CAPTURE: -1, TransferKind.RELEASE: -1}.get(transfer.kind, 0)
        return -posted, held * transfer.amount
    return (posted, 0) if transfer.credit_id == account_id else (0, 0)
