"""What is scheduled: given another time or cancelled, up to one minute before; and the drafts that are not sent yet."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.services.batches import BatchState
from desktop_app.services.job import Job
from desktop_app.views.dialogs.question import Question
from desktop_app.views.formats import count_text
from desktop_app.views.models.job_rows import (
    NAME_COLUMN,
    SCHEDULE_WIDTHS,
    amount_text,
    job_name,
    schedule_headings,
    schedule_rows,
)
from desktop_app.views.models.record_rows import RowsModel
from desktop_app.views.moments import start_text
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.schedule_dialog import ScheduleDialog
from desktop_app.views.screens.compose.zones import local_zone
from desktop_app.views.widgets.notices import Banner, Placeholder, label
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.workers.runner import Outcome, Topic

LOOK_MILLISECONDS: Final = 5_000
Work = Callable[[Job], Outcome[None]]
_CHANGED: Final = frozenset({Topic.MESSAGES, Topic.CREDITS})


class ScheduledPage(QWidget):
    """Everything of the tab "Scheduled".

    Signals:
        counted: how many wait for their time, in words.
    """

    counted = Signal(str)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._batches, self._clock = place, place.parts.batches, place.parts.clock
        self.model: RowsModel[BatchState] = RowsModel(schedule_headings(), self, key=lambda one: one.line.batch_id)
        self.table = RecordView(self.model, place.theme, tr("Scheduled jobs"), SCHEDULE_WIDTHS, NAME_COLUMN)
        self.banner, self.placeholder = Banner(place.theme), Placeholder(place.theme)
        self.time_button, self.cancel_button = QPushButton(tr("Change time…")), QPushButton(tr("Cancel job…"))
        self.note = label("", "facts")
        self.question: Question | None = None
        self.dialog: ScheduleDialog | None = None
        self._pages = QStackedWidget()
        for page in (QWidget(), self.placeholder, self.table):
            self._pages.addWidget(page)
        self._build()
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(lambda: self.reload() if self.isVisible() else None)
        self._timer.start()

    @property
    def current(self) -> BatchState | None:
        """The job of the current row."""
        row = self.table.currentIndex().row()
        return self.model.record(row) if 0 <= row < self.model.rowCount() else None

    def reload(self) -> None:
        """Read what waits for its time."""
        self._place.tasks.query(
            lambda _job: self._batches.scheduled(), owner=self, on_success=self._show, on_error=self._show_error
        )

    def ask_for_time(self) -> None:
        """Ask for another time of the current job."""
        state = self.current
        if state is None or not state.line.may_change(self._clock()):
            return
        choose = partial(self._set_time, state)
        dialog = ScheduleDialog(self, self._clock(), state.line.send_at, local_zone(), choose)
        self.dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def ask_to_cancel(self) -> None:
        """Ask whether to cancel the current job."""
        state = self.current
        if state is None or not state.line.may_change(self._clock()):
            return
        line, count = state.line, state.counts.waiting
        starts = start_text(line.send_at) if line.send_at is not None else ""
        facts = (
            (tr("Client"), line.client), (tr("Messages"), count_text(count)), (tr("Starts"), starts),
            (tr("Returned to credit"), amount_text(line.total, line.currency)),
        )  # fmt: skip
        answer = trn("Cancel {count:,} message", "Cancel {count:,} messages", count)
        detail = tr("Nothing of it was sent. All of its credit is returned. A cancelled job cannot be brought back.")
        question = Question(
            self, tr("Cancel “{name}”?", name=job_name(line)), detail, ((answer, partial(self._cancel, state)),),
            facts=facts, is_dangerous=True, cancel=tr("Keep"),
        )  # fmt: skip
        self.question = question
        question.finished.connect(self._forget_dialog)
        question.open()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read at once."""
        super().showEvent(event)
        self.reload()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        top = QVBoxLayout()
        top.setContentsMargins(20, 0, 20, 0)
        top.setSpacing(12)
        top.addWidget(self.banner)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.time_button)
        row.addWidget(self.cancel_button)
        row.addWidget(self.note, 1)
        top.addLayout(row)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        self.time_button.clicked.connect(self.ask_for_time)
        self.cancel_button.clicked.connect(self.ask_to_cancel)
        self.table.activated.connect(lambda _index: self.ask_for_time())
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._offer())
        self.banner.retry.clicked.connect(self.reload)
        self.placeholder.action.clicked.connect(lambda: self._place.navigator.go(Address("compose")))
        self._offer()

    def _set_time(self, state: BatchState, send_at: datetime, _zone: str) -> None:
        before = state.line.send_at
        if before is None or before == send_at:
            return
        work = _time_work(self._place, state.line.batch_id, job_name(state.line), before, send_at)
        self._place.tasks.command(work, owner=self, on_success=lambda _: self.reload(), on_error=self._show_error)

    def _cancel(self, state: BatchState) -> None:
        parts, line = self._place.parts, state.line

        def work(job: Job) -> Outcome[BatchState]:
            return Outcome(parts.batches.cancel_scheduled(line.batch_id, actor=parts.actor, job=job), _CHANGED)

        def tell(stopped: BatchState) -> None:
            money = amount_text(stopped.counts.returned, line.currency)
            said = trn(
                "{count:,} message cancelled, {money} returned to credit",
                "{count:,} messages cancelled, {money} returned to credit", stopped.counts.not_sent, money=money,
            )  # fmt: skip
            self._place.notices.say(said)
            self.reload()

        self._place.tasks.command(work, owner=self, on_success=tell, on_error=self._show_error)

    def _show(self, states: list[BatchState]) -> None:
        current = self.current
        rows = schedule_rows(states)
        self.model.show_rows(rows)
        if not rows:
            self.placeholder.show_text(
                "calendar-clock",
                tr("Nothing is scheduled"),
                tr("Choose a time in Compose to send later."),
                tr("Compose"),
            )
        self._pages.setCurrentWidget(self.table if rows else self.placeholder)
        ids = [state.line.batch_id for state in states]
        row = ids.index(current.line.batch_id) if current is not None and current.line.batch_id in ids else 0
        if rows and row != self.table.currentIndex().row():
            self.table.selectRow(row)
        for part in (self.time_button, self.cancel_button, self.note):
            part.setVisible(bool(rows))
        self.counted.emit(trn("{count:,} scheduled job", "{count:,} scheduled jobs", len(rows)))
        self._offer()

    def _offer(self) -> None:
        state = self.current
        may_change = state is not None and state.line.may_change(self._clock())
        self.time_button.setEnabled(may_change)
        self.cancel_button.setEnabled(may_change)
        late = state is not None and not may_change
        self.note.setText(
            tr("It starts in less than a minute: it can only be stopped now, under Jobs.") if late else ""
        )

    def _forget_dialog(self) -> None:
        self.question = self.dialog = None

    def _show_error(self, error: AppError) -> None:
        self.banner.show_error(tr("That did not work"), error.user_message, can_retry=True)


def _time_work(place: Workplace, batch_id: int, name: str, before: datetime, after: datetime) -> Work:
    parts = place.parts

    def work(_job: Job) -> Outcome[None]:
        parts.batches.reschedule(batch_id, after, actor=parts.actor)
        said = tr("“{name}” starts {time}", name=name, time=start_text(after))
        return Outcome(None, frozenset({Topic.MESSAGES}), said, _time_work(place, batch_id, name, after, before))

    return work
