"""The table of a bulk preview: every row of the scope, before and after; filters its own typed lines."""

from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop_app.domain.bulk_edits import RowState
from desktop_app.domain.folding import folded
from desktop_app.domain.language import tr
from desktop_app.views.formats import MISSING, currency_symbol, percent_text, plain_tip, price_text
from desktop_app.views.models.bulk_lines import PreviewFilter, PreviewLine, PreviewSheet, Selection
from desktop_app.views.models.money_texts import signed_money, signed_percent

Index = QModelIndex | QPersistentModelIndex
_NOTHING: Final = Selection()
_ROOT: Final = QModelIndex()
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    """The columns from left to right."""

    TICK = 0
    COUNTRY = 1
    COST = 2
    PRICE = 3
    CHANGE = 4
    MARGIN = 5
    PROFIT = 6
    NOTE = 7


NUMBERS: Final = frozenset({Column.COST, Column.PRICE, Column.CHANGE, Column.MARGIN, Column.PROFIT})


class BulkPreviewModel(QAbstractTableModel):
    """A flat table over the lines that a chip and a typed text select.

    Signals:
        ticked: (rate ids, on): the person included rows or left them out.
    """

    ticked = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet = PreviewSheet()
        self._shown = Selection()
        self._currency = ""
        self._text, self._chosen = "", PreviewFilter.ALL

    def show_sheet(self, sheet: PreviewSheet, currency: str) -> None:
        """Show another preview; while it has the same rows, the place and the selection stay."""
        heads = (self._currency, self.tick_state())
        self._sheet, self._currency = sheet, currency
        shown = self._selected()
        if shown.rate_ids == self._shown.rate_ids:
            self._shown = shown
            if shown.lines:
                self.dataChanged.emit(self.index(0, 0), self.index(len(shown.lines) - 1, len(Column) - 1))
        else:
            self._reset(shown)
        # A view lays everything out and paints it again for that: only when it is needed.
        if (currency, self.tick_state()) != heads:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def set_filter(self, text: str, chosen: PreviewFilter) -> None:
        """Show only what a person typed (name, ISO, MCC/MNC) and what a chip selects."""
        self._text, self._chosen = folded(text), chosen
        self._reset(self._selected())

    def count(self, chosen: PreviewFilter) -> int:
        """Return how many lines a chip selects, whatever is typed."""
        return len(self._sheet.selected.get(chosen, _NOTHING).lines)

    def line(self, row: int) -> PreviewLine:
        """Return what stands in ``row``."""
        return self._shown.lines[row]

    @property
    def lines(self) -> tuple[PreviewLine, ...]:
        """All lines of the preview."""
        return self._sheet.lines

    @property
    def losing(self) -> tuple[PreviewLine, ...]:
        """The lines that sell below cost afterwards and about which nothing was decided."""
        return self._sheet.losing

    def tick_state(self) -> Qt.CheckState:
        """Return whether all, some or none of the rows shown are included."""
        ticks = self._shown.ticks
        some = Qt.CheckState.PartiallyChecked if False in ticks else Qt.CheckState.Checked
        return some if True in ticks else Qt.CheckState.Unchecked

    def toggle(self, row: int) -> None:
        """Include the row or leave it out, where a person may."""
        line = self._shown.lines[row]
        if line.can_be_ticked:
            self.ticked.emit(frozenset({line.row.rate.rate_id}), not line.is_ticked)

    def toggle_all(self) -> None:
        """Include all rows shown, or leave them out when they are all included."""
        ids = frozenset(line.row.rate.rate_id for line in self._shown.lines if line.can_be_ticked)
        self.ticked.emit(ids, self.tick_state() is not Qt.CheckState.Checked)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many lines are shown."""
        return 0 if parent.isValid() else len(self._shown.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that the first column has a box."""
        flags = super().flags(index)
        checkable = index.isValid() and index.column() == Column.TICK and self._shown.lines[index.row()].can_be_ticked
        return flags | Qt.ItemFlag.ItemIsUserCheckable if checkable else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, alignment, box and what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._shown.lines):
            return None
        line, column = self._shown.lines[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(line, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in NUMBERS else _LEFT
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(line, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            tips = {Column.NOTE: line.note, Column.COUNTRY: line.name}
            return plain_tip(tips[column]) if tips.get(column) else None
        if role == Qt.ItemDataRole.CheckStateRole and column is Column.TICK and line.can_be_ticked:
            return Qt.CheckState.Checked if line.is_ticked else Qt.CheckState.Unchecked
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings; the first column's box says whether all rows are included."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heading(Column(section))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._heading(Column(section)) or tr("Included")
        if role == Qt.ItemDataRole.CheckStateRole and section == Column.TICK:
            return self.tick_state()
        return (_RIGHT if section in NUMBERS else _LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _selected(self) -> Selection:
        found, text = self._sheet.selected.get(self._chosen, _NOTHING), self._text
        return Selection.of([line for line in found.lines if text in line.words]) if text else found

    def _reset(self, shown: Selection) -> None:
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def text(self, line: PreviewLine, column: Column) -> str:
        """Return what a cell shows."""
        match column:
            case Column.COST:
                return price_text(line.row.rate.cost)
            case Column.PRICE:
                return price_text(line.row.after)
            case Column.CHANGE:
                return signed_percent(line.change)
            case Column.MARGIN:
                return percent_text(line.margin_after)
            case Column.PROFIT:
                return signed_money(line.profit) if line.profit else MISSING
            case Column.NOTE:
                return line.note
            case _:
                return line.name if column is Column.COUNTRY else ""

    def before(self, line: PreviewLine, column: Column) -> str | None:
        """Return what a cell showed before, of the columns that show both; None where nothing changes."""
        if column is Column.PRICE and line.changes:
            return price_text(line.row.rate.price)
        return percent_text(line.margin_before) if column is Column.MARGIN and line.changes else None

    def spare(self, column: Column) -> int:
        """Return how many decimals beyond the fourth the costs or the prices have."""
        return self._sheet.spare[column is Column.PRICE]

    def _spoken(self, line: PreviewLine, column: Column) -> str:
        title = self._heading(column) or tr("Included")
        if column is Column.TICK:
            state = tr("yes") if line.is_ticked else tr("no")
            return f"{line.name}, {title}: {state}"
        before = self.before(line, column)
        text = self.text(line, column)
        if column is Column.COUNTRY:
            return f"{line.name}, {line.code}, {line.note}" if line.note else f"{line.name}, {line.code}"
        if before is not None:
            text = tr("from {before} to {after}", before=before, after=text)
        loss = tr(", below cost") if line.row.is_loss and column in (Column.PRICE, Column.MARGIN) else ""
        refused = tr(", blocks the edit") if line.row.state is RowState.REFUSED and column is Column.NOTE else ""
        return f"{line.name}, {title} {text}{loss}{refused}"

    def _heading(self, column: Column) -> str:
        symbol = currency_symbol(self._currency)
        return {
            Column.TICK: "",
            Column.COUNTRY: tr("Country"),
            Column.COST: f"{tr('Cost')} {symbol}".strip(),
            Column.PRICE: f"{tr('Sale price')} {symbol}".strip(),
            Column.CHANGE: tr("Change"),
            Column.MARGIN: tr("Margin"),
            Column.PROFIT: f"{tr('Profit / 30 d')} {symbol}".strip(),
            Column.NOTE: tr("Note"),
        }[column]
