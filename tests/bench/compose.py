"""Recipients on the Compose screen: 10,000 numbers read at once, and the longest gap in the GUI thread while 100,000 are."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from desktop_app.app import open_application, window_parts
from desktop_app.config import load_settings
from desktop_app.services.audiences import Source, SourceKind, merge, read_source
from desktop_app.services.draft_contents import Writing
from desktop_app.services.job import Job
from desktop_app.services.recipient_blocks import read_block
from desktop_app.views.commands import Commands
from desktop_app.views.jobs import JobBoard
from desktop_app.views.navigator import Navigator
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.screen import ComposeScreen
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner
from tests.bench.harness import Row, measured, qt_application, several
from tests.bench.local_stages import prepare

AT_ONCE: Final = 10_000
MANY: Final = 100_000
READ_SECONDS: Final = 0.2
STALL: Final = 0.05
BEAT_MILLISECONDS: Final = 2
PATIENCE_SECONDS: Final = 120.0
_ENVIRONMENT: Final = {
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "SMS_DESK_VAULT_PASSPHRASE": "bench",
}  # fmt: skip


class _Silence:
    """Says nothing."""

    def say(self, *_: object) -> None:
        """Say nothing."""

    warn = notify = say


def run(folder: Path, *, size: int = MANY, runs: int = 7) -> list[Row]:
    """Measure both."""
    application = qt_application()
    return [_read_row(runs), _stall_row(Theme(application), folder, size)]


def _block(count: int) -> str:
    """Return ``count`` numbers as people have them, with a name beside each."""
    return "\n".join(f"Ada\t0151 {10_000_000 + place}" for place in range(count))


def _read_row(runs: int) -> Row:
    text = _block(AT_ONCE)

    def once() -> None:
        source = Source(SourceKind.PASTED, "", read_block(text, "DE"))
        assert len(merge([read_source(source, "DE", Job())]).numbers) == AT_ONCE

    seconds = several(lambda: measured(once), runs)
    figure = f"{seconds / AT_ONCE * 1e6:.1f} us per number"
    return Row(f"read {AT_ONCE:,} pasted numbers", seconds, None, None, figure, "<= 200 ms", seconds <= READ_SECONDS)


def _stall_row(theme: Theme, folder: Path, size: int) -> Row:
    beats: list[float] = []
    text = _block(size)
    with _screen(theme, folder) as screen:
        timer = QTimer(interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: beats.append(time.perf_counter()))
        timer.start()
        screen.view.recipients.field.pasted.emit(text)
        _until(lambda: len(screen.recipients.audience.numbers) == size)
        for letter in "Your parcel is at the door":
            QTest.keyClicks(screen.view.message, letter)
            QTest.qWait(40)
        _until(lambda: screen.checked is not None and screen.checker.is_settled and not screen.drafts.keeper.is_dirty)
        timer.stop()
    gaps = [after - before for before, after in pairwise(beats)]
    longest = max(gaps)
    figure = f"{len(gaps):,} beats, 99 % within {sorted(gaps)[len(gaps) * 99 // 100] * 1000:.0f} ms"
    return Row(f"longest gap of the GUI thread: {size:,} numbers read, priced and saved while typing", longest, None, None,
               figure, "<= 50 ms (seconds of the clock)", longest <= STALL)  # fmt: skip


@contextmanager
def _screen(theme: Theme, folder: Path) -> Iterator[ComposeScreen]:
    settings = load_settings(_ENVIRONMENT, profile=folder / "compose", actor="bench")
    with open_application(settings, environment=_ENVIRONMENT) as application:
        prepare(application)
        tasks = TaskRunner()
        parts = window_parts(application, settings, sandbox=True)
        place = Workplace(
            parts, tasks, JobBoard(tasks, parts.clock, theme), theme, Commands(theme), Navigator(theme), _Silence()
        )
        screen = ComposeScreen(place)
        screen.resize(1200, 800)
        screen.show()
        # As the window does it with itself.
        tasks.let_paint(screen)
        screen.show_writing(Writing(client="Bench", country="DE"), ())
        try:
            _until(lambda: screen.senders.sender_id == "BENCH" and not tasks.is_busy)
            yield screen
        finally:
            tasks.close()
            screen.close()


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end
        QTest.qWait(10)
