"""The documents of a sender ID request: which files are taken, and how their names are shown (reliability.md 6.6)."""

import re
import struct
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import later, say, tr

MAX_BYTES: Final = 10_000_000
MAX_SIDE_PIXELS: Final = 20_000
# A page of A3 scanned at 600 dpi has 70 million.
MAX_PIXELS: Final = 100_000_000
MAX_NAME: Final = 120


class DocumentKind(StrEnum):
    """The kinds of document that are taken."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


_NAMES: Final = {
    DocumentKind.PDF: later("a PDF"),
    DocumentKind.PNG: later("a PNG picture"),
    DocumentKind.JPEG: later("a JPEG picture"),
}
_EXTENSIONS: Final = {
    "pdf": DocumentKind.PDF,
    "png": DocumentKind.PNG,
    "jpg": DocumentKind.JPEG,
    "jpeg": DocumentKind.JPEG,
    "jpe": DocumentKind.JPEG,
}
_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_ZIP: Final = b"PK\x03\x04"
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_REACH: Final = 65_557
# What files of other kinds begin with, and what to call them.
_OTHERS: Final = (
    (b"MZ", later("a Windows program")),
    (b"\x7fELF", later("a program")),
    (b"\xcf\xfa\xed\xfe", later("a program")),
    (b"L\x00\x00\x00\x01\x14\x02\x00", later("a Windows shortcut")),
    (b"#!", later("a script")),
    (b"[Desktop Entry]", later("a program starter")),
    (b"\xd0\xcf\x11\xe0", later("an old Office document or an installer")),
    (b"{\\rtf", later("an RTF document")),
    (b"GIF8", later("a GIF picture")),
    (b"RIFF", later("a WebP picture or a recording")),
    (b"II*\x00", later("a TIFF picture")),
    (b"MM\x00*", later("a TIFF picture")),
    (b"BM", later("a BMP picture")),
    (b"Rar!", later("a RAR archive")),
    (b"7z\xbc\xaf", later("a 7z archive")),
    (b"\x1f\x8b", later("a gzip archive")),
    (b"%!PS", later("a PostScript file")),
)
_MARKUP: Final = (
    (b"<svg", later("an SVG drawing")),
    (b"<html", later("a web page")),
    (b"<!doctype html", later("a web page")),
)
_SCRIPT_MARKS: Final = (b"<html", b"<script", b"<!doctype html", b"<svg", b"<iframe")


def inspect_document(name: str, content: bytes) -> DocumentKind:
    """Return what kind of document ``content`` is, judged by its bytes; ``name`` must agree.

    Raises:
        InvalidInput: another kind (the sentence says which), damaged, two kinds in one file, empty, or too large.
    """
    shown = safe_document_name(name)
    if not content:
        raise InvalidInput(tr("“{name}” is empty.", name=shown))
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise InvalidInput(tr("“{name}” is larger than {limit} MB.", name=shown, limit=limit))
    kind = _kind_of(content)
    if kind is None:
        sentence = tr(
            "“{name}” is {kind}. Documents are PDF, PNG or JPEG files.", name=shown, kind=say(_other_kind(content))
        )
        raise InvalidInput(sentence)
    _check_extension(name, shown, kind)
    problem = {DocumentKind.PDF: _pdf_problem, DocumentKind.PNG: _png_problem, DocumentKind.JPEG: _jpeg_problem}[kind](
        content
    )
    problem = problem or _second_kind(content)
    if problem:
        raise InvalidInput(tr("“{name}” cannot be taken: {problem}.", name=shown, problem=say(problem)))
    return kind


def _kind_of(content: bytes) -> DocumentKind | None:
    if content.startswith(b"%PDF-"):
        return DocumentKind.PDF
    if content.startswith(_PNG_SIGNATURE):
        return DocumentKind.PNG
    return DocumentKind.JPEG if content.startswith(b"\xff\xd8\xff") else None


def _other_kind(content: bytes) -> str:
    if content.startswith(_ZIP):
        return _zip_kind(content)
    kind = next((kind for mark, kind in _OTHERS if content.startswith(mark)), None)
    if kind:
        return kind
    if content[4:8] == b"ftyp":
        return later("a HEIC picture or a film")
    start = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<"):
        return next((kind for mark, kind in _MARKUP if mark in start), later("a web page or an XML file"))
    return later("a file of an unknown kind")


def _zip_kind(content: bytes) -> str:
    if b"word/" in content:
        return later("a Word document")
    if b"xl/" in content:
        return later("an Excel workbook")
    if b"ppt/" in content:
        return later("a PowerPoint presentation")
    return later("a ZIP archive")


def _check_extension(name: str, shown: str, kind: DocumentKind) -> None:
    _, dot, extension = name.rpartition(".")
    if not dot or _EXTENSIONS.get(extension.lower()) is not kind:
        raise InvalidInput(tr("“{name}” is {kind}, but its name says otherwise.", name=shown, kind=say(_NAMES[kind])))


def _second_kind(content: bytes) -> str | None:
    """Return the objection when another program would take the file for something else."""
    if _ZIP_END in content[-_ZIP_END_REACH:]:
        return later("it is a ZIP archive as well")
    start = content[:1024].lower()
    return later("it is a web page as well") if any(mark in start for mark in _SCRIPT_MARKS) else None


def _pdf_problem(content: bytes) -> str | None:
    if not re.match(rb"%PDF-[12]\.[0-9]\s", content):
        return later("its PDF header is damaged")
    return None if b"%%EOF" in content[-1024:] else later("the PDF is cut off")


def _png_problem(content: bytes) -> str | None:
    at = len(_PNG_SIGNATURE)
    if content[at : at + 8] != b"\x00\x00\x00\x0dIHDR" or len(content) < at + 25:
        return later("its PNG header is damaged")
    problem = _size_problem(*struct.unpack_from(">II", content, at + 8))
    if problem:
        return problem
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        at += 12 + length
        if kind == b"IEND":
            return None if at == len(content) else later("something follows the end of the picture")
    return later("the picture is cut off")


def _jpeg_problem(content: bytes) -> str | None:
    size: tuple[int, int] | None = None
    for marker, at in _jpeg_segments(content):
        # The frame headers; C4, C8 and CC are tables.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and at + 9 <= len(content):
            height, width = struct.unpack_from(">HH", content, at + 5)
            size = (width, height)
        if marker == 0xDA:
            if size is None:
                break
            return _size_problem(*size) or (
                None if content.find(b"\xff\xd9", at) > 0 else later("the picture is cut off")
            )
    return later("its JPEG header is damaged")


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield (marker, position) of the segments up to the first scan."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        yield marker, at
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA or length < 2:
            return
        at += 2 + length


def _size_problem(width: int, height: int) -> str | None:
    if not (width and height):
        return later("the picture has no size")
    too_large = max(width, height) > MAX_SIDE_PIXELS or width * height > MAX_PIXELS
    return later("the picture has too many pixels") if too_large else None


_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$|\s)", re.IGNORECASE)
_UNSHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_document_name(name: str) -> str:
    """Return ``name`` as it may be shown and offered for saving: at most 120 characters, its extension kept.

    No folders, no control, invisible or direction-changing characters, none that a file system gives a meaning to, no device
    name of Windows. It is never used as a path in our own store.
    """
    last = [part for part in re.split(r"[/\\]", name) if part.strip(" .")][-1:]
    text = "".join(" " if letter.isspace() else letter for letter in (last[0] if last else ""))
    text = "".join(letter for letter in text if unicodedata.category(letter) not in _UNSHOWN)
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r'[<>:"|?*;`$%]', "_", text).strip(" .-")
    if _RESERVED.match(text):
        text = "_" + text
    stem, dot, extension = text.rpartition(".")
    if dot and len(extension) <= 10:
        text = stem[: MAX_NAME - 1 - len(extension)].rstrip(" .") + dot + extension
    return text[:MAX_NAME].strip(" .-") or "document"
