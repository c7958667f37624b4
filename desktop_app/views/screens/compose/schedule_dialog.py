"""When the messages leave: once, at a time of the clocks of a place."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtWidgets import QComboBox, QDateEdit, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.services.sending import LONGEST_WAIT
from desktop_app.views.moments import exact_moment
from desktop_app.views.screens.compose.zones import moment_in, zone_names
from desktop_app.views.widgets.inputs import Choice, TimeOfDay
from desktop_app.views.widgets.notices import announce, label

WIDTH: Final = 420
_SOON: Final = timedelta(hours=1)


class ScheduleDialog(QDialog):
    """Asks for a moment; ``choose`` is called with it, in UTC, and the zone it was chosen in."""

    def __init__(
        self,
        parent: QWidget,
        now: datetime,
        send_at: datetime | None,
        zone: str,
        choose: Callable[[datetime, str], object],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Schedule"))
        self.setMinimumWidth(WIDTH)
        self._now, self._choose = now, choose
        start = (send_at or now + _SOON).astimezone(ZoneInfo(zone))
        self.day, self.clock = QDateEdit(QDate(start.year, start.month, start.day)), TimeOfDay()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.clock.setTime(QTime(start.hour, start.minute if send_at else 0))
        self.zone = Choice[str]([(name, name.replace("_", " ")) for name in zone_names()])
        self.zone.setEditable(True)
        self.zone.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.zone.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.zone.setMinimumContentsLength(24)
        completer = self.zone.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.zone.show_value(zone)
        self.meaning, self.problem = label("", "facts"), label("", "error")
        self.cancel_button, self.set_button = QPushButton(tr("Cancel")), QPushButton(tr("Set the time"))
        self.set_button.setProperty("look", "primary")
        self.set_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        self.set_button.clicked.connect(self.agree)
        self.cancel_button.clicked.connect(self.reject)
        for changed in (self.day.dateChanged, self.clock.timeChanged, self.zone.currentIndexChanged):
            changed.connect(self._explain)
        self._build()
        self._explain()
        self.day.setFocus()

    def agree(self) -> None:
        """Take the moment when it can be one."""
        try:
            moment = self._moment()
        except InvalidInput as error:
            self.problem.setText(error.user_message)
            self.problem.show()
            announce(self, error.user_message, is_urgent=True)
            return
        self.accept()
        self._choose(moment, self.zone.value)

    def _moment(self) -> datetime:
        chosen = self.clock.time()
        moment = moment_in(self.day.date(), time(chosen.hour(), chosen.minute()), self.zone.value)
        if moment <= self._now:
            raise InvalidInput(tr("This time has passed. Choose another."))
        if moment - self._now > LONGEST_WAIT:
            raise InvalidInput(tr("Messages can be scheduled for at most a year."))
        return moment

    def _explain(self) -> None:
        self.problem.hide()
        try:
            moment = self._moment()
        except InvalidInput as error:
            self.meaning.setText(error.user_message)
            return
        self.meaning.setText(tr("On this computer's clock: {moment}", moment=exact_moment(moment)))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(label(tr("When the messages leave"), "title"))
        row = QHBoxLayout()
        row.setSpacing(10)
        for text, part in ((tr("Day"), self.day), (tr("Time"), self.clock)):
            cell, caption = QVBoxLayout(), label(text, "field")
            caption.setBuddy(part)
            cell.setSpacing(6)
            cell.addWidget(caption)
            cell.addWidget(part)
            row.addLayout(cell, 1)
        column.addLayout(row)
        caption = label(tr("Time zone"), "field")
        caption.setBuddy(self.zone)
        column.addWidget(caption)
        column.addWidget(self.zone)
        column.addWidget(self.meaning)
        column.addWidget(self.problem)
        self.problem.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.set_button)
        column.addLayout(buttons)
