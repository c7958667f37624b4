"""Bulk margin over a million rates, with everything that makes it revertible, against the bare statements."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from desktop_app.domain.pricing import PriceRule, RuleKind, plan_prices
from desktop_app.storage import schema
from desktop_app.storage.engine import make_engine
from desktop_app.storage.repositories.prices import PriceRepository
from tests.bench.harness import Row, in_pairs, measured

_RATES = "INSERT INTO rate (list_id, country, mccmnc, network, cost_micro, cost_unconverted, manual) VALUES (?, ?, ?, '', ?, 0, 0)"
_COPY = """INSERT INTO undo SELECT id, price_micro, manual, rule_change_id, (2 * cost_micro * {factor} + 10000) / 20000
           FROM rate WHERE list_id = 1 AND manual = 0 AND cost_micro IS NOT NULL"""
_BARE = """UPDATE rate SET price_micro = (2 * cost_micro * {factor} + 10000) / 20000, manual = 0, rule_change_id = 1
           WHERE list_id = 1 AND manual = 0 AND cost_micro IS NOT NULL"""


def run(folder: Path, *, size: int = 1_000_000, runs: int = 5) -> Row:
    """Measure it on a SQLite file in ``folder``."""
    engine = make_engine(f"sqlite:///{folder / f'bulk-{size}.db'}")
    schema.upgrade(engine, folder)
    _fill(engine, size)
    turns = iter(range(10_000))

    def ours() -> float:
        rule = PriceRule(RuleKind.MARKUP, 2500 + next(turns))
        with engine.connect() as connection, connection.begin():
            return measured(lambda: _reprice(connection, rule))

    def bare() -> float:
        factor = 12_500 + next(turns)
        with engine.connect() as connection:
            with connection.begin():
                connection.exec_driver_sql("DELETE FROM undo")
            with connection.begin():
                return measured(lambda: _bare(connection, factor))

    own, reference, ratio = in_pairs(ours, bare, runs)
    engine.dispose()
    return Row(
        f"bulk margin over {size:,} rates, with undo", own, reference, ratio,
        f"{own / size * 1e6:.2f} us per rate", "<= 1.2x bare UPDATE + undo copy", ratio <= 1.2,
    )  # fmt: skip


def _fill(engine: Engine, size: int) -> None:
    with engine.begin() as connection:
        list_id = PriceRepository(connection).add_list("Standard", "EUR")
        rows = [(list_id, f"{number // 20_000:02d}", str(number), 10_000 + number % 190_000) for number in range(size)]
        connection.exec_driver_sql(_RATES, rows)
        PriceRepository(connection).open_change(1, at=datetime.now(UTC), actor="bench", label="", rule="markup 1.00")
        connection.exec_driver_sql(
            "CREATE TABLE undo (rate_id INTEGER PRIMARY KEY, price INTEGER, manual INTEGER, rule INTEGER, after INTEGER) STRICT"
        )


def _reprice(connection: Connection, rule: PriceRule) -> None:
    prices = PriceRepository(connection)
    change_id = prices.open_change(1, at=datetime.now(UTC), actor="bench", label=rule.text, rule=rule.text)
    prices.plan_change(change_id, 1, plan_prices(rule), None)
    prices.apply(change_id)


def _bare(connection: Connection, factor: int) -> None:
    connection.exec_driver_sql(_COPY.format(factor=factor))
    connection.exec_driver_sql(_BARE.format(factor=factor))
