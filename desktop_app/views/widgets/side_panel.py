"""A panel at the right of a screen's content: beside it where the window is wide, above it where it is not."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop_app.services.personal import PersonalSettings

# Widths of the window, at the usual size of text: below the first the panel covers a part of the content instead of narrowing
# it; from the second on it is open before anybody chose.
NARROW: Final = 1280
WIDE: Final = 1440


class SidePanel(QWidget):
    """Holds content and panel.

    Whether it is open beside the content is remembered under ``name``; above the content it is closed until it is asked for.

    Signals:
        toggled: whether the panel is open now.
    """

    toggled = Signal(bool)

    def __init__(self, content: QWidget, panel: QFrame, personal: PersonalSettings, name: str) -> None:
        super().__init__()
        self._content, self._panel, self._personal, self._name = content, panel, personal, name
        chosen = personal.recall(name).get("open")
        self._beside: bool | None = chosen if isinstance(chosen, bool) else None
        self._above = False
        self._was_open = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(content, 1)
        self._panel.setParent(self)
        self._panel.installEventFilter(self)
        self._arrange()
        self._was_open = self.is_open

    @property
    def is_open(self) -> bool:
        """Whether the panel is shown."""
        if self.is_overlay:
            return self._above
        return self._is_wider(WIDE) if self._beside is None else self._beside

    @property
    def is_overlay(self) -> bool:
        """Whether the panel lies above the content."""
        return not self._is_wider(NARROW)

    def set_open(self, *, on: bool) -> None:
        """Open or close the panel; the focus does not stay in a panel that is closed."""
        if on == self.is_open:
            return
        focused: QWidget | None = self.window().focusWidget()
        if not on and focused and self._panel.isAncestorOf(focused):
            self._content.setFocus()
        if self.is_overlay:
            self._above = on
        else:
            self._beside = on
            self._personal.remember(self._name, {"open": on})
        self._arrange()

    def toggle(self) -> None:
        """Open it when it is closed, and the other way round."""
        self.set_open(on=not self.is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Stay at the right, beside or above."""
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Esc closes a panel that covers something."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        closes = self.is_overlay and event.key() == Qt.Key.Key_Escape
        if closes:
            self.set_open(on=False)
        return closes

    def _is_wider(self, width: int) -> bool:
        return self.window().width() * 100 >= width * self._personal.values.text_size

    def _arrange(self) -> None:
        overlay, is_open = self.is_overlay, self.is_open
        if overlay == (self._row.indexOf(self._panel) >= 0):
            if overlay:
                self._row.removeWidget(self._panel)
            else:
                self._row.addWidget(self._panel)
        if not overlay:
            self._above = False
        self._panel.setVisible(is_open)
        self._panel.setProperty("overlay", overlay)
        if overlay:
            width = self._panel.width()
            self._panel.setGeometry(self.width() - width, 0, width, self.height())
            self._panel.raise_()
        if is_open != self._was_open:
            self._was_open = is_open
            self.toggled.emit(is_open)
