"""CSV and XLSX: what is written comes back equal."""

import csv
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import InvalidInput, NotFound, StorageUnavailable
from desktop_app.domain.money import amount_of
from desktop_app.exports import csv_file, xlsx_file
from desktop_app.exports.sheet import read_sheet
from desktop_app.exports.table import Cell, Column, Kind, Table

COLUMNS = (
    Column("country", "Country", Kind.TEXT),
    Column("mccmnc", "MCC/MNC", Kind.TEXT),
    Column("price", "Price", Kind.DECIMAL),
    Column("count", "Count", Kind.INTEGER),
)
Write = Callable[[Path, Table], int]
WRITERS: list[Write] = [csv_file.write, lambda path, table: xlsx_file.write(path, table, "Prices")]
# What XML cannot hold, and what the database refuses.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)
PLAIN_PRICES = st.integers(0, 10**10).map(amount_of)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def rows_of(path: Path) -> list[tuple[str | float, ...]]:
    return [tuple(cells) for _, cells in read_sheet(path).rows]


def same(cell: Cell, read: str | float) -> bool:
    if isinstance(cell, Decimal | int):
        return Decimal(str(read)) == cell
    return read == (cell or "")


@pytest.mark.parametrize("write", WRITERS)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            TEXTS.filter(str.strip), st.none() | st.from_regex(r"0?[0-9]{5}", fullmatch=True), st.none() | PLAIN_PRICES,
            st.none() | st.integers(-(10**14), 10**14),
        ),
        min_size=1, max_size=20,
    )
)  # fmt: skip
def test_a_table_comes_back(tmp_path: Path, write: Write, rows: list[tuple[Cell, ...]]) -> None:
    path = tmp_path / "table"
    assert write(path, Table(COLUMNS, rows)) == len(rows)
    back = rows_of(path)
    assert len(back) == len(rows)
    for row, read in zip(rows, back, strict=True):
        assert all(map(same, row, read)), (row, read)


PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1)",
    "|x",
    "%0A=1",
    "\u200b=1",
    "＝1",
    "'=1",
    "''-1",
    "\ufeff+2",
]


@pytest.mark.parametrize("write", WRITERS)
def test_payloads_are_inert_and_come_back(tmp_path: Path, write: Write) -> None:
    columns = tuple(Column(f"c{index}", f"C{index}", Kind.TEXT) for index in range(3))
    rows: list[tuple[Cell, ...]] = [(text, "+4915112345678", text) for text in PAYLOADS]
    path = tmp_path / "table"
    write(path, Table(columns, rows))
    assert rows_of(path) == rows


def test_no_cell_of_an_xlsx_is_a_formula_or_a_link(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    texts = [*PAYLOADS, "http://example.com", "mailto:a@b", "{=1}", "1", "TRUE"]
    xlsx_file.write(path, Table((Column("t", "T", Kind.TEXT),), [(text,) for text in texts]), "T")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in archive.namelist() if "rels" in name and "sheet" in name]
    assert "<f>" not in sheet
    assert set(re.findall(r'<c [^>]*t="([^"]*)"', sheet)) == {"inlineStr"}
    for text in re.findall(r"<t[^>]*>([^<]*)</t>", sheet):
        assert not re.match(r"[\s\u200b\ufeff]*[=+\-@|%＝＋－＠]", text)


def test_the_csv_to_the_byte(tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [("DE", None, Decimal("0.123400"), 1), ('"A", b', "26201", Decimal("1E-7"), None)]
    csv_file.write(tmp_path / "a.csv", Table(COLUMNS, rows))
    assert (tmp_path / "a.csv").read_bytes() == (
        b'\xef\xbb\xbfcountry,mccmnc,price,count\r\n"DE","","0.123400","1"\r\n"""A"", b","26201","0.0000001",""\r\n'
    )
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8-sig") as file:
        assert [row["price"] for row in csv.DictReader(file)] == ["0.123400", "0.0000001"]


def test_numbers_of_an_xlsx_are_numbers_unless_they_would_change(tmp_path: Path) -> None:
    column = (Column("price", "Price", Kind.DECIMAL),)
    prices = [Decimal("9999.999999"), Decimal("0.000001"), Decimal("999999999.999999"), Decimal("0.12345678901234567")]
    xlsx_file.write(tmp_path / "a.xlsx", Table(column, [(price,) for price in prices]), "P")
    cells = [row[0] for row in rows_of(tmp_path / "a.xlsx")]
    assert [type(cell) for cell in cells] == [float, float, float, str]
    assert [Decimal(str(cell)) for cell in cells] == prices


@pytest.mark.parametrize("write", WRITERS)
def test_rows_are_streamed(tmp_path: Path, write: Write) -> None:
    asked = 0

    def rows() -> Iterator[tuple[Cell, ...]]:
        nonlocal asked
        for asked in range(1, 1_001):
            yield ("DE", "26201", Decimal("0.1"), asked)

    assert write(tmp_path / "a", Table(COLUMNS, rows())) == asked == 1_000


@pytest.mark.parametrize("write", WRITERS)
def test_a_source_that_breaks_leaves_nothing(tmp_path: Path, write: Write) -> None:
    def rows() -> Iterator[tuple[Cell, ...]]:
        yield ("DE", "26201", Decimal("0.1"), 1)
        raise NotFound("gone")

    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(NotFound):
        write(tmp_path / "a", Table(COLUMNS, rows()))
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names_in(tmp_path) == ["a"]


@pytest.mark.parametrize("write", WRITERS)
def test_an_empty_table_has_its_headings(tmp_path: Path, write: Write) -> None:
    assert write(tmp_path / "a", Table(COLUMNS, [])) == 0
    assert len(read_sheet(tmp_path / "a").header) == 4
    assert rows_of(tmp_path / "a") == []


@pytest.mark.parametrize("write", WRITERS)
def test_rows_must_fit_the_columns(tmp_path: Path, write: Write) -> None:
    with pytest.raises((ValueError, IndexError)):
        write(tmp_path / "a", Table(COLUMNS, [("DE", "26201", Decimal(1), 1, "more")]))
    assert names_in(tmp_path) == []


def test_a_text_too_long_for_xlsx_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="Row 2"):
        xlsx_file.write(
            tmp_path / "a.xlsx", Table((Column("t", "T", Kind.TEXT),), [("a",), ("x" * 32_768,)]), "T"
        )  # fmt: skip
    assert names_in(tmp_path) == []


def test_too_many_rows_for_xlsx_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MAX_ROWS", 2)
    with pytest.raises(InvalidInput, match="holds 2 rows"):
        xlsx_file.write(tmp_path / "a.xlsx", Table((Column("t", "T", Kind.TEXT),), [("a",)] * 3), "T")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    "title", ["", "'", "a/b\\c*?:[x]", "x" * 50, "History", "'quoted'", "\0\n", "Preise für Müller"]
)
def test_any_title_names_a_sheet(tmp_path: Path, title: str) -> None:
    assert xlsx_file.write(tmp_path / "a.xlsx", Table(COLUMNS, [("DE", None, None, 1)]), title) == 1
    assert rows_of(tmp_path / "a.xlsx") == [("DE", "", "", 1.0)]


@pytest.mark.parametrize("write", WRITERS)
def test_a_folder_that_is_gone(tmp_path: Path, write: Write) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        write(tmp_path / "missing" / "a", Table(COLUMNS, []))


def test_a_temporary_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    with pytest.raises(StorageUnavailable, match="disk is full"):
        xlsx_file.write(tmp_path / "a.xlsx", Table(COLUMNS, []), "P")
    assert names_in(tmp_path) == []
