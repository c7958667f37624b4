"""Price lists to files, and providers' price sheets from files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import amount_of
from desktop_app.exports import csv_file, xlsx_file
from desktop_app.exports.price_sheet import PriceSheet, SheetError, read_price_sheet
from desktop_app.exports.table import Cell, Column, Kind, Table
from desktop_app.services.clock import Clock
from desktop_app.services.preflight import ClientPrices
from desktop_app.services.pricing import PriceRow, PricingService, list_rows
from desktop_app.storage.repositories.costs import CostDifference, CostRow, cost_micro
from desktop_app.storage.unit_of_work import Database

FORMATS = ("csv", "xlsx")
_COLUMNS = (
    Column("country", "Country", Kind.TEXT),
    Column("mccmnc", "MCC/MNC", Kind.TEXT),
    Column("price", "Price per SMS", Kind.DECIMAL),
    Column("currency", "Currency", Kind.TEXT),
    Column("country_name", "Country name", Kind.TEXT),
    Column("network", "Network", Kind.TEXT),
)


@dataclass(frozen=True, slots=True)
class PriceImport:
    """What a price sheet holds and what it changed.

    Attributes:
        rows: how many rows were read.
        difference: against the provider's costs before; None when errors kept the sheet out.
        errors: every row that cannot be used; with one of them nothing is stored.
    """

    rows: int
    difference: CostDifference | None
    errors: tuple[SheetError, ...]


class PriceFilesService:
    """Exports and imports."""

    def __init__(self, database: Database, pricing: PricingService, clock: Clock) -> None:
        self._database = database
        self._pricing = pricing
        self._clock = clock

    def export(self, path: Path, *, file_format: str, client: str | None = None) -> int:
        """Write every destination that has a price, for everybody or as one client pays it; return how many.

        The file appears whole or not at all.

        Raises:
            InvalidInput: an unknown format, or a file that cannot be written.
            NotFound: no such client.
        """
        if file_format not in FORMATS:
            raise InvalidInput(tr("Choose csv or xlsx, not “{format}”.", format=file_format[:20]))
        table = Table(_COLUMNS, list(self._lines(client)))
        if file_format == "csv":
            return csv_file.write(path, table)
        return xlsx_file.write(path, table, tr("Price list"))

    def import_sheet(self, path: Path, provider: str, *, actor: str, dry_run: bool = False) -> PriceImport:
        """Make a provider's price sheet its costs: every row of it, or nothing.

        Raises:
            InvalidInput: the file is no table, or has no usable column.
            NotFound: no such provider.
        """
        sheet: PriceSheet = read_price_sheet(path)
        total = len(sheet.rows) + sheet.error_count
        if sheet.errors:
            return PriceImport(total, None, sheet.errors)
        rows = [
            CostRow(row.country, row.mccmnc, row.network, row.price_text, cost_micro(row.price), row.currency)
            for row in sheet.rows
            # Listed without a price: not for sale, never free.
            if row.price is not None
        ]
        return PriceImport(total, self._pricing.import_costs(provider, rows, actor=actor, dry_run=dry_run), ())

    def _lines(self, client_name: str | None) -> Iterator[tuple[Cell, ...]]:
        with self._database.read() as uow:
            if client_name is None:
                standard = uow.prices.default_list()
                rows = list_rows(uow, standard, None, networks=True) if standard is not None else []
                for row in rows:
                    if row.applies.price is not None and row.enabled:
                        yield _line(row, row.applies.price, row.currency)
                return
            client = uow.clients.get(client_name)
            prices = ClientPrices(uow, client, self._clock())
            for row in list_rows(uow, uow.prices.list_by_id(client.list_id), None, networks=False):
                price = prices.of_country(row.rate.country)
                if price.reason is None and row.enabled:
                    yield _line(row, price.price, client.currency)


def _line(row: PriceRow, price: int, currency: str) -> tuple[Cell, ...]:
    name = Locale("en").territories.get(row.rate.country, row.rate.country)
    return (row.rate.country, row.rate.mccmnc, amount_of(price), currency, name, row.rate.network)
