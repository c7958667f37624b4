"""The services that the window works with; made by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.engine.receipts import ReceiptPoller
from desktop_app.services.accounts import AccountsService
from desktop_app.services.activity import ActivityService
from desktop_app.services.backups import BackupsService
from desktop_app.services.batches import BatchesService
from desktop_app.services.bulk_edit import BulkEditService
from desktop_app.services.client_accounts import ClientAccountsService
from desktop_app.services.client_imports import ClientImportsService
from desktop_app.services.client_price_list import ClientPriceListService
from desktop_app.services.client_terms import ClientTermsService
from desktop_app.services.clients import ClientsService
from desktop_app.services.clock import Clock
from desktop_app.services.compositions import CompositionsService
from desktop_app.services.country_rules import CountryRulesService
from desktop_app.services.credit_alerts import CreditAlertsService
from desktop_app.services.credits import CreditsService
from desktop_app.services.delivery import DeliveryService
from desktop_app.services.diagnostics import DiagnosticsService
from desktop_app.services.drafts import DraftsService
from desktop_app.services.exchange_rates import ExchangeRatesService
from desktop_app.services.job import Job
from desktop_app.services.mail import MailService
from desktop_app.services.message_search import MessageSearchService
from desktop_app.services.notices import NoticesService
from desktop_app.services.overview import OverviewService
from desktop_app.services.personal import PersonalSettings
from desktop_app.services.phone_book import PhoneBookService
from desktop_app.services.preferences import PreferencesService
from desktop_app.services.price_files import PriceFilesService
from desktop_app.services.price_history import PriceHistoryService
from desktop_app.services.price_imports import PriceImportsService
from desktop_app.services.pricing import PricingService
from desktop_app.services.providers import ProvidersService
from desktop_app.services.rule_following import RuleFollowingService
from desktop_app.services.sender_dates import SenderDatesService
from desktop_app.services.sender_decisions import SenderDecisionsService
from desktop_app.services.sender_ids import SenderIDsService
from desktop_app.services.sender_papers import SenderPapersService
from desktop_app.services.sender_reviews import SenderReviewsService
from desktop_app.services.sending import SendingService
from desktop_app.services.sending_control import SendingControlService
from desktop_app.services.statements import StatementsService
from desktop_app.services.unknown_outcomes import UnknownOutcomesService


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
        sender_ids: requesting sender IDs, and the numbers shown instead of names.
        sender_reviews: requests for sender IDs as they are looked at.
        sender_decisions: approving, rejecting, asking for documents.
        sender_papers: the documents of requests.
        sender_dates: approvals that end.
        country_rules: what each country asks of a sender ID.
        clients: who buys.
        client_accounts: their money to look at.
        client_terms: what was agreed with them.
        client_price_list: what they pay beside what everybody pays.
        client_imports: clients from files.
        credits: their money.
        credit_alerts: who fell below its alert.
        statements: their months on paper.
        phone_book: their contacts, in groups.
        sending: what a send costs, and queueing it.
        drafts: what is composed and not sent yet.
        delivery: what became of messages.
        message_search: finds messages.
        batches: jobs of many messages in a person's hand.
        unknown_outcomes: what nobody knows whether it was sent.
        sending_control: who sends, and the pause for all of it.
        receipts: asks the providers what became of messages.
        run_sending: sends and asks for reports until its job is cancelled, and hands over bugs; runs in a thread of its own.
        compositions: what the screen that composes needs to know.
        clock: the time.
        actor: who acts.
        preferences: what the team settled: company, currency, rounding.
        history: why a price applies, and how costs and prices moved.
        rule_following: applies rules to new costs.
        mail: the team's e-mail.
        overview: the figures of the first screen.
        notices: what is told by itself.
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
    sender_reviews: SenderReviewsService
    sender_decisions: SenderDecisionsService
    sender_papers: SenderPapersService
    sender_dates: SenderDatesService
    country_rules: CountryRulesService
    clients: ClientsService
    client_accounts: ClientAccountsService
    client_terms: ClientTermsService
    client_price_list: ClientPriceListService
    client_imports: ClientImportsService
    credits: CreditsService
    credit_alerts: CreditAlertsService
    statements: StatementsService
    phone_book: PhoneBookService
    sending: SendingService
    drafts: DraftsService
    delivery: DeliveryService
    message_search: MessageSearchService
    batches: BatchesService
    unknown_outcomes: UnknownOutcomesService
    sending_control: SendingControlService
    receipts: ReceiptPoller
    run_sending: Callable[[Job, Callable[[Exception], object]], None]
    compositions: CompositionsService
    clock: Clock
    actor: str
    preferences: PreferencesService
    history: PriceHistoryService
    rule_following: RuleFollowingService
    mail: MailService
    overview: OverviewService
    notices: NoticesService
    personal: PersonalSettings
    backups: BackupsService
    exchange_rates: ExchangeRatesService
    diagnostics: DiagnosticsService
    sandbox: bool

    @property
    def language(self) -> str:
        """The language in force: "en", "tr" or "de"."""
        return self.personal.values.language
