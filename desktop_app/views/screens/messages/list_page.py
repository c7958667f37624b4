"""The list of messages with its filters and the panel of one message; kept up to date while it is seen."""

import time
from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.domain.message_lists import MessageLine
from desktop_app.domain.messages import MessageStatus
from desktop_app.services.job import Job
from desktop_app.services.message_search import MissingReports, StatusCounts
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.models.message_rows import (
    PROVIDER_COLUMN,
    TEXT_COLUMN,
    TOLD_BESIDE,
    WIDTHS,
    message_headings,
)
from desktop_app.views.models.message_timeline import MessageStory
from desktop_app.views.models.paged_rows import PAGE, PagedRowsModel
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.messages.filters import Chosen, MessageFilters
from desktop_app.views.screens.messages.notes import ListNotes
from desktop_app.views.screens.messages.reading import Counted, ListReader, Look, Rows
from desktop_app.views.widgets.message_panel import MessagePanel
from desktop_app.views.widgets.notices import Placeholder, Skeleton
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.views.widgets.side_panel import SidePanel
from desktop_app.workers.runner import TaskHandle

LOOK_MILLISECONDS: Final = 1_000
SKELETON_MILLISECONDS: Final = 300
# Below this width the columns leave the text too little.
ROOMY: Final = 1_100
# Counting a million takes a while: it may take one part in so many of the time.
_SHARE: Final = 10
_REPORTABLE: Final = "accepted,sent"


