"""Prices: what each country costs and is sold for, synced from the provider and set with one profit rate."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError, Cancelled, InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.pricing import PriceLimits, PriceRule, RuleKind, parse_percent
from desktop_app.services.job import Job
from desktop_app.services.pricing import PricingService
from desktop_app.views.formats import ago
from desktop_app.views.icons import BUTTON_ICON, button_icon, icon
from desktop_app.views.models.price_lines import PriceSheet, load_sheet
from desktop_app.views.models.price_table import PriceTableModel, QuickFilter
from desktop_app.views.screen import Screen, Workplace
from desktop_app.views.widgets.notices import Banner, Placeholder, Skeleton, label
from desktop_app.views.widgets.price_view import PriceView
from desktop_app.workers.runner import Lane, Outcome, TaskHandle, Topic

FILTER_MILLISECONDS: Final = 120
SKELETON_MILLISECONDS: Final = 300
# Prices of the profit rate are rounded to the nearest 0.0001, as they are shown.
STEP: Final = PriceLimits(step=100)


class PricesScreen(Screen):
    """The screen; ``progressed`` says how far the sync is ("" when over)."""

    progressed = Signal(str)
    name = "prices"
    icon = "tag"

    @property
    def title(self) -> str:
        """See Screen."""
        return tr("Prices")

    def first_focus(self) -> QWidget:
        """See Screen."""
        return self.table

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        parts, tasks, theme = place.parts, place.tasks, place.theme
        self._pricing, self._accounts, self._tasks = parts.pricing, parts.accounts, tasks
        self._theme, self._clock, self._actor, self._language = theme, parts.clock, parts.actor, parts.language
        self._sheet: PriceSheet | None = None
        self._sync: TaskHandle | None = None
        self.model = PriceTableModel(self)
        self.table = PriceView(self.model, theme)
        self.banner = Banner(theme)
        self.banner.retry.clicked.connect(self.sync)
        self.placeholder = Placeholder(theme)
        self.placeholder.action.clicked.connect(self._help_out)
        self._pages = QStackedWidget()
        for page in (QWidget(), Skeleton(theme), self.placeholder, self.table):
            self._pages.addWidget(page)
        self._filter_timer = QTimer(self, singleShot=True, interval=FILTER_MILLISECONDS)
        self._filter_timer.timeout.connect(self._filter)
        self._build()
        tasks.changed.connect(self._reload_for)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        QTimer.singleShot(SKELETON_MILLISECONDS, self, self._show_skeleton)
        self.reload()

    def reload(self) -> None:
        """Read the prices again; those on screen stay until they are there."""
        work = partial(load_sheet, self._pricing, self._accounts, self._language)
        self._tasks.query(work, owner=self, on_success=self._show_sheet, on_error=self._show_load_error)

    def sync(self) -> None:
        """Pull the costs of the default provider, unless that is under way."""
        name = self._sheet.provider if self._sheet else None
        if name is None or (self._sync is not None and not self._sync.finished):
            return
        self.banner.hide()
        self._set_syncing(on=True)
        accounts, actor = self._accounts, self._actor

        def work(job: Job) -> Outcome[int]:
            result = accounts.sync_costs(name, actor=actor, job=job)
            return Outcome(result.rates, frozenset({Topic.PRICES, Topic.PROVIDERS}))

        self._sync = self._tasks.command(
            work, owner=self, on_success=lambda _: self._set_syncing(on=False), on_error=self._show_sync_error,
            on_progress=self._show_progress, lane=Lane.NETWORK,
        )  # fmt: skip

    def apply_profit_rate(self) -> None:
        """Set every price to cost plus the typed percent, as one change that can be undone."""
        try:
            rule = PriceRule(RuleKind.MARKUP, parse_percent(self.rate_field.text()))
        except InvalidInput as error:
            self._show_rate_error(error.user_message)
            return
        self._show_rate_error("")
        self.apply_button.setEnabled(False)
        self._tasks.command(
            partial(_reprice, self._pricing, rule, self._actor), owner=self, on_error=self._show_reprice_error,
            on_success=lambda _: self.apply_button.setEnabled(True),
        )  # fmt: skip

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 16, 1, 1)
        column.setSpacing(12)
        for part in (self._title_row(), self._chip_row(), self._filter_row()):
            part.setContentsMargins(20, 0, 20, 0)
            column.addLayout(part)
        notice = QHBoxLayout()
        notice.setContentsMargins(20, 0, 20, 0)
        notice.addWidget(self.banner)
        column.addLayout(notice)
        column.addWidget(self._pages, 1)

    def _title_row(self) -> QHBoxLayout:
        self.facts = label("", "facts")
        self.sync_button = QPushButton(tr("Sync costs"))
        self.sync_button.setIconSize(BUTTON_ICON)
        self.sync_button.clicked.connect(self.sync)
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.clicked.connect(self._cancel_sync)
        self.progress = QProgressBar(textVisible=False)
        self.progress.setAccessibleName(tr("Progress of the sync"))
        self.progress.setFixedWidth(140)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label(tr("Prices"), "title"))
        texts.addWidget(self.facts)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(texts, 1)
        for part in (self.progress, self.cancel_button, self.sync_button):
            row.addWidget(part)
        self._add_action(tr("Sync costs"), QKeySequence(Qt.Key.Key_F5), self.sync)
        self._set_syncing(on=False)
        return row

    def _chip_row(self) -> QHBoxLayout:
        self.chips = {quick: QPushButton() for quick in QuickFilter}
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for chip in self.chips.values():
            chip.setProperty("look", "chip")
            chip.setCheckable(True)
            chip.setIconSize(BUTTON_ICON)
            chip.clicked.connect(self._filter)
            group.addButton(chip)
            row.addWidget(chip)
        row.addStretch()
        self.chips[QuickFilter.ALL].setChecked(True)
        self._count_chips()
        return row

    def _filter_row(self) -> QHBoxLayout:
        self.filter_field = QLineEdit(placeholderText=tr("Filter by country, ISO, dial code or network"))
        self.filter_field.setAccessibleName(tr("Filter prices"))
        self.filter_field.setToolTip(tr("Ctrl+F"))
        self.filter_field.setFixedWidth(340)
        self.filter_field.textChanged.connect(lambda _: self._filter_timer.start())
        self.filter_field.returnPressed.connect(self.table.setFocus)
        self._search_icon = self.filter_field.addAction(
            icon(self._theme, "search"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._search_icon.setText(tr("Filter"))
        row = QHBoxLayout()
        row.addWidget(self.filter_field)
        row.addStretch(1)
        row.addWidget(self._rate_box())
        self._add_action(tr("Filter"), QKeySequence(QKeySequence.StandardKey.Find), self.filter_field.setFocus)
        clear = self._add_action(tr("Clear filter"), QKeySequence(Qt.Key.Key_Escape), self._clear_filter)
        clear.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return row

    def _rate_box(self) -> QFrame:
        box = QFrame()
        box.setObjectName("bulk")
        caption = label(tr("Profit rate"), "field")
        self.rate_field = QLineEdit(placeholderText="25")
        self.rate_field.setFixedWidth(64)
        self.rate_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.rate_field.setAccessibleDescription(tr("Markup on cost, in percent"))
        self.rate_field.textEdited.connect(lambda _: self._show_rate_error(""))
        self.rate_field.returnPressed.connect(self.apply_profit_rate)
        caption.setBuddy(self.rate_field)
        self.apply_button = QPushButton(tr("Set all prices"))
        self.apply_button.setProperty("look", "primary")
        self.apply_button.setToolTip(tr("Every price, those set by hand too, becomes cost plus this percent of it."))
        self.apply_button.clicked.connect(self.apply_profit_rate)
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(8)
        for part in (caption, self.rate_field, label(tr("% on cost"), "facts"), self.apply_button):
            row.addWidget(part)
        return box

    def _add_action(self, text: str, keys: QKeySequence, run: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(keys)
        action.triggered.connect(lambda _checked: run())
        self.addAction(action)
        return action

    def _paint_icons(self) -> None:
        self.sync_button.setIcon(button_icon(self._theme, "refresh-cw"))
        self._search_icon.setIcon(icon(self._theme, "search", "text3"))
        marks = {
            QuickFilter.LOSS: ("circle-alert", "danger_icon"), QuickFilter.MANUAL: ("lock", "text3"),
            QuickFilter.UNPRICED: ("circle-off", "text3"), QuickFilter.OFF: ("circle-slash", "text3"),
        }  # fmt: skip
        for quick, (name, colour) in marks.items():
            self.chips[quick].setIcon(button_icon(self._theme, name, colour, 14))

    def _show_skeleton(self) -> None:
        if self._sheet is None and self._pages.currentIndex() == 0:
            self._pages.setCurrentIndex(1)

    def _reload_for(self, topics: frozenset[Topic]) -> None:
        if topics & {Topic.PRICES, Topic.PROVIDERS}:
            self.reload()

    def _show_sheet(self, sheet: PriceSheet) -> None:
        is_first = self._sheet is None
        self._sheet = sheet
        self.model.show_sheet(sheet)
        self.facts.setText(self._facts_of(sheet))
        self.sync_button.setEnabled(sheet.provider is not None)
        self._count_chips()
        self._choose_page()
        if is_first and not self.filter_field.hasFocus():
            self.table.setFocus()

    def _facts_of(self, sheet: PriceSheet) -> str:
        if not sheet.countries:
            return tr("What each country costs and is sold for")
        synced = tr("costs synced {when}", when=ago(sheet.synced_at, self._clock())) if sheet.synced_at else ""
        counts = tr(
            "{countries} countries · {networks:,} networks · prices per SMS in {currency}",
            countries=len(sheet.countries), networks=sheet.network_count, currency=sheet.currency,
        )  # fmt: skip
        return f"{counts} · {synced}" if synced else counts

    def _count_chips(self) -> None:
        texts = {
            QuickFilter.ALL: tr("All"), QuickFilter.LOSS: tr("Loss-making"), QuickFilter.MANUAL: tr("Manual price"),
            QuickFilter.UNPRICED: tr("No price"), QuickFilter.OFF: tr("Switched off"),
        }  # fmt: skip
        for quick, chip in self.chips.items():
            chip.setText(f"{texts[quick]}  {self.model.count(quick)}")

    def _filter(self) -> None:
        quick = next(quick for quick, chip in self.chips.items() if chip.isChecked())
        self.model.set_filter(self.filter_field.text(), quick)
        self._choose_page()

    def _clear_filter(self) -> None:
        self.filter_field.clear()
        self.chips[QuickFilter.ALL].setChecked(True)
        self._filter()

    def _choose_page(self) -> None:
        if self._sheet is None:
            return
        shown = self.model.shown_countries
        self.counted.emit(tr("{count} countries", count=shown))
        if shown:
            self._pages.setCurrentWidget(self.table)
            return
        if self._sheet.countries:
            text = self.filter_field.text()
            title = tr("No country matches “{text}”", text=text) if text else tr("No country is in this list")
            self.placeholder.show_text("search", title, "", tr("Clear filter"))
        elif self._sheet.provider:
            self.placeholder.show_text(
                "tag", tr("No prices yet"), tr("Sync the costs of all countries first."), tr("Sync costs")
            )
        else:
            detail = tr("Add a provider with the command “sms-desk providers add”, then sync its costs here.")
            self.placeholder.show_text("plug", tr("No prices yet"), detail, "")
        self._pages.setCurrentWidget(self.placeholder)

    def _help_out(self) -> None:
        if self._sheet is not None and self._sheet.countries:
            self._clear_filter()
        else:
            self.sync()

    def _set_syncing(self, *, on: bool) -> None:
        self.progress.setVisible(on)
        self.cancel_button.setVisible(on)
        self.sync_button.setVisible(not on)
        self.progress.setRange(0, 0 if on else 1)
        if not on:
            self.progressed.emit("")

    def _cancel_sync(self) -> None:
        if self._sync is not None:
            self._sync.cancel()

    def _show_progress(self, done: int, total: int, _label: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progressed.emit(tr("Syncing costs · {done} of {total} countries", done=done, total=total))

    def _show_sync_error(self, error: AppError) -> None:
        self._set_syncing(on=False)
        if isinstance(error, Cancelled):
            return
        self.banner.show_error(
            tr("The costs were not synced"), f"{error.user_message} {self._old_data()}", can_retry=True
        )

    def _old_data(self) -> str:
        synced = self._sheet.synced_at if self._sheet else None
        return tr("Showing costs from {when}.", when=ago(synced, self._clock())) if synced else ""

    def _show_load_error(self, error: AppError) -> None:
        self.banner.show_error(tr("The prices could not be read"), error.user_message)

    def _show_reprice_error(self, error: AppError) -> None:
        self.apply_button.setEnabled(True)
        self.banner.show_error(tr("No price was changed"), error.user_message)

    def _show_rate_error(self, text: str) -> None:
        self.rate_field.setProperty("invalid", bool(text))
        self.rate_field.style().unpolish(self.rate_field)
        self.rate_field.style().polish(self.rate_field)
        self.rate_field.setToolTip(text)
        self.rate_field.setAccessibleDescription(text or tr("Markup on cost, in percent"))
        if text:
            self.banner.show_error(tr("No price was changed"), text)
            self.rate_field.setFocus()
        else:
            self.banner.hide()


def _reprice(pricing: PricingService, rule: PriceRule, actor: str, _job: Job) -> Outcome[int]:
    done = pricing.reprice(rule, actor=actor, limits=STEP, include_manual=True)
    text = tr("{count:,} prices updated", count=len(done.rows))
    if done.skipped:
        text = tr("{done} · {count:,} left as they were", done=text, count=len(done.skipped))
    undo = partial(_revert, pricing, done.change_id, actor) if done.change_id is not None and done.rows else None
    return Outcome(len(done.rows), frozenset({Topic.PRICES}), text, undo)


def _revert(pricing: PricingService, change_id: int, actor: str, _job: Job) -> Outcome[int]:
    done = pricing.revert(change_id, actor=actor)
    return Outcome(done.restored, frozenset({Topic.PRICES}), tr("{count:,} prices restored", count=done.restored))
