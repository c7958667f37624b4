"""Why a price applies, how cost and price got to where they are, and which costs moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desktop_app.domain.bulk_edits import followed_rule
from desktop_app.domain.errors import NotFound
from desktop_app.domain.language import tr
from desktop_app.domain.pricing import NO_LIMITS, PriceLevel, PriceLimits, PriceRule, PriceSource, resolve_price
from desktop_app.domain.rates import Rate, effective_price, plan_values
from desktop_app.domain.rule_following import following_plan
from desktop_app.services.applied_prices import price_level
from desktop_app.services.clock import Clock
from desktop_app.services.costs import recent_since
from desktop_app.services.price_timeline import MOST_STEPS, LastChange, PricePoint, timeline
from desktop_app.storage.repositories.price_history import ClientPrice as ClientPrice
from desktop_app.storage.repositories.price_history import CostMove as CostMove
from desktop_app.storage.repositories.prices import PriceList
from desktop_app.storage.unit_of_work import Database, UnitOfWork

HISTORY_DAYS: Final = 90
MOST_MOVES: Final = 50_000
MOST_CHANGES: Final = 500_000
MOST_CLIENTS: Final = 50
_OF_NETWORKS: Final = frozenset({PriceSource.MANUAL_NETWORK, PriceSource.RULE_NETWORK})
_OF_CLIENTS: Final = frozenset({PriceSource.CLIENT_NETWORK, PriceSource.CLIENT_COUNTRY})


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step of the chain that decides which price applies.

    Attributes:
        source: which.
        list_name: the price list.
        price: micro-units in the list's currency, None where the step says nothing.
        rule: the text of its rule, "".
        wins: this price applies.
    """

    source: PriceSource
    list_name: str
    price: int | None
    rule: str
    wins: bool


@dataclass(frozen=True, slots=True)
class MovedCost:
    """A row whose cost moved.

    Attributes:
        move: how.
        sale: what it is sold for now, None when it is not.
        by_rule: what its rule makes of the new cost; None for a manual price, without a rule, or when that loses money.
    """

    move: CostMove
    sale: int | None
    by_rule: int | None


@dataclass(frozen=True, slots=True)
class PriceDetail:
    """Everything there is to say about the price of one destination.

    Attributes:
        currency: of every amount.
        chain: the steps that decide, strongest first.
        points: price and cost over the last 90 days, oldest first; the first stands at the beginning, the last at now.
        move: how its cost moved lately, or None.
        followed: the price before and after, when its rule followed that move.
        by_rule: what its rule makes of the cost now; None for a manual price, without a rule, or when that loses money.
        last_change: of its price within those days, or None.
        clients: how many clients have a price of their own here.
        client_prices: the first of them by name.
    """

    currency: str
    chain: tuple[ChainStep, ...]
    points: tuple[PricePoint, ...]
    move: CostMove | None
    followed: tuple[int | None, int | None] | None
    by_rule: int | None
    last_change: LastChange | None
    clients: int
    client_prices: tuple[ClientPrice, ...]


