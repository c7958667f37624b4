"""The head of a page about one account, of a client or a provider: who it is, what can be done, and its figures."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.views.formats import MISSING
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.cards import paint_avatar
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import rule

AVATAR: Final = 40


class Avatar(QWidget):
    """The initials of an account; decoration only."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._name, self._number = "", 0
        self.setFixedSize(AVATAR, AVATAR)

    def show_name(self, name: str, number: int) -> None:
        """Show the initials of ``name`` on the tint of ``number``."""
        self._name, self._number = name, number
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_avatar(painter, self._theme, QRectF(self.rect()), self._name, self._number)


class Fact(QVBoxLayout):
    """A figure with its caption above and a note below."""

    def __init__(self, caption: str, *, is_first: bool = False) -> None:
        super().__init__()
        self.setSpacing(2)
        self.value, self.note = label(MISSING, "metric" if is_first else "strong"), ElidedLabel("facts")
        self.addWidget(label(caption, "facts"))
        self.addWidget(self.value)
        self.addWidget(self.note)
        self.addStretch()

    def show_value(self, value: str, note: str, tip: str = "") -> None:
        """Show a figure, the line under it, and more of it as a tooltip."""
        self.value.setText(value)
        self.note.setText(note)
        self.note.setToolTip(tip)


def title_row(avatar: Avatar, names: Iterable[QWidget], facts: QWidget, buttons: Iterable[QWidget]) -> QHBoxLayout:
    """Return the line with the name and its pills, ``facts`` under them, and the buttons at the right."""
    line = QHBoxLayout()
    line.setSpacing(8)
    for part in names:
        line.addWidget(part)
    line.addStretch()
    texts = QVBoxLayout()
    texts.setSpacing(2)
    texts.addLayout(line)
    texts.addWidget(facts)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(avatar)
    row.addSpacing(4)
    row.addLayout(texts, 1)
    for button in buttons:
        row.addWidget(button)
    return row


def facts_row(facts: Sequence[Fact], first_width: int) -> QGridLayout:
    """Return the figures side by side: the first one at least ``first_width`` pixels wide, a line, the others alike."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.addLayout(facts[0], 0, 0)
    grid.addWidget(rule(upright=True), 0, 1)
    for column, fact in enumerate(facts[1:], start=2):
        grid.addLayout(fact, 0, column)
        grid.setColumnStretch(column, 1)
    grid.setColumnMinimumWidth(0, first_width)
    return grid
