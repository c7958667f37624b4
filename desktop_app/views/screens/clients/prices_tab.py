"""What a client pays beside what everybody pays."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Final

from babel import Locale
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.domain.percents import cut_percent
from desktop_app.services.client_accounts import ClientPage
from desktop_app.services.client_price_list import ClientPriceList, ClientPriceListService, ClientPriceRow
from desktop_app.services.job import Job
from desktop_app.views.client_acts import price_work
from desktop_app.views.dialogs.client_price import ClientPriceDialog
from desktop_app.views.formats import currency_symbol, folded, price_text
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.money_texts import signed_percent
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.record_table import RecordView

Loaded = tuple[str, tuple[Row[ClientPriceRow], ...]]
_WIDTHS: Final = {1: 116, 2: 116, 3: 104, 4: 200}


def price_headings(currency: str) -> tuple[Heading, ...]:
    """Return the columns."""
    symbol = currency_symbol(currency)
    return (
        Heading(tr("Country")), Heading(tr("Standard {currency}", currency=symbol), is_number=True),
        Heading(tr("Client {currency}", currency=symbol), is_number=True), Heading(tr("Difference"), is_number=True),
        Heading(tr("Note")),
    )  # fmt: skip


def price_rows(prices: ClientPriceList, name_of: Callable[[str], str]) -> tuple[Row[ClientPriceRow], ...]:
    """Return the prices as rows: those of the client's own first."""
    rows = sorted(prices.rows, key=lambda row: (row.own is None, folded(name_of(row.country))))
    return tuple(_row(row, name_of(row.country)) for row in rows)


def _row(row: ClientPriceRow, country: str) -> Row[ClientPriceRow]:
    moved = None if row.own is None or row.standard is None else cut_percent(row.own - row.standard, row.standard)
    note, tint, image = "", "", ""
    if row.is_loss:
        note = tr("Below cost {cost}", cost=price_text(row.cost))
        tint, image = ("warning", "triangle-alert") if row.loss_allowed else ("danger", "circle-alert")
    texts = (
        country, price_text(row.standard), price_text(row.own) if row.own is not None else tr("standard"),
        signed_percent(moved) if row.own is not None else "", note,
    )  # fmt: skip
    own = CellLook("danger" if row.is_loss else "text", "body_medium") if row.own is not None else CellLook("text3")
    looks = (
        CellLook("text", "body_medium" if row.own is not None else "body", flag=row.country, faint=row.country),
        CellLook("text2"), own, CellLook("text2"), CellLook(pill=tint, icon=image),
    )  # fmt: skip
    spoken = ", ".join(text for text in texts if text)
    return Row(row, texts, looks, (folded(country), folded(row.country)), spoken)


def _read(service: ClientPriceListService, name: str, language: str, only_own: bool, _job: Job) -> Loaded:
    prices, names = service.read(name), Locale.parse(language).territories
    kept = tuple(row for row in prices.rows if row.own is not None) if only_own else prices.rows
    return prices.currency, price_rows(ClientPriceList(prices.currency, kept), lambda iso: names.get(iso, iso))


class PricesTab(QWidget):
    """Shows the prices of one client.

    Attributes:
        tools: what stands at the right of the tabs while this one is shown.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._name, self._currency = place, "", ""
        self.model: RowsModel[ClientPriceRow] = RowsModel(price_headings(""), self, key=lambda row: row)
        self.table = RecordView(self.model, place.theme, tr("Client prices"), _WIDTHS, 0)
        self.filter_field = FindField(place.theme, tr("Find country"))
        self.filter_field.setMinimumWidth(place.theme.scaled(150))
        self.which = Choice[bool](((False, tr("All countries")), (True, tr("Client prices only"))))
        self.which.setAccessibleName(tr("Countries"))
        self.set_button, self.remove_button = QPushButton(tr("Set price…")), QPushButton(tr("Remove"))
        self.facts = label("", "small")
        self.tools = QWidget()
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.filter_field, self.which, self.set_button, self.remove_button):
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 9, 20, 9)
        foot.addWidget(self.facts)
        column.addLayout(foot)
        self._connect()

    def show_client(self, page: ClientPage) -> None:
        """Show the prices of a client."""
        self._name = page.summary.client.name
        self.reload()

    def reload(self) -> None:
        """Read the prices again."""
        parts = self._place.parts
        work = partial(_read, parts.client_price_list, self._name, parts.language, self.which.value)
        self._place.tasks.query(work, owner=self, on_success=self._show)

    def set_price(self) -> None:
        """Ask for the client's price of the current country."""
        row = self._current()
        if row is None:
            self._place.notices.say(tr("Choose a country first"))
            return
        dialog = ClientPriceDialog(self._place, self.window(), self._name, row, self._country(), self._currency)
        dialog.open()

    def remove(self) -> None:
        """Let the client pay the list's price in the current country again."""
        row = self._current()
        if row is None or row.own is None:
            self._place.notices.say(tr("This country has no client price"))
            return
        parts = self._place.parts
        price: Decimal | None = None
        work = price_work(parts.pricing, self._name, row.country, self._country(), price, parts.actor)
        self._place.tasks.command(work, owner=self)

    def add_commands(self) -> None:
        """Register what can be done with a price."""
        add = self._place.commands.add
        add("clients.set_price", tr("Set client price…"), self.set_price, keys="F2", icon="tag", scope=self.table)
        add("clients.remove_price", tr("Remove client price"), self.remove, keys="Ctrl+Backspace", icon="undo-2",
            scope=self.table)  # fmt: skip

    def _connect(self) -> None:
        self.filter_field.textChanged.connect(self.model.set_filter)
        self.filter_field.returnPressed.connect(self._go_down)
        self.which.chosen.connect(self.reload)
        self.set_button.clicked.connect(self.set_price)
        self.remove_button.clicked.connect(self.remove)
        self.table.activated.connect(lambda _index: self.set_price())
        self.table.customContextMenuRequested.connect(self._open_menu)

    def _go_down(self) -> None:
        self.table.setFocus()
        self.table.selectRow(0)

    def _show(self, loaded: Loaded) -> None:
        self._currency, rows = loaded
        place = self.table.currentIndex().row()
        self.model.set_headings(price_headings(self._currency))
        self.model.show_rows(rows)
        if 0 <= place < self.model.rowCount():
            self.table.selectRow(place)
        own = [row.record for row in rows if row.record.own is not None]
        losses = sum(row.is_loss for row in own)
        facts = [trn("{count} client price", "{count} client prices", len(own))]
        facts += [trn("{count} below cost", "{count} below cost", losses)] if losses else []
        facts.append(tr("per SMS in {currency}, the currency of the price list", currency=self._currency))
        self.facts.setText(" · ".join(facts))

    def _current(self) -> ClientPriceRow | None:
        row = self.table.currentIndex().row()
        return self.model.record(row) if 0 <= row < self.model.rowCount() else None

    def _country(self) -> str:
        return str(self.model.index(self.table.currentIndex().row(), 0).data())

    def _open_menu(self, place: QPoint) -> None:
        if self._current() is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ("set_price", "remove_price"):
            menu.addAction(self._place.commands.action(f"clients.{name}"))
        menu.popup(self.table.viewport().mapToGlobal(place))
