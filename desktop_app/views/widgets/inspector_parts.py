"""Parts of the inspector: facts in two columns, the chain behind a price, the note about a cost that moved."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.price_history import ChainStep
from desktop_app.views.dressing import redress
from desktop_app.views.icons import button_icon
from desktop_app.views.models.price_facts import PriceFacts, move_text, move_title, source_text, step_text
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label


class FactGrid(QGridLayout):
    """Names at the left, answers at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(4)
        self.setColumnStretch(1, 1)

    def add(self, name: str, answer: QWidget) -> QLabel:
        """Add a line and return its name's label."""
        row, title = self.rowCount(), label(name, "facts")
        title.setBuddy(answer)
        # Only where a language has long words for it.
        title.setWordWrap(True)
        if isinstance(answer, QLabel):
            answer.setWordWrap(True)
            answer.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.addWidget(answer, row, 1)
        else:
            self.addWidget(answer, row, 1, Qt.AlignmentFlag.AlignRight)
        self.addWidget(title, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setRowMinimumHeight(row, 24)
        return title

    def add_below(self, part: QWidget) -> None:
        """Add a widget under the last answer, at the right."""
        self.addWidget(part, self.rowCount(), 0, 1, 2, Qt.AlignmentFlag.AlignRight)


class Separator(QFrame):
    """A line between two parts."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "rule")
        self.setFixedHeight(1)


class CostNote(QFrame):
    """Says that a cost moved, and what the price did about it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._image, self.title, self.detail = IconLabel(theme, "trending-up"), label("", "note"), label("", "facts")
        for part in (self.title, self.detail):
            part.setWordWrap(True)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(8)
        row.addWidget(self._image, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        self.hide()

    def show_facts(self, facts: PriceFacts | None, line: PriceLine) -> None:
        """Show what moved, or nothing."""
        move = None if facts is None else facts.detail.move
        self.setVisible(move is not None)
        if facts is None or move is None:
            return
        up = move.after > move.before
        self.setProperty("look", "banner-warning" if up else "banner-info")
        self._image.set_image("trending-up" if up else "trending-down", "warning_icon" if up else "info_icon")
        self.title.setText(move_title(move, facts.now))
        self.detail.setText(move_text(facts.detail, move, line.price, manual=line.manual))
        for part in (self, self.title, self.detail):
            redress(part)


class Chain(QWidget):
    """The steps that decide a price, folded under a button; the one that won is marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[QFrame] = []
        self.button = QPushButton(tr("Why this price"))
        self.button.setProperty("look", "fold")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._unfold)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(0)
        self._list = QWidget()
        self._list.setLayout(self._steps)
        self._steps.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._list)
        theme.changed.connect(self._paint)
        self._unfold(on=False)

    @property
    def texts(self) -> list[str]:
        """What each step says, as a screen reader reads it."""
        return [row.accessibleName() for row in self._rows]

    def show_steps(self, steps: Sequence[ChainStep]) -> None:
        """Show another chain."""
        for row in self._rows:
            row.deleteLater()
        several = len({step.list_name for step in steps}) > 1
        self._rows = [self._step(step, several=several) for step in steps]
        for row in self._rows:
            self._steps.addWidget(row)

    def _step(self, step: ChainStep, *, several: bool) -> QFrame:
        name = source_text(step.source) + (f" · {step.list_name}" if several else "")
        row = QFrame()
        row.setAccessibleName(
            tr("{step}: {price}, applies", step=name, price=step_text(step)) if step.wins
            else tr("{step}: {price}", step=name, price=step_text(step))
        )  # fmt: skip
        if step.wins:
            row.setProperty("look", "step-won")
        line = QHBoxLayout(row)
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(6)
        mark = IconLabel(self._theme, "check", "accent_text", 14) if step.wins else QLabel()
        mark.setFixedWidth(14)
        line.addWidget(mark)
        line.addWidget(label(name, "answer-strong" if step.wins else "facts"))
        line.addStretch()
        line.addWidget(label(step_text(step), "answer-strong" if step.wins else "facts"))
        return row

    def _unfold(self, on: bool) -> None:
        self._list.setVisible(on)
        self._paint()

    def _paint(self) -> None:
        mark = "chevron-down" if self.button.isChecked() else "chevron-right"
        self.button.setIcon(button_icon(self._theme, mark, "accent_text"))
