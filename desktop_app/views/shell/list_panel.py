"""A list that hangs under a button of the top bar: a heading, a button that clears it, and rows or a sentence."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_app.views.shell.popover import Popover
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.shadow import SHADOW

HIGHEST: Final = 460


class ListPanel(Popover):
    """Jobs and notifications; a panel fills it with ``list_rows`` whenever its list is another one.

    Args:
        window: what it stands above.
        theme: colours and sizes.
        title: the heading.
        anchor: the button that it hangs under, and that opens and closes it.
        width: pixels at the usual size of text.

    Attributes:
        clear: the button that clears the list.
    """

    def __init__(self, window: QWidget, theme: Theme, title: str, anchor: QWidget, width: int) -> None:
        super().__init__(window, theme, title)
        self._anchor, self._width = anchor, width
        self.clear = QPushButton()
        self.clear.setProperty("look", "quiet")
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 8, 10)
        head.addWidget(label(title, "h2"), 1)
        head.addWidget(self.clear)
        self._area, self._inside = QScrollArea(), QWidget()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._area)

    def list_rows(self, rows: Sequence[QWidget], nothing: str) -> None:
        """Show rows in the place of those that are there, or the sentence where there are none."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in rows:
            column.addWidget(row)
        if not rows:
            sentence = label(nothing, "facts")
            sentence.setWordWrap(True)
            sentence.setContentsMargins(16, 6, 16, 12)
            column.addWidget(sentence)
        column.addStretch()
        former, self._inside = self._area.takeWidget(), inside
        self._area.setWidget(inside)
        if former is not None:
            # Later: one of its buttons may be the one that was pressed.
            former.deleteLater()

    def belongs(self, widget: QWidget) -> bool:
        """See Popover; the button that opens it closes it itself."""
        return widget is self._anchor or super().belongs(widget)

    def place(self) -> None:
        """Stand under the button, as high as the list."""
        self.setFixedWidth(self._theme.scaled(self._width) + 2 * SHADOW)
        self._inside.adjustSize()
        self._area.setFixedHeight(min(self._inside.sizeHint().height(), HIGHEST))
        self.adjustSize()
        self.move_below(self._anchor)
