"""A table as XLSX, streamed: memory does not grow with the rows."""

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.exports.files import replacing, write_error
from desktop_app.exports.guard import HARMLESS, is_live, protect
from desktop_app.exports.table import Column, Kind, Table

MAX_ROWS: Final = 1_048_575
MAX_TEXT: Final = 32_767
_TITLE_LENGTH: Final = 31
# A cell's number is a double: 15 digits (and a point) come back as they were. Longer numbers are written as text.
_EXACT_LENGTH: Final = 16
_DECIMALS: Final = 6
_WIDTHS: Final = {Kind.TEXT: 18, Kind.DECIMAL: 14, Kind.INTEGER: 12}


def write(path: Path, table: Table, title: str, about: tuple[str, Sequence[str]] = ("", ())) -> int:
    """Write ``table`` to ``path`` as one sheet named ``title``, all or nothing, and return the number of rows.

    The header is the columns' titles. Text is written as text, never as a formula, a link or a number, and passes the formula
    guard; decimals and integers are numbers and come back equal. ``about`` is the title of a second sheet and its lines; without
    lines there is none.

    Raises:
        InvalidInput: the folder does not exist, the name is taken by something that is not a file, or the table does not fit.
        StorageUnavailable: the disk is full or may not be written to.
    """
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    try:
        with replacing(path) as file, tempfile.TemporaryDirectory(prefix="sms-desk-") as folder:
            packed = Path(folder) / "book.xlsx"
            with xlsxwriter.Workbook(packed, {**options, "tmpdir": folder}) as book:
                rows = _fill(book, table, title)
                if about[1]:
                    _explain(book, *about)
            with packed.open("rb") as source:
                shutil.copyfileobj(source, file)
            return rows
    except FileCreateError as error:
        cause = error.args[0]
        raise write_error(path, cause if isinstance(cause, OSError) else OSError(str(cause))) from error


def _fill(book: Any, table: Table, title: str) -> int:
    sheet = book.add_worksheet(_sheet_name(title))
    heading = book.add_format({"bold": True, "bottom": 1})
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, _WIDTHS[column.kind], _number_format(book, column))
        sheet.write_string(0, index, column.title, heading)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS + 1}"})
    put = [_writer(sheet, column.kind) for column in table.columns]
    row = 0
    for row, cells in enumerate(table.rows, 1):
        if row > MAX_ROWS:
            raise InvalidInput(tr("An XLSX sheet holds {limit:,} rows at most. Use CSV.", limit=MAX_ROWS))
        for index, cell in enumerate(cells):
            if cell is not None and put[index](row, index, cell):
                raise InvalidInput(tr("Row {row} has a text that is too long for XLSX. Use CSV.", row=row))
    return row


def _number_format(book: Any, column: Column) -> Any:
    if column.kind is not Kind.DECIMAL:
        return None
    return book.add_format({"num_format": "0." + "0" * column.decimals + "#" * (_DECIMALS - column.decimals)})


def _explain(book: Any, title: str, lines: Sequence[str]) -> None:
    sheet = book.add_worksheet(_sheet_name(title))
    sheet.set_column(0, 0, 80)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, protect(line[:MAX_TEXT]))


def _writer(sheet: Any, kind: Kind) -> Callable[[int, int, Any], Any]:
    """Return what writes a cell of ``kind``; it returns 0 when the cell was written."""
    write_string, write_number = sheet.write_string, sheet.write_number

    def text(row: int, column: int, cell: str) -> object:
        return write_string(row, column, "'" + cell if cell[:1] not in HARMLESS and is_live(cell) else cell)

    def number(row: int, column: int, cell: Decimal | int) -> object:
        if len(str(cell)) > _EXACT_LENGTH:
            return write_string(row, column, f"{Decimal(cell):f}")
        return write_number(row, column, cell)

    return text if kind is Kind.TEXT else number


def _sheet_name(title: str) -> str:
    """Return ``title`` as a sheet may be named: 31 characters, no brackets or marks of paths, no apostrophe at an end."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f\x7f]", " ", title)[:_TITLE_LENGTH].strip().strip("'").strip()
    return "Sheet" if not name or name.casefold() == "history" else name
