"""A client's credit over thirty days and a week on: steps, the alert, the forecast; the arrow keys walk along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr
from desktop_app.views.formats import date_text
from desktop_app.views.models.credit_texts import credit_text
from desktop_app.views.models.money_texts import money_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.step_chart import Axis, axis_of
from desktop_app.views.widgets.walked_chart import WalkedChart

HEIGHT: Final = 148
BACK: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=7)
_EDGE: Final = 20
_LEAST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class CreditCourse:
    """What the chart shows.

    Attributes:
        now: the moment between past and forecast.
        opening: posted thirty days before, in micro-units.
        points: (when, posted after it), oldest first.
        credit: what is posted and not reserved now.
        alert: the credit below which the client is warned, None for never.
        used: micro-units spent in thirty days: the forecast goes on like that.
        currency: of the amounts.
        symbol: of that currency.
    """

    now: datetime
    opening: int
    points: tuple[tuple[datetime, int], ...]
    credit: int
    alert: int | None
    used: int
    currency: str
    symbol: str

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return self.now - BACK

    @property
    def steps(self) -> tuple[tuple[datetime, int], ...]:
        """Where the credit stood from when on: the opening, every change, and now with what is reserved taken off."""
        return ((self.begin, self.opening), *self.points, (self.now, self.credit))

    @property
    def forecast(self) -> tuple[datetime, int] | None:
        """Where the dashed line ends: at zero, or after a week; None when nothing is used."""
        if self.used <= 0 or self.credit <= 0:
            return None
        seconds = self.credit * BACK.total_seconds() // self.used
        ahead = min(timedelta(seconds=seconds), AHEAD)
        spent = self.used * int(ahead.total_seconds()) // int(BACK.total_seconds())
        return self.now + ahead, max(0, self.credit - spent)


def step_text(course: CreditCourse, place: int) -> str:
    """Return what a step says: "21 Nov 2026: €685.37"."""
    at, value = course.steps[place]
    return tr("{day}: {credit}", day=date_text(at.astimezone().date()), credit=credit_text(value, course.currency))


class CreditChart(WalkedChart):
    """Shows a course; the places to look at are its steps. What they say stands beside the chart."""

    has_tooltip = False

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, tr("Credit of 30 days"), parent)
        self._course: CreditCourse | None = None
        self._axis = Axis(0, _LEAST, 2)

    @property
    def course(self) -> CreditCourse | None:
        """What is shown."""
        return self._course

    @property
    def place_count(self) -> int:
        """See WalkedChart."""
        return len(self._course.steps) if self._course else 0

    def text_of(self, place: int) -> str:
        """See WalkedChart."""
        return "" if self._course is None else step_text(self._course, place)

    def show_course(self, course: CreditCourse | None) -> None:
        """Show another course; None while it is not known."""
        self._look_at(None)
        self._course = course
        if course is not None:
            values = [value for _, value in course.steps]
            self._axis = axis_of([0, _LEAST, *values, *([course.alert] if course.alert else [])])
            self.setAccessibleDescription(f"{step_text(course, 0)}; {step_text(course, len(course.steps) - 1)}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it likes."""
        return QSize(420, self._theme.scaled(HEIGHT))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Look at the step whose time the mouse is over."""
        if self._course is not None:
            before = [place for place, (at, _) in enumerate(self._course.steps) if self._x(at) <= event.position().x()]
            self._look_at(before[-1] if before else 0)

    def paint_chart(self, painter: QPainter) -> None:
        """Paint grid, days, area, line, alert, forecast, and the cursor."""
        course = self._course
        if course is not None:
            self._grid(painter, course)
            self._days(painter, course)
            self._steps(painter, course)
            self._alert(painter, course)
            self._forecast(painter, course)
            self._mark(painter, course)

    def _area(self) -> QRectF:
        line = self._theme.scaled(16)
        widest = max(self.fontMetrics().horizontalAdvance(self._value_text(value)) for value in self._values())
        return QRectF(_EDGE, line / 2, self.width() - widest - 10 - 2 * _EDGE, self.height() - line * 2.1)

    def _values(self) -> list[int]:
        return [self._axis.low + place * self._axis.step for place in range(self._axis.count)]

    def _value_text(self, value: int) -> str:
        symbol = self._course.symbol if self._course else ""
        whole = value % _LEAST == 0 and abs(value) < 1_000 * _LEAST
        text = money_text(value, symbol)
        return text[:-3] if whole else text

    def _x(self, at: datetime) -> float:
        area, begin = self._area(), self._course.begin if self._course else at
        whole = (BACK + AHEAD).total_seconds()
        return area.left() + area.width() * max(0.0, (at - begin).total_seconds()) / whole

    def _y(self, value: int) -> float:
        area, axis = self._area(), self._axis
        return area.bottom() - area.height() * (value - axis.low) / (axis.high - axis.low)

    def _grid(self, painter: QPainter, course: CreditCourse) -> None:
        area = self._area()
        for value in self._values():
            height = self._y(value)
            is_zero = value == 0 and course.credit < 0
            painter.setPen(QPen(self._theme.colour("control" if is_zero else "chart_grid"), 1))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            painter.setPen(self._theme.colour("text3"))
            room = QRectF(area.right() + 10, height - 8, self.width() - area.right() - 10, 16)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._value_text(value))

    def _days(self, painter: QPainter, course: CreditCourse) -> None:
        """Write the days along the bottom: every week back from today, today, and the last day of the forecast."""
        area, height = self._area(), self._theme.scaled(16)
        painter.setPen(self._theme.colour("text3"))
        marks = [(course.begin, "left")]
        marks += [(course.now - timedelta(days=days), "") for days in (23, 16, 8)]
        marks += [(course.now, "today"), (course.now + AHEAD, "right")]
        for at, side in marks:
            text = tr("Today") if side == "today" else date_text(at.astimezone().date()).rpartition(" ")[0]
            wide = painter.fontMetrics().horizontalAdvance(text)
            left = {"left": area.left(), "right": area.right() - wide}.get(side, self._x(at) - wide / 2)
            room = QRectF(left, self.height() - height - 4, wide + 1, height)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    def _polyline(self, course: CreditCourse) -> QPolygonF:
        line, held = QPolygonF(), course.opening
        for at, value in course.steps:
            x = self._x(at)
            line.append(QPointF(x, self._y(held)))
            line.append(QPointF(x, self._y(value)))
            held = value
        return line

    def _steps(self, painter: QPainter, course: CreditCourse) -> None:
        line, area, tone = self._polyline(course), self._area(), self._theme.colour("c1")
        floor = self._y(max(self._axis.low, 0) if course.credit >= 0 else self._axis.low)
        ground = QPolygonF(line)
        for corner in (QPointF(self._x(course.now), floor), QPointF(area.left(), floor)):
            ground.append(corner)
        shade, fade = QLinearGradient(0, area.top(), 0, floor), self._theme.colour("c1")
        fade.setAlpha(46)
        shade.setColorAt(0, fade)
        fade.setAlpha(10)
        shade.setColorAt(1, fade)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawPolygon(ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tone, 1.6))
        painter.drawPolyline(line)
        self._dot(painter, self._x(course.now), self._y(course.credit))

    def _dot(self, painter: QPainter, x: float, y: float) -> None:
        painter.setPen(QPen(self._theme.colour("surface"), 1.5))
        painter.setBrush(self._theme.colour("c1"))
        painter.drawEllipse(QPointF(x, y), 4.5, 4.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _alert(self, painter: QPainter, course: CreditCourse) -> None:
        if not course.alert:
            return
        area, height = self._area(), self._y(course.alert)
        painter.setPen(QPen(self._theme.colour("warning_icon"), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
        painter.setPen(self._theme.colour("warning"))
        text = tr("Alert at {amount}", amount=self._value_text(course.alert))
        painter.drawText(QPointF(area.left() + 2, height - 5), text)

    def _forecast(self, painter: QPainter, course: CreditCourse) -> None:
        end = course.forecast
        if end is None:
            return
        painter.setPen(QPen(self._theme.colour("c1"), 1.6, Qt.PenStyle.DashLine))
        painter.drawLine(
            QPointF(self._x(course.now), self._y(course.credit)), QPointF(self._x(end[0]), self._y(end[1]))
        )

    def _mark(self, painter: QPainter, course: CreditCourse) -> None:
        if self._cursor is None:
            return
        at, value = course.steps[self._cursor]
        x, area = self._x(at), self._area()
        painter.setPen(QPen(self._theme.colour("control"), 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        self._dot(painter, x, self._y(value))


def course_of(
    now: datetime, opening: int, points: Sequence[tuple[datetime, int]], credit: int, alert: int | None, used: int,
    currency: str, symbol: str,
) -> CreditCourse:  # fmt: skip
    """Return a course; of many points in thirty days only those are kept that a pixel can tell apart."""
    kept = tuple(points)
    if len(kept) > 1_500:
        every = len(kept) // 1_000
        kept = (*kept[::every], kept[-1])
    return CreditCourse(now, opening, kept, credit, alert, used, currency, symbol)
