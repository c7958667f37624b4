"""Usability check 16: press Send twice quickly in the review: one job, one charge."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.services.draft_contents import Writing
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.review_dialog import ReviewDialog
from desktop_app.views.screens.compose.screen import ComposeScreen
from tests.fixtures.application import Desk, german
from tests.fixtures.windows import activate

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(place: Workplace, qtbot: QtBot) -> ReviewDialog:
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    screen.show_writing(Writing(client="Aurora", country="DE", typed="\n".join(german(5)), text="Hello"), ())
    qtbot.waitUntil(lambda: screen.checked is not None and screen.checker.is_settled)
    screen.review()
    shown = screen.flow.dialog
    assert isinstance(shown, ReviewDialog)
    return shown


def _is_one_charge(desk: Desk) -> bool:
    return (
        desk.statuses() == {"queued": 5}
        and desk.query("SELECT COUNT(*) FROM batch") == [(1,)]
        and desk.query("SELECT amount_micro FROM ledger_transfer WHERE kind = 'hold'") == [(300_000,)]
    )


def test_a_double_click_sends_once(dialog: ReviewDialog, place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> None:
    QTest.mouseDClick(dialog.send_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(sqlite_desk.statuses()) and not place.tasks.is_busy)
    assert _is_one_charge(sqlite_desk)
    sqlite_desk.assert_sound()


def test_pressing_the_key_twice_sends_once(
    dialog: ReviewDialog, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    activate(dialog)
    for _ in range(3):
        QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(sqlite_desk.statuses()) and not place.tasks.is_busy)
    assert _is_one_charge(sqlite_desk)


def test_two_orders_of_one_draft_are_one_batch(
    dialog: ReviewDialog, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    """Even if the window asked twice, the database knows the draft's key."""
    send = dialog._send
    send("first")
    send("second")
    qtbot.waitUntil(lambda: bool(sqlite_desk.statuses()) and not place.tasks.is_busy)
    assert _is_one_charge(sqlite_desk)


def test_the_dialog_itself_asks_once(place: Workplace, qtbot: QtBot) -> None:
    sent: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    shown = ReviewDialog(
        place.theme, parent, 5, (), is_large=False, is_scheduled=False, reason="why", send=sent.append
    )  # fmt: skip
    shown.agree()
    shown.agree()
    assert sent == ["why"]
