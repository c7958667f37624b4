"""Numbers as people write them, what is refused and with which words, and what is priced."""

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.domain.destinations import (
    PrefixTable,
    Recipient,
    RejectedNumber,
    destination_text,
    parse_recipient,
    parse_recipients,
    pricing_countries,
)
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.regions import COUNTRIES

GERMAN = Recipient("+4915112345678", "DE")
BRITISH = Recipient("+447400123456", "GB")


@pytest.mark.parametrize(
    "text",
    [
        "+4915112345678",
        "004915112345678",
        "+49 151 12345678",
        "+49-151-1234-5678",
        "+49.151.12345678",
        "+49/151/12345678",
        "+49 (0)151 12345678",
        "+49 ( 0 ) 151 12345678",
        "+49 0151 12345678",
        "(+49) 151 12345678",
        "(0049) (0)151 / 1234-5678",
        "0049 (0) 151 12345678",
        "tel:+49-151-1234-5678",
        "TEL:+4915112345678",
        "tel:004915112345678",
        "  +4915112345678\n",
        "+4915112345678\r\n",
        "\t+4915112345678\u00a0",
        "+49\u00a0151\u00a012345678",
        "+49\u2009151\u202f12345678",
        "+49\u2011151\u201312345678",
        "\u202a+4915112345678\u202c",
        "\u200e+49 151 12345678\u200f",
        "\ufeff+49151\u200b12345678",
        "+49151\u00ad12345678",
        "+٤٩١٥١١٢٣٤٥٦٧٨",
        "+۴۹۱۵۱۱۲۳۴۵۶۷۸",
        "+४९१५११२३४५६७८",
        "＋４９１５１１２３４５６７８",
        "＋４９（０）１５１１２３４５６７８",
        "+4915112345678,",
        "+4915112345678;",
        "+4915112345678.",
    ],
)
def test_ways_to_write_a_number(text: str) -> None:
    assert parse_recipient(text) == GERMAN
    assert parse_recipient(text, "TR") == GERMAN


@pytest.mark.parametrize(
    ("text", "country", "e164"),
    [
        ("0151 12345678", "DE", "+4915112345678"),
        ("(0151) 123-45678", "de", "+4915112345678"),
        ("15112345678", "DE", "+4915112345678"),
        ("447400123456", "GB", "+447400123456"),
        ("07400 123456", "GB", "+447400123456"),
        ("011 44 7400 123456", "US", "+447400123456"),
        ("0532 123 45 67", "TR", "+905321234567"),
        ("(201) 555-0123", "US", "+12015550123"),
        ("8 912 345-67-89", "RU", "+79123456789"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("044 123 456", "XK", "+38344123456"),
    ],
)
def test_national_forms_are_read_as_in_the_default_country(text: str, country: str, e164: str) -> None:
    assert parse_recipient(text, country).e164 == e164
    with pytest.raises(InvalidInput):
        parse_recipient(text)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("+905321234560", "TR"),
        ("+447911123456", "GG"),
        ("+447797123456", "JE"),
        ("+447624123456", "IM"),
        ("+12125550123", "US"),
        ("+12042345678", "CA"),
        ("+18762101234", "JM"),
        ("+77011234567", "KZ"),
        ("+79123456789", "RU"),
        ("+38344123456", "XK"),
        ("+5491123456789", "AR"),
        ("+5511961234567", "BR"),
        ("+393471234567", "IT"),
        ("+2250123456789", "CI"),
    ],
)
def test_the_region_is_that_of_the_numbering_plan(text: str, country: str) -> None:
    assert parse_recipient(text) == Recipient(text, country)


