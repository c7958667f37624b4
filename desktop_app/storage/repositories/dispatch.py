"""The send protocol's writes: lease, claim with intent on record, outcomes with their money, receipts as a join.

Nothing here calls a provider. Each method is one step of reliability.md 3 inside the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from desktop_app.domain.batches import Claimed, OpenPart
from desktop_app.domain.credits import Transfer, TransferKind
from desktop_app.domain.messages import RANK, AttemptOutcome, MessageStatus, join_parts, join_receipt
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import micros_since_epoch
from desktop_app.storage.models.accounts import provider
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.ledger import ledger_transfer
from desktop_app.storage.models.messages import attempt, attempt_part, batch, batch_quote, message, sending_lease
from desktop_app.storage.repositories.ledger import LedgerRepository


@dataclass(frozen=True, slots=True)
class Candidate:
    """A queued message that may be claimed, with what the last check before sending needs."""

    message_id: int
    batch_id: int
    quote_id: int
    hold_id: int
    price: int
    number: str
    tries: int


@dataclass(frozen=True, slots=True)
class CandidateBatch:
    """What all messages of a batch share."""

    batch_id: int
    client_id: int
    provider_id: int
    sender: str
    text: str
    unicode: bool
    currency: str


@dataclass(frozen=True, slots=True)
class QuotedDestination:
    """A frozen quote, for the loss guard at the last moment. ``price`` is per segment, in the client's currency."""

    quote_id: int
    country: str
    mccmnc: str | None
    sender: str
    price: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of one attempt, ready to be written.

    Attributes:
        attempt_id: whose.
        message_id: its message.
        outcome: what is known now.
        parts: (provider message id, cost text, cost currency) when accepted.
        code: the provider's code, "".
        detail: one plain sentence, "".
        not_before: for NOT_SENT, when the message may be claimed again.
    """

    attempt_id: int
    message_id: int
    outcome: AttemptOutcome
    parts: tuple[tuple[str, str | None, str | None], ...] = ()
    code: str = ""
    detail: str = ""
    not_before: datetime | None = None


_STATUS_AFTER: Final = {
    AttemptOutcome.ACCEPTED: MessageStatus.ACCEPTED,
    AttemptOutcome.REJECTED: MessageStatus.REJECTED,
    AttemptOutcome.NOT_SENT: MessageStatus.QUEUED,
    AttemptOutcome.UNKNOWN: MessageStatus.UNKNOWN,
}
_CLAIM = BulkStatement(
    update(message)
    .values(status=bindparam("state"), tries=bindparam("count"), changed_at=bindparam("at"))
    .where(message.c.id == bindparam("key")),
    ("key", "state", "count", "at"),
)
_INTENT = BulkStatement(
    insert(attempt).values(
        message_id=bindparam("key"), n=bindparam("count"), provider_id=bindparam("route"), token=bindparam("label"),
        epoch=bindparam("term"), outcome=bindparam("state"), started_at=bindparam("at"),
    ),
    ("key", "count", "route", "label", "term", "state", "at"),
)  # fmt: skip
_PART = BulkStatement(
    insert(attempt_part).values(
        attempt_id=bindparam("key"), provider_id=bindparam("route"), provider_message_id=bindparam("sid"),
        status=bindparam("state"), cost_text=bindparam("cost"), cost_currency=bindparam("unit"), changed_at=bindparam("at"),
    ),
    ("key", "route", "sid", "state", "cost", "unit", "at"),
)  # fmt: skip
_OUTCOME = BulkStatement(
    update(attempt)
    .values(outcome=bindparam("state"), ended_at=bindparam("at"), code=bindparam("word"), detail=bindparam("sentence"))
    .where(attempt.c.id == bindparam("key")),
    ("key", "state", "at", "word", "sentence"),
)
_MESSAGE = BulkStatement(
    update(message)
    .values(
        status=bindparam("state"), money=bindparam("credit"), settle_id=bindparam("transfer"), reason=bindparam("word"),
        not_before=bindparam("later"), changed_at=bindparam("at"),
    )
    .where(message.c.id == bindparam("key")),
    ("key", "state", "credit", "transfer", "word", "later", "at"),
)  # fmt: skip


class LeaseRepository:
    """The one right to send: held by one process per database, for a short time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def acquire(self, holder: str, now: datetime, seconds: float, grace_seconds: float) -> int | None:
        """Take the lease and return its epoch, or None while another holds it (``grace_seconds`` after its end included)."""
        row = self._connection.execute(select(sending_lease).with_for_update()).one()
        free = row.holder in ("", holder) or row.expires_at + timedelta(seconds=grace_seconds) <= now
        if not free:
            return None
        epoch = int(row.epoch) + 1
        self._connection.execute(
            update(sending_lease).values(epoch=epoch, holder=holder, expires_at=now + timedelta(seconds=seconds))
        )
        return epoch

    def renew(self, epoch: int, now: datetime, seconds: float) -> bool:
        """Extend the lease; False when it was lost to another epoch."""
        mine = update(sending_lease).where(sending_lease.c.epoch == epoch, sending_lease.c.holder != "")
        return self._connection.execute(mine.values(expires_at=now + timedelta(seconds=seconds))).rowcount == 1

    def release(self, epoch: int) -> None:
        """Give the lease back at once."""
        mine = update(sending_lease).where(sending_lease.c.epoch == epoch)
        self._connection.execute(mine.values(holder="", expires_at=datetime.fromtimestamp(0, UTC)))

    def is_mine(self, epoch: int) -> bool:
        """Return whether the lease still has this epoch; locks the row until the transaction ends."""
        return int(self._connection.execute(select(sending_lease.c.epoch).with_for_update()).scalar_one()) == epoch


