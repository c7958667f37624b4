"""The one way to do anything that waits: work runs in a lane, its result comes back to the GUI thread.

A query reads; a command changes something and says what. Work gets a ``Job`` and must not touch Qt; everything handed back is
immutable. Callbacks run in the GUI thread, and not at all when the widget that asked is gone.
"""

import gc
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.domain.pace import PORTION, give_way
from desktop_app.services.job import Job
from desktop_app.workers.gate import Gate

T = TypeVar("T")
# How long a request under way may hold up closing.
NETWORK_SECONDS: Final = 2.0
Progress = tuple[int, int, str]


class Topic(StrEnum):
    """What a command can change; screens reload what they show of it."""

    PRICES = "prices"
    PROVIDERS = "providers"
    CLIENTS = "clients"
    CREDITS = "credits"
    MESSAGES = "messages"
    SETTINGS = "settings"
    SENDERS = "senders"
    DRAFTS = "drafts"


# A lane that computes hands the interpreter over after so long. Painting a table enters Python some hundred times and may wait
# as long at each of them: it takes 12 ms alone, beside such a lane 220 with the interpreter's usual 5 ms, and 30 with this.
SWITCH_SECONDS: Final = 0.0002
# Looking through as many for garbage takes a few milliseconds.
MANY_OBJECTS: Final = 20_000


