"""Pulls the costs by themselves when the team's schedule says so, as a job like any other."""

from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.domain.language import tr
from desktop_app.domain.refresh import RefreshSchedule
from desktop_app.services.accounts import CostSync
from desktop_app.services.job import Job
from desktop_app.views.jobs import JobState
from desktop_app.views.partial_sync import MISSED_ADDRESS, show_missed_text, tell_partial
from desktop_app.views.parts import WindowParts
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Lane, Outcome, Topic

# Looked at each minute, never waited for: a timer that is set for hours does not count while the computer sleeps.
LOOK_MILLISECONDS: Final = 60_000
SYNC_ICON: Final = "refresh-cw"


class CostRefresh(QObject):
    """Looks at the clock each minute, for as long as ``parent`` lives."""

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._attempted: datetime | None = None
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Start a sync when it is time; whether it is, is read in the background."""
        parts = self._place.parts
        self._place.tasks.query(lambda _job: _read(parts), owner=self, on_success=self._consider)

    def _consider(self, found: tuple[RefreshSchedule, str | None, datetime | None]) -> None:
        schedule, provider, synced = found
        parts, now = self._place.parts, self._place.parts.clock()
        if provider is None or not schedule.is_due(now, synced, self._attempted) or self._is_syncing():
            return
        self._attempted = now

        def work(job: Job) -> Outcome[CostSync]:
            result = parts.accounts.sync_costs(provider, actor=parts.actor, job=job)
            return Outcome(result, frozenset({Topic.PRICES, Topic.PROVIDERS}))

        def tell(result: CostSync) -> None:
            title = tr("Costs of {provider} refreshed", provider=provider)
            self._place.notices.notify(title, result.text, "prices?filter=cost", SYNC_ICON)

        self._place.jobs.start(
            tr("Sync costs of {provider}", provider=provider), work, owner=self, icon=SYNC_ICON, lane=Lane.NETWORK,
            message=lambda result: result.text, on_success=tell, on_error=partial(self._tell_failure, provider),
        )  # fmt: skip

    def _tell_failure(self, provider: str, error: AppError) -> None:
        is_partial = tell_partial(self._place, error)
        if isinstance(error, Cancelled):
            return
        text = tr("The costs of {name} are synced in part. {why}", name=provider, why=error.user_message)
        if not is_partial:
            text = tr(
                "The costs of {name} were not synced. {why} The costs from before stay.",
                name=provider, why=error.user_message,
            )  # fmt: skip
        show = show_missed_text(error)
        self._place.notices.warn(text, show, partial(self._place.navigator.go, MISSED_ADDRESS) if show else None)

    def _is_syncing(self) -> bool:
        return any(entry.state is JobState.RUNNING and entry.icon == SYNC_ICON for entry in self._place.jobs.entries)


def _read(parts: WindowParts) -> tuple[RefreshSchedule, str | None, datetime | None]:
    """Return the schedule, the default provider's name and when its costs were pulled last."""
    schedule = parts.preferences.read().refresh
    stored = next((one for one in parts.accounts.list_providers() if one.is_default), None)
    return schedule, stored.name if stored else None, stored.costs_synced_at if stored else None
