"""A page of settings that reach the whole team: they are a draft until they are saved, and saving can be undone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.domain.errors import AppError, InvalidInput
from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Page, Row
from desktop_app.workers.runner import Outcome, Topic

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One setting of the page.

    Attributes:
        row: where it stands.
        read: returns the value that the control shows, or raises InvalidInput.
        show: shows a value.
    """

    row: Row
    read: Callable[[], Any]
    show: Callable[[Any], object]


class SavedPage(Page):
    """Reads its values in the background, and keeps what the person changed until it is saved or discarded."""

    is_saved = True
    topics = frozenset({Topic.SETTINGS})

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.fields: dict[str, Field] = {}
        self._saved: dict[str, Any] = {}
        place.tasks.changed.connect(self._reload_for)

    def load(self) -> Values:
        """Read the values that are saved; called in a lane, not in the thread of the window."""
        raise NotImplementedError

    def store(self, changes: Values) -> None:
        """Save values; called in a lane, not in the thread of the window.

        Raises:
            AppError: they cannot be saved.
        """
        raise NotImplementedError

    @property
    def unsaved(self) -> int:
        """See Page."""
        return len(self._changed()) if self._saved else 0

    def reload(self) -> None:
        """Read the saved values again; what the person changed stays."""
        self.place.tasks.query(lambda _job: dict(self.load()), owner=self, on_success=self._show_saved)

    def touched(self) -> None:
        """Look at the draft again; for the signals of the controls."""
        for name, field in self.fields.items():
            field.row.show_error(self._problem(name))
        self.draft_changed.emit()

    def save(self) -> None:
        """See Page."""
        wrong = [name for name in self.fields if self._problem(name)]
        if wrong:
            row = self.fields[wrong[0]].row
            row.show_error(self._problem(wrong[0]))
            if row.control is not None:
                row.control.setFocus()
            return
        changes = {name: self.fields[name].read() for name in self._changed()}
        if changes:
            self.place.tasks.command(
                self._work(changes, {name: self._saved[name] for name in changes}), owner=self,
                on_success=lambda _: self._keep(changes), on_error=self._refuse,
            )  # fmt: skip

    def discard(self) -> None:
        """See Page."""
        for name, value in self._saved.items():
            self.fields[name].show(value)
        self.touched()

    def discard_untouched(self) -> None:
        """Show again what is saved, where the person changed nothing."""
        draft = self._changed()
        for name, value in self._saved.items():
            if name not in draft:
                self.fields[name].show(value)

    def _work(self, changes: Values, former: Values) -> Callable[[Job], Outcome[None]]:
        def undo(_job: Job) -> Outcome[None]:
            self.store(former)
            return Outcome(None, self.topics, undo_label=tr("Settings restored"))

        def work(_job: Job) -> Outcome[None]:
            self.store(changes)
            said = trn("{count} setting saved", "{count} settings saved", len(changes))
            return Outcome(None, self.topics, undo_label=said, undo=undo)

        return work

    def _keep(self, changes: Values) -> None:
        self._saved.update(changes)
        self.draft_changed.emit()

    def _refuse(self, error: AppError) -> None:
        named = error.fields if isinstance(error, InvalidInput) else {}
        row = next((field.row for name, field in self.fields.items() if name in named), None)
        if row is not None:
            row.show_error(error.user_message)
        else:
            self.place.notices.warn(error.user_message)

    def _show_saved(self, values: dict[str, Any]) -> None:
        draft = self._changed() if self._saved else set()
        self._saved = values
        for name, value in values.items():
            if name not in draft:
                self.fields[name].show(value)
        self.setEnabled(True)
        self.touched()

    def _changed(self) -> set[str]:
        return {name for name in self._saved if self._problem(name) or self.fields[name].read() != self._saved[name]}

    def _problem(self, name: str) -> str:
        try:
            self.fields[name].read()
        except InvalidInput as error:
            return error.user_message
        return ""

    def _reload_for(self, topics: frozenset[Topic]) -> None:
        if topics & self.topics:
            self.reload()
