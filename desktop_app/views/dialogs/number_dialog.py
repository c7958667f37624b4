"""The number shown instead of a name in one country."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.services.sender_ids import SenderIDsService
from desktop_app.views.dialogs.provider_form import FormField
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Outcome, Topic

WIDTH = 420


class NumberDialog(QDialog):
    """Asks for a number; an empty line removes it. Shown with ``open``."""

    def __init__(self, place: Workplace, parent: QWidget, provider: str, iso: str, country: str, number: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place, self._provider, self._iso, self._before = place, provider, iso, number
        title = tr("Number shown in {country}", country=country)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        hint = tr("With the country code, or a short code. Leave empty to remove it.")
        self.field = FormField(tr("Number"), hint, example="+14155550100")
        self.field.line.setText(number)
        self.field.line.selectAll()
        self.save_button, self.cancel = QPushButton(tr("Save number")), QPushButton(tr("Cancel"))
        self.save_button.setProperty("look", "primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self.save)
        self.cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(label(title, "title"))
        for part in (self.field.caption, self.field.line, self.field.note):
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save_button)
        column.addLayout(buttons)
        self.field.line.setFocus()

    def save(self) -> None:
        """Keep the number; the change can be undone."""
        number = self.field.line.text().strip()
        if number == self._before:
            self.accept()
            return
        parts = self._place.parts
        work = partial(_set, parts.sender_ids, self._provider, self._iso, number, self._before, parts.actor)
        self._place.tasks.command(work, owner=self, on_success=lambda _: self.accept(), on_error=self._show_error)

    def _show_error(self, error: AppError) -> None:
        self.field.show_problem(error.user_message)
        self.field.line.setFocus()


def _set(
    senders: SenderIDsService, provider: str, iso: str, number: str, before: str, actor: str, _job: Job
) -> Outcome[None]:
    if number:
        senders.set_fallback_number(provider, iso, number, actor=actor)
    else:
        senders.remove_fallback_number(provider, iso, actor=actor)
    said = tr("Number of {country} set", country=iso) if number else tr("Number of {country} removed", country=iso)
    undo = partial(_set, senders, provider, iso, before, number, actor)
    return Outcome(None, frozenset({Topic.PROVIDERS}), said, undo)
