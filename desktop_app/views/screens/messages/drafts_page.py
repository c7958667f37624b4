"""Drafts: what is composed and not sent yet; opened again, or deleted."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.drafts import Draft, DraftSummary
from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.views.formats import MISSING, count_text
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.moments import moment_text
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.notices import Banner, Placeholder
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.workers.runner import Outcome, Topic

Work = Callable[[Job], Outcome[None]]
_CHANGED = frozenset({Topic.MESSAGES})


class DraftsPage(QWidget):
    """Everything of the tab "Drafts".

    Signals:
        counted: how many there are, in words.
    """

    counted = Signal(str)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        headings = (
            Heading(tr("Draft")), Heading(tr("Client")), Heading(tr("Recipients"), is_number=True), Heading(tr("Saved")),
            Heading(tr("By")),
        )  # fmt: skip
        self.model: RowsModel[DraftSummary] = RowsModel(headings, self, key=lambda draft: draft.draft_id)
        self.table = RecordView(self.model, place.theme, tr("Drafts"), {1: 200, 2: 110, 3: 150, 4: 150}, 0)
        self.banner, self.placeholder = Banner(place.theme), Placeholder(place.theme)
        self.open_button, self.delete_button = QPushButton(tr("Open draft")), QPushButton(tr("Delete draft"))
        self._pages = QStackedWidget()
        for page in (QWidget(), self.placeholder, self.table):
            self._pages.addWidget(page)
        self._build()

    @property
    def current(self) -> DraftSummary | None:
        """The draft of the current row."""
        row = self.table.currentIndex().row()
        return self.model.record(row) if 0 <= row < self.model.rowCount() else None

    def reload(self) -> None:
        """Read the drafts."""
        drafts = self._place.parts.drafts
        self._place.tasks.query(
            lambda _job: drafts.list_all(), owner=self, on_success=self._show, on_error=self._show_error
        )

    def open_current(self) -> None:
        """Go on with the current draft."""
        if self.current is not None:
            self._place.navigator.go(Address("compose", str(self.current.draft_id)))

    def delete_current(self) -> None:
        """Delete the current draft; undone, it is there again."""
        if self.current is not None:
            self._place.tasks.command(
                delete_work(self._place, self.current.draft_id), owner=self, on_success=lambda _: self.reload(),
                on_error=self._show_error,
            )  # fmt: skip

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
        row.addWidget(self.open_button)
        row.addWidget(self.delete_button)
        row.addStretch()
        top.addLayout(row)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        self.open_button.clicked.connect(self.open_current)
        self.delete_button.clicked.connect(self.delete_current)
        self.table.activated.connect(lambda _index: self.open_current())
        self.banner.retry.clicked.connect(self.reload)
        self.placeholder.action.clicked.connect(lambda: self._place.navigator.go(Address("compose")))

    def _show(self, drafts: list[DraftSummary]) -> None:
        now = self._place.parts.clock()
        self.model.show_rows([_row(draft, moment_text(draft.changed_at, now)) for draft in drafts])
        if not drafts:
            detail = tr("What you write in Compose is kept here until it is sent.")
            self.placeholder.show_text("pencil", tr("No drafts"), detail, tr("Compose"))
        self._pages.setCurrentWidget(self.table if drafts else self.placeholder)
        if drafts and self.table.currentIndex().row() < 0:
            self.table.selectRow(0)
        for button in (self.open_button, self.delete_button):
            button.setVisible(bool(drafts))
        self.counted.emit(trn("{count:,} draft", "{count:,} drafts", len(drafts)))

    def _show_error(self, error: AppError) -> None:
        self.banner.show_error(tr("That did not work"), error.user_message, can_retry=True)


def delete_work(place: Workplace, draft_id: int) -> Work:
    """Return what deletes a draft; undone, it is there again."""
    parts = place.parts

    def work(_job: Job) -> Outcome[None]:
        draft = parts.drafts.delete(draft_id)
        said = tr("Draft “{name}” deleted", name=draft.summary.name)
        return Outcome(None, _CHANGED, said, _restore_work(place, draft))

    return work


def _restore_work(place: Workplace, draft: Draft) -> Work:
    def work(_job: Job) -> Outcome[None]:
        draft_id = place.parts.drafts.restore(draft)
        said = tr("Draft “{name}” restored", name=draft.summary.name)
        return Outcome(None, _CHANGED, said, delete_work(place, draft_id))

    return work


def _row(draft: DraftSummary, saved: str) -> Row[DraftSummary]:
    texts = draft.name, draft.client or MISSING, count_text(draft.recipient_count), saved, draft.changed_by
    looks = CellLook("text", "body_medium", icon="pencil"), CellLook(), CellLook(), CellLook(), CellLook()
    return Row(draft, texts, looks, spoken=", ".join(texts))
