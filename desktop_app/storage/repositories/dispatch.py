"""The send protocol's writes: lease, claim with intent on record, outcomes with their money, receipts as a join.

Nothing here calls a provider. Each method is one step of reliability.md 3 inside the caller's transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_or_skip  # ON CONFLICT is the same in both databases

from desktop_app.domain.credits import TransferKind
from desktop_app.domain.messages import (
    RANK,
    AttemptOutcome,
    BatchControl,
    MessageStatus,
    join_parts,
    join_receipt,
)
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import is_on, micros_since_epoch
from desktop_app.storage.lists import among, among_texts, json_array, json_pairs, listed_pairs
from desktop_app.storage.models.accounts import provider, setting
from desktop_app.storage.models.clients import client, opt_out
from desktop_app.storage.models.messages import attempt, attempt_part, batch, batch_quote, message, sending_lease
from desktop_app.storage.repositories.endings import STOPPED, EndingRepository
from desktop_app.storage.repositories.ledger import LedgerRepository


class Candidate(NamedTuple):
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
    own_texts: bool = False


@dataclass(frozen=True, slots=True)
class QuotedDestination:
    """A frozen quote, for the loss guard at the last moment. ``price`` is per segment, in the client's currency."""

    quote_id: int
    country: str
    mccmnc: str | None
    sender: str
    price: int


class Settled(NamedTuple):
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
    AttemptOutcome.ABSENT: MessageStatus.QUEUED,
    AttemptOutcome.UNKNOWN: MessageStatus.UNKNOWN,
}
_SETTLES: Final = {
    AttemptOutcome.ACCEPTED: (TransferKind.CAPTURE, "captured"),
    AttemptOutcome.REJECTED: (TransferKind.RELEASE, "released"),
}


class ForeignIds(Exception):
    """A provider answered with an id that another attempt has; settle again, doubting."""


class _OpenAttempt(NamedTuple):
    provider_id: int
    hold_id: int
    price: int
    outcome: str


@cache
def _part_statement(dialect: str) -> BulkStatement:
    """Return the statement that keeps the ids of attempts; what they share is given once, not per row."""
    sids = listed_pairs("sids", dialect)
    columns = {
        "attempt_id": cast(sids.c.key, BigInteger()),
        "provider_message_id": sids.c.value,
        "provider_id": bindparam("route", type_=BigInteger()),
        "n": bindparam("count", type_=Integer()),
        "status": literal_column("'accepted'"),
        "cost_text": bindparam("cost", type_=Text()),
        "cost_currency": bindparam("unit", type_=Text()),
        "changed_at": bindparam("at", type_=BigInteger()),
    }
    # SQLite reads ON CONFLICT after a SELECT only behind a WHERE.
    rows = select(*columns.values()).where(literal_column("1 = 1"))
    statement = insert_or_skip(attempt_part).from_select(list(columns), rows)
    return BulkStatement(
        statement.on_conflict_do_nothing(index_elements=["provider_id", "provider_message_id"]),
        ("route", "count", "cost", "unit", "at", "sids"),
    )


# The setting that holds back all sending, whatever the service says.
SENDING_PAUSED: Final = "sending_paused"
# Words in conditions stand as literals, so that SQLite sees that its partial indexes match.
_QUEUED: Final = message.c.status == literal_column("'queued'")
_IN_FLIGHT: Final = attempt.c.outcome == literal_column("'in_flight'")
_OPEN: Final = _IN_FLIGHT | (attempt.c.outcome == literal_column("'unknown'"))

_BATCHES: Final = (
    select(batch.c.id)
    .join(client, client.c.id == batch.c.client_id)
    .join(provider, provider.c.id == batch.c.provider_id)
)
# Nothing of such a batch may start: a person stopped or paused it, its client or its route.
_HELD_BACK: Final = (
    (batch.c.control != literal_column("'running'")) | is_on(client.c.paused) | provider.c.paused_reason.is_not(None)
)
_WAITING: Final = _BATCHES.where(_HELD_BACK | among(provider.c.id, "resting"))


