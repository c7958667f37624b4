"""The commands of a screen that turn prices into files and files into prices."""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.services.price_exports import ExportOrder
from desktop_app.services.price_files import ExportChoices, Exported
from desktop_app.services.price_imports import ImportReview, ImportStored
from desktop_app.views.commands import Menu
from desktop_app.views.dialogs.export_prices import ExportDialog
from desktop_app.views.dialogs.import_prices import ImportDialog, ImportTargets, place_of
from desktop_app.views.parts import WindowParts
from desktop_app.views.reverting import reverting
from desktop_app.views.screen import Screen, Workplace
from desktop_app.workers.runner import Outcome, Topic

Shown = Callable[[], Collection[str] | None]


class PriceFiles:
    """Opens the dialogs of one screen and starts their jobs.

    Args:
        place: what every screen works with.
        screen: the screen; it owns the jobs' answers.
        shown: returns the ISO codes of the countries that a filter leaves, None without a filter.
    """

    def __init__(self, place: Workplace, screen: Screen, shown: Shown) -> None:
        self._place, self._screen, self._shown = place, screen, shown
        self._asking = False

    def open_export(self) -> None:
        """Ask what to export."""
        if self._asking:
            return
        self._asking = True
        files = self._place.parts.price_files
        self._place.tasks.query(
            lambda _job: files.choices(), owner=self._screen, on_success=self._show_export, on_error=self._give_up
        )

    def open_import(self) -> None:
        """Ask for a file."""
        if self._asking:
            return
        self._asking = True
        parts = self._place.parts
        self._place.tasks.query(
            lambda _job: _targets(parts), owner=self._screen, on_success=self._show_import, on_error=self._give_up
        )

    def _show_export(self, choices: ExportChoices) -> None:
        self._asking = False
        ExportDialog(self._place, self._screen, choices, self._shown(), self._export).open()

    def _show_import(self, targets: ImportTargets) -> None:
        self._asking = False
        ImportDialog(self._place, self._screen, targets, self._import).open()

    def _import(self, review: ImportReview, kept: list[str]) -> None:
        name = review.order.path.name
        self._place.jobs.start(
            tr("Import {name}", name=name), partial(store_import, self._place.parts, review, kept), owner=self._screen,
            icon="upload", on_success=self._say_imported, on_error=self._say_not_imported, message=_stored_text,
        )  # fmt: skip

    def _say_imported(self, done: ImportStored) -> None:
        # A price change says so itself, with Undo.
        if done.change_id is None:
            self._place.notices.say(_stored_text(done))

    def _say_not_imported(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            text = f"{tr('Nothing was imported')} · {error.user_message}"
            self._place.notices.warn(text, tr("Import again…"), self.open_import)

    def _give_up(self, error: AppError) -> None:
        self._asking = False
        self._place.tasks.refused.emit(error)

    def _export(self, path: Path, order: ExportOrder, replace: bool) -> None:
        files, actor = self._place.parts.price_files, self._place.parts.actor

        def work(job: Job) -> Outcome[Exported]:
            done = files.export(path, order, actor=actor, job=job, replace=replace)
            return Outcome(done)

        self._place.jobs.start(
            tr("Export {name}", name=path.name), work, owner=self._screen, icon="download", on_success=self._say_exported,
            on_error=self._say_failed, message=_rows_text,
        )  # fmt: skip

    def _say_exported(self, done: Exported) -> None:
        text = f"{tr('Price list exported')} · {done.path.name}, {_rows_text(done)}"
        self._place.notices.say(text, tr("Show in folder"), partial(_show_in_folder, done.path))

    def _say_failed(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            text = f"{tr('The price list was not exported')} · {error.user_message}"
            self._place.notices.warn(text, tr("Export again…"), self.open_export)


def register_price_files(place: Workplace, screen: Screen, shown: Shown) -> PriceFiles:
    """Register the commands "prices.export" and "prices.import" for ``screen`` and return what runs them.

    Args:
        place: what every screen works with.
        screen: within which the shortcuts work.
        shown: returns the ISO codes of the countries that a filter leaves, None without a filter.
    """
    files = PriceFiles(place, screen, shown)
    place.commands.add(
        "prices.export", tr("Export…"), files.open_export, keys="Ctrl+E", menu=Menu.PRICES, icon="download", scope=screen,
        words=tr("price list csv xlsx excel pdf file"),
    )  # fmt: skip
    place.commands.add(
        "prices.import", tr("Import…"), files.open_import, keys="Ctrl+Shift+I", menu=Menu.PRICES, icon="upload",
        scope=screen, words=tr("price sheet costs csv xlsx excel file"),
    )  # fmt: skip
    return files


def _targets(parts: WindowParts) -> ImportTargets:
    providers = sorted(parts.accounts.list_providers(), key=lambda one: not one.is_default)
    return ImportTargets(tuple(one.name for one in providers), parts.price_files.choices().currency)


def store_import(parts: WindowParts, review: ImportReview, kept: list[str], _job: Job) -> Outcome[ImportStored]:
    """Store the rows of a review that were kept; runs in the data lane."""
    done = parts.price_imports.store(review, map(place_of, kept), actor=parts.actor)
    if done.change_id is None:
        return Outcome(done, frozenset({Topic.PRICES, Topic.PROVIDERS}))
    undo = reverting(parts.pricing, done.change_id, parts.actor)
    return Outcome(done, frozenset({Topic.PRICES}), _stored_text(done), undo)


def _stored_text(done: ImportStored) -> str:
    count = f"{done.rows:,}"
    if done.change_id is None:
        return trn("{count} cost imported", "{count} costs imported", done.rows, count=count)
    return trn("{count} price imported", "{count} prices imported", done.rows, count=count)


def _rows_text(done: Exported) -> str:
    return trn("{count} row", "{count} rows", done.rows, count=f"{done.rows:,}")


def _show_in_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
