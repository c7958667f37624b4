"""The top bar: back and forward, where the person is, the field that opens the palette, jobs, notifications, appearance."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.views.icons import BUTTON_ICON
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconButton, IconLabel, KeyButton, paint_ring
from desktop_app.views.widgets.notices import label

HEIGHT: Final = 46
FIELD: Final = 366
RING: Final = 5.5


class JobsButton(QPushButton):
    """Opens the jobs panel; a ring shows how far the work under way is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share: float | None = 0.0
        self._running = 0
        self.setProperty("look", "jobs")
        # The ring stands in a padding, which does not change its side.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setToolTip(f"{tr('Jobs')} · Ctrl+J")
        self.setCheckable(True)
        self.show_jobs(0, 0.0)

    def show_jobs(self, running: int, share: float | None) -> None:
        """Say how many run and how far they are; None while that is unknown."""
        self._running, self._share = running, share
        self.setText(trn("{count} job", "{count} jobs", running) if running else tr("Jobs"))
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the button and its ring."""
        super().paintEvent(event)
        painter = QPainter(self)
        track = self._theme.colour("line_strong" if self._running else "control_soft")
        share = self._share if self._running else 0.0
        paint_ring(painter, QPointF(18, self.height() / 2), RING, share, track, self._theme.colour("accent"))


class CommandField(KeyButton):
    """Looks like a field and opens the palette, where one types."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("Search or run a command"), "Ctrl+K", image="search")
        self.setProperty("look", "command")
        self.setMinimumWidth(FIELD)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setIconSize(BUTTON_ICON)


class BellButton(IconButton):
    """Opens the notifications; a dot while there are unread ones."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "bell", tr("Notifications"), keys="Ctrl+Shift+J")
        self.unread = 0

    def show_unread(self, count: int) -> None:
        """Say how many are new."""
        self.unread = count
        self.setAccessibleDescription(trn("{count} new", "{count} new", count) if count else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the bell and its dot."""
        super().paintEvent(event)
        if self.unread:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self._theme.colour("chrome"))
            painter.setBrush(self._theme.colour("danger_icon"))
            painter.drawEllipse(QPointF(self.width() / 2 + 5, self.height() / 2 - 5), 4, 4)


class Breadcrumb(QWidget):
    """Where the person is; the screens on the way are links. ``chosen`` carries an address."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self.steps: list[str] = []

    def show_steps(self, steps: Sequence[tuple[str, str]]) -> None:
        """Show (title, address) from the section to here; without an address a step is no link."""
        while (item := self._row.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                # Later: it may be the link that was just pressed.
                gone.hide()
                gone.deleteLater()
        self.steps = [title for title, _ in steps]
        for place, (title, address) in enumerate(steps):
            if place:
                self._row.addWidget(IconLabel(self._theme, "chevron-right", "text3", 14))
            if place == len(steps) - 1:
                self._row.addWidget(label(title, "here"))
            elif address:
                # An ampersand is one, no mark of a key.
                link = QPushButton(title.replace("&", "&&"))
                link.setProperty("look", "crumb")
                link.clicked.connect(partial(self.chosen.emit, address))
                self._row.addWidget(link)
            else:
                self._row.addWidget(label(title, "crumb"))


class TopBar(QWidget):
    """The row above the panel."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("shell")
        self._theme = theme
        self.back = IconButton(theme, "arrow-left", tr("Back"), keys="Alt+Left")
        self.forward = IconButton(theme, "arrow-right", tr("Forward"), keys="Alt+Right")
        self.breadcrumb = Breadcrumb(theme)
        self.field = CommandField(theme)
        self.jobs = JobsButton(theme)
        self.bell = BellButton(theme)
        self.bell.setCheckable(True)
        self.appearance = IconButton(theme, "sun-moon", tr("Appearance"))
        self.appearance.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(_side(self.back, self.forward, self.breadcrumb), 1)
        row.addWidget(self.field)
        row.addWidget(_side(None, self.jobs, self.bell, self.appearance), 1)
        theme.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setFixedHeight(self._theme.scaled(HEIGHT))


def _side(*parts: QWidget | None) -> QWidget:
    """Return a box of parts that starts at the left, or after a None ends at the right."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2)
    for part in parts:
        if part is None:
            row.addStretch()
        else:
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    if parts[0] is not None:
        row.addStretch()
    return box
