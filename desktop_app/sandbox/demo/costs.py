"""What the provider asks for: this morning's costs, and how they came to be so in the month before."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from desktop_app.sandbox.demo.travel import START, Calendar
from desktop_app.sandbox.prices import Country, Network, PriceBook, spread

_STEP: Final = Decimal("0.0001")
_LOWEST: Final = Decimal("0.0050")
# The dearest network of each country, in ten-thousandths of a euro; the others follow from their codes.
_KNOWN: Final = """
TR 184 DE 864 US 434 GB 349 FR 713 BR 385 IN 361 PL 312 IT 612 ES 603 NL 921 SA 1485 AT 712 CA 79 SE 472 BE 868 BG 792
CZ 473 DK 461 EE 644 FI 598 GR 655 HU 741 IE 704 HR 921 CY 489 LV 581 LT 437 LU 692 MT 563 PT 376 RO 548 SK 679 SI 617
NO 585 CH 532 UA 967 AZ 1894 IL 821 AE 346 QA 573 KW 938 EG 1173 MA 826 ZA 241 NG 1296 KE 874 AU 397 NZ 861 JP 665
KR 302 SG 368 MY 552 ID 1437 TH 213 VN 704 PH 318 PK 589 BD 924 KZ 765 MX 276 CO 105 AR 528 CL 467
"""
# What it was until this morning.
_UNTIL_TODAY: Final = "DE 839 SA 1431 HR 905 CY 365 RO 531 PT 362 KE 851 PH 301 PL 321 VN 728 EG 1204"
# When costs were pulled: days ago, and how many countries' costs had moved since the time before.
_PULLS: Final = ((60, 14), (24, 12), (4, 10))
# What Germany cost before two of them.
_GERMANY: Final = {60: "822", 24: "831"}
SYNC_MINUTES_AGO: Final = 12
# Not sold any more since the second time, and never priced: they have neither cost nor price.
CLOSED: Final = frozenset({"ER", "KI", "NR", "TK"})
# One price on all networks, so that all of them lose as their country does, or none.
_LEVEL: Final = frozenset({"SA", "HR"})


class CostHistory:
    """The costs of every country at each pull.

    Args:
        seed: which countries' costs moved.
        still: countries whose costs move this morning only, or never.
    """

    def __init__(self, seed: int, still: frozenset[str]) -> None:
        self._book = PriceBook()
        self._dice = random.Random(seed)  # noqa: S311 - repeatable by design
        today = {iso: _first_cost(country) for iso, country in self._book.countries.items()}
        today |= _read(_KNOWN)
        self._costs = [today, today | _read(_UNTIL_TODAY)]
        movable = sorted(today.keys() - still - _read(_UNTIL_TODAY).keys())
        for days_ago, count in reversed(_PULLS):
            self._costs.append(self._before(self._costs[-1], movable, days_ago, count))
        self._costs.reverse()

    def books(self, calendar: Calendar) -> list[tuple[datetime, Mapping[str, Country]]]:
        """Return when costs were pulled, and what was listed then."""
        moments = [calendar.on(START, 8, 20), *(calendar.on(days, 7, 30) for days, _ in _PULLS)]
        moments.append(calendar.ago(SYNC_MINUTES_AGO))
        return [
            (at, self._listed(costs, CLOSED if place else frozenset()))
            for place, (at, costs) in enumerate(zip(moments, self._costs, strict=True))
        ]

    def _before(
        self, after: Mapping[str, Decimal], movable: list[str], days_ago: int, count: int
    ) -> dict[str, Decimal]:
        costs = dict(after)
        for iso in self._dice.sample(movable, count):
            percent = Decimal(self._dice.choice((-4, -3, -2, 2, 2, 3, 4, 6)))
            costs[iso] = _rounded(costs[iso] * 100 / (100 + percent))
        if days_ago in _GERMANY:
            costs["DE"] = Decimal(_GERMANY[days_ago]) * _STEP
        return costs

    def _listed(self, costs: Mapping[str, Decimal], closed: frozenset[str]) -> Mapping[str, Country]:
        return {
            iso: replace(country, networks=() if iso in closed else _priced(country, costs[iso]))
            for iso, country in self._book.countries.items()
        }


def _read(text: str) -> dict[str, Decimal]:
    words = text.split()
    return {iso: Decimal(cost) * _STEP for iso, cost in zip(words[::2], words[1::2], strict=True)}


def _first_cost(country: Country) -> Decimal:
    return _rounded(max(Decimal(network.price) for network in country.networks))


def _priced(country: Country, dearest: Decimal) -> tuple[Network, ...]:
    """Return the country's networks at up to 4 % less than the dearest of them."""
    steps = [spread(f"demo {network.mcc}{network.mnc}", 5) for network in country.networks]
    least = 0 if country.iso in _LEVEL else min(steps)
    return tuple(
        replace(
            network, price=f"{dearest if country.iso in _LEVEL else _rounded(dearest * (100 - step + least) / 100)}"
        )
        for network, step in zip(country.networks, steps, strict=True)
    )


def _rounded(cost: Decimal) -> Decimal:
    return max(cost.quantize(_STEP, ROUND_HALF_UP), _LOWEST)
