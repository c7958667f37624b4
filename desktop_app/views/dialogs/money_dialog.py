"""What the dialogs that change a client's credit share: fields under each other, a refusal above, one act per dialog."""

import uuid
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.credits import AccountBalance
from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.views.models.credit_texts import exact_money
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import captioned
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.notices import Banner, label
from desktop_app.workers.runner import Outcome, Topic

WIDTH: Final = 460
LONGEST: Final = 200
Booked = tuple[AccountBalance, int]
CHANGED: Final = frozenset({Topic.CREDITS, Topic.CLIENTS})


class MoneyDialog(QDialog):
    """Shown with ``open``. Books at most one entry, however often it is confirmed: every try has the key of the dialog.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        title: a task: "Top up Aurora Travel".
        facts: what it starts from.

    Signals:
        booked: (AccountBalance, id of the entry).
    """

    booked = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget, title: str, facts: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self._place, self.idem, self._is_busy = place, uuid.uuid4().hex, False
        self.banner = Banner(place.theme)
        self.book_button, self.cancel_button = KeyButton(place.theme, "", "Ctrl+Return"), QPushButton(tr("Cancel"))
        self.book_button.setProperty("look", "primary")
        self.book_button.setDefault(True)
        self.book_button.clicked.connect(self.book)
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        said = label(facts, "facts")
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        head = label(title, "title")
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setWordWrap(True)
        self.fields = QVBoxLayout()
        self.fields.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(head)
        column.addWidget(said)
        column.addWidget(self.banner)
        column.addLayout(self.fields)
        column.addSpacing(6)
        column.addLayout(self._buttons())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl+Enter does it, from every field; the rest as usual."""
        if is_confirmed(event):
            self.book()
            return
        super().keyPressEvent(event)

    def book(self) -> None:
        """Do it, unless it is under way."""
        work = None if self._is_busy else self._work()
        if work is None:
            return
        self._set_busy(busy=True)
        self.banner.hide()

        def run(_job: Job) -> Outcome[Booked]:
            return Outcome(work(), CHANGED)

        self._place.tasks.command(run, owner=self, on_success=self._end, on_error=self._refuse)

    def _work(self) -> Callable[[], Booked] | None:
        """Return what books the entry, None when something is missing: the field that it is says so and has the focus."""
        raise NotImplementedError

    def add_field(self, caption: str, field: QWidget) -> None:
        """Add a field with its caption above."""
        self.fields.addLayout(captioned(field, caption))

    def add_pair(self, *fields: tuple[str, QWidget]) -> None:
        """Add fields side by side."""
        row = QHBoxLayout()
        row.setSpacing(12)
        for caption, field in fields:
            row.addLayout(captioned(field, caption), 1)
        self.fields.addLayout(row)

    def _set_busy(self, *, busy: bool) -> None:
        self._is_busy = busy
        self.book_button.setEnabled(not busy)

    def _end(self, booked: Booked) -> None:
        self.booked.emit(booked)
        self.accept()

    def _refuse(self, error: AppError) -> None:
        self._set_busy(busy=False)
        self.banner.show_error(tr("Nothing was booked"), error.user_message)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.cancel_button)
        row.addWidget(self.book_button)
        return row


def is_confirmed(event: QKeyEvent) -> bool:
    """Return whether a key is Ctrl+Enter."""
    held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return held and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def text_line(example: str = "") -> QLineEdit:
    """Return a line for a text."""
    return QLineEdit(placeholderText=example, maxLength=LONGEST)


def credit_facts(balance: AccountBalance, currency: str) -> str:
    """Return what a client has: "Available credit €226.54: €640.00 posted, €413.46 reserved"."""
    available = exact_money(balance.posted - balance.held, currency)
    if not balance.held and not balance.overdraft:
        return tr("Available credit {amount}", amount=available)
    posted, held = exact_money(balance.posted, currency), exact_money(balance.held, currency)
    facts = [
        tr("Available credit {amount}: {posted} posted, {held} reserved", amount=available, posted=posted, held=held)
    ]
    facts += [tr("overdraft {amount}", amount=exact_money(balance.overdraft, currency))] if balance.overdraft else []
    return ", ".join(facts)