@pytest.mark.parametrize("middle", ["0000000", "1234567", "9999999"])
def test_german_mobile_numbers_of_any_digits(middle: str) -> None:
    assert parse_recipient(f"+49151{middle}0").country == "DE"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "missing"),
        ("  \n", "missing"),
        ("\u200b", "missing"),
        ("+", "do not belong"),
        ("++4915112345678", "do not belong"),
        ("+49151", "too short"),
        ("+491511234567", "not a number"),
        ("+44740012", "too short"),
        ("+490", "too short"),
        ("+4900", "too short"),
        ("+4474001234567", "too long for a number"),
        ("+49151123456789012", "more than 15 digits"),
        ("1" * 65, "too long for a telephone"),
        ("+0151123456", "begins with 0"),
        ("000151123456", "begins with 0"),
        ("+999123456789", "country code that is in use"),
        ("+21012345678", "country code that is in use"),
        ("4915112345678", "Begin with + or 00"),
        ("015112345678", "Begin with + or 00"),
        ("80808", "Begin with + or 00"),
        ("+1-800-FLOWERS", "letters"),
        ("+49151 12345678 ext 5", "letters"),
        ("+4915112345678x5", "letters"),
        ("sip:+4915112345678", "letters"),
        ("https://wa.me/4915112345678", "letters"),
        ("someone@example.com", "letters"),
        ("BEGIN:VCARD", "letters"),
        ("4.915E12", "letters"),
        ("0x4915112345678", "letters"),
        ("Phone", "letters"),
        ("tel:+4915112345678;ext=5", "letters"),
        ("+4915112345678+4915112345679", "more than one"),
        ("+4915112345678,+4915112345679", "more than one"),
        ("+4915112345678;4915112345679", "more than one"),
        ("+4915112345678\n+4915112345679", "more than one"),
        ("+49151\n12345678", "more than one"),
        ("+4915112345678\t12", "more than one"),
        ("+447400123100-200", "too long for a number"),
        ("-4915112345678", "do not belong"),
        ("/4915112345678", "do not belong"),
        ("=+4915112345678", "do not belong"),
        ("'+4915112345678", "do not belong"),
        ("+49151#12345678", "do not belong"),
        ("+49151²12345678", "do not belong"),
        ("+4915112345678\0", "do not belong"),
        ("+4915112345678.0", "do not belong"),
        ("' OR 1=1--", "letters"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_recipient(text)
    assert words in refused.value.user_message
    assert refused.value.code == "invalid_number"
    assert refused.value.fields == {"to": refused.value.user_message}
    assert len(refused.value.user_message) < 150
    assert refused.value.user_message.isprintable()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+493012345678", "is a landline"),
        ("+442083661177", "is a landline"),
        ("+390698123456", "is a landline"),
        ("+499001234567", "service number"),
        ("+498001234567", "service number"),
        ("+491805123456", "service number"),
        ("+447012345678", "service number"),
        ("+445612345678", "service number"),
        ("+80012345678", "international network"),
        ("+80812345678", "international network"),
        ("+870773111632", "international network"),
        ("+881612345678", "international network"),
        ("+882123456789", "international network"),
        ("+883510012345", "international network"),
        ("+979123456789", "international network"),
    ],
)
def test_numbers_that_cannot_receive_are_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse_recipient(text)


def test_a_pasted_book_is_refused_without_being_repeated() -> None:
    with pytest.raises(InvalidInput, match="too long for a telephone") as refused:
        parse_recipient("1" * 1_000_000)
    assert len(refused.value.user_message) < 150


def test_a_national_number_that_is_too_short_says_so() -> None:
    for text in ("0", "01", "1"):
        with pytest.raises(InvalidInput, match="too short"):
            parse_recipient(text, "DE")


def test_no_number_of_a_kind_that_cannot_receive_is_let_through() -> None:
    receiving = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    seen = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in range(phonenumbers.PhoneNumberType.VOICEMAIL + 1):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None:
                continue
            e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            [result] = parse_recipients([e164])
            assert isinstance(result, Recipient) == (phonenumbers.number_type(number) in receiving), e164
            seen += 1
    assert seen > 1_000


def test_many_numbers_keep_their_order_and_each_gets_its_answer() -> None:
    results = list(parse_recipients(["+4915112345678", "nonsense", "0151 12345678", "+447400123456"], "DE"))
    assert results == [
        GERMAN,
        RejectedNumber("nonsense", "“nonsense” contains letters. Use digits only, without an extension."),
        GERMAN,
        BRITISH,
    ]


def test_a_wrong_default_country_is_refused_before_the_first_number() -> None:
    with pytest.raises(InvalidInput, match="not a country code"):
        parse_recipients([], "Q1")
    with pytest.raises(InvalidInput, match="not a country code"):
        parse_recipient("0151 12345678", "germany")


