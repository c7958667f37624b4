"""Usability check 7, prices: "1.234" and "1,234" are one and a bit in every language, and ten times the price is asked about."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.domain import language
from desktop_app.views.models.price_columns import Column
from desktop_app.views.screens.prices import PricesScreen


@pytest.fixture(params=["en", "tr", "de"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    """A language with its marks in numbers; the texts stay as they are in the code."""
    before = language.language_in_force()
    language.install_translator(str, language=request.param)
    yield request.param
    language.install_translator(str, language=before)


@pytest.mark.parametrize("typed", ["1.234", "1,234"])
def test_it_is_never_a_thousand_times_too_high(prices: PricesScreen, spoken: str, typed: str) -> None:
    prices.table.go_to("DE", Column.PRICE)
    QTest.keyClicks(prices.table, typed[0])
    field = prices.table.delegate.field
    assert field is not None
    QTest.keyClicks(field, typed[1:])

    QTest.keyClick(field, Qt.Key.Key_Return)
    mark = "." if spoken == "en" else ","
    question = prices.table.delegate.note.text
    assert question == f"0{mark}0600 → 1{mark}2340? 20 times the old price."
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert prices.draft.edits["DE"].after == 1_234_000
