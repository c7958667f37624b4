"""What a person typed into a cell of the price table becomes a price, or a reason why not."""

from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.formula import Value
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_PRICE_MICRO, micro_exact, parse_price
from desktop_app.domain.pricing import PriceLimits, PriceRule, RuleKind, SkipReason, parse_percent, plan_prices
from desktop_app.views.formats import count_text
from desktop_app.views.models.price_columns import PER_SMS, Column, Unit, exact_percent, figure
from desktop_app.views.models.price_lines import PriceLine

TENFOLD: Final = 10
_KINDS: Final = {Column.MARGIN: RuleKind.MARGIN, Column.MARKUP: RuleKind.MARKUP}


class BelowCost(InvalidInput):
    """A price below the cost: refused unless a loss is allowed. ``price`` is in micro-units."""

    code = "below_cost"

    def __init__(self, price: int, cost: int, unit: Unit) -> None:
        text = figure(cost, unit)
        super().__init__(tr("Below cost {cost}. Enter {cost} or more, or allow a loss.", cost=text))
        self.price = price


def read_entry(text: str, line: PriceLine, column: Column, *, unit: Unit = PER_SMS, step: int = 100) -> int:
    """Return the sale price in micro-units that ``text`` gives a line.

    Args:
        text: as typed: a price, or a percent in the columns margin and markup.
        line: the row.
        column: where it was typed.
        unit: how prices are shown and typed.
        step: micro-units that a price computed from a percent is rounded to.

    Raises:
        BelowCost: the price is one, but below the cost.
        InvalidInput: it is none.
    """
    price = _of_percent(text, line, column, step) if column in _KINDS else _of_price(text, unit)
    if line.cost is not None and price < line.cost:
        raise BelowCost(price, line.cost, unit)
    return price


def entry_text(line: PriceLine, column: Column, unit: Unit) -> str:
    """Return what an editor begins with: the cell's value without signs; "" where there is none."""
    if column is Column.PRICE:
        return "" if line.price is None else figure(line.price, unit)
    return exact_percent(line, column).removesuffix("0")


def how_far(old: int | None, new: int) -> str:
    """Return what to ask when a price is ten times the old one or more, or a tenth of it or less; "" for any other."""
    if not old:
        return ""
    if new >= TENFOLD * old:
        times = new // old
        return (
            tr("Ten times the old price.")
            if times == TENFOLD
            else tr("{count} times the old price.", count=count_text(times))
        )
    if new * TENFOLD <= old:
        return tr("A tenth of the old price or less.")
    return ""


def _of_price(text: str, unit: Unit) -> int:
    micro = micro_exact(parse_price(text))
    if unit.sms > 1:
        micro, rest = divmod(micro, unit.sms)
        if rest:
            raise InvalidInput(tr("“{text}” has more than three decimals.", text=text.strip()[:40]))
    if not 0 < micro <= MAX_PRICE_MICRO:
        raise InvalidInput(tr("A price must be above 0 and at most 100,000."))
    return micro


def _of_percent(text: str, line: PriceLine, column: Column, step: int) -> int:
    if line.cost is None:
        raise InvalidInput(tr("Without a cost there is no {what}. Enter a sale price.", what=_what(column)))
    plan = plan_prices(PriceRule(_KINDS[column], parse_percent(text)), PriceLimits(step=step), include_manual=True)
    values: dict[str, Value] = {
        "cost": line.cost, "before": None, "manual": 0, "inherits_manual": 0, "unconverted": 0
    }  # fmt: skip
    if plan.skip_reason(values) not in (None, SkipReason.BELOW_COST):
        raise InvalidInput(tr("That {what} gives no price that can be sold.", what=_what(column)))
    return plan.price(values)


def _what(column: Column) -> str:
    return tr("margin") if column is Column.MARGIN else tr("markup")
