"""Edits of prices that are not saved yet: undone and redone here, kept in a file until they are saved or thrown away."""

import json
import logging
import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from desktop_app.domain.language import tr
from desktop_app.services.price_edits import LossAllowed, PriceEdit
from desktop_app.views.models.price_lines import PriceLine

DRAFT_FILE: Final = "price_draft.json"
MOST_BYTES: Final = 20_000_000
# An edit is in the file this long after it was made.
WRITE_MILLISECONDS: Final = 800


@dataclass(frozen=True, slots=True)
class DraftEdit:
    """One edited price.

    Attributes:
        key: of the PriceLine.
        name: of the country or network, for naming the edit while nothing is loaded.
        before: the row's own price when the edit began, in micro-units, None without one.
        before_manual: whether that was set by hand.
        shown: the price that applied then.
        after: the new price, None to go back to the rule.
        loss: permission for a price below cost.
    """

    key: str
    name: str
    before: int | None
    before_manual: bool
    shown: int | None
    after: int | None
    loss: LossAllowed | None = None

    @property
    def changes_nothing(self) -> bool:
        """Whether it gives the row what the row has."""
        if self.after is None:
            return not self.before_manual
        return self.before_manual and self.after == self.before

    @property
    def for_saving(self) -> PriceEdit:
        """The edit as the pricing service takes it."""
        iso, _, mccmnc = self.key.partition("/")
        return PriceEdit(iso, mccmnc or None, self.before, self.before_manual, self.after, self.loss)


def edit_of(line: PriceLine, after: int | None, loss: LossAllowed | None = None) -> DraftEdit:
    """Return the edit that gives a saved line another price, or None for its rule's."""
    return DraftEdit(line.key, line.name, line.own, line.own_manual, line.price, after, loss)


class PriceDraft(QObject):
    """The edits by key, in the order they were made. ``changed`` carries the keys whose edit is another now."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._edits: dict[str, DraftEdit] = {}

    @property
    def edits(self) -> Mapping[str, DraftEdit]:
        """The edits by key."""
        return MappingProxyType(self._edits)

    def __len__(self) -> int:
        return len(self._edits)

    def put(self, edits: Iterable[DraftEdit], text: str) -> None:
        """Edit several rows as one step; a row that is edited again keeps what its first edit began with.

        Args:
            edits: at most one per row.
            text: what the step is called.
        """
        after: dict[str, DraftEdit | None] = {}
        for edit in edits:
            first = self._edits.get(edit.key)
            if first is not None:
                edit = replace(first, after=edit.after, loss=edit.loss)
            after[edit.key] = None if edit.changes_nothing else edit
        self._push(after, text)

    def discard(self, keys: Iterable[str] | None = None) -> None:
        """Throw the edits of some rows away, or all; one step that can be undone."""
        self._push(dict.fromkeys(self._edits if keys is None else keys), tr("Discard"))

    def restore(self, edits: Iterable[DraftEdit]) -> None:
        """Take over what an earlier run of the program left; not a step."""
        self.take({edit.key: edit for edit in edits if edit.key not in self._edits})

    def forget(self, keys: Iterable[str]) -> None:
        """Drop edits that were saved; what was done before cannot be undone here any more."""
        self.take(dict.fromkeys(keys))
        self.undo_stack.clear()

    def rebase(self, key: str, found: int | None, *, manual: bool) -> None:
        """Let an edit begin with what the row holds now: the person saw it and keeps the own price."""
        self.take({key: replace(self._edits[key], before=found, before_manual=manual)})
        self.undo_stack.clear()

    def _push(self, after: Mapping[str, DraftEdit | None], text: str) -> None:
        before = {key: self._edits.get(key) for key in after}
        changed = {key: edit for key, edit in after.items() if edit != before[key]}
        if changed:
            self.undo_stack.push(_Step(self, {key: before[key] for key in changed}, changed, text))

    def take(self, edits: Mapping[str, DraftEdit | None]) -> None:
        """Make edits without a step of their own: None drops one."""
        for key, edit in edits.items():
            if edit is None:
                self._edits.pop(key, None)
            else:
                self._edits[key] = edit
        if edits:
            self.changed.emit(frozenset(edits))


class _Step(QUndoCommand):
    """One step of the draft."""

    def __init__(
        self,
        draft: PriceDraft,
        before: Mapping[str, DraftEdit | None],
        after: Mapping[str, DraftEdit | None],
        text: str,
    ) -> None:
        super().__init__(text)
        self._draft, self._before, self._after = draft, before, after

    def redo(self) -> None:
        self._draft.take(self._after)

    def undo(self) -> None:
        self._draft.take(self._before)


class DraftKeeper(QObject):
    """Writes a draft to its file shortly after each edit, and removes the file when nothing is left of it.

    Args:
        draft: what to keep.
        folder: the profile.
    """

    def __init__(self, draft: PriceDraft, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft, self._file = draft, folder / DRAFT_FILE
        self._timer = QTimer(self, singleShot=True, interval=WRITE_MILLISECONDS)
        self._timer.timeout.connect(self.write)
        draft.changed.connect(lambda _keys: self._timer.start() if not self._timer.isActive() else None)

    def write(self) -> None:
        """Write the draft now: the file is replaced whole, or stays as it was."""
        self._timer.stop()
        try:
            if not self._draft.edits:
                self._file.unlink(missing_ok=True)
                return
            unfinished = self._file.with_name(f"{self._file.name}.{secrets.token_hex(4)}.part")
            descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump([_stored(edit) for edit in self._draft.edits.values()], stream, ensure_ascii=False)
            unfinished.replace(self._file)
        except OSError as error:
            logging.getLogger(__name__).warning("%s was not written: %s", self._file.name, error)


def read_draft(folder: Path) -> list[DraftEdit]:
    """Return the draft that an earlier run left in the profile; a broken file is set aside."""
    file = folder / DRAFT_FILE
    try:
        if not file.is_file() or file.stat().st_size > MOST_BYTES:
            return []
        return [_read(stored) for stored in json.loads(file.read_text("utf-8"))]
    except OSError:
        return []
    except (ValueError, KeyError, TypeError, RecursionError):
        with suppress(OSError):
            file.replace(file.with_suffix(".broken"))
        return []


def _stored(edit: DraftEdit) -> dict[str, object]:
    loss = None if edit.loss is None else {"until": edit.loss.until.isoformat(), "reason": edit.loss.reason}
    return {
        "key": edit.key, "name": edit.name, "before": edit.before, "before_manual": edit.before_manual,
        "shown": edit.shown, "after": edit.after, "loss": loss,
    }  # fmt: skip


def _read(stored: Mapping[str, object]) -> DraftEdit:
    loss = stored["loss"]
    allowed = None
    if isinstance(loss, dict):
        allowed = LossAllowed(datetime.fromisoformat(str(loss["until"])), str(loss["reason"]))
    return DraftEdit(
        str(stored["key"]), str(stored["name"]), _micro(stored["before"]), stored["before_manual"] is True,
        _micro(stored["shown"]), _micro(stored["after"]), allowed,
    )  # fmt: skip


def _micro(value: object) -> int | None:
    if value is None or type(value) is int:
        return value
    raise ValueError("not a price")
