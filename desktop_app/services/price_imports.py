"""Price sheets on their way into the price list, or into a provider's costs: read, looked at, then stored as one change."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from babel import Locale

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import micro_exact, micro_text
from desktop_app.domain.pace import paced
from desktop_app.domain.rates import Rate, effective_price
from desktop_app.domain.regions import COUNTRIES, parse_country
from desktop_app.exports.price_headings import field_titles, guess_columns
from desktop_app.exports.price_sheet import (
    MAX_ERRORS,
    PriceSheet,
    PriceSheetRow,
    SheetError,
    SheetMapping,
    read_price_sheet,
)
from desktop_app.exports.sheet import read_sheet
from desktop_app.services.job import Job
from desktop_app.services.price_edits import PriceEdit
from desktop_app.services.price_exports import compared
from desktop_app.services.price_lists import standard_currency
from desktop_app.services.pricing import PricingService
from desktop_app.storage.repositories.costs import CostRow, Costs, by_place, cost_micro
from desktop_app.storage.unit_of_work import Database, UnitOfWork

SAMPLE: Final = 4
Place = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class SheetHead:
    """How a sheet begins.

    Attributes:
        header: its headings.
        sample: its first rows as texts, one cell per heading.
        guess: field -> position of the column that looks like it.
        fields: every field -> what a person calls it, in the order of a form.
    """

    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    guess: Mapping[str, int]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is imported and as what.

    Attributes:
        path: the file.
        columns: field -> position of its column; a field that is left out has none.
        currency: of every price where no column says it, ISO 4217; "" without one.
        provider: whose costs they are, None for sale prices.
    """

    path: Path
    columns: Mapping[str, int]
    currency: str
    provider: str | None


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A destination that an import changes.

    Attributes:
        place: (ISO code, MCC/MNC or None).
        name: of the country or network.
        cost: micro-units, for sale prices; None when unknown.
        before: micro-units now, None without one.
        after: micro-units by the sheet, None when the sheet no longer has it.
        note: what there is to say about it.
    """

    place: Place
    name: str
    cost: int | None
    before: int | None
    after: int | None
    note: str


@dataclass(frozen=True, slots=True)
class ImportReview:
    """What an import would do; nothing is stored yet.

    Attributes:
        order: what was asked for.
        currency: of the amounts; "" when the sheet has several.
        rows: what it changes.
        read: how many rows the sheet has.
        unchanged: how many of them change nothing.
        unlisted: how many destinations the sheet does not have; a provider's are closed, sale prices stay.
        errors: rows that cannot be used, the first 1,000.
        error_count: all of them.
        before: the provider's costs now; empty for sale prices.
        costs: the costs to store, by destination; empty for sale prices.
        edits: the edits to save, by destination; empty for costs.
    """

    order: ImportOrder
    currency: str
    rows: tuple[ImportedRow, ...]
    read: int
    unchanged: int
    unlisted: int
    errors: tuple[SheetError, ...]
    error_count: int
    before: Costs
    costs: Costs
    edits: Mapping[Place, PriceEdit]


@dataclass(frozen=True, slots=True)
class ImportStored:
    """What an import stored: how many rows, and the id of the price change, None for costs."""

    rows: int
    change_id: int | None


class PriceImportsService:
    """Reads price sheets, shows what they would change, and stores what a person keeps of it."""

    def __init__(self, database: Database, pricing: PricingService) -> None:
        self._database, self._pricing = database, pricing

    def open_sheet(self, path: Path) -> SheetHead:
        """Return how a CSV or XLSX sheet begins.

        Raises:
            InvalidInput: no such file, another format, damaged, or headings that cannot be used.
        """
        sheet = read_sheet(path)
        sample = tuple(tuple(_shown(cell) for cell in cells) for _, cells in islice(sheet.rows, SAMPLE))
        return SheetHead(sheet.header, sample, guess_columns(sheet.header), field_titles())

    def review(self, order: ImportOrder, *, language: str, job: Job) -> ImportReview:
        """Read the whole sheet and return what it would change.

        Raises:
            InvalidInput: the sheet cannot be read, or a column that is needed was not chosen.
            NotFound: no such provider.
            Cancelled: the job was stopped.
        """
        mapping = SheetMapping(order.columns, order.currency)
        sheet = read_price_sheet(
            order.path,
            mapping=mapping,
            parse_country=_country_parser(language),
            on_rows=lambda rows: job.step(rows, 0),
        )
        with self._database.read() as uow:
            review = _review_prices if order.provider is None else _review_costs
            return review(uow, order, sheet, Locale.parse(language).territories)

    def store(self, review: ImportReview, kept: Iterable[Place], *, actor: str) -> ImportStored:
        """Store what was kept of a review in one transaction: sale prices as one price change, costs as the provider's.

        Destinations that were not kept stay as they are.

        Raises:
            PricesChanged: a price is no longer what the review showed; nothing was saved.
            StaleData: the provider's costs are no longer those of the review; nothing was stored.
            InvalidInput: nothing was kept.
        """
        wanted = frozenset(paced(kept))
        if not wanted:
            raise InvalidInput(tr("No row was chosen: nothing was imported."))
        provider = review.order.provider
        if provider is None:
            edits = [edit for place, edit in paced(review.edits.items()) if place in wanted]
            saved = self._pricing.save_edits(edits, actor=actor)
            return ImportStored(saved.rows, saved.change_id)
        changed = {row.place for row in paced(review.rows)}
        taken = {place: row for place, row in paced(review.costs.items()) if place in wanted or place not in changed}
        dropped = wanted & changed - review.costs.keys()
        final = [row for place, row in {**review.before, **taken}.items() if place not in dropped]
        self._pricing.import_costs(provider, final, actor=actor, expected=review.before)
        return ImportStored(len(wanted & changed), None)


def _shown(cell: object) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _country_parser(language: str) -> Callable[[str], str]:
    """Return what reads a country's code, or its name in English or in ``language``."""
    named = {
        compared(name): iso
        for locale in (language, "en")
        for iso, name in Locale.parse(locale).territories.items()
        if iso in COUNTRIES
    }

    def parse(text: str) -> str:
        return named.get(compared(text)) or parse_country(text)

    return parse


