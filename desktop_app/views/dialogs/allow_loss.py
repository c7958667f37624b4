"""Allows one price to lie below its cost: until a date, for a reason (decisions.md 1)."""

from datetime import date, datetime, time
from typing import Final

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.credits import SHORTEST_REASON
from desktop_app.domain.language import language_in_force, tr
from desktop_app.services.price_edits import LossAllowed
from desktop_app.views.models.price_columns import figure
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.notices import label

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 366
_WIDTH: Final = 420
_LONGEST: Final = 200


class AllowLossDialog(QDialog):
    """Asks until when and why. ``allowed`` carries the LossAllowed.

    Args:
        place: the workplace.
        line: the row.
        price: micro-units, below its cost.
        parent: the window it belongs to.
    """

    allowed = Signal(object)

    def __init__(self, place: Workplace, line: PriceLine, price: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Allow a loss"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(place.theme.scaled(_WIDTH))
        today = place.parts.clock().astimezone().date()
        self.until = QDateEdit(QDate(today.year, today.month, today.day).addDays(USUAL_DAYS))
        self.until.setCalendarPopup(True)
        self.until.setLocale(QLocale(language_in_force()))
        self.until.setDisplayFormat("d MMM yyyy")
        self.until.setMinimumDate(QDate(today.year, today.month, today.day))
        self.until.setMaximumDate(self.until.minimumDate().addDays(MOST_DAYS))
        self.reason = QLineEdit(maxLength=_LONGEST, placeholderText=tr("For example: contract with Aurora until May"))
        self.cancel, self.allow = QPushButton(tr("Cancel")), QPushButton(tr("Allow loss"))
        self.allow.setProperty("look", "primary")
        self.allow.setDefault(True)
        self.allow.setEnabled(False)
        self.cancel.clicked.connect(self.reject)
        self.allow.clicked.connect(self._allow)
        self.reason.textChanged.connect(lambda text: self.allow.setEnabled(len(text.strip()) >= SHORTEST_REASON))
        self._build(line, price)
        self.reason.setFocus()

    def _build(self, line: PriceLine, price: int) -> None:
        what = label(
            tr("{name} is sold for {price} and costs {cost}: every SMS loses {loss}.", name=line.name,
               price=figure(price), cost=figure(line.cost), loss=figure((line.cost or 0) - price)),
            "facts",
        )  # fmt: skip
        what.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(6)
        column.addWidget(label(tr("Sell {name} below cost?", name=line.name), "title"))
        column.addWidget(what)
        column.addSpacing(8)
        for text, field in ((tr("Until and including"), self.until), (tr("Reason"), self.reason)):
            column.addWidget(caption_of(field, text))
            column.addWidget(field)
            column.addSpacing(8)
        self.reason.setAccessibleDescription(tr("At least five characters"))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch()
        foot.addWidget(self.cancel)
        foot.addWidget(self.allow)
        column.addLayout(foot)

    def _allow(self) -> None:
        day = self.until.date()
        until = datetime.combine(date(day.year(), day.month(), day.day()), time(23, 59, 59)).astimezone()
        self.accept()
        self.allowed.emit(LossAllowed(until, self.reason.text().strip()))
