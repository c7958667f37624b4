"""One request in full: what a program sees, its countries with their documents, what was approved, and its history."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.activity import ActivityEntry
from desktop_app.domain.language import tr, trn
from desktop_app.domain.sender_checks import SenderCheck
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.sender_reviews import CountryState, Request
from desktop_app.views.formats import plain_tip
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.models.sender_words import STATUS_LOOKS, status_text
from desktop_app.views.moments import moment_text
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.senders.request_rows import approved_mark, check_row, heading_row, history_row
from desktop_app.views.widgets.country_card import CountryCard, clear_layout_of
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.icon_widgets import IconButton, KeyButton
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import Pill, rule

SHOWN_APPROVED: Final = 4
SHOWN_HISTORY: Final = 6
LOW: Final = 700
_CARDS: Final = (ApprovalStatus.PENDING, ApprovalStatus.AT_PROVIDER, ApprovalStatus.REJECTED, ApprovalStatus.EXPIRED)
_YEARS: Final = (0, 1, 2)
_OTHER: Final = -1


class RequestPanel(QWidget):
    """Shows a request; what its buttons do is the screen's.

    Signals:
        ticks_changed: other countries are ticked.
        document_wanted: the id of a document to look at.
        address_wanted: an address to go to.
        day_wanted: the person wants to choose the last day of an approval.
    """

    ticks_changed = Signal()
    document_wanted = Signal(int)
    address_wanted = Signal(str)
    day_wanted = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.request: Request | None = None
        self.cards: list[CountryCard] = []
        self.until: date | None = None
        self._shows_all = False
        theme = place.theme
        self.name, self.state, self.facts = label("", "title"), Pill(theme), ElidedLabel("facts")
        self.documents_button = IconButton(theme, "file-text", tr("Show the documents"))
        self.documents_button.hide()
        self.more = IconButton(theme, "ellipsis", tr("More actions"))
        self.checks, self.countries = QWidget(), QWidget()
        self.selected = label("", "facts")
        self.approved, self.history = QWidget(), QWidget()
        self.approved_title, self.show_all = label("", "strong-small"), QPushButton()
        self.told, self.decision = ElidedLabel("facts"), ElidedLabel("small")
        self.approve_button = KeyButton(theme, tr("Approve"), "A", image="check")
        self.reject_button = KeyButton(theme, tr("Reject"), "R", image="x")
        self.ask_button = KeyButton(theme, tr("Ask for documents"), "D", image="mail")
        self.ends = Choice([(0, tr("without an end"))])
        self._build()

    @property
    def ticked(self) -> list[CountryState]:
        """The countries that are ticked."""
        return [card.state for card in self.cards if card.box.isChecked()]

    @property
    def targets(self) -> list[CountryState]:
        """What a rejection or a question is about: the ticked countries, without one all that wait."""
        return self.ticked or [card.state for card in self.cards if card.state.is_open]

    def show_request(self, request: Request) -> None:
        """Show a request; of the one that was shown already the ticks stay."""
        same = self.request is not None and self.request.stored.sender_id == request.stored.sender_id
        kept = {card.state.country: card.box.isChecked() for card in self.cards} if same else {}
        if not same:
            self._shows_all = False
            self.show_until(None)
        self.request = request
        self.name.setText(request.stored.sender)
        self._say_state(request)
        name_of = country_names(self._place.parts.language)
        self._show_checks(request.checks, name_of)
        self._show_countries(request, kept, name_of)
        self._show_approved(request, name_of)
        self._show_history(request.history, name_of)
        self._follow_ticks()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the countries the room: who is told is said in the tooltip where the panel is low."""
        super().resizeEvent(event)
        self.told.setVisible(event.size().height() > self._place.theme.scaled(LOW))

    def tick(self, number: int) -> None:
        """Tick or untick the country with a number, from 1."""
        if 1 <= number <= len(self.cards):
            self.cards[number - 1].box.click()

    def show_until(self, day: date | None, *, is_other: bool = False) -> None:
        """Show when an approval will end."""
        self.until = day
        today = self._place.parts.clock().astimezone().date()
        options = [(0, tr("without an end"))]
        options += [(years, trn("for {count} year", "for {count} years", years)) for years in _YEARS[1:]]
        if is_other and day is not None:
            options.append((_YEARS[-1] + 1, tr("until {day}", day=f"{day:%Y-%m-%d}")))
        options.append((_OTHER, tr("until…")))
        value = 0
        if day is not None:
            value = _YEARS[-1] + 1 if is_other else day.year - today.year
        self.ends.offer(options, value)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(rule())
        inside = QWidget()
        inside.setObjectName("form")
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 10, 0, 10)
        body.setSpacing(8)
        for part in self._sections():
            body.addWidget(part)
        body.addStretch()
        scroll = QScrollArea()
        scroll.setProperty("look", "plain")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        column.addWidget(scroll, 1)
        column.addWidget(rule())
        column.addLayout(self._decision_bar())

    def _head(self) -> QHBoxLayout:
        names = QHBoxLayout()
        names.setSpacing(10)
        names.addWidget(self.name)
        names.addWidget(self.state)
        names.addStretch()
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addLayout(names)
        texts.addWidget(self.facts)
        row = QHBoxLayout()
        row.setContentsMargins(20, 12, 12, 12)
        row.addLayout(texts, 1)
        row.addWidget(self.documents_button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _sections(self) -> list[QWidget]:
        for holder, spacing in ((self.checks, 2), (self.countries, 8), (self.history, 3)):
            column = QVBoxLayout(holder)
            column.setContentsMargins(20, 0, 20, 0)
            column.setSpacing(spacing)
        flow = FlowLayout(self.approved, spacing=14)
        flow.setContentsMargins(0, 0, 0, 0)
        self.show_all.setProperty("look", "link")
        self.show_all.clicked.connect(self._toggle_all)
        self._approved_part = QWidget()
        part = QVBoxLayout(self._approved_part)
        part.setContentsMargins(20, 0, 20, 0)
        part.setSpacing(4)
        line = QHBoxLayout()
        line.addWidget(self.approved_title, 1)
        line.addWidget(self.show_all)
        part.addLayout(line)
        part.addWidget(self.approved)
        self._rules = [rule(), rule()]
        return [
            heading_row(tr("Automatic checks")), self.checks, heading_row(tr("Countries"), self.selected), self.countries,
            self._rules[0], self._approved_part, self._rules[1], heading_row(tr("History")), self.history,
        ]  # fmt: skip

    def _decision_bar(self) -> QVBoxLayout:
        bar = QVBoxLayout()
        bar.setContentsMargins(20, 10, 20, 12)
        bar.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.decision, 1)
        self.ends.setAccessibleName(tr("The approval holds"))
        self.ends.chosen.connect(self._choose_end)
        line.addWidget(self.ends)
        bar.addLayout(line)
        holder = QWidget()
        buttons = FlowLayout(holder)
        self.reject_button.setProperty("look", "refuse")
        self.approve_button.setProperty("look", "primary")
        for button in (self.approve_button, self.reject_button, self.ask_button):
            buttons.addWidget(button)
        bar.addWidget(holder)
        bar.addWidget(self.told)
        self.show_until(None)
        return bar

    def open_menu(self, menu: QMenu) -> None:
        """Open the menu of actions under its button."""
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _say_state(self, request: Request) -> None:
        order = (ApprovalStatus.PENDING, ApprovalStatus.AT_PROVIDER, ApprovalStatus.EXPIRED, ApprovalStatus.REJECTED,
                 ApprovalStatus.APPROVED, ApprovalStatus.NOT_REQUIRED)  # fmt: skip
        status = next((one for one in order if request.of(one)), ApprovalStatus.NOT_REQUIRED)
        self.state.show_state(status_text(status), *STATUS_LOOKS[status])
        open_ones = [one.approval for one in request.countries if one.is_open]
        first = min(open_ones, key=lambda one: one.requested_at, default=None)
        who, when = (
            (first.requested_by, first.requested_at)
            if first
            else (request.stored.created_by, request.stored.created_at)
        )
        text = tr("{client} · requested by {person} · {when}", client=request.stored.client, person=who,
                  when=moment_text(when, self._place.parts.clock()))  # fmt: skip
        self.facts.setText(text)
        address = request.stored.email
        text = (
            tr("The client is told by e-mail: {address}", address=address) if address
            else tr("{client} has no e-mail address, so nobody is told.", client=request.stored.client)
        )  # fmt: skip
        self.told.setText(text)
        for part in (self.decision, self.approve_button, self.reject_button):
            part.setToolTip(plain_tip(text))

    def _show_checks(self, checks: Sequence[SenderCheck], name_of: Callable[[str], str]) -> None:
        clear_layout_of(self.checks)
        for check in checks:
            _column(self.checks).addWidget(check_row(self._place, check, name_of, self.address_wanted.emit))

    def _show_countries(self, request: Request, kept: dict[str, bool], name_of: Callable[[str], str]) -> None:
        clear_layout_of(self.countries)
        self.cards = []
        shown = [one for one in request.countries if one.approval.status in _CARDS]
        free = request.of(ApprovalStatus.NOT_REQUIRED)
        if self._shows_all:
            shown += request.of(ApprovalStatus.APPROVED)
        now = self._place.parts.clock()
        for number, state in enumerate(shown + free, 1):
            card = CountryCard(self._place.theme, state, name_of(state.country), number, now)
            usual = card.can_be_ticked and state.is_open
            card.box.setChecked(card.can_be_ticked and kept.get(state.country, usual))
            card.ticked.connect(self._follow_ticks)
            card.document_wanted.connect(self.document_wanted)
            self.cards.append(card)
            _column(self.countries).addWidget(card)
        if not self.cards:
            _column(self.countries).addWidget(label(tr("No country waits for a decision."), "facts"))

    def _show_approved(self, request: Request, name_of: Callable[[str], str]) -> None:
        clear_layout_of(self.approved)
        states = request.of(ApprovalStatus.APPROVED)
        self._approved_part.setVisible(bool(states))
        self._rules[0].setVisible(bool(states))
        self.approved_title.setText(tr("Already approved for {sender}", sender=request.stored.sender))
        layout = self.approved.layout()
        for state in states[:SHOWN_APPROVED] if not self._shows_all else []:
            if layout is not None:
                layout.addWidget(approved_mark(state.country, name_of(state.country)))
        self.approved.setVisible(not self._shows_all)
        self.show_all.setText(tr("Show fewer") if self._shows_all else tr("Show all {count}", count=len(states)))

    def _show_history(self, history: Sequence[ActivityEntry], name_of: Callable[[str], str]) -> None:
        clear_layout_of(self.history)
        for entry in history[:SHOWN_HISTORY]:
            _column(self.history).addWidget(history_row(self._place, entry, name_of))

    def _toggle_all(self) -> None:
        self._shows_all = not self._shows_all
        if self.request is not None:
            self.show_request(self.request)

    def _choose_end(self) -> None:
        value = self.ends.value
        if value == _OTHER:
            self.show_until(self.until)
            self.day_wanted.emit()
            return
        today = self._place.parts.clock().astimezone().date()
        if value in _YEARS:
            self.until = today.replace(year=today.year + value, day=min(today.day, 28)) if value else None

    def _follow_ticks(self) -> None:
        ticked = self.ticked
        count = len(ticked)
        self.selected.setText(tr("{count} selected", count=count) if count else tr("none selected"))
        approvable = bool(ticked) and all(one.is_open and not one.missing for one in ticked)
        self.approve_button.setText(
            trn("Approve {count} country", "Approve {count} countries", count) if approvable else tr("Approve")
        )
        self.approve_button.setEnabled(approvable)
        self.ends.setEnabled(approvable)
        self.reject_button.setEnabled(bool(self.targets))
        name_of = country_names(self._place.parts.language)
        names = ", ".join(name_of(one.country) for one in ticked)
        self.decision.setText(
            trn("Decision for {count} country: {names}", "Decision for {count} countries: {names}", count, names=names)
            if ticked else tr("Tick the countries to decide for")
        )  # fmt: skip
        self.ticks_changed.emit()


def _column(holder: QWidget) -> QVBoxLayout:
    layout = holder.layout()
    if not isinstance(layout, QVBoxLayout):
        raise TypeError("its layout is no column")
    return layout
