"""The documents of requests: read, saved to a file, marked by those who looked at them, and added."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import tr
from desktop_app.domain.sender_documents import DocumentState, SenderDocument
from desktop_app.exports.files import replacing
from desktop_app.services.clock import Clock
from desktop_app.services.sender_ids import Paper, read_document
from desktop_app.services.sender_mail import end_of, stored_sender, subject_of
from desktop_app.storage.unit_of_work import Database, UnitOfWork


class SenderPapersService:
    """Documents, each of one request: a number of another request's document finds nothing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def content(self, sender_id: int, document_id: int) -> bytes:
        """Return the bytes of a document.

        Raises:
            NotFound: this sender ID has no such document.
        """
        with self._database.read() as uow:
            found = uow.sender_reviews.content(sender_id, document_id)
        if found is None:
            raise NotFound(tr("This request has no such document."))
        return found

    def save_document(self, sender_id: int, document_id: int, path: Path) -> int:
        """Write a document's bytes to a file, all or nothing, and return how many there are.

        Raises:
            NotFound: this sender ID has no such document.
            InvalidInput, StorageUnavailable: the file cannot be written.
        """
        content = self.content(sender_id, document_id)
        with replacing(path) as file:
            file.write(content)
        return len(content)

    def mark_document(
        self, sender_id: int, document_id: int, state: DocumentState, *, actor: str, valid_until: date | None = None
    ) -> SenderDocument:
        """Mark a document as checked, refused or new again; return how it stood.

        Raises:
            NotFound: this sender ID has no such document.
            InvalidInput: EXPIRED is what a date says, not a person.
        """
        if state is DocumentState.EXPIRED:
            raise InvalidInput(tr("Enter until when the document is valid instead."))
        now = self._clock()
        with self._database.begin() as uow:
            stored = stored_sender(uow, sender_id)
            before = _document(uow, sender_id, document_id, now)
            values: dict[str, Any] = {"state": state.value, "state_at": now, "state_by": actor}
            if valid_until is not None:
                values["valid_until"] = end_of(valid_until)
            uow.sender_reviews.set_document(sender_id, document_id, values)
            uow.activity.add(now, actor, "sender_document_marked", subject_of(stored), document=before.name,
                             before=before.state.value, after=state.value)  # fmt: skip
        return before

    def set_validity(self, sender_id: int, document_id: int, until: date | None, *, actor: str) -> SenderDocument:
        """Say until when a document is valid, None for no end; return how it stood.

        Raises:
            NotFound: this sender ID has no such document.
        """
        now = self._clock()
        with self._database.begin() as uow:
            stored = stored_sender(uow, sender_id)
            before = _document(uow, sender_id, document_id, now)
            uow.sender_reviews.set_document(
                sender_id, document_id, {"valid_until": None if until is None else end_of(until)}
            )
            uow.activity.add(now, actor, "sender_document_marked", subject_of(stored), document=before.name,
                             valid_until=until.isoformat() if until else None)  # fmt: skip
        return before

    def add_documents(self, sender_id: int, papers: Iterable[Paper], *, actor: str) -> int:
        """Attach documents to a request and return how many.

        Raises:
            NotFound: no such request.
            InvalidInput: a file that cannot be taken; nothing was stored then.
        """
        read = [(read_document(paper.path), paper.purpose) for paper in papers]
        now = self._clock()
        with self._database.begin() as uow:
            stored = stored_sender(uow, sender_id)
            for document, purpose in read:
                uow.senders.add_document(
                    stored.client_id,
                    sender_id,
                    document.name,
                    document.kind.value,
                    document.content,
                    actor,
                    now,
                    purpose,
                )
            uow.activity.add(now, actor, "sender_documents_added", subject_of(stored),
                             documents=[document.name for document, _ in read])  # fmt: skip
        return len(read)


def _document(uow: UnitOfWork, sender_id: int, document_id: int, now: datetime) -> SenderDocument:
    documents = uow.sender_reviews.documents(now, sender_id).get(sender_id, [])
    found = next((one for one in documents if one.document_id == document_id), None)
    if found is None:
        raise NotFound(tr("This request has no such document."))
    return found
