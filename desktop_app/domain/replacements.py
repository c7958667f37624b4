"""What could stand for a character that the GSM 7-bit alphabet lacks, so that the text becomes cheaper."""

import unicodedata
from functools import lru_cache
from typing import Final

from desktop_app.domain.alphabets import DEFAULT, widest_alphabet

# They tie emoji together and shape Persian and Indic letters, so beside a character that stays they must stay as well.
_JOINERS: Final = frozenset("\u200c\u200d\ufe0e\ufe0f")

_INVISIBLE: Final = "".join(
    (*_JOINERS, "\u00ad\u061c\u180e\u200b\u200e\u200f", *map(chr, range(0x202A, 0x202F)), "\u2060", "\ufeff")
) + "".join(map(chr, range(0x2066, 0x206A)))

_ALIKE: Final = {
    "'": "‘’‚‛`´′ʼʻ‹›",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—―−⁃",
    "*": "•‣●∙·",
    "/": "⁄∕÷",
    " ": "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "\n": "\u2028\u2029",
    "x": "×",
    "~": "∼",
    "|": "¦",
    "c": "¢",
    "TL": "₺",
    "<=": "≤",
    ">=": "≥",
    "->": "→",
    "<-": "←",
    "i": "ı",
    "d": "đð",
    "D": "ĐÐ",
    "h": "ħ",
    "H": "Ħ",
    "l": "ł",
    "L": "Ł",
    "oe": "œ",
    "OE": "Œ",
    "th": "þ",
    "TH": "Þ",
    "SS": "ẞ",
    "(c)": "©",
    "(R)": "®",
    "": _INVISIBLE,
}
_REPLACEMENT: Final = {character: text for text, alike in _ALIKE.items() for character in alike}


# The letters of a text come again and again, and of a script there are not many.
@lru_cache(maxsize=1024)
def suggest_replacement(char: str) -> str | None:
    """Return what the GSM alphabet offers for ``char``, or None.

    Typographic signs become their plain twins, invisible characters "" (nothing), and letters lose the accents that the
    alphabet lacks. Nothing is transliterated from other scripts: that would change what is read.
    """
    if DEFAULT.writes(char):
        return char
    if char in _REPLACEMENT:
        return _REPLACEMENT[char]
    decomposed = unicodedata.normalize("NFKD", char)
    plain = "".join(_REPLACEMENT.get(part, part) for part in decomposed if not unicodedata.combining(part))
    if not plain:
        return "" if "\u0300" <= char <= "\u036f" else None
    return plain if plain.strip() and DEFAULT.writes(plain) else None


def replace_forcing(text: str, *, shift_tables: frozenset[str] = frozenset(), letters: bool = True) -> str:
    """Return ``text`` with every character that forces UCS-2 replaced, as far as ``suggest_replacement`` knows how.

    Args:
        text: any text; letters written as base and accent are composed first, so that é stays é.
        shift_tables: as for ``plan_segments``: what those tables can write is left as it is.
        letters: letters lose their accents, too, which changes what is read; without it only signs and spaces are replaced.
    """
    alphabet = widest_alphabet(shift_tables)
    written = []
    after_kept = False
    for char in unicodedata.normalize("NFC", text):
        if alphabet.writes(char):
            after_kept = False
            written.append(char)
        elif char.isalpha() and not letters:
            after_kept = True
            written.append(char)
        elif not (after_kept and char in _JOINERS):
            replacement = suggest_replacement(char)
            after_kept = replacement is None
            written.append(char if replacement is None else replacement)
        else:
            written.append(char)
    return "".join(written)
