"""Sender IDs: the queue of requests, how every sender ID stands in every country, and what each country asks for."""

from enum import StrEnum
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError, StorageUnavailable
from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.services.sender_decisions import GRACES
from desktop_app.services.sender_reviews import QueueItem
from desktop_app.views.commands import Offer
from desktop_app.views.formats import DAY, HOUR, MINUTE
from desktop_app.views.models.sender_queue import Chip
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.senders.commands import Doing, add_commands
from desktop_app.views.screens.senders.matrix_page import MatrixPage
from desktop_app.views.screens.senders.new_request import NewRequestDialog
from desktop_app.views.screens.senders.queue_page import QueuePage
from desktop_app.views.screens.senders.rules_page import RulesPage
from desktop_app.views.screens.senders.shots import ShotGround, sender_shots
from desktop_app.views.screens.senders.watch import SenderWatch
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inputs import Segments
from desktop_app.views.widgets.notices import Banner, Placeholder, Skeleton, label
from desktop_app.views.widgets.pills import rule
from desktop_app.workers.runner import Outcome, Topic

SKELETON_MILLISECONDS: Final = 300
CHANGED: Final = frozenset({Topic.SENDERS, Topic.CLIENTS})


class Tab(StrEnum):
    """The parts of the screen."""

    QUEUE = "queue"
    MATRIX = "matrix"
    RULES = "rules"


