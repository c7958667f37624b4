"""A price list of 40,000 rows as XLSX, CSV and PDF, against the bare library that writes the same cells."""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QGuiApplication, QPageSize, QPainter, QPdfWriter

from desktop_app.domain.regions import COUNTRIES
from desktop_app.exports import csv_file, pdf_file, xlsx_file
from desktop_app.exports.table import Column, Kind, Table
from tests.bench.harness import Row, in_pairs, measured

Cells = tuple[str, str, Decimal, str, str, str]
COLUMNS = (
    Column("country", "Country", Kind.TEXT), Column("mccmnc", "MCC/MNC", Kind.TEXT),
    Column("price", "Price per SMS", Kind.DECIMAL, 4), Column("currency", "Currency", Kind.TEXT),
    Column("country_name", "Country name", Kind.TEXT), Column("network", "Network", Kind.TEXT),
)  # fmt: skip
PRINTED = (
    pdf_file.PrintedColumn("Country"),
    pdf_file.PrintedColumn("Code"),
    pdf_file.PrintedColumn("EUR per SMS", is_number=True),
)
PAGE_ROWS = 43


def run(folder: Path, *, size: int = 40_000, runs: int = 5) -> list[Row]:
    """Measure the three of them."""
    cells = _cells(size)
    printed = [(number % 20 != 0, (row[5], row[1], f"{row[2]}")) for number, row in enumerate(cells)]
    application = QGuiApplication.instance() or QGuiApplication(["bench", "-platform", "offscreen"])
    listed = pdf_file.PrintedList(
        "Northwind Telecom", "Price list", ("Standard prices",), PRINTED, printed, ".", "Page {} of {}".format,
        "{} (continued)".format,
    )  # fmt: skip
    pdf_file.write(folder / "first.pdf", listed)
    pairs: list[tuple[str, Callable[[], object], Callable[[], object], float]] = [
        ("XLSX", lambda: xlsx_file.write(folder / "own.xlsx", Table(COLUMNS, cells), "Price list"),
         lambda: _bare_xlsx(folder / "bare.xlsx", cells), 1.15),
        ("CSV", lambda: csv_file.write(folder / "own.csv", Table(COLUMNS, cells)),
         lambda: _bare_csv(folder / "bare.csv", cells), 2.0),
        ("PDF", lambda: pdf_file.write(folder / "own.pdf", listed), lambda: _bare_pdf(folder / "bare.pdf", printed), 1.2),
    ]  # fmt: skip
    rows = [_row(name, size, ours, bare, most, runs) for name, ours, bare, most in pairs]
    del application
    return rows


def _row(
    name: str, size: int, ours: Callable[[], object], bare: Callable[[], object], most: float, runs: int
) -> Row:  # fmt: skip
    own, reference, ratio = in_pairs(lambda: measured(ours), lambda: measured(bare), runs)
    library = {"XLSX": "XlsxWriter", "CSV": "csv", "PDF": "QPainter"}[name]
    return Row(
        f"{name} of {size:,} rows", own, reference, ratio, f"{own / size * 1e6:.1f} us per row",
        f"<= {most:g}x bare {library}", ratio <= most,
    )  # fmt: skip


def _cells(size: int) -> list[Cells]:
    countries = sorted(COUNTRIES)
    return [
        (countries[number % len(countries)], f"{200 + number % 550:03d}{number // 550:03d}",
         Decimal(10_000 + number).scaleb(-6), "EUR", f"Country {number % len(countries)}", f"Network {number}")
        for number in range(size)
    ]  # fmt: skip


def _bare_xlsx(path: Path, cells: list[Cells]) -> None:
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet: Any = book.add_worksheet()
        for number, row in enumerate(cells):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                else:
                    sheet.write_number(number, place, cell)


def _bare_csv(path: Path, cells: list[Cells]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(cells)


def _bare_pdf(path: Path, printed: list[tuple[bool, tuple[str, str, str]]]) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(600)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    painter = QPainter(writer)
    font = QFont(pdf_file.FAMILY)
    font.setPixelSize(75)
    painter.setFont(font)
    for number, (_, cells) in enumerate(printed):
        if number and number % PAGE_ROWS == 0:
            writer.newPage()
        base = 400.0 + number % PAGE_ROWS * 129
        for left, cell in zip((400, 2000, 3600), cells, strict=True):
            painter.drawText(QPointF(left, base), cell)
    painter.end()
