"""What a bulk edit means for the money: average margin, profit, countries by margin, the largest country as an example."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from desktop_app.domain.bulk_edits import EditRow, RowState
from desktop_app.domain.pace import paced
from desktop_app.domain.percents import cut_margin, cut_percent, tenths
from desktop_app.domain.rates import Rate

# Lower ends of the histogram's bars in tenths of a percent; the first bar is everything below 0.
BOUNDS: Final = (0, 100, 200, 250, 300, 350)
Place = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Money:
    """Revenue and profit in micro-units, now or after."""

    revenue: int
    profit: int

    @property
    def margin(self) -> int | None:
        """The average margin in hundredths of a percent, cut off; None without any price."""
        return cut_percent(self.profit, self.revenue)

    def points_since(self, before: "Money") -> int:
        """Return by how much the margin grew, in hundredths of a point, cut off; 0 where one of them has none."""
        grown = self.profit * before.revenue - before.profit * self.revenue
        return cut_percent(grown, self.revenue * before.revenue) or 0


@dataclass(frozen=True, slots=True)
class EditTotals:
    """The totals of a preview.

    Attributes:
        now: of the rows as they are.
        after: of the rows as they will be.
        is_weighted: by volume; else there is none yet, every row counts once and ``profit`` is that of one segment each.
        bars_now: rows by margin, one count for each bar of ``BOUNDS`` and one for below 0.
        bars_after: likewise.
        raised: rows that get dearer.
        lowered: rows that get cheaper.
        skipped: rows that stay, unticked ones included.
        warnings: rows that a limit changed, or that sell below cost.
        refused: rows that block the edit.
        written: rows that are saved.
    """

    now: Money
    after: Money
    is_weighted: bool
    bars_now: tuple[int, ...]
    bars_after: tuple[int, ...]
    raised: int
    lowered: int
    skipped: int
    warnings: int
    refused: int
    written: int


def row_volumes(rates: Iterable[Rate], sent: Mapping[Place, int]) -> dict[int, int]:
    """Return the segments that each row's price was charged for, by rate id.

    What went to a network without a price of its own counts for its country.

    Args:
        rates: rows of a price list, each country's own among them.
        sent: segments by (country, mccmnc).
    """
    rows = list(rates)
    countries = {rate.country: rate for rate in rows if rate.mccmnc is None}
    own = {(rate.country, rate.mccmnc): rate.rate_id for rate in rows if _has_own_price(rate, countries)}
    volumes: dict[int, int] = {}
    for (country, mccmnc), segments in sent.items():
        rate_id = own.get((country, mccmnc))
        if rate_id is None and country in countries:
            rate_id = countries[country].rate_id
        if rate_id is not None:
            volumes[rate_id] = volumes.get(rate_id, 0) + segments
    return volumes


def total(rows: Sequence[EditRow], volumes: Mapping[int, int]) -> EditTotals:
    """Return the totals of ``rows``.

    Without any volume every country counts once, or every network where there are only those.
    """
    weighted = any(volumes.get(row.rate.rate_id) for row in rows)
    counted = [row for row in rows if row.rate.mccmnc is None] or list(rows)
    weights = [(row, volumes.get(row.rate.rate_id, 0)) for row in rows] if weighted else [(row, 1) for row in counted]
    return EditTotals(
        now=_money((row.rate.price, row.rate.cost, weight) for row, weight in weights),
        after=_money((row.after, row.rate.cost, weight) for row, weight in weights),
        is_weighted=weighted,
        bars_now=_bars(cut_margin(row.rate.price, row.rate.cost) for row in counted),
        bars_after=_bars(cut_margin(row.after, row.rate.cost) for row in counted),
        raised=sum(map(is_raised, paced(rows))),
        lowered=sum(map(is_lowered, paced(rows))),
        skipped=sum(row.state in (RowState.SKIPPED, RowState.UNTICKED) for row in paced(rows)),
        warnings=sum(map(is_warned, paced(rows))),
        refused=sum(row.state is RowState.REFUSED for row in paced(rows)),
        written=sum(row.is_written for row in paced(rows)),
    )


def largest(rows: Sequence[EditRow], volumes: Mapping[int, int], networks: Mapping[str, int]) -> EditRow | None:
    """Return the changed row with the largest volume; without any, that of the country with the most networks."""
    changed = [row for row in rows if row.is_written]
    own = [row for row in changed if row.rate.mccmnc is None] or changed
    return max(own, key=lambda row: (volumes.get(row.rate.rate_id, 0), networks.get(row.rate.country, 0)), default=None)


def is_raised(row: EditRow) -> bool:
    """Whether the row gets dearer, or gets its first price."""
    return _moves(row) and (row.rate.price is None or (row.after or 0) > row.rate.price)


def is_lowered(row: EditRow) -> bool:
    """Whether the row gets cheaper."""
    return _moves(row) and row.rate.price is not None and (row.after or 0) < row.rate.price


def is_warned(row: EditRow) -> bool:
    """Whether a limit changed the row, or it sells below its cost afterwards."""
    return row.state is RowState.REFUSED or (row.is_written and (bool(row.notes) or row.raised or row.is_loss))


def _moves(row: EditRow) -> bool:
    return row.state in (RowState.CHANGED, RowState.REFUSED) and row.after is not None


def _has_own_price(rate: Rate, countries: Mapping[str, Rate]) -> bool:
    country = countries.get(rate.country)
    overridden = country is not None and country.manual and not rate.manual
    return rate.mccmnc is not None and rate.price is not None and not overridden


def _money(parts: Iterable[tuple[int | None, int | None, int]]) -> Money:
    revenue = profit = 0
    for price, cost, weight in parts:
        if price is not None and cost is not None:
            revenue += price * weight
            profit += (price - cost) * weight
    return Money(revenue, profit)


def _bars(margins: Iterable[int | None]) -> tuple[int, ...]:
    """Count margins as they are shown, with one decimal: what reads 35.0% stands in the bar from 35 on."""
    counts = [0] * (len(BOUNDS) + 1)
    ends = [-(10**12), *BOUNDS, 10**12]
    for hundredths in margins:
        if hundredths is not None:
            shown = tenths(hundredths)
            counts[next(place for place, (low, high) in enumerate(pairwise(ends)) if low <= shown < high)] += 1
    return tuple(counts)
