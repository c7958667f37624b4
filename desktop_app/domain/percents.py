"""Percents in hundredths ("25.00" = 2500): reading, writing, and the margin and markup of a price.

What is shown with one decimal is cut to hundredths and rounded by ``tenths``: rounding it twice would show -2.447 % as -2.5 %.
"""

import re
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

WHOLE: Final = 10_000
MAX_PERCENT: Final = 10_000_000
_PERCENT: Final = re.compile(r"([+-]?)(\d{1,7})(?:[.,](\d{1,2}))?")


def parse_percent(text: str) -> int:
    """Return the percent in ``text`` ("25", "-3.5", "12,25 %") in hundredths of a percent.

    Raises:
        InvalidInput: when it is no percent, has more than two decimals, or is beyond ±100,000 %.
    """
    match = _PERCENT.fullmatch(text.strip().removesuffix("%").strip().replace("\u2212", "-"))
    if match is None or not match.group(2).isascii() or not (match.group(3) or "").isascii():
        raise InvalidInput(
            tr("“{text}” is not a percentage. Use at most two decimals, like 12.50.", text=text.strip()[:40])
        )
    sign, whole, fraction = match.groups()
    value = int(whole) * 100 + int((fraction or "").ljust(2, "0"))
    if value > MAX_PERCENT:
        raise InvalidInput(tr("{text} % is out of range.", text=text.strip()[:40]))
    return -value if sign == "-" else value


def percent_text(value: int) -> str:
    """Return hundredths of a percent as text with two decimals: 2500 -> "25.00"."""
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"


def ratio_percent(part: int, whole: int) -> int | None:
    """Return ``part`` of ``whole`` in hundredths of a percent, half away from zero; None where ``whole`` is not positive."""
    if whole <= 0:
        return None
    size = (2 * abs(part) * WHOLE + whole) // (2 * whole)
    return -size if part < 0 else size


def cut_percent(part: int, whole: int) -> int | None:
    """Return ``part`` of ``whole`` in hundredths of a percent, the rest cut off; None where ``whole`` is not positive."""
    if whole <= 0:
        return None
    size = abs(part) * WHOLE // whole
    return -size if part < 0 else size


def cut_margin(price: int | None, cost: int | None) -> int | None:
    """Return profit / price in hundredths of a percent, the rest cut off, or None where either is missing."""
    return None if price is None or cost is None else cut_percent(price - cost, price)


def cut_markup(price: int | None, cost: int | None) -> int | None:
    """Return profit / cost in hundredths of a percent, the rest cut off, or None where either is missing."""
    return None if price is None or cost is None else cut_percent(price - cost, cost)


def tenths(hundredths: int) -> int:
    """Return hundredths of a percent that were cut off in tenths, half away from zero: how percents are shown."""
    size = (abs(hundredths) + 5) // 10
    return -size if hundredths < 0 else size


def margin(price: int | None, cost: int | None) -> int | None:
    """Return profit / price in hundredths of a percent, or None where either is missing."""
    return None if price is None or cost is None else ratio_percent(price - cost, price)


def markup(price: int | None, cost: int | None) -> int | None:
    """Return profit / cost in hundredths of a percent, or None where either is missing."""
    return None if price is None or cost is None else ratio_percent(price - cost, cost)


def margin_text(price: int | None, cost: int | None) -> str | None:
    """Return profit / price as a percent with two decimals, or None where either is missing."""
    found = margin(price, cost)
    return None if found is None else percent_text(found)


def markup_text(price: int | None, cost: int | None) -> str | None:
    """Return profit / cost as a percent with two decimals, or None where either is missing."""
    found = markup(price, cost)
    return None if found is None else percent_text(found)
