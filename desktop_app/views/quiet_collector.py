"""Full looks for garbage, made while nobody works with the window: each stops every thread for a tenth of a second and more."""

import gc
from collections.abc import Callable
from time import monotonic
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

# So long nobody touched the window.
QUIET_SECONDS: Final = 5.0
LOOK_MILLISECONDS: Final = 2000
# Looks at the younger objects before a full one is worth it, and before the interpreter makes one whoever works.
WORTH_IT: Final = 10
AT_THE_LATEST: Final = 1000
_INPUT: Final = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchUpdate,
    )
)


class QuietCollector(QObject):
    """Takes the full looks over from the interpreter until ``end``.

    Args:
        window: the one that people work with; it was shown.
        is_busy: whether work is under way.
        parent: owns it.
    """

    def __init__(self, window: QWidget, is_busy: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._is_busy = is_busy
        self._touched = monotonic()
        self._usual = gc.get_threshold()
        gc.set_threshold(self._usual[0], self._usual[1], AT_THE_LATEST)
        # The native window, not the widget: it sees every key and move, and none of the paintings.
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note that somebody is there; filter nothing."""
        if event.type() in _INPUT:
            self._touched = monotonic()
        return super().eventFilter(watched, event)

    def look(self) -> bool:
        """Look for garbage if it is worth it and disturbs nobody; return whether it was done."""
        is_quiet = monotonic() - self._touched >= QUIET_SECONDS
        if (
            gc.get_count()[2] < WORTH_IT
            or not is_quiet
            or self._is_busy()
            or QApplication.activeModalWidget() is not None
        ):
            return False
        gc.collect()
        return True

    def end(self) -> None:
        """Leave it to the interpreter again; a second time does nothing."""
        if self._timer.isActive():
            self._timer.stop()
            gc.set_threshold(*self._usual)
