"""The price table: countries in rows, their networks folded under them; sorts and filters its own typed lines."""

from collections.abc import Callable
from enum import Enum, IntEnum, auto
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.domain.language import tr
from desktop_app.views.formats import currency_symbol, folded, percent_text, price_text
from desktop_app.views.models.price_lines import PriceLine, PriceSheet

LINE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
EXPANDED_ROLE: Final = Qt.ItemDataRole.UserRole + 2
SPARE_ROLE: Final = Qt.ItemDataRole.UserRole + 3
Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    """The columns from left to right."""

    COUNTRY = 0
    DIAL = 1
    COST = 2
    PRICE = 3
    PROFIT = 4
    MARGIN = 5
    MARKUP = 6
    RULE = 7
    STATE = 8


_PRICE_ORDER: Final = (Column.COST, Column.PRICE, Column.PROFIT)
PRICES: Final = frozenset(_PRICE_ORDER)
NUMBERS: Final = PRICES | {Column.MARGIN, Column.MARKUP}


class QuickFilter(Enum):
    """The chips above the table."""

    ALL = auto()
    LOSS = auto()
    MANUAL = auto()
    UNPRICED = auto()
    OFF = auto()


_TESTS: Final[dict[QuickFilter, Callable[[PriceLine], bool]]] = {
    QuickFilter.ALL: lambda _: True,
    QuickFilter.LOSS: lambda line: line.is_loss or any(network.is_loss for network in line.networks),
    QuickFilter.MANUAL: lambda line: line.manual or any(network.manual for network in line.networks),
    QuickFilter.UNPRICED: lambda line: line.price is None,
    QuickFilter.OFF: lambda line: not line.enabled,
}
_SORT_KEYS: Final[dict[Column, Callable[[PriceLine], Any]]] = {
    Column.COUNTRY: lambda line: line.sort_name,
    Column.DIAL: lambda line: line.dial or None,
    Column.COST: lambda line: line.cost,
    Column.PRICE: lambda line: line.price,
    Column.PROFIT: lambda line: line.profit,
    Column.MARGIN: lambda line: line.margin,
    Column.MARKUP: lambda line: line.markup,
    Column.RULE: lambda line: folded(line.rule),
    Column.STATE: lambda line: line.enabled,
}


