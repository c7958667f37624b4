"""Asks before something happens that cannot be undone."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.widgets.notices import label

WIDTH: Final = 420


class Question(QDialog):
    """A question, what it means, and two answers; Esc is Cancel. Shown with ``open``.

    Args:
        parent: the window or dialog it stands above.
        title: the question.
        detail: what agreeing means, a full sentence.
        agree: what the button that agrees says, verb and object.
        run: called when the person agrees.
        facts: (name, text) of what goes with it.
        is_dangerous: the button that agrees looks so, and Cancel has the focus.
    """

    def __init__(
        self, parent: QWidget, title: str, detail: str, agree: str, run: Callable[[], object], *,
        facts: Sequence[tuple[str, str]] = (), is_dangerous: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        self._run = run
        self.agree, self.cancel = QPushButton(agree), QPushButton(tr("Cancel"))
        self.agree.setProperty("look", "danger" if is_dangerous else "primary")
        self.agree.clicked.connect(self._agree)
        self.cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for text, look in ((title, "title"), (detail, "facts")):
            line = label(text, look)
            line.setWordWrap(True)
            column.addWidget(line)
        if facts:
            column.addLayout(_table(facts))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.agree)
        column.addLayout(buttons)
        first = self.cancel if is_dangerous else self.agree
        first.setDefault(True)
        first.setFocus()

    def _agree(self) -> None:
        self.accept()
        self._run()


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
