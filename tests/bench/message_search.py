"""Searching and scrolling a million messages: CPU, and the longest gap in the GUI thread meanwhile."""

import time
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from desktop_app.app import Application, open_application, window_parts
from desktop_app.config import Settings, load_settings
from desktop_app.services.sending import SendOrder
from desktop_app.storage.engine import make_engine
from desktop_app.storage.repositories.costs import CostRow
from desktop_app.views.commands import Commands
from desktop_app.views.jobs import JobBoard
from desktop_app.views.navigator import Navigator
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.messages import MessagesScreen
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner
from tests.bench.harness import Row, cpu_seconds, qt_application

SIZE: Final = 1_000_000
BATCH: Final = 5_000
STALL: Final = 0.05
BEAT_MILLISECONDS: Final = 2
WIDTH, HEIGHT = 1440, 860
_ENVIRONMENT: Final = {
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "SMS_DESK_VAULT_PASSPHRASE": "bench",
}  # fmt: skip
# What a month leaves behind. The guards refuse such steps, so they stand aside: only reading is measured here.
_AGE: Final = """
UPDATE message SET money = 'captured', settle_id = hold_id, status = CASE WHEN id % 40 = 0 THEN 'undelivered'
  WHEN id % 97 = 0 THEN 'expired' WHEN id % 211 = 0 THEN 'accepted' ELSE 'delivered' END
"""
# (what a person does, what is typed). The last is found by nothing: everything is looked at.
_SEARCHES: Final = (
    ("the last digits", "012345"), ("a whole number", "+4915110123456"), ("a text", "parcel 77 is"), ("nothing", "qqqq"),
)  # fmt: skip


def run(folder: Path, *, size: int = SIZE) -> list[Row]:
    """Measure each search, the scroll through everything, and the gaps of the GUI thread over all of it."""
    qt = qt_application()
    settings = load_settings(_ENVIRONMENT, profile=folder, actor="bench")
    with open_application(settings, environment=_ENVIRONMENT) as application:
        _fill(application, settings, size)
        return _measure(Theme(qt), application, settings, size)


def _fill(application: Application, settings: Settings, size: int) -> None:
    application.accounts.set_service(on=True, actor="bench")
    application.accounts.add_provider(
        "Bench", "twilio", base_url="http://127.0.0.1:9/twilio", settings={"account_sid": "AC" + "0" * 32}, secret="x" * 32,
        default=True, actor="bench",
    )  # fmt: skip
    application.pricing.import_costs("Bench", [CostRow("DE", None, "", "0.05", 50_000, "EUR")], actor="bench")
    application.pricing.set_price("DE", Decimal("0.06"), actor="bench")
    application.clients.add("Bench", actor="bench")
    application.credits.top_up("Bench", Decimal(10_000_000), reason="bench", actor="bench")
    application.sender_ids.request("Bench", "BENCH", actor="bench")
    for batch in range(size // BATCH):
        numbers = [f"+49151{10_000_000 + batch * BATCH + number}" for number in range(BATCH)]
        application.sending.queue(SendOrder("Bench", "BENCH", f"Parcel {batch} is at the door.", numbers, "bench"))
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        for guard in ("message_status", "message_money"):
            connection.exec_driver_sql(f"DROP TRIGGER {guard}")
        connection.exec_driver_sql(_AGE)
    engine.dispose()


def _measure(theme: Theme, application: Application, settings: Settings, size: int) -> list[Row]:
    tasks = TaskRunner()
    parts = window_parts(application, settings, sandbox=True)
    place = Workplace(
        parts, tasks, JobBoard(tasks, parts.clock, theme), theme, Commands(theme), Navigator(theme), _Silence()
    )
    screen = MessagesScreen(place)
    screen.resize(WIDTH, HEIGHT)
    screen.show()
    tasks.let_paint(screen)
    beats: list[float] = []
    timer = QTimer(interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    try:
        _until(lambda: screen.page.model.rowCount() == size and not tasks.is_busy)
        QTest.qWait(500)
        timer.start()
        found = [_search(screen, tasks, what, typed) for what, typed in _SEARCHES]
        screen.page.filters.clear()
        _until(lambda: screen.page.model.rowCount() == size and not tasks.is_busy)
        found.append(_scroll(screen, tasks, size))
        timer.stop()
    finally:
        screen.page._timer.stop()
        tasks.close()
        screen.close()
    gaps = [after - before for before, after in pairwise(beats)]
    longest = max(gaps)
    figure = f"{len(gaps):,} beats, 99 % within {sorted(gaps)[len(gaps) * 99 // 100] * 1000:.0f} ms"
    found.append(
        Row(f"longest gap of the GUI thread: search and scroll of {size:,} messages", longest, None, None, figure,
            "<= 50 ms (seconds of the clock)", longest <= STALL)
    )  # fmt: skip
    return found


def _search(screen: MessagesScreen, tasks: TaskRunner, what: str, typed: str) -> Row:
    filters, model = screen.page.filters, screen.page.model
    before, start = cpu_seconds(), time.perf_counter()
    filters.field.clear()
    QTest.keyClicks(filters.field, typed)
    QTest.keyClick(filters.field, Qt.Key.Key_Return)
    _until(lambda: not tasks.is_busy and filters.wanted.statuses == frozenset())
    _until(lambda: not tasks.is_busy)
    used, took = cpu_seconds() - before, time.perf_counter() - start
    figure = f"{model.rowCount():,} found and counted after {took * 1000:.0f} ms"
    return Row(f"search of a million messages: {what}", used, None, None, figure, "<= 1.0 s CPU", used <= 1.0)


def _scroll(screen: MessagesScreen, tasks: TaskRunner, size: int) -> Row:
    """Jump to twenty places and page on from each, as with the bar and the keys."""
    table, model = screen.page.table, screen.page.model
    table.setFocus()
    before = cpu_seconds()
    for jump in range(20):
        row = jump * (size // 20)
        table.selectRow(row)
        table.scrollTo(model.index(row, 0))
        for _ in range(3):
            QTest.keyClick(table, Qt.Key.Key_PageDown)
            QTest.qWait(20)
        current = table.currentIndex().row()
        _until(lambda row=current: model.record(row) is not None)  # type: ignore[misc]
    used = cpu_seconds() - before
    return Row("scroll through a million messages: 20 jumps, 60 pages", used, None, None, f"{used / 80 * 1000:.0f} ms each",
               "<= 8 s CPU", used <= 8)  # fmt: skip


def _until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        QTest.qWait(5)


class _Silence:
    """Says nothing."""

    def say(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Do nothing."""

    def warn(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Do nothing."""

    def notify(self, text: str, detail: str = "", address: str = "", icon: str = "bell") -> None:
        """Do nothing."""
