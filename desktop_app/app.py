"""The composition root: settings to database to services; the only place that knows all of them."""

import logging
import os
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from desktop_app.config import Settings, load_settings
from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.engine.dispatch import Dispatcher
from desktop_app.engine.lease import SendingLease
from desktop_app.engine.receipts import ReceiptPoller
from desktop_app.engine.settlement import ACTOR
from desktop_app.providers.transport import RequestsTransport
from desktop_app.secret_store import SecretStore
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
from desktop_app.services.clock import Clock, utc_now
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
from desktop_app.services.translations import speaking_settings
from desktop_app.services.unknown_outcomes import UnknownOutcomesService
from desktop_app.storage.unit_of_work import Database

if TYPE_CHECKING:
    from desktop_app.sandbox.server import Sandbox
    from desktop_app.views.opening import Opening
    from desktop_app.views.parts import WindowParts

STANDARD_LIST = "Standard"
MAIN_CURRENCY = "EUR"
ROUND_SECONDS = 5.0
ALERT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Application:
    """Everything the window, the command line, the API and a worker work with."""

    settings: Settings
    database: Database
    secrets: SecretStore
    accounts: AccountsService
    providers: ProvidersService
    activity: ActivityService
    pricing: PricingService
    bulk_edit: BulkEditService
    price_files: PriceFilesService
    price_imports: PriceImportsService
    clients: ClientsService
    client_accounts: ClientAccountsService
    client_terms: ClientTermsService
    client_price_list: ClientPriceListService
    client_imports: ClientImportsService
    credits: CreditsService
    credit_alerts: CreditAlertsService
    statements: StatementsService
    phone_book: PhoneBookService
    sender_ids: SenderIDsService
    sender_dates: SenderDatesService
    sending: SendingService
    drafts: DraftsService
    delivery: DeliveryService
    message_search: MessageSearchService
    batches: BatchesService
    unknown_outcomes: UnknownOutcomesService
    sending_control: SendingControlService
    receipts: ReceiptPoller
    preferences: PreferencesService
    history: PriceHistoryService
    rule_following: RuleFollowingService
    mail: MailService
    overview: OverviewService
    notices: NoticesService
    clock: Clock

    def drain(self, job: Job, *, until: Callable[[], bool]) -> None:
        """Send what is queued until ``until`` says so; see ``Dispatcher.drain``."""
        with TransportScope() as transport:
            lease = SendingLease(self.database, self.clock)
            Dispatcher(self.database, self.accounts, transport, self.clock, lease).drain(job, until=until)

    def run_worker(self, job: Job) -> None:
        """Send what is queued, mail too, and ask for receipts now and then, until ``job`` is cancelled.

        Raises:
            Cancelled: when it is.
        """
        rounds = {
            "mail": Round(self.mail.send_due),
            "sender IDs": Round(lambda _job: self.sender_dates.follow()),
            # It adds up a month of the ledger where clients are warned by days.
            "credit alerts": Round(lambda _job: self.credit_alerts.sweep(), ALERT_SECONDS),
        }
        self._work(job, rounds)

    def run_sending(self, job: Job, report: Callable[[Exception], object]) -> None:
        """Send and ask for receipts as ``run_worker``, and leave the rest to the window, which does it by itself.

        Args:
            job: ends it.
            report: takes the bugs of what works beside the sending; called in its threads.

        Raises:
            Cancelled: when ``job`` is.
        """
        self._work(job, {}, report)

    def _work(self, job: Job, rounds: Mapping[str, "Round"], report: Callable[[Exception], object] = bool) -> None:
        def look_up(job: Job) -> None:
            self.unknown_outcomes.look_up_due(actor=ACTOR, job=job)

        self.batches.finish_stops(actor=ACTOR)
        rounds = {"receipts": Round(self.receipts.poll_due), "unknown outcomes": Round(look_up), **rounds}
        threads = [
            # Each gives way as this thread does.
            threading.Thread(target=copy_context().run, args=(self._go_round, job, name, one, report), name=name)
            for name, one in rounds.items()
        ]
        for thread in threads:
            thread.start()
        try:
            self.drain(job, until=lambda: False)
        finally:
            job.cancel()
            for thread in threads:
                thread.join()

    def _go_round(self, job: Job, name: str, one: "Round", report: Callable[[Exception], object]) -> None:
        while not job.cancelled:
            try:
                one.work(job)
            except Cancelled:
                return
            except AppError as error:
                logging.getLogger(__name__).error("%s: this round failed: %s", name, error.user_message)
            except Exception as error:
                logging.getLogger(__name__).exception("%s: this round met a bug", name)
                report(error)
            with suppress(Cancelled):
                job.wait(one.seconds)

    def is_drained(self, batch_id: int | None = None) -> bool:
        """Return whether nothing waits to be sent any more, of one batch or of all."""
        return not self.delivery.waits(batch_id)


