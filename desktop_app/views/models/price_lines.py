"""The lines of the price table as immutable values, made in the data lane: nothing is computed while the table paints."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from desktop_app.domain.percents import cut_margin, cut_markup, tenths
from desktop_app.services.pricing import CountryCost

_MCC_DIGITS: Final = 3
# Between words and before codes; nobody can type them.
WORD: Final = "\n"
CODE: Final = "\x1f"


class QuickFilter(StrEnum):
    """The chips above the table; their words stand in addresses."""

    ALL = "all"
    LOSS = "loss"
    TARGET = "target"
    COST = "cost"
    MISSED = "not_updated"
    MANUAL = "manual"
    UNPRICED = "unpriced"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A country or a network of the price table.

    Attributes:
        key: "DE" for a country, "DE/26201" for a network; unique.
        iso: ISO 3166 alpha-2.
        mccmnc: None for a country.
        name: the country's name in the person's language, or the network's.
        code: the ISO code, or the network's MCC/MNC.
        dial: the country's calling code with "+", "" for a network.
        cost: micro-units in the list's currency, None when unknown.
        price: micro-units that apply, None when nothing is sold.
        own: the row's own price in micro-units, None when it inherits or has none.
        margin: profit of the price, in hundredths of a percent, cut off.
        markup: profit on the cost, likewise.
        rule: what made the price, for a person; "" when nothing did.
        manual: the price was set by hand.
        inherited: it comes from the country's row.
        enabled: the country is switched on.
        provider: who the cost comes from, "" when nobody lists it.
        provider_cost: micro-units in the provider's currency.
        provider_currency: of ``provider_cost``, "" without one.
        old_cost: micro-units before the cost changed, None when it did not.
        rule_price: what a price set by hand would be by its rule, None when there is no rule to go back to.
        volume: billed segments of the last 30 days, None while that is not counted.
        changed_at: when its own price was changed last, None when that is not known or not read.
        changed: the same for a person.
        changed_by: by whom, "".
        delivered: hundredths of a percent of its reported messages of 30 days that arrived, None when not known or not read.
        sender: what its phones show, for a person; "" when not read.
        by_rule: micro-units that its rule makes of the cost that moved, None when there is nothing to say.
        missed: the last sync failed before it came to the country: the cost is one from before.
        sort_name: the name for comparing.
        words: folded names, each on a line of its own: what a typed text may be part of.
        codes: what a typed text may be the start of, each behind a mark.
        networks: a country's networks.
    """

    key: str
    iso: str
    mccmnc: str | None
    name: str
    code: str
    dial: str
    cost: int | None
    price: int | None
    own: int | None
    margin: int | None
    markup: int | None
    rule: str
    manual: bool
    inherited: bool
    enabled: bool
    provider: str
    provider_cost: int | None
    provider_currency: str
    old_cost: int | None
    rule_price: int | None
    volume: int | None
    sort_name: str
    words: str
    codes: str
    networks: "tuple[PriceLine, ...]" = field(default=())
    changed_at: datetime | None = None
    changed: str = ""
    changed_by: str = ""
    delivered: int | None = None
    sender: str = ""
    by_rule: int | None = None
    missed: bool = False

    @property
    def is_network(self) -> bool:
        """Whether it is a network under its country."""
        return self.mccmnc is not None

    @property
    def profit(self) -> int | None:
        """Price less cost, in micro-units."""
        return None if self.price is None or self.cost is None else self.price - self.cost

    @property
    def is_loss(self) -> bool:
        """Whether it is sold below its cost."""
        return self.price is not None and self.cost is not None and self.price < self.cost

    @property
    def own_manual(self) -> bool:
        """Whether the row itself holds a price set by hand."""
        return self.manual and not self.inherited

    @property
    def mccs(self) -> str:
        """The mobile country codes of a country's networks, or the network's own."""
        if self.mccmnc is not None:
            return self.mccmnc[:_MCC_DIGITS]
        return ", ".join(sorted({network.code[:_MCC_DIGITS] for network in self.networks}))

    def matches(self, text: str) -> bool:
        """Return whether the folded ``text`` names it: part of a name, or the start of a code."""
        return text in self.words or CODE + text in self.codes

    def priced(self, price: int | None, rule: str, *, manual: bool, inherited: bool) -> "PriceLine":
        """Return the line with another price and what follows from it."""
        return replace(
            self, price=price, own=None if inherited else price, margin=cut_margin(price, self.cost),
            markup=cut_markup(price, self.cost), rule=rule, manual=manual, inherited=inherited,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriceSheet:
    """Everything the Prices screen shows; ``make_sheet`` makes one.

    Attributes:
        countries: the lines by name, networks within them.
        currency: of the standard list.
        provider: the default provider's name, None before the first.
        synced_at: when its costs were pulled last, or None.
        target: hundredths of a percent of margin that every country should have.
        shows_markup: the team looks at markup instead of margin.
        step: micro-units that computed prices are rounded to.
        decimals: how many decimals a price per SMS always shows.
        most: how many decimals the (costs, prices, profits) have at most.
        counts: how many countries each chip selects.
        spoken_currency: what a screen reader calls the currency ("euro").
        stale: the costs are older than a day.
        elsewhere: what other providers ask for a country, by its ISO code.
        currencies: of the provider's costs.
        has_volumes: something was sent in the last 30 days.
        follows: prices that a rule made follow their costs by themselves.
        fallen: names of rows whose price was set by hand and fell below the target when their cost moved.
    """

    countries: tuple[PriceLine, ...]
    currency: str
    provider: str | None
    synced_at: datetime | None
    target: int = 2500
    shows_markup: bool = False
    step: int = 100
    decimals: int = 4
    most: tuple[int, int, int] = (0, 0, 0)
    counts: Mapping[QuickFilter, int] = field(default_factory=lambda: MappingProxyType({}))
    spoken_currency: str = ""
    stale: bool = False
    elsewhere: Mapping[str, tuple[CountryCost, ...]] = field(default_factory=lambda: MappingProxyType({}))
    currencies: tuple[str, ...] = ()
    has_volumes: bool = False
    follows: bool = False
    fallen: tuple[str, ...] = ()

    @property
    def network_count(self) -> int:
        """How many networks there are in all countries."""
        return sum(len(country.networks) for country in self.countries)

    def find(self, key: str) -> PriceLine | None:
        """Return the line with a key, None when there is none."""
        iso = key.partition("/")[0]
        country = next((one for one in self.countries if one.iso == iso), None)
        if country is None or country.key == key:
            return country
        return next((one for one in country.networks if one.key == key), None)


def make_sheet(countries: Sequence[PriceLine], sheet: PriceSheet) -> PriceSheet:
    """Return ``sheet`` with other countries, and counted anew."""
    return replace(
        sheet, countries=tuple(countries), most=_most_decimals(countries), counts=_counts(countries, sheet.target),
        currencies=tuple(sorted({line.provider_currency for line in countries if line.provider_currency})),
        has_volumes=any(line.volume for line in countries),
        fallen=tuple(line.name for line in all_lines(countries) if line.old_cost is not None and _fell(line, sheet.target)),
    )  # fmt: skip


def selects(quick: QuickFilter, line: PriceLine, target: int) -> bool:
    """Return whether a chip selects a country: the country itself, or for what concerns money one of its networks."""
    match quick:
        case QuickFilter.ALL:
            return True
        case QuickFilter.LOSS:
            return line.is_loss or any(network.is_loss for network in line.networks)
        case QuickFilter.TARGET:
            return _below(line, target) or any(_below(network, target) for network in line.networks)
        case QuickFilter.COST:
            return line.old_cost is not None or any(network.old_cost is not None for network in line.networks)
        case QuickFilter.MISSED:
            return line.missed
        case QuickFilter.MANUAL:
            return line.manual or any(network.manual for network in line.networks)
        case QuickFilter.UNPRICED:
            return line.price is None
        case QuickFilter.OFF:
            return not line.enabled


def is_below_target(line: PriceLine, target: int) -> bool:
    """Return whether a line earns something, but less than the target."""
    return _below(line, target)


def all_lines(countries: Iterable[PriceLine]) -> list[PriceLine]:
    """Return every country, its networks after it."""
    return [line for country in countries for line in (country, *country.networks)]


def _below(line: PriceLine, target: int) -> bool:
    # Compared as it is shown, with one decimal: nobody is to see "25.0%" marked as below 25%.
    return line.margin is not None and not line.is_loss and tenths(line.margin) < tenths(target)


def _fell(line: PriceLine, target: int) -> bool:
    """Return whether a row's own price set by hand earned the target before its cost moved, and does not any more."""
    before = cut_margin(line.price, line.old_cost)
    if not line.own_manual or line.margin is None or before is None:
        return False
    return tenths(before) >= tenths(target) > tenths(line.margin)


def _counts(countries: Sequence[PriceLine], target: int) -> Mapping[QuickFilter, int]:
    found = Counter(quick for line in countries for quick in QuickFilter if selects(quick, line, target))
    return MappingProxyType({quick: found[quick] for quick in QuickFilter})


def _most_decimals(countries: Sequence[PriceLine]) -> tuple[int, int, int]:
    lines = all_lines(countries)
    return (
        max((decimals_of(line.cost) for line in lines), default=0),
        max((decimals_of(line.price) for line in lines), default=0),
        max((decimals_of(line.profit) for line in lines), default=0),
    )


def decimals_of(micro: int | None) -> int:
    """Return how many decimals a price in micro-units has, trailing zeros left out."""
    if not micro:
        return 0
    fraction = f"{abs(micro) % 1_000_000:06d}".rstrip("0")
    return len(fraction)
