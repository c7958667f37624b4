"""XLSX from outside: what would cost too much or is something else never reaches the parser."""

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.domain.errors import InvalidInput
from desktop_app.exports.limits import Limits
from desktop_app.exports.sheet import read_sheet

MakeXlsx = Callable[..., Path]
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rows(path: Path, limits: Limits | None = None) -> list[tuple[int, tuple[str | float, ...]]]:
    return [(number, tuple(cells)) for number, cells in read_sheet(path, limits=limits).rows]


def refused(path: Path, told: str, limits: Limits | None = None) -> None:
    with pytest.raises(InvalidInput, match=told) as caught:
        rows(path, limits)
    assert caught.value.user_message.isprintable()


@pytest.mark.parametrize(
    "row",
    [
        '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3"><v>0.5</v></c></row>',
        '<row r="3" spans="1:2"><c r="A3" s="0" t="str"><f>"x"</f><v>x</v></c><c r="B3" t="n"><v>0.5</v></c></row>',
        "<row r='3'><c t='s' r='A3'><v>0</v></c><c r='B3'><v>0.5</v></c></row>",
        '<row/><row><c t="s"><v>0</v></c><c><v>0.5</v></c></row>',
        f'<x:row xmlns:x="{MAIN}" r="3"><x:c r="A3" t="s"><x:v>0</x:v></x:c><x:c r="B3"><x:v>0.5</x:v></x:c></x:row>',
        '<row r="3"><c r="A3" t="inlineStr"><is><r><rPr><color rgb="0"/></rPr><t>x</t></r></is></c><c r="B3"><v>5E-1</v></c></row>',
    ],
)
def test_cells_in_every_spelling(make_xlsx: MakeXlsx, row: str) -> None:
    path = make_xlsx(HEAD + row, "<si><t>x</t></si>")
    assert read_sheet(path).header == ("a", "b")
    assert rows(path) == [(3, ("x", 0.5))]


def test_all_kinds_of_cells(make_xlsx: MakeXlsx) -> None:
    cells = [
        ('t="b"><v>1</v>', "True"),
        ('s="1"><v>45000</v>', "2023-03-15"),
        ("><v>12345678901234567890</v>", 1.2345678901234567e19),
        ('t="inlineStr"><is><t>\'=1+1</t></is>', "=1+1"),
        ('t="inlineStr"><is><t>&lt;b&gt;</t></is>', "<b>"),
        ("><f>1+1</f>", ""),
    ]
    xml = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}" {cell}</c></row>' for n, (cell, _) in enumerate(cells, 2)
    )
    assert rows(make_xlsx(HEAD + xml)) == [(n, (1.0, read)) for n, (_, read) in enumerate(cells, 2)]


def test_a_row_below_the_usual_range_is_read(make_xlsx: MakeXlsx) -> None:
    assert rows(make_xlsx(HEAD + '<row r="400000"><c r="A400000"><v>1</v></c></row>')) == [(400_000, (1.0, ""))]


CELL = '<row r="{row}"><c r="{at}"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (CELL.format(row=1_048_576, at="A1048576"), "more than 1,000,000 rows"),
        (CELL.format(row=2, at="XFD2"), "16,384 columns; at most 50"),
        (CELL.format(row=2, at="AY2"), "51 columns"),
        (CELL.format(row=900_000, at="Z900000"), "reaches to cell Z900000"),
        (CELL.format(row=2, at="A99999999999"), "is no cell"),
        (CELL.format(row=2, at="ZZZZZZZZZ1"), "is no cell"),
        (CELL.format(row=2, at="A0"), "damaged"),
        (CELL.format(row=2, at="a2"), "is no cell"),
        (CELL.format(row=2, at="&#65;2 "), "is no cell"),
        ('<row r="99999999"><c><v>1</v></c></row>', "is no row"),
        ('<row r="1048576"><c><v>1</v></c></row>', "more than 1,000,000 rows"),
        (f'<x:row xmlns:x="{MAIN}"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>', "rows"),
        ("<row><c  r='XFD2'><v>1</v></c></row>", "columns"),
        ("<row>" + "<c/>" * 51 + "</row>", "51 columns"),
        ('<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>', "Cell A2 holds a formula error"),
        ("<row r='2'><c r='B2' t='e'><v>#N/A</v></c></row>", "Cell B2 holds a formula error"),
        ('<row r="2"><c r="A2" t="s"><v>7</v></c></row>', "damaged"),
        ('<row r="2"><c r="A2" t="zz"><v>7</v></c></row>', "damaged"),
        ('<row r="2"><c r="A2"><v>7</v>', "damaged"),
        (
            '<row r="2"><c r="A2" t="inlineStr"><is><t>' + "x" * 4_001 + "</t></is></c></row>",
            "Row 2 has a cell of more",
        ),
        ('<row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>1</v></c></row>', "Row 2 has values beyond"),
    ],
)
def test_sheets_that_lie_or_cost_too_much(make_xlsx: MakeXlsx, row: str, told: str) -> None:
    refused(make_xlsx(HEAD + row, "<si><t>x</t></si>"), told)


