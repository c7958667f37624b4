"""A few lines of texts as a table: how a file will look, or how one looked."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.views.formats import plain_tip
from desktop_app.views.models.cell_looks import LOOK_ROLE, CellLook

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_NAME: Final = CellLook(tone="text", role="body_medium")
_NUMBER: Final = CellLook(tone="text")
# As wide as a figure: it stands where shorter fractions have none, so that the decimal marks stand under each other.
_FIGURE_SPACE: Final = "\u2007"
_INDENT: Final = "\u2003"


class TextRowsModel(QAbstractTableModel):
    """Shows rows of texts; columns from ``first_number`` on are numbers."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._shown: tuple[tuple[str, ...], ...] = ()
        self._nested: set[int] = set()
        self._first_number = 0

    def show_rows(
        self, titles: tuple[str, ...], rows: Sequence[tuple[str, ...]], first_number: int, nested: Sequence[bool] = ()
    ) -> None:
        """Show other rows; those that are ``nested`` belong to the row above."""
        self.beginResetModel()
        self._nested = {row for row, is_nested in enumerate(nested) if is_nested}
        self._titles, self._rows, self._first_number = titles, tuple(rows), first_number
        columns = [
            _aligned(column) if place >= first_number else column
            for place, column in enumerate(zip(*rows, strict=True))
        ]
        self._shown = tuple(zip(*columns, strict=True))
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """Return a heading."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._titles):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return self._titles[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a text."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            indent = _INDENT if column == 0 and row in self._nested else ""
            return indent + self._shown[row][column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._titles[column]}: {self._rows[row][column]}"
        if role == Qt.ItemDataRole.ToolTipRole and column < self._first_number:
            return plain_tip(self._rows[row][column])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == LOOK_ROLE:
            strong = column == 0 and row not in self._nested
            return _NUMBER if column >= self._first_number else _NAME if strong else None
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column >= self._first_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


def _aligned(texts: Sequence[str]) -> tuple[str, ...]:
    marks = [max(text.rfind("."), text.rfind(",")) for text in texts]
    fractions = [len(text) - 1 - mark if mark >= 0 else 0 for text, mark in zip(texts, marks, strict=True)]
    longest = max(fractions, default=0)
    return tuple(text + _FIGURE_SPACE * (longest - own) for text, own in zip(texts, fractions, strict=True))
