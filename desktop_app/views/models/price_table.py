"""The price table: countries in rows, their networks folded under them; sorts, filters and drafts its own typed lines."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter, eq, indexOf
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop_app.domain.language import tr
from desktop_app.domain.money import amount_of
from desktop_app.views.formats import folded, plain_tip
from desktop_app.views.models.price_columns import (
    ALIGNED,
    AMOUNTS,
    EDITABLE,
    NUMBERS,
    PER_SMS,
    Column,
    Unit,
    amount,
    cell_text,
    figure,
    heading,
    like,
    spoken_text,
    title,
    unit_of,
    value_text,
)
from desktop_app.views.models.price_draft import DraftEdit
from desktop_app.views.models.price_drafting import drafted
from desktop_app.views.models.price_filter import Criteria, SortKey, in_order, matching
from desktop_app.views.models.price_lines import (
    PriceLine,
    PriceSheet,
    QuickFilter,
    all_lines,
    is_below_target,
)

LINE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
EXPANDED_ROLE: Final = Qt.ItemDataRole.UserRole + 2
DECIMALS_ROLE: Final = Qt.ItemDataRole.UserRole + 3
EDITED_ROLE: Final = Qt.ItemDataRole.UserRole + 4
TICKED_ROLE: Final = Qt.ItemDataRole.UserRole + 5
BELOW_TARGET_ROLE: Final = Qt.ItemDataRole.UserRole + 6
Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
# Asked for each cell at each paint: looked up, never made.
COLUMNS: Final = tuple(Column)
_LOOKED_AT: Final = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
_EDITED: Final = _LOOKED_AT | Qt.ItemFlag.ItemIsEditable
_TICKED: Final = _LOOKED_AT | Qt.ItemFlag.ItemIsUserCheckable
_KEY: Final = attrgetter("key")
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PriceTableModel(QAbstractTableModel):
    """A flat table over the countries that match, with the networks of those that are unfolded.

    ``ticked`` is emitted with the number of ticked countries when that changes.
    """

    ticked = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet = PriceSheet((), "", None, None)
        self._edits: Mapping[str, DraftEdit] = {}
        self._countries: Sequence[PriceLine] = ()
        # The same, sorted; made again when they or the sorting changed, not at every key.
        self._ordered: Sequence[PriceLine] | None = None
        self._criteria = Criteria()
        self._sort: tuple[SortKey, ...] = ()
        self._open: set[str] = set()
        # Never changed in place: it may be the sheet itself.
        self._visible: Sequence[PriceLine] = ()
        self._unfolded: dict[str, int] = {}
        self._shown_countries = 0
        self._ticked: set[str] = set()
        self._unit = PER_SMS

    # What is shown

    @property
    def sheet(self) -> PriceSheet:
        """The saved prices."""
        return self._sheet

    @property
    def countries(self) -> Sequence[PriceLine]:
        """All countries, filtered out or not, with what the draft makes of them."""
        return self._countries

    @property
    def criteria(self) -> Criteria:
        """What the table shows."""
        return self._criteria

    @property
    def unit(self) -> Unit:
        """How prices are shown."""
        return self._unit

    def show_sheet(self, sheet: PriceSheet, sorting: Sequence[SortKey] | None = None) -> None:
        """Show other prices, sorted anew where ``sorting`` is given; filter, ticks and what is unfolded stay."""
        self._sheet = sheet
        if sorting is not None:
            self._sort = tuple(sorting)
        self._countries = [drafted(line, self._edits) for line in sheet.countries] if self._edits else sheet.countries
        self._ordered = None
        if self._ticked:
            self._tick(self._ticked & {line.iso for line in sheet.countries})
        self._refresh()

    def show_edits(self, edits: Mapping[str, DraftEdit], changed: Collection[str]) -> None:
        """Show the draft; ``changed`` are the keys whose edit is another. No row moves."""
        self._edits = edits
        countries = {key.partition("/")[0] for key in changed}
        saved = {line.iso: line for line in self._sheet.countries if line.iso in countries}
        fresh = {iso: drafted(line, edits) for iso, line in saved.items()}
        self._countries = [fresh.get(line.iso, line) for line in self._countries]
        self._ordered = None
        lines = {line.key: line for line in all_lines(fresh.values())}
        self._visible = [lines.get(line.key, line) for line in self._visible]
        for row, line in enumerate(self._visible):
            if line.iso in fresh:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def set_filter(self, text: str, quick: QuickFilter) -> None:
        """Show only what a person typed (name, ISO, dial code, MCC/MNC, network) and what a chip selects."""
        self.set_criteria(replace(self._criteria, text=folded(text), quick=quick))

    def set_criteria(self, criteria: Criteria) -> None:
        """Show only what meets ``criteria``, whose text is folded."""
        if criteria != self._criteria:
            self._criteria = criteria
            self._rebuild()

    def set_unit(self, sms: int) -> None:
        """Show prices per 1 or per 1,000 SMS."""
        self._unit = replace(self._unit, sms=sms)
        if self._visible:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._visible) - 1, len(Column) - 1))

    def count(self, quick: QuickFilter) -> int:
        """Return how many countries a chip selects, whatever is typed."""
        return self._sheet.counts.get(quick, 0)

    @property
    def shown_countries(self) -> int:
        """How many countries are in the table now."""
        return self._shown_countries

    @property
    def shown_isos(self) -> list[str]:
        """The ISO codes of the countries that are in the table now."""
        return [line.iso for line in self._visible if not line.is_network]

    def line(self, row: int) -> PriceLine:
        """Return what stands in ``row``, with what the draft makes of it."""
        return self._visible[row]

    def text(self, row: int, column: Column) -> str:
        """Return what a cell shows."""
        return cell_text(self._visible[row], column, self._unit)

    def is_edited(self, row: int) -> bool:
        """Return whether the price in ``row`` was edited and is not saved."""
        return self._visible[row].key in self._edits

    def is_ticked(self, row: int) -> bool:
        """Return whether the country in ``row`` is ticked; networks never are."""
        line = self._visible[row]
        return line.mccmnc is None and line.iso in self._ticked

    def is_below_target(self, row: int) -> bool:
        """Return whether the row in ``row`` earns less than the target."""
        return is_below_target(self._visible[row], self._sheet.target)

    def decimals(self, column: Column) -> tuple[int, int]:
        """Return how many decimals an amount of a column has at least, and at most within it."""
        most, unit = self._sheet.most[AMOUNTS.index(like(column))], unit_of(column, self._unit)
        return unit.base, unit.most(most)

    def row_of(self, key: str) -> int | None:
        """Return the row that shows a line, None while it is folded away or filtered out."""
        try:
            return indexOf(map(_KEY, self._visible), key)
        except ValueError:
            return None

    # Folding

    def is_expanded(self, row: int) -> bool:
        """Return whether networks of ``row`` stand under it."""
        line = self._visible[row]
        return not line.is_network and line.iso in self._unfolded

    def toggle(self, row: int) -> None:
        """Fold or unfold the networks of the country in ``row``; nothing happens where there are none."""
        line = self._visible[row]
        if not line.networks:
            return
        if self.is_expanded(row):
            count = self._unfolded.pop(line.iso)
            self._open.discard(line.iso)
            self.beginRemoveRows(_ROOT, row + 1, row + count)
            self._visible = [*self._visible[: row + 1], *self._visible[row + 1 + count :]]
            self.endRemoveRows()
        else:
            networks = in_order(line.networks, self._sort)
            self._open.add(line.iso)
            self._unfolded[line.iso] = len(networks)
            self.beginInsertRows(_ROOT, row + 1, row + len(networks))
            self._visible = [*self._visible[: row + 1], *networks, *self._visible[row + 1 :]]
            self.endInsertRows()
        first = self.index(row, 0)
        self.dataChanged.emit(first, self.index(row, Column.COUNTRY))

    # Sorting

    @property
    def sorting(self) -> tuple[SortKey, ...]:
        """The columns that sort, the first one first; empty while the table stands in order of names."""
        return self._sort

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by one column, missing values last; column -1 is the order of names."""
        self.sort_by(() if column < 0 else ((Column(column), order),))

    def sort_by(self, keys: Sequence[SortKey]) -> None:
        """Sort by several columns, the first one first."""
        before, self._sort, self._ordered = self._sort, tuple(keys), None
        for column in sorted({column for column, _ in {*before} ^ {*self._sort}}):
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)
        self._rebuild()

    # Ticks

    @property
    def ticked_countries(self) -> frozenset[str]:
        """The ISO codes of the countries that are ticked."""
        return frozenset(self._ticked)

    def tick(self, row: int) -> None:
        """Tick or untick the country of a row."""
        iso = self._visible[row].iso
        self._tick(self._ticked ^ {iso})

    def tick_all(self) -> int:
        """Tick every country that matches the filter, seen or not, and return how many."""
        self._tick({line.iso for line in self._visible if not line.is_network})
        return len(self._ticked)

    def tick_none(self) -> None:
        """Untick everything."""
        self._tick(set())

    def tick_state(self) -> Qt.CheckState:
        """Return whether all, some or none of the countries shown are ticked."""
        if not self._ticked:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if len(self._ticked) >= self._shown_countries else Qt.CheckState.PartiallyChecked

    def _tick(self, ticked: Iterable[str]) -> None:
        fresh = set(ticked)
        if fresh == self._ticked:
            return
        before, self._ticked = self.tick_state(), fresh
        if self._visible:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._visible) - 1, len(Column) - 1))
        if self.tick_state() is not before:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.TICK, Column.TICK)
        self.ticked.emit(len(fresh))

    # Qt's contract

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many lines are shown."""
        return 0 if parent.isValid() else len(self._visible)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a cell: sale price and margin are edited, countries ticked."""
        row, column = index.row(), index.column()
        if not 0 <= row < len(self._visible):
            return Qt.ItemFlag.NoItemFlags
        if column == Column.PRICE or (column in EDITABLE and self._visible[row].cost is not None):
            return _EDITED
        if column == Column.TICK and not self._visible[row].is_network:
            return _TICKED
        return _LOOKED_AT

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, alignment, tooltip and what a screen reader says; LINE_ROLE is the PriceLine.

        EditRole is the Decimal of an amount. DECIMALS_ROLE, for amounts only, is how many decimals each has at least and the
        column at most. EDITED_ROLE tells an edited sale price, TICKED_ROLE a ticked country.
        """
        if not index.isValid() or index.row() >= len(self._visible):
            return None
        line = self._visible[index.row()]
        if role == LINE_ROLE:
            return line
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(line, column, self._unit)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in NUMBERS else _LEFT
        if role == EXPANDED_ROLE:
            return self.is_expanded(index.row())
        if role == TICKED_ROLE:
            return self.is_ticked(index.row())
        return self._more_data(line, column, role)

    def _more_data(self, line: PriceLine, column: Column, role: int) -> Any:
        if role == EDITED_ROLE:
            return column is Column.PRICE and line.key in self._edits
        if role == BELOW_TARGET_ROLE:
            return is_below_target(line, self._sheet.target)
        if role == DECIMALS_ROLE and column in ALIGNED:
            return self.decimals(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            tip = self._tooltip(line, column)
            return plain_tip(tip) if tip else tip
        if role == Qt.ItemDataRole.CheckStateRole and column is Column.TICK and not line.is_network:
            return Qt.CheckState.Checked if line.iso in self._ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.EditRole and column in ALIGNED:
            micro = amount(line, column)
            return None if micro is None else amount_of(micro)
        return self._spoken(line, column) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings; the header view adds the arrow of a sorted one."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return heading(column, self._sheet.currency, moved=self._criteria.quick is QuickFilter.COST)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in NUMBERS else _LEFT
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken_heading(column)
        return None

    def _spoken_heading(self, column: Column) -> str:
        if column is Column.TICK:
            return tr("Tick boxes")
        order = next((order for sorted_by, order in self._sort if sorted_by is column), None)
        if order is None:
            return title(column)
        way = tr("sorted upwards") if order is Qt.SortOrder.AscendingOrder else tr("sorted downwards")
        return f"{title(column)}, {way}"

    def _spoken(self, line: PriceLine, column: Column) -> str:
        if column is Column.TICK:
            ticked = line.iso in self._ticked and not line.is_network
            return f"{line.name}, {tr('ticked') if ticked else tr('not ticked')}"
        return spoken_text(
            line, column, self._sheet.spoken_currency or self._sheet.currency, self._unit,
            changed=line.key in self._edits, below_target=is_below_target(line, self._sheet.target),
            unfolded=line.iso in self._unfolded,
        )  # fmt: skip

    def _tooltip(self, line: PriceLine, column: Column) -> str | None:
        edit = self._edits.get(line.key)
        if column is Column.PRICE and edit is not None:
            return tr("Was {price}", price=figure(edit.shown, self._unit))
        if column is Column.COST:
            return self._cost_tooltip(line)
        if column is Column.PROVIDER:
            return self._provider_tooltip(line)
        if column in (Column.RULE, Column.SENDER, Column.CHANGED_BY):
            return value_text(line, column, self._unit)
        return line.name if column is Column.COUNTRY else None

    def _provider_tooltip(self, line: PriceLine) -> str | None:
        """Say who else reaches a country, and at what cost."""
        others = self._sheet.elsewhere.get(line.iso, ())
        if not line.provider or line.is_network:
            return line.provider or None
        used = f"{line.provider} {figure(line.provider_cost, self._unit)} {line.provider_currency}"
        told = [tr("{provider}, in use", provider=used)] if others else [used]
        return "\n".join([*told, *(f"{one.provider} {figure(one.cost, self._unit)} {one.currency}" for one in others)])

    def _cost_tooltip(self, line: PriceLine) -> str | None:
        if line.cost is None and not line.provider:
            return None
        told = [tr("Comes from {provider}", provider=line.provider)] if line.provider else []
        if line.old_cost is not None:
            told.append(tr("Was {price}", price=figure(line.old_cost, self._unit)))
        if line.provider_currency and line.provider_currency != self._sheet.currency:
            told.append(f"{figure(line.provider_cost, self._unit)} {line.provider_currency}")
        if line.missed:
            told.append(tr("Not updated by the last sync"))
        elif self._sheet.stale:
            told.append(tr("Older than a day"))
        return "\n".join(told)

    # Making the rows

    def _refresh(self) -> None:
        """Show other values: in place where every row stays where it is, so that nobody loses the place or a field."""
        found, unfolded, count = self._made()
        if found and len(found) == len(self._visible) and all(map(eq, map(_KEY, found), map(_KEY, self._visible))):
            self._visible = found
            self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(Column) - 1))
            return
        self.beginResetModel()
        self._visible, self._unfolded, self._shown_countries = found, unfolded, count
        self.endResetModel()

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._visible, self._unfolded, self._shown_countries = self._made()
        self.endResetModel()

    def _made(self) -> tuple[Sequence[PriceLine], dict[str, int], int]:
        """Return the rows, how many networks stand under each unfolded country, and how many countries there are."""
        text, countries = self._criteria.text, self._admitted()
        countries = matching(countries, text)
        if not text and not self._open:
            return countries, {}, len(countries)
        under = {line.iso: self._networks_of(line, text) for line in countries if line.networks}
        unfolded = {iso: len(networks) for iso, networks in under.items() if networks}
        if not unfolded:
            return countries, {}, len(countries)
        visible: list[PriceLine] = []
        for country in countries:
            visible.append(country)
            if country.iso in unfolded:
                visible += in_order(under[country.iso], self._sort)
        return visible, unfolded, len(countries)

    def _networks_of(self, country: PriceLine, text: str) -> Sequence[PriceLine]:
        """Return the networks that stand under a country: those that the text names, or all when it is unfolded."""
        if text and not country.matches(text):
            return [network for network in country.networks if network.matches(text)]
        return country.networks if country.iso in self._open else ()

    def _admitted(self) -> Sequence[PriceLine]:
        """Return the countries, sorted, that pass everything but the typed text."""
        criteria, target = self._criteria, self._sheet.target
        if self._ordered is None:
            self._ordered = in_order(self._countries, self._sort)
        if criteria == Criteria(criteria.text):
            return self._ordered
        return [line for line in self._ordered if criteria.admits(line, target)]
