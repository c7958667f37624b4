"""Which columns a person wants and what sorts: kept for next time, and read where it is read on demand."""

from typing import Final

from PySide6.QtCore import QObject, Qt

from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_lines import PriceSheet
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices.loading import PriceLoader
from desktop_app.views.widgets.price_view import PriceView

KEPT_COLUMNS: Final = "prices_columns"
USUAL_SORTING: Final = ((Column.VOLUME, Qt.SortOrder.DescendingOrder),)


class PriceArranging(QObject):
    """Arranges the table as it was kept, and keeps what the person changes."""

    def __init__(self, place: Workplace, table: PriceView, model: PriceTableModel, loader: PriceLoader) -> None:
        super().__init__(table)
        self._personal, self._table, self._model, self._loader = place.parts.personal, table, model, loader
        kept = self._personal.recall(KEPT_COLUMNS)
        self._is_sorted = "sorting" in kept
        self.is_kept = bool(kept)
        table.sorting_chosen.connect(self._note_sorting)
        table.arranged.connect(self._keep)
        if kept:
            table.take_arrangement(kept)
            table.take_sorting(kept)
        self.want_columns()

    def show_rows(self, sheet: PriceSheet) -> None:
        """Show the rows; the first volumes put them in the usual order, unless the person chose another."""
        if self._is_sorted or not sheet.has_volumes:
            self._model.show_sheet(sheet)
            return
        self._is_sorted = True
        here = self._table.currentIndex()
        self._model.show_sheet(sheet, USUAL_SORTING)
        if here.isValid() and here.row() == 0:
            # Nobody went anywhere yet: the top stays the top.
            self._table.setCurrentIndex(self._model.index(0, here.column()))
            self._table.scrollToTop()

    def sort_usually(self) -> None:
        """Sort by what was sent, or by name where nothing was."""
        self._model.sort_by(USUAL_SORTING if self._model.sheet.has_volumes else ())

    def want_columns(self) -> None:
        """Let what is read on demand be read for the columns that are shown, sort or filter."""
        wanted = {*self._table.shown_columns, *(column for column, _ in self._model.sorting)}
        if self._model.criteria.changed_since is not None:
            wanted.add(Column.LAST_CHANGE)
        self._loader.want(wanted)

    def _keep(self) -> None:
        kept = self._table.arrangement()
        if not self._is_sorted:
            # Nobody chose it: the usual order comes with the first volumes.
            del kept["sorting"]
        self._personal.remember(KEPT_COLUMNS, kept)
        self.is_kept = True
        self.want_columns()

    def _note_sorting(self) -> None:
        self._is_sorted = True
