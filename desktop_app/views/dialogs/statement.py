"""A statement of a client: month, format and file, with what it will say."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.client_ledger import Statement
from desktop_app.domain.errors import AppError
from desktop_app.domain.language import LANGUAGES, tr, trn
from desktop_app.services.job import Job
from desktop_app.services.price_files import require_free
from desktop_app.services.statements import Month, StatementFormat
from desktop_app.views.models.credit_texts import exact_money, signed_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inputs import Choice, Segments
from desktop_app.views.widgets.notices import Banner, announce, label

WIDTH: Final = 480
MEMORY: Final = "clients.statement"
# The file, the month, its format, its language, and whether a file there may be replaced.
Start = Callable[[Path, Month, StatementFormat, str, bool], object]


class StatementDialog(QDialog):
    """Shown with ``open``; what was chosen last is chosen again.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        name: the client.
        language: of its mails, "" for that of the window.
        months: those there are, this one first.
        start: writes it.
    """

    def __init__(
        self, place: Workplace, parent: QWidget, name: str, language: str, months: list[Month], start: Start
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place, self._name, self._start = place, name, start
        self._replace: Path | None = None
        self._own_name = self._wanted = self._is_known = False
        kept = place.parts.personal.recall(MEMORY)
        self._folder = _folder(kept.get("folder"))
        title = tr("Statement for {name}", name=name)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        shown = place.parts.language
        self.month = Choice[Month]([(month, month.title(shown)) for month in months])
        # The last whole month is what is asked for most.
        if len(months) > 1 and kept.get("month", "last") == "last":
            self.month.show_value(months[1])
        self.format = Segments[StatementFormat](((StatementFormat.PDF, "PDF"), (StatementFormat.CSV, "CSV")))
        self.format.name(tr("Format"))
        self.format.show_value(StatementFormat.CSV if kept.get("format") == "csv" else StatementFormat.PDF)
        self.language = Choice[str](list(LANGUAGES.items()))
        self.language.show_value(language or shown)
        self.path = QLineEdit()
        self.banner = Banner(place.theme)
        self.figures = [label("", "value") for _ in range(4)]
        self.browse_button, self.cancel_button = QPushButton(tr("Choose…")), QPushButton(tr("Cancel"))
        self.write_button = KeyButton(place.theme, tr("Write statement"), "Return")
        self._build(title, months)
        self._connect()
        self.month.setFocus()
        self.look()

    def look(self) -> None:
        """Ask for what the statement of the chosen month says."""
        month, kind = self.month.value, self.format.value
        statements, name, folder = self._place.parts.statements, self._name, self._folder
        self._is_known = False

        def read(_job: Job) -> tuple[Statement, Path]:
            return statements.statement(name, month), statements.free_name(folder, name, month, kind)

        self._place.tasks.query(read, owner=self, on_success=partial(self._show, month, kind), on_error=self._refuse)

    def write(self) -> None:
        """Write the file, unless one of this name is there and was not seen yet."""
        if not self._is_known:
            self._wanted = True
            return
        path = Path(self.path.text().strip())
        if path == self._replace:
            self._go(path)
            return
        self._place.tasks.query(
            lambda _job: require_free(path), owner=self, on_success=lambda _: self._go(path),
            on_error=partial(self._ask_to_replace, path),
        )  # fmt: skip

    def _build(self, title: str, months: list[Month]) -> None:
        self.write_button.setProperty("look", "primary")
        self.write_button.setDefault(True)
        for button in (self.browse_button, self.cancel_button):
            button.setAutoDefault(False)
        head = label(title, "title")
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        target = QHBoxLayout()
        target.setSpacing(8)
        target.addWidget(self.path, 1)
        target.addWidget(self.browse_button)
        self.month.setEnabled(bool(months))
        fields: dict[str, QWidget] = {
            tr("Month"): self.month,
            tr("Format"): self.format,
            tr("Language"): self.language,
        }
        for row, (text, field) in enumerate(fields.items()):
            grid.addWidget(caption_of(field, text), row, 0)
            grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(caption_of(self.path, tr("File")), 3, 0)
        grid.addLayout(target, 3, 1)
        says = QGridLayout()
        says.setHorizontalSpacing(16)
        names = (tr("Opening credit"), tr("Entries"), tr("Closing credit"), tr("SMS"))
        for row, (text, figure) in enumerate(zip(names, self.figures, strict=True)):
            says.addWidget(label(text, "facts"), row, 0)
            says.addWidget(figure, row, 1)
        says.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.write_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        column.addWidget(head)
        column.addWidget(self.banner)
        for part in (grid, says, buttons):
            column.addLayout(part)

    def _connect(self) -> None:
        self.month.currentIndexChanged.connect(self.look)
        self.format.chosen.connect(self.look)
        self.path.textEdited.connect(self._note_name)
        self.browse_button.clicked.connect(self._browse)
        self.cancel_button.clicked.connect(self.reject)
        self.write_button.clicked.connect(self.write)

    def _show(self, month: Month, kind: StatementFormat, found: tuple[Statement, Path]) -> None:
        statement, path = found
        if (month, kind) != (self.month.value, self.format.value):
            return
        self._is_known, self._replace = True, None
        own = Path(self.path.text().strip())
        self.path.setText(str(own.with_suffix(path.suffix) if self._own_name and own.name else path))
        moved = sum(line.amount for line in statement.lines)
        sms = sum(use.sms for use in statement.countries)
        count = trn("{count:,} entry", "{count:,} entries", len(statement.lines))
        countries = trn(
            "{sms:,} SMS to {count} country", "{sms:,} SMS to {count} countries", len(statement.countries), sms=sms
        )
        texts = (
            exact_money(statement.opening, statement.currency), f"{signed_text(moved)} · {count}",
            exact_money(statement.closing, statement.currency), countries,
        )  # fmt: skip
        for figure, text in zip(self.figures, texts, strict=True):
            figure.setText(text)
        self.language.setEnabled(kind is StatementFormat.PDF)
        self.write_button.setText(tr("Write statement"))
        if self._wanted:
            self._wanted = False
            self.write()

    def _refuse(self, error: AppError) -> None:
        self._wanted = False
        self.banner.show_error(tr("This statement cannot be made"), error.user_message)

    def _ask_to_replace(self, path: Path, error: AppError) -> None:
        self._replace = path
        self.write_button.setText(tr("Replace file"))
        self.banner.show_error(tr("Replace the file?"), error.user_message)
        announce(self, error.user_message, is_urgent=True)

    def _note_name(self) -> None:
        self._own_name = True
        self._replace = None
        self.banner.hide()

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Write statement"), self.path.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(self._take_name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take_name(self, name: str) -> None:
        self.path.setText(name)
        self._note_name()

    def _go(self, path: Path) -> None:
        is_current = self.month.currentIndex() == 0
        self._place.parts.personal.remember(
            MEMORY,
            {"format": self.format.value.value, "folder": str(path.parent), "month": "this" if is_current else "last"},
        )
        self._start(path, self.month.value, self.format.value, self.language.value, path == self._replace)
        self.accept()


def _folder(kept: object) -> Path:
    """Return the folder of last time, else the one for documents."""
    if isinstance(kept, str) and Path(kept).is_dir():
        return Path(kept)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents) if Path(documents).is_dir() else Path.home()
