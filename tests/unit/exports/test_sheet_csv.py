"""CSV from outside: read by content, within limits, every refusal a sentence."""

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import InvalidInput
from desktop_app.exports.limits import Limits
from desktop_app.exports.sheet import read_sheet

Row = tuple[int, tuple[str | float, ...]]


def read(path: Path, content: bytes, limits: Limits | None = None) -> tuple[tuple[str, ...], list[Row]]:
    path.write_bytes(content)
    sheet = read_sheet(path, limits=limits)
    return sheet.header, [(number, tuple(cells)) for number, cells in sheet.rows]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prices.csv"


TABLE = "country,price\r\nDE,0.1\r\n"
EXPECTED = (("country", "price"), [(2, ("DE", "0.1"))])


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.replace("\r\n", "\n").encode(),
        TABLE.replace("\r\n", "\r").encode(),
        TABLE.rstrip().encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace(",", "|").encode(),
        b"sep=;\r\n" + TABLE.replace(",", ";").encode(),
        b"SEP=,\n" + TABLE.encode(),
        b'"country","price"\r\n"DE","0.1"\r\n',
        b" country , price \r\nDE,0.1\r\n",
        b"country,price,,\r\nDE,0.1,,\r\n",
        TABLE.encode() + b",\r\n \r\n\r\n",
    ],
)
def test_one_table_in_many_forms(file: Path, content: bytes) -> None:
    assert read(file, content) == EXPECTED


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    assert read(tmp_path / "prices.xlsx", TABLE.encode()) == EXPECTED


def test_what_is_in_the_cells_stays(file: Path) -> None:
    content = b'a;b\n"x\ny";"1;2"\n\n;"""q"""\n=1+1;\'=1+1\n\'\'=1;\'x\n0,5;a"b\n'
    assert read(file, content)[1] == [
        (2, ("x\ny", "1;2")),
        (4, ("", '"q"')),
        (5, ("=1+1", "=1+1")),
        (6, ("'=1", "'x")),
        (7, ("0,5", 'a"b')),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "no headings"),
        (b",,\n,,\n", "no headings"),
        (codecs.BOM_UTF8, "no headings"),
        (b"a,,c\n1,2,3\n", "Column B has no heading"),
        (b"a,b,A\n1,2,3\n", "Columns A and C are both “A”"),
        (b"a,b\n1,2\n1\n", "Row 3 has 1 cells, the headings have 2"),
        (b"a,b\n1,2\n1,2,3\n", "Row 3 has values beyond the last heading"),
        (b"a,b\nDE,0,05\n", "Row 2 has values beyond"),
        (b'a,b\n1,2\n"1,2\n3,4\n', "Row 3 cannot be read: a quote is not closed"),
        (b'a,b\n"1"x,2\n', "Row 2 cannot be read"),
        (b"a,b\n1\0,2\n", "Row 2 has a NUL"),
        ("a,b\nMünchen,1\n".encode("cp1252"), "Row 2 is not UTF-8 text. Save the file as “CSV UTF-8”"),
        ("a,b\nİstanbul,1\n".encode("cp1254"), "Row 2 is not UTF-8"),
        ("a,b\n日本,1\n".encode("shift_jis"), "is not UTF-8"),
        ("a,b\n中国,1\n".encode("gb18030"), "is not UTF-8"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", "is not UTF-8"),
        (codecs.BOM_UTF32_LE + "a,b".encode("utf-32-le"), "NUL"),
        ("a,b".encode("utf-16-le"), "NUL"),
        (b"<html><table>", "is a web page"),
        (b"\xef\xbb\xbf\n <!doctype html>", "is a web page"),
        (b"%PDF-1.4", "is a PDF"),
        (b"MZ\x90", "is a Windows program"),
        (b"\x7fELF", "is a program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "is an old Excel file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        (b"a" * 4_001 + b"\n1\n", "heading of column A is too long"),
        (b"a,b\n1," + b"x" * 4_001 + b"\n", "Row 2 has a cell of more than 4,000"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "Row 2 cannot be read: .*far too long"),
        (",".join(f"c{n}" for n in range(51)).encode(), "has 51 columns; at most 50"),
        (",".join(f"c{n}" for n in range(16_384)).encode(), "has 16,384 columns"),
    ],
)
def test_what_cannot_be_read_is_told(file: Path, content: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        read(file, content)


def test_four_thousand_characters_are_read(file: Path) -> None:
    assert read(file, b"a\n" + b"x" * 4_000 + b"\n")[1] == [(2, ("x" * 4_000,))]


def test_rows_are_counted(file: Path) -> None:
    limits = Limits(rows=1_000)
    assert len(read(file, b"a\n" + b"1\n" * 999, limits)[1]) == 999
    with pytest.raises(InvalidInput, match="more than 1,000 rows"):
        read(file, b"a\n" + b"1\n" * 1_000, limits)


def test_large_files_and_no_files(file: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="larger than"):
        read(file, b"a\n" + b"1\n" * 600_000, Limits(file_bytes=1_000_000))
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "missing", Path("/dev/zero")):
        with pytest.raises(InvalidInput):
            read_sheet(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_table_or_a_sentence(file: Path, content: bytes) -> None:
    try:
        header, rows = read(file, content)
    except InvalidInput:
        return
    assert all(len(cells) == len(header) for _, cells in rows)
