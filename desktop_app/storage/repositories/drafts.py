"""Drafts of messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from desktop_app.domain.drafts import Draft, DraftSummary
from desktop_app.domain.errors import NotFound
from desktop_app.domain.language import tr
from desktop_app.storage.models.drafts import draft

_LISTED = (draft.c.id, draft.c.name, draft.c.client, draft.c.recipient_count, draft.c.changed_at, draft.c.changed_by)


class DraftRepository:
    """Drafts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_all(self) -> list[DraftSummary]:
        """Return all drafts, the latest first."""
        rows = self._connection.execute(select(*_LISTED).order_by(draft.c.changed_at.desc(), draft.c.id.desc()))
        return [_summary(row) for row in rows]

    def get(self, draft_id: int) -> Draft:
        """Return a draft.

        Raises:
            NotFound: it was sent or deleted.
        """
        row = self._connection.execute(select(draft).where(draft.c.id == draft_id)).one_or_none()
        if row is None:
            raise _gone()
        return Draft(_summary(row), row.idem, row.content, row.recipients)

    def add(self, idem: str, at: datetime, actor: str) -> int:
        """Store an empty draft and return its id."""
        row = insert(draft).values(
            idem=idem, name="", client="", content="", recipients="", recipient_count=0, created_at=at, changed_at=at,
            changed_by=actor,
        )  # fmt: skip
        return int(self._connection.execute(row.returning(draft.c.id)).scalar_one())

    def save(
        self, draft_id: int, *, name: str, client: str, content: str, recipients: str | None, recipient_count: int,
        at: datetime, actor: str,
    ) -> None:  # fmt: skip
        """Write a draft over its former state; ``recipients`` None leaves those as they are.

        Raises:
            NotFound: it was sent or deleted; it does not come back.
        """
        values: dict[str, Any] = {
            "name": name, "client": client, "content": content, "recipient_count": recipient_count, "changed_at": at,
            "changed_by": actor,
        }  # fmt: skip
        if recipients is not None:
            values["recipients"] = recipients
        if self._connection.execute(update(draft).where(draft.c.id == draft_id).values(values)).rowcount != 1:
            raise _gone()

    def delete(self, draft_id: int) -> bool:
        """Remove a draft and return whether there was one."""
        return self._connection.execute(delete(draft).where(draft.c.id == draft_id)).rowcount == 1

    def delete_sent(self, idem: str) -> None:
        """Remove the draft whose send has this key, if there is one."""
        self._connection.execute(delete(draft).where(draft.c.idem == idem))

    def restore(self, one: Draft) -> int:
        """Store a deleted draft again, under another id with the same key; return the id."""
        draft_id = self.add(one.idem, one.summary.changed_at, one.summary.changed_by)
        self.save(
            draft_id, name=one.summary.name, client=one.summary.client, content=one.content, recipients=one.recipients,
            recipient_count=one.summary.recipient_count, at=one.summary.changed_at, actor=one.summary.changed_by,
        )  # fmt: skip
        return draft_id


def _summary(row: Any) -> DraftSummary:
    return DraftSummary(row.id, row.name, row.client, row.recipient_count, row.changed_at, row.changed_by)


def _gone() -> NotFound:
    return NotFound(tr("This draft is gone: it was sent or deleted."))
