"""A table model over immutable rows that were made in the data lane."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.views.formats import folded, plain_tip
from desktop_app.views.models.cell_looks import LOOK_ROLE, CellLook

R = TypeVar("R")
_ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its title, and whether its cells are figures and stand at the right."""

    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row(Generic[R]):
    """A row.

    Attributes:
        record: what it stands for.
        texts: a text per column.
        looks: how each is painted.
        words: folded texts that a filter is looked for in.
        spoken: what a screen reader says of the row's first cell.
    """

    record: R
    texts: tuple[str, ...]
    looks: tuple[CellLook, ...]
    words: tuple[str, ...] = ()
    spoken: str = ""


class RowsModel(QAbstractTableModel, Generic[R]):
    """Shows rows, all of them or those that a filter finds.

    Args:
        headings: the columns.
        parent: Qt's.
        key: tells a record from another one: where the same ones are shown again, selection and place stay.
    """

    def __init__(
        self, headings: Sequence[Heading], parent: QObject | None = None, key: Callable[[R], object] | None = None
    ) -> None:
        super().__init__(parent)
        self._headings, self._key = tuple(headings), key
        self._all: tuple[Row[R], ...] = ()
        self._shown: list[Row[R]] = []
        self._text = ""

    def set_headings(self, headings: Sequence[Heading]) -> None:
        """Call the columns otherwise; there are as many as before."""
        self._headings = tuple(headings)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._headings) - 1)

    def say_headings_again(self, again: Callable[[str], str]) -> None:
        """Call the columns in the language that ``again`` says them in."""
        self.set_headings([replace(heading, title=again(heading.title)) for heading in self._headings])

    def show_rows(self, rows: Sequence[Row[R]]) -> None:
        """Show these rows instead."""
        self._all = tuple(rows)
        self._show_found()

    def append_rows(self, rows: Sequence[Row[R]]) -> None:
        """Show these rows after those that are there."""
        found = [row for row in rows if self._matches(row)]
        self._all = (*self._all, *rows)
        if found:
            self.beginInsertRows(_ROOT, len(self._shown), len(self._shown) + len(found) - 1)
            self._shown += found
            self.endInsertRows()

    def set_filter(self, text: str) -> None:
        """Show the rows with ``text`` in one of their words."""
        self._text = folded(text)
        self._show_found()

    @property
    def total(self) -> int:
        """How many rows there are, shown or not."""
        return len(self._all)

    def record(self, row: int) -> R:
        """Return what a row stands for."""
        return self._shown[row].record

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, look, alignment, tooltip, and what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row, column = self._shown[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.texts[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.texts[column])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            named = f"{row.texts[0]}, {self._headings[column].title} {row.texts[column]}"
            return row.spoken or row.texts[0] if column == 0 else named
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        return row.looks[column] if role == LOOK_ROLE else None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._headings):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section].title
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self._headings[column].is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter

    def _show_found(self) -> None:
        found = [row for row in self._all if self._matches(row)]
        if found and self._key is not None and self._keys(found) == self._keys(self._shown):
            self._shown = found
            self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(self._headings) - 1))
            return
        self.beginResetModel()
        self._shown = found
        self.endResetModel()

    def _keys(self, rows: Sequence[Row[R]]) -> list[object]:
        return [self._key(row.record) for row in rows] if self._key is not None else []

    def _matches(self, row: Row[R]) -> bool:
        return not self._text or any(self._text in word for word in row.words)
