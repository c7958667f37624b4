"""Pulls the costs of the default provider as a job that can be watched and stopped."""

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.domain.language import tr
from desktop_app.services.accounts import CostSync
from desktop_app.services.job import Job
from desktop_app.views.jobs import JobEntry, JobState
from desktop_app.views.partial_sync import tell_partial
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices.following import RuleFollowing
from desktop_app.workers.runner import Lane, Outcome, Topic


class CostsJob(QObject):
    """Starts the sync unless one runs.

    Signals:
        running: whether one runs now.
        review_asked: the person wants to see what changed.
        failed: the AppError of a sync that did not end well; cancelling is none.
    """

    running = Signal(bool)
    review_asked = Signal()
    failed = Signal(object)

    def __init__(self, place: Workplace, following: RuleFollowing, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._following = place, following
        self._entry: JobEntry | None = None

    @property
    def is_running(self) -> bool:
        """Whether a sync that was started here runs."""
        return self._entry is not None and self._entry.state is JobState.RUNNING

    def start(self, provider: str) -> None:
        """Pull the costs of a provider."""
        if self.is_running:
            return
        parts = self._place.parts

        def work(job: Job) -> Outcome[CostSync]:
            result = parts.accounts.sync_costs(provider, actor=parts.actor, job=job)
            return Outcome(result, frozenset({Topic.PRICES, Topic.PROVIDERS}))

        self._entry = self._place.jobs.start(
            tr("Sync costs of {provider}", provider=provider), work, owner=self, icon="refresh-cw", lane=Lane.NETWORK,
            message=lambda result: result.text, on_success=self._succeeded, on_error=self._failed,
        )  # fmt: skip
        self.running.emit(True)

    def cancel(self) -> None:
        """Stop it; the costs from before stay."""
        if self._entry is not None:
            self._entry.cancel()

    def _succeeded(self, result: CostSync) -> None:
        self.running.emit(False)
        text = result.text
        if left := self._following.left_text(result.refresh.followed.left):
            text = f"{text} · {left}"
        if result.has_moved:
            self._place.notices.say(text, tr("Review"), self.review_asked.emit)
        else:
            self._place.notices.say(text)

    def _failed(self, error: AppError) -> None:
        self.running.emit(False)
        tell_partial(self._place, error)
        if not isinstance(error, Cancelled):
            self.failed.emit(error)
