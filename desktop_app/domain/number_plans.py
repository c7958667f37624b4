"""Which region and which kind of number a string of digits is: the verdict of ``phonenumbers``, at the speed of bulk.

``phonenumbers`` checks a number against up to eleven patterns per region, about 40 us a number. Here the same metadata is
compiled into one pattern for each region and length, built when first needed, whose named alternatives stand in the order
in which ``phonenumbers`` asks. Whatever a national prefix could change is left to ``phonenumbers.parse``.
"""

import re
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata, PhoneNumberDesc

# phonenumbers leans on the pattern cache of `re`, which its own metadata overflows: without this it recompiles all the time.
phonenumbers.enable_pattern_cache()

INTERNATIONAL_REGION: Final = "001"


class Kind(StrEnum):
    """The kinds of numbers that ``phonenumbers`` knows; the values are the names of its PhoneNumberType."""

    MOBILE = "mobile"
    FIXED_LINE_OR_MOBILE = "fixed_line_or_mobile"
    FIXED_LINE = "fixed_line"
    PREMIUM_RATE = "premium_rate"
    TOLL_FREE = "toll_free"
    SHARED_COST = "shared_cost"
    VOIP = "voip"
    PERSONAL_NUMBER = "personal_number"
    PAGER = "pager"
    UAN = "uan"
    VOICEMAIL = "voicemail"


# The order in which phonenumbers asks; fixed and mobile lines come after these.
_SERVICES: Final = (
    Kind.PREMIUM_RATE,
    Kind.TOLL_FREE,
    Kind.SHARED_COST,
    Kind.VOIP,
    Kind.PERSONAL_NUMBER,
    Kind.PAGER,
    Kind.UAN,
    Kind.VOICEMAIL,
)
_KINDS: Final = {kind.value: kind for kind in Kind}
_REGIONS: Final = {str(code): regions for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()}


class Number(NamedTuple):
    """A number as its numbering plan sees it.

    Attributes:
        calling_code: digits of the country code, "" when it is not assigned.
        national: digits of the national significant number.
        region: ISO 3166 alpha-2, "XK", "AC", "TA" or INTERNATIONAL_REGION; None when no region has such a number.
        kind: None when the number is not valid.
    """

    calling_code: str
    national: str
    region: str | None
    kind: Kind | None


class _RegionPlan:
    """The patterns of one region."""

    def __init__(self, region: str, metadata: PhoneMetadata) -> None:
        self.region = region
        self.leading_digits = re.compile(metadata.leading_digits) if metadata.leading_digits else None
        self._metadata = metadata
        self._patterns: dict[int, re.Pattern[str]] = {}

    def kind_of(self, national: str) -> Kind | None:
        pattern = self._patterns.get(len(national))
        if pattern is None:
            pattern = self._patterns[len(national)] = re.compile(self._source(len(national)))
        match = pattern.fullmatch(national)
        return _KINDS[match.lastgroup] if match and match.lastgroup else None

    def _source(self, length: int) -> str:
        """Return the pattern for numbers of ``length`` digits: one named alternative for each kind."""
        general = _digits(self._metadata.general_desc, length)
        fixed = _digits(self._metadata.fixed_line, length)
        mobile = _digits(self._metadata.mobile, length)
        named = [(kind, _digits(getattr(self._metadata, kind.value), length)) for kind in _SERVICES]
        if self._metadata.same_mobile_and_fixed_line_pattern:
            named.append((Kind.FIXED_LINE_OR_MOBILE, fixed))
        else:
            both = rf"(?=(?:{mobile})\Z)(?:{fixed})" if mobile and fixed else ""
            named += [(Kind.FIXED_LINE_OR_MOBILE, both), (Kind.FIXED_LINE, fixed), (Kind.MOBILE, mobile)]
        kinds = "|".join(f"(?P<{kind.value}>{source})" for kind, source in named if source)
        return rf"(?=(?:{general})\Z)(?:{kinds})" if general and kinds else "(?!)"


