"""The menu of more filters: margin, currency of the cost, networks with their own price, when a price was changed."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QPushButton

from desktop_app.domain.language import tr
from desktop_app.views.models.price_conditions import (
    CHANGED,
    CURRENCY,
    DAYS,
    MARGIN,
    NETWORKS,
    OWN,
    condition_text,
    margin_name,
)
from desktop_app.views.models.price_lines import PriceSheet

_MARGINS: Final = ("0", "10", "20", "30", "40")


class ConditionMenu(QObject):
    """Fills the menu of a button.

    Signals:
        chosen: (name, value) of a condition.
        margin_asked: the person wants to type a margin.
    """

    chosen = Signal(str, str)
    margin_asked = Signal()

    def __init__(self, button: QPushButton) -> None:
        super().__init__(button)
        self._sheet: PriceSheet | None = None
        self.menu = QMenu(button)
        self.menu.aboutToShow.connect(self.fill)
        button.setMenu(self.menu)

    def show_sheet(self, sheet: PriceSheet) -> None:
        """Offer the currencies of other prices."""
        self._sheet = sheet

    def fill(self) -> None:
        """Say what can be filtered by."""
        self.menu.clear()
        margins = self.menu.addMenu(tr("Margin below"))
        for value in _MARGINS:
            margins.addAction(margin_name(value)).triggered.connect(partial(self._choose, MARGIN, value))
        margins.addSeparator()
        margins.addAction(tr("Another margin…")).triggered.connect(lambda _checked: self.margin_asked.emit())
        currencies = self.menu.addMenu(tr("Cost currency"))
        for code in self._sheet.currencies if self._sheet else ():
            currencies.addAction(code).triggered.connect(partial(self._choose, CURRENCY, code))
        currencies.setEnabled(bool(currencies.actions()))
        changed = self.menu.addMenu(tr("Price changed"))
        for days in DAYS:
            text = condition_text(CHANGED, str(days))
            changed.addAction(text).triggered.connect(partial(self._choose, CHANGED, str(days)))
        own = self.menu.addAction(condition_text(NETWORKS, OWN))
        own.triggered.connect(partial(self._choose, NETWORKS, OWN))

    def _choose(self, name: str, value: str, _checked: bool = False) -> None:
        self.chosen.emit(name, value)
