"""Native controls that behave: the wheel changes nothing without the focus, choices know their values."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QTimeEdit,
)

V = TypeVar("V")
_ROOM: Final = 8


def inset(field: QSpinBox | QTimeEdit) -> None:
    """Keep the text off the frame as in other fields: the room that the stylesheet gives does not reach it."""
    field.lineEdit().setTextMargins(_ROOM, 0, 0, 0)


class Choice(QComboBox, Generic[V]):
    """One of several values, by its text. ``chosen`` is emitted when the person chose, not when the program did."""

    chosen = Signal()

    def __init__(self, options: Iterable[tuple[V, str]]) -> None:
        super().__init__()
        self._values: list[V] = []
        for value, text in options:
            self._values.append(value)
            self.addItem(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(lambda _: self.chosen.emit())

    @property
    def value(self) -> V:
        """The value that is shown."""
        return self._values[self.currentIndex()]

    def say(self, texts: Iterable[str]) -> None:
        """Call the values differently, in their order."""
        for row, text in enumerate(texts):
            self.setItemText(row, text)

    def offer(self, options: Iterable[tuple[V, str]], value: V) -> None:
        """Offer other values and show one of them; nothing is emitted."""
        self.clear()
        self._values.clear()
        for one, text in options:
            self._values.append(one)
            self.addItem(text)
        self.show_value(value)

    def show_value(self, value: V) -> None:
        """Show a value; one that is not offered is added as it is."""
        if value not in self._values:
            self._values.append(value)
            self.addItem(str(value))
        self.setCurrentIndex(self._values.index(value))

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802 - Qt's name
        """Say with dots that the text goes on where there is no room for it."""
        super().initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width()
        )

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page unless this has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class TimeOfDay(QTimeEdit):
    """A time of the day in hours and minutes."""

    def __init__(self) -> None:
        super().__init__()
        self.setDisplayFormat("HH:mm")
        inset(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page unless this has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Segments(QFrame, Generic[V]):
    """A few values side by side, one of them pressed. ``chosen`` is emitted when the person chose."""

    chosen = Signal()

    def __init__(self, options: Sequence[tuple[V, str]]) -> None:
        super().__init__()
        self.setProperty("look", "segments")
        self._group = QButtonGroup(self)
        self._values = [value for value, _ in options]
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for place, (_, text) in enumerate(options):
            button = QPushButton(text)
            button.setProperty("look", "segment")
            # In a dialog Enter presses the button that ends it, not the value that has the focus.
            button.setAutoDefault(False)
            button.setCheckable(True)
            button.clicked.connect(partial(self._choose, place))
            self._group.addButton(button, place)
            row.addWidget(button)
        self.setFocusProxy(self._group.button(0))

    @property
    def value(self) -> V:
        """The value that is pressed."""
        return self._values[self._group.checkedId()]

    @property
    def buttons(self) -> list[QPushButton]:
        """The buttons, in the order of the values."""
        return [button for button in self._group.buttons() if isinstance(button, QPushButton)]

    def show_value(self, value: V) -> None:
        """Press the button of a value."""
        button = self._group.button(self._values.index(value))
        button.setChecked(True)
        self.setFocusProxy(button)

    def name(self, text: str) -> None:
        """Let a screen reader say what the values are of: "Theme, Dark"."""
        for button in self.buttons:
            button.setAccessibleName(f"{text}, {button.text()}")

    def _choose(self, place: int, _checked: bool = False) -> None:
        self.setFocusProxy(self._group.button(place))
        self.chosen.emit()


class Switch(QCheckBox):
    """On or off, at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "switch")
