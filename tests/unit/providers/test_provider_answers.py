"""Reading answers without trusting them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import ProviderAnswerError, ProviderAuthError, ProviderError
from desktop_app.providers.answers import (
    bounded_wait,
    read_code,
    read_currency,
    read_decimal,
    read_document,
    read_json,
    read_mail_date,
    read_rows,
    read_text,
    retry_after_seconds,
)
from desktop_app.providers.base import HTTPReply

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'"x"', id="text"),
        pytest.param(b"1", id="number"),
        pytest.param(b"<html></html>", id="html"),
        pytest.param(b"{", id="cut"),
        pytest.param(b'{"a":1', id="cut later"),
        pytest.param(b"{} x", id="trailing garbage"),
        pytest.param(b"{}{}", id="two documents"),
        pytest.param(b"callback({})", id="jsonp"),
        pytest.param(b'{"a":1,"a":2}', id="duplicate key"),
        pytest.param(b'{"x":[{"a":1,"a":2}]}', id="duplicate key inside"),
        pytest.param(b'{"a":NaN}', id="nan"),
        pytest.param(b'{"a":Infinity}', id="infinity"),
        pytest.param(b'{"a":-Infinity}', id="minus infinity"),
        pytest.param(b'{"a":1e9999999999999999999999}', id="number out of range"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", id="int of 5000 digits"),
        pytest.param(b'{"a":"\xff"}', id="invalid utf-8"),
        pytest.param('{"a":"é"}'.encode("latin-1"), id="latin-1"),
        pytest.param(b"\xef\xbb\xbf{}", id="bom"),
        pytest.param("{}".encode("utf-16"), id="utf-16"),
        pytest.param(b'{"a":' * 100_000, id="deep objects"),
        pytest.param(b"[" * 100_000, id="deep lists"),
    ],
)
def test_anything_but_one_honest_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(ProviderAnswerError) as caught:
        read_json(body)
    assert caught.value.user_message == "The provider's answer is not readable."


def test_decimal_numbers_never_pass_through_a_float() -> None:
    assert read_json(b'{"a":0.0333000000000000001}')["a"] == Decimal("0.0333000000000000001")
    assert str(read_json(b'{"a":0.0500}')["a"]) == "0.0500"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("0.05", Decimal("0.05")),
        ("-0.00750", Decimal("-0.00750")),
        (5, Decimal(5)),
        (Decimal("0.0333"), Decimal("0.0333")),
        (Decimal("1E-7"), Decimal("0.0000001")),
        ("1e-9", Decimal("0.000000001")),
        ("0,03", None),
        ("", None),
        (" 1", None),
        ("1\n", None),
        ("٤", None),
        ("1_000", None),
        ("+1", None),
        (".5", None),
        ("NaN", None),
        ("Infinity", None),
        ("0x10", None),
        ("9" * 40, None),
        ("1e999", None),
        pytest.param(10**5000, None, id="int of 5001 digits"),
        (True, None),
        (None, None),
        ([1], None),
        (0.5, None),
    ],
)
def test_numbers_are_taken_from_text_or_json(value: object, number: Decimal | None) -> None:
    assert read_decimal(value) == number


@given(st.one_of(st.text(max_size=60), st.integers(), st.decimals(), st.none(), st.booleans(), st.floats()))
def test_no_value_makes_a_number_that_is_not_finite_and_short(value: object) -> None:
    number = read_decimal(value)
    assert number is None or (number.is_finite() and len(format(number, "f")) < 150)


def test_text_is_bounded_and_storable() -> None:
    assert read_text("a\x00b\ud800c", 10) == "a\ufffdb\ufffdc"
    assert read_text("x" * 100, 5) == "xxxxx"
    assert read_text(5, 5) == ""
    assert read_text(None, 5) == ""


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (20003, "20003"),
        ("30036", "30036"),
        (None, ""),
        (True, ""),
        (-1, ""),
        (10**9, ""),
        ("x", ""),
        ("٤", ""),
        ("", ""),
        ([1], ""),
        ("1\n", ""),
    ],
)
def test_error_codes_are_short_numbers(value: object, code: str) -> None:
    assert read_code(value) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [("USD", "USD"), ("usd", "USD"), ("$", None), ("XXX", None), ("USDX", None), (None, None), (1, None)],
)
def test_currencies_are_those_in_circulation(value: object, code: str | None) -> None:
    assert read_currency(value) == code


@pytest.mark.parametrize("value", [None, {}, "x", [1], [[]], [{}, None]])
def test_a_list_of_objects_is_nothing_else(value: object) -> None:
    with pytest.raises(ProviderAnswerError):
        read_rows({"rows": value}, "rows")


def test_a_missing_list_is_not_an_empty_one() -> None:
    with pytest.raises(ProviderAnswerError):
        read_rows({}, "rows")


@pytest.mark.parametrize(
    ("status", "error", "retryable"),
    [
        (401, ProviderAuthError, False),
        (403, ProviderAuthError, False),
        (429, ProviderError, True),
        (500, ProviderError, True),
        (503, ProviderError, True),
        (204, ProviderAnswerError, False),
        (302, ProviderAnswerError, False),
        (404, ProviderAnswerError, False),
        (400, ProviderAnswerError, False),
    ],
)
def test_each_status_has_its_error_and_a_sentence(status: int, error: type[ProviderError], retryable: bool) -> None:
    with pytest.raises(error) as caught:
        read_document(HTTPReply(status, {}, b'{"message":"from outside"}'), "Twilio", "main")
    assert type(caught.value) is error
    assert caught.value.retryable is retryable
    assert "Twilio" in caught.value.user_message
    assert "from outside" not in caught.value.user_message


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("2", 2.0),
        ("2.5", 2.5),
        (" 7 ", 7.0),
        ("900", 900.0),
        ("1000000000", 900.0),
        ("9" * 400, None),
        ("-1", None),
        ("NaN", None),
        ("inf", None),
        ("1e3", None),
        ("soon", None),
        ("", None),
        ("٤", None),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Fri, 01 Mar 2999 12:00:00 GMT", 900.0),
        ("Sun, 99 Mar 2026 12:01:00 GMT", None),
        ("Sun, 01 Mar 99999 12:01:00 GMT", None),
    ],
)
def test_retry_after_is_obeyed_and_bounded(header: str, seconds: float | None) -> None:
    assert retry_after_seconds({"retry-after": header}, NOW) == seconds
    assert bounded_wait({"retry-after": header}, 1.0) <= 900


def test_without_retry_after_there_is_only_the_backoff() -> None:
    assert retry_after_seconds({}, NOW) is None
    assert bounded_wait({}, 1.5) == 1.5
    assert bounded_wait({"retry-after": "1"}, 4.0) == 4.0
    assert bounded_wait({"retry-after": "6"}, 4.0) == 6.0
    assert bounded_wait({}, 10**9) == 900.0
    assert bounded_wait({}, float("nan")) == 0.0


@given(st.text(max_size=80))
def test_no_header_breaks_the_wait(header: str) -> None:
    assert 0 <= bounded_wait({"retry-after": header}, 0.5) <= 900


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Thu, 24 Aug 2023 05:01:45 +0000", datetime(2023, 8, 24, 5, 1, 45, tzinfo=UTC)),
        ("Thu, 24 Aug 2023 07:01:45 +0200", datetime(2023, 8, 24, 5, 1, 45, tzinfo=UTC)),
        ("Thu, 24 Aug 2023 05:01:45 -0000", datetime(2023, 8, 24, 5, 1, 45, tzinfo=UTC)),
        ("2023-08-24T05:01:45Z", None),
        ("1692853305000", None),
        ("Thu, 24 Aug 99999 05:01:45 +0000", None),
        ("", None),
    ],
)
def test_mail_dates_are_aware(text: str, when: datetime | None) -> None:
    assert read_mail_date(text) == when
