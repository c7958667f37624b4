"""A test to one's own phone before many get it; it is charged to us, not to the client."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.recipient_blocks import read_block
from desktop_app.views.widgets.notices import announce, label

WIDTH: Final = 440
MOST: Final = 10


class TestDialog(QDialog):
    """Asks for the numbers.

    Args:
        parent: the window.
        numbers: those that were used last.
        company: who pays.
        price: called with the numbers, and with what to show the cost with; either may come to nothing.
        send: called with the numbers.
    """

    __test__ = False

    def __init__(
        self, parent: QWidget, numbers: str, company: str,
        price: Callable[[tuple[str, ...], Callable[[str], object]], object], send: Callable[[tuple[str, ...]], object],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Send test"))
        self.setMinimumWidth(WIDTH)
        self._company, self._price, self._send = company, price, send
        self._is_sent = False
        self.field = QLineEdit(numbers)
        self.field.setPlaceholderText(tr("Your own numbers, with country code"))
        self.cost, self.problem = label("", "facts"), label("", "error")
        self.cancel_button, self.send_button = QPushButton(tr("Cancel")), QPushButton(tr("Send test"))
        self.send_button.setProperty("look", "primary")
        self.send_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        self.send_button.clicked.connect(self.agree)
        self.cancel_button.clicked.connect(self.reject)
        self.field.textChanged.connect(self._ask)
        caption = label(tr("Numbers"), "field")
        caption.setBuddy(self.field)
        detail = label(
            tr("The message as the first recipient gets it. The numbers are kept for the next test."), "facts"
        )
        detail.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(label(tr("Send test"), "title"))
        for part in (detail, caption, self.field, self.cost, self.problem):
            column.addWidget(part)
        self.cost.setWordWrap(True)
        self.problem.setWordWrap(True)
        self.problem.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.send_button)
        column.addLayout(buttons)
        self.field.setFocus()
        self._ask()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers as typed."""
        return read_block(self.field.text(), None).texts

    def agree(self) -> None:
        """Send to the numbers, once."""
        numbers = self.numbers
        if not 0 < len(numbers) <= MOST:
            self.show_problem(tr("Give between 1 and {most} numbers.", most=MOST))
            return
        if not self._is_sent:
            self._is_sent = True
            self.send_button.setEnabled(False)
            self._send(numbers)

    def show_problem(self, text: str) -> None:
        """Say why nothing was sent; it can be tried again."""
        self._is_sent = False
        self.send_button.setEnabled(True)
        self.problem.setText(text)
        self.problem.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, text, is_urgent=True)

    def _ask(self) -> None:
        self.problem.hide()
        self.cost.setText("")
        if 0 < len(self.numbers) <= MOST:
            self._price(self.numbers, self._show_cost)

    def _show_cost(self, cost: str) -> None:
        self.cost.setText(
            tr("The test costs {cost}, paid by {company}.", cost=cost, company=self._company) if cost else ""
        )
