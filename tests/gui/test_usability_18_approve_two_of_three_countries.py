"""Usability check 18: approve two of the three countries of the oldest request; the client is told after the grace time only."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.domain.sender_documents import DocumentState, Purpose
from desktop_app.sandbox.demo.papers import write_letter, write_sample
from desktop_app.services.clock import utc_now
from desktop_app.services.sender_ids import Paper, SenderIDsService
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.senders import SendersScreen
from tests.fixtures.application import Desk
from tests.gui.conftest import Actions

MOST_ACTIONS = 4
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def requests(sqlite_desk: Desk, tmp_path: Path) -> None:
    """The oldest request, three days ago, is for three countries, one of them without its document; two others follow."""
    sqlite_desk.query("UPDATE client SET email = 'lena@aurora.example' WHERE name = 'Aurora'")
    for days, sender, countries in ((3, "OLDEST", ("KW", "QA", "SA")), (2, "MIDDLE", ("SA",)), (0, "NEWEST", ("QA",))):
        letter = write_letter(tmp_path, "Aurora", sender, countries, "Lena Hartmann", "1 May 2026", "31 December 2027")
        sample = write_sample(tmp_path, "Aurora", sender, "Your booking is confirmed.")
        papers = (Paper(letter, Purpose.AUTHORISATION), Paper(sample, Purpose.CONTENT))
        service = SenderIDsService(sqlite_desk.application.database, lambda: utc_now() - timedelta(days=days))  # noqa: B023
        service.request("Aurora", sender, countries=countries, documents=papers, actor="Lena Hartmann")


@pytest.mark.usefixtures("requests")
def test_two_of_three_countries_are_approved_in_four_actions(
    window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    screen = window.screens.get(SendersScreen)
    qtbot.waitUntil(lambda: screen.queue.model.rowCount() == 3)

    actions.key(window, Qt.Key.Key_6, CONTROL)
    qtbot.waitUntil(lambda: screen.isVisible() and screen.queue.viewer.page_count > 0, timeout=20_000)
    request = screen.queue.panel.request
    assert request is not None
    assert request.stored.sender == "OLDEST"
    assert screen.queue.list.hasFocus()
    actions.key(screen.queue.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: document_states(screen)[0] is DocumentState.CHECKED)
    actions.key(screen.queue.list, Qt.Key.Key_A)

    qtbot.waitUntil(lambda: statuses(sqlite_desk) == {"KW": "pending", "QA": "approved", "SA": "approved"})
    assert actions.count <= MOST_ACTIONS
    # The next request is open, and the third country of the first still waits.
    qtbot.waitUntil(lambda: screen.queue.current is not None and screen.queue.current.sender == "MIDDLE")
    assert [item.sender for item in screen.queue.model.items if item.is_waiting] == ["OLDEST", "MIDDLE", "NEWEST"]
    ((status, due_at, body),) = sqlite_desk.query("SELECT status, due_at, body FROM mail_outbox")
    assert status == "queued"
    assert due_at > utc_now().timestamp() * 1_000_000
    assert "Qatar, Saudi Arabia" in body
    with sqlite_desk.application.database.begin() as uow:
        assert uow.mails.claim(utc_now()) is None


@pytest.mark.usefixtures("requests")
def test_undo_works_inside_the_grace_time(
    window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    screen = window.screens.get(SendersScreen)
    actions.key(window, Qt.Key.Key_6, CONTROL)
    qtbot.waitUntil(lambda: screen.queue.panel.request is not None and screen.queue.panel.approve_button.isEnabled())
    actions.key(screen.queue.list, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: statuses(sqlite_desk)["QA"] == "approved")

    qtbot.waitUntil(window.toast.isVisible)
    actions.key(window, Qt.Key.Key_Z, CONTROL)

    qtbot.waitUntil(lambda: set(statuses(sqlite_desk).values()) == {"pending"})
    assert sqlite_desk.query("SELECT status FROM mail_outbox") == [("cancelled",)]
    assert actions.count <= MOST_ACTIONS


def document_states(screen: SendersScreen) -> list[DocumentState]:
    request = screen.queue.panel.request
    return [one.state for one in request.documents] if request is not None else []


def statuses(desk: Desk) -> dict[str | None, str]:
    rows = desk.application.sender_ids.list_rows("Aurora")
    return {row.country: row.status for row in rows if row.sender == "OLDEST"}
