"""A table on its way to a file: typed columns, rows that may be streamed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

Cell = str | Decimal | int | None


class Kind(Enum):
    """What the cells of a column hold, None (no value) aside."""

    TEXT = "text"
    DECIMAL = "decimal"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: the stable heading a program reads; letters, digits and "_" only.
        title: the heading for a person.
        kind: what its cells hold.
        decimals: how many a spreadsheet shows at least of a decimal, which it keeps with all it has.
    """

    key: str
    title: str
    kind: Kind
    decimals: int = 6


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; every row has one cell per column, of the column's kind or None.

    Attributes:
        rows: read once, in order, while the file is written.
    """

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
