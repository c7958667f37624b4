"""What a price list looks like as a file: as a table for programs, and as text for people."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from babel import Locale
from babel.dates import format_date

from desktop_app.domain.money import amount_of, micro_text
from desktop_app.domain.pricing import margin_text
from desktop_app.exports.table import Cell, Column, Kind
from desktop_app.services.price_lists import IssuedPrices, ListedDestination
from desktop_app.services.translations import sayer

THOUSAND: Final = 1_000
MISSING: Final = "–"
MINUS: Final = "\u2212"


class FileFormat(StrEnum):
    """The kinds of files a price list is written to."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What a price list holds and how it is written.

    Attributes:
        file_format: the kind of file.
        client: whose prices, None for the standard list.
        costs: cost and margin, too; never in a client's list.
        per_thousand: prices of 1,000 SMS instead of one.
        language: of the countries' names: "en", "tr", "de".
        currency: what prices are converted to, None for the list's own; a client's list is in the client's currency.
        vat_note: a line about VAT, "" for none.
        countries: only these, None for all.
        networks: the networks, too; those that a client is charged by are always among its prices.
        keep_copy: keep the file as it was issued, with its SHA-256.
    """

    file_format: FileFormat
    client: str | None = None
    costs: bool = False
    per_thousand: bool = False
    language: str = "en"
    currency: str | None = None
    vat_note: str = ""
    countries: frozenset[str] | None = None
    networks: bool = True
    keep_copy: bool = False


def table_columns(order: ExportOrder) -> tuple[Column, ...]:
    """Return the columns for programs; ``country, mccmnc, price, currency`` always come first."""
    tr = sayer(order.language)
    price = Column("price", tr("Price per SMS"), Kind.DECIMAL, 4)
    if order.per_thousand:
        # Another key: a program that reads prices per SMS must not take these for such.
        price = Column("price_per_1000", tr("Price per 1,000 SMS"), Kind.DECIMAL, 2)
    columns = (
        Column("country", tr("Country"), Kind.TEXT),
        Column("mccmnc", tr("MCC/MNC"), Kind.TEXT),
        price,
        Column("currency", tr("Currency"), Kind.TEXT),
        Column("country_name", tr("Country name"), Kind.TEXT),
        Column("network", tr("Network"), Kind.TEXT),
    )
    if not order.costs:
        return columns
    least = 2 if order.per_thousand else 4
    return (
        *columns,
        Column("our_cost", tr("Our cost"), Kind.DECIMAL, least),
        Column("our_margin", tr("Our margin %"), Kind.DECIMAL, 2),
    )


def table_rows(order: ExportOrder, prices: IssuedPrices) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells for ``table_columns``."""
    times = THOUSAND if order.per_thousand else 1
    for line in prices.lines:
        price = amount_of(line.price * times)
        cells = (line.country, line.mccmnc, price, prices.currency, line.name, line.network)
        if not order.costs:
            yield cells
            continue
        margin = margin_text(line.price, line.cost)
        cost = None if line.cost is None else amount_of(line.cost * times)
        yield (*cells, cost, None if margin is None else Decimal(margin))


class Wording:
    """The texts of one list for people: numbers and dates as its language writes them.

    Args:
        order: what the list holds.
        decimals: how many decimals prices per SMS have at least.

    Attributes:
        say: what ``tr`` is in the list's language.
        decimal_mark: of the list's language.
    """

    def __init__(self, order: ExportOrder, decimals: int) -> None:
        self._order = order
        self.say = sayer(order.language)
        self._locale = Locale.parse(order.language)
        self._times = THOUSAND if order.per_thousand else 1
        self._least = 2 if order.per_thousand else decimals
        self.decimal_mark: str = self._locale.number_symbols["latn"]["decimal"]

    def titles(self, currency: str) -> tuple[str, ...]:
        """Return the headings; those of numbers follow the first two."""
        tr = self.say
        of_price = tr("{currency} per 1,000 SMS") if self._order.per_thousand else tr("{currency} per SMS")
        more = (tr("Our cost"), tr("Our margin %")) if self._order.costs else ()
        return (tr("Country"), tr("Code"), of_price.format(currency=currency), *more)

    def cells(self, line: ListedDestination) -> tuple[str, ...]:
        """Return a line's texts."""
        name = line.name if line.mccmnc is None else line.network or line.mccmnc
        price = self._amount(line.price)
        if not self._order.costs:
            return name, line.mccmnc or line.country, price
        cost = MISSING if line.cost is None else self._amount(line.cost)
        margin = margin_text(line.price, line.cost) or MISSING
        return (
            name,
            line.mccmnc or line.country,
            price,
            cost,
            margin.replace("-", MINUS).replace(".", self.decimal_mark),
        )

    def facts(self, prices: IssuedPrices, day: date) -> tuple[str, ...]:
        """Return the lines that say for whom the list is, since when and in what."""
        tr = self.say
        whom = tr("For {client}", client=prices.client.name) if prices.client else tr("Standard prices")
        unit = (
            tr("Prices per 1,000 SMS in {currency}") if self._order.per_thousand else tr("Prices per SMS in {currency}")
        )
        unit = unit.format(currency=prices.currency)
        facts = [whom, self._day(day), f"{unit} · {self._order.vat_note}" if self._order.vat_note else unit]
        if prices.exchange is not None:
            source, rate, since = prices.exchange
            text = f"{rate.normalize():f}".replace(".", self.decimal_mark)
            facts.append(
                tr("Converted at 1 {source} = {rate} {target}, rate of {day}",
                   source=source, rate=text, target=prices.currency, day=self._day(since))
            )  # fmt: skip
        return tuple(facts)

    def _day(self, day: date) -> str:
        return str(format_date(day, "long", locale=self._locale))

    def _amount(self, micro: int) -> str:
        """Return an amount with the least decimals, or as many of its six as it has."""
        whole, _, fraction = micro_text(micro * self._times).partition(".")
        return f"{whole}{self.decimal_mark}{fraction.rstrip('0').ljust(self._least, '0')}"


def by_name(prices: IssuedPrices) -> list[ListedDestination]:
    """Return the lines for a reader: countries by name, each before its networks by name."""
    keys = {text: compared(text) for line in prices.lines for text in (line.name, line.network)}
    return sorted(
        prices.lines, key=lambda line: (keys[line.name], line.country, line.mccmnc is not None, keys[line.network])
    )


def compared(text: str) -> str:
    """Return ``text`` for comparing: without case and accents."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).strip()
