"""Numbers from files that people have: plain text, CSV, XLSX."""

import re
from pathlib import Path

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.exports.sheet import read_sheet

MAX_BYTES = 50 * 1024 * 1024
_BETWEEN = re.compile(r"[\r\n;,\t]+")
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


def _from_table(path: Path) -> list[str]:
    sheet = read_sheet(path)
    titles = [title.strip().casefold() for title in sheet.header]
    column = next((place for place, title in enumerate(titles) if title in _TITLES), 0)
    # A file without a header: what stands where the titles belong is a number too.
    first = [sheet.header[column]] if re.fullmatch(r"\+?[0-9 ()-]{7,20}", sheet.header[column].strip()) else []
    return first + [str(cells[column]).strip() for _row, cells in sheet.rows if str(cells[column] or "").strip()]
