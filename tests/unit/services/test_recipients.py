"""Recipients of a send, sorted before anything is priced."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.preflight import NotSent, Recipients

GERMAN, OTHER_GERMAN, TURKISH = "+4915112345678", "+4915112345679", "+905321234560"


def test_they_are_grouped_by_country_in_the_order_given() -> None:
    recipients = Recipients([TURKISH, OTHER_GERMAN, GERMAN], frozenset())
    assert dict(recipients.by_country) == {"TR": [TURKISH], "DE": [OTHER_GERMAN, GERMAN]}
    assert recipients.not_sent == []


def test_each_of_the_others_has_its_reason() -> None:
    given_texts = [GERMAN, "0049 151 12345678", "nobody", TURKISH, TURKISH]
    recipients = Recipients(given_texts, frozenset({TURKISH}))
    assert dict(recipients.by_country) == {"DE": [GERMAN]}
    assert recipients.not_sent == [
        NotSent("0049 151 12345678", "duplicate"),
        NotSent("nobody", "invalid_number"),
        NotSent(TURKISH, "opted_out"),
        NotSent(TURKISH, "duplicate"),
    ]


def test_a_country_that_is_refused_keeps_its_numbers_with_the_reason() -> None:
    recipients = Recipients([GERMAN, TURKISH, OTHER_GERMAN], frozenset())
    recipients.refuse("DE", "no_price")
    assert dict(recipients.by_country) == {"TR": [TURKISH]}
    assert recipients.not_sent == [NotSent(GERMAN, "no_price"), NotSent(OTHER_GERMAN, "no_price")]


def test_all_can_be_refused() -> None:
    recipients = Recipients([GERMAN, TURKISH], frozenset())
    recipients.refuse_all("service_off")
    assert not recipients.by_country
    assert Counter(one.reason for one in recipients.not_sent) == {"service_off": 2}


@given(st.lists(st.sampled_from([GERMAN, OTHER_GERMAN, TURKISH, "00905321234560", "+49 151 12345678", "x", ""])))
def test_nobody_is_forgotten_and_nobody_is_asked_twice(texts: list[str]) -> None:
    recipients = Recipients(texts, frozenset({OTHER_GERMAN}))
    kept = [number for numbers in recipients.by_country.values() for number in numbers]
    assert len(kept) + len(recipients.not_sent) == len(texts)
    assert len(set(kept)) == len(kept)
    assert OTHER_GERMAN not in kept
