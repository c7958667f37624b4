"""A client's ledger to be read: pages with the running credit, sums, and what is reserved for which batch."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    insert,
    literal_column,
    or_,
    select,
    union_all,
)

from desktop_app.domain.client_ledger import (
    CountryUse,
    EntryDetail,
    EntryType,
    LedgerLine,
    LedgerTotals,
    OpenHold,
)
from desktop_app.storage.lists import among
from desktop_app.storage.models.ledger import ledger_hold, ledger_transfer, transfer_detail
from desktop_app.storage.models.messages import batch, batch_quote, message

_ZERO: Final = cast(literal_column("0"), BigInteger)


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which entries are wanted.

    Attributes:
        since: not before, None for all.
        until: before, None for all.
        kinds: of these types, empty for all that changed the credit and what is still reserved.
        every: also what was reserved and is settled since, and what gave it back.
    """

    since: datetime | None = None
    until: datetime | None = None
    kinds: frozenset[EntryType] = frozenset()
    every: bool = False


class ClientLedgerRepository:
    """Reads the accounts of clients; writes nothing but what a person gave with an entry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_detail(self, transfer_id: int, detail: EntryDetail) -> None:
        """Keep what was given with a new entry."""
        self._connection.execute(
            insert(transfer_detail).values(
                transfer_id=transfer_id, method=detail.method, reference=detail.reference, invoice=detail.invoice,
                ticket=detail.ticket, category=detail.category, corrects_id=detail.corrects_id,
            )
        )  # fmt: skip

    def has_detail(self, transfer_id: int) -> bool:
        """Return whether something is kept with an entry."""
        found = select(transfer_detail.c.transfer_id).where(transfer_detail.c.transfer_id == transfer_id)
        return self._connection.scalar(found) is not None

    def page(self, account_id: int, wanted: LedgerFilter, before: int | None, limit: int) -> list[LedgerLine]:
        """Return entries newest first, those before the entry ``before``; their credit is summed up by the database."""
        entries = _entries(account_id)
        conditions = _matching(entries, wanted)
        if before is not None:
            conditions.append(entries.c.id < before)
        statement = select(entries).where(*conditions).order_by(entries.c.id.desc()).limit(limit)
        return self._told(self._connection.execute(statement))

    def between(self, account_id: int, since: datetime, until: datetime) -> list[LedgerLine]:
        """Return everything that changed the credit from ``since`` until before ``until``, in the order of time."""
        entries = _entries(account_id)
        conditions = _matching(entries, LedgerFilter(since, until))
        moved = entries.c.type.not_in([EntryType.RESERVED.value, EntryType.RELEASED.value])
        statement = select(entries).where(*conditions, moved).order_by(entries.c.created_at, entries.c.id)
        return self._told(self._connection.execute(statement))

    def entry(self, account_id: int, entry_id: int) -> LedgerLine | None:
        """Return one entry of the account, None when it has none of that id."""
        entries = _entries(account_id)
        found = self._told(self._connection.execute(select(entries).where(entries.c.id == entry_id)))
        return found[0] if found else None

    def totals(self, account_id: int, wanted: LedgerFilter) -> LedgerTotals:
        """Return how many entries match and what they moved."""
        entries = _entries(account_id)
        gone = func.sum(case((entries.c.amount < 0, -entries.c.amount), else_=_ZERO))
        came = func.sum(case((entries.c.amount > 0, entries.c.amount), else_=_ZERO))
        statement = select(func.count(), gone, came).select_from(entries).where(*_matching(entries, wanted))
        count, out, into = self._connection.execute(statement).one()
        return LedgerTotals(int(count), int(out or 0), int(into or 0))

    def sums(self, account_id: int, since: datetime | None) -> dict[EntryType, tuple[int, int]]:
        """Return per type what moved the credit since a moment: (signed sum, number of entries)."""
        entries = _entries(account_id)
        statement = select(entries.c.type, func.sum(entries.c.amount), func.count()).where(entries.c.amount != 0)
        if since is not None:
            statement = statement.where(entries.c.created_at >= since)
        rows = self._connection.execute(statement.group_by(entries.c.type))
        return {EntryType(kind): (int(total), int(count)) for kind, total, count in rows}

    def posted_before(self, account_id: int, moment: datetime) -> int:
        """Return what was posted before a moment."""
        entries = _moves(account_id)
        statement = select(func.sum(entries.c.amount)).where(entries.c.created_at < moment)
        return int(self._connection.scalar(statement) or 0)

    def points(self, account_id: int, since: datetime) -> list[tuple[datetime, int]]:
        """Return (when, credit after it) of everything that changed the credit since a moment, in the order of entry."""
        entries = _entries(account_id)
        statement = select(entries.c.created_at, entries.c.credit).where(
            entries.c.created_at >= since, entries.c.amount != 0
        )
        rows = self._connection.execute(statement.order_by(entries.c.id))
        return [(at, int(credit)) for at, credit in rows]

    def used(self, account_id: int | None, since: datetime) -> dict[int, int]:
        """Return by account what was spent on sending since a moment and not refunded, in micro-units."""
        spent = ledger_transfer.c.kind.in_(("capture", "charge"))
        original = ledger_transfer.alias("original")
        back = and_(ledger_transfer.c.kind == "refund", original.c.kind.in_(("capture", "charge")))
        account = case((spent, ledger_transfer.c.debit_id), else_=ledger_transfer.c.credit_id)
        amount = case((spent, ledger_transfer.c.amount_micro), else_=-ledger_transfer.c.amount_micro)
        statement = (
            select(account, func.sum(amount))
            .select_from(ledger_transfer.outerjoin(original, original.c.id == ledger_transfer.c.refers_id))
            .where(ledger_transfer.c.created_at >= since, or_(spent, back))
            .group_by(account)
        )
        if account_id is not None:
            statement = statement.where(account == account_id)
        return {int(one): int(total) for one, total in self._connection.execute(statement)}

    def last_top_up(self, account_id: int) -> int | None:
        """Return the amount of the newest top-up, None before the first."""
        newest = (ledger_transfer.c.credit_id == account_id, ledger_transfer.c.kind == "topup")
        statement = select(ledger_transfer.c.amount_micro).where(*newest).order_by(ledger_transfer.c.id.desc()).limit(1)
        found = self._connection.scalar(statement)
        return None if found is None else int(found)

    def has_entries(self, account_id: int) -> bool:
        """Return whether anything was ever posted to the account."""
        touched = or_(ledger_transfer.c.debit_id == account_id, ledger_transfer.c.credit_id == account_id)
        return self._connection.scalar(select(ledger_transfer.c.id).where(touched).limit(1)) is not None

    def open_holds(self, account_id: int, client_id: int) -> list[OpenHold]:
        """Return the client's batches whose credit is reserved still, newest first; tests, which we pay, are left out."""
        left = ledger_hold.c.amount_micro - ledger_hold.c.captured_micro - ledger_hold.c.released_micro
        statement = (
            select(batch.c.id, batch.c.name, batch.c.reason, batch.c.created_at, left.label("left"))
            .join(ledger_hold, ledger_hold.c.hold_id == batch.c.hold_id)
            .join(ledger_transfer, ledger_transfer.c.id == batch.c.hold_id)
            .where(batch.c.client_id == client_id, ledger_transfer.c.debit_id == account_id, left > 0)
            .order_by(batch.c.id.desc())
        )
        rows = self._connection.execute(statement).all()
        sms = self._held_sms([row.id for row in rows])
        return [OpenHold(row.id, row.name or row.reason, row.created_at, row.left, sms.get(row.id, 0)) for row in rows]

    def countries(self, account_id: int, client_id: int, since: datetime, until: datetime) -> list[CountryUse]:
        """Return what was charged for sending in a time, by country, the dearest first."""
        settled = and_(
            ledger_transfer.c.debit_id == account_id, ledger_transfer.c.kind == "capture",
            ledger_transfer.c.created_at >= since, ledger_transfer.c.created_at < until,
        )  # fmt: skip
        amount = cast(func.sum(message.c.price_micro), BigInteger)
        statement = (
            select(batch_quote.c.country, cast(func.sum(message.c.segments), BigInteger), amount)
            .select_from(batch)
            .join(message, message.c.batch_id == batch.c.id)
            .join(batch_quote, batch_quote.c.id == message.c.quote_id)
            .join(ledger_transfer, ledger_transfer.c.id == message.c.settle_id)
            .where(batch.c.client_id == client_id, settled)
            .group_by(batch_quote.c.country)
            .order_by(amount.desc(), batch_quote.c.country)
        )
        return [CountryUse(*row) for row in self._connection.execute(statement)]

    def _told(self, rows: Iterable[Any]) -> list[LedgerLine]:
        """Return rows as lines, with what their batches and corrections say."""
        lines = [_line(row) for row in rows]
        holds = {row_hold for _, row_hold in lines if row_hold is not None}
        batches = self._batches(holds)
        settled = self._settled_sms([one[0] for one in batches.values()], [line.entry_id for line, _ in lines])
        held = self._held_sms([batches[hold][0] for line, hold in lines if hold in batches and line.open])
        corrected = self._corrected([line.entry_id for line, _ in lines])
        told = []
        for line, hold in lines:
            batch_id, name, sent_by = batches.get(hold or 0, (None, "", ""))
            sms = settled.get(line.entry_id) if not line.open else held.get(batch_id or 0)
            told.append(
                replace(
                    line,
                    batch_id=batch_id,
                    batch=name,
                    sms=sms,
                    corrected=corrected.get(line.entry_id, 0),
                    sent_by=sent_by,
                )
            )
        return told

    def _batches(self, holds: Collection[int]) -> dict[int, tuple[int, str, str]]:
        """Return (id, name, who submitted it) of the batches of holds, by hold."""
        statement = select(batch.c.hold_id, batch.c.id, batch.c.name, batch.c.reason, batch.c.actor).where(
            among(batch.c.hold_id, holds)
        )
        return {row.hold_id: (row.id, row.name or row.reason, row.actor) for row in self._connection.execute(statement)}

    def _settled_sms(self, batch_ids: Collection[int], entries: Collection[int]) -> dict[int, int]:
        statement = (
            select(message.c.settle_id, cast(func.sum(message.c.segments), BigInteger))
            .where(among(message.c.batch_id, batch_ids), among(message.c.settle_id, entries))
            .group_by(message.c.settle_id)
        )
        return {int(entry): int(sms) for entry, sms in self._connection.execute(statement)} if batch_ids else {}

    def _held_sms(self, batch_ids: Collection[int]) -> dict[int, int]:
        statement = (
            select(message.c.batch_id, cast(func.sum(message.c.segments), BigInteger))
            .where(among(message.c.batch_id, batch_ids), message.c.money == "held")
            .group_by(message.c.batch_id)
        )
        return {int(one): int(sms) for one, sms in self._connection.execute(statement)} if batch_ids else {}

    def _corrected(self, entries: Collection[int]) -> dict[int, int]:
        """Return by entry the signed sum of what corrections did to the account it is of."""
        original = ledger_transfer.alias("original")
        to_client = case(
            (ledger_transfer.c.credit_id == original.c.credit_id, ledger_transfer.c.amount_micro),
            (ledger_transfer.c.debit_id == original.c.credit_id, -ledger_transfer.c.amount_micro),
            else_=_ZERO,
        )
        link = func.coalesce(ledger_transfer.c.refers_id, transfer_detail.c.corrects_id)
        statement = (
            select(original.c.id, func.sum(to_client))
            .select_from(
                ledger_transfer.outerjoin(transfer_detail, transfer_detail.c.transfer_id == ledger_transfer.c.id).join(
                    original, original.c.id == link
                )
            )
            .where(
                or_(
                    among(ledger_transfer.c.refers_id, entries),
                    ledger_transfer.c.id.in_(
                        select(transfer_detail.c.transfer_id).where(among(transfer_detail.c.corrects_id, entries))
                    ),
                )
            )
            .group_by(original.c.id)
        )
        return {int(entry): int(total) for entry, total in self._connection.execute(statement)}


