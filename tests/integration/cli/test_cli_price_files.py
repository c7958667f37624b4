"""`prices export` and `prices import`: what goes out comes back equal, and a bad sheet changes nothing."""

import csv
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from tests.fixtures.command_line import CommandLine, kept

DIFFERENCE = ("new", "raised", "lowered", "closed", "unchanged")
HEADER = "country,mccmnc,network,price,currency\n"


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _costs(desk: CommandLine) -> dict[tuple[str, str | None], str]:
    rows = desk.ok("prices", "list", "--networks")["rows"]
    return {(row["country"], row["mccmnc"]): row["cost"] for row in rows}


def _sheet(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text(HEADER + "".join(line + "\n" for line in lines), "utf-8")
    return path


def test_a_csv_list_says_what_the_table_says(shop: CommandLine, tmp_path: Path) -> None:
    shop.ok("prices", "set", "US", "0.9")

    answer = shop.ok("prices", "export", tmp_path / "list.csv")

    table = shop.ok("prices", "list", "--networks")["rows"]
    rows = _read(tmp_path / "list.csv")
    assert answer == {"file": str(tmp_path / "list.csv"), "rows": len(table)}
    assert list(rows[0])[:4] == ["country", "mccmnc", "price", "currency"]
    assert [(row["country"], row["mccmnc"], row["price"], row["currency"]) for row in rows] == [
        (row["country"], row["mccmnc"] or "", row["price"], row["currency"]) for row in table
    ]


def test_the_header_is_the_first_line_byte_for_byte(shop: CommandLine, tmp_path: Path) -> None:
    shop.ok("prices", "export", tmp_path / "list.csv")

    first = (tmp_path / "list.csv").read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()[0].replace(b'"', b"")
    assert first.startswith(b"country,mccmnc,price,currency")


def test_an_xlsx_list_says_the_same(shop: CommandLine, tmp_path: Path) -> None:
    csv_rows = shop.ok("prices", "export", tmp_path / "list.csv")["rows"]
    xlsx_rows = shop.ok("prices", "export", tmp_path / "list.XLSX")["rows"]
    named = shop.ok("prices", "export", tmp_path / "list.data", "--format", "xlsx")["rows"]

    assert csv_rows == xlsx_rows == named
    header, *rows = CalamineWorkbook.from_path(str(tmp_path / "list.XLSX")).get_sheet_by_index(0).to_python()
    assert len(rows) == csv_rows
    germany = next(row for row in rows if row[0] == "DE" and not row[1])
    assert germany[header.index("Price per SMS") if "Price per SMS" in header else 2] == pytest.approx(0.125)


def test_a_pdf_list_needs_no_display_and_says_the_same(shop: CommandLine, tmp_path: Path) -> None:
    rows = shop.ok("prices", "export", tmp_path / "list.csv")["rows"]

    assert shop.ok("prices", "export", tmp_path / "list.pdf")["rows"] == rows
    assert shop.ok("prices", "export", tmp_path / "list", "--format", "pdf")["rows"] == rows
    with pypdfium2.PdfDocument(tmp_path / "list.pdf") as document:
        words = " ".join(page.get_textpage().get_text_bounded() for page in document).split()
    prices = [row["price"].rstrip("0").ljust(6, "0") for row in _read(tmp_path / "list.csv")]
    assert sorted(word for word in words if word.startswith("0.")) == sorted(prices)


def test_a_clients_own_list_is_in_its_currency(shop: CommandLine, tmp_path: Path) -> None:
    shop.ok("rates", "set", "EUR", "USD", "2")
    shop.ok("clients", "add", "Bravo", "--currency", "USD")

    shop.ok("prices", "export", tmp_path / "list.csv", "--client", "Bravo")

    germany = next(row for row in _read(tmp_path / "list.csv") if row["country"] == "DE")
    assert (germany["price"], germany["currency"]) == ("0.250000", "USD")
    assert shop.refused("prices", "export", tmp_path / "x.csv", "--client", "Nobody")["code"] == "not_found"
    assert not (tmp_path / "x.csv").exists()


def test_what_is_exported_can_be_imported_and_exported_again(shop: CommandLine, tmp_path: Path) -> None:
    """The exported prices become costs; at a markup of 0 the next list is the same file."""
    shop.ok("prices", "export", tmp_path / "first.csv")
    shop.ok("prices", "export", tmp_path / "first.xlsx")

    for name in ("first.csv", "first.xlsx"):
        imported = shop.ok("prices", "import", tmp_path / name, "--provider", "main")
        assert imported["errors"] == []
        shop.ok("prices", "reprice", "--markup", "0")
        shop.ok("prices", "export", tmp_path / "second.csv")
        assert (tmp_path / "second.csv").read_bytes() == (tmp_path / "first.csv").read_bytes()


def test_an_import_counts_the_difference(shop: CommandLine, tmp_path: Path) -> None:
    sheet = _sheet(tmp_path, "DE,,Germany,0.2,EUR", "US,,,0.01,EUR", "XK,,Kosovo,0.0000001,EUR", "CH,22801,Swisscom,,")

    dry = shop.ok("prices", "import", sheet, "--provider", "main", "--dry-run")
    assert set(dry) == {"rows", *DIFFERENCE, "errors"}
    before = _costs(shop)
    done = shop.ok("prices", "import", sheet, "--provider", "main")

    assert dry == done
    assert (done["rows"], done["errors"]) == (4, [])
    assert done["closed"] > 1000
    assert before[("DE", None)] == "0.100000"
    assert _costs(shop)[("DE", None)] == "0.200000"
    assert _costs(shop)[("XK", None)] == "0.000001", "a cost finer than a millionth is rounded up"


def test_one_bad_row_keeps_the_whole_sheet_out_and_every_bad_row_is_named(shop: CommandLine, tmp_path: Path) -> None:
    sheet = _sheet(
        tmp_path, "DE,,,0.2,EUR", "XX,,,0.2,EUR", "US,,,0.2.3,EUR", "FR,,,0.2,EURO", "FR,1,,0.2,EUR", "DE,,,0.3,EUR",
        "AT,,,0,EUR", "SE,,,-1,EUR", "IT,,,NaN,EUR",
    )  # fmt: skip
    before = kept(shop.profile)

    for extra in ((), ("--dry-run",)):
        answer = shop.json("prices", "import", sheet, "--provider", "main", *extra)

        assert answer.error["code"] == "import_errors"
        assert answer.error["message"].startswith("Nothing was imported. Rows that cannot be used: 8. Row 3: ")
        errors: list[dict[str, Any]] = answer.document["errors"]
        assert [error["row"] for error in errors] == [3, 4, 5, 6, 7, 8, 9, 10]
        assert [error["column"] for error in errors] == [
            "country", "price", "currency", "mccmnc", "country", "price", "price", "price"
        ]  # fmt: skip
        assert all(error["message"].endswith(".") for error in errors)
        assert (answer.document["rows"], [answer.document[name] for name in DIFFERENCE]) == (9, [0] * 5)
        assert kept(shop.profile) == before


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+cmd", "-2+3", "|x", "%0A=1", "＝1", " =1"])
def test_a_network_name_is_never_a_live_formula(shop: CommandLine, tmp_path: Path, name: str) -> None:
    quoted = name.replace('"', '""')
    sheet = _sheet(tmp_path, f'DE,26299,"{quoted}",0.2,EUR')
    shop.ok("prices", "import", sheet, "--provider", "main")
    shop.ok("prices", "reprice", "--markup", "10")
    stored = shop.ok("prices", "list", "--country", "DE", "--networks")["rows"][-1]["network"]

    shop.ok("prices", "export", tmp_path / "list.csv")
    shop.ok("prices", "export", tmp_path / "list.xlsx")

    exported = next(row["network"] for row in _read(tmp_path / "list.csv") if row["mccmnc"] == "26299")
    cells = CalamineWorkbook.from_path(str(tmp_path / "list.xlsx")).get_sheet_by_index(0).to_python()
    assert exported == "'" + stored
    assert "'" + stored in [row[-1] for row in cells]
    assert b"<f>" not in (tmp_path / "list.xlsx").read_bytes()


def test_a_list_without_prices_is_an_empty_list(desk: CommandLine, tmp_path: Path) -> None:
    assert desk.ok("prices", "export", tmp_path / "list.csv")["rows"] == 0
    assert _read(tmp_path / "list.csv") == []


def test_an_older_file_is_replaced_whole_or_stays(shop: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    target.write_text("from last month", "utf-8")

    shop.refused("prices", "export", target, "--client", "Nobody")
    assert target.read_text("utf-8") == "from last month"

    shop.ok("prices", "export", target)
    assert len(_read(target)) > 1000
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


@pytest.mark.parametrize(
    "arguments",
    [("list.txt",), ("list",  "--format", "docx"), ("list.csv", "--format", "CSV "), ("no/such/folder/list.csv",), (".",)],
)  # fmt: skip
def test_a_list_that_cannot_be_written_is_refused(
    shelf: CommandLine, tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert shelf.refused("prices", "export", *arguments)["code"] == "invalid_input"
    assert list(tmp_path.iterdir()) == []
