"""The handle through which long work reports progress and is cancelled."""

import threading
from collections.abc import Callable

from desktop_app.domain.errors import Cancelled
from desktop_app.domain.language import tr
from desktop_app.domain.pace import give_way


class Job:
    """Progress out, cancellation in. A bare ``Job()`` serves tests, the API and the command line.

    Args:
        on_progress: called with (done, total, label) from the thread that works.
    """

    def __init__(self, on_progress: Callable[[int, int, str], None] | None = None) -> None:
        self._on_progress = on_progress
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._cancelled.is_set()

    def step(self, done: int, total: int, label: str = "") -> None:
        """Report ``done`` of ``total``.

        Raises:
            Cancelled: when the person asked to stop.
        """
        if self._cancelled.is_set():
            raise Cancelled(tr("Stopped."))
        give_way()
        if self._on_progress is not None:
            self._on_progress(done, total, label)

    def wait(self, seconds: float) -> None:
        """Wait ``seconds``, or less when cancelled.

        Raises:
            Cancelled: when the person asked to stop.
        """
        if self._cancelled.wait(max(0.0, seconds)):
            raise Cancelled(tr("Stopped."))
