"""Long work that a person can watch and stop: a sync, a bulk change, an export. The jobs panel shows what this board holds."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.domain.language import tr
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.workers.runner import Lane, Outcome, TaskHandle, TaskRunner

T = TypeVar("T")
# Finished jobs that stay listed; those that run are listed all.
KEPT: Final = 50


class JobState(StrEnum):
    """How a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobEntry:
    """One job as the panel shows it.

    Attributes:
        name: what it does, translated: "Sync costs of Main".
        icon: a name in resources/icons.
        started: when.
        state: how it stands.
        done: steps done.
        total: steps in all, 0 while unknown.
        label: what it is at now.
        message: how it ended, "" while it runs.
        stops: stopping keeps what is done ("Stop"), else nothing is kept ("Cancel").
    """

    def __init__(self, name: str, icon: str, started: datetime, *, stops: bool) -> None:
        self.name, self.icon, self.started, self.stops = name, icon, started, stops
        self.state = JobState.RUNNING
        self.done, self.total, self.label, self.message = 0, 0, "", ""
        self.handle: TaskHandle | None = None

    def cancel(self) -> None:
        """Ask it to end at its next step."""
        if self.handle is not None:
            self.handle.cancel()


class JobBoard(QObject):
    """Starts jobs and remembers them. ``changed`` is emitted when any of them moved, ``ended`` with the JobEntry."""

    changed = Signal()
    ended = Signal(object)

    def __init__(self, tasks: TaskRunner, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._clock = tasks, clock
        self.entries: list[JobEntry] = []
        tasks.crashed.connect(self._end_crashed)

    @property
    def running(self) -> list[JobEntry]:
        """Those under way, newest first."""
        return [entry for entry in self.entries if entry.state is JobState.RUNNING]

    def now(self) -> datetime:
        """Return the time that ``started`` is of."""
        return self._clock()

    def clear_finished(self) -> None:
        """Forget what does not run any more."""
        self.entries = self.running
        self.changed.emit()

    def start(
        self, name: str, work: Callable[[Job], Outcome[T]], *, owner: QObject, icon: str = "loader-circle",
        on_success: Callable[[T], object] | None = None, on_error: Callable[[AppError], object] | None = None,
        message: Callable[[T], str] | None = None, lane: Lane = Lane.DATA, stops: bool = False,
    ) -> JobEntry:  # fmt: skip
        """Run ``work`` as a command of the TaskRunner and list it.

        Args:
            name: what it does, translated.
            work: called with a Job; it reports progress with ``job.step`` and so can be cancelled.
            owner: the widget that asked; when it is gone its callbacks are not called, the job runs on.
            icon: a name in resources/icons.
            on_success: called with the outcome's value.
            on_error: called with the AppError, ``Cancelled`` included; without it errors are shown by the window.
            message: makes the line that says how it ended.
            lane: NETWORK for work that waits for another machine.
            stops: what is done stays done when it is stopped.
        """
        entry = JobEntry(name, icon, self._clock(), stops=stops)
        finished = [one for one in self.entries if one.state is not JobState.RUNNING]
        self.entries = [entry, *(one for one in self.entries if one not in finished[KEPT:])]

        def progressed(done: int, total: int, label: str) -> None:
            entry.done, entry.total, entry.label = done, total, label
            self.changed.emit()

        def succeeded(value: T) -> None:
            self._end(entry, JobState.DONE, message(value) if message else "")
            if on_success is not None and _is_alive(owner):
                on_success(value)

        def failed(error: AppError) -> None:
            state = JobState.CANCELLED if isinstance(error, Cancelled) else JobState.FAILED
            self._end(entry, state, error.user_message)
            if on_error is not None and _is_alive(owner):
                on_error(error)
            elif state is JobState.FAILED:
                self._tasks.refused.emit(error)

        entry.handle = self._tasks.command(
            work, owner=self, on_success=succeeded, on_error=failed, on_progress=progressed, lane=lane
        )
        self.changed.emit()
        return entry

    def _end(self, entry: JobEntry, state: JobState, message: str) -> None:
        entry.state, entry.message = state, message
        self.changed.emit()
        self.ended.emit(entry)

    def _end_crashed(self, _error: Exception) -> None:
        for entry in self.running:
            if entry.handle is not None and entry.handle.finished:
                self._end(entry, JobState.FAILED, tr("It met an unexpected error"))


def _is_alive(owner: QObject) -> bool:
    return shiboken6.isValid(owner)
