"""Says where the person is: breadcrumb, sidebar with drafts and badges, title, counts, what back and forward can do."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr
from desktop_app.views.commands import Commands
from desktop_app.views.navigator import Address, Navigator
from desktop_app.views.shell.frame import Frame
from desktop_app.views.shell.places import section_title
from desktop_app.views.shell.stack import ScreenStack, screen_of


class Whereabouts(QObject):
    """Follows the navigator: shows the screen of an address and says so everywhere."""

    def __init__(
        self, window: QWidget, frame: Frame, screens: ScreenStack, navigator: Navigator, commands: Commands
    ) -> None:
        super().__init__(window)
        self._window, self._frame, self._screens = window, frame, screens
        self._navigator, self._commands = navigator, commands
        navigator.arrived.connect(self.arrive)
        commands.wanted.connect(self._reveal)
        screens.counted.connect(self._show_counts)
        screens.draft_changed.connect(self._mark_draft)
        screens.badge_changed.connect(self._mark_badge)
        self.show_steps_allowed()

    def arrive(self, address: Address) -> None:
        """Show what ``address`` names; an address that names no screen changes nothing."""
        place = self._screens.place(address.screen)
        if place is None or not self._screens.is_furnished:
            return
        screen = self._screens.show(address)
        listed = self._screens.place(place.parent) if place.parent else place
        section = section_title(place.section)
        steps = [(section, "")] if section else []
        if listed is not None and listed is not place:
            steps.append((listed.title, listed.name))
        steps.append((screen.title, place.name))
        record = screen.record_title(address.record) if address.record else ""
        self._frame.top_bar.breadcrumb.show_steps([*steps, (record, "")] if record else steps)
        self._frame.sidebar.show_place(listed.name if listed is not None else place.name)
        self._window.setWindowTitle(f"{screen.title} – {tr('SMS Desk')}")
        self._frame.status_bar.counts.setText(self._screens.counts_of(place.name))
        self.show_steps_allowed()
        screen.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def show_steps_allowed(self) -> None:
        """Enable back and forward where there is somewhere to go."""
        for name, button, allowed in (
            ("view.back", self._frame.top_bar.back, self._navigator.can_go_back),
            ("view.forward", self._frame.top_bar.forward, self._navigator.can_go_forward),
        ):
            self._commands.action(name).setEnabled(allowed)
            button.setEnabled(allowed)

    def _reveal(self, scope: QWidget) -> None:
        screen = screen_of(scope)
        if screen is not None and screen is not self._screens.shown:
            self._navigator.go(screen.name)

    def _show_counts(self, name: str, text: str) -> None:
        if self._screens.shown is not None and self._screens.shown.name == name:
            self._frame.status_bar.counts.setText(text)

    def _mark_draft(self, name: str, _count: int) -> None:
        listed = self._listed(name)
        entry = self._frame.sidebar.entries.get(listed)
        if entry is not None:
            entry.set_draft(any(one.unsaved for one in self._screens.made if self._listed(one.name) == listed))

    def _mark_badge(self, name: str, count: int, look: str) -> None:
        if name in self._frame.sidebar.entries:
            self._frame.sidebar.entries[name].set_badge(count, look)

    def _listed(self, name: str) -> str:
        place = self._screens.place(name)
        return place.parent if place is not None and place.parent else name