def _review_costs(uow: UnitOfWork, order: ImportOrder, sheet: PriceSheet, names: Mapping[str, str]) -> ImportReview:
    provider = uow.providers.get(order.provider or "")
    before = by_place(uow.costs.of_provider(provider.provider_id))
    after = {
        (row.country, row.mccmnc): CostRow(
            row.country, row.mccmnc, row.network, row.price_text, cost_micro(row.price), row.currency
        )
        for row in paced(sheet.rows)
        # Listed without a price: not for sale, never free.
        if row.price is not None
    }
    if not after and not sheet.error_count:
        raise InvalidInput(tr("The file lists no price at all: every cost would be closed."))
    currencies = {row.currency for row in paced(after.values())}
    rows = [
        ImportedRow(
            place,
            _name(names, *place, row.network),
            None,
            old.cost if old else None,
            row.cost,
            _cost_note(old, row, currencies),
        )
        for place, row in paced(after.items())
        if (old := before.get(place)) is None or (old.cost, old.currency) != (row.cost, row.currency)
    ]
    unlisted = before.keys() - after.keys()
    # A row that was skipped may be any of them: then none is closed.
    if not sheet.error_count:
        note = tr("No longer offered")
        rows += [
            ImportedRow(place, _name(names, *place, before[place].network), None, before[place].cost, None, note)
            for place in paced(_in_order(unlisted))
        ]
    changed = sum(row.after is not None for row in rows)
    return ImportReview(
        order, next(iter(currencies)) if len(currencies) == 1 else "", tuple(rows), len(sheet.rows) + sheet.error_count,
        len(after) - changed, len(unlisted), sheet.errors, sheet.error_count, before, after, {},
    )  # fmt: skip


def _cost_note(old: CostRow | None, row: CostRow, currencies: Collection[str]) -> str:
    if old is None:
        return tr("New") if len(currencies) == 1 else tr("New, in {currency}", currency=row.currency)
    if old.currency != row.currency:
        return tr("Was in {before}, now in {after}", before=old.currency, after=row.currency)
    return "" if len(currencies) == 1 else row.currency


