"""What a sheet would cost its parser, found before it is parsed.

The parser keeps the rectangle from the first to the last cell, so one cell far away costs gigabytes, and it believes the
counts a file states of itself. Both are checked here: quickly for sheets that are written the way every common program
writes them, element by element for all others.
"""

import re
from collections.abc import Callable
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.exports.limits import Limits
from desktop_app.exports.xml_scan import document_type_error, scan

# A cell in column A-Z and row 1-99,999 begins like this; whatever else begins with "<c" needs the exact look.
_UNUSUAL_CELL: Final = re.compile(rb'<c(?! r="[A-Z][0-9]{1,5}")')
# A prefix, with which elements can be spelled otherwise; ``spans="1:6"`` of a row is none.
_PREFIX: Final = re.compile(rb":(?![0-9])")
_USUAL_ROWS: Final = 99_999
_USUAL_COLUMNS: Final = 26
_COUNT: Final = re.compile(rb'ount\s*=\s*["\'](?![0-9]{1,7}["\'])')
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ENCODING: Final = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")


def check_sheet(xml: bytes, limits: Limits) -> None:
    """Refuse a sheet that is larger than ``limits``, or whose cells stand where no cell can be.

    Raises:
        InvalidInput: says what is too large, or which cell cannot be read.
    """
    _check_encoding(xml)
    start, end = _cells_region(xml)
    _check_counts(xml[:start] + xml[end:])
    if not (_usual_limits(limits) and _is_usual(xml, start, end)):
        _Extent(limits).measure(xml)


def _usual_limits(limits: Limits) -> bool:
    """Return whether a usual sheet is within ``limits`` whatever it holds."""
    most = _USUAL_ROWS * _USUAL_COLUMNS
    return limits.rows >= _USUAL_ROWS and limits.columns >= _USUAL_COLUMNS and limits.cells >= most


def _is_usual(xml: bytes, start: int, end: int) -> bool:
    # The value of a formula error begins with "#".
    has_errors = b"#" in xml and b't="e"' in xml
    return not (has_errors or _PREFIX.search(xml, start, end) or _UNUSUAL_CELL.search(xml, start, end))


def check_part(xml: bytes) -> None:
    """Refuse a part whose stated counts would make the parser reserve more than there can be.

    Raises:
        InvalidInput: the part is damaged or hostile.
    """
    _check_encoding(xml)
    _check_counts(xml)


def check_shared_strings(strings: bytes, sheet: bytes, limits: Limits) -> None:
    """Refuse texts that would grow beyond ``limits.shared_bytes`` when each cell gets its own copy.

    Raises:
        InvalidInput: the texts are too long for the number of cells.
    """
    check_part(strings)
    if b"<!" in strings:
        # A comment or a quoted section could hide where a text ends.
        raise _damaged()
    longest = max(map(len, strings.split(b"</si>")))
    # No cell is written with fewer than six bytes; counting them costs more and is rarely needed.
    if longest * (len(sheet) // 6) > limits.shared_bytes:
        cells = sheet.count(b"<c") + sheet.count(b":c")
        if longest * cells > limits.shared_bytes:
            raise InvalidInput(tr("The texts in this spreadsheet are too long for its number of cells."))


def _cells_region(xml: bytes) -> tuple[int, int]:
    start, end = xml.find(b"sheetData"), xml.rfind(b"sheetData")
    if start < 0:
        raise InvalidInput(tr("The spreadsheet is damaged: its sheet has no cells part."))
    return start, end if end > start else len(xml)


def _check_encoding(xml: bytes) -> None:
    head = xml[:200]
    named = _ENCODING.search(head)
    if b"\0" in head or (named and named[1].lower() not in {b"utf-8", b"us-ascii"}):
        raise InvalidInput(tr("The spreadsheet is not written in UTF-8. Save it again with a spreadsheet program."))
    if b"<!DOCTYPE" in xml[: xml.find(b"sheetData") + 1 or len(xml)]:
        raise document_type_error()


def _check_counts(xml: bytes) -> None:
    if _COUNT.search(xml):
        raise _damaged()


def _damaged() -> InvalidInput:
    return InvalidInput(tr("The spreadsheet is damaged: it does not hold what it says it holds."))


class _Extent:
    """Follows the cells of a sheet and remembers the farthest row and column."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._row = self._column = self._last_row = self._last_column = 0
        self._handlers: dict[str, Callable[[dict[str, str]], None]] = {"row": self._enter_row, "c": self._enter_cell}

    def measure(self, xml: bytes) -> None:
        """Read all cells of ``xml``.

        Raises:
            InvalidInput: see ``check_sheet``.
        """
        scan(xml, self._element)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        handler = self._handlers.get(name)
        if handler is not None:
            handler(attributes)

    def _enter_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", str(self._row + 1))
        if not _REFERENCE.fullmatch("A" + number):
            raise InvalidInput(tr("The spreadsheet is damaged: “{place}” is no row.", place=number[:20]))
        self._row, self._column = int(number), 0

    def _enter_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            found = _REFERENCE.fullmatch(reference)
            if found is None:
                raise InvalidInput(tr("The spreadsheet is damaged: “{place}” is no cell.", place=reference[:20]))
            self._column, self._row = column_number(found[1]), int(found[2])
        if attributes.get("t") == "e":
            place = reference or f"{column_letters(self._column)}{self._row}"
            raise InvalidInput(
                tr("Cell {place} holds a formula error. Correct it and save the file again.", place=place)
            )
        self._last_row, self._last_column = max(self._last_row, self._row), max(self._last_column, self._column)
        self._check()

    def _check(self) -> None:
        limits, rows, columns = self._limits, self._last_row, self._last_column
        if rows > limits.rows:
            raise too_many_rows(limits)
        if columns > limits.columns:
            raise too_many_columns(columns, limits)
        if rows * columns > limits.cells:
            raise InvalidInput(
                tr(
                    "The sheet reaches to cell {place}: too many cells to read.",
                    place=f"{column_letters(columns)}{rows}",
                )
            )


def too_many_rows(limits: Limits) -> InvalidInput:
    """Return the error for a sheet with more rows than ``limits`` admit."""
    return InvalidInput(tr("The sheet has more than {limit:,} rows, empty ones included.", limit=limits.rows))


def too_many_columns(columns: int, limits: Limits) -> InvalidInput:
    """Return the error for a sheet with ``columns`` columns."""
    return InvalidInput(
        tr("The sheet has {columns:,} columns; at most {limit} are read.", columns=columns, limit=limits.columns)
    )


def column_number(letters: str) -> int:
    """Return 1 for "A", 27 for "AA"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return "A" for 1, "AA" for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
