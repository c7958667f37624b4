"""Messages that end without having been sent: stopped, too late, or given up; their credit is released."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from desktop_app.domain.credits import TransferKind
from desktop_app.domain.messages import MessageStatus
from desktop_app.storage.lists import among
from desktop_app.storage.models.messages import attempt, message
from desktop_app.storage.repositories.ledger import LedgerRepository

# Why a message of a stopped batch was not sent.
STOPPED: Final = "stopped"
# From which status each of these endings leads on.
_FROM: Final = {
    MessageStatus.CANCELLED: "queued",
    MessageStatus.EXPIRED_UNSENT: "queued",
    MessageStatus.ABANDONED: "unknown",
}


class EndingRepository:
    """Ends messages for good."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ledger = LedgerRepository(connection)

    def end(
        self, message_ids: Collection[int], status: MessageStatus, *, reason: str, actor: str, now: datetime,
        detail: str = "",
    ) -> int:  # fmt: skip
        """End those of the messages that still may, release their credit, and return how many there were.

        Args:
            message_ids: which.
            status: CANCELLED or EXPIRED_UNSENT for what is queued; ABANDONED for what is unknown, whose tries then count as
                absent.
            reason: why, for the message.
            actor: who ends them.
            now: when.
            detail: for ABANDONED, one plain sentence about its tries, "" to leave what they say.
        """
        before = _FROM[status]
        if before == "unknown":
            # Attempts are locked before messages, as everywhere.
            self._close_attempts(message_ids, now, detail)
        mine = (among(message.c.id, sorted(message_ids)), message.c.status == before)
        rows = self._connection.execute(select(message).where(*mine).order_by(message.c.id).with_for_update()).all()
        by_hold: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            by_hold[row.hold_id].append(row)
        self._ledger.lock_holds(by_hold)
        for hold_id, members in sorted(by_hold.items()):
            amount = sum(row.price_micro for row in members)
            idem = f"{status.value}:{members[0].id}:{members[-1].id}"
            settle_id = self._ledger.settlement(hold_id, TransferKind.RELEASE, amount, idem=idem, actor=actor, at=now)
            values = {"status": status.value, "money": "released", "settle_id": settle_id, "reason": reason}
            ended = update(message).where(among(message.c.id, [row.id for row in members]))
            self._connection.execute(ended.values(**values, changed_at=now))
        return len(rows)

    def _close_attempts(self, message_ids: Collection[int], now: datetime, detail: str) -> None:
        doubtful = (
            select(attempt.c.id)
            .join(message, message.c.id == attempt.c.message_id)
            .where(
                among(message.c.id, sorted(message_ids)), message.c.status == "unknown", attempt.c.outcome == "unknown"
            )
            .order_by(attempt.c.id)
            .with_for_update(of=attempt)
        )
        ids = list(self._connection.scalars(doubtful))
        closed = {"outcome": "absent", "ended_at": now, **({"detail": detail} if detail else {})}
        self._connection.execute(update(attempt).where(among(attempt.c.id, ids)).values(**closed))
