"""What a bulk edit must settle before it is saved: rows below cost, and changes that others made meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.bulk_edits import RowState
from desktop_app.domain.language import tr, trn
from desktop_app.domain.price_plans import Note
from desktop_app.services.bulk_edit import Conflict
from desktop_app.views.formats import percent_text
from desktop_app.views.models.bulk_lines import PreviewLine
from desktop_app.views.models.bulk_rule import short
from desktop_app.views.models.money_texts import money_text
from desktop_app.views.moments import moment_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import announce, label

# What a text has at least beside the buttons.
TEXT_WIDTH: Final = 260
_THOUSAND: Final = 1_000


class EditBanner(QFrame):
    """An icon, a heading, a sentence, and the buttons that solve it."""

    def __init__(
        self, theme: Theme, look: str, image: str, buttons: Sequence[QPushButton], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", f"banner-{look}")
        self._theme = theme
        self._title: QLabel = label("", "strong")
        self._detail: QLabel = label("", "facts")
        for text in (self._title, self._detail):
            text.setWordWrap(True)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._detail)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(IconLabel(theme, image, f"{look}_icon"), 0, Qt.AlignmentFlag.AlignTop)
        told.addLayout(texts, 1)
        self._buttons, foot = tuple(buttons), QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch()
        for button in buttons:
            foot.addWidget(button)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(12, 8, 10, 8)
        self._row.setSpacing(8)
        self._row.addLayout(told, 1)
        self._row.addLayout(foot)
        self.hide()

    @property
    def text(self) -> str:
        """Heading and sentence."""
        return f"{self._title.text()} {self._detail.text()}".strip()

    def say(self, title: str, detail: str = "") -> None:
        """Show other texts; they are announced when they are new."""
        is_new = not self.isVisible() or title != self._title.text()
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._arrange()
        self.show()
        if is_new:
            announce(self, self.text, is_urgent=True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put the buttons where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the buttons beside the text, or below it where long words would leave it a narrow column."""
        used = sum(button.sizeHint().width() + 8 for button in self._buttons if not button.isHidden())
        beside = self.width() - used >= self._theme.scaled(TEXT_WIDTH)
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if beside else ways.TopToBottom)


class LossBanner(EditBanner):
    """Names the rows that would sell below cost, and what can be done about them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.show_button, self.raise_button = QPushButton(tr("Show")), QPushButton(tr("Raise to break-even"))
        self.exclude_button, self.allow_button = QPushButton(tr("Exclude")), QPushButton(tr("Allow loss…"))
        buttons = (self.show_button, self.raise_button, self.exclude_button, self.allow_button)
        super().__init__(theme, "danger", "circle-alert", buttons, parent)

    def show_losing(self, losing: Sequence[PreviewLine], cap: int | None, symbol: str) -> None:
        """Speak of the rows that lose money and are not settled; without any, hide."""
        refused = [line for line in losing if line.row.state is RowState.REFUSED]
        self.allow_button.setVisible(bool(refused))
        if not losing:
            self.hide()
            return
        named = refused or losing
        title = _refused_text(refused) if refused else _losing_text(losing)
        self.say(title, _loss_text(named[0], cap, symbol))


def _refused_text(lines: Sequence[PreviewLine]) -> str:
    if any(line.is_network for line in lines):
        return trn("{count:,} row would sell below cost", "{count:,} rows would sell below cost", len(lines))
    return trn("{count} country would sell below cost", "{count} countries would sell below cost", len(lines))


def _losing_text(lines: Sequence[PreviewLine]) -> str:
    if any(line.is_network for line in lines):
        return trn(
            "{count:,} row would still sell below cost", "{count:,} rows would still sell below cost", len(lines)
        )
    return trn(
        "{count} country would still sell below cost", "{count} countries would still sell below cost", len(lines)
    )


def _loss_text(line: PreviewLine, cap: int | None, symbol: str) -> str:
    """Return what happens to one row: where it ends, and what a thousand messages lose."""
    lost = money_text(((line.row.rate.cost or 0) - (line.row.after or 0)) * _THOUSAND, symbol)
    margin = percent_text(line.margin_after)
    if cap is not None and Note.CAPPED in line.row.notes:
        percent = short(f"{cap // 100}.{cap % 100:02d}")
        return tr(
            "{name} reaches the {cap}% cap and stays at {margin}: you lose {lost} per 1,000 SMS.",
            name=line.name, cap=percent, margin=margin, lost=lost,
        )  # fmt: skip
    return tr("{name} ends at {margin}: you lose {lost} per 1,000 SMS.", name=line.name, margin=margin, lost=lost)


class ConflictBanner(EditBanner):
    """Says who changed prices or costs under the preview."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.update_button = QPushButton(tr("Update preview"))
        super().__init__(theme, "info", "info", (self.update_button,), parent)

    def show_conflict(self, conflict: Conflict | None, now: datetime) -> None:
        """Say it; without a conflict, hide."""
        if conflict is None:
            self.hide()
        else:
            self.say(conflict_text(conflict, now))


def conflict_text(conflict: Conflict, now: datetime) -> str:
    """Return who changed how many prices when: "Mert Aydın changed 3 of these prices at 14:02"."""
    if not conflict.prices or conflict.at is None:
        return trn(
            "{count:,} of these costs changed", "{count:,} of these costs changed", conflict.costs or conflict.prices
        )
    local = conflict.at.astimezone()
    when = f"{local:%H:%M}" if local.date() == now.astimezone().date() else moment_text(conflict.at, now)
    who = tr("{name} and others", name=conflict.actor) if conflict.others else conflict.actor
    return trn(
        "{who} changed {count:,} of these prices at {when}", "{who} changed {count:,} of these prices at {when}", conflict.prices,
        who=who, when=when,
    )  # fmt: skip
