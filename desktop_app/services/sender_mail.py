"""How a client is told something about its sender IDs, and what the services of sender IDs share."""

import secrets
from datetime import date, datetime

from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import tr
from desktop_app.services.preferences import read_preferences
from desktop_app.services.sender_letters import Addressee, Letter
from desktop_app.storage.repositories.sender_reviews import StoredSender
from desktop_app.storage.unit_of_work import UnitOfWork


def stored_sender(uow: UnitOfWork, sender_id: int) -> StoredSender:
    """Return a sender ID within a transaction.

    Raises:
        NotFound: there is none of that number.
    """
    found = uow.sender_reviews.senders(sender_id)
    if not found:
        raise NotFound(tr("There is no request {number}.", number=sender_id))
    return found[0]


def subject_of(stored: StoredSender) -> str:
    """Return what the log calls a sender ID."""
    return f"{stored.client}: {stored.sender}"


def addressee(uow: UnitOfWork, stored: StoredSender) -> Addressee:
    """Return who is written to."""
    return Addressee(stored.client, stored.language, read_preferences(uow).company)


def queue_letter(uow: UnitOfWork, stored: StoredSender, letter: Letter, due_at: datetime) -> str | None:
    """Let a letter leave at ``due_at`` and return the key of the mail, None when the client cannot be written to."""
    if not stored.email:
        return None
    key = f"sender/{stored.sender_id}/{secrets.token_hex(8)}"
    try:
        uow.mails.queue(key, stored.email, letter.subject, letter.text, due_at)
    except InvalidInput:
        # An address that no server takes must not keep a decision from being made; the screen says that nobody is told.
        return None
    return key


def end_of(day: date) -> datetime:
    """Return the last second of a day where the person is."""
    return datetime.combine(day, datetime.max.time().replace(microsecond=0)).astimezone()
