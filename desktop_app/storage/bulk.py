"""Statements of the hot path: compiled once per dialect, then handed to the driver as text.

For thousands of rows SQLAlchemy's insert of a list of dictionaries costs twice as much per row (performance.md 7), and
building and looking up a statement costs more than a small one's execution. Column types are bypassed: values must already be
what the database stores (whole micro-units, microseconds since 1970, 0 and 1).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from desktop_app.domain.pace import portions


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

    def run(self, connection: Connection, rows: list[tuple[Any, ...]]) -> int:
        """Run it once per row and return how many rows it touched in all; no rows, no statement."""
        if not rows:
            return 0
        text, arrange = self._compiled(connection.dialect.name)
        given = rows if arrange is tuple else [arrange(row) for row in rows]
        return sum(connection.exec_driver_sql(text, list(part)).rowcount for part in portions(given))

    def once(self, connection: Connection, *values: Any) -> CursorResult[Any]:
        """Run it for one set of values and return its result."""
        text, arrange = self._compiled(connection.dialect.name)
        return connection.exec_driver_sql(text, arrange(values))

    def rows(self, connection: Connection, *values: Any) -> list[Any]:
        """Run it for one set of values and return all its rows as plain tuples: SQLAlchemy's rows cost more than the query."""
        result = self.once(connection, *values)
        try:
            return list(result.cursor.fetchall())
        finally:
            result.close()

    def _compile(self, dialect: str) -> tuple[str, Callable[[tuple[Any, ...]], tuple[Any, ...]]]:
        if not isinstance(self._statement, ClauseElement):
            raise TypeError("not a statement")
        compiled = self._statement.compile(dialect=_dialect(dialect))
        if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
            raise TypeError("not a statement with positional parameters")
        return str(compiled), _arrangement(compiled.positiontup, self._names, compiled.params)


def _arrangement(
    wanted: Sequence[str], given: tuple[str, ...], constants: Mapping[str, Any]
) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Return what brings values in the order of ``given`` into that of ``wanted``, with the statement's own constants."""
    if tuple(wanted) == given:
        return tuple
    places = [(given.index(name), None) if name in given else (None, constants[name]) for name in wanted]
    return lambda values: tuple(constant if place is None else values[place] for place, constant in places)
