"""The lines of a request: what a program saw, what was done, where it is approved."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_app.domain.activity import ActivityEntry, words_of
from desktop_app.domain.language import tr
from desktop_app.domain.sender_checks import SenderCheck
from desktop_app.views.models.activity_rows import entry_icon
from desktop_app.views.models.sender_words import check_text
from desktop_app.views.moments import exact_moment, moment_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.country_card import FlagLabel
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label

LONGEST_MORE: Final = 60
_HISTORY_ICONS: Final = {
    "sender_requested": "plus", "sender_approved": "check", "sender_rejected": "x", "sender_at_provider": "arrow-right",
    "sender_documents_asked": "mail", "sender_documents_added": "upload", "sender_document_marked": "file-check",
    "sender_decision_undone": "undo-2", "sender_expired": "hourglass", "sender_expiring": "clock",
}  # fmt: skip


def heading_row(text: str, right: QLabel | None = None) -> QWidget:
    """Return a heading, with something at its right."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(20, 2, 20, 0)
    row.addWidget(label(text, "strong-small"), 1)
    if right is not None:
        row.addWidget(right)
    return holder


def check_row(
    place: Workplace, check: SenderCheck, name_of: Callable[[str], str], go: Callable[[str], object]
) -> QWidget:
    """Return what a program saw by itself; ``go`` is called with the address of what it is to be compared with."""
    line, text = QWidget(), ElidedLabel("answer")
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    image = ("circle-check", "success_icon") if check.is_fine else ("triangle-alert", "warning_icon")
    text.setText(check_text(check, name_of))
    row.addWidget(IconLabel(place.theme, *image, 14))
    row.addWidget(text, 1)
    if check.other is not None:
        compare = QPushButton(tr("Compare"))
        compare.setProperty("look", "link")
        compare.setAccessibleName(tr("Compare with {sender}", sender=check.other.sender))
        compare.clicked.connect(partial(_call, go, f"senders/{check.other.sender_id}"))
        row.addWidget(compare)
    line.setMinimumHeight(place.theme.scaled(24))
    return line


def history_row(place: Workplace, entry: ActivityEntry, name_of: Callable[[str], str]) -> QWidget:
    """Return what was done, by whom, and when."""
    words = words_of(entry, name_of)
    line, what = QWidget(), ElidedLabel("answer")
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 1, 0, 1)
    row.setSpacing(8)
    more = words.after if words.after and len(words.after) < LONGEST_MORE else ""
    what.setText(f"{words.what}: {more}" if more else words.what)
    when = label(moment_text(entry.at, place.parts.clock()), "facts")
    when.setToolTip(exact_moment(entry.at))
    row.addWidget(IconLabel(place.theme, _HISTORY_ICONS.get(entry.kind, entry_icon(entry)), "text3", 14))
    row.addWidget(what, 1)
    row.addWidget(label(entry.actor, "facts"))
    row.addWidget(when)
    return line


def approved_mark(country: str, name: str) -> QWidget:
    """Return a flag with the name of its country."""
    one = QWidget()
    row = QHBoxLayout(one)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(FlagLabel(country))
    row.addWidget(label(name, "answer"))
    return one


def _call(go: Callable[[str], object], address: str, _checked: bool = False) -> None:
    go(address)