def _review_prices(uow: UnitOfWork, order: ImportOrder, sheet: PriceSheet, names: Mapping[str, str]) -> ImportReview:
    currency = standard_currency(uow)
    standard = uow.prices.default_list()
    stored = uow.prices.rates(standard.list_id) if standard else []
    rates = {(rate.country, rate.mccmnc): rate for rate in paced(stored)}
    errors = list(sheet.errors)
    listed: dict[Place, tuple[PriceSheetRow, int]] = {}
    more = 0
    for row, price, error in _sale_prices(sheet, rates, currency):
        if error is None:
            listed[row.country, row.mccmnc] = (row, price)
        else:
            more += 1
            errors.append(error)
    errors.sort(key=lambda error: error.row)
    rows, edits = _sale_rows(listed, rates, names)
    priced = sum(rate.price is not None for rate in paced(stored))
    return ImportReview(
        order, currency, tuple(rows), len(sheet.rows) + sheet.error_count, len(listed) - len(rows),
        priced - sum(place in rates and rates[place].price is not None for place in paced(listed)), tuple(errors[:MAX_ERRORS]),
        sheet.error_count + more, {}, {}, edits,
    )  # fmt: skip


def _sale_prices(
    sheet: PriceSheet, rates: Mapping[Place, Rate], currency: str
) -> Iterator[tuple[PriceSheetRow, int, SheetError | None]]:
    """Yield the rows that have a price, with it in micro-units, or with what keeps it out."""
    for row in paced(sheet.rows):
        if row.price is None:
            continue
        try:
            price = micro_exact(row.price)
        except InvalidInput as error:
            yield row, 0, SheetError(row.row, tr("Price"), error.user_message)
            continue
        rate = rates.get((row.country, row.mccmnc))
        problem = None
        if row.currency != currency:
            problem = tr("The price is in {other}, the price list in {own}.", other=row.currency, own=currency)
        elif rate is not None and rate.cost is not None and price < rate.cost:
            problem = tr("{price} is below the cost {cost}.", price=row.price_text, cost=micro_text(rate.cost))
        yield row, price, None if problem is None else SheetError(row.row, tr("Price"), problem)


def _sale_rows(
    listed: Mapping[Place, tuple[PriceSheetRow, int]], rates: Mapping[Place, Rate], names: Mapping[str, str]
) -> tuple[list[ImportedRow], dict[Place, PriceEdit]]:
    rows: list[ImportedRow] = []
    edits: dict[Place, PriceEdit] = {}
    # A country before its networks: what they inherit afterwards is what it becomes.
    countries = {iso: rate for (iso, mccmnc), rate in paced(rates.items()) if mccmnc is None}
    for place in paced(_in_order(listed)):
        row, price = listed[place]
        rate, country = rates.get(place), countries.get(place[0])
        if effective_price(rate, country).price == price:
            continue
        now = effective_price(rate, rates.get((place[0], None))).price
        own, manual = (None, False) if rate is None else (rate.price, rate.manual)
        edits[place] = PriceEdit(row.country, row.mccmnc, own, manual, price)
        cost = None if rate is None else rate.cost
        network = row.network or (rate.network if rate else "")
        rows.append(ImportedRow(place, _name(names, *place, network), cost, now, price, "" if rate else tr("New")))
        if place[1] is None and rate is not None:
            countries[place[0]] = replace(rate, price=price, manual=True)
    return rows, edits


def _in_order(places: Iterable[Place]) -> Iterator[Place]:
    """Yield destinations by country, a country before its networks; one long sort would hold the interpreter."""
    networks: dict[str, list[Place]] = {}
    for place in paced(places):
        networks.setdefault(place[0], []).append(place)
    for iso in sorted(networks):
        yield from sorted(networks[iso], key=lambda place: place[1] or "")


def _name(names: Mapping[str, str], iso: str, mccmnc: str | None, network: str) -> str:
    return names.get(iso, iso) if mccmnc is None else network or mccmnc
