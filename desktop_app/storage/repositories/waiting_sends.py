"""What waits to be sent: batches with messages in the queue, and drafts; for those who change what may be sent."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, exists, literal_column, select

from desktop_app.storage.models.clients import client
from desktop_app.storage.models.drafts import draft
from desktop_app.storage.models.messages import batch, batch_quote, message


@dataclass(frozen=True, slots=True)
class WaitingBatch:
    """A batch with messages in the queue."""

    batch_id: int
    name: str
    client: str
    sender: str


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft: its sender ID "" while none is chosen, its recipients as they were typed, one a line."""

    draft_id: int
    name: str
    client: str
    sender: str
    recipients: str


class WaitingSendRepository:
    """Batches and drafts that are to be sent."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def batches(self, country: str) -> list[WaitingBatch]:
        """Return the batches with messages for a country in the queue, the oldest first."""
        queued = exists().where(message.c.quote_id == batch_quote.c.id, message.c.status == literal_column("'queued'"))
        statement = (
            select(batch.c.id, batch.c.name, client.c.name.label("client"), batch.c.sender)
            .join(batch_quote, batch_quote.c.batch_id == batch.c.id).join(client, client.c.id == batch.c.client_id)
            .where(batch_quote.c.country == country, queued).order_by(batch.c.id).distinct()
        )  # fmt: skip
        return [WaitingBatch(row.id, row.name, row.client, row.sender) for row in self._connection.execute(statement)]

    def drafts(self) -> list[WaitingDraft]:
        """Return every draft, the oldest first."""
        statement = select(draft.c.id, draft.c.name, draft.c.client, draft.c.content, draft.c.recipients)
        return [
            WaitingDraft(row.id, row.name, row.client, _sender(row.content), row.recipients)
            for row in self._connection.execute(statement.order_by(draft.c.id))
        ]


def _sender(content: str) -> str:
    """Return the sender ID within what a draft holds, "" when it has none."""
    try:
        held = json.loads(content)
    except ValueError:
        return ""
    sender = held.get("sender") if isinstance(held, dict) else None
    return sender if isinstance(sender, str) else ""
