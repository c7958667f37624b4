"""Decisions on sender IDs: per country, told to the client after a grace time, and taken back within it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from desktop_app.domain.clients import clean_text
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import later, tr
from desktop_app.domain.sender_documents import Purpose
from desktop_app.domain.sender_ids import ApprovalStatus, may_become
from desktop_app.services.clock import Clock
from desktop_app.services.sender_ids import check_decision
from desktop_app.services.sender_letters import Letter, decision_letter, documents_letter
from desktop_app.services.sender_mail import addressee, end_of, queue_letter, stored_sender, subject_of
from desktop_app.storage.repositories.sender_reviews import StoredApproval, StoredSender
from desktop_app.storage.unit_of_work import Database, UnitOfWork

GRACES: Final = (10, 30, 60)
_GRACE_KEY: Final = "senders.grace_seconds"
_MOST_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided.

    Attributes:
        status: APPROVED, REJECTED or AT_PROVIDER.
        note: what the client is told besides.
        until: the last day of an approval, None without an end.
        submitted: the day it was handed to the provider.
        expected_days: how many working days the provider takes.
        reason: of a rejection, for the log.
    """

    status: ApprovalStatus
    note: str = ""
    until: date | None = None
    submitted: date | None = None
    expected_days: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, and what takes it back.

    Attributes:
        sender_id: the request.
        client: whose.
        sender: the sender ID.
        countries: for which.
        before: how they stood.
        after: how they stand now, by country.
        mail: the key of the mail to the client, None when the client is not told.
        leaves_at: when that mail leaves.
    """

    sender_id: int
    client: str
    sender: str
    countries: tuple[str, ...]
    before: tuple[StoredApproval, ...]
    after: Mapping[str, StoredApproval]
    mail: str | None
    leaves_at: datetime


class SenderDecisionsService:
    """Decides. Everything is logged with who did it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def grace_seconds(self) -> int:
        """Return how long a decision can be taken back before the client is told."""
        with self._database.read() as uow:
            return _grace(uow)

    def set_grace_seconds(self, seconds: int, *, actor: str) -> int:
        """Choose another grace time, one of ``GRACES``; return the one from before."""
        if seconds not in GRACES:
            raise InvalidInput(tr("Choose 10, 30 or 60 seconds."))
        with self._database.begin() as uow:
            before = _grace(uow)
            uow.settings.set(_GRACE_KEY, str(seconds))
            uow.activity.add(
                self._clock(), actor, "setting_changed", "sender_grace_seconds", before=before, after=seconds
            )
        return before

    def preview(self, sender_id: int, countries: Sequence[str], decision: Decision) -> tuple[str | None, Letter]:
        """Return the client's address, None without one, and what would be written.

        Raises:
            NotFound: no such request.
        """
        with self._database.read() as uow:
            stored = stored_sender(uow, sender_id)
            return stored.email, _decision_letter(uow, stored, sorted(countries), decision)

    def decide(self, sender_id: int, countries: Iterable[str], decision: Decision, *, actor: str) -> Decided:
        """Decide for countries, all of them or none; the client is told when the grace time is over.

        Raises:
            NotFound: no such request, or it was never made for one of the countries.
            InvalidInput: a document is missing, a date is past, or the decision cannot follow what is.
        """
        wanted, now = sorted(set(countries)), self._clock()
        if not wanted:
            raise InvalidInput(tr("Name the countries the decision is for."), fields={"countries": ""})
        values = _values(decision, actor, now)
        with self._database.begin() as uow:
            stored = stored_sender(uow, sender_id)
            approvals = {one.country: one for one in uow.sender_reviews.approvals(sender_id).get(sender_id, [])}
            for country in wanted:
                if decision.status is ApprovalStatus.AT_PROVIDER:
                    _check_handing_over(approvals.get(country), country)
                else:
                    check_decision(uow, sender_id, country, decision.status, now)
                uow.sender_reviews.set_approval(sender_id, country, values)
            after = {one.country: one for one in uow.sender_reviews.approvals(sender_id)[sender_id]}
            leaves_at = now + timedelta(seconds=_grace(uow))
            mail = queue_letter(uow, stored, _decision_letter(uow, stored, wanted, decision), leaves_at)
            kind = f"sender_{decision.status.value}"
            uow.activity.add(now, actor, kind, subject_of(stored), countries=wanted, note=values["note"], reason=decision.reason,
                             until=decision.until.isoformat() if decision.until else None)  # fmt: skip
        return Decided(
            sender_id, stored.client, stored.sender, tuple(wanted), tuple(approvals[iso] for iso in wanted), after, mail,
            leaves_at,
        )  # fmt: skip

    def undo(self, decided: Decided, *, actor: str) -> None:
        """Take a decision back before the client was told.

        Raises:
            InvalidInput: the client was told already, or somebody decided again meanwhile; nothing was changed.
        """
        now = self._clock()
        with self._database.begin() as uow:
            stored = stored_sender(uow, decided.sender_id)
            told = now > decided.leaves_at if decided.mail is None else not uow.mails.cancel(decided.mail)
            if told:
                raise InvalidInput(
                    tr(
                        "The decision on {sender} stands: the client was told. Decide again instead.",
                        sender=decided.sender,
                    )
                )
            if not uow.sender_reviews.restore_approvals(decided.sender_id, decided.before, decided.after):
                raise InvalidInput(
                    tr("{sender} was decided on again meanwhile and stays as it is.", sender=decided.sender)
                )
            uow.activity.add(
                now, actor, "sender_decision_undone", subject_of(stored), countries=list(decided.countries)
            )

    def ask_preview(
        self, sender_id: int, countries: Sequence[str], wanted: Sequence[Purpose], note: str
    ) -> tuple[str | None, Letter]:
        """Return the client's address and the request for documents.

        Raises:
            NotFound: no such request.
        """
        with self._database.read() as uow:
            stored = stored_sender(uow, sender_id)
            return stored.email, documents_letter(
                addressee(uow, stored), stored.sender, sorted(countries), wanted, note
            )

    def ask_for_documents(
        self, sender_id: int, countries: Iterable[str], wanted: Sequence[Purpose], note: str, *, actor: str
    ) -> Decided:
        """Write to the client which documents are needed; how the request stands does not change.

        Raises:
            NotFound: no such request.
            InvalidInput: nothing is asked for, or the client has no e-mail address.
        """
        named, now = sorted(set(countries)), self._clock()
        if not wanted or not named:
            raise InvalidInput(tr("Choose which documents are needed."), fields={"documents": ""})
        note = clean_text(note, later("note"))
        with self._database.begin() as uow:
            stored = stored_sender(uow, sender_id)
            leaves_at = now + timedelta(seconds=_grace(uow))
            letter = documents_letter(addressee(uow, stored), stored.sender, named, wanted, note)
            mail = queue_letter(uow, stored, letter, leaves_at)
            if mail is None:
                raise InvalidInput(tr("{client} has no e-mail address. Add one first.", client=stored.client))
            uow.activity.add(now, actor, "sender_documents_asked", subject_of(stored), countries=named, note=note,
                             documents=[one.value for one in wanted])  # fmt: skip
        return Decided(sender_id, stored.client, stored.sender, tuple(named), (), {}, mail, leaves_at)


