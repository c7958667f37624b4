"""A client's credit as a bar: what stays after the send, what it takes, and where the client is warned."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QProgressBar

from desktop_app.domain.language import tr
from desktop_app.views.theme import Theme

_HEIGHT: Final = 10
_STEPS: Final = 10_000


class CreditBar(QProgressBar):
    """Solid what stays, hatched what the send takes; a mark where the alert is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._now = self._after = 0
        self._alert: int | None = None
        self.setTextVisible(False)
        self.setProperty("look", "credit")
        self.setRange(0, _STEPS)
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName(tr("Credit after sending"))
        theme.changed.connect(self.update)

    def show_credit(self, now: int, after: int, alert: int | None, text: str) -> None:
        """Show micro-units; ``text`` says them."""
        self._now, self._after, self._alert = now, after, alert
        self.setValue(round(_STEPS * self._share(after)))
        self.setAccessibleDescription(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it likes."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the parts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(0, 1, 0, -1)
        shape = QPainterPath()
        shape.addRoundedRect(whole, 4, 4)
        painter.setClipPath(shape)
        painter.fillRect(whole, self._theme.colour("sunken"))
        is_short = self._after < 0
        kept = whole.width() * self._share(self._after)
        taken = QRectF(kept, whole.top(), whole.width() * self._share(self._now) - kept, whole.height())
        colour = self._theme.colour("danger_fill" if is_short else "c1")
        if not is_short:
            painter.fillRect(QRectF(0, whole.top(), kept, whole.height()), colour)
        faint = self._theme.colour("danger_bg" if is_short else "accent_bg")
        painter.fillRect(taken, faint)
        painter.fillRect(taken, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.setClipping(False)
        if self._alert is not None and 0 < self._alert <= self._now:
            left = whole.width() * self._share(self._alert)
            painter.fillRect(QRectF(left - 1, 0, 2, self.height()), self._theme.colour("warning_icon"))

    def _share(self, amount: int) -> float:
        return min(1.0, max(0, amount) / self._now) if self._now > 0 else 0.0
