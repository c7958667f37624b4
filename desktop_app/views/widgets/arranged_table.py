"""A table of prices whose columns can be shown, hidden, moved and resized, and make room for what matters most."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop_app.views.models.price_columns import HIDDEN, Column
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.frozen_table import FrozenTable
from desktop_app.views.widgets.price_header import PriceHeader

WIDTHS: Final = {
    Column.TICK: 40, Column.COUNTRY: 220, Column.PROVIDER: 80, Column.COST: 84, Column.PRICE: 78, Column.PROFIT: 78,
    Column.MARGIN: 144, Column.MARKUP: 84, Column.VOLUME: 106, Column.RULE: 114, Column.DIAL: 80, Column.MCC: 100,
    Column.PROVIDER_COST: 108, Column.CURRENCY: 104, Column.STATE: 70, Column.OLD_COST: 88, Column.LAST_CHANGE: 120,
    Column.CHANGED_BY: 120, Column.SENDER: 150, Column.DELIVERY: 104, Column.PER_THOUSAND: 116, Column.RULE_PRICE: 104,
}  # fmt: skip
# What a country's name has at least, and what goes for it where the table is narrow, the first one first.
NAME_WIDTH: Final = 172
YIELDING: Final = (Column.PROVIDER, Column.VOLUME, Column.PROFIT, Column.RULE)
# What is shown besides while the table shows which costs moved: each beside another column, before it or after it.
_MOVED: Final = ((Column.OLD_COST, Column.COST, 0), (Column.RULE_PRICE, Column.PRICE, 1))


class ArrangedTable(FrozenTable):
    """Keeps which columns a person wants, in which order and how wide; some of them yield while there is no room.

    Signals:
        arranged: the person showed, hid, moved or resized columns, or sorts by others.
        sorting_chosen: the person sorts by others; comes before ``arranged``.
    """

    arranged = Signal()
    sorting_chosen = Signal()

    def __init__(self, model: PriceTableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._prices = model
        self._arranging = True
        self._unwanted: set[Column] = set()
        self._moved_costs = False
        self._places: dict[Column, int] = {}
        self._widths: dict[Column, int] = {}
        self._scale = 0
        self.setModel(model)
        self._header = PriceHeader(model, theme, self)
        self.setHorizontalHeader(self._header)
        self._header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._header.setSectionResizeMode(Column.TICK, QHeaderView.ResizeMode.Fixed)
        self._header.setSectionResizeMode(Column.COUNTRY, QHeaderView.ResizeMode.Stretch)
        for column in Column:
            self.setColumnHidden(column, column in HIDDEN or column is Column.MARKUP)
        self._header.sectionMoved.connect(self._note_arranged)
        self._header.sectionResized.connect(self._take_width)
        self._header.sorted.connect(self.sorting_chosen)
        self._header.sorted.connect(self._note_arranged)
        theme.changed.connect(self._follow_scale)
        self._follow_scale()
        self._arranging = False

    @property
    def shown_columns(self) -> list[Column]:
        """The columns that are shown, from left to right."""
        return [column for column in self.ordered_columns if not self.isColumnHidden(column)]

    @property
    def ordered_columns(self) -> list[Column]:
        """All columns from left to right, hidden ones too."""
        return [Column(self._header.logicalIndex(place)) for place in range(self._header.count())]

    @property
    def unwanted_columns(self) -> frozenset[Column]:
        """The columns that the person does not want; one that only yields is not among them."""
        return frozenset(self._unwanted)

    def setColumnHidden(self, column: int, hide: bool) -> None:  # noqa: N802 - Qt's name
        """Show or hide a column as the person wants it."""
        (self._unwanted.add if hide else self._unwanted.discard)(Column(column))
        super().setColumnHidden(column, hide)
        if not self._arranging:
            self._make_room()

    def setColumnWidth(self, column: int, width: int) -> None:  # noqa: N802 - Qt's name
        """Make a column so wide, now or once it is shown."""
        self._widths[Column(column)] = width
        super().setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let columns yield, or bring them back."""
        super().resizeEvent(event)
        self._make_room()

    def arrange(self, order: Iterable[Column], hidden: Iterable[Column]) -> None:
        """Put the columns in an order and hide some of them; tick boxes and countries stay at the left and shown."""
        self._arranging = True
        first = [Column.TICK, Column.COUNTRY]
        wanted = [*first, *(column for column in dict.fromkeys(order) if column not in first)]
        wanted += [column for column in Column if column not in wanted]
        for place, column in enumerate(wanted):
            self._header.moveSection(self._header.visualIndex(column), place)
        away = set(hidden)
        for column in Column:
            self.setColumnHidden(column, column in away and column not in first)
        self._make_room()
        self._arranging = False
        self.arranged.emit()

    def arrangement(self) -> dict[str, Any]:
        """Return the columns' order, widths, which are hidden and which sort, for keeping."""
        return {
            "order": [column.name for column in self.ordered_columns],
            "hidden": [column.name for column in Column if column in self._unwanted],
            "widths": {column.name: self._widths[column] for column in Column if column not in self._unwanted},
            "sorting": [[column.name, order is Qt.SortOrder.DescendingOrder] for column, order in self._prices.sorting],
        }

    def take_arrangement(self, kept: Mapping[str, Any]) -> None:
        """Arrange the columns as they were kept; what is not understood is left out."""
        known = {column.name: column for column in Column}
        order = [known[name] for name in kept.get("order", ()) if name in known]
        hidden = [known[name] for name in kept.get("hidden", ()) if name in known]
        # What was not there yet when it was kept.
        hidden += [column for column in HIDDEN if column not in order]
        self.arrange(order, hidden)
        for name, width in kept.get("widths", {}).items():
            if name in known and type(width) is int and known[name] not in (Column.TICK, Column.COUNTRY):
                self.setColumnWidth(known[name], max(40, min(width, 600)))
        self._make_room()

    def take_sorting(self, kept: Mapping[str, Any]) -> None:
        """Sort as it was kept; what is not understood is left out."""
        known = {column.name: column for column in Column if column is not Column.TICK}
        ways = {True: Qt.SortOrder.DescendingOrder, False: Qt.SortOrder.AscendingOrder}
        pairs = [pair for pair in kept.get("sorting", ()) if isinstance(pair, list) and len(pair) == len(ways)]
        self._prices.sort_by([(known[name], ways[down is True]) for name, down in pairs if name in known])

    def show_moved_costs(self, *, on: bool) -> None:
        """Show old and new cost, and the price now and by its rule, side by side for now, whether wanted or not."""
        if on == self._moved_costs:
            return
        before, self._arranging, self._moved_costs = self._arranging, True, on
        for column, other, after in _MOVED if on else reversed(_MOVED):
            place = self._header.visualIndex(column)
            if on and column in self._unwanted:
                self._places[column] = place
                beside = self._header.visualIndex(other)
                self._header.moveSection(place, beside + after - (place < beside))
            elif not on and column in self._places:
                self._header.moveSection(place, self._places.pop(column))
        self._make_room()
        self._arranging = before

    def _make_room(self) -> None:
        """Hide what yields where the names of the countries would have too little room, and show it again where not."""
        moved = {column for column, _, _ in _MOVED}
        unwanted = self._unwanted - moved if self._moved_costs else self._unwanted
        others = [one for one in Column if one not in unwanted and one is not Column.COUNTRY]
        needed = self._theme.scaled(NAME_WIDTH) + sum(self._widths[one] for one in others)
        before, self._arranging = self._arranging, True
        for column in moved:
            super().setColumnHidden(column, column in unwanted)
        for column in YIELDING:
            if column in self._unwanted:
                continue
            # Who asked for more than the usual columns gets them all, and scrolls.
            yields = self._unwanted >= HIDDEN and needed > self.viewport().width()
            # Beside the cost that moved, the profit says no more than the margin.
            yields &= column is not Column.PROFIT or self._moved_costs
            needed -= self._widths[column] if yields else 0
            super().setColumnHidden(column, yields)
        self._give_room(fits=needed <= self.viewport().width())
        self._arranging = before

    def _give_room(self, *, fits: bool) -> None:
        """Let the names take what room there is left, or just enough of it where the table is scrolled sideways."""
        modes = QHeaderView.ResizeMode
        mode = modes.Stretch if fits else modes.Fixed
        if self._header.sectionResizeMode(Column.COUNTRY) is not mode:
            self._header.setSectionResizeMode(Column.COUNTRY, mode)
        if not fits:
            super().setColumnWidth(Column.COUNTRY, self._theme.scaled(NAME_WIDTH))

    def _take_width(self, column: int, _before: int, width: int) -> None:
        if not self._arranging and width:
            self._widths[Column(column)] = width
            if column != Column.COUNTRY:
                self._note_arranged()

    def _note_arranged(self) -> None:
        if not self._arranging:
            self.arranged.emit()

    def _follow_scale(self) -> None:
        """Widths grow with the text; another theme leaves them as the person made them."""
        scale = self._theme.scaled(100)
        if scale == self._scale:
            return
        before, self._arranging, self._scale = self._arranging, True, scale
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, self._theme.scaled(width))
        self._make_room()
        self._arranging = before
