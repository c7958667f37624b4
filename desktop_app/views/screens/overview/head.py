"""The top of the first screen: what is shown, the range, and the export."""

from datetime import date, datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.periods import Period
from desktop_app.services.clock import Clock
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inputs import Segments
from desktop_app.views.widgets.notices import label

CUSTOM: Final = 0
USUAL: Final = 30


class Head(QWidget):
    """Title and facts at the left, range and export at the right. ``changed`` follows each choice of a range."""

    changed = Signal()

    def __init__(self, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.facts = ElidedLabel("facts")
        self.facts.setMinimumWidth(120)
        self.ranges = Segments(((1, tr("Today")), (7, tr("7 days")), (USUAL, tr("30 days")), (CUSTOM, tr("Custom"))))
        self.ranges.name(tr("Range"))
        self.ranges.show_value(USUAL)
        self.ranges.chosen.connect(self._choose)
        self.first, self.last = _day_field(tr("First day")), _day_field(tr("Last day"))
        self.first.dateChanged.connect(partial(self._choose_days, self.first, self.last))
        self.last.dateChanged.connect(partial(self._choose_days, self.last, self.first))
        self._days = QWidget()
        days = QHBoxLayout(self._days)
        days.setContentsMargins(0, 0, 0, 0)
        days.setSpacing(6)
        days.addWidget(self.first)
        days.addWidget(label("–", "facts"))
        days.addWidget(self.last)
        self._days.hide()
        self.export = KeyButton(theme, tr("Export"), image="download")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label(tr("Overview"), "title"))
        texts.addWidget(self.facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 16, 12)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        for part in (self._days, self.ranges, self.export):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)

    def period(self, now: datetime) -> Period:
        """Return the range that is chosen.

        Raises:
            InvalidInput: the days that were chosen are none.
        """
        if self.ranges.value == CUSTOM:
            return Period(_day(self.first), _day(self.last))
        return Period.until(now, self.ranges.value)

    def choose(self, days: int) -> None:
        """Choose one of the ranges, ``CUSTOM`` for the days in the fields."""
        self.ranges.show_value(days)
        self._choose()

    def _choose(self) -> None:
        is_custom = self.ranges.value == CUSTOM
        if is_custom and self._days.isHidden():
            self._show_days(Period.until(self._clock(), USUAL))
        self._days.setVisible(is_custom)
        if is_custom:
            self.first.setFocus()
        self.changed.emit()

    def _choose_days(self, moved: QDateEdit, other: QDateEdit, _day: QDate) -> None:
        try:
            self.period(self._clock())
        except InvalidInput:
            # The other end comes along: a range that is none is never shown.
            other.setDate(moved.date())
            return
        self.changed.emit()

    def _show_days(self, period: Period) -> None:
        for field, day in ((self.first, period.first), (self.last, period.last)):
            field.blockSignals(True)
            field.setDate(QDate(day.year, day.month, day.day))
            field.blockSignals(False)


def _day_field(name: str) -> QDateEdit:
    field = QDateEdit()
    field.setCalendarPopup(True)
    field.setDisplayFormat("d MMM yyyy")
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.setAccessibleName(name)
    return field


def _day(field: QDateEdit) -> date:
    shown = field.date()
    return date(shown.year(), shown.month(), shown.day())
