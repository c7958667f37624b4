"""What the pages of Settings are made of: cards with rows, each with a title, a sentence and a control."""

from collections.abc import Callable
from typing import ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.views.dressing import redress
from desktop_app.views.formats import folded
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.inputs import Segments
from desktop_app.views.widgets.notices import label

WIDEST: Final = 760


class Row(QFrame):
    """One setting: what it is called, what it does, its control, and what is wrong with it.

    Args:
        title: what it is called; without one the control has the whole width.
        detail: what it does.
        control: what it is set with, None for something to read.
        words: more words that find it.
    """

    def __init__(self, title: str, detail: str, control: QWidget | None, words: str = "") -> None:
        super().__init__()
        self.setProperty("look", "row")
        self.control = control
        self._found_by = folded(f"{title} {detail} {words}")
        self._title, self.error = label(title, "setting"), label("", "error")
        self._title.setWordWrap(True)
        self.error.setWordWrap(True)
        self.error.hide()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        if title:
            texts.addWidget(self._title)
        elif control is not None:
            texts.addWidget(control)
        self.detail = label(detail, "facts")
        self.detail.setWordWrap(True)
        if not detail:
            self.detail.hide()
        texts.addWidget(self.detail)
        texts.addWidget(self.error)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(24)
        row.addLayout(texts, 1)
        if control is not None and title:
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._name(control, title, detail)

    def matches(self, words: str) -> bool:
        """Whether every one of the ``words`` is found in it."""
        return all(word in self._found_by for word in folded(words).split())

    def show_detail(self, text: str) -> None:
        """Say something else under the title."""
        self.detail.setText(text)
        self.detail.setVisible(bool(text))

    def show_error(self, text: str) -> None:
        """Say what is wrong, under the setting; "" when nothing is."""
        self.error.setText(text)
        self.error.setVisible(bool(text))
        if self.control is not None:
            self.control.setProperty("invalid", bool(text))
            redress(self.control)

    def _name(self, control: QWidget, title: str, detail: str) -> None:
        self._title.setBuddy(control)
        if isinstance(control, Segments):
            control.name(title)
        else:
            control.setAccessibleName(title)
            control.setAccessibleDescription(detail)


class Page(QScrollArea):
    """One page: cards of rows in one column.

    Signals:
        draft_changed: a setting that needs saving was touched.
    """

    draft_changed = Signal()
    name: ClassVar[str]
    icon: ClassVar[str]
    # What it holds reaches everyone in the team: it has Save, and the list marks it.
    is_saved: ClassVar[bool] = False

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.rows: list[Row] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("page")
        outer = QHBoxLayout(inside)
        outer.setContentsMargins(24, 20, 24, 24)
        column_holder = QWidget()
        column_holder.setMaximumWidth(WIDEST)
        self._column = QVBoxLayout(column_holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        outer.addWidget(column_holder, 1)
        outer.addStretch()
        heading = label(self.title, "title")
        self._column.addWidget(heading)
        self._cards: list[tuple[QLabel | None, QFrame, list[Row]]] = []
        self.setWidget(inside)

    @property
    def title(self) -> str:
        """What the list and the page's heading call it, translated."""
        raise NotImplementedError

    @property
    def unsaved(self) -> int:
        """How many settings were changed and not saved."""
        return 0

    def language_changed(self) -> None:
        """Say again what is written with marks and names of a language, in a list to choose from for example."""

    def shown(self) -> None:
        """Called each time the person comes to the page."""

    def save(self) -> None:
        """Save what was changed."""

    def discard(self) -> None:
        """Show again what is saved."""

    def undo(self) -> bool:
        """Take back the last change of this page and return True; False when there is none."""
        return False

    def add_card(self, title: str, *rows: Row, into: QVBoxLayout | None = None) -> QFrame:
        """Add rows in a card under a heading, "" for none, to the page or to a part of it."""
        place = into or self._column
        heading = label(title, "h2") if title else None
        if heading is not None:
            heading.setContentsMargins(0, 12, 0, 0)
            place.addWidget(heading)
        card = QFrame()
        card.setProperty("look", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in rows:
            column.addWidget(row)
        self.rows.extend(rows)
        self._cards.append((heading, card, list(rows)))
        place.addWidget(card)
        if self.isVisible():
            # A layout shows what was added later by itself, but asks for the room before that.
            for part in (heading, card):
                if part is not None:
                    part.show()
        _draw_lines(list(rows))
        return card

    def add_part(self) -> QVBoxLayout:
        """Add an empty part, for cards that come and go, and return it."""
        part = QVBoxLayout()
        part.setSpacing(8)
        self._column.addLayout(part)
        return part

    def clear_part(self, part: QVBoxLayout) -> None:
        """Take every card out of a part."""
        while (item := part.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                self.rows = [row for row in self.rows if row.parent() is not gone]
                self._cards = [card for card in self._cards if gone not in card[:2]]
                gone.deleteLater()

    def add_widget(self, widget: QWidget, stretch: int = 0) -> None:
        """Add anything below the cards."""
        self._column.addWidget(widget, stretch)

    def end(self) -> None:
        """Keep the rows together at the top."""
        self._column.addStretch()

    def filter(self, words: str) -> int:
        """Show only the rows that hold the ``words``, all of them when the page itself is called so; return how many."""
        found = [row for row in self.rows if row.matches(words)]
        if words and not found and self.matches_title(words):
            found = self.rows
        for heading, card, rows in self._cards:
            left = [row for row in rows if row in found]
            for row in rows:
                row.setVisible(row in left)
            _draw_lines(left)
            card.setVisible(bool(left) or not (words and rows))
            if heading is not None:
                heading.setVisible(not card.isHidden())
        return len(found)

    def matches_title(self, words: str) -> bool:
        """Whether the page is called like that."""
        return all(word in folded(self.title) for word in folded(words).split())

    def say(self, text: str, undo: Callable[[], object]) -> None:
        """Say what was changed, with the button that takes it back."""
        self.place.notices.say(text, "", undo)


def _draw_lines(rows: list[Row]) -> None:
    for row in rows:
        row.setProperty("first", row is rows[0])
        redress(row)
