"""What every row and card of a list looks like whatever it shows: its ground, its line, and the ring of the focus."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from desktop_app.views.theme import Theme
from desktop_app.views.widgets.row_hover import RowHover

Index = QModelIndex | QPersistentModelIndex


class FramedDelegate(QStyledItemDelegate):
    """Paints the ground of a cell and its ring; what derives from it paints the content between them."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hover = RowHover(parent) if isinstance(parent, QTableView) else None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint background, content, and the ring of the current cell."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = (
            bool(option.state & QStyle.StateFlag.State_MouseOver)
            if self._hover is None
            else self._hover.row == index.row()
        )
        painter.fillRect(option.rect, self._theme.colour("selected" if selected else "hover" if hovered else "surface"))
        painter.fillRect(QRect(option.rect.bottomLeft(), QSize(option.rect.width(), 1)), self._theme.colour("line"))
        if selected and index.column() == 0:
            painter.fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), self._theme.colour("accent"))
        self.paint_content(painter, option.rect, index)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -2), 4, 4)
        painter.restore()

    def paint_content(self, painter: QPainter, area: QRect, index: Index) -> None:
        """Paint what a cell shows into ``area``, the whole cell."""
        raise NotImplementedError
