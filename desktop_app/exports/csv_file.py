"""A table as CSV: UTF-8 with a BOM (spreadsheet programs need it), commas, every cell quoted, lines end with CR LF."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from desktop_app.exports.files import replacing
from desktop_app.exports.guard import HARMLESS, is_live
from desktop_app.exports.table import Cell, Column, Kind, Table

_ROWS_AT_ONCE: Final = 200


def write(path: Path, table: Table) -> int:
    """Write ``table`` to ``path``, all or nothing, and return the number of rows.

    The header is the columns' keys, without quotes. Decimals are plain ("0.000001"), with the decimals they have; None is
    an empty cell; texts pass the formula guard.

    Raises:
        InvalidInput: the folder does not exist or the name is taken by something that is not a file.
        StorageUnavailable: the disk is full or may not be written to.
    """
    count = 0
    rows = iter(table.rows)
    with replacing(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        try:
            csv.writer(text, lineterminator="\r\n").writerow([column.key for column in table.columns])
            writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            while chunk := list(islice(rows, _ROWS_AT_ONCE)):
                writer.writerows(_texts(chunk, table.columns))
                count += len(chunk)
        finally:
            text.detach()
    return count


def _texts(chunk: list[tuple[Cell, ...]], columns: Sequence[Column]) -> Iterable[tuple[object, ...]]:
    """Return the rows as they are written. Whole columns are turned at once: a call per cell would cost more than csv."""
    turned = zip(*chunk, strict=True)
    return zip(*[_column(cells, column.kind) for cells, column in zip(turned, columns, strict=True)], strict=True)


def _column(cells: tuple[Any, ...], kind: Kind) -> Sequence[object]:
    if kind is Kind.TEXT:
        return ["'" + text if text and text[0] not in HARMLESS and is_live(text) else text for text in cells]
    if kind is Kind.DECIMAL:
        plain = [None if cell is None else str(cell) for cell in cells]
        return [f"{cell:f}" if text and "E" in text else text for cell, text in zip(cells, plain, strict=True)]
    return cells
