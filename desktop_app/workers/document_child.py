"""Reads documents of strangers, in a process of its own that has limits: what breaks here breaks nothing else.

Nothing of a document is run: pages are painted, and their text is searched. The process knows no database and no secret.
"""

import math
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any, Final

MAX_PAGES: Final = 500
# A page at most so large is painted, whatever size it says it has.
MAX_PIXELS: Final = 8_000_000
MAX_SIDE: Final = 6_000
MAX_TEXT: Final = 50_000
MAX_BOXES: Final = 40
MEMORY_BYTES: Final = 1_500_000_000
PROCESSOR_SECONDS: Final = 20
_IMAGE_MEGABYTES: Final = 512


class Trouble(StrEnum):
    """Why a document cannot be shown."""

    DAMAGED = "damaged"
    PROTECTED = "protected"
    TOO_LARGE = "too_large"
    NO_PAGE = "no_page"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to be painted.

    Attributes:
        content: the bytes of the document.
        is_pdf: a PDF, else a PNG or JPEG picture.
        page: from 0.
        width: how wide the page is to be painted, in pixels.
        turns: quarters clockwise, 0 to 3.
        words: texts to look for.
    """

    content: bytes
    is_pdf: bool
    page: int
    width: int
    turns: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Painted:
    """A page.

    Attributes:
        pixels: rows from top to bottom, four bytes a pixel: blue, green, red, unused.
        width: in pixels.
        height: in pixels.
        pages: how many the document has; no more than ``MAX_PAGES`` are shown.
        has_text: whether the page holds text that can be searched.
        found: which of the words stand on the page.
        boxes: where the first word stands: (left, top, width, height) as shares of the page, 0 to 1, before turning.
        text: the page's text, "" for a picture.
    """

    pixels: bytes
    width: int
    height: int
    pages: int
    has_text: bool = False
    found: tuple[bool, ...] = ()
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    text: str = ""


def serve(pipe: Connection) -> None:
    """Answer every ``Wanted`` that comes through ``pipe`` with ``Painted`` or a ``Trouble``, until it is closed."""
    _limit()
    with suppress(EOFError, OSError):
        while True:
            wanted = pipe.recv()
            _grant_time()
            pipe.send(_answer(wanted))


def _limit() -> None:
    """Let the system end this process when it takes too much; where it cannot, the one who asks does after some time."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # It writes nothing.
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _grant_time() -> None:
    """Let the next page take ``PROCESSOR_SECONDS`` of the processor, whatever the ones before took."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(used.ru_utime + used.ru_stime)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (spent + PROCESSOR_SECONDS, resource.RLIM_INFINITY))


def _answer(wanted: Wanted) -> Painted | Trouble:
    try:
        return paint_pdf(wanted) if wanted.is_pdf else paint_picture(wanted)
    except MemoryError:
        return Trouble.TOO_LARGE


def fitting_scale(width: float, height: float, wanted: int) -> float:
    """Return by what a page of ``width`` times ``height`` is multiplied to be ``wanted`` pixels wide, within the limits."""
    scale = min(wanted / width, MAX_SIDE / width, MAX_SIDE / height)
    return min(scale, math.sqrt(MAX_PIXELS / (width * height)))


def paint_pdf(wanted: Wanted) -> Painted | Trouble:
    """Paint a page of a PDF, and look for the words in its text."""
    # Here, not above: whoever only asks for a page never loads the library.
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(wanted.content)
    except pypdfium2.PdfiumError as error:
        return Trouble.PROTECTED if error.err_code == raw.FPDF_ERR_PASSWORD else Trouble.DAMAGED
    with closing(document):
        pages = len(document)
        if not 0 <= wanted.page < min(pages, MAX_PAGES):
            return Trouble.NO_PAGE
        try:
            page = document[wanted.page]
            width, height = page.get_size()
            if not (width > 0 and height > 0):
                return Trouble.DAMAGED
            scale = fitting_scale(width, height, wanted.width)
            bitmap = page.render(scale=scale, rotation=90 * wanted.turns, rev_byteorder=False, prefer_bgrx=True,
                                 may_draw_forms=False)  # fmt: skip
            text, found, boxes = _search(page, wanted.words)
        except pypdfium2.PdfiumError:
            return Trouble.DAMAGED
        shown = bytes(bitmap.buffer)[: bitmap.stride * bitmap.height]
        if bitmap.stride != 4 * bitmap.width:
            return Trouble.DAMAGED
        return Painted(shown, bitmap.width, bitmap.height, pages, bool(text.strip()), found, boxes, text)


Boxes = tuple[tuple[float, float, float, float], ...]


def _search(page: Any, words: tuple[str, ...]) -> tuple[str, tuple[bool, ...], Boxes]:
    """Return the page's text, which of the words it holds, and where the first one stands."""
    width, height = page.get_size()
    text_page = page.get_textpage()
    text = text_page.get_text_bounded()[:MAX_TEXT]
    boxes: list[tuple[float, float, float, float]] = []
    found = []
    for place, word in enumerate(words):
        # The sender ID as it is spelt, else in any case.
        searchers = [
            text_page.search(word, match_case=exact, match_whole_word=place == 0) for exact in (True, False) if word
        ]
        searcher, hit = next(((one, hit) for one in searchers if (hit := one.get_next())), (None, None))
        found.append(hit is not None)
        while place == 0 and searcher is not None and hit is not None and len(boxes) < MAX_BOXES:
            rectangles = [text_page.get_rect(number) for number in range(text_page.count_rects(*hit))]
            for left, bottom, right, top in joined_lines(rectangles):
                boxes.append((left / width, 1 - top / height, (right - left) / width, (top - bottom) / height))
            hit = searcher.get_next()
    return text, tuple(found), tuple(boxes)


