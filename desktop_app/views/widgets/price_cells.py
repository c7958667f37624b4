"""How the rows of the price table look: background, content of each cell, marks of what is current, selected and edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from desktop_app.views.models.price_columns import ALIGNED, Column
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.models.price_table import COLUMNS, PriceTableModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.frozen_table import SeenColumn, SeenRow
from desktop_app.views.widgets.price_painter import PADDING, PricePainter

# Left of the figure of a cost.
_MARK_PADDING: Final = 6
_TICKS: Final = {True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked}


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked while the table is painted.

    Attributes:
        row: the current one, -1 without one.
        hovered: the row under the mouse, -1 without one.
        focused: (row, column) of the cell that has the keyboard, None when none has.
        selected: (row, column) of the selected cells among those that are seen.
    """

    row: int
    hovered: int
    focused: tuple[int, int] | None
    selected: frozenset[tuple[int, int]]


class PriceCells:
    """Paints the rows of a PriceTableModel."""

    def __init__(self, theme: Theme, model: PriceTableModel) -> None:
        self._model = model
        self._painter = PricePainter(theme)

    def paint(self, painter: QPainter, rows: Sequence[SeenRow], columns: Sequence[SeenColumn], marks: Marks) -> None:
        """Paint the cells where rows and columns cross: what all cells of a row share first, and once."""
        if not columns:
            return
        left, right = min(place.left for place in columns), max(place.left + place.width for place in columns)
        for seen in rows:
            line, ticked = self._model.line(seen.row), self._model.is_ticked(seen.row)
            row = QRect(left, seen.top, right - left, seen.height)
            current = seen.row == marks.row
            usual = "subtle" if line.is_network else "surface"
            shade = "selected" if current or ticked else "hover" if seen.row == marks.hovered else usual
            self._painter.background(painter, row, shade)
            edited = self._model.is_edited(seen.row)
            for place in columns:
                area, column = QRect(place.left, seen.top, place.width, seen.height), COLUMNS[place.column]
                if edited and column is Column.PRICE:
                    self._painter.background(painter, area, "edit_bg")
                    self._painter.corner(painter, area)
                elif not current and marks.selected and (seen.row, place.column) in marks.selected:
                    self._painter.background(painter, area, "selected_strong")
                self._content(painter, area, seen.row, line, column, ticked=ticked)
                if current and column is Column.TICK:
                    self._painter.bar(painter, area)
                if marks.focused == (seen.row, place.column):
                    self._painter.ring(painter, area)

    def _content(
        self, painter: QPainter, rect: QRect, row: int, line: PriceLine, column: Column, *, ticked: bool
    ) -> None:
        area = rect.adjusted(PADDING, 0, -PADDING, 0)
        if column is Column.TICK:
            if not line.is_network:
                self._painter.box(painter, rect, _TICKS[ticked])
        elif column is Column.COUNTRY:
            self._painter.country(painter, rect, line, unfolded=self._model.is_expanded(row))
        elif column is Column.MARGIN:
            text = self._model.text(row, column)
            self._painter.margin(painter, area, line, text, below_target=self._model.is_below_target(row))
        elif column is Column.RULE:
            self._painter.rule(painter, area, line, self._model.text(row, column))
        else:
            decimals = self._model.decimals(column) if column in ALIGNED else None
            self._painter.value(painter, area, line, column, self._model.text(row, column), decimals)
            if column is Column.COST:
                self._cost_mark(painter, rect, line)

    def _cost_mark(self, painter: QPainter, rect: QRect, line: PriceLine) -> None:
        area = rect.adjusted(_MARK_PADDING, 0, 0, 0)
        if line.old_cost is not None and line.cost is not None:
            up = line.cost > line.old_cost
            self._painter.mark(
                painter, area, "trending-up" if up else "trending-down", "warning_icon" if up else "success_icon"
            )
        elif (line.missed or self._model.sheet.stale) and line.cost is not None:
            self._painter.mark(painter, area, "clock", "text3")
