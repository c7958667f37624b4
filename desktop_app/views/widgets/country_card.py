"""A country of a request for a sender ID: a box to tick, what it asks for, and the documents that prove it."""

from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.domain.sender_documents import Need
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.sender_reviews import CountryState
from desktop_app.views.dressing import redress
from desktop_app.views.formats import date_text
from desktop_app.views.icons import FLAG, flag
from desktop_app.views.models.sender_words import DOCUMENT_LOOKS, country_fact, document_text, purpose_text, rule_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import Pill

INDENT: Final = 32
PILL: Final = 21


class FlagLabel(QLabel):
    """A flag; the name stands beside it."""

    def __init__(self, iso: str) -> None:
        super().__init__()
        image = flag(iso, 2.0)
        if image is not None:
            self.setPixmap(image)
        self.setFixedSize(FLAG)


class NeedRow(QPushButton):
    """A document that the country asks for; choosing it shows the document."""

    def __init__(self, theme: Theme, need: Need) -> None:
        super().__init__()
        self.need = need
        self.setProperty("look", "need")
        document = need.document
        image, tone = ("circle-alert", "danger_icon") if document is None else DOCUMENT_LOOKS[document.state]
        self.name = document.name if document is not None else purpose_text(need.purpose)
        self.state = document_text(document.state) if document is not None else tr("Missing")
        self.setEnabled(document is not None)
        name, state = ElidedLabel("small"), label(self.state, "small")
        name.setText(self.name)
        if need.is_missing:
            for part in (name, state):
                part.setProperty("look", "error")
        self.setAccessibleName(f"{purpose_text(need.purpose)}, {self.name}, {self.state}")
        self.setToolTip(purpose_text(need.purpose))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(theme, image, tone, 14))
        row.addWidget(name, 1)
        row.addWidget(state)
        for part in (name, state):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of one line."""
        return QSize(10, max(26, self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same: the name is cut off where it does not fit."""
        return self.sizeHint()


class CountryCard(QFrame):
    """Shows how a sender ID stands in a country.

    Signals:
        ticked: the box was ticked or unticked.
        document_wanted: the id of a document to look at.
    """

    ticked = Signal()
    document_wanted = Signal(int)

    def __init__(self, theme: Theme, state: CountryState, name: str, number: int, now: datetime) -> None:
        super().__init__()
        self.state, self.country_name = state, name
        self.box = QCheckBox()
        self.box.setProperty("look", "tick")
        self.pill = Pill(theme)
        self.needs: list[NeedRow] = []
        text, (tint, image) = country_fact(state, now)
        self.box.setEnabled(self.can_be_ticked)
        self.box.toggled.connect(self._follow)
        self.box.setAccessibleName(f"{name}, {rule_text(state.rule)}, {text}")
        tip = self._tip(number)
        self.box.setToolTip(tip)
        self.setToolTip("" if self.can_be_ticked else tip)
        self.box.setAccessibleDescription(tip)
        self._build(theme)
        # Only now: shown before it has a parent it would be a window of its own.
        self.pill.show_state(text, tint, image)
        # Lower than twice its radius it would lose its round ends.
        self.pill.setMinimumHeight(theme.scaled(PILL))
        self._follow()

    @property
    def can_be_ticked(self) -> bool:
        """Whether anything can be decided for it now: a country with a missing document cannot."""
        return self.state.approval.status is ApprovalStatus.APPROVED or (self.state.is_open and not self.state.missing)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tick by a click anywhere on the card."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.box.click()
        super().mousePressEvent(event)

    def _tip(self, number: int) -> str:
        if self.can_be_ticked:
            return tr("Tick with {number}", number=number) if number <= 9 else ""
        if self.state.missing:
            names = ", ".join(purpose_text(need.purpose) for need in self.state.missing)
            return tr("Cannot be approved: {documents} is missing.", documents=names)
        return tr("There is nothing to decide here.")

    def _build(self, theme: Theme) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        about = ElidedLabel("facts")
        about.setText(self._about())
        head.addWidget(self.box)
        head.addWidget(FlagLabel(self.state.country))
        head.addWidget(label(self.country_name, "strong"))
        head.addWidget(about, 1)
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 5, 10, 6)
        column.setSpacing(0)
        column.addLayout(head)
        for need in self.state.needs if self.state.approval.status is not ApprovalStatus.APPROVED else ():
            row = NeedRow(theme, need)
            line = QHBoxLayout()
            line.setContentsMargins(INDENT - 6, 0, 0, 0)
            line.addWidget(row)
            column.addLayout(line)
            row.clicked.connect(partial(self._open, need))
            self.needs.append(row)

    def _about(self) -> str:
        approval = self.state.approval
        if approval.status is ApprovalStatus.AT_PROVIDER and approval.submitted_at is not None:
            day = date_text(approval.submitted_at.astimezone().date())
            if approval.expected_days is None:
                return tr("handed over {day}", day=day)
            return tr("handed over {day} · {days} days", day=day, days=approval.expected_days)
        return rule_text(self.state.rule)

    def _open(self, need: Need) -> None:
        if need.document is not None:
            self.document_wanted.emit(need.document.document_id)

    def _follow(self) -> None:
        self.setProperty("look", "country-on" if self.box.isChecked() else "country")
        redress(self)
        self.ticked.emit()


def clear_layout_of(parent: QWidget) -> None:
    """Take every widget out of a widget's layout and let it go."""
    layout = parent.layout()
    while layout is not None and (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
