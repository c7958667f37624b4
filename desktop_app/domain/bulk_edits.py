"""What a bulk edit does to each row of a price list: the plan of its rule, and what the person decided about single rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.formula import Table, Value
from desktop_app.domain.money import MAX_PRICE_MICRO
from desktop_app.domain.pace import paced
from desktop_app.domain.percents import ratio_percent
from desktop_app.domain.price_limits import NO_LIMITS, PriceLimits
from desktop_app.domain.price_plans import Note, PlanResult, PricePlan, SkipReason, plan_prices
from desktop_app.domain.price_rules import NEEDS_PRICE, PriceRule, RuleKind
from desktop_app.domain.rates import Rate, planned_values
from desktop_app.domain.regions import REGIONS

# Rules that say what a price is from the cost alone: a row can go on following them when its cost moves.
FOLLOWED: Final = frozenset({RuleKind.MARGIN, RuleKind.MARKUP, RuleKind.PROFIT})
_SHIFTED: Final = {RuleKind.RAISE_MARGIN: RuleKind.MARGIN, RuleKind.RAISE_MARKUP: RuleKind.MARKUP}


class NetworkScope(StrEnum):
    """Which rows of the countries an edit speaks of."""

    COUNTRIES = "countries"
    WITH_NETWORKS = "with_networks"
    OWN_PRICES = "own_prices"


class RowState(StrEnum):
    """What happens to a row."""

    CHANGED = "changed"
    SAME = "same"
    SKIPPED = "skipped"
    UNTICKED = "unticked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class EditOrder:
    """A bulk edit, as the person put it together.

    Attributes:
        countries: the scope, ISO codes.
        networks: which of their rows.
        rule: what makes the new prices; None takes manual prices back to the rule they replaced.
        limits: what bounds the rule's result.
        skip_manual: rows set by hand stay as they are.
        write_manual: every changed row becomes a price set by hand.
        unticked: rate ids of rows that stay as they are.
        raised: rate ids of rows below cost that are raised to break-even, whatever the cap.
        allowed: rate ids of rows that may sell below their cost.
    """

    countries: frozenset[str]
    networks: NetworkScope
    rule: PriceRule | None
    limits: PriceLimits = NO_LIMITS
    skip_manual: bool = True
    write_manual: bool = False
    unticked: frozenset[int] = frozenset()
    raised: frozenset[int] = frozenset()
    allowed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class EditRow:
    """A row of the preview.

    Attributes:
        rate: the row as it is.
        state: what happens to it.
        after: its price afterwards; of a REFUSED row, what it would be.
        manual: set by hand afterwards.
        follows: the text of the rule it follows afterwards, None when it keeps the one it has (in mind).
        reason: why it is SKIPPED or REFUSED.
        notes: what the limits did.
        raised: it was raised to break-even.
        allowed: it may sell below its cost.
    """

    rate: Rate
    state: RowState
    after: int | None
    manual: bool
    follows: str | None = None
    reason: SkipReason | None = None
    notes: tuple[Note, ...] = ()
    raised: bool = False
    allowed: bool = False

    @property
    def is_loss(self) -> bool:
        """Whether it sells below its cost afterwards."""
        return self.after is not None and self.rate.cost is not None and self.after < self.rate.cost

    @property
    def is_written(self) -> bool:
        """Whether saving changes it."""
        return self.state is RowState.CHANGED


def plan_edit(
    order: EditOrder, rates: Sequence[Rate], standing: Mapping[str, PriceRule] | None = None
) -> tuple[EditRow, ...]:
    """Return what ``order`` does to the rows it speaks of, in their order.

    Args:
        order: the edit.
        rates: all rows of the price list, or at least those of the order's countries.
        standing: the list's standing rules by region, "" for the default; for manual rows that replaced no rule.
    """
    by_hand = {rate.country for rate in rates if rate.mccmnc is None and rate.manual}
    wanted = [rate for rate in rates if rate.country in order.countries and speaks_of(order.networks, rate)]
    if order.rule is None:
        return _back_to_rules(order, wanted, standing or {})
    table = _table(wanted)
    plan = plan_prices(order.rule, order.limits, include_manual=True)
    result = plan.over(table)
    rows = []
    for place, rate in enumerate(paced(wanted)):
        reason = result.reasons[place]
        if rate.manual and order.skip_manual:
            reason = SkipReason.MANUAL
        elif rate.mccmnc is not None and not rate.manual and rate.country in by_hand:
            reason = SkipReason.INHERITS_MANUAL
        rows.append(_row(order, rate, order.rule, reason, result, place))
    return tuple(rows)


def is_followed(rule: PriceRule, limits: PriceLimits) -> bool:
    """Whether every row that ``rule`` changes within ``limits`` follows the rule itself afterwards.

    Rules that speak of the price before give each row a target of its own, and so do limits that hold a row back.
    """
    return rule.kind not in NEEDS_PRICE and limits.cap is None and limits.min_profit is None


def targets(rule: PriceRule, plan: PricePlan, rates: Sequence[Rate]) -> dict[int, tuple[int, str]]:
    """Return the price that ``plan`` of ``rule`` gives each row it changes and the text of the rule the row then follows.

    Args:
        rule: what the plan was made of.
        plan: with its limits.
        rates: all rows of their countries.

    Returns:
        (micro-units, text) by rate id.
    """
    found = {}
    for rate, values in planned_values(rates):
        if plan.skip_reason(values) is None:
            price = plan.price(values)
            held = not {Note.CAPPED, Note.MIN_PROFIT}.isdisjoint(plan.notes_of(values))
            found[rate.rate_id] = price, target_after(rate, rule, price, held=held).text
    return found


def fingerprint(rows: Sequence[EditRow]) -> str:
    """Return a text that differs whenever saving ``rows`` would differ, or when what they start from does."""
    digest = sha256()
    for row in paced(rows):
        if row.is_written:
            rate = row.rate
            state = (rate.rate_id, rate.cost, rate.price, rate.manual, rate.rule, row.after, row.manual, row.follows)
            digest.update(repr(state).encode())
    return digest.hexdigest()


def break_even(cost: int, limits: PriceLimits) -> int:
    """Return the lowest price on the grid of ``limits`` that does not lie below ``cost``."""
    return -(-(cost + limits.below) // limits.step) * limits.step - limits.below


def speaks_of(networks: NetworkScope, rate: Rate) -> bool:
    """Whether an edit of such rows speaks of ``rate``, when its country is in the scope."""
    if networks is NetworkScope.COUNTRIES:
        return rate.mccmnc is None
    return networks is NetworkScope.WITH_NETWORKS or (rate.mccmnc is not None and rate.price is not None)


def _table(rates: Sequence[Rate]) -> Table:
    columns: dict[str, Sequence[Value]] = {
        "cost": [rate.cost for rate in rates],
        "before": [rate.price for rate in rates],
        "unconverted": [int(rate.unconverted) for rate in rates],
        "manual": [0] * len(rates),
        "inherits_manual": [0] * len(rates),
    }
    return Table(columns, len(rates))


def _row(
    order: EditOrder, rate: Rate, rule: PriceRule, reason: SkipReason | None, result: PlanResult, place: int
) -> EditRow:
    """Return one row of a planned edit, with what the person decided about it."""
    price, notes, cost = result.prices[place], result.notes[place], rate.cost
    if reason is not None and reason is not SkipReason.BELOW_COST:
        return EditRow(rate, RowState.SKIPPED, rate.price, rate.manual, reason=reason)
    if price is None or cost is None:
        raise ValueError("a row without a price was not skipped")
    if rate.rate_id in order.unticked:
        return EditRow(rate, RowState.UNTICKED, rate.price, rate.manual)
    raised = price < cost and rate.rate_id in order.raised
    allowed = reason is not None and not raised and rate.rate_id in order.allowed
    if reason is not None and not raised and not allowed:
        return EditRow(rate, RowState.REFUSED, price, rate.manual, reason=reason, notes=notes)
    if raised:
        price = break_even(cost, order.limits)
        notes = tuple(note for note in notes if note is not Note.BELOW_COST)
        if price > MAX_PRICE_MICRO:
            return EditRow(rate, RowState.SKIPPED, rate.price, rate.manual, reason=SkipReason.OUT_OF_RANGE)
    held = raised or Note.CAPPED in notes or Note.MIN_PROFIT in notes
    manual, follows, same = _afterwards(order, rate, rule, price, held=held)
    state = RowState.SAME if same else RowState.CHANGED
    return EditRow(rate, state, price, manual, follows, None, notes, raised, allowed)


def _afterwards(
    order: EditOrder, rate: Rate, rule: PriceRule, price: int, *, held: bool
) -> tuple[bool, str | None, bool]:
    """Return what a row that gets ``price`` is afterwards: by hand, following which rule, and whether that is as before."""
    back = order.rule is None
    manual = order.write_manual or (rate.manual and not back)
    if price == rate.price and not back and not order.write_manual and rule.kind not in FOLLOWED:
        return manual, None, True
    follows = None
    if not manual:
        target = rule if back else target_after(rate, rule, price, held=held)
        follows = target.text if target.text != (rate.former_rule if back else rate.rule) else None
    return manual, follows, price == rate.price and manual == rate.manual and follows is None


def target_after(rate: Rate, rule: PriceRule, price: int, *, held: bool) -> PriceRule:
    """Return the rule that a row follows after ``rule`` gave it ``price``; ``held``: a limit changed what the rule made.

    It goes on following its own kind of rule with the new target. Where a limit held the price back, the target is what was
    reached: the next new cost must not bring what the limit kept away.
    """
    if rule.kind in FOLLOWED and not held:
        return rule
    own = followed_rule(rate.rule)
    kind = rule.kind if rule.kind in FOLLOWED else own.kind if own is not None else None
    if kind is None or rate.cost is None:
        return rule
    if own is not None and not held and _SHIFTED.get(rule.kind) is own.kind:
        reached = own.value + rule.value
    elif kind is RuleKind.PROFIT:
        reached = price - rate.cost
    else:
        reached = ratio_percent(price - rate.cost, price if kind is RuleKind.MARGIN else rate.cost) or 0
    return _rule(kind, reached) or rule


@lru_cache(maxsize=4096)
def _rule(kind: RuleKind, value: int) -> PriceRule | None:
    """Return a rule, None when its value is beyond any."""
    try:
        return PriceRule(kind, value)
    except InvalidInput:
        return None


@lru_cache(maxsize=4096)
def followed_rule(text: str) -> PriceRule | None:
    """Return the rule in ``text`` if a row can follow it, else None."""
    kind = text.partition(" ")[0]
    return PriceRule.from_text(text) if kind in FOLLOWED else None


def _back_to_rules(order: EditOrder, rates: Sequence[Rate], standing: Mapping[str, PriceRule]) -> tuple[EditRow, ...]:
    """Return the plan that takes manual prices back to the rule they replaced, else to the list's standing rule."""
    by_rule: dict[PriceRule, list[Rate]] = {}
    rows: dict[int, EditRow] = {}
    for rate in rates:
        rule = _rule_behind(rate, standing)
        if not rate.manual:
            rows[rate.rate_id] = EditRow(rate, RowState.SAME, rate.price, manual=False)
        elif rule is None:
            rows[rate.rate_id] = EditRow(rate, RowState.SKIPPED, rate.price, manual=True, reason=SkipReason.NO_RULE)
        else:
            by_rule.setdefault(rule, []).append(rate)
    for rule, group in by_rule.items():
        result = plan_prices(rule, order.limits, include_manual=True).over(_table(group))
        for place, rate in enumerate(group):
            rows[rate.rate_id] = _row(order, rate, rule, result.reasons[place], result, place)
    return tuple(rows[rate.rate_id] for rate in rates)


def _rule_behind(rate: Rate, standing: Mapping[str, PriceRule]) -> PriceRule | None:
    kind = rate.former_rule.partition(" ")[0]
    if kind and kind not in NEEDS_PRICE:
        return PriceRule.from_text(rate.former_rule)
    regional = (rule for region, rule in sorted(standing.items()) if region and rate.country in REGIONS[region])
    return next(regional, standing.get(""))
