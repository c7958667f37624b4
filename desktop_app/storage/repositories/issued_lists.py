"""Price lists as they went out: the file itself, with its SHA-256."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from desktop_app.storage.models.prices import issued_list

# As the table's own check says.
MAX_BYTES = 52_428_800


@dataclass(frozen=True, slots=True)
class IssuedList:
    """A price list that went out.

    Attributes:
        list_id: ours.
        at: when.
        actor: who made it.
        client_id: for whom, None for everybody.
        file_format: "csv", "xlsx" or "pdf".
        name: of the file.
        digest: SHA-256 of the file, in hexadecimal digits.
    """

    list_id: int
    at: datetime
    actor: str
    client_id: int | None
    file_format: str
    name: str
    digest: str


class IssuedListRepository:
    """Keeps them; nothing is ever changed or removed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, content: bytes, *, at: datetime, actor: str, client_id: int | None, file_format: str, name: str
    ) -> IssuedList:
        """Keep a file of at most ``MAX_BYTES``."""
        digest = hashlib.sha256(content).hexdigest()
        statement = insert(issued_list).values(
            at=at, actor=actor, client_id=client_id, format=file_format, name=name, digest=digest, content=content
        )
        list_id = int(self._connection.execute(statement.returning(issued_list.c.id)).scalar_one())
        return IssuedList(list_id, at, actor, client_id, file_format, name, digest)

    def newest(self, limit: int = 100) -> list[IssuedList]:
        """Return the newest ones without their content, newest first."""
        c = issued_list.c
        columns = (c.id, c.at, c.actor, c.client_id, c.format, c.name, c.digest)
        rows = self._connection.execute(select(*columns).order_by(c.id.desc()).limit(limit))
        return [IssuedList(row.id, row.at, row.actor, row.client_id, row.format, row.name, row.digest) for row in rows]

    def content(self, list_id: int) -> bytes:
        """Return the file."""
        return bytes(
            self._connection.execute(select(issued_list.c.content).where(issued_list.c.id == list_id)).scalar_one()
        )
