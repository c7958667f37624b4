"""A question with its answers as buttons."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.widgets.notices import label

WIDTH: Final = 440
# What an answer says, verb and object, and what it does; None where it only closes the question.
Answer = tuple[str, Callable[[], object] | None]


class Question(QDialog):
    """A question, what it means, and its answers; Esc is Cancel, the last of them. Shown with ``open``.

    Args:
        parent: the window or dialog it stands above.
        title: the question.
        detail: what the answers mean for the data, in full sentences.
        answers: besides Cancel; the first is the usual one and has the focus.
        facts: (name, text) of what goes with it.
        is_dangerous: the first answer cannot be undone: it looks so, and Cancel has the focus.
        cancel: what Cancel is called here, translated.

    Attributes:
        buttons: the answers' buttons by their text.
    """

    def __init__(
        self, parent: QWidget, title: str, detail: str, answers: Sequence[Answer], *,
        facts: Sequence[tuple[str, str]] = (), is_dangerous: bool = False, cancel: str = "",
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        self.buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for text, look in ((title, "h2"), (detail, "facts")):
            line = label(text, look)
            line.setWordWrap(True)
            column.addWidget(line)
        if facts:
            column.addLayout(_table(facts))
        column.addSpacing(6)
        column.addLayout(self._row((*answers, (cancel or tr("Cancel"), None))))
        usual, last = self.buttons[answers[0][0]], next(iter(self.buttons.values()))
        usual.setProperty("look", "danger" if is_dangerous else "primary")
        first = last if is_dangerous else usual
        first.setDefault(True)
        first.setFocus()

    def _row(self, answers: Sequence[Answer]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for text, run in reversed(answers):
            button = QPushButton(text)
            button.clicked.connect(self.accept if run is not None else self.reject)
            if run is not None:
                button.clicked.connect(run)
            row.addWidget(button)
            self.buttons[text] = button
        return row


def _table(facts: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, text) in enumerate(facts):
        value = label(text, "value")
        value.setWordWrap(True)
        grid.addWidget(label(name, "facts"), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, row, 1)
    return grid
