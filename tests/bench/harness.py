"""Measuring in pairs: ours, reference, ours, reference, … so that a machine whose speed drifts compares fairly."""

import gc
import os
import resource
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        work: what was done.
        ours: CPU seconds (user + system), median.
        reference: the bare reference's, None where the budget is absolute.
        ratio: median of the pairwise ratios, None without a reference.
        figure: what else is worth saying, like us per message.
        budget: the limit, as text.
        kept: whether the budget is kept.
    """

    work: str
    ours: float
    reference: float | None
    ratio: float | None
    figure: str
    budget: str
    kept: bool


def cpu_seconds() -> float:
    """Return the CPU time of this process and its ended children so far, in microsecond steps."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    gc.collect()
    before = cpu_seconds()
    work()
    return cpu_seconds() - before


def in_pairs(ours: Callable[[], float], reference: Callable[[], float], runs: int) -> tuple[float, float, float]:
    """Run both ``runs`` times in turn, after one warm-up of each; return the medians and the median of the ratios."""
    ours(), reference()
    pairs = [(ours(), reference()) for _ in range(runs)]
    ratio = statistics.median(own / bare for own, bare in pairs)
    return statistics.median(own for own, _ in pairs), statistics.median(bare for _, bare in pairs), ratio


def several(work: Callable[[], float], runs: int) -> float:
    """Run ``work`` ``runs`` times after one warm-up and return the median."""
    work()
    return statistics.median(work() for _ in range(runs))


def print_table(rows: list[Row]) -> None:
    """Print the rows as a Markdown table, as docs/performance.md keeps it."""
    lines = [
        "| work | ours, CPU s | reference, CPU s | ratio | figure | budget | kept |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        reference = "–" if row.reference is None else f"{row.reference:.3f}"
        ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
        kept = "yes" if row.kept else "NO"
        lines.append(f"| {row.work} | {row.ours:.3f} | {reference} | {ratio} | {row.figure} | {row.budget} | {kept} |")
    sys.stdout.write("\n".join(lines) + "\n")


def qt_application() -> QApplication:
    """Return the only Qt application of the process, which shows nothing."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["bench"])
    # One without windows, as the export of a PDF makes it where there is none, cannot be exchanged.
    assert isinstance(application, QApplication)
    return application
