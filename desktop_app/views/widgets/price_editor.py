"""The field in which a price or a percent is typed."""

from decimal import Decimal
from typing import Final

from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.views.dressing import redress

_LONGEST: Final = 40
_COARSE: Final = 10


class PriceEditor(QLineEdit):
    """A field that fills a cell. Up and Down step the last decimal that is shown, with Shift ten of them.

    Attributes:
        index: the cell.
        filled: it was given its first text.
        confirmed: the text that the person was asked about and may keep.
        closing: it is about to go.
    """

    def __init__(self, parent: QWidget, index: QPersistentModelIndex) -> None:
        super().__init__(parent)
        self.index, self.filled, self.confirmed, self.closing = index, False, "", False
        self.setProperty("look", "cell")
        self.setMaxLength(_LONGEST)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def mark_wrong(self, why: str) -> None:
        """Show with a red border that what is typed cannot be taken, or with "" that it can."""
        if self.property("invalid") is not bool(why):
            self.setProperty("invalid", bool(why))
            redress(self)
        self.setAccessibleDescription(why)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Step with Up and Down; the rest as usual."""
        ways = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        way = ways.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        stepped = step(self.text(), way * (_COARSE if shifted else 1))
        if stepped != self.text():
            self.setText(stepped)
            self.textEdited.emit(stepped)


def step(text: str, by: int) -> str:
    """Return the number in ``text`` moved by so many of its last decimals, never below 0; any other text as it is."""
    mark = "," if "," in text and "." not in text else "."
    plain = text.strip().replace(",", ".")
    if not plain or not plain.isascii() or plain.count(".") > 1 or not plain.replace(".", "").isdigit():
        return text
    value = Decimal(plain)
    decimals = len(plain.partition(".")[2])
    moved = max(Decimal(0), value + Decimal(by).scaleb(-decimals))
    return f"{moved:.{decimals}f}".replace(".", mark)
