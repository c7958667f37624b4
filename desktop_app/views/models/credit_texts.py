"""Credit as a person reads it: "€226.54", "−€12.40", "+1,000.00", "2 days"."""

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QLocale

from desktop_app.domain.language import in_language, language_in_force, tr, trn
from desktop_app.domain.money import MICRO, floor_hundredths
from desktop_app.services.statements import exact
from desktop_app.views.formats import MINUS, MISSING, currency_symbol

_HUNDREDTH: Final = MICRO // 100


def credit_text(micro: int, currency: str) -> str:
    """Return credit with two decimals, never higher than it is, and its currency."""
    plain = floor_hundredths(micro)
    whole, _, cents = plain.lstrip("-").partition(".")
    symbol = currency_symbol(currency)
    number = in_language(f"{int(whole):,}.{cents}")
    sign = MINUS if plain.startswith("-") else ""
    return f"{sign}{symbol}{number}" if len(symbol) == 1 else f"{sign}{number} {symbol}".strip()


def charge_text(micro: int, currency: str) -> str:
    """Return what is paid with two decimals, never lower than it is, so that credit less charges is what is left."""
    return credit_text(-(-micro // _HUNDREDTH) * _HUNDREDTH, currency)


def exact_text(micro: int) -> str:
    """Return an amount with at least two decimals and as many of its six as it has: "1,000.00", "−0.1234"."""
    return in_language(exact(micro))


def exact_money(micro: int, currency: str) -> str:
    """Return an amount as ``exact_text`` does, with its currency: "€1,000.00"."""
    symbol, number = currency_symbol(currency), exact_text(abs(micro))
    sign = MINUS if micro < 0 else ""
    return f"{sign}{symbol}{number}" if len(symbol) == 1 else f"{sign}{number} {symbol}"


def signed_text(micro: int) -> str:
    """Return a difference with its sign: "+1,000.00", "−413.4642"."""
    return f"+{exact_text(micro)}" if micro > 0 else exact_text(micro)


def days_text(days: int | None) -> str:
    """Return how long a credit lasts: "2 days"; "–" when nothing is used, or for a year."""
    if days is None:
        return MISSING
    return tr("less than a day") if days == 0 else trn("{count} day", "{count} days", days)


def last_day_text(days: int, now: datetime) -> str:
    """Return the day on which a credit that lasts ``days`` runs out: "24 Nov"."""
    day = (now.astimezone() + timedelta(days=days)).date()
    month = QLocale(language_in_force()).standaloneMonthName(day.month, QLocale.FormatType.ShortFormat)
    return f"{day.day} {month}"
