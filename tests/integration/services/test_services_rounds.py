"""What works beside the sending goes on after a bug, and what is counted for Prices leaves tests out."""

import logging
import threading

import pytest

from desktop_app.app import Application
from desktop_app.domain.errors import Cancelled
from desktop_app.services.job import Job
from tests.fixtures.application import Desk, eventually, german


def test_a_bug_in_a_round_is_reported_and_the_next_round_comes(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch, expected_log: list[logging.LogRecord]
) -> None:
    monkeypatch.setattr("desktop_app.app.ROUND_SECONDS", 0.05)
    application, job, bugs = sqlite_desk.application, Job(), list[Exception]()
    usual, rounds = application.receipts.poll_due, list[int]()

    def broken_once(job: Job) -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise ZeroDivisionError("a bug")
        return usual(job)

    monkeypatch.setattr(application.receipts, "poll_due", broken_once)

    def work() -> None:
        with pytest.raises(Cancelled):
            application.run_sending(job, bugs.append)

    worker = threading.Thread(target=work, name="worker")
    worker.start()
    sqlite_desk.queue(german(3, start=4))
    eventually(lambda: sqlite_desk.statuses() == {"delivered": 3}, "the receipts of a later round")
    job.cancel()
    worker.join(20)

    assert not worker.is_alive()
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]
    assert [record.levelname for record in expected_log] == ["ERROR"]


def test_tests_count_neither_as_volume_nor_as_delivery(desk: Desk) -> None:
    application: Application = desk.application
    desk.queue(german(2, start=4))
    desk.queue(german(3, start=14), is_test=True)
    desk.drain()
    eventually(lambda: application.receipts.poll_once(Job()) == 0, "the last change")

    assert desk.statuses() == {"delivered": 5}
    assert application.pricing.volumes() == {("DE", None): 2}
    assert application.pricing.delivery() == {("DE", None): (2, 2)}
