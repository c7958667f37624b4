"""The questions behind a decision on a sender ID: why it is rejected, what is needed, when it was handed over, until when."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QDate, QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import LANGUAGES, language_in_force, say, tr, trn
from desktop_app.domain.sender_documents import Purpose, purpose_text
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.sender_decisions import Decision
from desktop_app.services.sender_letters import REASONS, Letter, RejectReason, ready_note
from desktop_app.services.sender_reviews import CountryState, Request
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inputs import Choice, inset
from desktop_app.views.widgets.notices import label

WIDTH: Final = 560
SMALL: Final = 400
_REST_MILLISECONDS: Final = 150
_ASKED: Final = (Purpose.AUTHORISATION, Purpose.REGISTRATION, Purpose.BRAND, Purpose.CONTENT)
Preview = tuple[str | None, Letter]


class SenderDialog(QDialog):
    """What the dialogs share: a title, one line of facts, the primary button with Ctrl+Enter, an error under the form."""

    def __init__(
        self, place: Workplace, parent: QWidget, title: str, facts: str, agree: str, width: int = WIDTH
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(width))
        self._place = place
        self.agree = KeyButton(place.theme, agree, "Ctrl+Return")
        self.agree.setProperty("look", "primary")
        self.agree.setShortcut("Ctrl+Return")
        self.agree.clicked.connect(self.finish)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.error = label("", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 18)
        self.column.setSpacing(6)
        self.column.addWidget(label(title, "title"))
        about = label(facts, "facts")
        about.setWordWrap(True)
        about.setTextFormat(Qt.TextFormat.PlainText)
        self.column.addWidget(about)
        self.column.addSpacing(8)

    def add_field(self, text: str, field: QWidget) -> QLabel:
        """Add a field under its caption."""
        caption = caption_of(field, text)
        self.column.addWidget(caption)
        self.column.addWidget(field)
        self.column.addSpacing(6)
        return caption

    def end(self) -> None:
        """Add the buttons below everything."""
        self.column.addWidget(self.error)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.cancel)
        row.addWidget(self.agree)
        self.column.addSpacing(4)
        self.column.addLayout(row)

    def say_error(self, text: str) -> None:
        """Say what is wrong, "" for nothing."""
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def finish(self) -> None:
        """Do what the primary button says."""
        raise NotImplementedError


class _MailPreview(QFrame):
    """The mail as the client will read it, made again while the person writes."""

    def __init__(self, place: Workplace, ask: Callable[[], Preview]) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._place, self._ask = place, ask
        self.to, self.subject, self.text = ElidedLabel("facts"), ElidedLabel("strong-small"), QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setObjectName("mail")
        self.text.setFixedHeight(place.theme.scaled(148))
        self.text.setAccessibleName(tr("Mail preview"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        for part in (self.to, self.subject, self.text):
            column.addWidget(part)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self.refresh)

    def later(self) -> None:
        """Make it again when the person stops typing."""
        self._rest.start()

    def refresh(self) -> None:
        """Make it again now."""
        ask = self._ask
        self._place.tasks.query(lambda _job: ask(), owner=self, on_success=self._show, on_error=self._refuse)

    def _show(self, preview: Preview) -> None:
        address, letter = preview
        self.to.setText(
            tr("To {address}", address=address) if address else tr("No e-mail address: the client is not told.")
        )
        self.subject.setText(letter.subject)
        self.text.setPlainText(letter.text.strip())

    def _refuse(self, error: AppError) -> None:
        self.text.setPlainText(error.user_message)


class RejectDialog(SenderDialog):
    """Why countries are rejected. ``decided`` carries the Decision."""

    decided = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget, request: Request, states: Sequence[CountryState]) -> None:
        names = _names(place, states)
        title = tr("Reject {sender}?", sender=request.stored.sender)
        agree = trn("Reject {count} country", "Reject {count} countries", len(states))
        super().__init__(place, parent, title, f"{request.stored.client} · {names}", agree)
        self._request, self._countries = request, [one.country for one in states]
        language = request.stored.language if request.stored.language in LANGUAGES else "en"
        self.reason = Choice([(one, say(text)) for one, text in REASONS.items()])
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setProperty("look", "field")
        self.note.setFixedHeight(place.theme.scaled(92))
        self.agree.setProperty("look", "danger")
        self.preview = _MailPreview(place, self._read_preview)
        self.add_field(tr("Reason"), self.reason)
        self.add_field(tr("Text for the client, in {language}", language=LANGUAGES[language]), self.note)
        self._language, self._ready = language, ""
        self.column.addWidget(label(tr("Mail preview"), "field"))
        self.column.addWidget(self.preview)
        self.end()
        self.reason.chosen.connect(self._choose)
        self.reason.currentIndexChanged.connect(lambda _: self._choose())
        self.note.textChanged.connect(self.preview.later)
        self._choose()
        self.reason.setFocus()

    @property
    def decision(self) -> Decision:
        """What is decided."""
        return Decision(ApprovalStatus.REJECTED, note=self.note.toPlainText().strip(), reason=self.reason.value.value)

    def finish(self) -> None:
        """Reject; a reason that has no ready-made note needs one."""
        if not self.note.toPlainText().strip():
            self.say_error(tr("Write what the client has to do, so that the next request can be approved."))
            self.note.setFocus()
            return
        self.accept()
        self.decided.emit(self.decision)

    def _choose(self) -> None:
        """Fill in the ready-made note, unless the person wrote something else."""
        if self.note.toPlainText().strip() in ("", self._ready):
            self._ready = ready_note(RejectReason(self.reason.value), self._language)
            self.note.setPlainText(self._ready)
        self.say_error("")
        self.preview.refresh()

    def _read_preview(self) -> Preview:
        decisions, sender_id = self._place.parts.sender_decisions, self._request.stored.sender_id
        return decisions.preview(sender_id, self._countries, self.decision)


class AskDialog(SenderDialog):
    """Which documents are needed. ``asked`` carries (purposes, note)."""

    asked = Signal(object, str)

    def __init__(self, place: Workplace, parent: QWidget, request: Request, states: Sequence[CountryState]) -> None:
        title = tr("Ask for documents for {sender}", sender=request.stored.sender)
        super().__init__(
            place, parent, title, f"{request.stored.client} · {_names(place, states)}", tr("Ask for documents")
        )
        self._request, self._countries = request, [one.country for one in states]
        missing = {need.purpose for state in states for need in state.missing}
        self.boxes: dict[Purpose, QCheckBox] = {}
        self.column.addWidget(label(tr("Documents"), "field"))
        for purpose in _ASKED:
            box = QCheckBox(purpose_text(purpose))
            box.setChecked(purpose in missing)
            box.toggled.connect(lambda _on: self._follow())
            self.boxes[purpose] = box
            self.column.addWidget(box)
        self.column.addSpacing(6)
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setProperty("look", "field")
        self.note.setFixedHeight(place.theme.scaled(64))
        self.add_field(tr("Text for the client"), self.note)
        self.preview = _MailPreview(place, self._read_preview)
        self.column.addWidget(label(tr("Mail preview"), "field"))
        self.column.addWidget(self.preview)
        self.end()
        self.note.textChanged.connect(self.preview.later)
        self._follow()
        next(iter(self.boxes.values())).setFocus()

    @property
    def wanted(self) -> tuple[Purpose, ...]:
        """What is asked for."""
        return tuple(purpose for purpose, box in self.boxes.items() if box.isChecked())

    def finish(self) -> None:
        """Ask."""
        if self.wanted:
            self.accept()
            self.asked.emit(self.wanted, self.note.toPlainText().strip())

    def _follow(self) -> None:
        self.agree.setEnabled(bool(self.wanted))
        self.preview.refresh()

    def _read_preview(self) -> Preview:
        decisions, sender_id = self._place.parts.sender_decisions, self._request.stored.sender_id
        return decisions.ask_preview(sender_id, self._countries, self.wanted, self.note.toPlainText().strip())


class HandOverDialog(SenderDialog):
    """When a request went to the provider, and how long it takes. ``decided`` carries the Decision."""

    decided = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget, request: Request, states: Sequence[CountryState]) -> None:
        title = tr("Hand {sender} to the provider", sender=request.stored.sender)
        agree = trn("Hand over {count} country", "Hand over {count} countries", len(states))
        super().__init__(place, parent, title, _names(place, states), agree, SMALL)
        today = place.parts.clock().astimezone().date()
        self.day = day_field(today)
        self.day.setMaximumDate(_qt(today))
        self.days = QSpinBox()
        inset(self.days)
        self.days.setRange(0, 365)
        self.days.setSpecialValueText(tr("not known"))
        known = [int(state.rule.days.rpartition("-")[2]) for state in states if state.rule.days]
        self.days.setValue(max(known, default=0))
        self.add_field(tr("Submitted on"), self.day)
        self.add_field(tr("Working days until the answer"), self.days)
        self.end()
        self.day.setFocus()

    def finish(self) -> None:
        """Hand over."""
        days = self.days.value() or None
        self.accept()
        self.decided.emit(Decision(ApprovalStatus.AT_PROVIDER, submitted=_python(self.day.date()), expected_days=days))


class DayDialog(SenderDialog):
    """Asks for a day. ``chosen`` carries it."""

    chosen = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget, title: str, facts: str, agree: str, day: date) -> None:
        super().__init__(place, parent, title, facts, agree, SMALL)
        self.day = day_field(day)
        self.add_field(tr("Last day"), self.day)
        self.end()
        self.day.setFocus()

    def finish(self) -> None:
        """Choose it."""
        day = _python(self.day.date())
        self.accept()
        self.chosen.emit(day)


def day_field(day: date) -> QDateEdit:
    """Return a field for a day, with a calendar."""
    field = QDateEdit(_qt(day))
    field.setCalendarPopup(True)
    field.setLocale(QLocale(language_in_force()))
    field.setDisplayFormat("d MMM yyyy")
    return field


def _names(place: Workplace, states: Sequence[CountryState]) -> str:
    name_of = country_names(place.parts.language)
    return ", ".join(name_of(one.country) for one in states)


def _qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _python(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
