"""Requests for sender IDs as those see them who decide: the queue, one request in full, the matrix, its documents."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from desktop_app.domain.activity import ActivityEntry
from desktop_app.domain.language import tr
from desktop_app.domain.sender_checks import SenderCheck, check_sender, is_expiring, keys_alike, target_of
from desktop_app.domain.sender_documents import Need, SenderDocument, needs_of
from desktop_app.domain.sender_ids import (
    Alphanumeric,
    ApprovalStatus,
    Sender,
    SenderRule,
    look_alike_key,
    parse_sender,
    rule_for,
)
from desktop_app.exports import csv_file
from desktop_app.exports.table import Column, Kind, Table
from desktop_app.services.clock import Clock
from desktop_app.services.country_rules import rules_in_force
from desktop_app.services.sender_mail import stored_sender, subject_of
from desktop_app.storage.repositories.activity import ActivityFilter
from desktop_app.storage.repositories.sender_reviews import StoredApproval, StoredSender
from desktop_app.storage.unit_of_work import Database

OPEN: Final = frozenset({ApprovalStatus.PENDING, ApprovalStatus.AT_PROVIDER})
_HISTORY: Final = 50
Approval = StoredApproval
Rules = Mapping[str, SenderRule]


@dataclass(frozen=True, slots=True)
class CountryState:
    """A sender ID in one country.

    Attributes:
        approval: how it stands.
        rule: what the country asks for.
        needs: the documents it asks for.
    """

    approval: StoredApproval
    rule: SenderRule
    needs: tuple[Need, ...] = ()

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2."""
        return self.approval.country

    @property
    def missing(self) -> tuple[Need, ...]:
        """What is still to be brought."""
        return tuple(need for need in self.needs if need.is_missing)

    @property
    def is_open(self) -> bool:
        """Whether a decision is awaited: ours or the provider's."""
        return self.approval.status in OPEN


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A sender ID in the queue.

    Attributes:
        sender_id: the request's number.
        client: whose.
        sender: as it is spelt.
        statuses: in how many countries it stands how.
        open_countries: where a decision is awaited, ISO codes.
        asked_at: when the oldest open country was asked for; when it was first requested, without one.
        due_at: until when it is to be decided, None when we do not wait.
        documents_here: of the documents that its open countries ask for, how many are there.
        documents_needed: how many they ask for.
        has_twin: another client has a sender ID that looks like it.
        answer_at: when the provider's answer is expected, None when none is.
        ends_at: the next end of an approval within 30 days, or one that has passed.
    """

    sender_id: int
    client: str
    sender: str
    statuses: Mapping[ApprovalStatus, int]
    open_countries: tuple[str, ...]
    asked_at: datetime
    due_at: datetime | None
    documents_here: int
    documents_needed: int
    has_twin: bool
    answer_at: datetime | None
    ends_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for us."""
        return bool(self.statuses.get(ApprovalStatus.PENDING))


