"""The toast: one message at a time, a short queue, it waits for mouse and focus, problems stay."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.views.theme import Theme
from desktop_app.views.widgets.toast import Toast, ToastMessage
from tests.fixtures.windows import activate

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def area(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(900, 600)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def elsewhere(area: QWidget) -> QPushButton:
    made = QPushButton("elsewhere")
    QVBoxLayout(area).addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
    return made


@pytest.fixture
def toast(theme: Theme, area: QWidget, elsewhere: QPushButton) -> Toast:
    made = Toast(theme, area)
    area.show()
    activate(area)
    elsewhere.setFocus()
    return made


def timer_of(toast: Toast) -> QTimer:
    return next(one for one in toast.findChildren(QTimer) if one.interval() == 8000)


def test_messages_are_shown_one_after_the_other(toast: Toast) -> None:
    for text in ("one", "two", "three"):
        toast.say(ToastMessage(text))
    seen = [toast.text]

    for _ in range(3):
        QTest.mouseClick(toast.close_button, LEFT)
        seen.append(toast.text)

    assert seen == ["one", "two", "three", ""]
    assert not toast.isVisible()


def test_of_too_many_the_oldest_that_is_no_problem_is_left_out(toast: Toast) -> None:
    for number, problem in enumerate((False, True, False, False, False, True)):
        toast.say(ToastMessage(str(number), is_problem=problem))

    assert toast.text == "0"
    assert [one.text for one in toast.waiting] == ["1", "4", "5"]


def test_a_later_message_of_the_same_topic_takes_the_place(toast: Toast) -> None:
    toast.say(ToastMessage("26 prices updated", topic="undo"))
    toast.say(ToastMessage("other"))
    toast.say(ToastMessage("26 prices restored", topic="undo"))

    assert toast.text == "26 prices restored"
    assert [one.text for one in toast.waiting] == ["other"]
    toast.dismiss("undo")
    assert toast.text == "other"


def test_it_goes_by_itself_unless_the_mouse_rests_on_it(toast: Toast) -> None:
    toast.say(ToastMessage("26 prices updated"))
    timer = timer_of(toast)
    assert timer.isActive()

    place = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(place, place, place))
    assert not timer.isActive()

    timer.timeout.emit()
    assert not toast.isVisible()


def test_it_waits_while_it_has_the_focus_and_gives_it_back(toast: Toast, elsewhere: QPushButton) -> None:
    toast.say(ToastMessage("26 prices updated", "Undo", bool))

    toast.action.setFocus()
    assert not timer_of(toast).isActive()
    elsewhere.setFocus()
    assert timer_of(toast).isActive()
    toast.action.setFocus()
    QTest.keyClick(toast.action, Qt.Key.Key_Escape)

    assert not toast.isVisible()
    assert elsewhere.hasFocus()


def test_a_problem_stays_until_it_is_closed(toast: Toast) -> None:
    toast.say(ToastMessage("The costs were not synced", is_problem=True))

    assert not timer_of(toast).isActive()


def test_the_action_runs_once_and_closes(toast: Toast) -> None:
    done: list[str] = []
    toast.say(ToastMessage("26 prices updated · Average margin is now 34.6%", "Undo", lambda: done.append("undone")))

    QTest.mouseClick(toast.action, LEFT)

    assert done == ["undone"]
    assert not toast.isVisible()


def test_it_never_covers_what_has_the_focus(toast: Toast, area: QWidget) -> None:
    low = QPushButton("low", area)
    low.setGeometry(700, 540, 120, 30)
    low.show()
    toast.say(ToastMessage("26 prices updated"))
    covered = toast.geometry()
    assert covered.intersects(low.geometry())

    low.setFocus()

    assert not toast.geometry().intersects(low.geometry())
    assert area.rect().contains(toast.geometry().translated(QPoint(-14, -14)))


def test_a_screen_reader_hears_it(toast: Toast) -> None:
    toast.say(ToastMessage("26 prices updated", "Undo", bool))

    assert QAccessible.queryAccessibleInterface(toast.close_button).text(QAccessible.Text.Name) == "Close this message"
    assert QAccessible.queryAccessibleInterface(toast.action).text(QAccessible.Text.Name) == "Undo"
