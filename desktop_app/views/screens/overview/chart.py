"""Delivery by day as stacked columns; the arrow keys walk along them, and every column is there as text."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.figures import Figures
from desktop_app.services.overview import DayFigures, Overview
from desktop_app.views.formats import count_text
from desktop_app.views.screens.overview.words import axis_text, figures_text, span_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.walked_chart import WalkedChart

HEIGHT: Final = 232
LINES: Final = 4
_STEPS: Final = (1, 2, 5)
# From the bottom up; the colour of each never means anything else.
SERIES: Final = (("delivered", "c1"), ("failed", "c2"), ("expired", "c5"), ("pending", "line_strong"))


def step_of(most: int, lines: int = LINES) -> int:
    """Return the round distance between the lines of a grid from 0 that holds ``most``, with at most ``lines`` above 0."""
    unit = 1
    while True:
        for factor in _STEPS:
            if unit * factor * lines >= most:
                return unit * factor
        unit *= 10


def short_count(count: int) -> str:
    """Return a count on the axis: "30k" for thousands that are whole."""
    return f"{count_text(count // 1000)}k" if count and count % 1000 == 0 else count_text(count)


class DeliveryChart(WalkedChart):
    """Shows the columns of a range."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, tr("Delivery by day"), parent)
        self._found: Overview | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def columns(self) -> Sequence[DayFigures]:
        """What is shown."""
        return () if self._found is None else self._found.columns

    @property
    def place_count(self) -> int:
        """See WalkedChart."""
        return len(self.columns)

    def show_overview(self, found: Overview) -> None:
        """Show other columns; what was looked at stays where the range is the same."""
        if self._found is None or self._found.period != found.period:
            self._cursor = None
        self._found = found
        self.setAccessibleDescription(figures_text(found.total if found.total.sent else None))
        self.update()

    def text_of(self, place: int) -> str:
        """Return what a column says: "13 Nov 2026: 15,300 SMS: 13,200 delivered, …"."""
        found = self._found
        if found is None:
            return ""
        column = found.columns[place]
        return f"{span_text(column.span, found.period)}: {figures_text(column.figures)}"

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it likes."""
        return QSize(560, self._theme.scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size below which the columns cannot be told apart."""
        return QSize(320, self._theme.scaled(HEIGHT) * 3 // 4)

    def first_right(self, _last: int) -> int:
        """See WalkedChart: a range is read from its beginning."""
        return 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Look at the column under the mouse."""
        area, count = self._area(), len(self.columns)
        if count and area.left() <= event.position().x() <= area.right():
            self._look_at(min(count - 1, int((event.position().x() - area.left()) / area.width() * count)))
        else:
            self._look_at(None)

    def leaveEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name and signature
        """Look at no column any more."""
        if not self.hasFocus():
            self._look_at(None)

    def paint_chart(self, painter: QPainter) -> None:
        """Paint grid, columns, axis, and the cursor."""
        most = max((column.figures.sent for column in self.columns if column.figures), default=0)
        self._grid(painter, step_of(most), most)
        for place, column in enumerate(self.columns):
            if column.figures is not None:
                self._column(painter, place, column, step_of(most) * LINES)
        self._axis(painter)
        if self._found is not None and not most:
            # Between two lines of the grid.
            area = self._area()
            area.translate(0, area.height() / LINES / 2)
            painter.setPen(self._theme.colour("text3"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("No messages in this range"))

    def _area(self) -> QRectF:
        metrics = self.fontMetrics()
        left, line = metrics.horizontalAdvance("000.000") + 4, self._theme.scaled(20)
        return QRectF(left, line / 2, self.width() - left - 12, self.height() - line * 1.7)

    def _place(self, place: int) -> QRectF:
        """Return where a column stands, with the gap to the next."""
        area, count = self._area(), len(self.columns)
        step = area.width() / max(1, count)
        width = max(1.0, min(step * 0.68, 34.0))
        return QRectF(area.left() + step * place + (step - width) / 2, area.top(), width, area.height())

    def _grid(self, painter: QPainter, step: int, most: int) -> None:
        area = self._area()
        for line in range(LINES + 1):
            height = area.bottom() - area.height() * line / LINES
            painter.setPen(QPen(self._theme.colour("line_strong" if not line else "chart_grid"), 1))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            if most or not line:
                painter.setPen(self._theme.colour("text3"))
                room = QRectF(0, height - 9, area.left() - 8, 18)
                painter.drawText(
                    room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, short_count(step * line)
                )

    def _column(self, painter: QPainter, place: int, column: DayFigures, top: int) -> None:
        room, figures = self._place(place), column.figures or Figures()
        if place == self._cursor:
            painter.fillRect(room.adjusted(-3, 0, 3, 0), self._theme.colour("selected"))
        bottom = room.bottom()
        for name, colour in SERIES:
            height = room.height() * int(getattr(figures, name)) / top
            if height <= 0:
                continue
            # A sliver is still a sliver that can be seen.
            height = max(height, 1.5)
            part = QRectF(room.left(), bottom - height, room.width(), height)
            painter.setPen(QPen(self._theme.colour("control"), 1) if name == "pending" else Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour(colour))
            painter.drawRect(part.adjusted(0.5, 0.5, -0.5, 0) if name == "pending" and height > 2 else part)
            bottom -= height
        if self._found is not None and column.span.start <= self._found.now < column.span.end:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(self._theme.colour("surface"), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(QRectF(room.left(), bottom, room.width(), room.bottom() - bottom))

    def _axis(self, painter: QPainter) -> None:
        """Name the columns along the bottom, as many as there is room for; always the last."""
        found = self._found
        if found is None or not found.columns:
            return
        texts = [axis_text(column.span, found.period, found.now) for column in found.columns]
        metrics = painter.fontMetrics()
        widest = max(metrics.horizontalAdvance(text) for text in texts) + 16
        every = max(1, -(-widest // max(1, int(self._area().width() / len(texts)))))
        painter.setPen(self._theme.colour("text3"))
        for place in range(len(texts) - 1, -1, -every):
            room = self._place(place)
            area = QRectF(room.center().x() - widest / 2, room.bottom() + 4, widest, metrics.height() + 4)
            area.moveRight(min(area.right(), float(self.width())))
            area.moveLeft(max(area.left(), 0.0))
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, texts[place])
