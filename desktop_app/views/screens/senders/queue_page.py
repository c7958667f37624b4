"""The queue: who waits at the left, one request in the middle, its documents at the right."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.domain.sender_documents import DocumentState
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.sender_decisions import Decided, Decision
from desktop_app.services.sender_reviews import CountryState, QueueItem, Request
from desktop_app.views.dialogs.sender_dialogs import AskDialog, DayDialog, HandOverDialog, RejectDialog
from desktop_app.views.models.sender_queue import Chip, SenderQueueModel, is_in
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.senders.deciding import (
    ask_work,
    decide_work,
)
from desktop_app.views.screens.senders.paper_actions import PaperActions
from desktop_app.views.screens.senders.queue_side import WIDTH as SIDE_WIDTH
from desktop_app.views.screens.senders.queue_side import QueueSide
from desktop_app.views.screens.senders.request_panel import RequestPanel
from desktop_app.views.screens.senders.viewer import WIDTH as VIEWER_WIDTH
from desktop_app.views.screens.senders.viewer import DocumentViewer
from desktop_app.views.widgets.pills import rule
from desktop_app.views.widgets.sender_cards import SenderCards

# What a request needs beside its document.
LEAST: Final = 330
OPEN: Final = (ApprovalStatus.PENDING, ApprovalStatus.AT_PROVIDER)


class QueuePage(QWidget):
    """The page.

    Signals:
        followed: the id of the request that is shown now, 0 for none.
        acted: the id of a request that is about to be decided on here.
    """

    followed = Signal(int)
    acted = Signal(int)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._tasks, self._parts = place, place.tasks, place.parts
        self._wanted, self._asked = 0, 0
        self.model = SenderQueueModel(place.parts.clock, self)
        self.list = SenderCards(self.model, place.theme, place.parts.clock)
        self.panel, self.viewer = RequestPanel(place), DocumentViewer(place)
        self.side = QueueSide(place, self.list)
        self.find_field, self.chips, self.nothing = self.side.find_field, self.side.chips, self.side.nothing
        self.papers = PaperActions(place, self, self.viewer, lambda: self.request)
        self._build()
        self._connect()

    @property
    def current(self) -> QueueItem | None:
        """The request that is chosen."""
        row = self.list.currentIndex().row()
        return self.model.item(row) if 0 <= row < self.model.rowCount() else None

    @property
    def request(self) -> Request | None:
        """The request that is shown in full."""
        return self.panel.request if self.current is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc clears the search; the rest as usual."""
        if event.key() == Qt.Key.Key_Escape and self.find_field.text():
            self.find_field.clear()
            self.list.setFocus()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show request and document one at a time where there is no room for both."""
        super().resizeEvent(event)
        self._fit()

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for request and document side by side."""
        return self.width() < self._place.theme.scaled(SIDE_WIDTH + VIEWER_WIDTH + LEAST)

    def show_items(self, items: list[QueueItem]) -> None:
        """Show these requests; the one that is chosen stays so."""
        wanted = self._wanted or (self.current.sender_id if self.current else 0)
        self.model.show_items(items)
        self.side.say_chips(self.model)
        self.open_request(wanted, is_asked=bool(self._wanted))
        self._wanted = 0

    def open_request(self, sender_id: int, *, is_asked: bool = True) -> None:
        """Choose a request, under the chip that it belongs to; without it, the first."""
        row, item = self.model.row_of(sender_id), self.model.find(sender_id)
        # One that is not there yet is chosen when the queue was read again.
        self._wanted = sender_id if is_asked and item is None else 0
        if row < 0 and item is not None and is_asked:
            self.find_field.clear()
            self.show_chip(next((chip for chip in Chip if is_in(item, chip)), Chip.WAITING))
            row = self.model.row_of(sender_id)
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(max(0, row)))
        self.follow()

    def show_chip(self, chip: Chip) -> None:
        """Show what belongs under a chip."""
        self.chips[chip].setChecked(True)
        self._filter()

    def follow(self) -> None:
        """Read the chosen request in full."""
        item = self.current
        self.side.say_nothing(self.model)
        self._fit()
        self.followed.emit(item.sender_id if item is not None else 0)
        if item is None:
            self.viewer.clear()
            return
        self._asked += 1
        reviews, sender_id = self._parts.sender_reviews, item.sender_id
        self._tasks.query(
            lambda _job: reviews.request(sender_id), owner=self, on_success=partial(self._show_request, self._asked),
            on_error=self._warn,
        )  # fmt: skip

    def step(self, rows: int) -> None:
        """Choose the next request, or the one before."""
        row = self.list.currentIndex().row() + rows
        if 0 <= row < self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(row))

    def approve(self) -> None:
        """Approve the ticked countries; the next request opens at once."""
        if not self.panel.isVisible():
            # Only what is seen is decided on.
            self.viewer.set_wide(False)
            return
        request, states = self.request, self.panel.ticked
        if request is not None and states and self.panel.approve_button.isEnabled():
            self._decide(request, states, Decision(ApprovalStatus.APPROVED, until=self.panel.until))

    def reject(self) -> None:
        """Ask why, then reject."""
        request, states = self.request, self.panel.targets
        if request is not None and states:
            dialog = RejectDialog(self._place, self.window(), request, states)
            dialog.decided.connect(partial(self._decide, request, states))
            dialog.open()

    def ask(self) -> None:
        """Ask what is needed, then write to the client."""
        request = self.request
        if request is None:
            return
        states = self.panel.targets
        lacking = [one for one in request.countries if one.is_open and one.missing]
        dialog = AskDialog(self._place, self.window(), request, lacking or states or list(request.countries))
        countries = [one.country for one in lacking or states or request.countries]
        dialog.asked.connect(
            lambda wanted, note: self._run(ask_work(self._parts, request.stored.sender_id, countries, wanted, note))
        )
        dialog.open()

    def hand_over(self) -> None:
        """Ask when it went to the provider."""
        request = self.request
        states = [one for one in self.panel.targets if one.approval.status is ApprovalStatus.PENDING]
        if request is not None and states:
            dialog = HandOverDialog(self._place, self.window(), request, states)
            dialog.decided.connect(partial(self._decide, request, states))
            dialog.open()

    def mark_checked(self) -> None:
        """Mark the document that is looked at as checked, and show the next new one."""
        if not self.viewer.isVisible():
            # Only what is seen can be checked.
            self.viewer.set_wide(True)
            return
        document = self.viewer.current
        if document is not None and document.state in (DocumentState.NEW, DocumentState.REFUSED):
            self.papers.mark(document, DocumentState.CHECKED)

    def want(self, sender_id: int) -> None:
        """Choose a request as soon as it is in the list."""
        self._wanted = sender_id

    def _decide(self, request: Request, states: list[CountryState], decision: Decision) -> None:
        countries = [one.country for one in states]
        self.acted.emit(request.stored.sender_id)
        row = self.list.currentIndex().row()
        following = self.model.item(row + 1).sender_id if row + 1 < self.model.rowCount() else 0
        self._tasks.command(
            decide_work(self._parts, request.stored.sender_id, countries, decision), owner=self, on_error=self._warn,
            on_success=partial(self._go_on, following),
        )  # fmt: skip

    def _go_on(self, following: int, _decided: Decided) -> None:
        """Open the next request at once."""
        if following and self.model.row_of(following) >= 0:
            self.list.setCurrentIndex(self.model.index(self.model.row_of(following)))
        self.list.setFocus()

    def _run(self, work: object) -> None:
        self._tasks.command(work, owner=self, on_error=self._warn)  # type: ignore[arg-type]

    def _ask_end(self) -> None:
        today = self._parts.clock().astimezone().date()
        day = self.panel.until or today.replace(year=today.year + 1, day=min(today.day, 28))
        dialog = DayDialog(self._place, self.window(), tr("Until when is it approved?"), "", tr("Set last day"), day)
        dialog.chosen.connect(lambda chosen: self.panel.show_until(chosen, is_other=True))
        dialog.open()

    def _show_request(self, asked: int, request: Request) -> None:
        if asked != self._asked:
            return
        self.panel.show_request(request)
        self.viewer.show_request(request)

    def _fit(self) -> None:
        there, narrow, wide = self.current is not None, self.is_narrow, self.viewer.is_wide
        self.panel.documents_button.setVisible(narrow)
        self.panel.setVisible(there and not wide)
        self.viewer.setVisible(there and (wide or not narrow))
        self._line.setVisible(there and not wide and not narrow)

    def _show_document(self, document_id: int) -> None:
        if self.is_narrow:
            self.viewer.set_wide(True)
        self.viewer.show_document(document_id)

    def _filter(self) -> None:
        before = self.current
        self.model.set_filter(self.side.chip, self.find_field.text())
        row = self.model.row_of(before.sender_id) if before is not None else -1
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(max(0, row)))
        self.follow()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(rule(upright=True))
        row.addWidget(self.panel, 1)
        self._line = rule(upright=True)
        row.addWidget(self._line)
        row.addWidget(self.viewer, 1)
        row.setStretchFactor(self.panel, 1)
        # Takes the room while there is no request to show.
        row.addStretch()

    def _connect(self) -> None:
        self.side.filtered.connect(self._filter)
        self.side.stepped.connect(self.step)
        self.list.selectionModel().currentChanged.connect(lambda now, _before: self.follow() if now.isValid() else None)
        self.list.ticked.connect(self.panel.tick)
        self.panel.approve_button.clicked.connect(self.approve)
        self.panel.reject_button.clicked.connect(self.reject)
        self.panel.ask_button.clicked.connect(self.ask)
        self.panel.document_wanted.connect(self._show_document)
        self.panel.day_wanted.connect(self._ask_end)
        self.panel.address_wanted.connect(lambda address: self._place.navigator.go(Address.parse(address)))
        self.viewer.widened.connect(lambda _wide: self._fit())
        self.panel.documents_button.clicked.connect(lambda: self.viewer.set_wide(True))

    def _warn(self, error: AppError) -> None:
        self._place.notices.warn(error.user_message)
