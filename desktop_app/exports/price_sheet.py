"""A provider's price sheet: what a segment costs per country and network. Reads our own export back, too."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from desktop_app.domain import regions
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_PRICE_MICRO, MICRO, parse_currency, parse_price
from desktop_app.domain.pace import paced
from desktop_app.exports.limits import Limits, SheetCell
from desktop_app.exports.price_headings import PriceColumns, chosen_columns, find_columns
from desktop_app.exports.sheet import SheetRow, read_sheet

MAX_ERRORS: Final = 1_000
_ROWS_AT_ONCE: Final = 500
_MAX_NETWORK: Final = 200
_HIGHEST: Final = Decimal(MAX_PRICE_MICRO) / MICRO
_NO_PRICE: Final = Decimal(-1)
# Costs may be finer than a millionth, up to what is still a price and no noise.
_PLAIN_PRICE: Final = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,18})?")
_JOINED_CODE: Final = re.compile(r"([0-9]{3})[-/ ]?([0-9]{2,3})")
_WHOLE: Final = re.compile(r"[0-9]{5,6}")


@dataclass(frozen=True, slots=True)
class PriceSheetRow:
    """One destination of the sheet.

    Attributes:
        row: its number in the sheet.
        country: ISO 3166 alpha-2.
        mccmnc: MCC and MNC joined ("26201"), or None for the whole country.
        network: its name, "" where the sheet has none.
        price: exact and above zero, possibly finer than a millionth; None where the sheet lists the destination without one.
        price_text: the sheet's own spelling of it.
        currency: ISO 4217; "" where there is no price and no currency.
    """

    row: int
    country: str
    mccmnc: str | None
    network: str
    price: Decimal | None
    price_text: str
    currency: str


@dataclass(frozen=True, slots=True)
class SheetError:
    """What is wrong with one row: its number, the heading of the column, and a sentence."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class PriceSheet:
    """A sheet that was read to its end.

    Attributes:
        rows: the rows without an error. Whether some may be used while others are wrong is the caller's decision.
        errors: the first ``MAX_ERRORS`` of them, in order.
        error_count: all of them.
    """

    rows: tuple[PriceSheetRow, ...]
    errors: tuple[SheetError, ...]
    error_count: int


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """Which columns of a sheet mean what, as a person chose.

    Attributes:
        columns: field of ``price_headings.FIELDS`` -> position from 0.
        currency: of every price where no column says it, ISO 4217; "" without one.
    """

    columns: Mapping[str, int]
    currency: str = ""


def read_price_sheet(
    path: Path, *, parse_country: Callable[[str], str] = regions.parse_country, limits: Limits | None = None,
    mapping: SheetMapping | None = None, on_rows: Callable[[int], object] | None = None,
) -> PriceSheet:  # fmt: skip
    """Read the CSV or XLSX price sheet ``path`` and check every row.

    Args:
        path: the file.
        parse_country: turns what the sheet writes into an ISO code, or raises InvalidInput.
        limits: bounds of the file.
        mapping: which columns mean what; by their headings without it.
        on_rows: called now and then with the number of rows read; what it raises ends the reading.

    Raises:
        InvalidInput: the file cannot be read as a table, or a column that is needed is missing.
    """
    sheet = read_sheet(path, limits=limits)
    if mapping is None:
        columns, currency = find_columns(sheet.header), ""
    else:
        currency = mapping.currency
        columns = chosen_columns(sheet.header, mapping.columns, has_currency=bool(currency))
    reader = _RowReader(columns, parse_country, currency)
    rows = iter(sheet.rows)
    read = 0
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        for row in paced(chunk):
            reader.read(row)
        read += len(chunk)
        if on_rows is not None:
            on_rows(read)
    return PriceSheet(tuple(reader.rows), tuple(reader.errors), reader.error_count)


