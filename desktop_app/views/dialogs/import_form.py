"""Which column of a price sheet means what, and what its prices are."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.domain.money import CURRENCIES
from desktop_app.services.price_imports import SheetHead
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label

CURRENCY = "currency"
_NONE = -1


class ImportForm(QWidget):
    """The columns, one choice per field; ``edited`` when the person or the program changed one.

    Args:
        head: how the sheet begins.
        currency: offered first where no column says the currency.
    """

    edited = Signal()

    def __init__(self, head: SheetHead, currency: str) -> None:
        super().__init__()
        columns = [(_NONE, tr("Not in the file")), *enumerate(head.header)]
        self.fields = {field: Choice(columns) for field in head.fields}
        codes = [currency, *sorted(CURRENCIES - {currency})] if currency else sorted(CURRENCIES)
        self.currency = Choice([(code, code) for code in codes])
        self.notes: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        cells: list[tuple[str, str, Choice[int] | Choice[str]]] = [
            (field, title, self.fields[field]) for field, title in head.fields.items()
        ]
        cells.append(("all", tr("All prices are in"), self.currency))
        for place, (field, title, choice) in enumerate(cells):
            grid.addLayout(self._cell(field, title, choice), place // 4, place % 4)
            grid.setColumnStretch(place % 4, 1)
        for field, choice in self.fields.items():
            choice.show_value(head.guess.get(field, _NONE))
            choice.currentIndexChanged.connect(self._note_edit)
        self.currency.currentIndexChanged.connect(self.edited)
        self._follow()

    def columns(self) -> dict[str, int]:
        """Return field -> position of the columns that were chosen."""
        return {field: choice.value for field, choice in self.fields.items() if choice.value != _NONE}

    def fixed_currency(self) -> str:
        """Return the currency of all prices, "" where a column says it."""
        return self.currency.value if self.fields[CURRENCY].value == _NONE else ""

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say under each field what is wrong with it."""
        for field, note in self.notes.items():
            note.setText(problems.get(field, ""))
            note.setVisible(field in problems)

    def _cell(self, field: str, title: str, choice: Choice[int] | Choice[str]) -> QVBoxLayout:
        caption, note = caption_of(choice, title), label("", "error")
        note.setWordWrap(True)
        note.hide()
        self.notes[field] = note
        choice.setMinimumContentsLength(8)
        choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        cell = QVBoxLayout()
        cell.setSpacing(4)
        for part in (caption, choice, note):
            cell.addWidget(part)
        cell.addStretch()
        return cell

    def _note_edit(self) -> None:
        self.show_problems({})
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        self.currency.setEnabled(self.fields[CURRENCY].value == _NONE)


def padded(rows: Sequence[Sequence[str]], width: int) -> list[tuple[str, ...]]:
    """Return ``rows`` with ``width`` texts each."""
    return [tuple(row[:width]) + ("",) * (width - len(row)) for row in rows]
