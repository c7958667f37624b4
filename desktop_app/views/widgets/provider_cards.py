"""The list of providers at the left: initials, name, state, money, and what is known of it."""

from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

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
from desktop_app.views.widgets.cards import EDGE, CardDelegate, CardList, paint_avatar
from desktop_app.views.widgets.framed_delegate import Index
from desktop_app.views.widgets.record_table import paint_icon, paint_pill, paint_text

LINE: Final = 21
AVATAR: Final = 32


class ProviderDelegate(CardDelegate):
    """Paints a card."""

    HEIGHT = 80

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._clock = clock

    def paint_content(self, painter: QPainter, area: QRect, index: Index) -> None:
        """Paint a card."""
        provider: ProviderSummary = index.data(PROVIDER_ROLE)
        area = area.adjusted(EDGE, 0, -EDGE, -1)
        avatar = QRectF(area.left(), area.center().y() - AVATAR / 2 + 0.5, AVATAR, AVATAR)
        paint_avatar(painter, self._theme, avatar, provider.name, provider.provider_id)
        line = self._theme.scaled(LINE)
        top = QRect(area.left() + AVATAR + 12, area.center().y() - 3 * line // 2 + 1, area.width() - AVATAR - 12, line)
        self._title(painter, top, provider)
        self._money(painter, top.translated(0, line), provider)
        paint_text(
            painter, self._theme, top.translated(0, 2 * line), costs_text(provider, self._clock()), "text3", "small"
        )

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


class ProviderCards(CardList):
    """Shows a ProviderListModel."""

    def __init__(self, model: ProviderListModel, theme: Theme, clock: Clock) -> None:
        super().__init__(model, theme, tr("Providers"))
        self.setItemDelegate(ProviderDelegate(theme, clock, self))
