"""What became of messages: lists, one message's timeline, and receipts joined into them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop_app.domain.batches import AttemptRow, MessageRow, OpenPart
from desktop_app.domain.ladder import Ladder, Position
from desktop_app.domain.messages import MessageStatus, join_receipt
from desktop_app.providers.base import StatusReport
from desktop_app.services.clock import Clock
from desktop_app.storage.repositories.receipts import Receipt
from desktop_app.storage.unit_of_work import Database

RECEIPTS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that happened to one message.

    Attributes:
        row: the message.
        why: which price it has, as stored JSON text.
        attempts: its tries.
        receipts: its reports with the time they came.
    """

    row: MessageRow
    why: str
    attempts: tuple[AttemptRow, ...]
    receipts: tuple[tuple[datetime, Receipt], ...]


class DeliveryService:
    """Where messages stand."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list_messages(self, batch_id: int | None = None) -> list[MessageRow]:
        """Return messages, oldest first, of one batch or of all.

        Raises:
            NotFound: no such batch.
        """
        with self._database.read() as uow:
            if batch_id is not None:
                uow.batches.require(batch_id)
            return uow.batches.messages(batch_id=batch_id)

    def timeline(self, message_id: int) -> Timeline:
        """Return what happened to a message.

        Raises:
            NotFound: no such message.
        """
        with self._database.read() as uow:
            row = uow.batches.get_message(message_id)
            return Timeline(
                row,
                uow.batches.why(message_id),
                tuple(uow.batches.attempts(message_id)),
                tuple(uow.receipts.of_message(message_id)),
            )

    def count_by_status(self, batch_id: int | None = None) -> dict[MessageStatus, int]:
        """Return how many messages stand where, of one batch or of all."""
        with self._database.read() as uow:
            return uow.batches.count_by_status(batch_id)

    def waits(self, batch_id: int | None = None) -> bool:
        """Return whether a message waits to be sent or is on its way, of one batch or of all.

        Unknown outcomes are not waited for.
        """
        with self._database.read() as uow:
            return uow.batches.waits(batch_id)

    def list_unreported(self, after: Position, until: datetime) -> list[Position]:
        """Return a page of the messages whose final report is missing, in the order in which they came to where they stand.

        Args:
            after: a place in that order.
            until: the latest moment.
        """
        with self._database.read() as uow:
            return uow.receipts.unreported(after, until, RECEIPTS_AT_ONCE)

    def take_due(self, ladder: Ladder, most: int) -> list[OpenPart]:
        """Return the provider ids of what is to be asked about now, of at most ``most`` messages.

        ``ladder`` counts them as asked about.
        """
        with self._database.read() as uow:
            due = ladder.take(self._clock(), most, uow.receipts.unreported)
            return uow.receipts.open_parts(due) if due else []

    def list_open_parts(self, message_ids: Collection[int]) -> list[OpenPart]:
        """Return those provider ids of these messages whose final report is missing."""
        with self._database.read() as uow:
            return uow.receipts.open_parts(message_ids)

    def list_parts(self, message_ids: Collection[int]) -> list[OpenPart]:
        """Return the provider ids of these messages."""
        with self._database.read() as uow:
            return uow.receipts.parts(message_ids)

    def take_receipts(self, provider_id: int, receipts: Sequence[Receipt]) -> int:
        """Journal reports, then apply every one that waits and whose message is known; return how many messages changed.

        Two transactions on purpose: once the first is committed, no report is lost, whatever happens to the second.
        """
        now = self._clock()
        with self._database.begin() as uow:
            uow.receipts.journal(provider_id, receipts, now)
        changed = 0
        while True:
            with self._database.begin() as uow:
                waiting = uow.receipts.waiting(provider_id, RECEIPTS_AT_ONCE)
                if not waiting:
                    return changed
                changed += uow.dispatch.join_statuses(provider_id, _highest(waiting), now)
                uow.receipts.mark_applied([receipt_id for receipt_id, _sid, _status in waiting])


def receipt_of(report: StatusReport) -> Receipt:
    """Return a provider's report as the journal keeps it."""
    return Receipt(
        report.provider_message_id,
        report.provider_status,
        report.status,
        report.error_code,
        report.raw.decode("utf-8", "backslashreplace"),
    )


def _highest(waiting: Sequence[tuple[int, str, MessageStatus | None]]) -> dict[str, MessageStatus]:
    """Return the status of highest rank by provider id; unknown words stay in the journal and change nothing."""
    highest: dict[str, MessageStatus] = {}
    for _receipt_id, sid, status in waiting:
        if status is not None:
            highest[sid] = join_receipt(highest.get(sid, status), status)
    return highest
