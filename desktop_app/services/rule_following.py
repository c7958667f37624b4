"""Rules follow costs: prices that a rule made are made anew when their cost moved, as one saved change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desktop_app.domain.bulk_edits import followed_rule
from desktop_app.domain.formula import Table
from desktop_app.domain.language import tr
from desktop_app.domain.pricing import PriceLimits, PricePlan, SkipReason
from desktop_app.domain.rates import Rate, SkippedRow, plan_values
from desktop_app.domain.rule_following import following_plan
from desktop_app.services.clock import Clock
from desktop_app.services.costs import convert_costs, recent_since
from desktop_app.services.preferences import read_preferences
from desktop_app.storage.repositories.costs import CostMoves
from desktop_app.storage.repositories.prices import FollowedRule, PriceList
from desktop_app.storage.unit_of_work import Database, UnitOfWork

_LOSING: Final = frozenset({SkipReason.BELOW_COST, SkipReason.OUT_OF_RANGE})


@dataclass(frozen=True, slots=True)
class Followed:
    """What following the costs did, or would do.

    Attributes:
        change_id: the saved change of the standard list, None when nothing was saved there.
        rows: how many prices have another value.
        left: rows that stay because the rule would sell them below cost, or beyond any price.
    """

    change_id: int | None = None
    rows: int = 0
    left: tuple[SkippedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CostRefresh:
    """How the costs of the standard list moved, and what prices did about it."""

    moves: CostMoves
    followed: Followed


class RuleFollowingService:
    """Applies rules to new costs when the person asks for it, because they do not follow by themselves."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def apply_rules(self, since: datetime | None = None, *, actor: str) -> Followed:
        """Make the prices anew that a rule made and whose cost moved, as one change that can be reverted.

        Args:
            since: only costs that moved at or after it; by default the recent ones that the price table marks.
            actor: who asks.
        """
        now = self._clock()
        with self._database.begin() as uow:
            return follow_costs(uow, since or recent_since(uow, now), at=now, actor=actor)

    def preview(self, since: datetime | None = None) -> Followed:
        """Return what ``apply_rules`` would do; nothing is saved."""
        with self._database.read() as uow:
            since = since or recent_since(uow, self._clock())
            standard = uow.prices.default_list()
            return Followed() if standard is None else _plan(uow, standard, since)[0]


def refresh_costs(uow: UnitOfWork, at: datetime, actor: str) -> CostRefresh:
    """Convert the costs anew; where the team wants that, prices follow them."""
    moves = convert_costs(uow, at)
    if not read_preferences(uow).rules_follow_costs:
        return CostRefresh(moves, Followed())
    return CostRefresh(moves, follow_costs(uow, at, at=at, actor=actor))


def follow_costs(uow: UnitOfWork, since: datetime, *, at: datetime, actor: str) -> Followed:
    """Make the prices anew whose cost moved at or after ``since``: one change for each price list that has any.

    A price set by hand stays, and so does one that its rule would sell below cost; those are named.
    """
    standard = uow.prices.default_list()
    change_id, rows = None, 0
    left: list[SkippedRow] = []
    for price_list in uow.prices.all_lists():
        planned, rules = _plan(uow, price_list, since)
        left += planned.left
        if not planned.rows:
            continue
        label = tr("Rules follow costs")
        change = uow.prices.open_change(price_list.list_id, at=at, actor=actor, rule="", label=label)
        for rule, plan in rules:
            uow.prices.follow_change(change, price_list.list_id, plan, rule, since)
        rows += uow.prices.apply(change)
        if price_list == standard:
            change_id = change
    return Followed(change_id, rows, tuple(left))


def _plan(
    uow: UnitOfWork, price_list: PriceList, since: datetime
) -> tuple[Followed, list[tuple[FollowedRule, PricePlan]]]:
    """Return what following would do to a list, and the plans that do it."""
    rules = [
        (used, following_plan(rule, PriceLimits.from_text(used.limits)))
        for used in uow.price_history.followed_rules(price_list.list_id, since)
        if (rule := followed_rule(used.rule)) is not None
    ]
    if not rules:
        return Followed(), []
    moved = uow.price_history.moved_rows(price_list.list_id, since)
    rates = uow.prices.rates(price_list.list_id)
    by_hand = {rate.country for rate in rates if rate.mccmnc is None and rate.manual}
    rows = 0
    left: list[SkippedRow] = []
    for used, plan in rules:
        mine = [rate for rate in rates if not rate.manual and moved.get(rate.rate_id) in used.change_ids]
        result = plan.over(_table(mine, by_hand))
        for rate, reason, price in zip(mine, result.reasons, result.prices, strict=True):
            rows += reason is None and price != rate.price
            if reason in _LOSING:
                left.append(SkippedRow(rate.country, rate.mccmnc, reason))
    return Followed(None, rows, tuple(left)), rules


def _table(rates: Sequence[Rate], by_hand: Collection[str]) -> Table:
    rows = [plan_values(one, inherits_manual=one.mccmnc is not None and one.country in by_hand) for one in rates]
    names = ("cost", "before", "manual", "inherits_manual", "unconverted")
    return Table({name: [row[name] for row in rows] for name in names}, len(rows))
