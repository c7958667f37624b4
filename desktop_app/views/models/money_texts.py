"""Amounts of money and differences as a person reads them: "€13,553", "+14.21", "+7.7%"."""

from typing import Final

from desktop_app.domain.percents import tenths
from desktop_app.views.formats import MINUS, MISSING, in_language, percent_text

_MICRO: Final = 1_000_000
_HUNDREDTH: Final = 10_000
# From so much on, hundredths of an amount say nothing.
_COARSE: Final = 1_000 * _MICRO


def money_text(micro: int, symbol: str) -> str:
    """Return an amount in micro-units with its currency, from 1,000 on without hundredths: "€12.40", "€13,553"."""
    coarse = abs(micro) >= _COARSE
    number = f"{_rounded(abs(micro), _MICRO):,}" if coarse else _hundredths(abs(micro))
    return f"{MINUS if micro < 0 else ''}{symbol}{in_language(number)}"


def signed_money(micro: int) -> str:
    """Return a difference in micro-units with its sign and hundredths: "+14.21"."""
    sign = MINUS if micro < 0 else "+"
    return f"{sign}{in_language(_hundredths(abs(micro)))}"


def signed_percent(hundredths: int | None) -> str:
    """Return a difference in hundredths of a percent, cut off, with its sign; "–" when there is none."""
    if hundredths is None:
        return MISSING
    text = percent_text(hundredths)
    return f"+{text}" if tenths(hundredths) > 0 else text


def _hundredths(micro: int) -> str:
    whole, part = divmod(_rounded(micro, _HUNDREDTH), 100)
    return f"{whole:,}.{part:02d}"


def _rounded(micro: int, unit: int) -> int:
    return (micro + unit // 2) // unit
