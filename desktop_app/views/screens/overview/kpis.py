"""The row of figures at the top, each against the equal range before."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.overview import Overview
from desktop_app.views.dressing import redress
from desktop_app.views.formats import count_text, percent_text
from desktop_app.views.models.attention_words import micro_money
from desktop_app.views.screens.overview.words import before_text, change_text, points_text, signed
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import rule

_ARROWS: Final = {-1: "arrow-down", 0: "arrow-right", 1: "arrow-up"}
# More of each of the five is better: the arrow follows the direction, the colour what it means.
_LOOKS: Final = {-1: ("drop", "danger_icon"), 0: ("facts", "text3"), 1: ("gain", "success_icon")}


class Kpi(QFrame):
    """One figure: its name, its value, and how it moved."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.title, self.value = label(title, "small"), label("", "metric")
        self._arrow, self.moved = IconLabel(theme, "arrow-up", "text3", 14), label("", "facts")
        self.against = ElidedLabel("facts")
        row = QHBoxLayout()
        row.setSpacing(4)
        for part in (self._arrow, self.moved):
            row.addWidget(part)
        row.addWidget(self.against, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self.title, self.value):
            column.addWidget(part)
        column.addLayout(row)

    def show_figure(self, value: str, moved: str, direction: int, against: str, note: str = "") -> None:
        """Show a value and how it moved; ``moved`` "" where there is nothing to compare with."""
        look, tone = _LOOKS[direction]
        self.value.setText(value)
        self.moved.setText(moved)
        self.moved.setProperty("look", look)
        redress(self.moved)
        for part in (self._arrow, self.moved):
            part.setVisible(bool(moved))
        self._arrow.set_image(_ARROWS[direction], tone)
        self.against.setText(against if moved else tr("nothing to compare with"))
        self.setToolTip(note)
        spoken = f"{self.title.text()}: {value}"
        self.setAccessibleName(f"{spoken}, {signed(moved, direction)} {against}" if moved else spoken)


class KpiRow(QWidget):
    """Five figures side by side."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.sent, self.delivered = Kpi(theme, tr("SMS sent")), Kpi(theme, tr("Delivered"))
        self.revenue, self.profit, self.margin = (
            Kpi(theme, tr("Revenue")),
            Kpi(theme, tr("Profit")),
            Kpi(theme, tr("Margin")),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 20, 14)
        row.setSpacing(14)
        for place, part in enumerate(self.all):
            if place:
                row.addWidget(rule(upright=True))
            row.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)

    @property
    def all(self) -> tuple[Kpi, ...]:
        """The figures, from left to right."""
        return (self.sent, self.delivered, self.revenue, self.profit, self.margin)

    def show_overview(self, found: Overview) -> None:
        """Show the figures of a range."""
        now, before, against, code = found.total, found.before, before_text(found.period), found.currency
        note = _note(found)
        self.sent.show_figure(count_text(now.sent), *change_text(now.sent, before.sent), against)
        self.delivered.show_figure(
            percent_text(now.delivered_share), *points_text(now.delivered_share, before.delivered_share), against,
            tr("Of those whose end is known; what is pending does not count"),
        )  # fmt: skip
        self.revenue.show_figure(
            micro_money(now.revenue, code), *change_text(now.revenue, before.revenue), against, note
        )
        self.profit.show_figure(micro_money(now.profit, code), *change_text(now.profit, before.profit), against, note)
        self.margin.show_figure(percent_text(now.margin), *points_text(now.margin, before.margin), against, note)


def _note(found: Overview) -> str:
    """Return what the sums of money leave out, "" for nothing."""
    notes = []
    if found.total.without_rate:
        codes = ", ".join(sorted(found.total.without_rate))
        notes.append(
            tr("Without {currencies}: there is no exchange rate to {main}", currencies=codes, main=found.currency)
        )
    if found.total.without_cost:
        notes.append(
            tr("Profit without {count} SMS whose cost is not known", count=count_text(found.total.without_cost))
        )
    return "\n".join(notes)
