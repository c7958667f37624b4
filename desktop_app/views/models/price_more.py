"""What columns show that are hidden by default: read only while somebody looks at them, in the data lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from desktop_app.domain.percents import cut_percent
from desktop_app.domain.sender_ids import SenderRule, rule_for
from desktop_app.services.country_rules import CountryRulesService
from desktop_app.services.price_history import PriceHistoryService
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.models.sender_rule_words import sender_pill
from desktop_app.views.moments import moment_text

Place = tuple[str, str | None]
_CHANGES: Final = frozenset({Column.LAST_CHANGE, Column.CHANGED_BY})


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted from the messages of 30 days, now and then.

    Attributes:
        volumes: billed segments by (country, mccmnc).
        delivery: (delivered, reported in the end) likewise, None while nobody looks at it.
    """

    volumes: Mapping[Place, int]
    delivery: Mapping[Place, tuple[int, int]] | None = None


@dataclass(frozen=True, slots=True)
class More:
    """What else there is to say about the rows; a part that is not wanted is empty.

    Attributes:
        now: when this was read.
        changes: (when, by whom) a row's own price was changed last.
        by_rule: what its rule makes of a cost that moved.
        delivery: as counted.
        senders: the rules for sender IDs that are in force, by country; None while nobody looks at them.
    """

    now: datetime
    changes: Mapping[Place, tuple[datetime, str]] = field(default_factory=lambda: MappingProxyType({}))
    by_rule: Mapping[Place, int | None] = field(default_factory=lambda: MappingProxyType({}))
    delivery: Mapping[Place, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    senders: Mapping[str, SenderRule] | None = None


def read_more(
    history: PriceHistoryService, rules: CountryRulesService, wanted: frozenset[Column], counted: Counted | None,
    now: datetime,
) -> More | None:  # fmt: skip
    """Read what the ``wanted`` columns show, None when they need nothing."""
    if not wanted:
        return None
    moves = history.cost_changes() if Column.RULE_PRICE in wanted else ()
    return More(
        now,
        history.last_changes() if wanted & _CHANGES else {},
        {(one.move.country, one.move.mccmnc): one.by_rule for one in moves},
        (counted.delivery if counted and Column.DELIVERY in wanted else None) or {},
        rules.in_force() if Column.SENDER in wanted else None,
    )


def with_more(countries: Sequence[PriceLine], more: More | None) -> Sequence[PriceLine]:
    """Return the lines with what else there is to say about them."""
    if more is None:
        return countries
    delivery = {**more.delivery, **_of_countries(more.delivery)}
    return [_told(line, more, delivery) for line in countries]


def _told(line: PriceLine, more: More, delivery: Mapping[Place, tuple[int, int]]) -> PriceLine:
    place = (line.iso, line.mccmnc)
    changed, good = more.changes.get(place), delivery.get(place)
    facts: dict[str, Any] = {
        "changed_at": changed and changed[0], "changed": moment_text(changed[0], more.now) if changed else "",
        "changed_by": changed[1] if changed else "", "by_rule": more.by_rule.get(place),
        "delivered": cut_percent(*good) if good else None,
        "sender": "" if more.senders is None else sender_pill(rule_for(more.senders, line.iso))[0],
    }  # fmt: skip
    return replace(line, **facts, networks=tuple(_told(one, more, delivery) for one in line.networks))


def _of_countries(delivery: Mapping[Place, tuple[int, int]]) -> dict[Place, tuple[int, int]]:
    """Return the totals of whole countries, whatever the network."""
    totals: dict[Place, tuple[int, int]] = {}
    for (iso, _), (good, ended) in delivery.items():
        before = totals.get((iso, None), (0, 0))
        totals[iso, None] = (before[0] + good, before[1] + ended)
    return totals
