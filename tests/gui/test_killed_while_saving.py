"""A window that is killed while prices are saved has saved what it said, whole, and nothing by halves."""

import queue
import random
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal

import pytest

from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.domain.regions import region
from desktop_app.services.job import Job
from tests.fixtures.application import ENVIRONMENT, Desk
from tests.fixtures.saving_window import start

KILLS = 4
MARGIN = 30
PATIENCE_SECONDS = 60.0
EU = region("EU")


@pytest.fixture
def killed_window(sqlite_desk: Desk) -> Iterator[Callable[[int, float], list[str]]]:
    """Gives what runs a window, kills it so many seconds after it said so many saves, and returns all that it said."""
    started: list[subprocess.Popen[str]] = []

    def run(saves: int, seconds: float) -> list[str]:
        process = start(sqlite_desk.profile, sqlite_desk.database_url, ENVIRONMENT)
        started.append(process)
        assert process.stdout is not None
        lines: queue.Queue[str] = queue.Queue()

        def read() -> None:
            for line in process.stdout or ():
                lines.put(line.strip())

        reader = threading.Thread(target=read)
        reader.start()
        said = [lines.get(timeout=PATIENCE_SECONDS) for _ in range(saves)]
        print(f"killed {seconds:.3f} s after {said[-1]}")
        threading.Event().wait(seconds)
        process.kill()
        assert process.wait() == -9
        reader.join()
        return said + [lines.get() for _ in range(lines.qsize())]

    yield run
    for process in started:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def stored(desk: Desk) -> tuple[int, int]:
    """Return the price of the United States and the one margin in whole percent that all EU countries follow."""
    rows = {row.rate.country: row.rate for row in desk.application.pricing.list_prices()}
    assert rows["US"].price is not None
    # Whole: one rule for all 27, and each price is what it says, but for the rounding to 0.0001.
    (rule,) = {rows[iso].rule for iso in EU}
    margin = int(Decimal(rule.removeprefix("margin ")))
    for iso in EU:
        cost, price = rows[iso].cost, rows[iso].price
        assert cost is not None
        assert price is not None
        assert round(100 - 100 * Decimal(cost) / price) == margin, iso
    return rows["US"].price, margin


def last_said(said: list[str], kind: str, before: int) -> int:
    found = [Decimal(line.split()[1]) for line in said if line.startswith(kind)]
    return before if not found else int(found[-1] * (10**6 if kind == "one" else 1))


def test_what_the_window_said_it_saved_is_there_after_kill_9(
    sqlite_desk: Desk, killed_window: Callable[[int, float], list[str]], seed: random.Random
) -> None:
    application = sqlite_desk.application
    application.accounts.sync_costs("Main", actor="anna", job=Job())
    application.pricing.reprice(PriceRule(RuleKind.MARGIN, MARGIN * 100), actor="anna", include_manual=True)
    price, margin = stored(sqlite_desk)
    for _ in range(KILLS):
        changes = len(application.pricing.changes())
        said = killed_window(seed.randint(1, 4), seed.uniform(0, 0.6))
        said_price, said_margin = last_said(said, "one", price), last_said(said, "bulk", margin)

        price, margin = stored(sqlite_desk)
        # All that was said is there; of what was under way all or nothing.
        assert price in (said_price, said_price + 1000)
        assert margin in (said_margin, said_margin + 1)
        new = application.pricing.changes()
        assert len(new) - changes - len(said) in (0, 1)
        assert {change.rows for change in new[: len(said)]} <= {1, len(EU)}
        assert application.credits.verify().problems == ()
