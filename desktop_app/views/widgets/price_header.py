"""The header of the price table: headings aligned with their cells, the sorted ones with arrows, a box that ticks all."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from desktop_app.views.icons import pixmap
from desktop_app.views.models.price_columns import NUMBERS, Column
from desktop_app.views.models.price_filter import SortKey
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.price_painter import FOLD_WIDTH, PADDING, STRONG, PricePainter

HEIGHT: Final = 32
_ARROW: Final = 13
_UP, _DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class PriceHeader(QHeaderView):
    """A click sorts up, then down, then not; with Shift a second column. ``all_ticked`` is emitted at a click on the box."""

    all_ticked = Signal()

    def __init__(self, model: PriceTableModel, theme: Theme, view: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._prices, self._theme = model, theme
        self._painter = PricePainter(theme)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setMinimumSectionSize(40)
        self.sectionClicked.connect(self._clicked)
        theme.changed.connect(self._follow)
        self._follow()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803 - Qt's names
        """Paint one heading."""
        column = Column(logicalIndex)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._painter.background(painter, rect, "subtle")
        if column is Column.TICK:
            self._painter.box(painter, rect, self._prices.tick_state())
        else:
            self._heading(painter, rect, column)
        painter.restore()

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:  # noqa: N802, N803 - Qt's names
        """Return the size that shows the whole heading with its arrow."""
        metrics = self.fontMetrics()
        text = str(self._prices.headerData(logicalIndex, Qt.Orientation.Horizontal))
        return QSize(metrics.horizontalAdvance(text) + 2 * PADDING + _ARROW + 6, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the tick boxes and the country where they are; every other column can be moved."""
        section = self.logicalIndexAt(event.position().toPoint())
        self.setSectionsMovable(section > Column.COUNTRY)
        super().mousePressEvent(event)

    def _heading(self, painter: QPainter, rect: QRect, column: Column) -> None:
        area = rect.adjusted(PADDING, 0, -PADDING, 0)
        if column is Column.COUNTRY:
            area = rect.adjusted(FOLD_WIDTH - 18, 0, -PADDING, 0)
        text = str(self._prices.headerData(column, Qt.Orientation.Horizontal))
        order = next((order for sorted_by, order in self._prices.sorting if sorted_by is column), None)
        role = "small_medium" if order is None else STRONG
        colour = "text2" if order is None else "text"
        if order is None:
            self._painter.text(painter, area, text, colour, role, right=column in NUMBERS)
            return
        arrow = "arrow-up" if order is _UP else "arrow-down"
        if column in NUMBERS:
            used = self._painter.text(painter, area.adjusted(_ARROW + 4, 0, 0, 0), text, colour, role, right=True)
            self._arrow(painter, area.right() - used - _ARROW - 3, area, arrow)
        else:
            used = self._painter.text(painter, area.adjusted(0, 0, -_ARROW - 4, 0), text, colour, role)
            self._arrow(painter, area.left() + used + 4, area, arrow)

    def _arrow(self, painter: QPainter, left: int, area: QRect, name: str) -> None:
        image = pixmap(name, self._theme.colour("text").name(), _ARROW, painter.device().devicePixelRatioF())
        painter.drawPixmap(QPoint(left, area.center().y() - _ARROW // 2), image)

    def _clicked(self, section: int) -> None:
        if section == Column.TICK:
            self.all_ticked.emit()
            return
        adds = bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._prices.sort_by(next_sorting(self._prices.sorting, Column(section), adds=adds))

    def _follow(self) -> None:
        self.setFont(self._theme.font("small_medium"))
        self.setFixedHeight(self._theme.scaled(HEIGHT))
        self.viewport().update()


def next_sorting(sorting: tuple[SortKey, ...], column: Column, *, adds: bool) -> tuple[SortKey, ...]:
    """Return what a click on a heading makes of the sorting: up, then down, then not.

    Args:
        sorting: as it is.
        column: clicked.
        adds: the other columns keep sorting, and this one comes after them.
    """
    old = next((order for sorted_by, order in sorting if sorted_by is column), None)
    new = {None: _UP, _UP: _DOWN, _DOWN: None}[old]
    if not adds:
        return () if new is None else ((column, new),)
    if old is None:
        return (*sorting, (column, _UP))
    changed = ((sorted_by, new if sorted_by is column else order) for sorted_by, order in sorting)
    return tuple((sorted_by, order) for sorted_by, order in changed if order is not None)
