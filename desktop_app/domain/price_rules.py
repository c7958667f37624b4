"""Price rules: how a price comes from a cost or from the price before, as a formula over one row of a price list.

Money is whole micro-units per segment, percents are whole hundredths of a percent ("25.00" = 2500).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.formula import Column, Formula, at_least, formula
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_PRICE_MICRO, micro_exact, micro_text
from desktop_app.domain.percents import MAX_PERCENT, WHOLE, parse_percent, percent_text

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
