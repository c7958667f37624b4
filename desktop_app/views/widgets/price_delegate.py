"""Paints the cells of the price table: fold mark and flag, aligned figures, margin bar, rule, state."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.views.formats import DECIMALS, MISSING
from desktop_app.views.icons import FLAG, flag, pixmap
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.models.price_table import EXPANDED_ROLE, LINE_ROLE, NUMBERS, PRICES, SPARE_ROLE, Column
from desktop_app.views.theme import Theme

ROW_HEIGHT: Final = 33
PADDING: Final = 12
MARK: Final = 16
EDGE: Final = 20
FOLD_WIDTH: Final = EDGE + MARK + 8
_BAR: Final = QSize(46, 5)
_WHOLE: Final = 10_000
Index = QModelIndex | QPersistentModelIndex


class PriceDelegate(QStyledItemDelegate):
    """One delegate for all columns."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of every row."""
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint background, content, and the ring of the current cell."""
        line: PriceLine = index.data(LINE_ROLE)
        column = Column(index.column())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._background(painter, option, line, column)
        area = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        if column is Column.COUNTRY:
            self._country(painter, option, line, unfolded=bool(index.data(EXPANDED_ROLE)))
        elif column is Column.MARGIN:
            self._margin(painter, area, line, str(index.data()))
        elif column is Column.RULE:
            self._rule(painter, area, line, str(index.data()))
        else:
            self._cell(painter, area, line, index)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -2), 4, 4)
        painter.restore()

    def _background(self, painter: QPainter, option: QStyleOptionViewItem, line: PriceLine, column: Column) -> None:
        network = line.code != line.iso
        colour = "subtle" if network else "surface"
        if option.state & QStyle.StateFlag.State_Selected:
            colour = "selected"
        elif option.state & QStyle.StateFlag.State_MouseOver:
            colour = "hover"
        painter.fillRect(option.rect, self._theme.colour(colour))
        if column is Column.COUNTRY and option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), self._theme.colour("accent"))
        painter.fillRect(QRect(option.rect.bottomLeft(), QSize(option.rect.width(), 1)), self._theme.colour("line"))

    def _country(self, painter: QPainter, option: QStyleOptionViewItem, line: PriceLine, *, unfolded: bool) -> None:
        area = QRect(option.rect)
        left = area.left() + FOLD_WIDTH
        network = line.code != line.iso
        if line.networks:
            self._icon(painter, area.left() + EDGE - 3, area, "chevron-down" if unfolded else "chevron-right", "text3")
        image = None if network else flag(line.iso, painter.device().devicePixelRatioF())
        if image is not None:
            painter.drawPixmap(QPoint(left, area.center().y() - FLAG.height() // 2 + 1), image)
        left += FLAG.width() + 8
        name_colour = "text" if line.enabled else "text3"
        text_area = QRect(left, area.top(), area.right() - left - PADDING, area.height())
        used = self._text(painter, text_area, line.name, name_colour, "body" if network else "body_medium")
        code_area = text_area.adjusted(used + 8, 0, 0, 0)
        if code_area.width() > 0:
            self._text(painter, code_area, line.code, "text3", "small")

    def _cell(self, painter: QPainter, area: QRect, line: PriceLine, index: Index) -> None:
        column, text = Column(index.column()), str(index.data())
        colour, role = "text2", "body"
        if column is Column.PRICE:
            colour, role = ("text3", "body") if line.inherited else ("text", "body_medium")
        elif column is Column.COST:
            colour = "text"
        elif column in NUMBERS and line.is_loss:
            colour = "danger"
        if text == MISSING or (column is Column.STATE and not line.enabled):
            colour = "text3"
        if column in PRICES:
            self._figure(painter, area, text, colour, role, int(index.data(SPARE_ROLE)))
        else:
            self._text(painter, area, text, colour, role, right=column in NUMBERS)

    def _figure(self, painter: QPainter, area: QRect, text: str, colour: str, role: str, decimals: int) -> None:
        """Paint a price so that the points of a column stand under each other; decimals beyond the fourth are fainter."""
        painter.setFont(self._theme.font(role))
        spare = decimals * painter.fontMetrics().horizontalAdvance("0")
        point = text.find(".")
        end = len(text) if point < 0 else point + 1 + DECIMALS
        head = area.adjusted(0, 0, -spare, 0)
        self._text(painter, head, text[:end], colour, role, right=True)
        if text[end:]:
            self._text(painter, QRect(head.right() + 1, area.top(), spare, area.height()), text[end:], "text3", role)

    def _margin(self, painter: QPainter, area: QRect, line: PriceLine, text: str) -> None:
        colour = "danger" if line.is_loss else "text"
        self._text(painter, area, text, "text3" if line.margin is None else colour, "body_medium", right=True)
        if line.margin is None:
            return
        track = QRectF(area.left(), area.center().y() - _BAR.height() / 2 + 0.5, _BAR.width(), _BAR.height())
        self._bar(painter, track, self._theme.colour("chart_grid"))
        share = max(2 * _BAR.height() / 2, track.width() * min(_WHOLE, max(0, line.margin)) / _WHOLE)
        track.setWidth(share)
        self._bar(painter, track, self._theme.colour("danger_icon" if line.is_loss else "c1"))
        if line.is_loss:
            self._icon(painter, area.left() + _BAR.width() + 6, area, "circle-alert", "danger_icon", 14)

    def _rule(self, painter: QPainter, area: QRect, line: PriceLine, text: str) -> None:
        if not text:
            return
        name = "lock" if line.manual else "wand-sparkles"
        self._icon(painter, area.left(), area, name if line.price is not None else "circle-off", "text3", 14)
        self._text(painter, area.adjusted(22, 0, 0, 0), text, "text2", "small")

    def _bar(self, painter: QPainter, area: QRectF, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _icon(self, painter: QPainter, left: int, area: QRect, name: str, colour: str, size: int = MARK) -> None:
        ratio = painter.device().devicePixelRatioF()
        image = pixmap(name, self._theme.colour(colour).name(), size, ratio)
        painter.drawPixmap(QPoint(left, area.center().y() - size // 2 + 1), image)

    def _text(self, painter: QPainter, area: QRect, text: str, colour: str, role: str, *, right: bool = False) -> int:
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.colour(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return painter.fontMetrics().horizontalAdvance(shown)
