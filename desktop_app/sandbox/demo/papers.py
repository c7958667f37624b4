"""Small real documents as companies send them: letters, extracts, samples of messages, and scans without a text."""

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_LEFT: Final = 72
_RIGHT: Final = 523
_SIZE: Final = 11
_LINE: Final = 19
# How wide a character of Helvetica is on average, as a share of its size.
_WIDTH: Final = 0.5
_SIGNATURE: Final = (
    "72 {y} m 84 {a} 92 {b} 102 {y} c 110 {b} 118 {a} 128 {y} c 140 {a} 152 {b} 170 {y} c 186 {a} 200 {y} 226 {a} c S"
)


def write_letter(
    folder: Path, company: str, sender: str, countries: Sequence[str], signed_by: str, day: str, until: str
) -> Path:
    """Write a letter that lets Northwind Telecom register ``sender``, and return the file."""
    page = _Page(company)
    page.text(_RIGHT - len(day) * _SIZE * _WIDTH, 770, day, grey=0.45)
    page.text(_LEFT, 700, "Letter of authorisation", size=16, bold=True)
    page.lines(
        672,
        f"We, {company}, authorise Northwind Telecom to register and use",
        "the sender ID below for SMS messages sent on our behalf.",
    )
    page.box(_LEFT, 546, _RIGHT - _LEFT, 84)
    for row, (name, value) in enumerate(
        (("Sender ID", sender), ("Countries", ", ".join(countries)), ("Use", "Confirmations, reminders, alerts"))
    ):
        page.text(_LEFT + 14, 606 - 24 * row, name, grey=0.45)
        page.text(_LEFT + 104, 606 - 24 * row, value, bold=True)
    page.lines(
        512,
        "We confirm that the sender ID is a name or trademark of our company",
        "and that recipients have agreed to receive these messages.",
        "",
        f"This authorisation is valid until {until}.",
    )
    page.sign(380, signed_by)
    path = folder / "Letter of authorisation.pdf"
    path.write_bytes(page.pdf())
    return path


def write_registration(folder: Path, company: str, number: str) -> Path:
    """Write an extract from a register of companies, and return the file."""
    page = _Page("Register of companies")
    page.text(_LEFT, 700, "Extract from the register", size=16, bold=True)
    page.lines(
        668, f"Company: {company}", f"Number: {number}", "Status: active", "", "This extract was made by a machine."
    )
    path = folder / "Company registration.pdf"
    path.write_bytes(page.pdf())
    return path


def write_trademark(folder: Path, company: str, sender: str, number: str) -> Path:
    """Write an extract from a register of trademarks, and return the file."""
    page = _Page("Register of trademarks")
    page.text(_LEFT, 700, "Registered trademark", size=16, bold=True)
    page.lines(668, f"Sign: {sender}", f"Owner: {company}", f"Number: {number}", "Classes: 9, 35, 39")
    path = folder / "Proof of brand ownership.pdf"
    path.write_bytes(page.pdf())
    return path


def write_sample(folder: Path, company: str, sender: str, text: str) -> Path:
    """Write what messages will say, and return the file."""
    page = _Page(company)
    page.text(_LEFT, 700, "Content sample", size=16, bold=True)
    page.lines(672, f"Messages of {sender} will read like this one:")
    page.box(_LEFT, 580, _RIGHT - _LEFT, 62)
    page.lines(618, *_wrapped(text), left=_LEFT + 14)
    path = folder / "Content sample.pdf"
    path.write_bytes(page.pdf())
    return path


def write_scan(folder: Path, name: str, seed: int) -> Path:
    """Write the picture of a page that was laid on a scanner, as PNG: nothing in it can be searched."""
    width, height = 620, 877
    rows = bytearray()
    for y in range(height):
        line = bytearray(b"\xf6" * width)
        if 70 < y < 92:
            line[60:250] = b"\x38" * 190
        elif 150 < y < 640 and (y - 150) % 26 < 8:
            row = (y - 150) // 26
            # Words as grey bars, of a length that looks like writing.
            left = 60
            for word in range(9):
                length = 22 + (seed * 7 + row * 31 + word * 17) % 46
                if left + length > 560 or (row % 6 == 5 and word > 3):
                    break
                line[left : left + length] = b"\x70" * length
                left += length + 12
        elif 700 < y < 780 and abs(y - 740) < 38:
            half = int((38**2 - (y - 740) ** 2) ** 0.5)
            for edge in (480 - half, 480 + half - 3):
                line[edge : edge + 3] = b"\x9a" * 3
        rows += b"\0" + line
    path = folder / f"{name}.png"
    path.write_bytes(_png(width, height, bytes(rows)))
    return path


def _png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > 72:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


class _Page:
    """One page of A4 with a heading, as the operators of PDF."""

    def __init__(self, company: str) -> None:
        self._ops = ["0.05 0.48 0.42 rg", f"{_LEFT} 764 16 16 re f"]
        self.text(_LEFT + 26, 768, company, size=12, bold=True)

    def text(self, x: float, y: float, text: str, *, size: int = _SIZE, bold: bool = False, grey: float = 0.1) -> None:
        """Write one line."""
        font = "F2" if bold else "F1"
        self._ops.append(f"BT {grey} g /{font} {size} Tf {x:g} {y:g} Td ({_escaped(text)}) Tj ET")

    def lines(self, top: int, *lines: str, left: int = _LEFT) -> None:
        """Write lines below each other."""
        for row, line in enumerate(lines):
            self.text(left, top - _LINE * row, line)

    def box(self, x: int, y: int, width: int, height: int) -> None:
        """Draw a frame with a light ground."""
        self._ops.append(f"0.96 0.97 0.99 rg 0.75 0.78 0.84 RG {x} {y} {width} {height} re B")

    def sign(self, y: int, name: str) -> None:
        """Draw a signature, its line, and who signed."""
        curve = _SIGNATURE.format(y=y, a=y + 26, b=y - 12)
        self._ops += ["0.12 0.2 0.6 RG 1.6 w", curve, f"0.7 G 0.8 w {_LEFT} {y - 22} m 260 {y - 22} l S"]
        self.text(_LEFT, y - 38, name, grey=0.45)

    def pdf(self) -> bytes:
        """Return the document."""
        content = "\n".join(self._ops).encode("cp1252", "replace")
        fonts = b"".join(
            b"/%s<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>" % pair
            for pair in ((b"F1", b"Helvetica"), (b"F2", b"Helvetica-Bold"))
        )
        parts = (
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<<%s>>>>/Contents 4 0 R>>" % fonts,
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
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
