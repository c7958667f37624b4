"""How much of a file from outside is read (reliability.md P52)."""

from dataclasses import dataclass

# What a reader gives for a cell: a text, or the number of a spreadsheet. An empty cell is "".
SheetCell = str | float


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that hold before anything is parsed.

    Attributes:
        file_bytes: size of the file.
        unpacked_bytes: size of everything an XLSX holds.
        ratio: unpacked to packed size; files that unpack to less than ``unpacked_floor`` may exceed it.
        entries: files inside an XLSX.
        rows: rows of the sheet, empty ones included where the format counts them.
        columns: columns of the sheet.
        cells: rows times columns of an XLSX: its parser keeps the whole rectangle in memory.
        cell_chars: characters of one cell.
        shared_bytes: what the texts of an XLSX can grow to, as one text may be used by many cells.
    """

    file_bytes: int = 50_000_000
    unpacked_bytes: int = 200_000_000
    ratio: int = 100
    unpacked_floor: int = 1_000_000
    entries: int = 1_000
    rows: int = 1_000_000
    columns: int = 50
    cells: int = 5_000_000
    cell_chars: int = 4_000
    shared_bytes: int = 400_000_000
