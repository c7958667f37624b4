"""The left side of the screen: search, chips, order, and the list of clients."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.client_accounts import ClientSummary
from desktop_app.views.formats import count_text
from desktop_app.views.icons import BUTTON_ICON, button_icon
from desktop_app.views.models.client_list import (
    ClientChip,
    ClientListModel,
    ClientOrder,
    chip_text,
    order_text,
)
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.client_cards import ClientCards
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.icon_widgets import IconButton
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import rule

LIST_WIDTH: Final = 284
_ICON: Final = 13
_MARKS: Final = {ClientChip.LOW: ("triangle-alert", "warning_icon")}
# Chips that are only there while they select something.
_OCCASIONAL: Final = frozenset({ClientChip.OVERDRAWN, ClientChip.PAUSED, ClientChip.ARCHIVED})


class ClientSide(QFrame):
    """Search, chips and list.

    Signals:
        narrowed: another chip, order or search.
    """

    narrowed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.model = ClientListModel(self)
        self.list = ClientCards(self.model, theme)
        self.field = FindField(theme, tr("Find client"))
        self.order_button = IconButton(theme, "sliders-horizontal", tr("Order"))
        self.chips = {chip: QPushButton(chip_text(chip)) for chip in ClientChip}
        self._group = QButtonGroup(self)
        for chip, button in self.chips.items():
            button.setProperty("look", "chip")
            button.setCheckable(True)
            button.setIconSize(BUTTON_ICON)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._group.addButton(button)
            button.clicked.connect(self._choose)
            if chip is ClientChip.ALL:
                button.setChecked(True)
        self.chips[ClientChip.DRY].setToolTip(tr("The credit lasts at most 7 days at the use of the last 30"))
        self.chip_row = QWidget()
        chips = FlowLayout(self.chip_row, spacing=6)
        for button in self.chips.values():
            chips.addWidget(button)
        self.nothing = label("", "facts")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        self._build()
        self.field.textChanged.connect(self._filter)
        self.order_button.clicked.connect(self._open_orders)
        theme.changed.connect(self._fit)
        self._fit()

    @property
    def chip(self) -> ClientChip:
        """The chip that is pressed."""
        return next(chip for chip, button in self.chips.items() if button.isChecked())

    @property
    def current(self) -> ClientSummary | None:
        """The client that is chosen."""
        row = self.list.currentIndex().row()
        return self.model.record(row) if 0 <= row < self.model.rowCount() else None

    def show_chip(self, chip: ClientChip, order: ClientOrder | None = None) -> None:
        """Press a chip."""
        self.chips[chip].setChecked(True)
        self.model.arrange(chip, order or self.model.order)
        self._say_nothing()

    def show_counts(self) -> None:
        """Say on each chip how many it has; those that never have any are left out."""
        for chip, button in self.chips.items():
            button.setText(f"{chip_text(chip)} {count_text(self.model.count(chip))}")
            if chip in _MARKS:
                button.setIcon(button_icon(self._theme, *_MARKS[chip], _ICON))
            is_usual = chip not in _OCCASIONAL
            button.setVisible(is_usual or bool(self.model.count(chip)) or button.isChecked())
        self._say_nothing()

    def select(self, name: str) -> bool:
        """Choose the client named ``name``; False when it is not shown."""
        row = self.model.row_of(name)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row, 0))
        return row >= 0

    def _choose(self) -> None:
        self.model.arrange(self.chip, self.model.order)
        self.show_counts()
        self.narrowed.emit()

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._say_nothing()
        self.narrowed.emit()

    def _say_nothing(self) -> None:
        typed = self.field.text().strip()
        self.nothing.setText(
            tr("No client matches “{text}”", text=typed)
            if typed
            else tr("No client here: {chip}", chip=chip_text(self.chip))
        )
        self.nothing.setVisible(not self.model.rowCount() and bool(self.model.clients))

    def _open_orders(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for order in ClientOrder:
            action = menu.addAction(order_text(order))
            action.setCheckable(True)
            action.setChecked(order is self.model.order)
            group.addAction(action)
            action.triggered.connect(lambda _on, chosen=order: self._sort(chosen))
        menu.popup(self.order_button.mapToGlobal(self.order_button.rect().bottomLeft()))

    def _sort(self, order: ClientOrder) -> None:
        self.model.arrange(self.chip, order)
        self.narrowed.emit()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.order_button)
        top = QVBoxLayout()
        top.setContentsMargins(16, 12, 16, 12)
        top.setSpacing(10)
        top.addLayout(row)
        top.addWidget(self.chip_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(rule())
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.scaled(LIST_WIDTH))
        self.show_counts()
