"""What is said when only some prices of a change could be restored."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop_app.domain.language import tr, trn
from desktop_app.services.activity import TakenBack
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import close_button, label

# More names than these are only counted.
NAMED = 3


class RestoredBanner(QFrame):
    """Names the prices that stay as they are and who changed them, and offers to restore these too.

    Attributes:
        change_id: the change that was taken back.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "banner-warning")
        self.change_id = 0
        self.sentence = label("", "facts")
        self.sentence.setWordWrap(True)
        self.show_button, self.also_button = QPushButton(tr("Show")), QPushButton(tr("Restore these too"))
        close = close_button(theme, tr("Close this banner"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 8, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, "triangle-alert", "warning_icon"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.sentence, 1)
        for button in (self.show_button, self.also_button, close):
            row.addWidget(button)
        self.hide()

    def show_taken_back(self, change_id: int, back: TakenBack, name_of: Callable[[str], str]) -> None:
        """Say what was restored and what was not."""
        self.change_id = change_id
        self.sentence.setText(restored_text(back, name_of))
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.sentence.text()))


def restored_text(back: TakenBack, name_of: Callable[[str], str]) -> str:
    """Return "24 of 26 prices restored. Slovakia and Spain were changed since by Mert Aydın and stay as they are."."""
    done = tr("{done:,} of {total:,} prices restored.", done=back.restored, total=back.restored + len(back.skipped))
    places = [
        name_of(row.country) if row.mccmnc is None else f"{name_of(row.country)} {row.mccmnc}" for row in back.skipped
    ]
    names = listed(places)
    if back.editors:
        rest = trn(
            "{names} was changed since by {people} and stays as it is.",
            "{names} were changed since by {people} and stay as they are.",
            len(places), names=names, people=listed(list(back.editors)),
        )  # fmt: skip
    else:
        rest = trn(
            "{names} was changed since and stays as it is.", "{names} were changed since and stay as they are.",
            len(places), names=names,
        )  # fmt: skip
    return f"{done} {rest}"


def listed(names: list[str]) -> str:
    """Return names as a person lists them: "Slovakia and Spain", "Slovakia, Spain, Italy and 5 others"."""
    if len(names) > NAMED + 1:
        others = len(names) - NAMED
        return tr("{names} and {count} others", names=", ".join(names[:NAMED]), count=others)
    if len(names) < 2:
        return "".join(names)
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])
