"""Moments and money in running text, the way ux.md 10 writes them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QLocale

from desktop_app.domain.language import in_language, tr
from desktop_app.views.formats import MINUS, ago, currency_symbol, date_text, price_text

RECENT: Final = timedelta(hours=1)


def moment_text(then: datetime, now: datetime) -> str:
    """Return when something was: "12 min ago" within the hour, "13:40" today, else "21 Nov, 09:12" in local time."""
    if timedelta() <= now - then < RECENT:
        return ago(then, now)
    local = then.astimezone()
    clock = f"{local:%H:%M}"
    if local.date() == now.astimezone().date():
        return clock
    locale = QLocale()
    month = locale.standaloneMonthName(local.month, QLocale.FormatType.ShortFormat)
    year = "" if local.year == now.astimezone().year else f" {local.year}"
    return tr("{day} {month}{year}, {time}", day=local.day, month=month, year=year, time=clock)


def exact_moment(then: datetime) -> str:
    """Return a moment to the second in local time, with its zone: "24 Nov 2026, 19:38:37 CET"."""
    local = then.astimezone()
    return f"{date_text(local.date())}, {local:%H:%M:%S %Z}"


def start_text(moment: datetime) -> str:
    """Return a time in the future: date, time and zone."""
    local = moment.astimezone()
    return f"{date_text(local.date())}, {local:%H:%M %Z}"


def unit_price_text(micro: int | None, currency: str) -> str:
    """Return a price in micro-units with its currency, the way prices are written: "€0.0307"."""
    text, symbol = price_text(micro), currency_symbol(currency)
    if micro is None:
        return text
    return f"{symbol}{text}" if len(symbol) == 1 else f"{text} {symbol}"


def money_text(amount: Decimal, currency: str) -> str:
    """Return an amount with two decimals and its currency ("€4,210.40")."""
    text = in_language(f"{abs(amount):,.2f}")
    symbol = currency_symbol(currency)
    sign = MINUS if amount < 0 else ""
    return f"{sign}{symbol}{text}" if len(symbol) == 1 else f"{sign}{text} {symbol}"
