"""A table whose first columns stay while the others are scrolled sideways."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from desktop_app.views.theme import Theme

Index = QModelIndex | QPersistentModelIndex
# How many stay. They are moved by nobody.
FROZEN: Final = 2
_USUAL: Final = QAbstractItemView.ScrollHint.EnsureVisible


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row where it is seen.

    Attributes:
        row: which.
        top: its first pixel in the viewport.
        height: in pixels.
    """

    row: int
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column where it is seen.

    Attributes:
        column: which.
        left: its first pixel in the viewport.
        width: in pixels.
    """

    column: int
    left: int
    width: int


class FrozenTable(QTableView):
    """Paints its first columns over those that were scrolled under them, and finds them where they are seen.

    What inherits from it says in ``paint_rows`` how rows look.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def frozen_width(self) -> int:
        """How many pixels at the left the columns take that stay; 0 while nothing is scrolled under them."""
        header = self.horizontalHeader()
        if not header.offset() or self.isRightToLeft():
            return 0
        return sum(header.sectionSize(section) for section in range(FROZEN))

    def indexAt(self, pos: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """Return the cell that is seen at a point."""
        moved = self.horizontalHeader().offset() if pos.x() < self.frozen_width else 0
        return super().indexAt(QPoint(pos.x() - moved, pos.y()))

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """Return where a cell is seen."""
        area = super().visualRect(index)
        if index.column() < FROZEN and self.frozen_width:
            area.translate(self.horizontalHeader().offset(), 0)
        return area

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = _USUAL) -> None:  # noqa: N802 - Qt's name
        """Bring a cell into view, and out from under the columns that stay."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if index.column() < FROZEN:
            bar.setValue(before)
        elif (hidden := self.frozen_width - self.visualRect(index).left()) > 0:
            bar.setValue(bar.value() - hidden)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """Scroll; sideways, what stands still is painted anew."""
        super().scrollContentsBy(dx, dy)
        if dx:
            self.viewport().update()
            self.horizontalHeader().viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what is seen row by row, the columns that stay last.

        All of it from Python. The view's own painting asks style, model and delegate anew for each cell: that takes half as long
        again, and beside a lane that computes each question is a chance to lose the interpreter.
        """
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        area, frozen = event.rect(), self.frozen_width
        rows = self._seen_rows(area)
        self.paint_rows(painter, rows, self._seen_columns(area))
        if frozen:
            self.paint_rows(painter, rows, self._frozen_columns())
            painter.fillRect(QRect(frozen - 1, area.top(), 1, area.height()), self._theme.colour("line_strong"))
        painter.end()

    def paint_rows(self, painter: QPainter, rows: Sequence[SeenRow], columns: Sequence[SeenColumn]) -> None:
        """Paint the cells where rows and columns cross; may leave the painter with any pen, brush and font."""
        raise NotImplementedError

    def _seen_rows(self, area: QRect) -> list[SeenRow]:
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        if first < 0:
            return []
        end = last + 1 if last >= 0 else self.model().rowCount()
        return [SeenRow(row, self.rowViewportPosition(row), self.rowHeight(row)) for row in range(first, end)]

    def _seen_columns(self, area: QRect) -> list[SeenColumn]:
        columns = []
        for column in range(self.horizontalHeader().count()):
            left, width = self.columnViewportPosition(column), self.columnWidth(column)
            if width and left <= area.right() and left + width > area.left():
                columns.append(SeenColumn(column, left, width))
        return columns

    def _frozen_columns(self) -> list[SeenColumn]:
        columns, left = [], 0
        for column in range(FROZEN):
            columns.append(SeenColumn(column, left, self.columnWidth(column)))
            left += self.columnWidth(column)
        return columns