class PriceHistoryService:
    """Answers questions about the standard price list; changes nothing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def why(self, country: str, mccmnc: str | None = None) -> tuple[ChainStep, ...]:
        """Return the chain that decides what a destination is sold for, each step with its price.

        Raises:
            NotFound: the price list does not know the destination.
        """
        with self._database.read() as uow:
            return _chain(uow, _standard(uow), *_rows(uow, country, mccmnc))

    def history(self, country: str, mccmnc: str | None = None, days: int = HISTORY_DAYS) -> tuple[PricePoint, ...]:
        """Return price and cost of a destination over the last ``days``: steps, oldest first.

        Raises:
            NotFound: the price list does not know the destination.
        """
        with self._database.read() as uow:
            own, nation = _rows(uow, country, mccmnc)
            return timeline(uow, _standard(uow).list_id, own, nation, self._clock(), days).points

    def last_changes(self) -> dict[tuple[str, str | None], tuple[datetime, str]]:
        """Return (when, by whom) each row's own price was changed last, by (country, mccmnc).

        Rows without a change within 90 days, or within the last half a million rows that were changed, are not there.
        """
        since = self._clock() - timedelta(days=HISTORY_DAYS)
        with self._database.read() as uow:
            found = uow.price_history.last_changes(_standard(uow).list_id, since, MOST_CHANGES)
            return {(one.country, one.mccmnc): (one.at, one.actor) for one in found}

    def recent_cost_changes(self) -> dict[tuple[str, str | None], tuple[int, int, datetime]]:
        """Return (old cost, new cost, when) of the rows whose cost moved lately, by (country, mccmnc).

        Lately is within a day; when nothing moved since then, what moved the last time, up to a week back. The old cost is
        that from before all of it, and a row that came back to it is not there. Costs in micro-units of the list's currency.
        """
        with self._database.read() as uow:
            since = recent_since(uow, self._clock())
            moves = uow.price_history.moved_costs(_standard(uow).list_id, since, MOST_MOVES)
            return {(move.country, move.mccmnc): (move.before, move.after, move.at) for move in moves}

    def cost_changes(self, since: datetime | None = None) -> tuple[MovedCost, ...]:
        """Return the rows whose cost moved at or after ``since`` (by default lately), with the price now and by its rule."""
        with self._database.read() as uow:
            standard = _standard(uow)
            since = since or recent_since(uow, self._clock())
            moves = uow.price_history.moved_costs(standard.list_id, since, MOST_MOVES)
            moved = {move.country for move in moves}
            rates = {(rate.country, rate.mccmnc): rate for rate in uow.prices.rates(standard.list_id, moved)}
            rules = uow.price_history.followed_rules(standard.list_id, since)
            limits = {one: PriceLimits.from_text(used.limits) for used in rules for one in used.change_ids}
            rule_ids = uow.price_history.moved_rows(standard.list_id, since)
            found = []
            for move in moves:
                rate, nation = rates[move.country, move.mccmnc], rates.get((move.country, None))
                bounds = limits.get(rule_ids.get(rate.rate_id, 0), NO_LIMITS)
                sale = effective_price(rate, nation).price
                found.append(MovedCost(move, sale, _by_rule(rate, nation, bounds)))
            return tuple(found)

    def detail(self, country: str, mccmnc: str | None = None) -> PriceDetail:
        """Return everything about the price of one destination, all of one moment.

        Raises:
            NotFound: the price list does not know the destination.
        """
        now = self._clock()
        with self._database.read() as uow:
            standard = _standard(uow)
            own, nation = _rows(uow, country, mccmnc)
            story = timeline(uow, standard.list_id, own, nation, now, HISTORY_DAYS)
            move = _recent_move(uow, own, recent_since(uow, now))
            clients, prices = uow.price_history.client_prices(country, mccmnc, MOST_CLIENTS)
            return PriceDetail(
                standard.currency, _chain(uow, standard, own, nation), story.points, move, story.followed(move),
                _by_rule(own, nation, _limits_of(uow, own)), story.last_change, clients, tuple(prices),
            )  # fmt: skip


def _standard(uow: UnitOfWork) -> PriceList:
    standard = uow.prices.default_list()
    if standard is None:
        raise NotFound(tr("There is no price list yet."))
    return standard


def _rows(uow: UnitOfWork, country: str, mccmnc: str | None) -> tuple[Rate, Rate | None]:
    """Return a destination's own row, and the country's."""
    rates = {rate.mccmnc: rate for rate in uow.prices.rates(_standard(uow).list_id, [country])}
    if mccmnc not in rates:
        raise NotFound(tr("The price list does not know {place}.", place=mccmnc or country))
    return rates[mccmnc], rates.get(None)


def _chain(uow: UnitOfWork, standard: PriceList, own: Rate, nation: Rate | None) -> tuple[ChainStep, ...]:
    network = own if own.mccmnc is not None else None
    lists = [standard]
    while lists[-1].parent_id is not None:
        lists.append(uow.prices.list_by_id(lists[-1].parent_id))
    levels = []
    for one in lists:
        rates = uow.prices.rates(one.list_id, [own.country]) if one is not standard else []
        row, of_network = (
            (nation, network) if one is standard else (_of(rates, None), network and _of(rates, own.mccmnc))
        )
        levels.append(price_level(one.name, row, uow.prices.standing_rules(one.list_id), own.country, of_network))
    applied = resolve_price(tuple(levels), own.cost)
    prices = {} if applied is None else {
        (source, name): price
        for source, name, price in ((applied.source, applied.list_name, applied.price), *applied.passed_over)
    }  # fmt: skip
    steps = []
    for level in levels:
        for source in PriceSource:
            if source in _OF_CLIENTS or (network is None and source in _OF_NETWORKS):
                continue
            wins = applied is not None and (source, level.list_name) == (applied.source, applied.list_name)
            price = prices.get((source, level.list_name))
            steps.append(ChainStep(source, level.list_name, price, _rule_of(level, source), wins))
    return tuple(steps)


def _of(rates: Sequence[Rate], mccmnc: str | None) -> Rate | None:
    return next((rate for rate in rates if rate.mccmnc == mccmnc), None)


def _rule_of(level: PriceLevel, source: PriceSource) -> str:
    if source in (PriceSource.RULE_NETWORK, PriceSource.RULE_COUNTRY):
        row = level.network if source is PriceSource.RULE_NETWORK else level.country
        return "" if row is None or row.manual or row.price is None else row.rule
    standing: dict[PriceSource, PriceRule | None] = {
        PriceSource.RULE_REGION: level.region_rule, PriceSource.RULE_DEFAULT: level.default_rule,
    }  # fmt: skip
    rule = standing.get(source)
    return "" if rule is None else rule.text


def _recent_move(uow: UnitOfWork, own: Rate, since: datetime) -> CostMove | None:
    steps = [step for step in uow.price_history.cost_steps(own.rate_id, since, MOST_STEPS) if step.before is not None]
    before = steps[-1].before if steps else None
    if before is None or own.cost is None or before == own.cost:
        return None
    return CostMove(own.country, own.mccmnc, before, own.cost, steps[0].at)


def _limits_of(uow: UnitOfWork, rate: Rate) -> PriceLimits:
    text = uow.price_history.limits_of(rate.rate_id)
    return NO_LIMITS if text is None else PriceLimits.from_text(text)


def _by_rule(rate: Rate, nation: Rate | None, limits: PriceLimits) -> int | None:
    rule = None if rate.manual else followed_rule(rate.rule)
    if rule is None:
        return None
    plan = following_plan(rule, limits)
    inherits = rate.mccmnc is not None and nation is not None and nation.manual
    values = plan_values(rate, inherits_manual=inherits)
    return plan.price(values) if plan.skip_reason(values) is None else None
