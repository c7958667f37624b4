"""Drafts of Compose: saved while writing, several, opened by address, deleted and brought back; none is lost in a crash."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.audiences import Source, SourceKind
from desktop_app.services.draft_contents import Writing, lists_from_json, lists_json
from desktop_app.services.drafts import DraftState
from desktop_app.services.recipient_blocks import Entries
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.draft_keeper import SAVE_MILLISECONDS
from desktop_app.views.screens.compose.screen import ComposeScreen
from tests.fixtures.application import ENVIRONMENT, Desk, eventually, german
from tests.fixtures.windows import activate

ROOT = Path(__file__).parents[2]
# A window that writes a draft, says so, and lives on until it is killed.
WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from desktop_app.app import open_application, window_parts
from desktop_app.config import load_settings
from desktop_app.views.commands import Commands
from desktop_app.views.jobs import JobBoard
from desktop_app.views.navigator import Navigator
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.screen import ComposeScreen
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner

class Silent:
    def say(self, *args): pass
    warn = notify = say

settings = load_settings(dict(__import__("os").environ), profile=Path(sys.argv[1]), database_url=sys.argv[2], actor="anna")
with open_application(settings) as application:
    qt = QApplication([])
    parts, theme, tasks = window_parts(application, settings, sandbox=True), Theme(qt), TaskRunner()
    place = Workplace(parts, tasks, JobBoard(tasks, parts.clock, theme), theme, Commands(theme), Navigator(theme), Silent())
    screen = ComposeScreen(place)
    screen.show()
    screen.view.recipients.field.pasted.emit("\\n".join(f"+49151{10_000_000 + n}" for n in range(50)))
    QTest.keyClicks(screen.view.message, "Written before the crash")
    QTimer.singleShot(0, lambda: print("written", flush=True))
    qt.exec()
"""


@pytest.fixture
def screen(place: Workplace, qtbot: QtBot) -> ComposeScreen:
    made = ComposeScreen(place)
    qtbot.addWidget(made)
    made.show()
    activate(made)
    qtbot.waitUntil(lambda: bool(made.view.client.first_name))
    return made


