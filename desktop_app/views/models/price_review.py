"""Changes of prices as they are looked at before they are saved: before and after, row by row, each can be left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop_app.domain.language import tr
from desktop_app.domain.percents import cut_margin, cut_markup
from desktop_app.views.formats import percent_text, plain_tip, price_text
from desktop_app.views.models.cell_looks import LOOK_ROLE, CellLook
from desktop_app.views.models.money_texts import signed_percent

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_MIDDLE: Final = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | _MIDDLE
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | _MIDDLE


class ReviewColumn(IntEnum):
    """The columns from left to right."""

    TICK = 0
    COUNTRY = 1
    PRICE = 2
    CHANGE = 3
    MARGIN = 4
    NOTE = 5


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One change.

    Attributes:
        key: what the caller knows it by.
        iso: of the flag, "" for none.
        name: of the country or network.
        code: the ISO code, or MCC/MNC.
        cost: micro-units, None when unknown.
        before: the price that applies now.
        after: the price it would be.
        note: what there is to say about it.
        refused: it cannot be saved; the note says why.
    """

    key: str
    iso: str
    name: str
    code: str
    cost: int | None
    before: int | None
    after: int | None
    note: str = ""
    refused: bool = False

    @property
    def is_loss(self) -> bool:
        """Whether it would be sold below cost."""
        return self.after is not None and self.cost is not None and self.after < self.cost


class ReviewModel(QAbstractTableModel):
    """The changes; ``ticked`` is emitted with how many are ticked."""

    ticked = Signal(int)

    def __init__(self, rows: Sequence[ReviewRow], parent: QObject | None = None, price_title: str = "") -> None:
        super().__init__(parent)
        self._price_title = price_title or tr("Sale price")
        self._rows = rows
        self._refused = frozenset(row.key for row in rows if row.refused)
        self._out = set(self._refused)

    @property
    def kept(self) -> list[ReviewRow]:
        """The changes that are ticked."""
        return [row for row in self._rows if row.key not in self._out]

    @property
    def kept_count(self) -> int:
        """How many changes are ticked."""
        return len(self._rows) - len(self._out)

    @property
    def tick_state(self) -> Qt.CheckState:
        """Whether all that can be ticked are, some, or none."""
        if not self.kept_count:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if self._out == self._refused else Qt.CheckState.PartiallyChecked

    def row(self, place: int) -> ReviewRow:
        """Return a change."""
        return self._rows[place]

    def is_ticked(self, place: int) -> bool:
        """Whether a change is ticked."""
        return self._rows[place].key not in self._out

    def toggle(self, place: int) -> None:
        """Tick or untick a change; one that cannot be saved stays unticked."""
        row = self._rows[place]
        if row.refused:
            return
        self._out ^= {row.key}
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(ReviewColumn) - 1))
        self.ticked.emit(self.kept_count)

    def toggle_all(self) -> None:
        """Tick all that can be, or none when they are."""
        all_on = self.tick_state is Qt.CheckState.Checked
        self._out = {row.key for row in self._rows} if all_on else set(self._refused)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(ReviewColumn) - 1))
        self.ticked.emit(self.kept_count)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many changes there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(ReviewColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, look, alignment and what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], ReviewColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            numbers = (ReviewColumn.PRICE, ReviewColumn.CHANGE, ReviewColumn.MARGIN)
            return _RIGHT if column in numbers else _LEFT
        if role == LOOK_ROLE:
            return _look(row, column)
        if role == Qt.ItemDataRole.ToolTipRole and column is ReviewColumn.NOTE:
            return plain_tip(row.note) if row.note else None
        return self._spoken(index, row, column) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(ReviewColumn):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in (ReviewColumn.PRICE, ReviewColumn.CHANGE, ReviewColumn.MARGIN) else _LEFT
        return self._title(ReviewColumn(section)) if role == Qt.ItemDataRole.DisplayRole else None

    def _spoken(self, index: Index, row: ReviewRow, column: ReviewColumn) -> str:
        if column is ReviewColumn.TICK:
            return f"{row.name}, {tr('ticked') if self.is_ticked(index.row()) else tr('not ticked')}"
        if column is ReviewColumn.COUNTRY:
            return f"{row.name}, {row.code}"
        return f"{row.name}, {self._title(column)} {_text(row, column)}"

    def _title(self, column: ReviewColumn) -> str:
        return self._price_title if column is ReviewColumn.PRICE else _title(column)


def change_text(before: int | None, after: int | None) -> str:
    """Return by how much a price changes, with its sign: "+2.9%"; "–" where that cannot be said."""
    return signed_percent(cut_markup(after, before))


def _title(column: ReviewColumn) -> str:
    return {
        ReviewColumn.TICK: "",
        ReviewColumn.COUNTRY: tr("Country"),
        ReviewColumn.CHANGE: tr("Change"),
        ReviewColumn.MARGIN: tr("Margin"),
        ReviewColumn.NOTE: tr("Note"),
    }[column]


def _text(row: ReviewRow, column: ReviewColumn) -> str:
    match column:
        case ReviewColumn.TICK:
            return ""
        case ReviewColumn.COUNTRY:
            return row.name
        case ReviewColumn.PRICE:
            return f"{price_text(row.before)} → {price_text(row.after)}"
        case ReviewColumn.CHANGE:
            return change_text(row.before, row.after)
        case ReviewColumn.MARGIN:
            before, after = (percent_text(cut_margin(price, row.cost)) for price in (row.before, row.after))
            return f"{before} → {after}"
        case ReviewColumn.NOTE:
            return row.note


def _look(row: ReviewRow, column: ReviewColumn) -> CellLook:
    if column is ReviewColumn.COUNTRY:
        return CellLook("text", "body_medium", flag=row.iso, faint=row.code)
    if column is ReviewColumn.PRICE:
        return CellLook("text", "body_medium")
    if column is ReviewColumn.MARGIN and row.is_loss:
        return CellLook("danger")
    if column is ReviewColumn.NOTE and row.note:
        if row.refused or row.is_loss:
            return CellLook("danger", "small", "circle-alert", "danger_icon")
        return CellLook("text2", "small", "info", "text3")
    return CellLook()
