"""How numbers, times and names are written for a person, and how typed text is compared with names."""

import unicodedata
from datetime import datetime
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.domain.money import micro_text

MISSING: Final = "–"
MINUS: Final = "\u2212"
DECIMALS: Final = 4
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
_SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "TRY": "₺"}
# The four letters i of Turkish are one for whoever types a name.
_TURKISH: Final = str.maketrans({"İ": "i", "I": "i", "ı": "i"})


def price_text(micro: int | None) -> str:
    """Return a price in micro-units with four decimals, or as many of its six as it has; "–" when missing."""
    if micro is None:
        return MISSING
    whole, _, fraction = micro_text(abs(micro)).partition(".")
    fraction = fraction.rstrip("0").ljust(DECIMALS, "0")
    return f"{MINUS if micro < 0 else ''}{whole}.{fraction}"


def extra_decimals(micro: int | None) -> int:
    """Return how many decimals beyond the fourth ``price_text`` writes for a price in micro-units."""
    if micro is None or micro % 100 == 0:
        return 0
    return 1 if micro % 10 == 0 else 2


def percent_text(hundredths: int | None) -> str:
    """Return hundredths of a percent with one decimal, half away from zero ("30.0%"); "–" when missing."""
    if hundredths is None:
        return MISSING
    tenths = (abs(hundredths) + 5) // 10
    return f"{MINUS if hundredths < 0 and tenths else ''}{tenths // 10:,}.{tenths % 10}%"


def currency_symbol(code: str) -> str:
    """Return the symbol of a currency, or its code where the symbol is not known everywhere."""
    return _SYMBOLS.get(code, code)


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago something was, coarsely."""
    seconds = (now - then).total_seconds()
    if seconds < MINUTE:
        return tr("just now")
    if seconds < HOUR:
        return tr("{count} min ago", count=int(seconds // MINUTE))
    if seconds < DAY:
        return tr("{count} h ago", count=int(seconds // HOUR))
    return tr("{count} days ago", count=int(seconds // DAY))


def folded(text: str) -> str:
    """Return ``text`` for comparing: without case and accents, every Turkish i the same."""
    parts = unicodedata.normalize("NFKD", text.translate(_TURKISH).casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).translate(_TURKISH).strip()
