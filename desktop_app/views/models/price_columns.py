"""The columns of the price table: what each is called, shows, says and sorts by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import Any, Final

from desktop_app.domain.language import tr, trn
from desktop_app.domain.percents import margin_text, markup_text
from desktop_app.views.formats import DECIMALS, MISSING, count_text, currency_symbol, folded, percent_text, price_text
from desktop_app.views.models.price_lines import PriceLine

_LEAST_PER_THOUSAND: Final = 2
_THOUSAND: Final = 1_000


class Column(IntEnum):
    """The columns in their first order."""

    TICK = 0
    COUNTRY = 1
    PROVIDER = 2
    COST = 3
    PRICE = 4
    PROFIT = 5
    MARGIN = 6
    MARKUP = 7
    VOLUME = 8
    RULE = 9
    DIAL = 10
    MCC = 11
    OLD_COST = 12
    PROVIDER_COST = 13
    CURRENCY = 14
    STATE = 15
    LAST_CHANGE = 16
    CHANGED_BY = 17
    SENDER = 18
    DELIVERY = 19
    PER_THOUSAND = 20
    RULE_PRICE = 21


AMOUNTS: Final = (Column.COST, Column.PRICE, Column.PROFIT)
# Aligned on the decimal mark: the others have as many decimals as the one they are made of.
_LIKE: Final = {
    Column.OLD_COST: Column.COST, Column.PER_THOUSAND: Column.PRICE, Column.RULE_PRICE: Column.PRICE
}  # fmt: skip
ALIGNED: Final = frozenset({*AMOUNTS, *_LIKE})
PERCENTS: Final = frozenset({Column.MARGIN, Column.MARKUP})
NUMBERS: Final = frozenset({*ALIGNED, *PERCENTS, Column.VOLUME, Column.PROVIDER_COST, Column.DELIVERY})
_OF_COUNTRIES: Final = frozenset({Column.STATE, Column.PROVIDER, Column.VOLUME, Column.CURRENCY, Column.SENDER})
EDITABLE: Final = frozenset({Column.PRICE, *PERCENTS})
HIDDEN: Final = frozenset(Column) - frozenset(range(Column.TICK, Column.DIAL))
# What is read only while it is shown, sorted by or filtered by.
ON_DEMAND: Final = frozenset({Column.LAST_CHANGE, Column.CHANGED_BY, Column.SENDER, Column.DELIVERY, Column.RULE_PRICE})

SORT_KEYS: Final[Mapping[Column, Callable[[PriceLine], Any]]] = {
    Column.COUNTRY: attrgetter("sort_name"),
    Column.PROVIDER: attrgetter("provider"),
    Column.OLD_COST: attrgetter("old_cost"),
    Column.COST: attrgetter("cost"),
    Column.PRICE: attrgetter("price"),
    Column.PROFIT: attrgetter("profit"),
    Column.MARGIN: attrgetter("margin"),
    Column.MARKUP: attrgetter("markup"),
    Column.VOLUME: attrgetter("volume"),
    Column.RULE: lambda line: folded(line.rule),
    Column.DIAL: lambda line: line.dial or None,
    Column.MCC: lambda line: line.mccs or None,
    Column.PROVIDER_COST: attrgetter("provider_cost"),
    Column.CURRENCY: attrgetter("provider_currency"),
    Column.STATE: attrgetter("enabled"),
    Column.LAST_CHANGE: attrgetter("changed_at"),
    Column.CHANGED_BY: lambda line: folded(line.changed_by) or None,
    Column.SENDER: lambda line: line.sender or None,
    Column.DELIVERY: attrgetter("delivered"),
    Column.PER_THOUSAND: attrgetter("price"),
    Column.RULE_PRICE: attrgetter("by_rule"),
}


def title(column: Column) -> str:
    """Return what a column is called; the tick boxes have no heading."""
    return {
        Column.TICK: "",
        Column.COUNTRY: tr("Country"),
        Column.PROVIDER: tr("Provider"),
        Column.OLD_COST: tr("Old cost"),
        Column.COST: tr("Cost"),
        Column.PRICE: tr("Sale"),
        Column.PROFIT: tr("Profit"),
        Column.MARGIN: tr("Margin"),
        Column.MARKUP: tr("Markup"),
        Column.VOLUME: tr("30-day SMS"),
        Column.RULE: tr("Pricing rule"),
        Column.DIAL: tr("Dial code"),
        Column.MCC: tr("MCC"),
        Column.PROVIDER_COST: tr("Provider cost"),
        Column.CURRENCY: tr("Cost currency"),
        Column.STATE: tr("Status"),
        Column.LAST_CHANGE: tr("Last change"),
        Column.CHANGED_BY: tr("Changed by"),
        Column.SENDER: tr("Sender rule"),
        Column.DELIVERY: tr("Delivery rate"),
        Column.PER_THOUSAND: tr("Sale per 1,000"),
        Column.RULE_PRICE: tr("Sale by rule"),
    }[column]


def heading(column: Column, currency: str, *, moved: bool = False) -> str:
    """Return a column's heading with the symbol of the list's ``currency`` where it shows amounts.

    Args:
        column: the column.
        currency: of the list, "" while there is none.
        moved: the table shows what moved: the cost is the new one, the sale price the one of now.
    """
    text = _moved_title(column) if moved else title(column)
    return f"{text} {currency_symbol(currency)}" if column in ALIGNED and currency else text


def _moved_title(column: Column) -> str:
    if column is Column.COST:
        return tr("New cost")
    return tr("Sale now") if column is Column.PRICE else title(column)


@dataclass(frozen=True, slots=True)
class Unit:
    """How prices are shown.

    Attributes:
        sms: 1 for prices per SMS, 1000 for prices per 1,000.
        decimals: how many a price per SMS always shows.
    """

    sms: int = 1
    decimals: int = DECIMALS

    @property
    def base(self) -> int:
        """How many decimals a price always shows."""
        return self.decimals if self.sms == 1 else max(_LEAST_PER_THOUSAND, self.decimals - 3)

    def most(self, decimals: int) -> int:
        """Return how many decimals a column shows at most whose prices per SMS have so many."""
        return max(self.base, decimals if self.sms == 1 else decimals - 3)


PER_SMS: Final = Unit()


def unit_of(column: Column, unit: Unit) -> Unit:
    """Return how a column shows prices while the others show them as ``unit`` says."""
    return Unit(_THOUSAND, unit.decimals) if column is Column.PER_THOUSAND else unit


def like(column: Column) -> Column:
    """Return the amount whose decimals a column has: a column of AMOUNTS."""
    return _LIKE.get(column, column)


def figure(micro: int | None, unit: Unit = PER_SMS) -> str:
    """Return a price in micro-units per SMS as text for one SMS or for 1,000."""
    return price_text(micro if micro is None else micro * unit.sms, unit.base)


def cell_text(line: PriceLine, column: Column, unit: Unit) -> str:
    """Return what a cell shows."""
    if column is Column.PRICE and line.inherited:
        return tr("inherits")
    if line.is_network and column in _OF_COUNTRIES:
        return "" if column is not Column.VOLUME or not line.volume else value_text(line, column, unit)
    if column is Column.RULE and line.inherited:
        return ""
    return value_text(line, column, unit)


def value_text(line: PriceLine, column: Column, unit: Unit) -> str:
    """Return a cell's value in full, also where the cell itself only says that it is inherited."""
    match column:
        case _ if column in ALIGNED:
            return figure(amount(line, column), unit_of(column, unit))
        case Column.MARGIN:
            return percent_text(line.margin)
        case Column.MARKUP:
            return percent_text(line.markup)
        case Column.VOLUME:
            return MISSING if line.volume is None else count_text(line.volume)
        case Column.PROVIDER_COST:
            return figure(line.provider_cost, unit)
        case Column.DELIVERY:
            return percent_text(line.delivered)
        case Column.STATE:
            return tr("On") if line.enabled else tr("Off")
        case _:
            return _plain_text(line, column)


