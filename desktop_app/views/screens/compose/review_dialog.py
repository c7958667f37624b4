"""The last look before messages leave: what, for whom, at which cost; large sends are confirmed by typing their number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.views.dressing import redress
from desktop_app.views.formats import count_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.notices import announce, label

WIDTH: Final = 460


@dataclass(frozen=True, slots=True)
class ReviewFact:
    """A line of the dialog; ``is_loss`` for what is not sent."""

    name: str
    text: str
    is_loss: bool = False


class ReviewDialog(QDialog):
    """Asks once more. However often Send is pressed, ``send`` is called once.

    Args:
        theme: colours.
        parent: the window.
        count: how many messages it is.
        facts: what goes with it.
        is_large: the count must be typed.
        is_scheduled: nothing leaves now.
        reason: offered as the reason.
        send: called with the reason.
    """

    def __init__(
        self, theme: Theme, parent: QWidget, count: int, facts: Sequence[ReviewFact], *, is_large: bool, is_scheduled: bool,
        reason: str, send: Callable[[str], object],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.scaled(WIDTH))
        self._count, self._is_large, self._send = count, is_large, send
        self._is_sent = False
        title = (
            trn("Schedule {count:,} message?", "Schedule {count:,} messages?", count)
            if is_scheduled
            else trn("Send {count:,} message now?", "Send {count:,} messages now?", count)
        )
        verb = tr("Schedule {count:,}", count=count) if is_scheduled else tr("Send {count:,}", count=count)
        self.setWindowTitle(title)
        self.reason = QLineEdit(reason, maxLength=500)
        self.typed, self.note = QLineEdit(), label("", "error")
        self.cancel_button, self.send_button = QPushButton(tr("Cancel")), KeyButton(theme, verb, "Ctrl+Return")
        self.send_button.setProperty("look", "primary")
        self.send_button.setAutoDefault(False)
        self.cancel_button.setAutoDefault(False)
        self.send_button.clicked.connect(self.agree)
        self.cancel_button.clicked.connect(self.reject)
        self._build(title, facts)
        first = self.typed if is_large else self.cancel_button
        first.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl+Enter sends, wherever the focus is; Enter alone does not."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.agree()
            return
        super().keyPressEvent(event)

    def agree(self) -> None:
        """Send, once; a large send only when its number was typed."""
        if self._is_sent:
            return
        if self._is_large and not self._is_typed():
            self.note.setText(tr("Type {count:,} to confirm.", count=self._count))
            self.note.show()
            self.typed.setProperty("invalid", True)
            redress(self.typed)
            self.typed.setFocus()
            announce(self, self.note.text(), is_urgent=True)
            return
        self._is_sent = True
        self.send_button.setEnabled(False)
        self._send(self.reason.text().strip())
        self.accept()

    def _is_typed(self) -> bool:
        digits = "".join(one for one in self.typed.text() if one.isdigit())
        others = "".join(one for one in self.typed.text() if not one.isdigit())
        return digits == str(self._count) and set(others) <= set(".,  '")

    def _build(self, title: str, facts: Sequence[ReviewFact]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, fact in enumerate(facts):
            value = label(fact.text, "loss" if fact.is_loss else "value-strong")
            value.setWordWrap(True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(fact.name, "small"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        caption = label(tr("Reason"), "field")
        caption.setBuddy(self.reason)
        warning = label(
            tr("You can stop the job, but messages already handed to the provider cannot be recalled."), "small"
        )
        warning.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(title, "title"))
        column.addLayout(grid)
        asked = QVBoxLayout()
        asked.setSpacing(6)
        asked.addWidget(caption)
        asked.addWidget(self.reason)
        column.addLayout(asked)
        if self._is_large:
            ask = label(tr("Large send: type {count} to confirm", count=count_text(self._count)), "field")
            ask.setBuddy(self.typed)
            column.addWidget(ask)
            column.addWidget(self.typed)
            column.addWidget(self.note)
        self.note.hide()
        column.addWidget(warning)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.send_button)
        column.addLayout(buttons)
