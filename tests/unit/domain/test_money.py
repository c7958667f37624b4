"""Money: exact micro-units, one rounding, parsers that never guess."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.money import (
    CURRENCIES,
    MAX_AMOUNT_MICRO,
    MAX_PRICE_MICRO,
    MICRO,
    Money,
    amount_of,
    micro_ceiling,
    micro_exact,
    micro_half_up,
    micro_text,
    parse_amount,
    parse_currency,
    parse_price,
)

MICROS = st.integers(-MAX_AMOUNT_MICRO, MAX_AMOUNT_MICRO)
FINE = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=15)


@settings(deadline=None)
@given(MICROS)
def test_every_amount_comes_back_from_all_its_forms(micro: int) -> None:
    assert micro_exact(amount_of(micro)) == micro
    assert micro_exact(Decimal(micro_text(micro))) == micro
    assert amount_of(micro).as_tuple().exponent == -6
    assert str(amount_of(micro)) == micro_text(micro).replace("-0.000000", "0.000000")


@settings(deadline=None)
@given(FINE)
def test_rounding_is_exact_arithmetic(amount: Decimal) -> None:
    scaled = Fraction(amount) * MICRO
    assert micro_half_up(amount) == (int(abs(scaled) + Fraction(1, 2))) * (1 if scaled >= 0 else -1)
    assert micro_ceiling(amount) == -(-scaled.numerator // scaled.denominator)
    assert micro_half_up(amount) == int(amount.quantize(Decimal("0.000001"), ROUND_HALF_UP).scaleb(6))
    assert micro_ceiling(amount) == int(amount.quantize(Decimal("0.000001"), ROUND_CEILING).scaleb(6))


@pytest.mark.parametrize(
    ("amount", "half_up", "ceiling"),
    [
        ("0.0000005", 1, 1),
        ("-0.0000005", -1, 0),
        ("0.00000049", 0, 1),
        ("0.03330001", 33_300, 33_301),
        ("0.0000015", 2, 2),
        ("0.0000025", 3, 3),
        # A tail behind the sixtieth digit still counts.
        ("0.0000004" + "9" * 80, 0, 1),
        ("0.000001" + "0" * 80 + "1", 1, 2),
        ("1E-999999", 0, 1),
    ],
)
def test_ties_and_tails(amount: str, half_up: int, ceiling: int) -> None:
    assert micro_half_up(Decimal(amount)) == half_up
    assert micro_ceiling(Decimal(amount)) == ceiling


@pytest.mark.parametrize(
    "amount",
    ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "-1E+999999", "1000000000.000001", "0.0000001", "1E-999999"],
)
def test_an_amount_that_cannot_be_held_exactly_is_refused(amount: str) -> None:
    with pytest.raises(InvalidInput):
        micro_exact(Decimal(amount))


def test_a_tail_behind_the_sixtieth_digit_is_seen() -> None:
    with pytest.raises(InvalidInput, match="more than six decimals"):
        micro_exact(Decimal("0.000001" + "0" * 80 + "1"))


def test_the_largest_amount_is_held() -> None:
    assert micro_exact(Decimal(10**9)) == MAX_AMOUNT_MICRO
    assert micro_exact(-(10**9)) == -MAX_AMOUNT_MICRO


@pytest.mark.parametrize("number", [0.5, 0.29, 1.0, float("nan")])
def test_floats_are_no_money(number: float) -> None:
    with pytest.raises(TypeError):
        micro_exact(number)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(number, "EUR")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(1, "EUR") * number  # type: ignore[operator]


def test_truth_is_no_money() -> None:
    with pytest.raises(TypeError):
        Money(True, "EUR")
    with pytest.raises(TypeError):
        Money(1, "EUR") * True


@settings(deadline=None)
@given(MICROS, MICROS, st.integers(-1000, 1000))
def test_money_adds_up(left: int, right: int, times: int) -> None:
    one, other = Money(left, "EUR"), Money(right, "EUR")
    assert (one + other) - other == one
    assert (one * times).micro == left * times
    assert (one < other) == (left < right)
    assert (one <= other) == (left <= right)
    assert (one > other) == (left > right)
    assert Money.of(one.amount, "EUR") == one
    assert str(one) == f"{micro_text(left)} EUR"


def test_currencies_do_not_mix() -> None:
    euro, dollar = Money(1, "EUR"), Money(1, "USD")
    assert euro != dollar
    for mixed in (
        lambda: euro + dollar,
        lambda: euro - dollar,
        lambda: euro < dollar,
        lambda: euro <= dollar,
        lambda: euro > dollar,
    ):
        with pytest.raises(ValueError, match="do not mix"):
            mixed()


# The N set of reliability.md 6, and the forms people type: text, price, amount. None is refused.
NUMBERS: list[tuple[str, str | None, str | None]] = [
    ("0", "0", "0"),
    ("-0", "0", "0"),
    ("-1", "-1", "-1"),
    ("+1", "1", "1"),
    ("−1", "-1", "-1"),
    ("1e3", None, None),
    ("1E-7", None, None),
    ("1e999", None, None),
    ("NaN", None, None),
    ("sNaN", None, None),
    ("Infinity", None, None),
    ("-Infinity", None, None),
    ("0x10", None, None),
    ("1_000", None, None),
    ("' 12\n'", None, None),
    (" 12\n", None, None),
    (" 12 ", "12", "12"),
    ("٤٤", None, None),
    ("１２", None, None),
    ("²", None, None),
    ("1,5", "1.5", "1.5"),
    ("1.5", "1.5", "1.5"),
    ("1.234,56", "1234.56", "1234.56"),
    ("1,234.56", "1234.56", "1234.56"),
    ("1'234.5", "1234.5", "1234.5"),
    ("1’234’567.5", None, "1234567.5"),
    ("1\u00a0234", "1234", "1234"),
    ("1\u202f234,5", "1234.5", "1234.5"),
    (".5", "0.5", "0.5"),
    ("5.", "5", None),
    ("00012", "12", "12"),
    ("9" * 19, None, None),
    ("9" * 5000, None, None),
    ("2147483648", None, None),
    ("9007199254740993", None, None),
    ("9223372036854775807", None, None),
    ("9223372036854775808", None, None),
    ("0.0000001", None, None),
    ("0.1234567", None, None),
    ("0.29", "0.29", "0.29"),
    ("true", None, None),
    ("null", None, None),
    ('"12"', None, None),
    ("[12]", None, None),
    ("", None, None),
    (" ", None, None),
    ("-", None, None),
    (".", None, None),
    (",", None, None),
    ("--1", None, None),
    ("+-1", None, None),
    ("1-", None, None),
    ("1.234", "1.234", "1234"),
    ("1,234", "1.234", "1234"),
    ("1.234.567", None, "1234567"),
    ("1.2.3", None, None),
    ("1,2,3", None, None),
    ("1,234,56", None, None),
    ("1.234,567,8", None, None),
    ("0.1234", "0.1234", "0.1234"),
    ("0,1234", "0.1234", None),
    ("0.500", "0.5", None),
    ("0,500", "0.5", None),
    ("50.000000", "50", "50"),
    ("0.123400", "0.1234", "0.1234"),
    ("€ 5", "5", "5"),
    ("5,00 €", "5", "5"),
    ("-€5", "-5", "-5"),
    ("€-5", "-5", "-5"),
    ("25 %", "25", "25"),
    ("5€5", None, None),
    ("5%5", None, None),
    ("1'5", None, None),
    ("'5", None, None),
    ("5'", None, None),
    ("12'34'567", None, None),
    ("5 EUR", None, None),
    ("=1+1", None, None),
    ("1\0", None, None),
    ("1\u202e2", None, None),
]


@pytest.mark.parametrize(("text", "price", "amount"), NUMBERS, ids=[repr(text)[:20] for text, _, _ in NUMBERS])
def test_what_is_typed_is_understood_or_refused(text: str, price: str | None, amount: str | None) -> None:
    for parse, expected in ((parse_price, price), (parse_amount, amount)):
        if expected is None:
            with pytest.raises(InvalidInput):
                parse(text)
        else:
            assert parse(text) == Decimal(expected)


@settings(deadline=None)
@given(st.integers(-MAX_PRICE_MICRO, MAX_PRICE_MICRO))
def test_a_price_is_understood_in_every_language(micro: int) -> None:
    plain = micro_text(micro)
    whole, _, fraction = plain.partition(".")
    grouped = f"{int(whole):,}" if abs(micro) >= MICRO else whole
    expected = amount_of(micro)
    assert parse_price(plain) == expected
    assert parse_price(plain.replace(".", ",")) == expected
    assert parse_price(f"{grouped}.{fraction}") == expected
    assert parse_price(f"{grouped.replace(',', '.')},{fraction}") == expected
    assert parse_price(f"{grouped.replace(',', ' ')},{fraction} €") == expected
    assert parse_price(f"{grouped.replace(',', chr(39))}.{fraction}") == expected


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_an_amount_is_understood_in_every_language(whole: int, cents: int) -> None:
    whole = max(-(10**9) + 1, min(10**9 - 1, whole))
    expected = Decimal(f"{whole}.{cents:02d}")
    for grouped in (f"{whole}", f"{whole:,}"):
        assert parse_amount(f"{grouped}.{cents:02d}") == expected
        assert parse_amount(f"{grouped.replace(',', '.')},{cents:02d}") == expected
    assert parse_amount(f"{whole:,}") == whole
    assert parse_amount(f"{whole:,}".replace(",", ".")) == whole
    assert parse_amount(f"{expected:f}0000") == expected


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_a_number_or_a_sentence(text: str) -> None:
    for parse in (parse_price, parse_amount):
        try:
            value = parse(text)
        except InvalidInput:
            continue
        assert micro_exact(value) == micro_half_up(value)


@pytest.mark.parametrize(("text", "code"), [("EUR", "EUR"), (" usd ", "USD"), ("try", "TRY")])
def test_a_currency_is_recognised(text: str, code: str) -> None:
    assert parse_currency(text) == code


@pytest.mark.parametrize("text", ["", "EU", "XXX", "XAU", "€", "EURO", "E UR", "ＥＵＲ", "A" * 5000])
def test_what_is_no_currency_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_currency(text)
    assert caught.value.fields["currency"] == caught.value.user_message
    assert len(caught.value.user_message) < 120


def test_the_currency_table_holds_codes() -> None:
    assert len(CURRENCIES) > 140
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
