"""What happened while the person was elsewhere, under the bell: by day, each a way to where it can be seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Final

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.clock import Clock
from desktop_app.services.personal import PersonalSettings
from desktop_app.views.formats import ago
from desktop_app.views.shell.list_panel import ListPanel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label

KEPT: Final = 100
# What is kept of a text beyond this run.
LONGEST: Final = 500
WIDTH: Final = 380


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
    """Keeps what happened, beyond this run once it knows where; anything may post. ``changed`` follows each post."""

    changed = Signal()

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clock = clock
        self.all: list[Notification] = []
        self.unread = 0
        self._personal: PersonalSettings | None = None
        self._name = ""

    def keep_in(self, personal: PersonalSettings, name: str) -> None:
        """Bring back what is kept under ``name``, after what was posted until now, and keep everything there from now on."""
        kept = personal.recall(name)
        stored = kept.get("all")
        former = [one for entry in stored if (one := _read(entry))] if isinstance(stored, list) else []
        unread = kept.get("unread")
        self.all = [*self.all, *former][:KEPT]
        self.unread = min(self.unread + (unread if type(unread) is int and unread > 0 else 0), len(self.all))
        self._personal, self._name = personal, name
        self.changed.emit()

    def post(self, text: str, detail: str = "", address: str = "", icon: str = "bell") -> None:
        """Keep something, the latest first."""
        self.all.insert(0, Notification(self.clock(), text, detail, address, icon))
        del self.all[KEPT:]
        self.unread = min(self.unread + 1, KEPT)
        self._tell()

    def mark_read(self) -> None:
        """Everything was seen."""
        self.unread = 0
        self._tell()

    def clear(self) -> None:
        """Forget everything."""
        self.all.clear()
        self.mark_read()

    def _tell(self) -> None:
        if self._personal is not None:
            self._personal.remember(self._name, {"all": [_stored(one) for one in self.all], "unread": self.unread})
        self.changed.emit()

    def by_day(self) -> list[tuple[str, Sequence[Notification]]]:
        """Return the days, the latest first, each with its notifications."""
        today = self.clock().astimezone().date()
        groups = groupby(self.all, key=lambda one: one.at.astimezone().date())
        return [(_day_text(day, today), list(those)) for day, those in groups]


def _stored(one: Notification) -> dict[str, str]:
    texts = {"text": one.text, "detail": one.detail, "address": one.address, "icon": one.icon}
    return {"at": one.at.isoformat(), **{name: text[:LONGEST] for name, text in texts.items()}}


def _read(stored: object) -> Notification | None:
    """Return a notification that was kept, None where it cannot be read."""
    names = ("at", "text", "detail", "address", "icon")
    if not isinstance(stored, dict) or not all(isinstance(stored.get(name), str) for name in names):
        return None
    try:
        at = datetime.fromisoformat(stored["at"])
    except ValueError:
        return None
    return None if at.tzinfo is None else Notification(at, *(stored[name] for name in names[1:]))


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


class NotificationsPanel(ListPanel):
    """The list under the bell; ``go`` is called with the address of the one that is chosen."""

    def __init__(
        self, window: QWidget, theme: Theme, notifications: Notifications, anchor: QWidget, go: Callable[[str], object]
    ) -> None:
        super().__init__(window, theme, tr("Notifications"), anchor, WIDTH)
        self._notifications, self._go = notifications, go
        self.buttons: list[NotificationButton] = []
        self.clear.setText(tr("Clear all"))
        self.clear.clicked.connect(notifications.clear)
        notifications.changed.connect(self._refresh)

    def open(self) -> None:
        """Open with what happened; all of it counts as seen from now on."""
        self._rebuild()
        super().open()
        self._notifications.mark_read()

    def focus_first(self) -> None:
        """Take the focus, for those who opened it by a key."""
        (self.buttons[0] if self.buttons else self.clear).setFocus(Qt.FocusReason.PopupFocusReason)

    def _refresh(self) -> None:
        if self.isVisible():
            self._rebuild()
            self.place()

    def _rebuild(self) -> None:
        rows: list[QWidget] = []
        self.buttons = []
        for day, those in self._notifications.by_day():
            heading = label(day, "section")
            heading.setContentsMargins(16, 6, 16, 4)
            rows.append(heading)
            for one in those:
                button = NotificationButton(self._theme, one, ago(one.at, self._notifications.clock()))
                button.clicked.connect(partial(self._choose, one.address))
                self.buttons.append(button)
                rows.append(button)
        self.list_rows(rows, tr("Nothing new. What happens while you are elsewhere is listed here."))
        self.clear.setEnabled(bool(self.buttons))

    def _choose(self, address: str) -> None:
        self.close_panel()
        if address:
            self._go(address)
