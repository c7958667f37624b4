"""The shadow under what floats: painted, at most 12 % black, no effect object."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

SHADOW: Final = 14
_RADIUS: Final = 8
# The rings lie upon each other.
_ALPHA: Final = 3
_ALPHA_IN_DARK: Final = 10
_OFFSET: Final = 3


def paint_shadow(painter: QPainter, place: QRectF, *, is_dark: bool) -> None:
    """Paint a shadow of ``SHADOW`` pixels around ``place``, which is painted over it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, _ALPHA_IN_DARK if is_dark else _ALPHA))
    lower = place.translated(0, _OFFSET)
    for grown in range(1, SHADOW - _OFFSET):
        painter.drawRoundedRect(lower.adjusted(-grown, -grown, grown, grown), _RADIUS + grown, _RADIUS + grown)
