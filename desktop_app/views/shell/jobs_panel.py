"""The jobs panel: what runs with its progress and its own button, then what went wrong, then what is done."""

from datetime import timedelta
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.views.formats import ago
from desktop_app.views.jobs import JobBoard, JobEntry, JobState
from desktop_app.views.shell.list_panel import ListPanel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label

WIDTH: Final = 412
ORDER: Final = (JobState.RUNNING, JobState.FAILED, JobState.CANCELLED, JobState.DONE)
# The time that is left is said once there is something to judge by.
ESTIMATE_AFTER: Final = timedelta(seconds=3)


class JobRow(QFrame):
    """One job."""

    def __init__(self, theme: Theme, board: JobBoard, entry: JobEntry) -> None:
        super().__init__()
        self.setProperty("look", "job")
        self._board, self.entry = board, entry
        self._image = IconLabel(theme, entry.icon)
        self.name, self.state = label(entry.name, "body-medium"), label("", "facts")
        self.state.setWordWrap(True)
        self.stop = QPushButton(tr("Stop") if entry.stops else tr("Cancel"))
        self.stop.setAccessibleName(
            tr("Stop {name}", name=entry.name) if entry.stops else tr("Cancel {name}", name=entry.name)
        )
        self.stop.clicked.connect(self._ask_to_end)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(tr("Progress of {name}", name=entry.name))
        self._build()
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands now."""
        entry, running = self.entry, self.entry.state is JobState.RUNNING
        images = {
            JobState.RUNNING: (entry.icon, "accent_text"), JobState.DONE: ("circle-check", "success_icon"),
            JobState.FAILED: ("triangle-alert", "warning_icon"), JobState.CANCELLED: ("circle-slash", "text3"),
        }  # fmt: skip
        self._image.set_image(*images[entry.state])
        self.state.setText(self._state_text())
        self.bar.setVisible(running)
        self.stop.setVisible(running)
        self.bar.setRange(0, entry.total)
        self.bar.setValue(entry.done)

    def _build(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self.name)
        texts.addWidget(self.state)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._image, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.bar)

    def _state_text(self) -> str:
        entry = self.entry
        if entry.state is JobState.RUNNING:
            if entry.handle is not None and entry.handle.job.cancelled:
                return tr("Stopping…")
            return " · ".join(part for part in (progress_text(entry), self._time_left()) if part)
        when = ago(entry.started, self._board.now())
        words = {JobState.DONE: tr("Finished"), JobState.FAILED: tr("Failed"), JobState.CANCELLED: tr("Cancelled")}
        return f"{entry.message or words[entry.state]} · {when}"

    def _time_left(self) -> str:
        entry, taken = self.entry, self._board.now() - self.entry.started
        if taken < ESTIMATE_AFTER or not 0 < entry.done < entry.total:
            return ""
        seconds = int(taken.total_seconds() * (entry.total - entry.done) / entry.done)
        minutes = seconds // 60
        if minutes:
            return trn("about {count} min left", "about {count} min left", minutes)
        return trn("about {count} s left", "about {count} s left", max(1, seconds))

    def _ask_to_end(self) -> None:
        self.entry.cancel()
        self.stop.setEnabled(False)
        self.refresh()


class JobsPanel(ListPanel):
    """Lists the jobs of the board; follows them while it is open."""

    def __init__(self, window: QWidget, theme: Theme, board: JobBoard, anchor: QWidget) -> None:
        super().__init__(window, theme, tr("Jobs"), anchor, WIDTH)
        self._board = board
        self.rows: list[JobRow] = []
        self.clear.setText(tr("Clear finished"))
        self.clear.clicked.connect(board.clear_finished)
        board.changed.connect(self.refresh)

    def open(self) -> None:
        """Open with the jobs of now."""
        self._rebuild()
        super().open()

    def focus_first(self) -> None:
        """Take the focus, for those who opened it by a key."""
        row = next((row for row in self.rows if row.stop.isVisible()), None)
        (row.stop if row is not None else self.clear).setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """Say how the jobs stand now."""
        if not self.isVisible():
            return
        if [row.entry for row in self.rows] != self._ordered():
            self._rebuild()
            self.place()
        else:
            for row in self.rows:
                row.refresh()

    def _ordered(self) -> list[JobEntry]:
        return sorted(self._board.entries, key=lambda entry: ORDER.index(entry.state))

    def _rebuild(self) -> None:
        focused = next((row.entry for row in self.rows if row.stop.hasFocus()), None)
        self.rows = [JobRow(self._theme, self._board, entry) for entry in self._ordered()]
        self.list_rows(self.rows, tr("Nothing is running. Long work like a sync or an export is listed here."))
        for row in self.rows:
            if row.entry is focused and row.stop.isVisible():
                row.stop.setFocus()
        self.clear.setEnabled(len(self._board.running) < len(self._board.entries))


def progress_text(entry: JobEntry) -> str:
    """Return how far a job is, "" while nothing is known of it."""
    if entry.label:
        return (
            entry.label
            if not entry.total
            else tr("{done:,} of {total:,} · {label}", done=entry.done, total=entry.total, label=entry.label)
        )
    return tr("{done:,} of {total:,}", done=entry.done, total=entry.total) if entry.total else ""


def share_of(entry: JobEntry) -> float | None:
    """Return how far a job is, from 0 to 1; None while that is unknown."""
    return min(1.0, entry.done / entry.total) if entry.total else None
