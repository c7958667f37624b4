"""Every screen without a mouse and without eyes: names, the way of Tab, sizes of what is clicked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)

from desktop_app.views.main_window import MainWindow

OPERATED = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QAbstractSpinBox, QPlainTextEdit, QProgressBar)
SMALLEST_TARGET = 24
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def operated(area: QWidget) -> list[QWidget]:
    """What a person can operate in ``area`` just now; the inner parts of native controls are theirs."""
    found = [widget for kind in OPERATED for widget in area.findChildren(kind) if widget.isVisible()]
    inner = (QComboBox, QAbstractSpinBox, QLineEdit)
    return [one for one in found if not isinstance(one, QHeaderView) and not isinstance(one.parentWidget(), inner)]


def name_of(widget: QWidget) -> str:
    return str(QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name))


@pytest.mark.parametrize("screen", ["prices", "bulk", "activity", "providers", "settings"])
def test_everything_that_is_operated_has_a_name(window: MainWindow, screen: str) -> None:
    window.navigator.go(screen)
    QApplication.processEvents()

    nameless = [f"{type(one).__name__} {one.objectName()}" for one in operated(window) if not name_of(one).strip()]

    assert nameless == []
    assert len(operated(window)) > 12


@pytest.mark.parametrize("screen", ["prices", "bulk", "activity", "providers", "settings"])
def test_targets_are_large_enough(window: MainWindow, screen: str) -> None:
    window.navigator.go(screen)
    QApplication.processEvents()

    small = [
        f"{type(one).__name__} {name_of(one)} {one.width()}x{one.height()}"
        for one in operated(window)
        if isinstance(one, QAbstractButton | QLineEdit | QComboBox) and min(one.width(), one.height()) < SMALLEST_TARGET
    ]

    assert small == []


def test_tab_reaches_everything_of_the_frame_and_returns(window: MainWindow) -> None:
    window.activateWindow()
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
    assert {name_of(one) for one in wanted - set(reached)} == set()


def test_panels_that_are_open_are_named_too(window: MainWindow) -> None:
    window.shell.notify("11 costs changed", address="prices")
    window.shell.jobs_panel.open()
    window.shell.notifications_panel.open()
    window.shell.palette.open()

    for panel in (window.shell.jobs_panel, window.shell.notifications_panel, window.shell.palette):
        assert panel.accessibleName()
        assert [type(one).__name__ for one in operated(panel) if not name_of(one).strip()] == []
