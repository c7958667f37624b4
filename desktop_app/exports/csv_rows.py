"""The rows of a CSV file that somebody else wrote."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

_DELIMITERS: Final = ",;\t|"
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEP_LINE: Final = re.compile(r"sep=([,;\t|])\r?\n?", re.IGNORECASE)
_QUOTED: Final = re.compile(r'"[^"]*"')


def csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number from 1, cells) of ``content``; an empty line is a row without cells.

    The text is UTF-8, or UTF-16 where a byte-order mark says so. The delimiter is what a ``sep=`` line names, else the one of
    comma, semicolon, tab and bar that the first line has most of.

    Raises:
        InvalidInput: another encoding, NUL characters, or a quote that is not closed; names the row.
    """
    text = _decoded(content)
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise InvalidInput(tr("Row {row} has a NUL character: this is not a text file.", row=row))
    named = _SEP_LINE.match(text)
    if named:
        text = text[named.end() :]
    delimiter = named[1] if named else _most_used(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            yield row, cells
    except csv.Error as error:
        message = tr("Row {row} cannot be read: a quote is not closed, or a cell is far too long.", row=row + 1)
        raise InvalidInput(message) from error


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        message = tr("Row {row} is not UTF-8 text. Save the file as “CSV UTF-8” and try again.", row=row)
        raise InvalidInput(message) from error


def _most_used(text: str) -> str:
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    unquoted = _QUOTED.sub("", first)
    return max(_DELIMITERS, key=unquoted.count)
