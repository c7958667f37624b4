"""How much was sent where: counted from the messages, nothing is kept twice."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Join,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal_column,
    select,
)

from desktop_app.domain.messages import RANK, MessageStatus
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.ledger import ledger_transfer
from desktop_app.storage.models.messages import batch, batch_quote, message

# What a provider says in the end.
_REPORTED: Final = sorted(RANK.keys() - {MessageStatus.ACCEPTED, MessageStatus.SENT})

# Of tests, which we pay, nothing is sold: such a batch is none of its client's.
IS_SOLD: Final = ledger_transfer.c.debit_id == client.c.account_id
_CHARGED: Final = message.c.money.in_([literal_column("'captured'"), literal_column("'refunded'")])


class VolumeRepository:
    """Billed segments per destination."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, moment: datetime) -> dict[tuple[str, str | None], int]:
        """Return the billed segments by (country, mccmnc) of the batches made at or after ``moment``.

        One pass over their messages and no other's: ids of batches and messages only grow, so everything recent lies at the
        end. Quotes are joined to the sums, of which there are few.
        """
        first = self._first_message(moment)
        if first is None:
            return {}
        sums = (
            select(message.c.quote_id, func.sum(message.c.segments).label("segments"))
            .where(message.c.id >= first, _CHARGED)
            .group_by(message.c.quote_id)
            .subquery()
        )
        rows = self._connection.execute(_by_destination(sums, sums.c.segments))
        return {(country, mccmnc or None): int(segments) for country, mccmnc, segments in rows}

    def by_client(self, moment: datetime) -> dict[int, int]:
        """Return the billed segments by client of the batches made at or after ``moment``."""
        statement = (
            select(batch.c.client_id, cast(func.sum(message.c.segments), BigInteger))
            .select_from(_paid_batches())
            .join(message, message.c.batch_id == batch.c.id)
            .where(batch.c.created_at >= moment, _CHARGED, IS_SOLD)
            .group_by(batch.c.client_id)
        )
        return {client_id: int(segments) for client_id, segments in self._connection.execute(statement)}

    def of_client(self, client_id: int, moment: datetime) -> dict[str, int]:
        """Return a client's billed segments by country, of the batches made at or after ``moment``."""
        statement = (
            select(batch_quote.c.country, cast(func.sum(message.c.segments), BigInteger))
            .select_from(_paid_batches())
            .join(message, message.c.batch_id == batch.c.id)
            .join(batch_quote, batch_quote.c.id == message.c.quote_id)
            .where(batch.c.client_id == client_id, batch.c.created_at >= moment, _CHARGED, IS_SOLD)
            .group_by(batch_quote.c.country)
        )
        return {country: int(segments) for country, segments in self._connection.execute(statement)}

    def delivered_since(self, moment: datetime) -> dict[tuple[str, str | None], tuple[int, int]]:
        """Return (delivered, ended) by (country, mccmnc) of the batches made at or after ``moment``, in messages.

        A message has ended when a provider reported it delivered or not; one that only waits for its report is not counted.
        """
        first = self._first_message(moment)
        if first is None:
            return {}
        delivered = func.sum(case((message.c.status == MessageStatus.DELIVERED, 1), else_=0)).label("delivered")
        sums = (
            select(message.c.quote_id, delivered, func.count().label("ended"))
            .where(message.c.id >= first, message.c.status.in_(_REPORTED))
            .group_by(message.c.quote_id)
            .subquery()
        )
        rows = self._connection.execute(_by_destination(sums, sums.c.delivered, sums.c.ended))
        return {(country, mccmnc or None): (int(good), int(ended)) for country, mccmnc, good, ended in rows}

    def _first_message(self, moment: datetime) -> int | None:
        first_batch = self._connection.scalar(select(func.min(batch.c.id)).where(batch.c.created_at >= moment))
        if first_batch is None:
            return None
        first: int | None = self._connection.scalar(
            select(func.min(message.c.id)).where(message.c.batch_id >= first_batch)
        )
        return first


def _by_destination(sums: Subquery, *columns: ColumnElement[int]) -> Select[Any]:
    """Return sums by quote, added up by destination, without those of tests."""
    totals = (cast(func.sum(column), BigInteger) for column in columns)
    return (
        select(batch_quote.c.country, batch_quote.c.mccmnc, *totals)
        .select_from(_paid_batches())
        .join(batch_quote, batch_quote.c.batch_id == batch.c.id)
        .join(sums, sums.c.quote_id == batch_quote.c.id)
        .where(IS_SOLD)
        .group_by(batch_quote.c.country, batch_quote.c.mccmnc)
    )


def _paid_batches() -> Join:
    """Return the batches with their clients and their holds."""
    return batch.join(client, client.c.id == batch.c.client_id).join(
        ledger_transfer, ledger_transfer.c.id == batch.c.hold_id
    )
