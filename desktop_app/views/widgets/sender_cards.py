"""The queue of sender IDs at the left: name, client, countries, age, and the one most important fact."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr
from desktop_app.services.clock import Clock
from desktop_app.services.sender_reviews import QueueItem
from desktop_app.views.icons import FLAG, flag
from desktop_app.views.models.sender_queue import ITEM_ROLE, SenderQueueModel
from desktop_app.views.models.sender_words import age_text, fact_of
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.cards import EDGE, CardDelegate, CardList
from desktop_app.views.widgets.framed_delegate import Index
from desktop_app.views.widgets.record_table import paint_icon, paint_pill, paint_text

LINE: Final = 20
MOST_FLAGS: Final = 4
FLAG_STEP: Final = 22


class SenderDelegate(CardDelegate):
    """Paints a card."""

    HEIGHT = 74

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._clock = clock

    def paint_content(self, painter: QPainter, area: QRect, index: Index) -> None:
        """Paint a card."""
        item: QueueItem = index.data(ITEM_ROLE)
        line = self._theme.scaled(LINE)
        area = area.adjusted(EDGE, 0, -EDGE, -1)
        top = QRect(area.left(), area.center().y() - 3 * line // 2 + 1, area.width(), line)
        self._title(painter, top, item)
        paint_text(painter, self._theme, top.translated(0, line), item.client, "text2", "small")
        self._foot(painter, top.translated(0, 2 * line), item)

    def _title(self, painter: QPainter, area: QRect, item: QueueItem) -> None:
        now = self._clock()
        age = age_text(item.asked_at, now) if item.is_waiting else ""
        late = item.is_waiting and item.due_at is not None and item.due_at < now
        used = paint_text(painter, self._theme, area, age, "warning" if late else "text3", "small", right=True)
        if late:
            paint_icon(painter, self._theme, area.right() - used - 18, area, "clock", "warning_icon", 12)
        room = used + (28 if late else 8)
        paint_text(painter, self._theme, area.adjusted(0, 0, -room, 0), item.sender, "text", "body_medium")

    def _foot(self, painter: QPainter, area: QRect, item: QueueItem) -> None:
        left = area.left()
        for iso in item.open_countries[:MOST_FLAGS]:
            image = flag(iso, painter.device().devicePixelRatioF())
            if image is not None:
                painter.drawPixmap(QPoint(left, area.center().y() - FLAG.height() // 2 + 1), image)
            left += FLAG_STEP
        more = len(item.open_countries) - MOST_FLAGS
        if more > 0:
            rest = area.adjusted(left - area.left(), 0, 0, 0)
            left += paint_text(painter, self._theme, rest, f"+{more}", "text3", "small") + 6
        text, (tint, image_name) = fact_of(item, self._clock())
        if text:
            paint_pill(
                painter, self._theme, area.adjusted(left - area.left(), 0, 0, 0), text, tint, image_name, right=True
            )


class SenderCards(CardList):
    """Shows a SenderQueueModel.

    Signals:
        ticked: a figure from 1 to 9 was pressed.
    """

    ticked = Signal(int)

    def __init__(self, model: SenderQueueModel, theme: Theme, clock: Clock) -> None:
        super().__init__(model, theme, tr("Sender IDs"))
        self.setItemDelegate(SenderDelegate(theme, clock, self))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Tick a country with its figure; the rest as usual."""
        figure = event.key() - Qt.Key.Key_0
        if 1 <= figure <= 9 and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.ticked.emit(figure)
            return
        super().keyPressEvent(event)
