"""Prices: rules, limits, the plan of a bulk change, and which price applies.

Money here is whole micro-units per segment, percents are whole hundredths of a percent ("25.00" = 2500). A plan is a set of
formulas over one row of a price list; preview, saving and reverting all use it, so they cannot differ.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.formula import (
    Choice,
    Column,
    Condition,
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
from desktop_app.domain.language import tr
from desktop_app.domain.money import EXACT, MAX_PRICE_MICRO, micro_exact, micro_text

WHOLE: Final = 10_000
MAX_PERCENT: Final = 10_000_000
_PERCENT: Final = re.compile(r"([+-]?)(\d{1,7})(?:[.,](\d{1,2}))?")

COST: Final = Column("cost")
BEFORE: Final = Column("before")
MANUAL: Final = Column("manual")
INHERITS_MANUAL: Final = Column("inherits_manual")
UNCONVERTED: Final = Column("unconverted")


class RuleKind(StrEnum):
    """How a rule makes a price from a cost or from the price before."""

    MARKUP = "markup"
    MARGIN = "margin"
    RAISE_MARKUP = "raise_markup"
    RAISE_MARGIN = "raise_margin"
    CHANGE_PERCENT = "change_percent"
    CHANGE_AMOUNT = "change_amount"
    SET_PRICE = "set_price"
    PROFIT = "profit"


PERCENT_RULES: Final = frozenset(
    {RuleKind.MARKUP, RuleKind.MARGIN, RuleKind.RAISE_MARKUP, RuleKind.RAISE_MARGIN, RuleKind.CHANGE_PERCENT}
)
NEEDS_PRICE: Final = frozenset(
    {RuleKind.RAISE_MARKUP, RuleKind.RAISE_MARGIN, RuleKind.CHANGE_PERCENT, RuleKind.CHANGE_AMOUNT}
)


class SkipReason(StrEnum):
    """Why a bulk change leaves a row alone."""

    MANUAL = "manual"
    INHERITS_MANUAL = "inherits_manual"
    NO_COST = "no_cost"
    NO_RATE = "no_rate"
    NO_PRICE = "no_price"
    BELOW_COST = "below_cost"
    OUT_OF_RANGE = "out_of_range"
    EDITED_SINCE = "edited_since"


class Note(StrEnum):
    """What a limit did to a row."""

    MIN_PROFIT = "min_profit"
    CAPPED = "capped"
    BELOW_COST = "below_cost"


class Rounding(StrEnum):
    """Which way a price goes to the next step."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


def parse_percent(text: str) -> int:
    """Return the percent in ``text`` ("25", "-3.5", "12,25 %") in hundredths of a percent.

    Raises:
        InvalidInput: when it is no percent, has more than two decimals, or is beyond ±100,000 %.
    """
    match = _PERCENT.fullmatch(text.strip().removesuffix("%").strip().replace("\u2212", "-"))
    if match is None or not match.group(2).isascii() or not (match.group(3) or "").isascii():
        raise InvalidInput(
            tr("“{text}” is not a percentage. Use at most two decimals, like 12.50.", text=text.strip()[:40])
        )
    sign, whole, fraction = match.groups()
    value = int(whole) * 100 + int((fraction or "").ljust(2, "0"))
    if value > MAX_PERCENT:
        raise InvalidInput(tr("{text} % is out of range.", text=text.strip()[:40]))
    return -value if sign == "-" else value


def percent_text(value: int) -> str:
    """Return hundredths of a percent as text with two decimals: 2500 -> "25.00"."""
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"


def _ratio_percent(part: int, whole: int) -> str | None:
    if whole <= 0:
        return None
    exact = EXACT.divide(Decimal(part * 100), Decimal(whole))
    # "plus" makes a negative zero plain: nobody reads "-0.00" as a loss.
    return str(EXACT.plus(exact.quantize(Decimal("0.01"), ROUND_HALF_UP, EXACT)))


def margin_text(price: int | None, cost: int | None) -> str | None:
    """Return profit / price as a percent with two decimals, or None where either is missing."""
    return None if price is None or cost is None else _ratio_percent(price - cost, price)


