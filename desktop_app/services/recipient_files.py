"""Recipients from files that people have: plain text, CSV, XLSX, address cards (VCF)."""

import re
from pathlib import Path

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.exports.sheet import read_sheet
from desktop_app.services.recipient_blocks import Table, read_block, table_of

MAX_BYTES = 50 * 1024 * 1024
_BETWEEN = re.compile(r"[\r\n;,\t]+")
_LIKE_A_NUMBER = re.compile(r"\+?[0-9 ()-]{7,20}")
_TITLES = (
    "phone",
    "number",
    "to",
    "msisdn",
    "mobile",
    "recipient",
    "telefon",
    "telefon numarası",
    "numara",
    "rufnummer",
)


def read_numbers(path: Path) -> list[str]:
    """Return the numbers in a file as they are written there.

    Text files have one per line or parted by comma, semicolon or tab; of a table (.csv, .xlsx) the column that is named like
    a number counts, else the first.

    Raises:
        InvalidInput: the file cannot be read, or is neither text nor a table.
    """
    if path.suffix.lower() in (".csv", ".xlsx"):
        return _from_table(path)
    try:
        if not path.is_file():
            raise InvalidInput(tr("There is no file {file}.", file=path))
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInput(tr("{file} is larger than 50 MB.", file=path))
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInput(tr("{file} cannot be read: {reason}.", file=path, reason=error.strerror or "?")) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(tr("{file} is not UTF-8 text.", file=path)) from error
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def read_recipients(path: Path, country: str | None) -> Table:
    """Return the recipients in a file as a table: of a text file the numbers alone, of cards their names too.

    Args:
        path: a .csv, .xlsx, .vcf or text file.
        country: ISO 3166 alpha-2 of the country whose national form is understood too.

    Raises:
        InvalidInput: the file cannot be read, or no column of it has a telephone number.
    """
    kind = path.suffix.lower()
    if kind in (".csv", ".xlsx"):
        table = _sheet_table(path, country)
    elif kind == ".vcf":
        table = table_of(_cards(_text_of(path)), country, _CARD_HEADINGS)
    else:
        entries = read_block(_text_of(path), country)
        table = table_of(
            [(line, [text]) for line, text in zip(entries.lines, entries.texts, strict=True)], country, [tr("Number")]
        )
    if table is None:
        raise InvalidInput(tr("No column of {file} has telephone numbers.", file=path.name))
    return table


def _sheet_table(path: Path, country: str | None) -> Table | None:
    sheet = read_sheet(path)
    rows = [(number, list(map(_cell_text, cells))) for number, cells in sheet.rows]
    # A file without headings: what stands where they belong is a row like the others.
    if any(_LIKE_A_NUMBER.fullmatch(title.strip()) for title in sheet.header):
        return table_of([(1, list(sheet.header)), *rows], country)
    return table_of(rows, country, sheet.header)


def _cell_text(cell: object) -> str:
    """Return a cell as it is seen; a spreadsheet keeps whole numbers, telephone numbers too, as floats."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


_CARD_HEADINGS = ("Number", "First name", "Last name", "Name")
_CARD_LINE = re.compile(r"(?:[\w-]+\.)?(TEL|N|FN)(?:;[^:]*)?:(.*)", re.IGNORECASE)


def _cards(text: str) -> list[tuple[int, list[str]]]:
    """Return (line, cells of _CARD_HEADINGS) of every number of every card."""
    rows: list[tuple[int, list[str]]] = []
    numbers: list[tuple[int, str]] = []
    first = last = name = ""
    for place, line in enumerate(re.sub(r"\r?\n[ \t]", "", text).splitlines(), start=1):
        found = _CARD_LINE.fullmatch(line.strip())
        if line.strip().upper() == "END:VCARD":
            rows += [(at, [number, first, last, name]) for at, number in numbers]
            numbers, first, last, name = [], "", "", ""
        elif found and found[1].upper() == "TEL":
            numbers.append((place, found[2].removeprefix("tel:").strip()))
        elif found and found[1].upper() == "N":
            parts = [*found[2].replace("\\,", ",").split(";"), "", ""]
            last, first = parts[0].strip(), parts[1].strip()
        elif found:
            name = found[2].replace("\\,", ",").strip()
    return rows


def _text_of(path: Path) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, else Windows-1252, which reads every file.

    Raises:
        InvalidInput: it cannot be read, or is too large.
    """
    try:
        if not path.is_file():
            raise InvalidInput(tr("There is no file {file}.", file=path))
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInput(tr("{file} is larger than 50 MB.", file=path))
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(tr("{file} cannot be read: {reason}.", file=path, reason=error.strerror or "?")) from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _from_table(path: Path) -> list[str]:
    sheet = read_sheet(path)
    titles = [title.strip().casefold() for title in sheet.header]
    column = next((place for place, title in enumerate(titles) if title in _TITLES), 0)
    # A file without a header: what stands where the titles belong is a number too.
    first = [sheet.header[column]] if _LIKE_A_NUMBER.fullmatch(sheet.header[column].strip()) else []
    return first + [str(cells[column]).strip() for _row, cells in sheet.rows if str(cells[column] or "").strip()]
