"""Why the costs were not synced, or not all of them: said above those from before, with the way on."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.cost_pull import PartialSync
from desktop_app.views.dialogs.error_details import ErrorDetails
from desktop_app.views.formats import ago
from desktop_app.views.partial_sync import show_missed_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.notices import Banner


class SyncTrouble(QObject):
    """Shows an error in a banner.

    Args:
        place: the workplace.
        banner: where it is said.
        show_missed: shows the countries that the sync did not reach.
        parent: the screen.
    """

    def __init__(self, place: Workplace, banner: Banner, show_missed: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._banner, self._show_missed, self._screen = place, banner, show_missed, parent
        self._error: AppError | None = None
        self._at = place.parts.clock()
        banner.more.clicked.connect(self._tell_more)

    def show(self, error: AppError, synced: datetime | None) -> None:
        """Say what went wrong, and of when the costs are that are shown."""
        self._error, self._at = error, self._place.parts.clock()
        if isinstance(error, PartialSync):
            more = show_missed_text(error) or tr("Details")
            self._banner.show_warning(_title(error), error.user_message, tr("Try again"), more)
            return
        old = tr("Showing costs from {when}.", when=ago(synced, self._at)) if synced else ""
        detail = f"{error.user_message} {old}".strip()
        self._banner.show_error(_title(error), detail, can_retry=True, more=tr("Details"))

    def _tell_more(self) -> None:
        if self._error is None:
            return
        if show_missed_text(self._error):
            self._show_missed()
            return
        version = self._place.parts.diagnostics.version()
        window = self._screen.window()
        ErrorDetails(_title(self._error), self._error, self._at, version, window).open()


def _title(error: AppError) -> str:
    if isinstance(error, PartialSync):
        return tr("Not all costs were synced")
    return tr("The costs were not synced")
