"""Formulas: the same as Python's arithmetic, with SQL's NULL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.formula import (
    Choice,
    Column,
    Condition,
    Constant,
    Either,
    Formula,
    Missing,
    Value,
    at_least,
    at_most,
    ceiling,
    formula,
    half_up,
    within,
)

NAMES = ("cost", "before")
ROWS = st.fixed_dictionaries({name: st.none() | st.integers(-(10**6), 10**6) for name in NAMES})
NUMERATORS = st.integers(0, 10**20)
DENOMINATORS = st.integers(1, 10**12)
BOUNDS = st.none() | st.integers(-100, 100)

Row = Mapping[str, Value]


@dataclass(frozen=True)
class Twin:
    """A formula, and what it means in plain Python."""

    node: Formula
    value: Callable[[Row], Value]


@dataclass(frozen=True)
class TwinCondition:
    node: Condition
    holds: Callable[[Row], bool]


def _strictly(function: Callable[[int, int], int], left: Twin, right: Twin) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        first, second = left.value(row), right.value(row)
        return None if first is None or second is None else function(first, second)

    return value


def _compared(function: Callable[[int, int], bool], left: Twin, right: Twin) -> Callable[[Row], bool]:
    def holds(row: Row) -> bool:
        first, second = left.value(row), right.value(row)
        return first is not None and second is not None and function(first, second)

    return holds


def _conditions(twins: st.SearchStrategy[Twin]) -> st.SearchStrategy[TwinCondition]:
    pairs = st.tuples(twins, twins)
    simple = st.one_of(
        pairs.map(lambda p: TwinCondition(p[0].node < p[1].node, _compared(lambda a, b: a < b, *p))),
        pairs.map(lambda p: TwinCondition(p[0].node > p[1].node, _compared(lambda a, b: a > b, *p))),
        twins.map(lambda one: TwinCondition(Missing(one.node), lambda row: one.value(row) is None)),
    )
    both = st.tuples(simple, simple)
    return st.one_of(
        simple,
        both.map(lambda p: TwinCondition(p[0].node & p[1].node, lambda row: p[0].holds(row) and p[1].holds(row))),
        both.map(lambda p: TwinCondition(p[0].node | p[1].node, lambda row: p[0].holds(row) or p[1].holds(row))),
    )


def _bigger(twins: st.SearchStrategy[Twin]) -> st.SearchStrategy[Twin]:
    pairs = st.tuples(twins, twins)
    return st.one_of(
        pairs.map(lambda p: Twin(p[0].node + p[1].node, _strictly(lambda a, b: a + b, *p))),
        pairs.map(lambda p: Twin(p[0].node - p[1].node, _strictly(lambda a, b: a - b, *p))),
        pairs.map(lambda p: Twin(p[0].node * p[1].node, _strictly(lambda a, b: a * b, *p))),
        st.tuples(twins, st.integers(1, 1000)).map(
            lambda p: Twin(p[0].node // p[1], _strictly(lambda a, b: a // b, p[0], Twin(formula(p[1]), lambda _: p[1])))
        ),
        st.tuples(_conditions(twins), twins, twins).map(
            lambda p: Twin(
                Choice(p[0].node, p[1].node, p[2].node), lambda row: (p[1] if p[0].holds(row) else p[2]).value(row)
            )
        ),
    )


def _column(name: str) -> Twin:
    return Twin(Column(name), lambda row: row[name])


def _constant(value: int) -> Twin:
    return Twin(Constant(value), lambda _: value)


LEAVES = st.one_of(st.sampled_from(NAMES).map(_column), st.integers(-100, 100).map(_constant))
TWINS = st.recursive(LEAVES, _bigger, max_leaves=12)


@given(TWINS, ROWS)
def test_a_formula_gives_what_python_gives(twin: Twin, row: Row) -> None:
    assert twin.node.evaluate(row) == twin.value(row)


@given(_conditions(TWINS), ROWS)
def test_a_condition_holds_where_it_holds_in_python(twin: TwinCondition, row: Row) -> None:
    assert twin.node.holds(row) == twin.holds(row)


@pytest.mark.parametrize("node", [Column("cost") + 1, formula(3) - Column("cost"), Column("cost") * 0])
def test_null_makes_every_result_null(node: Formula) -> None:
    assert node.evaluate({"cost": None}) is None


def test_a_comparison_with_null_does_not_hold_either_way() -> None:
    row: Row = {"cost": None}
    smaller, larger = Column("cost") < 1, Column("cost") > 1
    assert not smaller.holds(row)
    assert not larger.holds(row)
    assert not Either(smaller, larger).holds(row)
    assert (smaller | Missing(Column("cost"))).holds(row)


@given(NUMERATORS, DENOMINATORS)
def test_half_up_and_ceiling_are_exact(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert half_up(formula(numerator), denominator).evaluate({}) == (exact + Fraction(1, 2)).__floor__()
    assert ceiling(formula(numerator), denominator).evaluate({}) == exact.__ceil__()


@given(st.integers(-100, 100), BOUNDS, BOUNDS)
def test_a_bound_that_is_null_does_not_bound(value: int, one: Value, other: Value) -> None:
    row: Row = {"cost": one, "before": other}
    low, high = Column("cost"), Column("before")
    assert at_least(formula(value), low).evaluate(row) == (value if one is None else max(value, one))
    assert at_most(formula(value), high).evaluate(row) == (value if other is None else min(value, other))
    if one is None or other is None or one <= other:
        kept = value if one is None else max(value, one)
        assert within(formula(value), low, high).evaluate(row) == (kept if other is None else min(kept, other))