def _values(decision: Decision, actor: str, now: datetime) -> dict[str, Any]:
    """Return what a decision writes into the row of a country."""
    values: dict[str, Any] = {
        "status": decision.status.value, "note": clean_text(decision.note, later("note")), "decided_at": now,
        "decided_by": actor, "expires_at": None, "warned_at": None,
    }  # fmt: skip
    if decision.status is ApprovalStatus.APPROVED and decision.until is not None:
        ends_at = end_of(decision.until)
        if ends_at <= now:
            message = tr("The approval would end before it begins. Choose a later day.")
            raise InvalidInput(message, fields={"until": message})
        values["expires_at"] = ends_at
    if decision.status is ApprovalStatus.AT_PROVIDER:
        days = decision.expected_days
        if days is not None and not 0 < days <= _MOST_DAYS:
            raise InvalidInput(tr("A provider takes 1 to 365 working days."), fields={"days": ""})
        day = decision.submitted or now.date()
        if day > now.astimezone().date():
            raise InvalidInput(tr("The day of submission is in the future."), fields={"submitted": ""})
        values["submitted_at"] = datetime.combine(day, now.timetz())
        values["expected_days"] = days
    return values


def _check_handing_over(approval: StoredApproval | None, country: str) -> None:
    if approval is None:
        raise NotFound(tr("The sender ID was never requested for {country}.", country=country))
    if not may_become(approval.status, ApprovalStatus.AT_PROVIDER):
        raise InvalidInput(tr("For {country} nothing waits that could be handed to the provider.", country=country))


def _grace(uow: UnitOfWork) -> int:
    text = uow.settings.get(_GRACE_KEY) or ""
    return int(text) if text in {str(seconds) for seconds in GRACES} else GRACES[0]


def _decision_letter(uow: UnitOfWork, stored: StoredSender, countries: Sequence[str], decision: Decision) -> Letter:
    return decision_letter(
        addressee(uow, stored), stored.sender, countries, decision.status, note=decision.note.strip(), until=decision.until,
        days=decision.expected_days,
    )  # fmt: skip
