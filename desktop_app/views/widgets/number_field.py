"""A field for a number with its unit inside; Up and Down step the last decimal shown, with Shift ten times."""

from decimal import Decimal, InvalidOperation
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from desktop_app.views.dressing import redress
from desktop_app.views.formats import plain_tip
from desktop_app.views.widgets.notices import label

EDGE: Final = 9


class NumberField(QLineEdit):
    """A line with a unit at its right end; what it means is read by whoever asks."""

    def __init__(self, name: str, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._name = name
        self.unit: QLabel = label("", "unit")
        self.unit.setParent(self)
        self.unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_unit(unit)

    def set_unit(self, unit: str) -> None:
        """Show another unit."""
        self.unit.setText(unit)
        self.unit.adjustSize()
        self.setTextMargins(0, 0, self.unit.width() + EDGE if unit else 0, 0)
        self._place()

    def say_error(self, text: str) -> None:
        """Mark the field as wrong and say why; "" takes it back."""
        if bool(self.property("invalid")) != bool(text):
            self.setProperty("invalid", bool(text))
            redress(self)
        self.setToolTip(plain_tip(text))
        self.setAccessibleDescription(text)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for a price and the unit."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("000.0000") + self.unit.width() + 3 * EDGE, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the unit at the right end."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Give the unit the room that it needs in another size of text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.set_unit(self.unit.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Step with Up and Down; the rest as usual."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        way = steps.get(Qt.Key(event.key())) if event.key() in steps else None
        if way is None:
            super().keyPressEvent(event)
            return
        times = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        stepped = step_text(self.text(), way * times)
        if stepped is not None:
            self.setText(stepped)
            self.textEdited.emit(stepped)

    def _place(self) -> None:
        self.unit.move(self.width() - self.unit.width() - EDGE, (self.height() - self.unit.height()) // 2)


def step_text(text: str, steps: int) -> str | None:
    """Return a number as it is typed, moved by its last decimal; None where it is none, or would fall below 0."""
    comma = "," in text
    try:
        number = Decimal(text.strip().replace(",", ".") or "0")
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        return None
    moved = number + Decimal(steps).scaleb(min(0, exponent))
    if moved < 0:
        return None
    return f"{moved:f}".replace(".", ",") if comma else f"{moved:f}"
