"""A table of prices whose columns can be shown, hidden, moved and resized, and make room for what matters most."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from desktop_app.views.models.price_columns import HIDDEN, Column
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.price_header import PriceHeader

WIDTHS: Final = {
    Column.TICK: 40, Column.COUNTRY: 220, Column.PROVIDER: 90, Column.COST: 84, Column.PRICE: 80, Column.PROFIT: 80,
    Column.MARGIN: 132, Column.MARKUP: 84, Column.VOLUME: 104, Column.RULE: 112, Column.DIAL: 80, Column.MCC: 100,
    Column.PROVIDER_COST: 108, Column.CURRENCY: 104, Column.STATE: 70, Column.OLD_COST: 92,
}  # fmt: skip
# What a country's name has at least, and what goes for it where the table is narrow, the first one first.
NAME_WIDTH: Final = 176
YIELDING: Final = (Column.PROVIDER, Column.VOLUME, Column.RULE)


class ArrangedTable(QTableView):
    """Keeps which columns a person wants, in which order and how wide; some of them yield while there is no room.

    ``arranged`` is emitted when the person showed, hid, moved or resized columns.
    """

    arranged = Signal()

    def __init__(self, model: PriceTableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices, self._theme = model, theme
        self._arranging = True
        self._unwanted: set[Column] = set()
        self._moved_costs = False
        self._old_cost_place = int(Column.OLD_COST)
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
        """Return the columns' order, widths and which are hidden, for keeping."""
        return {
            "order": [column.name for column in self.ordered_columns],
            "hidden": [column.name for column in Column if column in self._unwanted],
            "widths": {column.name: self._widths[column] for column in Column if column not in self._unwanted},
        }

    def take_arrangement(self, kept: Mapping[str, Any]) -> None:
        """Arrange the columns as they were kept; what is not understood is left out."""
        known = {column.name: column for column in Column}
        order = [known[name] for name in kept.get("order", ()) if name in known]
        hidden = [known[name] for name in kept.get("hidden", ()) if name in known]
        self.arrange(order, hidden)
        for name, width in kept.get("widths", {}).items():
            if name in known and type(width) is int and known[name] not in (Column.TICK, Column.COUNTRY):
                self.setColumnWidth(known[name], max(40, min(width, 600)))
        self._make_room()

    def show_moved_costs(self, *, on: bool) -> None:
        """Show the old cost beside the new one for now, whether the column is wanted or not."""
        if on == self._moved_costs:
            return
        before, self._arranging, self._moved_costs = self._arranging, True, on
        if Column.OLD_COST in self._unwanted:
            place = self._header.visualIndex(Column.OLD_COST)
            beside = self._header.visualIndex(Column.COST)
            self._header.moveSection(place, beside - (place < beside) if on else self._old_cost_place)
            self._old_cost_place = place
        self._make_room()
        self._arranging = before

    def _make_room(self) -> None:
        """Hide what yields where the names of the countries would have too little room, and show it again where not."""
        unwanted = self._unwanted - {Column.OLD_COST} if self._moved_costs else self._unwanted
        others = [one for one in Column if one not in unwanted and one is not Column.COUNTRY]
        needed = self._theme.scaled(NAME_WIDTH) + sum(self._widths[one] for one in others)
        before, self._arranging = self._arranging, True
        super().setColumnHidden(Column.OLD_COST, Column.OLD_COST in unwanted)
        for column in YIELDING:
            if column in self._unwanted:
                continue
            # Who asked for more than the usual columns gets them all, and scrolls.
            yields = self._unwanted >= HIDDEN and needed > self.viewport().width()
            needed -= self._widths[column] if yields else 0
            super().setColumnHidden(column, yields)
        self._arranging = before

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
