"""Importing a price sheet: which file, whose prices, what its columns mean; then a review before anything is stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError, Cancelled, InvalidInput
from desktop_app.domain.language import tr, trn
from desktop_app.domain.pace import paced
from desktop_app.services.job import Job
from desktop_app.services.price_imports import ImportedRow, ImportOrder, ImportReview, Place, SheetHead
from desktop_app.views.dialogs.import_form import ImportForm, padded
from desktop_app.views.dialogs.import_problems import ImportProblems
from desktop_app.views.jobs import JobEntry
from desktop_app.views.models.price_review import ReviewColumn, ReviewRow
from desktop_app.views.models.text_rows import TextRowsModel
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import captioned
from desktop_app.views.widgets.change_review import ChangeReview, facts_text
from desktop_app.views.widgets.inputs import Choice, Segments
from desktop_app.views.widgets.notices import Banner, announce, label
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.workers.runner import Outcome

WIDTH: Final = 720
LINES: Final = 4
MEMORY: Final = "prices.import"
Store = Callable[[ImportReview, list[str]], object]


@dataclass(frozen=True, slots=True)
class ImportTargets:
    """Whose prices a sheet can hold: the providers' names, the default one first, and the currency of the price list."""

    providers: tuple[str, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A review with its rows as the table shows them, and what there is to say about all of them; made in the data lane."""

    review: ImportReview
    rows: list[ReviewRow]
    facts: str


class ImportDialog(QDialog):
    """Shown with ``open``; ``store`` is called with the review and the keys of the rows that were kept.

    Args:
        place: what every screen works with.
        parent: above which it stands.
        targets: whose prices a sheet can hold.
        store: stores them.
    """

    def __init__(self, place: Workplace, parent: QWidget, targets: ImportTargets, store: Store) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place, self._targets, self._store = place, targets, store
        self._opened: Path | None = None
        self._job: JobEntry | None = None
        self._prepared: _Prepared | None = None
        self.form: ImportForm | None = None
        self.setWindowTitle(tr("Import prices"))
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self.path = QLineEdit(placeholderText=tr("CSV or XLSX"))
        self.browse_button = QPushButton(tr("Choose file…"))
        self.target = Segments([(True, tr("Costs of a provider")), (False, tr("Sale prices"))])
        self.provider = Choice([(name, name) for name in targets.providers])
        self.model = TextRowsModel(self)
        self.table = RecordView(self.model, place.theme, tr("First rows of the file"), {}, 0)
        self.banner, self.problems = Banner(place.theme), ImportProblems(place.theme)
        self.state = label("", "facts")
        self.cancel_button, self.review_button = QPushButton(tr("Cancel")), QPushButton(tr("Review changes"))
        self._body = QVBoxLayout()
        self._build()
        self._connect()
        self.target.show_value(bool(targets.providers))
        self.target.buttons[0].setEnabled(bool(targets.providers))
        self._follow_target()
        self._show_opened(on=False)
        place.tasks.let_paint(self)
        self.browse_button.setFocus()

    def read_head(self) -> None:
        """Read how the file in the field begins."""
        text = self.path.text().strip()
        if not text or Path(text) == self._opened:
            return
        path = Path(text)
        imports = self._place.parts.price_imports
        self._place.tasks.query(
            lambda _job: imports.open_sheet(path), owner=self, on_success=partial(self._show_head, path),
            on_error=partial(self._show_error, tr("The file cannot be read")),
        )  # fmt: skip

    def review(self) -> None:
        """Read the whole file and show what it would change."""
        if self.form is None or self._opened is None:
            self.read_head()
            return
        if self._job is not None:
            return
        order = ImportOrder(
            self._opened, self.form.columns(), self.form.fixed_currency(),
            self.provider.value if self.target.value else None,
        )  # fmt: skip
        imports, language = self._place.parts.price_imports, self._place.parts.language
        self._note_edit()
        self._set_reading(on=True)
        self._job = self._place.jobs.start(
            tr("Read {name}", name=order.path.name), partial(_prepare, imports.review, order, language), owner=self,
            icon="upload", on_success=self._show_review, on_error=self._show_review_error,
            message=lambda one: trn("{count} row", "{count} rows", one.review.read, count=f"{one.review.read:,}"),
        )  # fmt: skip

    def done(self, result: int) -> None:
        """Close; a file that is being read is left alone."""
        if self._job is not None:
            self._job.cancel()
        super().done(result)

    def _build(self) -> None:
        self.table.setFixedHeight(self._place.theme.scaled(32) + LINES * self._place.theme.row_height + 2)
        self.table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.review_button.setProperty("look", "primary")
        self.review_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        self.target.name(tr("What the file holds"))
        file_row = QHBoxLayout()
        file_row.setSpacing(8)
        file_row.addWidget(self.path, 1)
        file_row.addWidget(self.browse_button)
        target_row = QHBoxLayout()
        target_row.setSpacing(12)
        target_row.addWidget(self.target)
        target_row.addWidget(self.provider, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(tr("Import prices"), "title"))
        column.addWidget(self.banner)
        column.addLayout(captioned(self.path, tr("File"), row=file_row))
        column.addLayout(captioned(self.target, tr("What the file holds"), row=target_row))
        self._sample_title = label(tr("First rows of the file"), "h2")
        column.addWidget(self._sample_title)
        column.addWidget(self.table)
        column.addLayout(self._body)
        column.addWidget(self.problems)
        column.addStretch()
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.state, 1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.review_button)
        return row

    def _connect(self) -> None:
        self.browse_button.clicked.connect(self._browse)
        self.path.editingFinished.connect(self.read_head)
        self.target.chosen.connect(self._follow_target)
        self.provider.currentIndexChanged.connect(self._note_edit)
        self.problems.skip_button.clicked.connect(self._open_review)
        self.problems.again_button.clicked.connect(self.review)
        self.cancel_button.clicked.connect(self.reject)
        self.review_button.clicked.connect(self.review)

    def _browse(self) -> None:
        kept = self._place.parts.personal.recall(MEMORY).get("folder")
        folder = kept if isinstance(kept, str) and Path(kept).is_dir() else str(Path.home())
        dialog = QFileDialog(self, tr("Import prices"), folder, tr("Price sheets (*.csv *.xlsx *.txt);;All files (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_file)
        dialog.open()

    def take_file(self, name: str) -> None:
        """Take a file that was chosen."""
        self.path.setText(name)
        self.read_head()

    def _follow_target(self) -> None:
        self.provider.setVisible(self.target.value)
        self._note_edit()

    def _note_edit(self) -> None:
        """What was read was read with other choices."""
        self._prepared = None
        self.problems.hide()
        self.banner.hide()

    def _show_head(self, path: Path, head: SheetHead) -> None:
        self._opened = path
        self._note_edit()
        self._place.parts.personal.remember(MEMORY, {"folder": str(path.parent)})
        while (item := self._body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.form = ImportForm(head, self._targets.currency)
        self.form.edited.connect(self._note_edit)
        self._body.addWidget(self.form)
        self.model.show_rows(head.header, padded(head.sample, len(head.header)), len(head.header))
        for column in range(len(head.header)):
            self.table.setColumnWidth(column, self._place.theme.scaled(120))
        self.table.horizontalHeader().setStretchLastSection(True)
        self._show_opened(on=True)
        self.review_button.setFocus()

    def _show_opened(self, *, on: bool) -> None:
        self._sample_title.setVisible(on)
        self.table.setVisible(on)
        self.review_button.setEnabled(on)

    def _set_reading(self, *, on: bool) -> None:
        self.review_button.setEnabled(not on)
        self.state.setText(tr("Reading the file…") if on else "")

    def _show_error(self, title: str, error: AppError) -> None:
        if isinstance(error, Cancelled):
            return
        fields = error.fields if isinstance(error, InvalidInput) else {}
        if self.form is not None and set(fields) & set(self.form.notes):
            self.form.show_problems(fields)
            announce(self, error.user_message, is_urgent=True)
            return
        self.banner.show_error(title, error.user_message)

    def _show_review_error(self, error: AppError) -> None:
        self._job = None
        self._set_reading(on=False)
        self._show_error(tr("The file cannot be imported"), error)

    def _show_review(self, prepared: _Prepared) -> None:
        self._job, self._prepared = None, prepared
        self._set_reading(on=False)
        review = prepared.review
        if review.error_count:
            self.problems.show_errors(review.errors, review.error_count, can_skip=bool(prepared.rows))
            announce(self, self.problems.text, is_urgent=True)
            return
        self._open_review()

    def _open_review(self) -> None:
        """Show before and after of every row; what is ticked there is stored."""
        if self._prepared is None:
            return
        review, rows = self._prepared.review, self._prepared.rows
        if not rows:
            text = trn("{count} row says what holds already.", "{count} rows say what holds already.", review.unchanged)
            self.state.setText(tr("Nothing would change. {text}", text=text))
            announce(self, self.state.text())
            return
        costs = review.order.provider is not None
        title = tr("Import costs of {name}", name=review.order.provider) if costs else tr("Import sale prices")
        unit = tr("Cost, {currency}", currency=review.currency) if review.currency else tr("Cost")
        dialog = ChangeReview(
            self._place, rows, title, price_title=unit if costs else "", facts=self._prepared.facts, parent=self
        )
        dialog.table.setColumnHidden(ReviewColumn.MARGIN, costs)
        dialog.chosen.connect(self._keep)
        dialog.open()

    def _keep(self, rows: Sequence[ReviewRow]) -> None:
        if self._prepared is None:
            return
        self._store(self._prepared.review, [row.key for row in rows])
        self.accept()


def _prepare(review: Callable[..., ImportReview], order: ImportOrder, language: str, job: Job) -> Outcome[_Prepared]:
    """Read the file and make the rows of the table; runs in the data lane."""
    found = review(order, language=language, job=job)
    rows = [_review_row(row) for row in paced(found.rows)]
    return Outcome(_Prepared(found, rows, " · ".join([facts_text(rows), *_facts(found)])))


def _review_row(row: ImportedRow) -> ReviewRow:
    iso, mccmnc = row.place
    return ReviewRow(
        key=f"{iso}/{mccmnc or ''}", iso=iso if mccmnc is None else "", name=row.name, code=mccmnc or iso, cost=row.cost,
        before=row.before, after=row.after, note=row.note,
    )  # fmt: skip


def _facts(review: ImportReview) -> list[str]:
    """Return what happens to the rows that are not in the table."""
    facts = []
    if review.unchanged:
        facts.append(trn("{count} unchanged", "{count} unchanged", review.unchanged, count=f"{review.unchanged:,}"))
    if review.unlisted and (review.order.provider is None or review.error_count):
        count = f"{review.unlisted:,}"
        facts.append(trn("{count} not in the file stays", "{count} not in the file stay", review.unlisted, count=count))
    return facts


def place_of(key: str) -> Place:
    """Return the destination that a row's key names."""
    iso, _, mccmnc = key.partition("/")
    return iso, mccmnc or None
