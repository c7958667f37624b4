"""What was saved and can be undone: the last, then the one before; what was undone can be done again."""

from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.errors import AppError
from desktop_app.services.job import Job
from desktop_app.workers.runner import Outcome, TaskRunner

# How many saved changes Ctrl+Z reaches; Activity reaches all.
DEEPEST: Final = 50


class History(QObject):
    """Undoes and redoes saved changes, one at a time, for as long as the window lives.

    Signals:
        changed: what can be undone or redone is another now.
        offered: the Outcome of a change just saved that can be undone.
        done: the line that says what was undone or redone.
        partly_done: the same where not all of it could be, and the address where the rest is seen.
        failed: the AppError that kept it from being undone; it can be tried again.
    """

    changed = Signal()
    offered = Signal(object)
    done = Signal(str)
    partly_done = Signal(str, str)
    failed = Signal(object)

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._past: list[Outcome[Any]] = []
        self._future: list[Outcome[Any]] = []
        # The outcome of undoing itself, which the runner announces like any other.
        self._own: Outcome[Any] | None = None
        self._busy = False
        tasks.undoable.connect(self._keep)
        tasks.crashed.connect(self._give_up)

    def undo(self) -> None:
        """Undo the last saved change, unless one is being undone."""
        self._take(self._past, self._future)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._take(self._future, self._past)

    def _keep(self, outcome: Outcome[Any]) -> None:
        if outcome is self._own:
            return
        self._past.append(outcome)
        del self._past[:-DEEPEST]
        self._future.clear()
        self.changed.emit()
        self.offered.emit(outcome)

    def _take(self, stack: list[Outcome[Any]], other: list[Outcome[Any]]) -> None:
        if self._busy or not stack or (work := stack[-1].undo) is None:
            return
        self._busy = True

        def run(job: Job) -> Outcome[Any]:
            self._own = work(job)
            return self._own

        def finished(_value: object) -> None:
            self._busy = False
            stack.pop()
            if self._own is None:
                return
            if self._own.undo is not None:
                other.append(self._own)
            self.changed.emit()
            if self._own.address:
                self.partly_done.emit(self._own.undo_label, self._own.address)
            else:
                self.done.emit(self._own.undo_label)

        def refused(error: AppError) -> None:
            self._busy = False
            self.failed.emit(error)

        self._tasks.command(run, owner=self, on_success=finished, on_error=refused)

    def _give_up(self, _error: Exception) -> None:
        self._busy = False