class _CallingCode:
    """The regions that share a country calling code, the main one first."""

    def __init__(self, code: str) -> None:
        main = _metadata(code, _REGIONS[code][0])
        prefix = main.national_prefix_for_parsing
        self.code = code
        self.main_region = _REGIONS[code][0]
        self.possible_lengths = main.general_desc.possible_length if main.general_desc else ()
        self._trunk = prefix if prefix and prefix.isdigit() and not main.national_prefix_transform_rule else None
        self._abroad = re.compile(main.international_prefix or "(?!)")
        self._national_prefix = re.compile(prefix) if prefix else None
        self._plans = tuple(_RegionPlan(region, _metadata(code, region)) for region in _REGIONS[code])

    def may_hold_prefix(self, national: str) -> bool:
        """Return whether phonenumbers could take something off ``national`` or rewrite it."""
        match = self._national_prefix.match(national) if self._national_prefix else None
        # A pattern of optional parts matches nothing at the start of any number, and then changes nothing.
        return match is not None and (match.end() > 0 or match.lastindex is not None)

    def after_trunk(self, dialled: str) -> str | None:
        """Return ``dialled`` without its national prefix, or None when that is not all phonenumbers could do to it."""
        if self._trunk is None or not dialled.startswith(self._trunk) or dialled.startswith(self.code):
            return None
        return None if self._abroad.match(dialled) else dialled[len(self._trunk) :]

    def number(self, national: str) -> Number:
        """Return the region and kind of ``national``."""
        if len(self._plans) == 1:
            return Number(self.code, national, self.main_region, self._plans[0].kind_of(national))
        for plan in self._plans:
            if plan.leading_digits is None:
                kind = plan.kind_of(national)
                if kind is not None:
                    return Number(self.code, national, plan.region, kind)
            elif plan.leading_digits.match(national):
                return Number(self.code, national, plan.region, plan.kind_of(national))
        return Number(self.code, national, None, None)


def identify(digits: str) -> Number:
    """Return what the international number ``digits`` is.

    Args:
        digits: country code and number, ASCII digits only, not starting with "0".
    """
    plan = _plan_of(digits)
    if plan is None:
        return Number("", digits, None, None)
    national = digits[len(plan.code) :]
    if plan.may_hold_prefix(national):
        return _parsed("+" + digits, None, otherwise=Number(plan.code, national, None, None))
    return plan.number(national)


def identify_national(digits: str, country: str) -> Number:
    """Return what ``digits`` are when dialled in ``country`` (its national form, or with its international prefix)."""
    plan = _plan_of_main_region(country)
    national = plan.after_trunk(digits) if plan else None
    if plan and national:
        number = plan.number(national)
        # phonenumbers gives the prefix back when what follows it cannot be a number; a valid one it never does.
        if number.kind is not None:
            return number
    code = phonenumbers.country_code_for_region(country)
    return _parsed(digits, country, otherwise=Number(str(code) if code else "", digits, None, None))


def possible_lengths(calling_code: str) -> tuple[int, ...]:
    """Return how many digits the numbers of an assigned calling code may have after it, in rising order."""
    return tuple(_plan(calling_code).possible_lengths)


def _parsed(text: str, country: str | None, *, otherwise: Number) -> Number:
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return otherwise
    return _plan(str(parsed.country_code)).number(phonenumbers.national_significant_number(parsed))


def _plan_of(digits: str) -> _CallingCode | None:
    # No calling code is the beginning of another one, so the order does not matter.
    for length in (2, 1, 3):
        if digits[:length] in _REGIONS:
            return _plan(digits[:length])
    return None


@cache
def _plan(code: str) -> _CallingCode:
    return _CallingCode(code)


@cache
def _plan_of_main_region(country: str) -> _CallingCode | None:
    code = next((code for code, regions in _REGIONS.items() if regions[0] == country), None)
    return None if code is None else _plan(code)


def _metadata(code: str, region: str) -> PhoneMetadata:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    if metadata is None:
        raise LookupError(f"phonenumbers has no metadata for +{code} {region}")
    return metadata


def _digits(desc: PhoneNumberDesc | None, length: int) -> str:
    """Return the pattern of ``desc`` for numbers of ``length`` digits, "" when it has none."""
    if desc is None or not desc.national_number_pattern:
        return ""
    if desc.possible_length and length not in desc.possible_length:
        return ""
    return desc.national_number_pattern