@pytest.fixture
def writer(sqlite_desk: Desk) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", WRITER, str(sqlite_desk.profile), sqlite_desk.database_url]
    environment = {**os.environ, **ENVIRONMENT, "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    yield process
    with suppress(ProcessLookupError):
        process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def is_saved(screen: ComposeScreen) -> bool:
    return screen.drafts.keeper.draft_id is not None and not screen.drafts.keeper.is_dirty


def write(screen: ComposeScreen, text: str, qtbot: QtBot) -> int:
    QTest.keyClicks(screen.view.message, text)
    qtbot.waitUntil(lambda: is_saved(screen))
    draft_id = screen.drafts.keeper.draft_id
    assert draft_id is not None
    return draft_id


def test_a_killed_window_loses_no_draft(writer: "subprocess.Popen[str]", sqlite_desk: Desk) -> None:
    drafts = sqlite_desk.application.drafts
    assert writer.stdout is not None
    assert writer.stdout.readline().strip() == "written"
    eventually(drafts.list_all, "saving the draft")
    (listed,) = drafts.list_all()
    eventually(lambda: "Written before the crash" in drafts.get(listed.draft_id).content, "saving all of it")
    writer.kill()
    assert writer.wait() == -9

    (kept,) = drafts.list_all()
    draft = drafts.get(kept.draft_id)
    assert Writing.from_json(draft.content).text == "Written before the crash"
    (pasted,) = lists_from_json(draft.recipients)
    assert pasted.entries.texts == tuple(german(50))
    assert (kept.recipient_count, kept.changed_by) == (50, "anna")


def test_changes_are_saved_two_seconds_later_and_when_a_field_is_left(
    screen: ComposeScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    assert SAVE_MILLISECONDS == 2000
    screen.view.message.setFocus()
    QTest.keyClicks(screen.view.message, "Hello")
    assert screen.drafts.keeper.is_dirty
    assert sqlite_desk.application.drafts.list_all() == []
    screen.view.client.setFocus()
    qtbot.waitUntil(lambda: is_saved(screen))
    assert screen.view.facts.text().startswith("Draft saved ")
    QTest.keyClicks(screen.view.message, " again")
    qtbot.waitUntil(lambda: is_saved(screen), timeout=10_000)
    (one,) = sqlite_desk.application.drafts.list_all()
    assert Writing.from_json(sqlite_desk.application.drafts.get(one.draft_id).content).text == "Hello again"


def test_nothing_written_is_no_draft(screen: ComposeScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClicks(screen.view.client, "auro")
    QTest.keyClick(screen.view.client, Qt.Key.Key_Return)
    screen.drafts.keeper.save()
    qtbot.waitUntil(lambda: not place.tasks.is_busy)
    assert sqlite_desk.application.drafts.list_all() == []


def test_several_drafts_are_kept_and_opened_by_their_address(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    window.navigator.go("compose")
    screen = window.screens.get(ComposeScreen)
    first = write(screen, "First text", qtbot)
    QTest.keyClick(screen, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert screen.message.text == ""
    second = write(screen, "Second text", qtbot)
    assert first != second

    window.navigator.go(f"compose/{first}")
    qtbot.waitUntil(lambda: screen.message.text == "First text")
    assert window.navigator.here is not None
    assert window.navigator.here.text == f"compose/{first}"
    assert screen.record_title(str(first)) == "First text"
    assert {one.name for one in sqlite_desk.application.drafts.list_all()} == {"First text", "Second text"}


def test_a_draft_comes_back_as_it_was(screen: ComposeScreen, place: Workplace, qtbot: QtBot) -> None:
    lists = (Source(SourceKind.FILE, "a.csv", Entries((german(2)[0], "bad"), (2, 3), ({"name": "Ada"}, {}))),)
    writing = Writing("Aurora", "AURORA", german(2)[1], "DE", "Hi {name}", {"name": "you"}, None, "", "Winter")
    screen.show_writing(writing, lists)
    qtbot.waitUntil(lambda: screen.checker.is_settled and not screen.recipients.is_reading)
    screen.drafts.keeper.note_change()
    screen.drafts.keeper.save()
    qtbot.waitUntil(lambda: is_saved(screen))
    draft_id = screen.drafts.keeper.draft_id
    screen.start_anew()
    assert screen.writing().is_empty
    screen.drafts.open(str(draft_id))
    qtbot.waitUntil(lambda: screen.message.text == "Hi {name}")
    qtbot.waitUntil(lambda: len(screen.recipients.audience.numbers) == 2)
    assert screen.writing() == writing
    assert lists_json(screen.recipients.lists) == lists_json(lists)


def test_only_changed_recipients_are_written_again(screen: ComposeScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    screen.view.recipients.field.pasted.emit("\n".join(german(30)))
    qtbot.waitUntil(lambda: len(screen.recipients.audience.numbers) == 30)
    draft_id = write(screen, "Hello", qtbot)
    sqlite_desk.query("UPDATE draft SET recipients = 'as it was'")
    write(screen, " there", qtbot)
    assert sqlite_desk.application.drafts.get(draft_id).recipients == "as it was"


def test_a_deleted_draft_is_brought_back_by_undo(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> None:
    window.navigator.go("compose")
    screen = window.screens.get(ComposeScreen)
    write(screen, "To be deleted", qtbot)
    window.place.commands.action("compose.delete").trigger()
    qtbot.waitUntil(lambda: sqlite_desk.application.drafts.list_all() == [])
    assert screen.message.text == ""
    qtbot.waitUntil(lambda: not window.place.tasks.is_busy)
    window.place.commands.action("edit.undo").trigger()
    qtbot.waitUntil(lambda: [one.name for one in sqlite_desk.application.drafts.list_all()] == ["To be deleted"])


def test_after_a_start_the_last_draft_is_offered(place: Workplace, sqlite_desk: Desk, qtbot: QtBot) -> None:
    content = Writing(client="Aurora", country="DE", text="Left over").json()
    state = DraftState("Left over", "Aurora", content, "[]", 0)
    draft_id = sqlite_desk.application.drafts.save(None, state, actor="anna")
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    place.navigator.arrived.connect(screen.open_at)
    screen.show()
    qtbot.waitUntil(screen.view.banner.isVisible)
    assert "Left over" in screen.view.banner.text
    QTest.mouseClick(screen.view.banner.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.message.text == "Left over")
    assert screen.drafts.keeper.draft_id == draft_id
    assert not screen.view.banner.isVisible()


def test_a_message_that_is_begun_is_not_pushed_down_by_the_offer(
    place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    content = Writing(client="Aurora", country="DE", text="Left over").json()
    sqlite_desk.application.drafts.save(None, DraftState("Left over", "Aurora", content, "[]", 0), actor="anna")
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    place.navigator.arrived.connect(screen.open_at)
    screen.show()
    # The offer is still being read.
    place.navigator.go("compose?client=Aurora&text=Hi")
    qtbot.waitUntil(lambda: screen.senders.sender_id == "AURORA" and not place.tasks.is_busy)
    assert screen.message.text == "Hi"
    assert not screen.view.banner.isVisible()


def test_a_draft_that_is_gone_is_said(screen: ComposeScreen, qtbot: QtBot, said: Any) -> None:
    screen.drafts.open("999")
    qtbot.waitUntil(lambda: said.texts == ["This draft is gone: it was sent or deleted."])


def test_an_address_begins_a_message_for_a_client(screen: ComposeScreen, place: Workplace, qtbot: QtBot) -> None:
    place.navigator.arrived.connect(screen.open_at)
    place.navigator.go("compose?client=Aurora&to=%2B4915110000000&text=Hi")
    qtbot.waitUntil(lambda: screen.senders.sender_id == "AURORA" and len(screen.recipients.audience.numbers) == 1)
    assert (screen.senders.client_name, screen.message.text) == ("Aurora", "Hi")
