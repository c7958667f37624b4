"""The states of the Prices screen that are photographed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTemporaryDir
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from desktop_app.domain.errors import AppError, ProviderUnreachable
from desktop_app.domain.language import tr
from desktop_app.services.cost_pull import PartialSync
from desktop_app.views.commands import Commands
from desktop_app.views.dialogs.import_prices import ImportDialog
from desktop_app.views.formats import MISSING
from desktop_app.views.models.price_columns import HIDDEN, Column
from desktop_app.views.models.price_draft import PriceDraft
from desktop_app.views.models.price_lines import PriceSheet, QuickFilter, make_sheet
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.screen import Shot
from desktop_app.views.screens.prices.commands import PriceCommands
from desktop_app.views.screens.prices.editing import PriceEditing
from desktop_app.views.screens.prices.filters import FilterBar
from desktop_app.views.screens.prices.loading import PriceLoader
from desktop_app.views.screens.prices.pages import PricePages
from desktop_app.views.screens.prices.views import SavedViews
from desktop_app.views.widgets.change_review import ChangeReview
from desktop_app.views.widgets.inspector import PriceInspector
from desktop_app.views.widgets.notices import Banner
from desktop_app.views.widgets.price_view import PriceView

_EDITED: Final = ("FR", "IT", "ES")
_TICKED: Final = ("DE", "FR", "IT", "PL")
_SHOWN: Final = "DE"
_MISSED: Final = 67
_CONDITIONS: Final = {"region": "Europe", "margin": "30", "currency": "EUR"}
_ADDED: Final = frozenset({Column.SENDER, Column.DELIVERY, Column.PER_THOUSAND, Column.LAST_CHANGE, Column.CHANGED_BY})


class Pictured(Protocol):
    """The screen, as far as its pictures need it."""

    table: PriceView
    model: PriceTableModel
    draft: PriceDraft
    filters: FilterBar
    pages: PricePages
    banner: Banner
    loader: PriceLoader
    editing: PriceEditing
    commands: PriceCommands
    inspector: PriceInspector
    views: SavedViews

    def window(self) -> QWidget:
        """Return the window it stands in."""

    def discard(self) -> None:
        """Throw the draft away."""

    def review_costs(self) -> None:
        """Show the countries whose cost changed."""

    def show_sync_error(self, error: AppError) -> None:
        """Say why the costs were not synced."""


def price_shots(screen: Pictured, commands: Commands) -> tuple[Shot, ...]:
    """Return the table, its filters, drafts and dialogs, and what stands there when there is nothing to show."""
    calm = partial(_calm, screen)

    def run(command: str) -> Callable[[], None]:
        return lambda: commands.action(command).trigger()

    def shot(name: str, bring: Callable[[], object], ready: Callable[[], bool] = lambda: True) -> Shot:
        return Shot(name, bring, lambda: screen.inspector.is_told and ready(), calm)

    return (
        Shot("", lambda: screen.table.go_to(_SHOWN), lambda: _is_complete(screen)),
        shot("draft", lambda: _draft(screen)),
        shot("review", lambda: _review(screen)),
        shot("networks", lambda: _unfold(screen)),
        shot("selection", lambda: _tick(screen)),
        shot("losses", lambda: screen.filters.show_query({"filter": QuickFilter.LOSS.value})),
        shot("costs", screen.review_costs),
        shot("per_1000", lambda: _show_per(screen, 1000)),
        shot("nothing", lambda: screen.filters.show_query({"q": "grmany"})),
        shot("loading", screen.pages.show_loading),
        shot("error", lambda: screen.show_sync_error(_silent())),
        _partial_shot(screen, calm),
        shot("below_cost", lambda: _enter_below_cost(screen), lambda: screen.table.delegate.note.isVisible()),
        shot("menu", lambda: _open_menu(screen)),
        shot("columns", run("prices.columns"), lambda: bool(_dialogs(screen))),
        shot("sideways", lambda: _widen(screen), lambda: _scroll_sideways(screen)),
        shot("filters", lambda: screen.filters.show_query(_CONDITIONS)),
        shot("views", lambda: _open_views(screen), lambda: screen.views.menu.isVisible()),
        shot("export", run("prices.export"), lambda: bool(_dialogs(screen))),
        *_import_shots(screen, run("prices.import"), calm),
    )


def _partial_shot(screen: Pictured, calm: Callable[[], object]) -> Shot:
    """A sync that came to all but the last countries of the list."""
    kept: list[PriceSheet] = []

    def bring() -> None:
        sheet = screen.model.sheet
        kept.append(sheet)
        missed = frozenset(line.iso for line in sheet.countries[-_MISSED:])
        lines = [replace(line, missed=line.iso in missed) for line in sheet.countries]
        screen.loader.loaded.emit(make_sheet(lines, sheet))
        came = len(lines) - len(missed)
        screen.show_sync_error(PartialSync(_silent(), came, len(missed), missed))
        screen.filters.show_query({"filter": QuickFilter.MISSED.value})

    def leave() -> None:
        screen.loader.loaded.emit(kept.pop())
        calm()

    return Shot("partial", bring, lambda: screen.inspector.is_told, leave)


def _import_shots(screen: Pictured, bring: Callable[[], object], calm: Callable[[], object]) -> tuple[Shot, ...]:
    """The mapping of a file, and the look at what it would change."""
    folder = QTemporaryDir()

    def choose(dialog: ImportDialog) -> None:
        path = Path(folder.filePath("prices.csv"))
        lines = [line for line in screen.model.countries if line.iso in _TICKED and line.price]
        rows = [f"{line.iso},{line.name},{(line.price or 0) / 1_000_000 + 0.004:.4f},EUR" for line in lines]
        path.write_text("\n".join(["iso,country,price,currency", *rows]), "utf-8")
        dialog.target.buttons[1].click()
        dialog.take_file(str(path))

    def is_mapped() -> bool:
        for dialog in _dialogs(screen):
            if isinstance(dialog, ImportDialog):
                if dialog.form is not None:
                    return True
                if not dialog.path.text():
                    choose(dialog)
        return False

    def is_reviewed() -> bool:
        open_now = _dialogs(screen)
        if is_mapped() and len(open_now) == 1 and isinstance(open_now[0], ImportDialog):
            open_now[0].review()
        return any(isinstance(dialog, ChangeReview) for dialog in open_now)

    return (Shot("import", bring, is_mapped, calm), Shot("import_review", bring, is_reviewed, calm))


def _is_complete(screen: Pictured) -> bool:
    return screen.model.shown_countries > 0 and screen.inspector.line is not None and screen.inspector.is_told


def _calm(screen: Pictured) -> None:
    """Close and take back whatever a picture needed."""
    for dialog in reversed(_dialogs(screen)):
        dialog.reject()
    for menu in screen.window().findChildren(QMenu):
        menu.close()
    screen.table.delegate.close_editor()
    screen.discard()
    screen.draft.undo_stack.clear()
    screen.model.tick_none()
    screen.banner.hide()
    screen.filters.clear()
    if not screen.table.unwanted_columns >= HIDDEN:
        screen.views.show_usual()
    for view in screen.views.views:
        screen.views.forget(view.name)
    if screen.model.unit.sms != 1:
        _show_per(screen, 1)
    row = screen.model.row_of(_SHOWN)
    if row is not None and screen.model.is_expanded(row):
        screen.model.toggle(row)
    screen.table.go_to(_SHOWN, Column.PRICE)
    screen.table.scrollToTop()


def _dialogs(screen: Pictured) -> list[QDialog]:
    return [dialog for dialog in screen.window().findChildren(QDialog) if dialog.isVisible()]


def _draft(screen: Pictured) -> None:
    for iso in _EDITED:
        line = screen.model.sheet.find(iso)
        if line is not None and line.price is not None:
            screen.editing.put_price(line, line.price + 2_100, line.name)
    screen.table.go_to(_EDITED[0], Column.PRICE)
    screen.table.scrollTo(screen.table.currentIndex(), screen.table.ScrollHint.PositionAtCenter)


def _review(screen: Pictured) -> None:
    _draft(screen)
    screen.editing.review()


def _unfold(screen: Pictured) -> None:
    screen.table.go_to(_SHOWN, Column.COUNTRY)
    screen.model.toggle(screen.table.currentIndex().row())
    screen.table.scrollTo(screen.table.currentIndex(), screen.table.ScrollHint.PositionAtCenter)


def _tick(screen: Pictured) -> None:
    for iso in _TICKED:
        row = screen.model.row_of(iso)
        if row is not None:
            screen.model.tick(row)
    screen.table.go_to(_SHOWN, Column.PRICE)
    screen.table.scrollTo(screen.table.currentIndex(), screen.table.ScrollHint.PositionAtCenter)


def _widen(screen: Pictured) -> None:
    screen.table.arrange(list(Column), {*(HIDDEN - _ADDED), Column.MARKUP})
    screen.table.go_to(_SHOWN, Column.PRICE)


def _scroll_sideways(screen: Pictured) -> bool:
    bar = screen.table.horizontalScrollBar()
    bar.setValue(bar.maximum())
    row = screen.model.row_of(_SHOWN)
    is_read = row is not None and screen.model.text(row, Column.CHANGED_BY) != MISSING
    return is_read and screen.table.frozen_width > 0


def _open_views(screen: Pictured) -> None:
    for name, query in ((tr("Thin margins in Europe"), _CONDITIONS), (tr("Manual price"), {"filter": "manual"})):
        screen.filters.show_query(query)
        screen.views.keep(name)
    screen.filters.views.showMenu()


def _show_per(screen: Pictured, sms: int) -> None:
    screen.filters.unit.show_value(sms)
    screen.model.set_unit(sms)


def _enter_below_cost(screen: Pictured) -> None:
    screen.table.go_to(_SHOWN, Column.PRICE)
    screen.table.scrollTo(screen.table.currentIndex(), screen.table.ScrollHint.PositionAtCenter)
    screen.table.edit_column(Column.PRICE)
    field = screen.table.delegate.field
    if field is not None:
        field.setText("0.001")
        enter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(field, enter)


def _open_menu(screen: Pictured) -> None:
    place = screen.table.visualRect(screen.table.currentIndex()).bottomLeft()
    screen.commands.show_menu(screen.table.viewport().mapToGlobal(place))


def _silent() -> ProviderUnreachable:
    return ProviderUnreachable(tr("{name} did not answer in {count} seconds.", name="Sandbox", count=30))
