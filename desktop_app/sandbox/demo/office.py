"""The services on a clock that can be moved, and the diary: what happens when, whoever wrote it down first."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from desktop_app.engine.dispatch import Dispatcher
from desktop_app.engine.lease import SendingLease
from desktop_app.engine.receipts import ReceiptPoller
from desktop_app.sandbox.demo.line import DirectLine
from desktop_app.sandbox.demo.travel import TravelClock
from desktop_app.sandbox.server import Sandbox
from desktop_app.secret_store import SecretStore
from desktop_app.services.accounts import AccountsService
from desktop_app.services.batches import BatchesService
from desktop_app.services.bulk_edit import BulkEditService
from desktop_app.services.client_terms import ClientTermsService
from desktop_app.services.clients import ClientsService
from desktop_app.services.credits import CreditsService
from desktop_app.services.delivery import DeliveryService
from desktop_app.services.drafts import DraftsService
from desktop_app.services.job import Job
from desktop_app.services.phone_book import PhoneBookService
from desktop_app.services.preferences import PreferencesService
from desktop_app.services.pricing import PricingService
from desktop_app.services.sender_ids import SenderIDsService
from desktop_app.services.sender_papers import SenderPapersService
from desktop_app.services.sender_reviews import SenderReviewsService
from desktop_app.services.sending import SendingService
from desktop_app.storage.unit_of_work import Database

DENIZ: Final = "Deniz Kaya"
MERT: Final = "Mert Aydın"
SOFIA: Final = "Sofia Marin"


class Office:
    """The people's tools.

    Args:
        database: of its own, empty.
        secrets: where the provider's secret goes.
        sandbox: the provider.
        clock: the time of everything that is done, which also the sandbox goes by.
    """

    def __init__(self, database: Database, secrets: SecretStore, sandbox: Sandbox, clock: TravelClock) -> None:
        self.database, self.clock = database, clock
        self.line = DirectLine(sandbox)
        self.accounts = AccountsService(database, secrets, clock, self.line.connect)
        self.pricing = PricingService(database, clock)
        self.bulk_edit = BulkEditService(database, clock)
        self.preferences = PreferencesService(database, clock)
        self.clients = ClientsService(database, clock)
        self.credits = CreditsService(database, clock)
        self.client_terms = ClientTermsService(database, clock)
        self.phone_book = PhoneBookService(database, clock)
        self.sender_ids = SenderIDsService(database, clock)
        self.sender_reviews = SenderReviewsService(database, clock)
        self.sender_papers = SenderPapersService(database, clock)
        self.sending = SendingService(database, clock)
        self.drafts = DraftsService(database, clock)
        self.delivery = DeliveryService(database, clock)
        self.batches = BatchesService(database, clock)
        self.receipts = ReceiptPoller(self.accounts, self.delivery, clock)
        self._lease = SendingLease(database, clock)
        self._dispatcher = self._start_dispatcher()

    def send(self) -> None:
        """Send what is queued and may go."""
        if self._lease.epoch is None:
            self._lease.acquire()
        while self._dispatcher.step():
            pass

    def send_round(self) -> None:
        """Do one round of sending: what one window holds goes out."""
        if self._lease.epoch is None:
            self._lease.acquire()
        self._dispatcher.step()

    def stop_sending(self) -> None:
        """Put back what has not left, and give the right to send back; another sender takes over."""
        self._dispatcher.stop()
        self._dispatcher = self._start_dispatcher()

    def crash_while_sending(self) -> None:
        """Hand out what is queued and end before any answer comes, as a computer does that is switched off."""
        self._dispatcher = self._start_dispatcher()
        self._lease.acquire()
        self.line.is_dead = True
        self._dispatcher.step()

    def ask_for_receipts(self) -> None:
        """Ask the provider what became of the messages."""
        self.receipts.poll_once(Job())

    def _start_dispatcher(self) -> Dispatcher:
        self._lease = SendingLease(self.database, self.clock)
        return Dispatcher(self.database, self.accounts, self.line, self.clock, self._lease)


class Diary:
    """What is to happen, in any order; then it happens in that of time.

    Args:
        clock: moved to the time of each entry.
    """

    def __init__(self, clock: TravelClock) -> None:
        self._clock = clock
        self._entries: list[tuple[datetime, int, Callable[[], object]]] = []

    def write(self, at: datetime, work: Callable[[], object]) -> None:
        """Let ``work`` happen at ``at``; of two at the same moment the one written first is done first."""
        self._entries.append((at, len(self._entries), work))

    def live(self, on_progress: Callable[[int, int], None]) -> None:
        """Do everything; ``on_progress(done, total)`` may raise to stop."""
        for done, (at, _, work) in enumerate(sorted(self._entries, key=lambda entry: entry[:2])):
            on_progress(done, len(self._entries))
            self._clock.move_to(at)
            work()
