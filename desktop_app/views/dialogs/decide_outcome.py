"""A person decides an unknown outcome: sent or not sent, with how they know it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.domain.message_lists import MessageLine
from desktop_app.services.unknown_outcomes import SHORTEST_REASON
from desktop_app.views.models.message_texts import number_text
from desktop_app.views.moments import unit_price_text
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.inputs import Segments
from desktop_app.views.widgets.notices import announce, label

WIDTH: Final = 460
# Is it sent, how the person knows, the provider's id where it is known.
Decide = Callable[[bool, str, str], object]


class DecideOutcome(QDialog):
    """Asks for the decision and its reason; ``decide`` is called with both. Shown with ``open``."""

    def __init__(self, parent: QWidget, line: MessageLine, decide: Decide) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Decide an unknown outcome"))
        self.setMinimumWidth(WIDTH)
        self._line, self._decide = line, decide
        self.choice = Segments(((False, tr("It was not sent")), (True, tr("It was sent"))))
        self.choice.show_value(False)
        self.reason = QLineEdit(placeholderText=tr("The provider's support says that it never arrived"))
        self.sid = QLineEdit(placeholderText=tr("Empty when you do not know it"))
        self.meaning, self.problem = label("", "facts"), label("", "error")
        self.agree_button, self.cancel_button = QPushButton(), QPushButton(tr("Cancel"))
        self._sid_caption = label(tr("ID at the provider"), "field")
        self._build()
        self.choice.chosen.connect(self._explain)
        self.agree_button.clicked.connect(self.agree)
        self.cancel_button.clicked.connect(self.reject)
        self._explain()
        self.reason.setFocus()

    def agree(self) -> None:
        """Take the decision when there is a reason for it."""
        reason = self.reason.text().strip()
        if len(reason) < SHORTEST_REASON:
            self.problem.setText(tr("Write how you know it, in at least 5 characters."))
            self.problem.show()
            announce(self, self.problem.text(), is_urgent=True)
            self.reason.setFocus()
            return
        self.accept()
        self._decide(self.choice.value, reason, self.sid.text().strip() if self.choice.value else "")

    def _explain(self) -> None:
        sent, line = self.choice.value, self._line
        money = unit_price_text(line.price, line.currency)
        if sent:
            self.meaning.setText(tr("{money} is charged to {client}.", money=money, client=line.client))
        else:
            self.meaning.setText(tr("{money} is returned to {client}.", money=money, client=line.client))
        self.agree_button.setText(tr("Mark as sent") if sent else tr("Mark as not sent"))
        self.sid.setVisible(sent)
        self._sid_caption.setVisible(sent)
        self.problem.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        title = tr("Was the message to {number} sent?", number=number_text(self._line.to))
        detail = tr(
            "The provider did not confirm it. Your decision is final and stays in the log. It is never sent again."
        )
        for text, look in ((title, "h2"), (detail, "facts")):
            line = label(text, look)
            line.setWordWrap(True)
            column.addWidget(line)
        column.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        self.choice.name(tr("Decision"))
        caption = caption_of(self.reason, tr("How do you know it?"))
        self._sid_caption.setBuddy(self.sid)
        for part in (caption, self.reason, self._sid_caption, self.sid, self.meaning, self.problem):
            column.addWidget(part)
        self.problem.hide()
        self.agree_button.setProperty("look", "primary")
        self.agree_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.agree_button)
        column.addSpacing(6)
        column.addLayout(buttons)
