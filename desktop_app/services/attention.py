"""What needs a person now, the most money at risk first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from desktop_app.domain.percents import cut_margin
from desktop_app.services.credit_alerts import dry_clients
from desktop_app.storage.repositories.attention import LowCredit
from desktop_app.storage.unit_of_work import UnitOfWork

# Micro-units of a currency in the main one, None where there is no rate.
Convert = Callable[[int, str], int | None]
NAMED: Final = 3


class AttentionKind(StrEnum):
    """What can need a person; where the money at risk is equal, in this order."""

    LOSS = "loss"
    PROVIDER = "provider"
    UNKNOWN = "unknown"
    CREDIT = "credit"
    SENDERS = "senders"
    MAIL = "mail"
    COSTS = "costs"


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """Something to do; it is gone when it is done.

    Attributes:
        kind: what.
        count: how many.
        names: whom or what it is about, the most urgent first: ISO codes, clients, providers, a sender ID.
        at_risk: micro-units of the main currency that are in danger within a month, 0 where it is not about money.
        figures: more figures, by kind: margins of the names in hundredths of a percent, (up, down).
        since: since when, None where that is not known.
        overdrawn: the lowest credit below zero, None when there is none.
        detail: a sentence that was stored: why a provider is paused, why mail does not leave.
    """

    kind: AttentionKind
    count: int
    names: tuple[str, ...] = ()
    at_risk: int = 0
    figures: tuple[int, ...] = ()
    since: datetime | None = None
    overdrawn: LowCredit | None = None
    detail: str = ""


def read_attention(
    uow: UnitOfWork, now: datetime, convert: Convert, sold: Mapping[str, int], mail: tuple[int, int, str],
    moved: tuple[int, int],
) -> tuple[AttentionItem, ...]:  # fmt: skip
    """Return what needs a person.

    Args:
        uow: the transaction.
        now: the time.
        convert: into the main currency.
        sold: segments of the last month by country.
        mail: mails in trouble, mails that wait although they are due, and why.
        moved: countries whose cost went up and down lately.
    """
    found = [
        _losses(uow, now, sold), *_providers(uow, convert), _unknown(uow, convert), _credits(uow, now, convert), _senders(uow),
        _mail(*mail), _costs(*moved),
    ]  # fmt: skip
    order = list(AttentionKind)
    items = [one for one in found if one is not None]
    return tuple(sorted(items, key=lambda one: (-one.at_risk, order.index(one.kind))))


def _losses(uow: UnitOfWork, now: datetime, sold: Mapping[str, int]) -> AttentionItem | None:
    standard = uow.prices.default_list()
    rows = [] if standard is None else uow.attention.losses(standard.list_id, now)
    worst: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row.country not in worst or (row.price - row.cost) < worst[row.country][0] - worst[row.country][1]:
            worst[row.country] = (row.price, row.cost)
    if not worst:
        return None
    lost = {iso: (cost - price) * max(1, sold.get(iso, 0)) for iso, (price, cost) in worst.items()}
    names = sorted(worst, key=lambda iso: -lost[iso])[:NAMED]
    margins = tuple(cut_margin(*worst[iso]) or 0 for iso in names)
    return AttentionItem(AttentionKind.LOSS, len(worst), tuple(names), sum(lost.values()), margins)


def _providers(uow: UnitOfWork, convert: Convert) -> list[AttentionItem]:
    return [
        AttentionItem(AttentionKind.PROVIDER, one.waiting, (one.provider,), _sum(one.held, convert), detail=one.reason)
        for one in uow.attention.paused_routes()
    ]


def _unknown(uow: UnitOfWork, convert: Convert) -> AttentionItem | None:
    count, prices = uow.attention.unknown_outcomes()
    return AttentionItem(AttentionKind.UNKNOWN, count, at_risk=_sum(prices, convert)) if count else None


def _credits(uow: UnitOfWork, now: datetime, convert: Convert) -> AttentionItem | None:
    low = uow.attention.low_credits(dry_clients(uow, now))
    if not low:
        return None
    overdrawn = low[0] if low[0].available < 0 else None
    at_risk = sum(convert(max(0, -one.available), one.currency) or 0 for one in low)
    names = tuple(one.client for one in low[:NAMED])
    return AttentionItem(AttentionKind.CREDIT, len(low), names, at_risk, overdrawn=overdrawn)


def _senders(uow: UnitOfWork) -> AttentionItem | None:
    count, oldest, since = uow.attention.waiting_senders()
    return AttentionItem(AttentionKind.SENDERS, count, (oldest,), since=since) if count else None


def _mail(in_trouble: int, waiting: int, why: str) -> AttentionItem | None:
    if in_trouble:
        return AttentionItem(AttentionKind.MAIL, in_trouble, figures=(waiting,), detail=why)
    return AttentionItem(AttentionKind.MAIL, 0, figures=(waiting,), detail=why) if waiting and why else None


def _costs(up: int, down: int) -> AttentionItem | None:
    return AttentionItem(AttentionKind.COSTS, up + down, figures=(up, down)) if up + down else None


def _sum(amounts: Mapping[str, int], convert: Convert) -> int:
    return sum(convert(amount, code) or 0 for code, amount in amounts.items())
