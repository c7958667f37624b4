"""How a model asks for a cell to be painted."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt

# A model returns a CellLook for it: how the cell is painted; without one it is plain text.
LOOK_ROLE: Final = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class CellLook:
    """How a cell is painted.

    Attributes:
        tone: the token of the text's colour.
        role: the type role of the text.
        icon: a name in resources/icons before the text, "" for none.
        icon_tone: the token of its colour.
        flag: the ISO code of the flag before the text, "" for none.
        pill: the tint behind the text ("success", "warning", "danger", "info", "neutral"), "" for none.
        faint: text in grey after the cell's own.
    """

    tone: str = "text2"
    role: str = "body"
    icon: str = ""
    icon_tone: str = "text3"
    flag: str = ""
    pill: str = ""
    faint: str = ""


PLAIN: Final = CellLook()
