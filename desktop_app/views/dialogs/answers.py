"""A question with its answers as buttons."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.views.widgets.notices import label

WIDTH: Final = 440


class Question(QDialog):
    """A question with its answers as buttons; Esc is the last of them.

    Attributes:
        buttons: the answers' buttons by their text.
    """

    def __init__(
        self, parent: QWidget, title: str, detail: str, answers: tuple[tuple[str, Callable[[], object] | None], ...]
    ) -> None:  # fmt: skip
        """Ask.

        Args:
            parent: the window it stands above.
            title: the question.
            detail: what the answers mean for the data.
            answers: (text, what it does or None), the first is the one that keeps data and has the focus.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setFixedWidth(WIDTH)
        self.buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        for text, look in ((title, "h2"), (detail, "facts")):
            line = label(text, look)
            line.setWordWrap(True)
            column.addWidget(line)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for text, run in reversed(answers):
            button = QPushButton(text)
            button.clicked.connect(self.accept)
            if run is not None:
                button.clicked.connect(run)
            row.addWidget(button)
            self.buttons[text] = button
        first = self.buttons[answers[0][0]]
        first.setProperty("look", "primary")
        first.setDefault(True)
        column.addSpacing(8)
        column.addLayout(row)
        first.setFocus()
