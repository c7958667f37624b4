"""What tells a person something in passing: the toast with undo, the banner above old data, the page instead of a table."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.language import tr
from desktop_app.views.dressing import redress
from desktop_app.views.icons import icon
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconButton, IconLabel

TEXT_WIDTH: Final = 360


def label(text: str, look: str) -> QLabel:
    """Return a label with one of the looks of the stylesheet."""
    made = QLabel(text)
    # Text of clients and providers may hold tags: it is shown as it is.
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("look", look)
    return made


def close_button(theme: Theme, name: str) -> IconButton:
    """Return a cross that a screen reader calls ``name``."""
    return IconButton(theme, "x", name)


def announce(widget: QWidget, text: str, *, is_urgent: bool = False) -> None:
    """Let a screen reader say something, at once when it is urgent."""
    event = QAccessibleAnnouncementEvent(widget, text)
    if is_urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)


class Banner(QFrame):
    """Something above the data from before: a heading, a sentence, and a button to try again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "banner-danger")
        self._image, self._title, self._detail = (
            IconLabel(theme, "circle-x", "danger_icon"),
            label("", "strong"),
            label("", "facts"),
        )
        self._title.setWordWrap(True)
        self._detail.setWordWrap(True)
        self.more, self.retry = QPushButton(), QPushButton(tr("Try again"))
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
        row.addWidget(self.more)
        row.addWidget(self.retry)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """Heading and sentence."""
        return f"{self._title.text()} {self._detail.text()}"

    def show_error(self, title: str, detail: str, *, can_retry: bool = False, more: str = "") -> None:
        """Say what failed and what still holds; the button is there when trying again can help, ``more`` as it says."""
        self._say("danger", "circle-x", title, detail, more)
        self.retry.setText(tr("Try again"))
        self.retry.setVisible(can_retry)
        announce(self, self.text, is_urgent=True)

    def show_warning(self, title: str, detail: str, action: str = "", more: str = "") -> None:
        """Say what needs care; ``retry`` is called ``action`` then, ``more`` as it says, and each is hidden without."""
        self._say("warning", "triangle-alert", title, detail, more)
        self.retry.setText(action)
        self.retry.setVisible(bool(action))
        announce(self, self.text)

    def _say(self, look: str, image: str, title: str, detail: str, more: str) -> None:
        self.setProperty("look", f"banner-{look}")
        redress(self)
        # A style that follows the parent's look is not found again by itself.
        redress(self._title)
        self._image.set_image(image, f"{look}_icon")
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.show()


class Placeholder(QWidget):
    """Instead of a table: an icon, a heading, a sentence, a button, and perhaps another one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image, self._title, self._detail = QLabel(), label("", "h2"), label("", "facts")
        self._detail.setWordWrap(True)
        self._fit()
        theme.changed.connect(self._fit)
        self.action, self.second = QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.action)
        buttons.addWidget(self.second)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for part in (self._image, self._title, self._detail):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.setAlignment(buttons, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    @property
    def text(self) -> str:
        """The heading."""
        return self._title.text()

    def _fit(self) -> None:
        width = self._theme.scaled(TEXT_WIDTH)
        self._detail.setFixedWidth(width)
        # A centred label is not asked for its height at its width.
        self._detail.setMinimumHeight(max(0, self._detail.heightForWidth(width)))

    def show_text(self, name: str, title: str, detail: str, action: str, second: str = "") -> None:
        """Show an icon with texts; without ``action`` there is no button, without ``second`` no other one."""
        self._image.setPixmap(icon(self._theme, name, "text3", 30).pixmap(QSize(30, 30)))
        self._title.setText(title)
        self._detail.setText(detail)
        self._fit()
        self._detail.setVisible(bool(detail))
        for button, text in ((self.action, action), (self.second, second)):
            button.setText(text)
            button.setVisible(bool(text))


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
