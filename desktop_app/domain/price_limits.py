"""What bounds the prices of a rule: the least profit, the largest change, and the grid that prices lie on."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.formula import Formula, ceiling, half_up
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_PRICE_MICRO, micro_exact, micro_text
from desktop_app.domain.percents import MAX_PERCENT


class Rounding(StrEnum):
    """Which way a price goes to the next step."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class PriceLimits:
    """What bounds a rule's result, applied in this order (ux.md 6.3).

    Attributes:
        min_profit: micro-units that must stay per segment, or None.
        cap: largest change against the price before, in hundredths of a percent, or None.
        step: micro-units of the step that prices are rounded to (1 = six decimals).
        rounding: which way.
        below: micro-units that a price lies below a multiple of the step: with a step of 0.0010, 0.0001 makes it end in 9.
    """

    min_profit: int | None = None
    cap: int | None = None
    step: int = 1
    rounding: Rounding = Rounding.NEAREST
    below: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.step <= MAX_PRICE_MICRO:
            raise InvalidInput(tr("The rounding step must be between 0.000001 and 100000."), fields={"round": ""})
        if not 0 <= self.below < self.step:
            raise InvalidInput(tr("A price ends within its rounding step."), fields={"round": ""})
        if self.min_profit is not None and not 0 <= self.min_profit <= MAX_PRICE_MICRO:
            raise InvalidInput(tr("The minimum profit must not be negative."), fields={"min_profit": ""})
        if self.cap is not None and not 0 <= self.cap <= MAX_PERCENT // 10:
            raise InvalidInput(tr("The cap must be between 0 and 10,000 %."), fields={"cap": ""})

    @property
    def standing_text(self) -> str:
        """What goes on bounding a rule that rows follow, for storage: the grid and the minimum profit; a cap is for one edit."""
        parts = []
        if self.step > 1:
            parts.append(f"{self.rounding.value} {micro_text(self.step)}")
        if self.below:
            parts.append(f"below {micro_text(self.below)}")
        if self.min_profit is not None:
            parts.append(f"min_profit {micro_text(self.min_profit)}")
        return "; ".join(parts)

    @classmethod
    def from_text(cls, text: str) -> "PriceLimits":
        """Return the limits that ``standing_text`` wrote."""
        parts = dict(part.split(" ") for part in text.split("; ") if part)
        values = {name: micro_exact(Decimal(value)) for name, value in parts.items()}
        rounding = next((way for way in Rounding if way.value in values), Rounding.NEAREST)
        return cls(
            min_profit=values.get("min_profit"), step=values.get(rounding.value, 1), rounding=rounding,
            below=values.get("below", 0),
        )  # fmt: skip

    def up(self, price: Formula) -> Formula:
        """Return the first price of the grid at or above ``price``, which must not be negative."""
        return self._lowered(ceiling(self._raised(price), self.step) * self.step)

    def down(self, price: Formula) -> Formula:
        """Return the last price of the grid at or below ``price``, which must not be negative."""
        return self._lowered(self._raised(price) // self.step * self.step)

    def to_grid(self, numerator: Formula, denominator: Formula) -> Formula:
        """Return a quotient on the grid, rounded once."""
        unit = denominator * self.step
        raised = numerator + denominator * self.below if self.below else numerator
        if self.rounding is Rounding.NEAREST:
            steps = half_up(raised, unit)
        elif self.rounding is Rounding.UP:
            steps = (raised + unit - 1) // unit
        else:
            steps = raised // unit
        return self._lowered(steps * self.step)

    def _raised(self, price: Formula) -> Formula:
        return price + self.below if self.below else price

    def _lowered(self, price: Formula) -> Formula:
        return price - self.below if self.below else price


NO_LIMITS: Final = PriceLimits()
