"""The lines of a bulk preview as immutable values, made in the data lane: nothing is computed while the table paints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from desktop_app.domain.bulk_edits import EditRow, RowState
from desktop_app.domain.edit_totals import is_lowered, is_raised, is_warned
from desktop_app.domain.folding import folded
from desktop_app.domain.language import tr, trn
from desktop_app.domain.pace import paced
from desktop_app.domain.percents import cut_margin, cut_percent
from desktop_app.domain.price_plans import Note, SkipReason
from desktop_app.services.bulk_edit import EditBasis, Preview
from desktop_app.views.formats import extra_decimals, percent_text, price_text


class PreviewFilter(Enum):
    """The chips above the preview."""

    ALL = auto()
    RAISED = auto()
    LOWERED = auto()
    SKIPPED = auto()
    WARNINGS = auto()


class Look(Enum):
    """How a note is meant."""

    QUIET = auto()
    WARNING = auto()
    DANGER = auto()


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A country or a network of the preview.

    Attributes:
        row: what happens to it.
        name: the country's name in the person's language, or the network's.
        code: the ISO code, or the network's MCC/MNC.
        change: of the price, in hundredths of a percent, cut off; None where it stays or had none.
        margin_before: in hundredths of a percent, cut off.
        margin_after: likewise.
        profit: how much more it earns at the volume of the last 30 days, in micro-units; None without a volume.
        note: what is to be said about it, "" for nothing.
        note_icon: a name in resources/icons.
        look: how the note is meant.
        tick: whether the edit includes it; None where the person has no say in that.
        words: folded names and codes, a line each, for finding it.
    """

    row: EditRow
    name: str
    code: str
    change: int | None
    margin_before: int | None
    margin_after: int | None
    profit: int | None
    note: str
    note_icon: str
    look: Look
    tick: bool | None
    words: str

    @property
    def is_network(self) -> bool:
        """Whether it is a network, not a country."""
        return self.row.rate.mccmnc is not None

    @property
    def is_ticked(self) -> bool:
        """Whether the edit includes it."""
        return bool(self.tick)

    @property
    def can_be_ticked(self) -> bool:
        """Whether the person may include it or leave it out."""
        return self.tick is not None

    @property
    def changes(self) -> bool:
        """Whether it gets another price, or would."""
        return self.row.state in (RowState.CHANGED, RowState.REFUSED) and self.row.after != self.row.rate.price


