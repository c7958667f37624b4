"""The table view of prices: folding by mouse and keys, sorting by header in three steps."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.models.price_table import Column, PriceTableModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.price_delegate import FOLD_WIDTH, ROW_HEIGHT, PriceDelegate

HEADER_HEIGHT: Final = 32
WIDTHS: Final = {
    Column.DIAL: 84,
    Column.COST: 92,
    Column.PRICE: 92,
    Column.PROFIT: 92,
    Column.MARGIN: 144,
    Column.MARKUP: 84,
    Column.RULE: 132,
    Column.STATE: 70,
}


class PriceView(QTableView):
    """Shows a PriceTableModel."""

    def __init__(self, model: PriceTableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices = model
        self.setModel(model)
        self.setItemDelegate(PriceDelegate(theme, self))
        self.setAccessibleName(tr("Prices"))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._set_up_header(theme)
        theme.changed.connect(self.viewport().update)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Fold or unfold when the mark is pressed, else select as usual."""
        index = self.indexAt(event.position().toPoint())
        cell = self.visualRect(index)
        if index.isValid() and index.column() == Column.COUNTRY and event.position().x() < cell.left() + FOLD_WIDTH:
            self._prices.toggle(index.row())
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Unfold with the right arrow and fold with the left one in the first column; the rest as usual."""
        index = self.currentIndex()
        folds = {Qt.Key.Key_Right: False, Qt.Key.Key_Left: True}
        if index.isValid() and index.column() == Column.COUNTRY and event.key() in folds:
            unfolded = self._prices.is_expanded(index.row())
            if self._prices.line(index.row()).networks and unfolded is folds[Qt.Key(event.key())]:
                self._prices.toggle(index.row())
                return
        super().keyPressEvent(event)

    def _set_up_header(self, theme: Theme) -> None:
        header = self.horizontalHeader()
        header.setFont(theme.font("small_medium"))
        header.setFixedHeight(HEADER_HEIGHT)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSectionResizeMode(Column.COUNTRY, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)
        header.sectionClicked.connect(self._sort_by)

    def _sort_by(self, section: int) -> None:
        current = self._prices.sorting
        if current is None or current[0] != section:
            step = (section, Qt.SortOrder.AscendingOrder)
        elif current[1] is Qt.SortOrder.AscendingOrder:
            step = (section, Qt.SortOrder.DescendingOrder)
        else:
            step = (-1, Qt.SortOrder.AscendingOrder)
        self._prices.sort(*step)
        self.horizontalHeader().viewport().update()
