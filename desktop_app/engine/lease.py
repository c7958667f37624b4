"""The right to send: one process per database holds it, and looks at it before every single send (reliability.md 3.5).

The lease's end is kept on a clock that goes on while the computer sleeps: a laptop that wakes up must not believe that it
still holds what another took over.
"""

import os
import secrets
import socket
import time
from dataclasses import dataclass
from functools import partial
from typing import Final

from desktop_app.services.clock import Clock
from desktop_app.storage.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class LeaseTimes:
    """How long the right to send lasts, all in seconds.

    Attributes:
        lasts: without being renewed.
        renew_after: it is renewed when this much has passed.
        grace: a take-over waits this long after the end, for a holder that stalled between its look and its send.
        margin: no send starts this close to the end: one that starts may run for its whole deadline, and must end before the
            lease does.
    """

    lasts: float = 30.0
    renew_after: float = 5.0
    grace: float = 5.0
    margin: float = 12.0


USUAL_TIMES: Final = LeaseTimes()


_read_clock: Final = (
    partial(time.clock_gettime, time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic
)


def steady_seconds() -> float:
    """Return seconds of a clock that never jumps and counts sleep, where the system has one."""
    return _read_clock()


class SendingLease:
    """Holds the lease for one dispatcher.

    Args:
        database: where the lease is.
        clock: wall time, for the database.
        times: how long it lasts.

    Attributes:
        epoch: the number of this term, None while another may send.
    """

    def __init__(self, database: Database, clock: Clock, times: LeaseTimes = USUAL_TIMES) -> None:
        self._database = database
        self._clock = clock
        self._times = times
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._end = 0.0
        self._renewed = 0.0
        self.epoch: int | None = None

    def acquire(self) -> bool:
        """Take the lease, or return False while another process holds it.

        What an earlier holder had in flight is called unknown in the same transaction.
        """
        asked = steady_seconds()
        with self._database.begin() as uow:
            epoch = uow.lease.acquire(self._holder, self._clock(), self._times.lasts, self._times.grace)
            if epoch is None:
                return False
            uow.dispatch.abandon_flights(epoch, self._clock())
        self.epoch, self._renewed, self._end = epoch, asked, asked + self._times.lasts
        return True

    def renew(self) -> bool:
        """Extend the lease when it is time to; False when it is not ours, or not any more."""
        asked = steady_seconds()
        if self.epoch is None:
            return False
        if asked - self._renewed < self._times.renew_after:
            return True
        with self._database.begin() as uow:
            kept = uow.lease.renew(self.epoch, self._clock(), self._times.lasts)
        if not kept:
            self.epoch, self._end = None, 0.0
            return False
        self._renewed, self._end = asked, asked + self._times.lasts
        return True

    def may_send(self) -> bool:
        """Return whether a send may start at this very moment; asked from any thread."""
        return steady_seconds() < self._end - self._times.margin

    def release(self) -> None:
        """Give the lease back, so that the next process need not wait for its end."""
        if self.epoch is not None:
            epoch, self.epoch, self._end = self.epoch, None, 0.0
            with self._database.begin() as uow:
                uow.lease.release(epoch)
