"""Stopping in the middle, and who may send: the lease between dispatchers of one database."""

import random
import threading
from decimal import Decimal

import pytest

from desktop_app.domain.errors import Cancelled
from desktop_app.domain.messages import MessageStatus
from desktop_app.engine.dispatch import CLAIM_SIZE, WINDOW, Dispatcher
from desktop_app.engine.lease import LeaseTimes, SendingLease, steady_seconds
from desktop_app.services.clock import utc_now
from desktop_app.services.job import Job
from tests.fixtures.application import PATIENCE_SECONDS, Desk, eventually, german

PRICE = Decimal("0.06")
SHORT_TERM = LeaseTimes(lasts=0.3, renew_after=0.1, grace=0.1, margin=0.05)
ONE_SECOND = LeaseTimes(lasts=1.0, renew_after=0.1, grace=0.1, margin=0.05)
IMPATIENT = LeaseTimes(grace=0.1)


def drain_until_cancelled(dispatcher: Dispatcher, job: Job) -> threading.Thread:
    def run() -> None:
        with pytest.raises(Cancelled):
            dispatcher.drain(job, until=lambda: False)

    thread = threading.Thread(target=run, name="draining")
    thread.start()
    return thread


def test_stopping_accounts_for_every_message(desk: Desk, seed: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = german(300)
    desk.change(latency_ms=20)
    desk.queue(numbers)
    goal = seed.randrange(1, 200)
    seen_when_stopping: list[int] = []
    with desk.dispatcher() as dispatcher:
        finish = dispatcher._finish

        def watched_finish() -> bool:
            seen_when_stopping.append(len(desk.seen()))
            return finish()

        monkeypatch.setattr(dispatcher, "_finish", watched_finish)
        job = Job()
        thread = drain_until_cancelled(dispatcher, job)
        eventually(lambda: desk.has_sent(goal), "sending")
        job.cancel()
        thread.join(PATIENCE_SECONDS)

    statuses = desk.statuses()
    assert set(statuses) == {"accepted", "queued"}
    assert sorted(desk.seen()) == sorted(desk.numbers_by_status(MessageStatus.ACCEPTED))
    # Only what was on the wire may still have gone: what lay ready in the transport did not start any more.
    assert len(desk.seen()) - seen_when_stopping[0] <= 8
    assert desk.money() == (100 - 300 * PRICE, statuses["queued"] * PRICE)
    desk.assert_sound()

    desk.drain()  # and nothing of it waits for a backoff
    assert sorted(desk.seen()) == numbers
    desk.assert_sound()


def test_oldest_first_however_often_it_is_interrupted(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    numbers = german(250)
    desk.queue(numbers)
    desk.change(latency_ms=10)
    for goal in (20, 60, 100):
        with desk.dispatcher(connections=1) as dispatcher:
            dispatcher.drain(Job(), until=lambda goal=goal: desk.has_sent(goal))  # type: ignore[misc]

    assert desk.seen() == numbers[: len(desk.seen())]
    desk.assert_sound()


def test_no_more_is_handed_out_than_the_window_and_one_chunk(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.queue(german(500))
    desk.fail_sends("hang")
    with desk.dispatcher(deadline_seconds=2.0) as dispatcher:
        assert dispatcher._lease.acquire()
        for _ in range(3):
            dispatcher.step()
        assert desk.statuses() == {"sending": CLAIM_SIZE, "queued": 500 - CLAIM_SIZE}
        assert dispatcher._transport.in_flight == WINDOW
        dispatcher.stop()

    statuses = desk.statuses()
    assert statuses == {"unknown": statuses["unknown"], "queued": 500 - statuses["unknown"]}
    assert statuses["unknown"] <= 2 * 8


def test_a_crash_at_any_step_leaves_no_more_in_doubt(sqlite_desk: Desk) -> None:
    """A claim takes what a chunk has room for beside what is in flight; what was answered is written before it."""
    sqlite_desk.queue(german(900))
    in_doubt = []
    with sqlite_desk.dispatcher() as dispatcher:
        assert dispatcher._lease.acquire()
        while dispatcher.step():
            in_doubt.append(sqlite_desk.statuses().get("sending", 0))
        dispatcher.stop()

    assert max(in_doubt) <= CLAIM_SIZE
    assert sqlite_desk.statuses() == {"accepted": 900}


def test_one_sends_and_the_other_waits(desk: Desk) -> None:
    database = desk.application.database
    mine, other = (SendingLease(database, utc_now) for _ in range(2))

    assert mine.acquire()
    assert not other.acquire()
    assert (mine.may_send(), other.may_send()) == (True, False)
    assert other.epoch is None
    mine.release()
    assert other.acquire()
    assert (mine.may_send(), other.may_send()) == (False, True)
    mine.release()  # of a term that is over: takes nothing from anybody
    assert other.renew()


def test_a_lease_ends_by_itself_and_is_taken_over_after_the_grace(desk: Desk) -> None:
    database = desk.application.database
    mine, other = (SendingLease(database, utc_now, SHORT_TERM) for _ in range(2))
    began = steady_seconds()
    assert mine.acquire()

    eventually(other.acquire, "the take-over")

    assert steady_seconds() - began >= SHORT_TERM.lasts + SHORT_TERM.grace
    assert not mine.may_send()
    assert not mine.renew()
    assert mine.epoch is None
    other.release()
    assert mine.acquire()


def test_no_send_starts_when_its_answer_could_come_after_the_end(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    lease = SendingLease(desk.application.database, utc_now, LeaseTimes(lasts=30.0, renew_after=0.1, margin=29.5))
    assert lease.acquire()
    assert lease.may_send()

    eventually(lambda: not lease.may_send(), "the margin")

    assert not SendingLease(desk.application.database, utc_now).acquire()  # it is far from over
    assert lease.renew()
    assert lease.may_send()
    lease.release()
    assert not lease.may_send()


def test_what_comes_in_after_the_lease_was_lost_is_still_written(desk: Desk) -> None:
    """The former holder's late answers are evidence; what it never handed out is proven absent and goes out anew."""
    numbers = german(100)
    desk.change(latency_ms=2000)
    desk.queue(numbers)
    with desk.dispatcher(times=ONE_SECOND, connections=4) as former, desk.dispatcher(times=IMPATIENT) as new:
        assert former._lease.acquire()
        former.step()
        eventually(lambda: desk.has_sent(4), "the first sends")
        eventually(new._lease.acquire, "the take-over")
        assert desk.statuses() == {"unknown": 100}
        assert desk.money() == (100 - 100 * PRICE, 100 * PRICE)

        desk.change(latency_ms=0)
        former.stop()
        statuses = desk.statuses()
        assert statuses["accepted"] >= 4
        assert statuses == {"accepted": statuses["accepted"], "queued": 100 - statuses["accepted"]}
        assert desk.money() == (100 - 100 * PRICE, statuses["queued"] * PRICE)
        desk.assert_sound()
        new.stop()

    desk.drain()
    assert sorted(desk.seen()) == numbers
    assert desk.statuses() == {"accepted": 100}
    desk.assert_sound()


def test_who_lost_the_lease_takes_part_again_later(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.queue(german(3))
    with desk.dispatcher(times=SHORT_TERM) as former:
        assert former._lease.acquire()
        other = SendingLease(desk.application.database, utc_now, IMPATIENT)
        eventually(other.acquire, "the take-over")
        other.release()
        former.drain(Job(), until=lambda: len(desk.seen()) == 3)

    assert desk.statuses() == {"accepted": 3}


def test_a_worker_sends_and_fetches_receipts_until_it_is_told_to_stop(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, job = sqlite_desk, Job()
    monkeypatch.setattr("desktop_app.app.ROUND_SECONDS", 0.1)

    def work() -> None:
        with pytest.raises(Cancelled):
            desk.application.run_worker(job)

    worker = threading.Thread(target=work, name="worker")
    worker.start()
    numbers = german(3, start=4)
    desk.queue(numbers)
    eventually(lambda: desk.has_sent(3), "sending")
    eventually(lambda: desk.statuses() == {"delivered": 3}, "the receipts")
    job.cancel()
    worker.join(PATIENCE_SECONDS)

    assert not worker.is_alive()
    desk.assert_sound()
