"""Price and cost over time as two lines with steps; the arrow keys walk along them, and the figures are there as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr
from desktop_app.services.price_timeline import PricePoint
from desktop_app.views.formats import date_text, price_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.walked_chart import WalkedChart

HEIGHT: Final = 124
LINES: Final = 4
_EDGE: Final = 4
# Steps between the lines of the grid, in units of the last shown decimal.
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Axis:
    """The values at the grid's lines: the lowest, the distance between two, and how many there are."""

    low: int
    step: int
    count: int

    @property
    def high(self) -> int:
        """The value at the highest line."""
        return self.low + self.step * (self.count - 1)


def axis_of(values: Sequence[int], lines: int = LINES) -> Axis:
    """Return the grid for ``values`` (micro-units, at least one): round figures around them, at most ``lines`` of them."""
    low, high = min(values), max(values)
    unit = 100
    while True:
        for factor in _STEPS:
            step = unit * factor
            first, last = low // step * step, -(-high // step) * step
            count = (last - first) // step + 1
            if count <= lines:
                return Axis(first, step, max(count, 2))
        unit *= 10


def point_text(point: PricePoint) -> str:
    """Return what a point says: "21 Nov 2026: sale 0.1234, cost 0.0864"."""
    day = date_text(point.at.astimezone().date())
    return tr("{day}: sale {sale}, cost {cost}", day=day, sale=price_text(point.sale), cost=price_text(point.cost))


class StepChart(WalkedChart):
    """Shows points."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, tr("Price history of 90 days"), parent)
        self._points: tuple[PricePoint, ...] = ()
        self._is_known = False

    @property
    def points(self) -> tuple[PricePoint, ...]:
        """What is shown."""
        return self._points

    @property
    def place_count(self) -> int:
        """See WalkedChart."""
        return len(self._points)

    def text_of(self, place: int) -> str:
        """See WalkedChart."""
        return point_text(self._points[place])

    def show_points(self, points: Sequence[PricePoint] | None) -> None:
        """Show other points, oldest first; None while they are not known yet."""
        self._is_known, self._points = points is not None, tuple(points or ())
        self._look_at(None)
        moves = [point_text(point) for point in self._points[:1] + self._points[-1:]]
        self.setAccessibleDescription("; ".join(moves))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it likes."""
        return QSize(260, self._theme.scaled(HEIGHT))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Look at the point whose time the mouse is over."""
        if self._points:
            before = [place for place, point in enumerate(self._points) if self._x(point.at) <= event.position().x()]
            self._look_at(before[-1] if before else 0)

    def paint_chart(self, painter: QPainter) -> None:
        """Paint grid, axis, both lines with their ends, and the cursor."""
        values = [value for point in self._points for value in (point.sale, point.cost) if value is not None]
        if values:
            axis = axis_of(values)
            self._grid(painter, axis)
            self._months(painter)
            self._line(painter, axis, [point.cost for point in self._points], "c6", Qt.PenStyle.DashLine)
            self._line(painter, axis, [point.sale for point in self._points], "c1", Qt.PenStyle.SolidLine)
            self._mark(painter, axis)
        elif self._is_known:
            painter.setPen(self._theme.colour("text3"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("No price and no cost yet"))

    def _area(self) -> QRectF:
        line = self._theme.scaled(16)
        wide = self.fontMetrics().horizontalAdvance("0.0000") + 8
        return QRectF(_EDGE, line / 2, self.width() - wide - _EDGE, self.height() - line * 1.9)

    def _x(self, at: datetime) -> float:
        area, first, last = self._area(), self._points[0].at, self._points[-1].at
        whole = (last - first).total_seconds()
        return area.right() if not whole else area.left() + area.width() * (at - first).total_seconds() / whole

    def _y(self, axis: Axis, value: int) -> float:
        area = self._area()
        return area.bottom() - area.height() * (value - axis.low) / (axis.high - axis.low)

    def _grid(self, painter: QPainter, axis: Axis) -> None:
        area = self._area()
        decimals = 2 if axis.step % 10_000 == 0 and axis.low % 10_000 == 0 else 3 if axis.step % 1_000 == 0 else 4
        for place in range(axis.count):
            value = axis.low + place * axis.step
            height = self._y(axis, value)
            painter.setPen(QPen(self._theme.colour("chart_grid"), 1))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            painter.setPen(self._theme.colour("text3"))
            room = QRectF(area.right() + 8, height - 8, self.width() - area.right() - 8, 16)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, price_text(value, decimals))

    def _months(self, painter: QPainter) -> None:
        """Write the days along the bottom: where it begins, the middle, and today."""
        first, last = self._points[0].at, self._points[-1].at
        area, height = self._area(), self._theme.scaled(16)
        painter.setPen(self._theme.colour("text3"))
        for share, side in ((0.0, Qt.AlignmentFlag.AlignLeft), (0.5, Qt.AlignmentFlag.AlignHCenter),
                            (1.0, Qt.AlignmentFlag.AlignRight)):  # fmt: skip
            day = (first + (last - first) * share).astimezone().date()
            room = QRectF(area.left(), self.height() - height - 2, area.width(), height)
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, date_text(day).rpartition(" ")[0])

    def _line(
        self, painter: QPainter, axis: Axis, values: Sequence[int | None], colour: str, style: Qt.PenStyle
    ) -> None:
        tone = self._theme.colour(colour)
        painter.setPen(QPen(tone, 2, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        part = QPolygonF()
        for place, (point, value) in enumerate(zip(self._points, values, strict=True)):
            x = self._x(point.at)
            held = values[place - 1] if place else None
            if held is not None:
                part.append(QPointF(x, self._y(axis, held)))
            if value is None:
                painter.drawPolyline(part)
                part = QPolygonF()
            else:
                part.append(QPointF(x, self._y(axis, value)))
        painter.drawPolyline(part)
        end = values[-1] if values else None
        if end is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tone)
            painter.drawEllipse(QPointF(self._area().right(), self._y(axis, end)), 3, 3)

    def _mark(self, painter: QPainter, axis: Axis) -> None:
        if self._cursor is None:
            return
        area, point = self._area(), self._points[self._cursor]
        x = self._x(point.at)
        painter.setPen(QPen(self._theme.colour("control"), 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(QPen(self._theme.colour("surface"), 1.5))
        for value, colour in ((point.sale, "c1"), (point.cost, "c6")):
            if value is not None:
                painter.setBrush(self._theme.colour(colour))
                painter.drawEllipse(QPointF(x, self._y(axis, value)), 4, 4)
