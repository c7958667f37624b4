"""Clients with the credit they begin with, from a file: columns, review, then all of them or none."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.services.client_imports import ClientReview, ClientSheetHead, ImportedClient, ImportProblem
from desktop_app.services.job import Job
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.credit_texts import exact_money
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import Banner, label
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.workers.runner import Lane, Outcome, Topic

WIDTH: Final = 680
ROWS: Final = 8
_NONE: Final = -1


def import_headings() -> tuple[Heading, ...]:
    """Return the columns of the review."""
    return (
        Heading(tr("Row")), Heading(tr("Client")), Heading(tr("E-mail")), Heading(tr("Opening credit"), is_number=True),
        Heading(tr("What happens")),
    )  # fmt: skip


def import_rows(review: ClientReview) -> list[Row[ImportedClient | ImportProblem]]:
    """Return a review as rows: what cannot be used first."""
    rows: list[Row[ImportedClient | ImportProblem]] = [_problem(one) for one in review.problems]
    return rows + [_client(one) for one in review.clients]


def _problem(one: ImportProblem) -> Row[ImportedClient | ImportProblem]:
    texts = (str(one.row), one.name, "", "", one.message)
    looks = (
        CellLook("text3"),
        CellLook("text"),
        CellLook(),
        CellLook(),
        CellLook("danger", icon="circle-alert", icon_tone="danger"),
    )
    return Row(one, texts, looks, spoken=", ".join(text for text in texts if text))


def _client(one: ImportedClient) -> Row[ImportedClient | ImportProblem]:
    credit = exact_money(one.credit, one.currency) if one.credit else one.currency
    what = tr("Imported before: nothing changes") if one.is_known else tr("Is added")
    tone = "text3" if one.is_known else "success"
    texts = (str(one.row), one.name, one.email, credit, what)
    looks = (CellLook("text3"), CellLook("text", "body_medium"), CellLook("text2"), CellLook("text"), CellLook(tone))
    return Row(one, texts, looks, spoken=", ".join(text for text in texts if text))


class ImportClientsDialog(QDialog):
    """Shown with ``open``.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        path: the file.
        head: how it begins.
    """

    def __init__(self, place: Workplace, parent: QWidget, path: Path, head: ClientSheetHead) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place, self._path = place, path
        self._review: ClientReview | None = None
        self._asked = 0
        title = tr("Import clients from {file}", file=path.name)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        columns = [(_NONE, tr("Not in the file")), *enumerate(head.header)]
        titles = {
            "name": tr("Name"), "currency": tr("Currency"), "email": tr("E-mail"), "credit": tr("Opening credit"),
            "alert": tr("Low-credit alert"),
        }  # fmt: skip
        self.columns = {field: Choice[int](columns) for field in titles}
        for field, choice in self.columns.items():
            choice.show_value(head.guess.get(field, _NONE))
            choice.setMinimumContentsLength(8)
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.banner = Banner(place.theme)
        self.model: RowsModel[ImportedClient | ImportProblem] = RowsModel(import_headings(), self)
        self.table = RecordView(
            self.model, place.theme, tr("What the file would do"), {0: 60, 1: 170, 2: 170, 3: 130}, 4
        )
        self.table.setFixedHeight(place.theme.scaled(32) + ROWS * place.theme.row_height + 2)
        self.says = label("", "small")
        self.says.setWordWrap(True)
        self.import_button, self.cancel = KeyButton(place.theme, tr("Import clients")), QPushButton(tr("Cancel"))
        self._build(title, titles)
        self._connect()
        self.look()

    def look(self) -> None:
        """Read the whole file with the columns that are chosen."""
        self._asked += 1
        self.import_button.setEnabled(False)
        columns = {field: choice.value for field, choice in self.columns.items() if choice.value != _NONE}
        imports, path = self._place.parts.client_imports, self._path
        self._place.tasks.query(
            lambda job: imports.review(path, columns, job=job), owner=self, lane=Lane.NETWORK,
            on_success=partial(self._show, self._asked), on_error=self._refuse,
        )  # fmt: skip

    def save(self) -> None:
        """Import everything; the same file again changes nothing."""
        review = self._review
        if review is None:
            return
        imports, actor = self._place.parts.client_imports, self._place.parts.actor
        self.import_button.setEnabled(False)

        def work(_job: Job) -> Outcome[int]:
            return Outcome(imports.store(review, actor=actor), frozenset({Topic.CLIENTS, Topic.CREDITS}))

        self._place.tasks.command(work, owner=self, on_success=self._end, on_error=self._refuse)

    def _build(self, title: str, titles: dict[str, str]) -> None:
        self.import_button.setProperty("look", "primary")
        self.import_button.setDefault(True)
        self.cancel.setAutoDefault(False)
        head = label(title, "title")
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for place, (field, text) in enumerate(titles.items()):
            grid.addWidget(caption_of(self.columns[field], text), 0, place)
            grid.addWidget(self.columns[field], 1, place)
            grid.setColumnStretch(place, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.import_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(head)
        column.addWidget(self.banner)
        column.addLayout(grid)
        column.addWidget(self.table)
        column.addWidget(self.says)
        column.addLayout(buttons)

    def _connect(self) -> None:
        for choice in self.columns.values():
            choice.chosen.connect(self.look)
        self.import_button.clicked.connect(self.save)
        self.cancel.clicked.connect(self.reject)

    def _show(self, asked: int, review: ClientReview) -> None:
        if asked != self._asked:
            return
        self._review = review
        self.banner.hide()
        self.model.show_rows(import_rows(review))
        new = len(review.new)
        known = len(review.clients) - new
        sums = " + ".join(exact_money(total, code) for code, total in review.credit_by_currency().items() if total)
        facts = [trn("{count:,} new client", "{count:,} new clients", new)]
        facts += [tr("{amount} opening credit", amount=sums)] if sums else []
        facts += [tr("{count:,} imported before", count=known)] if known else []
        self.says.setText(" · ".join(facts))
        if review.problem_count:
            title = trn("{count:,} row cannot be used", "{count:,} rows cannot be used", review.problem_count)
            self.banner.show_error(title, tr("Correct the file and open it again. All clients are imported, or none."))
        elif known and not new:
            title = tr("This file was imported before")
            self.banner.show_warning(title, tr("Nothing would be added and nothing credited again."))
        self.import_button.setText(trn("Import {count:,} client", "Import {count:,} clients", new))
        self.import_button.setEnabled(bool(new) and not review.problem_count)

    def _refuse(self, error: AppError) -> None:
        self._review = None
        self.banner.show_error(tr("Nothing was imported"), error.user_message)

    def _end(self, count: int) -> None:
        self._place.notices.say(trn("{count:,} client imported", "{count:,} clients imported", count))
        self.accept()
