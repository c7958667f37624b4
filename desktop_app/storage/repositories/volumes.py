"""How much was sent where: counted from the messages, nothing is kept twice."""

from datetime import datetime

from sqlalchemy import BigInteger, Connection, cast, func, literal_column, select

from desktop_app.storage.models.messages import batch, batch_quote, message


class VolumeRepository:
    """Billed segments per destination."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, moment: datetime) -> dict[tuple[str, str | None], int]:
        """Return the billed segments by (country, mccmnc) of the batches made at or after ``moment``.

        One pass over their messages and no other's: ids of batches and messages only grow, so everything recent lies at the
        end. Quotes are joined to the sums, of which there are few.
        """
        first_batch = self._connection.scalar(select(func.min(batch.c.id)).where(batch.c.created_at >= moment))
        if first_batch is None:
            return {}
        first = self._connection.scalar(select(func.min(message.c.id)).where(message.c.batch_id >= first_batch))
        if first is None:
            return {}
        sums = (
            select(message.c.quote_id, func.sum(message.c.segments).label("segments"))
            .where(
                message.c.id >= first, message.c.money.in_([literal_column("'captured'"), literal_column("'refunded'")])
            )
            .group_by(message.c.quote_id)
            .subquery()
        )
        total = cast(func.sum(sums.c.segments), BigInteger)
        statement = (
            select(batch_quote.c.country, batch_quote.c.mccmnc, total)
            .join(sums, sums.c.quote_id == batch_quote.c.id)
            .group_by(batch_quote.c.country, batch_quote.c.mccmnc)
        )
        rows = self._connection.execute(statement)
        return {(country, mccmnc or None): int(segments) for country, mccmnc, segments in rows}
