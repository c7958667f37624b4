"""Offers to write characters that force Unicode otherwise, with the segments and the money that saves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desktop_app.domain.alphabets import Encoding
from desktop_app.domain.language import tr, trn
from desktop_app.domain.replacements import replace_forcing
from desktop_app.domain.segments import Forcing, SegmentPlan, plan_segments
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel, KeyButton
from desktop_app.views.widgets.notices import label

_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What could be written instead.

    Attributes:
        text: the whole text.
        plan: how it is cut then.
        characters: those that go, each once.
        changes_letters: letters lose their accents: what is read changes.
    """

    text: str
    plan: SegmentPlan
    characters: tuple[Forcing, ...]
    changes_letters: bool


def suggest(text: str, plan: SegmentPlan, shift_tables: frozenset[str]) -> Suggestion | None:
    """Return what makes ``text`` fit the GSM alphabet, None when nothing does; letters are left alone where that is enough."""
    for letters in (False, True):
        written = replace_forcing(text, shift_tables=shift_tables, letters=letters)
        if written == text or not written.strip():
            continue
        cheaper = plan_segments(written, shift_tables=shift_tables)
        # Nobody changes how words are spelt for nothing.
        pays = not letters or cheaper.count < plan.count
        if cheaper.encoding is Encoding.GSM7 and plan.encoding is not Encoding.GSM7 and pays:
            return Suggestion(written, cheaper, _once(plan.forcing), letters)
    return None


def _once(forcing: Sequence[Forcing]) -> tuple[Forcing, ...]:
    return tuple({one.character: one for one in forcing}.values())


class SuggestionBar(QFrame):
    """One suggestion with its two answers.

    Signals:
        taken: the person wants it.
        kept: the person wants the text as it is.
    """

    taken = Signal()
    kept = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "banner-warning")
        self.title, self.detail = label("", "strong"), label("", "facts")
        for line in (self.title, self.detail):
            line.setWordWrap(True)
            line.setTextFormat(Qt.TextFormat.PlainText)
        self.keep_button = QPushButton(tr("Keep"))
        self.keep_button.setProperty("look", "quiet")
        self.take_button = KeyButton(theme, tr("Replace all"), "Ctrl+.")
        self.keep_button.clicked.connect(self.kept)
        self.take_button.clicked.connect(self.taken)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, "wand-sparkles", "warning_icon"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        row.addWidget(self.keep_button)
        row.addWidget(self.take_button)
        self.hide()

    @property
    def labels(self) -> tuple[QLabel, QLabel]:
        """The heading and the sentence."""
        return self.title, self.detail

    def show_suggestion(self, suggestion: Suggestion | None, plan: SegmentPlan | None, saved: str) -> None:
        """Show a suggestion, None to hide the bar; ``saved`` is the money that it saves, "" while it is not known."""
        self.setVisible(suggestion is not None)
        if suggestion is None or plan is None:
            return
        characters = " ".join(_visible(one.character) for one in suggestion.characters[:_SHOWN])
        added = plan.count - suggestion.plan.count
        if added:
            title = trn("These characters force Unicode and add {count:,} segment: ",
                        "These characters force Unicode and add {count:,} segments: ", added)  # fmt: skip
        else:
            title = tr("These characters force Unicode: ")
        self.title.setText(title + characters)
        segments = trn("{count:,} segment", "{count:,} segments", suggestion.plan.count)
        how = tr("Write without accents (changes the text)") if suggestion.changes_letters else tr("Replace with {text}",
                 text=" ".join(_visible(one.replacement or "") for one in suggestion.characters[:_SHOWN]))  # fmt: skip
        end = tr("to send {segments} in GSM-7 and save {saved}.", segments=segments, saved=saved) if saved else tr(
            "to send {segments} in GSM-7.", segments=segments)  # fmt: skip
        self.detail.setText(f"{how} {end}")
        self.take_button.setText(tr("Write without accents") if suggestion.changes_letters else tr("Replace all"))
        self.take_button.set_keys("" if suggestion.changes_letters else "Ctrl+.")


def _visible(text: str) -> str:
    if not text:
        return tr("nothing")
    if text.isspace() or not text.isprintable():
        return tr("space") if text.isspace() else f"U+{ord(text[0]):04X}"
    return text
