"""Documents: judged by their bytes, shown under a harmless name."""

import struct
import unicodedata
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.domain.documents import MAX_BYTES, DocumentKind, inspect_document, safe_document_name
from desktop_app.domain.errors import InvalidInput

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def png(width: int = 2, height: int = 2, after: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0\0" * 2)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body + after


def jpeg(width: int = 2, height: int = 2, *, end: bytes = b"\xff\xd9", between: bytes = b"") -> bytes:
    app = b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + app + between + frame + b"\xff\xda\x00\x08\x01\x01\0\0\x3f\0\x12\x34" + end


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("letter.pdf", PDF, DocumentKind.PDF),
        ("LETTER.PDF", PDF, DocumentKind.PDF),
        ("x.exe.pdf", PDF, DocumentKind.PDF),
        ("scan.png", png(), DocumentKind.PNG),
        ("scan.png", png(10_000, 10_000), DocumentKind.PNG),
        ("photo.jpg", jpeg(), DocumentKind.JPEG),
        ("photo.JPEG", jpeg(4_000, 3_000), DocumentKind.JPEG),
        ("photo.jpg", jpeg(end=b"\xff\xd9SEFT trailer of a phone"), DocumentKind.JPEG),
        ("photo.jpg", jpeg(between=b"\xff\xff\xe1\x00\x04ab\xff\xc4\x00\x04ab"), DocumentKind.JPEG),
    ],
)
def test_documents_are_recognised(name: str, content: bytes, kind: DocumentKind) -> None:
    assert inspect_document(name, content) is kind


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"MZ\x90\0", "a Windows program"),
        (b"\x7fELF\x02", "a program"),
        (b"L\0\0\0\x01\x14\x02\0\0", "a Windows shortcut"),
        (b"[Desktop Entry]\nExec=x", "a program starter"),
        (b"#!/bin/sh", "a script"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office document"),
        (b"PK\x03\x04....word/document.xml", "a Word document"),
        (b"PK\x03\x04....xl/workbook.xml", "an Excel workbook"),
        (b"PK\x03\x04....", "a ZIP archive"),
        (b"Rar!\x1a", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"<html><script>", "a web page"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "a web page"),
        (b"<svg onload=x>", "an SVG drawing"),
        (b'<?xml version="1.0"?><svg/>', "an SVG drawing"),
        (b"<?xml version='1.0'?><a/>", "an XML file"),
        (b"GIF89a", "a GIF picture"),
        (b"II*\0", "a TIFF picture"),
        (b"RIFF....WEBP", "a WebP picture"),
        (b"....ftypheic", "a HEIC picture"),
        (b"{\\rtf1", "an RTF document"),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "an unknown kind"),
        (b" %PDF-1.4", "an unknown kind"),
        (b"\0" * 100, "an unknown kind"),
    ],
)
def test_other_files_are_called_what_they_are(content: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        inspect_document("letter.pdf", content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (PDF + b"\n" * (MAX_BYTES + 1 - len(PDF)), "larger than 10 MB"),
        (PDF[:-40], "cut off"),
        (PDF + b"x" * 2_000, "cut off"),
        (b"%PDF-x" + PDF[6:], "damaged"),
        (b"%PDF-1.4\n<html><script>alert(1)</script>\n%%EOF", "a web page as well"),
        (PDF + b"PK\x05\x06" + b"\0" * 18, "a ZIP archive as well"),
    ],
)
def test_a_pdf_that_is_damaged_or_something_else_too(content: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        inspect_document("letter.pdf", content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", png()[:-4]),
        ("a.png", png()[:30]),
        ("a.png", png(after=b"PK\x05\x06")),
        ("a.png", png(after=b"<script>")),
        ("a.png", png(0, 5)),
        ("a.png", png(20_001, 1)),
        ("a.png", png(20_000, 20_000)),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.jpg", jpeg(end=b"")),
        ("a.jpg", jpeg(50_000, 50_000)),
        ("a.jpg", jpeg(0, 0)),
        ("a.jpg", jpeg()[:30]),
        ("a.jpg", b"\xff\xd8\xff\xd9"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x00" * 50),
        ("a.jpg", jpeg(end=b"\xff\xd9PK\x05\x06" + b"\0" * 18)),
        ("a.jpg", jpeg(between=b"\xff\xfe\x00\x0a<script>")),
    ],
)
def test_pictures_that_are_damaged_or_too_large(name: str, content: bytes) -> None:
    with pytest.raises(InvalidInput, match="cannot be taken"):
        inspect_document(name, content)


@pytest.mark.parametrize(
    "name",
    [
        "x.png",
        "x.pdf.exe",
        "x",
        "pdf",
        "x.pdf.",
        "x.pdf ",
        "x.pdf\0.exe",
        "x.pdf:ads",
        "a/b.pdf/",
        "",
        "x\u202efdp.exe",
    ],
)
def test_the_name_must_agree(name: str) -> None:
    with pytest.raises(InvalidInput, match="is a PDF, but its name says otherwise"):
        inspect_document(name, PDF)


@settings(deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", b"\xff\xd8\xff"])
)
def test_any_bytes_are_judged(content: bytes, start: bytes) -> None:
    for name in ("a.pdf", "a.png", "a.jpg"):
        try:
            assert name.endswith(inspect_document(name, start + content).value.replace("jpeg", "jpg"))
        except InvalidInput:
            continue


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("letter.pdf", "letter.pdf"),
        ("../x.pdf", "x.pdf"),
        ("..\\x.pdf", "x.pdf"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\x.pdf", "x.pdf"),
        ("\\\\host\\share\\x.pdf", "x.pdf"),
        ("file.pdf/", "file.pdf"),
        (".", "document"),
        ("..", "document"),
        ("", "document"),
        (".htaccess", "htaccess"),
        ("CON", "_CON"),
        ("aux.pdf", "_aux.pdf"),
        ("com1.pdf", "_com1.pdf"),
        ("console.pdf", "console.pdf"),
        ("x.pdf:ads", "x.pdf_ads"),
        ("x.pdf.", "x.pdf"),
        ("x.pdf ", "x.pdf"),
        ("x.pdf\0.exe", "x.pdf.exe"),
        ("x\u202efdp.exe", "xfdp.exe"),
        ("a\nb\tc.pdf", "a b c.pdf"),
        ('a"b;c`d$(x).pdf', "a_b_c_d_(x).pdf"),
        ("%2e%2e.pdf", "_2e_2e.pdf"),
        ("-rf.pdf", "rf.pdf"),
        ("Vollmacht für Müller.pdf", "Vollmacht für Müller.pdf"),
        ("Mu\u0308ller.pdf", "Müller.pdf"),
        ("😀.pdf", "😀.pdf"),
        ("x" * 4_096 + ".pdf", "x" * 116 + ".pdf"),
        ("x" * 4_096, "x" * 120),
    ],
)
def test_names_are_made_harmless(name: str, shown: str) -> None:
    assert safe_document_name(name) == shown


@settings(deadline=None, max_examples=500)
@given(st.text(max_size=200) | st.text("./\\ -_conauxpdf:\u202e\0\ud800", max_size=200))
@example("con.con\u200b")
@example("x" * 114 + " -.pdf")
def test_every_shown_name_is_harmless_and_final(name: str) -> None:
    shown = safe_document_name(name)
    assert 1 <= len(shown) <= 120
    assert safe_document_name(shown) == shown
    assert not set(shown) & set('<>:"|?*;`$%/\\')
    assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert shown.strip(" .-") == shown
    assert shown.encode()
