"""Settings › Exchange rates: what costs in another currency are converted with, set by hand with a date."""

from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtWidgets import QAbstractItemView, QDateEdit, QLineEdit, QPushButton, QTableView, QWidget

from desktop_app.domain.errors import AppError, InvalidInput
from desktop_app.domain.language import language_in_force, tr
from desktop_app.domain.money import CURRENCIES
from desktop_app.services.exchange_rates import ExchangeRate, NeededRate
from desktop_app.services.job import Job
from desktop_app.views.models.exchange_rates import ExchangeRateModel, RateColumn
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Page, Row
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Outcome, Topic

CHANGED = frozenset({Topic.SETTINGS, Topic.PRICES})
SHOWN_ROWS = 8


def parse_rate(text: str) -> Decimal:
    """Return the rate in ``text``; one mark is a decimal mark, whichever it is.

    Raises:
        InvalidInput: it is no number.
    """
    plain = text.strip().replace("\u00a0", "")
    if plain.count(",") + plain.count(".") > 1:
        plain = ""
    try:
        rate = Decimal(plain.replace(",", "."))
    except InvalidOperation as error:
        raise InvalidInput(tr("“{text}” is not an exchange rate. Write one like 0.92.", text=text[:40])) from error
    return rate


class RatesPage(Page):
    """A form for one rate, and the list of all."""

    name = "rates"
    icon = "arrow-left-right"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._accounts, self._rates, self._actor = place.parts.accounts, place.parts.exchange_rates, place.parts.actor
        self.missing = label("", "warning")
        self.missing.setWordWrap(True)
        self.missing.hide()
        self.add_widget(self.missing)
        self.add_card(tr("Set a rate"), self._form())
        self.model = ExchangeRateModel(self)
        self.table = QTableView()
        self.remove_button = QPushButton(tr("Remove rate"))
        self._build_table()
        self.end()
        place.tasks.changed.connect(self._reload_for)
        place.theme.changed.connect(self._fit_table)
        self.reload()

    @property
    def title(self) -> str:
        """See Page."""
        return tr("Exchange rates")

    def reload(self) -> None:
        """Read the rates again."""
        rates, preferences = self._rates, self.place.parts.preferences

        def read(_job: Job) -> tuple[list[ExchangeRate], list[NeededRate], str]:
            return rates.list_rates(), rates.missing(), preferences.read().currency

        self.place.tasks.query(read, owner=self, on_success=self._show)

    def set_rate(self) -> None:
        """Store what the form says."""
        try:
            rate = parse_rate(self.rate.text())
        except InvalidInput as error:
            self._refuse(error)
            return
        day = self.day.date()
        wanted = (self.source.value, self.target.value, rate, date(day.year(), day.month(), day.day()))
        self.place.tasks.command(
            lambda _job: self._set(*wanted), owner=self, on_success=self._clear, on_error=self._refuse
        )  # fmt: skip

    def remove(self) -> None:
        """Take back the rate that is selected."""
        rows = self.table.selectionModel().selectedRows()
        if rows:
            gone = self.model.rate(rows[0].row())
            self.place.tasks.command(lambda _job: self._removed(gone), owner=self)

    def _form(self) -> Row:
        codes = [(code, code) for code in sorted(CURRENCIES)]
        self.source, self.target = Choice(codes), Choice(codes)
        self.source.setAccessibleName(tr("From currency"))
        self.target.setAccessibleName(tr("Into currency"))
        self.source.show_value("USD")
        self.rate = QLineEdit()
        self.rate.setAccessibleName(tr("Exchange rate"))
        self.rate.setPlaceholderText(tr("Rate"))
        self.rate.setFixedWidth(96)
        self.rate.returnPressed.connect(self.set_rate)
        self.day = QDateEdit(QDate.currentDate())
        self.day.setAccessibleName(tr("From day"))
        self.day.setCalendarPopup(True)
        self.day.setLocale(QLocale(language_in_force()))
        self.day.setDisplayFormat("d MMM yyyy")
        self.set_button = QPushButton(tr("Set rate"))
        self.set_button.clicked.connect(self.set_rate)
        control = QWidget()
        line = FlowLayout(control)
        for part in (label("1", "body"), self.source, label("=", "body"), self.rate, self.target,
                     label(tr("from"), "body"), self.day, self.set_button):  # fmt: skip
            line.addWidget(part)
        control.setFocusProxy(self.source)
        self.form = Row("", "", control, tr("rate currency convert exchange"))
        return self.form

    def _build_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("Exchange rates"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setProperty("look", "plain")
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_selection())
        self.remove_button.clicked.connect(self.remove)
        self.add_widget(self.table)
        self.add_widget(self.remove_button)
        self._column.setAlignment(self.remove_button, Qt.AlignmentFlag.AlignLeft)
        self._show_selection()

    def _show(self, found: tuple[list[ExchangeRate], list[NeededRate], str]) -> None:
        rates, missing, currency = found
        self.model.show_rates(rates)
        if not self.target.hasFocus() and not self.rate.text():
            self.target.show_value(currency)
        self.table.setVisible(bool(rates))
        self.remove_button.setVisible(bool(rates))
        pairs = ", ".join(f"{one.source} → {one.target}" for one in missing)
        self.missing.setText(tr("Costs wait for a rate and have no price until then: {pairs}", pairs=pairs))
        self.missing.setVisible(bool(missing))
        if missing and not self.rate.text():
            self.source.show_value(missing[0].source)
            self.target.show_value(missing[0].target)
        self._fit_table()

    def _fit_table(self) -> None:
        theme = self.place.theme
        self.table.verticalHeader().setDefaultSectionSize(theme.row_height)
        rows = min(self.model.rowCount(), SHOWN_ROWS)
        self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + rows * theme.row_height + 4)
        self.table.setColumnWidth(RateColumn.PAIR, theme.scaled(160))
        self.table.setColumnWidth(RateColumn.RATE, theme.scaled(140))

    def _show_selection(self) -> None:
        self.remove_button.setEnabled(self.table.selectionModel().hasSelection())

    def _set(self, source: str, target: str, rate: Decimal, day: date) -> Outcome[None]:
        former = self._rates.rate_of_day(source, target, day)
        self._accounts.set_exchange_rate(source, target, rate, day, actor=self._actor)

        def undo(_job: Job) -> Outcome[None]:
            if former is None:
                self._rates.remove(source, target, day, actor=self._actor)
            else:
                self._accounts.set_exchange_rate(source, target, former, day, actor=self._actor)
            return Outcome(None, CHANGED, undo_label=tr("Exchange rate restored"))

        said = tr("Rate set: 1 {source} = {rate} {target}", source=source, rate=rate, target=target)
        return Outcome(None, CHANGED, undo_label=said, undo=undo)

    def _removed(self, gone: ExchangeRate) -> Outcome[None]:
        self._rates.remove(gone.source, gone.target, gone.day, actor=self._actor)

        def undo(_job: Job) -> Outcome[None]:
            self._accounts.set_exchange_rate(gone.source, gone.target, gone.rate, gone.day, actor=self._actor)
            return Outcome(None, CHANGED, undo_label=tr("Exchange rate restored"))

        return Outcome(None, CHANGED, undo_label=tr("Exchange rate removed"), undo=undo)

    def _clear(self, _value: None) -> None:
        self.form.show_error("")
        self.rate.setProperty("invalid", False)
        self.rate.clear()

    def _refuse(self, error: AppError) -> None:
        self.form.show_error(error.user_message)
        self.rate.setFocus()

    def _reload_for(self, topics: frozenset[Topic]) -> None:
        if topics & (CHANGED | {Topic.PROVIDERS}):
            self.reload()
