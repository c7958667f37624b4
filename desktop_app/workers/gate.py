"""The window goes first: while it shows what came or paints, the lanes wait between two rows of their work."""

import threading
from time import monotonic
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer

from desktop_app.domain.pace import GIVE_WAY

# A lane waits no longer at a time, and never longer than it worked since it waited last: it always gets half of the time.
LONGEST_SECONDS: Final = 0.05


class Gate(QObject):
    """Closed while the window is at work. Lives in the GUI thread; lanes call ``hold_this_thread`` once.

    Two threads that both run Python share the interpreter half and half and hand it over every fraction of a millisecond: what
    the window does in 20 ms alone would take it 50 to 100.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._open = threading.Event()
        self._open.set()
        # Comes after everything that was posted meanwhile: layout and painting.
        self._reopen = QTimer(self, singleShot=True, interval=0)
        self._reopen.timeout.connect(self._open.set)

    def close(self) -> None:
        """Hold the lanes until the event loop has done what it has to do now."""
        self._open.clear()
        self._reopen.start()

    def watch(self, window: QObject) -> None:
        """Close whenever a top-level widget is going to paint."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Close before the window paints; filter nothing."""
        if event.type() is QEvent.Type.UpdateRequest:
            self.close()
        return super().eventFilter(watched, event)

    def hold_this_thread(self) -> None:
        """Make the calling thread wait while the gate is closed, wherever its work gives way."""
        GIVE_WAY.set(_Courtesy(self._open))


class _Courtesy(threading.local):
    """Waits for the gate, fairly to each thread that calls it."""

    def __init__(self, gate: threading.Event) -> None:
        self._gate = gate
        self._since = monotonic()

    def __call__(self) -> None:
        if not self._gate.is_set():
            self._gate.wait(min(LONGEST_SECONDS, monotonic() - self._since))
            self._since = monotonic()
