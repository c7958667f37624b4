"""A window and the application behind it, from the first paint to the last close."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop_app.domain.errors import AppError
from desktop_app.services.clock import utc_now
from desktop_app.services.job import Job
from desktop_app.services.personal import PersonalSettings
from desktop_app.services.translations import speaking_settings
from desktop_app.views.main_window import MainWindow
from desktop_app.views.opening import Opener, Opening, Start
from desktop_app.views.quiet_collector import QuietCollector
from desktop_app.views.shell.crash import CrashReporter
from desktop_app.views.shell.passphrase import PassphraseBridge
from desktop_app.views.shell.window_state import skips_welcome
from desktop_app.views.shots import Photographer
from desktop_app.views.theme import Look, Theme
from desktop_app.workers.runner import TaskRunner
from desktop_app.workers.sending import SendingThread

if TYPE_CHECKING:
    from desktop_app.views.parts import WindowParts


class Session(QObject):
    """Opens the application for a window, and exchanges both for those of the demo data when the person wants that.

    Signals:
        opened: the screens are there.
        failed: the AppError that keeps the application from being opened; the window says so too.
        ended: the last window was closed.

    Attributes:
        window: the one that is shown.
        reporter: takes what nobody expected.
        bridge: asks for the vault's passphrase.
        personal: what this person chose.
        theme: the look of the windows.
    """

    opened = Signal()
    failed = Signal(object)
    ended = Signal()

    def __init__(
        self, open_parts: Opener, personal: PersonalSettings, theme: Theme, window: MainWindow, *, sends: bool = True
    ) -> None:
        super().__init__()
        self._sends = sends
        self._open_parts, self.personal, self.theme = open_parts, personal, theme
        self.reporter = CrashReporter(theme, self)
        self._cleanup = ExitStack()
        self._collector: QuietCollector | None = None
        self._is_over = False
        self._take(window)

    def start(self, *, demo: bool = False) -> None:
        """Show the window and open its application in a thread."""
        self._demo = demo
        self.window.show()
        tasks = self._tasks
        self._collector = QuietCollector(self.window, lambda: tasks.is_busy, tasks)
        self._open()

    def open_demo(self) -> None:
        """Exchange window and application for those of the demo data, unless the person wants to stay."""
        self._exchange(demo=True)

    def leave_demo(self) -> None:
        """Throw the demo data away, and open the window on the person's own."""
        self._exchange(demo=False)

    def _exchange(self, *, demo: bool) -> None:
        former = self.window
        former.closed.disconnect(self.ended)
        if not former.close():
            former.closed.connect(self.ended)
            return
        self._release()
        self.reporter.window = None
        # Only when the former is gone: what follows the choices of the person is there once.
        former.destroyed.connect(lambda: QTimer.singleShot(0, self, partial(self._start_other, demo=demo)))
        for gone in (former, self._tasks, self.bridge):
            gone.deleteLater()

    def close(self) -> None:
        """End what runs and close the application; a window about to follow the former does not come any more.

        A request under way does not hold it up for long; see TaskRunner.close.
        """
        self._is_over = True
        self._release()

    def _release(self) -> None:
        if shiboken6.isValid(self.window):
            self.window.screens.end()
        self.bridge.close()
        if self._collector is not None:
            self._collector.end()
            self._collector = None
        if self._sending is not None:
            self._sending.end()
        self._tasks.close()
        self._stack.close()

    def keep_until_end(self, cleanup: ExitStack) -> None:
        """Close ``cleanup`` when the session ends."""
        self._cleanup = cleanup

    def end(self) -> None:
        """Close everything; the program ends."""
        self.close()
        self.reporter.uninstall()
        self._cleanup.close()

    def _take(self, window: MainWindow) -> None:
        self.window = window
        self._tasks, self._stack, self.bridge = TaskRunner(self), ExitStack(), PassphraseBridge(self)
        self._sending: SendingThread | None = None
        self._collector = None
        self.bridge.window = self.reporter.window = window
        window.equip(self._tasks, self.theme, self.personal, utc_now)
        self._tasks.crashed.connect(self.reporter.report)
        window.demo_wanted.connect(self.open_demo)
        window.own_wanted.connect(self.leave_demo)
        window.closed.connect(self.ended)
        window.frame.trouble.again.connect(self._open)
        window.frame.trouble.leave.connect(window.close)

    def _start_other(self, *, demo: bool) -> None:
        if self._is_over:
            return
        kept = {"remembered": self.personal.values.remembered}
        self._take(MainWindow(kept))
        self.start(demo=demo)

    def _open(self) -> None:
        self.window.shell.show_opening()
        opening = Opening(self._demo, self.personal, self.bridge.ask)
        self._tasks.query(
            partial(_open_parts, self._stack, self._open_parts, opening), owner=self.window, on_success=self._furnish,
            on_error=self._refuse,
        )  # fmt: skip

    def _refuse(self, error: AppError) -> None:
        self.window.shell.show_trouble(error)
        self.failed.emit(error)

    def _furnish(self, opened: "tuple[WindowParts, bool]") -> None:
        parts, is_fresh = opened
        self.window.furnish(parts)
        self.window.screens.make_rest()
        if self._sends:
            self._sending = SendingThread(parts.run_sending, self._tasks.hold_this_thread, self)
            self._sending.crashed.connect(self.reporter.report)
            self._sending.start()
            self.window.shell.watch_sending()
        if is_fresh and not skips_welcome(self.personal):
            self.window.shell.show_welcome()
        self.opened.emit()


def _open_parts(stack: ExitStack, open_parts: Opener, opening: Opening, _job: Job) -> "tuple[WindowParts, bool]":
    """Open the application; also return whether nothing is connected yet."""
    parts = stack.enter_context(open_parts(opening))
    return parts, not parts.accounts.list_providers()


def begin_session(
    start: Start, qt: QApplication, window: MainWindow, give_up: Callable[[Exception], object]
) -> Session:
    """Make the frame of a window that is painted already, and open its application.

    Args:
        start: what the window starts with.
        qt: quits when the window is closed, or photographed.
        window: the one that is painted.
        give_up: ends the program for an exception; for photographs, where nobody reads what the window says of it.
    """
    cleanup = ExitStack()
    folder = start.profile
    if start.shots is not None:
        # Pictures show the usual choices, and change none.
        folder = type(folder)(cleanup.enter_context(TemporaryDirectory(prefix="sms-desk-shots-")))
    personal = speaking_settings(folder, start.language)
    theme = Theme(qt, Look.of(personal.values))
    theme.follow(personal)
    # Pictures show the demo data as they are: nothing moves meanwhile.
    session = Session(start.open_parts, personal, theme, window, sends=start.shots is None)
    session.keep_until_end(cleanup)
    session.reporter.install()
    session.ended.connect(qt.quit)
    if start.shots is not None:
        photographer = Photographer(window, session.reporter, personal, start.shots)
        session.opened.connect(photographer.start)
        photographer.finished.connect(qt.quit)
        for failed in (session.failed, session.reporter.reported):
            failed.connect(give_up)
    session.start(demo=start.demo)
    return session
