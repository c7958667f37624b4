"""Chooses the columns of the price table and their order: without a mouse too."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.models.price_columns import HIDDEN, Column, title
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.price_view import PriceView

_SIZE: Final = (320, 460)
_FIXED: Final = (Column.TICK, Column.COUNTRY)


class ColumnsDialog(QDialog):
    """A list with tick boxes and two buttons; every choice is seen in the table at once."""

    def __init__(self, table: PriceView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.setWindowTitle(tr("Columns"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self.list = QListWidget()
        self.list.setObjectName("columns")
        self.list.setAccessibleName(tr("Columns"))
        self.up, self.down, self.reset, self.close_button = (
            QPushButton(text) for text in (tr("Move left"), tr("Move right"), tr("Usual columns"), tr("Close"))
        )
        self.close_button.setDefault(True)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.reset.clicked.connect(self._reset)
        self.close_button.clicked.connect(self.accept)
        moves, foot = QHBoxLayout(), QHBoxLayout()
        for row, parts in ((moves, (self.up, self.down)), (foot, (self.reset, None, self.close_button))):
            for part in parts:
                row.addStretch() if part is None else row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(label(tr("Columns"), "title"))
        column.addWidget(self.list, 1)
        column.addLayout(moves)
        column.addLayout(foot)
        self._fill(table.ordered_columns, set(table.unwanted_columns))
        self.list.itemChanged.connect(lambda _: self._apply())
        self.list.setCurrentRow(0)

    def _fill(self, order: list[Column], hidden: set[Column]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for column in order:
            if column in _FIXED:
                continue
            item = QListWidgetItem(title(column))
            item.setData(Qt.ItemDataRole.UserRole, int(column))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked if column in hidden else Qt.CheckState.Checked)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        target = row + by
        if row < 0 or not 0 <= target < self.list.count():
            return
        self.list.blockSignals(True)
        item = self.list.takeItem(row)
        self.list.insertItem(target, item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(target)
        self._apply()

    def _reset(self) -> None:
        self._fill(list(Column), set(HIDDEN) | {Column.MARKUP})
        self._apply()

    def _apply(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        columns = [Column(item.data(Qt.ItemDataRole.UserRole)) for item in items]
        hidden = [
            column for column, item in zip(columns, items, strict=True) if item.checkState() is Qt.CheckState.Unchecked
        ]
        self._table.arrange(columns, hidden)
