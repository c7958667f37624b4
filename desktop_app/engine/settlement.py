"""What became of attempts, until the database took it."""

import logging
from collections.abc import Sequence
from typing import Final

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.domain.messages import AttemptOutcome
from desktop_app.engine.lease import steady_seconds
from desktop_app.services.clock import Clock
from desktop_app.storage.repositories.dispatch import ForeignIds, Settled
from desktop_app.storage.unit_of_work import Database, UnitOfWork

# Outcomes are written together, but none waits longer than this for the others.
SETTLE_SIZE: Final = 200
SETTLE_SECONDS: Final = 0.1
ACTOR: Final = "engine"
_LOG: Final = logging.getLogger(__name__)


class Settlement:
    """Collects outcomes and writes them with their money. What a provider said is kept until it is committed.

    Args:
        database: the queue and the books.
        clock: the time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._outcomes: list[Settled] = []
        self._pauses: dict[int, str] = {}
        self._troubles: dict[int, str] = {}
        self._oldest = 0.0

    def __bool__(self) -> bool:
        return bool(self._outcomes)

    def attempt_ids(self) -> set[int]:
        """Return the attempts whose outcomes are not written yet."""
        return {one.attempt_id for one in self._outcomes}

    def add(self, one: Settled) -> None:
        """Keep an outcome."""
        if not self._outcomes:
            self._oldest = steady_seconds()
        self._outcomes.append(one)

    def pause(self, provider_id: int, reason: str) -> None:
        """Let a route be paused with the next outcomes, until a person looks."""
        self._pauses[provider_id] = reason

    def note_trouble(self, provider_id: int, reason: str) -> None:
        """Let the account remember what went wrong, with the next outcomes."""
        self._troubles[provider_id] = reason

    def is_due(self) -> bool:
        """Return whether there are enough outcomes, or one has waited long enough, or a route has to be paused."""
        enough = len(self._outcomes) >= SETTLE_SIZE or bool(self._pauses)
        return enough or (bool(self._outcomes) and steady_seconds() - self._oldest >= SETTLE_SECONDS)

    def write(self) -> None:
        """Write everything at hand; what could not be written is still at hand.

        Raises:
            StorageUnavailable, StaleData: nothing is known to be written. Writing again is safe even if it was: an outcome
                lands only on an attempt without one.
        """
        if not self._outcomes:
            return
        try:
            self._write_trusting(self._outcomes)
        except AppError:
            raise
        except Exception:  # noqa: BLE001 - one outcome that the database refuses must not take the others with it
            _LOG.exception("outcomes were refused; they are written one by one")
            while self._outcomes:
                self._write_alone(self._outcomes[0])
                del self._outcomes[0]
        self._outcomes, self._pauses, self._troubles = [], {}, {}

    def _write_trusting(self, outcomes: Sequence[Settled]) -> None:
        # An id given twice hardly ever happens, and looking for it costs every message: the index of ids tells.
        try:
            self._write(outcomes, doubting=False)
        except ForeignIds:
            self._write(outcomes)

    def _write_alone(self, one: Settled) -> None:
        try:
            self._write([one])
        except AppError:
            raise
        except Exception:  # noqa: BLE001 - as above; that it is in doubt can always be written
            detail = tr("The provider's answer could not be stored.")
            self._write([Settled(one.attempt_id, one.message_id, AttemptOutcome.UNKNOWN, detail=detail)])

    def _write(self, outcomes: Sequence[Settled], *, doubting: bool = True) -> None:
        with self._database.begin() as uow:
            uow.dispatch.settle(outcomes, actor=ACTOR, now=self._clock(), doubting=doubting)
            for provider_id, reason in self._troubles.items():
                uow.providers.note_error(provider_id, reason, self._clock())
            for provider_id, reason in self._pauses.items():
                pause_route(uow, provider_id, reason, self._clock)


def pause_route(uow: UnitOfWork, provider_id: int, reason: str, clock: Clock) -> None:
    """Stop using a route until a person looks, with a line in the log of activities; once."""
    stored = uow.providers.by_id(provider_id)
    if stored.paused_reason is None:
        uow.providers.pause(provider_id, reason)
        uow.activity.add(clock(), ACTOR, "route_paused", stored.name, reason=reason)
