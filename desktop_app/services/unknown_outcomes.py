"""Unknown outcomes: looked up again at the provider, or decided by a person. Nothing of it is ever sent again by itself."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from desktop_app.domain.clients import clean_text
from desktop_app.domain.errors import AppError, InvalidInput, StaleData
from desktop_app.domain.evidence import PROBES, LostAnswer, match
from desktop_app.domain.ladder import Ladder
from desktop_app.domain.language import later, tr
from desktop_app.domain.messages import BY_HAND, AttemptOutcome, MessageStatus
from desktop_app.providers.base import Provider, SentRecord, StatusReport
from desktop_app.services.accounts import AccountsService
from desktop_app.services.clock import Clock
from desktop_app.services.delivery import DeliveryService, receipt_of
from desktop_app.services.job import Job
from desktop_app.storage.repositories.dispatch import Settled
from desktop_app.storage.repositories.unknowns import UnknownLine
from desktop_app.storage.unit_of_work import Database

MOST: Final = 1_000
# Together with the receipts 1,000 a round; neither takes the other's share.
MOST_A_ROUND: Final = 200
# The last time of the ladder ends there. A person can still ask.
SILENT_AFTER: Final = timedelta(days=30)
# After so many failures in a row the rest of a provider's waits for the next time: it does not answer at all.
PATIENCE: Final = 3
SHORTEST_REASON: Final = 5
_LONGEST_ID: Final = 128
MARKED_SENT: Final = "marked_sent"
MARKED_NOT_SENT: Final = "marked_not_sent"


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What looking up came to.

    Attributes:
        found: how many the provider has: they count as sent now.
        missing: how many it does not list; that alone does not prove that they were not sent.
        not_asked: how many are with a provider that cannot be asked.
        failure: why some could not be looked up, "" when all were.
    """

    found: int
    missing: int
    not_asked: int
    failure: str = ""


