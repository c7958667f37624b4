"""Files that are not what they say: price sheets, numbers, documents, scenarios. One sentence, and nothing stored."""

import io
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.fixtures.command_line import CommandLine, kept

HEADER: Final = b"country,mccmnc,network,price,currency\n"
ROW: Final = b"DE,,,0.2,EUR\n"
PDF: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _zip(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


FOREIGN: Final = {
    "nothing": b"",
    "PDF": PDF,
    "program": b"MZ\x90\x00" + b"\0" * 100,
    "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "web page": b"<!DOCTYPE html><html><body>Not found</body></html>",
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "zip": _zip(hello=b"world"),
    "cut zip": _zip(hello=b"world")[:-20],
    "bomb": _zip(**{"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b" " * 300_000_000}),
    "path in zip": _zip(**{"../../evil": b"x", "xl/workbook.xml": b"<a/>"}),
}
NO_TEXT: Final = {
    "binary": bytes(range(256)) * 40,
    "NULs": b"\0" * 1000,
    "broken UTF-8": HEADER + b"DE,,\xff\xfe,0.2,EUR\n",
}
NO_SHEETS: Final = {
    **FOREIGN,
    **NO_TEXT,
    "only headings": HEADER,
    "no headings": ROW * 3,
    "headings twice": HEADER[:-1] + b",price\n" + ROW,
    "blank heading": b"country,,price,currency\nDE,,0.2,EUR\n",
    "no price": b"country,currency\nDE,EUR\n",
    "no currency": b"country,price\nDE,0.2\n",
    "ragged": HEADER + b"DE,,\n",
    "beyond": HEADER + b"DE,,,0.2,EUR,more\n",
    "open quote": HEADER + b'DE,,"open,0.2,EUR\n' + ROW * 1000,
    "wide": b",".join(b"c%d" % n for n in range(500)) + b"\n",
    "long cell": HEADER + b"DE,," + b"x" * 5000 + b",0.2,EUR\n",
    "one line": b"country" * 100_000,
    "formula price": HEADER + b"DE,,,=1+1,EUR\n",
    "lost zeros": HEADER + b"DE,2621,,0.2,EUR\n",
    "scientific": HEADER + b"DE,2.62E4,,0.2,EUR\n",
    "two sheets of one row": HEADER + ROW + ROW,
}
NO_LISTS_OF_NUMBERS: Final = {
    **{
        name: content
        for name, content in FOREIGN.items()
        if name in ("nothing", "PDF", "picture", "web page", "zip", "old Excel")
    },
    **NO_TEXT,
    "blank": b" \r\n\t\n;;,,\n",
    "only a heading": b"Phone\n",
    "prose": b"Dear all, please send this to everybody.\n",
}
NO_DOCUMENTS: Final = {
    "nothing.pdf": b"",
    "program.pdf": b"MZ\x90\x00" + b"\0" * 100,
    "page.pdf": b"<html><script>alert(1)</script></html>",
    "picture.pdf": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "letter.exe": PDF,
    "letter": PDF,
    "letter.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "letter.html": b"<html></html>",
    "letter.zip": _zip(hello=b"world"),
    "letter.pdf.exe": PDF,
    "big.pdf": PDF + b"\0" * (10 * 1024 * 1024),
    "cut.png": b"\x89PNG",
}
NO_SCENARIOS: Final = {
    "nothing": b"",
    "text": b"hello",
    "cut": b'{"balance": "1',
    "list": b"[]",
    "number": b"1",
    "null": b"null",
    "deep": b"[" * 100_000,
    "two": b"{}{}",
    "binary": b"\xff\xfe\x00",
    "unknown": b'{"colour": "red"}',
    "balance word": b'{"balance": "lots"}',
    "balance NaN": b'{"balance": NaN}',
    "balance exponent": b'{"balance": "1e3"}',
    "currency": b'{"currency": "XXX"}',
    "currency number": b'{"currency": 5}',
    "prices list": b'{"prices": []}',
    "price of nowhere": b'{"prices": {"XX": "0.1"}}',
    "price lower case": b'{"prices": {"de": "0.1"}}',
    "price negative": b'{"prices": {"DE": "-0.1"}}',
    "price bool": b'{"prices": {"DE": true}}',
    "price 1e999": b'{"prices": {"DE": 1e999}}',
    "latency negative": b'{"latency_ms": -1}',
    "latency text": b'{"latency_ms": "5"}',
    "latency float": b'{"latency_ms": 0.5}',
    "latency bool": b'{"latency_ms": true}',
    "latency long": b'{"latency_ms": 999999999999}',
    "faults object": b'{"faults": {}}',
    "fault mode": b'{"faults": [{"mode": "explode"}]}',
    "fault without mode": b'{"faults": [{}]}',
    "fault rate": b'{"faults": [{"mode": "hang", "rate": 2}]}',
    "fault rate NaN": b'{"faults": [{"mode": "hang", "rate": NaN}]}',
    "fault on": b'{"faults": [{"mode": "hang", "on": "moon"}]}',
    "many faults": b'{"faults": [' + b",".join([b'{"mode": "hang"}'] * 101) + b"]}",
    "seed": b'{"seed": -1}',
    "credentials": b'{"credentials": {"twilio": "secret"}}',
    "credentials three": b'{"credentials": {"twilio": ["a", "b", "c"]}}',
}


def _check(
    desk: CommandLine, folder: Path, files: Mapping[str, bytes], command: Callable[[Path], tuple[object, ...]]
) -> None:
    """Run the command on each file; all are refused in one sentence, and nothing is stored."""
    before = kept(desk.profile)
    problems = {}
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        answer = desk.json(*command(path))
        lines = answer.err.splitlines()
        if answer.code != 1 or len(lines) != 1 or answer.document["error"]["code"] == "unexpected":
            problems[name] = f"exit {answer.code}: {answer.err[:200]}"
        elif not lines[0].endswith(".") or len(lines[0]) > 400:
            problems[name] = lines[0]
        if kept(desk.profile) != before:
            problems[name] = "something was stored"
            before = kept(desk.profile)
    assert problems == {}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_price_sheets(shelf: CommandLine, tmp_path: Path, ending: str) -> None:
    files = {f"{name}.{ending}": content for name, content in NO_SHEETS.items()}

    _check(shelf, tmp_path, files, lambda path: ("prices", "import", path, "--provider", "main"))


def _send(path: Path) -> tuple[object, ...]:
    return ("send", "--client", "Acme", "--sender", "ACME", "--text", "Hello", "--file", path)


@pytest.mark.parametrize("ending", ["txt", "csv", "xlsx"])
def test_lists_of_numbers(shelf: CommandLine, tmp_path: Path, ending: str) -> None:
    _check(shelf, tmp_path, {f"{name}.{ending}": content for name, content in NO_LISTS_OF_NUMBERS.items()}, _send)


def test_documents(shelf: CommandLine, tmp_path: Path) -> None:
    _check(
        shelf, tmp_path, NO_DOCUMENTS,
        lambda path: ("senders", "request", "Acme", "NEW", "--countries", "TR", "--document", path),
    )  # fmt: skip


def test_one_bad_document_among_good_ones_keeps_all_out(shelf: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(PDF)
    (tmp_path / "bad.pdf").write_bytes(b"MZ")
    before = kept(shelf.profile)
    both = ("--document", tmp_path / "good.pdf", "--document", tmp_path / "bad.pdf")

    assert "bad.pdf" in shelf.refused("senders", "request", "Acme", "NEW", "--countries", "TR", *both)["message"]
    assert kept(shelf.profile) == before


def test_scenarios(shelf: CommandLine, tmp_path: Path) -> None:
    files = {f"{name}.json": content for name, content in NO_SCENARIOS.items()}

    _check(shelf, tmp_path, files, lambda path: ("sandbox", "--scenario", path))


@pytest.mark.parametrize(
    "command",
    [
        lambda path: ("prices", "import", path, "--provider", "main"),
        _send,
        lambda path: ("senders", "request", "Acme", "NEW", "--document", path),
        lambda path: ("sandbox", "--scenario", path),
        lambda path: ("db", "restore", path),
    ],
    ids=["import", "send", "document", "scenario", "restore"],
)
@pytest.mark.parametrize("ending", [".csv", ".pdf", ".txt"])
def test_what_is_no_file(
    shelf: CommandLine, tmp_path: Path, command: Callable[[Path], tuple[object, ...]], ending: str
) -> None:
    (tmp_path / f"folder{ending}").mkdir()
    os.mkfifo(tmp_path / f"pipe{ending}")
    (tmp_path / f"circle{ending}").symlink_to(tmp_path / f"circle{ending}")
    (tmp_path / f"device{ending}").symlink_to("/dev/zero")
    (tmp_path / f"nowhere{ending}").symlink_to(tmp_path / "missing")
    before = kept(shelf.profile)

    for name in ("folder", "pipe", "circle", "device", "nowhere", "missing", "n" * 300, "missing/below"):
        error = shelf.refused(*command(tmp_path / f"{name}{ending}"))
        assert error["code"] == "invalid_input", (name, error)
    assert kept(shelf.profile) == before


@pytest.mark.parametrize("place", ["missing/list.csv", "folder", "pipe.csv", "device.csv", "n" * 300 + ".csv"])
def test_places_where_no_list_can_be_written(shelf: CommandLine, tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "device.csv").symlink_to("/dev/null")
    before = sorted(tmp_path.iterdir())

    error = shelf.refused("prices", "export", tmp_path / place, "--format", "csv")

    assert error["code"] in ("invalid_input", "storage_unavailable")
    assert sorted(tmp_path.iterdir()) == before
