"""Compose: what is written is read, priced and saved while it is written; sending it is one reviewed step."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.domain.money import amount_of
from desktop_app.services.audiences import Source
from desktop_app.services.draft_contents import Writing, name_of
from desktop_app.views.commands import Menu
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.compose.checker import Checked, Checker, Wanted
from desktop_app.views.screens.compose.countries import default_countries, usual_country
from desktop_app.views.screens.compose.draft_keeper import State
from desktop_app.views.screens.compose.drafts_part import DraftsPart
from desktop_app.views.screens.compose.frame import ComposeFrame
from desktop_app.views.screens.compose.lists import ListAdder
from desktop_app.views.screens.compose.message_part import MessagePart
from desktop_app.views.screens.compose.problems import first_problem
from desktop_app.views.screens.compose.recipients_part import RecipientsPart
from desktop_app.views.screens.compose.sender_part import SenderPart
from desktop_app.views.screens.compose.sending_flow import SendingFlow
from desktop_app.views.screens.compose.shots import compose_shots
from desktop_app.views.screens.compose.zones import zoned_text
from desktop_app.views.widgets.notices import announce
from desktop_app.workers.runner import Topic

MEMORY: Final = "compose"
_RELEVANT: Final = frozenset(
    {Topic.CLIENTS, Topic.CREDITS, Topic.PRICES, Topic.SENDERS, Topic.PROVIDERS, Topic.SETTINGS}
)


class ComposeScreen(Screen):
    """The screen.

    Attributes:
        view: its widgets.
        checked: what the message comes to, None while that is not known.
        budget: micro-units that it may cost, None when all are sent to.
        send_at: when it leaves, None for at once.
        zone: the time zone of ``send_at``.
        reason: why it is sent, "" before somebody said.
    """

    name = "compose"
    icon = "send"

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Compose")

    def first_focus(self) -> QWidget:
        """See Screen."""
        return self.view.client if self.view.client.current is None else self.view.recipients.field

    def record_title(self, _record: str) -> str:
        """See Screen."""
        return name_of(self.writing(), self.recipients.lists)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._parts = place, place.parts
        self.country_name = country_names(place.parts.language)
        self.view = ComposeFrame(place.theme, default_countries(place.parts.language), self.country_name)
        self.checked: Checked | None = None
        self.budget: int | None = None
        self.send_at: datetime | None = None
        self.zone = self.reason = ""
        self.message = MessagePart(self.view, self, self.country_name)
        self.checker = Checker(place, lambda: self.message.shift_tables, self)
        self.senders = SenderPart(place, self.view, self)
        self.recipients = RecipientsPart(place, self.view, self.checker, self)
        self.drafts = DraftsPart(place, self.view, self._state, self._fill, self)
        self.adder = ListAdder(place, self, self)
        self.flow = SendingFlow(place, self, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setAcceptDrops(True)
        self._connect()
        self._add_commands()
        self._fill(Writing(country=usual_country(place.parts.personal.recall(MEMORY))), ())
        self._read()
        self.drafts.offer_last()

    def writing(self) -> Writing:
        """Return what stands in the fields."""
        return Writing(
            self.senders.client_name, self.senders.sender_id, self.recipients.typed, self.recipients.country, self.message.text,
            self.view.fallbacks.values, self.send_at, self.zone, self.reason,
        )  # fmt: skip

    def open_at(self, address: Address) -> None:
        """See Screen. The record is a draft's id; query: client, text and to (numbers) begin a new draft."""
        if address.record:
            self.drafts.open(address.record)
        elif address.query:
            query = address.query
            self.drafts.begin(
                Writing(
                    client=query.get("client", ""), text=query.get("text", ""), typed=query.get("to", ""),
                    country=self.recipients.country,
                )
            )  # fmt: skip
        self.checker.forget_opt_outs()
        self._read()

    def start_anew(self) -> None:
        """Save what is there and begin an empty draft."""
        self.drafts.begin(Writing(country=self.recipients.country))
        self._place.navigator.note(Address(self.name))
        self.view.client.setFocus()

    def start_after_send(self) -> None:
        """The draft became a batch: begin an empty one for the same client."""
        self.drafts.keeper.start(None, "", ())
        self._fill(Writing(client=self.senders.client_name, country=self.recipients.country), ())
        self.view.banner.hide()
        self.view.facts.setText(tr("New draft"))
        self._place.navigator.note(Address(self.name))

    def show_writing(self, writing: Writing, lists: Sequence[Source]) -> None:
        """Show a draft that is not saved anywhere."""
        self.drafts.dismiss_offer()
        self.drafts.keeper.start(None, "", ())
        self._fill(writing, lists)

    def undo(self) -> bool:
        """See Screen: the message goes one step back."""
        document = self.view.message.document()
        if not document.isUndoAvailable():
            return False
        self.view.message.undo()
        return True

    def redo(self) -> bool:
        """See Screen."""
        document = self.view.message.document()
        if not document.isRedoAvailable():
            return False
        self.view.message.redo()
        return True

    def language_changed(self) -> None:
        """See Screen."""
        self.country_name = country_names(self._parts.language)
        self.view.cost.country_name = self.country_name
        self.view.country.offer(default_countries(self._parts.language), self.recipients.country)
        self.view.recipients.field.say_again()
        self.view.message.say_again()
        self.view.recipients.show_lists(self.recipients.lists)
        self.view.invalid.show_entries(self.recipients.audience.invalid)
        self.senders.read()
        self.message.show_audience(self.recipients.audience)
        self.ask()

    def shots(self) -> tuple[Shot, ...]:
        """See Screen."""
        return compose_shots(self)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """See how credit and prices stand now."""
        super().showEvent(event)
        self.ask()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Keep what was written."""
        super().hideEvent(event)
        self.drafts.keeper.save()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Import the files that were dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.adder.import_file(Path(url.toLocalFile()))

    def ask(self) -> None:
        """Find out what the message comes to now."""
        client, audience = self.senders.client, self.recipients.audience
        self._show_send_button(None)
        missing = ""
        if client is None:
            missing = tr("Choose a client to see the cost.")
        elif not audience.numbers:
            missing = tr("Add recipients to see the cost.")
        elif not self.senders.sender_id:
            missing = tr("This client has no sender ID yet.")
        if client is None or missing:
            self.checked = None
            self.checker.drop()
            self.view.cost.show_nothing(missing)
            return
        fallbacks = self.view.fallbacks.values
        wanted = Wanted(client.name, self.senders.sender_id, self.message.text, fallbacks, audience, self.budget)
        self.checker.ask(wanted)

    def ask_again(self) -> None:
        """Price the message once more: something is not as it was."""
        self.checker.forget_opt_outs()
        self._read()

    def set_partial(self, on: bool) -> None:
        """Send to as many as the credit covers, or to all again."""
        composition = self.checked.composition if self.checked is not None else None
        self.budget = composition.sheet.available if on and composition is not None else None
        self.ask()

    def review(self) -> None:
        """Open the review, or go to what stands in its way."""
        problem = first_problem(self)
        if problem is None:
            self.show_footer("")
            self.flow.review()
        else:
            self.show_problem(*problem)

    def open_review(self) -> QWidget | None:
        """Open the review, whatever stands in its way, and return it."""
        self.flow.review()
        return self.flow.dialog

    def show_problem(self, text: str, widget: QWidget) -> None:
        """Say what stands in the way, and go where it can be mended."""
        self.show_footer(text, is_problem=True)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, text, is_urgent=True)

    def show_footer(self, text: str, *, is_problem: bool = False) -> None:
        """Say something beside the primary button; "" shows when the message leaves, if that is not at once."""
        is_scheduled = self.send_at is not None and not is_problem
        if self.send_at is not None and not is_problem:
            text = tr("Leaves {moment}", moment=zoned_text(self.send_at, self.zone))
        self.view.show_footer(text, is_problem=is_problem, is_scheduled=is_scheduled)

    def set_time(self, send_at: datetime | None, zone: str = "") -> None:
        """Let the messages leave at a time, None for at once."""
        self.send_at, self.zone = send_at, zone
        self.show_footer("")
        self._show_send_button(self.checked)
        self.drafts.keeper.note_change()

    def _state(self) -> State:
        return self.writing(), self.recipients.lists, len(self.recipients.audience.numbers)

    def _fill(self, writing: Writing, lists: Sequence[Source]) -> None:
        """Show a draft in the fields."""
        self.checked, self.budget = None, None
        self.send_at, self.zone, self.reason = writing.send_at, writing.zone, writing.reason
        self.senders.fill(writing.client, writing.sender)
        self.message.fill(writing.text, dict(writing.fallbacks))
        self.recipients.fill(lists, writing.typed, writing.country)
        self.show_footer("")

    def _read(self) -> None:
        """Read whom it can be sent for, and what the provider can do; the message is priced again then."""
        compositions = self._parts.compositions
        self.senders.read()
        self._place.tasks.query(
            lambda _job: compositions.limits(), owner=self, on_success=self.message.show_limits,
            on_error=lambda _error: None,
        )  # fmt: skip

    def _read_for(self, topics: frozenset[Topic]) -> None:
        if topics & _RELEVANT:
            self.ask_again()

    def _note_change(self) -> None:
        self.drafts.dismiss_offer()
        self.show_footer("")
        self.drafts.keeper.note_change()

    def _take_audience(self) -> None:
        self.message.show_audience(self.recipients.audience)
        self.ask()

    def _take_country(self) -> None:
        personal, country = self._parts.personal, self.recipients.country
        personal.remember(MEMORY, {**personal.recall(MEMORY), "country": country})
        self._note_change()
        self.recipients.read_all()

    def _take_client(self) -> None:
        self.budget = None
        self._note_change()

    def _go_on(self) -> None:
        """A client is chosen: the recipients come next."""
        if self.view.client.hasFocus():
            self.view.recipients.field.setFocus()

    def _show_checked(self, checked: Checked) -> None:
        self.checked = checked
        self.view.results.show_counts(self.recipients.audience, checked.opted_out)
        self.view.cost.show_checked(checked, is_partial=self.budget is not None)
        self.message.show_checked(checked)
        self._show_send_button(checked)

    def _show_send_button(self, checked: Checked | None) -> None:
        composition = checked.composition if checked is not None and checked.wanted.has_text else None
        count = composition.sheet.accepted if composition is not None else 0
        if self.send_at is not None:
            verb = tr("Review and schedule {count:,}", count=count) if count else tr("Review and schedule")
        else:
            verb = tr("Review and send to {count:,}", count=count) if count else tr("Review and send")
        self.view.send_button.setText(verb)
        self.view.send_button.updateGeometry()

    def _connect(self) -> None:
        view = self.view
        self._place.tasks.changed.connect(self._read_for)
        self.checker.checked.connect(self._show_checked)
        self.senders.known.connect(self.ask)
        self.senders.edited.connect(self._take_client)
        view.client.entered.connect(self._go_on)
        self.recipients.edited.connect(self._note_change)
        self.recipients.read.connect(self._take_audience)
        self.message.edited.connect(self._note_change)
        self.message.edited.connect(self.ask)
        for field in (view.recipients.field, view.message):
            field.left.connect(self.drafts.keeper.save)
        view.country.chosen.connect(self._take_country)
        view.recipients.field.pasted.connect(self.adder.add_block)
        view.recipients.field.dropped.connect(self.adder.import_file)
        view.recipients.import_button.clicked.connect(self.adder.choose_file)
        view.recipients.groups_button.clicked.connect(self.adder.choose_groups)
        view.cost.partial_wanted.connect(self.set_partial)
        view.cost.top_up_wanted.connect(self._top_up)
        view.cost.request_wanted.connect(self._request)
        view.test_button.clicked.connect(self.flow.test)
        view.schedule_button.clicked.connect(self.flow.schedule)
        view.now_button.clicked.connect(lambda: self.set_time(None))
        view.send_button.clicked.connect(self.review)

    def _add_commands(self) -> None:
        add = self._place.commands.add
        add("compose.new", tr("New message"), self.start_anew, keys="Ctrl+N", menu=Menu.FILE, icon="plus", scope=self,
            words=tr("compose draft send"))  # fmt: skip
        add("compose.review", tr("Review and send…"), self.review, keys="Ctrl+Return", icon="send", scope=self)
        add("compose.test", tr("Send test…"), self.flow.test, keys="Ctrl+T", icon="smartphone", scope=self)
        add("compose.replace", tr("Replace characters that force Unicode"), self.message.take_suggestion, keys="Ctrl+.",
            icon="wand-sparkles", scope=self)  # fmt: skip
        add(
            "compose.import", tr("Import recipients…"), self.adder.choose_file, keys="Ctrl+O", icon="upload", scope=self
        )
        add("compose.groups", tr("Add groups…"), self.adder.choose_groups, icon="users", scope=self)
        add("compose.schedule", tr("Schedule…"), self.flow.schedule, icon="calendar-clock", scope=self)
        add("compose.delete", tr("Delete this draft"), self._delete_draft, icon="trash-2", scope=self)

    def _delete_draft(self) -> None:
        self.drafts.delete(Writing(country=self.recipients.country))

    def _top_up(self) -> None:
        composition = self.checked.composition if self.checked is not None else None
        if composition is not None:
            short = max(0, composition.sheet.total - composition.sheet.available)
            self.drafts.keeper.save()
            query = {"top_up": str(amount_of(short))}
            self._place.navigator.go(Address("clients", self.senders.client_name, query))

    def _request(self, country: str) -> None:
        self.drafts.keeper.save()
        query = {"client": self.senders.client_name, "sender": self.senders.sender_id, "country": country}
        self._place.navigator.go(Address("senders", query=query))