class PriceTableModel(QAbstractTableModel):
    """A flat table over the countries that match, with the networks of those that are unfolded."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet = PriceSheet((), "", None, None)
        self._text = ""
        self._quick = QuickFilter.ALL
        self._sort: tuple[Column, Qt.SortOrder] | None = None
        self._open: set[str] = set()
        self._visible: list[PriceLine] = []

    def show_sheet(self, sheet: PriceSheet) -> None:
        """Show other prices; sorting, filter and what is unfolded stay."""
        self._sheet = sheet
        self._rebuild()

    def set_filter(self, text: str, quick: QuickFilter) -> None:
        """Show only what a person typed (name, ISO, dial code, MCC/MNC, network) and what a chip selects."""
        wanted = folded(text)
        if (wanted, quick) != (self._text, self._quick):
            self._text, self._quick = wanted, quick
            self._rebuild()

    def count(self, quick: QuickFilter) -> int:
        """Return how many countries a chip selects, whatever is typed."""
        return sum(map(_TESTS[quick], self._sheet.countries))

    @property
    def shown_countries(self) -> int:
        """How many countries are in the table now."""
        return sum(1 for line in self._visible if line.dial or line.code == line.iso)

    @property
    def sorting(self) -> tuple[Column, Qt.SortOrder] | None:
        """The column that sorts, and which way; None while the table stands in order of names."""
        return self._sort

    def line(self, row: int) -> PriceLine:
        """Return what stands in ``row``."""
        return self._visible[row]

    def is_expanded(self, row: int) -> bool:
        """Return whether the networks of ``row`` stand under it."""
        following = self._visible[row + 1 : row + 2]
        return bool(self._visible[row].networks) and bool(following) and following[0] in self._visible[row].networks

    def toggle(self, row: int) -> None:
        """Fold or unfold the networks of the country in ``row``; nothing happens where there are none."""
        line = self._visible[row]
        if not line.networks:
            return
        if self.is_expanded(row):
            last = row
            while last + 1 < len(self._visible) and self._visible[last + 1] in line.networks:
                last += 1
            self._open.discard(line.iso)
            self.beginRemoveRows(_ROOT, row + 1, last)
            del self._visible[row + 1 : last + 1]
            self.endRemoveRows()
        else:
            networks = self._sorted(line.networks)
            self._open.add(line.iso)
            self.beginInsertRows(_ROOT, row + 1, row + len(networks))
            self._visible[row + 1 : row + 1] = networks
            self.endInsertRows()
        first = self.index(row, 0)
        self.dataChanged.emit(first, first)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, missing values last; column -1 is the order of names."""
        self._sort = None if column < 0 else (Column(column), order)
        self._rebuild()

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many lines are shown."""
        return 0 if parent.isValid() else len(self._visible)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, alignment, tooltip and what a screen reader says; LINE_ROLE is the PriceLine.

        SPARE_ROLE, for prices only, is how many decimals beyond the fourth the column has.
        """
        if not index.isValid() or index.row() >= len(self._visible):
            return None
        line, column = self._visible[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text_of(line, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in NUMBERS else _LEFT
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(line, column, index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.name if column is Column.COUNTRY else None
        if role == LINE_ROLE:
            return line
        if role == SPARE_ROLE:
            return self._sheet.spare[_PRICE_ORDER.index(column)]
        return self.is_expanded(index.row()) if role == EXPANDED_ROLE else None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings, the sorted one with its arrow."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heading(Column(section))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._title(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in NUMBERS else _LEFT
        return None

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._visible = []
        quick = _TESTS[self._quick]
        for country in self._sorted(self._sheet.countries):
            if not quick(country):
                continue
            whole = not self._text or country.matches(self._text)
            found = country.networks if whole else tuple(n for n in country.networks if n.matches(self._text))
            if not whole and not found:
                continue
            self._visible.append(country)
            if not whole or country.iso in self._open:
                self._visible += self._sorted(found)
        self.endResetModel()

    def _sorted(self, lines: tuple[PriceLine, ...]) -> list[PriceLine]:
        if self._sort is None:
            return list(lines)
        column, order = self._sort
        key = _SORT_KEYS[column]
        known = [line for line in lines if key(line) is not None]
        known.sort(key=key, reverse=order is Qt.SortOrder.DescendingOrder)
        return known + [line for line in lines if key(line) is None]

    def _text_of(self, line: PriceLine, column: Column) -> str:
        if column is Column.COUNTRY:
            return line.name
        if column is Column.PRICE and line.inherited:
            return tr("inherits")
        if column is Column.STATE and line.code != line.iso:
            return ""
        if column is Column.RULE and line.inherited:
            return ""
        return self._value(line, column)

    def _value(self, line: PriceLine, column: Column) -> str:
        if column is Column.STATE:
            return tr("On") if line.enabled else tr("Off")
        if column in (Column.MARGIN, Column.MARKUP):
            return percent_text(line.margin if column is Column.MARGIN else line.markup)
        if column in NUMBERS:
            amounts = {Column.COST: line.cost, Column.PRICE: line.price, Column.PROFIT: line.profit}
            return price_text(amounts[column])
        return line.dial if column is Column.DIAL else line.rule

    def _spoken(self, line: PriceLine, column: Column, row: int) -> str:
        if column is Column.COUNTRY:
            state = tr("unfolded") if self.is_expanded(row) else tr("{count} networks", count=len(line.networks))
            return f"{line.name}, {line.code}, {state}" if line.code == line.iso else f"{line.name}, {line.code}"
        unit = f" {self._sheet.currency}" if column in PRICES else ""
        inherited = tr(", from the country") if column is Column.PRICE and line.inherited else ""
        loss = tr(", below cost") if line.is_loss and column in (Column.PROFIT, Column.MARGIN) else ""
        title = self._title(column)
        return f"{line.name}, {title} {self._value(line, column)}{unit}{inherited}{loss}"

    def _heading(self, column: Column) -> str:
        title = self._title(column)
        if column in PRICES and self._sheet.currency:
            title = f"{title} {currency_symbol(self._sheet.currency)}"
        if self._sort is None or self._sort[0] is not column:
            return title
        arrow = "↑" if self._sort[1] is Qt.SortOrder.AscendingOrder else "↓"
        return f"{arrow} {title}" if column in NUMBERS else f"{title} {arrow}"

    @staticmethod
    def _title(column: Column) -> str:
        return {
            Column.COUNTRY: tr("Country"),
            Column.DIAL: tr("Dial code"),
            Column.COST: tr("Cost"),
            Column.PRICE: tr("Sale"),
            Column.PROFIT: tr("Profit"),
            Column.MARGIN: tr("Margin"),
            Column.MARKUP: tr("Markup"),
            Column.RULE: tr("Pricing rule"),
            Column.STATE: tr("Status"),
        }[column]
