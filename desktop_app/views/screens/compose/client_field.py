"""Whom the message is sent for: typed by any part of the name, taken with Enter; the credit stands in the field."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QLocale, QPoint, QRectF, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QListView

from desktop_app.domain.language import tr
from desktop_app.services.compositions import ClientChoice
from desktop_app.views.formats import folded
from desktop_app.views.models.credit_texts import credit_text
from desktop_app.views.theme import Theme

_BADGE: Final = 22
_LEFT: Final = 38
_SUGGESTED: Final = 8


class ClientField(QLineEdit):
    """A client by its name.

    Signals:
        chosen: the name, when the person chose another one.
        entered: the person is done here: Enter was pressed while a client is chosen.
    """

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._clients: tuple[ClientChoice, ...] = ()
        self._found: list[ClientChoice] = []
        self._current: ClientChoice | None = None
        self._names = QStringListModel(self)
        # A child of the window, not a window of its own: the focus and every key stay in the field.
        self.popup = QListView()
        self.popup.setProperty("look", "suggestions")
        self.popup.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.popup.setModel(self._names)
        self.popup.setAccessibleName(tr("Suggestions"))
        self.popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.popup.clicked.connect(lambda index: self._take(self._found[index.row()]))
        self.popup.hide()
        self.setPlaceholderText(tr("Type the name of a client"))
        self.setProperty("look", "tall")
        self.setTextMargins(_LEFT - 8, 0, 0, 0)
        self.textEdited.connect(self._offer)

    @property
    def current(self) -> ClientChoice | None:
        """The client that is chosen."""
        return self._current

    @property
    def first_name(self) -> str:
        """The first client that is offered, "" while there is none."""
        return self._clients[0].name if self._clients else ""

    def offer(self, clients: Sequence[ClientChoice]) -> None:
        """Offer these clients; the chosen one is shown as it stands now."""
        self._clients = tuple(clients)
        if self._current is not None:
            self.show_client(self._current.name)

    def show_client(self, name: str) -> None:
        """Show a client, "" for none; nothing is emitted."""
        self.popup.hide()
        self._current = next((one for one in self._clients if one.name == name), None)
        self.setText(self._current.name if self._current is not None else name)
        self.setCursorPosition(0)
        self.setAccessibleDescription(self._credit())
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Up and Down choose among the suggestions, Enter takes one, Esc closes them."""
        key, is_open = event.key(), self.popup.isVisible()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._enter()
        elif is_open and key == Qt.Key.Key_Escape:
            self.popup.hide()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if not is_open:
                self._offer("")
            self._move(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Leaving takes what was typed when it names one client, else the chosen one is shown again."""
        super().focusOutEvent(event)
        self.popup.hide()
        shown = self._current.name if self._current is not None else ""
        if self.text() != shown:
            self._take_best()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the field with the initials of the client and its credit."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._theme.scaled(_BADGE)
        badge = QRectF(8, (self.height() - side) / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("success_bg" if self._current else "sunken"))
        painter.drawRoundedRect(badge, 5, 5)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.colour("success" if self._current else "text3"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._initials())
        if self._current is None or self.text() != self._current.name:
            return
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.colour("text2"))
        room = self.rect().adjusted(_LEFT, 0, -12, 0)
        name = self.fontMetrics().horizontalAdvance(self.text()) + 16
        credit = self._credit()
        if painter.fontMetrics().horizontalAdvance(credit) < room.width() - name:
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, credit)

    def _initials(self) -> str:
        words = self._current.name.split() if self._current else []
        return QLocale().toUpper("".join(word[0] for word in words[:2])) if words else "?"

    def _credit(self) -> str:
        one = self._current
        return "" if one is None else tr("Credit {amount}", amount=credit_text(one.available, one.currency))

    def _offer(self, text: str) -> None:
        self._found = self._matches(text)
        self._names.setStringList([f"{one.name}   {credit_text(one.available, one.currency)}" for one in self._found])
        self._show_popup()
        self.update()

    def _show_popup(self) -> None:
        """Let the suggestions stand under the field, above everything."""
        if not self._found or not self.isVisible():
            self.popup.hide()
            return
        window = self.window()
        if self.popup.parentWidget() is not window:
            self.popup.setParent(window)
        place = self.mapTo(window, QPoint(0, self.height() + 2))
        rows = min(_SUGGESTED, len(self._found))
        height = rows * max(self.popup.sizeHintForRow(0), self._theme.scaled(28)) + 12
        self.popup.setGeometry(place.x(), place.y(), self.width(), height)
        self.popup.show()
        self.popup.raise_()

    def _move(self, by: int) -> None:
        if self._found:
            row = (max(-1, self.popup.currentIndex().row()) + by) % len(self._found)
            self.popup.setCurrentIndex(self._names.index(row))

    def _matches(self, text: str) -> list[ClientChoice]:
        """Return the clients with ``text`` in their name: those that begin with it first."""
        wanted = folded(text.strip())
        found = [one for one in self._clients if wanted in folded(one.name)]
        return sorted(found, key=lambda one: (not folded(one.name).startswith(wanted), one.name))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Take the suggestions along."""
        super().hideEvent(event)
        self.popup.hide()

    def _enter(self) -> None:
        chosen = self.popup.currentIndex() if self.popup.isVisible() else None
        if chosen is not None and chosen.isValid():
            self._take(self._found[chosen.row()])
        else:
            self._take_best()
        self.popup.hide()
        if self._current is not None:
            self.entered.emit()

    def _take_best(self) -> None:
        found = self._matches(self.text()) if self.text().strip() else []
        if found:
            self._take(found[0])
        else:
            self.show_client(self._current.name if self._current is not None else "")

    def _take(self, client: ClientChoice) -> None:
        before = self._current
        self.show_client(client.name)
        self.popup.hide()
        if before is None or before.name != client.name:
            self.chosen.emit(client.name)
