"""What is said in passing, at the bottom right: one message at a time, with one action, and the problems stay."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel, KeyButton
from desktop_app.views.widgets.notices import announce, close_button, label
from desktop_app.views.widgets.shadow import SHADOW, paint_shadow

TOAST_MILLISECONDS: Final = 8000
MARGIN: Final = 20
LONGEST_QUEUE: Final = 3


@dataclass(frozen=True, slots=True)
class ToastMessage:
    """What a toast says.

    Attributes:
        text: one line in the past tense; what stands after " · " is shown as a second line.
        action: the text of its button, "" for none.
        run: what the button does.
        is_problem: it says that something failed, and stays until it is closed.
        keys: the shortcut that does the same, written on the button.
        topic: a later message of the same topic takes its place; "" for none.
    """

    text: str
    action: str = ""
    run: Callable[[], object] | None = None
    is_problem: bool = False
    keys: str = ""
    topic: str = ""


class Toast(QWidget):
    """At the bottom right of its parent, one message at a time; it goes after 8 seconds unless mouse or focus rest on it.

    Attributes:
        action: the button.
        waiting: what is shown next, at most 3.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._parent = theme, parent
        self.waiting: list[ToastMessage] = []
        self._shown: ToastMessage | None = None
        self._timer = QTimer(self, singleShot=True, interval=TOAST_MILLISECONDS)
        self._timer.timeout.connect(self.show_next)
        self._image = IconLabel(theme, "circle-check", "success_icon")
        self._text, self._detail = label("", "strong"), label("", "facts")
        self.action = KeyButton(theme, "")
        self.action.clicked.connect(self._act)
        self.close_button = close_button(theme, tr("Close this message"))
        self.close_button.clicked.connect(self.show_next)
        self._build()
        parent.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._notice_focus)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._shown.text if self._shown is not None else ""

    def say(self, message: ToastMessage) -> None:
        """Show a message, now or after the one that is shown; of too many, the oldest that is no problem is left out."""
        self.waiting = [one for one in self.waiting if not message.topic or one.topic != message.topic]
        if not self.isVisible() or (message.topic and self._shown is not None and self._shown.topic == message.topic):
            self._show(message)
            return
        self.waiting.append(message)
        if len(self.waiting) > LONGEST_QUEUE:
            spare = next((one for one in self.waiting if not one.is_problem), self.waiting[0])
            self.waiting.remove(spare)

    def show_next(self) -> None:
        """Take away what is shown; what waits comes next."""
        self._timer.stop()
        self._shown = None
        if self.waiting:
            self._show(self.waiting.pop(0))
        else:
            self._give_focus_back()
            self.hide()

    def dismiss(self, topic: str) -> None:
        """Take away what is shown or waits about ``topic``."""
        self.waiting = [one for one in self.waiting if one.topic != topic]
        if self._shown is not None and self._shown.topic == topic:
            self.show_next()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close at Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.show_next()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay in the corner when the parent changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Wait while the mouse is here."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Go on."""
        self._go_on()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the shadow around the card."""
        paint_shadow(QPainter(self), QRectF(self._card.geometry()), is_dark=self._theme.is_dark)

    def _build(self) -> None:
        self._card = QFrame()
        self._card.setObjectName("toast")
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self._text)
        texts.addWidget(self._detail)
        row = self._row = QHBoxLayout(self._card)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._image)
        row.addLayout(texts)
        row.addSpacing(8)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
        around = QVBoxLayout(self)
        around.setContentsMargins(SHADOW, SHADOW, SHADOW, SHADOW)
        around.addWidget(self._card)

    def _show(self, message: ToastMessage) -> None:
        self._shown = message
        line, _, detail = message.text.partition(" · ")
        self._text.setText(line)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.action.setText(message.action)
        self.action.set_keys(message.keys)
        self.action.setVisible(message.run is not None)
        self._image.set_image(
            *(("circle-x", "danger_icon") if message.is_problem else ("circle-check", "success_icon"))
        )
        self._place()
        self.show()
        self.raise_()
        self._timer.stop()
        self._go_on()
        announce(self, message.text, is_urgent=message.is_problem)

    def _go_on(self) -> None:
        focused = QApplication.focusWidget()
        has_focus = focused is not None and self.isAncestorOf(focused)
        if self._shown is not None and not self._shown.is_problem and not self.underMouse() and not has_focus:
            self._timer.start()

    def _notice_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if not self.isVisible():
            return
        if new is not None and self.isAncestorOf(new):
            self._timer.stop()
            if old is not None and not self.isAncestorOf(old):
                self._came_from = old
        else:
            if old is not None and self.isAncestorOf(old):
                self._go_on()
            self._place()

    _came_from: QWidget | None = None

    def _give_focus_back(self) -> None:
        focused, target = QApplication.focusWidget(), self._came_from
        self._came_from = None
        if focused is not None and self.isAncestorOf(focused) and target is not None and shiboken6.isValid(target):
            target.setFocus(Qt.FocusReason.PopupFocusReason)

    def _act(self) -> None:
        run = self._shown.run if self._shown is not None else None
        self.show_next()
        if run is not None:
            run()

    def _place(self) -> None:
        for part in self.findChildren(QWidget):
            # Before it is shown the texts have no fonts yet.
            part.ensurePolished()
        self._row.invalidate()
        self._row.activate()
        self.adjustSize()
        area = self._parent.rect()
        dock = next((one for one in self._parent.findChildren(QFrame) if _is_dock(one)), None)
        floor = dock.height() if dock is not None else 0
        left = area.right() - self.width() - MARGIN + SHADOW
        low = QRect(QPoint(left, area.bottom() - self.height() - MARGIN + SHADOW - floor), self.size())
        high = QRect(QPoint(left, MARGIN), self.size())
        # What has the focus must be seen.
        self.setGeometry(high if low.intersects(_focused_place(self._parent)) else low)


def _is_dock(frame: QFrame) -> bool:
    return frame.isVisible() and "dock" in (frame.objectName(), frame.property("look"))


def _focused_place(area: QWidget) -> QRect:
    focused = QApplication.focusWidget()
    if focused is None or not area.isAncestorOf(focused):
        return QRect()
    if isinstance(focused, QAbstractItemView):
        place = focused.visualRect(focused.currentIndex())
        return QRect(focused.viewport().mapTo(area, place.topLeft()), place.size())
    return QRect(focused.mapTo(area, QPoint()), focused.size())
