"""Activity: who did what, when, and to what; price changes are taken back from here at any later time."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.activity import ActivityEntry, ActivityPlace
from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.domain.language import tr, trn
from desktop_app.services.activity import PAGE, TakenBack, Wanted
from desktop_app.services.job import Job
from desktop_app.views.commands import Menu
from desktop_app.views.models.activity_rows import WHEN_WIDTH, ActivityModel, activity_rows, country_names
from desktop_app.views.models.record_rows import Row
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.activity_targets import target_of
from desktop_app.views.screens.activity_undo import undoing
from desktop_app.views.widgets.activity_filters import ActivityFilters
from desktop_app.views.widgets.entry_panel import EntryPanel
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inputs import Segments
from desktop_app.views.widgets.job_list import JobList
from desktop_app.views.widgets.notices import Banner, Placeholder, Skeleton, label
from desktop_app.views.widgets.pills import rule
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.views.widgets.restored_banner import RestoredBanner
from desktop_app.workers.runner import Lane, Outcome, Topic

SKELETON_MILLISECONDS: Final = 300
# A refresh reads again what is there, up to here; beyond, the person scrolls again.
MOST_AGAIN: Final = 5_000
# From this width on the table has room for everybody's name beside the panel.
ROOMY: Final = 1180
Loaded = tuple[tuple[Row[ActivityEntry], ...], ActivityPlace | None]


class ActivityScreen(Screen):
    """The screen."""

    name = "activity"
    icon = "history"

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Activity")

    def first_focus(self) -> QWidget:
        """See Screen."""
        return self.table

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._tasks = place, place.tasks
        self._activity, self._clock = place.parts.activity, place.parts.clock
        self._wanted_change: int | None = None
        self._is_loaded, self._query = False, 0
        self.model = ActivityModel(self)
        self.table = RecordView(self.model, place.theme, tr("Activity"), {0: WHEN_WIDTH, 1: 128, 2: 224, 4: 320}, 3)
        self.filters = ActivityFilters(place.theme, self._clock)
        self.panel = EntryPanel(place)
        self.panel.hide()
        self.banner, self.restored = Banner(place.theme), RestoredBanner(place.theme)
        self.placeholder = Placeholder(place.theme)
        self.jobs = JobList(place)
        self._pages = QStackedWidget()
        for page in (QWidget(), Skeleton(place.theme), self.placeholder, self.table):
            self._pages.addWidget(page)
        self._build()
        self._show_tab("log")
        self._connect()
        self._add_commands()
        QTimer.singleShot(SKELETON_MILLISECONDS, self, self._show_skeleton)
        self._read_people()
        self.reload()

    def open_at(self, address: Address) -> None:
        """See Screen. Query: country, object, person, area, days, find, change (its id), tab (log or jobs)."""
        self.filters.show_query(address.query, self._place.parts.language)
        change = address.query.get("change", address.record)
        self._wanted_change = int(change) if change.isascii() and change.isdigit() and len(change) < 12 else None
        self._show_tab(address.query.get("tab", "log"))
        self.reload()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc brings everything back; the rest as usual."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear_filter()
            return
        super().keyPressEvent(event)

    def language_changed(self) -> None:
        """See Screen."""
        self.reload()

    def shots(self) -> tuple[Shot, ...]:
        """See Screen."""
        return (
            Shot("", ready=lambda: self._is_loaded),
            Shot("change", self._show_first_change, lambda: self.panel.model.rowCount() > 0, self._close_panel),
        )

    def refresh(self) -> None:
        """Read again what is on screen, as many pages of it, and what is new."""
        self._read_log(min(MOST_AGAIN, self.model.total))

    def reload(self) -> None:
        """Read the log from its beginning; what is on screen stays until it is there."""
        self._read_log(PAGE)

    def _read_log(self, limit: int) -> None:
        self._query += 1
        query, wanted = self._query, self.filters.wanted()
        work = partial(self._read, wanted, None, max(PAGE, limit))
        self._tasks.query(work, owner=self, on_success=partial(self._show_page, query), on_error=self._show_load_error)
        self._tasks.query(
            lambda _job: self._activity.count(wanted), owner=self, on_success=partial(self._show_count, query)
        )
        if self._wanted_change is not None:
            self.show_change(self._wanted_change)

    def show_change(self, change_id: int) -> None:
        """Show a price change in the inspector, wherever it is in the log."""
        self._wanted_change = change_id
        row = self.model.row_of_change(change_id)
        if row >= 0:
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))
            return
        parts = self._place.parts
        self._tasks.query(
            lambda _job: parts.activity.change(change_id), owner=self, on_error=self._show_load_error,
            on_success=lambda detail: self._show_entry(detail.entry),
        )  # fmt: skip

    def undo_selected(self) -> None:
        """Take back what the current row tells, where that is possible."""
        entry = self._current()
        if entry is not None and entry.change is None:
            self.undo_entry(entry)
        elif entry is not None and entry.change is not None and entry.change.reverted_by is None:
            self.take_back(entry.change.change_id)

    def undo_entry(self, entry: ActivityEntry) -> None:
        """Bring back what was there before an entry that is no price change."""
        work = undoing(self._place.parts, entry)
        if work is not None:
            self._tasks.command(
                work, owner=self, on_success=self._place.notices.say,
                on_error=lambda error: self.banner.show_error(tr("Nothing was undone"), error.user_message),
            )  # fmt: skip

    def take_back(self, change_id: int, *, also_edited: bool = False) -> None:
        """Give the prices of a change their former values; those that were changed since stay, unless ``also_edited``."""
        parts = self._place.parts

        def work(_job: Job) -> Outcome[TakenBack]:
            back = parts.activity.take_back(change_id, actor=parts.actor, also_edited=also_edited)
            return Outcome(back, frozenset({Topic.PRICES}))

        self._tasks.command(
            work, owner=self, on_success=partial(self._show_taken_back, change_id), on_error=self._show_undo_error
        )

    def export(self) -> None:
        """Ask for a file, then write what is filtered into it as a job."""
        name = tr("activity") + f"-{self._clock().astimezone():%Y-%m-%d}.csv"
        dialog = QFileDialog(self, tr("Export the log"), name, tr("CSV files (*.csv)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write what is filtered into a CSV file."""
        parts, wanted = self._place.parts, self.filters.wanted()
        names = country_names(parts.language)

        def work(job: Job) -> Outcome[int]:
            return Outcome(parts.activity.export(path, wanted, job, names))

        def message(count: int) -> str:
            return trn("{count:,} entry in {name}", "{count:,} entries in {name}", count, name=path.name)

        # Not in the data lane: a long log would keep every other screen waiting.
        self._place.jobs.start(
            tr("Export the log"), work, owner=self, icon="download", message=message, lane=Lane.NETWORK,
            on_success=lambda count: self._place.notices.say(tr("Log exported: {what}", what=message(count))),
        )  # fmt: skip

    def copy_link(self) -> None:
        """Put the address of the current entry on the clipboard."""
        entry = self._current()
        if entry is None:
            return
        query = {"change": str(entry.change.change_id)} if entry.change else {"object": entry.subject}
        QGuiApplication.clipboard().setText(Address(self.name, query=query).text)
        self._place.notices.say(tr("Link copied"))

    def show_target(self) -> None:
        """Go to what the current entry is about."""
        entry = self._current()
        target = None if entry is None else target_of(entry)
        if target is not None:
            self._place.navigator.go(target)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 16, 1, 1)
        column.setSpacing(12)
        for part in (self._title_row(), self._filter_row()):
            part.setContentsMargins(20, 0, 20, 0)
            column.addLayout(part)
        for notice in (self.banner, self.restored):
            row = QHBoxLayout()
            row.setContentsMargins(20, 0, 20, 0)
            row.addWidget(notice)
            column.addLayout(row)
        self._body = QStackedWidget()
        log = QWidget()
        sides = QHBoxLayout(log)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addWidget(self._pages, 1)
        self._edge = rule(upright=True)
        self._edge.hide()
        sides.addWidget(self._edge)
        sides.addWidget(self.panel)
        self._body.addWidget(log)
        self._body.addWidget(self.jobs)
        column.addWidget(self._body, 1)

    def _title_row(self) -> QHBoxLayout:
        self.facts = label(tr("Nothing in this log can be changed or deleted."), "facts")
        self.export_button = KeyButton(self._place.theme, tr("Export"), "Ctrl+E", image="download")
        self.export_button.clicked.connect(self.export)
        self.tabs = Segments((("log", tr("Log")), ("jobs", tr("Jobs"))))
        self.tabs.name(tr("Part"))
        self.tabs.chosen.connect(lambda: self._show_tab(self.tabs.value))
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label(tr("Activity"), "title"))
        texts.addWidget(self.facts)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(self.tabs)
        row.addWidget(self.export_button)
        return row

    def _filter_row(self) -> QHBoxLayout:
        self.inspector_button = QPushButton(tr("Details"))
        self.inspector_button.setCheckable(True)
        self.inspector_button.setToolTip(tr("Ctrl+I"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.filters, 1)
        row.addWidget(self.inspector_button)
        return row

    def _connect(self) -> None:
        self._tasks.changed.connect(lambda _topics: self.refresh())
        self.model.more_wanted.connect(self._read_more)
        self.filters.changed.connect(self.reload)
        self.filters.field.returnPressed.connect(self.table.setFocus)
        self.placeholder.action.clicked.connect(self.clear_filter)
        self.banner.retry.clicked.connect(self.reload)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._follow_row(now.row()))
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.inspector_button.clicked.connect(self._toggle_panel)
        self.panel.closed.connect(self._close_panel)
        self.panel.undo_wanted.connect(self.take_back)
        self.panel.entry_undo_wanted.connect(self.undo_entry)
        self.panel.link_wanted.connect(self.show_change)
        self.panel.copy_button.clicked.connect(self.copy_link)
        self.panel.show_button.clicked.connect(self.show_target)
        self.restored.show_button.clicked.connect(lambda: self.show_change(self.restored.change_id))
        self.restored.also_button.clicked.connect(self._restore_rest)

    def _add_commands(self) -> None:
        add = self._place.commands.add
        add("activity.refresh", tr("Refresh the log"), self.refresh, keys="F5", scope=self, icon="refresh-cw")
        add("activity.find", tr("Search the log"), self._find, keys="Ctrl+F", scope=self, icon="search")
        add("activity.clear", tr("Clear the log's filters"), self.clear_filter)
        add(
            "activity.export",
            tr("Export the log…"),
            self.export,
            keys="Ctrl+E",
            menu=Menu.TOOLS,
            icon="download",
            scope=self,
        )
        add("activity.details", tr("Details of the log"), self._toggle_panel, keys="Ctrl+I", scope=self)
        add("activity.undo", tr("Undo this"), self.undo_selected, icon="undo-2", scope=self.table)
        add("activity.show", tr("Show"), self.show_target, icon="arrow-right", scope=self.table)
        add("activity.copy_link", tr("Copy link"), self.copy_link, icon="link", scope=self.table)

    def clear_filter(self) -> None:
        """Show everything again."""
        self.filters.show_query({}, self._place.parts.language)
        self.reload()

    def _find(self) -> None:
        self._show_tab("log")
        self.filters.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.field.selectAll()

    def _show_tab(self, tab: str) -> None:
        self.tabs.show_value(tab if tab == "jobs" else "log")
        self._body.setCurrentIndex(1 if tab == "jobs" else 0)

    def _read(self, wanted: Wanted, after: ActivityPlace | None, limit: int, _job: Job) -> Loaded:
        page = self._activity.page(wanted, after, limit)
        names = country_names(self._place.parts.language)
        return activity_rows(page.entries, names, self._clock()), page.following

    def _read_more(self) -> None:
        query = self._query
        work = partial(self._read, self.filters.wanted(), self.model.following, PAGE)

        def show(loaded: Loaded) -> None:
            if query == self._query:
                self.model.append_page(*loaded)

        self._tasks.query(work, owner=self, on_success=show, on_error=self._show_load_error)

    def _read_people(self) -> None:
        self._tasks.query(lambda _job: self._activity.actors(), owner=self, on_success=self.filters.show_people)

    def _show_page(self, query: int, loaded: Loaded) -> None:
        if query != self._query:
            return
        self._is_loaded = True
        self.banner.hide()
        current = self._current()
        self.model.show_page(*loaded)
        self._choose_page()
        self._select_again(current)

    def _select_again(self, current: ActivityEntry | None) -> None:
        if self._wanted_change is not None:
            row = self.model.row_of_change(self._wanted_change)
            if row >= 0:
                self.table.selectRow(row)
            return
        places = [self.model.record(row).place for row in range(min(self.model.rowCount(), MOST_AGAIN))]
        if current is not None and current.place in places:
            self.table.selectRow(places.index(current.place))
        elif places:
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _choose_page(self) -> None:
        if self.model.rowCount():
            self._pages.setCurrentWidget(self.table)
            return
        filtered = self.filters.wanted() != Wanted()
        text = self.filters.field.text().strip()
        title = tr("No entry matches “{text}”", text=text) if text else tr("No entry matches these filters")
        if filtered:
            self.placeholder.show_text("search", title, "", tr("Clear filters"))
        else:
            detail = tr("Everything that changes prices, providers, clients or settings is written here.")
            self.placeholder.show_text("history", tr("Nothing happened yet"), detail, "")
        self._pages.setCurrentWidget(self.placeholder)

    def _show_count(self, query: int, count: int) -> None:
        if query == self._query:
            self.counted.emit(trn("{count:,} entry", "{count:,} entries", count))

    def _follow_row(self, row: int) -> None:
        if row < 0 or row >= self.model.rowCount():
            return
        entry = self.model.record(row)
        mark = entry.change
        can_undo = mark.reverted_by is None if mark is not None else undoing(self._place.parts, entry) is not None
        self._place.commands.action("activity.undo").setEnabled(can_undo)
        self._place.commands.action("activity.show").setEnabled(target_of(entry) is not None)
        if self._wanted_change is not None and mark is not None and mark.change_id == self._wanted_change:
            self._wanted_change = None
            self._show_entry(entry)
        elif not self.panel.isHidden():
            self._show_entry(entry)

    def _show_entry(self, entry: ActivityEntry) -> None:
        self._open_panel(on=True)
        self.panel.show_button.setVisible(target_of(entry) is not None)
        self.panel.show_entry(entry, can_undo=undoing(self._place.parts, entry) is not None)

    def _toggle_panel(self) -> None:
        entry = self._current()
        if self.panel.isHidden() and entry is not None:
            self._show_entry(entry)
        else:
            self._close_panel()

    def _close_panel(self) -> None:
        self._open_panel(on=False)
        self.table.setFocus()

    def _open_panel(self, *, on: bool) -> None:
        self.panel.setVisible(on)
        self._edge.setVisible(on)
        self.inspector_button.setChecked(on)
        self._hide_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what has no room beside the panel."""
        super().resizeEvent(event)
        self._hide_columns()

    def _hide_columns(self) -> None:
        # The panel tells who, before and after; beside it there is no room to tell them twice.
        is_open = not self.panel.isHidden()
        self.table.setColumnHidden(4, is_open)
        self.table.setColumnHidden(1, is_open and self.width() < self._place.theme.scaled(ROOMY))

    def _current(self) -> ActivityEntry | None:
        row = self.table.currentIndex().row()
        return self.model.record(row) if 0 <= row < self.model.rowCount() else None

    def _open_menu(self, place: QPoint) -> None:
        if self._current() is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ("activity.undo", "activity.show", "activity.copy_link"):
            menu.addAction(self._place.commands.action(name))
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _show_taken_back(self, change_id: int, back: TakenBack) -> None:
        self._wanted_change = back.change_id
        text = trn("{count:,} price restored", "{count:,} prices restored", back.restored)
        if not back.skipped:
            self.restored.hide()
            self._place.notices.say(text)
            return
        self.restored.show_taken_back(change_id, back, country_names(self._place.parts.language))

    def _restore_rest(self) -> None:
        self.restored.hide()
        self.take_back(self.restored.change_id, also_edited=True)

    def _show_first_change(self) -> None:
        for row in range(self.model.rowCount()):
            if self.model.record(row).change is not None:
                self.table.selectRow(row)
                self._show_entry(self.model.record(row))
                return

    def _show_skeleton(self) -> None:
        if not self._is_loaded and self._pages.currentIndex() == 0:
            self._pages.setCurrentIndex(1)

    def _show_load_error(self, error: AppError) -> None:
        self.banner.show_error(tr("The log could not be read"), error.user_message, can_retry=True)

    def _show_undo_error(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.banner.show_error(tr("No price was restored"), error.user_message)
