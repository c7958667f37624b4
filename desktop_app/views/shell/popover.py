"""A panel above the window's content: palette, jobs, notifications. It has a painted shadow and never a window of its own."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from desktop_app.views.theme import Theme
from desktop_app.views.widgets.shadow import SHADOW, paint_shadow

# Between the panel and what it hangs under, or the window's edge.
EDGE: Final = 6


class Popover(QWidget):
    """Shows ``card`` above ``window``; Esc and a click elsewhere close it, and the focus returns to where it was.

    Signals:
        closed: it is not seen any more.
    """

    closed = Signal()

    def __init__(self, window: QWidget, theme: Theme, name: str) -> None:
        super().__init__(window)
        self._window, self._theme = window, theme
        self._came_from: QWidget | None = None
        self.setAccessibleName(name)
        self.card = QFrame()
        self.card.setObjectName("popover")
        around = QVBoxLayout(self)
        around.setContentsMargins(SHADOW, SHADOW, SHADOW, SHADOW)
        around.addWidget(self.card)
        window.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show it in its place, above everything else."""
        if self.isVisible():
            return
        self._came_from = QApplication.focusWidget()
        self._watch(on=True)
        self.place()
        self.show()
        self.raise_()

    def close_panel(self) -> None:
        """Hide it; the focus returns when it is inside."""
        if not self.isVisible():
            return
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self._window)
        self._watch(on=False)
        self.hide()
        came_from = self._came_from
        if had_focus and came_from is not None and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    @property
    def window_size(self) -> QSize:
        """The size of what it stands above."""
        return self._window.size()

    def place(self) -> None:
        """Take size and position; panels override it."""

    def belongs(self, widget: QWidget) -> bool:
        """Whether a click on ``widget`` leaves the panel open."""
        return widget is self or self.isAncestorOf(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Close at Esc, at a click elsewhere and under a dialog; keep its place when the window changes its size."""
        if event.type() is QEvent.Type.MouseButtonPress and isinstance(watched, QWidget) and self.isVisible():
            if not self.belongs(watched):
                self.close_panel()
        elif event.type() is QEvent.Type.Resize and watched is self._window and self.isVisible():
            self.place()
        elif event.type() is QEvent.Type.WindowBlocked and watched is self._window:
            self.close_panel()
        return self.isVisible() and self._takes_escape(watched, event)

    def _takes_escape(self, watched: QObject, event: QEvent) -> bool:
        """Close at Esc also while the focus is elsewhere in the window; inside, the panel sees the key itself."""
        is_inside = isinstance(watched, QWidget) and (watched is self or self.isAncestorOf(watched))
        is_beside = isinstance(watched, QWidget) and watched.window() is self._window and not is_inside
        if not is_beside or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            # The key comes here then, and to no shortcut.
            event.accept()
        elif event.type() is QEvent.Type.KeyPress:
            self.close_panel()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close at Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let nothing below notice the click."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the shadow around the card."""
        paint_shadow(QPainter(self), QRectF(self.card.geometry()), is_dark=self._theme.is_dark)

    def _watch(self, *, on: bool) -> None:
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self) if on else application.removeEventFilter(self)

    def move_below(self, anchor: QWidget) -> None:
        """Take the place under ``anchor``, right edges in line, within the window."""
        corner = anchor.mapTo(self._window, QPoint(anchor.width(), anchor.height()))
        left = min(max(corner.x() - self.width() + SHADOW, 0), self._window.width() - self.width() + SHADOW - EDGE)
        self.move(left, corner.y() + EDGE - SHADOW)
