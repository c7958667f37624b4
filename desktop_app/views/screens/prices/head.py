"""The top of the Prices screen: what is shown, and what can be done with all of it."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.dressing import redress
from desktop_app.views.formats import plain_tip
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.notices import label

_FIELD: Final = 52
_SIDE: Final = 20
_GAP: Final = 16


class Head(QWidget):
    """Title and facts at the left; profit rate, sync, export and bulk edit at the right, or above facts that need the room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.facts = ElidedLabel("facts")
        self.sync = KeyButton(theme, tr("Sync costs"), image="refresh-cw")
        self.sync.setToolTip(tr("Pull the costs of all countries (F5)"))
        self.cancel = KeyButton(theme, tr("Cancel sync"), image="x")
        self.cancel.hide()
        self.export = KeyButton(theme, tr("Export"), image="download")
        self.bulk = KeyButton(theme, tr("Bulk edit"), "B", image="sliders-horizontal")
        self.bulk.setProperty("look", "primary")
        self._tools = QWidget()
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self._rate_box(), self.cancel, self.sync, self.export, self.bulk):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(_SIDE, 0, _SIDE, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(label(tr("Prices"), "title"), 0, 0)
        self._is_stacked: bool | None = None
        self._fit()

    def show_facts(self, text: str) -> None:
        """Say in one line what is shown."""
        self.facts.setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the facts a line of their own where they do not fit beside the buttons."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = self.facts.sizeHint().width() + _GAP + self._tools.sizeHint().width() + 2 * _SIDE
        stacked = needed > self.width()
        if stacked is self._is_stacked:
            return
        self._is_stacked = stacked
        self._grid.addWidget(self._tools, 0, 1, 1 if stacked else 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(self.facts, 1, 0, 1, 2 if stacked else 1)

    def show_syncing(self, *, on: bool) -> None:
        """Offer to cancel while a sync runs, else to start one."""
        had_focus = self.sync.hasFocus() or self.cancel.hasFocus()
        self.cancel.setVisible(on)
        self.sync.setVisible(not on)
        self._fit()
        if had_focus:
            (self.cancel if on else self.sync).setFocus()

    def show_rate_error(self, text: str) -> None:
        """Mark the profit rate as wrong and say why, or with "" as right."""
        self.rate_field.setProperty("invalid", bool(text))
        redress(self.rate_field)
        self.rate_field.setToolTip(plain_tip(text))
        self.rate_field.setAccessibleDescription(text or tr("Markup on cost, in percent"))

    def _rate_box(self) -> QFrame:
        box = QFrame()
        box.setObjectName("bulk")
        caption = label(tr("Profit rate"), "field")
        self.rate_field = QLineEdit(placeholderText="25")
        self.rate_field.setFixedWidth(_FIELD)
        self.rate_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.rate_field.setAccessibleDescription(tr("Markup on cost, in percent"))
        caption.setBuddy(self.rate_field)
        self.apply = QPushButton(tr("Set all"))
        self.apply.setAccessibleName(tr("Set all prices"))
        self.apply.setToolTip(tr("Every price, those set by hand too, becomes cost plus this percent of it."))
        row = QHBoxLayout(box)
        row.setContentsMargins(10, 2, 2, 2)
        row.setSpacing(6)
        for part in (caption, self.rate_field, label("%", "facts"), self.apply):
            row.addWidget(part)
        return box
