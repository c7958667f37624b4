"""The send path over threads and requests: many sends at once, none of them twice."""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.providers.base import HTTPFailure, HTTPRequest, HTTPResult
from desktop_app.providers.channel import Channel

SEND_SECONDS: Final = 10.0
SEND_BYTES: Final = 256 * 1024

_Job = tuple[int, HTTPRequest, Callable[[], bool]]


class RequestsTransport:
    """A ``SendTransport`` of worker threads, each with a connection of its own.

    Args:
        connections: how many sends may be under way at once.
        deadline_seconds: for one send, counted from when its turn comes.
        max_bytes: of one answer's body.
        open_channel: makes the channel of each worker.
    """

    def __init__(
        self,
        connections: int = 8,
        deadline_seconds: float = SEND_SECONDS,
        *,
        max_bytes: int = SEND_BYTES,
        open_channel: Callable[[], Channel] = Channel,
    ) -> None:
        self._deadline_seconds = deadline_seconds
        self._max_bytes = max_bytes
        self._open_channel = open_channel
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._results: SimpleQueue[tuple[int, HTTPResult]] = SimpleQueue()
        self._in_flight = 0
        self._count_lock = threading.Lock()
        self._closing = threading.Event()
        self._workers = [
            threading.Thread(target=self._work, name=f"send-transport-{number}", daemon=True)
            for number in range(1, connections + 1)
        ]
        for worker in self._workers:
            worker.start()

    @property
    def in_flight(self) -> int:
        """How many submitted requests were not collected yet."""
        return self._in_flight

    def submit(self, key: int, request: HTTPRequest, may_send: Callable[[], bool]) -> None:
        """Queue ``request``; its result comes out of ``collect`` under ``key``, in any order."""
        self._count(1)
        self._jobs.put((key, request, may_send))

    def collect(self, timeout_seconds: float) -> list[tuple[int, HTTPResult]]:
        """Return the results that are there, waiting up to ``timeout_seconds`` for the first one."""
        results: list[tuple[int, HTTPResult]] = []
        try:
            results.append(self._results.get(timeout=max(timeout_seconds, 0.0)))
            while True:
                results.append(self._results.get_nowait())
        except Empty:
            self._count(-len(results))
        return results

    def close(self) -> None:
        """End the workers after their running requests; requests still queued come back as not sent."""
        self._closing.set()
        for _ in self._workers:
            self._jobs.put(None)
        for worker in self._workers:
            worker.join()

    def _count(self, change: int) -> None:
        with self._count_lock:
            self._in_flight += change

    def _work(self) -> None:
        channel = self._open_channel()
        try:
            while (job := self._jobs.get()) is not None:
                self._run(channel, *job)
        finally:
            channel.close()

    def _run(self, channel: Channel, key: int, request: HTTPRequest, may_send: Callable[[], bool]) -> None:
        # Stands when ``may_send`` or our own code raises: the worker ends with that error, and the request stays in doubt.
        result: HTTPResult = HTTPFailure(sent=True, detail=tr("The send ended in an error of the program."))
        try:
            if self._closing.is_set():
                result = HTTPFailure(sent=False, detail=tr("It was stopped before anything was sent."))
            else:
                result = channel.exchange(
                    request,
                    deadline_seconds=self._deadline_seconds,
                    max_bytes=self._max_bytes,
                    may_send=may_send,
                )
        finally:
            self._results.put((key, result))
