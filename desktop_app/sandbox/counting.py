"""How many segments the simulated providers count for a text, on their own account (GSM 03.38, 3GPP TS 23.040).

Nothing of the product's own counting is used here: where the two differ, a check against the sandbox shows it.
"""

from collections.abc import Iterable
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")


def count_segments(text: str) -> int:
    """Return the number of segments of ``text``, at least 1: GSM-7 without national tables, else UCS-2."""
    if is_gsm(text):
        sizes = [2 if character in _EXTENDED else 1 for character in text]
        return 1 if sum(sizes) <= 160 else _fill(sizes, 153)
    sizes = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return 1 if sum(sizes) <= 70 else _fill(sizes, 67)


def is_gsm(text: str) -> bool:
    """Return whether GSM-7 without national tables can write ``text``."""
    return _BASIC.union(_EXTENDED).issuperset(text)


def _fill(sizes: Iterable[int], room: int) -> int:
    """Return the number of segments of ``room`` units; an escape or surrogate pair is never torn apart."""
    segments, used = 1, 0
    for size in sizes:
        if used + size > room:
            segments, used = segments + 1, 0
        used += size
    return segments