def test_a_lying_dimension_costs_nothing(make_xlsx: MakeXlsx) -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{HEAD}</sheetData></worksheet>'
    assert rows(make_xlsx(parts={"xl/worksheets/sheet1.xml": sheet})) == []


def test_counts_that_lie_are_refused(make_xlsx: MakeXlsx) -> None:
    sst = f'<sst xmlns="{MAIN}" count="1" uniqueCount="9999999999"><si><t>x</t></si></sst>'
    refused(make_xlsx(HEAD, parts={"xl/sharedStrings.xml": sst}), "does not hold what it says")
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs count = "-1"><xf/></cellXfs></styleSheet>'
    refused(make_xlsx(HEAD, parts={"xl/styles.xml": styles}), "does not hold what it says")
    merged = f'<worksheet xmlns="{MAIN}"><sheetData>{HEAD}</sheetData><mergeCells count="99999999999"/></worksheet>'
    refused(make_xlsx(parts={"xl/worksheets/sheet1.xml": merged}), "does not hold what it says")


def test_one_text_for_every_cell_is_bounded(make_xlsx: MakeXlsx) -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 2_000))
    limits = Limits(shared_bytes=1_000_000)
    refused(make_xlsx(HEAD + cells, f"<si><t>{'x' * 3_000}</t></si>"), "too long for its number of cells", limits)
    assert len(rows(make_xlsx(HEAD + cells, "<si><t>xyz</t></si>"), limits)) == 1_998
    hidden = f"<si><t>{'x' * 10}<!--</si>-->{'x' * 10}</t></si>"
    refused(make_xlsx(HEAD + cells, hidden), "does not hold what it says")


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"]
)
def test_document_types_are_refused(make_xlsx: MakeXlsx, part: str) -> None:
    laughs = '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    refused(make_xlsx(HEAD, parts={part: laughs + "<a><sheetData>&c;&x;</sheetData></a>"}), "declares a document type")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-7", "iso-2022-jp"])
def test_other_encodings_are_refused(make_xlsx: MakeXlsx, encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{MAIN}"><sheetData>{HEAD}</sheetData></worksheet>'
    refused(make_xlsx(parts={"xl/worksheets/sheet1.xml": xml.encode(encoding)}), "UTF-8|damaged")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"xl/vbaProject.bin": "x"}, "holds macros"),
        ({"xl/workbook.xml": None}, "is a ZIP archive"),
        ({"xl/workbook.xml": None, "xl/workbook.bin": "x"}, "Excel binary workbook"),
        ({"xl/workbook.xml": None, "content.xml": "x"}, "an OpenDocument file"),
        ({"xl/workbook.xml": None, "word/document.xml": "x"}, "a Word document"),
        ({"xl/workbook.xml": None, "Index/Document.iwa": "x"}, "a Numbers file"),
        ({"xl/workbook.xml": "<workbook>"}, "not valid XML"),
        ({"xl/workbook.xml": "<workbook/>"}, "no visible sheet"),
        ({"xl/_rels/workbook.xml.rels": None}, "no visible sheet"),
        ({"xl/worksheets/sheet1.xml": None}, "no visible sheet"),
        ({"xl/worksheets/sheet1.xml": "<worksheet/>"}, "no cells part"),
        ({"xl/worksheets/sheet1.xml": ""}, "no cells part"),
        ({f"x{n}": "" for n in range(1_000)}, "more than 1,000 files"),
        ({"bomb": b"\0" * 300_000_000}, "unpacks to 300 MB"),
        ({"bomb": b"\0" * 5_000_000}, "unpacks to 5 MB"),
    ],
)
def test_other_and_hostile_archives(make_xlsx: MakeXlsx, parts: dict[str, str | bytes | None], told: str) -> None:
    refused(make_xlsx(HEAD, parts=parts), told)


