"""Prices to and from a spreadsheet by the clipboard: tabs between cells, a line for each row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import micro_text
from desktop_app.views.formats import MISSING, folded
from desktop_app.views.models.price_columns import (
    ALIGNED,
    EDITABLE,
    PERCENTS,
    Column,
    Unit,
    amount,
    exact_percent,
    title,
    unit_of,
    value_text,
)
from desktop_app.views.models.price_entry import BelowCost, how_far, read_entry
from desktop_app.views.models.price_lines import PriceLine, all_lines

# What turns a cell of a spreadsheet into a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Pasted:
    """A price that was pasted and found its row.

    Attributes:
        line: the row as it is saved.
        price: micro-units.
        note: what there is to say about it.
        refused: it cannot be saved; the note says why.
    """

    line: PriceLine
    price: int
    note: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class PastedSheet:
    """What a text from the clipboard gives: prices, and a sentence for each row that gives none."""

    prices: tuple[Pasted, ...]
    problems: tuple[str, ...] = field(default=())


def copied_text(
    lines: Sequence[PriceLine], columns: Sequence[Column], *, unit: Unit, mark: str, headers: bool = False
) -> str:  # fmt: skip
    """Return cells as text for a spreadsheet: raw numbers with ``mark`` as their decimal mark, texts safe from formulas."""
    rows = [[_raw(line, column, unit, mark) for column in columns] for line in lines]
    if headers:
        rows.insert(0, [title(column) for column in columns])
    return "\n".join("\t".join(row) for row in rows)


def read_pasted(
    text: str, countries: Sequence[PriceLine], below: Sequence[PriceLine], columns: Sequence[Column], *, unit: Unit, step: int
) -> PastedSheet:  # fmt: skip
    """Return the prices in a text from a spreadsheet.

    When the first column holds ISO codes, names or network codes, each row is meant for that country or network; else the
    rows are those from the current one downwards, and the columns those from the current one to the right.

    Args:
        text: from the clipboard.
        countries: all lines as they are saved.
        below: the lines shown from the current row downwards, as they are saved.
        columns: the columns shown from the current one to the right.
        unit: how prices are shown and written.
        step: micro-units that prices computed from percents are rounded to.
    """
    rows = [line.split("\t") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    names = _Names(countries)
    if any(len(row) > 1 for row in rows) and any(names.find(row[0]) for row in rows):
        return _by_name(rows, names, unit, step)
    return _by_place(rows, below, columns, unit, step)


class _Names:
    """Finds lines by what people call them."""

    def __init__(self, countries: Sequence[PriceLine]) -> None:
        self._found: dict[str, PriceLine] = {}
        for line in all_lines(countries):
            for name in self._names(line):
                self._found.setdefault(name, line)

    @staticmethod
    def _names(line: PriceLine) -> Iterable[str]:
        if line.is_network:
            return (line.code, line.key.casefold())
        return (line.iso.casefold(), *line.words.split("\n"))

    def find(self, text: str) -> PriceLine | None:
        return self._found.get(folded(text.strip().strip('"')))


def _by_name(rows: Sequence[Sequence[str]], names: _Names, unit: Unit, step: int) -> PastedSheet:
    prices: dict[str, Pasted] = {}
    problems: list[str] = []
    for number, row in enumerate(rows, 1):
        if not any(cell.strip() for cell in row):
            continue
        line = names.find(row[0])
        cell = next((cell for cell in row[1:] if _looks_like_number(cell)), row[1] if len(row) > 1 else "")
        if line is None:
            # The first row of a spreadsheet is often its headings.
            if number > 1 or _looks_like_number(cell):
                problems.append(tr("Row {row}: “{text}” is no country.", row=number, text=row[0].strip()[:40]))
            continue
        if line.key in prices:
            problems.append(tr("Row {row}: {name} is there twice.", row=number, name=line.name))
            continue
        read = _read(cell, line, Column.PRICE, unit, step)
        if isinstance(read, str):
            problems.append(tr("Row {row}: {why}", row=number, why=read))
        else:
            prices[line.key] = read
    return PastedSheet(tuple(prices.values()), tuple(problems))


def _by_place(
    rows: Sequence[Sequence[str]], below: Sequence[PriceLine], columns: Sequence[Column], unit: Unit, step: int
) -> PastedSheet:
    prices: dict[str, Pasted] = {}
    problems: list[str] = []
    for number, row in enumerate(rows, 1):
        if number > len(below):
            problems.append(tr("Row {row}: the table has no more rows.", row=number))
            continue
        for cell, column in zip(row, columns, strict=False):
            if not cell.strip():
                continue
            if column not in EDITABLE:
                problems.append(tr("Row {row}: {column} cannot be edited.", row=number, column=title(column)))
                continue
            read = _read(cell, below[number - 1], column, unit, step)
            if isinstance(read, str):
                problems.append(tr("Row {row}: {why}", row=number, why=read))
            else:
                prices.setdefault(read.line.key, read)
    return PastedSheet(tuple(prices.values()), tuple(problems))


def _read(cell: str, line: PriceLine, column: Column, unit: Unit, step: int) -> Pasted | str:
    """Return the price in a cell, or why there is none."""
    text = cell.strip().strip('"').lstrip("'")
    try:
        price = read_entry(text, line, column, unit=unit, step=step)
    except BelowCost as error:
        return Pasted(line, error.price, error.user_message, refused=True)
    except InvalidInput as error:
        return error.user_message
    return Pasted(line, price, how_far(line.price, price))


def _looks_like_number(cell: str) -> bool:
    return any(letter.isdigit() for letter in cell)


def _raw(line: PriceLine, column: Column, unit: Unit, mark: str) -> str:
    if column is Column.VOLUME:
        return "" if line.volume is None else str(line.volume)
    if column in ALIGNED or column is Column.PROVIDER_COST:
        value = line.provider_cost if column is Column.PROVIDER_COST else amount(line, column)
        return (
            ""
            if value is None
            else micro_text(value * unit_of(column, unit).sms).rstrip("0").rstrip(".").replace(".", mark)
        )
    if column in PERCENTS:
        return exact_percent(line, column).replace(".", mark)
    text = value_text(line, column, unit)
    text = "" if text == MISSING else text.replace("\t", " ").replace("\n", " ")
    return f"'{text}" if text.startswith(_FORMULA) and column is not Column.DIAL else text
