"""A batch of 20,000 that is sent while its progress is watched: the longest gap in the GUI thread."""

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from desktop_app.app import Application, open_application, window_parts
from desktop_app.config import load_settings
from desktop_app.engine.dispatch import Dispatcher
from desktop_app.engine.lease import SendingLease
from desktop_app.providers.base import HTTPRequest, HTTPResult
from desktop_app.services.job import Job
from desktop_app.services.sending import SendOrder
from desktop_app.views.commands import Commands
from desktop_app.views.jobs import JobBoard
from desktop_app.views.navigator import Navigator
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.messages import MessagesScreen
from desktop_app.views.screens.messages.tabs import Tab
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner
from desktop_app.workers.sending import SendingThread
from tests.bench.harness import Row, cpu_seconds, qt_application
from tests.bench.local_stages import InstantTransport, prepare

SIZE: Final = 20_000
# What a provider takes at most of one account; as fast as we can it would be over before anybody sees it.
PER_SECOND: Final = 1_000
STALL: Final = 0.05
BEAT_MILLISECONDS: Final = 2
WIDTH, HEIGHT = 1440, 860
_ENVIRONMENT: Final = {
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "SMS_DESK_VAULT_PASSPHRASE": "bench",
}  # fmt: skip


class PacedTransport(InstantTransport):
    """Answers at a provider's pace; ``given`` counts the answers."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self._size = count
        self._start = time.monotonic()
        self.given = 0
        self._tick = threading.Event()

    def __len__(self) -> int:
        return self._size

    def collect(self, timeout_seconds: float) -> list[tuple[int, HTTPResult]]:
        """Hand out what the pace allows."""
        due = int((time.monotonic() - self._start) * PER_SECOND) - self.given
        if due <= 0:
            self._tick.wait(min(timeout_seconds, 0.02))
            return []
        found = super().collect(timeout_seconds)
        self._results, found = found[due:], found[:due]
        self.given += len(found)
        return found

    def submit(self, key: int, request: HTTPRequest, may_send: Callable[[], bool]) -> None:
        """Take ``request`` when it may go."""
        super().submit(key, request, may_send)


def run(folder: Path, *, size: int = SIZE) -> list[Row]:
    """Measure the gaps of the GUI thread, first on the list of jobs, then on the list of messages."""
    qt = qt_application()
    settings = load_settings(_ENVIRONMENT, profile=folder, actor="bench")
    with open_application(settings, environment=_ENVIRONMENT) as application:
        prepare(application)
        numbers = [f"+49151{10_000_000 + number}" for number in range(size)]
        application.sending.queue(SendOrder("Bench", "BENCH", "Your parcel is at the door.", numbers, "bench"))
        tasks, theme = TaskRunner(), Theme(qt)
        parts = window_parts(application, settings, sandbox=True)
        place = Workplace(
            parts, tasks, JobBoard(tasks, parts.clock, theme), theme, Commands(theme), Navigator(theme), _Silence()
        )
        screen = MessagesScreen(place)
        screen.resize(WIDTH, HEIGHT)
        screen.show()
        tasks.let_paint(screen)
        try:
            return [_measure(application, screen, tasks, size)]
        finally:
            tasks.close()
            screen.close()


def _measure(application: Application, screen: MessagesScreen, tasks: TaskRunner, size: int) -> Row:
    # The first paint of each tab is that of a screen, and measured there.
    for tab in (Tab.JOBS, Tab.MESSAGES, Tab.JOBS):
        screen.show_tab(tab)
        QTest.qWait(700)
    beats: list[float] = []
    timer = QTimer(interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    transport = PacedTransport(size)
    thread = SendingThread(lambda job, _report: _send(application, transport, job), tasks.hold_this_thread)
    before = cpu_seconds()
    timer.start()
    thread.start()
    _until(lambda: _sent(screen) >= size // 2)
    screen.show_tab(Tab.MESSAGES)
    _until(lambda: not thread.is_running or transport.given >= size)
    QTest.qWait(1_500)
    timer.stop()
    used = cpu_seconds() - before
    thread.end()
    gaps = [after - before for before, after in pairwise(beats)]
    longest = max(gaps)
    figure = (
        f"{len(gaps):,} beats, 99 % within {sorted(gaps)[len(gaps) * 99 // 100] * 1000:.0f} ms, {used:.1f} s CPU in all, "
        f"{PER_SECOND:,} messages per second"
    )
    return Row(f"longest gap of the GUI thread: a live batch of {size:,} is watched", longest, None, None, figure,
               "<= 50 ms (seconds of the clock)", longest <= STALL)  # fmt: skip


def _send(application: Application, transport: PacedTransport, job: Job) -> None:
    lease = SendingLease(application.database, application.clock)
    try:
        Dispatcher(application.database, application.accounts, transport, application.clock, lease).drain(
            job, until=lambda: transport.given >= len(transport)
        )
    finally:
        job.cancel()


def _sent(screen: MessagesScreen) -> int:
    state = screen.jobs.panel.state
    return 0 if state is None else state.counts.sent


def _until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        QTest.qWait(100)


class _Silence:
    """Says nothing."""

    def say(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Do nothing."""

    def warn(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Do nothing."""

    def notify(self, text: str, detail: str = "", address: str = "", icon: str = "bell") -> None:
        """Do nothing."""
