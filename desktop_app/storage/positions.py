"""Messages in the order in which they came to where they stand, read on from a place."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, select, tuple_

from desktop_app.domain.ladder import Position
from desktop_app.storage.columns import UTCDateTime
from desktop_app.storage.models.messages import message


def messages_after(after: Position, until: datetime, most: int) -> Select[Any]:
    """Return the statement for at most ``most`` messages behind ``after``, not later than ``until``; the caller says which."""
    place = tuple_(bindparam(None, after.at, UTCDateTime()), bindparam(None, after.id, BigInteger()))
    order = (message.c.changed_at, message.c.id)
    return (
        select(*order).where(tuple_(*order) > place, message.c.changed_at <= until).order_by(*order).limit(most)
    )  # fmt: skip


def read_positions(connection: Connection, statement: Select[Any]) -> list[Position]:
    """Return what such a statement finds."""
    return [Position(row.changed_at, row.id) for row in connection.execute(statement)]
