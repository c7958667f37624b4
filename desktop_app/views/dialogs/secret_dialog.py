"""Replacing the key of a provider, and opening the vault; what is typed is never shown."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.services.provider_records import ProviderSummary
from desktop_app.services.providers import ProvidersService
from desktop_app.views.dialogs.keeping_choice import KeepingChoice
from desktop_app.views.dialogs.provider_form import FormField
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Outcome, Topic

WIDTH = 440


class SecretDialog(QDialog):
    """One hidden line and a button; shown with ``open``."""

    def __init__(self, place: Workplace, parent: QWidget, title: str, caption: str, hint: str, agree: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place = place
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self.field = FormField(caption, hint, hidden=True)
        self.agree, self.cancel = QPushButton(agree), QPushButton(tr("Cancel"))
        self.agree.setProperty("look", "primary")
        self.agree.setDefault(True)
        self.agree.clicked.connect(self.save)
        self.cancel.clicked.connect(self.reject)
        self.extra = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(title, "title"))
        for part in (self.field.caption, self.field.line, self.field.note):
            column.addWidget(part)
        column.addLayout(self.extra)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.agree)
        column.addLayout(buttons)
        self.field.line.setFocus()

    def save(self) -> None:
        """Do with the line what the dialog is for."""
        raise NotImplementedError

    def done(self, result: int) -> None:
        """Close; nothing keeps what was typed."""
        self.field.line.setText("")
        super().done(result)

    def _show_error(self, error: AppError) -> None:
        self.agree.setEnabled(True)
        self.field.show_problem(error.user_message)
        self.field.line.setFocus()


class ReplaceSecretDialog(SecretDialog):
    """Another key for an account."""

    def __init__(self, place: Workplace, parent: QWidget, provider: ProviderSummary, caption: str, hint: str) -> None:
        title = tr("Replace the {secret} of {name}", secret=caption, name=provider.name)
        super().__init__(place, parent, title, caption, hint, tr("Replace {secret}", secret=caption))
        self._provider = provider
        self._providers: ProvidersService = place.parts.providers
        self.keeping = KeepingChoice(place.theme)
        self.extra.addWidget(self.keeping)
        place.tasks.query(lambda _: self._providers.keeping(), owner=self, on_success=self.keeping.show_keeping)

    def save(self) -> None:
        """Keep the key, in the place that was chosen."""
        secret = self.field.line.text().strip()
        problem = self.keeping.problem if secret else tr("Enter the key.")
        if problem:
            self.field.show_problem(problem)
            return
        self.agree.setEnabled(False)
        work = partial(
            _replace, self._providers, self._provider.name, secret, self._place.parts.actor,
            self.keeping.vault_passphrase, self.keeping.session_only,
        )  # fmt: skip
        self._place.tasks.command(work, owner=self, on_success=lambda _: self.accept(), on_error=self._show_error)


class OpenVaultDialog(SecretDialog):
    """The passphrase of the vault, for this session."""

    def __init__(self, place: Workplace, parent: QWidget) -> None:
        hint = tr("The keys of this profile are in its vault. The passphrase is asked once in each session.")
        super().__init__(place, parent, tr("Open the vault"), tr("Passphrase"), hint, tr("Open vault"))

    def save(self) -> None:
        """Try the passphrase."""
        passphrase, providers = self.field.line.text(), self._place.parts.providers
        self.agree.setEnabled(False)

        def work(_job: Job) -> Outcome[None]:
            providers.open_vault(passphrase)
            return Outcome(None, frozenset({Topic.PROVIDERS}))

        self._place.tasks.command(work, owner=self, on_success=lambda _: self.accept(), on_error=self._show_error)


def _replace(
    providers: ProvidersService, name: str, secret: str, actor: str, passphrase: str, session_only: bool, _job: Job
) -> Outcome[None]:
    if passphrase:
        providers.open_vault(passphrase)
    providers.replace_secret(name, secret, actor=actor, session_only=session_only)
    return Outcome(None, frozenset({Topic.PROVIDERS}))
