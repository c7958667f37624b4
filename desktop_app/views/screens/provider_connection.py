"""The connection of a provider: its address, its fields, and where its key is kept."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.services.provider_records import ProviderSummary, SecretState
from desktop_app.views.dialogs.question import Question
from desktop_app.views.dialogs.secret_dialog import OpenVaultDialog, ReplaceSecretDialog
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Lane, Outcome, Topic

CAPTION: Final = 150


class ConnectionTab(QScrollArea):
    """Address, fields, and where the key is; ``opened`` when the vault was opened."""

    opened = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._provider: ProviderSummary | None = None
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.edit_button = QPushButton(tr("Edit connection"))
        self.replace_button, self.remove_button = QPushButton(tr("Replace")), QPushButton(tr("Remove"))
        self.vault_button = QPushButton(tr("Open vault"))
        self.secret_text = label("", "value")
        self.replace_button.clicked.connect(self.replace_secret)
        self.remove_button.clicked.connect(self.remove_secret)
        self.vault_button.clicked.connect(self.open_vault)
        self.vault_button.hide()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnMinimumWidth(0, place.theme.scaled(CAPTION))
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 6, 20, 20)
        column.setSpacing(16)
        column.addLayout(self._grid)
        column.addWidget(self.edit_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        self.setWidget(inside)
        # Of the window from the beginning, so that a change of language reaches them.
        self._lay_out([], "")
        # Both would paint the colour of the window behind the panel.
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def show_provider(self, provider: ProviderSummary) -> None:
        """Show what is stored of an account."""
        kind = next(one for one in self._place.parts.providers.kinds() if one.kind == provider.kind)
        if self._provider is None or self._provider.kind != provider.kind:
            self._lay_out(
                [(field.key, field.label) for field in kind.fields if not field.secret], self._secret_name(kind.kind)
            )
        self._provider = provider
        self._values["kind"].setText(provider.label)
        self._values["base_url"].setText(provider.base_url)
        for key, value in provider.settings.items():
            if key in self._values:
                self._values[key].setText(value)

    def load(self, provider: ProviderSummary) -> None:
        """Ask the secret store where the key is, and how it ends."""
        name = provider.name
        self._place.tasks.query(
            lambda _job: self._place.parts.providers.secret_state(name), owner=self, lane=Lane.NETWORK,
            on_success=self._show_secret, on_error=self._show_secret_error,
        )  # fmt: skip

    def replace_secret(self) -> None:
        """Ask for another key."""
        if (provider := self._provider) is None:
            return
        kind = next(one for one in self._place.parts.providers.kinds() if one.kind == provider.kind)
        field = next(field for field in kind.fields if field.secret)
        dialog = ReplaceSecretDialog(self._place, self.window(), provider, field.label, field.hint())
        said = tr("{secret} of {name} replaced", secret=field.label, name=provider.name)
        dialog.accepted.connect(lambda: self._place.notices.say(said))
        dialog.open()

    def remove_secret(self) -> None:
        """Forget the key, after a question."""
        if (provider := self._provider) is None:
            return
        secret = self._secret_name(provider.kind)
        Question(
            self.window(), tr("Remove the {secret} of {name}?", secret=secret, name=provider.name),
            tr("It cannot be brought back. Nothing is sent and no costs are synced until another one is entered."),
            ((tr("Remove {secret}", secret=secret), partial(self._remove, provider.name)),), is_dangerous=True,
        ).open()  # fmt: skip

    def open_vault(self) -> None:
        """Ask for the passphrase of the vault."""
        dialog = OpenVaultDialog(self._place, self.window())
        dialog.accepted.connect(self.opened)
        dialog.open()

    def _secret_name(self, kind: str) -> str:
        kinds = self._place.parts.providers.kinds()
        return next(field.label for one in kinds if one.kind == kind for field in one.fields if field.secret)

    def _lay_out(self, fields: list[tuple[str, str]], secret: str) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None and old not in self._kept:
                old.deleteLater()
        self._values = {}
        shown = [("kind", tr("Provider")), ("base_url", tr("Address")), *fields]
        for row, (key, caption) in enumerate(shown):
            self._values[key] = label("", "value")
            self._values[key].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(label(caption, "facts"), row, 0)
            self._grid.addWidget(self._values[key], row, 1)
        line = FlowLayout()
        line.addWidget(self.secret_text)
        for button in (self.vault_button, self.replace_button, self.remove_button):
            line.addWidget(button)
        self.replace_button.setAccessibleName(tr("Replace {secret}", secret=secret))
        self.remove_button.setAccessibleName(tr("Remove {secret}", secret=secret))
        self._grid.addWidget(label(secret, "facts"), len(shown), 0)
        self._grid.addLayout(line, len(shown), 1)

    @property
    def _kept(self) -> tuple[QWidget, ...]:
        return self.secret_text, self.vault_button, self.replace_button, self.remove_button

    def _show_secret(self, state: SecretState) -> None:
        self.vault_button.setVisible(bool(state.problem))
        self.remove_button.setVisible(state.where is not None)
        self.replace_button.setText(tr("Replace") if state.where is not None else tr("Enter"))
        if state.where is None:
            self.secret_text.setText(tr("Not saved on this computer"))
        elif state.problem:
            self.secret_text.setText(tr("Saved in {place}. {problem}", place=state.title, problem=state.problem))
        elif state.ending:
            self.secret_text.setText(
                tr("Saved in {place} · ends with {ending}", place=state.title, ending=state.ending)
            )
        else:
            self.secret_text.setText(tr("Saved in {place}", place=state.title))

    def _show_secret_error(self, error: AppError) -> None:
        self.secret_text.setText(error.user_message)

    def _remove(self, name: str) -> None:
        parts = self._place.parts

        def work(_job: Job) -> Outcome[None]:
            parts.providers.remove_secret(name, actor=parts.actor)
            return Outcome(None, frozenset({Topic.PROVIDERS}))

        said = tr("Key of {name} removed", name=name)
        self._place.tasks.command(work, owner=self, on_success=lambda _: self._place.notices.say(said))
