"""Batches in a person's hand: watched, paused, resumed, stopped, and scheduled ones given another time or cancelled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desktop_app.domain.errors import InvalidInput, StaleData
from desktop_app.domain.language import tr
from desktop_app.domain.message_lists import LAST_CHANGE, BatchCounts, BatchLine
from desktop_app.domain.messages import BatchControl, MessageStatus
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.storage.repositories.endings import STOPPED
from desktop_app.storage.unit_of_work import Database, UnitOfWork

PAGE: Final = 50
# So many messages are ended in one transaction: nobody else waits longer for the database.
_AT_ONCE: Final = 5_000
# A new time is at least so far away that it can still be cancelled.
_SOONEST: Final = 2 * LAST_CHANGE


@dataclass(frozen=True, slots=True)
class BatchState:
    """A batch with where its messages stand."""

    line: BatchLine
    counts: BatchCounts


class BatchesService:
    """Handles batches. What a person says here the sender obeys within a second."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def page(self, below_id: int | None = None, *, client: str = "", limit: int = PAGE) -> list[BatchState]:
        """Return batches with their counts, newest first, those with an id below ``below_id``."""
        with self._database.read() as uow:
            return _with_counts(uow, uow.batch_control.lines(limit, below_id, client_name=client))

    def states(self, batch_ids: list[int]) -> list[BatchState]:
        """Return these batches as they are now.

        Raises:
            NotFound: one of them does not exist.
        """
        with self._database.read() as uow:
            return _with_counts(uow, [uow.batch_control.get(batch_id) for batch_id in batch_ids])

    def scheduled(self) -> list[BatchState]:
        """Return the batches that wait for their time, the next one first."""
        with self._database.read() as uow:
            return _with_counts(uow, uow.batch_control.scheduled())

    def pause(self, batch_id: int, *, actor: str) -> BatchLine:
        """Let nothing more of a batch start until it is resumed; paused twice is paused.

        Raises:
            NotFound: no such batch.
            StaleData: it was stopped.
        """
        return self._switch(batch_id, BatchControl.PAUSED, "batch_paused", actor)

    def resume(self, batch_id: int, *, actor: str) -> BatchLine:
        """Let a paused batch go on.

        Raises:
            NotFound: no such batch.
            StaleData: it was stopped, for good.
        """
        return self._switch(batch_id, BatchControl.RUNNING, "batch_resumed", actor)

    def stop(self, batch_id: int, *, actor: str, job: Job | None = None) -> BatchState:
        """End a batch: nothing more starts, and the credit of what was never handed out is released, once.

        What is claimed but has not left comes back within a second and ends likewise; what is in flight may still be sent, and
        the counts say how much that is. Stopping again ends what is left.

        Raises:
            NotFound: no such batch.
            Cancelled: the person gave up waiting; the batch is stopped, and the sender ends what is left.
        """
        with self._database.begin() as uow:
            line = uow.batch_control.get(batch_id, lock=True)
            if line.control is not BatchControl.STOPPED:
                uow.batch_control.set_control(batch_id, BatchControl.STOPPED)
                uow.activity.add(self._clock(), actor, "batch_stopped", _subject(line))
        self._end_waiting(batch_id, actor, job or Job())
        return self.states([batch_id])[0]

    def finish_stops(self, *, actor: str) -> None:
        """End what is left of stopped batches; for the start, after a crash in the middle of a stop."""
        with self._database.read() as uow:
            half = uow.batch_control.half_stopped()
        for batch_id in half:
            self._end_waiting(batch_id, actor, Job())

    def reschedule(self, batch_id: int, send_at: datetime, *, actor: str) -> BatchLine:
        """Give a scheduled batch another time, up to one minute before its own.

        Raises:
            NotFound: no such batch.
            StaleData: it is too late, or it was stopped.
            InvalidInput: the new time is too soon.
        """
        now = self._clock()
        if send_at < now + _SOONEST:
            raise InvalidInput(tr("Choose a time at least 2 minutes from now."), fields={"send_at": ""})
        with self._database.begin() as uow:
            before = self._changeable(uow, batch_id, now)
            uow.batch_control.set_time(batch_id, send_at)
            uow.activity.add(
                now, actor, "batch_rescheduled", _subject(before), before=_time_text(before.send_at),
                after=_time_text(send_at),
            )  # fmt: skip
            return uow.batch_control.get(batch_id)

    def cancel_scheduled(self, batch_id: int, *, actor: str, job: Job | None = None) -> BatchState:
        """Cancel a scheduled batch, up to one minute before its time; its credit comes back.

        Raises:
            NotFound: no such batch.
            StaleData: it is too late, or it was stopped already.
        """
        with self._database.begin() as uow:
            self._changeable(uow, batch_id, self._clock())
        return self.stop(batch_id, actor=actor, job=job)

    def failed_numbers(self, batch_id: int, limit: int = 100_000) -> list[str]:
        """Return the numbers of a batch that something went wrong with, apart from those that must not be written to."""
        again = (MessageStatus.UNDELIVERED, MessageStatus.EXPIRED, MessageStatus.REJECTED)
        with self._database.read() as uow:
            return uow.batch_control.failed_numbers(batch_id, again, limit)

    def _switch(self, batch_id: int, control: BatchControl, kind: str, actor: str) -> BatchLine:
        with self._database.begin() as uow:
            line = uow.batch_control.get(batch_id, lock=True)
            if line.control is BatchControl.STOPPED:
                raise StaleData(tr("This job was stopped. A stopped job cannot be resumed."), code="batch_stopped")
            if line.control is not control:
                uow.batch_control.set_control(batch_id, control)
                uow.activity.add(self._clock(), actor, kind, _subject(line))
            return uow.batch_control.get(batch_id)

    def _end_waiting(self, batch_id: int, actor: str, job: Job) -> None:
        done, total = 0, self.states([batch_id])[0].counts.waiting
        while True:
            with self._database.begin() as uow:
                ids = uow.batch_control.waiting_ids(batch_id, _AT_ONCE)
                if not ids:
                    return
                done += uow.endings.end(ids, MessageStatus.CANCELLED, reason=STOPPED, actor=actor, now=self._clock())
            job.step(done, max(done, total))

    def _changeable(self, uow: UnitOfWork, batch_id: int, now: datetime) -> BatchLine:
        line = uow.batch_control.get(batch_id, lock=True)
        if not line.may_change(now):
            raise StaleData(
                tr("It is too late to change this job: it starts in less than a minute, or it was stopped."),
                code="too_late",
            )
        return line


def _with_counts(uow: UnitOfWork, lines: list[BatchLine]) -> list[BatchState]:
    counts = uow.batch_control.counts([line.batch_id for line in lines])
    return [BatchState(line, counts[line.batch_id]) for line in lines]


def _subject(line: BatchLine) -> str:
    return f"{line.client} #{line.batch_id}"


def _time_text(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""
