"""A price list as PDF: A4 pages with the company's name, figures under each other, text that can be searched and copied.

The one module of its layer that uses Qt: QPdfWriter and QPainter draw 40,000 rows in two seconds. Both may be used in any
thread; where no Qt application runs (on the command line) one without a display is made for as long as the file is written.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QLineF, QMarginsF, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from desktop_app.config import resource_path
from desktop_app.exports.files import replacing

FAMILY: Final = "Inter Print"
_WEIGHTS: Final = ("Regular", "SemiBold")
_RESOLUTION: Final = 600
_POINT: Final = _RESOLUTION / 72
_MARGIN: Final = 48 * _POINT
_ROW: Final = 15.5 * _POINT
_BASE: Final = 10.8 * _POINT
_INDENT: Final = 14 * _POINT
_HEADER: Final = 24 * _POINT
_FOOTER: Final = 30 * _POINT
_FACT: Final = 14 * _POINT
_NUMBER_WIDTH: Final = 92 * _POINT
_CODE_WIDTH: Final = 64 * _POINT
_HAIRLINE: Final = 0.5 * _POINT
# A text this short fits its column whatever its letters; longer ones are measured.
_SHORT: Final = 16
_TEXT, _MUTED, _LINE, _ACCENT = "#141822", "#626B7A", "#E4E7EC", "#4150D0"

# Between letters of Persian, of Hindi, and of emoji.
_JOINING: Final = "\u200c\u200d"

# (belongs to the row above, one text per column)
PrintedRow = tuple[bool, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column on paper: its heading, and whether its cells are numbers, which stand under each other by their mark."""

    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class PrintedList:
    """What is printed.

    Attributes:
        company: whose list it is, "" for nobody's.
        title: what it is.
        facts: lines under the title: for whom, date, currency.
        columns: the first one takes the room that is left.
        rows: in their order; those that belong to the row above are indented.
        decimal_mark: of the numbers.
        page_text: makes "Page 2 of 7".
        continued_text: makes "Germany (continued)", for a page that begins with rows that belong to one of the page before.
    """

    company: str
    title: str
    facts: tuple[str, ...]
    columns: tuple[PrintedColumn, ...]
    rows: Sequence[PrintedRow]
    decimal_mark: str
    page_text: Callable[[int, int], str]
    continued_text: Callable[[str], str]


def write(path: Path, printed: PrintedList, on_page: Callable[[int], object] = lambda _rows: None) -> int:
    """Write ``printed`` to ``path``, all or nothing, and return the number of rows.

    Args:
        path: the file.
        printed: the list.
        on_page: called with the number of rows drawn so far; what it raises ends the work.

    Raises:
        InvalidInput: the folder does not exist or the name is taken by something that is not a file.
        StorageUnavailable: the disk is full or may not be written to.
    """
    with replacing(path) as file, _qt():
        file.write(_drawn(printed, on_page))
    return len(printed.rows)


@contextmanager
def _qt() -> Iterator[None]:
    application = None if QGuiApplication.instance() else QGuiApplication(["sms-desk", "-platform", "offscreen"])
    try:
        _load_fonts()
        yield
    finally:
        # Not left to the garbage: while an error is on its way, its traceback would keep the application alive.
        if application is not None:
            application.shutdown()


def _load_fonts() -> None:
    if not QFontDatabase.hasFamily(FAMILY):
        for weight in _WEIGHTS:
            QFontDatabase.addApplicationFont(str(resource_path(f"fonts/InterPrint-{weight}.otf")))


def _drawn(printed: PrintedList, on_page: Callable[[int], object]) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    no_margins = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    writer.setPageLayout(no_margins)
    writer.setTitle(printed.title)
    writer.setCreator("SMS Desk")
    painter = QPainter(writer)
    try:
        _Pages(writer, painter, printed).draw(on_page)
    finally:
        painter.end()
    return bytes(buffer.data().data())


