"""The fields of a provider account, made from what its driver declares."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from desktop_app.domain.language import say, tr
from desktop_app.services.provider_records import ProviderDraft, ProviderKind, ProviderSummary
from desktop_app.views.dressing import redress
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.notices import label

NAME = "name"
ADDRESS = "base_url"
SECRET = "secret"  # noqa: S105 - the field's key


class FormField:
    """A labelled line with help under it, or what is wrong with it."""

    def __init__(self, text: str, hint: str, *, hidden: bool = False, example: str = "") -> None:
        self.caption, self.note = label(text, "field"), label(hint, "facts")
        self.note.setWordWrap(True)
        self.hint = hint
        self.line = QLineEdit(placeholderText=example)
        self.caption.setBuddy(self.line)
        self.line.setAccessibleDescription(hint)
        if hidden:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        if not hint:
            self.note.hide()

    def show_problem(self, problem: str) -> None:
        """Say what is wrong, or with "" the hint again."""
        self.note.setText(problem or self.hint)
        self.note.setVisible(bool(problem or self.hint))
        self.note.setProperty("look", "error" if problem else "facts")
        self.line.setProperty("invalid", bool(problem))
        self.line.setAccessibleDescription(problem or self.hint)
        for part in (self.note, self.line):
            redress(part)


class ProviderForm(QWidget):
    """The form of one kind of provider. ``edited`` when the person changed something."""

    edited = Signal()

    def __init__(self, kind: ProviderKind, theme: Theme, stored: ProviderSummary | None = None) -> None:
        super().__init__()
        self.kind, self._stored = kind, stored
        self.fields: dict[str, FormField] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, theme.scaled(110))
        self._add(NAME, FormField(tr("Name"), tr("What you call this account.")))
        hosts = ", ".join(kind.host_suffixes)
        self._add(
            ADDRESS,
            FormField(tr("Address"), tr("https on {hosts}, or http on this computer for a sandbox.", hosts=hosts)),
        )
        for field in kind.fields:
            hint = field.hint()
            self._add(field.key, FormField(say(field.label), hint, hidden=field.secret, example=field.example))
        self._fill()
        for entry in self.fields.values():
            entry.line.textEdited.connect(self._note_edit)

    @property
    def secret(self) -> FormField:
        """The field of the secret."""
        return self.fields[SECRET]

    @property
    def first(self) -> QLineEdit:
        """The first line that has to be typed."""
        return next((entry.line for entry in self.fields.values() if not entry.line.text()), self.fields[NAME].line)

    def draft(self) -> ProviderDraft:
        """Return what was typed."""
        texts = {key: entry.line.text().strip() for key, entry in self.fields.items()}
        settings = {field.key: texts[field.key] for field in self.kind.fields if not field.secret}
        address = texts[ADDRESS] or self.kind.default_base_url
        return ProviderDraft(texts[NAME], self.kind.kind, address, settings, texts[SECRET])

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say under each field what is wrong with it, and go to the first one."""
        for key, entry in self.fields.items():
            entry.show_problem(problems.get(key, ""))
        first = next((entry for key, entry in self.fields.items() if key in problems), None)
        if first is not None:
            first.line.setFocus()

    def forget_secret(self) -> None:
        """Clear the line of the secret, also from its undo history."""
        self.secret.line.setText("")

    def _add(self, key: str, entry: FormField) -> None:
        row = 3 * len(self.fields)
        self.fields[key] = entry
        self._grid.addWidget(entry.caption, row, 0)
        self._grid.addWidget(entry.line, row, 1)
        self._grid.addWidget(entry.note, row + 1, 1)
        gap = QLabel()
        gap.setFixedHeight(6)
        self._grid.addWidget(gap, row + 2, 1)

    def _fill(self) -> None:
        if self._stored is None:
            self.fields[NAME].line.setText(self.kind.label)
            self.fields[ADDRESS].line.setText(self.kind.default_base_url)
            return
        self.fields[NAME].line.setText(self._stored.name)
        self.fields[ADDRESS].line.setText(self._stored.base_url)
        for key, value in self._stored.settings.items():
            if key in self.fields:
                self.fields[key].line.setText(value)
        self.secret.line.setPlaceholderText(tr("Leave empty to keep the saved one"))

    def _note_edit(self, _text: str) -> None:
        for entry in self.fields.values():
            if entry.line.hasFocus():
                entry.show_problem("")
        self.edited.emit()
