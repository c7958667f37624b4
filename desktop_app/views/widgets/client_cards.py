"""The list of clients at the left: initials, name, credit, what it sends, and how it stands."""

from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr
from desktop_app.services.client_accounts import ClientState, ClientSummary
from desktop_app.views.models.client_list import CLIENT_ROLE, STATE_LOOKS, ClientListModel, state_text
from desktop_app.views.models.credit_texts import credit_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.cards import EDGE, CardDelegate, CardList, paint_avatar
from desktop_app.views.widgets.framed_delegate import Index
from desktop_app.views.widgets.record_table import paint_pill, paint_text

LINE: Final = 21
AVATAR: Final = 30


class ClientDelegate(CardDelegate):
    """Paints a card."""

    HEIGHT = 56

    def __init__(self, model: ClientListModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._model = model

    def paint_content(self, painter: QPainter, area: QRect, index: Index) -> None:
        """Paint a card."""
        one: ClientSummary = index.data(CLIENT_ROLE)
        area = area.adjusted(EDGE, 0, -EDGE, -1)
        avatar = QRectF(area.left(), area.center().y() - AVATAR / 2 + 0.5, AVATAR, AVATAR)
        paint_avatar(painter, self._theme, avatar, one.name, one.client.client_id)
        line = self._theme.scaled(LINE)
        top = QRect(area.left() + AVATAR + 10, area.center().y() - line + 1, area.width() - AVATAR - 10, line)
        self._title(painter, top, one)
        self._facts(painter, top.translated(0, line), one)

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


class ClientCards(CardList):
    """Shows a ClientListModel."""

    def __init__(self, model: ClientListModel, theme: Theme) -> None:
        super().__init__(model, theme, tr("Clients"))
        self.setItemDelegate(ClientDelegate(model, theme, self))
