"""One contact, and the name of one group."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.services.phone_book import Contact, ContactGroup
from desktop_app.views.dialogs.provider_form import FormField
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Outcome, Topic

WIDTH: Final = 420
CHANGED: Final = frozenset({Topic.CLIENTS})


class _SmallDialog(QDialog):
    """A title, fields, and two buttons; what it does is refused under the field."""

    def __init__(self, place: Workplace, parent: QWidget, title: str, button: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self._place = place
        self.save_button, self.cancel = KeyButton(place.theme, button), QPushButton(tr("Cancel"))
        self.save_button.setProperty("look", "primary")
        self.save_button.setDefault(True)
        self.cancel.setAutoDefault(False)
        self.save_button.clicked.connect(self.save)
        self.cancel.clicked.connect(self.reject)
        head = label(title, "title")
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setWordWrap(True)
        self.fields = QVBoxLayout()
        self.fields.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.cancel)
        row.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(head)
        column.addLayout(self.fields)
        column.addLayout(row)

    def save(self) -> None:
        """Do it."""
        raise NotImplementedError

    def run(self, work: Callable[[Job], Outcome[Any]], field: FormField) -> None:
        """Do ``work`` and close; what is refused is said under ``field``."""
        self.save_button.setEnabled(False)

        def refuse(error: AppError) -> None:
            self.save_button.setEnabled(True)
            field.show_problem(error.user_message)
            field.line.setFocus()

        self._place.tasks.command(work, owner=self, on_success=lambda _: self.accept(), on_error=refuse)


class GroupDialog(_SmallDialog):
    """Asks for a name.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        title: what is done.
        name: as it is now.
        act: does it with the new name.
    """

    def __init__(
        self, place: Workplace, parent: QWidget, title: str, name: str, act: Callable[[str], Outcome[Any]]
    ) -> None:  # fmt: skip
        super().__init__(place, parent, title, tr("Save group"))
        self._act = act
        self.name = FormField(tr("Name"), "")
        self.name.line.setText(name)
        for part in (self.name.caption, self.name.line, self.name.note):
            self.fields.addWidget(part)
        self.name.line.selectAll()
        self.name.line.setFocus()

    def save(self) -> None:
        """Keep the name."""
        text, act = self.name.line.text(), self._act
        self.run(lambda _job: act(text), self.name)


class ContactDialog(_SmallDialog):
    """Asks for a number and its fields, one "name: value" per line.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        client: whose.
        group: a new contact goes there, None for none.
        contact: the one that is changed, None for a new one.
    """

    def __init__(
        self, place: Workplace, parent: QWidget, client: str, group: ContactGroup | None, contact: Contact | None = None
    ) -> None:
        title = (
            tr("Edit contact of {client}", client=client) if contact else tr("New contact of {client}", client=client)
        )
        super().__init__(place, parent, title, tr("Save contact"))
        self._client, self._group, self._contact = client, group, contact
        self.number = FormField(tr("Number"), tr("With the country code."), example="+4915110000004")
        self.values = QPlainTextEdit()
        self.values.setPlaceholderText("first_name: Lena\ncity: Ulm")
        self.values.setFixedHeight(place.theme.scaled(96))
        self.values.setTabChangesFocus(True)
        caption = caption_of(self.values, tr("Fields, one per line"))
        if contact is not None:
            self.number.line.setText(contact.number)
            self.values.setPlainText("\n".join(f"{name}: {value}" for name, value in contact.fields.items()))
        for part in (self.number.caption, self.number.line, self.number.note, caption, self.values):
            self.fields.addWidget(part)
        self.number.line.setFocus()

    def save(self) -> None:
        """Store the contact."""
        after = Contact(self.number.line.text(), fields_of(self.values.toPlainText()))
        book, client, actor = self._place.parts.phone_book, self._client, self._place.parts.actor
        group = self._group.group_id if self._group is not None else None
        before = self._contact

        def add(_job: Job) -> Outcome[Any]:
            book.save(client, [after], group, actor=actor)
            return Outcome(None, CHANGED)

        def change(_job: Job) -> Outcome[Any]:
            if before is not None:
                book.change(client, before.number, after, actor=actor)
            return Outcome(None, CHANGED)

        self.run(add if before is None else change, self.number)


def fields_of(text: str) -> dict[str, str]:
    """Return the fields that lines such as "first_name: Lena" write; other lines are left out."""
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}
