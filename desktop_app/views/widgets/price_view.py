"""The table view of prices: moving, folding, ticking and editing by mouse and keys; columns that can be arranged."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from desktop_app.domain.language import trn
from desktop_app.views.icons import flag
from desktop_app.views.models.price_columns import EDITABLE, Column
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.arranged_table import ArrangedTable
from desktop_app.views.widgets.frozen_table import SeenColumn, SeenRow
from desktop_app.views.widgets.price_cells import Marks, PriceCells
from desktop_app.views.widgets.price_delegate import PriceDelegate
from desktop_app.views.widgets.price_painter import FOLD_WIDTH
from desktop_app.views.widgets.row_hover import RowHover

Index = QModelIndex | QPersistentModelIndex
# A flag takes about a millisecond.
FLAGS: Final = 4
FLAG_MILLISECONDS: Final = 15
_STARTS: Final = frozenset("0123456789.,-−")


class PriceView(ArrangedTable):
    """Shows a PriceTableModel.

    Signals:
        menu_asked: the point, global, where a menu of the row's commands is wanted.
        moved: the row of the current cell is another, or another line stands in it.
        left_upwards: the person went up from the first row.
        editing_ended: the field of a cell was closed.
    """

    menu_asked = Signal(QPoint)
    moved = Signal()
    left_upwards = Signal()
    editing_ended = Signal()

    def __init__(self, model: PriceTableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(model, theme, parent)
        self._kept: tuple[str, int] | None = None
        self.delegate = PriceDelegate(theme, self, model)
        self.setItemDelegate(self.delegate)
        self._cells = PriceCells(theme, model)
        self._hover = RowHover(self)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._header.all_ticked.connect(self._tick_all_or_none)
        self._flags = QTimer(self, interval=FLAG_MILLISECONDS)
        self._flags.timeout.connect(self._render_flags)
        self._unrendered: list[str] = []
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._find_place)
        model.rowsInserted.connect(self._name)
        model.rowsRemoved.connect(self._name)
        theme.changed.connect(self._follow)
        self._follow()

    # Where the person is

    @property
    def is_editing(self) -> bool:
        """Whether a field is open."""
        return self.state() is QAbstractItemView.State.EditingState

    def go_to(self, key: str, column: Column | None = None) -> bool:
        """Make the row of a line the current one and return whether it is shown."""
        row = self._prices.row_of(key)
        if row is None:
            return False
        here = self.currentIndex()
        place = column if column is not None else Column(here.column()) if here.isValid() else Column.PRICE
        self.setCurrentIndex(self._prices.index(row, place))
        return True

    def move_from(self, index: Index, down: int, right: int) -> None:
        """Go from a cell so many rows down, or to the next or previous column that can be edited."""
        row = max(0, min(index.row() + down, self._prices.rowCount() - 1))
        column = index.column()
        if right:
            order = [self._header.logicalIndex(place) for place in range(self._header.count())]
            usable = [one for one in order if Column(one) in EDITABLE and not self.isColumnHidden(one)]
            place = (usable.index(column) if column in usable else 0) + right
            column = usable[max(0, min(place, len(usable) - 1))]
        self.setCurrentIndex(self._prices.index(row, column))
        self.setFocus()

    def selected_cells(self) -> list[tuple[int, Column]]:
        """Return (row, column) of the selected cells that are shown, row by row, columns as they stand; else the current one."""
        found: set[tuple[int, int]] = set()
        selection = self.selectionModel().selection()
        for area in (selection.at(place) for place in range(selection.size())):
            columns = [one for one in range(area.left(), area.right() + 1) if not self.isColumnHidden(one)]
            found |= {(row, column) for row in range(area.top(), area.bottom() + 1) for column in columns}
        if not found and self.currentIndex().isValid():
            found = {(self.currentIndex().row(), self.currentIndex().column())}
        ordered = sorted(found, key=lambda cell: (cell[0], self._header.visualIndex(cell[1])))
        return [(row, Column(column)) for row, column in ordered]

    def edit_column(self, column: Column) -> None:
        """Open the field of the current row in a column."""
        here = self.currentIndex()
        if here.isValid() and not self.isColumnHidden(column):
            self._open(self._prices.index(here.row(), column), "")

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Fold at the mark, tick at the box, else select as usual."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            inside = event.position().x() - self.visualRect(index).left()
            if index.column() == Column.COUNTRY and inside < FOLD_WIDTH:
                self._prices.toggle(index.row())
            elif index.column() == Column.TICK and not self._prices.line(index.row()).is_network:
                self._prices.tick(index.row())
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Edit, tick, fold and leave with keys; the rest as usual."""
        index, key = self.currentIndex(), Qt.Key(event.key())
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if not index.isValid() or not plain or not self._act(index, key, event.text()):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the menu of the row under the mouse, or by key of the current one."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.visualRect(self.currentIndex()).bottomLeft()
        else:
            place = event.pos()
            index = self.indexAt(place)
            if index.isValid() and not self.selectionModel().isSelected(index):
                self.setCurrentIndex(index)
        self.menu_asked.emit(self.viewport().mapToGlobal(place))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Stand somewhere: without a current cell no key would do anything."""
        if not self.currentIndex().isValid() and self._prices.rowCount():
            self.setCurrentIndex(self._prices.index(0, Column.PRICE))
        super().focusInEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Paint the rows anew that are and were current, and say so."""
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.viewport().update()
            self.moved.emit()

    def closeEditor(self, editor: QWidget, hint: Any) -> None:  # noqa: N802 - Qt's name
        """Close the field and say so."""
        super().closeEditor(editor, hint)
        self.editing_ended.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Stay while a field says something: its note would lose it."""
        if self.delegate.note.isVisible():
            event.accept()
        else:
            super().wheelEvent(event)

    def _act(self, index: QModelIndex, key: Qt.Key, text: str) -> bool:
        column = Column(index.column())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            return self._open(index if column in EDITABLE else index.siblingAtColumn(Column.PRICE), "")
        if text and text in _STARTS:
            return self._open(index if column in EDITABLE else index.siblingAtColumn(Column.PRICE), text)
        if key == Qt.Key.Key_Space:
            self._prices.tick(index.row())
            return True
        if key == Qt.Key.Key_Up and index.row() == 0:
            self.left_upwards.emit()
            return True
        folds = {Qt.Key.Key_Right: False, Qt.Key.Key_Left: True}
        unfolded = self._prices.is_expanded(index.row())
        can_fold = column is Column.COUNTRY and bool(self._prices.line(index.row()).networks)
        if can_fold and key in folds and unfolded is folds[key]:
            self._prices.toggle(index.row())
            return True
        return False

    def _open(self, index: QModelIndex, text: str) -> bool:
        if not self._prices.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        self.delegate.open_with(text)
        self.edit(index)
        field = self.delegate.field
        if text and field is not None:
            # The view selects everything in a field it opens: the next key would replace what was typed.
            field.end(False)
        return True

    def _tick_all_or_none(self) -> None:
        if self._prices.tick_state() is Qt.CheckState.Checked:
            self._prices.tick_none()
        else:
            self._prices.tick_all()

    # Painting

    def paint_rows(self, painter: QPainter, rows: Sequence[SeenRow], columns: Sequence[SeenColumn]) -> None:
        """Paint rows of prices with what is marked in them."""
        here = self.currentIndex()
        cell = (here.row(), here.column()) if here.isValid() and self.hasFocus() else None
        self._cells.paint(painter, rows, columns, Marks(here.row(), self._hover.row, cell, self._selected_within(rows)))

    def _selected_within(self, rows: Sequence[SeenRow]) -> frozenset[tuple[int, int]]:
        if not rows or not self.selectionModel().hasSelection():
            return frozenset()
        first, last = rows[0].row, rows[-1].row
        selection = self.selectionModel().selection()
        return frozenset(
            (row, column)
            for area in (selection.at(place) for place in range(selection.size()))
            for row in range(max(first, area.top()), min(last, area.bottom()) + 1)
            for column in range(area.left(), area.right() + 1)
        )

    # Flags

    def render_flags(self, isos: Iterable[str]) -> None:
        """Render flags while there is nothing else to do, so that scrolling to them does not have to."""
        self._unrendered = list(isos)
        self._flags.start()

    def _render_flags(self) -> None:
        for iso in self._unrendered[:FLAGS]:
            flag(iso, self.devicePixelRatioF())
        del self._unrendered[:FLAGS]
        if not self._unrendered:
            self._flags.stop()

    # Following

    def _keep_place(self) -> None:
        index = self.currentIndex()
        self._kept = (self._prices.line(index.row()).key, index.column()) if index.isValid() else None

    def _find_place(self) -> None:
        self._name()
        if self._kept is None:
            return
        row = self._prices.row_of(self._kept[0])
        if row is not None:
            self.selectionModel().setCurrentIndex(
                self._prices.index(row, self._kept[1]), self.selectionModel().SelectionFlag.ClearAndSelect
            )
        elif self._prices.rowCount():
            self.setCurrentIndex(self._prices.index(0, self._kept[1]))
        self.moved.emit()

    def _name(self) -> None:
        self.setAccessibleName(trn("Prices, {count} row", "Prices, {count} rows", self._prices.rowCount()))

    def _follow(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height)
        self.viewport().update()
