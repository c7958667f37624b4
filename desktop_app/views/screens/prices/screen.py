"""The Prices screen: the table with what stands around it, and what its states look like."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.views.dialogs.margin_dialog import MarginDialog
from desktop_app.views.formats import ago
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_conditions import MARGIN
from desktop_app.views.models.price_draft import DraftEdit, DraftKeeper, PriceDraft, read_draft
from desktop_app.views.models.price_drafting import drafted
from desktop_app.views.models.price_lines import PriceSheet, QuickFilter
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.prices.arranging import PriceArranging
from desktop_app.views.screens.prices.clipboard import PriceClipboard
from desktop_app.views.screens.prices.commands import Controls, PriceCommands
from desktop_app.views.screens.prices.editing import PriceEditing
from desktop_app.views.screens.prices.filters import FilterBar
from desktop_app.views.screens.prices.following import RuleFollowing
from desktop_app.views.screens.prices.head import Head
from desktop_app.views.screens.prices.loading import PriceLoader
from desktop_app.views.screens.prices.pages import PricePages
from desktop_app.views.screens.prices.profit_rate import ProfitRate
from desktop_app.views.screens.prices.saving import DraftSaver
from desktop_app.views.screens.prices.shots import price_shots
from desktop_app.views.screens.prices.sync_trouble import SyncTrouble
from desktop_app.views.screens.prices.syncing import CostsJob
from desktop_app.views.screens.prices.views import SavedViews
from desktop_app.views.widgets.dock_bar import ConflictBar, DockBar
from desktop_app.views.widgets.inset import Inset
from desktop_app.views.widgets.inspector import PriceInspector
from desktop_app.views.widgets.notices import Banner
from desktop_app.views.widgets.price_view import PriceView
from desktop_app.views.widgets.side_panel import SidePanel

KEPT_INSPECTOR: Final = "prices_inspector"


class PricesScreen(Screen):
    """The screen."""

    name = "prices"
    icon = "tag"

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        parts, theme = place.parts, place.theme
        self._sheet: PriceSheet | None = None
        self._wanted: Address | None = None
        self.draft = PriceDraft(self)
        self.model = PriceTableModel(self)
        self.table = PriceView(self.model, theme)
        self.head, self.filters = Head(theme), FilterBar(theme, parts.clock)
        self.banner, self.conflict, self.dock = Banner(theme), ConflictBar(theme), DockBar(theme)
        self.pages = PricePages(theme, self.table)
        self.loader = PriceLoader(place, lambda: not self.table.is_editing, self)
        self.following = RuleFollowing(place, self)
        self.costs = CostsJob(place, self.following, self)
        self.trouble = SyncTrouble(place, self.banner, self.show_missed, self)
        self.saver = DraftSaver(place, self.draft, self.conflict)
        self.editing = PriceEditing(place, self.table, self.model, self.draft, self.saver)
        self.clipboard = PriceClipboard(place, self.table, self.model, self.editing)
        self.keeper = DraftKeeper(self.draft, parts.personal.folder, self)
        self._build()
        self.rate = ProfitRate(place, self.head, self.banner, self.table, self.model)
        operated = Controls(
            self, self.head, self.filters, self.table, self.model, self.editing, self.clipboard, self.side, self.sync
        )
        self.commands = PriceCommands(place, operated)
        self._connect()
        self.arranging = PriceArranging(place, self.table, self.model, self.loader)
        self.views = SavedViews(place, self.filters, self.table, self.arranging.sort_usually)
        self.reload()
        place.tasks.query(lambda _job: read_draft(parts.personal.folder), owner=self, on_success=self._restore)

    # What the frame asks

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Prices")

    @property
    def unsaved(self) -> int:
        """See Screen."""
        return len(self.draft)

    def save(self) -> None:
        """See Screen."""
        self.editing.save()

    def discard(self) -> None:
        """See Screen."""
        self.draft.discard()
        self.keeper.write()

    def undo(self) -> bool:
        """See Screen."""
        if not self.draft.undo_stack.canUndo():
            return False
        self.draft.undo_stack.undo()
        return True

    def redo(self) -> bool:
        """See Screen."""
        if not self.draft.undo_stack.canRedo():
            return False
        self.draft.undo_stack.redo()
        return True

    def first_focus(self) -> QWidget:
        """See Screen."""
        return self.table

    def open_at(self, address: Address) -> None:
        """Show what an address names: ``prices?filter=loss&q=ger``, ``prices/DE``; without anything, what was shown."""
        if self._sheet is None:
            self._wanted = address
            return
        if "view" in address.query and self.views.show(address.query["view"]):
            return
        if address.query or address.record:
            self.filters.show_query(address.query)
        if address.record and self.table.go_to(address.record, Column.PRICE):
            self.table.scrollTo(self.table.currentIndex(), self.table.ScrollHint.PositionAtCenter)

    def language_changed(self) -> None:
        """See Screen: the names of countries are in the data, counts and names are joined here."""
        if self._sheet is not None:
            self.head.show_facts(self._facts_of(self._sheet))
            self.filters.show_sheet(self._sheet)
            self.filters.show_conditions()
            self._choose_page()
            self._show_dock()
        self.table.horizontalHeader().viewport().update()
        self.reload()

    def shots(self) -> tuple[Shot, ...]:
        """See Screen."""
        return price_shots(self, self._place.commands)

    # What a person starts here

    def reload(self) -> None:
        """Read the prices again; those on screen stay until they are there."""
        self.loader.reload()

    def sync(self) -> None:
        """Pull the costs of the default provider, unless that is under way."""
        name = self._sheet.provider if self._sheet else None
        if name is not None:
            self.banner.hide()
            self.costs.start(name)

    def review_costs(self) -> None:
        """Show the countries whose cost changed."""
        self.filters.show_query({"filter": QuickFilter.COST.value})
        self.table.setFocus()

    def show_missed(self) -> None:
        """Show the countries that the last sync did not reach, until another one does."""
        self.filters.show_query({"filter": QuickFilter.MISSED.value})
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc takes back ticks, then filters; undo and redo reach the draft first."""
        if event.key() == Qt.Key.Key_Escape and self.model.ticked_countries:
            self.model.tick_none()
        elif event.key() == Qt.Key.Key_Escape and self.filters.query:
            self.filters.clear()
        else:
            undone = event.matches(QKeySequence.StandardKey.Undo) and self.undo()
            if not undone and not (event.matches(QKeySequence.StandardKey.Redo) and self.redo()):
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Claim the keys of undo and redo while the draft has something for them."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            stack = self.draft.undo_stack
            undoes = event.matches(QKeySequence.StandardKey.Undo) and stack.canUndo()
            redoes = event.matches(QKeySequence.StandardKey.Redo) and stack.canRedo()
            if undoes or redoes:
                event.accept()
                return True
        return super().event(event)

    # Making it

    def _build(self) -> None:
        self.rate_field, self.apply_button = self.head.rate_field, self.head.apply
        self.sync_button, self.cancel_button = self.head.sync, self.head.cancel
        self.chips, self.filter_field = self.filters.chips, self.filters.field
        self.placeholder = self.pages.placeholder
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addSpacing(12)
        column.addWidget(Inset(self.banner))
        column.addWidget(Inset(self.conflict))
        column.addWidget(Inset(self.following.bar))
        column.addWidget(self.loader.bar)
        column.addWidget(self.pages, 1)
        column.addWidget(self.dock)
        left.setFocusProxy(self.table)
        self.inspector = PriceInspector(self._place)
        self.side = SidePanel(left, self.inspector, self._place.parts.personal, KEPT_INSPECTOR)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 16, 1, 1)
        whole.setSpacing(12)
        whole.addWidget(self.head)
        whole.addWidget(self.side, 1)

    def _connect(self) -> None:
        self.loader.loaded.connect(self._show_sheet)
        self.loader.failed.connect(self._show_load_error)
        self.pages.text_wanted.connect(self._filter_by)
        self.pages.sync_wanted.connect(self.sync)
        self.pages.provider_wanted.connect(lambda: self._place.navigator.go("providers"))
        self.pages.demo_wanted.connect(lambda: self._place.commands.action("file.demo").trigger())
        self.head.sync.clicked.connect(self.sync)
        self.head.cancel.clicked.connect(self.costs.cancel)
        self.banner.retry.clicked.connect(self.sync)
        self.filters.changed.connect(self._filter)
        self.filters.down.connect(self._into_table)
        self.filters.more.margin_asked.connect(self._ask_margin)
        self.filters.unit_chosen.connect(self.model.set_unit)
        self.filters.selection.clear.clicked.connect(self.model.tick_none)
        self.table.left_upwards.connect(self.filters.focus_field)
        self.table.editing_ended.connect(self.loader.show_waiting)
        self.table.moved.connect(self._inspect)
        self.model.dataChanged.connect(self._inspect_changed)
        self.inspector.closed.connect(lambda: self.side.set_open(on=False))
        self.inspector.rule_asked.connect(self.editing.back_to_rule_of)
        self.inspector.edit_asked.connect(lambda: self.table.edit_column(Column.PRICE))
        self.filters.inspector.setChecked(self.side.is_open)
        self.filters.inspector.clicked.connect(self.side.toggle)
        self.side.toggled.connect(self.filters.inspector.setChecked)
        self.model.ticked.connect(self._show_ticked)
        self.draft.changed.connect(self._show_draft)
        self.saver.saved.connect(self._take_saved)
        self.saver.failed.connect(lambda title, error: self.banner.show_error(title, error.user_message))
        self.saver.busy_changed.connect(self.dock.save.setDisabled)
        self.dock.save.clicked.connect(self.editing.save)
        self.dock.discard.clicked.connect(self.editing.discard)
        self.dock.review.clicked.connect(self.editing.review)
        self.costs.running.connect(lambda on: self.head.show_syncing(on=on))
        self.costs.failed.connect(self.show_sync_error)
        self.costs.review_asked.connect(self.review_costs)

    # Loading

    def _show_sheet(self, sheet: PriceSheet) -> None:
        is_first = self._sheet is None
        self._sheet = sheet
        self.arranging.show_rows(sheet)
        self.head.show_facts(self._facts_of(sheet))
        self.head.sync.setEnabled(sheet.provider is not None)
        self.filters.show_sheet(sheet)
        self.badge_changed.emit(sheet.counts.get(QuickFilter.LOSS, 0), "danger")
        self._choose_page()
        self._show_following()
        self._show_dock()
        if is_first:
            self._first_shown()

    def _first_shown(self) -> None:
        if not self.filter_field.hasFocus() and self.isVisible():
            self.table.setFocus()
        if self._sheet is not None and self._sheet.shows_markup and not self.arranging.is_kept:
            self.table.setColumnHidden(Column.MARKUP, False)
            self.table.setColumnHidden(Column.MARGIN, True)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.open_at(wanted)
        self.table.render_flags(line.iso for line in self.model.countries)

    def _restore(self, edits: Sequence[DraftEdit]) -> None:
        if edits:
            self.draft.restore(edits)
            text = trn("{count} unsaved price change restored", "{count} unsaved price changes restored", len(edits))
            self._place.notices.say(text, tr("Review"), self.editing.review)

    # Showing

    def _facts_of(self, sheet: PriceSheet) -> str:
        if not sheet.countries:
            return tr("What each country costs and is sold for")
        parts = [
            trn("{count:,} country", "{count:,} countries", len(sheet.countries)),
            trn("{count:,} network", "{count:,} networks", sheet.network_count),
            tr("prices per SMS in {currency}, excl. VAT", currency=sheet.currency),
        ]
        if sheet.synced_at:
            parts.append(tr("costs synced {when}", when=ago(sheet.synced_at, self._place.parts.clock())))
        return " · ".join(parts)

    def _filter(self) -> None:
        self.model.set_criteria(self.filters.criteria)
        self._show_following()
        self.arranging.want_columns()
        self._choose_page()
        here = self._place.navigator.here
        if here is not None and here.screen == self.name:
            self._place.navigator.note(Address(self.name, query=self.filters.query))
        if self._sheet is not None:
            text = trn("{count} country", "{count} countries", self.model.shown_countries)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.table, text))

    def _show_following(self) -> None:
        is_wanted = self.filters.quick is QuickFilter.COST
        self.table.show_moved_costs(on=is_wanted)
        self.following.show_for(self._sheet, wanted=is_wanted)

    def _into_table(self) -> None:
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, Column.PRICE))
            self.table.setFocus()

    def _show_ticked(self, count: int) -> None:
        whole = count > 1 and count == self.model.shown_countries
        self.filters.show_ticked(count, all_matching=whole)
        self._count_rows()
        if whole:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.table, self.filters.selection.text))

    def _count_rows(self) -> None:
        rows = trn("{count:,} country", "{count:,} countries", self.model.shown_countries)
        ticked = len(self.model.ticked_countries)
        self.counted.emit(f"{tr('{count:,} selected', count=ticked)} · {rows}" if ticked else rows)

    def _inspect(self) -> None:
        index = self.table.currentIndex()
        line = self.model.line(index.row()) if index.isValid() else None
        saved = self.model.sheet.find(line.key) if line is not None and len(self.draft) else None
        self.inspector.show_line(line, self._sheet.currency if self._sheet else "", saved)

    def _inspect_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.table.currentIndex().row() <= last.row():
            self._inspect()

    def _show_draft(self, keys: frozenset[str]) -> None:
        self.model.show_edits(self.draft.edits, keys)
        self._show_dock()
        self.draft_changed.emit(len(self.draft))
        if not len(self.draft):
            self.conflict.hide()

    def _show_dock(self) -> None:
        names = [self._name_of(edit) for edit in self.draft.edits.values()]
        self.dock.show_changes(names, self.editing.profit_text())

    def _name_of(self, edit: DraftEdit) -> str:
        """Return what the sheet calls the row: in the language in force, where the edit has the one it was made in."""
        line = self._sheet.find(edit.key) if self._sheet is not None else None
        return edit.name if line is None else line.name

    def _take_saved(self, saved: Sequence[DraftEdit]) -> None:
        if self._sheet is not None:
            # What was saved stands there at once; reading it again follows.
            edits = {edit.key: edit for edit in saved}
            self._show_sheet(_with_saved(self._sheet, edits))
        self.draft.forget([edit.key for edit in saved])
        self.keeper.write()

    def _ask_margin(self) -> None:
        """Filter by a margin that the person types."""
        dialog = MarginDialog(self._place, self.window())
        dialog.chosen.connect(lambda margin: self.filters.choose(MARGIN, margin))
        dialog.open()

    # States

    def _choose_page(self) -> None:
        if self._sheet is not None:
            self._count_rows()
            self.pages.show_for(self._sheet, self.model.shown_countries, self.filters.text)

    def _filter_by(self, text: str) -> None:
        self.filters.show_query({"q": text} if text else {})
        self.table.setFocus()

    def show_sync_error(self, error: AppError) -> None:
        """Say why the costs were not synced, above those from before."""
        self.trouble.show(error, self._sheet.synced_at if self._sheet else None)

    def _show_load_error(self, error: AppError) -> None:
        self.banner.show_error(tr("The prices could not be read"), error.user_message)


def _with_saved(sheet: PriceSheet, edits: Mapping[str, DraftEdit]) -> PriceSheet:
    # Chips are counted when it is read again, which follows at once: not here, in the thread of the window.
    return replace(sheet, countries=tuple(drafted(line, edits) for line in sheet.countries))