_CANDIDATES = BulkStatement(
    select(
        message.c.id, message.c.batch_id, message.c.quote_id, message.c.hold_id, message.c.price_micro, message.c.number,
        message.c.tries,
    )
    .where(
        _QUEUED,
        message.c.id >= bindparam("first", type_=BigInteger()),
        message.c.not_before <= bindparam("now", type_=BigInteger()),
        message.c.batch_id.not_in(_WAITING),
    )
    .order_by(message.c.id)
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True, of=message),
    ("first", "now", "resting", "most"),
)  # fmt: skip


_OPTED_OUT = BulkStatement(
    select(message.c.id)
    .join(batch, batch.c.id == message.c.batch_id)
    .join(opt_out, (opt_out.c.client_id == batch.c.client_id) & (opt_out.c.number == message.c.number))
    .where(among(message.c.id, "ids")),
    ("ids",),
)
_OWN_TEXTS = BulkStatement(
    select(message.c.id, message.c.body, message.c.encoding).where(
        among(message.c.id, "ids"), message.c.body.is_not(None)
    ),
    ("ids",),
)
_CLAIM = BulkStatement(
    update(message)
    .where(among(message.c.id, "ids"))
    .values(
        status=literal_column("'sending'"), tries=message.c.tries + literal_column("1"), changed_at=bindparam("at")
    ),
    ("ids", "at"),
)
_INTENT = BulkStatement(
    insert(attempt)
    .from_select(
        ["message_id", "n", "provider_id", "epoch", "outcome", "started_at"],
        select(
            message.c.id, message.c.tries, batch.c.provider_id, bindparam("term", type_=BigInteger()),
            literal_column("'in_flight'"), bindparam("at", type_=BigInteger()),
        )
        .join(batch, batch.c.id == message.c.batch_id)
        .where(among(message.c.id, "ids")),
    )
    .returning(attempt.c.message_id, attempt.c.id),
    ("term", "at", "ids"),
)  # fmt: skip
# Locked, in id order as in `abandon_flights`: whether an attempt is in flight or unknown decides what may be written.
_STILL_OPEN = BulkStatement(
    select(attempt.c.id, attempt.c.provider_id, message.c.hold_id, message.c.price_micro, attempt.c.outcome)
    .join(message, message.c.id == attempt.c.message_id)
    .where(among(attempt.c.id, "ids"), _OPEN)
    .order_by(attempt.c.id)
    .with_for_update(of=attempt),
    ("ids",),
)
_BOUND_IDS = BulkStatement(
    select(attempt_part.c.provider_message_id).where(
        attempt_part.c.provider_id == bindparam("route"), among_texts(attempt_part.c.provider_message_id, "sids")
    ),
    ("route", "sids"),
)
_OUTCOME = BulkStatement(
    update(attempt)
    .where(among(attempt.c.id, "ids"))
    .values(outcome=bindparam("state"), ended_at=bindparam("at"), code=bindparam("word"), detail=bindparam("sentence")),
    ("ids", "state", "at", "word", "sentence"),
)
_MESSAGE = BulkStatement(
    update(message)
    .where(among(message.c.id, "ids"))
    .values(
        status=bindparam("state"), money=bindparam("credit"), settle_id=bindparam("transfer"), reason=bindparam("word"),
        not_before=bindparam("later"), changed_at=bindparam("at"),
    ),
    ("ids", "state", "credit", "transfer", "word", "later", "at"),
)  # fmt: skip