class _Pages:
    """Draws the pages; lengths are in pixels of the writer."""

    def __init__(self, writer: QPdfWriter, painter: QPainter, printed: PrintedList) -> None:
        self._writer, self._painter, self._printed = writer, painter, printed
        self._right, self._bottom = writer.width() - _MARGIN, writer.height() - _MARGIN - _FOOTER
        has_networks = any(is_nested for is_nested, _ in printed.rows)
        self._strong, self._plain = _font(9, strong=has_networks), _font(9)
        self._heading_font, self._small = _font(8, strong=True), _font(8)
        metrics = QFontMetricsF(self._plain, writer)
        self._digit = metrics.horizontalAdvance("0")
        self._fitting = {True: metrics, False: QFontMetricsF(self._strong, writer)}
        numbers = [place for place, column in enumerate(printed.columns) if column.is_number]
        self._lefts = self._columns()
        self._marks = {place: self._mark_of(place) for place in numbers}
        self._name_width = (
            self._lefts[1] - self._lefts[0] - 10 * _POINT if len(self._lefts) > 1 else self._right - _MARGIN
        )
        self._heading_lefts = self._place_headings()
        self._pen, self._grey, self._blue = (QPen(QColor(colour)) for colour in (_TEXT, _MUTED, _ACCENT))
        self._rule, self._line = QPen(QColor(_MUTED), _HAIRLINE), QPen(QColor(_LINE), _HAIRLINE)

    def draw(self, on_page: Callable[[int], object]) -> None:
        """Draw everything."""
        top = self._head()
        pages = self._paged(self._room(top), self._room(_MARGIN + _HEADER))
        for page, (rows, drawn) in enumerate(pages, 1):
            if page > 1:
                self._writer.newPage()
                top = _MARGIN + _HEADER
            self._headings(top)
            self._foot(page, len(pages))
            self._rows(rows, top)
            on_page(drawn)

    def _paged(self, first: int, full: int) -> list[tuple[list[PrintedRow], int]]:
        """Return (rows, number of rows up to there) of each page; there is room for ``first`` rows, then for ``full``.

        A page that begins with rows that belong to one of the page before begins with the name of that one.
        """
        rows, pages, room = self._printed.rows, list[tuple[list[PrintedRow], int]](), first
        above: PrintedRow | None = None
        end = 0
        while not pages or end < len(rows):
            page = [self._continued(above)] if above is not None and rows[end][0] else []
            start, end = end, end + room - len(page)
            page += rows[start:end]
            above = next((row for row in reversed(page) if not row[0]), above)
            pages.append((page, min(end, len(rows))))
            room = full
        return pages

    def _continued(self, row: PrintedRow) -> PrintedRow:
        name, code, *others = row[1]
        return False, (self._printed.continued_text(name), code, *("" for _ in others))

    def _room(self, top: float) -> int:
        return int((self._bottom - top) // _ROW)

    def _head(self) -> float:
        """Draw company, title and facts; return where the rows begin."""
        printed, top = self._printed, _MARGIN
        named = _font(10, strong=True)
        for line in self._wrapped(printed.company, named):
            self._text(_MARGIN, top + 9 * _POINT, line, named, self._blue)
            top += _FACT
        if printed.company:
            top += 10 * _POINT
        self._text(_MARGIN, top + 16 * _POINT, printed.title, _font(20, strong=True), self._pen)
        top += 22 * _POINT
        for fact in printed.facts:
            for line in self._wrapped(fact, self._plain):
                top += _FACT
                self._text(_MARGIN, top, line, self._plain, self._grey)
        return top + 18 * _POINT + _HEADER

    def _headings(self, top: float) -> None:
        """Draw the headings of the columns just above ``top``."""
        base = top - 8 * _POINT
        for column, left in zip(self._printed.columns, self._heading_lefts, strict=True):
            self._text(left, base, column.title, self._heading_font, self._grey)
        self._painter.setPen(self._rule)
        self._painter.drawLine(QLineF(_MARGIN, top, self._right, top))

    def _place_headings(self) -> list[float]:
        metrics = QFontMetricsF(self._heading_font, self._writer)
        return [
            self._number_right(place) - metrics.horizontalAdvance(column.title) if column.is_number else left
            for place, (column, left) in enumerate(zip(self._printed.columns, self._lefts, strict=True))
        ]

    def _foot(self, page: int, pages: int) -> None:
        printed, base = self._printed, self._writer.height() - _MARGIN
        name = " · ".join(part for part in (printed.company, printed.title, *printed.facts[:1]) if part)
        number = printed.page_text(page, pages)
        metrics = QFontMetricsF(self._small, self._writer)
        width = metrics.horizontalAdvance(number)
        room = self._right - _MARGIN - width - 20 * _POINT
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        self._text(_MARGIN, base, shown, self._small, self._grey)
        self._text(self._right - width, base, number, self._small, self._grey)

    def _rows(self, rows: Sequence[PrintedRow], top: float) -> None:
        """Draw rows from ``top`` on: first the strong names, then the others, so that the font changes twice a page."""
        self._lines(len(rows), top)
        first = top + _BASE
        # Whole pixels of 600 to the inch: no eye sees the rest, and a QPointF per cell costs a tenth of the work.
        bases = [round(first + place * _ROW) for place in range(len(rows))]
        self._painter.setPen(self._pen)
        draw = self._painter.drawText
        for nested, font in ((False, self._strong), (True, self._plain)):
            self._painter.setFont(font)
            left = round(self._lefts[0] + (_INDENT if nested else 0))
            for (is_nested, cells), base in zip(rows, bases, strict=True):
                if is_nested is nested:
                    draw(left, base, self._fitted(cells[0], nested=nested))
        for column in range(1, len(self._printed.columns)):
            self._column(column, [cells[column] for _, cells in rows], bases)

    def _column(self, column: int, texts: list[str], bases: list[int]) -> None:
        draw, mark, sign = self._painter.drawText, self._marks.get(column), self._printed.decimal_mark
        if mark is None:
            self._painter.setPen(self._grey)
            left = round(self._lefts[column])
            for text, base in zip(texts, bases, strict=True):
                draw(left, base, _plain(text))
            return
        self._painter.setPen(self._pen)
        # Figures are equally wide, and so is the minus sign: no need to measure each number.
        lefts = [round(mark - length * self._digit) for length in range(max(map(len, texts), default=0) + 1)]
        for text, base in zip(texts, bases, strict=True):
            whole = text.find(sign)
            draw(lefts[whole if whole >= 0 else len(text)], base, text)

    def _lines(self, count: int, top: float) -> None:
        self._painter.setPen(self._line)
        ends = [top + (place + 1) * _ROW for place in range(count)]
        self._painter.drawLines([QLineF(_MARGIN, end, self._right, end) for end in ends])

    def _columns(self) -> list[float]:
        """Return where each column begins: numbers and codes as wide as they need to be, the rest is the name's."""
        widths = [_NUMBER_WIDTH if column.is_number else _CODE_WIDTH for column in self._printed.columns[1:]]
        lefts = [_MARGIN]
        right = self._right
        for width in reversed(widths):
            right -= width
            lefts.insert(1, right)
        return lefts

    def _number_right(self, place: int) -> float:
        following = self._lefts[place + 1] if place + 1 < len(self._lefts) else self._right
        return following - (10 * _POINT if following < self._right else 0)

    def _mark_of(self, place: int) -> float:
        """Return where the decimal mark of a column stands: so that the longest fraction ends at the column's right."""
        mark = self._printed.decimal_mark
        longest = max((len(cells[place].partition(mark)[2]) for _, cells in self._printed.rows), default=0)
        width = self._fitting[True].horizontalAdvance(mark) if longest else 0
        return self._number_right(place) - width - longest * self._digit

    def _fitted(self, text: str, *, nested: bool) -> str:
        text = _plain(text)
        if len(text) <= _SHORT:
            return text
        room = self._name_width - (_INDENT if nested else 0)
        return self._fitting[nested].elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _wrapped(self, text: str, font: QFont) -> list[str]:
        """Return a text in lines as wide as the page; a word that is wider itself is elided."""
        metrics, room = QFontMetricsF(font, self._writer), self._right - _MARGIN
        lines: list[str] = []
        for word in _plain(text).split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and metrics.horizontalAdvance(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(metrics.elidedText(word, Qt.TextElideMode.ElideRight, room))
        return lines

    def _text(self, left: float, base: float, text: str, font: QFont, pen: QPen) -> None:
        self._painter.setFont(font)
        self._painter.setPen(pen)
        self._painter.drawText(QPointF(left, base), _plain(text))


def _font(points: float, *, strong: bool = False) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(round(points * _POINT))
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _plain(text: str) -> str:
    """Return ``text`` without what turns its direction or is no letter: names come from providers and clients."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter in _JOINING else " " for letter in text)
