"""Fills a fresh database with a month of an invented business, in the order of time, through the services everybody uses."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from desktop_app.sandbox.account import SandboxAccount
from desktop_app.sandbox.demo.clients import plan_clients
from desktop_app.sandbox.demo.costs import CostHistory
from desktop_app.sandbox.demo.drafts import write_drafts
from desktop_app.sandbox.demo.jobs import Jobs
from desktop_app.sandbox.demo.mishaps import Mishaps
from desktop_app.sandbox.demo.office import DENIZ, Diary, Office
from desktop_app.sandbox.demo.pricing import STILL, plan_pricing
from desktop_app.sandbox.demo.senders import plan_senders
from desktop_app.sandbox.demo.traffic import plan_traffic
from desktop_app.sandbox.demo.travel import START, Calendar, TravelClock
from desktop_app.sandbox.prices import Country, PriceBook
from desktop_app.sandbox.server import Sandbox
from desktop_app.secret_store import SecretStore
from desktop_app.services.clock import Clock, utc_now
from desktop_app.services.job import Job
from desktop_app.storage.unit_of_work import Database

SEED: Final = 2026
PROVIDER: Final = "Sandbox"
BACKUP: Final = "Sandbox 2"
PROVIDERS: Final = (PROVIDER, BACKUP)


class DemoBusiness:
    """A sandbox whose costs move, and the business that buys from it.

    Args:
        account: at the sandbox.
        present: the real time.
        seed: of everything that is left to chance.

    Attributes:
        sandbox: to be started before ``fill``.
    """

    def __init__(self, account: SandboxAccount, present: Clock = utc_now, seed: int = SEED) -> None:
        self._account = account
        self._seed = seed
        self._costs = CostHistory(seed, STILL)
        self._prices = PriceBook()
        self._clock = TravelClock(present)
        self._present = present
        self.sandbox = Sandbox(account.scenario(), clock=self._clock, prices=self._prices)

    def fill(
        self, database: Database, secrets: SecretStore, on_progress: Callable[[int, int], None] = lambda *_: None
    ) -> None:
        """Let a month of business happen in ``database``.

        Args:
            database: fresh, of its own.
            secrets: takes the provider's secret.
            on_progress: called with (done, total); may raise to stop.
        """
        calendar, diary = Calendar(self._present()), Diary(self._clock)
        self._clock.move_to(calendar.on(START, 8))
        office = Office(database, secrets, self.sandbox, self._clock)
        with TemporaryDirectory(prefix="sms-desk-papers-") as folder:
            self._plan_provider(office, calendar, diary)
            plan_pricing(office, calendar, diary)
            plan_clients(office, calendar, diary)
            plan_senders(office, calendar, diary, Path(folder))
            plan_traffic(office, calendar, diary, self._seed)
            Mishaps(office, self._seed).plan(calendar, diary)
            Jobs(office, self._seed).plan(calendar, diary)
            diary.write(calendar.ago(18), partial(write_drafts, office))
            diary.live(on_progress)
        self._clock.let_go()

    def _plan_provider(self, office: Office, calendar: Calendar, diary: Diary) -> None:
        diary.write(calendar.on(START, 8), partial(self._connect, office))
        for at, book in self._costs.books(calendar):
            diary.write(at, partial(self._sync, office, book))
        diary.write(calendar.on(3, 11), partial(self._connect_backup, office))

    def _connect(self, office: Office) -> None:
        office.accounts.set_service(on=True, actor=DENIZ)
        self._add(office, PROVIDER, default=True)

    def _connect_backup(self, office: Office) -> None:
        self._add(office, BACKUP, default=False)
        office.accounts.sync_costs(BACKUP, actor=DENIZ, job=Job())

    def _add(self, office: Office, name: str, *, default: bool) -> None:
        office.accounts.add_provider(
            name, "twilio", base_url=f"{self.sandbox.url}/twilio", settings={"account_sid": self._account.sid},
            secret=self._account.secret, default=default, actor=DENIZ,
        )  # fmt: skip
        office.accounts.balance(name)

    def _sync(self, office: Office, book: Mapping[str, Country]) -> None:
        self._prices.countries = book
        office.accounts.sync_costs(PROVIDER, actor=DENIZ, job=Job())
