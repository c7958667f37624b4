"""Statements for thousands of rows: compiled once per dialect, run through the driver's own executemany.

SQLAlchemy's insert of a list of dictionaries costs twice as much per row (performance.md 7). Column types are bypassed:
values must already be what the database stores (whole micro-units, microseconds since 1970, 0 and 1).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement


def _dialect(name: str) -> Dialect:
    if name == "sqlite":
        return SQLiteDialect(paramstyle="qmark")
    return PGDialect(paramstyle="format")  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped


class BulkStatement:
    """A statement whose parameters are given as tuples.

    Args:
        statement: with ``bindparam`` for each value.
        names: the parameters, in the order of the tuples.
    """

    def __init__(self, statement: Executable, names: Sequence[str]) -> None:
        self._statement = statement
        self._names = tuple(names)
        self._compiled = cache(self._compile)

    def run(self, connection: Connection, rows: list[tuple[Any, ...]]) -> None:
        """Run it once per row; no rows, no statement."""
        if not rows:
            return
        text, order = self._compiled(connection.dialect.name)
        if order is not None:
            rows = [tuple(row[position] for position in order) for row in rows]
        connection.exec_driver_sql(text, rows)

    def _compile(self, dialect: str) -> tuple[str, tuple[int, ...] | None]:
        if not isinstance(self._statement, ClauseElement):
            raise TypeError("not a statement")
        compiled = self._statement.compile(dialect=_dialect(dialect))
        if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
            raise TypeError("not a statement with positional parameters")
        order = tuple(self._names.index(name) for name in compiled.positiontup)
        return str(compiled), None if order == tuple(range(len(self._names))) else order
