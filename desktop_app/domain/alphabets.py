"""What an SMS can be written in: the GSM 7-bit alphabet, its national language tables, and UCS-2.

Source: 3GPP TS 23.038 (6.2.1 default alphabet, 6.2.1.1 extension table, A.2.1 and A.3.1 Turkish) and TS 23.040 (9.2.3.24,
the user data header). One short message carries 140 octets of user data. A header takes the first of them: one octet for
its own length, five for the concatenation element (IEI, length, reference, total, number) and three for each national
language element (IEI 0x24 single shift or 0x25 locking shift, length, language). What is left is filled with units of seven
or sixteen bits:

    header                           octets   septets                  UTF-16 units
    none                                  0   140 * 8 // 7 = 160       140 // 2 = 70
    concatenation                     1 + 5   134 * 8 // 7 = 153       134 // 2 = 67
    one national table                1 + 3   136 * 8 // 7 = 155
    two national tables           1 + 3 + 3   133 * 8 // 7 = 152
    one table, concatenation      1 + 5 + 3   131 * 8 // 7 = 149
    two tables, concatenation 1 + 5 + 3 + 3   128 * 8 // 7 = 146

Both Turkish tables at once are not among the alphabets: the locking table already holds every letter that the single shift
table adds, so the second element would cost three octets and gain nothing.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MESSAGE_OCTETS: Final = 140
_LENGTH_OCTETS: Final = 1
_CONCATENATION_OCTETS: Final = 5
_NATIONAL_OCTETS: Final = 3

# Precedes a character that takes two units, in a stream of units. No text may hold it: see segments.py.
ESCAPE: Final = "\x1b"

# In the order of their codes 0x00 to 0x7F; the escape itself (0x1B) is left out.
_DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = "\f^{}\\[~]|€"
# A.3.1 replaces eight characters of the default alphabet, at 0x04, 0x07, 0x0B, 0x0C, 0x1C, 0x1D, 0x40 and 0x60.
_TURKISH_LOCKING: Final = _DEFAULT.translate(str.maketrans("èìØøÆæ¡¿", "€ıĞğŞşİç"))
# A.2.1 adds seven letters to the extension table, at 0x47, 0x49, 0x53, 0x63, 0x67, 0x69 and 0x73.
_TURKISH_SINGLE: Final = _EXTENSION + "ĞİŞçğış"


class Encoding(StrEnum):
    """How the characters travel."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


class ShiftTable(StrEnum):
    """The national language table a message announces in its header."""

    TURKISH_SINGLE = "turkish_single"
    TURKISH_LOCKING = "turkish_locking"


def units_in(octets_of_elements: int, bits_per_unit: int) -> int:
    """Return how many units one short message holds beside the given octets of header elements."""
    header = _LENGTH_OCTETS + octets_of_elements if octets_of_elements else 0
    return (MESSAGE_OCTETS - header) * 8 // bits_per_unit


@dataclass(frozen=True, slots=True)
class Alphabet:
    """One way to write a text.

    Attributes:
        encoding: GSM-7 or UCS-2.
        language: the national table in use, None for none.
        single: units in a message of one segment.
        concatenated: units in each segment of a longer message.
        outside: matches a character that cannot be written.
        double: matches a character that takes two units.
    """

    encoding: Encoding
    language: ShiftTable | None
    single: int
    concatenated: int
    outside: re.Pattern[str]
    double: re.Pattern[str]

    def writes(self, text: str) -> bool:
        """Return whether every character of ``text`` can be written."""
        return self.outside.search(text) is None

    def stream(self, text: str) -> str:
        """Return ``text`` with one character per unit: ESCAPE stands for the first unit of a double character."""
        return self.double.sub(ESCAPE + r"\g<0>", text)


def _gsm(language: ShiftTable | None, locking: str, shift: str) -> Alphabet:
    one, two = re.escape(locking), re.escape("".join(sorted(set(shift) - set(locking))))
    elements = 0 if language is None else _NATIONAL_OCTETS
    return Alphabet(
        encoding=Encoding.GSM7,
        language=language,
        single=units_in(elements, 7),
        concatenated=units_in(elements + _CONCATENATION_OCTETS, 7),
        outside=re.compile(f"[^{one}{two}]"),
        double=re.compile(f"[{two}]"),
    )


DEFAULT: Final = _gsm(None, _DEFAULT, _EXTENSION)
# It writes whatever the locking table can; that one takes fewer septets for text with many Turkish letters.
TURKISH_SINGLE: Final = _gsm(ShiftTable.TURKISH_SINGLE, _DEFAULT, _TURKISH_SINGLE)
TURKISH_LOCKING: Final = _gsm(ShiftTable.TURKISH_LOCKING, _TURKISH_LOCKING, _EXTENSION)

# Matches a character that the default alphabet does not write in one septet.
NOT_PLAIN: Final = re.compile(f"[^{re.escape(_DEFAULT)}]")

UCS2: Final = Alphabet(
    encoding=Encoding.UCS2,
    language=None,
    single=units_in(0, 16),
    concatenated=units_in(_CONCATENATION_OCTETS, 16),
    outside=re.compile("(?!)"),
    double=re.compile("[\U00010000-\U0010ffff]"),
)


def gsm_alphabets(shift_tables: frozenset[str]) -> tuple[Alphabet, ...]:
    """Return the 7-bit alphabets a provider can encode in, the plain one first.

    Args:
        shift_tables: the languages whose tables the provider uses; only "tr" is known, others change nothing.
    """
    if "tr" in shift_tables:
        return (DEFAULT, TURKISH_SINGLE, TURKISH_LOCKING)
    return (DEFAULT,)


def widest_alphabet(shift_tables: frozenset[str]) -> Alphabet:
    """Return the 7-bit alphabet that can write whatever any of ``gsm_alphabets`` can."""
    return TURKISH_SINGLE if "tr" in shift_tables else DEFAULT
