"""The jobs: batches with live progress, paused, resumed and stopped; one in detail at the right."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.services.batches import PAGE, BatchState
from desktop_app.services.draft_contents import Writing
from desktop_app.services.drafts import DraftState
from desktop_app.services.job import Job
from desktop_app.views.dialogs.question import Question
from desktop_app.views.formats import count_text
from desktop_app.views.models.job_rows import JOB_WIDTHS, NAME_COLUMN, job_headings, job_name, job_rows
from desktop_app.views.models.record_rows import Row, RowsModel
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.messages.job_panel import JobPanel, stopped_text
from desktop_app.views.widgets.notices import Banner, Placeholder
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.views.widgets.side_panel import SidePanel
from desktop_app.workers.runner import Outcome, TaskHandle, Topic

LOOK_MILLISECONDS: Final = 1_000
Work = Callable[[Job], Outcome[None]]
CHANGED: Final = frozenset({Topic.MESSAGES, Topic.CREDITS})
_TOLD_BESIDE: Final = (5, 7, 8)


class JobsPage(QWidget):
    """Everything of the tab "Jobs".

    Signals:
        counted: how many jobs are listed, in words.
    """

    counted = Signal(str)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._batches, self._clock = place, place.parts.batches, place.parts.clock
        self.model: RowsModel[BatchState] = RowsModel(job_headings(), self, key=lambda state: state.line.batch_id)
        self.table = RecordView(self.model, place.theme, tr("Jobs"), JOB_WIDTHS, NAME_COLUMN)
        self.panel = JobPanel(place.theme, self._clock)
        self.banner, self.placeholder = Banner(place.theme), Placeholder(place.theme)
        self._states: list[BatchState] = []
        self._wanted: int | None = None
        self._has_more = self._asked = False
        self._look: TaskHandle | None = None
        self.question: Question | None = None
        self._pages = QStackedWidget()
        for page in (QWidget(), self.placeholder, self.table):
            self._pages.addWidget(page)
        self.side = SidePanel(self._pages, self.panel, place.parts.personal, "messages.jobs.panel")
        self._build()
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @property
    def current(self) -> BatchState | None:
        """The job of the current row."""
        row = self.table.currentIndex().row()
        return self.model.record(row) if 0 <= row < self.model.rowCount() else None

    def show_job(self, batch_id: int) -> None:
        """Show a job in the panel."""
        self._wanted = batch_id
        self.side.set_open(on=True)
        self.reload()

    def reload(self) -> None:
        """Read the newest jobs."""
        wanted = self._wanted

        def read(_job: Job) -> list[BatchState]:
            found = self._batches.page()
            if wanted is not None and all(state.line.batch_id != wanted for state in found):
                found += self._batches.states([wanted])
            return found

        self._place.tasks.query(read, owner=self, on_success=self._show_first, on_error=self._show_error)

    def look(self) -> None:
        """Read again the jobs that still move, once at a time, and only while somebody sees them."""
        if not self.isVisible() or (self._look is not None and not self._look.finished):
            return
        open_ids = [state.line.batch_id for state in self._states if state.counts.is_open]
        newest = max((state.line.batch_id for state in self._states), default=0)

        def read(_job: Job) -> tuple[list[BatchState], list[BatchState]]:
            new = [state for state in self._batches.page(limit=5) if state.line.batch_id > newest]
            return new, self._batches.states(open_ids)

        self._look = self._place.tasks.query(read, owner=self, on_success=self._take, on_error=lambda _: None)

    def pause(self) -> None:
        """Pause the current job; undone, it goes on."""
        self._switch(paused=True)

    def resume(self) -> None:
        """Let the current job go on; undone, it is paused."""
        self._switch(paused=False)

    def ask_to_stop(self) -> None:
        """Ask whether to stop the current job, with its counts as they are at this moment."""
        state = self.current
        if state is None or not state.counts.is_sending:
            return
        batch_id = state.line.batch_id
        self._place.tasks.query(
            lambda _job: self._batches.states([batch_id])[0],
            owner=self,
            on_success=self._ask,
            on_error=self._show_error,
        )

    def send_again(self) -> None:
        """Open a draft to the numbers of the current job that something went wrong with."""
        state = self.current
        if state is None:
            return
        parts, line = self._place.parts, state.line

        def work(_job: Job) -> Outcome[int]:
            numbers = parts.batches.failed_numbers(line.batch_id)
            content = Writing(client=line.client, sender=line.sender, typed="\n".join(numbers), text=line.text).json()
            name = tr("Again: {name}", name=job_name(line))[:120]
            draft = DraftState(name, line.client, content, "[]", len(numbers))
            return Outcome(parts.drafts.save(None, draft, actor=parts.actor), frozenset({Topic.MESSAGES}))

        self._place.tasks.command(
            work, owner=self, on_error=self._show_error,
            on_success=lambda draft_id: self._place.navigator.go(Address("compose", str(draft_id))),
        )  # fmt: skip

    def show_messages(self) -> None:
        """Go to the messages of the current job."""
        if self.current is not None:
            self._place.navigator.go(Address("messages", query={"batch": str(self.current.line.batch_id)}))

    def toggle_panel(self) -> None:
        """Open or close the panel."""
        self.side.toggle()
        if not self.side.is_open:
            self.table.setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look at once, not only at the next tick."""
        super().showEvent(event)
        if self._states:
            self.look()
        else:
            self.reload()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        inner = QVBoxLayout()
        inner.setContentsMargins(20, 0, 20, 0)
        inner.addWidget(self.banner)
        column.addLayout(inner)
        column.addWidget(self.side, 1)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_current())
        self.table.activated.connect(lambda _index: self.side.set_open(on=True))
        self.table.verticalScrollBar().valueChanged.connect(self._read_more)
        self.panel.closed.connect(self.toggle_panel)
        self.side.toggled.connect(self._fit)
        self.banner.retry.clicked.connect(self.reload)
        panel = self.panel
        for button, run in (
            (panel.pause_button, self.pause), (panel.resume_button, self.resume), (panel.stop_button, self.ask_to_stop),
            (panel.again_button, self.send_again), (panel.messages_button, self.show_messages),
        ):  # fmt: skip
            button.clicked.connect(run)
        self._fit(is_open=self.side.is_open)

    def _switch(self, *, paused: bool) -> None:
        state = self.current
        if state is not None:
            work = switch_work(self._place, state.line.batch_id, job_name(state.line), paused=paused)
            self._place.tasks.command(work, owner=self, on_success=lambda _: self.reload(), on_error=self._show_error)

    def _ask(self, state: BatchState) -> None:
        # Asked twice before the counts came, or gone elsewhere since: one question, above what it is about.
        if self.question is not None or not self.isVisible():
            return
        line, counts = state.line, state.counts
        facts = (
            (tr("Sent"), count_text(counts.sent)), (tr("In flight"), count_text(counts.in_flight)),
            (tr("Not sent"), count_text(counts.waiting)),
        )  # fmt: skip
        detail = tr(
            "What was handed to the provider cannot be called back. The credit of what was not sent is returned."
        )
        waiting = trn("Stop {count:,} message", "Stop {count:,} messages", counts.waiting)
        answer = waiting if counts.waiting else tr("Stop job")
        question = Question(
            self, tr("Stop “{name}”?", name=job_name(line)), detail, ((answer, partial(self._stop, line.batch_id)),),
            facts=facts, is_dangerous=True,
        )  # fmt: skip
        self.question = question
        question.finished.connect(self._forget_question)
        question.open()

    def _forget_question(self) -> None:
        self.question = None

    def _stop(self, batch_id: int) -> None:
        parts = self._place.parts

        def work(job: Job) -> Outcome[BatchState]:
            return Outcome(parts.batches.stop(batch_id, actor=parts.actor, job=job), CHANGED)

        def tell(state: BatchState) -> None:
            self._place.notices.say(stopped_text(state))
            self._wanted = batch_id
            self.reload()

        self._place.tasks.command(work, owner=self, on_success=tell, on_error=self._show_error)

    def _show_first(self, found: list[BatchState]) -> None:
        self._has_more, self._asked = len(found) >= PAGE, False
        self._states = found
        self.banner.hide()
        self._show()

    def _take(self, found: tuple[list[BatchState], list[BatchState]]) -> None:
        new, moved = found
        fresh = {state.line.batch_id: state for state in moved}
        known = [fresh.get(state.line.batch_id, state) for state in self._states]
        # The first page may have come since this was asked for.
        listed = {state.line.batch_id for state in known}
        new = [state for state in new if state.line.batch_id not in listed]
        if new or known != self._states:
            self._states = [*new, *known]
            self._show()

    def _read_more(self, value: int) -> None:
        if not self._has_more or self._asked or value < self.table.verticalScrollBar().maximum():
            return
        self._asked = True
        below = min(state.line.batch_id for state in self._states)

        def show(found: list[BatchState]) -> None:
            self._has_more, self._asked = len(found) >= PAGE, False
            self._states += found
            self._show()

        self._place.tasks.query(
            lambda _job: self._batches.page(below), owner=self, on_success=show, on_error=self._show_error
        )

    def _show(self) -> None:
        current = self.current
        wanted = self._wanted or (current.line.batch_id if current is not None else None)
        rows: tuple[Row[BatchState], ...] = job_rows(self._states, self._clock())
        self.model.show_rows(rows)
        if not rows:
            detail = tr("A job is what you or a client sends at once: to one number or to many.")
            self.placeholder.show_text("list-checks", tr("No jobs yet"), detail, "")
        self._pages.setCurrentWidget(self.table if rows else self.placeholder)
        ids = [state.line.batch_id for state in self._states]
        row = ids.index(wanted) if wanted in ids else 0
        if rows and row != self.table.currentIndex().row():
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))
        if self._wanted in ids:
            self._wanted = None
        more = "+" if self._has_more else ""
        self.counted.emit(trn("{count} job", "{count} jobs", len(ids), count=count_text(len(ids)) + more))
        self._show_current()

    def _show_current(self) -> None:
        if self.current is not None:
            self.panel.show_state(self.current)

    def _fit(self, is_open: bool) -> None:
        for column in _TOLD_BESIDE:
            self.table.setColumnHidden(column, is_open)

    def _show_error(self, error: AppError) -> None:
        self.banner.show_error(tr("That did not work"), error.user_message, can_retry=True)


def switch_work(place: Workplace, batch_id: int, name: str, *, paused: bool) -> Work:
    """Return what pauses a job or lets it go on; undone, it is the other way round."""
    parts = place.parts

    def work(_job: Job) -> Outcome[None]:
        if paused:
            parts.batches.pause(batch_id, actor=parts.actor)
        else:
            parts.batches.resume(batch_id, actor=parts.actor)
        said = tr("“{name}” paused", name=name) if paused else tr("“{name}” resumed", name=name)
        back = switch_work(place, batch_id, name, paused=not paused)
        return Outcome(None, frozenset({Topic.MESSAGES}), said, back)

    return work
