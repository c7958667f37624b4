"""What the person decides about single rows of a bulk edit, and what others change under it meanwhile."""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.bulk_edits import NetworkScope, RowState
from desktop_app.services.bulk_edit import Conflict, EditBasis
from desktop_app.services.price_edits import LossAllowed
from desktop_app.views.dialogs.bulk_dialogs import AllowLossesDialog
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.bulk_banners import ConflictBanner
from desktop_app.views.widgets.bulk_frame import BulkFrame
from desktop_app.workers.runner import Topic

CONFLICT_MILLISECONDS: Final = 10_000
_MOVING: Final = frozenset({Topic.PRICES, Topic.PROVIDERS})


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided, by rate id.

    Attributes:
        unticked: rows that stay as they are.
        raised: rows raised to break-even.
        allowed: rows that may sell below cost.
        loss: until when and why they may.
    """

    unticked: frozenset[int] = frozenset()
    raised: frozenset[int] = frozenset()
    allowed: frozenset[int] = frozenset()
    loss: LossAllowed | None = None


UNDECIDED: Final = Decisions()


class RowDecisions(QObject):
    """Boxes and the buttons of the loss banner. ``changed`` is emitted at every decision."""

    changed = Signal()

    def __init__(self, place: Workplace, frame: BulkFrame, screen: QWidget) -> None:
        super().__init__(screen)
        self._place, self._frame, self._screen = place, frame, screen
        self.made = UNDECIDED
        self.dialog: AllowLossesDialog | None = None
        frame.model.ticked.connect(self._tick)
        frame.loss.raise_button.clicked.connect(self.raise_losing)
        frame.loss.exclude_button.clicked.connect(self.exclude_losing)
        frame.loss.allow_button.clicked.connect(self.ask_to_allow)

    def clear(self) -> None:
        """Take everything back; nothing is emitted."""
        self.made = UNDECIDED

    def withdraw_allowed(self) -> None:
        """Allow no loss any more: it was allowed for the prices that were seen then. Nothing is emitted."""
        self.made = replace(self.made, allowed=frozenset(), loss=None)

    def raise_losing(self) -> None:
        """Raise every row that would sell below cost to break-even."""
        ids = self._losing()
        self._make(replace(self.made, raised=self.made.raised | ids, allowed=self.made.allowed - ids))

    def exclude_losing(self) -> None:
        """Leave every row that would sell below cost as it is."""
        self._make(replace(self.made, unticked=self.made.unticked | self._losing()))

    def ask_to_allow(self) -> None:
        """Ask until when and why the refused rows may sell below cost."""
        refused = [line for line in self._frame.model.losing if line.row.state is RowState.REFUSED]
        self.dialog = AllowLossesDialog(self._place, [line.name for line in refused], self._screen)
        self.dialog.allowed.connect(self._allow)
        self.dialog.open()

    def _allow(self, loss: LossAllowed) -> None:
        self._make(replace(self.made, allowed=self.made.allowed | self._losing(), loss=loss))

    def _tick(self, ids: frozenset[int], on: bool) -> None:
        unticked = self.made.unticked
        self.made = replace(self.made, unticked=unticked - ids if on else unticked | ids)
        self.changed.emit()

    def _make(self, decisions: Decisions) -> None:
        self.made = decisions
        self._frame.apply.setFocus()
        self.changed.emit()

    def _losing(self) -> frozenset[int]:
        return frozenset(line.row.rate.rate_id for line in self._frame.model.losing)


class ConflictWatch(QObject):
    """Looks every few seconds, and after every change, whether the rows of the edit are still those that it began with."""

    def __init__(self, place: Workplace, banner: ConflictBanner, screen: QWidget) -> None:
        super().__init__(screen)
        self._place, self._banner, self._screen = place, banner, screen
        self._basis: EditBasis | None = None
        self._countries: frozenset[str] = frozenset()
        self._networks = NetworkScope.COUNTRIES
        self.is_paused = False
        self._timer = QTimer(self, interval=CONFLICT_MILLISECONDS)
        self._timer.timeout.connect(self._look_if_seen)
        self._timer.start()
        place.tasks.changed.connect(lambda topics: self.look() if topics & _MOVING else None)

    def watch(self, basis: EditBasis, countries: frozenset[str], networks: NetworkScope) -> None:
        """Compare with ``basis`` from now on, such rows of these countries."""
        if basis is not self._basis:
            self._banner.hide()
        self._basis, self._countries, self._networks = basis, countries, networks

    def look(self) -> None:
        """Look now."""
        basis, countries, networks = self._basis, self._countries, self._networks
        service = self._place.parts.bulk_edit
        if basis is None or not countries or self.is_paused:
            return

        def show(conflict: Conflict | None) -> None:
            if basis is self._basis and not self.is_paused:
                self._banner.show_conflict(conflict, self._place.parts.clock())

        self._place.tasks.query(lambda _job: service.conflict(basis, countries, networks), owner=self, on_success=show)

    def _look_if_seen(self) -> None:
        if self._screen.isVisible():
            self.look()
