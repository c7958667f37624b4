"""Keeps a banner off the edges and off what is below it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

_SIDE: Final = 20
_BELOW: Final = 12


class Inset(QWidget):
    """Holds one widget, and takes no room while that is hidden."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 0, _SIDE, _BELOW)
        row.addWidget(widget)
        self._widget = widget
        widget.installEventFilter(self)
        if widget.isHidden():
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Come and go with the widget."""
        if watched is self._widget and event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(not self._widget.isHidden())
        return super().eventFilter(watched, event)
