"""The scope of a bulk edit as tokens in a field: typed with Enter, removed with Backspace, each with its count."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCompleter, QFrame, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr, trn
from desktop_app.domain.scopes import MINUS_SIGNS, ScopeToken, read_token, suggestions
from desktop_app.views.icons import icon
from desktop_app.views.models.scope_words import ScopeVocabulary
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.focus_ring import FocusRing
from desktop_app.views.widgets.notices import label

SUGGESTED: Final = 8


class ScopeLine(QLineEdit):
    """Where a token is typed; says when Backspace is pressed with nothing typed.

    Signals:
        emptied: Backspace in the empty line.
        entered: Enter, also while the list of suggestions is open.
    """

    emptied = Signal()
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Handle Backspace in the empty line; the rest as usual."""
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class ScopeField(QFrame):
    """Holds the tokens.

    Signals:
        changed: the tokens are others.
        left: Enter was pressed with nothing typed: the person goes on.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "token-field")
        self._theme = theme
        self._vocabulary = ScopeVocabulary((), {})
        self._tokens: tuple[ScopeToken, ...] = ()
        self._counts: Mapping[ScopeToken, int] = {}
        self.chips: list[QPushButton] = []
        self.line = ScopeLine(placeholderText=tr("Add country, region or view"))
        self.line.setProperty("look", "bare")
        self.line.setAccessibleName(tr("Scope"))
        self.line.setAccessibleDescription(
            tr(
                "Type a country, a region, a provider, a saved view, or a test like “margin < 25”, and press Enter. "
                "“-” removes, “@” lists the views."
            )
        )
        self.line.entered.connect(self._enter)
        self.line.emptied.connect(self._remove_last)
        self.line.textEdited.connect(self._suggest)
        self._set_up_completer()
        self._flow = FlowLayout(spacing=6)
        column = QVBoxLayout(self)
        column.setContentsMargins(7, 6, 7, 4)
        column.setSpacing(2)
        column.addLayout(self._flow)
        column.addWidget(self.line)
        self.error = label("", "error")
        self.error.hide()
        column.addWidget(self.error)
        FocusRing(self, self.line)
        theme.changed.connect(self._rebuild)

    @property
    def tokens(self) -> tuple[ScopeToken, ...]:
        """The tokens, in the order they were typed."""
        return self._tokens

    def set_vocabulary(self, vocabulary: ScopeVocabulary) -> None:
        """Understand these words from now on."""
        self._vocabulary = vocabulary
        self._rebuild()

    def show_tokens(self, tokens: Sequence[ScopeToken]) -> None:
        """Show other tokens; nothing is emitted."""
        self._tokens = tuple(tokens)
        self.say_error("")
        self._rebuild()

    def show_counts(self, counts: Mapping[ScopeToken, int]) -> None:
        """Show how many countries each token speaks of."""
        if counts != self._counts:
            self._counts = counts
            for token, chip in zip(self._tokens, self.chips, strict=True):
                self._write(token, chip)

    def say_error(self, text: str) -> None:
        """Say under the line what is wrong, "" for nothing."""
        is_news = text != self.error.text()
        self.error.setText(text)
        self.error.setVisible(bool(text))
        if text and is_news:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.line, text))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Type where the field is pressed."""
        self.line.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def _set_up_completer(self) -> None:
        self._found = QStringListModel(self)
        self._completer = QCompleter(self._found, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(SUGGESTED)
        self.popup = QListView()
        self.popup.setProperty("look", "suggestions")
        self.popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.popup.setAccessibleName(tr("Suggestions"))
        self._completer.setPopup(self.popup)
        self._completer.setWidget(self.line)
        self._completer.activated.connect(self._take)

    def _suggest(self, text: str) -> None:
        self.say_error("")
        found = suggestions(text, self._vocabulary.words, SUGGESTED)
        self._found.setStringList([word.label for word in found])
        if found:
            self._completer.complete()
        else:
            self.popup.hide()

    def _take(self, text: str) -> None:
        """Add what was chosen from the list, keeping the sign that was typed."""
        sign = self.line.text().strip()[:1]
        self._add(f"-{text}" if sign and sign in MINUS_SIGNS else text)

    def _enter(self) -> None:
        chosen = self.popup.currentIndex() if self.popup.isVisible() else None
        self.popup.hide()
        if chosen is not None and chosen.isValid():
            self._take(str(chosen.data()))
        elif self.line.text().strip():
            self._add(self.line.text())
        else:
            self.left.emit()

    def _add(self, text: str) -> None:
        try:
            token = read_token(text, self._vocabulary.words)
        except InvalidInput as error:
            self.say_error(error.user_message)
            return
        self.line.clear()
        self.popup.hide()
        if token not in self._tokens:
            self._change((*self._tokens, token))

    def _remove_last(self) -> None:
        if self._tokens:
            self._change(self._tokens[:-1])

    def _remove(self, token: ScopeToken) -> None:
        self._change(tuple(one for one in self._tokens if one != token))
        self.line.setFocus()

    def _change(self, tokens: tuple[ScopeToken, ...]) -> None:
        self._tokens = tokens
        self._rebuild()
        self.changed.emit()

    def _rebuild(self) -> None:
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for token in self._tokens:
            chip = QPushButton(self)
            chip.setProperty("look", "token-off" if token.removes else "token")
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            chip.setIconSize(QSize(12, 12))
            chip.setIcon(icon(self._theme, "x", "text2" if token.removes else "accent_text", 12))
            chip.clicked.connect(_without_state(partial(self._remove, token)))
            self._write(token, chip)
            self._flow.addWidget(chip)
            chip.show()
            self.chips.append(chip)
        self.line.setPlaceholderText(
            tr("Add country, region or view") if self._tokens else tr("EU, Germany, margin < 25 …")
        )
        self.updateGeometry()

    def _write(self, token: ScopeToken, chip: QPushButton) -> None:
        name = ("\u2212" if token.removes else "") + self._vocabulary.label(token)
        count = self._counts.get(token)
        # Views and providers are called as people like: an ampersand is one, and no mnemonic.
        literal = name.replace("&", "&&")
        chip.setText(literal if count is None else f"{literal}  {count}")
        counted = "" if count is None else trn("{count} country", "{count} countries", count)
        chip.setAccessibleName(tr("Remove {name} from the scope, {count}", name=name, count=counted))
        chip.setToolTip(tr("Remove"))


def _without_state(run: Callable[[], object]) -> Callable[[bool], None]:
    def called(_checked: bool) -> None:
        run()

    return called
