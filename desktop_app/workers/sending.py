"""The thread of the window that sends: started with it, ended within its close."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.services.job import Job

# A request on its way has ten seconds for its answer, and the answer must be written.
END_SECONDS: Final = 15.0
AGAIN_SECONDS: Final = 5.0


class SendingThread(QObject):
    """Runs the sending until it is ended. What fails is tried again: a queue must not stand still because of one mistake.

    Args:
        run: sends until its job is cancelled, and hands over the bugs that do not end it; may be run again.
        prepare: called once in the thread, before anything else.
        parent: Qt's.

    Signals:
        crashed: the exception of a bug, in the GUI thread; what met it begins anew after some seconds.
    """

    crashed = Signal(object)

    def __init__(
        self,
        run: Callable[[Job, Callable[[Exception], object]], None],
        prepare: Callable[[], object] = bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._run, self._prepare = run, prepare
        self._ended = threading.Event()
        self._job = Job()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether the thread is alive."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin to send."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="sending", daemon=True)
            self._thread.start()

    def end(self, seconds: float = END_SECONDS) -> bool:
        """Let nothing more start and wait for what is on its way; return whether that ended within ``seconds``.

        What is left then counts as unknown, for whoever sends next.
        """
        self._ended.set()
        self._job.cancel()
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.is_running

    def _work(self) -> None:
        is_prepared = False
        while not self._ended.is_set():
            # Each run has its own: a run that fails cancels its job, to end what works beside it.
            self._job = Job()
            if self._ended.is_set():
                return
            try:
                if not is_prepared:
                    self._prepare()
                    is_prepared = True
                self._run(self._job, self._report)
            except Cancelled:
                continue
            except AppError as error:
                logging.getLogger(__name__).warning("sending begins anew: %s", error.user_message)
            except Exception as error:
                logging.getLogger(__name__).exception("sending met a bug and begins anew")
                self._report(error)
            self._ended.wait(AGAIN_SECONDS)

    def _report(self, error: Exception) -> None:
        # The window may be gone already.
        with suppress(RuntimeError):
            self.crashed.emit(error)
