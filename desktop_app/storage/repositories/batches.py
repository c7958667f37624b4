"""Batches and messages: queued in one transaction with their hold, read back for lists and timelines."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, bindparam, func, insert, literal_column, select

from desktop_app.domain.batches import AttemptRow, MessageRow, NewBatch, OwnText, Quote
from desktop_app.domain.errors import NotFound
from desktop_app.domain.language import tr
from desktop_app.domain.messages import AttemptOutcome, MessageStatus
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import micros_since_epoch
from desktop_app.storage.lists import among, json_array, listed_texts
from desktop_app.storage.models.accounts import provider
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.messages import attempt, attempt_part, batch, batch_quote, message

ROWS_AT_ONCE = 5000


@cache
def _queue_statement(dialect: str) -> BulkStatement:
    """Return the statement that queues a list of numbers; what they share is given once, not per row."""
    numbers = listed_texts("numbers", dialect)
    shared = {
        "batch_id": bindparam("batch", type_=BigInteger()),
        "quote_id": bindparam("quote", type_=BigInteger()),
        "segments": bindparam("count", type_=Integer()),
        "price_micro": bindparam("price", type_=BigInteger()),
        "hold_id": bindparam("hold", type_=BigInteger()),
        "changed_at": bindparam("at", type_=BigInteger()),
        "not_before": bindparam("later", type_=BigInteger()),
        "status": literal_column("'queued'"),
        "money": literal_column("'held'"),
        "tries": literal_column("0"),
        "reason": literal_column("''"),
    }
    rows = select(*shared.values(), numbers.c.value)
    statement = insert(message).from_select([*shared, "number"], rows)
    return BulkStatement(statement, ("batch", "quote", "count", "price", "hold", "at", "later", "numbers"))


# A message with a text of its own.
_QUEUE_OWN = BulkStatement(
    insert(message).values(
        batch_id=bindparam("batch"), quote_id=bindparam("quote"), segments=bindparam("count"), price_micro=bindparam("price"),
        hold_id=bindparam("hold"), changed_at=bindparam("at"), not_before=bindparam("later"), number=bindparam("to"),
        body=bindparam("text"), encoding=bindparam("alphabet"), status=literal_column("'queued'"),
        money=literal_column("'held'"), tries=literal_column("0"), reason=literal_column("''"),
    ),
    ("batch", "quote", "count", "price", "hold", "at", "later", "to", "text", "alphabet"),
)  # fmt: skip


class BatchRepository:
    """Batches with their messages."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_by_idem(self, idem: str) -> int | None:
        """Return the batch submitted with this key, None when there is none."""
        found = self._connection.scalar(select(batch.c.id).where(batch.c.idem == idem))
        return None if found is None else int(found)

    def add(self, new: NewBatch, hold_id: int, at: datetime) -> int:
        """Store a batch with all its messages, queued, and return its id. The hold covers exactly its total."""
        statement = insert(batch).values(
            idem=new.idem, client_id=new.client_id, provider_id=new.provider_id, sender=new.sender, body=new.text,
            encoding=new.encoding, segments=new.segments, currency=new.currency, total_micro=new.total, hold_id=hold_id,
            actor=new.actor, reason=new.reason, created_at=at, name=new.name, send_at=new.send_at,
            own_texts=new.own_texts is not None,
        )  # fmt: skip
        batch_id = int(self._connection.execute(statement.returning(batch.c.id)).scalar_one())
        times = (micros_since_epoch(at), 0 if new.send_at is None else micros_since_epoch(new.send_at))
        for place, (quote, numbers) in enumerate(zip(new.quotes, new.numbers, strict=True)):
            quote_id = self._add_quote(batch_id, quote)
            if new.own_texts is None:
                shared = (batch_id, quote_id, new.segments, quote.price * new.segments, hold_id, *times)
                self._add_messages(shared, numbers)
            else:
                self._add_own(batch_id, quote_id, quote.price, hold_id, times, numbers, new.own_texts[place])
        return batch_id

    def _add_quote(self, batch_id: int, quote: Quote) -> int:
        row = insert(batch_quote).values(
            batch_id=batch_id, country=quote.country, mccmnc=quote.mccmnc or "", sender=quote.sender,
            price_micro=quote.price, cost_micro=quote.cost, cost_currency=quote.cost_currency, why=quote.why,
        )  # fmt: skip
        return int(self._connection.execute(row.returning(batch_quote.c.id)).scalar_one())

    def _add_messages(self, shared: tuple[int, ...], numbers: Sequence[str]) -> None:
        statement = _queue_statement(self._connection.dialect.name)
        for start in range(0, len(numbers), ROWS_AT_ONCE):
            statement.once(self._connection, *shared, json_array(numbers[start : start + ROWS_AT_ONCE]))

    def _add_own(
        self, batch_id: int, quote_id: int, price: int, hold_id: int, times: tuple[int, int], numbers: Sequence[str],
        texts: Sequence[OwnText],
    ) -> None:  # fmt: skip
        rows = [
            (batch_id, quote_id, own.segments, price * own.segments, hold_id, *times, number, own.text, own.encoding)
            for number, own in zip(numbers, texts, strict=True)
        ]
        _QUEUE_OWN.run(self._connection, rows)

    def messages(
        self, *, batch_id: int | None = None, message_id: int | None = None, limit: int = 100_000
    ) -> list[MessageRow]:
        """Return messages, oldest first: of one batch, one message, or the oldest ``limit``."""
        first_part = (
            select(attempt_part.c.provider_message_id)
            .join(attempt, attempt.c.id == attempt_part.c.attempt_id)
            .where(attempt.c.message_id == message.c.id)
            .order_by(attempt.c.n, attempt_part.c.n)
            .limit(1)
            .scalar_subquery()
        )
        statement = (
            select(message, batch_quote.c.country, batch_quote.c.mccmnc, batch.c.currency, client.c.name.label("client"),
                   provider.c.name.label("provider"), first_part.label("sid"))
            .join(batch, batch.c.id == message.c.batch_id)
            .join(batch_quote, batch_quote.c.id == message.c.quote_id)
            .join(client, client.c.id == batch.c.client_id)
            .join(provider, provider.c.id == batch.c.provider_id)
            .order_by(message.c.id)
            .limit(limit)
        )  # fmt: skip
        if batch_id is not None:
            statement = statement.where(message.c.batch_id == batch_id)
        if message_id is not None:
            statement = statement.where(message.c.id == message_id)
        return [_message(row) for row in self._connection.execute(statement)]

    def get_message(self, message_id: int) -> MessageRow:
        """Return one message.

        Raises:
            NotFound: when there is none with this id.
        """
        found = self.messages(message_id=message_id)
        if not found:
            raise NotFound(tr("There is no message {message_id}.", message_id=message_id))
        return found[0]

    def why(self, message_id: int) -> str:
        """Return why a message has its price, as the JSON text stored with its quote."""
        statement = select(batch_quote.c.why).join(message, message.c.quote_id == batch_quote.c.id)
        return str(self._connection.execute(statement.where(message.c.id == message_id)).scalar_one())

    def attempts(self, message_id: int) -> list[AttemptRow]:
        """Return the tries of a message, oldest first."""
        rows = self._connection.execute(
            select(attempt).where(attempt.c.message_id == message_id).order_by(attempt.c.n)
        ).all()
        parts = self._connection.execute(
            select(attempt_part)
            .where(among(attempt_part.c.attempt_id, [row.id for row in rows]))
            .order_by(attempt_part.c.n)
        ).all()
        return [
            AttemptRow(
                row.n, AttemptOutcome(row.outcome), row.started_at, row.ended_at, row.code, row.detail,
                tuple((p.provider_message_id, p.status, p.cost_text, p.cost_currency) for p in parts if p.attempt_id == row.id),
            )
            for row in rows
        ]  # fmt: skip

    def require(self, batch_id: int) -> None:
        """Check that the batch exists.

        Raises:
            NotFound: when it does not.
        """
        if self._connection.scalar(select(batch.c.id).where(batch.c.id == batch_id)) is None:
            raise NotFound(tr("There is no batch {batch_id}.", batch_id=batch_id))

    def waits(self, batch_id: int | None = None) -> bool:
        """Return whether a message is queued or being sent, of one batch or of all."""
        # One word at a time: the queue has an index of its own, and only an empty one makes it look further.
        for word in (MessageStatus.QUEUED, MessageStatus.SENDING):
            found = select(message.c.id).where(message.c.status == literal_column(f"'{word.value}'")).limit(1)
            if batch_id is not None:
                found = found.where(message.c.batch_id == batch_id)
            if self._connection.scalar(found) is not None:
                return True
        return False

    def count_by_status(self, batch_id: int | None = None) -> dict[MessageStatus, int]:
        """Return how many messages stand where, of one batch or of all."""
        statement = select(message.c.status, func.count()).group_by(message.c.status)
        if batch_id is not None:
            statement = statement.where(message.c.batch_id == batch_id)
        return {MessageStatus(status): count for status, count in self._connection.execute(statement)}


def _message(row: Any) -> MessageRow:
    return MessageRow(
        message_id=row.id, batch_id=row.batch_id, client=row.client, to=row.number, country=row.country,
        status=MessageStatus(row.status), price=row.price_micro, currency=row.currency, segments=row.segments,
        provider=row.provider, provider_message_id=row.sid, reason=row.reason, changed_at=row.changed_at,
        mccmnc=row.mccmnc or None,
    )  # fmt: skip
