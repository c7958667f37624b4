"""Usability check 14: compose to a country that needs pre-approval: named, with what is missing; not sent, not charged; Request."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.draft_contents import Writing
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.review_dialog import ReviewDialog
from desktop_app.views.screens.compose.screen import ComposeScreen
from tests.fixtures.application import Desk, german

TURKISH = ("+905321234560", "+905321234561")


def test_the_numbers_there_are_not_sent_and_request_opens_a_filled_form(
    place: Workplace, sqlite_desk: Desk, qtbot: QtBot, said: Any
) -> None:
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    gone: list[Address] = []
    place.navigator.arrived.connect(gone.append)
    numbers = "\n".join([*german(3), *TURKISH])
    screen.show_writing(Writing(client="Aurora", country="DE", typed=numbers, text="Hello"), ())
    qtbot.waitUntil(lambda: screen.checked is not None and screen.checker.is_settled)

    panel = screen.view.cost
    lines = dict(panel.senders.lines)
    assert lines["Germany"] == "AURORA is shown as the sender."
    assert lines["Türkiye: needs pre-approval"].startswith("3 documents missing: ") or (
        "missing: " in lines["Türkiye: needs pre-approval"]
    )
    assert lines["Türkiye: needs pre-approval"].endswith("2 numbers will not be sent.")
    rows = [[panel.model.index(row, column).data() for column in range(5)] for row in range(panel.model.rowCount())]
    assert rows == [["Germany", "3", "1", "0.0600", "0.18"], ["Türkiye", "2", "", "", "not sent"]]
    assert panel.total.text() == "€0.18"

    QTest.mouseClick(panel.senders.request_buttons["TR"], Qt.MouseButton.LeftButton)
    assert gone[-1].text == "senders?client=Aurora&sender=AURORA&country=TR"

    screen.review()
    dialog = screen.flow.dialog
    assert isinstance(dialog, ReviewDialog)
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sqlite_desk.statuses() == {"queued": 3})
    assert sqlite_desk.query("SELECT amount_micro FROM ledger_transfer WHERE kind = 'hold'") == [(180_000,)]
