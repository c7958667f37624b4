"""The countries that earn most, the providers, and what was done last."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.domain.activity import AREAS, ActivityEntry, Area, words_of
from desktop_app.domain.language import tr
from desktop_app.services.overview import CountryFigures, Overview, ProviderFigures
from desktop_app.views.formats import count_text, percent_text, who_text
from desktop_app.views.models.attention_words import micro_money
from desktop_app.views.models.cell_looks import LOOK_ROLE, PLAIN, CellLook
from desktop_app.views.models.provider_list import STATE_LOOKS, balance_text, response_text, state_text
from desktop_app.views.models.record_rows import Heading, Index, Row, RowsModel
from desktop_app.views.moments import exact_moment, moment_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.record_table import RecordDelegate, RecordView

SHARE_ROLE: Final = LOOK_ROLE + 2
BAR: Final = 6
FIRST_COLUMN: Final = 90
_STRONG, _FIGURE = CellLook("text", "body"), CellLook("text", "body_medium")
_AREA_ICONS: Final = {
    Area.PRICES: "tag", Area.COSTS: "refresh-cw", Area.PROVIDERS: "radio-tower", Area.CLIENTS: "users",
    Area.SENDERS: "badge-check", Area.SYSTEM: "settings",
}  # fmt: skip


class CountryModel(RowsModel[CountryFigures]):
    """Countries with their profit; SHARE_ROLE of the bar's column is the share of the best, 0 to 1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__((), parent, key=lambda one: one.country)
        self._best = 1

    def show_overview(self, found: Overview, name: Callable[[str], str]) -> None:
        """Show the countries of a range."""
        self._best = max([one.figures.profit for one in found.countries] or [1])
        self.set_headings(
            [Heading(tr("Top countries by profit")), Heading(tr("SMS"), is_number=True),
             Heading(tr("Profit"), is_number=True), Heading(""), Heading(tr("Margin"), is_number=True)]
        )  # fmt: skip
        self.show_rows([self._row(one, found.currency, name) for one in found.countries])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what RowsModel does, and the share."""
        if role == SHARE_ROLE and index.isValid() and index.column() == 3:
            return max(0, self.record(index.row()).figures.profit) / max(1, self._best)
        return super().data(index, role)

    @staticmethod
    def _row(one: CountryFigures, currency: str, name: Callable[[str], str]) -> Row[CountryFigures]:
        figures = one.figures
        looks = (CellLook("text", "body", flag=one.country), PLAIN,
                 _FIGURE if figures.profit >= 0 else CellLook("danger", "body_medium"), PLAIN, PLAIN)  # fmt: skip
        money, margin = micro_money(figures.profit, currency), percent_text(figures.margin)
        return Row(one, (name(one.country), count_text(figures.sent), money, "", margin), looks)


class ProviderModel(RowsModel[ProviderFigures]):
    """Providers, how they stand, and what became of what they were given."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__((), parent, key=lambda one: one.provider.provider_id)

    def show_providers(self, providers: Sequence[ProviderFigures]) -> None:
        """Show these."""
        titles = (tr("Response"), tr("Delivered"), tr("Credit"))
        self.set_headings(
            [Heading(tr("Providers")), Heading(tr("State")), *(Heading(one, is_number=True) for one in titles)]
        )
        self.show_rows([_provider_row(one) for one in providers])


class ShareDelegate(RecordDelegate):
    """Paints the share of the best as a bar."""

    def _content(self, painter: QPainter, area: QRect, index: Index) -> None:
        share = index.data(SHARE_ROLE)
        if share is None:
            super()._content(painter, area, index)
            return
        room = QRectF(area)
        track = QRectF(room.left(), room.center().y() - BAR / 2, room.width(), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("sunken"))
        painter.drawRoundedRect(track, BAR / 2, BAR / 2)
        painter.setBrush(self._theme.colour("c1"))
        if share > 0:
            painter.drawRoundedRect(
                QRectF(track.left(), track.top(), max(BAR, track.width() * share), BAR), BAR / 2, BAR / 2
            )


