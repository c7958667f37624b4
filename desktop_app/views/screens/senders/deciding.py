"""What is done with a request, as commands that are taken back within the grace time."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from desktop_app.domain.language import tr, trn
from desktop_app.domain.sender_documents import DocumentState, Purpose, SenderDocument
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.job import Job
from desktop_app.services.sender_decisions import Decided, Decision
from desktop_app.services.sender_ids import Paper
from desktop_app.views.parts import WindowParts
from desktop_app.workers.runner import Outcome, Topic

CHANGED: Final = frozenset({Topic.SENDERS})


def decide_work(
    parts: WindowParts, sender_id: int, countries: Sequence[str], decision: Decision
) -> Callable[[Job], Outcome[Decided]]:
    """Return what decides for countries; undone, they stand as before and the client is not told."""

    def work(_job: Job) -> Outcome[Decided]:
        decided = parts.sender_decisions.decide(sender_id, countries, decision, actor=parts.actor)
        return Outcome(decided, CHANGED, decided_text(decided, decision.status), undo_work(parts, decided))

    return work


def ask_work(
    parts: WindowParts, sender_id: int, countries: Sequence[str], wanted: Sequence[Purpose], note: str
) -> Callable[[Job], Outcome[Decided]]:
    """Return what asks the client for documents; undone, the mail does not leave."""

    def work(_job: Job) -> Outcome[Decided]:
        asked = parts.sender_decisions.ask_for_documents(sender_id, countries, wanted, note, actor=parts.actor)
        said = tr("Documents for {sender} asked for", sender=asked.sender)
        return Outcome(asked, CHANGED, said, undo_work(parts, asked))

    return work


def undo_work(parts: WindowParts, decided: Decided) -> Callable[[Job], Outcome[None]]:
    """Return what takes a decision back before the client is told."""

    def work(_job: Job) -> Outcome[None]:
        parts.sender_decisions.undo(decided, actor=parts.actor)
        return Outcome(None, CHANGED, tr("Decision on {sender} undone", sender=decided.sender))

    return work


def decided_text(decided: Decided, status: ApprovalStatus) -> str:
    """Return one line in the past tense that says what was decided."""
    count, sender = len(decided.countries), decided.sender
    if status is ApprovalStatus.APPROVED:
        return trn(
            "{sender} approved for {count} country", "{sender} approved for {count} countries", count, sender=sender
        )
    if status is ApprovalStatus.REJECTED:
        return trn(
            "{sender} rejected for {count} country", "{sender} rejected for {count} countries", count, sender=sender
        )
    return trn(
        "{sender} handed over for {count} country", "{sender} handed over for {count} countries", count, sender=sender
    )


def mark_work(
    parts: WindowParts, sender_id: int, document: SenderDocument, state: DocumentState
) -> Callable[[Job], Outcome[SenderDocument]]:
    """Return what marks a document; undone, it stands as before."""

    def work(_job: Job) -> Outcome[SenderDocument]:
        before = parts.sender_papers.mark_document(sender_id, document.document_id, state, actor=parts.actor)
        said = {
            DocumentState.CHECKED: tr("{name} checked", name=document.name),
            DocumentState.REFUSED: tr("{name} refused", name=document.name),
        }.get(state, tr("{name} marked as new", name=document.name))  # fmt: skip
        former = DocumentState.NEW if before.state is DocumentState.EXPIRED else before.state
        return Outcome(before, CHANGED, said, mark_work(parts, sender_id, document, former))

    return work


def validity_work(
    parts: WindowParts, sender_id: int, document: SenderDocument, day: date | None
) -> Callable[[Job], Outcome[SenderDocument]]:
    """Return what says until when a document is valid; undone, what was said before holds."""

    def work(_job: Job) -> Outcome[SenderDocument]:
        before = parts.sender_papers.set_validity(sender_id, document.document_id, day, actor=parts.actor)
        former = before.valid_until.astimezone().date() if before.valid_until is not None else None
        said = tr("Last day of {name} set", name=document.name)
        return Outcome(before, CHANGED, said, validity_work(parts, sender_id, document, former))

    return work


def add_work(parts: WindowParts, sender_id: int, papers: Sequence[Paper]) -> Callable[[Job], Outcome[int]]:
    """Return what attaches documents to a request."""
    return lambda _job: Outcome(parts.sender_papers.add_documents(sender_id, papers, actor=parts.actor), CHANGED)


def save_work(parts: WindowParts, sender_id: int, document: SenderDocument, path: Path) -> Callable[[Job], int]:
    """Return what writes a document to a file."""
    return lambda _job: parts.sender_papers.save_document(sender_id, document.document_id, path)
