"""One client in detail: its credit, how long it lasts, the chart, and the parts below."""

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.services.client_accounts import ClientPage, ClientState
from desktop_app.views.dressing import redress
from desktop_app.views.formats import MINUS, MISSING, count_text, currency_symbol, date_text
from desktop_app.views.models.client_list import SOON_DAYS, STATE_LOOKS, state_text
from desktop_app.views.models.credit_texts import credit_text, days_text, last_day_text
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.clients.details_tab import DetailsTab
from desktop_app.views.screens.clients.ledger_tab import LedgerTab
from desktop_app.views.screens.clients.phone_book_tab import PhoneBookTab
from desktop_app.views.screens.clients.prices_tab import PricesTab
from desktop_app.views.screens.clients.short_tabs import MessagesTab, SendersTab
from desktop_app.views.widgets.credit_chart import CreditChart, course_of
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.icon_widgets import IconButton, KeyButton
from desktop_app.views.widgets.inputs import Segments
from desktop_app.views.widgets.notices import Banner, label
from desktop_app.views.widgets.page_head import Avatar, Fact, facts_row, title_row
from desktop_app.views.widgets.pills import Pill, rule

# Below this height the chart leaves its room to the table.
CHART_FROM: Final = 560


class Tab(StrEnum):
    """The parts of a client's page."""

    LEDGER = "ledger"
    PRICES = "prices"
    SENDERS = "senders"
    MESSAGES = "messages"
    BOOK = "book"
    DETAILS = "details"


Part = LedgerTab | PricesTab | SendersTab | MessagesTab | PhoneBookTab | DetailsTab


