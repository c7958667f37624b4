"""Which countries the price table shows, and in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt

from desktop_app.domain.percents import tenths
from desktop_app.views.models.price_columns import SORT_KEYS, Column
from desktop_app.views.models.price_lines import CODE, PriceLine, QuickFilter, selects

SortKey = tuple[Column, Qt.SortOrder]


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the table shows.

    Attributes:
        text: what is typed, folded.
        quick: the chip.
        countries: only these ISO codes, None for all.
        provider: only what this provider lists, "" for all.
        margin_below: only what earns less than these hundredths of a percent, itself or one of its networks.
        currency: only what costs this currency, "" for all.
        own_networks: only what has networks with a price of their own.
        changed_since: only what has a price that was changed since then, itself or one of its networks.
    """

    text: str = ""
    quick: QuickFilter = QuickFilter.ALL
    countries: frozenset[str] | None = None
    provider: str = ""
    margin_below: int | None = None
    currency: str = ""
    own_networks: bool = False
    changed_since: datetime | None = None

    def admits(self, line: PriceLine, target: int) -> bool:
        """Return whether a country passes everything but the typed text."""
        return (
            (self.quick is QuickFilter.ALL or selects(self.quick, line, target))
            and (self.countries is None or line.iso in self.countries)
            and (not self.provider or line.provider == self.provider)
            and (not self.currency or line.provider_currency == self.currency)
            and (self.margin_below is None or self._some(line, self._earns_less))
            and (not self.own_networks or any(network.own is not None for network in line.networks))
            and (self.changed_since is None or self._some(line, self._is_changed))
        )

    def _some(self, line: PriceLine, test: Callable[[PriceLine], bool]) -> bool:
        return test(line) or any(map(test, line.networks))

    def _earns_less(self, line: PriceLine) -> bool:
        # Compared as it is shown, with one decimal.
        return line.margin is not None and tenths(line.margin) < tenths(self.margin_below or 0)

    def _is_changed(self, line: PriceLine) -> bool:
        return line.changed_at is not None and self.changed_since is not None and line.changed_at >= self.changed_since


def matching(countries: Sequence[PriceLine], text: str) -> Sequence[PriceLine]:
    """Return the countries that a folded ``text`` names, by themselves or by one of their networks."""
    if not text:
        return countries
    code = CODE + text
    return [
        line
        for line in countries
        if text in line.words or code in line.codes or (line.networks and _names_network(line, text))
    ]


def in_order(lines: Sequence[PriceLine], sorting: Sequence[SortKey]) -> Sequence[PriceLine]:
    """Return ``lines`` sorted by several columns, the first one first; what has no value stands last whichever way."""
    for column, order in reversed(sorting):
        lines = _sorted_by(lines, SORT_KEYS[column], reverse=order is Qt.SortOrder.DescendingOrder)
    return lines


def _names_network(country: PriceLine, text: str) -> bool:
    return any(network.matches(text) for network in country.networks)


def _sorted_by(lines: Sequence[PriceLine], key: Callable[[PriceLine], Any], *, reverse: bool) -> Sequence[PriceLine]:
    """Return ``lines`` by a key, those without one last whichever way; equal ones stay in their order."""
    try:
        return sorted(lines, key=key, reverse=reverse)
    except TypeError:
        # Some have none, which does not compare with a number.
        known = [line for line in lines if key(line) is not None]
        return sorted(known, key=key, reverse=reverse) + [line for line in lines if key(line) is None]
