"""The window itself: painted at once with a picture of what is to come; everything else is loaded after that."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow

from desktop_app.domain.language import tr
from desktop_app.views.first_sight import FirstSight
from desktop_app.views.shell.window_geometry import restore_geometry

if TYPE_CHECKING:
    from desktop_app.services.clock import Clock
    from desktop_app.services.personal import PersonalSettings
    from desktop_app.views.commands import Commands
    from desktop_app.views.jobs import JobBoard
    from desktop_app.views.navigator import Navigator
    from desktop_app.views.parts import WindowParts
    from desktop_app.views.screen import Workplace
    from desktop_app.views.shell.frame import Frame
    from desktop_app.views.shell.shell import Shell
    from desktop_app.views.shell.stack import ScreenStack
    from desktop_app.views.theme import Theme
    from desktop_app.views.widgets.notices import Banner
    from desktop_app.views.widgets.toast import Toast
    from desktop_app.workers.runner import TaskRunner

SMALLEST: Final = QSize(1100, 680)
USUAL: Final = QSize(1440, 900)


class MainWindow(QMainWindow):
    """Frame and screens, in three steps: a picture, then ``equip`` makes the frame, then ``furnish`` the screens.

    Args:
        kept: the personal settings as they stand in their file.

    Signals:
        demo_wanted: the person wants to look around with demo data.
        own_wanted: the person has looked around, and wants their own data.
        closed: it was closed for good.

    Attributes:
        sight: the picture; it says when it was painted.
    """

    demo_wanted = Signal()
    own_wanted = Signal()
    closed = Signal()

    def __init__(self, kept: Mapping[str, Any]) -> None:
        super().__init__()
        self._shell: Shell | None = None
        self.sight = FirstSight(kept)
        self.setMinimumSize(SMALLEST)
        self.setWindowTitle(tr("SMS Desk"))
        self.setCentralWidget(self.sight)
        if not restore_geometry(self, kept):
            self.resize(USUAL)

    def equip(self, tasks: "TaskRunner", theme: "Theme", personal: "PersonalSettings", clock: "Clock") -> None:
        """Make the frame in the place of the picture."""
        # Here, not above: the picture is painted before any of this is loaded.
        from desktop_app.views.shell.shell import Shell

        self._shell = Shell(self, tasks, theme, personal, clock, self.demo_wanted.emit, self.own_wanted.emit)
        tasks.let_paint(self)

    def furnish(self, parts: "WindowParts") -> None:
        """Show the screens, working with ``parts``; a screen is made when it is needed."""
        self.shell.furnish(parts)

    @property
    def shell(self) -> "Shell":
        """What works around the screens.

        Raises:
            RuntimeError: the window is not equipped yet.
        """
        if self._shell is None:
            raise RuntimeError("the window is not equipped yet")
        return self._shell

    @property
    def frame(self) -> "Frame":
        """The widgets around the screens."""
        return self.shell.frame

    @property
    def toast(self) -> "Toast":
        """What is said in passing."""
        return self.shell.frame.toast

    @property
    def banner(self) -> "Banner":
        """What was refused."""
        return self.shell.frame.banner

    @property
    def screens(self) -> "ScreenStack":
        """The screens."""
        return self.shell.screens

    @property
    def place(self) -> "Workplace":
        """What the screens work with."""
        return self.shell.place

    @property
    def navigator(self) -> "Navigator":
        """Where to go."""
        return self.shell.navigator

    @property
    def commands(self) -> "Commands":
        """What a person can do."""
        return self.shell.commands

    @property
    def job_board(self) -> "JobBoard":
        """Long work."""
        return self.shell.job_board

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the sidebar the room there is."""
        super().resizeEvent(event)
        if self._shell is not None:
            self._shell.adapt_sidebar()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask where something would be lost; keep where the window was."""
        if self._shell is not None:
            if not self._shell.leaving.may_leave():
                event.ignore()
                return
            self._shell.keep()
        super().closeEvent(event)
        self.closed.emit()
