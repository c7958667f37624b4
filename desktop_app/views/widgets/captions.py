"""What a field is called: its caption above it, which leads to it by keys and for screen readers."""

from typing import Final

from PySide6.QtWidgets import QLabel, QLayout, QVBoxLayout, QWidget

from desktop_app.views.widgets.notices import label

GAP: Final = 6


def caption_of(field: QWidget, text: str) -> QLabel:
    """Return the caption of a field."""
    made = label(text, "field")
    made.setBuddy(field)
    return made


def captioned(field: QWidget, text: str, *, row: QLayout | None = None, gap: int = GAP) -> QVBoxLayout:
    """Return a field, or the ``row`` that it stands in with others, under its caption."""
    column = QVBoxLayout()
    column.setSpacing(gap)
    column.addWidget(caption_of(field, text))
    if row is None:
        column.addWidget(field)
    else:
        column.addLayout(row)
    return column
