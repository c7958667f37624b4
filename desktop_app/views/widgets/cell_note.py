"""What is said about a cell while it is edited: an error under the field, or a question with its answers."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop_app.views.dressing import redress
from desktop_app.views.widgets.notices import label

GAP: Final = 4
_WIDEST: Final = 360


class CellNote(QFrame):
    """Hangs under an editor, or stands above it where there is no room. Tab goes to its buttons, Esc back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._holder = parent
        self._text = label("", "note")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 6, 8, 6)
        self._row.setSpacing(8)
        self._row.addWidget(self._text, 1)
        self.buttons: list[QPushButton] = []
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(
        self, cell: QRect, text: str, answers: tuple[tuple[str, Callable[[], object]], ...], *, wrong: bool
    ) -> None:
        """Say something about the editor at ``cell``.

        Args:
            cell: of the editor, in the parent's coordinates.
            text: the sentence.
            answers: buttons with what they do.
            wrong: it is an error, else a question.
        """
        self._look("note-danger" if wrong else "note-ask")
        self._text.setText(text)
        self._text.setWordWrap(self._text.sizeHint().width() > _WIDEST)
        self._set_answers(answers)
        self.adjustSize()
        self.move(self._place(cell))
        self.show()
        self.raise_()
        event = QAccessibleAnnouncementEvent(self, text)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def _look(self, look: str) -> None:
        self.setProperty("look", look)
        for part in (self, self._text):
            redress(part)

    def _set_answers(self, answers: tuple[tuple[str, Callable[[], object]], ...]) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        for text, run in answers:
            button = QPushButton(text)
            button.setProperty("look", "note")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _checked, run=run: run())
            self._row.addWidget(button)
            self.buttons.append(button)

    def _place(self, cell: QRect) -> QPoint:
        room = self._holder.rect()
        left = max(GAP, min(cell.right() - self.width() + 1, room.width() - self.width() - GAP))
        below = cell.bottom() + GAP
        if below + self.height() > room.height():
            return QPoint(left, cell.top() - GAP - self.height())
        return QPoint(left, below)
