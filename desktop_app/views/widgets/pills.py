"""Small marks: how something stands, as a word on a tint, and the line between two parts."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop_app.views.dressing import redress
from desktop_app.views.icons import icon
from desktop_app.views.theme import Theme

_ICON: Final = 12
_HEIGHT: Final = 20


class Pill(QFrame):
    """A word on a tint; its look is "pill-success", "pill-warning", "pill-danger", "pill-info" or "pill-neutral"."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._name, self._tint = theme, "", "neutral"
        self._image, self._text = QLabel(), QLabel()
        # Lower, and its ends would not be round.
        self.setMinimumHeight(_HEIGHT)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 9, 2)
        row.setSpacing(4)
        row.addWidget(self._image)
        row.addWidget(self._text, 0, Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self._paint)

    @property
    def text(self) -> str:
        """The word."""
        return self._text.text()

    def show_state(self, text: str, tint: str, image: str = "") -> None:
        """Say ``text`` on the tint, after an icon; without text there is no pill."""
        self._name, self._tint = image, tint
        self._text.setText(text)
        self._image.setVisible(bool(image))
        self.setVisible(bool(text))
        self._paint()

    def _paint(self) -> None:
        for part, look in ((self, f"pill-{self._tint}"), (self._text, f"pill-text-{self._tint}")):
            part.setProperty("look", look)
            redress(part)
        if self._name:
            self._image.setPixmap(icon(self._theme, self._name, self._tint, _ICON).pixmap(_ICON, _ICON))


def rule(*, upright: bool = False) -> QFrame:
    """Return a line between parts; decoration only."""
    line = QFrame()
    line.setProperty("look", "rule")
    if upright:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
