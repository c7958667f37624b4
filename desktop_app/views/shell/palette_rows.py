"""How a row of the palette is painted."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.views.icons import flag, icon
from desktop_app.views.shell.palette_items import Item
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import caps_width, key_parts, paint_caps

ROW: Final = 32
HEADING_ROW: Final = 28
SIDE: Final = 8
TEXT_LEFT: Final = 48
# The property that makes a widget one separating line.
HEADING: Final = "line"
Index = QModelIndex | QPersistentModelIndex


class PaletteDelegate(QStyledItemDelegate):
    """Paints headings in grey, items with icon, name, grey context and their keys."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of a row, at the text size in force."""
        is_item = isinstance(index.data(Qt.ItemDataRole.UserRole), Item)
        return QSize(100, self._theme.scaled(ROW if is_item else HEADING_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row."""
        row, place = index.data(Qt.ItemDataRole.UserRole), QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if isinstance(row, Item):
            if option.state & QStyle.StateFlag.State_Selected:
                self._paint_chosen(painter, place)
            self._paint_item(painter, place, row)
        else:
            painter.setFont(self._theme.font("small_medium"))
            painter.setPen(self._theme.colour("text3"))
            painter.drawText(
                place.adjusted(18, 4, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(row)
            )
        painter.restore()

    def _paint_chosen(self, painter: QPainter, place: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("selected"))
        painter.drawRoundedRect(QRectF(place).adjusted(SIDE, 0, -SIDE, 0), 6, 6)
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(QRectF(SIDE, place.center().y() - 7, 3, 15), 1.5, 1.5)

    def _paint_item(self, painter: QPainter, place: QRect, item: Item) -> None:
        middle = place.center().y()
        image = self._image(item.icon)
        if image is not None:
            image.paint(painter, QRect(20, middle - 8, 18, 17))
        caps = key_parts(item.keys)
        small = self._theme.font("caption")
        right = place.right() - 20 - (caps_width(QFontMetrics(small), caps) + 12 if caps else 0)
        left = self._paint_text(
            painter, item.text, "body_medium", "text", QRect(TEXT_LEFT, place.top(), right - TEXT_LEFT, place.height())
        )
        self._paint_text(
            painter, item.context, "small", "text3", QRect(left + 10, place.top(), right - left - 10, place.height())
        )
        if caps:
            painter.setFont(small)
            colours = (self._theme.colour(name) for name in ("sunken", "line_strong", "text2"))
            paint_caps(painter, place.right() - 20, middle, caps, *colours)

    def _paint_text(self, painter: QPainter, text: str, role: str, colour: str, place: QRect) -> int:
        """Paint a text, shortened where it does not fit, and return where it ends."""
        if place.width() <= 0 or not text:
            return place.left()
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.colour(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return place.left() + painter.fontMetrics().horizontalAdvance(shown)

    def _image(self, name: str) -> QIcon | None:
        if name.startswith("flag:"):
            found = flag(name.removeprefix("flag:"), 2.0)
            return QIcon(found) if found is not None else None
        return icon(self._theme, name) if name else None
