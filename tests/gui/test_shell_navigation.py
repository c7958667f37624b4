"""Going around in the window: sidebar, breadcrumb, back and forward, regions, narrow windows, the sandbox mark."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.services.job import Job
from desktop_app.views.main_window import MainWindow
from desktop_app.views.shell.mode import read_mode
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate

LEFT = Qt.MouseButton.LeftButton
CONTROL, ALT, SHIFT = (Qt.KeyboardModifier[f"{name}Modifier"] for name in ("Control", "Alt", "Shift"))


def shown(window: MainWindow) -> str:
    screen = window.screens.shown
    return screen.name if screen is not None else ""


def test_every_screen_is_listed_with_its_own_title_and_icon(window: MainWindow) -> None:
    for place in window.shell.places:
        screen = window.screens.screen(place.name)
        assert (screen.title, screen.icon) == (place.title, place.icon)
        assert (place.name in window.frame.sidebar.entries) is not bool(place.parent)


def test_the_sidebar_goes_there_and_the_window_says_where_it_is(window: MainWindow) -> None:
    QTest.mouseClick(window.frame.sidebar.entries["activity"], LEFT)

    assert shown(window) == "activity"
    assert window.frame.top_bar.breadcrumb.steps == ["Analyse", "Activity"]
    assert window.windowTitle() == "Activity – SMS Desk"
    assert window.frame.sidebar.entries["activity"].isChecked()
    assert not window.frame.sidebar.entries["prices"].isChecked()


@pytest.mark.parametrize(
    ("key", "name"), [(Qt.Key.Key_4, "prices"), (Qt.Key.Key_8, "activity"), (Qt.Key.Key_9, "providers"),
                      (Qt.Key.Key_Comma, "settings")],
)  # fmt: skip
def test_each_screen_has_a_key(window: MainWindow, key: Qt.Key, name: str) -> None:
    window.navigator.go("activity" if name != "activity" else "prices")

    QTest.keyClick(window, key, CONTROL)

    assert shown(window) == name


def test_back_and_forward_by_keys_and_buttons(window: MainWindow) -> None:
    top = window.frame.top_bar
    assert not top.back.isEnabled()
    window.navigator.go("activity")
    window.navigator.go("providers")

    QTest.keyClick(window, Qt.Key.Key_Left, ALT)
    QTest.mouseClick(top.back, LEFT)
    assert shown(window) == "prices"
    assert not top.back.isEnabled()
    QTest.mouseClick(top.forward, LEFT)
    QTest.keyClick(window, Qt.Key.Key_Right, ALT)

    assert shown(window) == "providers"
    assert not top.forward.isEnabled()


def test_a_screen_below_another_is_reached_by_its_address_and_left_by_the_breadcrumb(window: MainWindow) -> None:
    window.navigator.go("bulk?scope=eu")
    crumbs = window.frame.top_bar.breadcrumb

    assert crumbs.steps == ["Sell", "Prices", "Bulk edit"]
    assert window.frame.sidebar.entries["prices"].isChecked()
    QTest.mouseClick(next(one for one in crumbs.findChildren(QPushButton) if one.text() == "Prices"), LEFT)

    assert shown(window) == "prices"


def test_an_address_that_names_nothing_changes_nothing(window: MainWindow) -> None:
    window.navigator.go("nowhere/42")

    assert shown(window) == "prices"


def test_f6_visits_each_region_and_comes_back_to_the_same_place(window: MainWindow) -> None:
    activate(window)
    window.screens.screen("prices").first_focus().setFocus()
    start = QApplication.focusWidget()
    visited = []

    for _ in range(20):
        QTest.keyClick(window, Qt.Key.Key_F6)
        visited.append(QApplication.focusWidget())
        if visited[-1] is start:
            break

    assert visited[-1] is start
    assert any(window.frame.sidebar.isAncestorOf(widget) for widget in visited if widget)
    assert any(window.frame.top_bar.isAncestorOf(widget) for widget in visited if widget)
    QTest.keyClick(window, Qt.Key.Key_F6, SHIFT)
    assert QApplication.focusWidget() is (visited[-2] if len(visited) > 1 else start)


def test_a_narrow_window_shows_icons_that_still_have_names(window: MainWindow, qtbot: QtBot) -> None:
    entry = window.frame.sidebar.entries["prices"]
    assert entry.text() == "Prices"

    window.resize(1150, 700)
    assert entry.text() == ""
    assert entry.accessibleName() == "Prices"
    assert "Prices" in entry.toolTip()
    window.resize(1300, 800)
    assert entry.text() == "Prices"


def test_the_sidebar_collapses_by_its_key_and_stays_collapsed(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_Backslash, CONTROL)
    assert window.frame.sidebar.is_narrow
    window.resize(1500, 900)
    assert window.frame.sidebar.is_narrow

    window.commands.action("view.sidebar").trigger()

    assert not window.frame.sidebar.is_narrow


def test_drafts_and_badges_are_told_to_everybody(window: MainWindow) -> None:
    entry, screen = window.frame.sidebar.entries["providers"], window.screens.screen("providers")

    screen.badge_changed.emit(3, "danger")
    assert (entry.badge, entry.accessibleDescription()) == (3, "3")
    screen.badge_changed.emit(0, "danger")

    assert (entry.badge, entry.accessibleDescription()) == (0, "")


def test_a_provider_on_this_computer_carries_the_sandbox_mark(window: MainWindow, sqlite_desk: Desk) -> None:
    parts = window.place.parts
    assert read_mode(parts, Job()).is_sandbox

    sqlite_desk.query("UPDATE provider SET base_url = 'https://api.twilio.com'")
    live = parts.__class__(**{**{name: getattr(parts, name) for name in parts.__slots__}, "sandbox": False})
    mode = read_mode(live, Job())

    assert not mode.is_sandbox
    assert mode.text == "Live · Main"
    sqlite_desk.query("UPDATE provider SET base_url = 'http://127.0.0.1:9/twilio'")
    assert read_mode(live, Job()).text == "Sandbox · nothing is sent"


def test_the_mark_is_on_every_screen(window: MainWindow, qtbot: QtBot) -> None:
    for place in window.shell.places:
        window.navigator.go(place.name)
        assert window.frame.stripes.isVisible()
        assert window.frame.status_bar.mode.text() == "Sandbox · nothing is sent"