@given(st.text(max_size=80))
@settings(max_examples=500)
def test_any_text_gets_a_recipient_or_a_printable_reason(text: str) -> None:
    for country in (None, "DE", "AQ"):
        [result] = parse_recipients([text], country)
        if isinstance(result, RejectedNumber):
            assert result.text == text
            assert result.reason.isprintable()


@given(st.text("+0123456789 ()-./", max_size=24))
@settings(max_examples=500)
def test_reading_a_number_again_changes_nothing(text: str) -> None:
    for country in (None, "US", "DE"):
        [result] = parse_recipients([text], country)
        if isinstance(result, Recipient):
            assert parse_recipient(result.e164) == result


@pytest.mark.parametrize(
    ("country", "countries"),
    [
        ("DE", ("DE",)),
        ("GG", ("GG", "GB")),
        ("SJ", ("SJ", "NO")),
        ("PR", ("PR",)),
        ("KZ", ("KZ",)),
        ("AC", ("AC", "SH")),
    ],
)
def test_countries_whose_price_applies(country: str, countries: tuple[str, ...]) -> None:
    assert pricing_countries(country) == countries


def test_a_price_is_only_taken_from_a_country_of_the_same_numbering_plan() -> None:
    """The other one is the main country of the calling code; Ascension alone has a code of its own."""
    for country in sorted(COUNTRIES | {"AC", "TA"}):
        own, *others = pricing_countries(country)
        assert own == country
        for other in others:
            code = phonenumbers.country_code_for_region(country)
            assert country == "AC" or phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code][0] == other


def test_the_longest_range_wins() -> None:
    table = PrefixTable([("49", "country"), ("49151", "network"), ("4915112", "range")])
    assert table.match("+4915112345678") == "range"
    assert table.match("+4915122345678") == "network"
    assert table.match("4917012345678") == "country"
    assert table.match("+43660123456") is None
    assert PrefixTable[str]([]).match("+4915112345678") is None


def test_ranges_must_be_digits_and_of_one_value() -> None:
    for prefix in ("", "+49", "49x", "٤٩", "4 9"):
        with pytest.raises(InvalidInput, match="not a number range"):
            PrefixTable([(prefix, 1)])
    with pytest.raises(InvalidInput, match="49151 is given twice"):
        PrefixTable([("49151", 1), ("49151", 2)])
    assert PrefixTable([("49151", 1), ("49151", 1)]).match("49151") == 1


@given(
    st.dictionaries(st.text("012", min_size=1, max_size=6), st.integers()),
    st.lists(st.text("012", max_size=8), min_size=1, max_size=20),
)
def test_ranges_are_found_as_by_trying_all_of_them(ranges: dict[str, int], numbers: list[str]) -> None:
    table = PrefixTable(ranges.items())
    for number in numbers:
        holding = [prefix for prefix in ranges if number.startswith(prefix)]
        expected = ranges[max(holding, key=len)] if holding else None
        assert table.match("+" + number) == expected


@example({"1": "a", "12": None, "121": "b"}, ["+1", "+12", "+120", "+121", "+1219", "+11", "+2"])
@given(
    st.dictionaries(st.text("012", min_size=1, max_size=5), st.sampled_from(["a", "b", None])),
    st.lists(st.text("012", max_size=7).map("+".__add__), max_size=40),
)
def test_numbers_split_by_their_range_are_all_there_each_where_it_matches_and_in_their_order(
    ranges: dict[str, str | None], numbers: list[str]
) -> None:
    table = PrefixTable(ranges.items())
    groups = table.split(numbers)
    assert all(groups.values())
    assert {value: [number for number in numbers if table.match(number) == value] for value in groups} == groups
    assert sum(map(len, groups.values())) == len(numbers)


def test_a_destination_is_called_by_its_country_and_network() -> None:
    assert destination_text("Germany", None, "") == "Germany"
    assert destination_text("Germany", "26201", "Telekom") == "Germany · Telekom"
    assert destination_text("Germany", "26201", "") == "Germany · 26201"
