"""The list of providers at the left: initials, name, state, money, and what is known of it."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.clock import Clock
from desktop_app.services.provider_records import ProviderSummary
from desktop_app.views.models.provider_list import (
    PROVIDER_ROLE,
    STATE_LOOKS,
    ProviderListModel,
    balance_text,
    costs_text,
    response_text,
    state_text,
    told_text,
)
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.record_table import paint_icon, paint_pill, paint_text

CARD: Final = 80
LINE: Final = 21
AVATAR: Final = 32
EDGE: Final = 16
_COLOURS: Final = ("c1", "c2", "c3", "c4", "c5", "c6")
Index = QModelIndex | QPersistentModelIndex


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


class ProviderDelegate(QStyledItemDelegate):
    """Paints a card."""

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._clock = theme, clock

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of every card."""
        return QSize(option.rect.width(), self._theme.scaled(CARD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the card, and the ring when it has the focus."""
        provider: ProviderSummary = index.data(PROVIDER_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._background(painter, option)
        area = option.rect.adjusted(EDGE, 0, -EDGE, -1)
        avatar = QRectF(area.left(), area.center().y() - AVATAR / 2 + 0.5, AVATAR, AVATAR)
        paint_avatar(painter, self._theme, avatar, provider.name, provider.provider_id)
        line = self._theme.scaled(LINE)
        top = QRect(area.left() + AVATAR + 12, area.center().y() - 3 * line // 2 + 1, area.width() - AVATAR - 12, line)
        self._title(painter, top, provider)
        self._money(painter, top.translated(0, line), provider)
        paint_text(
            painter, self._theme, top.translated(0, 2 * line), costs_text(provider, self._clock()), "text3", "small"
        )
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -2), 4, 4)
        painter.restore()

    def _background(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(option.rect, self._theme.colour("selected" if selected else "hover" if hovered else "surface"))
        painter.fillRect(QRect(option.rect.bottomLeft(), QSize(option.rect.width(), 1)), self._theme.colour("line"))
        if selected:
            painter.fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), self._theme.colour("accent"))

    def _title(self, painter: QPainter, area: QRect, provider: ProviderSummary) -> None:
        text, (tint, image) = state_text(provider.state), STATE_LOOKS[provider.state]
        painter.setFont(self._theme.font("caption"))
        room = painter.fontMetrics().horizontalAdvance(text) + 64
        paint_pill(painter, self._theme, area, text, tint, image, right=True)
        used = paint_text(painter, self._theme, area.adjusted(0, 0, -room, 0), provider.name, "text", "body_medium")
        if provider.is_default:
            paint_icon(painter, self._theme, area.left() + used + 6, area, "star", "accent_text", 12)

    def _money(self, painter: QPainter, area: QRect, provider: ProviderSummary) -> None:
        paint_text(painter, self._theme, area, response_text(provider), "text2", "small", right=True)
        room = painter.fontMetrics().horizontalAdvance(response_text(provider)) + 12
        left = area.adjusted(0, 0, -room, 0)
        used = paint_text(painter, self._theme, left, balance_text(provider), "text", "body")
        told = told_text(provider, self._clock())
        paint_text(painter, self._theme, left.adjusted(used + 8, 0, 0, 0), told, "text3", "small")


class ProviderCards(QListView):
    """Shows a ProviderListModel."""

    def __init__(self, model: ProviderListModel, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(ProviderDelegate(theme, clock, self))
        self.setAccessibleName(tr("Providers"))
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        theme.changed.connect(self.scheduleDelayedItemsLayout)