def test_harmless_company_is_ignored(make_xlsx: MakeXlsx) -> None:
    parts = {"../../x": "x", "/etc/passwd": "x", "content.xml": "<bomb>", "xl/media/a.png": "x", "nested.zip": "PK\3\4"}
    assert rows(make_xlsx(HEAD + CELL.format(row=2, at="A2"), parts=parts)) == [(2, (1.0, ""))]


def test_small_files_may_pack_well(make_xlsx: MakeXlsx) -> None:
    assert rows(make_xlsx(HEAD, parts={"xl/theme.xml": b" " * 900_000})) == []


def sheets(*states: str) -> str:
    listed = "".join(
        f'<sheet name="S{n}" sheetId="{n}" state="{state}" r:id="r{n}"/>' for n, state in enumerate(states, 1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'


def relations(kinds: dict[int, str]) -> str:
    return "<Relationships>" + "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="worksheets/sheet{n}.xml"/>' for n, kind in kinds.items()
    ) + "</Relationships>"  # fmt: skip


def test_the_first_visible_worksheet_is_read(make_xlsx: MakeXlsx) -> None:
    third = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>third</v></c></row></sheetData></worksheet>'
    parts = {
        "xl/workbook.xml": sheets("hidden", "veryHidden", "visible", "visible"),
        "xl/_rels/workbook.xml.rels": relations({1: "worksheet", 2: "worksheet", 3: "worksheet", 4: "worksheet"}),
        "xl/worksheets/sheet2.xml": "x",
        "xl/worksheets/sheet3.xml": third,
        "xl/worksheets/sheet4.xml": "x",
    }
    assert read_sheet(make_xlsx(HEAD, parts=parts)).header == ("third",)
    parts["xl/workbook.xml"] = sheets("hidden", "veryHidden")
    refused(make_xlsx(HEAD, parts=parts), "no visible sheet")
    parts["xl/workbook.xml"] = sheets("visible")
    parts["xl/_rels/workbook.xml.rels"] = relations({1: "chartsheet"})
    refused(make_xlsx(HEAD, parts=parts), "no visible sheet")


def test_damaged_archives(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx(HEAD + CELL.format(row=2, at="A2"))
    whole = path.read_bytes()
    inside = whole.index(b"sheet1.xml") + 40
    flipped = whole[:inside] + bytes([whole[inside] ^ 0xFF]) + whole[inside + 1 :]
    for content in (whole[:-1], whole[:100], b"PK\x03\x04", flipped):
        path.write_bytes(content)
        refused(path, "damaged")


def test_a_locked_entry_and_a_doubled_one(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx(HEAD)
    content = bytearray(path.read_bytes())
    for found in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[found.start() + 8] |= 1
    path.write_bytes(bytes(content))
    refused(path, "protected with a password")
    packed = io.BytesIO(make_xlsx(HEAD).read_bytes())
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    path.write_bytes(packed.getvalue())
    refused(path, "two parts of one name")


def test_random_damage_gives_a_table_or_a_sentence(make_xlsx: MakeXlsx, seed: random.Random) -> None:
    sheet = HEAD + "".join(
        f'<row r="{n}" spans="1:2"><c r="A{n}" t="s"><v>{n % 3}</v></c><c r="B{n}" s="1"><v>0.{n}</v></c></row>'
        for n in range(2, 9)
    )
    whole = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:B8"/><sheetData>{sheet}</sheetData></worksheet>'.encode()
    strings = f'<sst xmlns="{MAIN}" count="3" uniqueCount="3">{"<si><t>x</t></si>" * 3}</sst>'.encode()
    bits = [
        b"<",
        b">",
        b'"',
        b"'",
        b"</",
        b"<c ",
        b'r="',
        b"9",
        b"99999999",
        b"ZZZ",
        b"&",
        b"-",
        b" ",
        b":",
        b"\xff",
        b"e",
        b"<!--",
    ]
    for _ in range(150):
        parts = {"xl/worksheets/sheet1.xml": whole, "xl/sharedStrings.xml": strings}
        name = seed.choice(list(parts))
        for _ in range(seed.randint(1, 3)):
            at = seed.randrange(len(parts[name]))
            parts[name] = parts[name][:at] + seed.choice(bits) + parts[name][at + seed.randint(0, 6) :]
        try:
            rows(make_xlsx(parts=parts))
        except InvalidInput:
            continue