def _moves(account_id: int) -> Subquery:
    """Return every transfer of the account with its signed effect on what is posted and what is held."""
    t = ledger_transfer.c
    reserves = t.kind.in_(("hold", "release"))
    held = case((t.kind == "hold", t.amount_micro), (t.kind.in_(("capture", "release")), -t.amount_micro), else_=_ZERO)
    sides: list[Select[Any]] = [
        select(
            ledger_transfer, case((reserves, _ZERO), else_=-t.amount_micro).label("amount"), held.label("held")
        ).where(t.debit_id == account_id),
        select(
            ledger_transfer, case((reserves, _ZERO), else_=t.amount_micro).label("amount"), _ZERO.label("held")
        ).where(t.credit_id == account_id),
    ]
    return union_all(*sides).subquery("moves")


def _entries(account_id: int) -> Subquery:
    """Return the account's entries with their type, what is open of them, and the credit after each."""
    moves = _moves(account_id)
    original = ledger_transfer.alias("refers_to")
    credit = cast(func.sum(moves.c.amount).over(order_by=moves.c.id), BigInteger)
    left = ledger_hold.c.amount_micro - ledger_hold.c.captured_micro - ledger_hold.c.released_micro
    d = transfer_detail.c
    return (
        select(
            moves.c.id, moves.c.created_at, moves.c.actor, moves.c.reason, moves.c.amount, moves.c.held, credit.label("credit"),
            func.coalesce(left, _ZERO).label("open"),
            case((moves.c.kind == "hold", moves.c.id), else_=moves.c.hold_id).label("of_hold"),
            func.coalesce(moves.c.refers_id, d.corrects_id).label("corrects"),
            _type(moves, original.c.kind).label("type"),
            d.method, d.reference, d.invoice, d.ticket, d.category,
        )
        .select_from(
            moves.outerjoin(transfer_detail, d.transfer_id == moves.c.id)
            .outerjoin(ledger_hold, ledger_hold.c.hold_id == moves.c.id)
            .outerjoin(original, original.c.id == moves.c.refers_id)
        )
        .subquery("entries")
    )  # fmt: skip


