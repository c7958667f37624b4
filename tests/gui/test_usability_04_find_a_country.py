"""Usability check 4: Türkiye is found by its name without marks, its dialling code and its mobile country code, two actions each."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.prices import PricesScreen
from tests.fixtures.windows import activate
from tests.gui.conftest import Actions


@pytest.mark.parametrize("typed", ["turkiye", "+90", "286"])
def test_it_is_the_first_row_after_two_actions(window: MainWindow, actions: Actions, qtbot: QtBot, typed: str) -> None:
    screen = window.screens.get(PricesScreen)
    activate(window)
    screen.table.setFocus()

    actions.key(screen.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    actions.type(screen.filter_field, typed)

    qtbot.waitUntil(lambda: screen.model.shown_countries == 1)
    assert screen.model.line(0).name == "Türkiye"
    assert actions.count <= 2