def markup_text(price: int | None, cost: int | None) -> str | None:
    """Return profit / cost as a percent with two decimals, or None where either is missing."""
    return None if price is None or cost is None else _ratio_percent(price - cost, cost)


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One sentence of the bulk editor.

    Attributes:
        kind: how.
        value: hundredths of a percent for the percent rules, micro-units for the others.
    """

    kind: RuleKind
    value: int

    def __post_init__(self) -> None:
        if self.kind is RuleKind.MARGIN and self.value >= WHOLE:
            raise InvalidInput(
                tr("Margin must be below 100 %. For double the cost use markup 100 %."), fields={"margin": ""}
            )
        if self.kind is RuleKind.MARKUP and self.value <= -WHOLE:
            raise InvalidInput(tr("Markup must be above -100 %."), fields={"markup": ""})
        bound = MAX_PERCENT if self.kind in PERCENT_RULES else MAX_PRICE_MICRO
        if abs(self.value) > bound:
            raise InvalidInput(tr("The rule's value is out of range."), fields={"rule": ""})

    @property
    def text(self) -> str:
        """The rule for a person and for storage: "markup 25.00"."""
        value = percent_text(self.value) if self.kind in PERCENT_RULES else micro_text(self.value)
        return f"{self.kind.value} {value}"

    @classmethod
    def from_text(cls, text: str) -> "PriceRule":
        """Return the rule that ``text`` property wrote."""
        kind_text, _, value_text = text.partition(" ")
        kind = RuleKind(kind_text)
        percent = kind in PERCENT_RULES
        return cls(kind, parse_percent(value_text) if percent else micro_exact(Decimal(value_text)))

    @property
    def fits_64_bits(self) -> bool:
        """Whether every intermediate result fits a database integer for prices up to the limit."""
        return self.kind is not RuleKind.RAISE_MARGIN

    @property
    def may_be_negative(self) -> bool:
        """Whether the exact price can come out below 0."""
        return self.kind not in (RuleKind.MARKUP, RuleKind.MARGIN, RuleKind.RAISE_MARGIN)

    @property
    def keeps_cost(self) -> bool:
        """Whether the rule alone never gives less than the cost."""
        return self.kind in (RuleKind.MARKUP, RuleKind.MARGIN, RuleKind.PROFIT) and self.value >= 0

    def ratio(self) -> tuple[Formula, Formula]:
        """Return (numerator, denominator) of the exact price; the denominator is positive."""
        value = self.value
        if self.kind is RuleKind.MARKUP:
            return COST * (WHOLE + value), formula(WHOLE)
        if self.kind is RuleKind.MARGIN:
            return COST * WHOLE, formula(WHOLE - value)
        if self.kind is RuleKind.RAISE_MARKUP:
            return BEFORE * WHOLE + COST * value, formula(WHOLE)
        if self.kind is RuleKind.RAISE_MARGIN:
            # margin' = (p - c)/p + v  =>  price' = c / (1 - margin') = c p / (c - v p); a denominator of 0 or less has no price
            denominator = COST * WHOLE - BEFORE * value
            return COST * BEFORE * WHOLE, at_least(denominator, formula(1))
        if self.kind is RuleKind.CHANGE_PERCENT:
            return BEFORE * (WHOLE + value), formula(WHOLE)
        if self.kind is RuleKind.CHANGE_AMOUNT:
            return BEFORE + value, formula(1)
        if self.kind is RuleKind.PROFIT:
            return COST + value, formula(1)
        return formula(value), formula(1)


@dataclass(frozen=True, slots=True)
class PriceLimits:
    """What bounds a rule's result, applied in this order (ux.md 6.3).

    Attributes:
        min_profit: micro-units that must stay per segment, or None.
        cap: largest change against the price before, in hundredths of a percent, or None.
        step: micro-units of the step that prices are rounded to (1 = six decimals).
        rounding: which way.
    """

    min_profit: int | None = None
    cap: int | None = None
    step: int = 1
    rounding: Rounding = Rounding.NEAREST

    def __post_init__(self) -> None:
        if not 1 <= self.step <= MAX_PRICE_MICRO:
            raise InvalidInput(tr("The rounding step must be between 0.000001 and 100000."), fields={"round": ""})
        if self.min_profit is not None and not 0 <= self.min_profit <= MAX_PRICE_MICRO:
            raise InvalidInput(tr("The minimum profit must not be negative."), fields={"min_profit": ""})
        if self.cap is not None and not 0 <= self.cap <= MAX_PERCENT // 10:
            raise InvalidInput(tr("The cap must be between 0 and 10,000 %."), fields={"cap": ""})


NO_LIMITS: Final = PriceLimits()


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


def _to_step(numerator: Formula, denominator: Formula, limits: PriceLimits) -> Formula:
    unit = denominator * limits.step
    if limits.rounding is Rounding.NEAREST:
        return half_up(numerator, unit) * limits.step
    if limits.rounding is Rounding.UP:
        return (numerator + unit - 1) // unit * limits.step
    return numerator // unit * limits.step


def plan_prices(rule: PriceRule, limits: PriceLimits = NO_LIMITS, *, include_manual: bool = False) -> PricePlan:
    """Return the plan of ``rule`` within ``limits``.

    Rounding happens once: a row that no limit changed is rounded from its exact value straight to the step.
    """
    numerator, denominator = rule.ratio()
    if rule.may_be_negative:
        # A negative result has no price; clamped here so that every division below floors the same way everywhere.
        numerator = at_least(numerator, formula(0))
    after = exact = half_up(numerator, denominator)
    notes = []
    if limits.min_profit is not None:
        floor = COST + limits.min_profit
        notes.append((Note.MIN_PROFIT, exact < floor))
        after = at_least(exact, floor)
    if limits.cap is None:
        after = after if limits.step == 1 else _rounded(numerator, denominator, exact, after, limits)
    else:
        lowest, highest = _cap_bounds(limits.cap)
        capped = (after < lowest) | (after > highest)
        after = within(after, lowest, highest)
        if limits.step > 1:
            after = _rounded(numerator, denominator, exact, after, limits)
            # The cap wins over the step too: what rounding carries out of its range goes to a step within it.
            capped |= (after < lowest) | (after > highest)
            down = highest // limits.step * limits.step
            up = at_most(ceiling(lowest, limits.step) * limits.step, down)
            after = Choice(after < lowest, up, Choice(after > highest, down, after))
        notes.append((Note.CAPPED, capped))
    notes.append((Note.BELOW_COST, after < COST))
    # Half up from a cost in whole millionths stays at or above it, a coarser step may not. A cap leaves only those prices
    # below cost that were lower still.
    safe = rule.keeps_cost and limits.step == 1
    skips = _skips(rule, after, include_manual=include_manual, never_below_cost=safe)
    return PricePlan(after, skips, tuple(notes), rule.fits_64_bits)


def _cap_bounds(cap: int) -> tuple[Formula, Formula]:
    """Return the lowest and the highest price that a cap allows; a row without a price before has neither."""
    return ceiling(BEFORE * max(0, WHOLE - cap), WHOLE), BEFORE * (WHOLE + cap) // WHOLE


def _rounded(
    numerator: Formula, denominator: Formula, exact: Formula, limited: Formula, limits: PriceLimits
) -> Formula:
    unchanged = _to_step(numerator, denominator, limits)
    changed = _to_step(limited, formula(1), limits)
    after = Choice((limited < exact) | (limited > exact), changed, unchanged)
    if limits.min_profit is None:
        return after
    floor = COST + limits.min_profit
    # Rounding must not eat the minimum profit; a cap below it takes the price back afterwards.
    return Choice(after < floor, ceiling(floor, limits.step) * limits.step, after)


def _skips(
    rule: PriceRule, after: Formula, *, include_manual: bool, never_below_cost: bool
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
    # A row that becomes loss-making is left alone; one that already lost money and improves may change (ux.md 6.3).
    becomes_loss = (after < COST) & ((BEFORE > COST - 1) | Missing(BEFORE) | (after < BEFORE))
    skips.append((SkipReason.BELOW_COST, becomes_loss))
    return tuple(skips)


class PriceSource(StrEnum):
    """Where an applying price comes from, strongest first (decisions.md 5)."""

    CLIENT_NETWORK = "client_network"
    CLIENT_COUNTRY = "client_country"
    MANUAL_NETWORK = "manual_network"
    MANUAL_COUNTRY = "manual_country"
    RULE_NETWORK = "rule_network"
    RULE_COUNTRY = "rule_country"
    RULE_REGION = "rule_region"
    RULE_DEFAULT = "rule_default"


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A row's own price in a price list.

    Attributes:
        price: micro-units, or None while the row has none.
        manual: set by hand, else made by a rule.
        rule: the rule's text, "" for a manual price.
    """

    price: int | None
    manual: bool
    rule: str = ""


