"""How full the segments of a message are: one track each."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.domain.segments import SegmentPlan
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.notices import announce

_HEIGHT: Final = 5
_GAP: Final = 4
# More segments than this warn; more tracks than this are not told apart.
MANY: Final = 3
_MOST_TRACKS: Final = 12


class SegmentMeter(QProgressBar):
    """Tracks of the segments; says the count aloud when it changes, not at each key."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plan: SegmentPlan | None = None
        self.setTextVisible(False)
        self.setAccessibleName(tr("Segments of the message"))
        self.setFixedHeight(_HEIGHT)
        theme.changed.connect(self.update)

    def show_plan(self, plan: SegmentPlan | None) -> None:
        """Show how a text is cut, None for no text."""
        before = self._plan.count if self._plan is not None else 0
        self._plan = plan
        now = plan.count if plan is not None else 0
        self.setRange(0, plan.per_segment * now if plan is not None else 1)
        self.setValue(plan.units_used if plan is not None else 0)
        self.setAccessibleDescription(trn("{count:,} segment", "{count:,} segments", now))
        if before and now and before != now:
            announce(self, trn("{count:,} segment", "{count:,} segments", now))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it likes."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the tracks, each filled as far as its segment is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shares = self._shares()
        width = (self.width() - _GAP * (len(shares) - 1)) / len(shares)
        colour = self._theme.colour("c5" if len(shares) > MANY else "c1")
        for place, share in enumerate(shares):
            track = QRectF(place * (width + _GAP), 0, width, self.height())
            painter.setBrush(self._theme.colour("sunken"))
            painter.drawRoundedRect(track, 2.5, 2.5)
            if share > 0:
                painter.setBrush(colour)
                track.setWidth(max(float(_HEIGHT), width * share))
                painter.drawRoundedRect(track, 2.5, 2.5)

    def _shares(self) -> list[float]:
        if self._plan is None:
            return [0.0]
        if self._plan.count > _MOST_TRACKS:
            return [self._plan.units_used / (self._plan.per_segment * self._plan.count)]
        return [min(1.0, units / self._plan.per_segment) for units in self._plan.units]
