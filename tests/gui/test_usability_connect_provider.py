"""Connecting a provider and testing it takes six actions at most (ux.md 1, 6.9)."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.views.dialogs.provider_dialog import ProviderDialog
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.providers import ProvidersScreen
from tests.fixtures.application import ACCOUNT, SECRET, Desk
from tests.fixtures.windows import activate
from tests.gui.conftest import Actions


def test_new_pick_paste_test_save(place: Workplace, sqlite_desk: Desk, actions: Actions, qtbot: QtBot) -> None:
    screen = ProvidersScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: screen.model.rowCount() == 1)
    activate(screen)
    screen.list.setFocus()

    actions.key(screen.list, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = screen.findChild(ProviderDialog)
    assert isinstance(dialog, ProviderDialog)
    actions.click(dialog.kinds[0])
    account, secret = dialog.form.fields["account_sid"].line, dialog.form.secret.line
    # The real address is filled in; the sandbox stands where it would be.
    dialog.form.fields["base_url"].line.setText(f"{sqlite_desk.sandbox.url}/twilio")
    assert dialog.focusWidget() is account
    actions.type(account, ACCOUNT, then=Qt.Key.Key_Tab)
    actions.type(secret, SECRET, then=Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.save_button.isDefault, timeout=20_000)
    assert dialog.focusWidget() is dialog.save_button
    actions.key(dialog.save_button, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: screen.model.row_of("Twilio") >= 0)
    added = screen.model.record(screen.model.row_of("Twilio"))
    assert added.balance is not None
    assert actions.count <= 6