def _type(moves: Subquery, refers_kind: ColumnElement[str]) -> ColumnElement[str]:
    kind, corrects = moves.c.kind, transfer_detail.c.corrects_id.is_not(None)
    words = {
        "topup": EntryType.TOP_UP, "adjust": EntryType.ADJUSTMENT, "hold": EntryType.RESERVED, "release": EntryType.RELEASED,
        "capture": EntryType.SENDING, "charge": EntryType.SENDING, "reversal": EntryType.CORRECTION,
    }  # fmt: skip
    whens: list[tuple[ColumnElement[bool], str]] = [
        (corrects, EntryType.CORRECTION.value),
        (and_(kind == "refund", refers_kind.in_(("capture", "charge"))), EntryType.REFUND.value),
        (kind == "refund", EntryType.CORRECTION.value),
        *((kind == word, one.value) for word, one in words.items()),
    ]
    return case(*((when, literal_column(f"'{word}'")) for when, word in whens))


def _matching(entries: Subquery, wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(entries.c.created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(entries.c.created_at < wanted.until)
    if wanted.kinds:
        conditions.append(entries.c.type.in_(sorted(kind.value for kind in wanted.kinds)))
    if not wanted.every:
        settled = and_(entries.c.type == EntryType.RESERVED.value, entries.c.open == 0)
        conditions.append(and_(~settled, entries.c.type != EntryType.RELEASED.value))
    return conditions


def _line(row: Any) -> tuple[LedgerLine, int | None]:
    kind = EntryType(row.type)
    detail = EntryDetail(
        row.method or "", row.reference or "", row.invoice or "", row.ticket or "", row.category or "", row.corrects
    )
    line = LedgerLine(
        row.id, row.created_at, kind, int(row.amount), int(row.held), int(row.open) if kind is EntryType.RESERVED else 0,
        int(row.credit), row.actor, row.reason, detail, row.corrects,
    )  # fmt: skip
    return line, row.of_hold
