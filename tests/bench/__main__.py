"""`dev.py bench`: all rows as one table. Names of rows as arguments run only those."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    bulk_margin,
    compose,
    exports,
    live_batch,
    local_stages,
    message_search,
    price_import,
    price_sheet,
    price_table,
    start,
    what_if,
)
from tests.bench.harness import Row, print_table, qt_application


def main(names: list[str]) -> None:
    """Run the benchmarks whose module is named, or all."""
    benchmarks: dict[str, Callable[[Path], list[Row] | Row]] = {
        "bulk_margin": bulk_margin.run,
        "exports": exports.run,
        "local_stages": local_stages.run,
        "price_sheet": price_sheet.run,
        "price_import": price_import.run,
        "start": start.run,
        "what_if": what_if.run,
        "price_table": price_table.run,
        "message_search": message_search.run,
        "live_batch": live_batch.run,
        "compose": compose.run,
    }
    unknown = [name for name in names if name not in benchmarks]
    if unknown:
        raise SystemExit(f"no such benchmark: {', '.join(unknown)}. There are {', '.join(benchmarks)}.")
    qt_application()
    rows: list[Row] = []
    for name in names or benchmarks:
        with tempfile.TemporaryDirectory(prefix="sms-desk-bench-") as folder:
            found = benchmarks[name](Path(folder))
            rows += found if isinstance(found, list) else [found]
    print_table(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
