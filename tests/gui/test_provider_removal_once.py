"""Removing an account asks once, however often the key is pressed before the plan of it is there."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.views.dialogs.question import Question
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.providers import ProvidersScreen


def test_pressed_twice_it_asks_once_and_may_be_asked_again(place: Workplace, qtbot: QtBot) -> None:
    screen = ProvidersScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: screen.current is not None)
    remove = place.commands.action("providers.remove")

    remove.trigger()
    remove.trigger()
    qtbot.waitUntil(lambda: screen.question is not None and not place.tasks.is_busy)

    assert questions() == [screen.question]
    questions()[0].reject()
    assert screen.question is None
    remove.trigger()
    qtbot.waitUntil(lambda: len(questions()) == 1)


def questions() -> list[Question]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, Question) and one.isVisible()]
