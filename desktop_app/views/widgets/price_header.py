"""The header of the price table: headings aligned with their cells, the sorted ones with arrows, a box that ticks all."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHeaderView

from desktop_app.views.icons import pixmap
from desktop_app.views.models.price_columns import NUMBERS, Column
from desktop_app.views.models.price_filter import SortKey
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.frozen_table import FROZEN, FrozenTable
from desktop_app.views.widgets.price_painter import FOLD_WIDTH, PADDING, STRONG, PricePainter

HEIGHT: Final = 32
_ARROW: Final = 13
# Between the heading of a figure and what is left of it.
_LEAST: Final = 4
_UP, _DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class PriceHeader(QHeaderView):
    """A click sorts up, then down, then not; with Shift a second column.

    Signals:
        all_ticked: the box was clicked.
        sorted: the person sorts by other columns.
    """

    all_ticked = Signal()
    sorted = Signal()

    def __init__(self, model: PriceTableModel, theme: Theme, view: FrozenTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._prices, self._theme, self._view = model, theme, view
        self._painter = PricePainter(theme)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setMinimumSectionSize(40)
        self.sectionClicked.connect(self._clicked)
        # Not within Qt's own laying out of the sections: another height would start it once more.
        self._fitting = QTimer(self, singleShot=True, interval=0)
        self._fitting.timeout.connect(self._fit)
        self.sectionResized.connect(self._fit_soon)
        model.headerDataChanged.connect(self._fit_soon)
        model.modelReset.connect(self._fit_soon)
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

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint as usual, then the headings of the columns that stay over those that were scrolled under them."""
        super().paintEvent(event)
        if not self._view.frozen_width:
            return
        painter, left = QPainter(self.viewport()), 0
        for section in range(FROZEN):
            width = self.sectionSize(section)
            self.paintSection(painter, QRect(left, 0, width, self.height()), section)
            left += width
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the tick boxes and the country where they are; every other column can be moved."""
        meant = self._meant(event)
        section = self.logicalIndexAt(meant.position().toPoint())
        self.setSectionsMovable(section > Column.COUNTRY)
        super().mousePressEvent(meant)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Sort by the heading that is seen there."""
        super().mouseReleaseEvent(self._meant(event))

    def _meant(self, event: QMouseEvent) -> QMouseEvent:
        """Return the event where the heading is that is seen under it."""
        place = event.position()
        if place.x() >= self._view.frozen_width:
            return event
        return QMouseEvent(
            event.type(), place - QPointF(self.offset(), 0), event.globalPosition(), event.button(), event.buttons(),
            event.modifiers(),
        )  # fmt: skip

    def _heading(self, painter: QPainter, rect: QRect, column: Column) -> None:
        area = rect.adjusted(_LEAST if column in NUMBERS else PADDING, 0, -PADDING, 0)
        if column is Column.COUNTRY:
            area = rect.adjusted(FOLD_WIDTH - 18, 0, -PADDING, 0)
        text = str(self._prices.headerData(column, Qt.Orientation.Horizontal))
        order = next((order for sorted_by, order in self._prices.sorting if sorted_by is column), None)
        role = "small_medium" if order is None else STRONG
        colour = "text2" if order is None else "text"
        if order is None:
            self._painter.heading(painter, area, text, colour, role, right=column in NUMBERS)
            return
        arrow = "arrow-up" if order is _UP else "arrow-down"
        if column in NUMBERS:
            room = area.adjusted(_ARROW + 3, 0, 0, 0)
            used = self._painter.heading(painter, room, text, colour, role, right=True)
            self._arrow(painter, area.right() - used - _ARROW - 3, area, arrow)
        else:
            used = self._painter.heading(painter, area.adjusted(0, 0, -_ARROW - 4, 0), text, colour, role)
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
        self.sorted.emit()

    def _follow(self) -> None:
        self.setFont(self._theme.font("small_medium"))
        self._fit()
        self.viewport().update()

    def _fit_soon(self) -> None:
        self._fitting.start()

    def _fit(self) -> None:
        """Take a second line where a heading needs one."""
        metrics = QFontMetrics(self._painter.font(STRONG))
        wide = any(
            metrics.horizontalAdvance(str(self._prices.headerData(section, Qt.Orientation.Horizontal)))
            > self.sectionSize(section) - PADDING - (_LEAST if section in NUMBERS else PADDING)
            for section in range(Column.PROVIDER, self.count())
            if not self.isSectionHidden(section)
        )
        height = self._theme.scaled(HEIGHT) + (metrics.lineSpacing() if wide else 0)
        if height != self.height():
            self.setFixedHeight(height)


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
