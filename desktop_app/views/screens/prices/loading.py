"""Reads the prices and hands them over when they may be shown: never into an open field."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QProgressBar

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.views.models.price_columns import ON_DEMAND, Column
from desktop_app.views.models.price_lines import PriceSheet
from desktop_app.views.models.price_more import Counted
from desktop_app.views.models.price_sheet import SheetReader
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Topic

# Reading that takes longer than this is seen.
NOTICED_MILLISECONDS: Final = 300
COUNT_MILLISECONDS: Final = 300_000


class PriceLoader(QObject):
    """Reads at once, at every change of what it shows, and counts messages now and then.

    Signals:
        loaded: a PriceSheet to show.
        failed: the AppError of a reading; what was shown stays.

    Args:
        place: the workplace.
        may_show: whether the rows may be exchanged now; when not, ``show_waiting`` is called later.
    """

    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, place: Workplace, may_show: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        parts = place.parts
        self._place, self._may_show = place, may_show
        self._reader = SheetReader(
            parts.pricing, parts.accounts, parts.preferences, parts.history, parts.country_rules, parts.clock
        )
        self._shown: PriceSheet | None = None
        self._waiting: PriceSheet | None = None
        self._counted: Counted | None = None
        self._wanted: frozenset[Column] = frozenset()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(tr("Prices are being read"))
        self.bar.hide()
        self._bar_timer = QTimer(self, singleShot=True, interval=NOTICED_MILLISECONDS)
        self._bar_timer.timeout.connect(self.bar.show)
        self._count_timer = QTimer(self, interval=COUNT_MILLISECONDS)
        self._count_timer.timeout.connect(self._count)
        place.tasks.changed.connect(self._reload_for)

    def reload(self) -> None:
        """Read the prices; those on screen stay until they are there."""
        if self._shown is not None:
            self._bar_timer.start()
        work = partial(self._reader.read, self._place.parts.language, self._counted, self._wanted)
        self._place.tasks.query(work, owner=self, on_success=self._arrived, on_error=self._failed)

    def want(self, columns: Iterable[Column]) -> None:
        """Read from now on what these columns show, of those that are read on demand only."""
        before, self._wanted = self._wanted, ON_DEMAND & frozenset(columns)
        if self._shown is None or self._wanted <= before:
            return
        if Column.DELIVERY in self._wanted - before:
            self._count(shows_more=True)
            return
        work = partial(self._reader.tell_more, self._shown, self._counted, self._wanted)
        self._place.tasks.query(work, owner=self, on_success=partial(self._take_more, self._shown))

    def show_waiting(self) -> None:
        """Hand over what came while it could not be shown."""
        if self._waiting is not None and self._may_show():
            self._hand_over(self._waiting)

    def _reload_for(self, topics: frozenset[Topic]) -> None:
        if topics & {Topic.PRICES, Topic.PROVIDERS, Topic.SETTINGS}:
            self.reload()

    def _arrived(self, sheet: PriceSheet) -> None:
        self._hide_bar()
        if self._may_show():
            self._hand_over(sheet)
        else:
            self._waiting = sheet

    def _hand_over(self, sheet: PriceSheet) -> None:
        is_first = self._shown is None
        self._shown, self._waiting = sheet, None
        self.loaded.emit(sheet)
        if is_first:
            self._count()
            self._count_timer.start()

    def _failed(self, error: AppError) -> None:
        self._hide_bar()
        self.failed.emit(error)

    def _hide_bar(self) -> None:
        self._bar_timer.stop()
        self.bar.hide()

    def _count(self, *, shows_more: bool = False) -> None:
        """Count; with ``shows_more`` columns came that show something even when the same is counted as before."""
        if self._shown is not None:
            work = partial(self._reader.count, self._shown, self._wanted)
            take = partial(self._take_counted, self._shown, shows_more)
            self._place.tasks.query(work, owner=self, on_success=take)

    def _take_counted(self, meant: PriceSheet, shows_more: bool, found: tuple[Counted, PriceSheet]) -> None:
        counted, sheet = found
        if shows_more or counted != self._counted:
            self._counted = counted
            self._take_more(meant, sheet)

    def _take_more(self, meant: PriceSheet, sheet: PriceSheet) -> None:
        if meant is self._shown and self._waiting is None:
            self._arrived(sheet)
        else:
            # Other prices came meanwhile; they are read once more, with this.
            self.reload()
