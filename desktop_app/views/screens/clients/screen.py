"""Clients & credits: who buys, what each has, and everything that changes it."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.client_ledger import Explanation, LedgerLine
from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.services.client_accounts import ClientPage, ClientState, ClientSummary
from desktop_app.services.client_imports import ClientSheetHead
from desktop_app.services.job import Job
from desktop_app.services.statements import Month, StatementFile, StatementFormat
from desktop_app.views.client_acts import archive_work, pause_work, restore_work
from desktop_app.views.dialogs.adjust import AdjustDialog, CorrectDialog
from desktop_app.views.dialogs.explain import ExplainDialog
from desktop_app.views.dialogs.import_clients import ImportClientsDialog
from desktop_app.views.dialogs.money_dialog import Booked
from desktop_app.views.dialogs.new_client import NewClientDialog
from desktop_app.views.dialogs.statement import StatementDialog
from desktop_app.views.dialogs.top_up import TopUpDialog
from desktop_app.views.models.client_list import ClientChip, ClientOrder, total_text
from desktop_app.views.models.credit_texts import credit_text
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.clients.commands import add_commands, client_menu
from desktop_app.views.screens.clients.page import ClientPanel, Tab
from desktop_app.views.screens.clients.shots import client_shots
from desktop_app.views.screens.clients.sidebar_list import ClientSide
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inset import Inset
from desktop_app.views.widgets.notices import Banner, Placeholder, Skeleton, label
from desktop_app.views.widgets.pills import rule
from desktop_app.workers.runner import Lane, Outcome, Topic

SKELETON_MILLISECONDS: Final = 300
# What is sent in another process changes the credit too.
LOOK_MILLISECONDS: Final = 60_000
CHANGED: Final = frozenset({Topic.CLIENTS, Topic.CREDITS, Topic.PRICES})


class ClientsScreen(Screen):
    """The screen: the list at the left, one client at the right."""

    name = "clients"
    icon = "wallet"

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Clients & credits")

    def first_focus(self) -> QWidget:
        """See Screen."""
        return self.side.list

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._tasks = place, place.tasks
        self._is_loaded, self._wanted, self._query = False, "", 0
        self._top_up_amount = ""
        self.side, self.panel = ClientSide(place.theme), ClientPanel(place)
        self.banner, self.placeholder = Banner(place.theme), Placeholder(place.theme)
        self._pages, self._body = QStackedWidget(), QWidget()
        for page in (QWidget(), Skeleton(place.theme), self.placeholder, self._body):
            self._pages.addWidget(page)
        self._build()
        self._connect()
        add_commands(self, self, place)
        QTimer.singleShot(SKELETON_MILLISECONDS, self, self._show_skeleton)
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self.reload()

    # Getting here

    def open_at(self, address: Address) -> None:
        """See Screen. The record is a client's name; query: filter, sort, tab, entry, top_up (an amount), add=1."""
        query = address.query
        chip, order, tab = query.get("filter", ""), query.get("sort", ""), query.get("tab", "")
        if chip in set(ClientChip) or order in set(ClientOrder):
            self.side.field.clear()
            self.side.show_chip(
                ClientChip(chip) if chip in set(ClientChip) else ClientChip.ALL,
                ClientOrder(order) if order in set(ClientOrder) else None,
            )
            self.side.show_counts()
            self.side.list.setCurrentIndex(self.side.model.index(0, 0))
        if address.record:
            self._wanted = address.record
            self._top_up_amount = query.get("top_up", "")
            self._select_wanted()
        if tab in set(Tab):
            self.panel.show_tab(Tab(tab))
        entry = query.get("entry", "")
        if entry.isascii() and entry.isdigit() and len(entry) < 18:
            self.panel.show_tab(Tab.LEDGER)
            self.panel.ledger.show_entry(int(entry))
        if query.get("add"):
            self.add_client()

    def record_title(self, record: str) -> str:
        """See Screen."""
        return record

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc clears the search; the rest as usual."""
        if event.key() == Qt.Key.Key_Escape and self.side.field.text():
            self.side.field.clear()
            return
        super().keyPressEvent(event)

    def language_changed(self) -> None:
        """See Screen."""
        self.side.show_counts()
        self.reload()

    def shots(self) -> tuple[Shot, ...]:
        """See Screen."""
        return client_shots(self, self, self._place)

    # Reading

    @property
    def is_ready(self) -> bool:
        """Whether list and client are there."""
        return self._is_loaded and (self.current is None or self.panel.page is not None)

    @property
    def current(self) -> ClientSummary | None:
        """The client that is chosen in the list."""
        return self.side.current

    @property
    def page(self) -> ClientPage | None:
        """The client that is shown, once it was read."""
        page, current = self.panel.page, self.current
        return page if page is not None and current is not None and page.summary.name == current.name else None

    def reload(self) -> None:
        """Read the clients again; those on screen stay until they are there."""
        accounts = self._place.parts.client_accounts
        self._tasks.query(
            lambda _job: accounts.list_clients(),
            owner=self,
            on_success=self._show_clients,
            on_error=self._show_load_error,
        )
        self._tasks.query(
            lambda _job: accounts.volumes(), owner=self, on_success=self.side.model.show_volumes,
            on_error=self._show_load_error,
        )  # fmt: skip

    def read_page(self) -> None:
        """Read the chosen client."""
        current = self.current
        if current is None:
            return
        self._query += 1
        accounts, name = self._place.parts.client_accounts, current.name
        self._tasks.query(
            lambda _job: accounts.page(name), owner=self, on_success=partial(self._show_page, self._query),
            on_error=self._show_load_error,
        )  # fmt: skip

    # Money

    def top_up(self) -> None:
        """Ask for a top-up of the chosen client."""
        page = self.page
        if page is None:
            return
        dialog = TopUpDialog(self._place, self.window(), page)
        dialog.booked.connect(partial(self._say_booked, page.summary.name, tr("topped up")))
        if self._top_up_amount:
            dialog.amount.line.setText(self._top_up_amount)
            self._top_up_amount = ""
            dialog.amount.line.selectAll()
        dialog.open()

    def adjust(self) -> None:
        """Ask for an adjustment of the chosen client."""
        page = self.page
        if page is not None:
            dialog = AdjustDialog(self._place, self.window(), page.summary)
            dialog.booked.connect(partial(self._say_booked, page.summary.name, tr("adjusted")))
            dialog.open()

    def correct(self, line: LedgerLine) -> None:
        """Ask what a wrong entry should have been."""
        page = self.page
        if page is not None:
            dialog = CorrectDialog(self._place, self.window(), page.summary, line)
            dialog.booked.connect(partial(self._say_booked, page.summary.name, tr("corrected")))
            dialog.open()

    def statement(self) -> None:
        """Ask for a month."""
        page = self.page
        if page is None:
            return
        client, statements = page.summary.client, self._place.parts.statements

        def show(months: list[Month]) -> None:
            start = partial(self.write_statement, client.name)
            StatementDialog(self._place, self.window(), client.name, client.language, months, start).open()

        self._tasks.query(lambda _job: statements.months(client.name), owner=self, on_success=show)

    def write_statement(
        self, name: str, path: Path, month: Month, kind: StatementFormat, language: str, replace: bool
    ) -> None:
        """Write a statement as a job."""
        parts = self._place.parts

        def work(job: Job) -> Outcome[StatementFile]:
            written = parts.statements.write(
                path, name, month, kind, language=language, actor=parts.actor, job=job, replace=replace
            )
            return Outcome(written)

        self._place.jobs.start(
            tr("Statement for {name}", name=name), work, owner=self, icon="file-text", message=lambda one: one.path.name,
            on_success=lambda one: self._place.notices.say(tr("Statement written: {file}", file=one.path.name)),
        )  # fmt: skip

    def explain(self) -> None:
        """Show why the credit is what it is."""
        page = self.page
        if page is None:
            return
        accounts, name = self._place.parts.client_accounts, page.summary.name

        def show(why: Explanation) -> None:
            ExplainDialog(self._place, self.window(), name, why).open()

        # The audit reads the whole books: not in the lane that every screen waits for.
        self._tasks.query(lambda _job: accounts.explain(name), owner=self, on_success=show, lane=Lane.NETWORK)

    # Clients

    def add_client(self) -> None:
        """Ask for a new client."""
        parts = self._place.parts

        def show(currency: str) -> None:
            dialog = NewClientDialog(self._place, self.window(), currency)
            dialog.added.connect(lambda name: self._place.navigator.go(Address(self.name, name)))
            dialog.open()

        self._tasks.query(lambda _job: parts.preferences.read().currency, owner=self, on_success=show)

    def import_clients(self) -> None:
        """Ask for a file with clients."""
        dialog = QFileDialog(self, tr("Import clients"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilter(tr("Tables (*.csv *.xlsx)"))
        dialog.fileSelected.connect(lambda path: self.import_file(Path(path)))
        dialog.open()

    def import_file(self, path: Path) -> None:
        """Show what a file would do."""
        imports = self._place.parts.client_imports

        def show(head: ClientSheetHead) -> None:
            ImportClientsDialog(self._place, self.window(), path, head).open()

        self._tasks.query(
            lambda _job: imports.open_sheet(path), owner=self, on_success=show, on_error=self._show_refusal
        )  # fmt: skip

    def compose(self) -> None:
        """Write to the contacts of the chosen client."""
        current = self.current
        if current is not None:
            self._place.navigator.go(Address("compose", query={"client": current.name}))

    def pause_or_resume(self) -> None:
        """Stop sending for the chosen client, or allow it again."""
        current = self.current
        if current is not None and current.state is not ClientState.ARCHIVED:
            parts = self._place.parts
            work = pause_work(parts.clients, current.name, parts.actor, paused=not current.client.paused)
            self._tasks.command(work, owner=self, on_error=self._show_refusal)

    def archive_or_restore(self) -> None:
        """Put the chosen client away, or bring it back."""
        current, parts = self.current, self._place.parts
        if current is None:
            return
        if current.state is ClientState.ARCHIVED:
            work = restore_work(parts.client_terms, current.name, parts.actor, paused=False)
        else:
            work = archive_work(parts.client_terms, current.name, parts.actor)
        self._tasks.command(work, owner=self, on_error=self._show_refusal)

    def copy_link(self) -> None:
        """Put the address of the chosen client on the clipboard."""
        if (current := self.current) is not None:
            QGuiApplication.clipboard().setText(Address(self.name, current.name).text)
            self._place.notices.say(tr("Link copied"))

    # Inside

    def _build(self) -> None:
        self.facts = label(tr("Who you sell to"), "facts")
        self.import_button = KeyButton(self._place.theme, tr("Import"), image="upload")
        self.add_button = KeyButton(self._place.theme, tr("New client"), "Ctrl+N", image="plus")
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label(tr("Clients & credits"), "title"))
        texts.addWidget(self.facts)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 14)
        head.setSpacing(8)
        head.addLayout(texts, 1)
        head.addWidget(self.import_button)
        head.addWidget(self.add_button)
        self.sides = QStackedWidget()
        self.nobody = Placeholder(self._place.theme)
        self.sides.addWidget(self.nobody)
        self.sides.addWidget(self.panel)
        sides = QHBoxLayout(self._body)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addWidget(self.side)
        sides.addWidget(rule(upright=True))
        sides.addWidget(self.sides, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 16, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Inset(self.banner))
        column.addWidget(rule())
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        panel, ledger = self.panel, self.panel.ledger
        self._tasks.changed.connect(self._reload_for)
        self.side.list.selectionModel().currentChanged.connect(lambda _now, _before: self._follow_current())
        self.side.narrowed.connect(self._follow_list)
        self.side.field.returnPressed.connect(self.side.list.setFocus)
        self.side.list.customContextMenuRequested.connect(self._open_list_menu)
        self.placeholder.action.clicked.connect(self.add_client)
        self.banner.retry.clicked.connect(self.reload)
        self.import_button.clicked.connect(self.import_clients)
        self.add_button.clicked.connect(self.add_client)
        panel.top_up_wanted.connect(self.top_up)
        panel.adjust_wanted.connect(self.adjust)
        panel.compose_wanted.connect(self.compose)
        panel.pause_wanted.connect(self.pause_or_resume)
        panel.restore_wanted.connect(self.archive_or_restore)
        panel.more.clicked.connect(lambda: panel.open_menu(client_menu(self, self, self._place)))
        panel.details.renamed.connect(self._want)
        ledger.statement_wanted.connect(self.statement)
        ledger.explain_wanted.connect(self.explain)
        ledger.correct_wanted.connect(self.correct)

    def _want(self, name: str) -> None:
        self._wanted = name

    def _look(self) -> None:
        if self.isVisible():
            self.reload()

    def _reload_for(self, topics: frozenset[Topic]) -> None:
        if topics & CHANGED:
            self.reload()

    def _open_list_menu(self, place: QPoint) -> None:
        if self.current is not None:
            menu: QMenu = client_menu(self, self, self._place)
            menu.popup(self.side.list.viewport().mapToGlobal(place))

    def _show_clients(self, clients: list[ClientSummary]) -> None:
        before = self.current.name if self.current else ""
        self._is_loaded = True
        self.banner.hide()
        self.side.model.show_clients(clients)
        self.side.show_counts()
        # One that was shown and is not in the list any more was put away: the next one is shown, not the archive.
        if not self._wanted:
            self.side.select(before)
        self._select_wanted()
        if not clients:
            title = tr("No clients yet")
            detail = tr(
                "Add the first one, give it credit, and send for it. Or import those you have with their credit."
            )
            self.placeholder.show_text("users", title, detail, tr("Add client"))
        self._pages.setCurrentIndex(3 if clients else 2)
        self.facts.setText(total_text(clients) if clients else tr("Who you sell to"))
        low = self.side.model.count(ClientChip.LOW)
        self.badge_changed.emit(low, "warning")
        self.counted.emit(trn("{count:,} client", "{count:,} clients", self.side.model.count(ClientChip.ALL)))
        self.read_page()

    def _select_wanted(self) -> None:
        """Choose the client that is wanted; where a chip or the search hides it, they are taken off."""
        if not self._is_loaded:
            return
        if self._wanted and not self.side.select(self._wanted):
            known = next(
                (one for one in self.side.model.clients if one.name.casefold() == self._wanted.casefold()), None
            )
            if known is not None:
                self.side.field.clear()
                is_away = known.state is ClientState.ARCHIVED
                self.side.show_chip(ClientChip.ARCHIVED if is_away else ClientChip.ALL)
                self.side.show_counts()
                self.side.select(known.name)
        self._wanted = ""
        self._follow_list()

    def _follow_list(self) -> None:
        if not self.side.list.currentIndex().isValid() and self.side.model.rowCount():
            self.side.list.setCurrentIndex(self.side.model.index(0, 0))
        self._follow_current()

    def _follow_current(self) -> None:
        current = self.current
        if current is None:
            self.nobody.show_text(
                "users", tr("No client chosen"), tr("Choose another filter, or clear the search."), ""
            )
            self.sides.setCurrentIndex(0)
            return
        if self.page is None or self.page.summary != current:
            self.read_page()
        here = self._place.navigator.here
        if self.isVisible() and here is not None and here.screen == self.name:
            self._place.navigator.note(Address(self.name, current.name))

    def _show_page(self, query: int, page: ClientPage) -> None:
        if query != self._query or self.current is None or page.summary.name != self.current.name:
            return
        self.panel.show_page(page)
        self.sides.setCurrentIndex(1)
        if self._top_up_amount:
            self.top_up()

    def _say_booked(self, name: str, what: str, booked: Booked) -> None:
        balance, entry = booked
        credit = credit_text(balance.posted - balance.held, balance.currency)
        show = partial(self._place.navigator.go, Address(self.name, name, {"entry": str(entry)}))
        self._place.notices.say(
            tr("{name} {what}: credit {credit}", name=name, what=what, credit=credit), tr("Show entry"), show
        )

    def _show_skeleton(self) -> None:
        if not self._is_loaded:
            self._pages.setCurrentIndex(1)

    def _show_load_error(self, error: AppError) -> None:
        self.banner.show_error(tr("The clients could not be read"), error.user_message, can_retry=True)

    def _show_refusal(self, error: AppError) -> None:
        self.banner.show_error(tr("Nothing was changed"), error.user_message)
