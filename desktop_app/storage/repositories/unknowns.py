"""Messages of which nobody knows whether they were sent: listed, and closed by evidence or by a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, literal_column, select

from desktop_app.domain.ladder import Position
from desktop_app.domain.messages import AttemptOutcome, MessageStatus
from desktop_app.storage.lists import among
from desktop_app.storage.models.accounts import provider
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.messages import attempt, batch, batch_quote, message
from desktop_app.storage.positions import messages_after, read_positions

# As a literal: SQLite uses the index of the unknown outcomes only when it sees that they match.
_UNKNOWN = message.c.status == literal_column("'unknown'")


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """A message whose outcome is unknown.

    Attributes:
        attempt_id: the try that nobody knows about.
        sender: what was shown as sender.
        text: the exact text.
        price: what is reserved for it, in micro-units of ``currency``.
        started_at: when the try began.
        ended_at: since when it is unknown.
        detail: what happened, one plain sentence.
    """

    message_id: int
    attempt_id: int
    batch_id: int
    client: str
    to: str
    sender: str
    country: str
    text: str
    price: int
    currency: str
    provider_id: int
    provider: str
    started_at: datetime
    ended_at: datetime
    detail: str


class UnknownRepository:
    """Reads what is unknown."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lines(self, limit: int, *, message_ids: Collection[int] | None = None, lock: bool = False) -> list[UnknownLine]:
        """Return the messages with an unknown outcome, the longest unknown first.

        With ``lock`` nobody else closes their tries until the transaction ends.
        """
        statement = (
            select(
                message.c.id, message.c.batch_id, message.c.number, message.c.price_micro, attempt.c.id.label("attempt_id"),
                attempt.c.started_at, attempt.c.ended_at, attempt.c.detail, attempt.c.provider_id, batch.c.currency,
                func.coalesce(message.c.body, batch.c.body).label("text"), batch_quote.c.sender, batch_quote.c.country,
                client.c.name.label("client"), provider.c.name.label("provider"),
            )
            .join(attempt, (attempt.c.message_id == message.c.id) & (attempt.c.outcome == AttemptOutcome.UNKNOWN.value))
            .join(batch, batch.c.id == message.c.batch_id)
            .join(batch_quote, batch_quote.c.id == message.c.quote_id)
            .join(client, client.c.id == batch.c.client_id)
            .join(provider, provider.c.id == attempt.c.provider_id)
            .where(message.c.status == MessageStatus.UNKNOWN.value)
            .order_by(attempt.c.ended_at, message.c.id)
            .limit(limit)
        )  # fmt: skip
        if message_ids is not None:
            statement = statement.where(among(message.c.id, sorted(message_ids)))
        if lock:
            statement = statement.with_for_update(of=attempt)
        return [_line(row) for row in self._connection.execute(statement)]

    def positions(self, after: Position, until: datetime, most: int) -> list[Position]:
        """Return at most ``most`` of them that became unknown behind ``after`` and not later than ``until``, in this order."""
        return read_positions(self._connection, messages_after(after, until, most).where(_UNKNOWN))

    def count(self) -> int:
        """Return how many there are."""
        unknown = select(func.count()).select_from(message).where(message.c.status == MessageStatus.UNKNOWN.value)
        return int(self._connection.scalar(unknown) or 0)


def _line(row: Any) -> UnknownLine:
    return UnknownLine(
        message_id=row.id, attempt_id=row.attempt_id, batch_id=row.batch_id, client=row.client, to=row.number,
        sender=row.sender, country=row.country, text=row.text, price=row.price_micro, currency=row.currency,
        provider_id=row.provider_id, provider=row.provider, started_at=row.started_at,
        ended_at=row.ended_at or row.started_at, detail=row.detail,
    )  # fmt: skip
