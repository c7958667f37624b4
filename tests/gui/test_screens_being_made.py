"""A screen that is made while the person works does not flash on the desktop, and the window stays the active one."""

from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from tests.fixtures.windows import make_every_screen


class Flashes(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: Any, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(repr(watched))
        return False


def test_no_part_of_a_screen_is_ever_a_window(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    flashes = Flashes()
    qapp.installEventFilter(flashes)
    make_every_screen(window)
    qtbot.waitUntil(lambda: not window.place.tasks.is_busy, timeout=20_000)
    qapp.removeEventFilter(flashes)

    assert flashes.seen == []
    assert window.isActiveWindow()
