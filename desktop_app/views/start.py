"""Starts Qt and shows the window on services that are open already."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop_app.views.main_window import MainWindow
from desktop_app.views.parts import WindowParts
from desktop_app.views.shots import Photographer
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner


def make_window(parts: WindowParts, tasks: TaskRunner, theme: Theme) -> MainWindow:
    """Return the window, not shown yet; its data is being read."""
    return MainWindow(parts, tasks, theme)


def show_window(parts: WindowParts, *, shots: Path | None = None) -> int:
    """Run the window until it is closed and return the exit code; with ``shots`` photograph it into that folder and end."""
    existing = QApplication.instance()
    qt = existing if isinstance(existing, QApplication) else QApplication(["sms-desk"])
    qt.setApplicationName("SMS Desk")
    theme = Theme(qt)
    tasks = TaskRunner()
    try:
        window = make_window(parts, tasks, theme)
        window.show()
        if shots is not None:
            photographer = Photographer(window, theme, shots, "prices")
            photographer.finished.connect(qt.quit)
            window.screen_shown.counted.connect(lambda _: photographer.start())
        return qt.exec()
    finally:
        tasks.close()
