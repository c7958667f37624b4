"""A page of choices that belong to one person on one computer: each applies at once and can be taken back."""

from typing import Any

from desktop_app.domain.language import tr
from desktop_app.services.personal import Personal
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Page


class PersonalPage(Page):
    """Changes ``place.parts.personal`` and follows it, whoever changes it."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._personal = place.parts.personal
        self._done: list[dict[str, Any]] = []
        end = self._personal.watch(lambda _before, after: self.show_personal(after))
        self.destroyed.connect(end)

    def show_personal(self, personal: Personal) -> None:
        """Show the choices in force."""
        raise NotImplementedError

    def choose(self, said: str, **changes: Any) -> None:
        """Make a choice and say so, with Undo."""
        before = self._personal.change(**changes)
        former = {name: getattr(before, name) for name in changes}
        if former == changes:
            return
        self._done.append(former)
        self.say(said, self.undo)
        if self._personal.problem:
            self.place.notices.warn(self._personal.problem)

    def undo(self) -> bool:
        """See Page."""
        if not self._done:
            return False
        self._personal.change(**self._done.pop())
        self.place.notices.say(tr("Setting restored"))
        return True
