"""What stands above the list of messages: missing reports, and outcomes that nobody knows."""

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.services.message_search import MissingReports
from desktop_app.views.moments import moment_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.notices import Banner


class ListNotes(QWidget):
    """The banners of the list.

    Attributes:
        banner: what could not be read.
        doubt: the outcomes that are listed are unknown.
        missing: reports that did not come.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.banner, self.doubt, self.missing = Banner(theme), Banner(theme), Banner(theme)
        self._told = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 0)
        column.setSpacing(8)
        for notice in (self.banner, self.doubt, self.missing):
            column.addWidget(notice)

    def tell_missing(self, missing: MissingReports, now: datetime) -> None:
        """Say how many reports are missing; closed by hand, it comes back when there are more."""
        if missing.count <= self._told and self.missing.isHidden():
            return
        self._told = missing.count
        if not missing.count:
            self.missing.hide()
            return
        title = trn(
            "A report is missing for {count:,} message", "Reports are missing for {count:,} messages", missing.count
        )
        detail = tr("They were accepted more than an hour ago. They are asked for again and again.")
        if missing.last is not None:
            detail += " " + tr("Last report: {time}.", time=moment_text(missing.last, now))
        self.missing.show_warning(title, detail, tr("Show"))

    def tell_doubt(self, *, on: bool) -> None:
        """Say what the listed unknown outcomes mean, or nothing."""
        if not on:
            self.doubt.hide()
        elif self.doubt.isHidden():
            title = tr("The provider did not confirm these messages")
            detail = tr(
                "They may have been sent, so they are not sent again. Their credit stays reserved until it is known."
            )
            self.doubt.show_warning(title, detail, tr("Look up again"))
