"""What a bulk edit means for the money, above its table: average margin, profit, countries by margin."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.edit_totals import EditTotals
from desktop_app.domain.language import tr
from desktop_app.domain.percents import cut_percent, tenths
from desktop_app.views.dressing import redress
from desktop_app.views.formats import MISSING, in_language, percent_text
from desktop_app.views.models.money_texts import money_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.histogram import MarginHistogram
from desktop_app.views.widgets.notices import label

_THOUSAND = 1_000


class Figure(QWidget):
    """One figure before and after, and how much it moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._before, self._after, self._moved = (
            label("", look) for look in ("small", "before", "metric", "gain")
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._before, 0, Qt.AlignmentFlag.AlignBottom)
        self._arrow = label("→", "before")
        row.addWidget(self._arrow, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._after, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addLayout(row)
        column.addWidget(self._moved)

    @property
    def text(self) -> str:
        """What it says."""
        return self.accessibleName()

    def show_figure(self, title: str, before: str, after: str, moved: int, by: str) -> None:
        """Show other texts; ``moved`` is above, below or 0, ``by`` how much."""
        self._title.setText(title)
        self._before.setText(before)
        self._after.setText(after)
        look = "gain" if moved > 0 else "drop" if moved < 0 else "facts"
        if self._moved.property("look") != look:
            self._moved.setProperty("look", look)
            redress(self._moved)
        arrow = "↑ " if moved > 0 else "↓ " if moved < 0 else ""
        self._moved.setText(f"{arrow}{by}" if moved else tr("no change"))
        self.setAccessibleName(tr("{title}: {before} to {after}", title=title, before=before, after=after))


class BulkTotals(QFrame):
    """The figures side by side with the histogram."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.margin, self.profit = Figure(), Figure()
        self.histogram = MarginHistogram(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(14)
        row.addWidget(self.margin)
        row.addWidget(_divider())
        row.addWidget(self.profit)
        row.addWidget(_divider())
        row.addWidget(self.histogram, 1)

    def show_totals(self, totals: EditTotals, symbol: str) -> None:
        """Show other totals."""
        now, after = totals.now, totals.after
        points = after.points_since(now)
        title = tr("Average margin, by volume") if totals.is_weighted else tr("Average margin, countries equally")
        by = tr("{points} points", points=in_language("{}.{}".format(*divmod(tenths(abs(points)), 10))))
        self.margin.show_figure(title, percent_text(now.margin), percent_text(after.margin), points, by)
        scale = 1 if totals.is_weighted else _THOUSAND
        counted = max(1, sum(totals.bars_now)) if not totals.is_weighted else 1
        before, later = now.profit * scale // counted, after.profit * scale // counted
        title = tr("Profit at last 30 days’ volume") if totals.is_weighted else tr("Profit per 1,000 SMS, on average")
        share = cut_percent(abs(later - before), abs(before))
        by = money_text(abs(later - before), symbol)
        by = f"{by} ({percent_text(share)})" if share is not None else by
        self.profit.show_figure(title, money_text(before, symbol), money_text(later, symbol), later - before, by)
        self.profit.setToolTip(
            "" if totals.is_weighted else tr("No messages in the last 30 days, so every country counts once.")
        )
        self.histogram.show_bars(totals.bars_now, totals.bars_after)

    def show_nothing(self) -> None:
        """Show that there is nothing to count yet."""
        for figure, title in (
            (self.margin, tr("Average margin, by volume")),
            (self.profit, tr("Profit at last 30 days’ volume")),
        ):
            figure.show_figure(title, MISSING, MISSING, 0, "")
        self.histogram.show_bars((0,) * 7, (0,) * 7)


def _divider() -> QFrame:
    line = QFrame()
    line.setProperty("look", "rule")
    line.setFixedWidth(1)
    return line
