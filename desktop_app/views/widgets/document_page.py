"""A page of a document in a window that scrolls: with what was found marked, larger and smaller, and turned."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.theme import Theme

MARGIN: Final = 18
SMALLEST: Final = 50
STEPS: Final = (50, 75, 100, 125, 150, 200, 300, 400)
Box = tuple[float, float, float, float]
# The size of a sheet of A4 while the page itself is not known.
_SHEET: Final = QSize(595, 842)


def turned(box: Box, turns: int) -> Box:
    """Return where a box stands on a page that was turned clockwise by quarters."""
    left, top, width, height = box
    for _ in range(turns % 4):
        left, top, width, height = 1 - top - height, left, height, width
    return left, top, width, height


class _Sheet(QWidget):
    """The page itself, in the middle of the area."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.image = QImage()
        self.boxes: tuple[Box, ...] = ()
        self.setMinimumSize(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the page, its edge, and the marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self.page_rect()
        painter.fillRect(area.adjusted(-1, -1, 1, 1), self._theme.colour("line_strong"))
        # Paper is white in the dark, too.
        painter.fillRect(area, QColor(Qt.GlobalColor.white))
        if not self.image.isNull():
            painter.drawImage(area, self.image)
        mark = self._theme.colour("edit_mark")
        painter.setPen(QPen(mark, 1.5))
        fill = QColor(mark)
        fill.setAlpha(56)
        painter.setBrush(fill)
        for left, top, width, height in self.boxes:
            box = QRectF(left * area.width(), top * area.height(), width * area.width(), height * area.height())
            painter.drawRoundedRect(box.translated(area.topLeft()).adjusted(-4, -3, 4, 3), 3, 3)

    def page_rect(self) -> QRect:
        """Return where the page stands."""
        return self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)


class PageCanvas(QScrollArea):
    """Shows one page.

    Signals:
        wanted: the page is to be painted anew: it is larger, smaller, or turned.
        paged: another page is wanted, one on (1) or back (-1).
    """

    wanted = Signal()
    paged = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sheet = _Sheet(theme)
        self.zoom, self.turns = 100, 0
        self._size = _SHEET
        self.setWidget(self._sheet)
        self.setObjectName("pages")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Document page"))
        self.setMinimumWidth(1)
        theme.changed.connect(self._sheet.update)

    @property
    def width_wanted(self) -> int:
        """How many pixels of the screen the page is wide."""
        return max(64, int((self.viewport().width() - 2 * MARGIN) * self.zoom / 100 * self.devicePixelRatioF()))

    def begin(self) -> None:
        """Show an empty sheet until the page is there."""
        self.zoom, self.turns, self._size = 100, 0, _SHEET
        self.show_page(QImage(), ())

    def show_page(self, image: QImage, boxes: Sequence[Box]) -> None:
        """Show a painted page with marks, which are given as shares of the page before it was turned."""
        self._sheet.image = image
        self._sheet.boxes = tuple(turned(box, self.turns) for box in boxes)
        if not image.isNull():
            self._size = image.size()
        self._fit()
        if boxes:
            left, top, width, height = self._sheet.boxes[0]
            page = self._sheet.page_rect()
            x, y = page.left() + (left + width / 2) * page.width(), page.top() + (top + height / 2) * page.height()
            self.ensureVisible(int(x), int(y), 80, 120)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The marks, as shares of the page as it stands."""
        return self._sheet.boxes

    def zoom_by(self, steps: int) -> None:
        """Show the page larger or smaller."""
        near = min(range(len(STEPS)), key=lambda place: abs(STEPS[place] - self.zoom))
        zoom = STEPS[max(0, min(len(STEPS) - 1, near + steps))]
        if zoom != self.zoom:
            self.zoom = zoom
            self._fit()
            self.wanted.emit()

    def turn(self) -> None:
        """Turn the page by a quarter, clockwise."""
        self.turns = (self.turns + 1) % 4
        self.wanted.emit()

    def event(self, event: QEvent) -> bool:
        """Take the zoom keys while this has the focus: elsewhere they are the text size."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _zoom_steps(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom, and turn over where the page ends; the rest as usual."""
        steps = _zoom_steps(event)
        if steps:
            self.zoom_by(steps)
        elif event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.paged.emit(1 if event.key() == Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the page into the new width."""
        super().resizeEvent(event)
        self._fit()
        if event.oldSize().width() != event.size().width():
            self.wanted.emit()

    def _fit(self) -> None:
        width = max(64, (self.viewport().width() - 2 * MARGIN) * self.zoom // 100)
        height = width * self._size.height() // max(1, self._size.width())
        self._sheet.resize(width + 2 * MARGIN, height + 2 * MARGIN)
        self._sheet.update()


def _zoom_steps(event: QKeyEvent) -> int:
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return 0
    return {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}.get(Qt.Key(event.key()), 0)
