"""The search field above the price table, and the bar that stands in its place while several countries are ticked."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop_app.domain.language import tr, trn
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.icon_widgets import key_parts, paint_caps
from desktop_app.views.widgets.notices import label

_FIELD: Final = (200, 400)
_ICON_ROOM: Final = 34


class SearchField(FindField):
    """Filters while it is typed in. ``down`` is emitted when the person goes down into the table; Esc clears."""

    down = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("Filter by country, ISO, dial code or network"), tr("Filter prices"))
        self.setMinimumWidth(_FIELD[0])
        self.setMaximumWidth(_FIELD[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go down into the table, or clear; the rest as usual."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the field, and the keys that lead here while it is empty and there is room."""
        super().paintEvent(event)
        if self.text() or self.hasFocus():
            return
        painter = QPainter(self)
        painter.setFont(self._theme.font("caption"))
        used = self.fontMetrics().horizontalAdvance(self.placeholderText()) + 44
        caps = [" ".join(key_parts("Ctrl+F"))]
        if used + painter.fontMetrics().horizontalAdvance(caps[0]) + 24 < self.width():
            colours = (self._theme.colour(name) for name in ("sunken", "line_strong", "text2"))
            room = _ICON_ROOM if self.isRightToLeft() else 8
            paint_caps(painter, self.width() - room, self.height() // 2, caps, *colours)


class SelectionBar(QFrame):
    """Stands in place of the filters while several countries are ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("selection")
        self._count = label("", "strong")
        self.edit, self.export, self.clear = (
            QPushButton(text) for text in (tr("Edit prices"), tr("Export"), tr("Clear"))
        )
        self.clear.setProperty("look", "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(self._count)
        for button in (self.edit, self.export, self.clear):
            row.addWidget(button)
        row.addStretch()

    @property
    def text(self) -> str:
        """How many are ticked."""
        return self._count.text()

    def show_count(self, count: int, *, all_matching: bool) -> None:
        """Say how many are ticked, and whether that is every row that matches."""
        self._count.setText(
            trn("The one matching row selected", "All {count} matching rows selected", count)
            if all_matching
            else trn("{count} selected", "{count} selected", count)
        )
