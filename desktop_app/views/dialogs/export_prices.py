"""Exporting a price list: for whom, what is in it, how its first lines will look, and where it goes."""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.domain.language import tr, trn
from desktop_app.services.price_exports import ExportOrder, FileFormat
from desktop_app.services.price_files import ExportChoices, ExportPreview, require_free
from desktop_app.views.dialogs.export_form import ExportForm
from desktop_app.views.models.text_rows import TextRowsModel
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.notices import Banner, announce, label
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.workers.runner import TaskHandle

WIDTH: Final = 620
LINES: Final = 5
# Of the name (what is left), the code, the price, and what follows it.
_WIDTHS: Final = (0, 76, 146, 112)
MEMORY: Final = "prices.export"
# After a key in the VAT note; a choice shows at once.
PAUSE_MILLISECONDS: Final = 80
_ENDINGS: Final = {f".{kind}": kind for kind in FileFormat}
Start = Callable[[Path, ExportOrder, bool], object]


class ExportDialog(QDialog):
    """Shown with ``open``; ``start`` is called with the file, the order, and whether a file there may be replaced.

    Args:
        place: what every screen works with.
        parent: above which it stands.
        choices: what there is to choose from.
        shown: the countries that a filter leaves, None without one.
        start: begins the export.
    """

    def __init__(
        self, place: Workplace, parent: QWidget, choices: ExportChoices, shown: Collection[str] | None, start: Start
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place, self._start = place, start
        self._running: TaskHandle | None = None
        self._preview: ExportPreview | None = None
        self._wanted = self._own_name = False
        self._replace: Path | None = None
        kept = place.parts.personal.recall(MEMORY)
        self._folder = _folder(kept.get("folder"))
        self.setWindowTitle(tr("Export price list"))
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self.banner = Banner(place.theme)
        self.form = ExportForm(choices, shown, place.parts.language)
        self.form.recall(kept)
        self.model = TextRowsModel(self)
        self.table = RecordView(self.model, place.theme, tr("First lines of the list"), {}, 0)
        self.facts, self.total = label("", "facts"), label("", "caption")
        self.path = QLineEdit()
        self.browse_button, self.cancel_button = QPushButton(tr("Choose…")), QPushButton(tr("Cancel"))
        self.export_button = QPushButton(tr("Export"))
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._build()
        self._connect()
        self.form.client.setFocus()
        self.look()

    def look(self) -> None:
        """Ask for the preview of what stands in the fields; the one before stays until it is there."""
        if self._running is not None:
            self._running.cancel()
        files, order, folder = self._place.parts.price_files, self.form.order(), self._folder
        self._preview = None
        self._running = self._place.tasks.query(
            lambda _job: files.preview(order, folder=folder, count=LINES), owner=self,
            on_success=partial(self._show_preview, order), on_error=partial(self._show_problem, order),
        )  # fmt: skip

    def export(self) -> None:
        """Write the file, unless one of this name is there and was not seen yet."""
        if self._preview is None:
            # Faster than the preview: it follows when the name of the file is known.
            self._wanted = True
            return
        path = Path(self._named(self._preview.path))
        if path == self._replace:
            self._go(path)
            return
        self.export_button.setEnabled(False)
        self._place.tasks.query(
            lambda _job: require_free(path), owner=self, on_success=lambda _: self._go(path),
            on_error=partial(self._ask_to_replace, path),
        )  # fmt: skip

    def _build(self) -> None:
        self.table.setFixedHeight(self._place.theme.scaled(32) + LINES * self._place.theme.row_height + 2)
        self.table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.facts.setWordWrap(True)
        # Room for two lines: the fields above must not move while the person chooses.
        self.facts.setMinimumHeight(2 * self.facts.fontMetrics().lineSpacing())
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.export_button.setProperty("look", "primary")
        self.export_button.setDefault(True)
        for button in (self.browse_button, self.cancel_button):
            button.setAutoDefault(False)
        caption = caption_of(self.path, tr("File"))
        head = QHBoxLayout()
        head.addWidget(label(tr("Preview"), "h2"))
        head.addStretch()
        head.addWidget(self.total)
        target = QHBoxLayout()
        target.setSpacing(8)
        target.addWidget(self.path, 1)
        target.addWidget(self.browse_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(tr("Export price list"), "title"))
        column.addWidget(self.banner)
        column.addWidget(self.form)
        column.addLayout(head)
        column.addWidget(self.facts)
        column.addWidget(self.table)
        named = QVBoxLayout()
        named.setSpacing(6)
        named.addWidget(caption)
        named.addLayout(target)
        column.addLayout(named)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.cancel_button)
        row.addWidget(self.export_button)
        return row

    def _connect(self) -> None:
        self._timer.timeout.connect(self.look)
        self.form.edited.connect(self._note_edit)
        self.path.textEdited.connect(self._note_name)
        self.browse_button.clicked.connect(self._browse)
        self.cancel_button.clicked.connect(self.reject)
        self.export_button.clicked.connect(self.export)

    def _note_edit(self) -> None:
        self._preview = None
        self.banner.hide()
        self._timer.start(PAUSE_MILLISECONDS if self.form.vat.hasFocus() else 0)

    def _show_preview(self, order: ExportOrder, preview: ExportPreview) -> None:
        if order != self.form.order():
            # Of a choice before the last one: its name would be given to another list.
            return
        self._running, self._preview = None, preview
        self.banner.hide()
        self.model.show_rows(preview.titles, preview.rows, 2, preview.nested)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(preview.titles)):
            self.table.setColumnWidth(column, self._place.theme.scaled(_WIDTHS[min(column, len(_WIDTHS) - 1)]))
        self.facts.setText(" · ".join(preview.facts))
        self.total.setText(trn("{count} row", "{count} rows", preview.total, count=f"{preview.total:,}"))
        self.path.setText(self._named(preview.path))
        self._offer_export(preview)
        if self._wanted:
            self._wanted = False
            self.export()

    def _named(self, proposed: Path) -> str:
        """Return the name that was proposed, or the person's own with the ending of the format."""
        own = Path(self.path.text().strip())
        if not self._own_name or not own.name:
            return str(proposed)
        bare = own.with_suffix("") if own.suffix.lower() in _ENDINGS else own
        return str(bare.with_name(bare.name + proposed.suffix))

    def _offer_export(self, preview: ExportPreview) -> None:
        self._replace = None
        count = f"{preview.total:,}"
        self.export_button.setText(trn("Export {count} row", "Export {count} rows", preview.total, count=count))
        self.export_button.setEnabled(bool(self.path.text().strip()))

    def _show_problem(self, order: ExportOrder, error: AppError) -> None:
        if isinstance(error, Cancelled) or order != self.form.order():
            return
        self._wanted = False
        self.export_button.setEnabled(False)
        self.banner.show_error(tr("This list cannot be made"), error.user_message)

    def _ask_to_replace(self, path: Path, error: AppError) -> None:
        """Say what is there; the next press replaces it."""
        self._replace = path
        self.export_button.setEnabled(True)
        self.export_button.setText(tr("Replace file"))
        self.banner.show_error(tr("Replace the file?"), error.user_message)
        announce(self, error.user_message, is_urgent=True)
        self.path.setFocus()

    def _note_name(self) -> None:
        """The ending of a name says the format, as the format says the ending."""
        self._own_name = True
        self.banner.hide()
        ending = Path(self.path.text().strip()).suffix.lower()
        if ending in _ENDINGS and _ENDINGS[ending] is not self.form.format.value:
            self.form.format.show_value(_ENDINGS[ending])
            self._note_edit()
        elif self._preview is not None:
            self._offer_export(self._preview)

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Export price list"), self.path.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setNameFilters([f"{kind.value.upper()} (*.{kind})" for kind in (self.form.format.value,)])
        dialog.fileSelected.connect(self._take_name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take_name(self, name: str) -> None:
        self.path.setText(name)
        self._folder = Path(name).parent
        self._note_name()

    def _go(self, path: Path) -> None:
        self._place.parts.personal.remember(MEMORY, {**self.form.kept(), "folder": str(path.parent)})
        self._start(path, self.form.order(), path == self._replace)
        self.accept()


def _folder(kept: Any) -> Path:
    """Return the folder of last time, else the one for documents."""
    if isinstance(kept, str) and Path(kept).is_dir():
        return Path(kept)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents) if Path(documents).is_dir() else Path.home()
