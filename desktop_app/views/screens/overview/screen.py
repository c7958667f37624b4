"""The first screen, put together: read in the background each minute while it is seen, and at F5."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.domain.periods import Period
from desktop_app.services.attention import AttentionItem, AttentionKind
from desktop_app.services.overview import Overview
from desktop_app.views.commands import Menu
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.screen import Screen, Shot, Workplace
from desktop_app.views.screens.overview.attention_list import AttentionList
from desktop_app.views.screens.overview.chart_panel import ChartPanel
from desktop_app.views.screens.overview.first_steps import StepsCard
from desktop_app.views.screens.overview.head import CUSTOM, USUAL, Head
from desktop_app.views.screens.overview.kpis import KpiRow
from desktop_app.views.screens.overview.lists import (
    CountryModel,
    ProviderModel,
    RecentList,
    country_table,
    provider_table,
)
from desktop_app.views.screens.overview.words import period_text
from desktop_app.views.widgets.notices import Banner, Skeleton
from desktop_app.views.widgets.pills import rule
from desktop_app.workers.runner import Outcome, TaskHandle, Topic

REFRESH_MILLISECONDS: Final = 60_000
SKELETON_MILLISECONDS: Final = 300
# A change somewhere is shown soon, and many of them at once only once.
SETTLE_MILLISECONDS: Final = 400
# While a batch is sent something changes all the time, and what changed is counted again at each look.
BUSY_MILLISECONDS: Final = 10_000
_BUSY: Final = frozenset({Topic.MESSAGES, Topic.CREDITS})
# From this width on there is room for two columns.
BESIDE: Final = 900
MEMORY: Final = "overview"
_REFRESH: Final = timedelta(milliseconds=REFRESH_MILLISECONDS)


class OverviewScreen(Screen):
    """The screen."""

    name = "overview"
    icon = "layout-dashboard"

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._parts = place, place.parts
        self._found: Overview | None = None
        self._reading: TaskHandle | None = None
        self._is_stale = False
        theme = place.theme
        self.head, self.banner = Head(theme, self._parts.clock), Banner(theme)
        self.kpis, self.steps, self.chart = KpiRow(theme), StepsCard(theme), ChartPanel(theme)
        self.attention, self.recent = AttentionList(theme), RecentList(theme)
        self.countries, self.providers = CountryModel(self), ProviderModel(self)
        self.country_table, self.provider_table = (
            country_table(self.countries, theme),
            provider_table(self.providers, theme),
        )
        self._pages, self._skeleton, self._notice = QStackedWidget(), Skeleton(theme), QWidget()
        self._build()
        self._connect()
        self._add_commands()
        self._timer = QTimer(self, interval=REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._refresh_if_seen)
        self._timer.start()
        self._settle = QTimer(self, interval=SETTLE_MILLISECONDS, singleShot=True)
        self._settle.timeout.connect(self._refresh_if_seen)
        QTimer.singleShot(SKELETON_MILLISECONDS, self, self._show_skeleton)
        self.refresh()

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Overview")

    @property
    def is_loaded(self) -> bool:
        """Whether figures are shown."""
        return self._found is not None

    def first_focus(self) -> QWidget:
        """See Screen: the most urgent problem, else the chart; the screen itself until they are there."""
        if not self.is_loaded:
            return self
        return self.attention.rows[0].button if self.attention.rows else self.chart.chart

    def language_changed(self) -> None:
        """See Screen."""
        if self._found is not None:
            self._show(self._found)

    def shots(self) -> tuple[Shot, ...]:
        """See Screen."""
        return (
            Shot("", ready=lambda: self.is_loaded),
            Shot("week", partial(self.head.choose, 7), self._is_up_to_date, partial(self.head.choose, USUAL)),
            Shot("today", partial(self.head.choose, 1), self._is_up_to_date, partial(self.head.choose, USUAL)),
            Shot(
                "table",
                lambda: self.chart.show_table(on=True),
                self._is_up_to_date,
                lambda: self.chart.show_table(on=False),
            ),
            Shot("empty", self._show_empty_range, self._is_up_to_date, partial(self.head.choose, USUAL)),
            Shot("error", ready=self._has_example_error, leave=self.banner.hide),
        )

    def refresh(self) -> None:
        """Read the figures again; what is shown stays until they are there."""
        if self._reading is not None:
            self._reading.cancel()
        self._is_stale = False
        period = self.head.period(self._parts.clock())
        overview = self._parts.overview
        self._reading = self._place.tasks.query(
            lambda job: overview.read(period, job), owner=self, on_success=self._show, on_error=self._show_error
        )

    def export(self) -> None:
        """Ask for a file and write the figures to it, as a job."""
        found = self._found
        if found is None:
            return
        name = tr("Overview {first} to {last}", first=found.period.first, last=found.period.last)
        target, _ = QFileDialog.getSaveFileName(self, tr("Export the figures"), f"{name}.csv", tr("CSV files (*.csv)"))
        if target:
            self.export_to(found, Path(target))

    def export_to(self, found: Overview, file: Path) -> None:
        """Write figures to a file, as a job."""
        overview = self._parts.overview
        self._place.jobs.start(
            tr("Export the figures"), lambda job: Outcome(overview.export(found, file, job)), owner=self, icon="download",
            message=lambda rows: trn("{count:,} line", "{count:,} lines", rows),
            on_success=lambda _: self._place.notices.say(tr("Figures exported: {file}", file=file.name)),
        )  # fmt: skip

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the room around the banner away with it."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._notice.setVisible(not self.banner.isHidden())
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give both columns the room there is."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read again what grew old while the person was elsewhere."""
        super().showEvent(event)
        is_old = self._found is not None and self._parts.clock() - self._found.now >= _REFRESH
        if is_old or self._is_stale:
            self.refresh()

    def _build(self) -> None:
        content = QWidget()
        content.setObjectName("page")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.steps, self.kpis, rule(), self._columns()):
            column.addWidget(part, 1 if part is not self.kpis and part is not self.steps else 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        self._scroll = scroll
        for page in (QWidget(), self._skeleton, scroll):
            self._pages.addWidget(page)
        self.steps.hide()
        held = QHBoxLayout(self._notice)
        held.setContentsMargins(20, 0, 16, 12)
        held.addWidget(self.banner)
        self._notice.hide()
        self.banner.installEventFilter(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(self._notice)
        whole.addWidget(rule())
        whole.addWidget(self._pages, 1)

    def _columns(self) -> QWidget:
        left, right, both = QVBoxLayout(), QVBoxLayout(), QWidget()
        for side in (left, right):
            side.setContentsMargins(0, 0, 0, 0)
            side.setSpacing(0)
        left.addWidget(self.chart, 1)
        left.addWidget(self.country_table)
        for part in (self.attention, self.provider_table, self.recent):
            right.addWidget(part)
        right.addStretch()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, both)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._sides.addLayout(left, 61)
        self._between = rule(upright=True)
        self._sides.addWidget(self._between)
        self._sides.addLayout(right, 39)
        return both

    def _fit(self) -> None:
        """Put what needs a person above the chart where there is no room beside it."""
        beside = self.width() >= self._place.theme.scaled(BESIDE)
        ways = QBoxLayout.Direction
        self._sides.setDirection(ways.LeftToRight if beside else ways.BottomToTop)
        self._between.setVisible(beside)

    def _connect(self) -> None:
        go = self._place.navigator.go
        self.head.changed.connect(self.refresh)
        self.banner.retry.clicked.connect(self.refresh)
        self.attention.wanted.connect(go)
        self.steps.wanted.connect(go)
        self.steps.dismissed.connect(self._dismiss_steps)
        self.recent.wanted.connect(partial(go, "activity"))
        self.country_table.activated.connect(lambda index: go(f"prices/{self.countries.record(index.row()).country}"))
        self.provider_table.activated.connect(
            lambda index: go(f"providers/{self.providers.record(index.row()).provider.name}")
        )
        self._place.tasks.changed.connect(self._follow_change)
        self._place.theme.changed.connect(self._fit)

    def _add_commands(self) -> None:
        add = partial(self._place.commands.add, scope=self)
        add("overview.refresh", tr("Refresh the figures"), self.refresh, keys="F5", icon="refresh-cw")
        export = add(
            "overview.export", tr("Export the figures…"), self.export, keys="Ctrl+E", menu=Menu.FILE, icon="download"
        )
        self.head.export.clicked.connect(export.trigger)
        for days, text in ((1, tr("Overview: today")), (7, tr("Overview: 7 days")), (USUAL, tr("Overview: 30 days"))):
            add(f"overview.range.{days}", text, partial(self.head.choose, days), icon="calendar")

    def _show(self, found: Overview) -> None:
        self._reading, self._found = None, found
        self.banner.hide()
        name = country_names(self._parts.language)
        self.kpis.show_overview(found)
        self.chart.show_overview(found)
        self.countries.show_overview(found, name)
        self.providers.show_providers(found.providers)
        self.provider_table.setVisible(bool(found.providers))
        names = {iso: name(iso) for item in found.attention for iso in item.names if len(iso) == 2}
        self.attention.show_items(self._urgent(found), names, found.now)
        self.recent.show_entries(found.recent, name, found.now)
        self._show_steps(found)
        self._show_facts(found.period, found.now)
        was_waiting = self._pages.currentWidget() is not self._scroll
        self._pages.setCurrentWidget(self._scroll)
        if was_waiting and self.window().focusWidget() is self:
            self.first_focus().setFocus()

    def _urgent(self, found: Overview) -> list[AttentionItem]:
        """Return what needs a person; demo data sends no mail, so none of it is late there."""
        return [one for one in found.attention if one.kind is not AttentionKind.MAIL or not self._parts.sandbox]

    def _show_facts(self, period: Period, now: datetime) -> None:
        updated = tr("updated {time}", time=f"{now.astimezone():%H:%M}")
        self.head.facts.setText(" · ".join((tr("{range}, all providers", range=period_text(period, now)), updated)))

    def _show_steps(self, found: Overview) -> None:
        steps = found.steps
        is_done = all((steps.provider, steps.prices, steps.client, steps.sent))
        is_wanted = not self._parts.personal.recall(MEMORY).get("steps_hidden", False)
        self.steps.show_steps(steps)
        self.steps.setVisible(not is_done and (is_wanted or not steps.provider))
        self.steps.close_button.setVisible(steps.provider)
        self.kpis.setVisible(steps.provider)

    def _dismiss_steps(self) -> None:
        self._parts.personal.remember(MEMORY, {**self._parts.personal.recall(MEMORY), "steps_hidden": True})
        self.steps.hide()
        self.first_focus().setFocus()

    def _show_error(self, error: AppError) -> None:
        self._reading = None
        if error.code == "cancelled":
            return
        then = "" if self._found is None else tr(
            "Showing figures from {time}.", time=f"{self._found.now.astimezone():%H:%M}"
        )  # fmt: skip
        self.banner.show_error(
            tr("The figures could not be read"), f"{error.user_message} {then}".strip(), can_retry=True
        )

    def _show_skeleton(self) -> None:
        if self._found is None:
            self._pages.setCurrentWidget(self._skeleton)

    def _refresh_if_seen(self) -> None:
        if self.isVisible() and not self.window().isMinimized():
            self.refresh()

    def _follow_change(self, topics: frozenset[Topic]) -> None:
        if not self.isVisible():
            self._is_stale = True
        elif not topics <= _BUSY or not topics:
            self._settle.start(SETTLE_MILLISECONDS)
        elif not self._settle.isActive():
            self._settle.start(BUSY_MILLISECONDS)

    def _is_up_to_date(self) -> bool:
        return self._reading is None

    def _show_empty_range(self) -> None:
        self.head.choose(CUSTOM)
        for field in (self.head.first, self.head.last):
            field.setDate(field.date().addYears(-1))

    def _has_example_error(self) -> bool:
        # Figures that arrive take the banner away.
        if self._is_up_to_date():
            self.banner.show_error(
                tr("The figures could not be read"), tr("The database is locked by another program."), can_retry=True
            )
        return not self.banner.isHidden()
