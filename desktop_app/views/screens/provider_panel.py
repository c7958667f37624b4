"""One provider in detail: how it stands, and its connection, costs, numbers and log."""

from enum import StrEnum

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.language import tr, trn
from desktop_app.services.provider_records import ProviderState, ProviderSummary
from desktop_app.views.formats import count_text
from desktop_app.views.models.provider_list import STATE_LOOKS, balance_text, response_text, state_text
from desktop_app.views.moments import exact_moment, moment_text
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.provider_connection import ConnectionTab
from desktop_app.views.screens.provider_tabs import CostsTab, LogTab, NumbersTab
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconButton, KeyButton
from desktop_app.views.widgets.inputs import Segments
from desktop_app.views.widgets.notices import Banner, label
from desktop_app.views.widgets.page_head import Avatar, Fact, facts_row, title_row
from desktop_app.views.widgets.pills import Pill, rule


class Tab(StrEnum):
    """The parts of the panel."""

    CONNECTION = "connection"
    COSTS = "costs"
    NUMBERS = "numbers"
    LOG = "log"


class ProviderPanel(QWidget):
    """Shows one account; what its buttons do is the screen's.

    Signals:
        test_wanted, sync_wanted, edit_wanted, resume_wanted: by a button.
    """

    test_wanted = Signal()
    sync_wanted = Signal()
    edit_wanted = Signal()
    resume_wanted = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.provider: ProviderSummary | None = None
        # What the banner speaks of; it is not said again at every refresh.
        self._trouble: tuple[str, str | None, str | None] | None = None
        theme = place.theme
        self.avatar, self.state, self.default, self.sandbox = Avatar(theme), Pill(theme), Pill(theme), Pill(theme)
        self.name, self.facts = label("", "title"), ElidedLabel("facts")
        self.test_button = KeyButton(theme, tr("Test connection"), "Ctrl+T", image="radio-tower")
        self.sync_button = KeyButton(theme, tr("Sync costs"), "F5", image="refresh-cw")
        self.more = IconButton(theme, "ellipsis", tr("More actions"))
        self.banner = Banner(theme)
        self.balance, self.response = Fact(tr("Balance"), is_first=True), Fact(tr("Response time"))
        self.costs, self.role = Fact(tr("Costs")), Fact(tr("Used for"))
        self.connection, self.cost_table = ConnectionTab(place), CostsTab(place)
        self.numbers, self.log = NumbersTab(place), LogTab(place)
        self.tabs = Segments(
            (
                (Tab.CONNECTION, tr("Connection")),
                (Tab.COSTS, tr("Costs")),
                (Tab.NUMBERS, tr("Numbers")),
                (Tab.LOG, tr("Log")),
            )
        )
        self._pages = QStackedWidget()
        self._build()
        self._connect()

    def show_provider(self, provider: ProviderSummary) -> None:
        """Show an account, or the same one with what is known of it now."""
        self.provider = provider
        now = self._place.parts.clock()
        tint, image = STATE_LOOKS[provider.state]
        self.avatar.show_name(provider.name, provider.provider_id)
        self.name.setText(provider.name)
        self.state.show_state(state_text(provider.state), tint, image)
        self.default.show_state(tr("Default") if provider.is_default else "", "info", "star")
        is_marked = provider.is_sandbox and provider.state is not ProviderState.TEST_ONLY
        self.sandbox.show_state(tr("Sandbox") if is_marked else "", "warning", "flask-conical")
        self.facts.setText(f"{provider.label} · {provider.base_url}")
        asked = (
            tr("told {when}", when=moment_text(provider.answered_at, now))
            if provider.answered_at
            else tr("not asked yet")
        )
        tip = exact_moment(provider.answered_at) if provider.answered_at else ""
        self.balance.show_value(balance_text(provider), asked, tip)
        slow = tr("slow") if provider.state is ProviderState.SLOW else tr("last test")
        self.response.show_value(response_text(provider), slow if provider.response_ms is not None else "")
        countries = trn("{count} country", "{count} countries", provider.countries)
        synced = provider.costs_synced_at
        self.costs.show_value(
            countries if provider.countries else tr("No costs yet"),
            tr("{count} networks · synced {when}", count=count_text(provider.networks), when=moment_text(synced, now))
            if synced else "", exact_moment(synced) if synced else "",
        )  # fmt: skip
        self.role.show_value(
            tr("Sending and costs") if provider.is_default else tr("Not used"),
            tr("default provider") if provider.is_default else tr("another provider is the default"),
        )
        self._show_trouble(provider)
        self.connection.show_provider(provider)
        self.log.show_provider(provider)
        self.reload()

    def reload(self) -> None:
        """Read what the shown part needs."""
        if self.provider is None:
            return
        match self.tabs.value:
            case Tab.CONNECTION:
                self.connection.load(self.provider)
            case Tab.COSTS:
                self.cost_table.load(self.provider)
            case Tab.NUMBERS:
                self.numbers.load(self.provider)
            case Tab.LOG:
                self.log.load(self.provider)

    def show_tab(self, tab: Tab) -> None:
        """Show a part of the panel."""
        self.tabs.show_value(tab)
        self._pages.setCurrentIndex(list(Tab).index(tab))
        self.reload()

    def set_busy(self, *, testing: bool, syncing: bool) -> None:
        """Say what is under way; a button that would start it twice waits."""
        self.test_button.setEnabled(not testing)
        self.test_button.setText(tr("Testing …") if testing else tr("Test connection"))
        self.sync_button.setEnabled(not syncing)
        self.sync_button.setText(tr("Syncing costs …") if syncing else tr("Sync costs"))

    def open_menu(self, menu: QMenu) -> None:
        """Open the menu of actions under its button."""
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(20, 16, 20, 14)
        head.setSpacing(14)
        names = (self.name, self.state, self.default, self.sandbox)
        buttons = (self.test_button, self.sync_button, self.more)
        head.addLayout(title_row(self.avatar, names, self.facts, buttons))
        head.addWidget(self.banner)
        head.addLayout(facts_row((self.balance, self.response, self.costs, self.role), 150))
        column.addLayout(head)
        column.addWidget(rule())
        tabs = QHBoxLayout()
        tabs.setContentsMargins(20, 10, 20, 10)
        self.tabs.name(tr("Part"))
        self.tabs.show_value(Tab.CONNECTION)
        tabs.addWidget(self.tabs)
        tabs.addStretch()
        column.addLayout(tabs)
        for page in (self.connection, self.cost_table, self.numbers, self.log):
            self._pages.addWidget(page)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.test_button.clicked.connect(self.test_wanted)
        self.sync_button.clicked.connect(self.sync_wanted)
        self.connection.edit_button.clicked.connect(self.edit_wanted)
        self.banner.retry.clicked.connect(self._retry)
        self.tabs.chosen.connect(lambda: self.show_tab(self.tabs.value))
        self.connection.opened.connect(self.reload)

    def _retry(self) -> None:
        paused = self.provider is not None and self.provider.paused_reason is not None
        (self.resume_wanted if paused else self.test_wanted).emit()

    def _show_trouble(self, provider: ProviderSummary) -> None:
        trouble = (provider.name, provider.paused_reason, provider.last_error)
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if provider.paused_reason is not None:
            text = tr("Nothing is sent through it until it is resumed. Reason: {why}", why=provider.paused_reason)
            self.banner.show_warning(tr("{name} is paused", name=provider.name), text, tr("Resume"))
        elif provider.last_error is not None:
            when = moment_text(provider.failed_at, self._place.parts.clock()) if provider.failed_at else ""
            title = tr("{name} failed {when}", name=provider.name, when=when).strip()
            self.banner.show_error(title, provider.last_error, can_retry=True)
        else:
            self.banner.hide()