class Round(NamedTuple):
    """What is done again and again beside the sending, and how long it rests in between."""

    work: Callable[[Job], object]
    seconds: float = ROUND_SECONDS


class TransportScope:
    """A send transport that is closed when the block ends, whatever happened."""

    def __init__(self) -> None:
        self._transport = RequestsTransport()

    def __enter__(self) -> RequestsTransport:
        return self._transport

    def __exit__(self, *_: object) -> None:
        self._transport.close()


@contextmanager
def open_application(
    settings: Settings,
    *,
    environment: Mapping[str, str] = os.environ,
    ask_passphrase: Callable[[str], str | None] | None = None,
    clock: Clock = utc_now,
) -> Iterator[Application]:
    """Open the database of ``settings``, brought to this program's schema, and everything that works on it.

    Raises:
        InvalidInput: an address that is no database of ours.
        StorageUnavailable: it cannot be opened, or is newer than this program.
    """
    database = Database(settings.database_url, backup_folder(settings))
    try:
        database.upgrade()
        _first_use(database)
        secrets = SecretStore(settings.profile, environment, ask_passphrase)
        accounts = AccountsService(database, secrets, clock)
        delivery = DeliveryService(database, clock)
        pricing = PricingService(database, clock)
        mail, history = MailService(database, secrets, clock), PriceHistoryService(database, clock)
        overview = OverviewService(database, mail, history, clock)
        yield Application(
            settings=settings,
            database=database,
            secrets=secrets,
            accounts=accounts,
            providers=ProvidersService(database, accounts, secrets, clock),
            activity=ActivityService(database, pricing),
            pricing=pricing,
            bulk_edit=BulkEditService(database, clock),
            price_files=PriceFilesService(database, pricing, clock),
            price_imports=PriceImportsService(database, pricing),
            clients=ClientsService(database, clock),
            client_accounts=ClientAccountsService(database, clock),
            client_terms=ClientTermsService(database, clock),
            client_price_list=ClientPriceListService(database, clock),
            client_imports=ClientImportsService(database, clock),
            credits=CreditsService(database, clock),
            credit_alerts=CreditAlertsService(database, clock),
            statements=StatementsService(database, clock),
            phone_book=PhoneBookService(database, clock),
            sender_ids=SenderIDsService(database, clock),
            sender_dates=SenderDatesService(database, clock),
            sending=SendingService(database, clock),
            drafts=DraftsService(database, clock),
            delivery=delivery,
            message_search=MessageSearchService(database),
            batches=BatchesService(database, clock),
            unknown_outcomes=UnknownOutcomesService(database, accounts, delivery, clock),
            sending_control=SendingControlService(database, clock),
            receipts=ReceiptPoller(accounts, delivery, clock),
            preferences=PreferencesService(database, clock),
            history=history,
            rule_following=RuleFollowingService(database, clock),
            mail=mail,
            overview=overview,
            notices=NoticesService(database, overview, clock),
            clock=clock,
        )
    finally:
        database.close()


def backup_folder(settings: Settings) -> Path:
    """Return where backups before migrations go."""
    return settings.profile / "backups"


