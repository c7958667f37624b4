"""What a person sees of sender IDs who decides on them: approvals with their dates, documents, other clients' names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from desktop_app.domain.documents import DocumentKind
from desktop_app.domain.sender_checks import OtherSender
from desktop_app.domain.sender_documents import DocumentState, Purpose, SenderDocument
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.senders import document, sender_approval, sender_document, sender_id
from desktop_app.storage.upsert import insert_once

_APPROVAL_COLUMNS = ("status", "note", "requested_at", "requested_by", "decided_at", "decided_by", "expires_at",
                     "submitted_at", "expected_days", "warned_at")  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredSender:
    """A sender ID and whose it is.

    Attributes:
        sender_id: ours.
        client_id: whose.
        client: the client's name.
        email: where the client is told, None for nowhere.
        language: that the client is written in, "" when nobody said.
        sender: as it is spelt.
        created_at: when it was first requested.
        created_by: who requested it.
    """

    sender_id: int
    client_id: int
    client: str
    email: str | None
    language: str
    sender: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class StoredApproval:
    """How a sender ID stands in a country.

    Attributes:
        country: ISO 3166 alpha-2.
        status: how it stands.
        note: what was said with the last decision.
        requested_at: when it was asked for.
        requested_by: who asked.
        decided_at: when it was last decided on, None for never.
        decided_by: who decided.
        expires_at: the approval's last moment, None without an end.
        submitted_at: when it was handed to the provider.
        expected_days: how many working days the provider takes, None when nobody knows.
        warned_at: when the client was told that the approval ends.
    """

    country: str
    status: ApprovalStatus
    note: str
    requested_at: datetime
    requested_by: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    expires_at: datetime | None = None
    submitted_at: datetime | None = None
    expected_days: int | None = None
    warned_at: datetime | None = None


class SenderReviewRepository:
    """Sender IDs with everything about them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def senders(self, sender: int | None = None) -> list[StoredSender]:
        """Return every sender ID, or one, by client and name."""
        statement = select(sender_id, client.c.name, client.c.email, client.c.language).join(
            client, client.c.id == sender_id.c.client_id
        )
        if sender is not None:
            statement = statement.where(sender_id.c.id == sender)
        rows = self._connection.execute(statement.order_by(client.c.name_key, sender_id.c.sender_key))
        return [_sender(row) for row in rows]

    def approvals(self, sender: int | None = None) -> dict[int, list[StoredApproval]]:
        """Return the approvals by sender ID, of all or of one, by country."""
        statement = select(sender_approval).order_by(sender_approval.c.country)
        if sender is not None:
            statement = statement.where(sender_approval.c.sender_id == sender)
        found: dict[int, list[StoredApproval]] = defaultdict(list)
        for row in self._connection.execute(statement):
            found[row.sender_id].append(_approval(row))
        return found

    def documents(self, now: datetime, sender: int | None = None) -> dict[int, list[SenderDocument]]:
        """Return the documents by sender ID, without their bytes, as they stand at ``now``, oldest first."""
        own = sender_document.c
        statement = select(
            sender_document, document.c.name, document.c.kind, document.c.digest, document.c.added_at, document.c.added_by,
            func.length(document.c.content).label("size"),
        ).join(document, document.c.id == own.document_id)  # fmt: skip
        if sender is not None:
            statement = statement.where(own.sender_id == sender)
        found: dict[int, list[SenderDocument]] = defaultdict(list)
        for row in self._connection.execute(statement.order_by(document.c.added_at, document.c.id)):
            found[row.sender_id].append(_document(row, now))
        return found

    def content(self, sender: int, document_id: int) -> bytes | None:
        """Return the bytes of a document of this sender ID, None when it has no such document."""
        statement = (
            select(document.c.content).join(sender_document, sender_document.c.document_id == document.c.id)
            .where(sender_document.c.sender_id == sender, document.c.id == document_id)
        )  # fmt: skip
        return self._connection.scalar(statement)

    def set_document(self, sender: int, document_id: int, values: Mapping[str, Any]) -> bool:
        """Change how a document of a sender ID stands; return whether it has it."""
        where = (sender_document.c.sender_id == sender, sender_document.c.document_id == document_id)
        return self._connection.execute(update(sender_document).where(*where).values(**values)).rowcount == 1

    def attach(self, sender: int, client_id: int, digest: str, purpose: str) -> int | None:
        """Say what a stored document of the client proves for a sender ID; return its id, None when there is none."""
        where = (document.c.client_id == client_id, document.c.digest == digest)
        found = self._connection.scalar(select(document.c.id).where(*where))
        if found is not None:
            place = {"sender_id": sender, "document_id": found}
            insert_once(self._connection, sender_document, place, {"purpose": purpose, "state": "new"})
            self.set_document(sender, int(found), {"purpose": purpose})
        return found

    def set_approval(self, sender: int, country: str, values: Mapping[str, Any]) -> None:
        """Change how a sender ID stands in a country."""
        where = (sender_approval.c.sender_id == sender, sender_approval.c.country == country)
        self._connection.execute(update(sender_approval).where(*where).values(**values))

    def restore_approvals(
        self, sender: int, before: Iterable[StoredApproval], after: Mapping[str, StoredApproval]
    ) -> bool:
        """Bring approvals back to ``before``, all or none; return whether each still stood as ``after`` says."""
        now = {one.country: one for one in self.approvals(sender).get(sender, [])}
        wanted = list(before)
        if any(now.get(one.country) != after[one.country] for one in wanted):
            return False
        for one in wanted:
            values = {name: getattr(one, name) for name in _APPROVAL_COLUMNS}
            self.set_approval(sender, one.country, {**values, "status": one.status.value})
        return True

    def ending(self, now: datetime, until: datetime) -> list[tuple[int, str]]:
        """Return (sender ID, country) of the approvals that have ended, or end by ``until`` and nobody was warned."""
        own = sender_approval.c
        new = or_(own.expires_at <= now, and_(own.expires_at <= until, own.warned_at.is_(None)))
        statement = select(own.sender_id, own.country).where(own.status == "approved", new).order_by(own.sender_id)
        return [(int(row.sender_id), str(row.country)) for row in self._connection.execute(statement)]

    def others(self, client_id: int) -> list[OtherSender]:
        """Return the sender IDs of all other clients, with where they are approved."""
        approved: dict[int, list[str]] = defaultdict(list)
        statement = select(sender_approval.c.sender_id, sender_approval.c.country).where(
            sender_approval.c.status == "approved"
        )
        for row in self._connection.execute(statement.order_by(sender_approval.c.country)):
            approved[row.sender_id].append(row.country)
        return [
            OtherSender(one.sender_id, one.client, one.sender, tuple(approved[one.sender_id]))
            for one in self.senders() if one.client_id != client_id
        ]  # fmt: skip


def _sender(row: Row[Any]) -> StoredSender:
    return StoredSender(
        row.id, row.client_id, row.name, row.email, row.language, row.sender, row.created_at, row.created_by
    )


def _approval(row: Row[Any]) -> StoredApproval:
    values = {name: getattr(row, name) for name in _APPROVAL_COLUMNS}
    return StoredApproval(row.country, **{**values, "status": ApprovalStatus(row.status)})


def _document(row: Row[Any], now: datetime) -> SenderDocument:
    over = row.valid_until is not None and row.valid_until < now and row.state != DocumentState.REFUSED
    return SenderDocument(
        row.document_id, row.name, DocumentKind(row.kind), int(row.size), row.digest, Purpose(row.purpose),
        DocumentState.EXPIRED if over else DocumentState(row.state), row.added_at, row.added_by, row.state_by,
        row.valid_until,
    )  # fmt: skip
