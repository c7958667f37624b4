"""What needs a person, each with the button that leads to where it is solved."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.attention import AttentionItem
from desktop_app.views.models.attention_words import ICONS, attention_button, attention_detail, attention_title
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import Pill


class AttentionRow(QFrame):
    """One thing to do. ``wanted`` carries the address of where it is done."""

    wanted = Signal(str)

    def __init__(self, theme: Theme, item: AttentionItem, detail: str) -> None:
        super().__init__()
        self.setProperty("look", "row")
        self.item = item
        image, tone = ICONS[item.kind]
        text, address = attention_button(item)
        self.title, self.detail = ElidedLabel("value-strong"), ElidedLabel("facts")
        self.title.setText(attention_title(item))
        self.detail.setText(detail)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton(text)
        self.button.setAccessibleName(f"{text}: {self.title.text()}")
        self.button.setAccessibleDescription(detail)
        self.button.clicked.connect(partial(self.wanted.emit, address))
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self.title)
        if detail:
            texts.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 14, 8)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, image, tone, 16), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self.button)


class AttentionList(QWidget):
    """The heading with the count, and the rows. ``wanted`` carries an address."""

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[AttentionRow] = []
        self._shown: tuple[object, ...] = ()
        self.count, self.nothing = Pill(theme), label(tr("Nothing needs you just now"), "facts")
        self.nothing.setContentsMargins(16, 4, 16, 14)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 8)
        head.setSpacing(8)
        head.addWidget(label(tr("Needs attention"), "h2"))
        head.addWidget(self.count)
        head.addStretch()
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.nothing)
        column.addLayout(self._column)

    def show_items(self, items: Sequence[AttentionItem], country_names: dict[str, str], now: datetime) -> None:
        """Show what there is to do; rows that say the same stay, and the focus stays at its kind."""
        details = [attention_detail(item, country_names, now) for item in items]
        pairs = list(zip(items, details, strict=True))
        shown = tuple((attention_title(item), detail, attention_button(item)) for item, detail in pairs)
        if shown == self._shown:
            return
        self._shown = shown
        focused = next((row.item.kind for row in self.rows if row.button.hasFocus()), None)
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [AttentionRow(self._theme, item, detail) for item, detail in pairs]
        for row in self.rows:
            row.wanted.connect(self.wanted)
            self._column.addWidget(row)
            if row.item.kind is focused:
                row.button.setFocus()
        self.count.show_state(str(len(items)) if items else "", "neutral")
        self.nothing.setVisible(not items)
