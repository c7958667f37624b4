"""The list of clients at the left: initials, name, credit, what it sends, and how it stands."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.client_accounts import ClientState, ClientSummary
from desktop_app.views.models.client_list import CLIENT_ROLE, STATE_LOOKS, ClientListModel, state_text
from desktop_app.views.models.credit_texts import credit_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.provider_cards import paint_avatar
from desktop_app.views.widgets.record_table import paint_pill, paint_text

CARD: Final = 56
LINE: Final = 21
AVATAR: Final = 30
EDGE: Final = 16
Index = QModelIndex | QPersistentModelIndex


class ClientDelegate(QStyledItemDelegate):
    """Paints a card."""

    def __init__(self, model: ClientListModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of every card."""
        return QSize(option.rect.width(), self._theme.scaled(CARD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the card, and the ring when it has the focus."""
        one: ClientSummary = index.data(CLIENT_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._background(painter, option)
        area = option.rect.adjusted(EDGE, 0, -EDGE, -1)
        avatar = QRectF(area.left(), area.center().y() - AVATAR / 2 + 0.5, AVATAR, AVATAR)
        paint_avatar(painter, self._theme, avatar, one.name, one.client.client_id)
        line = self._theme.scaled(LINE)
        top = QRect(area.left() + AVATAR + 10, area.center().y() - line + 1, area.width() - AVATAR - 10, line)
        self._title(painter, top, one)
        self._facts(painter, top.translated(0, line), one)
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

    def _title(self, painter: QPainter, area: QRect, one: ClientSummary) -> None:
        tone = "danger" if one.credit < 0 else "text"
        amount = credit_text(one.credit, one.balance.currency)
        used = paint_text(painter, self._theme, area, amount, tone, "body_medium", right=True)
        paint_text(painter, self._theme, area.adjusted(0, 0, -used - 10, 0), one.name, "text", "body_medium")

    def _facts(self, painter: QPainter, area: QRect, one: ClientSummary) -> None:
        room = 0
        if one.state is not ClientState.ACTIVE:
            text, (tint, image) = state_text(one.state), STATE_LOOKS[one.state]
            paint_pill(painter, self._theme, area, text, tint, image, right=True)
            room = painter.fontMetrics().horizontalAdvance(text) + 44
        paint_text(painter, self._theme, area.adjusted(0, 0, -room, 0), self._model.facts(one), "text3", "small")


class ClientCards(QListView):
    """Shows a ClientListModel."""

    def __init__(self, model: ClientListModel, theme: Theme) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(ClientDelegate(model, theme, self))
        self.setAccessibleName(tr("Clients"))
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        theme.changed.connect(self.scheduleDelayedItemsLayout)
