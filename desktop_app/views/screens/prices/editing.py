"""What a person does with prices in the table: it goes into the draft, and from there into one saved change."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr, trn
from desktop_app.services.price_edits import LossAllowed
from desktop_app.views.dialogs.allow_loss import AllowLossDialog
from desktop_app.views.formats import count_text, currency_symbol
from desktop_app.views.models.price_columns import EDITABLE, Column
from desktop_app.views.models.price_draft import DraftEdit, PriceDraft, edit_of
from desktop_app.views.models.price_entry import entry_text, read_entry
from desktop_app.views.models.price_lines import PriceLine, all_lines
from desktop_app.views.models.price_review import ReviewRow
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices.saving import DraftSaver
from desktop_app.views.widgets.change_review import ChangeReview
from desktop_app.views.widgets.price_delegate import Entry
from desktop_app.views.widgets.price_view import PriceView

_MICRO = 1_000_000


class PriceEditing(QObject):
    """Edits, fills, takes back and reviews. Connects itself to the table."""

    def __init__(
        self, place: Workplace, table: PriceView, model: PriceTableModel, draft: PriceDraft, saver: DraftSaver
    ) -> None:
        super().__init__(table)
        self._place, self._table, self._model, self._draft, self._saver = place, table, model, draft, saver
        table.delegate.entered.connect(self.take)
        table.delegate.loss_asked.connect(self.ask_loss)

    # One cell, or several of a column

    def take(self, entry: Entry) -> None:
        """Take what was typed into a cell, or for all selected cells of its column."""
        if entry.fills:
            self._fill(entry.column, entry.text)
        else:
            self._put([edit_of(self._saved(entry.line), entry.price)], entry.line.name)

    def ask_loss(self, entry: Entry) -> None:
        """Ask until when and why a price may lie below its cost."""
        dialog = AllowLossDialog(self._place, entry.line, entry.price, self._table.window())
        dialog.allowed.connect(lambda loss: self._take_loss(entry, loss))
        dialog.open()

    def fill_down(self) -> None:
        """Give the selected cells of a column what its uppermost one holds."""
        column, rows = self._column_in_hand()
        if column is not None and len(rows) > 1:
            top = self._model.line(rows[0])
            self._fill(column, entry_text(top, column, self._model.unit), rows[1:])

    def back_to_rule(self) -> None:
        """Let the rows in hand follow their rule again."""
        lines = [line for line in self.lines_in_hand() if line.own_manual]
        if not lines:
            self._place.notices.say(tr("No price set by hand is selected"))
            return
        self._put([edit_of(self._saved(line), None) for line in lines], tr("Back to rule"))

    def back_to_rule_of(self, line: PriceLine) -> None:
        """Let one row follow its rule again."""
        self._put([edit_of(self._saved(line), None)], tr("Back to rule"))

    def break_even(self) -> None:
        """Raise the rows in hand that lose money to their cost, rounded up to the team's step."""
        step = self._model.sheet.step
        lines = [line for country in self.lines_in_hand() for line in self._with_networks(country) if line.is_loss]
        if not lines:
            self._place.notices.say(tr("Nothing selected is sold below cost"))
            return
        edits = [edit_of(self._saved(line), -(-(line.cost or 0) // step) * step) for line in lines]
        self._put(edits, tr("Set to break-even"))

    # The draft as a whole

    def save(self) -> None:
        """Save the whole draft."""
        self._saver.save(list(self._draft.edits.values()))

    def discard(self) -> None:
        """Throw the draft away; that can be undone."""
        count = len(self._draft)
        if not count:
            return
        self._draft.discard()
        text = trn("{count} change discarded", "{count} changes discarded", count)
        self._place.notices.say(text, tr("Undo"), self._draft.undo_stack.undo)

    def review(self) -> ChangeReview | None:
        """Look at the draft before it is saved; rows that are left out stay in it."""
        if not len(self._draft):
            return None
        rows = [self.review_row(edit) for edit in self._draft.edits.values()]
        dialog = ChangeReview(self._place, rows, tr("Review changes"), parent=self._table.window())
        dialog.chosen.connect(self._save_rows)
        dialog.open()
        return dialog

    def put_price(self, line: PriceLine, price: int, text: str) -> None:
        """Put one price into the draft."""
        self._put([edit_of(self._saved(line), price)], text)

    def save_pasted(self, lines: Sequence[tuple[PriceLine, int]], text: str) -> None:
        """Put several prices into the draft as one step and save them as one change."""
        edits = [edit_of(line, price) for line, price in lines]
        self._put(edits, text)
        keys = {edit.key for edit in edits}
        self._saver.save([edit for key, edit in self._draft.edits.items() if key in keys])

    def review_row(self, edit: DraftEdit) -> ReviewRow:
        """Return a draft's edit as the review shows it."""
        line = self._model.sheet.find(edit.key)
        if line is None:
            return ReviewRow(edit.key, "", edit.name, edit.key, None, edit.shown, edit.after)
        after = line.rule_price if edit.after is None else edit.after
        notes = {
            tr("Back to its rule"): edit.after is None,
            tr("Loss allowed until {date}", date=f"{edit.loss.until:%Y-%m-%d}" if edit.loss else ""): edit.loss is not None,
            tr("Becomes a manual price"): edit.after is not None and not edit.before_manual and edit.loss is None,
        }  # fmt: skip
        note = " · ".join(text for text, holds in notes.items() if holds)
        iso = "" if line.is_network else line.iso
        return ReviewRow(edit.key, iso, line.name, line.code, line.cost, edit.shown, after, note)

    def profit_text(self) -> str:
        """Return what the draft may bring in a month at the volume of the last 30 days, "" when that is not known."""
        total, known = 0, False
        for edit in self._draft.edits.values():
            line = self._model.sheet.find(edit.key)
            after = None if line is None else line.rule_price if edit.after is None else edit.after
            if line is None or after is None or edit.shown is None or not line.volume:
                continue
            known = True
            total += (after - edit.shown) * line.volume
        if not known:
            return ""
        amount = (abs(total) + _MICRO // 2) // _MICRO
        sign = "+" if total >= 0 else "−"
        symbol = currency_symbol(self._model.sheet.currency)
        return tr("est. {amount} profit per month", amount=f"{sign}{symbol}{count_text(amount)}")

    def lines_in_hand(self) -> list[PriceLine]:
        """Return the lines that commands work on: the ticked countries, else those of the selected cells."""
        ticked = self._model.ticked_countries
        if ticked:
            return [line for line in self._model.countries if line.iso in ticked]
        rows = sorted({row for row, _ in self._table.selected_cells()})
        return [self._model.line(row) for row in rows]

    # Inside

    def _fill(self, column: Column, text: str, rows: Sequence[int] | None = None) -> None:
        if rows is None:
            rows = self._column_in_hand(column)[1]
        edits, refused = [], []
        for row in rows:
            line = self._model.line(row)
            try:
                price = read_entry(text, line, column, unit=self._model.unit, step=self._model.sheet.step)
            except InvalidInput as error:
                refused.append(f"{line.name}: {error.user_message}")
            else:
                edits.append(edit_of(self._saved(line), price))
        self._put(edits, tr("Fill"))
        if refused:
            left = trn("{count} price left as it was", "{count} prices left as they were", len(refused))
            self._place.notices.say(f"{left} · {refused[0]}")

    def _column_in_hand(self, wanted: Column | None = None) -> tuple[Column | None, list[int]]:
        cells = self._table.selected_cells()
        columns = list(dict.fromkeys(column for _, column in cells if column in EDITABLE))
        column = wanted if wanted is not None else columns[0] if len(columns) == 1 else None
        return column, sorted({row for row, one in cells if one is column})

    def _take_loss(self, entry: Entry, loss: LossAllowed) -> None:
        self._table.delegate.close_editor()
        self._put([edit_of(self._saved(entry.line), entry.price, loss)], entry.line.name)
        self._table.setFocus()

    def _put(self, edits: Sequence[DraftEdit], text: str) -> None:
        if edits:
            self._draft.put(edits, text)

    def _save_rows(self, rows: Sequence[ReviewRow]) -> None:
        keys = {row.key for row in rows}
        self._saver.save([edit for key, edit in self._draft.edits.items() if key in keys])

    def _saved(self, line: PriceLine) -> PriceLine:
        """Return the line as it is saved: an edit begins with that, not with what the draft made of it."""
        return self._model.sheet.find(line.key) or line

    def _with_networks(self, line: PriceLine) -> list[PriceLine]:
        return [line] if line.is_network else all_lines([line])
