"""The handle of long work: progress out, cancellation in."""

import threading

import pytest

from desktop_app.domain.errors import Cancelled
from desktop_app.services.job import Job


def test_progress_is_reported_as_it_comes() -> None:
    seen: list[tuple[int, int, str]] = []
    job = Job(lambda done, total, label: seen.append((done, total, label)))
    job.step(1, 3, "Germany")
    job.step(2, 3)
    assert seen == [(1, 3, "Germany"), (2, 3, "")]


def test_a_bare_job_serves_without_anybody_listening() -> None:
    job = Job()
    job.step(1, 1)
    job.wait(0.0)
    job.wait(-1.0)
    assert not job.cancelled


def test_a_cancelled_job_stops_at_its_next_step_and_reports_nothing_more() -> None:
    seen: list[int] = []
    job = Job(lambda done, _total, _label: seen.append(done))
    job.cancel()
    assert job.cancelled
    with pytest.raises(Cancelled):
        job.step(1, 2)
    with pytest.raises(Cancelled):
        job.wait(0.0)
    assert seen == []


def test_cancelling_ends_a_wait_at_once() -> None:
    job, ended = Job(), threading.Event()

    def work() -> None:
        try:
            job.wait(3600.0)
        except Cancelled:
            ended.set()

    worker = threading.Thread(target=work)
    worker.start()
    job.cancel()
    worker.join(30.0)
    assert ended.is_set()
