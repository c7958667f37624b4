"""The menu bar and the help sheet are made from the registry of commands, and so list everything there is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.views.commands import Commands, Menu
from desktop_app.views.main_window import MainWindow
from desktop_app.views.shell.help_sheet import HelpSheet
from tests.fixtures.windows import activate, make_every_screen

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def test_it_lists_every_command_that_belongs_to_a_menu(window: MainWindow) -> None:
    make_every_screen(window)
    listed = {action.objectName() for menu in window.shell.menus.menus.values() for action in menu.actions()}

    assert listed == {command.name for command in window.commands.all() if command.menu is not None}
    assert all(menu.actions() for menu in window.shell.menus.menus.values())


def test_it_is_hidden_until_alt_is_pressed_alone(window: MainWindow) -> None:
    activate(window)
    bar = window.shell.menus.bar
    assert not bar.isVisible()

    QTest.keyClick(window, Qt.Key.Key_Left, ALT)
    assert not bar.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Alt)
    assert bar.isVisible()
    window.shell.menus.menus[Menu.FILE].close()
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    window.screens.screen("prices").first_focus().setFocus()

    assert not bar.isVisible()


def test_it_can_stay(window: MainWindow) -> None:
    window.commands.action("view.menu_bar").trigger()
    assert window.shell.menus.bar.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Alt)
    window.screens.screen("prices").first_focus().setFocus()

    assert window.shell.menus.bar.isVisible()


def test_its_commands_run_and_show_their_screen_first(window: MainWindow) -> None:
    make_every_screen(window)
    window.navigator.go("activity")

    next(one for one in window.shell.menus.menus[Menu.VIEW].actions() if one.objectName() == "view.sidebar").trigger()
    window.commands.action("settings.search").trigger()

    assert window.frame.sidebar.is_narrow
    assert window.screens.shown is window.screens.screen("settings")


def test_f1_lists_every_shortcut(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = next(one for one in QApplication.topLevelWidgets() if isinstance(one, HelpSheet) and one.isVisible())

    listed = dict(sheet.shown)
    assert listed["Undo"] == "Ctrl+Z"
    assert len(sheet.shown) == sum(not command.action.shortcut().isEmpty() for command in window.commands.all())
    QTest.keyClicks(sheet.field, "side")
    assert [text for text, _ in sheet.shown] == ["Collapse sidebar"]
    QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_help_button_opens_the_list_too(window: MainWindow) -> None:
    QTest.mouseClick(window.frame.status_bar.help, Qt.MouseButton.LeftButton)

    sheets = [one for one in QApplication.topLevelWidgets() if isinstance(one, HelpSheet) and one.isVisible()]
    assert len(sheets) == 1
    window.shell.close_help()


@pytest.mark.parametrize("keys", ["B", "F", "Shift+A", "Space", "Return"])
def test_a_key_that_is_typed_needs_a_list_or_table(qtbot: QtBot, keys: str) -> None:
    table = QTableView()
    qtbot.addWidget(table)
    commands = Commands()

    with pytest.raises(ValueError, match="steal"):
        commands.add("a.b", "A", bool, keys=keys)
    action = commands.add("a.b", "A", bool, keys=keys, scope=table)

    assert action.shortcutContext() is Qt.ShortcutContext.WidgetShortcut


def test_a_command_of_something_unseen_is_announced_before_it_runs(qtbot: QtBot) -> None:
    scope = QWidget()
    qtbot.addWidget(scope)
    commands, order = Commands(), list[object]()
    commands.wanted.connect(order.append)
    action = commands.add("a.b", "A", lambda: order.append("ran"), scope=scope)

    action.trigger()
    scope.show()
    action.trigger()

    assert order == [scope, "ran", "ran"]