def _plain_text(line: PriceLine, column: Column) -> str:
    texts = {
        Column.TICK: "",
        Column.COUNTRY: line.name,
        Column.PROVIDER: line.provider or MISSING,
        Column.RULE: line.rule,
        Column.DIAL: line.dial,
        Column.MCC: line.mccs,
        Column.CURRENCY: line.provider_currency or MISSING,
        Column.LAST_CHANGE: line.changed or MISSING,
        Column.CHANGED_BY: line.changed_by or MISSING,
        Column.SENDER: line.sender or MISSING,
    }
    return texts[column]


def amount(line: PriceLine, column: Column) -> int | None:
    """Return what an aligned column shows of a line, in micro-units per SMS."""
    match column:
        case Column.COST:
            return line.cost
        case Column.OLD_COST:
            return line.old_cost
        case Column.PROFIT:
            return line.profit
        case Column.RULE_PRICE:
            return line.by_rule
        case _:
            return line.price


def exact_percent(line: PriceLine, column: Column) -> str:
    """Return a margin or markup with two decimals, as it is typed and copied; "" where there is none."""
    text = margin_text if column is Column.MARGIN else markup_text
    return text(line.price, line.cost) or ""


def spoken_text(
    line: PriceLine, column: Column, currency: str, unit: Unit, *, changed: bool, below_target: bool, unfolded: bool
) -> str:
    """Return what a screen reader says of a cell: whose, which column, the value with its unit, and its state.

    Args:
        line: the row.
        column: the column.
        currency: what the currency is called when it is spoken.
        unit: how prices are shown.
        changed: the price was edited and is not saved.
        below_target: the margin is below the target.
        unfolded: the networks of the country are shown.
    """
    if column is Column.COUNTRY:
        return _spoken_place(line, unfolded=unfolded)
    parts = [line.name]
    what = _SPOKEN_TITLES[column]() if column in _SPOKEN_TITLES else title(column)
    value = value_text(line, column, unit)
    if column in ALIGNED and value != MISSING:
        per = tr(" per 1,000") if unit.sms > 1 and column is not Column.PER_THOUSAND else ""
        value = f"{value} {currency}{per}"
    parts.append(f"{what} {value}".strip())
    if column is Column.PRICE and line.inherited:
        parts.append(tr("from the country"))
    if column in (Column.PRICE, Column.PROFIT, Column.MARGIN, Column.MARKUP):
        parts += [tr("below cost")] if line.is_loss else [tr("below target")] if below_target else []
    if changed and column in EDITABLE:
        parts.append(tr("changed, not saved"))
    if column is Column.COST and line.old_cost is not None:
        parts.append(tr("before {cost}", cost=figure(line.old_cost, unit)))
    return ", ".join(parts)


def _spoken_place(line: PriceLine, *, unfolded: bool) -> str:
    if line.is_network:
        return f"{line.name}, {line.code}"
    networks = trn("{count} network", "{count} networks", len(line.networks))
    off = [] if line.enabled else [tr("switched off")]
    return ", ".join([line.name, line.code, tr("unfolded") if unfolded else networks, *off])


_SPOKEN_TITLES: Final[Mapping[Column, Callable[[], str]]] = {
    Column.OLD_COST: lambda: tr("old cost"),
    Column.COST: lambda: tr("cost"),
    Column.PRICE: lambda: tr("sale price"),
    Column.PROFIT: lambda: tr("profit"),
    Column.MARGIN: lambda: tr("margin"),
    Column.MARKUP: lambda: tr("markup"),
}
