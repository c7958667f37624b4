"""What the inspector says about a price, as texts; made in the data lane."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from desktop_app.domain.language import tr, trn
from desktop_app.domain.money import micro_text
from desktop_app.domain.percents import cut_percent
from desktop_app.domain.pricing import PriceSource
from desktop_app.domain.sender_ids import SenderRule
from desktop_app.services.job import Job
from desktop_app.services.price_history import ChainStep, CostMove, PriceDetail
from desktop_app.services.price_timeline import PricePoint
from desktop_app.views.formats import (
    MISSING,
    currency_symbol,
    date_text,
    in_language,
    percent_text,
    price_text,
    who_text,
)
from desktop_app.views.models.cell_looks import PLAIN
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.models.price_sheet import rule_text
from desktop_app.views.models.record_rows import Row
from desktop_app.views.moments import moment_text
from desktop_app.views.parts import WindowParts

PER_THOUSAND: Final = 1_000


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """Everything that the inspector shows and the price table does not have.

    Attributes:
        detail: the price, its chain and its history.
        sender: the country's rule for sender IDs.
        step: micro-units that the team rounds new prices to.
        now: when this was read.
    """

    detail: PriceDetail
    sender: SenderRule
    step: int
    now: datetime


def read_facts(parts: WindowParts, country: str, mccmnc: str | None, _job: Job) -> PriceFacts:
    """Read the facts of one destination.

    Raises:
        NotFound: the price list does not know it any more.
    """
    detail = parts.history.detail(country, mccmnc)
    rule = parts.country_rules.get(country).rule
    return PriceFacts(detail, rule, parts.preferences.read().step, parts.clock())


def per_thousand_text(price: int | None, currency: str) -> str:
    """Return a price as money for a thousand: "€123.40 per 1,000"."""
    if price is None:
        return ""
    symbol, amount = currency_symbol(currency), price_text(price * PER_THOUSAND, 2)
    money = f"{symbol}{amount}" if len(symbol) == 1 else f"{amount} {symbol}"
    return tr("{money} per 1,000", money=money)


def source_text(source: PriceSource) -> str:
    """Return what a step of the chain is called."""
    return {
        PriceSource.CLIENT_NETWORK: tr("Client price for the network"),
        PriceSource.CLIENT_COUNTRY: tr("Client price for the country"),
        PriceSource.MANUAL_NETWORK: tr("Manual network price"),
        PriceSource.MANUAL_COUNTRY: tr("Manual country price"),
        PriceSource.RULE_NETWORK: tr("Network rule"),
        PriceSource.RULE_COUNTRY: tr("Country rule"),
        PriceSource.RULE_REGION: tr("Region rule"),
        PriceSource.RULE_DEFAULT: tr("Default rule"),
    }[source]


def step_text(step: ChainStep) -> str:
    """Return what a step says: "0.1234 · Margin 30%", "none"."""
    rule = rule_text(step.rule, manual=False, priced=True) if step.rule else ""
    if step.price is None:
        return tr("{rule}, no price", rule=rule) if rule else tr("none")
    return f"{price_text(step.price)} · {rule}" if rule else price_text(step.price)


def won_text(detail: PriceDetail) -> str:
    """Return what decides the price: "Country rule · Margin 30%"."""
    won = next((step for step in detail.chain if step.wins), None)
    if won is None:
        return tr("No price")
    rule = rule_text(won.rule, manual=False, priced=True) if won.rule else ""
    return f"{source_text(won.source)} · {rule}" if rule else source_text(won.source)


def is_drafted(line: PriceLine, saved: PriceLine) -> bool:
    """Return whether a draft makes another price of a line than is saved, or lets something else decide it."""
    return (line.price, line.manual, line.inherited) != (saved.price, saved.manual, saved.inherited)


def applies_text(detail: PriceDetail, line: PriceLine, saved: PriceLine) -> str:
    """Return what decides the price, once the draft is saved."""
    if not is_drafted(line, saved):
        return won_text(detail)
    if line.price is None:
        return tr("No price")
    if not line.manual:
        return tr("Its rule, since now")
    return tr("Country price, manual since now") if line.inherited else tr("Manual since now")


def drafted_chain(chain: Sequence[ChainStep], line: PriceLine, saved: PriceLine) -> tuple[ChainStep, ...]:
    """Return the chain as it will be once the draft is saved."""
    if not chain or not is_drafted(line, saved):
        return tuple(chain)
    of_network = line.is_network and not line.inherited
    if line.manual:
        winner = PriceSource.MANUAL_NETWORK if of_network else PriceSource.MANUAL_COUNTRY
    else:
        winner = PriceSource.RULE_NETWORK if of_network else PriceSource.RULE_COUNTRY
    gone = PriceSource.MANUAL_NETWORK if line.is_network else PriceSource.MANUAL_COUNTRY
    steps = []
    for step in chain:
        wins = step.source is winner and step.list_name == chain[0].list_name and line.price is not None
        price = line.price if wins else None if step.source is gone and saved.own_manual else step.price
        steps.append(replace(step, price=price, wins=wins))
    return tuple(steps)


def move_title(move: CostMove, now: datetime) -> str:
    """Return how a cost moved and when: "Cost rose 3.0% · 12 min ago"."""
    percent = percent_text(cut_percent(abs(move.after - move.before), move.before))
    when = moment_text(move.at, now)
    if move.after > move.before:
        return tr("Cost rose {percent} · {when}", percent=percent, when=when)
    return tr("Cost fell {percent} · {when}", percent=percent, when=when)


def move_text(detail: PriceDetail, move: CostMove, price: int | None, *, manual: bool) -> str:
    """Return what a moved cost did to the price."""
    moved = f"{price_text(move.before)} → {price_text(move.after)}."
    if detail.followed is not None:
        before, after = detail.followed
        followed = tr(
            "The rule followed: sale price {before} → {after}.", before=price_text(before), after=price_text(after)
        )
        return f"{moved} {followed}"
    if manual:
        return f"{moved} {tr('The price is manual and stays.')}"
    if detail.by_rule is not None and detail.by_rule != price:
        return f"{moved} {tr('By its rule the sale price would be {price}.', price=price_text(detail.by_rule))}"
    return moved


def rounding_text(step: int) -> str:
    """Return how new prices are rounded: "Nearest 0.0001"."""
    if step == 1:
        return tr("None, six decimals")
    return tr("Nearest {step}", step=in_language(micro_text(step).rstrip("0").rstrip(".")))


def clients_text(count: int) -> str:
    """Return how many clients have a price of their own."""
    return trn("{count} client", "{count} clients", count) if count else tr("None")


def changed_text(detail: PriceDetail, now: datetime) -> str:
    """Return who changed the price last, and when; "–" when nobody did within 90 days."""
    last = detail.last_change
    return MISSING if last is None else f"{who_text(last.actor)}, {moment_text(last.at, now)}"


def place_text(line: PriceLine) -> str:
    """Return where a line is: "DE · +49 · MCC 262", "DE · 26201"."""
    if line.is_network:
        return f"{line.iso} · {line.code}"
    areas = sorted({network.code[:3] for network in line.networks})
    parts = [line.code, line.dial, tr("MCC {codes}", codes=", ".join(areas)) if areas else ""]
    return " · ".join(part for part in parts if part)


def point_rows(points: Sequence[PricePoint]) -> list[Row[PricePoint]]:
    """Return the points as rows, newest first; one where nothing moved is left out."""
    moved = [
        point for place, point in enumerate(points)
        if not place or (point.sale, point.cost) != (points[place - 1].sale, points[place - 1].cost)
    ]  # fmt: skip
    return [
        Row(
            point,
            (date_text(point.at.astimezone().date()), price_text(point.sale), price_text(point.cost)),
            (PLAIN,) * 3,
        )
        for point in reversed(moved)
    ]
