"""The ledger of a client: entries newest first with the credit after each, what they add up to, and what can be done."""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.client_ledger import EntryType, LedgerLine, LedgerTotals
from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.client_accounts import PAGE, ClientPage, LedgerFilter
from desktop_app.services.statements import Month
from desktop_app.views.models.ledger_rows import (
    LedgerModel,
    Loaded,
    ledger_headings,
    loader,
    totals_text,
)
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.icon_widgets import IconButton, KeyButton
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import Placeholder, label
from desktop_app.views.widgets.pills import rule
from desktop_app.views.widgets.record_table import RecordView

# A refresh reads again what is there, up to here; beyond, the person scrolls again.
MOST_AGAIN: Final = 2_000
_WIDTHS: Final = {0: 122, 1: 126, 3: 86, 4: 102, 5: 104, 6: 106, 7: 88}
# Reference and person are shown from so wide on.
_ROOM: Final = {3: 780, 7: 860}
_CHOICE_LETTERS: Final = 8


class Span(StrEnum):
    """Of which time entries are shown."""

    MONTH = "month"
    LAST_MONTH = "last"
    QUARTER = "90"
    YEAR = "365"
    ALL = "all"


class Kinds(StrEnum):
    """Which entries are shown."""

    USUAL = "usual"
    TOP_UP = "top_up"
    SENDING = "sending"
    RESERVED = "reserved"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    EVERY = "every"


def span_text(span: Span) -> str:
    """Return what a time is called."""
    return {
        Span.MONTH: tr("This month"), Span.LAST_MONTH: tr("Last month"), Span.QUARTER: tr("Last 90 days"),
        Span.YEAR: tr("Last 12 months"), Span.ALL: tr("Any time"),
    }[span]  # fmt: skip


def kinds_text(kinds: Kinds) -> str:
    """Return what a choice of entries is called."""
    return {
        Kinds.USUAL: tr("All types"), Kinds.TOP_UP: tr("Top-ups"), Kinds.SENDING: tr("Sending"),
        Kinds.RESERVED: tr("Reserved now"), Kinds.REFUND: tr("Refunds"),
        Kinds.ADJUSTMENT: tr("Adjustments and corrections"), Kinds.EVERY: tr("Every entry, settled too"),
    }[kinds]  # fmt: skip


_TYPES: Final = {
    Kinds.TOP_UP: {EntryType.TOP_UP}, Kinds.SENDING: {EntryType.SENDING}, Kinds.RESERVED: {EntryType.RESERVED},
    Kinds.REFUND: {EntryType.REFUND}, Kinds.ADJUSTMENT: {EntryType.ADJUSTMENT, EntryType.CORRECTION},
}  # fmt: skip


def ledger_filter(span: Span, kinds: Kinds, now: datetime) -> LedgerFilter:
    """Return what is wanted of the ledger."""
    month = Month.of(now)
    since, until = {
        Span.MONTH: (month.begin, None), Span.LAST_MONTH: (month.before.begin, month.begin),
        Span.QUARTER: (now - timedelta(days=90), None), Span.YEAR: (now - timedelta(days=365), None), Span.ALL: (None, None),
    }[span]  # fmt: skip
    return LedgerFilter(since, until, frozenset(_TYPES.get(kinds, ())), every=kinds is Kinds.EVERY)


