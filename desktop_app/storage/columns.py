"""Column types: money as whole millionths, time as UTC microseconds, flags as 0 and 1."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, SmallInteger, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Micros(TypeDecorator[int]):
    """Money in whole millionths. Refuses floats and bools, which PostgreSQL would round silently."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return ``value`` unchanged when it is an int."""
        if value is not None and type(value) is not int:
            raise TypeError(f"money is int, not {type(value).__name__}")
        return value


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time, stored as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return microseconds since 1970."""
        return None if value is None else micros_since_epoch(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the aware time."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Flag(TypeDecorator[bool]):
    """A truth value, stored as 0 or 1 in both databases."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return 0 or 1."""
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the truth value."""
        return None if value is None else bool(value)


def is_on(column: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return that a flag is set; as a literal, so that SQLite sees when a partial index matches."""
    return column == literal_column("1")


def is_off(column: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return that a flag is not set."""
    return column == literal_column("0")


def micros_since_epoch(time: datetime) -> int:
    """Return ``time`` as microseconds since 1970 in UTC.

    Raises:
        ValueError: when ``time`` is naive.
    """
    if time.tzinfo is None:
        raise ValueError("time must be aware")
    return (time - _EPOCH) // _MICROSECOND
