"""A table of any length of which only the pages around the view are in memory."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop_app.views.formats import plain_tip
from desktop_app.views.models.cell_looks import LOOK_ROLE, CellLook
from desktop_app.views.models.record_rows import Heading, Row

R = TypeVar("R")
PAGE: Final = 200
# Some screens full in both directions.
_KEPT: Final = 40
_ROOT: Final = QModelIndex()
_WAITING: Final = CellLook("text3")
Index = QModelIndex | QPersistentModelIndex


class PagedRowsModel(QAbstractTableModel, Generic[R]):
    """Shows rows that are read page by page, when the view comes to them.

    Args:
        headings: the columns.
        key: tells a record from another one.
        parent: Qt's.

    Signals:
        page_wanted: the number of a page that the view shows and that is not there; asked for once until ``show_page``,
            ``drop_page`` or ``start``.
    """

    page_wanted = Signal(int)

    def __init__(
        self, headings: Sequence[Heading], key: Callable[[R], int], parent: QObject | None = None
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._headings, self._key = tuple(headings), key
        self._total = 0
        self._pages: OrderedDict[int, tuple[Row[R], ...]] = OrderedDict()
        self._asked: set[int] = set()
        self._last_keys: dict[int, int] = {}

    def set_headings(self, headings: Sequence[Heading]) -> None:
        """Call the columns otherwise; there are as many as before."""
        self._headings = tuple(headings)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._headings) - 1)

    def start(self, first: tuple[Row[R], ...], total: int) -> None:
        """Show another list: its first page, and how many rows it has in all.

        Where the same records come again in the same places, selection and place stay.
        """
        same = total == self._total and self._keys(self._pages.get(0, ())) == self._keys(first)
        if not same:
            self.beginResetModel()
        self._pages = OrderedDict({0: first})
        self._asked.clear()
        self._last_keys.clear()
        self._note_end(0, first)
        self._total = total
        if not same:
            self.endResetModel()
        elif total:
            self.dataChanged.emit(self.index(0, 0), self.index(total - 1, len(self._headings) - 1))

    def set_total(self, total: int) -> None:
        """Say how many rows there are, once that is counted; what is there stays."""
        before, self._total = self._total, self._total
        if total > before:
            self.beginInsertRows(_ROOT, before, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < before:
            self.beginRemoveRows(_ROOT, total, before - 1)
            self._total = total
            self.endRemoveRows()

    def show_page(self, page: int, rows: tuple[Row[R], ...]) -> None:
        """Show a page that was read."""
        self._asked.discard(page)
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        self._note_end(page, rows)
        first, last = page * PAGE, min((page + 1) * PAGE, self._total) - 1
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._headings) - 1))

    def drop_page(self, page: int) -> None:
        """Let a page be asked for again: it could not be read."""
        self._asked.discard(page)

    def anchor(self, page: int) -> tuple[int, int]:
        """Return where to begin to read a page: (key after which, how many rows to leave out); key 0 is the beginning."""
        known = [number for number in self._last_keys if number < page]
        if not known:
            return 0, page * PAGE
        nearest = max(known)
        return self._last_keys[nearest], (page - nearest - 1) * PAGE

    @property
    def pages(self) -> list[int]:
        """The pages that are there."""
        return sorted(self._pages)

    def record(self, row: int) -> R | None:
        """Return what a row stands for, None while it is not read."""
        page = self._pages.get(row // PAGE, ())
        return page[row % PAGE].record if row % PAGE < len(page) else None

    def row_of(self, key: int) -> int:
        """Return the row of a record among the pages that are there, -1 when it is not."""
        for number, rows in self._pages.items():
            for place, row in enumerate(rows):
                if self._key(row.record) == key:
                    return number * PAGE + place
        return -1

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, look, alignment, tooltip, and what a screen reader says; a page that is not there is asked for."""
        if not index.isValid() or index.row() >= self._total:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        row = self._row(index.row())
        if row is None:
            return {Qt.ItemDataRole.DisplayRole: "…", LOOK_ROLE: _WAITING}.get(role)
        text = row.texts[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            named = f"{row.texts[0]}, {self._headings[index.column()].title} {text}"
            return row.spoken or text if index.column() == 0 else named
        return row.looks[index.column()] if role == LOOK_ROLE else None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._headings):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section].title
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _row(self, row: int) -> Row[R] | None:
        page = row // PAGE
        rows = self._pages.get(page)
        if rows is None:
            if page not in self._asked:
                self._asked.add(page)
                self.page_wanted.emit(page)
            return None
        return rows[row % PAGE] if row % PAGE < len(rows) else None

    def _note_end(self, page: int, rows: tuple[Row[R], ...]) -> None:
        if len(rows) == PAGE:
            self._last_keys[page] = self._key(rows[-1].record)

    def _keys(self, rows: Sequence[Row[R]]) -> list[int]:
        return [self._key(row.record) for row in rows]

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self._headings[column].is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
