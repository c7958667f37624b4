"""What the first screen says: ranges, changes against the range before, and days."""

from datetime import datetime

from PySide6.QtCore import QDate, QLocale

from desktop_app.domain.language import in_language, language_in_force, tr, trn
from desktop_app.domain.percents import cut_percent, tenths
from desktop_app.domain.periods import Period, Span
from desktop_app.services.figures import Figures
from desktop_app.views.formats import MINUS, count_text, date_text, percent_text


def period_text(period: Period, now: datetime) -> str:
    """Return a range: "Last 30 days", "Today", "1 Nov 2026 – 12 Nov 2026"."""
    if period.last == now.astimezone().date():
        return tr("Today") if period.days == 1 else trn("Last {count} day", "Last {count} days", period.days)
    return date_text(period.first) if period.days == 1 else f"{date_text(period.first)} – {date_text(period.last)}"


def before_text(period: Period) -> str:
    """Return what a range is compared with: "vs previous 30 days"."""
    if period.days == 1:
        return tr("vs the day before")
    return trn("vs previous {count} day", "vs previous {count} days", period.days)


def change_text(now: int, before: int) -> tuple[str, int]:
    """Return by how much a figure moved ("4.2%") and its direction: -1, 0 or 1; "" where there was nothing before."""
    share = cut_percent(now - before, before)
    if share is None:
        return "", 0
    return percent_text(abs(share)), _direction(tenths(share))


def points_text(now: int | None, before: int | None) -> tuple[str, int]:
    """Return by how many points a percentage moved ("0.7 points") and its direction; "" where one is missing."""
    if now is None or before is None:
        return "", 0
    moved = tenths(now) - tenths(before)
    whole, tenth = divmod(abs(moved), 10)
    return tr("{count} points", count=in_language(f"{whole}.{tenth}")), _direction(moved)


def span_text(span: Span, period: Period) -> str:
    """Return what a column stands for: "13 Nov 2026", "14:00", "13 Nov 2026 – 19 Nov 2026"."""
    if period.days == 1:
        return f"{span.start:%H:%M}"
    days = (span.end.date() - span.start.date()).days
    return (
        date_text(span.start.date()) if days <= 1 else f"{date_text(span.start.date())} – {date_text(span.end.date())}"
    )


def axis_text(span: Span, period: Period, now: datetime) -> str:
    """Return a column's name on the axis: "13 Nov", "14:00", "Today"."""
    if period.days == 1:
        return f"{span.start:%H:%M}"
    if span.start.date() == now.astimezone().date():
        return tr("Today")
    day = span.start.date()
    return QLocale(language_in_force()).toString(QDate(day.year, day.month, day.day), "d MMM")


def figures_text(figures: Figures | None) -> str:
    """Return what a column says: "29,140 SMS: 28,300 delivered, 700 failed, 100 expired, 40 pending"."""
    if figures is None:
        return tr("nothing sent")
    return tr(
        "{sent} SMS: {delivered} delivered, {failed} failed, {expired} expired, {pending} pending",
        sent=count_text(figures.sent), delivered=count_text(figures.delivered), failed=count_text(figures.failed),
        expired=count_text(figures.expired), pending=count_text(figures.pending),
    )  # fmt: skip


def signed(text: str, direction: int) -> str:
    """Return a change with its sign in words that are read aloud: "+4.2%", "−0.7 points"."""
    return text if not direction else f"{MINUS if direction < 0 else '+'}{text}"


def _direction(value: int) -> int:
    return (value > 0) - (value < 0)