class SendersScreen(Screen):
    """The screen."""

    name = "senders"
    icon = "badge-check"

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Sender IDs")

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._tasks = place, place.tasks
        self._is_loaded, self._grace = False, GRACES[0]
        self.queue, self.matrix, self.rules = QueuePage(place), MatrixPage(place), RulesPage(place)
        self.tabs = Segments(
            ((Tab.QUEUE, tr("Queue")), (Tab.MATRIX, tr("Status matrix")), (Tab.RULES, tr("Country rules")))
        )
        self.new_button = KeyButton(place.theme, tr("New request"), "Ctrl+N", image="plus")
        self.facts, self.banner, self.placeholder = ElidedLabel("facts"), Banner(place.theme), Placeholder(place.theme)
        self.watch = SenderWatch(place, self)
        self._pages = QStackedWidget()
        for page in (QWidget(), Skeleton(place.theme), self.placeholder, self.queue, self.matrix, self.rules):
            self._pages.addWidget(page)
        self._build()
        self._connect()
        doing = Doing(
            self.request_new, self.focus_search, self.reload, self.matrix.export, self.copy_link, self.show_in_activity
        )
        add_commands(place.commands, self, self.queue, doing)
        place.commands.offer(self._offers)
        QTimer.singleShot(SKELETON_MILLISECONDS, self, self._show_skeleton)
        self.reload()

    @property
    def place(self) -> Workplace:
        """What the screen works with."""
        return self._place

    def first_focus(self) -> QWidget:
        """See Screen."""
        return {Tab.QUEUE: self.queue.list, Tab.MATRIX: self.matrix.table, Tab.RULES: self.rules.table}[self.tab]

    @property
    def tab(self) -> Tab:
        """The part that is shown."""
        return self.tabs.value

    def open_at(self, address: Address) -> None:
        """See Screen. The record is a request's number; query: client, sender, country (a new request), tab, filter, find."""
        query = address.query
        tab = query.get("tab", "")
        if tab in set(Tab):
            self.show_tab(Tab(tab))
        if address.record.isascii() and address.record.isdigit() and len(address.record) < 12:
            self.show_tab(Tab.QUEUE)
            self.queue.open_request(int(address.record))
        if query.get("filter", "") in set(Chip):
            self.show_tab(Tab.QUEUE)
            self.queue.show_chip(Chip(query["filter"]))
        if query.get("find"):
            self.show_tab(Tab.QUEUE)
            self.queue.find_field.setText(query["find"])
        if "client" in query or "sender" in query:
            countries = [iso for iso in query.get("country", "").upper().split(",") if len(iso) == 2]
            # Coming back here later is no wish for another form.
            self._place.navigator.note(Address(self.name))
            self.request_new(query.get("client", ""), query.get("sender", ""), countries)
        elif query.get("country") and self.tab is Tab.RULES:
            self.rules.select(query["country"].upper())

    def record_title(self, record: str) -> str:
        """See Screen."""
        item = self.queue.model.find(int(record)) if record.isascii() and record.isdigit() else None
        return item.sender if item is not None else ""

    def language_changed(self) -> None:
        """See Screen."""
        self.reload()
        self.matrix.reload()
        self.rules.reload()

    def shots(self) -> tuple[Shot, ...]:
        """See Screen."""
        ground = ShotGround(
            self, self.queue, self.matrix, self.rules, lambda tab: self.show_tab(Tab(tab)), lambda: self._is_loaded,
            self.request_new, lambda: self._show_load_error(StorageUnavailable(tr("The database is locked by another program."))),
            lambda: self._show_items(([], GRACES[0])), self.reload, partial(self._pages.setCurrentIndex, 1), self._choose_page,
            lambda: self._place.tasks.is_busy,
        )  # fmt: skip
        return sender_shots(ground)

    def show_tab(self, tab: Tab) -> None:
        """Show a part of the screen."""
        self.tabs.show_value(tab)
        self._choose_page()
        if tab is Tab.MATRIX:
            self.matrix.reload()
        elif tab is Tab.RULES:
            self.rules.reload()

    def reload(self) -> None:
        """Read the queue again; what is on screen stays until it is there."""
        parts = self._place.parts

        def read(_job: Job) -> tuple[list[QueueItem], int]:
            return parts.sender_reviews.queue(), parts.sender_decisions.grace_seconds()

        self._tasks.query(read, owner=self, on_success=self._show_items, on_error=self._show_load_error)

    def request_new(self, client: str = "", sender: str = "", countries: list[str] | None = None) -> None:
        """Open the form of a new request, filled in."""
        dialog = NewRequestDialog(self._place, self.window(), client, sender, countries or [])
        dialog.requested.connect(self._go_to_new)
        dialog.open()

    def focus_search(self) -> None:
        """Type into the search of the part that is shown."""
        fields = {
            Tab.QUEUE: self.queue.find_field, Tab.MATRIX: self.matrix.find_field, Tab.RULES: self.rules.find_field
        }  # fmt: skip
        fields[self.tab].setFocus()

    def copy_link(self) -> None:
        """Put the address of the request on the clipboard."""
        item = self.queue.current
        if item is not None:
            QGuiApplication.clipboard().setText(Address(self.name, str(item.sender_id)).text)
            self._place.notices.say(tr("Link copied"))

    def show_in_activity(self) -> None:
        """Go to everything that was done with the request."""
        item = self.queue.current
        if item is not None:
            self._place.navigator.go(Address("activity", query={"object": f"{item.client}: {item.sender}"}))

    def menu(self) -> QMenu:
        """Return the menu of a request's actions."""
        menu = QMenu(self)
        actions = self._place.commands.action
        for name in ("approve", "reject", "ask", "hand_over"):
            menu.addAction(actions(f"senders.{name}"))
        menu.addSeparator()
        for name in ("add_documents", "copy_link", "log"):
            menu.addAction(actions(f"senders.{name}"))
        menu.addSeparator()
        grace = menu.addMenu(tr("Tell the client after"))
        for seconds in GRACES:
            action = QAction(tr("{count} seconds", count=seconds), grace)
            action.setCheckable(True)
            action.setChecked(seconds == self._grace)
            action.triggered.connect(partial(self._set_grace, seconds))
            grace.addAction(action)
        return menu

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 16, 1, 1)
        column.setSpacing(0)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label(tr("Sender IDs"), "title"))
        texts.addWidget(self.facts)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.setSpacing(8)
        head.addLayout(texts, 1)
        self.tabs.name(tr("Part"))
        self.tabs.show_value(Tab.QUEUE)
        head.addWidget(self.tabs)
        head.addWidget(self.new_button)
        column.addLayout(head)
        column.addSpacing(14)
        notice = QHBoxLayout()
        notice.setContentsMargins(20, 0, 20, 0)
        notice.addWidget(self.banner)
        column.addLayout(notice)
        column.addWidget(rule())
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self._tasks.changed.connect(self._reload_for)
        self.tabs.chosen.connect(lambda: self.show_tab(self.tab))
        self.new_button.clicked.connect(lambda: self.request_new())
        self.placeholder.action.clicked.connect(lambda: self.request_new())
        self.banner.retry.clicked.connect(self.reload)
        self.queue.followed.connect(self._note_request)
        self.queue.acted.connect(self.watch.own.add)
        self.queue.panel.more.clicked.connect(lambda: self.queue.panel.open_menu(self.menu()))
        self.queue.list.customContextMenuRequested.connect(
            lambda place: self.menu().popup(self.queue.list.viewport().mapToGlobal(place))
        )
        self.matrix.open_wanted.connect(self._open_cell)

    def _offers(self, _text: str) -> list[Offer]:
        """Return the sender IDs for the palette."""
        return [
            Offer(item.sender, f"{tr('Sender ID')}, {item.client}", f"senders/{item.sender_id}", self.icon, item.client)
            for item in self.queue.model.items
        ]

    def _reload_for(self, topics: frozenset[Topic]) -> None:
        if topics & CHANGED:
            self.reload()
            for page, tab in ((self.matrix, Tab.MATRIX), (self.rules, Tab.RULES)):
                if self.tab is tab:
                    page.reload()

    def _show_items(self, found: tuple[list[QueueItem], int]) -> None:
        items, self._grace = found
        self._is_loaded = True
        self.banner.hide()
        self.watch.compare(items)
        self.queue.show_items(items)
        waiting = [item for item in items if item.is_waiting]
        self.facts.setText(self._facts(waiting))
        self.badge_changed.emit(len(waiting), "accent")
        self._choose_page()
        self._say_place()

    def _facts(self, waiting: list[QueueItem]) -> str:
        if not waiting:
            return tr("No request waits · target 1 working day")
        now = self._place.parts.clock()
        seconds = int((now - min(item.asked_at for item in waiting)).total_seconds())
        days, hours, minutes = seconds // DAY, seconds // HOUR, max(1, seconds // MINUTE)
        oldest = trn("{count} day", "{count} days", days) if days > 1 else trn("{count} hour", "{count} hours", hours)
        oldest = oldest if hours else trn("{count} minute", "{count} minutes", minutes)
        late = sum(item.due_at is not None and item.due_at < now for item in waiting)
        parts = [trn("{count} request waits for a decision", "{count} requests wait for a decision", len(waiting)),
                 tr("oldest {age}", age=oldest), tr("target 1 working day")]  # fmt: skip
        parts += [trn("{count} over it", "{count} over it", late)] if late else []
        return " · ".join(parts)

    def _choose_page(self) -> None:
        if not self._is_loaded:
            return
        if self.tab is Tab.QUEUE and not self.queue.model.items:
            self.placeholder.show_text(
                "badge-check", tr("No request yet"),
                tr("Requests for sender IDs come from clients, or you make one on behalf of a client."), tr("New request"),
            )  # fmt: skip
            self._pages.setCurrentWidget(self.placeholder)
            return
        pages = {Tab.QUEUE: self.queue, Tab.MATRIX: self.matrix, Tab.RULES: self.rules}
        self._pages.setCurrentWidget(pages[self.tab])

    def _note_request(self, sender_id: int) -> None:
        here = self._place.navigator.here
        if sender_id and here is not None and here.screen == self.name and self.tab is Tab.QUEUE:
            self._place.navigator.note(Address(self.name, str(sender_id)))
        self._say_place()

    def _say_place(self) -> None:
        count = self.queue.model.rowCount()
        row = self.queue.list.currentIndex().row()
        text = tr("Request {number} of {count}", number=row + 1, count=count) if row >= 0 and count else ""
        self.counted.emit(text)

    def _open_cell(self, sender_id: int) -> None:
        self.show_tab(Tab.QUEUE)
        self.queue.open_request(sender_id)
        self.queue.list.setFocus()

    def _go_to_new(self, sender_id: int) -> None:
        self.watch.own.add(sender_id)
        self.show_tab(Tab.QUEUE)
        self.queue.open_request(sender_id)
        self.queue.want(sender_id)

    def _set_grace(self, seconds: int, _checked: bool = False) -> None:
        decisions, actor = self._place.parts.sender_decisions, self._place.parts.actor

        def work(_job: Job) -> Outcome[int]:
            before = decisions.set_grace_seconds(seconds, actor=actor)
            return Outcome(before, frozenset({Topic.SENDERS}))

        self._tasks.command(work, owner=self)

    def _show_skeleton(self) -> None:
        if not self._is_loaded and self._pages.currentIndex() == 0:
            self._pages.setCurrentIndex(1)

    def _show_load_error(self, error: AppError) -> None:
        self.banner.show_error(tr("The requests could not be read"), error.user_message, can_retry=True)
