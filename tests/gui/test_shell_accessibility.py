"""Every screen without a mouse and without eyes: names, the way of Tab, sizes of what is clicked."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from tests.fixtures.windows import activate

Named = Callable[[QWidget], dict[QWidget, str]]
SMALLEST_TARGET = 24
PAGES = ("general", "appearance", "service", "prices", "rates", "data", "keyboard", "about")
ADDRESSES = (
    "prices", "prices/DE", "bulk?scope=eu&rule=raise_margin&value=5", "activity", "providers", "providers?add=1",
    *(f"settings/{page}" for page in PAGES),
)  # fmt: skip


def test_everything_that_is_operated_has_a_name_and_is_large_enough(
    window: MainWindow, named: Named, qtbot: QtBot
) -> None:
    window.resize(1440, 900)
    frame, wrong = len(named(window.frame.sidebar)) + len(named(window.frame.top_bar)), []
    for address in ADDRESSES:
        window.navigator.go(address)
        qtbot.waitUntil(lambda: not window.place.tasks.is_busy)
        QApplication.processEvents()
        names = named(window)
        assert len(names) > frame > 0, address
        wrong += [f"{address}: {type(one).__name__} {one.objectName()} has no name" for one in names if not names[one]]
        wrong += [f"{address}: {names[one]} is {one.width()}x{one.height()}" for one in names if _is_small(one)]

    assert wrong == []


def _is_small(widget: QWidget) -> bool:
    is_target = isinstance(widget, QAbstractButton | QLineEdit | QComboBox)
    return is_target and min(widget.width(), widget.height()) < SMALLEST_TARGET


@pytest.mark.parametrize("kind", [QToolButton, QPushButton, QLineEdit, QSlider, QListView, QProgressBar])
def test_what_has_no_name_is_noticed(window: MainWindow, named: Named, kind: type[QWidget]) -> None:
    added = kind(window.frame.sidebar)
    added.setGeometry(0, 0, 40, 40)
    added.show()

    assert named(window)[added] == ""


def test_tab_reaches_everything_of_the_frame_and_returns(window: MainWindow) -> None:
    activate(window)
    window.navigator.go("activity")
    frame = window.frame
    wanted = {
        one
        for area in (frame.sidebar, frame.top_bar, frame.status_bar)
        for one in area.findChildren(QAbstractButton)
        if one.isVisible() and one.isEnabled()
    }
    start = frame.sidebar.entries["activity"]
    start.setFocus()
    reached = [QApplication.focusWidget()]

    for _ in range(300):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
        if reached[-1] is start:
            break

    assert reached[-1] is start
    assert wanted <= set(reached)


def test_panels_that_are_open_are_named_too(window: MainWindow, named: Named) -> None:
    window.shell.notify("11 costs changed", address="prices")
    window.shell.jobs_panel.open()
    window.shell.notifications_panel.open()
    window.shell.palette.open()

    for panel in (window.shell.jobs_panel, window.shell.notifications_panel, window.shell.palette):
        assert panel.accessibleName()
        assert [type(one).__name__ for one, name in named(panel).items() if not name] == []
