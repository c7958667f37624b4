"""What can be done on the Prices screen, registered once: menus, palette, keys and the context menu are made of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.services.pricing import PricingService
from desktop_app.views.commands import Menu
from desktop_app.views.dialogs.columns import ColumnsDialog
from desktop_app.views.dialogs.price_files import register_price_files
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Screen, Workplace
from desktop_app.views.screens.prices.clipboard import PriceClipboard
from desktop_app.views.screens.prices.editing import PriceEditing
from desktop_app.views.screens.prices.filters import FilterBar
from desktop_app.views.screens.prices.head import Head
from desktop_app.views.widgets.price_view import PriceView
from desktop_app.views.widgets.side_panel import SidePanel
from desktop_app.workers.runner import Outcome, Topic

# The context menu, "" for a divider.
_ROW_MENU: Final = (
    "prices.edit", "prices.edit_margin", "prices.back_to_rule", "prices.break_even", "prices.bulk", "",
    "prices.copy", "prices.copy_headers", "prices.paste", "prices.fill_down", "", "prices.tick", "prices.switch",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Controls:
    """What the commands operate."""

    screen: Screen
    head: Head
    filters: FilterBar
    table: PriceView
    model: PriceTableModel
    editing: PriceEditing
    clipboard: PriceClipboard
    side: SidePanel
    sync: Callable[[], object]


class PriceCommands(QObject):
    """Registers the commands and shows the context menu."""

    def __init__(self, place: Workplace, controls: Controls) -> None:
        super().__init__(controls.screen)
        self._place, self._at = place, controls
        self._add_for_screen()
        self._add_for_rows()
        self.files = register_price_files(place, controls.screen, self._shown_countries)
        menu = QMenu(controls.head.export)
        menu.addActions([place.commands.action(name) for name in ("prices.export", "prices.import")])
        controls.head.export.setMenu(menu)
        controls.table.menu_asked.connect(self.show_menu)
        controls.head.bulk.clicked.connect(self.bulk_edit)
        controls.filters.selection.edit.clicked.connect(self.bulk_edit)
        controls.filters.selection.export.clicked.connect(self._export)
        controls.filters.columns.clicked.connect(self.choose_columns)

    def bulk_edit(self) -> None:
        """Go to the bulk editor with what is ticked or selected as its scope."""
        scope = self.scope()
        self._place.navigator.go(Address("bulk", query={"scope": ",".join(scope)} if scope else {}))

    def scope(self) -> list[str]:
        """Return the ISO codes that are ticked, or of several selected rows; one current row is no selection."""
        model, table = self._at.model, self._at.table
        if model.ticked_countries:
            return sorted(model.ticked_countries)
        rows = {row for row, _ in table.selected_cells()}
        return sorted({model.line(row).iso for row in rows}) if len(rows) > 1 else []

    def choose_columns(self) -> None:
        """Choose the columns and their order."""
        ColumnsDialog(self._at.table, self._at.screen.window()).open()

    def switch_country(self) -> None:
        """Switch the country of the current row off, or on again; that can be undone."""
        index = self._at.table.currentIndex()
        if not index.isValid():
            return
        line = self._at.model.line(index.row())
        country = self._at.model.sheet.find(line.iso) or line
        parts = self._place.parts
        pricing, actor, name = parts.pricing, parts.actor, country.name

        def work(_job: Job) -> Outcome[None]:
            return switched(pricing, country.iso, name, on=not country.enabled, actor=actor)

        self._place.tasks.command(work, owner=self)

    def show_menu(self, place: QPoint) -> None:
        """Show the commands of the current row."""
        index = self._at.table.currentIndex()
        if not index.isValid():
            return
        country = self._at.model.sheet.find(self._at.model.line(index.row()).iso)
        enabled = country is None or country.enabled
        self._place.commands.action("prices.switch").setText(tr("Disable country") if enabled else tr("Enable country"))
        menu = QMenu(self._at.screen)
        for name in _ROW_MENU:
            menu.addAction(self._place.commands.action(name)) if name else menu.addSeparator()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _shown_countries(self) -> list[str] | None:
        """Return the countries that are ticked, or that a filter leaves; None for all of them."""
        model = self._at.model
        if model.ticked_countries:
            return sorted(model.ticked_countries)
        return model.shown_isos if self._at.filters.query else None

    def _export(self) -> None:
        self._place.commands.action("prices.export").trigger()

    def _add_for_screen(self) -> None:
        add, screen, at = self._place.commands.add, self._at.screen, self._at
        add("prices.sync", tr("Sync costs"), at.sync, keys="F5", menu=Menu.PRICES, icon="refresh-cw",
            words=tr("refresh pull provider"), scope=screen)  # fmt: skip
        add("prices.save", tr("Save price changes"), at.editing.save, keys="Ctrl+S", menu=Menu.PRICES, icon="check",
            scope=screen)  # fmt: skip
        add(
            "prices.review",
            tr("Review changes…"),
            at.editing.review,
            menu=Menu.PRICES,
            icon="list-checks",
            scope=screen,
        )
        add("prices.discard", tr("Discard price changes"), at.editing.discard, menu=Menu.PRICES, icon="undo-2",
            scope=screen)  # fmt: skip
        add("prices.find", tr("Filter prices"), at.filters.focus_field, keys=QKeySequence.StandardKey.Find,
            menu=Menu.EDIT, icon="search", scope=screen)  # fmt: skip
        add("prices.clear_filter", tr("Show all prices"), at.filters.clear, menu=Menu.VIEW, icon="x", scope=screen)
        add("prices.columns", tr("Columns…"), self.choose_columns, menu=Menu.VIEW, icon="columns-3", scope=screen)
        add("prices.inspector", tr("Inspector"), at.side.toggle, keys="Ctrl+I", menu=Menu.VIEW, icon="panel-right",
            scope=screen)  # fmt: skip
        add("prices.profit_rate", tr("Set all prices by profit rate"), at.head.rate_field.setFocus, menu=Menu.PRICES,
            icon="percent", words=tr("markup on cost"), scope=screen)  # fmt: skip

    def _add_for_rows(self) -> None:
        add, at, table = self._place.commands.add, self._at, self._at.table
        editing, clipboard = at.editing, at.clipboard
        add(
            "prices.bulk",
            tr("Bulk edit"),
            self.bulk_edit,
            keys="B",
            menu=Menu.PRICES,
            icon="sliders-horizontal",
            scope=table,
        )
        add("prices.edit", tr("Edit price"), lambda: table.edit_column(Column.PRICE), keys="F2", menu=Menu.PRICES,
            icon="pencil", scope=table)  # fmt: skip
        add("prices.edit_margin", tr("Edit margin"), lambda: table.edit_column(self._percent_column()), menu=Menu.PRICES,
            icon="percent", scope=table)  # fmt: skip
        add("prices.back_to_rule", tr("Back to rule"), editing.back_to_rule, keys="Ctrl+Backspace", menu=Menu.PRICES,
            icon="wand-sparkles", scope=table)  # fmt: skip
        add("prices.break_even", tr("Set to break-even"), editing.break_even, menu=Menu.PRICES, icon="scale",
            words=tr("loss cost zero"), scope=table)  # fmt: skip
        add("prices.copy", tr("Copy"), clipboard.copy, keys=QKeySequence.StandardKey.Copy, menu=Menu.EDIT, icon="copy",
            scope=table)  # fmt: skip
        add("prices.copy_headers", tr("Copy with headings"), lambda: clipboard.copy(headers=True), keys="Ctrl+Shift+C",
            menu=Menu.EDIT, icon="copy", scope=table)  # fmt: skip
        add("prices.paste", tr("Paste prices…"), clipboard.paste, keys=QKeySequence.StandardKey.Paste, menu=Menu.EDIT,
            icon="clipboard-paste", scope=table)  # fmt: skip
        add("prices.fill_down", tr("Fill down"), editing.fill_down, keys="Ctrl+D", menu=Menu.EDIT, icon="arrow-down",
            scope=table)  # fmt: skip
        add("prices.select_all", tr("Select all matching rows"), at.model.tick_all,
            keys=QKeySequence.StandardKey.SelectAll, menu=Menu.EDIT, icon="list-checks", scope=table)  # fmt: skip
        add("prices.tick", tr("Tick row"), self._tick, menu=None, icon="check", scope=table)
        add("prices.switch", tr("Disable country"), self.switch_country, menu=Menu.PRICES, icon="power", scope=table)

    def _percent_column(self) -> Column:
        return Column.MARKUP if self._at.table.isColumnHidden(Column.MARGIN) else Column.MARGIN

    def _tick(self) -> None:
        index = self._at.table.currentIndex()
        if index.isValid():
            self._at.model.tick(index.row())


def switched(pricing: PricingService, iso: str, name: str, *, on: bool, actor: str) -> Outcome[None]:
    """Switch a country on or off; the outcome can be undone."""
    pricing.set_country_enabled(iso, enabled=on, actor=actor)
    text = tr("{name} switched on", name=name) if on else tr("{name} switched off", name=name)

    def undo(_job: Job) -> Outcome[None]:
        return switched(pricing, iso, name, on=not on, actor=actor)

    return Outcome(None, frozenset({Topic.PRICES}), text, undo)
