"""The plan of a bulk change: a rule and its limits as formulas over one row of a price list.

Preview, saving and reverting all use the plan, so they cannot differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop_app.domain.formula import (
    Choice,
    Condition,
    Formula,
    Missing,
    Shared,
    Table,
    Value,
    at_least,
    at_most,
    ceiling,
    formula,
    half_up,
    within,
)
from desktop_app.domain.money import MAX_PRICE_MICRO
from desktop_app.domain.percents import WHOLE
from desktop_app.domain.price_limits import NO_LIMITS, PriceLimits
from desktop_app.domain.price_rules import (
    BEFORE,
    COST,
    INHERITS_MANUAL,
    MANUAL,
    NEEDS_PRICE,
    UNCONVERTED,
    PriceRule,
    RuleKind,
)


class SkipReason(StrEnum):
    """Why a bulk change leaves a row alone."""

    MANUAL = "manual"
    INHERITS_MANUAL = "inherits_manual"
    NO_COST = "no_cost"
    NO_RATE = "no_rate"
    NO_PRICE = "no_price"
    NO_RULE = "no_rule"
    BELOW_COST = "below_cost"
    OUT_OF_RANGE = "out_of_range"
    EDITED_SINCE = "edited_since"


class Note(StrEnum):
    """What a limit did to a row."""

    MIN_PROFIT = "min_profit"
    CAPPED = "capped"
    BELOW_COST = "below_cost"


@dataclass(frozen=True, slots=True)
class PlanResult:
    """What a plan does to each row of a table.

    Attributes:
        reasons: why the row stays as it is, None where it changes.
        prices: the new price; meaningful where no reason holds, and for BELOW_COST: what it would be.
        notes: what the limits did; meaningful likewise.
    """

    reasons: tuple[SkipReason | None, ...]
    prices: Sequence[Value]
    notes: tuple[tuple[Note, ...], ...]


@dataclass(frozen=True, slots=True)
class PricePlan:
    """What a rule with its limits does to any row of a price list.

    Rows offer the columns ``cost`` (in the list's currency, or None), ``before`` (the row's own price or None), ``manual``,
    ``inherits_manual`` and ``unconverted`` (a cost exists, but no rate into the list's currency), each 0 or 1.

    Attributes:
        after: the new price, meaningful where no skip reason holds.
        skips: (reason, condition) in order; the first that holds decides.
        notes: (note, condition) for rows that are not skipped.
        fits_64_bits: whether a database may evaluate it.
    """

    after: Formula
    skips: tuple[tuple[SkipReason, Condition], ...]
    notes: tuple[tuple[Note, Condition], ...]
    fits_64_bits: bool

    def over(self, table: Table) -> PlanResult:
        """Return what it does to every row of ``table``."""
        reasons: list[SkipReason | None] = [None] * table.count
        for reason, condition in reversed(self.skips):
            for place, holds in enumerate(table.holds(condition)):
                if holds:
                    reasons[place] = reason
        notes: list[tuple[Note, ...]] = [()] * table.count
        for note, condition in self.notes:
            for place, holds in enumerate(table.holds(condition)):
                if holds:
                    notes[place] += (note,)
        return PlanResult(tuple(reasons), table.values(self.after), tuple(notes))

    def skip_reason(self, row: dict[str, Value]) -> SkipReason | None:
        """Return why ``row`` stays as it is, or None when it changes."""
        return next((reason for reason, condition in self.skips if condition.holds(row)), None)

    def price(self, row: dict[str, Value]) -> int:
        """Return the new price of a row that is not skipped."""
        value = self.after.evaluate(row)
        if value is None:
            raise ValueError("a row without a price was not skipped")
        return value

    def notes_of(self, row: dict[str, Value]) -> tuple[Note, ...]:
        """Return what the limits did to a row that is not skipped."""
        return tuple(note for note, condition in self.notes if condition.holds(row))


def plan_prices(rule: PriceRule, limits: PriceLimits = NO_LIMITS, *, include_manual: bool = False) -> PricePlan:
    """Return the plan of ``rule`` within ``limits``.

    Rounding happens once: a row that no limit changed is rounded from its exact value straight to the step.
    """
    numerator, denominator = rule.ratio()
    if rule.may_be_negative:
        # A negative result has no price; clamped here so that every division below floors the same way everywhere.
        numerator = at_least(numerator, formula(0))
    after = half_up(numerator, denominator)
    notes: list[tuple[Note, Condition]] = []
    if limits != NO_LIMITS:
        after, notes = _limited(numerator, denominator, after, limits)
    capped = next((condition for note, condition in notes if note is Note.CAPPED), None)
    notes.append((Note.BELOW_COST, after < COST))
    # Half up from a cost in whole millionths stays at or above it, a coarser step may not, and neither may a cap.
    safe = rule.keeps_cost and limits.step == 1 and capped is None
    skips = _skips(rule, after, capped, include_manual=include_manual, never_below_cost=safe)
    return PricePlan(after, skips, tuple(notes), rule.fits_64_bits)


def _limited(
    numerator: Formula, denominator: Formula, rounded: Formula, limits: PriceLimits
) -> tuple[Formula, list[tuple[Note, Condition]]]:
    """Return the price within the limits, and what they did."""
    notes: list[tuple[Note, Condition]] = []
    after: Formula = Shared("exact", rounded)
    exact = after
    if limits.min_profit is not None:
        floor = COST + limits.min_profit
        notes.append((Note.MIN_PROFIT, exact < floor))
        after = Shared("kept", at_least(exact, floor))
    if limits.cap is None:
        if limits.step > 1:
            after = Shared("after", _rounded(numerator, denominator, exact, after, limits))
        return after, notes
    lowest, highest = _cap_bounds(limits.cap)
    capped = (after < lowest) | (after > highest)
    after = Shared("bounded", within(after, lowest, highest))
    if limits.step > 1:
        after = Shared("stepped", _rounded(numerator, denominator, exact, after, limits))
        # The cap wins over the step too: what rounding carries out of its range goes to a step within it.
        capped |= (after < lowest) | (after > highest)
        down = limits.down(highest)
        up = at_most(limits.up(lowest), down)
        after = Shared("after", Choice(after < lowest, up, Choice(after > highest, down, after)))
    notes.append((Note.CAPPED, capped))
    return after, notes


def _cap_bounds(cap: int) -> tuple[Formula, Formula]:
    """Return the lowest and the highest price that a cap allows; a row without a price before has neither."""
    lowest = ceiling(BEFORE * max(0, WHOLE - cap), WHOLE)
    return Shared("lowest", lowest), Shared("highest", BEFORE * (WHOLE + cap) // WHOLE)


def _rounded(
    numerator: Formula, denominator: Formula, exact: Formula, limited: Formula, limits: PriceLimits
) -> Formula:
    unchanged = limits.to_grid(numerator, denominator)
    if limited is exact:
        return unchanged
    changed = limits.to_grid(limited, formula(1))
    after = Choice((limited < exact) | (limited > exact), changed, unchanged)
    if limits.min_profit is None:
        return after
    floor = COST + limits.min_profit
    on_grid = Shared("on_grid", after)
    # Rounding must not eat the minimum profit; a cap below it takes the price back afterwards.
    return Choice(on_grid < floor, limits.up(floor), on_grid)


def _skips(
    rule: PriceRule, after: Formula, capped: Condition | None, *, include_manual: bool, never_below_cost: bool
) -> tuple[tuple[SkipReason, Condition], ...]:
    skips: list[tuple[SkipReason, Condition]] = []
    if not include_manual:
        skips += [(SkipReason.MANUAL, MANUAL > 0), (SkipReason.INHERITS_MANUAL, INHERITS_MANUAL > 0)]
    skips += [(SkipReason.NO_RATE, UNCONVERTED > 0), (SkipReason.NO_COST, Missing(COST))]
    if rule.kind in NEEDS_PRICE:
        skips.append((SkipReason.NO_PRICE, Missing(BEFORE)))
    if rule.kind is RuleKind.RAISE_MARGIN:
        skips.append((SkipReason.OUT_OF_RANGE, COST * WHOLE - BEFORE * rule.value < 1))
    skips.append((SkipReason.OUT_OF_RANGE, after > MAX_PRICE_MICRO))
    if never_below_cost:
        return tuple(skips)
    skips.append((SkipReason.OUT_OF_RANGE, after < 1))
    # A row that becomes loss-making is left alone, and so is one that a cap keeps below its cost (decisions.md 6); another
    # that already lost money and improves may change (ux.md 6.3).
    refused = (BEFORE > COST - 1) | Missing(BEFORE) | (after < BEFORE)
    skips.append((SkipReason.BELOW_COST, (after < COST) & (refused if capped is None else refused | capped)))
    return tuple(skips)
