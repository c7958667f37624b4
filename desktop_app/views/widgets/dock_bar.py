"""The bars under a table: what is not saved yet, and what somebody else changed meanwhile."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.views.icons import icon
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.notices import label

NAMED: Final = 3
_DOT: Final = 8
_TALL: Final = 50


class Dot(QWidget):
    """A dot that says "not saved"; decoration only."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(_DOT, _DOT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour("edit_mark"))
        painter.setBrush(self._theme.colour("edit_mark"))
        painter.drawEllipse(1, 1, _DOT - 2, _DOT - 2)


class DockBar(QFrame):
    """Says how many prices are not saved, which, and what they may bring; stands under the table and pushes it up."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("dock")
        self._count, self._facts = label("", "strong"), ElidedLabel("facts")
        self.discard = QPushButton(tr("Discard"))
        self.discard.setProperty("look", "quiet")
        self.review = QPushButton(tr("Review changes"))
        self.save = KeyButton(theme, tr("Save"), "Ctrl+S")
        self.save.setProperty("look", "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(Dot(theme))
        row.addWidget(self._count)
        row.addWidget(self._facts, 1)
        for button in (self.discard, self.review, self.save):
            row.addWidget(button)
        self.setMinimumHeight(_TALL)
        self.hide()

    @property
    def text(self) -> str:
        """Everything it says."""
        return f"{self._count.text()} {self._facts.text()}".strip()

    def show_changes(self, names: Sequence[str], profit: str) -> None:
        """Say what is not saved, or go away when there is nothing.

        Args:
            names: of the rows that were edited.
            profit: what the edits may bring, "" when that is not known.
        """
        self._count.setText(trn("{count} unsaved price change", "{count} unsaved price changes", len(names)))
        parts = [names_text(names), profit] if profit else [names_text(names)]
        self._facts.setText(" · ".join(parts))
        if names and not self.isVisible():
            self.announce()
        self.setVisible(bool(names))

    def announce(self) -> None:
        """Let a screen reader say it."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))


class ConflictBar(QFrame):
    """Somebody else changed prices that are being edited: who, when, from what to what, and whose price is to hold."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "banner-info")
        self._theme = theme
        self._image, self._text = QLabel(), label("", "strong")
        self._text.setWordWrap(True)
        self.theirs, self.mine = QPushButton(tr("Use theirs")), QPushButton(tr("Use mine"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self._image)
        row.addWidget(self._text, 1)
        row.addWidget(self.theirs)
        row.addWidget(self.mine)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    def show_conflict(self, text: str) -> None:
        """Ask whose prices are to hold."""
        self._image.setPixmap(icon(self._theme, "info", "info_icon").pixmap(QSize(16, 16)))
        self._text.setText(text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))


def names_text(names: Sequence[str]) -> str:
    """Return the first names and how many more there are: "France, Italy, Spain and 4 more"."""
    shown = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return tr("{names} and {count} more", names=shown, count=more) if more > 0 else shown
