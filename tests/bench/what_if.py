"""The live preview of a bulk edit: how long after the last key it is there, and what typing costs the GUI thread."""

import statistics
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.domain.regions import COUNTRIES
from desktop_app.services.activity import ActivityService
from desktop_app.services.bulk_edit import BulkEditService
from desktop_app.services.personal import PersonalSettings
from desktop_app.services.preferences import PreferencesService
from desktop_app.services.pricing import PricingService
from desktop_app.storage.engine import make_engine
from desktop_app.storage.repositories.prices import PriceRepository
from desktop_app.storage.unit_of_work import Database
from desktop_app.views.commands import Commands
from desktop_app.views.jobs import JobBoard
from desktop_app.views.navigator import Address, Navigator
from desktop_app.views.quiet_collector import QuietCollector
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.bulk_edit import BulkEditScreen
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner
from tests.bench.harness import Row, qt_application

WHAT_IF: Final = 0.150
STALL: Final = 0.050
KEYS: Final = 40
_RATES: Final = """INSERT INTO rate (list_id, country, mccmnc, network, cost_micro, cost_unconverted, price_micro, manual,
                   rule_change_id) VALUES (1, ?, ?, ?, ?, 0, ?, 0, ?)"""


def run(folder: Path, *, sizes: tuple[int, ...] = (1_300, 40_000)) -> list[Row]:
    """Type into the bulk edit over all rows of price lists of several sizes."""
    application = qt_application()
    theme = Theme(application)
    rows: list[Row] = []
    for size in sizes:
        tasks = TaskRunner()
        database = _filled(folder, size)
        (folder / f"person-{size}").mkdir()
        personal = PersonalSettings(folder / f"person-{size}")
        rows += _typed(_screen(database, tasks, theme, personal, size), size)
        tasks.close()
        database.close()
    return rows


def _typed(screen: BulkEditScreen, size: int) -> list[Row]:
    """Type figures one after the other: first waiting for each preview, then without waiting."""
    waits = [_until(lambda: screen.is_ready, start=partial(_type, screen, str(1 + key % 40))) for key in range(KEYS)]
    median = statistics.median(waits)
    what_if = Row(
        f"what-if preview of {size:,} rows after a key", median, None, None,
        f"longest {max(waits) * 1000:.0f} ms; wall clock", f"<= {WHAT_IF * 1000:.0f} ms" if size <= 1_300 else "–",
        median <= WHAT_IF or size > 1_300,
    )  # fmt: skip
    gaps = _heartbeats(lambda: _type_on(screen))
    _until(lambda: screen.is_ready, start=bool)
    stall = Row(
        f"GUI thread while typing over {size:,} rows", max(gaps), None, None,
        f"median gap {statistics.median(gaps) * 1000:.1f} ms; wall clock", f"<= {STALL * 1000:.0f} ms",
        max(gaps) <= STALL,
    )  # fmt: skip
    return [what_if, stall]


def _type(screen: BulkEditScreen, text: str) -> None:
    screen.form.rule.value.selectAll()
    QTest.keyClicks(screen.form.rule.value, text)


def _type_on(screen: BulkEditScreen) -> None:
    """Press a key every 60 ms, as a quick typist does."""
    loop, keys = QEventLoop(), iter(range(KEYS))
    timer = QTimer(interval=60)

    def press() -> None:
        key = next(keys, None)
        if key is None:
            loop.quit()
        else:
            _type(screen, str(1 + key % 9))

    timer.timeout.connect(press)
    timer.start()
    loop.exec()
    timer.stop()


def _heartbeats(work: Callable[[], object]) -> list[float]:
    """Return the gaps in seconds between beats of 5 ms while ``work`` runs its own event loop."""
    gaps: list[float] = []
    clock = QElapsedTimer()
    clock.start()
    last = [clock.nsecsElapsed()]

    def beat() -> None:
        now = clock.nsecsElapsed()
        gaps.append((now - last[0]) / 1e9)
        last[0] = now

    timer = QTimer(interval=5)
    timer.timeout.connect(beat)
    timer.start()
    work()
    timer.stop()
    return gaps


def _until(done: Callable[[], bool], *, start: Callable[[], object], seconds: float = 60.0) -> float:
    """Run ``start`` and then events until ``done``; return the seconds it took."""
    begin = time.perf_counter()
    start()
    pause = threading.Event()
    while not done():
        QApplication.processEvents()
        pause.wait(0.0005)
        if time.perf_counter() - begin > seconds:
            raise TimeoutError(f"no preview within {seconds:g} seconds")
    return time.perf_counter() - begin


def _screen(
    database: Database, tasks: TaskRunner, theme: Theme, personal: PersonalSettings, size: int
) -> BulkEditScreen:
    def clock() -> datetime:
        return datetime.now(UTC)

    pricing = PricingService(database, clock)
    parts: Any = SimpleNamespace(
        bulk_edit=BulkEditService(database, clock), preferences=PreferencesService(database, clock), clock=clock,
        activity=ActivityService(database, pricing), actor="bench", language="en", personal=personal, sandbox=False,
    )  # fmt: skip
    notices: Any = SimpleNamespace(say=print, warn=print, notify=print)
    place = Workplace(parts, tasks, JobBoard(tasks, clock), theme, Commands(), Navigator(), notices)
    screen = BulkEditScreen(place)
    screen.resize(1218, 828)
    screen.show()
    # As the window does it with itself.
    tasks.let_paint(screen)
    # Somebody works all the time here: no full look for garbage is due.
    QuietCollector(screen, lambda: True, tasks)
    screen.open_at(Address("bulk", query={"scope": "world", "rule": "raise_margin", "value": "5"}))
    networks = screen.form.networks
    networks.setCurrentIndex(1)
    _until(lambda: screen.is_ready, start=lambda: networks.chosen.emit())
    if screen.model.rowCount() != size:
        raise RuntimeError(f"{screen.model.rowCount()} rows instead of {size}")
    return screen


def _filled(folder: Path, size: int) -> Database:
    """Return a database with ``size`` rows: every country, and networks in turn."""
    url = f"sqlite:///{folder / f'what-if-{size}.db'}"
    database = Database(url, folder / "backups")
    database.upgrade()
    engine = make_engine(url)
    countries = sorted(COUNTRIES)
    with engine.begin() as connection:
        prices = PriceRepository(connection)
        prices.add_list("Standard", "EUR")
        change = prices.open_change(1, at=datetime.now(UTC), actor="bench", label="", rule="margin 30.00")
        rows = []
        for number in range(size):
            network = "" if number < len(countries) else f"{number:06d}"
            cost = 10_000 + number * 7 % 190_000
            name = f"Network {number}" if network else ""
            rows.append((countries[number % len(countries)], network, name, cost, cost * 10 // 7, change))
        connection.exec_driver_sql(_RATES, rows)
    engine.dispose()
    return database
