"""What all tables share: the metadata, STRICT tables on SQLite, and how keys and closed vocabularies are declared."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

# A key the database hands out: SQLite's rowid alias must be spelt INTEGER.
Key = BigInteger().with_variant(Integer(), "sqlite")


@compiles(BigInteger, "sqlite")
@compiles(SmallInteger, "sqlite")
def _integer(_type: Any, _compiler: Any, **_: Any) -> str:
    return "INTEGER"


@compiles(String, "sqlite")
@compiles(Text, "sqlite")
def _text(_type: Any, _compiler: Any, **_: Any) -> str:
    return "TEXT"


def table(name: str, *items: SchemaItem, **options: Any) -> Table:
    """Return a table of the product, STRICT on SQLite: a value of another type is refused instead of bent."""
    return Table(name, metadata, *items, sqlite_strict=True, **options)


def key() -> Column[int]:
    """Return the usual ``id`` column."""
    return Column("id", Key, Identity(always=True), primary_key=True)


def reference(name: str, target: str, *, nullable: bool = False, **options: Any) -> Column[int]:
    """Return a column that points at ``target`` ("client.id")."""
    return Column(name, Key, ForeignKey(target), nullable=nullable, **options)


def one_of(column: str, words: Iterable[str], name: str | None = None) -> CheckConstraint:
    """Return the check that ``column`` holds one of ``words``."""
    # Not IN: SQLite builds the list of an IN anew for every row it inserts.
    return CheckConstraint(" OR ".join(f"{column} = '{word}'" for word in words), name=name or f"{column}_known")


def flag_check(column: str) -> CheckConstraint:
    """Return the check that ``column`` is 0 or 1."""
    return CheckConstraint(f"{column} IN (0, 1)", name=f"{column}_flag")
