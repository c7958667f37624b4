"""Prices edited one by one, saved together as one change: each edit says what it started from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desktop_app.domain.clients import clean_text
from desktop_app.domain.credits import SHORTEST_REASON
from desktop_app.domain.errors import InvalidInput, StaleData
from desktop_app.domain.language import later, tr, trn
from desktop_app.domain.money import MAX_PRICE_MICRO, micro_text
from desktop_app.domain.pace import paced
from desktop_app.domain.pricing import NEEDS_PRICE, PriceLimits, PriceRule, plan_prices
from desktop_app.domain.rates import Rate, plan_values
from desktop_app.storage.repositories.losses import LossPermission
from desktop_app.storage.repositories.prices import PriceList, RowEdit
from desktop_app.storage.unit_of_work import UnitOfWork

_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class LossAllowed:
    """Permission to sell one row below its cost: until when, and why."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PriceEdit:
    """One row of a draft.

    Attributes:
        country: ISO 3166 alpha-2.
        mccmnc: None for the country's own row.
        before: the row's own price when the edit began, in micro-units; None without one.
        before_manual: whether that was set by hand.
        after: the new price by hand, None to go back to the rule.
        loss: permission for a price below cost.
    """

    country: str
    mccmnc: str | None
    before: int | None
    before_manual: bool
    after: int | None
    loss: LossAllowed | None = None


@dataclass(frozen=True, slots=True)
class PriceConflict:
    """A row that somebody else changed after its edit began.

    Attributes:
        country: ISO 3166 alpha-2.
        mccmnc: None for the country's own row.
        expected: the price the edit began with.
        found: the price now.
        found_manual: whether that was set by hand.
        actor: who changed it, "" when unknown.
        at: when, or None.
    """

    country: str
    mccmnc: str | None
    expected: int | None
    found: int | None
    found_manual: bool
    actor: str
    at: datetime | None


class PricesChanged(StaleData):
    """Rows of a draft were changed by somebody else; nothing was saved. ``conflicts`` names each."""

    def __init__(self, conflicts: Sequence[PriceConflict]) -> None:
        first = conflicts[0]
        who = first.actor or tr("Somebody else")
        super().__init__(
            trn(
                "{who} changed {count} of these prices meanwhile. Nothing was saved.",
                "{who} changed {count} of these prices meanwhile. Nothing was saved.",
                len(conflicts), who=who,
            )
        )  # fmt: skip
        self.conflicts = tuple(conflicts)


@dataclass(frozen=True, slots=True)
class SavedPrices:
    """A draft that was saved: the id of the price change and how many rows it has."""

    change_id: int
    rows: int


def save_edits(
    uow: UnitOfWork, price_list: PriceList, edits: Sequence[PriceEdit], *, at: datetime, actor: str
) -> SavedPrices:
    """Write all edits as one price change within the transaction, or nothing.

    Args:
        uow: the transaction.
        price_list: whose rows.
        edits: each row at most once.
        at: now.
        actor: who edits.

    Raises:
        PricesChanged: a row no longer holds what its edit began with.
        InvalidInput: no edit, a row twice, a price out of range, or below cost without permission (code "below_cost").
    """
    places = {(edit.country, edit.mccmnc) for edit in paced(edits)}
    if not edits or len(places) != len(edits):
        raise InvalidInput(tr("A draft holds each row once, and at least one."))
    countries = {edit.country for edit in edits}
    uow.bulk_edits.lock(price_list.list_id, countries)
    rates = {(rate.country, rate.mccmnc): rate for rate in paced(uow.prices.rates(price_list.list_id, countries))}
    _refuse_conflicts(uow, edits, rates)
    change_id = uow.prices.open_change(price_list.list_id, at=at, actor=actor, rule="", label=label_of(edits))
    rows: dict[int, RowEdit] = {}
    for edit in paced(edits):
        rate = rates.get((edit.country, edit.mccmnc))
        cost = None if rate is None else rate.cost
        rate_id = rate.rate_id if rate else uow.prices.add_rate(price_list.list_id, edit.country, edit.mccmnc)
        if edit.after is None:
            rows[rate_id] = RowEdit(None if rate is None else rule_price(uow, rate), manual=False, follows_rule=True)
            continue
        if not 0 < edit.after <= MAX_PRICE_MICRO:
            raise InvalidInput(tr("A price must be above 0 and at most 100,000."), fields={"price": str(edit.after)})
        if cost is not None and edit.after < cost:
            allow_loss(uow, change_id, rate_id, edit.country, cost, edit.loss, at=at, actor=actor)
        rows[rate_id] = RowEdit(edit.after, manual=True)
    uow.prices.edit_rows(change_id, rows)
    return SavedPrices(change_id, uow.prices.apply(change_id))


