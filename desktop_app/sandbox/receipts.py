"""Delivery receipts: posted to the client's own address when their time has come, and to this machine only."""

import heapq
import http.client
import ipaddress
import itertools
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

from desktop_app.sandbox.wire import hang_up

_TIMEOUT_SECONDS: Final = 5.0
_ANSWER_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Receipt:
    """One request that tells a client about a message.

    Attributes:
        due_at: when it is sent, aware UTC.
        url: http on loopback; others are not called.
        headers: with the provider's signature.
        body: the exact bytes.
    """

    due_at: datetime
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def is_loopback(url: str) -> bool:
    """Return whether ``url`` is plain http to this machine."""
    parts = _split(url)
    if parts is None or parts.scheme != "http" or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


class ReceiptPost:
    """One thread that sends receipts in the order they fall due. A failed one is not repeated.

    Args:
        clock: returns the time, aware UTC.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: list[tuple[datetime, int, Receipt]] = []
        self._numbers = itertools.count()
        self._running = False
        self._calling: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to send."""
        self._running = True
        self._thread = threading.Thread(target=self._run, name="sandbox-receipts", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, at once: what is not sent yet stays unsent."""
        with self._changed:
            self._running = False
            self._changed.notify_all()
            if self._calling is not None:
                hang_up(self._calling)
        if self._thread is not None:
            self._thread.join()

    def schedule(self, receipt: Receipt) -> None:
        """Send ``receipt`` when it is due, unless it leads away from this machine."""
        if not is_loopback(receipt.url):
            return
        with self._changed:
            heapq.heappush(self._waiting, (receipt.due_at, next(self._numbers), receipt))
            self._changed.notify_all()

    def _run(self) -> None:
        while (receipt := self._next()) is not None:
            self._call(receipt)

    def _next(self) -> Receipt | None:
        """Return the next receipt once it is due, None when stopped."""
        with self._changed:
            while self._running:
                if not self._waiting:
                    self._changed.wait()
                    continue
                missing = (self._waiting[0][0] - self._clock()).total_seconds()
                if missing <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(missing)
            return None

    def _call(self, receipt: Receipt) -> None:
        parts = urlsplit(receipt.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_TIMEOUT_SECONDS)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            connection.connect()
            if self._may_call(connection.sock):
                connection.request("POST", target, receipt.body, dict(receipt.headers))
                connection.getresponse().read(_ANSWER_BYTES)
        except (OSError, http.client.HTTPException):
            pass  # as with a real provider: the receiver's trouble is the receiver's, polling still finds the status
        finally:
            with self._changed:
                self._calling = None
            connection.close()

    def _may_call(self, used: socket.socket) -> bool:
        with self._changed:
            self._calling = used
            return self._running


def _split(url: str) -> SplitResult | None:
    if not url.isascii():
        return None
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None
