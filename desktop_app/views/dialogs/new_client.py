"""A new client: name, currency, e-mail address."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.domain.money import CURRENCIES
from desktop_app.services.job import Job
from desktop_app.views.dialogs.provider_form import FormField
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Outcome, Topic

WIDTH: Final = 420


class NewClientDialog(QDialog):
    """Shown with ``open``. ``added`` carries the client's name.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        currency: the main one, offered first.
    """

    added = Signal(str)

    def __init__(self, place: Workplace, parent: QWidget, currency: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place = place
        self.setWindowTitle(tr("New client"))
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self.name = FormField(tr("Name"), tr("Unique; it can be changed later."))
        self.email = FormField(
            tr("E-mail"), tr("For alerts, receipts and news of sender IDs."), example="name@company.example"
        )
        self.currency = Choice[str]([(code, code) for code in (currency, *sorted(CURRENCIES - {currency}))])
        self.save_button, self.cancel = KeyButton(place.theme, tr("Add client")), QPushButton(tr("Cancel"))
        self.save_button.setProperty("look", "primary")
        self.save_button.setDefault(True)
        self.cancel.setAutoDefault(False)
        self.save_button.clicked.connect(self.save)
        self.cancel.clicked.connect(self.reject)
        self._build()
        self.name.line.setFocus()

    def save(self) -> None:
        """Add the client."""
        parts = self._place.parts
        name, email, currency = self.name.line.text(), self.email.line.text().strip(), self.currency.value
        self.save_button.setEnabled(False)

        def work(_job: Job) -> Outcome[str]:
            made = parts.clients.add(name, currency=currency, email=email or None, actor=parts.actor)
            return Outcome(made.name, frozenset({Topic.CLIENTS}))

        self._place.tasks.command(work, owner=self, on_success=self._end, on_error=self._refuse)

    def _build(self) -> None:
        caption = caption_of(self.currency, tr("Currency of its credit"))
        fixed = label(tr("It stays as it is once the client is added."), "facts")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(6)
        column.addWidget(label(tr("New client"), "title"))
        column.addSpacing(6)
        for field in (self.name, self.email):
            for part in (field.caption, field.line, field.note):
                column.addWidget(part)
            column.addSpacing(6)
        column.addWidget(caption)
        column.addWidget(self.currency)
        column.addWidget(fixed)
        column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save_button)
        column.addLayout(buttons)

    def _end(self, name: str) -> None:
        self.added.emit(name)
        self.accept()

    def _refuse(self, error: AppError) -> None:
        self.save_button.setEnabled(True)
        is_email = "email" in getattr(error, "fields", {})
        field = self.email if is_email else self.name
        self.email.show_problem("")
        self.name.show_problem("")
        field.show_problem(error.user_message)
        field.line.setFocus()
