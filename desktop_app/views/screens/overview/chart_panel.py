"""The chart with its heading and legend, or the same figures as a table."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.overview import DayFigures, Overview
from desktop_app.views.formats import MISSING, count_text, percent_text
from desktop_app.views.models.attention_words import micro_money
from desktop_app.views.models.cell_looks import PLAIN, CellLook
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.screens.overview.chart import SERIES, DeliveryChart
from desktop_app.views.screens.overview.words import axis_text, span_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.record_table import RecordView

DOT: Final = 8
_STRONG: Final = CellLook("text", "body")


class LegendDot(QWidget):
    """The colour of a series; its name stands beside it."""

    def __init__(self, theme: Theme, colour: str) -> None:
        super().__init__()
        self._theme, self._colour = theme, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it has."""
        return QSize(DOT, DOT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour("control") if self._colour == "line_strong" else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(self._colour))
        painter.drawEllipse(self.rect().adjusted(0, 0, -1, -1))


class ChartPanel(QWidget):
    """Heading, legend, and chart or table."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._pages: QStackedWidget = QStackedWidget()
        self.chart = DeliveryChart(theme)
        self.model: RowsModel[DayFigures] = RowsModel(_headings(), self, key=lambda column: column.span.start)
        widths = {1: 60, 2: 80, 3: 58, 4: 66, 5: 70, 6: 96, 7: 82}
        self.table = RecordView(self.model, theme, tr("Delivery by day"), widths, 0)
        self.toggle = QPushButton(tr("Show as table"))
        self.toggle.setProperty("look", "link")
        self.toggle.clicked.connect(lambda: self.show_table(on=self._pages.currentWidget() is self.chart))
        self.heading, self.looked_at = label("", "h2"), ElidedLabel("facts")
        self.counts = {name: label("", "strong-small") for name, _ in SERIES}
        self._pages.addWidget(self.chart)
        self._pages.addWidget(self.table)
        self.chart.looked_at.connect(self._show_look)
        self._build(theme)

    def show_overview(self, found: Overview) -> None:
        """Show the figures of a range."""
        weekly = found.columns and (found.columns[0].span.end - found.columns[0].span.start).days > 1
        by_day = tr("Delivery by week") if weekly else tr("Delivery by day")
        self.heading.setText(tr("Delivery by hour") if found.period.days == 1 else by_day)
        self.chart.setAccessibleName(self.heading.text())
        self.table.setAccessibleName(self.heading.text())
        for name, text in self.counts.items():
            text.setText(count_text(int(getattr(found.total, name))))
        self._fit()
        self.chart.show_overview(found)
        self.model.set_headings(_headings())
        self.model.show_rows([_row(column, found) for column in reversed(found.columns)])

    def show_table(self, *, on: bool) -> None:
        """Show the table instead of the chart, or the chart again; the focus goes along."""
        page = self.table if on else self.chart
        self._pages.setCurrentWidget(page)
        self.toggle.setText(tr("Show as chart") if on else tr("Show as table"))
        page.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the legend a line of its own where it does not fit beside the heading."""
        super().resizeEvent(event)
        self._fit()

    def _build(self, theme: Theme) -> None:
        self._head, self._legend, self._below = QWidget(), QWidget(), QWidget()
        # Without this the legend would keep the whole column wide.
        for part in (self._head, self._below):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        head, below = QHBoxLayout(self._head), QHBoxLayout(self._below)
        head.setContentsMargins(20, 10, 12, 0)
        head.setSpacing(6)
        head.addWidget(self.heading)
        head.addWidget(self.toggle)
        head.addStretch()
        below.setContentsMargins(20, 0, 12, 0)
        below.addStretch()
        self._build_legend(theme)
        self.looked_at.setContentsMargins(20, 0, 12, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for line in (self._head, self._below, self.looked_at):
            column.addWidget(line)
        holder = QVBoxLayout()
        holder.setContentsMargins(8, 0, 8, 6)
        holder.addWidget(self._pages)
        column.addLayout(holder, 1)
        head.addWidget(self._legend)
        self._below.hide()

    def _build_legend(self, theme: Theme) -> None:
        row = QHBoxLayout(self._legend)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        names = {
            "delivered": tr("Delivered"),
            "failed": tr("Failed"),
            "expired": tr("Expired"),
            "pending": tr("Pending"),
        }
        for name, colour in SERIES:
            row.addWidget(LegendDot(theme, colour), 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(label(names[name], "small"))
            row.addWidget(self.counts[name])
            row.addSpacing(8)

    def _fit(self) -> None:
        head, below = self._head.layout(), self._below.layout()
        if not isinstance(head, QHBoxLayout) or not isinstance(below, QHBoxLayout):
            return
        needed = sum(part.sizeHint().width() for part in (self.heading, self.toggle, self._legend)) + 48
        is_below = needed > self.width()
        if is_below is not self._below.isHidden():
            return
        if is_below:
            below.insertWidget(0, self._legend)
        else:
            head.addWidget(self._legend)
        self._below.setVisible(is_below)

    def _show_look(self, text: str) -> None:
        # A blank keeps the line: nothing below moves when the cursor comes and goes.
        self.looked_at.setText(text or " ")


def _headings() -> list[Heading]:
    counts = (tr("SMS"), tr("Delivered"), tr("Failed"), tr("Expired"), tr("Pending"), tr("Delivered %"), tr("Profit"))
    return [Heading(tr("Time")), *(Heading(title, is_number=True) for title in counts)]


def _row(column: DayFigures, found: Overview) -> Row[DayFigures]:
    # Short where it is seen, whole where it is heard.
    name, spoken = axis_text(column.span, found.period, found.now), span_text(column.span, found.period)
    figures = column.figures
    if figures is None:
        return Row(column, (name, *[MISSING] * 7), (_STRONG, *[PLAIN] * 7), spoken=spoken)
    counts = (figures.sent, figures.delivered, figures.failed, figures.expired, figures.pending)
    texts = (
        name,
        *map(count_text, counts),
        percent_text(figures.delivered_share),
        micro_money(figures.profit, found.currency),
    )
    return Row(column, texts, (_STRONG, *[PLAIN] * 7), spoken=spoken)
