"""Saving a bulk edit and taking it back: what runs in the data lane, and what is said about it."""

from collections.abc import Mapping
from functools import partial

from desktop_app.domain.language import trn
from desktop_app.services.activity import ActivityService
from desktop_app.services.bulk_edit import Applied, BulkEditService, Preview
from desktop_app.services.job import Job
from desktop_app.services.price_edits import LossAllowed
from desktop_app.views.widgets.restored_banner import restored_text
from desktop_app.workers.runner import Outcome, Topic


def save_edit(
    service: BulkEditService, activity: ActivityService, preview: Preview, actor: str, label: str, done: str,
    loss: LossAllowed | None, names: Mapping[str, str], job: Job,
) -> Outcome[Applied]:  # fmt: skip
    """Save what ``preview`` shows as one change that can be undone; ``done`` is what the toast adds to the count."""
    applied = service.apply(preview.order, expected=preview.fingerprint, actor=actor, label=label, loss=loss, job=job)
    count = trn("{count} price updated", "{count} prices updated", applied.rows)
    text = f"{count} · {done}" if done else count
    undo = partial(take_back_edit, activity, applied.change_id, actor, names)
    return Outcome(applied, frozenset({Topic.PRICES}), text, undo)


def take_back_edit(
    activity: ActivityService, change_id: int, actor: str, names: Mapping[str, str], _job: Job
) -> Outcome[int]:
    """Give every price its former value, as a new change; rows that others edited since stay and are named."""
    back = activity.take_back(change_id, actor=actor)
    text = trn("{count} price restored", "{count} prices restored", back.restored)
    if back.skipped:
        text = restored_text(back, lambda iso: names.get(iso, iso))
    return Outcome(back.restored, frozenset({Topic.PRICES}), text)
