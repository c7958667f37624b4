"""Whole-number formulas that mean the same in Python and in SQL.

A price rule is written once, as a formula over the columns of a price row. The domain evaluates it row by row (preview,
tests), storage compiles the same tree to one SQL statement (a million rows at once). Only integers occur, divisions have
non-negative numerators and positive denominators, so floor, truncation and every database agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Value = int | None


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
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Formula):
    """A whole number."""

    value: int

    def evaluate(self, row: Mapping[str, Value]) -> Value:  # noqa: ARG002 - same for every row
        """Return the number."""
        return self.value


@dataclass(frozen=True, slots=True, eq=False)
class Column(Formula):
    """A column of the row."""

    name: str

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Return the row's value."""
        return row[self.name]


@dataclass(frozen=True, slots=True, eq=False)
class Binary(Formula):
    """An arithmetic operation."""

    operator: str
    left: Formula
    right: Formula

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Return the result, or None when an operand is None."""
        left, right = self.left.evaluate(row), self.right.evaluate(row)
        if left is None or right is None:
            return None
        if self.operator == "+":
            return left + right
        if self.operator == "-":
            return left - right
        return left * right if self.operator == "*" else left // right


class Condition:
    """Something that holds for a row or not; a comparison with NULL does not hold."""

    def __and__(self, other: "Condition") -> "Condition":
        return Both(self, other)

    def __or__(self, other: "Condition") -> "Condition":
        return Either(self, other)

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Return whether it holds for ``row``."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Condition):
    """``left`` is smaller ("<") or larger (">") than ``right``."""

    operator: str
    left: Formula
    right: Formula

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Return whether it holds for ``row``."""
        left, right = self.left.evaluate(row), self.right.evaluate(row)
        if left is None or right is None:
            return False
        return left < right if self.operator == "<" else left > right


@dataclass(frozen=True, slots=True, eq=False)
class Missing(Condition):
    """The value is NULL."""

    value: Formula

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Return whether it holds for ``row``."""
        return self.value.evaluate(row) is None


@dataclass(frozen=True, slots=True, eq=False)
class Both(Condition):
    """Both conditions hold."""

    left: Condition
    right: Condition

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Return whether it holds for ``row``."""
        return self.left.holds(row) and self.right.holds(row)


@dataclass(frozen=True, slots=True, eq=False)
class Either(Condition):
    """At least one condition holds."""

    left: Condition
    right: Condition

    def holds(self, row: Mapping[str, Value]) -> bool:
        """Return whether it holds for ``row``."""
        return self.left.holds(row) or self.right.holds(row)


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Formula):
    """``then`` where the condition holds, else ``otherwise``."""

    condition: Condition
    then: Formula
    otherwise: Formula

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Return the chosen branch's value."""
        return (self.then if self.condition.holds(row) else self.otherwise).evaluate(row)


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
