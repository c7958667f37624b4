"""Whole-number formulas that mean the same in Python and in SQL.

A price rule is written once, as a formula over the columns of a price row. The domain evaluates it over the rows of a preview,
column by column; storage compiles the same tree to one SQL statement (a million rows at once). Only integers occur, divisions
have non-negative numerators and positive denominators, so floor, truncation and every database agree.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Value = int | None

_OPERATORS: Final[Mapping[str, Callable[[int, int], int]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv,
}  # fmt: skip


class Table:
    """Rows by their columns. Every formula is computed once for all rows, however many others use it.

    Args:
        columns: name to the values of all rows.
        count: how many rows there are.
    """

    def __init__(self, columns: Mapping[str, Sequence[Value]], count: int) -> None:
        self.columns, self.count = columns, count
        self._values: dict[Formula, Sequence[Value]] = {}
        self._holds: dict[Condition, Sequence[bool]] = {}

    @classmethod
    def of_row(cls, row: Mapping[str, Value]) -> "Table":
        """Return the table of a single row."""
        return cls({name: (value,) for name, value in row.items()}, 1)

    def values(self, node: "Formula") -> Sequence[Value]:
        """Return the formula's value for each row."""
        if node not in self._values:
            self._values[node] = node.over(self)
        return self._values[node]

    def holds(self, node: "Condition") -> Sequence[bool]:
        """Return for each row whether the condition holds."""
        if node not in self._holds:
            self._holds[node] = node.over(self)
        return self._holds[node]


class Formula:
    """A node. Operators build bigger formulas; NULL in any operand gives NULL, as in SQL."""

    def __add__(self, other: "Formula | int") -> "Formula":
        return Binary("+", self, formula(other))

    def __sub__(self, other: "Formula | int") -> "Formula":
        return Binary("-", self, formula(other))

    def __mul__(self, other: "Formula | int") -> "Formula":
        return Binary("*", self, formula(other))

    def __floordiv__(self, other: "Formula | int") -> "Formula":
        return Binary("//", self, formula(other))

    def __lt__(self, other: "Formula | int") -> "Condition":
        return Comparison("<", self, formula(other))

    def __gt__(self, other: "Formula | int") -> "Condition":
        return Comparison(">", self, formula(other))

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Return the formula's value for ``row`` (column name to whole number or None)."""
        return Table.of_row(row).values(self)[0]

    def over(self, table: Table) -> Sequence[Value]:
        """Compute it for every row; ``Table.values`` remembers the result."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Formula):
    """A whole number."""

    value: int

    def over(self, table: Table) -> Sequence[Value]:
        """Return the number for each row."""
        return [self.value] * table.count


@dataclass(frozen=True, slots=True, eq=False)
class Column(Formula):
    """A column of the row."""

    name: str

    def over(self, table: Table) -> Sequence[Value]:
        """Return the rows' values."""
        return table.columns[self.name]


@dataclass(frozen=True, slots=True, eq=False)
class Shared(Formula):
    """A formula that several others use: storage computes it once per row, as a column called ``name``."""

    name: str
    formula: Formula

    def over(self, table: Table) -> Sequence[Value]:
        """Return the formula's values."""
        return table.values(self.formula)


@dataclass(frozen=True, slots=True, eq=False)
class Binary(Formula):
    """An arithmetic operation."""

    operator: str
    left: Formula
    right: Formula

    def over(self, table: Table) -> Sequence[Value]:
        """Return the results, None where an operand is None."""
        apply = _OPERATORS[self.operator]
        pairs = zip(table.values(self.left), table.values(self.right), strict=True)
        return [None if left is None or right is None else apply(left, right) for left, right in pairs]


class Condition:
    """Something that holds for a row or not; a comparison with NULL does not hold."""

    def __and__(self, other: "Condition") -> "Condition":
        return Both(self, other)

    def __or__(self, other: "Condition") -> "Condition":
        return Either(self, other)

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Return whether it holds for ``row``."""
        return Table.of_row(row).holds(self)[0]

    def over(self, table: Table) -> Sequence[bool]:
        """Decide it for every row; ``Table.holds`` remembers the result."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Condition):
    """``left`` is smaller ("<") or larger (">") than ``right``."""

    operator: str
    left: Formula
    right: Formula

    def over(self, table: Table) -> Sequence[bool]:
        """Return where it holds."""
        small, large = (self.left, self.right) if self.operator == "<" else (self.right, self.left)
        pairs = zip(table.values(small), table.values(large), strict=True)
        return [low is not None and high is not None and low < high for low, high in pairs]


@dataclass(frozen=True, slots=True, eq=False)
class Missing(Condition):
    """The value is NULL."""

    value: Formula

    def over(self, table: Table) -> Sequence[bool]:
        """Return where it holds."""
        return [value is None for value in table.values(self.value)]


@dataclass(frozen=True, slots=True, eq=False)
class Both(Condition):
    """Both conditions hold."""

    left: Condition
    right: Condition

    def over(self, table: Table) -> Sequence[bool]:
        """Return where it holds."""
        return [one and other for one, other in zip(table.holds(self.left), table.holds(self.right), strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Either(Condition):
    """At least one condition holds."""

    left: Condition
    right: Condition

    def over(self, table: Table) -> Sequence[bool]:
        """Return where it holds."""
        return [one or other for one, other in zip(table.holds(self.left), table.holds(self.right), strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Formula):
    """``then`` where the condition holds, else ``otherwise``."""

    condition: Condition
    then: Formula
    otherwise: Formula

    def over(self, table: Table) -> Sequence[Value]:
        """Return the chosen branch's values."""
        branches = zip(table.holds(self.condition), table.values(self.then), table.values(self.otherwise), strict=True)
        return [then if holds else otherwise for holds, then, otherwise in branches]


def formula(value: Formula | int) -> Formula:
    """Return ``value`` as a formula."""
    return value if isinstance(value, Formula) else Constant(value)


def half_up(numerator: Formula, denominator: Formula | int) -> Formula:
    """Return the quotient rounded to a whole number, a half upwards; both must not be negative."""
    divisor = formula(denominator)
    return (numerator * 2 + divisor) // (divisor * 2)


def ceiling(numerator: Formula, denominator: int) -> Formula:
    """Return the quotient rounded up to a whole number; the numerator must not be negative."""
    return (numerator + (denominator - 1)) // denominator


def at_least(value: Formula, floor: Formula) -> Formula:
    """Return the larger of the two."""
    return Choice(value < floor, floor, value)


def at_most(value: Formula, cap: Formula) -> Formula:
    """Return the smaller of the two."""
    return Choice(value > cap, cap, value)


def within(value: Formula, lowest: Formula, highest: Formula) -> Formula:
    """Return ``value``, or the bound that it exceeds; ``lowest`` must not be above ``highest``."""
    return Choice(value < lowest, lowest, Choice(value > highest, highest, value))