TESTS: Final[Mapping[PreviewFilter, Callable[[PreviewLine], bool]]] = {
    PreviewFilter.ALL: lambda _: True,
    PreviewFilter.RAISED: lambda line: is_raised(line.row),
    PreviewFilter.LOWERED: lambda line: is_lowered(line.row),
    PreviewFilter.SKIPPED: lambda line: line.row.state in (RowState.SKIPPED, RowState.UNTICKED),
    PreviewFilter.WARNINGS: lambda line: is_warned(line.row),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Lines that a table shows, with what it would have to look through all of them for.

    Attributes:
        lines: the lines.
        rate_ids: of which rows they are.
        ticks: the different ``tick`` among them.
    """

    lines: Sequence[PreviewLine] = ()
    rate_ids: tuple[int, ...] = ()
    ticks: frozenset[bool | None] = frozenset()

    @classmethod
    def of(cls, lines: Sequence[PreviewLine]) -> "Selection":
        """Return the selection of ``lines``."""
        return cls(lines, tuple(line.row.rate.rate_id for line in lines), frozenset(line.tick for line in lines))


@dataclass(frozen=True, slots=True)
class PreviewSheet:
    """Everything the table of a preview shows.

    Attributes:
        lines: by name, a country before its networks; those that lose money come first.
        selected: what each chip selects.
        losing: those that sell below cost afterwards and about which nothing was decided.
        by_hand: how many are skipped because they were set by hand.
        spare: how many decimals beyond the fourth (costs, prices) have at most.
        prices: the widest price (before, after).
        margins: the widest margin (before, after).
    """

    lines: tuple[PreviewLine, ...] = ()
    selected: Mapping[PreviewFilter, Selection] = field(default_factory=dict)
    losing: tuple[PreviewLine, ...] = ()
    by_hand: int = 0
    spare: tuple[int, int] = (0, 0)
    prices: tuple[str, str] = ("", "")
    margins: tuple[str, str] = ("", "")


def preview_sheet(preview: Preview, basis: EditBasis, names: Mapping[str, str]) -> PreviewSheet:
    """Return what the table shows of ``preview``; ``names`` are those of the countries."""
    lines = _in_order([_line(row, basis, names) for row in paced(preview.rows)], names)
    changing = [line for line in lines if line.changes]
    return PreviewSheet(
        lines=tuple(lines),
        selected={
            chosen: Selection.of([line for line in paced(lines) if test(line)]) for chosen, test in TESTS.items()
        },
        losing=tuple(line for line in lines if _is_open_loss(line.row)),
        by_hand=sum(line.row.reason is SkipReason.MANUAL for line in lines),
        spare=(
            max((extra_decimals(line.row.rate.cost) for line in lines), default=0),
            max((extra_decimals(line.row.after) for line in lines), default=0),
        ),
        prices=(
            _widest(price_text, [line.row.rate.price for line in changing]),
            _widest(price_text, [line.row.after for line in lines]),
        ),
        margins=(
            _widest(percent_text, [line.margin_before for line in changing]),
            _widest(percent_text, [line.margin_after for line in lines]),
        ),
    )


# The names are the same in every preview.
_folded = lru_cache(maxsize=65_536)(folded)


def _widest(write: Callable[[int], str], values: Sequence[int | None]) -> str:
    """Return the longest text of numbers: that of the smallest or of the largest."""
    known = [value for value in values if value is not None]
    return max((write(min(known)), write(max(known))), key=len) if known else ""


def _in_order(lines: Iterable[PreviewLine], names: Mapping[str, str]) -> list[PreviewLine]:
    """Sort lines country by country: sorting all of them at once would hold up every other thread, the window's too."""
    of_country: dict[str, list[PreviewLine]] = {}
    for line in lines:
        of_country.setdefault(line.row.rate.country, []).append(line)
    ordered: list[PreviewLine] = []
    for iso in sorted(of_country, key=lambda iso: _folded(names.get(iso, iso))):
        ordered += sorted(of_country[iso], key=lambda line: (line.is_network, line.words))
    return [line for line in ordered if line.row.is_loss] + [line for line in ordered if not line.row.is_loss]


def _is_open_loss(row: EditRow) -> bool:
    return row.is_loss and row.state in (RowState.CHANGED, RowState.REFUSED) and not row.allowed


def _line(row: EditRow, basis: EditBasis, names: Mapping[str, str]) -> PreviewLine:
    rate = row.rate
    country = names.get(rate.country, rate.country)
    name = country if rate.mccmnc is None else rate.network or rate.mccmnc
    volume = basis.volumes.get(rate.rate_id)
    more = None if row.after is None or rate.price is None else row.after - rate.price
    moved = more if row.state in (RowState.CHANGED, RowState.REFUSED) else None
    note, icon, look = _note(row, basis.client_prices.get(rate.country, 0) if rate.mccmnc is None else 0)
    return PreviewLine(
        row=row, name=name, code=rate.mccmnc or rate.country,
        change=None if not moved or not rate.price else cut_percent(moved, rate.price),
        margin_before=cut_margin(rate.price, rate.cost), margin_after=cut_margin(row.after, rate.cost),
        profit=None if moved is None or volume is None else moved * volume,
        note=note, note_icon=icon, look=look,
        tick=None if row.state is RowState.SKIPPED else row.state is not RowState.UNTICKED,
        words=f"{_folded(name)}\n{_folded(country)}\n{rate.country.casefold()}\n{rate.mccmnc or ''}",
    )  # fmt: skip


def _note(row: EditRow, client_prices: int) -> tuple[str, str, Look]:
    """Return what is to be said about a row, the gravest first: (text, icon, look)."""
    capped = Note.CAPPED in row.notes
    if row.state is RowState.UNTICKED:
        return tr("Excluded"), "circle-slash", Look.QUIET
    if row.state is RowState.SKIPPED and row.reason is not None:
        return skip_text(row.reason), "lock" if row.reason in _BY_HAND else "circle-slash", Look.QUIET
    if row.is_loss and row.state in (RowState.CHANGED, RowState.REFUSED):
        text = tr("Below cost, allowed") if row.allowed else tr("Below cost, capped") if capped else tr("Below cost")
        return text, "circle-alert", Look.DANGER
    if row.raised:
        return tr("Raised to break-even"), "arrow-up", Look.WARNING
    limits = [tr("capped")] if capped else []
    limits += [tr("min. profit")] if Note.MIN_PROFIT in row.notes else []
    if limits:
        text = ", ".join(limits)
        return text[0].upper() + text[1:], "triangle-alert", Look.WARNING
    if client_prices and row.state is RowState.CHANGED:
        text = trn("{count} client price stays", "{count} client prices stay", client_prices)
        return text, "users", Look.WARNING
    return "", "", Look.QUIET


_BY_HAND: Final = frozenset({SkipReason.MANUAL, SkipReason.INHERITS_MANUAL})


def skip_text(reason: SkipReason) -> str:
    """Return why a row is skipped, for a person."""
    return {
        SkipReason.MANUAL: tr("Manual, skipped"),
        SkipReason.INHERITS_MANUAL: tr("Country price is manual"),
        SkipReason.NO_COST: tr("No cost, skipped"),
        SkipReason.NO_RATE: tr("No exchange rate"),
        SkipReason.NO_PRICE: tr("No price yet"),
        SkipReason.NO_RULE: tr("No rule to go back to"),
        SkipReason.BELOW_COST: tr("Below cost"),
        SkipReason.OUT_OF_RANGE: tr("No such price"),
        SkipReason.EDITED_SINCE: tr("Edited since"),
    }[reason]
