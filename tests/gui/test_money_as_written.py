"""Amounts as a person reads them: what is paid is never shown too low, what is left never too high, in the marks of the language."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.translations import speak
from desktop_app.views.models.credit_texts import charge_text, credit_text
from desktop_app.views.moments import money_text


def _cents(text: str) -> int:
    return int(text.removeprefix("€").replace(",", "").replace(".", "").replace("−", "-"))


@given(st.integers(0, 10**9), st.integers(0, 10**13))
def test_credit_less_what_is_paid_is_what_is_left(cents: int, paid: int) -> None:
    left = credit_text(cents * 10_000 - paid, "EUR")
    sign = -1 if left.startswith("−") else 1

    assert cents - _cents(charge_text(paid, "EUR")) == sign * _cents(left.removeprefix("−"))


def test_a_part_of_a_cent_is_paid_as_a_cent() -> None:
    assert [charge_text(micro, "EUR") for micro in (0, 1, 10_000, 672_500)] == ["€0.00", "€0.01", "€0.01", "€0.68"]
    assert charge_text(672_500, "") == "0.68"


def test_money_has_the_marks_of_the_language() -> None:
    speak("de")
    assert money_text(Decimal("-4210.405"), "EUR") == "−€4.210,40"
    assert charge_text(4_210_400_000, "EUR") == "€4.210,40"
