"""Usability check 15: send with too little credit: nothing is sent, the shortfall in euros, top up and partial send offered."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.draft_contents import Writing
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.review_dialog import ReviewDialog
from desktop_app.views.screens.compose.screen import ComposeScreen
from tests.fixtures.application import Desk, german
from tests.fixtures.windows import activate

BRITISH = ("+447400123450", "+447400123451")


@pytest.fixture
def short(place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> ComposeScreen:
    """Four German numbers at 0.06 and two British at 0.036 for 0.312 EUR, with 0.30 EUR of credit."""
    sqlite_desk.application.credits.adjust("Aurora", Decimal("-99.7"), reason="a correction", actor="anna")
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    activate(screen)
    typed = "\n".join([*german(4), *BRITISH])
    screen.show_writing(Writing(client="Aurora", country="DE", typed=typed, text="Hello"), ())
    qtbot.waitUntil(lambda: screen.checked is not None and screen.checker.is_settled)
    return screen


def test_nothing_is_sent_and_the_ways_out_are_offered(
    short: ComposeScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    panel = short.view.cost
    assert panel.state.text == "Not enough credit"
    # 0.012: never less than what is missing.
    assert panel.shortfall.text() == "€0.02 short for this send."
    assert panel.partial_button.text() == "Send to 5 of 6 (cheapest first)"

    QTest.keyClick(short, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert short.flow.dialog is None
    assert short.view.footer_text.text() == "Not enough credit"
    assert panel.partial_button.hasFocus()
    assert sqlite_desk.statuses() == {}

    gone: list[Address] = []
    place.navigator.arrived.connect(gone.append)
    QTest.mouseClick(panel.top_up_button, Qt.MouseButton.LeftButton)
    assert gone[-1] == Address("clients", "Aurora", {"top_up": "0.012000"})


def test_the_cheapest_five_are_sent_for_what_was_shown(short: ComposeScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    panel = short.view.cost
    QTest.mouseClick(panel.partial_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.total.text() == "€0.26")
    assert short.view.send_button.text() == "Review and send to 5"
    short.review()
    dialog = short.flow.dialog
    assert isinstance(dialog, ReviewDialog)
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sqlite_desk.statuses() == {"queued": 5})

    sent = {number for (number,) in sqlite_desk.query("SELECT number FROM message")}
    assert sent == {*german(3), *BRITISH}
    assert sqlite_desk.query("SELECT amount_micro FROM ledger_transfer WHERE kind = 'hold'") == [(252_000,)]
    assert sqlite_desk.money() == (Decimal("0.048"), Decimal("0.252"))