def rule_price(uow: UnitOfWork, rate: Rate) -> int | None:
    """Return the price that a row set by hand gets when it goes back to its rule, None when it then has none of its own."""
    kept = uow.prices.kept_rule(rate.rate_id) if rate.former_rule else None
    if kept is None:
        return None
    rule, limits = PriceRule.from_text(kept[0]), PriceLimits.from_text(kept[1])
    if rule.kind in NEEDS_PRICE:
        # Such a rule speaks of the price before it, so it cannot be applied twice: what it made then counts.
        return uow.prices.made_by_rule(rate.rate_id)
    plan = plan_prices(rule, limits, include_manual=True)
    values = plan_values(rate, inherits_manual=False)
    return plan.price(values) if plan.skip_reason(values) is None else uow.prices.made_by_rule(rate.rate_id)


def allow_loss(
    uow: UnitOfWork, change_id: int, rate_id: int, country: str, cost: int, loss: LossAllowed | None, *, at: datetime,
    actor: str,
) -> None:  # fmt: skip
    """Store the permission to sell a row below its ``cost`` (micro-units) with the price change that needs it.

    Raises:
        InvalidInput: there is none (code "below_cost"), it lies in the past, or its reason says nothing.
    """
    if loss is None:
        text = micro_text(cost)
        raise InvalidInput(
            tr("Below cost {cost}. Enter {cost} or more, or allow a loss until a date.", cost=text),
            fields={"price": text}, code="below_cost",
        )  # fmt: skip
    reason = clean_text(loss.reason, later("reason"))
    if loss.until <= at or len(reason) < SHORTEST_REASON:
        raise InvalidInput(tr("Allowing a loss needs a date to come and a reason of at least five characters."))
    uow.losses.allow(change_id, rate_id, LossPermission(loss.until, actor, reason))
    uow.activity.add(at, actor, "loss_allowed", country, until=loss.until.isoformat(), reason=reason)


def label_of(edits: Sequence[PriceEdit]) -> str:
    """Return what the change is called in Activity: "DE 0.130000", "DE, FR, IT and 4 more"."""
    if len(edits) == 1 and edits[0].after is not None:
        return f"{edits[0].country} {edits[0].mccmnc or ''} {micro_text(edits[0].after)}".replace("  ", " ")
    named = ", ".join(sorted({edit.country for edit in edits})[:_NAMED])
    more = len({edit.country for edit in edits}) - _NAMED
    return tr("{names} and {count} more", names=named, count=more) if more > 0 else named


def _refuse_conflicts(uow: UnitOfWork, edits: Sequence[PriceEdit], rates: dict[tuple[str, str | None], Rate]) -> None:
    conflicts = []
    for edit in paced(edits):
        rate = rates.get((edit.country, edit.mccmnc))
        found, manual = (None, False) if rate is None else (rate.price, rate.manual)
        if (found, manual) == (edit.before, edit.before_manual):
            continue
        actor, at = (rate and uow.prices.last_edit(rate.rate_id)) or ("", None)
        conflicts.append(PriceConflict(edit.country, edit.mccmnc, edit.before, found, manual, actor, at))
    if conflicts:
        raise PricesChanged(conflicts)
