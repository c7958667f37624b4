"""What importing 40,000 sale prices through the dialog costs the GUI thread: read, reviewed, stored."""

import csv
import gc
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.domain.regions import COUNTRIES
from desktop_app.exports import xlsx_file
from desktop_app.exports.table import Column, Kind, Table
from desktop_app.services.personal import PersonalSettings
from desktop_app.services.price_imports import ImportReview, PriceImportsService
from desktop_app.services.pricing import PricingService
from desktop_app.storage.engine import make_engine
from desktop_app.storage.repositories.prices import PriceRepository
from desktop_app.storage.unit_of_work import Database
from desktop_app.views.commands import Commands
from desktop_app.views.dialogs.import_prices import ImportDialog, ImportTargets
from desktop_app.views.dialogs.price_files import store_import
from desktop_app.views.jobs import JobBoard
from desktop_app.views.navigator import Navigator
from desktop_app.views.screen import Workplace
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.change_review import ChangeReview
from desktop_app.workers.runner import TaskRunner
from tests.bench.harness import Row, qt_application

STALL: Final = 0.050
_BEAT: Final = 5
_RATES: Final = """INSERT INTO rate (list_id, country, mccmnc, network, cost_micro, cost_unconverted, price_micro, manual,
                   rule_change_id) VALUES (1, ?, ?, ?, ?, 0, ?, 0, ?)"""


def run(folder: Path, *, size: int = 40_000) -> list[Row]:
    """Import a CSV file and an XLSX file, each into a price list of its own."""
    application = qt_application()
    theme = Theme(application)
    return [row for kind in ("csv", "xlsx") for row in _imported(folder, theme, kind, size)]


def _imported(folder: Path, theme: Theme, kind: str, size: int) -> list[Row]:
    tasks, gaps = TaskRunner(), _Gaps()
    database = _filled(folder / f"import-{kind}.db", size)
    path = _file(folder, kind, size)
    (folder / kind).mkdir()
    imports = PriceImportsService(database, PricingService(database, _now))
    parts: Any = SimpleNamespace(
        price_imports=imports, clock=_now, actor="bench", language="en", personal=PersonalSettings(folder / kind),
        sandbox=False, pricing=PricingService(database, _now),
    )  # fmt: skip
    notices: Any = SimpleNamespace(say=print, warn=print, notify=print)
    place = Workplace(parts, tasks, JobBoard(tasks, _now), theme, Commands(), Navigator(), notices)
    window = QWidget()
    window.resize(1218, 828)
    window.show()
    tasks.let_paint(window)
    stored: list[int] = []

    def store(review: ImportReview, kept: list[str]) -> None:
        tasks.command(
            lambda job: store_import(parts, review, kept, job), owner=window,
            on_success=lambda done: stored.append(done.rows),
        )  # fmt: skip

    dialog = ImportDialog(place, window, ImportTargets((), "EUR"), store)
    dialog.open()
    dialog.take_file(str(path))
    _until(lambda: dialog.form is not None)
    # As the window does it a moment after its start.
    gc.collect()
    gc.freeze()
    gaps.begin()
    dialog.review()
    _until(lambda: bool(dialog.findChildren(ChangeReview)) and not tasks.is_busy)
    rows = [_row(f"read and reviewed, {size:,} rows, {kind.upper()}", gaps.end())]
    gaps.begin()
    dialog.findChildren(ChangeReview)[0].save.click()
    _until(lambda: stored == [size] and not tasks.is_busy)
    rows.append(_row(f"stored, {size:,} rows, {kind.upper()}", gaps.end()))
    tasks.close()
    window.close()
    database.close()
    return rows


def _row(what: str, gaps: list[float]) -> Row:
    late = sum(gap > STALL for gap in gaps)
    return Row(
        f"GUI thread while prices are {what}", max(gaps), None, None,
        f"{len(gaps):,} beats, {late} of them late; wall clock", f"<= {STALL * 1000:.0f} ms", late == 0,
    )  # fmt: skip


class _Gaps:
    """Beats every 5 ms; the gaps between beats are how long the GUI thread was busy."""

    def __init__(self) -> None:
        self._clock, self._beats = QElapsedTimer(), list[int]()
        self._clock.start()
        self._timer = QTimer(interval=_BEAT)
        self._timer.timeout.connect(lambda: self._beats.append(self._clock.nsecsElapsed()))

    def begin(self) -> None:
        """Count from now on."""
        self._beats = [self._clock.nsecsElapsed()]
        self._timer.start()

    def end(self) -> list[float]:
        """Return the gaps in seconds."""
        self._timer.stop()
        self._beats.append(self._clock.nsecsElapsed())
        return [(after - before) / 1e9 for before, after in zip(self._beats, self._beats[1:], strict=False)]


def _until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    end, pause = time.monotonic() + seconds, threading.Event()
    while not done():
        QApplication.processEvents()
        pause.wait(0.0005)
        if time.monotonic() > end:
            raise TimeoutError(f"not done within {seconds:g} seconds")


def _now() -> datetime:
    return datetime.now(UTC)


def _places(size: int) -> list[tuple[str, str]]:
    countries = sorted(COUNTRIES)
    return [
        (
            countries[number % len(countries)],
            "" if number < len(countries) else f"{200 + number % 550:03d}{number // 550:03d}",
        )
        for number in range(size)
    ]


def _file(folder: Path, kind: str, size: int) -> Path:
    path = folder / f"prices.{kind}"
    rows = [
        (iso, code, Decimal(20_001 + number * 11 % 290_000).scaleb(-6), "EUR", f"Network {number}")
        for number, (iso, code) in enumerate(_places(size))
    ]
    names = ("country", "mccmnc", "price", "currency", "network")
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, *rows])
        return path
    kinds = (Kind.TEXT, Kind.TEXT, Kind.DECIMAL, Kind.TEXT, Kind.TEXT)
    columns = tuple(Column(name, name, kind) for name, kind in zip(names, kinds, strict=True))
    xlsx_file.write(path, Table(columns, rows), "Prices")
    return path


def _filled(path: Path, size: int) -> Database:
    """Return a database with ``size`` rows of the standard list, all cheaper than what the file has."""
    url = f"sqlite:///{path}"
    database = Database(url, path.parent / "backups")
    database.upgrade()
    engine = make_engine(url)
    with engine.begin() as connection:
        prices = PriceRepository(connection)
        prices.add_list("Standard", "EUR")
        change = prices.open_change(1, at=_now(), actor="bench", label="", rule="margin 30.00")
        rows = [(iso, code, f"Network {code}" if code else "", 10_000, 19_000, change) for iso, code in _places(size)]
        connection.exec_driver_sql(_RATES, rows)
    engine.dispose()
    return database
