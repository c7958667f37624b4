"""The dispatcher: claims queued messages, sends each once, and writes down what became of it (reliability.md 3).

Three durable steps per message: the intent is committed, the request goes out, the outcome is committed. Between the second
and the third nothing can fail but the process itself; then the next holder of the lease calls the message unknown.
"""

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from desktop_app.domain.errors import AppError, StaleData, StorageUnavailable
from desktop_app.domain.language import tr
from desktop_app.domain.messages import AttemptOutcome
from desktop_app.domain.pace import give_way
from desktop_app.engine.lease import SendingLease, steady_seconds
from desktop_app.engine.policy import LastLook
from desktop_app.engine.routes import Routes
from desktop_app.engine.settlement import ACTOR, SETTLE_SECONDS, Settlement, pause_route
from desktop_app.engine.tokens import AttemptTokens
from desktop_app.providers.base import (
    HTTPRequest,
    HTTPResult,
    OutgoingMessage,
    Provider,
    SendOutcome,
    SendResult,
    SendTransport,
)
from desktop_app.services.accounts import AccountsService
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.storage.repositories.dispatch import Candidate, CandidateBatch, QuotedDestination, Settled
from desktop_app.storage.unit_of_work import Database, UnitOfWork

_LOG: Final = logging.getLogger(__name__)
# So many messages are claimed and not written down at any moment. More would be cheaper to commit, but whoever dies leaves
# them in doubt (P7).
CLAIM_SIZE: Final = 200
# Requests handed to the transport ahead of its connections: what a crash may leave unknown stays small.
WINDOW: Final = 64
IDLE_SECONDS: Final = 0.2
# So often it is asked whether a person paused or stopped what is claimed but has not left yet.
LOOK_SECONDS: Final = 0.5
# Passing over what is held back takes at most one part in so many of the time.
PASSING_SHARE: Final = 10
LONGEST_PASSING_SECONDS: Final = 5.0
# A send that never left is tried again later and later; the provider's own wish wins when it is longer.
FIRST_BACKOFF_SECONDS: Final = 2.0
LONGEST_BACKOFF_SECONDS: Final = 900.0

# Looking a word of an enumeration up by its name costs more than comparing it.
_NOT_SENT: Final = SendOutcome.NOT_SENT
_OUTCOMES: Final = {
    SendOutcome.ACCEPTED: AttemptOutcome.ACCEPTED,
    SendOutcome.REJECTED: AttemptOutcome.REJECTED,
    _NOT_SENT: AttemptOutcome.NOT_SENT,
    SendOutcome.UNKNOWN: AttemptOutcome.UNKNOWN,
}