def joined_lines(rectangles: Sequence[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    """Return rectangles (left, bottom, right, top) with those of one line joined: many documents place each letter by itself."""
    joined: list[tuple[float, float, float, float]] = []
    for left, bottom, right, top in rectangles:
        if joined and joined[-1][1] < (bottom + top) / 2 < joined[-1][3]:
            former = joined[-1]
            joined[-1] = min(left, former[0]), min(bottom, former[1]), max(right, former[2]), max(top, former[3])
        else:
            joined.append((left, bottom, right, top))
    return joined


def paint_picture(wanted: Wanted) -> Painted | Trouble:
    """Paint a PNG or a JPEG, never larger than it is."""
    from PySide6.QtCore import QBuffer, QByteArray, QSize
    from PySide6.QtGui import QImage, QImageReader, QTransform

    held = QByteArray(wanted.content)
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    QImageReader.setAllocationLimit(_IMAGE_MEGABYTES)
    if bytes(reader.format().data()) not in (b"png", b"jpeg"):
        return Trouble.DAMAGED
    size = reader.size()
    if not (size.width() > 0 and size.height() > 0):
        return Trouble.DAMAGED
    side = wanted.width if wanted.turns % 2 == 0 else wanted.width * size.width() / size.height()
    scale = min(1.0, fitting_scale(size.width(), size.height(), max(1, int(side))))
    if scale < 1.0:
        reader.setScaledSize(QSize(max(1, int(size.width() * scale)), max(1, int(size.height() * scale))))
    image = reader.read()
    if image.isNull():
        too_large = reader.error() is QImageReader.ImageReaderError.InvalidDataError and _is_huge(size)
        return Trouble.TOO_LARGE if too_large else Trouble.DAMAGED
    if wanted.turns:
        image = image.transformed(QTransform().rotate(90 * wanted.turns))
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return Painted(bytes(image.constBits()), image.width(), image.height(), 1)


def _is_huge(size: Any) -> bool:
    return bool(size.width() * size.height() * 4 > _IMAGE_MEGABYTES * 1_000_000)
