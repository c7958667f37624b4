"""A client's ledger as a person reads it: what each entry is, and why the credit is what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop_app.domain.credits import AccountBalance
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr


class EntryType(StrEnum):
    """What an entry is for a person."""

    TOP_UP = "top_up"
    SENDING = "sending"
    RESERVED = "reserved"
    RELEASED = "released"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    CORRECTION = "correction"


# Reserving and giving back change what may be spent, not the credit.
MOVES = (EntryType.TOP_UP, EntryType.SENDING, EntryType.REFUND, EntryType.ADJUSTMENT, EntryType.CORRECTION)


def type_text(kind: EntryType) -> str:
    """Return what a person calls a type."""
    return {
        EntryType.TOP_UP: tr("Top-up"), EntryType.SENDING: tr("Sending"), EntryType.RESERVED: tr("Reserved"),
        EntryType.RELEASED: tr("Released"), EntryType.REFUND: tr("Refund"), EntryType.ADJUSTMENT: tr("Adjustment"),
        EntryType.CORRECTION: tr("Correction"),
    }[kind]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """What a person gave with an entry besides its reason; as lasting as the entry.

    Attributes:
        method: how it was paid: "bank".
        reference: of the payment.
        invoice: its number.
        ticket: where it was asked for.
        category: why, as one of a list: "goodwill".
        corrects_id: the entry that it corrects, None for none.
    """

    method: str = ""
    reference: str = ""
    invoice: str = ""
    ticket: str = ""
    category: str = ""
    corrects_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return self == EntryDetail()


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry of a client's account.

    Attributes:
        entry_id: the transfer's id.
        at: when.
        kind: what it is.
        amount: signed effect on the credit in micro-units, 0 for what only reserves.
        held: signed effect on what is reserved.
        open: of a reservation: what of it is still reserved.
        credit: what was posted after it, computed by the database.
        actor: who.
        reason: why.
        detail: what else was given.
        corrects_id: the entry it corrects, None for none.
        corrected: what later corrections took from it or gave it, signed.
        batch_id: the batch it belongs to, None for none.
        batch: what that batch is called.
        sms: billed segments that it settles, or that are still reserved; None where it is about none.
        sent_by: who submitted that batch.
    """

    entry_id: int
    at: datetime
    kind: EntryType
    amount: int
    held: int
    open: int
    credit: int
    actor: str
    reason: str
    detail: EntryDetail
    corrects_id: int | None = None
    corrected: int = 0
    batch_id: int | None = None
    batch: str = ""
    sms: int | None = None
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """Entries that match a filter: how many, and what went out and came in, in micro-units above 0."""

    count: int
    out: int
    into: int


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A batch whose credit is reserved still.

    Attributes:
        batch_id: the batch.
        name: what it is called.
        at: when it was queued.
        amount: micro-units that are still reserved.
        sms: billed segments that it is for.
    """

    batch_id: int
    name: str
    at: datetime
    amount: int
    sms: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a client may spend what it may.

    Attributes:
        currency: of all amounts.
        since: what came before is in ``opening``; None for the first entry.
        opening: posted before ``since``, in micro-units.
        sums: signed sum per type since then, those without entries left out.
        counts: entries per type.
        holds: what is reserved, batch by batch.
        balance: as the database keeps it.
        problems: what the independent audit of the books found.
        checked: how many entries it read.
    """

    currency: str
    since: datetime | None
    opening: int
    sums: Mapping[EntryType, int]
    counts: Mapping[EntryType, int]
    holds: Sequence[OpenHold]
    balance: AccountBalance
    problems: Sequence[str]
    checked: int

    @property
    def posted(self) -> int:
        """What the entries add up to."""
        return self.opening + sum(self.sums.values())

    @property
    def reserved(self) -> int:
        """What the open batches add up to."""
        return sum(hold.amount for hold in self.holds)

    @property
    def is_proved(self) -> bool:
        """Whether entries, reservations and the audit all say what the balance says."""
        return not self.problems and (self.posted, self.reserved) == (self.balance.posted, self.balance.held)


@dataclass(frozen=True, slots=True)
class CountryUse:
    """What a client sent to a country: billed segments, and what they cost it in micro-units."""

    country: str
    sms: int
    amount: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A client's account over a time.

    Attributes:
        client: its name.
        currency: of all amounts.
        since: the first moment.
        until: the first moment after.
        opening: posted before.
        lines: everything that changed the credit, in the order of time, with the credit after each.
        countries: what was sent where.
        closing: posted at the end, read by itself.
        reserved: what is reserved now.
    """

    client: str
    currency: str
    since: datetime
    until: datetime
    opening: int
    lines: Sequence[LedgerLine]
    countries: Sequence[CountryUse]
    closing: int
    reserved: int

    def require_sound(self) -> None:
        """Check that opening and entries are closing, and that what was sent is what was charged.

        Raises:
            RuntimeError: when they are not; such a statement must not leave the house.
        """
        if self.opening + sum(line.amount for line in self.lines) != self.closing:
            raise RuntimeError("a statement's opening and entries are not its closing")
        if self.lines and self.lines[-1].credit != self.closing:
            raise RuntimeError("a statement's running credit does not end at its closing")
        sent = -sum(line.amount for line in self.lines if line.kind is EntryType.SENDING)
        if sum(use.amount for use in self.countries) != sent:
            raise RuntimeError("what a statement charges is not what was sent to its countries")


def correctable(line: LedgerLine) -> int:
    """Return what of an entry may still be taken back, in micro-units: 0 for all but top-ups and additions."""
    if line.kind not in (EntryType.TOP_UP, EntryType.ADJUSTMENT) or line.amount <= 0:
        return 0
    return max(0, line.amount + min(0, line.corrected))


def require_correctable(line: LedgerLine, take: int) -> None:
    """Check that ``take`` (micro-units, above 0) may be taken back from an entry.

    Raises:
        InvalidInput: it is no entry that can be corrected, or less is left of it.
    """
    left = correctable(line)
    if not left:
        raise InvalidInput(tr("This entry was corrected already, or cannot be corrected."), fields={"amount": ""})
    if take > left:
        raise InvalidInput(tr("Only what is left of the entry can be taken back."), fields={"amount": ""})