class _Flight(NamedTuple):
    """A claimed message on its way through the transport."""

    attempt_id: int
    message_id: int
    batch_id: int
    tries: int
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
        self._transport = transport
        self._clock = clock
        self._lease = lease
        self._routes = Routes(accounts)
        self._settlement = Settlement(database, clock)
        self._last_look = LastLook()
        self._waiting: deque[_Flight] = deque()
        self._flights: dict[int, _Flight] = {}
        self._answers: deque[tuple[int, HTTPResult]] = deque()
        self._batches: dict[int, CandidateBatch] = {}
        self._quotes: dict[int, QuotedDestination] = {}
        self._halted: frozenset[int] = frozenset()
        self._looked = 0.0
        self._head_id = 0
        self._passed_over = self._passing_seconds = 0.0
        self._claim_in_doubt = False
        self._stopping = False
        self._outage = False
        with database.begin() as uow:
            self._tokens = AttemptTokens.of_database(uow)

    def drain(self, job: Job, *, until: Callable[[], bool]) -> None:
        """Send until ``until`` says so; then give the lease back.

        While another process holds the lease, that one sends, and this one waits for ``until``. While the database does not
        answer, nothing new is sent, nothing is forgotten, and it goes on by itself.

        Raises:
            Cancelled: the person stopped it; what was in flight is written down first.
        """
        self._stopping = False
        try:
            while not until():
                if not self._ride_out(self._round):
                    job.wait(IDLE_SECONDS)
                job.step(0, 0)
        finally:
            self.stop()

    def step(self) -> bool:
        """Do one round of claiming, sending and settling; return whether there was anything to do.

        Without the lease nothing new is claimed or handed out, but outcomes are still written: evidence is never lost.

        Raises:
            StorageUnavailable, StaleData: the database did not take it; what is at hand stays at hand, for the next step.
        """
        give_way()
        try:
            self._take_on()
        finally:
            busy = self._bring_in()
        return busy

    def stop(self) -> None:
        """Put back what was not handed out, wait for what is in flight, write it down, and give the lease back.

        Requests still queued in the transport do not start any more. While the database does not answer, this waits for it:
        the outcomes are nowhere else.
        """
        self._stopping = True
        while self._in_hand() or self._claim_in_doubt:
            if not self._ride_out(self._finish):
                Job().wait(IDLE_SECONDS)
        self._ride_out(self._lease.release)

    def _round(self) -> bool:
        # What the last term still has in flight is written first: its outcomes are better than "unknown".
        if self._lease.epoch is None and not self._in_hand():
            self._lease.acquire()
        return self.step()

    def _finish(self) -> bool:
        self._recover_claim()
        self._put_back()
        self._bring_in()
        return True

    def _ride_out(self, work: Callable[[], object]) -> bool:
        """Return what ``work`` says, False while the database is away: said once, to be tried again by whoever called."""
        try:
            done = bool(work())
        except (StorageUnavailable, StaleData) as error:
            if not self._outage:
                _LOG.warning("nothing new is sent until the database answers: %s", error.user_message)
            self._outage = True
            return False
        self._outage = False
        return done

    def _in_hand(self) -> bool:
        return bool(self._waiting or self._flights or self._answers or self._settlement)

    def _take_on(self) -> None:
        if not self._lease.renew():
            self._put_back()
            return
        self._recover_claim()
        self._look_for_halts()
        if not self._waiting:
            # Before anything new is claimed: what a crash may leave unknown is one chunk and one window, and no more.
            self._settlement.write()
            while closed := self._claim():
                self._open(closed)
        self._hand_out()

    def _look_for_halts(self) -> None:
        """Find out, now and then, of which batches in hand nothing more may start: of all, while nothing may be claimed."""
        if not (self._waiting or self._flights) or steady_seconds() - self._looked < LOOK_SECONDS:
            return
        in_hand = {one.batch_id for one in self._waiting} | {one.batch_id for one in self._flights.values()}
        with self._database.read() as uow:
            self._halted = uow.dispatch.halted(in_hand) if uow.dispatch.is_open() else frozenset(in_hand)
        self._looked = steady_seconds()

    def _claim(self) -> set[int]:
        """Claim the head of the queue; return the providers that must be opened before anything can be claimed."""
        now = self._clock()
        with self._database.begin() as uow:
            epoch = self._lease.epoch
            if epoch is None or not uow.lease.is_mine(epoch) or not uow.dispatch.is_open():
                return set()
            candidates = self._candidates(uow, now)
            if not candidates:
                return set()
            batches, quotes = self._shared(uow, candidates)
            closed = self._routes.closed({batches[one.batch_id].provider_id for one in candidates})
            if closed:
                return closed
            may_go, refused = self._last_look.sort(uow, candidates, batches, quotes, now)
            uow.dispatch.block(refused, actor=ACTOR, now=now)
            # An error from here on does not tell whether the claim was committed.
            self._claim_in_doubt = True
            attempts = uow.dispatch.claim(may_go, epoch=epoch, now=now)
            own = [one.message_id for one in may_go if batches[one.batch_id].own_texts]
            texts = uow.dispatch.own_texts(own) if own else {}
            flights = [
                self._flight(
                    one, attempts[one.message_id], batches[one.batch_id], quotes[one.quote_id].sender,
                    texts[one.message_id] if batches[one.batch_id].own_texts else None,
                )
                for one in may_go
            ]  # fmt: skip
        self._waiting.extend(flights)
        # Claimed means that nobody holds them back at this moment.
        self._halted -= {one.batch_id for one in flights}
        self._claim_in_doubt = False
        return set()

    def _candidates(self, uow: UnitOfWork, now: datetime) -> list[Candidate]:
        """Return the head of the queue.

        What is paused or waits for its time stands before it, and there may be a million of it: it is passed over once in a
        while, not for every chunk.
        """
        room = CLAIM_SIZE - len(self._flights)
        start = steady_seconds()
        pause = min(max(LOOK_SECONDS, PASSING_SHARE * self._passing_seconds), LONGEST_PASSING_SECONDS)
        passes_over = start - self._passed_over >= pause
        if passes_over:
            self._head_id = 0
        candidates = uow.dispatch.candidates(room, now, self._routes.resting(), self._head_id)
        if candidates:
            self._head_id = candidates[0].message_id
        elif passes_over:
            self._head_id = uow.dispatch.next_id()
        if passes_over:
            self._passed_over = steady_seconds()
            self._passing_seconds = self._passed_over - start
        return candidates

    def _recover_claim(self) -> None:
        """Put back what a claim took whose commit was in doubt: it was never handed out."""
        if not self._claim_in_doubt:
            return
        epoch = self._lease.epoch
        if epoch is not None:
            known = self._flights.keys() | {one.attempt_id for one in self._waiting} | self._settlement.attempt_ids()
            with self._database.read() as uow:
                strays = [one for one in uow.dispatch.flights_of(epoch) if one[0] not in known]
            for attempt_id, message_id in strays:
                self._settlement.add(_not_handed_out(attempt_id, message_id))
        self._claim_in_doubt = False

    def _shared(
        self, uow: UnitOfWork, candidates: list[Candidate]
    ) -> tuple[dict[int, CandidateBatch], dict[int, QuotedDestination]]:
        """Return what the candidates share. Batches and quotes never change, so those of the last chunk still hold."""
        batch_ids = {one.batch_id for one in candidates}
        if not batch_ids <= self._batches.keys():
            self._batches = uow.dispatch.batches(batch_ids)
        quote_ids = {one.quote_id for one in candidates}
        if not quote_ids <= self._quotes.keys():
            self._quotes = uow.dispatch.quotes(quote_ids)
        return self._batches, self._quotes

    def _open(self, provider_ids: set[int]) -> None:
        """Open providers, outside of any transaction: a vault or a keyring takes its time.

        A route whose account cannot be opened is paused with the reason.
        """
        for provider_id in sorted(provider_ids):
            with self._database.read() as uow:
                stored = uow.providers.by_id(provider_id)
            try:
                self._routes.open(stored)
            except AppError as error:
                with self._database.begin() as uow:
                    pause_route(uow, provider_id, error.user_message, self._clock)

    def _flight(
        self, one: Candidate, attempt_id: int, batch: CandidateBatch, sender: str, own: tuple[str, bool] | None
    ) -> _Flight:
        tries = one.tries + 1
        provider = self._routes.provider(batch.provider_id)
        # It can be computed again at any time, so it is made only where somebody gets it.
        token = self._tokens.token(one.message_id, tries) if provider.capabilities.takes_token else ""
        text, is_unicode = own or (batch.text, batch.unicode)
        message = OutgoingMessage(one.number, sender, text, is_unicode, token)
        return _Flight(attempt_id, one.message_id, one.batch_id, tries, batch.provider_id, provider, message)

    def _hand_out(self) -> None:
        while self._waiting and self._transport.in_flight < WINDOW:
            flight = self._waiting.popleft()
            request = self._request(flight) if self._is_open(flight) else None
            if request is None:
                self._settlement.add(_not_handed_out(flight.attempt_id, flight.message_id))
                continue
            self._flights[flight.attempt_id] = flight
            self._transport.submit(flight.attempt_id, request, partial(self._may_send, flight))

    def _request(self, flight: _Flight) -> HTTPRequest | None:
        try:
            return flight.provider.build_send(flight.message)
        except Exception:  # noqa: BLE001 - whatever a driver's mistake is, the other routes go on
            self._blame_driver(flight)
            return None

    def _is_open(self, flight: _Flight) -> bool:
        return flight.batch_id not in self._halted and self._routes.usable(flight.provider_id)

    def _may_send(self, flight: _Flight) -> bool:
        """Return whether a send may start now; the transport's threads ask immediately before the first byte."""
        return not self._stopping and self._lease.may_send() and self._is_open(flight)

    def _put_back(self) -> None:
        """Queue again what was claimed and never handed out: it is certain that it did not leave."""
        while self._waiting:
            flight = self._waiting.popleft()
            self._settlement.add(_not_handed_out(flight.attempt_id, flight.message_id))

    def _bring_in(self) -> bool:
        """Take the answers that are there and write outcomes when it is time; return whether there was anything."""
        if not self._in_hand():
            return False
        if self._flights and not self._answers:
            self._answers.extend(self._transport.collect(SETTLE_SECONDS if self._settlement else IDLE_SECONDS))
        while self._answers:
            self._read(*self._answers.popleft())
        nothing_to_wait_for = bool(self._settlement) and not (self._flights or self._waiting)
        if nothing_to_wait_for or self._settlement.is_due():
            self._settlement.write()
        return True

    def _read(self, attempt_id: int, result: HTTPResult) -> None:
        flight = self._flights.pop(attempt_id)
        try:
            sent = flight.provider.read_send(flight.message, result)
        except Exception:  # noqa: BLE001 - whatever a driver's mistake is, what came back is in doubt and stays on record
            self._blame_driver(flight)
            sent = SendResult(SendOutcome.UNKNOWN, detail=tr("The provider's answer could not be read."))
        self._settlement.add(self._outcome(flight, sent))
        if sent.pause_route:
            self._routes.close(flight.provider_id)
            self._settlement.pause(flight.provider_id, sent.detail)
        elif self._tells_of_route(flight, sent) and self._routes.note(flight.provider_id, sent):
            self._settlement.note_trouble(flight.provider_id, sent.detail)

    def _blame_driver(self, flight: _Flight) -> None:
        _LOG.exception("the driver of a route failed; the route is paused")
        self._routes.close(flight.provider_id)
        self._settlement.pause(flight.provider_id, tr("The program made a mistake on this route; see its log."))

    def _tells_of_route(self, flight: _Flight, sent: SendResult) -> bool:
        """Return False for what did not leave while we ourselves keep it back."""
        if sent.outcome is not _NOT_SENT:
            return True
        return not self._stopping and self._lease.may_send() and flight.batch_id not in self._halted

    def _outcome(self, flight: _Flight, sent: SendResult) -> Settled:
        not_before = None
        if sent.outcome is _NOT_SENT and self._tells_of_route(flight, sent):
            backoff = min(FIRST_BACKOFF_SECONDS * 2 ** min(flight.tries - 1, 10), LONGEST_BACKOFF_SECONDS)
            not_before = self._clock() + timedelta(seconds=max(backoff, sent.retry_after_seconds or 0.0))
        return Settled(
            flight.attempt_id,
            flight.message_id,
            _OUTCOMES[sent.outcome],
            sent.parts,
            sent.code,
            sent.detail,
            not_before,
        )


def _not_handed_out(attempt_id: int, message_id: int) -> Settled:
    return Settled(attempt_id, message_id, AttemptOutcome.NOT_SENT, detail="not handed out")
