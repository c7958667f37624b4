"""What the frame says of long work: the ring and count in the top bar, the line in the status bar, its end."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr
from desktop_app.views.jobs import JobBoard, JobEntry, JobState
from desktop_app.views.shell.frame import Frame
from desktop_app.views.shell.jobs_panel import progress_text, share_of
from desktop_app.views.shell.notifications import Notifications
from desktop_app.views.widgets.notices import announce


class JobNews(QObject):
    """Follows the board for as long as ``window`` lives."""

    def __init__(self, window: QWidget, frame: Frame, board: JobBoard, notifications: Notifications) -> None:
        super().__init__(window)
        self._window, self._frame, self._board, self._notifications = window, frame, board, notifications
        board.changed.connect(self._show)
        board.ended.connect(self._tell_end)

    def _show(self) -> None:
        running = self._board.running
        shares = [share for entry in running if (share := share_of(entry)) is not None]
        self._frame.top_bar.jobs.show_jobs(len(running), sum(shares) / len(shares) if shares else None)
        if not running:
            self._frame.status_bar.show_job("", None)
            return
        oldest = running[-1]
        texts = (oldest.name, progress_text(oldest))
        self._frame.status_bar.show_job(" · ".join(text for text in texts if text), share_of(oldest))

    def _tell_end(self, entry: JobEntry) -> None:
        text = {
            JobState.DONE: tr("{name} finished", name=entry.name), JobState.FAILED: tr("{name} failed", name=entry.name),
            JobState.CANCELLED: tr("{name} was cancelled", name=entry.name),
        }.get(entry.state, entry.name)  # fmt: skip
        announce(self._window, text, is_urgent=entry.state is JobState.FAILED)
        if entry.state is JobState.FAILED:
            self._notifications.post(text, entry.message, icon="triangle-alert")