class _BadCell(Exception):
    """A cell that cannot be used: the field and a sentence."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class _RowReader:
    """Checks row after row; texts that repeat are checked once."""

    def __init__(self, columns: PriceColumns, parse_country: Callable[[str], str], currency: str) -> None:
        self.rows: list[PriceSheetRow] = []
        self.errors: list[SheetError] = []
        self.error_count = 0
        self._columns, self._currency = columns, currency
        self._parsers = {"country": parse_country, "currency": parse_currency}
        self._known: dict[tuple[str, str], str] = {}
        self._first_rows: dict[tuple[str, str | None], int] = {}

    def read(self, sheet_row: SheetRow) -> None:
        """Add the row to ``rows``, or to ``errors`` what is wrong with it."""
        number, cells = sheet_row
        try:
            self.rows.append(self._checked(number, cells))
        except _BadCell as bad:
            self.error_count += 1
            if self.error_count <= MAX_ERRORS:
                self.errors.append(SheetError(number, self._columns.heading(bad.field), bad.message))

    def _checked(self, number: int, cells: Sequence[SheetCell]) -> PriceSheetRow:
        columns = self._columns
        country = self._looked_up("country", cells[columns.country])
        mccmnc = self._code(cells)
        first = self._first_rows.setdefault((country, mccmnc), number)
        if first != number:
            raise _BadCell("mccmnc" if mccmnc else "country", tr("Row {row} has the same destination.", row=first))
        network = _text(cells[columns.network]) if columns.network >= 0 else ""
        if len(network) > _MAX_NETWORK:
            raise _BadCell("network", tr("The name is longer than {limit} characters.", limit=_MAX_NETWORK))
        price, spelling = _price(cells[columns.price])
        unit = cells[columns.currency] if columns.currency >= 0 else self._currency
        currency = "" if price is None and unit == "" else self._looked_up("currency", unit)
        return PriceSheetRow(number, country, mccmnc, network, price, spelling, currency)

    def _looked_up(self, field: str, cell: SheetCell) -> str:
        text = _text(cell)
        known = self._known.get((field, text))
        if known is None:
            try:
                known = self._parsers[field](text)
            except InvalidInput as error:
                raise _BadCell(field, error.user_message) from error
            self._known[field, text] = known
        return known

    def _code(self, cells: Sequence[SheetCell]) -> str | None:
        columns = self._columns
        if columns.mccmnc >= 0:
            return _joined_code(cells[columns.mccmnc])
        if columns.mcc < 0:
            return None
        return _separate_code(cells[columns.mcc], cells[columns.mnc])


def _text(cell: SheetCell) -> str:
    if isinstance(cell, str):
        return cell.strip()
    return str(int(cell)) if cell.is_integer() else repr(cell)


def _joined_code(cell: SheetCell) -> str | None:
    text = _text(cell)
    if _WHOLE.fullmatch(text):
        return text
    if not text:
        return None
    parts = _JOINED_CODE.fullmatch(text)
    if parts is None:
        raise _BadCell(
            "mccmnc",
            tr(
                "“{text}” is no MCC and MNC: five or six digits as text. A leading zero that was lost cannot be restored.",
                text=text[:20],
            ),
        )
    return parts[1] + parts[2]


def _separate_code(mcc_cell: SheetCell, mnc_cell: SheetCell) -> str | None:
    mcc, mnc = _text(mcc_cell), _text(mnc_cell)
    if not mcc and not mnc:
        return None
    if not (len(mcc) == 3 and mcc.isascii() and mcc.isdigit()):
        raise _BadCell("mcc", tr("“{text}” is no MCC: three digits.", text=mcc[:20]))
    if not (len(mnc) in (2, 3) and mnc.isascii() and mnc.isdigit()):
        message = tr(
            "“{text}” is no MNC: two or three digits as text. 1, 01 and 001 are three networks.", text=mnc[:20]
        )
        raise _BadCell("mnc", message)
    return mcc + mnc


def _price(cell: SheetCell) -> tuple[Decimal | None, str]:
    """Return the price and its spelling."""
    if isinstance(cell, float):
        # 15 digits are what a spreadsheet shows; the 16th and 17th are noise of its arithmetic.
        price = Decimal(f"{cell:.15g}") if math.isfinite(cell) else _NO_PRICE
        text = f"{price:f}"
    else:
        text = cell.strip()
        if not text:
            return None, ""
        price = _price_of_text(text)
    if not 0 < price <= _HIGHEST:
        message = tr("“{text}” cannot be a price: above 0, at most {highest:,}.", text=text[:40], highest=_HIGHEST)
        raise _BadCell("price", message)
    return price, text


def _price_of_text(text: str) -> Decimal:
    if _PLAIN_PRICE.fullmatch(text):
        return Decimal(text.replace(",", "."))
    try:
        return parse_price(text)
    except InvalidInput as error:
        raise _BadCell("price", error.user_message) from error
