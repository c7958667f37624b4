"""Photographs of the screens for the README and for comparing with the mock-ups."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSize, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.views.theme import Appearance, Theme

SIZES: Final = (QSize(1440, 900), QSize(1280, 800))
SETTLE_MILLISECONDS: Final = 200


class Photographer(QObject):
    """Takes a window in every appearance and size, one per turn of the event loop, then emits ``finished``."""

    finished = Signal()

    def __init__(self, window: QWidget, theme: Theme, folder: Path, name: str) -> None:
        super().__init__(window)
        self._window, self._theme, self._folder, self._name = window, theme, folder, name
        self._left = [(one, size) for one in (Appearance.LIGHT, Appearance.DARK) for size in SIZES]
        self.files: list[Path] = []

    def start(self) -> None:
        """Set up the next picture; it is taken once everything has settled."""
        if not self._left:
            self.finished.emit()
            return
        appearance, size = self._left.pop(0)
        self._theme.choose(appearance)
        self._window.resize(size)
        QTimer.singleShot(SETTLE_MILLISECONDS, self, lambda: self._take(appearance, size))

    def _take(self, appearance: Appearance, size: QSize) -> None:
        path = self._folder / f"{self._name}_{appearance}_{size.width()}x{size.height()}.png"
        self._window.grab().save(str(path))
        self.files.append(path)
        self.start()
