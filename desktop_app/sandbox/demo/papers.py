"""Small real PDF documents: a letter of authorisation as a company writes it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

_LEFT: Final = 72
_TOP: Final = 760
_LINE: Final = 22


def write_letter(folder: Path, company: str, sender: str, countries: Sequence[str], signed_by: str, day: str) -> Path:
    """Write a letter that lets Northwind Telecom register ``sender``, and return the file."""
    lines = (
        company,
        day,
        "",
        "Letter of authorisation",
        "",
        f"We, {company}, authorise Northwind Telecom to register and use",
        "the sender ID below for SMS messages sent on our behalf.",
        "",
        f"Sender ID: {sender}",
        f"Countries: {', '.join(countries)}",
        "",
        "We confirm that the sender ID is a name or trademark of our company",
        "and that recipients have agreed to receive these messages.",
        "",
        signed_by,
    )
    path = folder / f"Letter of authorisation {sender}.pdf"
    path.write_bytes(_page(lines))
    return path


def write_registration(folder: Path, company: str, number: str) -> Path:
    """Write an extract from a register of companies, and return the file."""
    lines = ("Extract from the register of companies", "", f"Company: {company}", f"Number: {number}", "Status: active")
    path = folder / f"Registration {number}.pdf"
    path.write_bytes(_page(lines))
    return path


def _page(lines: Sequence[str]) -> bytes:
    """Return a PDF of one page with the lines in Helvetica."""
    shown = [f"({_escaped(line)}) Tj T*" for line in lines]
    content = "\n".join(("BT", "/F1 12 Tf", f"{_LINE} TL", f"{_LEFT} {_TOP} Td", *shown, "ET")).encode(
        "cp1252", "replace"
    )
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    document = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(document))
        document += b"%d 0 obj%s endobj\n" % (number, part)
    start = len(document)
    document += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    document += b"".join(b"%010d 00000 n \n" % place for place in places)
    document += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
    return bytes(document)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
