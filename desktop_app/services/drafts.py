"""Drafts: kept in the database while somebody composes, so that no crash loses more than two seconds."""

import uuid
from dataclasses import dataclass

from desktop_app.domain.clients import clean_text
from desktop_app.domain.drafts import Draft, DraftSummary
from desktop_app.domain.language import later
from desktop_app.services.clock import Clock
from desktop_app.storage.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class DraftState:
    """What is saved of a draft.

    Attributes:
        name: what lists call it.
        client: name of the client, "" while none is chosen.
        content: message and settings, JSON.
        recipients: whom it is for, JSON; None when they have not changed since they were saved last.
        recipient_count: how many there are.
    """

    name: str
    client: str
    content: str
    recipients: str | None
    recipient_count: int


class DraftsService:
    """Keeps drafts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list_all(self) -> list[DraftSummary]:
        """Return all drafts, the latest first."""
        with self._database.read() as uow:
            return uow.drafts.list_all()

    def get(self, draft_id: int) -> Draft:
        """Return a draft.

        Raises:
            NotFound: it was sent or deleted.
        """
        with self._database.read() as uow:
            return uow.drafts.get(draft_id)

    def save(self, draft_id: int | None, state: DraftState, *, actor: str, idem: str = "") -> int:
        """Save a draft and return its id. It is durable when this returns.

        Args:
            draft_id: None for a new one.
            state: what is in it.
            actor: who composes.
            idem: the key of its send, of a new draft; made here when it is not given.

        Raises:
            NotFound: it was sent or deleted meanwhile; it is not made again.
        """
        name = clean_text(state.name, later("name"), longest=120)
        with self._database.begin() as uow:
            at = self._clock()
            kept = uow.drafts.add(idem or new_idem(), at, actor) if draft_id is None else draft_id
            uow.drafts.save(
                kept, name=name, client=state.client, content=state.content, recipients=state.recipients,
                recipient_count=state.recipient_count, at=at, actor=actor,
            )  # fmt: skip
            return kept

    def delete(self, draft_id: int) -> Draft:
        """Delete a draft and return it, so that it can be restored.

        Raises:
            NotFound: it was sent or deleted already.
        """
        with self._database.begin() as uow:
            found = uow.drafts.get(draft_id)
            uow.drafts.delete(draft_id)
            return found

    def restore(self, draft: Draft) -> int:
        """Bring a deleted draft back and return its new id."""
        with self._database.begin() as uow:
            return uow.drafts.restore(draft)


def new_idem() -> str:
    """Return a key for a send that no other send has."""
    return uuid.uuid4().hex
