"""The database as the services see it: transactions that give repositories and commit whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.storage import audit, schema
from desktop_app.storage.engine import BUSY_TIMEOUT_SECONDS, make_engine, storage_errors
from desktop_app.storage.repositories.accounts import ExchangeRateRepository, ProviderRepository, SettingsRepository
from desktop_app.storage.repositories.activity import ActivityRepository
from desktop_app.storage.repositories.attention import AttentionRepository
from desktop_app.storage.repositories.batch_control import BatchControlRepository
from desktop_app.storage.repositories.batches import BatchRepository
from desktop_app.storage.repositories.bulk_edits import BulkEditRepository
from desktop_app.storage.repositories.client_ledger import ClientLedgerRepository
from desktop_app.storage.repositories.clients import ClientRepository
from desktop_app.storage.repositories.costs import CostRepository
from desktop_app.storage.repositories.dispatch import DispatchRepository, LeaseRepository
from desktop_app.storage.repositories.drafts import DraftRepository
from desktop_app.storage.repositories.endings import EndingRepository
from desktop_app.storage.repositories.issued_lists import IssuedListRepository
from desktop_app.storage.repositories.ledger import LedgerRepository
from desktop_app.storage.repositories.losses import LossRepository
from desktop_app.storage.repositories.mails import MailRepository
from desktop_app.storage.repositories.message_search import MessageSearchRepository
from desktop_app.storage.repositories.number_ranges import NumberRangeRepository
from desktop_app.storage.repositories.phone_book import PhoneBookRepository
from desktop_app.storage.repositories.price_history import PriceHistoryRepository
from desktop_app.storage.repositories.prices import PriceRepository
from desktop_app.storage.repositories.receipts import ReceiptRepository
from desktop_app.storage.repositories.sender_reviews import SenderReviewRepository
from desktop_app.storage.repositories.sender_rules import SenderRuleRepository
from desktop_app.storage.repositories.senders import SenderRepository
from desktop_app.storage.repositories.traffic import TrafficRepository
from desktop_app.storage.repositories.unknowns import UnknownRepository
from desktop_app.storage.repositories.volumes import VolumeRepository
from desktop_app.storage.repositories.waiting_sends import WaitingSendRepository

# On PostgreSQL each statement would see a later moment: an audit beside a running send would find differences that are none.
_READING: Final[dict[str, dict[str, Any]]] = {
    "sqlite": {"readonly": True},
    "postgresql": {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"},
}


class UnitOfWork:
    """The repositories of one running transaction."""

    def __init__(self, connection: Connection) -> None:
        self.settings = SettingsRepository(connection)
        self.providers = ProviderRepository(connection)
        self.exchange_rates = ExchangeRateRepository(connection)
        self.activity = ActivityRepository(connection)
        self.prices = PriceRepository(connection)
        self.losses = LossRepository(connection)
        self.bulk_edits = BulkEditRepository(connection)
        self.costs = CostRepository(connection)
        self.number_ranges = NumberRangeRepository(connection)
        self.price_history = PriceHistoryRepository(connection)
        self.issued_lists = IssuedListRepository(connection)
        self.clients = ClientRepository(connection)
        self.ledger = LedgerRepository(connection)
        self.client_ledger = ClientLedgerRepository(connection)
        self.phone_book = PhoneBookRepository(connection)
        self.senders = SenderRepository(connection)
        self.sender_reviews = SenderReviewRepository(connection)
        self.sender_rules = SenderRuleRepository(connection)
        self.batches = BatchRepository(connection)
        self.batch_control = BatchControlRepository(connection)
        self.message_search = MessageSearchRepository(connection)
        self.dispatch = DispatchRepository(connection)
        self.endings = EndingRepository(connection)
        self.drafts = DraftRepository(connection)
        self.lease = LeaseRepository(connection)
        self.unknowns = UnknownRepository(connection)
        self.receipts = ReceiptRepository(connection)
        self.volumes = VolumeRepository(connection)
        self.waiting_sends = WaitingSendRepository(connection)
        self.mails = MailRepository(connection)
        self.traffic = TrafficRepository(connection)
        self.attention = AttentionRepository(connection)


class Database:
    """One database.

    Args:
        url: SQLAlchemy URL of a SQLite file or a PostgreSQL database.
        backup_folder: where backups before migrations go.
        busy_seconds: how long a SQLite file may be locked by another program before we give up.
    """

    def __init__(self, url: str, backup_folder: Path, busy_seconds: float = BUSY_TIMEOUT_SECONDS) -> None:
        self._engine = make_engine(url, busy_seconds)
        self._backup_folder = backup_folder

    def upgrade(self) -> str:
        """Bring the schema to this program's revision, after a backup, and return the revision.

        Raises:
            StorageUnavailable: see ``schema.upgrade``.
        """
        return schema.upgrade(self._engine, self._backup_folder)

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """Open a writing transaction: committed at the end of the block, rolled back when it raises.

        Raises:
            StorageUnavailable: when the database cannot be written; nothing was saved.
        """
        with storage_errors(), self._engine.begin() as connection:
            yield UnitOfWork(connection)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """Open a reading transaction: one consistent moment, nothing can be written.

        Raises:
            StorageUnavailable: when the database cannot be read.
        """
        with storage_errors(), self._reading() as connection:
            yield UnitOfWork(connection)

    @property
    def file(self) -> Path | None:
        """The SQLite file, None on a server."""
        return Path(self._engine.url.database or "") if self._engine.dialect.name == "sqlite" else None

    def version(self) -> str:
        """Return what runs the database: "SQLite 3.51.3".

        Raises:
            StorageUnavailable: when the database cannot be reached.
        """
        name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[self._engine.dialect.name]
        with storage_errors(), self._reading() as connection:
            return f"{name} {'.'.join(map(str, connection.dialect.server_version_info or ()))}"

    def audit(self) -> audit.AuditReport:
        """Return what the independent audit finds; reads only."""
        with storage_errors(), self._reading() as connection:
            return audit.run(connection)

    def backup(self, target: Path) -> None:
        """Write a checked copy of a SQLite database to ``target``.

        Raises:
            InvalidInput: for PostgreSQL (its own tools do that), or when the target cannot be written.
        """
        self._only_sqlite()
        with storage_errors():
            schema.backup_sqlite(self._engine, target)

    def restore(self, source: Path) -> Path | None:
        """Replace a SQLite database by a backup; return where the former one was kept.

        Raises:
            InvalidInput: for PostgreSQL, or when ``source`` is no sound backup; nothing changed then.
        """
        self._only_sqlite()
        with storage_errors():
            return schema.restore_sqlite(self._engine, source)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _reading(self) -> Connection:
        return self._engine.connect().execution_options(**_READING[self._engine.dialect.name])

    def _only_sqlite(self) -> None:
        if self._engine.dialect.name != "sqlite":
            raise InvalidInput(tr("Back up and restore PostgreSQL with pg_dump and pg_restore."))
