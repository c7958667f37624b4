"""The parts of a provider's panel."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.activity import ActivityEntry
from desktop_app.domain.language import tr, trn
from desktop_app.services.activity import Wanted
from desktop_app.services.provider_records import ProviderSummary
from desktop_app.services.providers import CostRow
from desktop_app.views.dialogs.number_dialog import NumberDialog
from desktop_app.views.models.activity_rows import WHEN_WIDTH, activity_headings, read_activity
from desktop_app.views.models.provider_rows import costs_model, numbers_model, read_costs, read_numbers
from desktop_app.views.models.record_rows import Row, RowsModel
from desktop_app.views.moments import exact_moment
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.record_table import RecordView

LOG_ROWS: Final = 100


class CostsTab(QWidget):
    """What the provider asks for."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._shown: tuple[str, object] | None = None
        self.model: RowsModel[CostRow] = costs_model()
        self.table = RecordView(self.model, place.theme, tr("Costs"), {1: 110, 2: 130, 3: 96}, 0)
        self.filter_field = FindField(place.theme, tr("Filter by country, network or MCC/MNC"), tr("Filter costs"))
        self.filter_field.setMaximumWidth(320)
        self.count = label("", "facts")
        self.filter_field.textChanged.connect(self._filter)
        self.filter_field.returnPressed.connect(self.table.setFocus)
        _lay_out(self, self.filter_field, self.count, self.table)

    def load(self, provider: ProviderSummary) -> None:
        """Read the costs, unless they are those that are shown."""
        wanted = (provider.name, provider.costs_synced_at)
        if wanted == self._shown:
            return
        self._shown = wanted
        parts = self._place.parts
        work = partial(read_costs, parts.providers, provider.name, parts.language)
        self._place.tasks.query(work, owner=self, on_success=self._show_rows)

    def _show_rows(self, rows: tuple[Row[CostRow], ...]) -> None:
        self.model.show_rows(rows)
        self._say_count()

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._say_count()

    def _say_count(self) -> None:
        rows = self.model.rowCount()
        self.count.setText(trn("{count:,} cost", "{count:,} costs", rows))


class NumbersTab(QWidget):
    """The numbers shown instead of names, in the countries that take numbers only."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._provider: ProviderSummary | None = None
        self.model: RowsModel[str] = numbers_model()
        self.table = RecordView(self.model, place.theme, tr("Numbers shown instead"), {0: 280}, 1)
        self.table.doubleClicked.connect(lambda _: self.edit())
        self.edit_button = QPushButton(tr("Set number"))
        self.edit_button.clicked.connect(self.edit)
        said = label(
            tr("Where a country shows no names, this number is shown instead. Without one nothing is sent there."),
            "facts",
        )
        said.setWordWrap(True)
        _lay_out(self, said, self.edit_button, self.table)

    def load(self, provider: ProviderSummary) -> None:
        """Read the numbers."""
        self._provider = provider
        parts = self._place.parts
        work = partial(read_numbers, parts.sender_ids, provider.name, parts.language)
        self._place.tasks.query(work, owner=self, on_success=self._show_rows)

    def edit(self) -> None:
        """Ask for the number of the current country."""
        row = self.table.currentIndex().row()
        if self._provider is None or row < 0:
            return
        iso = self.model.record(row)
        country, number = (str(self.model.index(row, column).data()) for column in (0, 1))
        current = number if number.lstrip("+").isdigit() else ""
        dialog = NumberDialog(self._place, self.window(), self._provider.name, iso, country, current)
        dialog.accepted.connect(partial(self.load, self._provider))
        dialog.open()

    def _show_rows(self, rows: tuple[Row[str], ...]) -> None:
        place = self.table.currentIndex().row()
        self.model.show_rows(rows)
        self.table.selectRow(max(0, min(place, len(rows) - 1)))


class LogTab(QWidget):
    """What went wrong last, and what was done with the account."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._name = ""
        self.trouble = label("", "value")
        self.trouble.setWordWrap(True)
        self.model: RowsModel[ActivityEntry] = RowsModel(activity_headings())
        self.table = RecordView(self.model, place.theme, tr("Log"), {0: WHEN_WIDTH, 1: 124, 2: 200}, 4)
        # The object of every line is this account.
        self.table.setColumnHidden(3, True)
        self.all_button = QPushButton(tr("Show in Activity"))
        self.all_button.clicked.connect(lambda: place.navigator.go(Address("activity", query={"object": self._name})))
        _lay_out(self, self.trouble, self.all_button, self.table)

    def show_provider(self, provider: ProviderSummary) -> None:
        """Show what is known already."""
        self._name = provider.name
        error = provider.last_error
        when = exact_moment(provider.failed_at) if provider.failed_at else ""
        text = (
            tr("Last error, {when}: {error}", when=when, error=error)
            if error
            else tr("No error since the last good answer.")
        )
        self.trouble.setText(text)

    def load(self, provider: ProviderSummary) -> None:
        """Read what was done with the account."""
        parts = self._place.parts
        work = partial(
            read_activity, parts.activity, Wanted(subject=provider.name), parts.language, parts.clock, LOG_ROWS
        )
        self._place.tasks.query(work, owner=self, on_success=self.model.show_rows)


def _lay_out(tab: QWidget, left: QWidget, right: QWidget, table: RecordView) -> None:
    """Put ``left`` and ``right`` above the table; between them is what the left one cannot use."""
    row = QHBoxLayout()
    row.setContentsMargins(20, 0, 20, 10)
    row.addWidget(left, 1)
    row.addStretch()
    row.addWidget(right)
    column = QVBoxLayout(tab)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(row)
    column.addWidget(table, 1)
