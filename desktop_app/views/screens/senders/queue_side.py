"""The left side of the queue: search, chips with counts, the list, and the way through it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.models.sender_queue import Chip, SenderQueueModel, chip_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import rule
from desktop_app.views.widgets.sender_cards import SenderCards

WIDTH = 300


class QueueSide(QFrame):
    """Holds the list.

    Signals:
        filtered: another chip is pressed, or something else is looked for.
        stepped: how many rows on the person wants to go, 1 or -1.
    """

    filtered = Signal()
    stepped = Signal(int)

    def __init__(self, place: Workplace, cards: SenderCards) -> None:
        super().__init__()
        self._place = place
        self.find_field = FindField(place.theme, tr("Find sender ID or client"))
        self.chips: dict[Chip, QPushButton] = {}
        self.nothing = label("", "facts")
        self.next_button = KeyButton(place.theme, tr("Next"), "J")
        self.previous_button = KeyButton(place.theme, tr("Previous"), "K")
        self._build(cards)
        self._follow_theme()
        # A method, not a lambda: the theme lives longer than the window.
        place.theme.changed.connect(self._follow_theme)
        self.find_field.textChanged.connect(lambda _text: self.filtered.emit())
        self.find_field.returnPressed.connect(cards.setFocus)
        self.next_button.clicked.connect(lambda: self.stepped.emit(1))
        self.previous_button.clicked.connect(lambda: self.stepped.emit(-1))

    @property
    def chip(self) -> Chip:
        """The chip that is pressed."""
        return next((chip for chip, button in self.chips.items() if button.isChecked()), Chip.WAITING)

    def say_chips(self, model: SenderQueueModel) -> None:
        """Write on each chip how many requests belong under it."""
        for chip, button in self.chips.items():
            button.setText(f"{chip_text(chip)}  {model.count(chip)}")

    def say_nothing(self, model: SenderQueueModel) -> None:
        """Say that nothing is shown, and why, where that is so."""
        text = self.find_field.text()
        empty = tr("Nothing here.") if model.chip is not Chip.WAITING else tr("No request waits for a decision.")
        self.nothing.setText(tr("No sender ID or client matches “{text}”", text=text) if text else empty)
        self.nothing.setVisible(not model.rowCount())

    def _build(self, cards: SenderCards) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 12, 10)
        head.setSpacing(10)
        head.addWidget(self.find_field)
        head.addWidget(self._chip_row())
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setContentsMargins(16, 24, 16, 0)
        self.nothing.hide()
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 16, 8)
        for button in (self.next_button, self.previous_button):
            button.setProperty("look", "quiet")
            foot.addWidget(button)
        foot.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(self.nothing)
        column.addWidget(cards, 1)
        column.addLayout(foot)

    def _chip_row(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, spacing=5)
        group = QButtonGroup(self)
        for chip in Chip:
            button = QPushButton(chip_text(chip))
            button.setProperty("look", "chip")
            button.setCheckable(True)
            button.setChecked(chip is Chip.WAITING)
            button.clicked.connect(lambda _checked: self.filtered.emit())
            group.addButton(button)
            flow.addWidget(button)
            self.chips[chip] = button
        return holder

    def _follow_theme(self) -> None:
        self.setFixedWidth(self._place.theme.scaled(WIDTH))