class DispatchRepository:
    """Claims and outcomes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ledger = LedgerRepository(connection)

    def candidates(self, limit: int, now: datetime) -> list[Candidate]:
        """Return queued messages that may go now, oldest first; clients on pause and paused routes are passed over."""
        waiting = (
            select(batch.c.id)
            .join(client, client.c.id == batch.c.client_id)
            .join(provider, provider.c.id == batch.c.provider_id)
            .where(client.c.paused | provider.c.paused_reason.is_not(None))
        )
        statement = (
            select(message.c.id, message.c.batch_id, message.c.quote_id, message.c.hold_id, message.c.price_micro,
                   message.c.number, message.c.tries)
            .where(message.c.status == "queued", message.c.not_before <= now, message.c.batch_id.not_in(waiting))
            .order_by(message.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=message)
        )  # fmt: skip
        return [Candidate(*row) for row in self._connection.execute(statement)]

    def next_start(self) -> datetime | None:
        """Return when the next queued message may go, None when none is queued."""
        found: datetime | None = self._connection.scalar(
            select(func.min(message.c.not_before)).where(message.c.status == "queued")
        )
        return found

    def batches(self, batch_ids: Iterable[int]) -> dict[int, CandidateBatch]:
        """Return what the batches share, by id."""
        rows = self._connection.execute(select(batch).where(batch.c.id.in_(sorted(set(batch_ids)))))
        return {
            row.id: CandidateBatch(
                row.id, row.client_id, row.provider_id, row.sender, row.body, row.encoding == "UCS-2", row.currency
            )
            for row in rows
        }

    def quotes(self, quote_ids: Iterable[int]) -> dict[int, QuotedDestination]:
        """Return quotes by id."""
        rows = self._connection.execute(select(batch_quote).where(batch_quote.c.id.in_(sorted(set(quote_ids)))))
        return {
            row.id: QuotedDestination(row.id, row.country, row.mccmnc or None, row.sender, row.price_micro)
            for row in rows
        }

    def claim(
        self, chosen: Sequence[Candidate], tokens: Sequence[str], batches: dict[int, CandidateBatch],
        quotes: dict[int, QuotedDestination], *, epoch: int, now: datetime,
    ) -> list[Claimed]:  # fmt: skip
        """Write the intent to send ``chosen``: nothing has left yet, but from here on nobody may forget it."""
        if not chosen:
            return []
        at = micros_since_epoch(now)
        _CLAIM.run(self._connection, [(one.message_id, "sending", one.tries + 1, at) for one in chosen])
        _INTENT.run(
            self._connection,
            [
                (one.message_id, one.tries + 1, batches[one.batch_id].provider_id, token, epoch, "in_flight", at)
                for one, token in zip(chosen, tokens, strict=True)
            ],
        )
        ids = {
            row.message_id: row.id
            for row in self._connection.execute(
                select(attempt.c.id, attempt.c.message_id).where(
                    attempt.c.outcome == "in_flight", attempt.c.epoch == epoch, attempt.c.started_at == now
                )
            )
        }
        return [
            Claimed(
                message_id=one.message_id, attempt_id=ids[one.message_id], batch_id=one.batch_id, hold_id=one.hold_id,
                price=one.price, number=one.number, sender=quotes[one.quote_id].sender, text=batches[one.batch_id].text,
                unicode=batches[one.batch_id].unicode, token=token, tries=one.tries + 1,
            )
            for one, token in zip(chosen, tokens, strict=True)
        ]  # fmt: skip

    def block(self, refused: Sequence[tuple[Candidate, str]], *, actor: str, now: datetime) -> None:
        """End queued messages that a check refused at the last moment, and release their credit."""
        by_hold: dict[int, list[tuple[Candidate, str]]] = defaultdict(list)
        for candidate, reason in refused:
            by_hold[candidate.hold_id].append((candidate, reason))
        at = micros_since_epoch(now)
        for hold_id, members in sorted(by_hold.items()):
            amount = sum(candidate.price for candidate, _reason in members)
            idem = f"block:{members[0][0].message_id}:{members[-1][0].message_id}"
            settle_id = self._settle(hold_id, TransferKind.RELEASE, amount, idem, actor, now)
            _MESSAGE.run(
                self._connection,
                [(c.message_id, "blocked", "released", settle_id, reason, 0, at) for c, reason in members],
            )

    def settle(self, outcomes: Sequence[Settled], *, actor: str, now: datetime) -> None:
        """Write what became of attempts, with their money, in this transaction.

        An outcome lands only on an attempt that is still in flight or unknown; an id that is already bound to another
        attempt proves nothing, so that outcome becomes UNKNOWN.
        """
        known = self._open_attempts([one.attempt_id for one in outcomes])
        usable = [one for one in outcomes if one.attempt_id in known]
        usable = self._without_foreign_ids(usable, known)
        at = micros_since_epoch(now)
        _PART.run(
            self._connection,
            [
                (one.attempt_id, known[one.attempt_id].provider_id, sid, "accepted", cost, unit, at)
                for one in usable
                for sid, cost, unit in one.parts
            ],
        )
        _OUTCOME.run(
            self._connection,
            [(one.attempt_id, one.outcome.value, at, one.code[:80], one.detail[:500]) for one in usable],
        )
        self._settle_messages(usable, known, actor, now)

    def abandon_flights(self, epoch: int, now: datetime) -> int:
        """Call every attempt of an earlier epoch that is still in flight unknown; return how many there were.

        Its owner is gone: whether the request left, only the provider knows.
        """
        lost = (attempt.c.outcome == "in_flight", attempt.c.epoch < epoch)
        messages = select(attempt.c.message_id).where(*lost)
        self._connection.execute(
            update(message)
            .where(message.c.id.in_(messages), message.c.status == "sending")
            .values(status="unknown", changed_at=now, reason="owner_gone")
        )
        changed = self._connection.execute(
            update(attempt).where(*lost).values(outcome="unknown", ended_at=now, detail="the sending process ended")
        )
        return changed.rowcount

    def open_parts(self, limit: int, after_id: int = 0) -> list[OpenPart]:
        """Return provider ids of messages without a final receipt."""
        statement = (
            select(attempt_part.c.provider_id, attempt_part.c.provider_message_id, message.c.id)
            .join(attempt, attempt.c.message_id == message.c.id)
            .join(attempt_part, attempt_part.c.attempt_id == attempt.c.id)
            .where(message.c.status.in_(("accepted", "sent")), message.c.id > after_id)
            .where(attempt_part.c.status.in_(("accepted", "sent")))
            .order_by(message.c.id)
            .limit(limit)
        )
        return [OpenPart(*row) for row in self._connection.execute(statement)]

    def join_statuses(self, provider_id: int, statuses: dict[str, MessageStatus], now: datetime) -> int:
        """Join reported statuses, by provider id, into parts and messages; return how many messages changed.

        Order and repetition do not matter: the higher rank stays. Statuses of ids we do not know change nothing.
        """
        parts = self._connection.execute(
            select(attempt_part.c.id, attempt_part.c.provider_message_id, attempt_part.c.status, attempt.c.message_id)
            .join(attempt, attempt.c.id == attempt_part.c.attempt_id)
            .where(attempt_part.c.provider_id == provider_id, attempt_part.c.provider_message_id.in_(sorted(statuses)))
        ).all()
        touched = set()
        for part in parts:
            joined = join_receipt(MessageStatus(part.status), statuses[part.provider_message_id])
            if joined != part.status:
                statement = update(attempt_part).where(attempt_part.c.id == part.id)
                self._connection.execute(statement.values(status=joined.value, changed_at=now))
                touched.add(part.message_id)
        return sum(self._join_message(message_id, now) for message_id in sorted(touched))

    def _join_message(self, message_id: int, now: datetime) -> bool:
        statuses = self._connection.scalars(
            select(attempt_part.c.status)
            .join(attempt, attempt.c.id == attempt_part.c.attempt_id)
            .where(attempt.c.message_id == message_id, attempt.c.outcome == "accepted")
        )
        joined = join_parts([MessageStatus(status) for status in statuses])
        lower = [status.value for status, rank in RANK.items() if rank < RANK[joined]]
        changed = self._connection.execute(
            update(message)
            .where(message.c.id == message_id, message.c.status.in_(lower), message.c.money != "released")
            .values(status=joined.value, changed_at=now)
        )
        return changed.rowcount == 1

    def _open_attempts(self, attempt_ids: list[int]) -> dict[int, Any]:
        rows = self._connection.execute(
            select(attempt.c.id, attempt.c.provider_id, attempt.c.token, message.c.hold_id, message.c.price_micro)
            .join(message, message.c.id == attempt.c.message_id)
            .where(attempt.c.id.in_(attempt_ids), attempt.c.outcome.in_(("in_flight", "unknown")))
        )
        return {row.id: row for row in rows}

    def _without_foreign_ids(self, outcomes: list[Settled], known: dict[int, Any]) -> list[Settled]:
        wanted = {sid for one in outcomes for sid, _cost, _unit in one.parts}
        taken = {
            (row.provider_id, row.provider_message_id)
            for row in self._connection.execute(
                select(attempt_part.c.provider_id, attempt_part.c.provider_message_id).where(
                    attempt_part.c.provider_message_id.in_(sorted(wanted))
                )
            )
        }
        kept = []
        for one in outcomes:
            ids = {(known[one.attempt_id].provider_id, sid) for sid, _cost, _unit in one.parts}
            if ids & taken or len(ids) < len(one.parts):
                detail = "the provider answered with the id of another message"
                one = Settled(one.attempt_id, one.message_id, AttemptOutcome.UNKNOWN, code="foreign_id", detail=detail)
            taken |= ids
            kept.append(one)
        return kept

    def _settle_messages(self, outcomes: list[Settled], known: dict[int, Any], actor: str, now: datetime) -> None:
        settlements: dict[tuple[int, TransferKind], list[Settled]] = defaultdict(list)
        for one in outcomes:
            if one.outcome is AttemptOutcome.ACCEPTED:
                settlements[known[one.attempt_id].hold_id, TransferKind.CAPTURE].append(one)
            elif one.outcome is AttemptOutcome.REJECTED:
                settlements[known[one.attempt_id].hold_id, TransferKind.RELEASE].append(one)
        at = micros_since_epoch(now)
        rows: list[tuple[Any, ...]] = []
        for (hold_id, kind), members in sorted(settlements.items()):
            amount = sum(known[one.attempt_id].price_micro for one in members)
            idem = f"{kind.value}:{min(known[one.attempt_id].token for one in members)}"
            settle_id = self._settle(hold_id, kind, amount, idem, actor, now)
            money = "captured" if kind is TransferKind.CAPTURE else "released"
            rows += [
                (one.message_id, _STATUS_AFTER[one.outcome].value, money, settle_id, one.code[:80], 0, at)
                for one in members
            ]
        for one in outcomes:
            if one.outcome in (AttemptOutcome.NOT_SENT, AttemptOutcome.UNKNOWN):
                later = micros_since_epoch(one.not_before) if one.not_before else 0
                rows.append((one.message_id, _STATUS_AFTER[one.outcome].value, "held", None, one.code[:80], later, at))
        _MESSAGE.run(self._connection, rows)

    def _settle(self, hold_id: int, kind: TransferKind, amount: int, idem: str, actor: str, now: datetime) -> int:
        hold = self._connection.execute(select(ledger_transfer).where(ledger_transfer.c.id == hold_id)).one()
        transfer = Transfer(kind, hold.debit_id, hold.credit_id, amount, hold.currency, idem, actor, hold_id=hold_id)
        return self._ledger.post(transfer, now)
