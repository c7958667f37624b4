"""A price list's rows as a person sees them, and what applies to each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from desktop_app.domain.formula import Value
from desktop_app.domain.pricing import PricePlan, SkipReason


@dataclass(frozen=True, slots=True)
class Rate:
    """One destination of a price list.

    Attributes:
        rate_id: ours.
        country: ISO 3166 alpha-2.
        mccmnc: None for the country's own row.
        network: the provider's name of the network, "" for a country.
        cost: micro-units in the list's currency, None when unknown or not convertible.
        unconverted: a cost exists, but no exchange rate into the list's currency.
        price: the row's own price in micro-units, None while it has none.
        manual: the price was set by hand.
        rule: the text of the rule that made the price, "" when there is none.
        provider_cost: micro-units in the provider's currency, None when unknown.
        provider_currency: of ``provider_cost``.
        former_rule: the rule that a price set by hand replaced and that the row can go back to, "" when there is none.
    """

    rate_id: int
    country: str
    mccmnc: str | None
    network: str
    cost: int | None
    unconverted: bool
    price: int | None
    manual: bool
    rule: str
    provider_cost: int | None = None
    provider_currency: str | None = None
    former_rule: str = ""


@dataclass(frozen=True, slots=True)
class EffectivePrice:
    """What applies to a destination within one list.

    Attributes:
        price: micro-units or None.
        manual: it was set by hand, here or on the country it is inherited from.
        rule: the rule's text, "".
        inherited: it comes from the country's row.
    """

    price: int | None
    manual: bool
    rule: str
    inherited: bool


NO_PRICE = EffectivePrice(None, manual=False, rule="", inherited=False)


def effective_price(own: Rate | None, country: Rate | None) -> EffectivePrice:
    """Return what applies: manual network, manual country, rule of the network, rule of the country (decisions.md 5)."""
    for row, manual, inherited in (
        (own, True, False),
        (country, True, True),
        (own, False, False),
        (country, False, True),
    ):
        if row is not None and row.price is not None and row.manual is manual:
            return EffectivePrice(row.price, row.manual, row.rule, inherited=inherited and own is not country)
    return NO_PRICE


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of a preview, or of a saved change: prices in micro-units."""

    country: str
    mccmnc: str | None
    cost: int | None
    before: int | None
    after: int | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that a change leaves alone, and why."""

    country: str
    mccmnc: str | None
    reason: SkipReason


def plan_rows(rates: Iterable[Rate], plan: PricePlan) -> tuple[list[PlannedRow], list[SkippedRow]]:
    """Return what ``plan`` does to ``rates`` (all rows of their countries): the changed rows and the skipped ones."""
    changed: list[PlannedRow] = []
    skipped: list[SkippedRow] = []
    for rate, values in planned_values(list(rates)):
        reason = plan.skip_reason(values)
        if reason is not None:
            skipped.append(SkippedRow(rate.country, rate.mccmnc, reason))
            continue
        notes = tuple(note.value for note in plan.notes_of(values))
        changed.append(PlannedRow(rate.country, rate.mccmnc, rate.cost, rate.price, plan.price(values), notes))
    return changed, skipped


def planned_values(rates: Sequence[Rate]) -> Iterator[tuple[Rate, dict[str, Value]]]:
    """Yield each row with the columns a plan's formulas speak of; ``rates`` are all rows of their countries."""
    by_hand = {rate.country for rate in rates if rate.mccmnc is None and rate.manual}
    for rate in rates:
        yield rate, plan_values(rate, inherits_manual=rate.mccmnc is not None and rate.country in by_hand)


def plan_values(rate: Rate, *, inherits_manual: bool) -> dict[str, Value]:
    """Return the columns a plan's formulas speak of."""
    return {
        "cost": rate.cost,
        "before": rate.price,
        "manual": int(rate.manual),
        "inherits_manual": int(inherits_manual),
        "unconverted": int(rate.unconverted),
    }
