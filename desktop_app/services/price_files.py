"""Price lists to files, and price sheets from files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from desktop_app.domain.errors import AppError, InvalidInput, StorageUnavailable
from desktop_app.domain.language import tr
from desktop_app.exports import csv_file, xlsx_file
from desktop_app.exports.files import read_file
from desktop_app.exports.price_sheet import PriceSheet, SheetError, read_price_sheet
from desktop_app.exports.table import Table
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.services.preferences import read_preferences
from desktop_app.services.price_exports import (
    ExportOrder,
    FileFormat,
    Wording,
    by_name,
    table_columns,
    table_rows,
)
from desktop_app.services.price_lists import IssuedPrices, client_prices, public_prices, standard_currency
from desktop_app.services.pricing import PricingService
from desktop_app.storage.repositories.costs import CostDifference, CostRow, cost_micro
from desktop_app.storage.repositories.issued_lists import MAX_BYTES, IssuedList
from desktop_app.storage.unit_of_work import Database, UnitOfWork

T = TypeVar("T")
_STEP: Final = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """A price list that was written.

    Attributes:
        path: the file.
        rows: how many destinations it has.
        digest: SHA-256 of the copy that is kept, "" without one.
    """

    path: Path
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """How a price list will look.

    Attributes:
        titles: the headings; those after the second are of numbers.
        rows: the first lines as texts.
        nested: which of them belong to the row above.
        total: how many lines there are.
        facts: for whom, when, in what.
        currency: of the prices.
        path: a file of the folder asked for that is not there yet.
    """

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    nested: tuple[bool, ...]
    total: int
    facts: tuple[str, ...]
    currency: str
    path: Path


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """What there is to choose from.

    Attributes:
        clients: (name, currency) by name.
        currency: of the standard list.
        rates: other currencies with the rate of the day and its date.
    """

    clients: tuple[tuple[str, str], ...]
    currency: str
    rates: tuple[tuple[str, Decimal, date], ...]


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

    def export(
        self, path: Path, order: ExportOrder, *, actor: str, job: Job | None = None, replace: bool = False
    ) -> Exported:
        """Write every destination of ``order`` that has a price to ``path``, all or nothing.

        Args:
            path: the file.
            order: what it holds.
            actor: who exports.
            job: progress and cancellation.
            replace: a file of this name may be replaced.

        Raises:
            InvalidInput: a file that cannot be written or is there already (code "file_exists"), no exchange rate (code
                "no_rate"), or costs in a client's list.
            NotFound: no such client.
            StorageUnavailable: the disk is full or may not be written to; or the list was written and its copy was not kept.
            Cancelled: the job was stopped; nothing was written.
        """
        job = job or Job()
        if not replace:
            require_free(path)
        with self._database.read() as uow:
            prices = self._prices(uow, order)
            preferences = read_preferences(uow)
        wording = Wording(order, preferences.decimals)
        today = self._clock().date()
        if order.file_format is FileFormat.PDF:
            rows = _write_pdf(path, prices, wording, preferences.company, today, job)
        else:
            stepped = _stepping(table_rows(order, prices), len(prices.lines), job)
            table = Table(table_columns(order), stepped)
            tr = wording.say
            if order.file_format is FileFormat.CSV:
                rows = csv_file.write(path, table)
            else:
                facts = (preferences.company, *wording.facts(prices, today))
                about = (tr("About this list"), [fact for fact in facts if fact])
                rows = xlsx_file.write(path, table, tr("Price list"), about)
        digest = self._keep(path, order, prices, actor).digest if order.keep_copy else ""
        return Exported(path, rows, digest)

    def preview(self, order: ExportOrder, *, folder: Path, count: int = 5) -> ExportPreview:
        """Return the first ``count`` lines of a list, and a name for it in ``folder`` that is free.

        Raises:
            InvalidInput: no exchange rate (code "no_rate"), or costs in a client's list.
            NotFound: no such client.
        """
        with self._database.read() as uow:
            prices = self._prices(uow, order)
            wording = Wording(order, read_preferences(uow).decimals)
        today = self._clock().date()
        first = by_name(prices)[:count]
        rows, nested = tuple(map(wording.cells, first)), tuple(line.mccmnc is not None for line in first)
        path = _free_name(folder, order, prices, today)
        facts = wording.facts(prices, today)
        return ExportPreview(
            wording.titles(prices.currency), rows, nested, len(prices.lines), facts, prices.currency, path
        )

    def choices(self) -> ExportChoices:
        """Return what a list can be made of."""
        with self._database.read() as uow:
            currency = standard_currency(uow)
            rates = uow.exchange_rates.from_currency(currency, self._clock().date())
            clients = tuple((client.name, client.currency) for client in uow.clients.list_all())
        return ExportChoices(clients, currency, tuple((code, *rates[code]) for code in sorted(rates)))

    def issued(self) -> list[IssuedList]:
        """Return the newest lists of which a copy is kept, newest first."""
        with self._database.read() as uow:
            return uow.issued_lists.newest()

    def issued_content(self, list_id: int) -> bytes:
        """Return an issued list as it went out."""
        with self._database.read() as uow:
            return uow.issued_lists.content(list_id)

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

    def _prices(self, uow: UnitOfWork, order: ExportOrder) -> IssuedPrices:
        at, language, countries = self._clock(), order.language, order.countries
        if order.client is None:
            return public_prices(
                uow, currency=order.currency, countries=countries, networks=order.networks, language=language, at=at
            )
        if order.costs:
            raise InvalidInput(tr("A client's price list never shows what you pay."), fields={"costs": ""})
        return client_prices(uow, order.client, countries=countries, language=language, at=at)

    def _keep(self, path: Path, order: ExportOrder, prices: IssuedPrices, actor: str) -> IssuedList:
        try:
            content = read_file(path, MAX_BYTES)
            with self._database.begin() as uow:
                client_id = prices.client.client_id if prices.client else None
                now, kind = self._clock(), order.file_format.value
                kept = uow.issued_lists.add(
                    content, at=now, actor=actor, client_id=client_id, file_format=kind, name=path.name
                )
                subject = prices.client.name if prices.client else tr("Standard prices")
                uow.activity.add(now, actor, "list_issued", subject, name=path.name, sha256=kept.digest)
                return kept
        except AppError as error:
            sentence = tr("The price list was written, but no copy of it was kept. {reason}", reason=error.user_message)
            raise StorageUnavailable(sentence) from error


def require_free(path: Path) -> None:
    """Raise InvalidInput with the code "file_exists" when there is a file ``path``."""
    if path.is_file():
        sentence = tr("“{name}” is there already.", name=path.name)
        raise InvalidInput(sentence, fields={"path": sentence}, code="file_exists")


def _stepping(rows: Iterable[T], total: int, job: Job) -> Iterator[T]:
    for done, row in enumerate(rows):
        if done % _STEP == 0:
            job.step(done, total)
        yield row
    job.step(total, total)


def _write_pdf(path: Path, prices: IssuedPrices, wording: Wording, company: str, today: date, job: Job) -> int:
    # Here, not above: Qt's graphics are needed for nothing else on a server.
    from desktop_app.exports import pdf_file

    tr = wording.say
    titles = wording.titles(prices.currency)
    total = len(prices.lines)
    printed = pdf_file.PrintedList(
        company=company,
        title=tr("Price list"),
        facts=wording.facts(prices, today),
        columns=tuple(pdf_file.PrintedColumn(title, place > 1) for place, title in enumerate(titles)),
        rows=[(line.mccmnc is not None, wording.cells(line)) for line in _stepping(by_name(prices), total, job)],
        decimal_mark=wording.decimal_mark,
        page_text=lambda page, pages: tr("Page {page} of {pages}", page=page, pages=pages),
        continued_text=lambda name: tr("{country} (continued)", country=name),
    )
    return pdf_file.write(path, printed, lambda done: job.step(done, total))


def _free_name(folder: Path, order: ExportOrder, prices: IssuedPrices, today: date) -> Path:
    """Return a name that says what is in the file and from when, and that no file has yet."""
    whom = prices.client.name if prices.client else tr("prices")
    word = "".join(letter if letter.isalnum() else "-" for letter in whom).strip("-")
    stem = "-".join(part for part in (word or tr("prices"), prices.currency.lower(), today.isoformat()) if part)
    names = (f"{stem}{'' if number == 1 else f' ({number})'}.{order.file_format}" for number in range(1, 10_000))
    return next(path for name in names if not (path := folder / name).exists())
