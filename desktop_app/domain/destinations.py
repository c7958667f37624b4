"""Where a message goes: telephone numbers as people write them, and the countries and networks that are priced."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, TypeVar

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.number_plans import (
    INTERNATIONAL_REGION,
    Kind,
    Number,
    identify,
    identify_national,
    possible_lengths,
)
from desktop_app.domain.regions import parse_country

T = TypeVar("T")

# E.164 allows 15 digits; nobody writes a number of this many characters.
_MAX_DIGITS: Final = 15
_MAX_TEXT: Final = 64
_SHOWN: Final = 40

_CANONICAL: Final = re.compile(r"\+[1-9][0-9]{5,14}")
# A separator may not come first: what begins with a hyphen, a dot or a slash is no number, or only the end of one.
_WRITTEN: Final = re.compile(r"(?:\( *)?(?:\+[0-9 ()]*)?[0-9][0-9 ()]*")
_ABROAD: Final = re.compile(r"^\(? *00")
_TRUNK_ZERO: Final = re.compile(r"^(\(? *\+[0-9 ]{1,5}\)?) *\( *0 *\)")
_SEVERAL: Final = re.compile(r"[0-9].*[+,;\n\r\t]", re.DOTALL)
_NO_BRACKETS: Final = dict.fromkeys(map(ord, " ()"), "")

# Marks that copies from chats and spreadsheets carry: zero-width characters, soft hyphen, and the bidirectional controls.
_MARKS: Final = dict.fromkeys(
    (0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)), ""
)
_SEPARATORS: Final = dict.fromkeys(
    map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000-‐‑‒–—−./"), " "
)
_PLAIN: Final = {**_MARKS, **_SEPARATORS, ord("＋"): "+", ord("（"): "(", ord("）"): ")"}

_REACHABLE: Final = frozenset({Kind.MOBILE, Kind.FIXED_LINE_OR_MOBILE})


class Fault(StrEnum):
    """What is wrong with a text that should be a mobile number."""

    ZERO = "zero"
    LONG = "long"
    SHORT = "short"
    NO_COUNTRY = "no_country"
    LETTERS = "letters"
    MISSING = "missing"
    SEVERAL = "several"
    CHARACTERS = "characters"
    INTERNATIONAL = "international"
    LANDLINE = "landline"
    SERVICE = "service"
    UNASSIGNED = "unassigned"
    UNUSED = "unused"


class _NoNumber(InvalidInput):
    def __init__(self, reason: str, fault: Fault) -> None:
        super().__init__(reason, fields={"to": reason}, code="invalid_number")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Recipient:
    """A number that can receive SMS.

    Attributes:
        e164: "+" and at most 15 digits.
        country: ISO 3166 alpha-2 of the region whose numbering plan holds it (GG for +447911123456), "XK" for Kosovo, and
            "AC" and "TA" for the two islands with a plan of their own.
    """

    e164: str
    country: str


@dataclass(frozen=True, slots=True)
class RejectedNumber:
    """What was given as a number and is none that can receive SMS.

    Attributes:
        text: as given.
        reason: one sentence.
        fault: the same, for who has words of their own for it.
    """

    text: str
    reason: str
    fault: Fault = field(default=Fault.UNUSED, compare=False)


def parse_recipient(text: str, default_country: str | None = None) -> Recipient:
    """Return the mobile number written in ``text``.

    Accepted are "+" and "00" forms with spaces, hyphens, dots, slashes and brackets, "(0)" after the country code, "tel:"
    links, and the decimal digits of any script. Only kinds of numbers that can be a mobile phone are accepted.

    Args:
        text: one number.
        default_country: ISO 3166 alpha-2 of the country whose national form is understood too.

    Raises:
        InvalidInput: with the code "invalid_number"; says in one sentence what is wrong.
    """
    number = identify(text[1:]) if _CANONICAL.fullmatch(text) else _read(text, default_country)
    if number.kind in _REACHABLE and number.region is not None and number.region != INTERNATIONAL_REGION:
        return Recipient(f"+{number.calling_code}{number.national}", number.region)
    raise _invalid(*_why_not(number), text)


def parse_recipients(texts: Iterable[str], default_country: str | None = None) -> Iterator[Recipient | RejectedNumber]:
    """Yield for each text its recipient, or why it is none, in the given order; duplicates are not removed.

    Raises:
        InvalidInput: at once, when ``default_country`` is no country.
    """
    country = None if default_country is None else parse_country(default_country)
    return _each_recipient(texts, country)


def _each_recipient(texts: Iterable[str], country: str | None) -> Iterator[Recipient | RejectedNumber]:
    for text in texts:
        try:
            yield parse_recipient(text, country)
        except _NoNumber as error:
            yield RejectedNumber(text, error.user_message, error.fault)


def _read(text: str, default_country: str | None) -> Number:
    """Return the number in a text that is not in the canonical form."""
    digits = _digits_of(text)
    if digits.startswith("+0"):
        raise _invalid(tr("No country code begins with 0: “{text}”."), Fault.ZERO, text)
    if len(digits.lstrip("+")) > _MAX_DIGITS:
        raise _invalid(tr("“{text}” has more than 15 digits."), Fault.LONG, text)
    if digits.startswith("+"):
        return identify(digits[1:])
    if default_country is None:
        raise _invalid(tr("“{text}” has no country code. Begin with + or 00."), Fault.NO_COUNTRY, text)
    return identify_national(digits, parse_country(default_country))


def _digits_of(text: str) -> str:
    """Return the ASCII digits of ``text``, after a "+" where it has one or begins with "00".

    Raises:
        InvalidInput: when it holds anything but one number.
    """
    if len(text) > _MAX_TEXT:
        raise _invalid(tr("“{text}” is too long for a telephone number."), Fault.LONG, text)
    bare = text.strip().translate(_MARKS).strip(" ,;")
    if bare[:4].lower() == "tel:":
        bare = bare[4:]
    plain = bare.translate(_PLAIN).rstrip()
    if not plain.isascii():
        plain = "".join(_ascii_digit(char) for char in plain)
    # A spreadsheet that took the number for an amount appends ".0", which would pass for one more digit.
    if bare.endswith(".0") or not _WRITTEN.fullmatch(plain):
        raise _invalid(*_what_is_foreign(plain), text)
    with_plus = _ABROAD.sub("+", plain)
    return _TRUNK_ZERO.sub(r"\1", with_plus).translate(_NO_BRACKETS)


def _ascii_digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _what_is_foreign(plain: str) -> tuple[str, Fault]:
    if any(char.isalpha() for char in plain):
        return tr("“{text}” contains letters. Use digits only, without an extension."), Fault.LETTERS
    if not plain:
        return tr("A telephone number is missing."), Fault.MISSING
    if _SEVERAL.search(plain):
        return tr("“{text}” is more than one number. Put each on a line of its own."), Fault.SEVERAL
    return tr("“{text}” contains characters that do not belong in a telephone number."), Fault.CHARACTERS


def _why_not(number: Number) -> tuple[str, Fault]:
    if number.region == INTERNATIONAL_REGION:
        return tr("“{text}” belongs to an international network, which has no country price."), Fault.INTERNATIONAL
    if number.kind is Kind.FIXED_LINE:
        return tr("“{text}” is a landline and cannot receive SMS."), Fault.LANDLINE
    if number.kind is not None:
        sentence = tr("“{text}” is a service number (paid, free, internet, pager or the like) and cannot receive SMS.")
        return sentence, Fault.SERVICE
    if not number.calling_code:
        return tr("“{text}” does not begin with a country code that is in use."), Fault.UNASSIGNED
    lengths = possible_lengths(number.calling_code)
    if lengths and len(number.national) < lengths[0]:
        return tr("“{text}” is too short for a number of its country."), Fault.SHORT
    if lengths and len(number.national) > lengths[-1]:
        return tr("“{text}” is too long for a number of its country."), Fault.LONG
    return tr("“{text}” is not a number that its country has in use."), Fault.UNUSED


def _invalid(sentence: str, fault: Fault, text: str) -> InvalidInput:
    shown = "".join(char if char.isprintable() else " " for char in text[:_SHOWN]).strip()
    reason = sentence.replace("{text}", shown)
    return _NoNumber(reason, fault)


# Territories whose numbers are part of another country's plan, with that country. Their numbers are told apart by a few
# digits after a shared calling code, and most price lists know only the country whose code it is.
_PLAN_OF: Final = {
    "GG": "GB",  # +44: Ofcom allocates the ranges of Guernsey, Jersey and the Isle of Man
    "JE": "GB",
    "IM": "GB",
    "AX": "FI",  # +358: ranges of Traficom
    "SJ": "NO",  # +47: ranges of Nkom, served by the Norwegian networks
    "VA": "IT",  # +39: served by the Italian networks
    "EH": "MA",  # +212: ranges of the Moroccan regulator, served by its networks
    "CX": "AU",  # +61: ranges of ACMA, served by an Australian network
    "CC": "AU",
    "BL": "GP",  # +590: ranges of Arcep for Guadeloupe, of which both were part until 2007
    "MF": "GP",
    "YT": "RE",  # +262: ranges of Arcep, shared with Réunion
    "AC": "SH",  # ISO 3166 knows the three islands as one country; one operator serves them all
    "TA": "SH",
}


def pricing_countries(country: str) -> tuple[str, ...]:
    """Return the countries whose price applies to a number of ``country``, the first one that has a price winning.

    It is the country itself, then the one whose numbering plan and networks it shares: +447911123456 is of Guernsey, and a
    provider that lists no price for Guernsey bills it as the United Kingdom. Countries that share only a calling code, such
    as those of +1 or Russia and Kazakhstan, have regulators, networks and prices of their own and never stand in for another.

    Args:
        country: as in ``Recipient.country``.
    """
    plan = _PLAN_OF.get(country)
    return (country,) if plan is None else (country, plan)


def destination_text(country_name: str, mccmnc: str | None, network: str) -> str:
    """Return what a person calls a destination: "Germany", "Germany · Telekom", or the network's code where it has no name."""
    return country_name if mccmnc is None else f"{country_name} · {network or mccmnc}"