class ClientPanel(QWidget):
    """Shows one client; what its buttons do is the screen's.

    Signals:
        top_up_wanted, adjust_wanted, compose_wanted, pause_wanted: by a button.
        tab_shown: another part is shown.
    """

    top_up_wanted = Signal()
    adjust_wanted = Signal()
    compose_wanted = Signal()
    pause_wanted = Signal()
    restore_wanted = Signal()
    tab_shown = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.page: ClientPage | None = None
        # What the banner speaks of; it is not said again at every refresh.
        self._trouble: tuple[object, ...] = ()
        theme = place.theme
        self.avatar, self.state = Avatar(theme), Pill(theme)
        self.name, self.facts = label("", "title"), ElidedLabel("facts")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.compose_button = KeyButton(theme, tr("Compose"), image="send")
        self.adjust_button = KeyButton(theme, tr("Adjust"), image="pencil")
        self.top_up_button = KeyButton(theme, tr("Top up"), "T", image="plus")
        self.top_up_button.setProperty("look", "primary")
        self.more = IconButton(theme, "ellipsis", tr("More actions"))
        self.banner = Banner(theme)
        self.credit, self.lasts = Fact(tr("Available credit"), is_first=True), Fact(tr("Lasts about"))
        self.used, self.alert = Fact(tr("Used in 30 days")), Fact(tr("Low-credit alert"))
        self.overdraft = Fact(tr("Overdraft"))
        self.chart, self.chart_says = CreditChart(theme), label("", "facts")
        self.ledger, self.prices, self.book = LedgerTab(place), PricesTab(place), PhoneBookTab(place)
        self.senders, self.messages, self.details = SendersTab(place), MessagesTab(place), DetailsTab(place)
        self.tabs = Segments(
            (
                (Tab.LEDGER, tr("Ledger")), (Tab.PRICES, tr("Prices")), (Tab.SENDERS, tr("Sender IDs")),
                (Tab.MESSAGES, tr("Messages")), (Tab.BOOK, tr("Phone book")), (Tab.DETAILS, tr("Details")),
            )
        )  # fmt: skip
        self._parts: dict[Tab, Part] = {
            Tab.LEDGER: self.ledger, Tab.PRICES: self.prices, Tab.SENDERS: self.senders, Tab.MESSAGES: self.messages,
            Tab.BOOK: self.book, Tab.DETAILS: self.details,
        }  # fmt: skip
        self._pages = QStackedWidget()
        self._build()
        self._connect()

    def show_page(self, page: ClientPage) -> None:
        """Show a client, or the same one with what is known of it now."""
        self.page = page
        summary, client = page.summary, page.summary.client
        tint, image = STATE_LOOKS[summary.state]
        self.avatar.show_name(client.name, client.client_id)
        self.name.setText(client.name)
        self.state.show_state(state_text(summary.state), tint, image)
        since = tr("Client since {year}", year=str(client.created_at.astimezone().year))
        own = trn("{count} client price", "{count} client prices", page.client_prices)
        listed = tr("price list {currency} {name}", currency=client.currency, name=page.price_list)
        facts = [
            since,
            f"{listed} · {own}" if page.client_prices else listed,
            *([client.email] if client.email else []),
        ]
        self.facts.setText(" · ".join(facts))
        self._show_facts(page)
        now = self._place.parts.clock()
        course = course_of(
            now, page.opening, page.points, summary.credit, client.alert, summary.used, client.currency,
            currency_symbol(client.currency),
        )  # fmt: skip
        self.chart.show_course(course)
        self._show_trouble(page)
        self._reload()

    def show_tab(self, tab: Tab) -> None:
        """Show a part of the page."""
        self.tabs.show_value(tab)
        self._pages.setCurrentWidget(self._parts[tab])
        for one, part in self._parts.items():
            part.tools.setVisible(one is tab)
        self._fit_chart()
        self._reload()
        self.tab_shown.emit()

    def open_menu(self, menu: QMenu) -> None:
        """Open the menu of actions under its button."""
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Leave the chart out where the table would have no room."""
        self._fit_chart()
        super().resizeEvent(event)  # type: ignore[arg-type] # the event's type is Qt's own

    def _reload(self) -> None:
        if self.page is not None:
            self._parts[self.tabs.value].show_client(self.page)

    def _fit_chart(self) -> None:
        # The other parts need the room for their forms; the figures above stay.
        has_room = self.height() >= self._place.theme.scaled(CHART_FROM)
        self._chart_box.setVisible(has_room and self.tabs.value is Tab.LEDGER)

    def _show_facts(self, page: ClientPage) -> None:
        summary, client = page.summary, page.summary.client
        currency, balance = client.currency, page.summary.balance
        _look(self.credit.value, "display-danger" if summary.credit < 0 else "display")
        held = credit_text(balance.held, currency)
        note = (
            tr("{posted} − {held} reserved", posted=credit_text(balance.posted, currency), held=held)
            if balance.held
            else tr("nothing reserved")
        )
        self.credit.show_value(credit_text(summary.credit, currency), note)
        left, now = summary.days_left, self._place.parts.clock()
        until = tr("until {day}", day=last_day_text(left, now)) if left is not None else ""
        if summary.credit < 0:
            until = tr("the overdraft is in use")
        _look(self.lasts.note, "caution" if left is not None and left <= SOON_DAYS else "facts")
        self.lasts.show_value(
            days_text(left) if left is not None else (MISSING if summary.used <= 0 else tr("over a year")),
            until or (tr("no use in 30 days") if summary.used <= 0 else tr("at current use")),
        )
        sent = tr("{sms} SMS", sms=count_text(page.sms))
        if page.countries:
            sent = f"{sent}, {trn('{count} country', '{count} countries', page.countries)}"
        self.used.show_value(credit_text(summary.used, currency), sent)
        told = tr("e-mail to the client") if client.email else tr("shown here only")
        limits = [credit_text(client.alert, currency)] if client.alert else []
        limits += [days_text(client.alert_days)] if client.alert_days else []
        self.alert.show_value(" · ".join(limits) or tr("None"), told if limits else "")
        allowed = balance.overdraft
        stops = tr("stops at {amount}", amount=credit_text(-allowed, currency))
        self.overdraft.show_value(credit_text(allowed, currency) if allowed else tr("Not allowed"), stops)

    def _show_trouble(self, page: ClientPage) -> None:
        summary, client = page.summary, page.summary.client
        trouble = (client.name, summary.state, client.paused)
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if summary.state is ClientState.ARCHIVED:
            when = date_text(client.archived_at.astimezone().date()) if client.archived_at else ""
            title = tr("{name} was archived on {day}", name=client.name, day=when)
            self.banner.show_warning(title, tr("Nothing is sent for it. Its ledger stays."), tr("Restore"))
        elif summary.state is ClientState.OVERDRAWN:
            title = tr("{name} is overdrawn", name=client.name)
            owed = credit_text(summary.credit, client.currency).lstrip(MINUS)
            detail = tr("It owes {amount}.", amount=owed)
            self.banner.show_warning(title, detail, "" if client.paused else tr("Pause sending"))
        elif client.paused:
            title = tr("Sending is paused for {name}", name=client.name)
            self.banner.show_warning(title, tr("What is queued waits."), tr("Resume sending"))
        else:
            self.banner.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(20, 16, 20, 12)
        head.setSpacing(12)
        buttons = (self.compose_button, self.adjust_button, self.top_up_button, self.more)
        head.addLayout(title_row(self.avatar, (self.name, self.state), self.facts, buttons))
        head.addWidget(self.banner)
        head.addLayout(facts_row((self.credit, self.lasts, self.used, self.alert, self.overdraft), 176))
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(self._chart_part())
        bar = QWidget()
        flow = FlowLayout(bar, spacing=8, right_from=1)
        around = QVBoxLayout()
        around.setContentsMargins(20, 10, 20, 10)
        around.addWidget(bar)
        self.tabs.name(tr("Part"))
        self.tabs.show_value(Tab.LEDGER)
        flow.addWidget(self.tabs)
        for part in self._parts.values():
            self._pages.addWidget(part)
            flow.addWidget(part.tools)
            part.tools.setVisible(part is self.ledger)
        column.addLayout(around)
        column.addWidget(self._pages, 1)

    def _chart_part(self) -> QWidget:
        self._chart_box = QWidget()
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.addWidget(label(tr("Credit, last 30 days"), "strong-small"))
        head.addStretch()
        head.addWidget(self.chart_says)
        column = QVBoxLayout(self._chart_box)
        column.setContentsMargins(0, 10, 0, 4)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.chart)
        column.addWidget(rule())
        self.chart.looked_at.connect(self._say_chart)
        self._say_chart("")
        return self._chart_box

    def _say_chart(self, text: str) -> None:
        self.chart_says.setText(text or tr("Line: credit · dashed: forecast at current use"))

    def _connect(self) -> None:
        self.top_up_button.clicked.connect(self.top_up_wanted)
        self.adjust_button.clicked.connect(self.adjust_wanted)
        self.compose_button.clicked.connect(self.compose_wanted)
        self.banner.retry.clicked.connect(self._answer_banner)
        self.tabs.chosen.connect(lambda: self.show_tab(self.tabs.value))

    def _answer_banner(self) -> None:
        archived = self.page is not None and self.page.summary.state is ClientState.ARCHIVED
        (self.restore_wanted if archived else self.pause_wanted).emit()


def _look(part: QLabel, look: str) -> None:
    if part.property("look") != look:
        part.setProperty("look", look)
        redress(part)
