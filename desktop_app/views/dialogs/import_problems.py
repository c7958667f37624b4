"""Rows of a price sheet that cannot be used: named, and skipped only when the person says so."""

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from desktop_app.domain.language import tr, trn
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label

SHOWN: Final = 3
_LIST_HEIGHT: Final = 132


class RowError(Protocol):
    """What is wrong with one row."""

    @property
    def row(self) -> int:
        """The row's number in the sheet."""

    @property
    def message(self) -> str:
        """A sentence."""


class ImportProblems(QFrame):
    """A warning with the first sentences, all of them on demand, and two ways on; hidden without errors."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "banner-warning")
        self._theme = theme
        self._title, self._first = label("", "strong"), label("", "facts")
        self._first.setWordWrap(True)
        self.all_button = QPushButton()
        self.all_button.setProperty("look", "link")
        self.all = QPlainTextEdit(readOnly=True)
        self.all.setAccessibleName(tr("Rows that cannot be used"))
        self.all.setTabChangesFocus(True)
        self.skip_button, self.again_button = QPushButton(), QPushButton(tr("Read the file again"))
        for button in (self.all_button, self.skip_button, self.again_button):
            button.setAutoDefault(False)
        self.all_button.clicked.connect(self._show_all)
        self._build()
        self.hide()

    @property
    def text(self) -> str:
        """The heading and the first sentences."""
        return f"{self._title.text()} {self._first.text()}"

    def show_errors(self, errors: Sequence[RowError], count: int, *, can_skip: bool) -> None:
        """Say which rows cannot be used.

        Args:
            errors: the first of them.
            count: all of them.
            can_skip: there are rows besides that can be used.
        """
        sentences = [
            tr("Row {row}: {message} The row is skipped.", row=error.row, message=error.message) for error in errors
        ]
        self._title.setText(trn("{count} row cannot be used", "{count} rows cannot be used", count, count=f"{count:,}"))
        self._first.setText("\n".join(sentences[:SHOWN]))
        self.all.setPlainText("\n".join(sentences))
        self.all.hide()
        self._first.show()
        self.all_button.setText(trn("Show {count} skipped", "Show {count} skipped", count, count=f"{count:,}"))
        self.all_button.setVisible(count > SHOWN)
        self.skip_button.setText(trn("Skip {count} row", "Skip {count} rows", count, count=f"{count:,}"))
        self.skip_button.setVisible(can_skip)
        self.show()
        (self.skip_button if can_skip else self.again_button).setFocus()

    def _build(self) -> None:
        self.all.setFixedHeight(self._theme.scaled(_LIST_HEIGHT))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.all_button)
        buttons.addStretch()
        buttons.addWidget(self.again_button)
        buttons.addWidget(self.skip_button)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        for part in (self._title, self._first, self.all):
            texts.addWidget(part)
        texts.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel(self._theme, "triangle-alert", "warning_icon"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)

    def _show_all(self) -> None:
        self._first.hide()
        self.all.show()
        self.all_button.hide()
        self.all.setFocus()
