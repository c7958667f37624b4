"""The services that the window works with; made by the composition root."""

from dataclasses import dataclass

from desktop_app.services.accounts import AccountsService
from desktop_app.services.activity import ActivityService
from desktop_app.services.backups import BackupsService
from desktop_app.services.bulk_edit import BulkEditService
from desktop_app.services.clients import ClientsService
from desktop_app.services.clock import Clock
from desktop_app.services.diagnostics import DiagnosticsService
from desktop_app.services.exchange_rates import ExchangeRatesService
from desktop_app.services.personal import PersonalSettings
from desktop_app.services.preferences import PreferencesService
from desktop_app.services.price_files import PriceFilesService
from desktop_app.services.price_history import PriceHistoryService
from desktop_app.services.price_imports import PriceImportsService
from desktop_app.services.pricing import PricingService
from desktop_app.services.providers import ProvidersService
from desktop_app.services.rule_following import RuleFollowingService
from desktop_app.services.sender_ids import SenderIDsService


@dataclass(frozen=True, slots=True)
class WindowParts:
    """What the window works with.

    Attributes:
        pricing: the prices.
        bulk_edit: many prices by a rule.
        price_files: price lists as files.
        price_imports: price sheets from files.
        accounts: the costs, and the switches of the service.
        providers: the accounts with providers.
        activity: the log of who did what.
        sender_ids: the numbers shown instead of names.
        clients: who buys.
        clock: the time.
        actor: who acts.
        preferences: what the team settled: company, currency, rounding.
        history: why a price applies, and how costs and prices moved.
        rule_following: applies rules to new costs.
        personal: what this person chose on this computer.
        backups: copies of the database.
        exchange_rates: the rates between currencies.
        diagnostics: versions, for support.
        sandbox: nothing is sent; the window says so.
    """

    pricing: PricingService
    bulk_edit: BulkEditService
    price_files: PriceFilesService
    price_imports: PriceImportsService
    accounts: AccountsService
    providers: ProvidersService
    activity: ActivityService
    sender_ids: SenderIDsService
    clients: ClientsService
    clock: Clock
    actor: str
    preferences: PreferencesService
    history: PriceHistoryService
    rule_following: RuleFollowingService
    personal: PersonalSettings
    backups: BackupsService
    exchange_rates: ExchangeRatesService
    diagnostics: DiagnosticsService
    sandbox: bool

    @property
    def language(self) -> str:
        """The language in force: "en", "tr" or "de"."""
        return self.personal.values.language
