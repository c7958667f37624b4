"""A new API key of a client: asked for, made, and shown once."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.views.dialogs.question import Question
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Outcome, Topic

WIDTH: Final = 520


class KeyDialog(QDialog):
    """Shows a key; when it is closed nobody can see it again."""

    def __init__(self, place: Workplace, parent: QWidget, name: str, key: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = tr("API key of {name}", name=name)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self.key = QLineEdit(key, readOnly=True)
        self.key.setAccessibleName(tr("API key"))
        self.copy_button, self.close_button = QPushButton(tr("Copy key")), QPushButton(tr("Close"))
        self.copy_button.setProperty("look", "primary")
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.accept)
        head = label(title, "title")
        head.setTextFormat(Qt.TextFormat.PlainText)
        said = label(tr("It is shown now and never again. Only its hash is kept."), "facts")
        said.setWordWrap(True)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.close_button)
        row.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for part in (head, said, self.key):
            column.addWidget(part)
        column.addLayout(row)
        self.key.selectAll()
        self.copy_button.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.key.text())
        self.copy_button.setText(tr("Key copied"))


def new_api_key(place: Workplace, parent: QWidget, name: str, *, replace: bool) -> None:
    """Make an API key of a client and show it; one that is in use is replaced only when the person agrees."""
    parts = place.parts

    def work(_job: Job) -> Outcome[str]:
        return Outcome(parts.clients.new_key(name, replace=replace, actor=parts.actor), frozenset({Topic.CLIENTS}))

    def make() -> None:
        place.tasks.command(
            work, owner=parent, on_success=lambda key: KeyDialog(place, parent, name, key).open()
        )  # fmt: skip

    if not replace:
        make()
        return
    detail = tr("The key that {name} uses now stops working at once. Its programs must get the new one.", name=name)
    Question(
        parent, tr("Replace the API key of {name}?", name=name), detail, ((tr("Replace key"), make),), is_dangerous=True
    ).open()
