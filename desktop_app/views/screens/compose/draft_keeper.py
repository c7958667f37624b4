"""Saves the draft two seconds after a change and when a field is left; what is saved survives any crash."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.domain.errors import AppError
from desktop_app.services.audiences import Source
from desktop_app.services.draft_contents import Writing, lists_json, name_of
from desktop_app.services.drafts import DraftState, new_idem
from desktop_app.services.job import Job
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Outcome, Topic

SAVE_MILLISECONDS: Final = 2000
State = tuple[Writing, tuple[Source, ...], int]


class DraftKeeper(QObject):
    """The draft on the screen, as the database has it.

    Signals:
        saved: the moment it was saved.
        failed: the AppError that kept it from being saved; it is tried again at the next change.

    Args:
        place: the workplace.
        state: returns what is written, the lists, and how many recipients there are.
        parent: the screen.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, place: Workplace, state: Callable[[], State], parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._state = place, state
        self.draft_id: int | None = None
        self.idem = new_idem()
        self._lists: Sequence[Source] | None = None
        self._is_dirty = self._is_saving = self._is_closed = False
        self._number = 0
        self._timer = QTimer(self, singleShot=True, interval=SAVE_MILLISECONDS)
        self._timer.timeout.connect(self.save)

    @property
    def is_dirty(self) -> bool:
        """Whether something is not saved yet."""
        return self._is_dirty or self._is_saving

    @property
    def is_closed(self) -> bool:
        """Whether this draft is being sent."""
        return self._is_closed

    def note_change(self) -> None:
        """Save soon; changes meanwhile do not put it off."""
        self._is_dirty = True
        if not self._timer.isActive():
            self._timer.start()

    def save(self) -> None:
        """Save now what is not saved; an empty new draft is not worth it."""
        if not self._is_dirty or self._is_saving or self._is_closed:
            return
        writing, lists, count = self._state()
        if self.draft_id is None and writing.is_empty and not lists:
            self._is_dirty = False
            return
        self._timer.stop()
        self._is_dirty, self._is_saving = False, True
        # A list never changes, so a saved sequence of the same ones need not be written again.
        is_same = self._lists is not None and len(self._lists) == len(lists) and all(map(_is, self._lists, lists))
        work = partial(_save, self._place, self.draft_id, self.idem, writing, None if is_same else lists, lists, count)
        number = self._number
        self._place.tasks.command(
            work, owner=self, on_success=lambda found: self._show_saved(number, lists, found),
            on_error=lambda error: self._show_error(number, error),
        )  # fmt: skip

    def start(self, draft_id: int | None, idem: str, lists: Sequence[Source] | None) -> None:
        """Keep another draft from now on, as it is in the database; None for a new one."""
        self._timer.stop()
        self._number += 1
        self.draft_id, self.idem, self._lists = draft_id, idem or new_idem(), lists
        self._is_dirty = self._is_saving = self._is_closed = False

    def close(self) -> None:
        """Save nothing more of this draft: it is being sent."""
        self._is_closed = True
        self._timer.stop()

    def reopen(self) -> None:
        """Go on: it was not sent."""
        self._is_closed = False
        self.note_change()

    def _show_saved(self, number: int, lists: Sequence[Source], found: tuple[int, datetime]) -> None:
        if number != self._number:
            return
        self._is_saving = False
        self.draft_id, self._lists = found[0], lists
        self.saved.emit(found[1])
        if self._is_dirty and not self._timer.isActive() and not self._is_closed:
            self._timer.start()

    def _show_error(self, number: int, error: AppError) -> None:
        if number == self._number:
            self._is_saving, self._is_dirty = False, True
            self.failed.emit(error)


def _is(one: object, other: object) -> bool:
    return one is other


def _save(
    place: Workplace, draft_id: int | None, idem: str, writing: Writing, changed: Sequence[Source] | None,
    lists: Sequence[Source], count: int, _job: Job,
) -> Outcome[tuple[int, datetime]]:  # fmt: skip
    parts = place.parts
    state = DraftState(
        name_of(writing, lists), writing.client, writing.json(), None if changed is None else lists_json(changed), count
    )
    saved = parts.drafts.save(draft_id, state, actor=parts.actor, idem=idem)
    return Outcome((saved, parts.clock()), frozenset({Topic.DRAFTS}))
