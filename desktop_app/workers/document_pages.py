"""Pages of documents for the window: asked for in a lane, painted by a process that is ended when it takes too long."""

import multiprocessing
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Final

from desktop_app.services.job import Job
from desktop_app.workers.document_child import Painted, Trouble, Wanted, serve

SECONDS: Final = 12.0
_LOOK_SECONDS: Final = 0.05


class DocumentPages:
    """Has at most one process, started with the first page and again after it ended. ``page`` is called in one lane.

    Args:
        seconds: how long a page may take.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: tuple[SpawnProcess, Connection] | None = None
        self._closed = False

    def page(self, wanted: Wanted, job: Job) -> Painted | Trouble:
        """Return a page, or why there is none; waits for it.

        Raises:
            Cancelled: the person went on; the process is ended when it was busy.
        """
        with self._lock:
            if self._closed:
                return Trouble.STOPPED
            process, pipe = self._running()
        try:
            pipe.send(wanted)
            waited = 0.0
            while not pipe.poll(_LOOK_SECONDS):
                waited += _LOOK_SECONDS
                job.wait(0)
                if waited > self._seconds or not process.is_alive():
                    self._end()
                    return Trouble.STOPPED
            answer = pipe.recv()
        except (EOFError, OSError):
            self._end()
            return Trouble.STOPPED
        except BaseException:
            # Cancelled: whatever it would answer is not wanted any more.
            self._end()
            raise
        return answer if isinstance(answer, Painted | Trouble) else Trouble.STOPPED

    def close(self) -> None:
        """End the process; no page is painted any more."""
        self._closed = True
        self._end()

    def _running(self) -> tuple[SpawnProcess, Connection]:
        if self._child is None or not self._child[0].is_alive():
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs,), name="document pages", daemon=True)
            process.start()
            theirs.close()
            self._child = (process, ours)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            process, pipe = child
            process.kill()
            pipe.close()
            process.join()
