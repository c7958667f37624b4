"""Lucide icons in the theme's colours, and flags; rendered once per colour, size and pixel ratio."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop_app.config import resource_path
from desktop_app.views.theme import Theme

FLAG: Final = QSize(18, 12)
BUTTON_ICON: Final = QSize(21, 16)
_FLAG_RADIUS: Final = 2.5
_SMALL: Final = 14
_MIRRORED: Final = {"arrow-left": "arrow-right", "arrow-right": "arrow-left", "chevron-right": "chevron-left"}


def icon(theme: Theme, name: str, colour: str = "text2", size: int = 16) -> QIcon:
    """Return the icon ``name`` in the token ``colour``; one that points onwards points to where reading goes on."""
    shown = _MIRRORED.get(name, name) if QGuiApplication.isRightToLeft() else name
    return QIcon(pixmap(shown, theme.colour(colour).name(), size, 2.0))


def button_icon(
    theme: Theme, name: str, colour: str = "text2", size: int = 16, room: QSize = BUTTON_ICON
) -> QIcon:  # fmt: skip
    """Return an icon for a button with text, of BUTTON_ICON's size or another: it keeps its distance to the text."""
    canvas = _canvas(room, 2.0)
    painter = QPainter(canvas)
    left = room.width() - size if QGuiApplication.isRightToLeft() else 0
    painter.drawPixmap(left, (room.height() - size) // 2, pixmap(name, theme.colour(colour).name(), size, 2.0))
    painter.end()
    return QIcon(canvas)


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """Return an icon, ``size`` logical pixels square, in the colour "#RRGGBB", sharp at the pixel ``ratio``."""
    source = resource_path(f"icons/{name}.svg").read_text("utf-8")
    stroke = "1.75" if size > _SMALL else "2.2"
    source = source.replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    return _rendered(source.encode("utf-8"), QSize(size, size), ratio)


@lru_cache(maxsize=512)
def flag(iso: str, ratio: float) -> QPixmap | None:
    """Return the flag of a country with rounded corners and a faint outline, or None when there is none."""
    path = resource_path(f"icons/flags/{iso}.svg")
    if not path.exists():
        return None
    plain = _rendered(path.read_bytes(), FLAG, ratio)
    canvas = _canvas(FLAG, ratio)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(0.5, 0.5, FLAG.width() - 1, FLAG.height() - 1), _FLAG_RADIUS, _FLAG_RADIUS)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(outline)
    painter.drawPixmap(0, 0, plain)
    painter.setOpacity(0.14)
    painter.setPen(QPen(Qt.GlobalColor.gray, 1))
    painter.drawPath(outline)
    painter.end()
    return canvas


def _rendered(source: bytes, size: QSize, ratio: float) -> QPixmap:
    canvas = _canvas(size, ratio)
    painter = QPainter(canvas)
    QSvgRenderer(QByteArray(source)).render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return canvas


def _canvas(size: QSize, ratio: float) -> QPixmap:
    canvas = QPixmap(size * ratio)
    canvas.setDevicePixelRatio(ratio)
    canvas.fill(Qt.GlobalColor.transparent)
    return canvas
