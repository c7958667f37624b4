"""Sender IDs: requested for a client, approved per country, with documents where a country asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop_app.domain.clients import clean_text
from desktop_app.domain.documents import MAX_BYTES, DocumentKind, inspect_document, safe_document_name
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import later, tr
from desktop_app.domain.sender_documents import Purpose, needs_of, purpose_text
from desktop_app.domain.sender_ids import (
    Alphanumeric,
    ApprovalStatus,
    SenderKind,
    look_alike_key,
    may_decide,
    parse_sender,
    rule_for,
)
from desktop_app.exports.files import read_file
from desktop_app.services.clock import Clock
from desktop_app.services.country_rules import rule_in_force, rules_in_force
from desktop_app.services.sender_letters import decision_letter
from desktop_app.services.sender_mail import addressee, queue_letter, stored_sender
from desktop_app.storage.repositories.senders import SenderRow
from desktop_app.storage.unit_of_work import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class Document:
    """A document about to be attached: its name for display, what it is, and its bytes."""

    name: str
    kind: DocumentKind
    content: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be attached, and what it proves."""

    path: Path
    purpose: Purpose = Purpose.UNSORTED


@dataclass(frozen=True, slots=True)
class SenderRequest:
    """What a request for a sender ID led to.

    Attributes:
        rows: the sender ID with its countries; country None when it is usable wherever no registration is needed.
        look_alikes: (client, sender) of other clients whose sender IDs look the same.
    """

    rows: tuple[SenderRow, ...]
    look_alikes: tuple[tuple[str, str], ...]


class SenderIDsService:
    """Who a message seems to come from."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def request(
        self,
        client_name: str,
        sender_text: str,
        *,
        countries: Iterable[str] = (),
        documents: Iterable[Path | Paper] = (),
        reason: str = "",
        actor: str,
    ) -> SenderRequest:
        """Request a sender ID for a client; asking again adds countries or documents.

        Args:
            client_name: whose it will be.
            sender_text: as it will be shown.
            countries: where it is to be used, ISO codes.
            documents: files; a path alone counts for whatever a country asks for.
            reason: why, and who wanted it, for the log.
            actor: who requests it.

        Raises:
            NotFound: no such client.
            InvalidInput: a sender ID, or a document, that cannot be used; nothing was stored then.
        """
        sender = parse_sender(sender_text)
        papers = [one if isinstance(one, Paper) else Paper(one) for one in documents]
        read = [(read_document(paper.path), paper.purpose) for paper in papers]
        reason = clean_text(reason, later("reason"))
        now = self._clock()
        with self._database.begin() as uow:
            client = uow.clients.get(client_name)
            found = uow.senders.find(client.client_id, sender.key)
            look_alike = look_alike_key(sender.text)
            sender_id = found[0] if found else uow.senders.add(
                client.client_id, sender.text, sender.key, look_alike, actor, now
            )  # fmt: skip
            for document, purpose in read:
                uow.senders.add_document(
                    client.client_id,
                    sender_id,
                    document.name,
                    document.kind.value,
                    document.content,
                    actor,
                    now,
                    purpose,
                )
            self._request_countries(uow, sender_id, sorted(set(countries)), actor)
            uow.activity.add(now, actor, "sender_requested", f"{client.name}: {sender.text}", countries=sorted(set(countries)),
                             documents=[document.name for document, _ in read], note=reason)  # fmt: skip
            rows = [
                row for row in uow.senders.list_rows(client.client_id) if parse_sender(row.sender).key == sender.key
            ]
            return SenderRequest(tuple(rows), tuple(uow.senders.look_alikes(client.client_id, look_alike)))

    def decide(
        self, client_name: str, sender_text: str, *, countries: Iterable[str], approve: bool, note: str, actor: str,
        tells: bool = False,
    ) -> list[SenderRow]:  # fmt: skip
        """Approve or reject a sender ID for countries it was requested for, all of them or none.

        With ``tells`` the client is written to at once; the window gives a grace time instead (``SenderDecisionsService``).

        Raises:
            NotFound: no such client, sender ID or request.
            InvalidInput: a document is missing where the country asks for one, or the decision cannot follow what was.
        """
        sender = parse_sender(sender_text)
        note = clean_text(note, later("note"))
        status = ApprovalStatus.APPROVED if approve else ApprovalStatus.REJECTED
        wanted = sorted(set(countries))
        if not wanted:
            raise InvalidInput(tr("Name the countries the decision is for."), fields={"countries": ""})
        with self._database.begin() as uow:
            client = uow.clients.get(client_name)
            found = uow.senders.find(client.client_id, sender.key)
            if found is None:
                raise NotFound(
                    tr("“{client}” never requested the sender ID “{sender}”.", client=client.name, sender=sender.text)
                )
            sender_id, spelling = found
            for country in wanted:
                check_decision(uow, sender_id, country, status, self._clock())
                uow.senders.decide(sender_id, country, status.value, note, actor, self._clock())
            subject = f"{client.name}: {spelling}"
            uow.activity.add(self._clock(), actor, f"sender_{status.value}", subject, countries=wanted, note=note)
            if tells:
                stored = stored_sender(uow, sender_id)
                letter = decision_letter(addressee(uow, stored), spelling, wanted, status, note=note)
                queue_letter(uow, stored, letter, self._clock())
            rows = uow.senders.list_rows(client.client_id)
            return [row for row in rows if row.sender == spelling and row.country in wanted]

    def list_rows(self, client_name: str | None = None) -> list[SenderRow]:
        """Return every sender ID by country, of one client or of all.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            client_id = uow.clients.get(client_name).client_id if client_name is not None else None
            return uow.senders.list_rows(client_id)

    def set_fallback_number(self, provider: str, country: str, number: str, *, actor: str) -> None:
        """Set the number shown instead of a name, for one provider, in a country that takes numbers only."""
        sender = parse_sender(number)
        if sender.kind is not SenderKind.NUMERIC:
            raise InvalidInput(tr("“{number}” is not a number.", number=number[:20]), fields={"number": number[:20]})
        with self._database.begin() as uow:
            stored = uow.providers.get(provider)
            before = uow.senders.fallback_numbers(stored.provider_id).get(country)
            uow.senders.set_fallback_number(stored.provider_id, country, sender.text)
            uow.activity.add(
                self._clock(),
                actor,
                "fallback_number_set",
                f"{stored.name} {country}",
                number=sender.text,
                before=before,
            )

    def remove_fallback_number(self, provider: str, country: str, *, actor: str) -> None:
        """Show no number instead of a name in a country any more: such messages are not sent there."""
        with self._database.begin() as uow:
            stored = uow.providers.get(provider)
            before = uow.senders.fallback_numbers(stored.provider_id).get(country)
            if before is None:
                return
            uow.senders.remove_fallback_number(stored.provider_id, country)
            uow.activity.add(self._clock(), actor, "fallback_number_removed", f"{stored.name} {country}", before=before)

    def fallback_numbers(self, provider: str) -> dict[str, str | None]:
        """Return the number shown instead of a name, by every country that takes numbers only; None where none is set.

        Raises:
            NotFound: no such provider.
        """
        with self._database.read() as uow:
            numbers = uow.senders.fallback_numbers(uow.providers.get(provider).provider_id)
            rules = rules_in_force(uow)
        only_numbers = {iso for iso, rule in rules.items() if rule.alphanumeric is Alphanumeric.NO}
        return {iso: numbers.get(iso) for iso in sorted(only_numbers | numbers.keys())}

    def _request_countries(self, uow: UnitOfWork, sender_id: int, countries: list[str], actor: str) -> None:
        approvals, rules = uow.senders.approvals(sender_id), rules_in_force(uow)
        for country in countries:
            needed = rule_for(rules, country).needs_approval
            status = ApprovalStatus.PENDING if needed else ApprovalStatus.NOT_REQUIRED
            current = approvals.get(country)
            # Asking again reopens what was refused or ran out, and leaves a running request or an approval alone.
            if current is None or ApprovalStatus(current) in (ApprovalStatus.REJECTED, ApprovalStatus.EXPIRED):
                uow.senders.request(sender_id, country, status.value, actor, self._clock())


