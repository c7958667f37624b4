"""Photographs of every screen and state, for the README and for comparing with the mock-ups."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QPoint, QSize, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu

from desktop_app.services.personal import PersonalSettings
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screen import Shot
from desktop_app.views.shell.crash import CrashReporter
from desktop_app.views.shot_plan import shell_shots
from desktop_app.views.theme import Appearance

SIZES: Final = (QSize(1440, 900), QSize(1280, 800))
SETTLE_MILLISECONDS: Final = 250
ASK_MILLISECONDS: Final = 50
# What never gets ready is photographed as it is.
MOST_QUESTIONS: Final = 400
SHADE: Final = QColor(0, 0, 0, 60)


class Photographer(QObject):
    """Brings the window to every state, in every appearance and size, and takes it; then emits ``finished``.

    Attributes:
        files: what was written.
    """

    finished = Signal()

    def __init__(self, window: MainWindow, reporter: CrashReporter, personal: PersonalSettings, folder: Path) -> None:
        super().__init__(window)
        self._window, self._reporter, self._personal, self._folder = window, reporter, personal, folder
        self._plan: Iterator[tuple[Appearance, QSize, str, Shot]] = iter(())
        self._questions = 0
        self.files: list[Path] = []

    def start(self) -> None:
        """Begin; the window is furnished."""
        self._plan = self._walk()
        self._next()

    def _walk(self) -> Iterator[tuple[Appearance, QSize, str, Shot]]:
        for appearance in (Appearance.LIGHT, Appearance.DARK):
            self._personal.change(theme=appearance.value)
            for size in SIZES:
                self._window.resize(size)
                for screen, shots in self._shots():
                    for shot in shots:
                        yield appearance, size, screen, shot

    def _shots(self) -> Iterator[tuple[str, Sequence[Shot]]]:
        window = self._window
        for place in window.shell.places:
            window.navigator.go(place.name)
            yield place.name, window.screens.screen(place.name).shots()
        window.navigator.go(window.shell.places[0].name)
        yield "shell", shell_shots(window, self._reporter)

    def _next(self) -> None:
        step = next(self._plan, None)
        if step is None:
            self.finished.emit()
            return
        step[3].bring()
        self._questions = 0
        self._wait(step)

    def _wait(self, step: tuple[Appearance, QSize, str, Shot]) -> None:
        self._questions += 1
        if step[3].ready() or self._questions > MOST_QUESTIONS:
            QTimer.singleShot(SETTLE_MILLISECONDS, self, lambda: self._take(step))
        else:
            QTimer.singleShot(ASK_MILLISECONDS, self, lambda: self._wait(step))

    def _take(self, step: tuple[Appearance, QSize, str, Shot]) -> None:
        appearance, size, screen, shot = step
        name = f"{screen}_{shot.name}" if shot.name else screen
        path = self._folder / f"{name}_{appearance}_{size.width()}x{size.height()}.png"
        photograph(self._window).save(str(path))
        self.files.append(path)
        shot.leave()
        self._next()


def photograph(window: QMainWindow) -> QPixmap:
    """Return a picture of the window with the dialogs that stand above it."""
    picture = window.grab()
    above = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    dialogs = [one for one in above if isinstance(one, QDialog)]
    # The one that takes the clicks stands above those that it waits for.
    dialogs.sort(key=lambda one: one is QApplication.activeModalWidget())
    painter = QPainter(picture)
    if dialogs:
        painter.fillRect(window.rect(), SHADE)
    for menu in above:
        if isinstance(menu, QMenu):
            painter.drawPixmap(window.mapFromGlobal(menu.pos()), menu.grab())
    for dialog in dialogs:
        middle = window.rect().center() - QPoint(dialog.width() // 2, dialog.height() // 2)
        painter.fillRect(middle.x() - 1, middle.y() - 1, dialog.width() + 2, dialog.height() + 2, QColor(0, 0, 0, 90))
        painter.drawPixmap(middle, dialog.grab())
    painter.end()
    return picture