class Lane(StrEnum):
    """Where work waits its turn: each lane is one thread, so that work within it never overtakes."""

    DATA = "data"
    NETWORK = "network"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a command did.

    Attributes:
        value: for the one who asked.
        changed: the topics it touched.
        undo_label: one line in the past tense that offers to undo it, "" when there is nothing to undo.
        undo: the command that undoes it.
        address: where in the window the part is seen that could not be done, "" when all of it was.
    """

    value: T
    changed: frozenset[Topic] = frozenset()
    undo_label: str = ""
    undo: "Callable[[Job], Outcome[Any]] | None" = None
    address: str = ""


class _Worker:
    """The thread of a lane. A daemon: what waits for another machine must not keep the program from ending."""

    def __init__(self, name: str, gate: Gate) -> None:
        self._gate = gate
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], None]) -> None:
        """Run ``work`` after everything that was submitted before."""
        self._waiting.put(work)

    def end(self, seconds: float | None) -> bool:
        """End after what runs, leaving out what waits; return whether that happened within ``seconds`` (None: however long)."""
        with suppress(queue.Empty):
            while True:
                self._waiting.get_nowait()
        self._waiting.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._gate.hold_this_thread()
        while (work := self._waiting.get()) is not None:
            work()


class TaskHandle:
    """A task under way; keep it to cancel it."""

    def __init__(self, on_progress: Callable[[int, int, str], None] | None) -> None:
        self.job = Job(on_progress)
        self.finished = False

    def cancel(self) -> None:
        """Ask the work to stop at its next step; it then fails with ``Cancelled``."""
        self.job.cancel()


@dataclass(frozen=True, slots=True)
class _Callbacks:
    """Who asked, and what to call."""

    owner: QObject
    on_success: Callable[[Any], object] | None
    on_error: Callable[[AppError], object] | None
    on_progress: Callable[[int, int, str], object] | None


class _Progress:
    """The latest progress of a task: however fast the work steps, at most one event waits for the GUI thread."""

    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce = announce
        self._lock = threading.Lock()
        self._latest: Progress | None = None

    def report(self, done: int, total: int, label: str) -> None:
        """Keep it; called by the thread that works."""
        with self._lock:
            waiting, self._latest = self._latest is not None, (done, total, label)
        if not waiting:
            self._announce()

    def take(self) -> Progress | None:
        """Return what was not taken yet."""
        with self._lock:
            latest, self._latest = self._latest, None
        return latest


class TaskRunner(QObject):
    """Runs work in lanes and brings results back. Lives in the GUI thread; ``close`` it before the program ends.

    Signals:
        changed: frozenset of Topic, once for each command that changed something.
        undoable: the Outcome of a command that can be undone.
        refused: the AppError of a task whose owner does not handle errors, to be shown.
        crashed: the exception of a task that met a bug; it is logged.
    """

    changed = Signal(object)
    undoable = Signal(object)
    refused = Signal(object)
    crashed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_SECONDS)
        self._gate: Final = Gate(self)
        self._lanes: Final = {lane: _Worker(f"{lane}-lane", self._gate) for lane in Lane}
        self._open: set[TaskHandle] = set()
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._open)

    def query(
        self,
        work: Callable[[Job], T],
        *,
        owner: QObject,
        on_success: Callable[[T], object],
        on_error: Callable[[AppError], object] | None = None,
        on_progress: Callable[[int, int, str], object] | None = None,
        lane: Lane = Lane.DATA,
    ) -> TaskHandle:
        """Read something in ``lane`` and hand it to ``on_success``.

        Args:
            work: called with a Job in the lane's thread.
            owner: the widget that asked; when it is gone nothing is called.
            on_success: called with what ``work`` returned.
            on_error: called with the AppError; without it ``refused`` is emitted, except for ``Cancelled``.
            on_progress: called with (done, total, label), the latest only.
            lane: NETWORK for work that waits for another machine.
        """
        return self._start(work, _Callbacks(owner, on_success, on_error, on_progress), lane)

    def command(
        self,
        work: Callable[[Job], Outcome[T]],
        *,
        owner: QObject,
        on_success: Callable[[T], object] | None = None,
        on_error: Callable[[AppError], object] | None = None,
        on_progress: Callable[[int, int, str], object] | None = None,
        lane: Lane = Lane.DATA,
    ) -> TaskHandle:
        """Change something in ``lane``; what changed is broadcast once, even when the owner is gone.

        The arguments are those of ``query``; ``on_success`` is called with the outcome's value.
        """
        return self._start(work, _Callbacks(owner, on_success, on_error, on_progress), lane)

    def close(self, *, network_seconds: float = NETWORK_SECONDS) -> None:
        """Cancel everything and end the lanes; no callback is called any more.

        What the data lane runs is waited for: it ends at its next step. A request on its way to another machine is waited for
        ``network_seconds`` at most, then left alone: it ends with the program, and what it had not written is not written.
        """
        self._closed = True
        for handle in self._open:
            handle.cancel()
        end = time.monotonic() + network_seconds
        self._lanes[Lane.DATA].end(None)
        for lane in (Lane.NETWORK, Lane.DOCUMENTS):
            self._lanes[lane].end(max(0.0, end - time.monotonic()))
        self._open.clear()

    def let_paint(self, window: QObject) -> None:
        """Let the lanes wait whenever ``window``, a top-level widget, paints."""
        self._gate.watch(window)

    def let_go(self, *rows: Sequence[object]) -> None:
        """Free sequences of many rows in the data lane, once the caller has let go of them: that takes as long as making them."""
        kept = list(rows)
        QTimer.singleShot(0, self, lambda: self._lanes[Lane.DATA].submit(partial(_free, kept)))

    def hold_this_thread(self) -> None:
        """Let the calling thread, which is no lane, wait for the window likewise."""
        self._gate.hold_this_thread()

    def _start(self, work: Callable[[Job], Any], callbacks: _Callbacks, lane: Lane) -> TaskHandle:
        progress = _Progress(lambda: self._post(show))
        handle = TaskHandle(progress.report)

        def show() -> None:
            latest = progress.take()
            if latest is not None and callbacks.on_progress is not None and shiboken6.isValid(callbacks.owner):
                callbacks.on_progress(*latest)

        def run() -> None:
            with _uncollected() if lane is Lane.DATA else nullcontext():
                result, error = _attempt(work, handle.job)
            self._post(lambda: self._finish(handle, callbacks, result, error))

        self._open.add(handle)
        self._lanes[lane].submit(run)
        return handle

    def _post(self, event: Callable[[], None]) -> None:
        """Let the GUI thread call ``event``; a request that was left alone may outlive this object."""
        if not self._closed:
            self._arrived.emit(event)

    @Slot(object)
    def _deliver(self, event: Callable[[], None]) -> None:
        if not self._closed:
            self._gate.close()
            event()

    def _finish(self, handle: TaskHandle, callbacks: _Callbacks, result: object, error: Exception | None) -> None:
        self._open.discard(handle)
        handle.finished = True
        present = shiboken6.isValid(callbacks.owner)
        if error is not None:
            self._fail(callbacks.on_error if present else None, error)
            return
        outcome = result if isinstance(result, Outcome) else None
        try:
            if present and callbacks.on_success is not None:
                callbacks.on_success(result if outcome is None else outcome.value)
        finally:
            # It is done, whatever the one who asked makes of it.
            if outcome is not None and outcome.changed:
                self.changed.emit(outcome.changed)
            if outcome is not None and outcome.undo is not None:
                self.undoable.emit(outcome)

    def _fail(self, on_error: Callable[[AppError], object] | None, error: Exception) -> None:
        if not isinstance(error, AppError):
            logging.getLogger(__name__).error("a task met a bug", exc_info=error)
            self.crashed.emit(error)
        elif on_error is not None:
            on_error(error)
        elif not isinstance(error, Cancelled):
            self.refused.emit(error)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage: among 100,000 new rows each look stops every thread, the window's too, for a tenth of a second."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > MANY_OBJECTS:
            # Old from now on, or the next look would go through all of them.
            gc.freeze()
            gc.unfreeze()
        if was_on:
            gc.enable()


def _free(sequences: list[Sequence[object]]) -> None:
    rows = [row for sequence in sequences for row in sequence]
    sequences.clear()
    while rows:
        del rows[-PORTION:]
        give_way()


def _attempt(work: Callable[[Job], Any], job: Job) -> tuple[object, Exception | None]:
    try:
        job.wait(0)
        return work(job), None
    except Exception as error:  # noqa: BLE001 - handed to the GUI thread, which tells a bug from a refusal
        return None, error
