"""How numbers, times and names are written for a person, and how typed text is compared with names."""

from datetime import date, datetime
from html import escape
from typing import Final

from PySide6.QtCore import QDate, QLocale

from desktop_app.domain.folding import folded as folded
from desktop_app.domain.language import in_language as in_language
from desktop_app.domain.language import language_in_force, tr, trn
from desktop_app.domain.money import micro_text
from desktop_app.domain.percents import tenths

MISSING: Final = "–"
MINUS: Final = "\u2212"
DECIMALS: Final = 4
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
# How each language writes a percentage.
_PERCENT: Final = {"en": "{}%", "de": "{}\u00a0%", "tr": "%{}"}
_UNITS: Final = ("B", "kB", "MB", "GB")
# Who signs what the program does by itself.
_BY_ITSELF: Final = frozenset({"engine", "system"})
_SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "TRY": "₺"}


def count_text(count: int) -> str:
    """Return a count with marks at the thousands."""
    return in_language(f"{count:,}")


def price_text(micro: int | None, decimals: int = DECIMALS) -> str:
    """Return a price in micro-units with ``decimals``, or as many of its six as it has; "–" when missing."""
    if micro is None:
        return MISSING
    whole, _, fraction = micro_text(abs(micro)).partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    return in_language(f"{MINUS if micro < 0 else ''}{whole}.{fraction}")


def plain_tip(text: str) -> str:
    """Return a tooltip that says ``text`` as it is: Qt would take a text with tags in it for markup."""
    if "<" not in text:
        return text
    lines = escape(text).replace("\n", "<br>")
    return f"<span>{lines}</span>"


def extra_decimals(micro: int | None) -> int:
    """Return how many decimals beyond the fourth ``price_text`` writes for a price in micro-units."""
    if micro is None or micro % 100 == 0:
        return 0
    return 1 if micro % 10 == 0 else 2


def percent_text(hundredths: int | None) -> str:
    """Return hundredths of a percent, cut off, with one decimal, half away from zero ("30.0%"); "–" when missing."""
    if hundredths is None:
        return MISSING
    shown = tenths(hundredths)
    whole, tenth = divmod(abs(shown), 10)
    return (MINUS if shown < 0 else "") + _with_percent_sign(f"{whole:,}.{tenth}")


def whole_percent_text(percent: int) -> str:
    """Return a whole percentage of 0 or more: "150%"."""
    return _with_percent_sign(f"{percent:,}")


def _with_percent_sign(number: str) -> str:
    return _PERCENT[language_in_force()].format(in_language(number))


def currency_symbol(code: str) -> str:
    """Return the symbol of a currency, or its code where the symbol is not known everywhere."""
    return _SYMBOLS.get(code, code)


def who_text(actor: str) -> str:
    """Return who did something, as it is signed; what the program did by itself is the system's."""
    return tr("System") if actor in _BY_ITSELF else actor


def date_text(day: date) -> str:
    """Return a day with its year: "21 Nov 2026"."""
    return QLocale(language_in_force()).toString(QDate(day.year, day.month, day.day), "d MMM yyyy")


def size_text(count: int) -> str:
    """Return the size of a file in bytes, kilobytes, megabytes or gigabytes."""
    size, unit = count, 0
    while size >= 10_000 and unit < len(_UNITS) - 1:
        size, unit = size // 1000, unit + 1
    return f"{count_text(size)}\u00a0{_UNITS[unit]}"


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago something was, coarsely."""
    seconds = (now - then).total_seconds()
    if seconds < MINUTE:
        return tr("just now")
    if seconds < HOUR:
        return tr("{count} min ago", count=int(seconds // MINUTE))
    if seconds < DAY:
        return tr("{count} h ago", count=int(seconds // HOUR))
    return trn("{count} day ago", "{count} days ago", int(seconds // DAY))
