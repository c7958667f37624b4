"""Lists of cards at the left of a screen: all of one height, each with its ground, its content, and the ring of the focus."""

from typing import ClassVar, Final

from PySide6.QtCore import QAbstractItemModel, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from desktop_app.views.theme import Theme
from desktop_app.views.widgets.framed_delegate import FramedDelegate, Index

EDGE: Final = 16
_COLOURS: Final = ("c1", "c2", "c3", "c4", "c5", "c6")


class CardDelegate(FramedDelegate):
    """Paints cards of ``HEIGHT`` pixels at the usual size of text."""

    HEIGHT: ClassVar[int]

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of every card."""
        return QSize(option.rect.width(), self._theme.scaled(self.HEIGHT))


class CardList(QListView):
    """Shows the rows of a model as cards; its delegate is set by what derives from it."""

    def __init__(self, model: QAbstractItemModel, theme: Theme, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        theme.changed.connect(self.scheduleDelayedItemsLayout)


def paint_avatar(painter: QPainter, theme: Theme, area: QRectF, name: str, number: int) -> None:
    """Paint the initials of a name on a tint that is the account's own."""
    colour = QColor(theme.colour(_COLOURS[number % len(_COLOURS)]))
    tint = QColor(colour)
    tint.setAlpha(44)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawRoundedRect(area, 8, 8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(theme.font("body_medium"))
    painter.setPen(theme.colour("text"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, initials(name))


def initials(name: str) -> str:
    """Return the first letters of the first two words, or the first two letters of the only one."""
    words = name.split()
    return "".join(word[0] for word in words[:2]) if len(words) > 1 else name[:2]
