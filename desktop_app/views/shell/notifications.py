"""What happened while the person was elsewhere, under the bell: by day, each a way to where it can be seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Final

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.clock import Clock
from desktop_app.views.formats import ago
from desktop_app.views.shell.popover import Popover
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.shadow import SHADOW

KEPT: Final = 100
WIDTH: Final = 380
HIGHEST: Final = 460


@dataclass(frozen=True, slots=True)
class Notification:
    """Something that happened.

    Attributes:
        at: when, in UTC.
        text: what, in one line.
        detail: more of it, "" for nothing.
        address: where it can be seen, "" for nowhere.
        icon: a name in resources/icons.
    """

    at: datetime
    text: str
    detail: str
    address: str
    icon: str


class Notifications(QObject):
    """Keeps what happened for as long as the window lives; anything of the window may post. ``changed`` follows each post."""

    changed = Signal()

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clock = clock
        self.all: list[Notification] = []
        self.unread = 0

    def post(self, text: str, detail: str = "", address: str = "", icon: str = "bell") -> None:
        """Keep something, the latest first."""
        self.all.insert(0, Notification(self.clock(), text, detail, address, icon))
        del self.all[KEPT:]
        self.unread = min(self.unread + 1, KEPT)
        self.changed.emit()

    def mark_read(self) -> None:
        """Everything was seen."""
        self.unread = 0
        self.changed.emit()

    def clear(self) -> None:
        """Forget everything."""
        self.all.clear()
        self.mark_read()

    def by_day(self) -> list[tuple[str, Sequence[Notification]]]:
        """Return the days, the latest first, each with its notifications."""
        today = self.clock().astimezone().date()
        groups = groupby(self.all, key=lambda one: one.at.astimezone().date())
        return [(_day_text(day, today), list(those)) for day, those in groups]


def _day_text(day: date, today: date) -> str:
    days = (today - day).days
    if days <= 0:
        return tr("Today")
    return tr("Yesterday") if days == 1 else f"{day:%Y-%m-%d}"


class NotificationButton(QPushButton):
    """One notification: choosing it goes where it can be seen."""

    def __init__(self, theme: Theme, one: Notification, when: str) -> None:
        super().__init__()
        self.setProperty("look", "row")
        self.setAccessibleName(", ".join(part for part in (one.text, one.detail, when) if part))
        texts = QVBoxLayout()
        texts.setSpacing(1)
        for text, look in ((one.text, "body-medium"), (one.detail, "facts")):
            if text:
                line = label(text, look)
                line.setWordWrap(True)
                line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
                texts.addWidget(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(12)
        row.addWidget(IconLabel(theme, one.icon), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(label(when, "facts"), 0, Qt.AlignmentFlag.AlignTop)
        self._row, self._width = row, theme.scaled(WIDTH)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the height that its texts take."""
        return QSize(self._width, self._row.totalHeightForWidth(self._width - 2))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same, as narrow as need be."""
        return QSize(0, self.sizeHint().height())


class NotificationsPanel(Popover):
    """The list under the bell; ``go`` is called with the address of the one that is chosen."""

    def __init__(
        self, window: QWidget, theme: Theme, notifications: Notifications, anchor: QWidget, go: Callable[[str], object]
    ) -> None:
        super().__init__(window, theme, tr("Notifications"))
        self._notifications, self._anchor, self._go = notifications, anchor, go
        self.buttons: list[NotificationButton] = []
        self.clear = QPushButton(tr("Clear all"))
        self.clear.setProperty("look", "quiet")
        self.clear.clicked.connect(notifications.clear)
        self._area, self._inside = QScrollArea(), QWidget()
        self._build()
        notifications.changed.connect(self._refresh)

    def open(self) -> None:
        """Open with what happened; all of it counts as seen from now on."""
        self._rebuild()
        super().open()
        self._notifications.mark_read()

    def focus_first(self) -> None:
        """Take the focus, for those who opened it by a key."""
        (self.buttons[0] if self.buttons else self.clear).setFocus(Qt.FocusReason.PopupFocusReason)

    def belongs(self, widget: QWidget) -> bool:
        """See Popover; the bell closes it itself."""
        return widget is self._anchor or super().belongs(widget)

    def place(self) -> None:
        """Stand under the bell, as high as the list."""
        self.setFixedWidth(self._theme.scaled(WIDTH) + 2 * SHADOW)
        self._inside.adjustSize()
        self._area.setFixedHeight(min(self._inside.sizeHint().height(), HIGHEST))
        self.adjustSize()
        self.move_below(self._anchor)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 8, 10)
        head.addWidget(label(tr("Notifications"), "h2"), 1)
        head.addWidget(self.clear)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._area)

    def _refresh(self) -> None:
        if self.isVisible():
            self._rebuild()
            self.place()

    def _rebuild(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.buttons = []
        for day, those in self._notifications.by_day():
            heading = label(day, "section")
            heading.setContentsMargins(16, 6, 16, 4)
            column.addWidget(heading)
            for one in those:
                button = NotificationButton(self._theme, one, ago(one.at, self._notifications.clock()))
                button.clicked.connect(partial(self._choose, one.address))
                self.buttons.append(button)
                column.addWidget(button)
        if not self.buttons:
            nothing = label(tr("Nothing new. What happens while you are elsewhere is listed here."), "facts")
            nothing.setWordWrap(True)
            nothing.setContentsMargins(16, 6, 16, 12)
            column.addWidget(nothing)
        self.clear.setEnabled(bool(self.buttons))
        column.addStretch()
        self._inside = inside
        self._area.setWidget(inside)

    def _choose(self, address: str) -> None:
        self.close_panel()
        if address:
            self._go(address)
