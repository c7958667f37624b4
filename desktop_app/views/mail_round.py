"""Sends the mail that is due while the window is open. Demo data sends none."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.errors import AppError
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Lane, TaskHandle

# Shorter than the time in which a decision can be taken back: a mail leaves soon after that.
LOOK_MILLISECONDS: Final = 5_000


class MailRound(QObject):
    """Looks at the outbox every few seconds, for as long as ``parent`` lives."""

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._task: TaskHandle | None = None
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        if not place.parts.sandbox:
            self._timer.start()

    def look(self) -> None:
        """Send what is due; only then the lane that waits for other machines is asked for."""
        if self._task is None or self._task.finished:
            mail = self._place.parts.mail
            self._task = self._place.tasks.query(
                lambda _job: mail.has_work(), owner=self, on_success=self._send, on_error=self._stay_quiet
            )

    def _send(self, has_work: bool) -> None:
        if has_work:
            mail = self._place.parts.mail
            self._task = self._place.tasks.query(
                mail.send_due, owner=self, on_success=bool, on_error=self._stay_quiet, lane=Lane.NETWORK
            )

    def _stay_quiet(self, _error: AppError) -> None:
        """The database does not answer just now, which whoever works with it is told; the next look tries again."""
