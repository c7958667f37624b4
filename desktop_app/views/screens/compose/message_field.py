"""Where the message is written: fields stand out as chips, characters that force Unicode are underlined."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, Qt, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip

from desktop_app.domain.fields import field_places
from desktop_app.domain.language import tr
from desktop_app.domain.segments import Forcing
from desktop_app.views.theme import Theme

_LINES: Final = 4
# Each mark is painted anew at every key.
_MOST_MARKS: Final = 300


class MessageField(QPlainTextEdit):
    """The text of a message. ``left`` when the focus went elsewhere."""

    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._forcing: tuple[Forcing, ...] = ()
        self.setProperty("look", "bare")
        self.say_again()
        self.setAccessibleName(tr("Message"))
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(2)
        theme.changed.connect(self._follow)
        self._follow()

    @property
    def text(self) -> str:
        """What is written."""
        return self.toPlainText()

    def say_again(self) -> None:
        """Say in the language in force what belongs here."""
        self.setPlaceholderText(tr("Write the message"))

    def mark(self, forcing: Sequence[Forcing]) -> None:
        """Mark the fields, and the characters that force UCS-2."""
        self._forcing = tuple(forcing[:_MOST_MARKS])
        text = self.text
        marks = [(start, end, self._field_format()) for start, end, _name in field_places(text)[:_MOST_MARKS]]
        marks += [(one.index, one.index + 1, self._forcing_format()) for one in self._forcing]
        self.setExtraSelections([self._selection(text, start, end, look) for start, end, look in marks])

    def insert_field(self, name: str) -> None:
        """Write a field where the cursor is."""
        self.textCursor().insertText(f"{{{name}}}")
        self.setFocus()

    def write(self, text: str) -> None:
        """Replace the whole text as one step that can be undone."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip which character stands there, and what could."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            text = self._tip_at(event)
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

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

    def tip_of(self, place: int) -> str:
        """Return what is said of the character at ``place``, "" when it is an ordinary one."""
        found = next((one for one in self._forcing if one.index == place), None)
        if found is None:
            return ""
        named = tr(
            "“{character}” (U+{code}) needs Unicode.", character=found.character, code=f"{ord(found.character):04X}"
        )
        if found.replacement is None:
            return named
        instead = (
            tr("It could be removed.")
            if not found.replacement
            else tr("“{text}” could stand here.", text=found.replacement)
        )
        return f"{named} {instead}"

    def _tip_at(self, event: QHelpEvent) -> str:
        place = self.cursorForPosition(event.pos() - self.viewport().pos()).position()
        text = self.text
        for candidate in (place, place - 1):
            tip = self.tip_of(_characters(text, candidate)) if candidate >= 0 else ""
            if tip:
                return tip
        return ""

    def _selection(self, text: str, start: int, end: int, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(text, start))
        cursor.setPosition(_units(text, end), QTextCursor.MoveMode.KeepAnchor)
        selection.cursor, selection.format = cursor, look
        return selection

    def _field_format(self) -> QTextCharFormat:
        look = QTextCharFormat()
        look.setBackground(self._theme.colour("accent_bg"))
        look.setForeground(self._theme.colour("accent_text"))
        return look

    def _forcing_format(self) -> QTextCharFormat:
        look = QTextCharFormat()
        look.setBackground(self._theme.colour("warning_bg"))
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        look.setUnderlineColor(self._theme.colour("warning_icon"))
        return look

    def _follow(self) -> None:
        self.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 12)
        self.mark(self._forcing)


def _units(text: str, place: int) -> int:
    """Return where the character at ``place`` stands in UTF-16 units, as Qt counts."""
    return place + sum(character > "\uffff" for character in text[:place])


def _characters(text: str, units: int) -> int:
    """Return which character stands at so many UTF-16 units."""
    left = units
    for place, character in enumerate(text):
        if left <= 0:
            return place
        left -= 2 if character > "\uffff" else 1
    return len(text)
