"""Saving a bulk edit and taking it back: what runs in the data lane, and what is said about it."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.services.activity import ActivityService
from desktop_app.services.bulk_edit import Applied, BulkEditService, Preview
from desktop_app.services.job import Job
from desktop_app.services.price_edits import LossAllowed
from desktop_app.views.models.bulk_rule import rule_text
from desktop_app.views.models.bulk_state import BulkState
from desktop_app.views.models.bulk_texts import margin_now, scope_text
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.bulk_decisions import Decisions
from desktop_app.views.screens.bulk_ground import Ground
from desktop_app.views.widgets.restored_banner import restored_text
from desktop_app.workers.runner import Outcome, Topic

# From so many rows on, saving is a job with progress.
JOB_ROWS: Final = 500


class BulkSaver(QObject):
    """Saves what a preview shows, one edit at a time.

    Signals:
        saved: (BulkState, Decisions) of the edit that is saved now.
        failed: the AppError that kept it from being saved, ``Cancelled`` too; nothing was saved.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, place: Workplace, screen: QWidget) -> None:
        super().__init__(screen)
        self._place, self._edit = place, (BulkState(), Decisions())
        self.is_busy = False

    def save(self, preview: Preview, state: BulkState, made: Decisions, ground: Ground) -> None:
        """Save ``preview`` as one change; many rows are a job that can be watched and cancelled."""
        parts, self._edit, self.is_busy = self._place.parts, (state, made), True
        scope = scope_text(state.tokens, ground.vocabulary, len(preview.order.countries))
        rule = rule_text(preview.order.rule, ground.basis.price_list.currency)
        label = tr("{rule}: {scope}", rule=rule, scope=scope)
        work = partial(
            save_edit, parts.bulk_edit, parts.activity, preview, parts.actor, label, margin_now(preview, scope), made.loss,
            ground.vocabulary.names,
        )  # fmt: skip
        if preview.totals.written > JOB_ROWS:
            self._place.jobs.start(
                label, work, owner=self, icon="sliders-horizontal", on_success=self._succeeded, on_error=self._fail,
                message=lambda applied: trn("{count:,} price updated", "{count:,} prices updated", applied.rows),
            )  # fmt: skip
        else:
            self._place.tasks.command(work, owner=self, on_success=self._succeeded, on_error=self._fail)

    def _succeeded(self, _applied: Applied) -> None:
        self.is_busy = False
        self.saved.emit(self._edit)

    def _fail(self, error: AppError) -> None:
        self.is_busy = False
        self.failed.emit(error)


def save_edit(
    service: BulkEditService, activity: ActivityService, preview: Preview, actor: str, label: str, done: str,
    loss: LossAllowed | None, names: Mapping[str, str], job: Job,
) -> Outcome[Applied]:  # fmt: skip
    """Save what ``preview`` shows as one change that can be undone; ``done`` is what the toast adds to the count."""
    applied = service.apply(preview.order, expected=preview.fingerprint, actor=actor, label=label, loss=loss, job=job)
    count = trn("{count:,} price updated", "{count:,} prices updated", applied.rows)
    text = f"{count} · {done}" if done else count
    undo = partial(take_back_edit, activity, applied.change_id, actor, names)
    return Outcome(applied, frozenset({Topic.PRICES}), text, undo)


def take_back_edit(
    activity: ActivityService, change_id: int, actor: str, names: Mapping[str, str], _job: Job
) -> Outcome[int]:
    """Give every price its former value, as a new change that can be taken back; rows that others edited since stay."""
    back = activity.take_back(change_id, actor=actor)
    text = trn("{count:,} price restored", "{count:,} prices restored", back.restored)
    if back.skipped:
        text = restored_text(back, lambda iso: names.get(iso, iso))
    again = partial(take_back_edit, activity, back.change_id, actor, names) if back.restored else None
    rest = Address("activity", query={"change": str(change_id)}).text if back.skipped else ""
    return Outcome(back.restored, frozenset({Topic.PRICES}), text, again, rest)
