"""Recipients out of anything that can be pasted: lists of every kind, and blocks of a spreadsheet with names beside numbers."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from desktop_app.domain.destinations import Recipient, parse_recipients
from desktop_app.domain.fields import clean_value
from desktop_app.domain.language import tr
from desktop_app.domain.phone_book import field_name

_BETWEEN: Final = re.compile(r"[\r\n;,\t]+")
_DELIMITERS: Final = ("\t", ";", ",")
# So many rows tell which column holds the numbers.
_SAMPLE: Final = 300
# Of the rows of a table, so many in a hundred have exactly one number.
_MOST: Final = 50
MOST_FIELDS: Final = 20


@dataclass(frozen=True, slots=True)
class Entries:
    """What was given as recipients, before anybody looked at it.

    Attributes:
        texts: one per recipient, as entered.
        lines: the line of each in what was pasted or in the file, from 1.
        fields: what each brings for the fields of a message, None when there is nothing but numbers.
    """

    texts: tuple[str, ...]
    lines: tuple[int, ...]
    fields: tuple[Mapping[str, str], ...] | None = None

    def replaced(self, place: int, text: str) -> "Entries":
        """Return the same with another text at ``place``."""
        return Entries((*self.texts[:place], text, *self.texts[place + 1 :]), self.lines, self.fields)

    def without(self, places: Iterable[int]) -> "Entries":
        """Return the same without some."""
        gone = set(places)
        kept = [place for place in range(len(self.texts)) if place not in gone]
        fields = None if self.fields is None else tuple(self.fields[place] for place in kept)
        return Entries(tuple(self.texts[place] for place in kept), tuple(self.lines[place] for place in kept), fields)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with a column of numbers.

    Attributes:
        headings: of the columns, made up where the table has none.
        rows: (line, cells); every row has a cell for each heading.
        numbers: the column with most numbers.
        has_headings: whether the first row was headings.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    numbers: int
    has_headings: bool

    def names(self) -> dict[int, str]:
        """Return the fields that the other columns fill, by column."""
        names: dict[int, str] = {}
        for column, heading in enumerate(self.headings):
            name = field_name(heading)
            if column != self.numbers and name and name not in names.values() and len(names) < MOST_FIELDS:
                names[column] = name
        return names

    def entries(self, numbers: int | None = None, names: Mapping[int, str] | None = None) -> Entries:
        """Return the recipients.

        Args:
            numbers: the column of the numbers, that with most numbers when it is not given.
            names: the field that each other column fills, those of ``names()`` when they are not given.
        """
        column = self.numbers if numbers is None else numbers
        named = self.names() if names is None else names
        rows = [(line, cells) for line, cells in self.rows if cells[column].strip()]
        values = (
            {name: value for place, name in named.items() if (value := clean_value(cells[place]))} for _, cells in rows
        )
        return Entries(
            tuple(cells[column].strip() for _, cells in rows), tuple(line for line, _ in rows), tuple(values) if named else None
        )  # fmt: skip


def read_block(text: str, country: str | None) -> Entries:
    """Return the recipients in ``text``: a block of a spreadsheet, or numbers parted by lines, commas, semicolons or tabs.

    Args:
        text: what was typed or pasted.
        country: ISO 3166 alpha-2 of the country whose national form is understood too.
    """
    for delimiter in _DELIMITERS:
        if delimiter in text:
            table = _table_in(text, delimiter, country)
            if table is not None:
                return table.entries()
    texts, lines = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in _BETWEEN.split(line) if part.strip()]
        texts += parts
        lines += [number] * len(parts)
    return Entries(tuple(texts), tuple(lines))


def table_of(
    rows: Sequence[tuple[int, Sequence[str]]], country: str | None, headings: Sequence[str] = ()
) -> Table | None:
    """Return rows as a table with its column of numbers, None when no column has a number.

    Args:
        rows: (line, cells).
        country: as for ``read_block``.
        headings: when they are known; else the first row is looked at.
    """
    width = max((len(cells) for _, cells in rows), default=0)
    width = max(width, len(headings))
    filled = tuple((line, (*cells, *[""] * (width - len(cells)))) for line, cells in rows)
    counts = _numbers_by_column([cells for _, cells in filled[:_SAMPLE]], width, country)
    if not any(counts):
        return None
    column = counts.index(max(counts))
    is_headed = bool(headings)
    if (
        not headings
        and len(filled) > 1
        and not _is_number(filled[0][1][column], country)
        and not _has_digits(filled[0][1])
    ):
        headings, filled, is_headed = filled[0][1], filled[1:], True
    titles = tuple(
        (headings[place].strip() if place < len(headings) else "") or tr("Column {number}", number=place + 1)
        for place in range(width)
    )
    return Table(titles, filled, column, is_headed)


def _table_in(text: str, delimiter: str, country: str | None) -> Table | None:
    """Return ``text`` as a table when it is one: several columns, and in most rows exactly one number."""
    rows = [
        (reader_line, cells) for reader_line, cells in _csv_rows(text, delimiter) if any(cell.strip() for cell in cells)
    ]
    sample = [cells for _, cells in rows[:_SAMPLE]]
    # One line is a list, whatever it holds: there is nothing that its columns could have in common.
    if len(rows) < 2 or max(len(cells) for cells in sample) < 2:
        return None
    singles = sum(_count_numbers(cells, country) == 1 for cells in sample)
    several = sum(_count_numbers(cells, country) > 1 for cells in sample)
    body = max(1, len(sample) - 1)
    if several or singles * 100 < body * _MOST:
        return None
    return table_of(rows, country)


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error:
        return


def _numbers_by_column(rows: Sequence[Sequence[str]], width: int, country: str | None) -> list[int]:
    return [
        sum(isinstance(one, Recipient) for one in parse_recipients((cells[place] for cells in rows), country))
        for place in range(width)
    ]


def _count_numbers(cells: Sequence[str], country: str | None) -> int:
    """Return how many numbers a row has; a cell may have several."""
    parts = (part for cell in cells for part in _BETWEEN.split(cell))
    return sum(isinstance(one, Recipient) for one in parse_recipients(parts, country))


def _is_number(text: str, country: str | None) -> bool:
    return isinstance(next(parse_recipients([text], country)), Recipient)


def _has_digits(cells: Sequence[str]) -> bool:
    return any(character.isdigit() for cell in cells for character in cell)
