"""What the frame and a screen know of each other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.views.commands import Commands
from desktop_app.views.jobs import JobBoard
from desktop_app.views.navigator import Address, Navigator
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner

if TYPE_CHECKING:
    from desktop_app.views.parts import WindowParts


class Notices(Protocol):
    """Says things in passing, at the bottom right of the panel."""

    def say(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Say what was done, in the past tense; ``action`` is a button's text and ``run`` what it does."""

    def warn(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Say what went wrong in the background; it stays until it is closed."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """What every screen works with.

    Attributes:
        parts: the services, who acts, the language.
        tasks: the only way to do anything that waits.
        jobs: long work that can be watched and stopped.
        theme: colours and fonts.
        commands: what a person can do.
        navigator: where to go.
        notices: what is said in passing.
    """

    parts: "WindowParts"
    tasks: TaskRunner
    jobs: JobBoard
    theme: Theme
    commands: Commands
    navigator: Navigator
    notices: Notices


class Screen(QWidget):
    """One screen of the window.

    Signals:
        counted: what the status bar says about it at the right ("209 countries").
        draft_changed: how many changes are not saved; the sidebar marks the screen while there are any.
        badge_changed: (count, look) for the sidebar: look "danger", "warning" or "accent"; 0 hides it.
    """

    counted = Signal(str)
    draft_changed = Signal(int)
    badge_changed = Signal(int, str)

    name: ClassVar[str]
    icon: ClassVar[str]

    @property
    def title(self) -> str:
        """What sidebar and breadcrumb call it, translated."""
        raise NotImplementedError

    def open_at(self, address: Address) -> None:
        """Show what ``address`` names within this screen; called each time the person comes here."""

    def first_focus(self) -> QWidget:
        """Return the widget that has the focus when the person comes here."""
        return self

    @property
    def unsaved(self) -> int:
        """How many changes of a draft are not saved."""
        return 0

    def save(self) -> None:
        """Save the draft; called when the person quits and chooses to."""

    def discard(self) -> None:
        """Throw the draft away; called when the person quits and chooses to."""
