"""Copies cells for a spreadsheet and pastes prices from one, always looked at before they are saved."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.views.formats import in_language
from desktop_app.views.models.price_clipboard import PastedSheet, copied_text, read_pasted
from desktop_app.views.models.price_columns import Column, Unit
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.models.price_review import ReviewRow
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices.editing import PriceEditing
from desktop_app.views.widgets.change_review import ChangeReview
from desktop_app.views.widgets.price_view import PriceView


class PriceClipboard(QObject):
    """Copy and paste of the price table."""

    def __init__(self, place: Workplace, table: PriceView, model: PriceTableModel, editing: PriceEditing) -> None:
        super().__init__(table)
        self._place, self._table, self._model, self._editing = place, table, model, editing

    def copy(self, *, headers: bool = False) -> None:
        """Put the selected cells on the clipboard, or the ticked countries with every column that is shown."""
        cells = self._table.selected_cells()
        if self._model.ticked_countries:
            lines = self._editing.lines_in_hand()
            columns: list[Column] = [column for column in self._table.shown_columns if column is not Column.TICK]
        else:
            lines = [self._model.line(row) for row in sorted({row for row, _ in cells})]
            wanted = {column for _, column in cells}
            columns = [column for column in self._table.shown_columns if column in wanted]
        if not lines or not columns:
            return
        text = copied_text(lines, columns, unit=self._model.unit, mark=in_language("."), headers=headers)
        QGuiApplication.clipboard().setText(text)

    def paste(self) -> None:
        """Read what is on the clipboard as prices; a look at them comes first when there is more than one."""
        text = QGuiApplication.clipboard().text()
        index = self._table.currentIndex()
        if not text.strip() or not index.isValid():
            return
        shown = self._table.shown_columns
        columns = shown[shown.index(Column(index.column())) :] if Column(index.column()) in shown else shown
        sheet = self._model.sheet
        below = [self._model.line(row).key for row in range(index.row(), self._model.rowCount())]
        work = partial(_read, text, sheet.countries, below, columns, self._model.unit, sheet.step)
        self._place.tasks.query(work, owner=self, on_success=self._pasted)

    def _pasted(self, pasted: PastedSheet) -> None:
        prices = pasted.prices
        if len(prices) == 1 and not pasted.problems and not prices[0].refused and not prices[0].note:
            self._editing.put_price(prices[0].line, prices[0].price, tr("Paste"))
            return
        if not prices:
            why = pasted.problems[0] if pasted.problems else tr("Copy prices in a spreadsheet first.")
            self._place.notices.warn(tr("Nothing was pasted. {why}", why=why))
            return
        found = {one.line.key: (one.line, one.price) for one in prices}
        rows = [
            ReviewRow(
                one.line.key, "" if one.line.is_network else one.line.iso, one.line.name, one.line.code, one.line.cost,
                one.line.price, one.price, one.note, one.refused,
            )
            for one in prices
        ]  # fmt: skip
        title = trn("Paste {count} price", "Paste {count} prices", len(prices))
        dialog = ChangeReview(self._place, rows, title, problems=pasted.problems, parent=self._table.window())
        dialog.chosen.connect(lambda kept: self._editing.save_pasted([found[row.key] for row in kept], tr("Paste")))
        dialog.open()


def _read(
    text: str, countries: tuple[PriceLine, ...], below: list[str], columns: list[Column], unit: Unit, step: int, _job: Job
) -> PastedSheet:  # fmt: skip
    saved = {line.key: line for country in countries for line in (country, *country.networks)}
    lines = [saved[key] for key in below if key in saved]
    return read_pasted(text, countries, lines, columns, unit=unit, step=step)
