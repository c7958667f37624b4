"""A file of recipients before it is taken: which column has the numbers, and which fields the others fill."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.language import tr, trn
from desktop_app.domain.phone_book import field_name
from desktop_app.services.audiences import Source, SourceKind
from desktop_app.services.recipient_blocks import MOST_FIELDS, Table
from desktop_app.views.models.text_rows import TextRowsModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.record_table import RecordView

WIDTH: Final = 680
LINES: Final = 5
_MOST_COLUMNS: Final = 24
_NUMBER, _FIELD, _LEAVE = "number", "field", "leave"


class ImportDialog(QDialog):
    """Shows the first rows, and what each column is for; ``take`` is called with the Source that comes of it.

    Args:
        theme: sizes.
        parent: the window.
        path: the file.
        table: what was read of it.
        take: see above.
    """

    def __init__(
        self, theme: Theme, parent: QWidget, path: Path, table: Table, take: Callable[[Source], object]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Import recipients"))
        self.setMinimumWidth(theme.scaled(WIDTH))
        self._theme, self._path, self._table, self._take = theme, path, table, take
        self.roles: list[Choice[str]] = []
        self.names: list[QLineEdit] = []
        self.model = TextRowsModel(self)
        self.preview = RecordView(self.model, theme, tr("First rows of the file"), {}, len(table.headings) - 1)
        self.take_button, self.cancel_button = QPushButton(), QPushButton(tr("Cancel"))
        self.take_button.setProperty("look", "primary")
        self.take_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        self.take_button.clicked.connect(self.agree)
        self.cancel_button.clicked.connect(self.reject)
        self._build()
        self.take_button.setFocus()

    def agree(self) -> None:
        """Take the recipients as the columns say."""
        names = {
            column: field_name(self.names[column].text())
            for column, role in enumerate(self.roles)
            if role.value == _FIELD and field_name(self.names[column].text())
        }
        numbers = next(column for column, role in enumerate(self.roles) if role.value == _NUMBER)
        self.accept()
        self._take(Source(SourceKind.FILE, self._path.name, self._table.entries(numbers, names)))

    def _build(self) -> None:
        table = self._table
        self.model.show_rows(table.headings, [cells for _line, cells in table.rows[:LINES]], len(table.headings))
        self.preview.horizontalHeader().setStretchLastSection(True)
        self.preview.setFixedHeight(self._theme.scaled(32) + min(LINES, len(table.rows)) * self._theme.row_height + 2)
        for place in range(len(table.headings)):
            self.preview.setColumnWidth(place, self._theme.scaled(130))
        self.take_button.setText(trn("Add {count:,} recipient", "Add {count:,} recipients", len(table.rows)))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(tr("Import recipients"), "title"))
        file = label(self._path.name, "facts")
        file.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(file)
        column.addWidget(self.preview)
        column.addWidget(label(tr("What the columns are for"), "h2"))
        column.addWidget(self._columns())
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.take_button)
        column.addLayout(buttons)

    def _columns(self) -> QScrollArea:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        fields = self._table.names()
        for column, heading in enumerate(self._table.headings[:_MOST_COLUMNS]):
            role = Choice[str]([(_NUMBER, tr("Number")), (_FIELD, tr("Field")), (_LEAVE, tr("Leave out"))])
            role.setAccessibleName(tr("What {column} is for", column=heading))
            role.show_value(_NUMBER if column == self._table.numbers else _FIELD if column in fields else _LEAVE)
            name = QLineEdit(fields.get(column, field_name(heading)))
            name.setAccessibleName(tr("Name of the field for {column}", column=heading))
            if role.value != _FIELD:
                name.hide()
            role.chosen.connect(partial(self._follow, column))
            self.roles.append(role)
            self.names.append(name)
            caption = label(heading, "field")
            caption.setTextFormat(Qt.TextFormat.PlainText)
            for place, part in enumerate((caption, role, name)):
                grid.addWidget(part, column, place)
        area = QScrollArea()
        area.setProperty("look", "plain")
        area.setWidgetResizable(True)
        holder.setObjectName("form")
        area.setWidget(holder)
        rows = min(4, len(self.roles))
        area.setFixedHeight(rows * self._theme.scaled(40))
        return area

    def _follow(self, column: int) -> None:
        """One column has the numbers; at most so many fill fields."""
        if self.roles[column].value == _NUMBER:
            for place, role in enumerate(self.roles):
                if place != column and role.value == _NUMBER:
                    role.show_value(_LEAVE)
        elif not any(role.value == _NUMBER for role in self.roles):
            self.roles[column].show_value(_NUMBER)
        if sum(role.value == _FIELD for role in self.roles) > MOST_FIELDS:
            self.roles[column].show_value(_LEAVE)
        for role, name in zip(self.roles, self.names, strict=True):
            name.setVisible(role.value == _FIELD)
