"""Anything that can be pasted: lists of every kind, blocks of a spreadsheet, files."""

from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.destinations import Recipient, parse_recipients
from desktop_app.domain.errors import InvalidInput
from desktop_app.services.recipient_blocks import Entries, read_block
from desktop_app.services.recipient_files import read_recipients

A, B, C = "+49 151 23450001", "0151 23450002", "+44 7400 123450"
SEPARATORS = ("\n", "\r\n", ",", ";", "\t", ", ", " ; ", "\n\n")


@pytest.mark.parametrize("separator", SEPARATORS)
def test_numbers_are_parted_by_whatever_people_write(separator: str) -> None:
    assert read_block(separator.join([A, B, C]), "DE").texts == (A, B, C)


@given(st.lists(st.tuples(st.integers(1_000_000, 9_999_999), st.sampled_from(SEPARATORS)), min_size=1, max_size=30))
def test_no_number_is_lost_or_made_up(parts: list[tuple[int, str]]) -> None:
    text = "".join(f"+491512{number}{separator}" for number, separator in parts)
    assert read_block(text, None).texts == tuple(f"+491512{number}" for number, _ in parts)


def test_lines_are_counted_as_they_were_pasted() -> None:
    entries = read_block(f"{A}\n\n{B}, {C}\nabc", "DE")
    assert list(zip(entries.texts, entries.lines, strict=True)) == [(A, 1), (B, 3), (C, 3), ("abc", 4)]


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_of_a_block_the_column_with_most_numbers_counts_and_the_others_are_fields(delimiter: str) -> None:
    rows = [
        ("First name", "Order", "Mobile", "City"),
        ("Ada", "1", A, "Köln"),
        ("Bo", "2", B, ""),
        ("Cy", "3", "n/a", "York"),
    ]
    entries = read_block("\n".join(delimiter.join(row) for row in rows), "DE")
    assert entries.texts == (A, B, "n/a")
    assert entries.lines == (2, 3, 4)
    assert entries.fields == (
        {"first_name": "Ada", "order": "1", "city": "Köln"}, {"first_name": "Bo", "order": "2"},
        {"first_name": "Cy", "order": "3", "city": "York"},
    )  # fmt: skip


def test_a_block_without_headings_names_its_columns() -> None:
    entries = read_block(f"Ada\t{A}\nBo\t{B}", "DE")
    assert (entries.texts, entries.lines) == ((A, B), (1, 2))
    assert entries.fields == ({"column_1": "Ada"}, {"column_1": "Bo"})


def test_a_quoted_cell_may_hold_delimiters() -> None:
    entries = read_block(f'name,number\n"Lovelace, Ada",{A}\nBo,{C}', None)
    assert entries.fields == ({"name": "Lovelace, Ada"}, {"name": "Bo"})


def test_a_block_of_numbers_side_by_side_is_a_list() -> None:
    assert read_block(f"{A}\t{B}\n{C}\t+49 151 23450009", "DE").texts == (A, B, C, "+49 151 23450009")


def test_entries_are_replaced_and_taken_out_together() -> None:
    entries = Entries(("a", "b", "c"), (1, 2, 3), ({"x": "1"}, {}, {"x": "3"}))
    assert entries.replaced(1, "B") == Entries(("a", "B", "c"), (1, 2, 3), ({"x": "1"}, {}, {"x": "3"}))
    assert entries.without([0, 2]) == Entries(("b",), (2,), ({},))


CARDS = """BEGIN:VCARD
VERSION:3.0
N:Lovelace;Ada;;;
FN:Ada Lovelace
TEL;TYPE=CELL:+49 151 23450001
item1.TEL;type=HOME:+49 30 1234567
END:VCARD
BEGIN:VCARD
FN:Bo
TEL:tel:+447400123450
END:VCARD
"""


@pytest.mark.parametrize(
    ("name", "content", "texts", "fields"),
    [
        ("a.txt", f"{A}\n{B}; {C}".encode(), (A, B, C), None),
        ("a.txt", f"{A}\n{B}".encode("utf-16"), (A, B), None),
        ("a.csv", f"Vorname;Handy\nJörg;{A}\nBo;{B}\n".encode(), (A, B), ({"vorname": "Jörg"}, {"vorname": "Bo"})),
        ("a.csv", f"{A}\n{B}\n{C}\n".encode(), (A, B, C), None),
        (
            "a.vcf", CARDS.encode(), ("+49 151 23450001", "+49 30 1234567", "+447400123450"),
            (
                {"first_name": "Ada", "last_name": "Lovelace", "name": "Ada Lovelace"},
                {"first_name": "Ada", "last_name": "Lovelace", "name": "Ada Lovelace"}, {"name": "Bo"},
            ),
        ),
    ],
)  # fmt: skip
def test_files_become_tables(
    tmp_path: Path, name: str, content: bytes, texts: tuple[str, ...], fields: tuple[dict[str, str], ...] | None
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    entries = read_recipients(path, "DE").entries()
    assert (entries.texts, entries.fields) == (texts, fields)


def test_a_file_without_numbers_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_text("Roses are red")
    with pytest.raises(InvalidInput, match=r"poem\.txt"):
        read_recipients(path, "DE")
    with pytest.raises(InvalidInput):
        read_recipients(tmp_path / "missing.vcf", "DE")


def test_text_of_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes(CARDS.replace("Ada", "Jörg").encode("cp1252"))
    assert "Jörg" in str(read_recipients(path, None).rows)


def test_another_column_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"home,mobile,name\n{A},{C},Ada\n{B},,Bo\n")
    table = read_recipients(path, "DE")
    assert table.headings == ("home", "mobile", "name")
    chosen = table.entries(1, {2: "who"})
    assert (chosen.texts, chosen.fields) == ((C,), ({"who": "Ada"},))
    assert all(isinstance(one, Recipient) for one in parse_recipients(chosen.texts))


def test_numbers_that_a_spreadsheet_kept_as_amounts_are_seen_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        rows = (
            ("Name", "Handy", "Points"),
            ("Ada", "+49 151 23450001", 0),
            ("Bo", 15123450002, 2.5),
            ("Cy", "0151 23450003", ""),
        )
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    entries = read_recipients(path, "DE").entries()
    assert entries.texts == ("+49 151 23450001", "15123450002", "0151 23450003")
    assert entries.fields == ({"name": "Ada", "points": "0"}, {"name": "Bo", "points": "2.5"}, {"name": "Cy"})
    assert all(isinstance(one, Recipient) for one in parse_recipients(entries.texts, "DE"))
