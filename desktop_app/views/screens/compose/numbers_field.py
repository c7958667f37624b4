"""Where recipients are typed, pasted and dropped."""

import re
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, Qt
from PySide6.QtWidgets import QPlainTextEdit

from desktop_app.domain.language import tr
from desktop_app.views.theme import Theme

# More numbers than this fold into a chip with their count.
FOLD: Final = 20
_BETWEEN: Final = re.compile(r"[\r\n;,\t]+")
_LINES: Final = 2
_MOST_LINES: Final = 4


class NumbersField(QPlainTextEdit):
    """A few numbers as text.

    Signals:
        pasted: text with more recipients than a person reads; it does not stand in the field.
        dropped: the path of a file that was dropped or pasted.
        left: the focus went elsewhere.
    """

    pasted = Signal(str)
    dropped = Signal(Path)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("look", "bare")
        self.say_again()
        self.setAccessibleName(tr("Recipients"))
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._fit)
        theme.changed.connect(self._fit)
        self._fit()

    def say_again(self) -> None:
        """Say in the language in force what belongs here."""
        self.setPlaceholderText(tr("Type or paste numbers, one per line or separated by commas"))

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Take files as files, long lists as lists, and anything else as text."""
        files = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
        if files:
            for one in files:
                self.dropped.emit(one)
            return
        text = source.text()
        if is_long(text):
            self.pasted.emit(text)
        elif text:
            self.textCursor().insertText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave Ctrl+Enter to the screen."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the person is done here for now."""
        super().focusOutEvent(event)
        self.left.emit()

    def _fit(self) -> None:
        lines = min(_MOST_LINES, max(_LINES, self.blockCount()))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 8)


def is_long(text: str) -> bool:
    """Return whether ``text`` has more recipients than stand in the field as text, or columns of a spreadsheet."""
    lines = text.strip("\r\n").splitlines()
    is_block = len(lines) > 1 and any("\t" in line for line in lines[:FOLD])
    return is_block or len(_BETWEEN.split(text.strip()[: 64 * FOLD])) > FOLD or len(text) > 64 * FOLD
