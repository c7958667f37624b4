"""Usability check 19: reject a request so that the client knows what to do, in four actions from the Sender IDs screen."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.sender_documents import Purpose
from desktop_app.sandbox.demo.papers import write_letter
from desktop_app.services.sender_ids import Paper
from desktop_app.views.dialogs.sender_dialogs import RejectDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.senders import SendersScreen
from tests.fixtures.application import Desk
from tests.gui.conftest import Actions

MOST_ACTIONS = 4
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_rejection_says_in_the_clients_language_what_to_do(
    window: MainWindow, sqlite_desk: Desk, tmp_path: Path, actions: Actions, qtbot: QtBot
) -> None:
    sqlite_desk.query("UPDATE client SET email = 'lena@aurora.example', language = 'de' WHERE name = 'Aurora'")
    letter = write_letter(tmp_path, "Aurora", "PAYPAL", ("SA",), "Lena Hartmann", "1 May 2026", "31 December 2027")
    papers = (Paper(letter, Purpose.AUTHORISATION),)
    sqlite_desk.application.sender_ids.request("Aurora", "PAYPAL", countries=["SA"], documents=papers, actor="Lena")
    screen = window.screens.get(SendersScreen)
    screen.reload()
    window.navigator.go("senders")
    qtbot.waitUntil(lambda: screen.queue.panel.request is not None and screen.queue.list.hasFocus())

    actions.key(screen.queue.list, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: bool(dialogs()))
    (dialog,) = dialogs()
    actions.key(dialog.reason, Qt.Key.Key_Down)  # Not the brand owner
    note = dialog.note.toPlainText()
    qtbot.waitUntil(lambda: note in dialog.preview.text.toPlainText())
    preview = dialog.preview.text.toPlainText()
    assert "Marke" in note
    assert "Saudi-Arabien" in preview
    actions.key(dialog, Qt.Key.Key_Return, CONTROL)

    qtbot.waitUntil(lambda: sqlite_desk.query("SELECT status, note FROM sender_approval") == [("rejected", note)])
    assert actions.count <= MOST_ACTIONS
    ((body, language_subject),) = sqlite_desk.query("SELECT body, subject FROM mail_outbox")
    assert body.strip() == preview
    assert language_subject == "Absenderkennung PAYPAL wurde nicht genehmigt"
    ((detail,),) = sqlite_desk.query("SELECT detail FROM activity WHERE kind = 'sender_rejected'")
    assert '"not_owner"' in detail


def dialogs() -> list[RejectDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, RejectDialog) and one.isActiveWindow()]
