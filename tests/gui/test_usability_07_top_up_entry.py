"""Usability check 7, top-ups: "1,000" and "1.000" are one thousand in every language, and said back before they are booked."""

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain import language
from desktop_app.domain.money import MICRO
from desktop_app.views.dialogs.top_up import TopUpDialog
from desktop_app.views.screen import Workplace


@pytest.fixture(params=["en", "tr", "de"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    """A language with its marks in numbers; the texts stay as they are in the code."""
    before = language.language_in_force()
    language.install_translator(str, language=request.param)
    yield request.param
    language.install_translator(str, language=before)


@pytest.fixture
def dialog(place: Workplace, qtbot: QtBot) -> Iterator[TopUpDialog]:
    """The dialog for a client with 100 EUR."""
    parent = QWidget()
    qtbot.addWidget(parent)
    yield TopUpDialog(place, parent, place.parts.client_accounts.page("Aurora"))
    parent.close()


@pytest.mark.parametrize("typed", ["1,000", "1.000"])
def test_both_are_one_thousand_and_said_back(dialog: TopUpDialog, spoken: str, typed: str, qtbot: QtBot) -> None:
    QTest.keyClicks(dialog.amount.line, typed)

    assert dialog.amount.micro == 1_000 * MICRO
    thousand, more = ("1,000.00", "1,100.00") if spoken == "en" else ("1.000,00", "1.100,00")
    assert dialog.amount.echo.text() == f"= €{thousand} · credit after €{more}"
    assert dialog.book_button.text() == f"Top up €{thousand}"


@pytest.mark.parametrize("typed", ["1,0000", "1.00.0", "12,34,5", "1 euro", "--1"])
def test_what_may_be_either_is_none_and_cannot_be_booked(
    dialog: TopUpDialog, place: Workplace, spoken: str, typed: str, qtbot: QtBot
) -> None:
    QTest.keyClicks(dialog.amount.line, typed)
    dialog.book()

    assert dialog.amount.micro is None
    assert "is not an amount" in dialog.amount.echo.text()
    assert place.parts.credits.balance("Aurora").posted == 100 * MICRO


def test_an_amount_given_by_the_program_is_read_back_in_every_language(dialog: TopUpDialog, spoken: str) -> None:
    for micro in (100 * MICRO, 1_234_567_890_000, 123_456, 500_000, 1_000_001):
        dialog.amount.show_amount(micro)
        assert dialog.amount.micro == micro, dialog.amount.line.text()