class UnknownOutcomesService:
    """Closes what is in doubt, each message once.

    Args:
        database: the queue and the books.
        accounts: opens the providers.
        delivery: takes the reports that a look-up brings.
        clock: the time.
    """

    def __init__(self, database: Database, accounts: AccountsService, delivery: DeliveryService, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._delivery = delivery
        self._clock = clock
        self._ladder = Ladder(PROBES, SILENT_AFTER)

    def list_all(self, limit: int = MOST) -> list[UnknownLine]:
        """Return the messages with an unknown outcome, the longest unknown first."""
        with self._database.read() as uow:
            return uow.unknowns.lines(limit)

    def count(self) -> int:
        """Return how many there are."""
        with self._database.read() as uow:
            return uow.unknowns.count()

    def look_up(self, message_ids: Collection[int] | None, *, actor: str, job: Job) -> LookedUp:
        """Ask the providers for messages whose outcome is unknown; those they have count as sent from now on.

        Args:
            message_ids: which, None for all.
            actor: who asks.
            job: gets the progress.

        Raises:
            Cancelled: the person stopped it; what was found is kept.
        """
        with self._database.read() as uow:
            lines = uow.unknowns.lines(MOST, message_ids=message_ids)
        return self._look_up(lines, actor, job)

    def look_up_due(self, *, actor: str, job: Job) -> LookedUp:
        """Ask for those whose time to be asked again came, a round's share of them."""
        with self._database.read() as uow:
            due = self._ladder.take(self._clock(), MOST_A_ROUND, uow.unknowns.positions)
            lines = uow.unknowns.lines(len(due), message_ids=due) if due else []
        return self._look_up(lines, actor, job)

    def mark(
        self, message_id: int, *, sent: bool, reason: str, actor: str, provider_message_id: str = ""
    ) -> MessageStatus:
        """Decide that a message was sent, and charge it, or that it was not, and give its credit back; once.

        Args:
            message_id: a message whose outcome is unknown.
            sent: which of both.
            reason: how the person knows, at least five characters; it stays in the log.
            actor: who decides.
            provider_message_id: for ``sent``, the provider's id where the person knows it: then reports are asked for.

        Raises:
            InvalidInput: the reason is missing, or the id is another message's.
            StaleData: the outcome is known meanwhile; nothing changed.
        """
        why = clean_text(reason, later("reason"))
        if len(why) < SHORTEST_REASON:
            raise InvalidInput(tr("Write how you know it, in at least 5 characters."), fields={"reason": ""})
        sid = provider_message_id.strip()
        if len(sid) > _LONGEST_ID or not sid.isprintable() or sid.startswith(BY_HAND):
            raise InvalidInput(tr("This is not an ID that a provider gives."), fields={"provider_message_id": ""})
        now = self._clock()
        with self._database.begin() as uow:
            line = next(iter(uow.unknowns.lines(1, message_ids=[message_id], lock=True)), None)
            if line is None:
                raise _known_meanwhile()
            if sent:
                part = sid or f"{BY_HAND}{line.attempt_id}"
                one = Settled(
                    line.attempt_id, message_id, AttemptOutcome.ACCEPTED, ((part, None, None),), MARKED_SENT, why
                )
                uow.dispatch.settle([one], actor=actor, now=now)
            else:
                uow.endings.end(
                    [message_id], MessageStatus.ABANDONED, reason=MARKED_NOT_SENT, actor=actor, now=now, detail=why
                )
            status = uow.batches.get_message(message_id).status
            if status is MessageStatus.UNKNOWN:
                raise InvalidInput(
                    tr("This ID belongs to another message."), fields={"provider_message_id": provider_message_id}
                )
            subject = f"{line.client} #{message_id}"
            uow.activity.add(now, actor, "outcome_marked", subject, sent=sent, to=line.to, reason=why)
        return status

    def _look_up(self, lines: Sequence[UnknownLine], actor: str, job: Job) -> LookedUp:
        alike: dict[tuple[int, str, str], list[UnknownLine]] = defaultdict(list)
        for line in lines:
            alike[line.provider_id, line.sender, line.to].append(line)
        providers: dict[int, Provider] = {}
        found = not_asked = asked = 0
        failure, failed_in_a_row = "", Counter[int]()
        for done, ((provider_id, sender, to), members) in enumerate(sorted(alike.items())):
            job.step(done, len(alike))
            if failed_in_a_row[provider_id] >= PATIENCE:
                continue
            try:
                if provider_id not in providers:
                    providers[provider_id] = self._accounts.connect(self._accounts.by_id(provider_id))
                if not providers[provider_id].capabilities.finds_sent:
                    not_asked += len(members)
                    continue
                found += self._ask(providers[provider_id], sender, to, members, actor)
                asked += len(members)
                failed_in_a_row[provider_id] = 0
            except AppError as error:
                failure = error.user_message
                failed_in_a_row[provider_id] += 1
        job.step(len(alike), len(alike))
        return LookedUp(found, asked - found, not_asked, failure)

    def _ask(self, provider: Provider, sender: str, to: str, members: Sequence[UnknownLine], actor: str) -> int:
        """Look up the tries to one number; return how many the provider has."""
        lost = {line.attempt_id: LostAnswer.of(line.attempt_id, line.started_at, line.ended_at) for line in members}
        since = min(one.start for one in lost.values())
        records = list(provider.find_sent(to, sender, since))
        by_attempt = {line.attempt_id: line for line in members}
        settled: list[tuple[Settled, SentRecord]] = []
        with self._database.begin() as uow:
            sids = [report.provider_message_id for record in records for report in _reports(record)]
            bound = uow.dispatch.bound_ids(members[0].provider_id, sids)
            free = {
                record.provider_message_id: record
                for record in records
                if all(report.provider_message_id not in bound for report in _reports(record))
            }
            for text in {line.text for line in members}:
                tries = [lost[line.attempt_id] for line in members if line.text == text]
                created = [(sid, record.created_at) for sid, record in free.items() if record.text == text]
                for attempt_id, sid in match(tries, created).items():
                    settled.append((_found(by_attempt[attempt_id], free[sid]), free[sid]))
            uow.dispatch.settle([one for one, _record in settled], actor=actor, now=self._clock())
        if settled:
            self._delivery.take_receipts(
                members[0].provider_id, [receipt_of(report) for _one, record in settled for report in _reports(record)]
            )
        return len(settled)


def _found(line: UnknownLine, record: SentRecord) -> Settled:
    parts = tuple((one.provider_message_id, one.cost, one.currency) for one in _reports(record))
    return Settled(line.attempt_id, line.message_id, AttemptOutcome.ACCEPTED, parts, detail="found at the provider")


def _reports(record: SentRecord) -> tuple[StatusReport, ...]:
    """Return the reports of all segments that have an id of their own."""
    return (record.report, *record.more)


def _known_meanwhile() -> StaleData:
    return StaleData(tr("The outcome of this message is known meanwhile. Nothing was changed."), code="outcome_known")
