"""A sheet from outside, CSV or XLSX told apart by content, read within limits.

An XLSX is parsed in this process. A child process with limits of its own costs more than the whole parse of a usual file,
protects nothing on Windows, and would have to be found again inside a frozen program; instead nothing reaches the parser
that could cost more than ``Limits`` admit (see ``xlsx_bounds`` and ``xlsx_package``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import later, say, tr
from desktop_app.exports.csv_rows import csv_rows
from desktop_app.exports.files import read_file
from desktop_app.exports.guard import unprotect
from desktop_app.exports.limits import Limits, SheetCell
from desktop_app.exports.xlsx_bounds import column_letters, too_many_columns, too_many_rows
from desktop_app.exports.xlsx_package import checked_package

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How files begin that are neither text nor XLSX.
_FOREIGN: Final = (
    (b"%PDF-", later("a PDF document")),
    (b"MZ", later("a Windows program")),
    (b"\x7fELF", later("a program")),
    (b"\x89PNG", later("a picture")),
    (b"\xff\xd8\xff", later("a picture")),
    (b"{\\rtf", later("a text document (.rtf)")),
    (b"<", later("a web page or an XML file")),
)


# (row number as a spreadsheet program shows it, one cell per heading).
SheetRow = tuple[int, Sequence[SheetCell]]
_ROWS_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file.

    Attributes:
        header: the headings, trimmed, none blank, none twice.
        rows: read once; rows without any value are left out, and the apostrophe of our own formula guard is taken off.
            Iterating raises InvalidInput at a row that cannot be read.
    """

    header: tuple[str, ...]
    rows: Iterator[SheetRow]


def read_sheet(path: Path, *, limits: Limits | None = None) -> Sheet:
    """Open the CSV or XLSX file ``path``, of an XLSX its first visible sheet.

    Raises:
        InvalidInput: no such file, another format, beyond ``limits``, damaged, or headings that cannot be used; one sentence
            that names the row or the cell where there is one.
    """
    limits = limits or Limits()
    content = read_file(path, limits.file_bytes)
    rows = iter(_raw_rows(path, content, limits))
    header = _header(path, rows, limits)
    return Sheet(header, _body(rows, len(header), limits))


def _raw_rows(path: Path, content: bytes, limits: Limits) -> Iterable[tuple[int, Sequence[object]]]:
    if not content:
        raise InvalidInput(tr("“{name}” is empty.", name=path.name))
    if content.startswith(_ZIP):
        return _xlsx_rows(content, limits)
    kind = _foreign_kind(content)
    if kind:
        raise InvalidInput(
            tr("“{name}” is {kind}. A price sheet is a CSV or XLSX file.", name=path.name, kind=say(kind)),
        )
    return csv_rows(content)


def _foreign_kind(content: bytes) -> str | None:
    if content.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        return later("a spreadsheet protected with a password") if locked else later("an old Excel file (.xls)")
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((kind for mark, kind in _FOREIGN if start.startswith(mark)), None)


def _xlsx_rows(content: bytes, limits: Limits) -> Iterable[tuple[int, Sequence[object]]]:
    package = checked_package(content, limits)
    try:
        sheet = CalamineWorkbook.from_filelike(package).get_sheet_by_index(0)
    except CalamineError as error:
        raise InvalidInput(tr("The spreadsheet is damaged: its sheet cannot be read.")) from error
    return enumerate(sheet.iter_rows(), 1)


def _header(path: Path, rows: Iterator[tuple[int, Sequence[object]]], limits: Limits) -> tuple[str, ...]:
    """Take the first row with a value from ``rows`` and return its headings."""
    cells = next(([str(cell).strip() for cell in row] for _, row in rows if any(map(_is_filled, row))), None)
    if cells is None:
        raise InvalidInput(tr("“{name}” has no headings and no rows.", name=path.name))
    while not cells[-1]:
        cells.pop()
    if len(cells) > limits.columns:
        raise too_many_columns(len(cells), limits)
    seen: dict[str, int] = {}
    for number, heading in enumerate(cells, 1):
        letters = column_letters(number)
        if not heading:
            raise InvalidInput(tr("Column {column} has no heading.", column=letters))
        if len(heading) > limits.cell_chars:
            raise InvalidInput(tr("The heading of column {column} is too long.", column=letters))
        first = seen.setdefault(heading.casefold(), number)
        if first != number:
            raise InvalidInput(
                tr(
                    "Columns {first} and {second} are both “{heading}”.",
                    first=column_letters(first),
                    second=letters,
                    heading=heading[:40],
                )
            )
    return tuple(unprotect(cell) for cell in cells)


def _is_filled(cell: object) -> bool:
    return cell != "" and not (isinstance(cell, str) and cell.isspace())


def _body(rows: Iterator[tuple[int, Sequence[Any]]], width: int, limits: Limits) -> Iterator[SheetRow]:
    """Yield the rows with a value, cells cleaned. Chunk by chunk: a look at each cell would take as long as the parse."""
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        if chunk[-1][0] > limits.rows:
            raise too_many_rows(limits)
        if _needs_no_care([row for _, row in chunk], width, limits.cell_chars):
            yield from chunk
            continue
        for number, row in chunk:
            cells = row if len(row) == width else _fitted(number, row, width)
            if any(map(_is_filled, cells)):
                yield number, [_cleaned(cell, number, limits.cell_chars) for cell in cells]


def _needs_no_care(rows: list[Sequence[Any]], width: int, longest: int) -> bool:
    """Return whether every row has ``width`` cells and a value in the first, and no cell needs to be cleaned."""
    if set(map(len, rows)) != {width}:
        return False
    columns = list(zip(*rows, strict=True))
    return "" not in columns[0] and all(_is_clean(column, longest) for column in columns)


def _is_clean(cells: Sequence[Any], longest: int) -> bool:
    """Return whether ``cells`` are all numbers, or all texts of which none is too long or begins with an apostrophe."""
    try:
        # Joining them looks at the type of each, in C.
        joined = "\n".join(cells)
    except TypeError:
        return set(map(type, cells)) == {float}
    is_short = len(joined) <= longest or max(map(len, cells)) <= longest
    return is_short and joined[:1] != "'" and "\n'" not in joined


def _fitted(number: int, row: Sequence[object], width: int) -> Sequence[object]:
    """Return ``row`` with ``width`` cells; only a row without values may be shorter, only blank cells may follow."""
    if not any(map(_is_filled, row)):
        return [""] * width
    if len(row) < width:
        raise InvalidInput(
            tr("Row {row} has {cells} cells, the headings have {width}.", row=number, cells=len(row), width=width)
        )
    if any(map(_is_filled, row[width:])):
        raise InvalidInput(tr("Row {row} has values beyond the last heading.", row=number))
    return row[:width]


def _cleaned(cell: object, number: int, longest: int) -> SheetCell:
    if isinstance(cell, float):
        return cell
    if not isinstance(cell, str):
        return float(cell) if type(cell) is int else str(cell)
    if len(cell) > longest:
        raise InvalidInput(tr("Row {row} has a cell of more than {limit:,} characters.", row=number, limit=longest))
    return unprotect(cell)
