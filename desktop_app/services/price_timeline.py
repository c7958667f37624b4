"""Price and cost of a destination over time, told backwards from what is now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from desktop_app.domain.rates import Rate, effective_price
from desktop_app.storage.repositories.price_history import CostMove, CostStep, PriceStep
from desktop_app.storage.unit_of_work import UnitOfWork

MOST_STEPS: Final = 400


@dataclass(frozen=True, slots=True)
class PricePoint:
    """From ``at`` on a destination was sold for ``sale`` and cost ``cost``: micro-units, None where there was none."""

    at: datetime
    sale: int | None
    cost: int | None


@dataclass(frozen=True, slots=True)
class LastChange:
    """The last saved change of a row's own price or its country's."""

    change_id: int
    at: datetime
    actor: str
    label: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened to a destination.

    Attributes:
        points: price and cost, oldest first; the first stands at the beginning, the last at now.
        changes: the changes of its own price and its country's, newest first.
    """

    points: tuple[PricePoint, ...]
    changes: tuple[PriceStep, ...]

    @property
    def last_change(self) -> LastChange | None:
        """The last change of the price, None when there was none."""
        if not self.changes:
            return None
        last = self.changes[0]
        return LastChange(last.change_id, last.at, last.actor, last.label, last.before, last.after)

    def followed(self, move: CostMove | None) -> tuple[int | None, int | None] | None:
        """Return the price before and after its rule followed ``move``; a later change by a person hides that."""
        if move is None or not self.changes:
            return None
        last = self.changes[0]
        kept = not last.after_manual and last.after_rule_id is not None and last.after_rule_id == last.before_rule_id
        return (last.before, last.after) if kept and last.at >= move.at else None


def timeline(uow: UnitOfWork, list_id: int, own: Rate, nation: Rate | None, now: datetime, days: int) -> Timeline:
    """Return what happened to a destination over the last days.

    Args:
        uow: the transaction.
        list_id: the price list.
        own: the destination's row.
        nation: its country's row; the same for a country.
        now: where the story ends.
        days: how far it goes back; with more than 400 steps it begins at the oldest of those.
    """
    since = now - timedelta(days=days)
    ids = sorted({own.rate_id} | ({nation.rate_id} if nation else set()))
    prices = uow.price_history.price_steps(list_id, ids, since, MOST_STEPS)
    costs = uow.price_history.cost_steps(own.rate_id, since, MOST_STEPS)
    for full in (prices, costs):
        since = max(since, full[-1].at) if len(full) == MOST_STEPS else since
    return Timeline(_points(own, nation, [*prices, *costs], since, now), tuple(prices))


def _points(
    own: Rate, nation: Rate | None, steps: Sequence[PriceStep | CostStep], since: datetime, now: datetime
) -> tuple[PricePoint, ...]:
    held = {row.rate_id: row for row in (own, nation) if row is not None}

    def point(at: datetime) -> PricePoint:
        country = None if nation is None else held[nation.rate_id]
        return PricePoint(at, effective_price(held[own.rate_id], country).price, held[own.rate_id].cost)

    points = [point(now)]
    for step in sorted(steps, key=lambda one: one.at, reverse=True):
        if step.at <= since:
            break
        if step.at < points[-1].at:
            points.append(point(step.at))
        held[step.rate_id] = _undone(held[step.rate_id], step)
    points.append(point(since))
    return tuple(reversed(points))


def _undone(rate: Rate, step: PriceStep | CostStep) -> Rate:
    if isinstance(step, CostStep):
        return replace(rate, cost=step.before)
    return replace(rate, price=step.before, manual=step.before_manual)
