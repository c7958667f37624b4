"""The table, or what stands in its place: grey bars while it loads, a sentence and a button when there is nothing."""

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.models.price_lines import PriceSheet
from desktop_app.views.models.price_sheet import nearest_name
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.notices import Placeholder, Skeleton

SKELETON_MILLISECONDS: Final = 300


class PricePages(QStackedWidget):
    """Chooses what is shown.

    Signals:
        text_wanted: the text to filter by instead, "" for no filter at all.
        sync_wanted: the person wants to pull the costs.
        provider_wanted: the person wants to add a provider.
        demo_wanted: the person wants to look around with demo data.
    """

    text_wanted = Signal(str)
    sync_wanted = Signal()
    provider_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, theme: Theme, table: QWidget) -> None:
        super().__init__()
        self.placeholder = Placeholder(theme)
        self._table, self._skeleton, self._blank = table, Skeleton(theme), QWidget()
        self._sheet: PriceSheet | None = None
        self._nearest = ""
        for page in (self._blank, self._skeleton, self.placeholder, table):
            self.addWidget(page)
        self.placeholder.action.clicked.connect(self._help_out)
        self.placeholder.second.clicked.connect(self._help_otherwise)
        QTimer.singleShot(SKELETON_MILLISECONDS, self, self._show_skeleton)

    def show_for(self, sheet: PriceSheet, shown: int, text: str) -> None:
        """Show the table, or say why it is empty.

        Args:
            sheet: the prices.
            shown: how many countries match.
            text: what is typed into the filter.
        """
        self._sheet = sheet
        if shown:
            self.setCurrentWidget(self._table)
            return
        if sheet.countries:
            self._show_no_result(sheet, text)
        elif sheet.provider:
            self.placeholder.show_text(
                "tag", tr("No prices yet"), tr("Sync the costs of all countries first."), tr("Sync costs")
            )
        else:
            detail = tr("Connect a provider to import costs for all countries, or look around with demo data.")
            demo = tr("Look around with demo data")
            self.placeholder.show_text("plug", tr("No prices yet"), detail, tr("Add provider"), demo)
        self.setCurrentWidget(self.placeholder)

    def show_loading(self) -> None:
        """Show the grey bars that stand for rows that are being read."""
        self.setCurrentWidget(self._skeleton)

    def _show_skeleton(self) -> None:
        if self.currentWidget() is self._blank:
            self.show_loading()

    def _show_no_result(self, sheet: PriceSheet, text: str) -> None:
        title = tr("No country matches “{text}”", text=text) if text else tr("No country is in this list")
        nearest = nearest_name(text, sheet.countries)
        self._nearest = nearest.name if nearest else ""
        clear = tr("Clear filter")
        texts = (tr("Show {name}", name=self._nearest), clear) if nearest else (clear, "")
        self.placeholder.show_text("search", title, "", *texts)

    def _help_otherwise(self) -> None:
        if self._sheet is not None and self._sheet.countries:
            self.text_wanted.emit("")
        else:
            self.demo_wanted.emit()

    def _help_out(self) -> None:
        if self._sheet is None:
            return
        if self._sheet.countries:
            self.text_wanted.emit(self._nearest)
        elif self._sheet.provider:
            self.sync_wanted.emit()
        else:
            self.provider_wanted.emit()