class FullTable(RecordView):
    """A short table that is as high as its rows; the page scrolls, not the table.

    Args:
        model: gives the rows.
        theme: colours and fonts.
        name: what a screen reader calls it.
        widths: pixels by column; the first takes what is left.
        spare: a column that is left out where the first would have no room, None for none.
    """

    def __init__(
        self, model: RowsModel[Any], theme: Theme, name: str, widths: dict[int, int], spare: int | None = None
    ) -> None:
        super().__init__(model, theme, name, widths, 0)
        self._needed, self._spare = sum(widths.values()) + FIRST_COLUMN, spare
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("look", "inset")
        model.modelReset.connect(self.fit)
        theme.changed.connect(self.fit)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the spare column out where there is no room for it."""
        if self._spare is not None:
            self.setColumnHidden(self._spare, self.width() < self._theme.scaled(self._needed))
        super().resizeEvent(event)

    def fit(self) -> None:
        """Be as high as the rows."""
        rows = self.model().rowCount() * self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(self.horizontalHeader().height() + rows + 2)
        # The headings come with the first rows.
        if self.model().columnCount():
            self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            self._follow()


def country_table(model: CountryModel, theme: Theme) -> FullTable:
    """Return the table of the countries."""
    table = FullTable(model, theme, tr("Top countries by profit"), {1: 92, 2: 110, 3: 128, 4: 92})
    table.setItemDelegate(ShareDelegate(theme, table))
    return table


def provider_table(model: ProviderModel, theme: Theme) -> FullTable:
    """Return the table of the providers."""
    return FullTable(model, theme, tr("Providers"), {1: 112, 2: 80, 3: 80, 4: 92}, spare=2)


class RecentList(QWidget):
    """What was done last; ``wanted`` asks for the whole log."""

    wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: list[QWidget] = []
        self.all = QPushButton(tr("Show all"))
        self.all.setProperty("look", "link")
        self.all.setAccessibleName(tr("Show all activity"))
        self.all.clicked.connect(self.wanted)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 4)
        head.addWidget(label(tr("Recent activity"), "h2"))
        head.addStretch()
        head.addWidget(self.all)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(16, 0, 16, 12)
        self._column.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self._column)

    @property
    def texts(self) -> list[str]:
        """What the lines say."""
        return [one.text() for line in self._lines for one in line.findChildren(ElidedLabel)]

    def show_entries(self, entries: Sequence[ActivityEntry], name: Callable[[str], str], now: datetime) -> None:
        """Show these lines of the log."""
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(entry, name, now) for entry in entries]
        for line in self._lines:
            self._column.addWidget(line)

    def _line(self, entry: ActivityEntry, name: Callable[[str], str], now: datetime) -> QWidget:
        words = words_of(entry, name)
        line, text = QWidget(), ElidedLabel("body")
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setText(" · ".join(part for part in (words.what, words.target, who_text(entry.actor)) if part))
        when = label(moment_text(entry.at, now), "facts")
        when.setToolTip(exact_moment(entry.at))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        area = AREAS.get(entry.kind)
        row.addWidget(IconLabel(self._theme, _AREA_ICONS.get(area, "history") if area else "history", "text3", 15))
        row.addWidget(text, 1)
        row.addWidget(when)
        return line


def _provider_row(one: ProviderFigures) -> Row[ProviderFigures]:
    provider = one.provider
    tint, icon = STATE_LOOKS[provider.state]
    texts = (provider.name, state_text(provider.state), response_text(provider), percent_text(one.figures.delivered_share),
             balance_text(provider))  # fmt: skip
    return Row(one, texts, (_STRONG, CellLook(pill=tint, icon=icon), PLAIN, PLAIN, _FIGURE))
