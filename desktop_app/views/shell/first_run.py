"""The first run: choices of the person, demo data or an own provider, the first rule, and then the first screen."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QWidget

from desktop_app.domain.money import CURRENCIES
from desktop_app.services.job import Job
from desktop_app.services.preferences import Preferences
from desktop_app.views.dialogs.default_rule import DefaultRuleDialog
from desktop_app.views.screen import Workplace
from desktop_app.views.shell.pages import WelcomePage
from desktop_app.views.shell.window_state import skip_welcome
from desktop_app.workers.runner import Outcome, Topic


class FirstRun(QObject):
    """Leads through the first run, for as long as ``window`` lives.

    Args:
        window: above which dialogs stand.
        place: what the screens work with.
        page: where the person is asked.
        open_demo: exchanges everything for the demo data.
    """

    def __init__(self, window: QWidget, place: Workplace, page: WelcomePage, open_demo: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._place, self._page = window, place, page
        self._personal = place.parts.personal
        self._is_connecting = False
        self.dialog: DefaultRuleDialog | None = None
        page.demo_wanted.connect(open_demo)
        page.connect_wanted.connect(self.connect_provider)
        page.skip_wanted.connect(self.skip)
        page.language.chosen.connect(lambda: self._personal.change(language=page.language.value))
        page.look.chosen.connect(lambda: self._personal.change(theme=page.look.value))
        page.currency.chosen.connect(self._keep_currency)
        self.destroyed.connect(self._personal.watch(lambda _before, after: page.show_personal(after)))
        place.tasks.changed.connect(self._follow_change)
        page.show_personal(self._personal.values)
        place.tasks.query(lambda _job: place.parts.preferences.read(), owner=self, on_success=self._guess_currency)

    def connect_provider(self) -> None:
        """Ask for the provider; the rule follows once it is saved."""
        self._is_connecting = True
        self._place.navigator.go("providers?add=1")

    def skip(self) -> None:
        """Start with the first screen, and do not ask again."""
        skip_welcome(self._personal)
        self._place.navigator.go("overview")

    def ask_for_rule(self) -> None:
        """Ask how prices are made; then go to the first screen."""
        self.dialog = DefaultRuleDialog(self._place, self._window)
        self.dialog.ended.connect(self._finish)
        self.dialog.open()

    def _follow_change(self, topics: frozenset[Topic]) -> None:
        if self._is_connecting and Topic.PROVIDERS in topics:
            accounts = self._place.parts.accounts
            self._place.tasks.query(lambda _job: bool(accounts.list_providers()), owner=self, on_success=self._go_on)

    def _go_on(self, has_provider: bool) -> None:
        if has_provider and self._is_connecting:
            self._is_connecting = False
            self.ask_for_rule()

    def _finish(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self._place.navigator.go("overview")

    def _guess_currency(self, saved: Preferences) -> None:
        guess = QLocale.system().currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode)
        self._page.currency.show_value(saved.currency)
        if guess in CURRENCIES and guess != saved.currency and saved == Preferences():
            self._page.currency.show_value(guess)
            self._keep_currency()

    def _keep_currency(self) -> None:
        parts, currency = self._place.parts, self._page.currency.value

        def work(_job: Job) -> Outcome[None]:
            parts.preferences.change(actor=parts.actor, currency=currency)
            return Outcome(None, frozenset({Topic.SETTINGS}))

        self._place.tasks.command(work, owner=self)
