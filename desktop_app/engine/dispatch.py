"""The dispatcher: claims queued messages, sends each once, and writes down what became of it (reliability.md 3).

Three durable steps per message: the intent is committed, the request goes out, the outcome is committed. Between the second
and the third nothing can fail but the process itself; then the next holder of the lease calls the message unknown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from desktop_app.domain.batches import Claimed
from desktop_app.domain.errors import AppError
from desktop_app.domain.messages import AttemptOutcome, MessageStatus
from desktop_app.engine.lease import SendingLease
from desktop_app.engine.policy import LastLook
from desktop_app.engine.tokens import AttemptTokens
from desktop_app.providers.base import HTTPResult, OutgoingMessage, Provider, SendOutcome, SendResult, SendTransport
from desktop_app.services.accounts import AccountsService, read_switches
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.storage.repositories.dispatch import CandidateBatch, Settled
from desktop_app.storage.unit_of_work import Database, UnitOfWork

CLAIM_SIZE: Final = 200
SETTLE_SIZE: Final = 100
# Requests handed to the transport ahead of its connections: what a crash may leave unknown stays small.
WINDOW: Final = 64
IDLE_SECONDS: Final = 0.2
# A send that never left is tried again later and later; the provider's own wish wins when it is longer.
FIRST_BACKOFF_SECONDS: Final = 2.0
LONGEST_BACKOFF_SECONDS: Final = 900.0
ACTOR: Final = "engine"

_OUTCOMES: Final = {
    SendOutcome.ACCEPTED: AttemptOutcome.ACCEPTED,
    SendOutcome.REJECTED: AttemptOutcome.REJECTED,
    SendOutcome.NOT_SENT: AttemptOutcome.NOT_SENT,
    SendOutcome.UNKNOWN: AttemptOutcome.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class _Flight:
    """A claimed message on its way through the transport."""

    claimed: Claimed
    provider_id: int
    provider: Provider
    message: OutgoingMessage


class Dispatcher:
    """Sends what is queued, while it holds the lease.

    Args:
        database: the queue and the books.
        accounts: opens the provider of a batch.
        transport: carries the requests; closed by whoever made it.
        clock: the time.
        lease: the right to send.
    """

    def __init__(
        self, database: Database, accounts: AccountsService, transport: SendTransport, clock: Clock, lease: SendingLease
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._transport = transport
        self._clock = clock
        self._lease = lease
        self._providers: dict[int, Provider] = {}
        self._waiting: list[_Flight] = []
        self._flights: dict[int, _Flight] = {}

    def drain(self, job: Job, *, until: Callable[[], bool]) -> None:
        """Send until ``until`` says so or nothing is left that may go now; then give the lease back.

        While another process holds the lease, that one sends, and this one waits for ``until``.

        Raises:
            Cancelled: the person stopped it; what was in flight is written down first.
        """
        try:
            while not until():
                if (self._lease.epoch is None and not self._lease.acquire()) or not self.step():
                    job.wait(IDLE_SECONDS)
                job.step(0, 0)
        finally:
            self.stop()

    def step(self) -> bool:
        """Do one round of claiming, sending and settling; return whether there was anything to do.

        Without the lease nothing new is claimed or handed out, but outcomes are still written: evidence is never lost.
        """
        held = self._lease.renew()
        if not held:
            self._put_back()
        elif not self._waiting:
            self._waiting = self._claim()
        self._hand_out()
        if not self._flights:
            return bool(self._waiting)
        self._settle(self._transport.collect(IDLE_SECONDS))
        return True

    def stop(self) -> None:
        """Put back what was not handed out, wait for what is in flight, write it down, and give the lease back."""
        self._put_back()
        while self._flights:
            self._settle(self._transport.collect(IDLE_SECONDS))
        self._lease.release()

    def _claim(self) -> list[_Flight]:
        now = self._clock()
        with self._database.begin() as uow:
            epoch = self._lease.epoch
            if epoch is None or not uow.lease.is_mine(epoch) or not read_switches(uow).service:
                return []
            candidates = uow.dispatch.candidates(CLAIM_SIZE, now)
            if not candidates:
                return []
            batches = uow.dispatch.batches(one.batch_id for one in candidates)
            quotes = uow.dispatch.quotes(one.quote_id for one in candidates)
            self._open_providers(uow, batches)
            candidates = [one for one in candidates if batches[one.batch_id].provider_id in self._providers]
            may_go, refused = LastLook(uow, batches, quotes, now).sort(candidates)
            uow.dispatch.block(refused, actor=ACTOR, now=now)
            tokens = AttemptTokens.of_database(uow)
            claimed = uow.dispatch.claim(
                may_go,
                [tokens.token(one.message_id, one.tries + 1) for one in may_go],
                batches,
                quotes,
                epoch=epoch,
                now=now,
            )
        return [self._flight(one, batches[one.batch_id]) for one in claimed]

    def _open_providers(self, uow: UnitOfWork, batches: dict[int, CandidateBatch]) -> None:
        """Open the providers of the batches; a route whose account cannot be opened is paused with the reason."""
        for provider_id in {batch.provider_id for batch in batches.values()} - self._providers.keys():
            try:
                self._providers[provider_id] = self._accounts.connect(uow.providers.by_id(provider_id))
            except AppError as error:
                uow.providers.pause(provider_id, error.user_message)

    def _flight(self, claimed: Claimed, batch: CandidateBatch) -> _Flight:
        message = OutgoingMessage(claimed.number, claimed.sender, claimed.text, claimed.unicode, claimed.token)
        return _Flight(claimed, batch.provider_id, self._providers[batch.provider_id], message)

    def _hand_out(self) -> None:
        while self._waiting and self._transport.in_flight < WINDOW:
            flight = self._waiting.pop()
            self._flights[flight.claimed.attempt_id] = flight
            request = flight.provider.build_send(flight.message)
            self._transport.submit(flight.claimed.attempt_id, request, self._lease.may_send)

    def _put_back(self) -> None:
        """Queue again what was claimed and never handed out: it is certain that it did not leave."""
        flights, self._waiting = self._waiting, []
        outcomes = [
            Settled(one.claimed.attempt_id, one.claimed.message_id, AttemptOutcome.NOT_SENT, detail="not handed out")
            for one in flights
        ]
        self._write(outcomes)

    def _settle(self, results: list[tuple[int, HTTPResult]]) -> None:
        outcomes = []
        pauses: dict[int, str] = {}
        for attempt_id, result in results:
            flight = self._flights.pop(attempt_id)
            sent = flight.provider.read_send(flight.message, result)
            outcomes.append(self._outcome(flight, sent))
            if sent.pause_route:
                pauses[flight.provider_id] = sent.detail
        self._write(outcomes, pauses)

    def _outcome(self, flight: _Flight, sent: SendResult) -> Settled:
        not_before = None
        if sent.outcome is SendOutcome.NOT_SENT:
            backoff = min(FIRST_BACKOFF_SECONDS * 2 ** (flight.claimed.tries - 1), LONGEST_BACKOFF_SECONDS)
            not_before = self._clock() + timedelta(seconds=max(backoff, sent.retry_after_seconds or 0.0))
        return Settled(
            flight.claimed.attempt_id,
            flight.claimed.message_id,
            _OUTCOMES[sent.outcome],
            tuple((part.provider_message_id, part.cost, part.currency) for part in sent.parts),
            sent.code,
            sent.detail,
            not_before,
        )

    def _write(self, outcomes: list[Settled], pauses: dict[int, str] | None = None) -> None:
        if not outcomes and not pauses:
            return
        with self._database.begin() as uow:
            uow.dispatch.settle(outcomes, actor=ACTOR, now=self._clock())
            for provider_id, reason in (pauses or {}).items():
                uow.providers.pause(provider_id, reason)
                uow.activity.add(
                    self._clock(), ACTOR, "route_paused", uow.providers.by_id(provider_id).name, reason=reason
                )


# What a batch still waits for before its sending is over; UNKNOWN is not waited for (cli.md, settled 7).
UNSENT: Final = (MessageStatus.QUEUED, MessageStatus.SENDING)
