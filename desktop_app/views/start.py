"""Starts Qt: the window is painted first, then everything else is loaded and the application opened in a thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.config import read_personal
from desktop_app.views.main_window import MainWindow
from desktop_app.views.opening import Start

if TYPE_CHECKING:
    from desktop_app.views.session import Session

# A window that is never painted, minimised say, must open its database all the same.
UNSEEN_MILLISECONDS: Final = 1000


def run_window(start: Start) -> int:
    """Run the window until it is closed and return the exit code.

    Raises:
        Exception: what kept it from beginning; with ``start.shots`` whatever went wrong until the last picture.
    """
    existing = QApplication.instance()
    qt = existing if isinstance(existing, QApplication) else QApplication(["sms-desk"])
    qt.setApplicationName("SMS Desk")
    qt.setQuitOnLastWindowClosed(False)
    # Pictures show the usual choices.
    window = MainWindow({} if start.shots is not None else read_personal(start.profile) or {})
    begun: list[Session] = []
    failures: list[Exception] = []

    def give_up(error: Exception) -> None:
        failures.append(error)
        qt.exit(1)

    def begin() -> None:
        if begun or failures:
            return
        try:
            begun.append(_begin(start, qt, window, give_up))
        except Exception as error:  # noqa: BLE001 - raised below: Qt would print it and leave the person with a picture
            give_up(error)

    window.sight.painted.connect(begin)
    QTimer.singleShot(UNSEEN_MILLISECONDS, window, begin)
    window.show()
    try:
        code = qt.exec()
    finally:
        for session in begun:
            session.end()
    if failures:
        raise failures[0]
    return code


def _begin(start: Start, qt: QApplication, window: MainWindow, give_up: Callable[[Exception], object]) -> "Session":
    # Here, not above: the window is painted before any of this is loaded.
    from desktop_app.views.session import begin_session

    start.prepare()
    return begin_session(start, qt, window, give_up)