def _first_use(database: Database) -> None:
    with database.read() as uow:
        if uow.prices.default_list() is not None:
            return
    with database.begin() as uow:
        if uow.prices.default_list() is None:
            uow.prices.add_list(STANDARD_LIST, MAIN_CURRENCY)


@contextmanager
def open_window_parts(settings: Settings, opening: "Opening") -> "Iterator[WindowParts]":
    """Open the application for the window, which does so in a thread once it is painted.

    Raises:
        InvalidInput, StorageUnavailable: see ``open_application``.
    """
    with (
        _demo_application(settings)
        if opening.demo
        else open_application(settings, ask_passphrase=opening.ask_passphrase)
    ) as application:
        yield window_parts(application, settings, sandbox=opening.demo, personal=opening.personal)


def window_parts(
    application: Application, settings: Settings, *, sandbox: bool, personal: PersonalSettings | None = None
) -> "WindowParts":
    """Return what the window needs of ``application``.

    Args:
        application: the services.
        settings: who acts.
        sandbox: the window says that nothing is sent.
        personal: what the person chose; that of the profile when it is not given.
    """
    # Here, not above: commands, the worker and the API run where there is no Qt.
    from desktop_app.views.parts import WindowParts

    database, place, clock = application.database, application.settings, application.clock
    personal = personal or speaking_settings(place.profile, settings.language)
    return WindowParts(
        pricing=application.pricing,
        bulk_edit=application.bulk_edit,
        price_files=application.price_files,
        price_imports=application.price_imports,
        accounts=application.accounts,
        providers=application.providers,
        activity=application.activity,
        sender_ids=application.sender_ids,
        sender_reviews=SenderReviewsService(database, clock),
        sender_decisions=SenderDecisionsService(database, clock),
        sender_papers=SenderPapersService(database, clock),
        sender_dates=application.sender_dates,
        country_rules=CountryRulesService(database, clock),
        clients=application.clients,
        client_accounts=application.client_accounts,
        client_terms=application.client_terms,
        client_price_list=application.client_price_list,
        client_imports=application.client_imports,
        credits=application.credits,
        credit_alerts=application.credit_alerts,
        statements=application.statements,
        phone_book=application.phone_book,
        sending=application.sending,
        drafts=application.drafts,
        delivery=application.delivery,
        message_search=application.message_search,
        batches=application.batches,
        unknown_outcomes=application.unknown_outcomes,
        sending_control=application.sending_control,
        receipts=application.receipts,
        run_sending=application.run_sending,
        compositions=CompositionsService(database, application.sending, clock),
        clock=application.clock,
        actor=settings.actor,
        preferences=application.preferences,
        history=application.history,
        rule_following=application.rule_following,
        mail=application.mail,
        overview=application.overview,
        notices=application.notices,
        personal=personal,
        backups=BackupsService(database, place.database_url, backup_folder(place), clock),
        exchange_rates=ExchangeRatesService(database, clock),
        diagnostics=DiagnosticsService(database),
        sandbox=sandbox,
    )


@contextmanager
def open_on_sandbox(sandbox: "Sandbox", actor: str) -> Iterator[Application]:
    """Open the application on a database of its own beside a sandbox that runs meanwhile; afterwards nothing of it is left."""
    environment = {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "SMS_DESK_VAULT_PASSPHRASE": secrets.token_hex(16),
    }
    with tempfile.TemporaryDirectory(prefix="sms-desk-demo-") as folder, sandbox:
        settings = load_settings({}, profile=Path(folder), actor=actor)
        with open_application(settings, environment=environment) as application:
            yield application


@contextmanager
def _demo_application(settings: Settings) -> Iterator[Application]:
    # Here, not above: nobody but the demo needs the sandbox.
    from desktop_app.sandbox.account import SandboxAccount
    from desktop_app.sandbox.demo.business import PROVIDERS, DemoBusiness

    business = DemoBusiness(SandboxAccount.make())
    with open_on_sandbox(business.sandbox, settings.actor) as application:
        business.fill(application.database, application.secrets)
        for name in PROVIDERS:
            application.accounts.balance(name)
        yield application