def check_decision(uow: UnitOfWork, sender_id: int, country: str, status: ApprovalStatus, now: datetime) -> None:
    """Make sure that a decision can follow what is, and that an approval has the documents that the country asks for.

    Raises:
        NotFound: the sender ID was never requested for the country.
        InvalidInput: says why the decision cannot be made.
    """
    current = uow.senders.approvals(sender_id).get(country)
    if current is None:
        raise NotFound(tr("The sender ID was never requested for {country}.", country=country))
    if not may_decide(ApprovalStatus(current), status):
        raise InvalidInput(
            tr("For {country} it is “{current}” already; it cannot become “{status}”.", country=country, current=current,
               status=status.value)
        )  # fmt: skip
    if status is not ApprovalStatus.APPROVED:
        return
    documents = uow.sender_reviews.documents(now, sender_id).get(sender_id, [])
    missing = [need for need in needs_of(rule_in_force(uow, country), documents) if need.is_missing]
    if missing and not documents:
        raise InvalidInput(tr("{country} asks for a document. Attach one before approving.", country=country))
    if missing:
        names = ", ".join(purpose_text(need.purpose) for need in missing)
        raise InvalidInput(tr("For {country} a document is missing: {documents}.", country=country, documents=names))


def read_document(path: Path) -> Document:
    """Return the document in a file.

    Raises:
        InvalidInput: it is missing, no ordinary file, too large, or not the document it says it is.
    """
    content = read_file(path, MAX_BYTES)
    return Document(safe_document_name(path.name), inspect_document(path.name, content), content)
