"""Documents of strangers: painted by a process of its own with limits; whatever they are, the window stays as it is."""

import struct
import time
import zlib
from collections.abc import Iterator

import pytest

from desktop_app.domain.errors import Cancelled
from desktop_app.services.job import Job
from desktop_app.workers.document_child import MAX_PIXELS, MAX_SIDE, Painted, Trouble, Wanted, fitting_scale
from desktop_app.workers.document_pages import DocumentPages

ENCRYPT = (
    b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -44>>" % (b"28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A",
                                                         b"00" * 32)
)  # fmt: skip


@pytest.fixture
def pages() -> Iterator[DocumentPages]:
    made = DocumentPages()
    yield made
    made.close()


def pdf(*pages: str, box: str = "0 0 595 842", trailer: bytes = b"") -> bytes:
    """A PDF with a page for each text."""
    kids = " ".join(f"{3 + 2 * place} 0 R" for place in range(len(pages)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>"]
    font = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    for place, text in enumerate(pages):
        stream = f"BT /F1 14 Tf 72 700 Td ({text}) Tj ET" if not text.startswith("q ") else text
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Resources{font}/Contents {4 + 2 * place} 0 R>>")
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    body = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, one in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj{one}endobj\n".encode()
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    body += f"trailer<</Size {len(objects) + 1}/Root 1 0 R".encode() + trailer + b">>\n"
    return bytes(body + f"startxref\n{start}\n%%EOF\n".encode())


def png(width: int, height: int, rows: bytes) -> bytes:
    """A grey PNG that says it has this size, whatever ``rows`` hold."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def wanted(content: bytes, *, page: int = 0, turns: int = 0, words: tuple[str, ...] = ("AURORA",)) -> Wanted:
    return Wanted(content, content.startswith(b"%PDF"), page, 400, turns, words)


def test_text_is_found_and_marked_where_it_stands(pages: DocumentPages) -> None:
    shown = pages.page(wanted(pdf("Sender AURORA of Aurora Travel", "second"), words=("AURORA", "Lena")), Job())

    assert isinstance(shown, Painted)
    assert (shown.pages, shown.has_text, shown.found) == (2, True, (True, False))
    ((left, top, width, height),) = shown.boxes
    assert 72 / 595 < left < 0.3
    assert abs(top - (842 - 710) / 842) < 0.02
    assert width > height > 0
    assert len(shown.pixels) == 4 * shown.width * shown.height
    assert abs(shown.width - 400) <= 1
    turned = pages.page(wanted(pdf("Sender AURORA"), turns=1), Job())
    assert isinstance(turned, Painted)
    assert turned.width > turned.height


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"%PDF-1.4\nnothing of a PDF\n%%EOF\n", Trouble.DAMAGED),
        (pdf("cut")[:200], Trouble.DAMAGED),
        (pdf("locked", trailer=b"/Encrypt " + ENCRYPT + b"/ID[<00><00>]"), Trouble.PROTECTED),
        (png(9, 9, b"no zlib at all"), Trouble.DAMAGED),
        (png(30_000, 30_000, zlib.compress(b"\0" * 1_000_000)), Trouble.TOO_LARGE),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50 + b"\xff\xd9", Trouble.DAMAGED),
        (b"GIF89a" + b"\0" * 50, Trouble.DAMAGED),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Trouble.DAMAGED),
    ],
    ids=["no PDF", "cut", "password", "broken PNG", "PNG bomb", "broken JPEG", "GIF", "SVG"],
)
def test_what_cannot_be_shown_says_why(pages: DocumentPages, content: bytes, trouble: Trouble) -> None:
    assert pages.page(wanted(content), Job()) is trouble
    assert isinstance(pages.page(wanted(pdf("AURORA")), Job()), Painted)


def test_a_page_of_any_size_is_painted_within_the_limits(pages: DocumentPages) -> None:
    for box in ("0 0 14400 14400", "0 0 14400 3", "0 0 3 14400"):
        shown = pages.page(wanted(pdf("AURORA", box=box)), Job())
        assert isinstance(shown, Painted)
        assert shown.width * shown.height <= MAX_PIXELS * 1.01
        assert max(shown.width, shown.height) <= MAX_SIDE + 1
    assert fitting_scale(595, 842, 10**9) * 842 <= MAX_SIDE


def test_there_is_no_page_beyond_the_last(pages: DocumentPages) -> None:
    assert pages.page(wanted(pdf("one"), page=1), Job()) is Trouble.NO_PAGE
    assert pages.page(wanted(pdf("one"), page=-1), Job()) is Trouble.NO_PAGE
    assert isinstance(pages.page(wanted(pdf()), Job()), Trouble)


def test_a_page_that_never_ends_is_stopped_and_the_next_is_painted() -> None:
    endless = "q " + "0 0 m " + " ".join(f"{x} {y} l" for x in range(0, 595, 1) for y in (0, 842)) + " 400 w S " + "Q"
    bomb = pdf("q " + (endless + " ") * 400)
    made = DocumentPages(seconds=0.2)
    try:
        assert made.page(wanted(bomb), Job()) is Trouble.STOPPED
    finally:
        made.close()
    again = DocumentPages()
    try:
        assert isinstance(again.page(wanted(pdf("AURORA")), Job()), Painted)
    finally:
        again.close()


def test_a_page_that_is_not_waited_for_any_more_is_given_up(pages: DocumentPages) -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        pages.page(wanted(pdf("AURORA")), job)
    assert isinstance(pages.page(wanted(pdf("AURORA")), Job()), Painted)


def test_a_process_that_died_is_followed_by_another(pages: DocumentPages) -> None:
    assert isinstance(pages.page(wanted(pdf("AURORA")), Job()), Painted)
    child = pages._child
    assert child is not None
    child[0].kill()
    child[0].join()

    assert isinstance(pages.page(wanted(pdf("AURORA")), Job()), Painted)
    pages.close()
    assert pages.page(wanted(pdf("AURORA")), Job()) is Trouble.STOPPED


def test_the_child_does_not_outlive_its_window(pages: DocumentPages) -> None:
    pages.page(wanted(pdf("AURORA")), Job())
    child = pages._child
    assert child is not None
    began = time.monotonic()
    pages.close()
    assert not child[0].is_alive()
    assert time.monotonic() - began < 60
