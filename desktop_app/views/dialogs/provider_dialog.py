"""Adding a provider, and editing one: fields by its kind, a test before saving, and where the key is kept."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError, Cancelled, InvalidInput
from desktop_app.domain.language import tr
from desktop_app.services.provider_checks import Check
from desktop_app.services.provider_records import ProviderDraft, ProviderKind, ProviderSummary
from desktop_app.services.providers import ProvidersService
from desktop_app.views.dialogs.keeping_choice import KeepingChoice
from desktop_app.views.dialogs.provider_form import ADDRESS, SECRET, ProviderForm
from desktop_app.views.dialogs.question import Question
from desktop_app.views.dressing import redress
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.check_steps import CheckSteps
from desktop_app.views.widgets.notices import Banner, label
from desktop_app.workers.runner import Lane, Outcome, TaskHandle, Topic

WIDTH: Final = 560
CHANGED: Final = frozenset({Topic.PROVIDERS, Topic.PRICES})


class ProviderDialog(QDialog):
    """Shown with ``open``. ``saved`` carries the account's name.

    Args:
        place: what every screen works with.
        parent: above which it stands.
        stored: the account to edit, None to add one.
        others: how many accounts there are besides.
    """

    saved = Signal(str)

    def __init__(
        self, place: Workplace, parent: QWidget, stored: ProviderSummary | None = None, others: int = 0
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place, self._stored = place, stored
        self._providers: ProvidersService = place.parts.providers
        self._check: Check | None = None
        self._running: TaskHandle | None = None
        self._pressed: QWidget | None = None
        self.setWindowTitle(tr("Edit provider") if stored else tr("Add provider"))
        self.banner, self.steps = Banner(place.theme), CheckSteps(place.theme)
        self.steps.setFixedWidth(place.theme.scaled(WIDTH))
        self.keeping = KeepingChoice(place.theme)
        self.default = QCheckBox(tr("Make it the default provider: it sends and gives the costs"))
        self.default.setChecked(others == 0)
        if stored is not None or not others:
            self.default.hide()
        self._body = QVBoxLayout()
        self.kinds: list[QPushButton] = []
        self._build()
        kinds = self._providers.kinds()
        self._show_kind(next((one for one in kinds if stored and one.kind == stored.kind), kinds[0]))
        place.tasks.query(lambda _: self._providers.keeping(), owner=self, on_success=self.keeping.show_keeping)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl+Enter saves, as everywhere; Enter presses the button that comes next."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close; a test under way is given up, and nothing keeps the key that was typed."""
        if self._running is not None:
            self._running.cancel()
        self.form.forget_secret()
        super().done(result)

    def test(self) -> None:
        """Try what was typed, without saving it."""
        draft = self.form.draft()
        if not self._is_complete(draft):
            return
        self._set_busy(on=True)
        stored = self._stored.name if self._stored else None
        self.steps.show_running(0)
        self._running = self._place.tasks.query(
            lambda job: self._providers.check(draft, job, stored=stored), owner=self, lane=Lane.NETWORK,
            on_success=partial(self._show_check, draft), on_error=self._show_test_error,
            on_progress=lambda done, _total, _label: self.steps.show_running(done),
        )  # fmt: skip

    def save(self) -> None:
        """Save after a test that passed; without one ask first."""
        draft = self.form.draft()
        if not self._is_complete(draft):
            return
        if self._check is not None or (self._stored is not None and not self._changes_connection(draft)):
            self._save(draft)
            return
        Question(
            self, tr("Save without a test?"),
            tr("Nobody knows yet whether the address and the key are right. Messages wait until they are."),
            ((tr("Save without a test"), partial(self._save, draft)),),
        ).open()  # fmt: skip

    def _build(self) -> None:
        column = QVBoxLayout(self)
        # Grows with what is said of the fields and of the test.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        title = tr("Edit {name}", name=self._stored.name) if self._stored else tr("Add a provider")
        column.addWidget(label(title, "title"))
        column.addWidget(self.banner)
        if self._stored is None:
            column.addLayout(self._kind_cards())
        column.addLayout(self._body)
        for part in (self.keeping, self.default, self.steps):
            column.addWidget(part)
        column.addLayout(self._buttons())

    def _kind_cards(self) -> QHBoxLayout:
        group, row = QButtonGroup(self), QHBoxLayout()
        row.setSpacing(8)
        for kind in self._providers.kinds():
            card = QPushButton(kind.label)
            card.setProperty("look", "card")
            card.setCheckable(True)
            card.setAutoDefault(False)
            card.clicked.connect(partial(self._pick, kind))
            group.addButton(card)
            self.kinds.append(card)
            row.addWidget(card)
        row.addStretch()
        self.kinds[0].setChecked(True)
        return row

    def _buttons(self) -> QHBoxLayout:
        self.cancel_button = QPushButton(tr("Cancel"))
        self.test_button, self.save_button = QPushButton(tr("Test connection")), QPushButton(tr("Save provider"))
        self.cancel_button.clicked.connect(self.reject)
        self.test_button.clicked.connect(self.test)
        self.save_button.clicked.connect(self.save)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for button in (self.cancel_button, self.test_button, self.save_button):
            button.setAutoDefault(True)
            row.addWidget(button)
        self._show_next("test")
        return row

    def _pick(self, kind: ProviderKind) -> None:
        self._show_kind(kind)
        self.form.first.setFocus()

    def _show_kind(self, kind: ProviderKind) -> None:
        while (item := self._body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.form = ProviderForm(kind, self._place.theme, self._stored)
        self.form.edited.connect(self._note_edit)
        self._body.addWidget(self.form)
        self.form.first.setFocus()
        self._note_edit()

    def _note_edit(self) -> None:
        """What was tested is not what stands there any more."""
        self._check = None
        if self._running is not None:
            self._running.cancel()
            self._set_busy(on=False)
        self.steps.reset()
        draft = self.form.draft()
        if self._stored is not None:
            moved = self._providers.needs_secret(self._stored.base_url, draft.base_url)
            self.form.secret.line.setPlaceholderText(
                tr("Enter it again: the address leads to another host")
                if moved
                else tr("Leave empty to keep the saved one")
            )
        simple = self._stored is not None and not self._changes_connection(draft)
        self._show_next("save" if simple else "test")

    def _changes_connection(self, draft: ProviderDraft) -> bool:
        stored = self._stored
        if stored is None or draft.secret:
            return True
        return (draft.base_url, draft.settings) != (stored.base_url, dict(stored.settings))

    def _is_complete(self, draft: ProviderDraft) -> bool:
        problems = self._providers.problems(draft)
        if self._stored is not None and not draft.secret:
            problems.pop(SECRET, None)
            moved = self._providers.needs_secret(self._stored.base_url, draft.base_url)
            if moved and ADDRESS not in problems:
                problems[SECRET] = tr("The address leads to another host: enter the key again.")
        self.form.show_problems(problems)
        return not problems

    def _show_check(self, draft: ProviderDraft, check: Check) -> None:
        self._set_busy(on=False)
        self.steps.show_check(check)
        if not check.passed or self.form.draft() != draft:
            self._show_next("test")
            return
        self._check = check
        self._show_next("save")
        self.save_button.setFocus()

    def _show_test_error(self, error: AppError) -> None:
        self._set_busy(on=False)
        if isinstance(error, Cancelled):
            self.steps.reset()
            return
        self.steps.show_problem(error.user_message)
        if isinstance(error, InvalidInput):
            self.form.show_problems(error.fields)

    def _save(self, draft: ProviderDraft) -> None:
        if self.keeping.problem and draft.secret:
            self.banner.show_error(tr("The key needs a place"), self.keeping.problem)
            return
        self.banner.hide()
        self._set_busy(on=True)
        work = partial(
            _store, self._providers, self._stored, draft, self._check, self.default.isChecked(), self._place.parts.actor,
            self.keeping.vault_passphrase if draft.secret else "", self.keeping.session_only,
        )  # fmt: skip
        self._place.tasks.command(
            lambda _job: Outcome(work(), CHANGED), owner=self, on_success=self._finish, on_error=self._show_save_error
        )

    def _finish(self, name: str) -> None:
        self.saved.emit(name)
        self.accept()

    def _show_save_error(self, error: AppError) -> None:
        self._set_busy(on=False)
        fields = error.fields if isinstance(error, InvalidInput) else {}
        self.form.show_problems(fields)
        if not set(fields) & set(self.form.fields):
            self.banner.show_error(tr("The provider was not saved"), error.user_message)

    def _set_busy(self, *, on: bool) -> None:
        if on:
            pressed = self.focusWidget()
            self._pressed = pressed if pressed in (self.test_button, self.save_button) else None
        else:
            self._running = None
        for button in (self.test_button, self.save_button):
            button.setEnabled(not on)
        # A button that cannot be pressed gives the focus away, to the first field: it gets it back.
        if not on and self._pressed is not None:
            self._pressed.setFocus()
            self._pressed = None

    def _show_next(self, step: str) -> None:
        """Let Enter press the button that comes next, and let it look so."""
        for button, name in ((self.test_button, "test"), (self.save_button, "save")):
            button.setProperty("look", "primary" if name == step else "")
            button.setDefault(name == step)
            redress(button)


def _store(
    providers: ProvidersService, stored: ProviderSummary | None, draft: ProviderDraft, check: Check | None,
    default: bool, actor: str, passphrase: str, session_only: bool,
) -> str:  # fmt: skip
    """Save in the data lane and return the account's name."""
    if passphrase:
        providers.open_vault(passphrase)
    if stored is None:
        return providers.add(draft, check, default=default, actor=actor, session_only=session_only).name
    return providers.edit(stored.name, draft, actor=actor, session_only=session_only).name
