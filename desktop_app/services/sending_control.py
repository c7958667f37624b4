"""Sending as a whole: who sends just now, what waits, and the pause for all of it."""

import os
import socket
from dataclasses import dataclass
from typing import Final

from desktop_app.services.accounts import read_switches
from desktop_app.services.clock import Clock
from desktop_app.storage.repositories.dispatch import SENDING_PAUSED
from desktop_app.storage.unit_of_work import Database, UnitOfWork

_ON: Final = "on"


@dataclass(frozen=True, slots=True)
class SendingSituation:
    """How sending stands.

    Attributes:
        is_paused: a person paused all of it.
        is_off: the service is switched off.
        holder: the computer of the process that holds the right to send, "" when none does.
        process: its number there.
        is_here: that process is this one.
        waiting: how many messages wait to be sent now; what waits for its time, or for a paused provider, is left out.
        paused_routes: providers that are not used just now: name, why, and how many messages wait for it.
    """

    is_paused: bool
    is_off: bool
    holder: str
    process: str
    is_here: bool
    waiting: int
    paused_routes: tuple[tuple[str, str, int], ...] = ()


class SendingControlService:
    """Pauses and resumes all sending; what is on its way is not called back."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def read(self) -> SendingSituation:
        """Return how sending stands."""
        now = self._clock()
        with self._database.read() as uow:
            host, _, process = uow.lease.holder(now).partition(":")
            number = process.partition(":")[0]
            is_here = (host, number) == (socket.gethostname(), str(os.getpid()))
            off = not read_switches(uow).service
            routes = tuple((one.provider, one.reason, one.waiting) for one in uow.attention.paused_routes())
            return SendingSituation(
                read_paused(uow), off, host, number, is_here, uow.dispatch.count_waiting(now), routes
            )

    def set_paused(self, *, paused: bool, actor: str) -> None:
        """Let nothing start any more, or let sending go on; it stays so over restarts."""
        with self._database.begin() as uow:
            if read_paused(uow) != paused:
                uow.settings.set(SENDING_PAUSED, _ON if paused else "")
                uow.activity.add(self._clock(), actor, "sending_paused" if paused else "sending_resumed", "")


def read_paused(uow: UnitOfWork) -> bool:
    """Return whether a person paused all sending."""
    return uow.settings.get(SENDING_PAUSED) == _ON
