"""What the bulk edit asks: until when and why rows may lose money, and what a preset is called."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.clients import LONGEST_NAME
from desktop_app.domain.credits import SHORTEST_REASON
from desktop_app.domain.language import tr, trn
from desktop_app.services.price_edits import LossAllowed
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.notices import label

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 366
NAMED: Final = 4
_WIDTH: Final = 420
_LONGEST: Final = 200


class BulkDialog(QDialog):
    """A heading, a sentence, fields with their captions, and two buttons; Esc is the first of them."""

    def __init__(self, place: Workplace, title: str, detail: str, done: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(place.theme.scaled(_WIDTH))
        self.cancel, self.done_button = QPushButton(tr("Cancel")), QPushButton(done)
        self.done_button.setProperty("look", "primary")
        self.done_button.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 18, 20, 16)
        self._column.setSpacing(6)
        for text, look in ((title, "title"), (detail, "facts")):
            line = label(text, look)
            line.setWordWrap(True)
            self._column.addWidget(line)
        self._column.addSpacing(8)

    def ask(self, fields: Sequence[tuple[str, QWidget]]) -> None:
        """Add the fields and the buttons, and give the first field the focus."""
        for text, field in fields:
            self._column.addWidget(caption_of(field, text))
            self._column.addWidget(field)
            self._column.addSpacing(8)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch()
        foot.addWidget(self.cancel)
        foot.addWidget(self.done_button)
        self._column.addLayout(foot)


class AllowLossesDialog(BulkDialog):
    """Asks until when and why some rows may sell below their cost. ``allowed`` carries the LossAllowed."""

    allowed = Signal(object)

    def __init__(self, place: Workplace, names: Sequence[str], parent: QWidget) -> None:
        shown = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        title = trn("Sell {count} row below cost?", "Sell {count} rows below cost?", len(names))
        if len(names) == 1:
            title = tr("Sell {name} below cost?", name=names[0])
        detail = tr("{names}. Their messages are sent at a loss until this day.", names=shown)
        super().__init__(place, title, detail, tr("Allow loss"), parent)
        today = place.parts.clock().astimezone().date()
        self.until = QDateEdit(QDate(today.year, today.month, today.day).addDays(USUAL_DAYS))
        self.until.setCalendarPopup(True)
        self.until.setDisplayFormat("d MMM yyyy")
        self.until.setMinimumDate(QDate(today.year, today.month, today.day))
        self.until.setMaximumDate(self.until.minimumDate().addDays(MOST_DAYS))
        self.reason = QLineEdit(maxLength=_LONGEST, placeholderText=tr("For example: contract with Aurora until May"))
        self.reason.setAccessibleDescription(tr("At least five characters"))
        self.reason.textChanged.connect(lambda text: self.done_button.setEnabled(len(text.strip()) >= SHORTEST_REASON))
        self.done_button.setEnabled(False)
        self.done_button.clicked.connect(self._allow)
        self.ask(((tr("Until and including"), self.until), (tr("Reason"), self.reason)))
        self.reason.setFocus()

    def _allow(self) -> None:
        day = self.until.date()
        until = datetime.combine(date(day.year(), day.month(), day.day()), time(23, 59, 59)).astimezone()
        self.accept()
        self.allowed.emit(LossAllowed(until, self.reason.text().strip()))


class NameDialog(BulkDialog):
    """Asks what something is called. ``named`` carries the name.

    Args:
        place: the workplace.
        texts: the title, what is kept, the button, and what is said of a name that is taken.
        suggestion: stands in the field.
        taken: names that there are.
        parent: the window.
    """

    named = Signal(str)

    def __init__(
        self, place: Workplace, texts: tuple[str, str, str, str], suggestion: str, taken: Sequence[str], parent: QWidget
    ) -> None:  # fmt: skip
        super().__init__(place, *texts[:3], parent)
        self._replaces = texts[3]
        self._taken = {name.casefold() for name in taken}
        self.field = QLineEdit(suggestion, maxLength=LONGEST_NAME)
        self.field.selectAll()
        self.note = label("", "facts")
        self.field.textChanged.connect(self._check)
        self.done_button.clicked.connect(self._save)
        self.ask(((tr("Name"), self.field),))
        self._column.insertWidget(self._column.count() - 1, self.note)
        self._check(suggestion)
        self.field.setFocus()

    def _check(self, text: str) -> None:
        self.done_button.setEnabled(bool(text.strip()))
        replaces = text.strip().casefold() in self._taken
        self.note.setText(self._replaces if replaces else "")
        self.note.setVisible(replaces)

    def _save(self) -> None:
        self.accept()
        self.named.emit(self.field.text().strip())


class PresetDialog(NameDialog):
    """Asks what a preset is called."""

    def __init__(self, place: Workplace, suggestion: str, taken: Sequence[str], parent: QWidget) -> None:
        detail = tr("Scope, rule and limits are kept for the team.")
        texts = (tr("Save as preset"), detail, tr("Save preset"), tr("Replaces the preset of this name."))
        super().__init__(place, texts, suggestion, taken, parent)
