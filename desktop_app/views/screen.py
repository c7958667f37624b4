"""What the frame and a screen know of each other."""

from collections.abc import Callable, Sequence
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

    def notify(self, text: str, detail: str = "", address: str = "", icon: str = "bell") -> None:
        """Keep under the bell what happened while the person was elsewhere; choosing it goes to ``address``."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A state of a screen that is photographed.

    Attributes:
        name: of the file, after the screen's: "loss" gives prices_loss_light_1440x900.png; "" for the screen as it is.
        bring: brings the window there; called while the screen is shown.
        ready: whether everything has arrived; asked until it says so.
        leave: brings the window back.
    """

    name: str
    bring: Callable[[], object] = bool
    ready: Callable[[], bool] = lambda: True
    leave: Callable[[], object] = bool


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

    def record_title(self, _record: str) -> str:
        """Return what the breadcrumb calls a record of this screen, "" to leave it out."""
        return ""

    def undo(self) -> bool:
        """Undo the last step of the draft and return True; False when there is none, then the last saved change is undone."""
        return False

    def redo(self) -> bool:
        """Redo what ``undo`` undid in the draft and return True; False when there is nothing."""
        return False

    def language_changed(self) -> None:
        """Say again what the widgets cannot say by themselves: names within data that was read, joined and painted texts."""

    def shots(self) -> Sequence[Shot]:
        """Return the states that are photographed; the screen as it is comes first."""
        return (Shot(""),)

    @property
    def unsaved(self) -> int:
        """How many changes of a draft are not saved."""
        return 0

    def save(self) -> None:
        """Save the draft; called when the person quits and chooses to."""

    def discard(self) -> None:
        """Throw the draft away; called when the person quits and chooses to."""

    @property
    def keeps_draft(self) -> bool:
        """Whether its draft is no set of changes to save, but an edit that can wait for next time (``keep``)."""
        return False

    def keep(self) -> None:
        """Keep the draft for next time; called when the person quits and chooses to."""