class ListPage(QWidget):
    """Everything of the tab "Messages".

    Signals:
        counted: how many are found, in words.
        current_changed: the MessageLine that is current, None for none.
        doubtful: how many outcomes are unknown, whatever is filtered.
        look_up_wanted: the person wants all unknown outcomes to be looked up again.
    """

    counted = Signal(str)
    current_changed = Signal(object)
    look_up_wanted = Signal()
    doubtful = Signal(int)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._search, self._clock = place, place.parts.message_search, place.parts.clock
        self.filters = MessageFilters(place.theme, self._clock)
        self.model: PagedRowsModel[MessageLine] = PagedRowsModel(message_headings(), lambda line: line.message_id, self)
        self.table = RecordView(self.model, place.theme, tr("Messages"), WIDTHS, TEXT_COLUMN)
        self.panel = MessagePanel(place.theme)
        self.notes = ListNotes(place.theme)
        self.missing, self.banner, self.doubt = self.notes.missing, self.notes.banner, self.notes.doubt
        self.placeholder = Placeholder(place.theme)
        self._pages = QStackedWidget()
        for page in (QWidget(), Skeleton(place.theme), self.placeholder, self.table):
            self._pages.addWidget(page)
        self.side = SidePanel(self._pages, self.panel, place.parts.personal, "messages.panel")
        self._reader = ListReader(place.parts)
        self._query, self._newest, self._was_moving = 0, 0, True
        self._wanted_id: int | None = None
        self._opens_wanted = False
        self._counted_at, self._count_cost = 0.0, 0.0
        self._first_rows = 0
        self._handles: list[TaskHandle] = []
        self._look: TaskHandle | None = None
        self._story: TaskHandle | None = None
        self.is_loaded = False
        self._build()
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QTimer.singleShot(SKELETON_MILLISECONDS, self, self._show_skeleton)

    @property
    def current(self) -> MessageLine | None:
        """The message of the current row."""
        row = self.table.currentIndex().row()
        return self.model.record(row) if row >= 0 else None

    @property
    def selected(self) -> list[MessageLine]:
        """The messages of the selected rows that were read."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [line for row in rows if (line := self.model.record(row)) is not None]

    def show_message(self, message_id: int) -> None:
        """Show a message in the list and in the panel."""
        self._wanted_id, self._opens_wanted = message_id, True
        self.reload()

    def reload(self) -> None:
        """Read from the beginning; what is on screen stays until it is there."""
        self._query += 1
        for handle in self._handles:
            handle.cancel()
        query, wanted = self._query, self.filters.wanted
        read = self._place.tasks.query(
            partial(self._reader.first, wanted), owner=self, on_success=partial(self._show_first, query),
            on_error=self._show_error,
        )  # fmt: skip
        count = self._place.tasks.query(
            partial(self._reader.count, wanted), owner=self, on_success=partial(self._show_counted, query),
            on_error=self._show_error,
        )  # fmt: skip
        self._handles = [read, count]

    def look(self) -> None:
        """See what changed, once at a time, and only while somebody sees it."""
        if not self.isVisible() or not self.is_loaded or (self._look is not None and not self._look.finished):
            return
        at_top = self.table.verticalScrollBar().value() == 0
        pages = [] if at_top else self._visible_pages()
        anchors = {page: self.model.anchor(page) for page in pages}
        due = time.monotonic() - self._counted_at > _SHARE * self._count_cost
        work = partial(
            self._reader.again, self.filters.wanted, anchors, self._newest, at_top=at_top, counts=due,
            was_moving=self._was_moving,
        )  # fmt: skip
        query = self._query
        self._look = self._place.tasks.query(
            work, owner=self, on_success=partial(self._show_look, query), on_error=lambda _: None
        )

    def offer_filters(self) -> None:
        """Read what the filters may narrow to."""
        parts = self._place.parts

        def read(_job: Job) -> tuple[list[str], list[tuple[str, str]], list[str]]:
            names = country_names(parts.language)
            clients = [client.name for client in parts.clients.list_all()]
            countries = sorted(((iso, names(iso)) for iso in self._search.countries()), key=lambda pair: pair[1])
            return clients, countries, [one.name for one in parts.accounts.list_providers()]

        self._place.tasks.query(read, owner=self, on_success=lambda found: self.filters.offer(*found))

    def open_panel(self) -> None:
        """Show the current message in the panel."""
        self.side.set_open(on=True)
        self._read_story()

    def toggle_panel(self) -> None:
        """Open the panel, or close it and go back to the list."""
        if self.side.is_open:
            self.side.set_open(on=False)
            self.table.setFocus()
        else:
            self.open_panel()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look at once, not only at the next tick."""
        super().showEvent(event)
        self._was_moving = True
        self.look()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the text enough room."""
        super().resizeEvent(event)
        self._fit_provider()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.filters)
        column.addWidget(self.notes)
        column.addWidget(self.side, 1)
        self.filters.changed.connect(self.reload)
        self.filters.down.connect(self._go_down)
        self.model.page_wanted.connect(self._read_page)
        self.table.selectionModel().currentRowChanged.connect(self._follow_row)
        self.table.activated.connect(lambda _index: self.open_panel())
        self.panel.closed.connect(self.toggle_panel)
        self.side.toggled.connect(self._fit_columns)
        self.placeholder.action.clicked.connect(self.filters.clear)
        self.banner.retry.clicked.connect(self.reload)
        self.missing.retry.clicked.connect(self._show_missing)
        self.doubt.retry.clicked.connect(self.look_up_wanted)
        self._fit_columns(is_open=self.side.is_open)

    def _show_first(self, query: int, found: tuple[int, Rows]) -> None:
        if query != self._query:
            return
        self._newest, rows = found
        self.is_loaded = True
        self.banner.hide()
        self._take_top(rows, len(rows))
        self._choose_page()

    def _show_counted(self, query: int, found: Counted) -> None:
        if query == self._query:
            self._take_counts(*found)

    def _take_counts(self, counts: StatusCounts, cost: float, missing: MissingReports, unknown: int) -> None:
        self.doubtful.emit(unknown)
        self._counted_at, self._count_cost = time.monotonic(), cost
        self.filters.show_counts(counts)
        total = counts.of(self.filters.wanted)
        # A first page that is not full is the whole list, whatever was counted a moment later.
        self.model.set_total(self._first_rows if self._first_rows < PAGE else max(total, PAGE))
        self.counted.emit(trn("{count:,} message", "{count:,} messages", total))
        self.notes.tell_missing(missing, self._clock())
        self.notes.tell_doubt(on=self.filters.chosen is Chosen.UNKNOWN and total > 0)

    def _show_look(self, query: int, look: Look | None) -> None:
        if look is None or query != self._query:
            return
        self._newest, self._was_moving = look.newest, look.is_moving
        if 0 in look.pages:
            self._take_top(look.pages.pop(0), self.model.rowCount())
        for page, rows in look.pages.items():
            self.model.show_page(page, rows)
        if look.counts is not None and look.missing is not None:
            self._take_counts(look.counts, look.cost, look.missing, look.unknown)
        self._choose_page()
        self._read_story(again=True)

    def _take_top(self, rows: Rows, total: int) -> None:
        current, self._first_rows = self.current, len(rows)
        self.model.start(rows, len(rows) if len(rows) < PAGE else max(total, len(rows)))
        self._select_again(current)

    def _select_again(self, current: MessageLine | None) -> None:
        wanted = self._wanted_id or (current.message_id if current is not None else 0)
        row = self.model.row_of(wanted)
        if row < 0 and self.model.rowCount():
            row = 0
        if row >= 0 and row != self.table.currentIndex().row():
            self.table.selectRow(row)
        if self._wanted_id is not None and self._opens_wanted and row >= 0:
            self.open_panel()
        self._wanted_id, self._opens_wanted = None, False
        if row < 0:
            self.panel.show_nothing()
            self.current_changed.emit(None)

    def _read_page(self, page: int) -> None:
        query, anchor = self._query, self.model.anchor(page)

        def show(rows: Rows) -> None:
            if query == self._query:
                self.model.show_page(page, rows)

        def fail(error: AppError) -> None:
            self.model.drop_page(page)
            self._show_error(error)

        work = partial(self._reader.page, self.filters.wanted, anchor)
        self._handles.append(self._place.tasks.query(work, owner=self, on_success=show, on_error=fail))
        self._handles = [handle for handle in self._handles if not handle.finished]

    def _visible_pages(self) -> list[int]:
        first = max(0, self.table.rowAt(0))
        last = self.table.rowAt(self.table.viewport().height() - 1)
        last = self.model.rowCount() - 1 if last < 0 else last
        return sorted({first // PAGE, last // PAGE} & set(self.model.pages) - {0})

    def _follow_row(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.current_changed.emit(self.current)
        if self.side.is_open:
            self._read_story()

    def _read_story(self, *, again: bool = False) -> None:
        line = self.current
        shown = self.panel.story
        if line is None or not self.side.is_open:
            return
        if again and shown is not None and shown.line == line and line.status is not MessageStatus.UNKNOWN:
            return
        if self._story is not None:
            self._story.cancel()

        def show(story: MessageStory) -> None:
            now = self.current
            if now is not None and now.message_id == story.line.message_id:
                self.panel.show_story(story)

        self._story = self._place.tasks.query(
            partial(self._reader.story, line), owner=self, on_success=show, on_error=self._show_error
        )

    def _go_down(self) -> None:
        self.table.setFocus()

    def _choose_page(self) -> None:
        if self.model.rowCount():
            self._pages.setCurrentWidget(self.table)
            return
        text = self.filters.field.text().strip()
        if self.filters.is_narrow:
            title = tr("No message matches “{text}”", text=text) if text else tr("No message matches these filters")
            self.placeholder.show_text("search", title, "", tr("Clear filters"))
        else:
            detail = tr("What you or a client sends is listed here, with its way to the phone.")
            self.placeholder.show_text("message-square-more", tr("No messages yet"), detail, "")
        self._pages.setCurrentWidget(self.placeholder)

    def _show_missing(self) -> None:
        self.filters.show_query({"status": _REPORTABLE})
        self.reload()

    def _fit_columns(self, is_open: bool) -> None:
        for column in TOLD_BESIDE:
            self.table.setColumnHidden(column, is_open)
        self._fit_provider()
        if is_open:
            self._read_story()

    def _fit_provider(self) -> None:
        """Leave the text enough room: where there is little, only the panel tells the provider."""
        is_tight = self.width() < self._place.theme.scaled(ROOMY)
        self.table.setColumnHidden(PROVIDER_COLUMN, self.side.is_open or is_tight)

    def _show_skeleton(self) -> None:
        if not self.is_loaded and self._pages.currentIndex() == 0:
            self._pages.setCurrentIndex(1)

    def _show_error(self, error: AppError) -> None:
        if error.code != "cancelled":
            self.banner.show_error(tr("The messages could not be read"), error.user_message, can_retry=True)
