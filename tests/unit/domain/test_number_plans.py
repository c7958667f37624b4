"""Our verdict on numbers is that of phonenumbers: on valid and on invalid ones, of all regions and kinds."""

import random
import re
from collections import Counter

import phonenumbers
import pytest
from phonenumbers.phonemetadata import PhoneMetadata, PhoneNumberDesc

from desktop_app.domain.number_plans import Kind, Number, identify, identify_national

NUMBERS = 12_000
Verdict = tuple[str, str | None, str] | None


def verdict_of_phonenumbers(text: str, country: str | None) -> Verdict:
    """Return (E.164, region, kind) of a valid number, else None."""
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    kind = phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(parsed))
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return e164, phonenumbers.region_code_for_number(parsed), kind.lower()


def our_verdict(number: Number) -> Verdict:
    if number.kind is None:
        return None
    return f"+{number.calling_code}{number.national}", number.region, number.kind.value


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, phonenumbers.PhoneNumber]]:
    """Example numbers of every kind in every region, with the region."""
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in range(phonenumbers.PhoneNumberType.VOICEMAIL + 1):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                found.append((region, number))
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        number = phonenumbers.example_number_for_non_geo_entity(code)
        assert number is not None
        found.append(("US", number))
    return found


def mutated(digits: str, random: random.Random) -> str:
    """Return ``digits`` with a few of them changed, removed or added, or with another end."""
    changed = list(digits)
    for _ in range(random.choice((0, 1, 1, 2, 4, 8))):
        place = random.randrange(len(changed))
        match random.randrange(10):
            case 0 if len(changed) > 4:
                del changed[place]
            case 1:
                changed.insert(place, random.choice("0123456789"))
            case 2:
                changed[place:] = random.choices("0123456789", k=len(changed) - place)
            case _:
                changed[place] = random.choice("0123456789")
    return "".join(changed)


def with_prefix_inside(digits: str, random: random.Random) -> str:
    """Return an international number with something like a national prefix somewhere after its beginning."""
    place = random.randrange(1, 4)
    return digits[:place] + random.choice(("0", "00", "1", "8", "15", "9")) + digits[place:]


def test_example_numbers_of_every_region(examples: list[tuple[str, phonenumbers.PhoneNumber]]) -> None:
    kinds = Counter[str]()
    for _, number in examples:
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        ours = our_verdict(identify(e164[1:]))
        assert ours == verdict_of_phonenumbers(e164, None)
        assert ours is not None
        kinds[ours[2]] += 1
    assert set(kinds) == {kind.value for kind in Kind}


def test_international_numbers(examples: list[tuple[str, phonenumbers.PhoneNumber]], seed: random.Random) -> None:
    valid = 0
    for _ in range(NUMBERS):
        _, number = seed.choice(examples)
        digits = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
        digits = seed.choice((mutated, mutated, mutated, with_prefix_inside))(digits, seed)
        if digits.startswith("0"):
            continue
        expected = verdict_of_phonenumbers("+" + digits, None)
        assert our_verdict(identify(digits)) == expected, digits
        valid += expected is not None
    assert NUMBERS // 5 < valid < NUMBERS * 4 // 5


def test_national_numbers(examples: list[tuple[str, phonenumbers.PhoneNumber]], seed: random.Random) -> None:
    valid = 0
    for _ in range(NUMBERS):
        region, number = seed.choice(examples)
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        national = phonenumbers.national_significant_number(number)
        dialled = seed.choice((written, written, national, "0" + national, f"{number.country_code}{national}"))
        digits = mutated(re.sub("[^0-9]", "", dialled), seed)
        country = region if seed.randrange(5) else seed.choice(examples)[0]
        expected = verdict_of_phonenumbers(digits, country)
        assert our_verdict(identify_national(digits, country)) == expected, (digits, country)
        valid += expected is not None
    assert NUMBERS // 5 < valid < NUMBERS * 4 // 5


@pytest.mark.long
def test_a_million_random_numbers(examples: list[tuple[str, phonenumbers.PhoneNumber]], seed: random.Random) -> None:
    for _ in range(1_000_000):
        _, number = seed.choice(examples)
        digits = mutated(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:], seed)
        if not digits.startswith("0"):
            assert our_verdict(identify(digits)) == verdict_of_phonenumbers("+" + digits, None), digits


def test_no_calling_code_begins_another_one() -> None:
    codes = {str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE}
    assert not [code for code in codes for length in (1, 2) if len(code) > length and code[:length] in codes]
    assert max(map(len, codes)) == 3


def test_patterns_of_the_metadata_hold_no_groups_of_their_own() -> None:
    """The name of the last group that matched is the kind, so no pattern may add a group."""
    for region in phonenumbers.SUPPORTED_REGIONS:
        metadata = PhoneMetadata.metadata_for_region(region)
        assert metadata is not None
        for desc in vars(metadata).values():
            if isinstance(desc, PhoneNumberDesc) and desc.national_number_pattern:
                assert re.compile(desc.national_number_pattern).groups == 0