class LedgerTab(QWidget):
    """Shows the ledger of one client.

    Signals:
        statement_wanted: by its button.
        explain_wanted: by its button.
        correct_wanted: the LedgerLine to be corrected.

    Attributes:
        tools: what stands at the right of the tabs while this one is shown.
    """

    statement_wanted = Signal()
    explain_wanted = Signal()
    correct_wanted = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._query, self._name = place, 0, ""
        self._wanted_entry: int | None = None
        self.model = LedgerModel(self)
        self.table = RecordView(self.model, place.theme, tr("Ledger"), _WIDTHS, 2)
        self.span = Choice[Span]([(one, span_text(one)) for one in Span])
        self.span.setAccessibleName(tr("Time"))
        self.kinds = Choice[Kinds]([(one, kinds_text(one)) for one in Kinds])
        self.kinds.setAccessibleName(tr("Type"))
        for choice in (self.span, self.kinds):
            # Narrow: its longest choice is much longer than the usual one.
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(_CHOICE_LETTERS)
            choice.view().setMinimumWidth(place.theme.scaled(220))
        self.explain_button = IconButton(place.theme, "info", tr("Explain this balance"))
        self.statement_button = KeyButton(place.theme, tr("Statement"), image="download")
        self.totals = label("", "small")
        self.note = label(tr("Entries cannot be edited. Correct a mistake with an adjustment."), "facts")
        self.placeholder = Placeholder(place.theme)
        self._pages = QStackedWidget()
        self.tools = QWidget()
        self._build()
        self._connect()

    def show_client(self, page: ClientPage) -> None:
        """Show the ledger of a client, or of the same one as it is now."""
        client = page.summary.client
        is_other = client.name != self._name
        self._name = client.name
        self.model.set_headings(ledger_headings(client.currency))
        if is_other:
            self.model.show_page((), None)
            self._pages.setCurrentIndex(0)
        self.reload(PAGE if is_other else min(MOST_AGAIN, max(PAGE, self.model.total)))

    def reload(self, limit: int = PAGE) -> None:
        """Read the entries again; those on screen stay until they are there."""
        if not self._name:
            return
        self._query += 1
        query, parts, wanted = self._query, self._place.parts, self._wanted()
        tasks, name = self._place.tasks, self._name
        work = loader(parts.client_accounts, name, wanted, parts.clock, None, limit)
        tasks.query(work, owner=self, on_success=partial(self._show_page, query), on_error=self._refuse)
        tasks.query(
            lambda _job: (parts.client_accounts.totals(name, wanted), parts.clients.get(name).currency), owner=self,
            on_success=partial(self._show_totals, query), on_error=self._refuse,
        )  # fmt: skip

    def show_entry(self, entry_id: int) -> None:
        """Select an entry; where the filters hide it, they are taken off."""
        row = self.model.row_of(entry_id)
        if row >= 0:
            self._wanted_entry = None
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))
            return
        self._wanted_entry = entry_id
        self.span.show_value(Span.ALL)
        self.kinds.show_value(Kinds.USUAL)
        self.reload(MOST_AGAIN)

    @property
    def current(self) -> LedgerLine | None:
        """The entry of the current row."""
        row = self.table.currentIndex().row()
        return self.model.record(row) if 0 <= row < self.model.rowCount() else None

    def correct(self) -> None:
        """Ask to correct the current entry."""
        line = self.current
        if line is None:
            self._place.notices.say(tr("Choose an entry first"))
            return
        if line.kind not in (EntryType.TOP_UP, EntryType.ADJUSTMENT) or line.amount <= 0:
            self._place.notices.say(tr("Top-ups and additions can be corrected; adjust the credit instead"))
            return
        self.correct_wanted.emit(line)

    def show_corrected(self) -> None:
        """Go to the entry that the current one corrects."""
        line = self.current
        if line is not None and line.corrects_id is not None:
            self.show_entry(line.corrects_id)

    def show_batch(self) -> None:
        """Go to the messages of the current entry."""
        line = self.current
        if line is not None and line.batch_id is not None:
            self._place.navigator.go(Address("messages", query={"batch": str(line.batch_id)}))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave columns out where the description would have no room."""
        super().resizeEvent(event)
        for column, least in _ROOM.items():
            self.table.setColumnHidden(column, self.width() < self._place.theme.scaled(least))

    def add_commands(self) -> None:
        """Register what can be done with an entry."""
        add = self._place.commands.add
        add(
            "clients.correct",
            tr("Correct this entry…"),
            self.correct,
            keys="C",
            icon="arrow-left-right",
            scope=self.table,
        )
        add("clients.corrected", tr("Show the entry it corrects"), self.show_corrected, icon="link", scope=self.table)
        add("clients.batch", tr("Show its messages"), self.show_batch, icon="message-square-more", scope=self.table)

    def _build(self) -> None:
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(8)
        for part in (self.span, self.kinds, self.explain_button, self.statement_button):
            tools.addWidget(part)
        for page in (QWidget(), self.placeholder, self.table):
            self._pages.addWidget(page)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 9, 20, 9)
        foot.addWidget(self.totals)
        foot.addStretch()
        foot.addWidget(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(rule())
        column.addLayout(foot)

    def _connect(self) -> None:
        self.span.chosen.connect(self.reload)
        self.kinds.chosen.connect(self.reload)
        self.model.more_wanted.connect(self._read_more)
        self.explain_button.clicked.connect(self.explain_wanted)
        self.statement_button.clicked.connect(self.statement_wanted)
        self.placeholder.action.clicked.connect(self._show_all)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.doubleClicked.connect(lambda _index: self.show_batch())

    def _wanted(self) -> LedgerFilter:
        return ledger_filter(self.span.value, self.kinds.value, self._place.parts.clock())

    def _show_all(self) -> None:
        self.span.show_value(Span.ALL)
        self.kinds.show_value(Kinds.USUAL)
        self.reload()

    def _read_more(self) -> None:
        query, parts = self._query, self._place.parts
        work = loader(parts.client_accounts, self._name, self._wanted(), parts.clock, self.model.following, PAGE)

        def show(loaded: Loaded) -> None:
            if query == self._query:
                self.model.append_page(*loaded)

        self._place.tasks.query(work, owner=self, on_success=show, on_error=self._refuse)

    def _show_page(self, query: int, loaded: Loaded) -> None:
        if query != self._query:
            return
        current = self.current
        self.model.show_page(*loaded)
        if self.model.total:
            self._pages.setCurrentIndex(2)
        else:
            self._look_for_any(query)
        wanted, self._wanted_entry = self._wanted_entry, None
        entry = wanted if wanted is not None else current.entry_id if current is not None else None
        row = self.model.row_of(entry) if entry is not None else -1
        if row >= 0:
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))

    def _look_for_any(self, query: int) -> None:
        """Say whether nothing is there at all, or nothing of what is wanted."""
        parts, everything = self._place.parts, LedgerFilter(every=True)
        work = loader(parts.client_accounts, self._name, everything, parts.clock, None, 1)
        self._place.tasks.query(work, owner=self, on_success=partial(self._show_nothing, query), on_error=self._refuse)

    def _show_nothing(self, query: int, loaded: Loaded) -> None:
        if query != self._query:
            return
        if loaded[0]:
            texts = tr("No entries in this time"), tr("Choose another time or type."), tr("Show all entries")
        else:
            texts = tr("No entries yet"), tr("The first top-up begins the ledger."), ""
        self.placeholder.show_text("scroll-text", *texts)
        self._pages.setCurrentIndex(1)

    def _show_totals(self, query: int, found: tuple[LedgerTotals, str]) -> None:
        if query == self._query:
            self.totals.setText(totals_text(*found))

    def _refuse(self, error: AppError) -> None:
        self.placeholder.show_text("circle-x", tr("The ledger could not be read"), error.user_message, tr("Try again"))
        if not self.model.total:
            self._pages.setCurrentIndex(1)

    def _open_menu(self, place: QPoint) -> None:
        line = self.current
        if line is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = self._place.commands.action
        menu.addAction(actions("clients.correct"))
        if line.corrects_id is not None:
            menu.addAction(actions("clients.corrected"))
        if line.batch_id is not None:
            menu.addAction(actions("clients.batch"))
        menu.addSeparator()
        menu.addAction(tr("Copy"), self.table.copy)
        menu.popup(self.table.viewport().mapToGlobal(place))
