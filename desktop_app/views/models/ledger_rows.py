"""A client's ledger as rows of a table; made in the data lane."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Signal

from desktop_app.domain.client_ledger import EntryType, LedgerLine, LedgerTotals, type_text
from desktop_app.domain.language import tr, trn
from desktop_app.services.client_accounts import ClientAccountsService, LedgerFilter
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.services.statements import reference
from desktop_app.views.formats import count_text, currency_symbol, who_text
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.credit_texts import exact_money, exact_text, signed_text
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.moments import moment_text

Index = QModelIndex | QPersistentModelIndex
Loaded = tuple[tuple[Row[LedgerLine], ...], int | None]
# As wide as a figure: it stands where shorter fractions have none, so that the decimal marks stand under each other.
_FIGURE_SPACE: Final = "\u2007"
_USUAL: Final = 2
TYPE_LOOKS: Final[Mapping[EntryType, tuple[str, str]]] = {
    EntryType.TOP_UP: ("success", "plus"), EntryType.SENDING: ("info", "send"), EntryType.RESERVED: ("neutral", "clock"),
    EntryType.RELEASED: ("neutral", "rotate-ccw"), EntryType.REFUND: ("success", "undo-2"),
    EntryType.ADJUSTMENT: ("warning", "pencil"), EntryType.CORRECTION: ("warning", "arrow-left-right"),
}  # fmt: skip
_API: Final = " (API)"


def ledger_headings(currency: str) -> tuple[Heading, ...]:
    """Return the columns."""
    symbol = currency_symbol(currency)
    return (
        Heading(tr("Date")), Heading(tr("Type")), Heading(tr("Description")), Heading(tr("Reference")),
        Heading(tr("Out {currency}", currency=symbol), is_number=True),
        Heading(tr("In {currency}", currency=symbol), is_number=True),
        Heading(tr("Credit {currency}", currency=symbol), is_number=True), Heading(tr("By")),
    )  # fmt: skip


def description(line: LedgerLine) -> str:
    """Return what an entry was for: "Booking confirmations · 412 SMS", "Bank transfer, invoice 1187"."""
    said = line.batch or line.reason
    if line.kind is EntryType.CORRECTION and line.corrects_id is not None:
        said = tr("{reason} · corrects #{entry}", reason=said, entry=line.corrects_id)
    if line.sms is not None:
        sms = tr("{count} SMS", count=count_text(line.sms))
        said = f"{said} · {sms}" if said else sms
    return (
        tr("{what} · corrected by {amount}", what=said, amount=signed_text(line.corrected)) if line.corrected else said
    )


def reference_text(line: LedgerLine) -> str:
    """Return what an entry refers to."""
    if line.batch_id is not None:
        return tr("batch {number}", number=line.batch_id)
    given = line.detail
    return tr("ticket {text}", text=given.ticket) if given.ticket and not given.reference else reference(line)


def actor_text(actor: str) -> str:
    """Return who did it; what a client's own program sent is the API's."""
    if actor.endswith(_API):
        return tr("API")
    return who_text(actor)


def ledger_rows(lines: Iterable[LedgerLine], now: datetime) -> tuple[Row[LedgerLine], ...]:
    """Return entries as rows."""
    made = [_row(line, now) for line in lines]
    longest = max((len(_fraction(text)) for row in made for text in row.texts[4:7] if text), default=_USUAL)
    return tuple(
        Row(row.record, _aligned(row.texts, max(longest, _USUAL)), row.looks, spoken=row.spoken) for row in made
    )


def read_ledger(
    accounts: ClientAccountsService,
    name: str,
    wanted: LedgerFilter,
    clock: Clock,
    before: int | None,
    limit: int,
    _job: Job,
) -> Loaded:
    """Return a page of a client's ledger, and the entry that the next one is before."""
    page = accounts.ledger(name, wanted, before, limit)
    return ledger_rows(page.lines, clock()), page.following


def totals_text(totals: LedgerTotals, currency: str) -> str:
    """Return what a list of entries adds up to: "26 entries · out €2,391.75 · in €2,029.69"."""
    facts = [trn("{count:,} entry", "{count:,} entries", totals.count)]
    facts += [tr("out {amount}", amount=exact_money(totals.out, currency))] if totals.out else []
    facts += [tr("in {amount}", amount=exact_money(totals.into, currency))] if totals.into else []
    return " · ".join(facts)


class LedgerModel(RowsModel[LedgerLine]):
    """A ledger in pages: when the view comes to the end of what is there, ``more_wanted`` asks for the next page."""

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(ledger_headings(""), parent, key=_entry_id)
        self.following: int | None = None
        self._asked = False

    def show_page(self, rows: tuple[Row[LedgerLine], ...], following: int | None) -> None:
        """Show the first page."""
        self.following, self._asked = following, False
        self.show_rows(rows)

    def append_page(self, rows: tuple[Row[LedgerLine], ...], following: int | None) -> None:
        """Show another page after what is there."""
        self.following, self._asked = following, False
        self.append_rows(rows)

    def row_of(self, entry_id: int) -> int:
        """Return the row of an entry, -1 when it is not on the pages that are there."""
        return next((row for row in range(self.rowCount()) if self.record(row).entry_id == entry_id), -1)

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether there is another page, and nobody asked for it yet."""
        return not parent.isValid() and self.following is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Ask for the next page; it comes when it is there."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()


def _entry_id(line: LedgerLine) -> tuple[int, int, int]:
    # What is still reserved, and what was corrected, moves while the entry stays.
    return line.entry_id, line.open, line.corrected


def _row(line: LedgerLine, now: datetime) -> Row[LedgerLine]:
    reserved = line.kind is EntryType.RESERVED
    moved = -line.open if reserved else -abs(line.held) if line.kind is EntryType.RELEASED else line.amount
    out, into = (exact_text(moved), "") if moved < 0 else ("", signed_text(moved))
    if line.kind is EntryType.RELEASED:
        out, into = "", signed_text(abs(line.held))
    texts = (
        moment_text(line.at, now), type_text(line.kind), description(line), reference_text(line), out, into,
        exact_text(line.credit), actor_text(line.sent_by or line.actor),
    )  # fmt: skip
    tint, image = TYPE_LOOKS[line.kind]
    faint = "text3" if line.amount == 0 else "text"
    looks = (
        CellLook("text2"), CellLook(pill=tint, icon=image), CellLook(faint), CellLook("text3", "small"),
        CellLook("text3" if line.amount == 0 else "text2"), CellLook("success" if line.amount else "text3"),
        CellLook("text3" if line.amount == 0 else "text", "body_medium"), CellLook("text2"),
    )  # fmt: skip
    return Row(line, texts, looks, spoken=", ".join(text for text in texts if text))


def _fraction(text: str) -> str:
    return text[max(text.rfind("."), text.rfind(",")) + 1 :]


def _aligned(texts: tuple[str, ...], longest: int) -> tuple[str, ...]:
    """Return the texts with figure spaces after the shorter fractions of the amounts."""
    return tuple(
        text + _FIGURE_SPACE * (longest - len(_fraction(text))) if 4 <= place <= 6 and text else text
        for place, text in enumerate(texts)
    )


def loader(
    accounts: ClientAccountsService, name: str, wanted: LedgerFilter, clock: Clock, before: int | None, limit: int
) -> "partial[Loaded]":
    """Return the work that reads a page."""
    return partial(read_ledger, accounts, name, wanted, clock, before, limit)
