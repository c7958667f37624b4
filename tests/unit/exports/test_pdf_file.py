"""A price list on paper: read back as text, page by page."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QCoreApplication

from desktop_app.domain.errors import Cancelled, InvalidInput
from desktop_app.exports.pdf_file import PrintedColumn, PrintedList, PrintedRow, write

COLUMNS = (PrintedColumn("Country"), PrintedColumn("Code"), PrintedColumn("EUR per SMS", is_number=True))
ROWS: tuple[PrintedRow, ...] = (
    (False, ("Türkiye", "TR", "0.0307")),
    (True, ("Turkcell İletişim", "28601", "0.031112")),
    (False, ("Germany", "DE", "12.1")),
)


def printed(
    rows: tuple[PrintedRow, ...] = ROWS, *, company: str = "Northwind Telecom", mark: str = ".",
    note: str = "Prices exclude VAT",
) -> PrintedList:  # fmt: skip
    facts = ("For Aurora Travel", "24 November 2026", f"Prices per SMS in EUR · {note}")
    pages, continued = "Page {} of {}".format, "{} (continued)".format
    return PrintedList(company, "Price list", facts, COLUMNS, rows, mark, pages, continued)


def pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def places(path: Path, texts: tuple[str, ...]) -> list[tuple[float, float, float, float]]:
    """Return (left, bottom, right, top) of each text on the first page."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[0].get_textpage()
        found = []
        for text in texts:
            start, _count = page.search(text).get_next()
            found.append(page.get_charbox(start, loose=True))
        return found


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "list.pdf"
    yield path
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".part"] == []


def test_everything_on_the_page_can_be_searched_and_copied(target: Path) -> None:
    assert write(target, printed()) == 3

    (text,) = pages(target)
    for words in ("Northwind Telecom", "Price list", "For Aurora Travel", "24 November 2026", "Prices exclude VAT",
                  "Country", "EUR per SMS", "Türkiye", "Turkcell İletişim", "28601", "0.0307", "0.031112", "12.1",
                  "Page 1 of 1"):  # fmt: skip
        assert words in text


def test_decimal_points_stand_under_each_other_and_networks_are_indented(target: Path) -> None:
    write(target, printed())

    short, long, wide = places(target, ("0.0307", "0.031112", "12.1"))
    assert short[0] == pytest.approx(long[0], abs=0.2)
    # "12" is one figure wider than "0": its first figure stands one figure further left.
    assert wide[0] == pytest.approx(short[0] - (short[2] - short[0]), abs=0.4)
    country, network = places(target, ("Germany", "Turkcell"))
    assert network[0] > country[0] + 10


def test_a_long_list_repeats_its_headings_and_loses_no_row(target: Path) -> None:
    rows = tuple((number % 5 != 0, (f"Name {number}", "DE", f"0.{number:04d}")) for number in range(1000))

    drawn: list[int] = []
    assert write(target, printed(rows), drawn.append) == 1000

    found = pages(target)
    assert len(found) == len(drawn) > 10
    assert drawn[-1] == 1000
    assert all("EUR per SMS" in text for text in found)
    assert all(f"Page {number} of {len(found)}" in text for number, text in enumerate(found, 1))
    words = " ".join(found).split()
    assert [word for word in words if word.startswith("0.")] == [f"0.{number:04d}" for number in range(1000)]


def test_a_page_that_begins_with_networks_says_of_which_country(target: Path) -> None:
    rows = tuple((number % 100 != 0, (f"Name{number}", "DE", f"0.{number:04d}")) for number in range(150))

    write(target, printed(rows))

    found = pages(target)
    assert [re.findall(r"Name\d+ \(continued\)", text) for text in found] == [
        [], ["Name0 (continued)"], ["Name0 (continued)"], ["Name100 (continued)"],
    ]  # fmt: skip
    words = " ".join(found).split()
    assert [word for word in words if word.startswith("0.")] == [f"0.{number:04d}" for number in range(150)]


def test_a_page_that_begins_with_a_country_continues_nothing(target: Path) -> None:
    write(target, printed(tuple((False, (f"Name{number}", "DE", "0.1")) for number in range(150))))

    assert not any("continued" in text for text in pages(target))


def test_long_lines_above_the_list_are_broken_not_cut_off(target: Path) -> None:
    company = " ".join(["Northwind Telecommunications"] * 6)
    note = " ".join(f"word{number:02d}" for number in range(24))

    write(target, printed(company=company, note=note))

    with pypdfium2.PdfDocument(target) as document:
        page = document[0]
        right = page.get_width() - 40
        text = page.get_textpage()
        letters = [place for place in range(text.count_chars()) if text.get_text_range(place, 1).strip()]
        boxes = [text.get_charbox(place) for place in letters]
    assert max(box[2] for box in boxes) < right
    (words,) = pages(target)
    assert all(f"word{number:02d}" in words for number in range(24))
    assert words.count("Telecommunications") >= 6


def test_a_list_without_rows_and_without_a_company_is_one_page(target: Path) -> None:
    assert write(target, printed((), company="")) == 0

    (text,) = pages(target)
    assert "Price list" in text


def test_a_name_neither_turns_its_direction_nor_leaves_its_column(target: Path) -> None:
    rows = ((True, ("safe\u202etxt.exe\x07 " + "W" * 200, "26201", "0.1")),)

    write(target, printed(rows))

    (text,) = pages(target)
    assert "safe txt.exe" in text
    assert "\u202e" not in text
    assert "W" * 60 not in text
    assert "…" in text


def test_a_comma_is_a_decimal_mark_too(target: Path) -> None:
    write(target, printed(((False, ("Deutschland", "DE", "0,1234")), (False, ("Türkei", "TR", "10,5"))), mark=","))

    one, ten = places(target, ("0,1234", "10,5"))
    assert ten[0] < one[0]


def test_it_is_written_in_any_thread_and_again_and_again(target: Path) -> None:
    lengths: list[int] = []

    def work() -> None:
        write(target, printed())
        lengths.append(target.stat().st_size)

    write(target, printed())
    if QCoreApplication.instance() is not None:
        worker = threading.Thread(target=work)
        worker.start()
        worker.join()
    work()

    assert lengths[-1] == target.stat().st_size > 1000


def test_what_stops_the_work_leaves_what_was_there(target: Path) -> None:
    target.write_text("from last month", "utf-8")

    def stop(_rows: int) -> None:
        raise Cancelled("Stopped.")

    before = QCoreApplication.instance()
    with pytest.raises(Cancelled):
        write(target, printed(), stop)
    assert QCoreApplication.instance() is before, "a Qt application of its own is gone, whatever happened"
    assert target.read_text("utf-8") == "from last month"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        write(tmp_path / "no" / "list.pdf", printed())