class PrefixTable(Generic[T]):
    """Values by number range: the longest prefix of a number wins."""

    def __init__(self, ranges: Iterable[tuple[str, T]]) -> None:
        """Build the table from pairs of a prefix (country code and further digits, without "+") and its value.

        Raises:
            InvalidInput: when a prefix is not made of digits, or has two different values.
        """
        self._values: dict[str, T] = {}
        for prefix, value in ranges:
            if not (prefix.isascii() and prefix.isdigit()):
                raise InvalidInput(tr("“{prefix}” is not a number range. Use digits only.", prefix=prefix[:_SHOWN]))
            if self._values.setdefault(prefix, value) != value:
                raise InvalidInput(tr("The number range {prefix} is given twice.", prefix=prefix))
        self._lengths = sorted({len(prefix) for prefix in self._values}, reverse=True)

    def match(self, e164: str) -> T | None:
        """Return the value of the longest range that holds ``e164`` (with or without "+"), or None."""
        digits = e164.removeprefix("+")
        for length in self._lengths:
            if digits[:length] in self._values:
                return self._values[digits[:length]]
        return None

    def split(self, numbers: Iterable[str]) -> dict[T | None, list[str]]:
        """Return ``numbers`` (E.164 with "+") by the value of their range, those without one under None, in their order.

        Numbers with the same beginning are looked up once: no range is longer than that.
        """
        head_length = 1 + (self._lengths[0] if self._lengths else 0)
        groups: dict[T | None, list[str]] = {}
        known: dict[str, list[str]] = {}
        for number in numbers:
            head = number[:head_length]
            group = known.get(head)
            if group is None:
                group = known[head] = groups.setdefault(self.match(head), [])
            group.append(number)
        return groups
