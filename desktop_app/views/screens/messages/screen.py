"""Messages: find a message or a job, see what became of it, act."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.domain.message_lists import MessageLine
from desktop_app.domain.messages import MessageStatus
from desktop_app.views.commands import Menu
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.messages.actions import MessageActions
from desktop_app.views.screens.messages.drafts_page import DraftsPage
from desktop_app.views.screens.messages.jobs_page import JobsPage
from desktop_app.views.screens.messages.list_page import ListPage
from desktop_app.views.screens.messages.scheduled_page import ScheduledPage
from desktop_app.views.screens.messages.sending_bar import SendingBar
from desktop_app.views.screens.messages.shots import message_shots
from desktop_app.views.screens.messages.tabs import Tab
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inputs import Segments
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Topic

_RECORD: Final = (
    "messages.check", "messages.again", "messages.decide", "messages.copy_id", "messages.copy_number", "messages.opt_out",
)  # fmt: skip
_JOB: Final = ("messages.pause", "messages.resume", "messages.stop", "messages.again_failed", "messages.of_job")
_Part = ListPage | JobsPage | ScheduledPage | DraftsPage
_FILTERS: Final = frozenset({"status", "q", "client", "country", "provider", "days", "batch"})


class MessagesScreen(Screen):
    """The screen."""

    name = "messages"
    icon = "message-square-more"

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Messages")

    def first_focus(self) -> QWidget:
        """See Screen."""
        return self.page.filters.field if self.tab is Tab.MESSAGES else self._tables[self.tab]

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.page, self.jobs = ListPage(place), JobsPage(place)
        self.scheduled, self.drafts = ScheduledPage(place), DraftsPage(place)
        self._parts: dict[Tab, _Part] = {
            Tab.MESSAGES: self.page, Tab.JOBS: self.jobs, Tab.SCHEDULED: self.scheduled, Tab.DRAFTS: self.drafts,
        }  # fmt: skip
        self._tables = {
            Tab.MESSAGES: self.page.table, Tab.JOBS: self.jobs.table, Tab.SCHEDULED: self.scheduled.table,
            Tab.DRAFTS: self.drafts.table,
        }  # fmt: skip
        self._facts: dict[Tab, str] = dict.fromkeys(Tab, "")
        self.actions_of_messages = MessageActions(place, self.page)
        self.sending = SendingBar(place)
        self._build()
        self._connect()
        self._add_commands()
        self.page.offer_filters()
        self.page.reload()
        self._show_tab(Tab.MESSAGES)
        self._follow_message(None)

    @property
    def tab(self) -> Tab:
        """The part that is shown."""
        return self.tabs.value

    def open_at(self, address: Address) -> None:
        """See Screen. The record is a message's id; query: tab, job (its id), or what filters the list (``_FILTERS``)."""
        query = address.query
        if address.record.isascii() and address.record.isdigit() and len(address.record) < 15:
            self._show_tab(Tab.MESSAGES)
            self.page.filters.show_query({"q": f"#{address.record}"})
            self.page.show_message(int(address.record))
            return
        job = query.get("job", "")
        if job.isascii() and job.isdigit() and len(job) < 15:
            self._show_tab(Tab.JOBS)
            self.jobs.show_job(int(job))
            return
        tab = query.get("tab", "")
        if tab in {one.value for one in Tab}:
            self._show_tab(Tab(tab))
        if _FILTERS & query.keys():
            self._show_tab(Tab.MESSAGES)
            self._show_filters(query)

    def record_title(self, record: str) -> str:
        """See Screen."""
        return f"#{record}"

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc brings everything back; the rest as usual."""
        if event.key() == Qt.Key.Key_Escape and self.tab is Tab.MESSAGES and self.page.filters.is_narrow:
            self.page.filters.clear()
            return
        super().keyPressEvent(event)

    def language_changed(self) -> None:
        """See Screen."""
        self.page.offer_filters()
        self.refresh()

    def shots(self) -> tuple[Shot, ...]:
        """See Screen."""
        return message_shots(self.page, self.jobs, self.actions_of_messages, self.show_tab)

    def refresh(self) -> None:
        """Read again what is shown."""
        self._parts[self.tab].reload()

    def show_tab(self, tab: Tab) -> None:
        """Show a part, and remember it as the place where the person is."""
        self._show_tab(tab)
        self._note()

    def _show_filters(self, query: Mapping[str, str]) -> None:
        self.page.filters.show_query(query)
        self.page.reload()

    def _build(self) -> None:
        self.facts = label("", "facts")
        self.tabs = Segments(
            ((Tab.MESSAGES, tr("Messages")), (Tab.JOBS, tr("Jobs")), (Tab.SCHEDULED, tr("Scheduled")),
             (Tab.DRAFTS, tr("Drafts")))
        )  # fmt: skip
        self.tabs.name(tr("Part"))
        self.inspector_button = QPushButton(tr("Details"))
        self.inspector_button.setToolTip(tr("Ctrl+I"))
        self.export_button = KeyButton(self._place.theme, tr("Export"), "Ctrl+E", image="download")
        self.compose_button = QPushButton(tr("Compose"))
        self.compose_button.setProperty("look", "primary")
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label(tr("Messages"), "title"))
        texts.addWidget(self.facts)
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        for part in (self.tabs, self.inspector_button, self.export_button, self.compose_button):
            row.addWidget(part)
        self._body = QStackedWidget()
        for page in self._parts.values():
            self._body.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 16, 1, 1)
        column.setSpacing(12)
        column.addLayout(row)
        column.addWidget(self.sending)
        column.addWidget(self._body, 1)

    def _connect(self) -> None:
        page, actions = self.page, self.actions_of_messages
        self.tabs.chosen.connect(lambda: self.show_tab(self.tabs.value))
        self.inspector_button.clicked.connect(self._toggle_panel)
        self.export_button.clicked.connect(actions.export)
        self.compose_button.clicked.connect(lambda: self._place.navigator.go("compose"))
        for tab, part in self._parts.items():
            part.counted.connect(partial(self._count, tab))
        page.current_changed.connect(self._follow_message)
        page.filters.changed.connect(self._note)
        page.look_up_wanted.connect(actions.look_up)
        page.doubtful.connect(lambda count: self.badge_changed.emit(count, "warning"))
        page.panel.job_wanted.connect(lambda batch: self._place.navigator.go(f"messages?job={batch}"))
        for button, run in (
            (page.panel.check_button, actions.check_now), (page.panel.again_button, actions.send_again),
            (page.panel.decide_button, actions.ask_to_decide),
        ):  # fmt: skip
            button.clicked.connect(run)
        page.table.customContextMenuRequested.connect(lambda at: self._open_menu(self.page.table, _RECORD, at))
        self.jobs.table.customContextMenuRequested.connect(lambda at: self._open_menu(self.jobs.table, _JOB, at))
        self._place.tasks.changed.connect(self._follow_change)

    def _add_commands(self) -> None:
        add, actions, menu = self._place.commands.add, self.actions_of_messages, Menu.MESSAGES
        add("messages.refresh", tr("Refresh messages"), self.refresh, keys="F5", scope=self, icon="refresh-cw")
        add("messages.find", tr("Search messages"), self._find, keys="Ctrl+F", scope=self, menu=menu, icon="search")
        add("messages.clear", tr("Clear the filters of messages"), self.page.filters.clear)
        add(
            "messages.export",
            tr("Export messages…"),
            actions.export,
            keys="Ctrl+E",
            scope=self,
            menu=menu,
            icon="download",
        )
        add("messages.details", tr("Details of messages"), self._toggle_panel, keys="Ctrl+I", scope=self)
        add("messages.look_up", tr("Look up unknown outcomes"), actions.look_up, menu=menu, icon="circle-help")
        for tab, text in (
            (Tab.JOBS, tr("Show jobs")), (Tab.SCHEDULED, tr("Show scheduled jobs")), (Tab.DRAFTS, tr("Show drafts")),
        ):  # fmt: skip
            add(
                f"messages.{tab.value}",
                text,
                partial(self._place.navigator.go, f"messages?tab={tab.value}"),
                menu=menu,
            )
        table, jobs = self.page.table, self.jobs
        add("messages.check", tr("Check status now"), actions.check_now, scope=table, icon="refresh-cw")
        add("messages.again", tr("Send again"), actions.send_again, scope=table, icon="rotate-ccw")
        add("messages.decide", tr("Decide the outcome…"), actions.ask_to_decide, scope=table, icon="circle-help")
        add("messages.copy_id", tr("Copy ID"), actions.copy_ids, scope=table, icon="copy")
        add("messages.copy_number", tr("Copy number"), actions.copy_numbers, scope=table, icon="copy")
        add("messages.opt_out", tr("Add to opt-outs"), actions.opt_out, scope=table, icon="circle-slash")
        add("messages.pause", tr("Pause job"), jobs.pause, scope=jobs.table, icon="pause")
        add("messages.resume", tr("Resume job"), jobs.resume, scope=jobs.table, icon="play")
        add("messages.stop", tr("Stop job…"), jobs.ask_to_stop, scope=jobs.table, icon="circle-off")
        add("messages.again_failed", tr("Send again to failed"), jobs.send_again, scope=jobs.table, icon="rotate-ccw")
        add(
            "messages.of_job", tr("Show messages of this job"), jobs.show_messages, scope=jobs.table, icon="arrow-right"
        )

    def _show_tab(self, tab: Tab) -> None:
        self.tabs.show_value(tab)
        self._body.setCurrentWidget(self._parts[tab])
        self.export_button.setVisible(tab is Tab.MESSAGES)
        self.inspector_button.setVisible(tab in (Tab.MESSAGES, Tab.JOBS))
        self._say_facts()

    def _note(self) -> None:
        query = dict(self.page.filters.query) if self.tab is Tab.MESSAGES else {"tab": self.tab.value}
        self._place.navigator.note(Address(self.name, query=query))

    def _count(self, tab: Tab, text: str) -> None:
        self._facts[tab] = text
        self._say_facts()

    def _say_facts(self) -> None:
        self.facts.setText(self._facts[self.tab])
        self.counted.emit(self._facts[self.tab])

    def _toggle_panel(self) -> None:
        (self.jobs if self.tab is Tab.JOBS else self.page).toggle_panel()

    def _find(self) -> None:
        self._show_tab(Tab.MESSAGES)
        self.page.filters.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.page.filters.field.selectAll()

    def _follow_message(self, line: MessageLine | None) -> None:
        for name in _RECORD:
            self._place.commands.action(name).setEnabled(line is not None)
        unknown = line is not None and line.status is MessageStatus.UNKNOWN
        self._place.commands.action("messages.decide").setEnabled(unknown)

    def _follow_change(self, topics: frozenset[Topic]) -> None:
        if topics & {Topic.MESSAGES, Topic.CLIENTS, Topic.PROVIDERS}:
            self.page.offer_filters()
        if Topic.MESSAGES in topics:
            self.refresh()

    def _open_menu(self, table: QWidget, names: Sequence[str], at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in names:
            menu.addAction(self._place.commands.action(name))
        menu.popup(table.mapToGlobal(at))
