"""What tells a person something in passing: the toast with undo, the banner above old data, the page instead of a table."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.icons import icon
from desktop_app.views.theme import Theme

TOAST_MILLISECONDS: Final = 8000
MARGIN: Final = 20


def label(text: str, look: str) -> QLabel:
    """Return a label with one of the looks of the stylesheet."""
    made = QLabel(text)
    made.setProperty("look", look)
    return made


def close_button(theme: Theme, name: str) -> QToolButton:
    """Return a cross that a screen reader calls ``name``."""
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setFixedSize(26, 26)
    button.setIcon(icon(theme, "x"))
    theme.changed.connect(lambda: button.setIcon(icon(theme, "x")))
    return button


class Toast(QFrame):
    """One line at the bottom right of its parent, with one action; goes after 8 seconds unless the mouse rests on it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._theme, self._parent = theme, parent
        self._timer = QTimer(self, singleShot=True, interval=TOAST_MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        self._image, self._text = QLabel(), label("", "strong")
        self.action = QPushButton(tr("Undo"))
        self.action.setToolTip(tr("Ctrl+Z"))
        self._run: Callable[[], object] | None = None
        self.action.clicked.connect(self._act)
        close = close_button(theme, tr("Close this message"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(10)
        for part in (self._image, self._text, self.action, close):
            row.addWidget(part)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_done(self, text: str, undo: Callable[[], object] | None = None, action: str = "") -> None:
        """Say what was done; with ``undo`` the button, called ``action`` or "Undo", does that."""
        self.action.setText(action or tr("Undo"))
        self._run = undo
        self._text.setText(text)
        self.action.setVisible(undo is not None)
        self._image.setPixmap(icon(self._theme, "circle-check", "success_icon").pixmap(QSize(16, 16)))
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay in the corner when the parent changes its size."""
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Wait while the mouse is here."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Go on."""
        self._timer.start()
        super().leaveEvent(event)

    def _act(self) -> None:
        self.hide()
        if self._run is not None:
            self._run()

    def _place(self) -> None:
        area = self._parent.rect()
        self.move(area.right() - self.width() - MARGIN, area.bottom() - self.height() - MARGIN)


class Banner(QFrame):
    """Something went wrong, above the data from before: a heading, a sentence, and a button to try again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "banner-danger")
        self._theme = theme
        self._image, self._title, self._detail = QLabel(), label("", "strong"), label("", "facts")
        self._detail.setWordWrap(True)
        self.retry = QPushButton(tr("Try again"))
        close = close_button(theme, tr("Close this banner"))
        close.clicked.connect(self.hide)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 8, 10)
        row.setSpacing(10)
        row.addWidget(self._image, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self.retry)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """Heading and sentence."""
        return f"{self._title.text()} {self._detail.text()}"

    def show_error(self, title: str, detail: str, *, can_retry: bool = False) -> None:
        """Say what failed and what still holds; the button is there when trying again can help."""
        self.retry.setVisible(can_retry)
        self._title.setText(title)
        self._detail.setText(detail)
        self._image.setPixmap(icon(self._theme, "circle-x", "danger_icon").pixmap(QSize(16, 16)))
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))


class Placeholder(QWidget):
    """Instead of a table: an icon, a heading, a sentence, and one button."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image, self._title, self._detail = QLabel(), label("", "h2"), label("", "facts")
        self._detail.setWordWrap(True)
        self._detail.setFixedWidth(360)
        self.action = QPushButton()
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for part in (self._image, self._title, self._detail, self.action):
            if isinstance(part, QLabel):
                part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    @property
    def text(self) -> str:
        """The heading."""
        return self._title.text()

    def show_text(self, name: str, title: str, detail: str, action: str) -> None:
        """Show an icon with texts; without ``action`` there is no button."""
        self._image.setPixmap(icon(self._theme, name, "text3", 30).pixmap(QSize(30, 30)))
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.action.setText(action)
        self.action.setVisible(bool(action))


class Skeleton(QWidget):
    """Grey bars where rows will be; decoration only."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a bar for each cell of the rows that fit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("neutral_bg"))
        for top in range(44, self.height() - 16, 33):
            for left, width in (
                (40, 200),
                (self.width() // 2, 64),
                (self.width() // 2 + 110, 64),
                (self.width() - 170, 120),
            ):
                painter.drawRoundedRect(left, top, width, 9, 4, 4)
