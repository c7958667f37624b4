"""Adding seven.io in the window: its card, its one field, the test over the network, and the account that comes of it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.views.dialogs.provider_dialog import ProviderDialog
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.providers import ProvidersScreen
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate

KEY = "a key of seven.io"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def screen(place: Workplace, qtbot: QtBot) -> ProvidersScreen:
    made = ProvidersScreen(place)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.model.rowCount() == 1)
    activate(made)
    return made


@pytest.fixture
def dialog(screen: ProvidersScreen) -> ProviderDialog:
    """The dialog "Add provider" with the card of seven.io picked."""
    screen.list.setFocus()
    QTest.keyClick(screen.list, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    opened = screen.findChild(ProviderDialog)
    assert isinstance(opened, ProviderDialog)
    card = next(one for one in opened.kinds if one.text() == "seven.io")
    QTest.mouseClick(card, LEFT)
    return opened


def test_it_asks_for_the_key_alone_and_says_where_it_is(dialog: ProviderDialog) -> None:
    assert list(dialog.form.fields) == ["name", "base_url", "secret"]
    assert dialog.form.fields["base_url"].line.text() == "https://gateway.seven.io/api"
    secret = dialog.form.secret
    assert (secret.caption.text(), secret.line.echoMode()) == ("API key", QLineEdit.EchoMode.Password)
    assert secret.note.text() == "In your seven.io account, under Developer, API keys."
    assert dialog.focusWidget() is secret.line


def test_a_key_without_an_account_is_not_saved_untested_by_mistake(dialog: ProviderDialog) -> None:
    QTest.mouseClick(dialog.test_button, LEFT)
    assert dialog.form.secret.note.text() == "API key is missing."
    dialog.form.fields["base_url"].line.setText("https://seven.io.example.org/api")
    QTest.keyClicks(dialog.form.secret.line, KEY)
    QTest.mouseClick(dialog.test_button, LEFT)
    assert "seven.io" in dialog.form.fields["base_url"].note.text()


def test_typed_tested_and_saved_it_shows_balance_and_costs(
    dialog: ProviderDialog, screen: ProvidersScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    dialog.form.fields["base_url"].line.setText(f"{sqlite_desk.sandbox.url}/seven")
    QTest.keyClicks(dialog.form.secret.line, KEY)
    QTest.keyClick(dialog.form.secret.line, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.save_button.isDefault, timeout=20_000)
    QTest.keyClick(dialog.save_button, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: screen.model.row_of("seven.io") >= 0)
    added = screen.model.record(screen.model.row_of("seven.io"))
    assert (added.kind, added.balance is not None, added.is_sandbox) == ("seven", True, True)


def test_a_wrong_key_is_said_with_the_fields_own_name(dialog: ProviderDialog, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.change(credentials={"seven": ["any", "another"]})
    dialog.form.fields["base_url"].line.setText(f"{sqlite_desk.sandbox.url}/seven")
    QTest.keyClicks(dialog.form.secret.line, KEY)
    QTest.keyClick(dialog.form.secret.line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: dialog.test_button.isEnabled(), timeout=20_000)
    assert not dialog.save_button.isDefault()
    said = " ".join(label.text() for label in dialog.steps.findChildren(type(dialog.form.secret.note)))
    assert "seven.io does not accept the credentials" in said
    assert "Paste the API key again" in said
