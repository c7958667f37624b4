"""The journal of delivery receipts: stored raw first, applied afterwards."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from desktop_app.domain.batches import OpenPart
from desktop_app.domain.ladder import Position
from desktop_app.domain.messages import BY_HAND, MessageStatus
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import is_off, micros_since_epoch
from desktop_app.storage.lists import among
from desktop_app.storage.models.messages import attempt, attempt_part, message, receipt
from desktop_app.storage.positions import messages_after, read_positions


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report as it came.

    Attributes:
        status: our word, None when the provider's word is unknown.
        raw: the provider's own bytes, as text.
    """

    provider_message_id: str
    provider_status: str
    status: MessageStatus | None
    error_code: str
    raw: str


_JOURNAL = BulkStatement(
    insert_or_nothing(receipt)
    .values(
        provider_id=bindparam("route"), provider_message_id=bindparam("sid"), provider_status=bindparam("word"),
        status=bindparam("state"), error_code=bindparam("code"), digest=bindparam("hash"), raw=bindparam("body"),
        received_at=bindparam("at"), applied=bindparam("done"),
    )
    .on_conflict_do_nothing(index_elements=["provider_id", "digest"]),
    ("route", "sid", "word", "state", "code", "hash", "body", "at", "done"),
)  # fmt: skip

# As literals: SQLite uses the index of the messages without a final report only when it sees that they match.
_REPORTABLE = (message.c.status == literal_column("'accepted'")) | (message.c.status == literal_column("'sent'"))


class ReceiptRepository:
    """The journal."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def journal(self, provider_id: int, receipts: Sequence[Receipt], now: datetime) -> None:
        """Append reports; one that is already there, byte for byte, is not stored twice."""
        at = micros_since_epoch(now)
        _JOURNAL.run(
            self._connection,
            [
                (provider_id, one.provider_message_id, one.provider_status, one.status and one.status.value,
                 one.error_code, _digest(one), one.raw, at, 0)
                for one in receipts
            ],
        )  # fmt: skip

    def waiting(self, provider_id: int, limit: int) -> list[tuple[int, str, MessageStatus | None]]:
        """Return (receipt id, provider message id, status) of reports that wait to be applied and whose message is known."""
        statement = (
            select(receipt.c.id, receipt.c.provider_message_id, receipt.c.status)
            .join(
                attempt_part,
                (attempt_part.c.provider_id == receipt.c.provider_id)
                & (attempt_part.c.provider_message_id == receipt.c.provider_message_id),
            )
            .join(attempt, (attempt.c.id == attempt_part.c.attempt_id) & (attempt.c.outcome == "accepted"))
            .where(receipt.c.provider_id == provider_id, is_off(receipt.c.applied))
            .order_by(receipt.c.id)
            .limit(limit)
        )
        return [
            (row.id, row.provider_message_id, MessageStatus(row.status) if row.status else None)
            for row in self._connection.execute(statement)
        ]

    def unreported(self, after: Position, until: datetime, most: int) -> list[Position]:
        """Return the messages without a final report behind ``after``, in the order in which they came to where they stand.

        Args:
            after: a place in that order.
            until: the latest moment.
            most: how many at most.
        """
        return read_positions(self._connection, messages_after(after, until, most).where(_REPORTABLE))

    def open_parts(self, message_ids: Collection[int]) -> list[OpenPart]:
        """Return the provider ids without a final report of messages, those that a person made up left out."""
        return self._parts(message_ids, attempt_part.c.status.in_(("accepted", "sent")))

    def parts(self, message_ids: Collection[int]) -> list[OpenPart]:
        """Return all provider ids of messages, those that a person made up left out."""
        return self._parts(message_ids)

    def mark_applied(self, receipt_ids: Sequence[int]) -> None:
        """Remember that the reports were applied."""
        self._connection.execute(update(receipt).where(among(receipt.c.id, receipt_ids)).values(applied=True))

    def of_message(self, message_id: int) -> list[tuple[datetime, Receipt]]:
        """Return a message's reports with the time they came, oldest first."""
        statement = (
            select(receipt)
            .join(
                attempt_part,
                (attempt_part.c.provider_id == receipt.c.provider_id)
                & (attempt_part.c.provider_message_id == receipt.c.provider_message_id),
            )
            .join(attempt, attempt.c.id == attempt_part.c.attempt_id)
            .where(attempt.c.message_id == message_id)
            .order_by(receipt.c.id)
        )
        return [
            (
                row.received_at,
                Receipt(
                    row.provider_message_id, row.provider_status, MessageStatus(row.status) if row.status else None,
                    row.error_code, row.raw,
                ),
            )
            for row in self._connection.execute(statement)
        ]  # fmt: skip

    def _parts(self, message_ids: Collection[int], *conditions: ColumnElement[bool]) -> list[OpenPart]:
        statement = (
            select(attempt_part.c.provider_id, attempt_part.c.provider_message_id, attempt.c.message_id)
            .join(attempt, attempt.c.id == attempt_part.c.attempt_id)
            .where(
                among(attempt.c.message_id, sorted(message_ids)),
                attempt_part.c.provider_message_id.not_like(f"{BY_HAND}%"),
                *conditions,
            )
            .order_by(attempt.c.message_id, attempt_part.c.n)
        )
        return [OpenPart(*row) for row in self._connection.execute(statement)]


def _digest(one: Receipt) -> str:
    content = "\x1f".join((one.provider_message_id, one.provider_status, one.error_code, one.raw))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
