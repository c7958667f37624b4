"""Countries as tokens in a field: typed with Enter, removed with Backspace or a click."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.formats import folded
from desktop_app.views.icons import flag
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.focus_ring import FocusRing
from desktop_app.views.widgets.notices import label

SUGGESTED: Final = 8


class _Line(QLineEdit):
    """Says when Backspace is pressed with nothing typed, and when Enter is.

    Signals:
        emptied: Backspace in the empty line.
        entered: Enter.
    """

    emptied = Signal()
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Handle Backspace in the empty line, and Enter; the rest as usual."""
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and self.text().strip():
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class CountryField(QFrame):
    """Holds countries. ``changed`` when they are others.

    Args:
        names: the name of each country that can be chosen, by ISO code.
        find: gives the ISO codes that a text names in any language.
    """

    changed = Signal()

    def __init__(
        self, names: Mapping[str, str], find: Callable[[str], Iterable[str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "token-field")
        self._names, self._find = names, find
        self.countries: tuple[str, ...] = ()
        self.tokens: list[QPushButton] = []
        self.line = _Line(placeholderText=tr("Add country"))
        self.line.setProperty("look", "bare")
        self.line.setAccessibleName(tr("Countries"))
        self.line.entered.connect(self._enter)
        self.line.emptied.connect(self._remove_last)
        self._offers = QStringListModel(sorted(names.values(), key=folded), self)
        completer = QCompleter(self._offers, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(SUGGESTED)
        # Queued: the line takes the choice first.
        completer.activated.connect(self._enter, Qt.ConnectionType.QueuedConnection)
        self.line.setCompleter(completer)
        self.setFocusProxy(self.line)
        FocusRing(self, self.line)
        self._flow = FlowLayout(spacing=6)
        self.error = label("", "error")
        self.error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(7, 6, 7, 4)
        column.setSpacing(2)
        column.addLayout(self._flow)
        column.addWidget(self.line)
        column.addWidget(self.error)

    def show_countries(self, countries: Iterable[str]) -> None:
        """Show other countries."""
        self.countries = tuple(dict.fromkeys(iso for iso in countries if iso in self._names))
        self._rebuild()

    def _enter(self, _choice: str = "") -> None:
        text = self.line.text().strip()
        if not text:
            return
        found = [iso for iso in self._find(text) if iso in self._names]
        # What only one country's name begins with is meant, too.
        found = found or [iso for iso, name in self._names.items() if folded(name).startswith(folded(text))]
        if len(found) != 1:
            self._say(tr("No country is called “{text}”", text=text))
            return
        self.line.clear()
        # The list of offers writes its choice into the line after this.
        popup = self.line.completer().popup()
        if popup is not None:
            popup.hide()
        self._say("")
        self.show_countries((*self.countries, found[0]))
        self.changed.emit()

    def _remove_last(self) -> None:
        if self.countries:
            self._remove(self.countries[-1])

    def _remove(self, iso: str, _checked: bool = False) -> None:
        self.show_countries(one for one in self.countries if one != iso)
        self.line.setFocus()
        self.changed.emit()

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.line, text))

    def _rebuild(self) -> None:
        for old in self.tokens:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.tokens = []
        for iso in self.countries:
            token = QPushButton(f"{self._names[iso]}  ×")
            token.setProperty("look", "token")
            token.setAutoDefault(False)
            token.setAccessibleName(tr("Remove {country}", country=self._names[iso]))
            image = flag(iso, 2.0)
            if image is not None:
                token.setIcon(QIcon(image))
                token.setIconSize(QSize(18, 12))
            token.clicked.connect(partial(self._remove, iso))
            self._flow.addWidget(token)
            self.tokens.append(token)
        self.updateGeometry()
