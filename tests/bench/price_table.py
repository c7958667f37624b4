"""The price table with 40,000 rows against a plain list model, and the longest gap in the GUI thread while costs are synced."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from desktop_app.app import Application, open_application, window_parts
from desktop_app.config import Settings, load_settings
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.job import Job
from desktop_app.views.commands import Commands
from desktop_app.views.jobs import JobBoard
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_filter import Criteria
from desktop_app.views.models.price_lines import PriceLine, PriceSheet, make_sheet
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.navigator import Navigator
from desktop_app.views.quiet_collector import QuietCollector
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.price_view import PriceView
from desktop_app.workers.runner import TaskRunner
from tests.bench.harness import Row, in_pairs, measured, qt_application

Index = QModelIndex | QPersistentModelIndex
SIZE: Final = 40_000
WIDTH, HEIGHT = 1200, 700
STALL: Final = 0.05
BEAT_MILLISECONDS: Final = 2
_ROOT: Final = QModelIndex()
_ACCOUNT, _SECRET = "AC" + "0" * 32, "0" * 32


def run(folder: Path, *, size: int = SIZE, runs: int = 7) -> list[Row]:
    """Measure sorting, filtering and resetting with painting, and the gaps while a sync runs."""
    application = qt_application()
    theme = Theme(application)
    return [*_table_rows(theme, size, runs), _stall_row(theme, folder)]


class PlainModel(QAbstractTableModel):
    """What any table over a list does: ready texts, sorted and filtered as a list."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        super().__init__()
        self._all = rows
        self._rows = rows

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by the number behind a column."""
        self.beginResetModel()
        self._rows = sorted(self._rows, key=itemgetter(column + 10), reverse=order is Qt.SortOrder.DescendingOrder)
        self.endResetModel()

    def filter(self, text: str) -> None:
        """Show the rows whose name holds a text."""
        self.beginResetModel()
        self._rows = [row for row in self._all if text in row[20]]
        self.endResetModel()

    def show_rows(self, rows: list[tuple[Any, ...]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._all = self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else 10

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text."""
        return self._rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def _table_rows(theme: Theme, size: int, runs: int) -> list[Row]:
    lines = [_line(number) for number in range(size)]
    sheet = make_sheet(lines, PriceSheet((), "EUR", "Main", None))
    # As a reload brings it: other objects, other prices, the rows in another order.
    other = make_sheet([_line(number, 7) for number in reversed(range(size))], sheet)
    ours, plain = PriceTableModel(), PlainModel([_plain(line) for line in lines])
    ours.show_sheet(sheet)
    view, bare = PriceView(ours, theme), QTableView()
    bare.setModel(plain)
    for one in (view, bare):
        one.resize(WIDTH, HEIGHT)
        one.show()
    QApplication.processEvents()
    rows = {True: [_plain(line) for line in sheet.countries], False: [_plain(line) for line in other.countries]}
    turn = {"way": False, "text": 0, "sheet": False, "bare_way": False, "bare_text": 0, "bare_sheet": False}
    ways = {False: Qt.SortOrder.AscendingOrder, True: Qt.SortOrder.DescendingOrder}

    def sort() -> None:
        turn["way"] = not turn["way"]
        ours.sort(Column.COST, ways[bool(turn["way"])])

    def bare_sort() -> None:
        turn["bare_way"] = not turn["bare_way"]
        plain.sort(3, ways[bool(turn["bare_way"])])

    def keystroke() -> None:
        turn["text"] += 1
        ours.set_criteria(Criteria("network 1"[: 7 + turn["text"] % 3]))

    def bare_keystroke() -> None:
        turn["bare_text"] += 1
        plain.filter("network 1"[: 7 + turn["bare_text"] % 3])

    def reset() -> None:
        turn["sheet"] = not turn["sheet"]
        ours.show_sheet(other if turn["sheet"] else sheet)

    def bare_reset() -> None:
        turn["bare_sheet"] = not turn["bare_sheet"]
        plain.show_rows(rows[not turn["bare_sheet"]])

    found = []
    for what, own, reference, most in (
        ("sort", sort, bare_sort, 0.050), ("keystroke", keystroke, bare_keystroke, 0.033), ("reset", reset, bare_reset, 0.033)
    ):  # fmt: skip
        ours.sort_by(())
        ours.set_criteria(Criteria())
        mine, his, ratio = in_pairs(_painted(own, view), _painted(reference, bare), runs)
        found.append(
            Row(f"table of {size:,} rows: {what} and paint", mine, his, ratio, f"{mine * 1000:.1f} ms",
                f"<= 1.5x a plain list model, <= {most * 1000:.0f} ms", ratio <= 1.5 and mine <= most)
        )  # fmt: skip
    view.close(), bare.close()
    return found


def _painted(work: Callable[[], None], view: QTableView) -> Callable[[], float]:
    def once() -> None:
        work()
        view.viewport().repaint()

    return lambda: measured(once)


