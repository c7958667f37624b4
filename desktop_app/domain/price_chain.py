"""Which price applies to a destination, and why."""

from dataclasses import dataclass
from enum import StrEnum

from desktop_app.domain.formula import Value
from desktop_app.domain.price_plans import plan_prices
from desktop_app.domain.price_rules import PriceRule


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
