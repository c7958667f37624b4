"""Buttons and labels that follow the theme by themselves: icons in its colours, shortcuts written on the button."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QStyle, QStyleOptionButton, QStylePainter, QToolButton, QWidget

from desktop_app.views.icons import BUTTON_ICON, button_icon, icon
from desktop_app.views.theme import Theme

CAP_GAP: Final = 4
CAP_PADDING: Final = 5
CAP_DISTANCE: Final = 8


class IconButton(QToolButton):
    """A button that shows an icon only; ``name`` is what a screen reader and the tooltip call it."""

    def __init__(
        self, theme: Theme, image: str, name: str, *, keys: str = "", colour: str = "text2", parent: QWidget | None = None
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._theme, self._image, self._colour = theme, image, colour
        self.setIconSize(QSize(16, 16))
        self.set_name(name, keys)
        theme.changed.connect(self._follow)
        self._follow()

    def set_name(self, name: str, keys: str = "") -> None:
        """Call it ``name``; ``keys`` is portable text ("Ctrl+J")."""
        self.setAccessibleName(name)
        written = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{name} · {written}" if written else name)

    def set_image(self, image: str, colour: str = "text2") -> None:
        """Show another icon."""
        self._image, self._colour = image, colour
        self._follow()

    def _follow(self) -> None:
        side = self._theme.scaled(30)
        self.setFixedSize(side, side)
        self.setIcon(icon(self._theme, self._image, self._colour))


class IconLabel(QLabel):
    """An icon that is only seen: what it says stands beside it as text."""

    def __init__(self, theme: Theme, image: str, colour: str = "text2", size: int = 16) -> None:
        super().__init__()
        self._theme, self._image, self._colour, self._size = theme, image, colour, size
        theme.changed.connect(self._follow)
        self._follow()

    def set_image(self, image: str, colour: str) -> None:
        """Show another icon."""
        self._image, self._colour = image, colour
        self._follow()

    def _follow(self) -> None:
        size = QSize(self._size, self._size)
        self.setPixmap(icon(self._theme, self._image, self._colour, self._size).pixmap(size))
        self.setFixedWidth(self._size)


def key_parts(keys: str) -> list[str]:
    """Return the keys of a shortcut, as this system writes them: "Ctrl+S" gives ["Ctrl", "S"]."""
    written = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "↵")
    if written.endswith("++"):
        return [*written[:-2].split("+"), "+"]
    return [part for part in written.split("+") if part] or ([written] if written else [])


def caps_width(metrics: QFontMetrics, caps: list[str]) -> int:
    """Return how wide ``paint_caps`` paints them."""
    widths = [max(metrics.horizontalAdvance(cap) + 2 * CAP_PADDING, metrics.height() + 2) for cap in caps]
    return sum(widths) + CAP_GAP * (len(widths) - 1) if widths else 0


def paint_caps(
    painter: QPainter, right: int, middle: int, caps: list[str], fill: QColor, edge: QColor, text: QColor
) -> None:
    """Paint keys as caps that end at ``right`` and stand around the height ``middle``, in the painter's font."""
    metrics = painter.fontMetrics()
    height, left = metrics.height() + 2, right - caps_width(metrics, caps)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for cap in caps:
        width = max(metrics.horizontalAdvance(cap) + 2 * CAP_PADDING, height)
        place = QRectF(left + 0.5, middle - height / 2 + 0.5, width - 1, height - 1)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(place, 4, 4)
        painter.setPen(text)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, cap)
        left += width + CAP_GAP


class KeyButton(QPushButton):
    """A button with its shortcut written on it, as one cap: [Save  Ctrl S]."""

    def __init__(
        self, theme: Theme, text: str, keys: str = "", *, image: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme, self._image = theme, image
        self._caps: list[str] = []
        self.setIconSize(BUTTON_ICON)
        self.set_keys(keys)
        theme.changed.connect(self._follow)
        self._follow()

    def set_keys(self, keys: str) -> None:
        """Write another shortcut, portable text, on it; "" for none."""
        parts = key_parts(keys)
        self._caps = [" ".join(parts)] if parts else []
        self.updateGeometry()
        self.update()

    def event(self, event: QEvent) -> bool:
        """Follow a look that is set after the button was made."""
        if event.type() is QEvent.Type.DynamicPropertyChange:
            self._follow()
        return super().event(event)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the native size and room for the shortcut."""
        hint = super().sizeHint()
        return QSize(hint.width() + self._caps_room(), hint.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same: nothing on a button is cut off."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the native button, its text beside the shortcut."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        option.rect = QStyle.visualRect(option.direction, inside, inside.adjusted(0, 0, -self._caps_room(), 0))
        painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)
        if self._caps:
            self._paint_caps(painter)

    def _paint_caps(self, painter: QPainter) -> None:
        painter.setFont(self._theme.font("caption"))
        right, middle = self.width() - CAP_DISTANCE, self.height() // 2
        if self.isRightToLeft():
            right = CAP_DISTANCE + caps_width(painter.fontMetrics(), self._caps)
        if self.property("look") == "primary":
            fill, edge, text = (self._theme.colour("on_accent") for _ in range(3))
            fill.setAlpha(36)
            edge.setAlpha(0)
        else:
            fill, edge, text = (self._theme.colour(name) for name in ("sunken", "line_strong", "text2"))
        if not self.isEnabled():
            text = self._theme.colour("text_disabled")
        paint_caps(painter, right, middle, self._caps, fill, edge, text)

    def _caps_room(self) -> int:
        if not self._caps:
            return 0
        # The native padding at the right stands between text and cap.
        return caps_width(QFontMetrics(self._theme.font("caption")), self._caps) + CAP_DISTANCE - 4

    def _follow(self) -> None:
        if self._image:
            colour = "on_accent" if self.property("look") == "primary" else "text2"
            self.setIcon(button_icon(self._theme, self._image, colour))
        self.updateGeometry()
        self.update()


def paint_ring(
    painter: QPainter, centre: QPointF, radius: float, share: float | None, track: QColor, arc: QColor
) -> None:
    """Paint a ring of progress: ``share`` from 0 to 1, a quarter of it while unknown (None)."""
    place = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(track, 2))
    painter.drawEllipse(place)
    painter.setPen(QPen(arc, 2))
    painter.drawArc(place, 90 * 16, -int(360 * 16 * (0.25 if share is None else share)))