def _line(number: int, cheaper: int = 1) -> PriceLine:
    cost = 10_000 + (number * 7919) % 90_000
    name = f"network {number:05d}"
    return PriceLine(
        key=f"N{number}", iso=f"N{number}", mccmnc=None, name=name.capitalize(), code=f"{number:05d}", dial="", cost=cost,
        price=cost * 10 // 7 + cheaper, own=cost * 10 // 7 + cheaper, margin=3000, markup=4286, rule="Margin 30%", manual=False,
        inherited=False, enabled=True, provider="Main", provider_cost=cost, provider_currency="EUR", old_cost=None,
        rule_price=None, volume=number * 31 % 50_000, sort_name=name, words=name, codes=f"\x1f{number:05d}",
    )  # fmt: skip


def _plain(line: PriceLine) -> tuple[Any, ...]:
    numbers = (
        0,
        line.name,
        line.provider,
        line.cost,
        line.price,
        line.profit,
        line.margin,
        line.markup,
        line.volume,
        line.rule,
    )
    return (*(str(number) for number in numbers), *numbers, line.words)


def _stall_row(theme: Theme, folder: Path) -> Row:
    gaps: list[float] = []
    with _office(folder) as (application, settings):
        tasks = TaskRunner()
        parts = window_parts(application, settings, sandbox=True)
        place = Workplace(
            parts, tasks, JobBoard(tasks, parts.clock, theme), theme, Commands(theme), Navigator(theme), _Silence()
        )
        screen = PricesScreen(place)
        screen.resize(WIDTH, HEIGHT)
        screen.show()
        # As the window does it with itself.
        tasks.let_paint(screen)
        try:
            _until(lambda: screen.model.rowCount() > 0)
            # What belongs to the start (volumes, flags) is not what is measured here.
            _until(lambda: not tasks.is_busy)
            QTest.qWait(1_500)
            # Somebody works all the time here: no full look for garbage is due.
            QuietCollector(screen, lambda: True, tasks)
            gaps = _gaps_while_syncing(screen)
            rows = screen.model.sheet.network_count + len(screen.model.sheet.countries)
        finally:
            tasks.close()
            screen.close()
    longest = max(gaps)
    figure = f"{len(gaps):,} beats, 99 % within {sorted(gaps)[len(gaps) * 99 // 100] * 1000:.0f} ms"
    return Row(f"longest gap of the GUI thread: sync of {rows:,} rows while typing", longest, None, None, figure,
               "<= 50 ms (seconds of the clock)", longest <= STALL)  # fmt: skip


def _gaps_while_syncing(screen: PricesScreen) -> list[float]:
    """Return the times between the beats of a timer from the start of a sync until its new costs are on screen."""
    beats: list[float] = []
    timer = QTimer(interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start()
    screen.sync()
    letters, typed = (Qt.Key.Key_0, Qt.Key.Key_Period, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4), 0
    while screen.costs.is_running:
        QTest.qWait(40)
        field = screen.table.delegate.field
        if field is None:
            screen.table.go_to("DE", Column.PRICE)
            screen.table.edit_column(Column.PRICE)
            continue
        QTest.keyClick(field, letters[typed % len(letters)])
        typed += 1
        if typed % len(letters) == 0:
            screen.table.delegate.close_editor()
    screen.table.delegate.close_editor()
    # The reload that follows the sync is part of it.
    QTest.qWait(800)
    timer.stop()
    return [after - before for before, after in pairwise(beats)]


class _Silence:
    """Says nothing."""

    def say(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Do nothing."""

    def warn(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Do nothing."""

    def notify(self, text: str, detail: str = "", address: str = "", icon: str = "bell") -> None:
        """Do nothing."""


@contextmanager
def _office(folder: Path) -> Iterator[tuple[Application, Settings]]:
    """Give an application with all costs of a sandbox that runs as a process of its own: it must not compete for this one."""
    scenario = folder / "scenario.json"
    scenario.write_text(json.dumps({"currency": "EUR", "credentials": {"twilio": [_ACCOUNT, _SECRET]}}), "utf-8")
    start = "import sys; from desktop_app.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "sandbox", "--scenario", str(scenario)]
    environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "SMS_DESK_VAULT_PASSPHRASE": "bench"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            settings = load_settings(environment, profile=folder / "profile", actor="bench")
            with open_application(settings, environment=environment) as application:
                application.accounts.add_provider(
                    "Main", "twilio", base_url=f"{url}/twilio", settings={"account_sid": _ACCOUNT}, secret=_SECRET,
                    default=True, actor="bench",
                )  # fmt: skip
                application.accounts.sync_costs("Main", actor="bench", job=Job())
                application.pricing.reprice(PriceRule(RuleKind.MARGIN, 3_000), actor="bench")
                yield application, settings
        finally:
            process.terminate()


def _until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        QTest.qWait(10)
