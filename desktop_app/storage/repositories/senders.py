"""Sender IDs, approvals and documents."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from desktop_app.storage.models.clients import client
from desktop_app.storage.models.senders import document, fallback_number, sender_approval, sender_document, sender_id
from desktop_app.storage.upsert import insert_once, upsert


@dataclass(frozen=True, slots=True)
class SenderRow:
    """A client's sender ID in one country, or ``country`` None: usable wherever no registration is needed."""

    client: str
    sender: str
    country: str | None
    status: str
    note: str


class SenderRepository:
    """Sender IDs of clients."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, client_id: int, sender_key: str) -> tuple[int, str] | None:
        """Return (id, spelling) of a client's sender ID, None when it was never requested."""
        where = (sender_id.c.client_id == client_id, sender_id.c.sender_key == sender_key)
        row = self._connection.execute(select(sender_id.c.id, sender_id.c.sender).where(*where)).one_or_none()
        return None if row is None else (int(row.id), str(row.sender))

    def add(self, client_id: int, sender: str, sender_key: str, look_alike_key: str, actor: str, at: datetime) -> int:
        """Store a sender ID and return its id."""
        statement = insert(sender_id).values(
            client_id=client_id, sender=sender, sender_key=sender_key, look_alike_key=look_alike_key, created_at=at,
            created_by=actor,
        )  # fmt: skip
        return int(self._connection.execute(statement.returning(sender_id.c.id)).scalar_one())

    def look_alikes(self, client_id: int, look_alike_key: str) -> list[tuple[str, str]]:
        """Return (client, sender) of other clients' sender IDs that look the same."""
        rows = self._connection.execute(
            select(client.c.name, sender_id.c.sender)
            .join(client, client.c.id == sender_id.c.client_id)
            .where(sender_id.c.look_alike_key == look_alike_key, sender_id.c.client_id != client_id)
            .order_by(client.c.name_key)
        )
        return [(str(row.name), str(row.sender)) for row in rows]

    def approvals(self, sender: int, at: datetime | None = None) -> dict[str, str]:
        """Return the status by country; an approval that ended before ``at`` is "expired" there, whoever wrote that down yet."""
        rows = self._connection.execute(select(sender_approval).where(sender_approval.c.sender_id == sender))
        return {row.country: "expired" if _is_over(row, at) else row.status for row in rows}

    def request(self, sender: int, country: str, status: str, actor: str, at: datetime) -> None:
        """Store the request for a country, or renew one that ended."""
        values = {
            "status": status, "note": "", "requested_at": at, "requested_by": actor, "decided_at": None, "decided_by": None,
            "expires_at": None, "submitted_at": None, "expected_days": None, "warned_at": None,
        }  # fmt: skip
        upsert(self._connection, sender_approval, {"sender_id": sender, "country": country}, values)

    def decide(self, sender: int, country: str, status: str, note: str, actor: str, at: datetime) -> None:
        """Store a decision."""
        where = (sender_approval.c.sender_id == sender, sender_approval.c.country == country)
        self._connection.execute(
            update(sender_approval).where(*where).values(status=status, note=note, decided_at=at, decided_by=actor)
        )

    def add_document(
        self,
        client_id: int,
        sender: int,
        name: str,
        kind: str,
        content: bytes,
        actor: str,
        at: datetime,
        purpose: str = "",
    ) -> None:
        """Store a document once per client and attach it to the sender ID; ``purpose`` is what it proves, "" for anything."""
        digest = hashlib.sha256(content).hexdigest()
        values = {"name": name, "kind": kind, "content": content, "added_at": at, "added_by": actor}
        insert_once(self._connection, document, {"client_id": client_id, "digest": digest}, values)
        where = (document.c.client_id == client_id, document.c.digest == digest)
        document_id = self._connection.execute(select(document.c.id).where(*where)).scalar_one()
        attached = {"purpose": purpose, "state": "new"}
        insert_once(self._connection, sender_document, {"sender_id": sender, "document_id": document_id}, attached)

    def list_rows(self, client_id: int | None = None) -> list[SenderRow]:
        """Return every sender ID with its countries, by client and sender."""
        statement = (
            select(
                client.c.name,
                sender_id.c.sender,
                sender_approval.c.country,
                sender_approval.c.status,
                sender_approval.c.note,
            )
            .join(client, client.c.id == sender_id.c.client_id)
            .outerjoin(sender_approval, sender_approval.c.sender_id == sender_id.c.id)
            .order_by(client.c.name_key, sender_id.c.sender_key, sender_approval.c.country)
        )
        if client_id is not None:
            statement = statement.where(sender_id.c.client_id == client_id)
        return [
            SenderRow(row.name, row.sender, row.country, row.status or "not_required", row.note or "")
            for row in self._connection.execute(statement)
        ]

    def fallback_numbers(self, provider_id: int) -> dict[str, str]:
        """Return the number shown instead of a name by country, for one provider."""
        rows = self._connection.execute(select(fallback_number).where(fallback_number.c.provider_id == provider_id))
        return {row.country: row.number for row in rows}

    def set_fallback_number(self, provider_id: int, country: str, number: str) -> None:
        """Set the number shown instead of a name in a country that takes numbers only."""
        place = {"provider_id": provider_id, "country": country}
        upsert(self._connection, fallback_number, place, {"number": number})

    def remove_fallback_number(self, provider_id: int, country: str) -> None:
        """Let no number be shown instead in a country any more."""
        where = (fallback_number.c.provider_id == provider_id, fallback_number.c.country == country)
        self._connection.execute(delete(fallback_number).where(*where))


def _is_over(row: Row[Any], at: datetime | None) -> bool:
    return at is not None and row.status == "approved" and row.expires_at is not None and row.expires_at <= at
