"""What nobody expected reaches the crash dialog, from wherever it comes; the window lives on."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.services.job import Job
from desktop_app.views.shell.crash import CrashDialog, CrashReporter
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def reporter(theme: Theme, qtbot: QtBot) -> Iterator[CrashReporter]:
    before = sys.excepthook, threading.excepthook
    made = CrashReporter(theme)
    made.install()
    yield made
    sys.excepthook, threading.excepthook = before
    if made.dialog is not None:
        made.dialog.close()


def dialog_of(reporter: CrashReporter, qtbot: QtBot) -> CrashDialog:
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    assert reporter.dialog is not None
    return reporter.dialog


class Painter(QWidget):
    """Cannot be painted."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        raise ArithmeticError("cannot be painted")


def test_an_exception_of_a_slot(reporter: CrashReporter, qtbot: QtBot, expected_log: list[logging.LogRecord]) -> None:
    button = QPushButton("press")
    qtbot.addWidget(button)
    button.clicked.connect(lambda: 1 / 0)
    button.show()

    QTest.mouseClick(button, LEFT)

    dialog = dialog_of(reporter, qtbot)
    assert "ZeroDivisionError" in dialog.details.toPlainText()
    assert dialog.number in expected_log[0].getMessage()
    QTest.mouseClick(dialog.more, LEFT)
    assert dialog.details.isVisible()
    QTest.mouseClick(dialog.copy, LEFT)
    assert QGuiApplication.clipboard().text().startswith(f"{dialog.number}\nTraceback")
    QTest.mouseClick(dialog.go_on, LEFT)
    assert reporter.dialog is None


@pytest.mark.usefixtures("expected_log")
def test_what_fails_at_every_paint_opens_one_dialog(reporter: CrashReporter, qtbot: QtBot) -> None:
    broken = Painter()
    qtbot.addWidget(broken)
    broken.show()
    dialog = dialog_of(reporter, qtbot)

    broken.update()
    qtbot.waitUntil(lambda: reporter.met > 1)

    assert reporter.dialog is dialog


@pytest.mark.usefixtures("expected_log")
def test_an_exception_of_a_thread_and_of_a_task(reporter: CrashReporter, tasks: TaskRunner, qtbot: QtBot) -> None:
    tasks.crashed.connect(reporter.report)
    thread = threading.Thread(target=lambda: [][1])
    thread.start()
    thread.join()
    dialog = dialog_of(reporter, qtbot)
    assert "IndexError" in dialog.details.toPlainText()
    dialog.accept()

    def fail(_job: Job) -> None:
        raise LookupError("a bug")

    tasks.query(fail, owner=tasks, on_success=bool)

    qtbot.waitUntil(lambda: reporter.dialog is not None)
    assert "a bug" in dialog_of(reporter, qtbot).details.toPlainText()


@pytest.mark.usefixtures("expected_log")
def test_the_details_show_no_secret(reporter: CrashReporter, qtbot: QtBot) -> None:
    secret = "0123456789abcdef0123456789abcdef"

    reporter.report(ValueError(f"token {secret} for +4915112345678"))

    shown = dialog_of(reporter, qtbot).details.toPlainText()
    assert secret not in shown
    assert "15112345678" not in shown
