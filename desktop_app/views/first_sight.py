"""The picture of the window that is painted at once: surfaces and grey bars, no text, nothing loaded for it but the colours."""

import json
from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app.config import resource_path

SIDEBAR: Final = 212
TOP_BAR: Final = 46
STATUS_BAR: Final = 26
ROW: Final = 33
LOGO: Final = 26
HALF: Final = 128


class FirstSight(QWidget):
    """Decoration until the frame is there.

    Args:
        kept: the personal settings as they stand in their file.

    Signals:
        painted: it is on the screen; once.
    """

    painted = Signal()

    def __init__(self, kept: Mapping[str, Any]) -> None:
        super().__init__()
        tokens = json.loads(resource_path("tokens.json").read_text("utf-8"))
        self._colours: dict[str, str] = tokens["dark" if _is_dark(kept.get("theme")) else "light"]
        self._told = False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint sidebar, top bar, and the panel with rows to come."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._colour("chrome"))
        painter.setPen(self._colour("line"))
        painter.setBrush(self._colour("surface"))
        panel = QRectF(
            SIDEBAR + 0.5, TOP_BAR + 0.5, self.width() - SIDEBAR - 9, self.height() - TOP_BAR - STATUS_BAR - 1
        )
        painter.drawRoundedRect(panel, 10, 10)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(self._colour("accent"))
        painter.drawRoundedRect(QRectF(14, 14, LOGO, LOGO), 7, 7)
        painter.setBrush(self._colour("neutral_bg"))
        for top in range(72, 240, ROW):
            painter.drawRoundedRect(QRectF(20, top, 120, 9), 4, 4)
        painter.drawRoundedRect(QRectF(panel.left() + 20, panel.top() + 20, 160, 14), 6, 6)
        for top in range(int(panel.top()) + 150, int(panel.bottom()) - ROW, ROW):
            for left, width in (
                (40, 200),
                (panel.width() / 2, 64),
                (panel.width() / 2 + 110, 64),
                (panel.width() - 170, 120),
            ):
                painter.drawRoundedRect(QRectF(panel.left() + left, top, width, 9), 4, 4)
        painter.end()
        if not self._told:
            self._told = True
            QTimer.singleShot(0, self, self.painted.emit)

    def _colour(self, name: str) -> QColor:
        return QColor(self._colours[name])


def _is_dark(theme: object) -> bool:
    if theme in ("light", "dark"):
        return theme == "dark"
    # The palette follows the system; asking for its scheme would load every constant of Qt.
    return QGuiApplication.palette().window().color().lightness() < HALF
