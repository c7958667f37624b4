"""What charts share: a cursor that the arrow keys walk from one place to the next, what it says, and the ring of the focus."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.views.theme import Theme
from desktop_app.views.widgets.notices import announce


class WalkedChart(QWidget):
    """Left and Right go from one place to the next, Home and End to the first and the last; what derives from it paints.

    Signals:
        looked_at: what the place under the cursor says, "" when there is none.

    Args:
        theme: colours and fonts.
        name: what a screen reader calls it.
    """

    looked_at = Signal(str)
    # Whether the text of the cursor's place is its tooltip, too.
    has_tooltip = True

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cursor: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    @property
    def place_count(self) -> int:
        """How many places there are to look at."""
        raise NotImplementedError

    def text_of(self, place: int) -> str:
        """Return what a place says."""
        raise NotImplementedError

    def paint_chart(self, painter: QPainter) -> None:
        """Paint everything but the ring of the focus."""
        raise NotImplementedError

    def first_right(self, last: int) -> int:
        """Return where Right goes while no place is looked at."""
        return last

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Walk along the places, and say each."""
        last, here = self.place_count - 1, self._cursor
        places = {
            Qt.Key.Key_Left: last if here is None else here - 1,
            Qt.Key.Key_Right: self.first_right(last) if here is None else here + 1,
            Qt.Key.Key_Home: 0, Qt.Key.Key_End: last,
        }  # fmt: skip
        place = places.get(Qt.Key(event.key()))
        if place is None or last < 0:
            super().keyPressEvent(event)
            return
        reached = min(max(place, 0), last)
        self._look_at(reached)
        announce(self, self.text_of(reached))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Look at no place any more."""
        self._look_at(None)
        super().focusOutEvent(event)

    def leaveEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name and signature
        """Look at no place any more."""
        self._look_at(None)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the chart, and the ring of the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setFont(self._theme.font("caption"))
        self.paint_chart(painter)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _look_at(self, place: int | None) -> None:
        if place == self._cursor:
            return
        self._cursor = place
        text = "" if place is None else self.text_of(place)
        if self.has_tooltip:
            self.setToolTip(text)
        self.looked_at.emit(text)
        self.update()