@dataclass(frozen=True, slots=True)
class PriceLevel:
    """What one price list says about a destination: the network's row, the country's row, and its standing rules."""

    list_name: str
    network: ListedPrice | None = None
    country: ListedPrice | None = None
    region_rule: PriceRule | None = None
    default_rule: PriceRule | None = None


@dataclass(frozen=True, slots=True)
class AppliedPrice:
    """The price that applies and why.

    Attributes:
        price: micro-units per segment.
        source: the level it comes from.
        list_name: the price list, "" for a client special.
        rule: the rule's text, "" when set by hand.
        passed_over: weaker (source, list name, price) that would have applied otherwise, strongest first.
    """

    price: int
    source: PriceSource
    list_name: str
    rule: str = ""
    passed_over: tuple[tuple[PriceSource, str, int], ...] = ()


def resolve_price(
    levels: tuple[PriceLevel, ...],
    cost: int | None,
    *,
    client_network: int | None = None,
    client_country: int | None = None,
) -> AppliedPrice | None:
    """Return the price that applies to a destination, or None: without a price nothing is sold.

    Args:
        levels: the client's price list, then its parent, and so on.
        cost: micro-units in the list's currency, for standing rules; None when unknown.
        client_network: the client's special price for the network.
        client_country: the client's special price for the country.
    """
    found: list[AppliedPrice] = []
    if client_network is not None:
        found.append(AppliedPrice(client_network, PriceSource.CLIENT_NETWORK, ""))
    if client_country is not None:
        found.append(AppliedPrice(client_country, PriceSource.CLIENT_COUNTRY, ""))
    for level in levels:
        found += _of_level(level, cost)
    if not found:
        return None
    best, rest = found[0], found[1:]
    passed_over = tuple((weaker.source, weaker.list_name, weaker.price) for weaker in rest)
    return AppliedPrice(best.price, best.source, best.list_name, best.rule, passed_over)


def _of_level(level: PriceLevel, cost: int | None) -> list[AppliedPrice]:
    found = []
    rows = (
        (level.network, True, PriceSource.MANUAL_NETWORK),
        (level.country, True, PriceSource.MANUAL_COUNTRY),
        (level.network, False, PriceSource.RULE_NETWORK),
        (level.country, False, PriceSource.RULE_COUNTRY),
    )
    for row, manual, source in rows:
        if row is not None and row.price is not None and row.manual is manual:
            found.append(AppliedPrice(row.price, source, level.list_name, row.rule))
    standing = ((level.region_rule, PriceSource.RULE_REGION), (level.default_rule, PriceSource.RULE_DEFAULT))
    for rule, source in standing:
        if rule is not None and cost is not None:
            row_values: dict[str, Value] = {
                "cost": cost, "before": None, "manual": 0, "inherits_manual": 0, "unconverted": 0,
            }  # fmt: skip
            plan = plan_prices(rule)
            if plan.skip_reason(row_values) is None:
                found.append(AppliedPrice(plan.price(row_values), source, level.list_name, rule.text))
    return found
