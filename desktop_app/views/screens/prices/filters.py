"""Above the table: chips with counts, the search field, filters that can be taken off again, and how prices are shown."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.language import tr
from desktop_app.services.clock import Clock
from desktop_app.views.formats import count_text, percent_text, whole_percent_text
from desktop_app.views.icons import button_icon, icon
from desktop_app.views.models.price_conditions import (
    PROVIDER,
    REGION,
    Conditions,
    condition_text,
    criteria_of,
    known_conditions,
    region_names,
)
from desktop_app.views.models.price_filter import Criteria
from desktop_app.views.models.price_lines import PriceSheet, QuickFilter
from desktop_app.views.screens.prices.condition_menu import ConditionMenu
from desktop_app.views.screens.prices.filter_fields import SearchField, SelectionBar
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.chip_row import ChipRow
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.icon_widgets import IconButton, KeyButton
from desktop_app.views.widgets.inputs import Segments

FILTER_MILLISECONDS: Final = 120
_ICON: Final = 14
_CHIP_ICON: Final = QSize(15, 16)
_CHIP_GAP: Final = 5
# Chips that are only there while they select something: they are news, or rare.
_OCCASIONAL: Final = frozenset({QuickFilter.UNPRICED, QuickFilter.OFF, QuickFilter.COST, QuickFilter.MISSED})
_MARKS: Final = {
    QuickFilter.LOSS: ("circle-alert", "danger_icon"), QuickFilter.TARGET: ("triangle-alert", "warning_icon"),
    QuickFilter.COST: ("trending-up", "text3"), QuickFilter.MISSED: ("clock", "warning_icon"),
    QuickFilter.MANUAL: ("lock", "text3"), QuickFilter.UNPRICED: ("circle-off", "text3"),
    QuickFilter.OFF: ("circle-slash", "text3"),
}  # fmt: skip


class FilterBar(QWidget):
    """Everything that decides which rows are shown.

    Signals:
        changed: the criteria are others; ``criteria`` has them.
        unit_chosen: 1 or 1000, when the person chose.
        down: the person goes down into the table.
    """

    changed = Signal()
    unit_chosen = Signal(int)
    down = Signal()

    def __init__(self, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self._theme, self._clock = theme, clock
        self._conditions: Conditions = {}
        self._counts: Mapping[QuickFilter, int] = {}
        self._timer = QTimer(self, singleShot=True, interval=FILTER_MILLISECONDS)
        self._timer.timeout.connect(self.changed)
        self.field = SearchField(theme)
        self.selection = SelectionBar()
        self._pages = QStackedWidget()
        self._pages.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._pages.addWidget(self._filter_row())
        self._pages.addWidget(self.selection)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 0)
        column.setSpacing(10)
        column.addWidget(self._chip_row())
        column.addWidget(self._pages)
        column.addWidget(self._removable_row())
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    # What is chosen

    @property
    def quick(self) -> QuickFilter:
        """The chip that is pressed."""
        return next(quick for quick, chip in self.chips.items() if chip.isChecked())

    @property
    def text(self) -> str:
        """What is typed."""
        return self.field.text()

    @property
    def criteria(self) -> Criteria:
        """What the table is to show."""
        return criteria_of(self.text, self.quick, self._conditions, self._clock())

    @property
    def query(self) -> Mapping[str, str]:
        """The same as an address has it."""
        quick = "" if self.quick is QuickFilter.ALL else self.quick.value
        parts = {"filter": quick, "q": self.text.strip(), **self._conditions}
        return {name: value for name, value in parts.items() if value}

    def show_query(self, query: Mapping[str, str]) -> None:
        """Show what an address has; without anything everything is shown. Unknown words are left out."""
        quick = query.get("filter", "")
        self.chips[QuickFilter(quick) if quick in list(QuickFilter) else QuickFilter.ALL].setChecked(True)
        self._show_chips()
        self._conditions = known_conditions(query)
        self.field.blockSignals(True)
        self.field.setText(query.get("q", ""))
        self.field.blockSignals(False)
        self.show_conditions()
        self._timer.stop()
        self.changed.emit()

    def clear(self) -> None:
        """Show everything again."""
        self.show_query({})

    def apply_now(self) -> None:
        """Do not wait for more typing."""
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit()

    def show_sheet(self, sheet: PriceSheet) -> None:
        """Count the chips and offer the providers of other prices."""
        self._counts = sheet.counts
        for quick, text in _chip_texts(tr("Below target {percent}", percent=_target_text(sheet.target))).items():
            self.chips[quick].setText(f"{text}  {count_text(sheet.counts.get(quick, 0))}")
        self._show_chips()
        self.provider_menu.clear()
        self._fill_menu(self.provider_menu, PROVIDER, {name: name for name in _providers(sheet)})
        self.more.show_sheet(sheet)

    def show_ticked(self, count: int, *, all_matching: bool) -> None:
        """Show the selection bar while several countries are ticked, else the filters."""
        self.selection.show_count(count, all_matching=all_matching)
        self._pages.setCurrentIndex(1 if count > 1 else 0)

    def focus_field(self) -> None:
        """Put the cursor into the search field, whatever stands in its place."""
        self._pages.setCurrentIndex(0)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    # Making it

    def _chip_row(self) -> QWidget:
        self.chips = {quick: QPushButton() for quick in QuickFilter}
        self.chip_line = ChipRow(list(self.chips.values()), _CHIP_GAP)
        group = QButtonGroup(self)
        for chip in self.chips.values():
            chip.setProperty("look", "chip")
            # All of them stand beside the open inspector.
            chip.setProperty("tight", True)
            chip.setCheckable(True)
            chip.setIconSize(_CHIP_ICON)
            chip.clicked.connect(self._chip_pressed)
            group.addButton(chip)
        for quick, text in _chip_texts(tr("Below target")).items():
            self.chips[quick].setText(text)
        self.chips[QuickFilter.ALL].setChecked(True)
        self._show_chips()
        return self.chip_line

    def _filter_row(self) -> QWidget:
        self.field.textChanged.connect(lambda _: self._timer.start())
        self.field.down.connect(self._go_down)
        self._region_button, self.region_menu = self._menu_button(tr("Region"))
        self._fill_menu(self.region_menu, REGION, region_names())
        self._provider_button, self.provider_menu = self._menu_button(tr("Provider"))
        more = KeyButton(self._theme, tr("Filter"), image="filter")
        more.setProperty("look", "quiet")
        self.more = ConditionMenu(more)
        self.more.chosen.connect(self.choose)
        self.views = KeyButton(self._theme, tr("Saved views"))
        self.views.setProperty("look", "quiet")
        self.unit = Segments([(1, tr("Per SMS")), (1000, tr("Per 1,000"))])
        self.unit.show_value(1)
        self.unit.name(tr("Prices"))
        self.unit.chosen.connect(lambda: self.unit_chosen.emit(self.unit.value))
        self.columns = IconButton(self._theme, "columns-3", tr("Columns"))
        self.inspector = IconButton(self._theme, "panel-right", tr("Inspector"), keys="Ctrl+I")
        self.inspector.setCheckable(True)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self._region_button)
        row.addWidget(self._provider_button)
        row.addWidget(more)
        row.addWidget(self.views)
        row.addStretch()
        for part in (self.unit, self.columns, self.inspector):
            row.addWidget(part)
        return holder

    def _removable_row(self) -> QWidget:
        self._removable = QWidget()
        self._removable_chips = FlowLayout(self._removable, 6)
        self._removable.hide()
        return self._removable

    def _menu_button(self, text: str) -> tuple[QPushButton, QMenu]:
        button = KeyButton(self._theme, text)
        menu = QMenu(button)
        button.setMenu(menu)
        return button, menu

    def _fill_menu(self, menu: QMenu, name: str, choices: Mapping[str, str]) -> None:
        group = QActionGroup(menu)
        for value, text in choices.items():
            action = menu.addAction(text)
            action.triggered.connect(lambda _checked, value=value: self.choose(name, value))
            group.addAction(action)

    # What the person does

    def _show_chips(self) -> None:
        self.chip_line.show_chips(
            [
                chip
                for quick, chip in self.chips.items()
                if quick in _OCCASIONAL and not self._counts.get(quick) and not chip.isChecked()
            ]
        )

    def _chip_pressed(self) -> None:
        self._show_chips()
        self._timer.stop()
        self.changed.emit()

    def _go_down(self) -> None:
        self.apply_now()
        self.down.emit()

    def choose(self, name: str, value: str) -> None:
        """Filter by a condition besides, or with "" not by it any more."""
        self._conditions = known_conditions({**self._conditions, name: value})
        self.show_conditions()
        self.changed.emit()

    def show_conditions(self) -> None:
        """Show the conditions as chips that take them off, in the language in force."""
        row = self._removable_chips
        while (item := row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for name, value in self._conditions.items():
            row.addWidget(self._removable_chip(condition_text(name, value), partial(self.choose, name, "")))
        self._removable.setVisible(bool(self._conditions))

    def _removable_chip(self, text: str, remove: Callable[[], object]) -> QPushButton:
        chip = QPushButton(text.replace("&", "&&"))
        chip.setProperty("look", "removable")
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setIcon(icon(self._theme, "x", "accent_text", _ICON))
        chip.setIconSize(QSize(_ICON, _ICON))
        chip.setAccessibleName(tr("Remove the filter {name}", name=text))
        chip.setToolTip(tr("Remove this filter"))
        chip.clicked.connect(lambda _checked: remove())
        return chip

    def _paint_icons(self) -> None:
        for quick, (name, colour) in _MARKS.items():
            self.chips[quick].setIcon(button_icon(self._theme, name, colour, _ICON, _CHIP_ICON))


def _chip_texts(below: str) -> dict[QuickFilter, str]:
    return {
        QuickFilter.ALL: tr("All"), QuickFilter.LOSS: tr("Loss-making"), QuickFilter.TARGET: below,
        QuickFilter.COST: tr("Cost changed"), QuickFilter.MISSED: tr("Not updated"),
        QuickFilter.MANUAL: tr("Manual price"), QuickFilter.UNPRICED: tr("No route"), QuickFilter.OFF: tr("Switched off"),
    }  # fmt: skip


def _target_text(target: int) -> str:
    return percent_text(target) if target % 100 else whole_percent_text(target // 100)


def _providers(sheet: PriceSheet) -> list[str]:
    return sorted({line.provider for line in sheet.countries if line.provider})
