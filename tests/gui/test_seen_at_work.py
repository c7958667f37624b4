"""What somebody met who did the main job by hand: focus, rings, panels in the way, empty lists, words."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.views.dialogs.provider_dialog import ProviderDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.clients import ClientsScreen
from desktop_app.views.screens.compose.screen import ComposeScreen
from desktop_app.views.screens.senders.new_request import NewRequestDialog
from desktop_app.workers.document_child import joined_lines
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate

LEFT = Qt.MouseButton.LeftButton


@pytest.mark.parametrize("make", [QLineEdit, QComboBox, lambda: QPushButton("Save")])
@pytest.mark.usefixtures("theme")
def test_what_gets_the_focus_keeps_its_size(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    form, other, watched = QWidget(), QLineEdit(), make()
    column = QVBoxLayout(form)
    column.addWidget(other)
    column.addWidget(watched)
    qtbot.addWidget(form)
    form.show()
    activate(form)
    other.setFocus()
    before = watched.sizeHint()
    watched.setFocus()
    qtbot.waitUntil(watched.hasFocus)
    assert watched.sizeHint() == before


def test_a_test_that_failed_gives_the_focus_back_to_its_button(
    place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ProviderDialog(place, parent)
    dialog.show()
    activate(dialog)
    dialog.form.fields["base_url"].line.setText(sqlite_desk.sandbox.url)
    dialog.form.fields["account_sid"].line.setText("AC" + "5e" * 16)
    dialog.form.secret.line.setText("a secret")
    dialog.test_button.setFocus()
    QTest.keyClick(dialog.test_button, Qt.Key.Key_Space)
    assert not dialog.test_button.isEnabled()
    qtbot.waitUntil(dialog.test_button.isEnabled)
    assert dialog.test_button.hasFocus()


def test_an_ampersand_of_the_breadcrumb_is_one(window: MainWindow, qtbot: QtBot) -> None:
    window.navigator.go("clients/Aurora")
    crumbs = window.frame.top_bar.breadcrumb
    qtbot.waitUntil(lambda: any(link.text() == "Clients && credits" for link in crumbs.findChildren(QPushButton)))


def test_escape_closes_the_notifications_wherever_the_focus_is(window: MainWindow, qtbot: QtBot) -> None:
    bell, panel = window.frame.top_bar.bell, window.shell.notifications_panel
    QTest.mouseClick(bell, LEFT)
    assert panel.isVisible()
    window.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert not bell.isChecked()


def test_notifications_do_not_stay_over_another_screen(window: MainWindow) -> None:
    panel = window.shell.notifications_panel
    QTest.mouseClick(window.frame.top_bar.bell, LEFT)
    window.navigator.go("overview")
    assert not panel.isVisible()


def test_what_is_written_in_has_a_ring(place: Workplace, qtbot: QtBot) -> None:
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    activate(screen)
    for field in (screen.view.recipients.field, screen.view.message):
        frame = field.parentWidget()
        assert frame is not None
        place_before = field.geometry()
        field.setFocus()
        assert frame.property("focused") is True
        QApplication.processEvents()
        assert field.geometry() == place_before
        screen.view.client.setFocus()
        assert frame.property("focused") is False


def test_a_new_client_has_no_entries_yet_and_another_time_is_not_offered(
    place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.application.clients.add("Bluecart", actor="anna")
    screen = ClientsScreen(place)
    qtbot.addWidget(screen)
    place.navigator.arrived.connect(screen.open_at)
    screen.show()
    place.navigator.go("clients/Bluecart")
    placeholder = screen.panel.ledger.placeholder
    qtbot.waitUntil(placeholder.isVisible)
    assert placeholder._title.text() == "No entries yet"
    assert placeholder.action.isHidden()


def test_a_country_that_asks_for_nothing_says_so(place: Workplace, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = NewRequestDialog(place, parent, sender="AURORA", countries=("DE",))
    dialog.show()

    qtbot.waitUntil(lambda: bool(dialog.needs.findChildren(QLabel)))
    assert {line.text() for line in dialog.needs.findChildren(QLabel)} == {"Germany · no pre-approval"}


def test_letters_that_stand_for_themselves_are_marked_as_one_word() -> None:
    word = [(10.0, 50.0, 14.0, 60.0), (14.2, 50.0, 18.0, 61.0), (18.1, 49.0, 22.0, 60.0)]
    assert joined_lines([*word, (5.0, 30.0, 9.0, 40.0)]) == [(10.0, 49.0, 22.0, 61.0), (5.0, 30.0, 9.0, 40.0)]
