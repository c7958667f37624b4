"""The window sends: a thread of its own, ended within the close, begun anew after a bug; the status bar says how it stands."""

import logging
import threading

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import Cancelled, StorageUnavailable
from desktop_app.services.job import Job
from desktop_app.services.sending_control import SendingSituation
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.providers import ProvidersScreen
from desktop_app.views.shell.sending_news import sending_text
from desktop_app.workers import sending
from desktop_app.workers.sending import SendingThread
from tests.fixtures.application import Desk, eventually, german


def test_what_is_queued_is_sent_and_reports_come(sqlite_desk: Desk, qtbot: QtBot) -> None:
    thread = SendingThread(sqlite_desk.application.run_sending)
    thread.start()
    sqlite_desk.queue(german(5, 4))

    eventually(lambda: sqlite_desk.statuses() == {"delivered": 5}, "sending and its reports")

    assert thread.end()
    assert sqlite_desk.application.sending_control.read().holder == ""
    sqlite_desk.assert_sound()


def test_the_end_puts_back_what_did_not_leave_and_writes_what_did(sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.change(latency_ms=200)
    sqlite_desk.queue(german(400))
    thread = SendingThread(sqlite_desk.application.run_sending)
    thread.start()
    eventually(lambda: sqlite_desk.has_sent(1), "sending")

    assert thread.end()

    statuses = sqlite_desk.statuses()
    assert "sending" not in statuses
    assert "unknown" not in statuses
    assert 400 - statuses["queued"] == len(sqlite_desk.seen())
    sqlite_desk.assert_sound()


def test_after_a_bug_or_an_outage_sending_begins_anew(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, expected_log: list[logging.LogRecord]
) -> None:
    monkeypatch.setattr(sending, "AGAIN_SECONDS", 0.01)
    runs: list[Job] = []
    went_on = threading.Event()

    def run(job: Job, _report: object) -> None:
        runs.append(job)
        if len(runs) == 1:
            job.cancel()
            raise StorageUnavailable("locked")
        if len(runs) == 2:
            raise ZeroDivisionError("a bug")
        went_on.set()
        with pytest.raises(Cancelled):
            job.wait(60)
        raise Cancelled("stopped")

    thread = SendingThread(run)
    crashes: list[Exception] = []
    thread.crashed.connect(crashes.append)
    thread.start()
    assert went_on.wait(10)
    qtbot.waitUntil(lambda: len(crashes) == 1)
    assert isinstance(crashes[0], ZeroDivisionError)
    assert thread.end()
    assert not thread.is_running
    assert [record.levelname for record in expected_log] == ["WARNING", "ERROR"]


def test_the_status_bar_says_what_waits_who_sends_and_that_it_is_paused(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.queue(german(3))
    window.shell.watch_sending()
    bar = window.frame.status_bar
    qtbot.waitUntil(lambda: bar.sending.text() == "Sending, 3 left")
    qtbot.waitUntil(lambda: "Sending goes on: 3 messages waited" in window.toast.text)

    sqlite_desk.application.sending_control.set_paused(paused=True, actor="anna")
    qtbot.waitUntil(lambda: bar.sending.text() == "Sending paused · 3 messages wait")


def test_a_provider_that_is_paused_while_messages_wait_is_said_at_once_and_shown_so(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    providers = window.screens.get(ProvidersScreen)
    qtbot.waitUntil(lambda: providers.model.rowCount() > 0)
    window.shell.watch_sending()
    qtbot.waitUntil(lambda: not window.place.tasks.is_busy)
    sqlite_desk.queue(german(2))

    sqlite_desk.application.providers.pause("Main", "The vault's passphrase is wrong.", actor="engine")

    said = "Main is paused: The vault's passphrase is wrong. 2 messages wait"
    qtbot.waitUntil(lambda: window.toast.text == said)
    assert window.shell.notifications.unread == 1
    row = providers.model.row_of("Main")
    qtbot.waitUntil(lambda: providers.model.record(row).paused_reason is not None)


@pytest.mark.parametrize(
    ("situation", "text"),
    [
        (SendingSituation(False, False, "", "", False, 0), ""),
        (SendingSituation(False, False, "office", "812", True, 0), ""),
        (SendingSituation(False, False, "office", "812", False, 4), "Another SMS Desk sends: office, process 812"),
        (SendingSituation(True, False, "office", "812", False, 0), "Sending paused"),
    ],
)
def test_what_the_status_bar_says(situation: SendingSituation, text: str) -> None:
    assert sending_text(situation) == text