_SWITCHES = BulkStatement(
    select(setting.c.name).where(
        setting.c.value == literal_column("'on'"),
        (setting.c.name == literal_column("'service'")) | (setting.c.name == literal_column(f"'{SENDING_PAUSED}'")),
    ),
    (),
)
_HALTED = BulkStatement(_BATCHES.where(among(batch.c.id, "ids"), _HELD_BACK), ("ids",))
_EPOCH = BulkStatement(select(sending_lease.c.epoch).with_for_update(), ())


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

    def holder(self, now: datetime) -> str:
        """Return who holds it at this moment, "" when nobody does."""
        row = self._connection.execute(select(sending_lease)).one()
        return str(row.holder) if row.expires_at > now else ""

    def is_mine(self, epoch: int) -> bool:
        """Return whether the lease still has this epoch; locks the row until the transaction ends."""
        return int(_EPOCH.once(self._connection).scalar_one()) == epoch


class DispatchRepository:
    """Claims and outcomes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ledger = LedgerRepository(connection)

    def candidates(
        self, limit: int, now: datetime, resting: Collection[int] = (), first_id: int = 0
    ) -> list[Candidate]:
        """Return queued messages that may go now, oldest first, from ``first_id`` on.

        Batches that a person paused or stopped, clients on pause, paused routes and those of the providers ``resting`` are
        passed over.
        """
        rows = _CANDIDATES.rows(self._connection, first_id, micros_since_epoch(now), json_array(sorted(resting)), limit)
        return [Candidate._make(row) for row in rows]

    def is_open(self) -> bool:
        """Return whether anything may be claimed: the service is on, and nobody paused all sending."""
        return [name for (name,) in _SWITCHES.rows(self._connection)] == ["service"]

    def count_waiting(self, now: datetime) -> int:
        """Return how many messages wait to be sent at this moment, of batches that nobody holds back."""
        due = (_QUEUED, message.c.not_before <= now, message.c.batch_id.not_in(_BATCHES.where(_HELD_BACK)))
        return int(self._connection.scalar(select(func.count()).select_from(message).where(*due)) or 0)

    def next_id(self) -> int:
        """Return an id that no message has yet, as far as this transaction sees."""
        return int(self._connection.scalar(select(func.max(message.c.id))) or 0) + 1

    def halted(self, batch_ids: Collection[int]) -> frozenset[int]:
        """Return which of the batches nothing may be sent of any more, or for now: a person stopped or paused something."""
        found = _HALTED.rows(self._connection, json_array(sorted(batch_ids)))
        return frozenset(batch_id for (batch_id,) in found)

    def opted_out(self, message_ids: Sequence[int]) -> frozenset[int]:
        """Return which of the messages go to a number that opted out of their client's messages."""
        found = _OPTED_OUT.rows(self._connection, json_array(message_ids))
        return frozenset(message_id for (message_id,) in found)

    def batches(self, batch_ids: Iterable[int]) -> dict[int, CandidateBatch]:
        """Return what the batches share, by id."""
        rows = self._connection.execute(select(batch).where(among(batch.c.id, sorted(set(batch_ids)))))
        return {
            row.id: CandidateBatch(
                row.id,
                row.client_id,
                row.provider_id,
                row.sender,
                row.body,
                row.encoding == "UCS-2",
                row.currency,
                row.own_texts,
            )
            for row in rows
        }

    def own_texts(self, message_ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
        """Return the text, and whether it is UCS-2, of those of the messages that have a text of their own."""
        rows = _OWN_TEXTS.rows(self._connection, json_array(message_ids))
        return {message_id: (text, encoding == "UCS-2") for message_id, text, encoding in rows}

    def quotes(self, quote_ids: Iterable[int]) -> dict[int, QuotedDestination]:
        """Return quotes by id."""
        rows = self._connection.execute(select(batch_quote).where(among(batch_quote.c.id, sorted(set(quote_ids)))))
        return {
            row.id: QuotedDestination(row.id, row.country, row.mccmnc or None, row.sender, row.price_micro)
            for row in rows
        }

    def claim(self, chosen: Sequence[Candidate], *, epoch: int, now: datetime) -> dict[int, int]:
        """Write the intent to send ``chosen`` and return the attempt's id by message id.

        Nothing has left yet, but from here on nobody may forget it.
        """
        if not chosen:
            return {}
        at, ids = micros_since_epoch(now), json_array([one.message_id for one in chosen])
        _CLAIM.once(self._connection, ids, at)
        return dict(_INTENT.rows(self._connection, epoch, at, ids))

    def block(self, refused: Sequence[tuple[Candidate, str]], *, actor: str, now: datetime) -> None:
        """End queued messages that a check refused at the last moment, and release their credit."""
        by_hold: dict[int, list[tuple[Candidate, str]]] = defaultdict(list)
        for candidate, reason in refused:
            by_hold[candidate.hold_id].append((candidate, reason))
        self._ledger.lock_holds(by_hold)
        for hold_id, members in sorted(by_hold.items()):
            amount = sum(candidate.price for candidate, _reason in members)
            idem = f"block:{members[0][0].message_id}:{members[-1][0].message_id}"
            settle_id = self._ledger.settlement(hold_id, TransferKind.RELEASE, amount, idem=idem, actor=actor, at=now)
            by_reason: dict[str, list[int]] = defaultdict(list)
            for candidate, reason in members:
                by_reason[reason].append(candidate.message_id)
            at = micros_since_epoch(now)
            for reason, ids in sorted(by_reason.items()):
                _MESSAGE.once(self._connection, json_array(ids), "blocked", "released", settle_id, reason, at, at)

    def settle(self, outcomes: Sequence[Settled], *, actor: str, now: datetime, doubting: bool = True) -> None:
        """Write what became of attempts, with their money, in this transaction.

        An outcome lands only on an attempt that is still in flight or unknown; an id that is already bound to another
        attempt proves nothing, so that outcome becomes UNKNOWN. Where a take-over called an attempt unknown, the former
        owner's word that it did not leave proves its absence.

        Args:
            outcomes: of different attempts.
            actor: who settles.
            now: when.
            doubting: look up first whether an id is bound already. Without it only the index of ids decides, which is cheaper.

        Raises:
            ForeignIds: not ``doubting``, and an id is bound already; nothing of this transaction may be committed.
        """
        known = self._open_attempts([one.attempt_id for one in outcomes])
        usable = [one for one in outcomes if one.attempt_id in known]
        unknown = AttemptOutcome.UNKNOWN.value
        if any(facts.outcome == unknown for facts in known.values()):
            usable = [_as_evidence(one, known[one.attempt_id].outcome) for one in usable]
        if doubting:
            usable = self._without_foreign_ids(usable, known)
        at = micros_since_epoch(now)
        self._bind_ids(usable, known, at)
        alike: dict[tuple[Any, ...], list[Settled]] = defaultdict(list)
        for one in usable:
            hold_id = known[one.attempt_id].hold_id
            alike[hold_id, one.outcome, one.code, one.detail, one.not_before].append(one)
        self._ledger.lock_holds({hold_id for hold_id, *_rest in alike})
        returned: list[int] = []
        for (hold_id, outcome, code, detail, later), members in alike.items():
            _OUTCOME.once(
                self._connection,
                json_array([one.attempt_id for one in members]),
                outcome.value,
                at,
                code[:80],
                detail[:500],
            )
            money, settle_id = "held", None
            if outcome in _SETTLES:
                kind, money = _SETTLES[outcome]
                amount = sum(known[one.attempt_id].price for one in members)
                idem = f"{kind.value}:attempt:{min(one.attempt_id for one in members)}"
                settle_id = self._ledger.settlement(hold_id, kind, amount, idem=idem, actor=actor, at=now)
            _MESSAGE.once(
                self._connection, json_array([one.message_id for one in members]), _STATUS_AFTER[outcome].value, money,
                settle_id, code[:80], micros_since_epoch(later or now), at,
            )  # fmt: skip
            if _STATUS_AFTER[outcome] is MessageStatus.QUEUED:
                returned += [one.message_id for one in members]
        if returned:
            self._end_stopped(returned, actor, now)

    def _bind_ids(self, outcomes: Sequence[Settled], known: Mapping[int, _OpenAttempt], at: int) -> None:
        alike: dict[tuple[int, int, str | None, str | None], dict[int, str]] = defaultdict(dict)
        for one in outcomes:
            for n, (sid, cost, unit) in enumerate(one.parts, 1):
                alike[known[one.attempt_id].provider_id, n, cost, unit][one.attempt_id] = sid
        statement = _part_statement(self._connection.dialect.name)
        for shared, sids in alike.items():
            if statement.once(self._connection, *shared, at, json_pairs(sids)).rowcount != len(sids):
                raise ForeignIds

    def _end_stopped(self, message_ids: Sequence[int], actor: str, now: datetime) -> None:
        """End those of the messages, just back in the queue, whose batch was stopped meanwhile."""
        # Shared with the one who stops: either this transaction sees the stop, or the stop sees the messages in the queue.
        batches = (
            select(batch.c.id, batch.c.control)
            .where(batch.c.id.in_(select(message.c.batch_id).where(among(message.c.id, message_ids))))
            .order_by(batch.c.id)
            .with_for_update(read=True)
        )
        stopped = [row.id for row in self._connection.execute(batches) if row.control == BatchControl.STOPPED]
        if not stopped:
            return
        mine = select(message.c.id).where(among(message.c.id, message_ids), among(message.c.batch_id, stopped))
        EndingRepository(self._connection).end(
            list(self._connection.scalars(mine)), MessageStatus.CANCELLED, reason=STOPPED, actor=actor, now=now
        )

    def abandon_flights(self, epoch: int, now: datetime) -> int:
        """Call every attempt of an earlier epoch that is still in flight unknown; return how many there were.

        Its owner is gone: whether the request left, only the provider knows.
        """
        lost = (_IN_FLIGHT, attempt.c.epoch < epoch)
        # Attempts are locked before messages, in id order, as `settle` does: an outcome that comes at this moment is not lost.
        flights = select(attempt.c.id, attempt.c.message_id).where(*lost).order_by(attempt.c.id).with_for_update()
        rows = self._connection.execute(flights).all()
        self._connection.execute(
            update(attempt)
            .where(among(attempt.c.id, [row.id for row in rows]))
            .values(outcome="unknown", ended_at=now, detail="the sending process ended")
        )
        self._connection.execute(
            update(message)
            .where(among(message.c.id, [row.message_id for row in rows]), message.c.status == "sending")
            .values(status="unknown", changed_at=now, reason="owner_gone")
        )
        return len(rows)

    def flights_of(self, epoch: int) -> list[tuple[int, int]]:
        """Return (attempt id, message id) of what is in flight in an epoch."""
        mine = (_IN_FLIGHT, attempt.c.epoch == epoch)
        rows = self._connection.execute(select(attempt.c.id, attempt.c.message_id).where(*mine).order_by(attempt.c.id))
        return [(row.id, row.message_id) for row in rows]

    def join_statuses(self, provider_id: int, statuses: dict[str, MessageStatus], now: datetime) -> int:
        """Join reported statuses, by provider id, into parts and messages; return how many messages changed.

        Order and repetition do not matter: in each part the higher rank stays, and the message follows its parts. Statuses
        of ids we do not know change nothing.
        """
        # The message is locked too: two reports about two parts of it, taken at once, must see each other.
        parts = self._connection.execute(
            select(attempt_part.c.provider_message_id, attempt_part.c.status, attempt.c.message_id)
            .join(attempt, attempt.c.id == attempt_part.c.attempt_id)
            .join(message, message.c.id == attempt.c.message_id)
            .where(
                attempt_part.c.provider_id == provider_id,
                among_texts(attempt_part.c.provider_message_id, sorted(statuses)),
            )
            .order_by(message.c.id, attempt_part.c.n)
            .with_for_update(of=(message, attempt_part))
        ).all()
        raised: dict[MessageStatus, list[str]] = defaultdict(list)
        touched = set()
        for part in parts:
            joined = join_receipt(MessageStatus(part.status), statuses[part.provider_message_id])
            if joined != part.status:
                raised[joined].append(part.provider_message_id)
                touched.add(part.message_id)
        for joined, sids in raised.items():
            mine = (attempt_part.c.provider_id == provider_id, among_texts(attempt_part.c.provider_message_id, sids))
            self._connection.execute(update(attempt_part).where(*mine).values(status=joined.value, changed_at=now))
        return self._join_messages(touched, now)

    def _join_messages(self, message_ids: Collection[int], now: datetime) -> int:
        """Let messages follow their parts; return how many changed."""
        parts: dict[int, list[MessageStatus]] = defaultdict(list)
        rows = self._connection.execute(
            select(attempt.c.message_id, attempt_part.c.status)
            .join(attempt_part, attempt_part.c.attempt_id == attempt.c.id)
            .where(among(attempt.c.message_id, sorted(message_ids)), attempt.c.outcome == "accepted")
        )
        for message_id, status in rows:
            parts[message_id].append(MessageStatus(status))
        alike: dict[MessageStatus, list[int]] = defaultdict(list)
        for message_id, found in parts.items():
            alike[join_parts(found)].append(message_id)
        changed = 0
        for joined, ids in alike.items():
            others = [status.value for status in RANK if status not in (joined, MessageStatus.DELIVERED)]
            done = self._connection.execute(
                update(message)
                .where(among(message.c.id, sorted(ids)), message.c.status.in_(others), message.c.money != "released")
                .values(status=joined.value, changed_at=now)
            )
            changed += done.rowcount
        return changed

    def bound_ids(self, provider_id: int, provider_message_ids: Sequence[str]) -> frozenset[str]:
        """Return which of a provider's ids an attempt has already."""
        found = _BOUND_IDS.rows(self._connection, provider_id, json_array(provider_message_ids))
        return frozenset(sid for (sid,) in found)

    def _open_attempts(self, attempt_ids: list[int]) -> dict[int, _OpenAttempt]:
        found = _STILL_OPEN.rows(self._connection, json_array(attempt_ids))
        return {attempt_id: _OpenAttempt(*facts) for attempt_id, *facts in found}

    def _without_foreign_ids(self, outcomes: list[Settled], known: dict[int, _OpenAttempt]) -> list[Settled]:
        """Return the outcomes; those whose provider id is bound to another attempt, or given twice, prove nothing."""
        given = Counter((known[one.attempt_id].provider_id, sid) for one in outcomes for sid, _cost, _unit in one.parts)
        asked: dict[int, list[str]] = defaultdict(list)
        for provider_id, sid in given:
            asked[provider_id].append(sid)
        foreign = {place for place, count in given.items() if count > 1}
        for provider_id, sids in asked.items():
            bound = _BOUND_IDS.rows(self._connection, provider_id, json_array(sids))
            foreign |= {(provider_id, sid) for (sid,) in bound}
        if not foreign:
            return outcomes
        return [
            _unproven(one)
            if any((known[one.attempt_id].provider_id, sid) in foreign for sid, _cost, _unit in one.parts)
            else one
            for one in outcomes
        ]


def _as_evidence(one: Settled, before: str) -> Settled:
    if one.outcome is AttemptOutcome.NOT_SENT and before == AttemptOutcome.UNKNOWN:
        return one._replace(outcome=AttemptOutcome.ABSENT)
    return one


def _unproven(one: Settled) -> Settled:
    detail = "the provider answered with the id of another message"
    return Settled(one.attempt_id, one.message_id, AttemptOutcome.UNKNOWN, code="foreign_id", detail=detail)
