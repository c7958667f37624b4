"""The bulk edit that waits for next time: kept with the person's choices on this computer, never in the team's database."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.errors import InvalidInput
from desktop_app.services.job import Job
from desktop_app.services.personal import PersonalFile
from desktop_app.services.price_edits import LossAllowed
from desktop_app.views.models.bulk_state import BulkState
from desktop_app.views.screens.bulk_decisions import Decisions
from desktop_app.workers.runner import TaskHandle, TaskRunner

NAME: Final = "bulk_draft"
WRITE_MILLISECONDS: Final = 400


class BulkDraft(QObject):
    """Keeps what was typed shortly after each key, and forgets it when nothing is left of it."""

    def __init__(self, folder: Path, tasks: TaskRunner, parent: QObject, *, sandbox: bool) -> None:
        super().__init__(parent)
        self._tasks = tasks
        # Rows are known by their ids: those of the demo data are others. A decision may stand at 40,000 of them.
        self._file = PersonalFile(folder, f"{NAME}_demo" if sandbox else NAME)
        self._writing: TaskHandle | None = None
        self._next: tuple[BulkState, Decisions] | None = None
        # What an earlier run left stays until it was shown, or until there is another draft.
        self._is_open = False
        self._timer = QTimer(self, singleShot=True, interval=WRITE_MILLISECONDS)
        self._timer.timeout.connect(self._write_soon)

    def put(self, state: BulkState, decisions: Decisions) -> None:
        """Keep an edit from now on."""
        self._next, self._is_open = (state, decisions), True
        self._timer.start()

    def forget(self) -> None:
        """Keep nothing any more."""
        self._timer.stop()
        self._next = None
        self._overtake()
        if self._is_open:
            self._file.remove()

    def write(self) -> None:
        """Write what is to be kept now: the program ends, and its lanes with it."""
        self._timer.stop()
        self._overtake()
        if self._next is not None:
            self._write(*self._next, Job())

    def _write_soon(self) -> None:
        if self._next is not None:
            self._overtake()
            self._writing = self._tasks.query(partial(self._write, *self._next), owner=self, on_success=id)

    def _write(self, state: BulkState, made: Decisions, job: Job) -> None:
        self._file.write({"state": state.content, "decisions": _stored(made)}, job)

    def _overtake(self) -> None:
        """Nothing older is written any more."""
        if self._writing is not None:
            self._writing.cancel()

    def read(self) -> tuple[BulkState, Decisions] | None:
        """Return what an earlier run left and was not shown yet, None when that is nothing that can be read."""
        kept = {} if self._is_open else self._file.read()
        self._is_open = True
        try:
            return BulkState.from_content(kept["state"]), _decisions(kept["decisions"])
        except (InvalidInput, KeyError, TypeError, ValueError):
            return None


def _stored(made: Decisions) -> dict[str, Any]:
    loss = None if made.loss is None else {"until": made.loss.until.isoformat(), "reason": made.loss.reason}
    return {name: sorted(getattr(made, name)) for name in ("unticked", "raised", "allowed")} | {"loss": loss}


def _decisions(stored: Mapping[str, Any]) -> Decisions:
    rows = {name: frozenset(int(rate_id) for rate_id in stored[name]) for name in ("unticked", "raised", "allowed")}
    loss = stored["loss"]
    if loss is None:
        return Decisions(rows["unticked"], rows["raised"])
    allowed = LossAllowed(datetime.fromisoformat(str(loss["until"])), str(loss["reason"]))
    return Decisions(rows["unticked"], rows["raised"], rows["allowed"], allowed)
