"""Compiles the domain's formulas to SQL: the same tree, evaluated by the database.

A comparison with NULL does not hold in the domain. In SQL it is NULL, which a CASE takes for "does not hold" but a WHERE
takes for "leave the row out": ``fails_sql`` is the exact opposite of a condition, for WHERE.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, literal_column, or_, select
from sqlalchemy.sql import Select

from desktop_app.domain.formula import (
    Binary,
    Both,
    Choice,
    Column,
    Comparison,
    Condition,
    Constant,
    Either,
    Formula,
    Missing,
    Shared,
)

Columns = Mapping[str, ColumnElement[int]]


def value_sql(node: Formula, columns: Columns) -> ColumnElement[int]:
    """Return ``node`` over ``columns`` (the formula's column names to SQL)."""
    if isinstance(node, Constant):
        return _number(node.value)
    if isinstance(node, (Column, Shared)):
        return columns[node.name]
    if isinstance(node, Choice):
        return case(
            (condition_sql(node.condition, columns), value_sql(node.then, columns)),
            else_=value_sql(node.otherwise, columns),
        )
    if isinstance(node, Binary):
        if not names(node):
            # PostgreSQL would multiply two small numbers in 32 bits, and fail.
            return _number(node.evaluate({}))
        left, right = value_sql(node.left, columns), value_sql(node.right, columns)
        if node.operator == "+":
            return left + right
        if node.operator == "-":
            return left - right
        return left * right if node.operator == "*" else left // right
    raise TypeError(f"unknown formula {type(node).__name__}")


def layered(
    rows: Select[Any], columns: Columns, nodes: Sequence[Formula | Condition]
) -> tuple[Select[Any], dict[str, ColumnElement[int]]]:
    """Return ``rows`` with a column for every formula that ``nodes`` share, and the columns to compile ``nodes`` over.

    A formula that needs another one's column stands in a query around it. So the statement grows with the number of formulas,
    not with how often they are used. The offset keeps a database from merging the queries, which would compute them each time.

    Args:
        rows: a query that offers every one of ``columns`` by its name, besides others.
        columns: the formulas' columns within ``rows``.
        nodes: what is to be compiled.
    """
    found = dict(columns)
    for level in _levels(nodes):
        inner = rows.offset(0).subquery()
        found = {name: inner.c[name] for name in found}
        added = {node.name: value_sql(node.formula, found) for node in level}
        rows = select(*inner.c, *(value.label(name) for name, value in added.items()))
        found |= {name: rows.selected_columns[name] for name in added}
    inner = rows.offset(0).subquery()
    return select(*inner.c), {name: inner.c[name] for name in found}


def is_shared(nodes: Sequence[Formula | Condition]) -> bool:
    """Return whether ``nodes`` hold shared formulas, and so need ``layered``."""
    return bool(_levels(nodes))


def _levels(nodes: Sequence[Formula | Condition]) -> list[list[Shared]]:
    """Return the shared formulas, those without need of others first."""
    depths: dict[Shared, int] = {}

    def depth(node: Formula | Condition) -> int:
        if isinstance(node, Shared):
            if node not in depths:
                depths[node] = 1 + depth(node.formula)
            return depths[node]
        return max(map(depth, _parts(node)), default=0)

    deepest = max(map(depth, nodes), default=0)
    return [[node for node, own in depths.items() if own == level] for level in range(1, deepest + 1)]


def _parts(node: Formula | Condition) -> Iterator[Formula | Condition]:
    if isinstance(node, (Binary, Comparison, Both, Either)):
        yield from (node.left, node.right)
    elif isinstance(node, Choice):
        yield from (node.condition, node.then, node.otherwise)
    elif isinstance(node, Missing):
        yield node.value


def _number(value: int | None) -> ColumnElement[int]:
    # Inlined, so that no driver guesses a narrower type for it; it is a whole number by construction.
    if value is None:
        raise TypeError("a formula without columns has a value")
    return literal_column(f"({value:d})" if value < 0 else f"{value:d}", BigInteger)


def condition_sql(node: Condition, columns: Columns) -> ColumnElement[bool]:
    """Return ``node`` over ``columns``; NULL where it does not hold, so it belongs into a CASE."""
    if isinstance(node, Comparison):
        left, right = value_sql(node.left, columns), value_sql(node.right, columns)
        return left < right if node.operator == "<" else left > right
    if isinstance(node, Missing):
        return value_sql(node.value, columns).is_(None)
    if isinstance(node, Both):
        return and_(condition_sql(node.left, columns), condition_sql(node.right, columns))
    if isinstance(node, Either):
        return or_(condition_sql(node.left, columns), condition_sql(node.right, columns))
    raise TypeError(f"unknown condition {type(node).__name__}")


def fails_sql(node: Condition, columns: Columns, nullable: frozenset[str]) -> ColumnElement[bool]:
    """Return that ``node`` does not hold; ``nullable`` names the columns that may be NULL."""
    if isinstance(node, Comparison):
        left, right = value_sql(node.left, columns), value_sql(node.right, columns)
        opposite = left >= right if node.operator == "<" else left <= right
        if (names(node.left) | names(node.right)) & nullable:
            return or_(opposite, left.is_(None), right.is_(None))
        return opposite
    if isinstance(node, Missing):
        return value_sql(node.value, columns).is_not(None)
    if isinstance(node, Both):
        return or_(fails_sql(node.left, columns, nullable), fails_sql(node.right, columns, nullable))
    if isinstance(node, Either):
        return and_(fails_sql(node.left, columns, nullable), fails_sql(node.right, columns, nullable))
    raise TypeError(f"unknown condition {type(node).__name__}")


def names(node: Formula) -> frozenset[str]:
    """Return the columns a formula speaks of."""
    if isinstance(node, Column):
        return frozenset({node.name})
    if isinstance(node, Shared):
        return names(node.formula)
    if isinstance(node, Binary):
        return names(node.left) | names(node.right)
    if isinstance(node, Choice):
        return condition_names(node.condition) | names(node.then) | names(node.otherwise)
    return frozenset()


def condition_names(node: Condition) -> frozenset[str]:
    """Return the columns a condition speaks of."""
    if isinstance(node, Comparison):
        return names(node.left) | names(node.right)
    if isinstance(node, Missing):
        return names(node.value)
    if isinstance(node, (Both, Either)):
        return condition_names(node.left) | condition_names(node.right)
    raise TypeError(f"unknown condition {type(node).__name__}")
