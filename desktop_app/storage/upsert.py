"""Writing a row that may be there already, in one statement.

"Update, and insert when nothing was updated" collides on PostgreSQL when two transactions do it at once. ON CONFLICT is the
same in both databases; the construct's name is only where SQLAlchemy keeps it.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert


def upsert(connection: Connection, target: Table, place: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Give the row at ``place`` (the columns of a unique key) the ``values``, and insert it when it is not there."""
    statement = insert(target).values(**place, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(place), set_=dict(values)))


def insert_once(connection: Connection, target: Table, place: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert the row at ``place`` (the columns of a unique key) unless it is there; then it stays as it is."""
    statement = insert(target).values(**place, **values)
    connection.execute(statement.on_conflict_do_nothing(index_elements=list(place)))
