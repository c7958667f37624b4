"""Usability check 13: paste text with — “ ” and take the suggestion, from Compose in one action; one Ctrl+Z restores."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.draft_contents import Writing
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.screen import ComposeScreen
from tests.fixtures.application import german
from tests.fixtures.windows import activate

CTRL = Qt.KeyboardModifier.ControlModifier
TEXT = "Your winter offer is ready — 20% off all flights until 31 December with the code “SUN20”."


def test_segments_and_money_are_shown_before_and_one_undo_restores(
    place: Workplace, qtbot: QtBot, actions: Any
) -> None:
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    activate(screen)
    screen.show_writing(Writing(client="Aurora", country="DE", typed="\n".join(german(10))), ())
    view = screen.view
    view.message.setFocus()
    QGuiApplication.clipboard().setText(TEXT)
    QTest.keyClick(view.message, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: "save" in view.suggestion.detail.text())

    # 88 characters are 2 segments in UCS-2 and 1 in GSM-7: ten messages at 0.06.
    assert view.segments.text() == "2 segments"
    assert "— “ ”" in view.suggestion.title.text()
    assert view.suggestion.detail.text() == 'Replace with - " " to send 1 segment in GSM-7 and save €0.60.'
    assert view.message.tip_of(TEXT.index("—")).startswith("“—” (U+2014) needs Unicode.")
    assert view.message.text == TEXT

    actions.key(view.message, Qt.Key.Key_Period, CTRL)

    assert actions.count == 1
    assert view.message.text == TEXT.replace("—", "-").replace("“", '"').replace("”", '"')
    assert (view.segments.text(), view.encoding.text()) == ("1 segment", "GSM-7")
    assert not view.suggestion.isVisible()
    QTest.keyClick(view.message, Qt.Key.Key_Z, CTRL)
    assert view.message.text == TEXT
    assert view.segments.text() == "2 segments"


@pytest.mark.parametrize("text", ["Şubat indirimi başladı. " * 4, "Grüße für Łódź. " * 5])
def test_letters_are_never_stripped_silently(place: Workplace, qtbot: QtBot, text: str) -> None:
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    screen.view.message.setPlainText(text)
    bar = screen.view.suggestion
    assert bar.isVisible()
    assert bar.take_button.text() == "Write without accents"
    assert "changes the text" in bar.detail.text()
    QTest.mouseClick(bar.keep_button, Qt.MouseButton.LeftButton)
    assert screen.view.message.text == text
    assert not bar.isVisible()
    screen.view.message.setPlainText("Şubat")  # one segment either way: nothing would be saved
    assert not bar.isVisible()
