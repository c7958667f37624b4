"""Which row of a table the mouse is over: the views of Qt know it of single cells only."""

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTableView


class RowHover(QObject):
    """Follows the mouse over a table; when it comes to another row, these two are painted anew and nothing else.

    Attributes:
        row: the row under the mouse, -1 without one.
    """

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view, self.row = view, -1
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self._follow_scroll)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Notice where the mouse is, and that it left."""
        if event.type() is QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._go_to(self._view.rowAt(round(event.position().y())))
        elif event.type() is QEvent.Type.Leave:
            self._go_to(-1)
        return super().eventFilter(watched, event)

    def _follow_scroll(self) -> None:
        """The rows move under a mouse that stays."""
        if self.row >= 0:
            viewport = self._view.viewport()
            self._go_to(self._view.rowAt(viewport.mapFromGlobal(viewport.cursor().pos()).y()))

    def _go_to(self, row: int) -> None:
        if row == self.row:
            return
        former, self.row = self.row, row
        for one in (former, row):
            if one >= 0:
                top, height = self._view.rowViewportPosition(one), self._view.rowHeight(one)
                self._view.viewport().update(QRect(0, top, self._view.viewport().width(), height))
