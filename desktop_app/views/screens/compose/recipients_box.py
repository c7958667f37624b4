"""Whom the message is for: lists as chips, a few numbers as text, and what became of them."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.services.audiences import Audience, Source, SourceKind
from desktop_app.views.formats import count_text
from desktop_app.views.icons import button_icon
from desktop_app.views.screens.compose.numbers_field import NumbersField
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.focus_ring import FocusRing
from desktop_app.views.widgets.icon_widgets import IconLabel, KeyButton
from desktop_app.views.widgets.notices import label

_ICONS: Final = {
    SourceKind.TYPED: "hash", SourceKind.PASTED: "clipboard-paste", SourceKind.FILE: "file-text", SourceKind.GROUP: "users",
}  # fmt: skip
_NAME: Final = 28
_CHIP_ICON: Final = QSize(18, 16)


class RecipientsBox(QFrame):
    """Chips, the field, and the buttons that bring more.

    Signals:
        removed: the Source whose chip was pressed.
    """

    removed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("look", "token-field")
        self.field = NumbersField(theme)
        FocusRing(self, self.field)
        self.import_button = KeyButton(theme, tr("Import file"), image="upload")
        self.groups_button = KeyButton(theme, tr("Groups"), image="users")
        for button in (self.import_button, self.groups_button):
            button.setProperty("look", "quiet")
        self.chips: list[QPushButton] = []
        self._holder = QWidget()
        self._flow = FlowLayout(self._holder, spacing=6)
        self._holder.hide()
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self.import_button, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.groups_button, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(4)
        column.addWidget(self._holder)
        column.addLayout(row)

    def show_lists(self, lists: Sequence[Source]) -> None:
        """Show a chip per list."""
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(one) for one in lists]
        for chip in self.chips:
            self._flow.addWidget(chip)
        self._holder.setVisible(bool(lists))

    def _chip(self, source: Source) -> QPushButton:
        count = count_text(len(source.entries.texts))
        name = source_name(source)
        shown = name if len(name) <= _NAME else name[: _NAME - 1] + "…"
        chip = QPushButton(f"{shown}  {count}  ×".replace("&", "&&"))
        chip.setProperty("look", "token")
        chip.setIcon(button_icon(self._theme, _ICONS[source.kind], "accent_text", 14, _CHIP_ICON))
        chip.setIconSize(_CHIP_ICON)
        chip.setToolTip(tr("Remove this list"))
        chip.setAccessibleName(tr("{name}, {count} recipients: remove", name=name, count=count))
        chip.clicked.connect(partial(self.removed.emit, source))
        return chip


def source_name(source: Source) -> str:
    """Return what a source is called."""
    return source.name or {SourceKind.TYPED: tr("Typed"), SourceKind.PASTED: tr("Pasted list")}.get(source.kind, "")


class ResultLine(QWidget):
    """How many of the recipients are valid, and what became of the others.

    Signals:
        copy_wanted, remove_wanted: the person wants the invalid entries on the clipboard, or gone.
        cancel_wanted: the person stops the reading.
    """

    copy_wanted = Signal()
    remove_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._marks: dict[str, tuple[QWidget, QLabel]] = {}
        flow = FlowLayout(self, spacing=12, right_from=5)
        for name, image, colour in (
            ("valid", "circle-check", "success_icon"), ("duplicates", "copy", "text3"), ("opted_out", "circle-slash", "text3"),
            ("invalid", "circle-x", "danger_icon"),
        ):  # fmt: skip
            flow.addWidget(self._mark(theme, name, image, colour))
        self.progress, self.progress_text = QProgressBar(), label("", "facts")
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(120)
        self.progress.setAccessibleName(tr("Reading recipients"))
        self.cancel_button = self._button(theme, tr("Cancel"), "x", self.cancel_wanted)
        self.copy_button = self._button(theme, tr("Copy invalid"), "", self.copy_wanted)
        self.remove_button = self._button(theme, tr("Remove invalid"), "", self.remove_wanted)
        running = QWidget()
        row = QHBoxLayout(running)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.progress, self.progress_text, self.cancel_button):
            row.addWidget(part)
        self._running = running
        self._running.hide()
        flow.addWidget(running)
        flow.addWidget(self.copy_button)
        flow.addWidget(self.remove_button)
        self.show_counts(None, 0)

    def text_of(self, name: str) -> str:
        """Return what is said of "valid", "duplicates", "opted_out" or "invalid", "" when nothing is."""
        holder, text = self._marks[name]
        return text.text() if holder.isVisibleTo(self) else ""

    @property
    def text(self) -> str:
        """Everything that is said, for a screen reader."""
        return ", ".join(filter(None, map(self.text_of, self._marks)))

    def show_counts(self, audience: Audience | None, opted_out: int) -> None:
        """Show what was read, None for nobody."""
        counts = {"valid": 0, "duplicates": 0, "opted_out": 0, "invalid": 0}
        if audience is not None:
            counts = {"valid": len(audience.numbers) - opted_out, "duplicates": audience.duplicates, "opted_out": opted_out,
                      "invalid": len(audience.invalid)}  # fmt: skip
        texts = {
            "valid": tr("{count:,} valid", count=counts["valid"]),
            "duplicates": trn("{count:,} duplicate removed", "{count:,} duplicates removed", counts["duplicates"]),
            "opted_out": tr("{count:,} opted out", count=counts["opted_out"]),
            "invalid": tr("{count:,} invalid", count=counts["invalid"]),
        }
        for name, (holder, text) in self._marks.items():
            text.setText(texts[name])
            holder.setVisible(bool(counts[name]))
        for button in (self.copy_button, self.remove_button):
            button.setVisible(bool(counts["invalid"]))

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show how far the reading is."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress_text.setText(text)

    def show_reading(self, *, on: bool) -> None:
        """Show, or not, that recipients are being read."""
        self._running.setVisible(on)

    def _mark(self, theme: Theme, name: str, image: str, colour: str) -> QWidget:
        holder, text = QWidget(), label("", "strong-small" if name in ("valid", "invalid") else "small")
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(IconLabel(theme, image, colour))
        row.addWidget(text, 0, Qt.AlignmentFlag.AlignVCenter)
        if name == "invalid":
            text.setProperty("look", "error-strong")
        self._marks[name] = (holder, text)
        return holder

    @staticmethod
    def _button(theme: Theme, text: str, image: str, wanted: SignalInstance) -> KeyButton:
        button = KeyButton(theme, text, image=image)
        button.setProperty("look", "link")
        button.clicked.connect(wanted)
        return button
