"""The screens in the panel: made when they are first needed, one is shown, drafts and badges are told to the sidebar."""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Workplace
from desktop_app.views.shell.places import Place

S = TypeVar("S", bound=Screen)


class ScreenStack(QObject):
    """Holds the screens.

    Signals:
        counted: (name, text) what a screen says about itself in the status bar.
        draft_changed: (name, count) of changes that are not saved.
        badge_changed: (name, count, look) for the sidebar.
    """

    counted = Signal(str, str)
    draft_changed = Signal(str, int)
    badge_changed = Signal(str, int, str)

    def __init__(self, places: Sequence[Place], pages: QStackedWidget) -> None:
        super().__init__(pages)
        self._places = {place.name: place for place in places}
        self._pages = pages
        self._workplace: Workplace | None = None
        self._made: dict[str, Screen] = {}
        self._counts: dict[str, str] = {}

    @property
    def made(self) -> list[Screen]:
        """The screens that are there."""
        return list(self._made.values())

    @property
    def shown(self) -> Screen | None:
        """The screen that is shown, None while it is another page."""
        page = self._pages.currentWidget()
        return page if isinstance(page, Screen) else None

    @property
    def is_furnished(self) -> bool:
        """Whether there can be screens."""
        return self._workplace is not None

    def counts_of(self, name: str) -> str:
        """Return what a screen said last about itself."""
        return self._counts.get(name, "")

    def furnish(self, workplace: Workplace) -> None:
        """Make screens for ``workplace`` from now on."""
        self._workplace = workplace

    def end(self) -> None:
        """Make no screen any more: the window is closing."""
        self._workplace = None

    def make_rest(self) -> None:
        """Make the screens that are not there yet, one at each turn of the event loop."""
        left = [name for name in self._places if name not in self._made]
        if not left or self._workplace is None:
            return
        self.screen(left[0])
        QTimer.singleShot(0, self, self.make_rest)

    def place(self, name: str) -> Place | None:
        """Return what is known of a screen, None when there is none of that name."""
        return self._places.get(name)

    def screen(self, name: str) -> Screen:
        """Return a screen by its name, made now if it was not needed before.

        Raises:
            KeyError: there is none of that name.
            RuntimeError: there is no workplace yet.
        """
        if name in self._made:
            return self._made[name]
        if self._workplace is None:
            raise RuntimeError(f"{name} is asked for before the application is open")
        made = self._places[name].make(self._workplace)
        self._made[name] = made
        made.counted.connect(lambda text: self._keep_count(name, text))
        made.draft_changed.connect(lambda count: self.draft_changed.emit(name, count))
        made.badge_changed.connect(lambda count, look: self.badge_changed.emit(name, count, look))
        self._pages.addWidget(made)
        return made

    def get(self, kind: type[S]) -> S:
        """Return the screen of a kind; see ``screen`` for what else it raises.

        Raises:
            TypeError: the screen of that name is another one.
        """
        found = self.screen(kind.name)
        if not isinstance(found, kind):
            raise TypeError(f"{kind.name} is a {type(found).__name__}")
        return found

    def show(self, address: Address) -> Screen:
        """Show what ``address`` names; see ``screen`` for what it raises."""
        screen = self.screen(address.screen)
        self._pages.setCurrentWidget(screen)
        screen.open_at(address)
        return screen

    def _keep_count(self, name: str, text: str) -> None:
        self._counts[name] = text
        self.counted.emit(name, text)


def screen_of(widget: QWidget | None) -> Screen | None:
    """Return the screen that a widget belongs to."""
    while widget is not None and not isinstance(widget, Screen):
        widget = widget.parentWidget()
    return widget