@dataclass(frozen=True, slots=True)
class Request:
    """A request in full.

    Attributes:
        stored: the sender ID and whose it is.
        countries: every country it was requested for: those that wait first, then by ISO code.
        documents: what was brought.
        checks: what a program sees by itself.
        history: what was done, newest first.
    """

    stored: StoredSender
    countries: tuple[CountryState, ...]
    documents: tuple[SenderDocument, ...]
    checks: tuple[SenderCheck, ...]
    history: tuple[ActivityEntry, ...]

    def of(self, *statuses: ApprovalStatus) -> list[CountryState]:
        """Return the countries where it stands so."""
        return [one for one in self.countries if one.approval.status in statuses]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A sender ID in the matrix: how it stands by country, where it was requested; elsewhere the country's rule speaks."""

    sender_id: int
    client: str
    sender: Sender
    states: Mapping[str, StoredApproval]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every sender ID against every country that any was requested for, and the rules of these countries."""

    rows: tuple[MatrixRow, ...]
    countries: tuple[str, ...]
    rules: Rules


class SenderReviewsService:
    """Reads requests and their documents."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def queue(self) -> list[QueueItem]:
        """Return every sender ID that was requested for a country: over the target first, then the oldest."""
        now = self._clock()
        with self._database.read() as uow:
            senders, approvals = uow.sender_reviews.senders(), uow.sender_reviews.approvals()
            documents, rules = uow.sender_reviews.documents(now), rules_in_force(uow)
        keys = [(one.client_id, look_alike_key(one.sender)) for one in senders]
        items = [
            _item(one, approvals[one.sender_id], documents.get(one.sender_id, []), rules, keys, now)
            for one in senders if one.sender_id in approvals
        ]  # fmt: skip
        late = {one.sender_id for one in items if one.due_at is not None and one.due_at < now}
        return sorted(items, key=lambda one: (one.sender_id not in late, not one.is_waiting, one.asked_at))

    def request(self, sender_id: int) -> Request:
        """Return a request in full.

        Raises:
            NotFound: there is none of that number.
        """
        now = self._clock()
        with self._database.read() as uow:
            stored = stored_sender(uow, sender_id)
            documents = uow.sender_reviews.documents(now, sender_id).get(sender_id, [])
            rules = rules_in_force(uow)
            approvals = uow.sender_reviews.approvals(sender_id).get(sender_id, [])
            history = uow.activity.page(ActivityFilter(subject=subject_of(stored)), None, _HISTORY)
            others = uow.sender_reviews.others(stored.client_id)
        countries = tuple(
            CountryState(one, rule_for(rules, one.country), needs_of(rule_for(rules, one.country), documents))
            for one in sorted(approvals, key=lambda one: (one.status not in OPEN, one.country))
        )
        asked = [state.rule for state in countries if state.is_open] or [state.rule for state in countries]
        checks = check_sender(stored.sender, asked, others)
        return Request(stored, countries, tuple(documents), checks, tuple(history))

    def find(self, client: str, sender: str) -> int | None:
        """Return the number of a client's request for a sender ID, None when there is none.

        Raises:
            NotFound: no such client.
            InvalidInput: no sender ID at all.
        """
        with self._database.read() as uow:
            found = uow.senders.find(uow.clients.get(client).client_id, parse_sender(sender).key)
        return None if found is None else found[0]

    def matrix(self) -> Matrix:
        """Return how every sender ID stands in every country that any was requested for."""
        with self._database.read() as uow:
            senders, approvals, rules = (
                uow.sender_reviews.senders(), uow.sender_reviews.approvals(), rules_in_force(uow)
            )  # fmt: skip
        rows = tuple(
            MatrixRow(one.sender_id, one.client, parse_sender(one.sender),
                      {state.country: state for state in approvals.get(one.sender_id, [])})
            for one in senders
        )  # fmt: skip
        asked = Counter(iso for row in rows for iso in row.states)
        shown = {iso for iso, rule in rules.items() if rule.alphanumeric is Alphanumeric.NO} & _SOLD_TO
        return Matrix(rows, tuple(sorted(asked.keys() | shown, key=lambda iso: (-asked[iso], iso))), rules)

    def export_matrix(self, path: Path, matrix: Matrix, rows: Sequence[MatrixRow]) -> int:
        """Write rows of the matrix as CSV, a column for each country, and return how many there are.

        Raises:
            InvalidInput, StorageUnavailable: see ``csv_file.write``.
        """
        columns = (Column("client", tr("Client"), Kind.TEXT), Column("sender_id", tr("Sender ID"), Kind.TEXT),
                   *(Column(iso, iso, Kind.TEXT) for iso in matrix.countries))  # fmt: skip
        lines = (
            (row.client, row.sender.text, *(_word(row, iso) for iso in matrix.countries)) for row in rows
        )  # fmt: skip
        return csv_file.write(path, Table(columns, lines))


# Countries that show numbers only and that nearly everybody asks about: the matrix always has them.
_SOLD_TO: Final = frozenset({"US", "CA", "CN"})


def _word(row: MatrixRow, iso: str) -> str:
    state = row.states.get(iso)
    return "" if state is None else state.status.value


def _item(
    stored: StoredSender, approvals: Sequence[StoredApproval], documents: Sequence[SenderDocument], rules: Rules,
    keys: Sequence[tuple[int, str]], now: datetime,
) -> QueueItem:  # fmt: skip
    own = look_alike_key(stored.sender)
    open_ones = [one for one in approvals if one.status in OPEN]
    waiting = [one for one in open_ones if one.status is ApprovalStatus.PENDING]
    needs = {need.purpose: need for one in open_ones for need in needs_of(rule_for(rules, one.country), documents)}
    ends = [one.expires_at for one in approvals
            if one.status in (ApprovalStatus.APPROVED, ApprovalStatus.EXPIRED) and is_expiring(one.expires_at, now)]  # fmt: skip
    answers = [answer for one in open_ones if (answer := answer_at(one)) is not None]
    return QueueItem(
        stored.sender_id, stored.client, stored.sender, Counter(one.status for one in approvals),
        tuple(one.country for one in open_ones),
        asked_at=min((one.requested_at for one in waiting or open_ones), default=stored.created_at),
        due_at=min((target_of(one.requested_at) for one in waiting), default=None),
        documents_here=sum(not need.is_missing for need in needs.values()), documents_needed=len(needs),
        # Only for those that are still to be decided: each is compared with all.
        has_twin=bool(open_ones) and any(who != stored.client_id and keys_alike(key, own) for who, key in keys),
        answer_at=min(answers, default=None), ends_at=min((end for end in ends if end is not None), default=None),
    )  # fmt: skip


def answer_at(approval: StoredApproval) -> datetime | None:
    """Return when the provider's answer is expected: so many working days after the submission."""
    if approval.submitted_at is None or approval.expected_days is None:
        return None
    day = approval.submitted_at
    for _ in range(approval.expected_days):
        day = target_of(day)
    return day
