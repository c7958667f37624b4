"""Saves a draft as one price change, and asks whose prices are to hold when somebody changed them meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.services.price_edits import PriceConflict, PricesChanged
from desktop_app.services.pricing import PricingService
from desktop_app.views.formats import price_text
from desktop_app.views.models.price_draft import DraftEdit, PriceDraft
from desktop_app.views.reverting import reverting
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.dock_bar import ConflictBar
from desktop_app.workers.runner import Outcome, Topic


class DraftSaver(QObject):
    """Saves edits of a draft.

    Signals:
        saved: the DraftEdits that are saved now; they are out of the draft.
        failed: (heading, AppError) for anything but a conflict.
        busy_changed: whether a save is under way.
    """

    saved = Signal(object)
    failed = Signal(str, object)
    busy_changed = Signal(bool)

    def __init__(self, place: Workplace, draft: PriceDraft, conflict: ConflictBar) -> None:
        super().__init__(conflict)
        self._place, self._draft, self._bar = place, draft, conflict
        self._conflicts: tuple[PriceConflict, ...] = ()
        self._asked: tuple[DraftEdit, ...] = ()
        self._busy = False
        conflict.theirs.clicked.connect(self.use_theirs)
        conflict.mine.clicked.connect(self.use_mine)

    def save(self, edits: Sequence[DraftEdit]) -> None:
        """Save edits, all of them as one change, or none; nothing happens while a save is under way."""
        if self._busy or not edits:
            return
        self._asked = tuple(edits)
        self._set_busy(True)
        self._bar.hide()
        parts = self._place.parts
        work = partial(_save, parts.pricing, self._asked, parts.actor)
        self._place.tasks.command(work, owner=self, on_success=self._succeeded, on_error=self._failed)

    def use_theirs(self) -> None:
        """Give up the own edits of the rows that somebody changed, and save the others."""
        keys = {_key(conflict) for conflict in self._conflicts}
        self._bar.hide()
        self._draft.discard(keys)
        self._place.tasks.changed.emit(frozenset({Topic.PRICES}))
        self.save([edit for edit in self._asked if edit.key not in keys])

    def use_mine(self) -> None:
        """Save the own prices over those that somebody else set meanwhile."""
        for conflict in self._conflicts:
            if _key(conflict) in self._draft.edits:
                self._draft.rebase(_key(conflict), conflict.found, manual=conflict.found_manual)
        keys = {edit.key for edit in self._asked}
        self.save([edit for key, edit in self._draft.edits.items() if key in keys])

    def _succeeded(self, _rows: int) -> None:
        self._set_busy(False)
        saved = [edit for edit in self._asked if self._draft.edits.get(edit.key) == edit]
        self.saved.emit(saved)

    def _failed(self, error: AppError) -> None:
        self._set_busy(False)
        if not isinstance(error, PricesChanged):
            self.failed.emit(tr("The prices were not saved"), error)
            return
        self._conflicts = error.conflicts
        names = {edit.key: edit.name for edit in self._asked}
        self._bar.show_conflict(conflict_text(error.conflicts, names))

    def _set_busy(self, on: bool) -> None:
        self._busy = on
        self.busy_changed.emit(on)


def conflict_text(conflicts: Sequence[PriceConflict], names: Mapping[str, str]) -> str:
    """Return who changed what meanwhile, in words; nothing was saved."""
    first = conflicts[0]
    who, name = first.actor or tr("Somebody else"), names.get(_key(first), first.country)
    when = tr("at {time}", time=_time(first.at)) if first.at else tr("meanwhile")
    if len(conflicts) == 1:
        return tr(
            "{who} changed the price of {name} {when}, from {before} to {after}. Nothing was saved.",
            who=who, name=name, when=when, before=price_text(first.expected), after=price_text(first.found),
        )  # fmt: skip
    listed = ", ".join(names.get(_key(one), one.country) for one in conflicts[:5])
    return tr(
        "{who} changed {count} of these prices {when}: {names}. Nothing was saved.",
        who=who, count=len(conflicts), when=when, names=listed,
    )  # fmt: skip


def _save(pricing: PricingService, edits: Sequence[DraftEdit], actor: str, _job: Job) -> Outcome[int]:
    done = pricing.save_edits([edit.for_saving for edit in edits], actor=actor)
    text = trn("{count:,} price saved", "{count:,} prices saved", done.rows)
    return Outcome(done.rows, frozenset({Topic.PRICES}), text, reverting(pricing, done.change_id, actor))


def _key(conflict: PriceConflict) -> str:
    return conflict.country if conflict.mccmnc is None else f"{conflict.country}/{conflict.mccmnc}"


def _time(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"
