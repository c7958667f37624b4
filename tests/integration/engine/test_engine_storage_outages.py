"""The database goes away while messages are on their way: no outcome is lost as long as the process lives, nothing goes twice."""

import logging
import random
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path

from desktop_app.domain.errors import Cancelled, StorageUnavailable
from desktop_app.services.job import Job
from desktop_app.storage.engine import make_engine
from desktop_app.storage.unit_of_work import Database, UnitOfWork
from tests.fixtures.application import PATIENCE_SECONDS, Desk, eventually, german

PRICE = Decimal("0.06")


class UnsureDatabase(Database):
    """Says of some transactions that they failed: before the commit, which is true, or after it, which is not."""

    def __init__(self, url: str, folder: Path, dice: random.Random, share: float) -> None:
        super().__init__(url, folder)
        self.dice = dice
        self.share = share
        self.lost_answers = 0
        self.turns = 0

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        self.turns += self.share > 0
        # The second one is always lost: no seed goes without.
        throw = self.share if self.turns == 2 else self.dice.random()
        with super().begin() as uow:
            yield uow
            if throw < self.share:
                raise StorageUnavailable("nothing was written")
        if throw < 2 * self.share:
            self.lost_answers += 1
            raise StorageUnavailable("it was written, but the answer was lost")


def test_lost_answers_of_the_database_lose_and_repeat_nothing(
    desk: Desk, tmp_path: Path, seed: random.Random, expected_log: list[logging.LogRecord]
) -> None:
    numbers = german(600)
    desk.queue(numbers)
    with closing(UnsureDatabase(desk.database_url, tmp_path, seed, 0.0)) as database:
        with desk.dispatcher(database=database) as dispatcher:
            database.share = 0.2
            dispatcher.drain(Job(), until=lambda: not desk.statuses().keys() & {"queued", "sending"})
        assert database.lost_answers

    # A second process: what a lost answer made the first one forget would be in doubt now.
    desk.drain()
    assert desk.statuses() == {"accepted": 600}
    assert sorted(desk.seen()) == numbers
    assert desk.money() == (100 - 600 * PRICE, 0)
    desk.assert_sound()


class Sender:
    """Drains the queue in a thread, until told to stop."""

    def __init__(self, desk: Desk, database: Database) -> None:
        self.job = Job()
        self._desk = desk
        self._database = database
        self._thread = threading.Thread(target=self._run, name="sender")
        self._thread.start()

    def _run(self) -> None:
        with self._desk.dispatcher(database=self._database) as dispatcher:
            try:
                dispatcher.drain(self.job, until=lambda: False)
            except Cancelled:
                return

    def stop(self) -> None:
        """Stop it and wait until it has ended."""
        self.job.cancel()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()


def test_a_locked_file_is_waited_for(sqlite_desk: Desk, tmp_path: Path, expected_log: list[logging.LogRecord]) -> None:
    numbers = german(600)
    sqlite_desk.change(latency_ms=30)
    sqlite_desk.queue(numbers)
    other = make_engine(sqlite_desk.database_url)
    with closing(Database(sqlite_desk.database_url, tmp_path, busy_seconds=0.05)) as database:
        sender = Sender(sqlite_desk, database)
        eventually(lambda: len(sqlite_desk.seen()) >= 50, "sending")
        with other.begin():  # takes the write lock
            eventually(lambda: expected_log, "a word about the lock")
            while_locked = len(sqlite_desk.seen())
        eventually(lambda: len(sqlite_desk.seen()) == 600, "going on")
        sender.stop()
    other.dispose()

    assert while_locked < 600
    assert sqlite_desk.statuses() == {"accepted": 600}
    assert sorted(sqlite_desk.seen()) == numbers
    sqlite_desk.assert_sound()


def test_stopping_waits_for_the_database_to_take_the_outcomes(
    sqlite_desk: Desk, tmp_path: Path, expected_log: list[logging.LogRecord]
) -> None:
    sqlite_desk.change(latency_ms=100)
    sqlite_desk.queue(german(100))
    other = make_engine(sqlite_desk.database_url)
    with closing(Database(sqlite_desk.database_url, tmp_path, busy_seconds=0.05)) as database:
        sender = Sender(sqlite_desk, database)
        eventually(lambda: len(sqlite_desk.seen()) >= 8, "sending")
        with other.begin():
            sender.job.cancel()
            eventually(lambda: expected_log, "a word about the lock")
        sender.stop()
    other.dispose()

    statuses = sqlite_desk.statuses()
    assert set(statuses) == {"accepted", "queued"}
    assert len(sqlite_desk.seen()) == statuses["accepted"]
    sqlite_desk.drain()
    assert sorted(sqlite_desk.seen()) == german(100)
    sqlite_desk.assert_sound()


DROP_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_a_server_that_drops_its_connections_is_ridden_out(
    postgres_desk: Desk, tmp_path: Path, expected_log: list[logging.LogRecord]
) -> None:
    desk, numbers = postgres_desk, german(300)
    desk.change(latency_ms=20)
    desk.queue(numbers)
    with closing(Database(desk.database_url, tmp_path)) as database:
        sender = Sender(desk, database)
        for goal in (40, 120, 200):
            eventually(partial(desk.has_sent, goal), "sending")
            desk.query(DROP_CONNECTIONS)
        eventually(lambda: len(desk.seen()) == 300, "going on")
        sender.stop()

    assert desk.statuses() == {"accepted": 300}
    assert sorted(desk.seen()) == numbers
    desk.assert_sound()
