"""A client's sender IDs and its newest batches: short lists that lead to their screens."""

from functools import partial
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.services.batches import BatchState
from desktop_app.services.client_accounts import ClientPage
from desktop_app.services.job import Job
from desktop_app.services.sender_ids import SenderIDsService
from desktop_app.views.formats import folded
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.job_rows import job_headings, job_rows
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.record_table import RecordView

NEWEST: Final = 50
_BY: Final = 8
# Below this width the names of the jobs are told rather than who sent them.
_ROOMY: Final = 900
_OPEN: Final = ("pending", "at_provider")


class _ShortTab(QWidget):
    """A table, what it holds in words, and a button that leads on."""

    def __init__(self, button: str) -> None:
        super().__init__()
        self.facts, self.go_button = label("", "small"), QPushButton(button)
        self.tools = QWidget()
        self.name = ""
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.go_button)

    def lay_out(self, table: RecordView) -> None:
        """Put the table above the facts."""
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 9, 20, 9)
        foot.addWidget(self.facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(table, 1)
        column.addLayout(foot)


class SendersTab(_ShortTab):
    """The sender IDs of one client."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(tr("Request sender ID…"))
        self._place = place
        headings = (
            Heading(tr("Sender ID")), Heading(tr("Approved"), is_number=True), Heading(tr("Waiting"), is_number=True),
            Heading(tr("Rejected"), is_number=True), Heading(tr("Note")),
        )  # fmt: skip
        self.model: RowsModel[str] = RowsModel(headings, self, key=str)
        self.table = RecordView(self.model, place.theme, tr("Sender IDs"), {0: 180, 1: 110, 2: 110, 3: 110}, 4)
        self.lay_out(self.table)
        self.go_button.clicked.connect(
            lambda: place.navigator.go(Address("senders", query={"client": self.name, "sender": ""}))
        )
        self.table.activated.connect(lambda index: self._open(self.model.record(index.row())))

    def show_client(self, page: ClientPage) -> None:
        """Show the sender IDs of a client."""
        self.name = page.summary.client.name
        parts = self._place.parts
        work = partial(_senders, parts.sender_ids, self.name, page.summary.client.default_sender)
        self._place.tasks.query(work, owner=self, on_success=self._show)

    def _show(self, rows: tuple[Row[str], ...]) -> None:
        self.model.show_rows(rows)
        self.facts.setText(trn("{count} sender ID", "{count} sender IDs", len(rows)))

    def _open(self, sender: str) -> None:
        parts, name = self._place.parts, self.name

        def show(number: int | None) -> None:
            self._place.navigator.go(Address("senders", "" if number is None else str(number)))

        self._place.tasks.query(
            lambda _job: parts.sender_reviews.find(name, sender), owner=self, on_success=show
        )  # fmt: skip


class MessagesTab(_ShortTab):
    """The newest batches of one client."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(tr("Show all messages"))
        self._place = place
        self.model: RowsModel[BatchState] = RowsModel(job_headings(), self, key=lambda state: state.line.batch_id)
        self.table = RecordView(
            self.model, place.theme, tr("Newest batches"), {0: 136, 3: 116, 4: 100, 5: 92, 6: 76, 7: 96, 8: 130}, 1
        )
        # The client of every line is this one.
        self.table.setColumnHidden(2, True)
        self.lay_out(self.table)
        self.go_button.clicked.connect(lambda: place.navigator.go(Address("messages", query={"client": self.name})))
        self.table.activated.connect(lambda index: self._open(self.model.record(index.row()).line.batch_id))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the names of the jobs enough room."""
        super().resizeEvent(event)
        self.table.setColumnHidden(_BY, self.width() < self._place.theme.scaled(_ROOMY))

    def show_client(self, page: ClientPage) -> None:
        """Show the batches of a client."""
        self.name = page.summary.client.name
        parts, name = self._place.parts, self.name

        def read(_job: Job) -> tuple[Row[BatchState], ...]:
            return job_rows(parts.batches.page(client=name, limit=NEWEST), parts.clock())

        self._place.tasks.query(read, owner=self, on_success=self._show)

    def _show(self, rows: tuple[Row[BatchState], ...]) -> None:
        self.model.show_rows(rows)
        self.facts.setText(
            trn("The newest batch", "The newest {count} batches", len(rows)) if rows else tr("Nothing sent yet")
        )

    def _open(self, batch_id: int) -> None:
        self._place.navigator.go(Address("messages", query={"batch": str(batch_id)}))


def _senders(service: SenderIDsService, name: str, default: str, _job: Job) -> tuple[Row[str], ...]:
    """Return a client's sender IDs as rows."""
    grouped: dict[str, list[str]] = {}
    for row in service.list_rows(name):
        statuses = grouped.setdefault(row.sender, [])
        statuses += [row.status] if row.country is not None else []
    return tuple(
        _sender(sender, statuses, is_default=folded(sender) == folded(default)) for sender, statuses in grouped.items()
    )


def _sender(sender: str, statuses: list[str], *, is_default: bool) -> Row[str]:
    approved = statuses.count("approved")
    waiting = sum(status in _OPEN for status in statuses)
    rejected = sum(status in ("rejected", "expired") for status in statuses)
    notes = [tr("default")] if is_default else []
    notes += [tr("no pre-approval needed")] if not statuses else []
    texts = (sender, *(str(count or "–") for count in (approved, waiting, rejected)), ", ".join(notes))
    tones = ("success", "warning", "danger")
    counts = [
        CellLook(tone if count else "text3") for tone, count in zip(tones, (approved, waiting, rejected), strict=True)
    ]
    looks = (CellLook("text", "body_medium", icon="badge-check"), *counts, CellLook("text2"))
    return Row(sender, texts, looks, spoken=", ".join(texts))
