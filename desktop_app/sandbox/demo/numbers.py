"""Telephone numbers to send to: the shape of a mobile number by country, whose last digit decides what becomes of a message."""

import random
from typing import Final

# What stands before the last six digits; before the last five where a star follows.
_SHAPES: Final = """
AE +971501 AR +5491123 AT +43664 AU +61412 AZ +994401 BD +8801812 BE +32450 BG +359430* BR +5511961 CA +15062 CH +41781
CL +56221 CO +573211 CZ +420601 DE +4915123 DK +45344* EG +201001 ES +34612 FI +358412 FR +33612 GB +447400 GR +306912
HR +385921 HU +36201 ID +62812 IE +353850 IL +972502 IN +918123 IT +393123 JP +819012 KE +254712 KR +821020 KW +96550
MA +212650 MX +522221 MY +60123 NG +2348021 NL +31612 NO +4740 NZ +64211 PH +639051 PK +923012 PL +48512 PT +351912
QA +97433 RO +40712 SA +966512 SE +46701 SG +6581 TH +66812 TR +905012 UA +380501 US +12015 VN +84912 ZA +27711
"""
_WORDS: Final = _SHAPES.split()
PREFIXES: Final = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
# Few enough that people hear from the same companies again and again.
_SUBSCRIBERS: Final = 4_000
# Last digits: messages that run out, and messages of which nothing more is heard; the others arrive.
_RARE: Final = {2: 0.009, 3: 0.003}
_DELIVERED: Final = (0, 4, 5, 6, 7, 8, 9)


def number_of(iso: str, subscriber: int) -> str:
    """Return the number of a subscriber of a country, whose last digit is that of ``subscriber``."""
    prefix = PREFIXES[iso]
    digits = 5 if prefix.endswith("*") else 6
    return f"{prefix.rstrip('*')}{subscriber % 10**digits:0{digits}d}"


class Subscribers:
    """Draws numbers, no one twice for the same batch.

    Args:
        dice: decides who.
    """

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def draw(self, iso: str, count: int, undelivered: float = 0.024) -> list[str]:
        """Return ``count`` numbers of a country.

        Args:
            iso: the country.
            count: how many.
            undelivered: the share that cannot be reached.
        """
        digits, weights = (1, *_RARE, *_DELIVERED), [undelivered, *_RARE.values()]
        arrives = 1 - sum(weights)
        weights += [arrives / len(_DELIVERED)] * len(_DELIVERED)
        drawn: dict[str, None] = {}
        while len(drawn) < count:
            last = self._dice.choices(digits, weights)[0]
            drawn[number_of(iso, self._dice.randrange(_SUBSCRIBERS) * 10 + last)] = None
        return list(drawn)
