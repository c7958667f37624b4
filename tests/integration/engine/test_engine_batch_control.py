"""Batches in a person's hand: paused, resumed, stopped, scheduled; the sender obeys, and each credit moves once."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from desktop_app.domain.activity import AREAS, Area
from desktop_app.domain.errors import Cancelled, InvalidInput, StaleData
from desktop_app.domain.messages import BatchControl, MessageStatus
from desktop_app.engine.dispatch import LOOK_SECONDS, Dispatcher
from desktop_app.services.activity import Wanted
from desktop_app.services.job import Job
from tests.fixtures.application import PATIENCE_SECONDS, Desk, at_once, eventually, german

PRICE = Decimal("0.06")
OF_MESSAGES = Wanted(kinds=frozenset(kind for kind, area in AREAS.items() if area is Area.MESSAGES))


def drain_in_thread(dispatcher: Dispatcher, job: Job) -> threading.Thread:
    def run() -> None:
        with pytest.raises(Cancelled):
            dispatcher.drain(job, until=lambda: False)

    thread = threading.Thread(target=run, name="draining")
    thread.start()
    return thread


def queued(desk: Desk, count: int, start: int = 0, **changes: object) -> int:
    return desk.queue(german(count, start), **changes).batch_id or 0


def test_a_paused_batch_is_not_claimed_and_the_others_go_on(desk: Desk) -> None:
    batches = desk.application.batches
    first, second = queued(desk, 5), queued(desk, 3, start=100)
    batches.pause(first, actor="anna")

    desk.look_at_queue()

    assert desk.statuses(first) == {"queued": 5}
    assert desk.statuses(second) == {"accepted": 3}
    batches.resume(first, actor="anna")
    desk.drain()
    assert desk.statuses(first) == {"accepted": 5}
    assert sorted(desk.seen()) == sorted([*german(5), *german(3, 100)])
    desk.assert_sound()


def test_what_the_sender_passes_over_is_sent_as_soon_as_it_may(desk: Desk) -> None:
    """One sender all the time: what is paused before the others costs it little, and is not forgotten."""
    batches = desk.application.batches
    first = queued(desk, 5)
    batches.pause(first, actor="anna")
    with desk.dispatcher() as dispatcher:
        job = Job()
        thread = drain_in_thread(dispatcher, job)
        second = queued(desk, 3, start=100)
        eventually(lambda: desk.statuses(second) == {"accepted": 3}, "sending what came later")
        assert desk.statuses(first) == {"queued": 5}
        batches.resume(first, actor="anna")
        eventually(lambda: desk.statuses(first) == {"accepted": 5}, "sending what was paused")
        job.cancel()
        thread.join(PATIENCE_SECONDS)
    desk.assert_sound()


@pytest.mark.parametrize("control", ["pause", "stop"])
def test_what_is_claimed_but_has_not_left_obeys_within_a_second(desk: Desk, control: str) -> None:
    """One slow connection: a chunk of 200 is claimed, and would take a minute to leave."""
    batch = queued(desk, 150)
    desk.change(latency_ms=300)
    with desk.dispatcher(connections=1) as dispatcher:
        job = Job()
        thread = drain_in_thread(dispatcher, job)
        eventually(lambda: desk.has_sent(1), "sending")
        getattr(desk.application.batches, control)(batch, actor="anna")
        ended = "queued" if control == "pause" else "cancelled"
        eventually(lambda: "sending" not in desk.statuses(batch), "the return of what was claimed")
        seen = len(desk.seen())
        job.cancel()
        thread.join(PATIENCE_SECONDS)

    # Two looks and two answers on one connection, at most.
    assert seen <= 2 + (2 * LOOK_SECONDS) / 0.3
    assert desk.statuses(batch) == {"accepted": len(desk.seen()), ended: 150 - len(desk.seen())}
    held = (150 - len(desk.seen())) * PRICE if control == "pause" else 0
    assert desk.money() == (100 - 150 * PRICE if control == "pause" else 100 - len(desk.seen()) * PRICE, held)
    desk.assert_sound()


def test_what_is_claimed_stays_when_the_service_is_switched_off(desk: Desk) -> None:
    batch = queued(desk, 150)
    desk.change(latency_ms=300)
    with desk.dispatcher(connections=1) as dispatcher:
        job = Job()
        thread = drain_in_thread(dispatcher, job)
        eventually(lambda: desk.has_sent(1), "sending")
        desk.application.accounts.set_service(on=False, actor="anna")
        eventually(lambda: "sending" not in desk.statuses(batch), "the return of what was claimed")
        seen = len(desk.seen())
        job.cancel()
        thread.join(PATIENCE_SECONDS)

    assert seen <= 2 + (2 * LOOK_SECONDS) / 0.3
    assert desk.statuses(batch) == {"accepted": seen, "queued": 150 - seen}
    desk.assert_sound()


def test_stopping_says_what_was_sent_is_in_flight_and_was_not_sent(desk: Desk) -> None:
    batches = desk.application.batches
    batch = queued(desk, 40)
    with desk.dispatcher(connections=1) as dispatcher:
        dispatcher.drain(Job(), until=lambda: desk.has_sent(10))
    sent = len(desk.seen())

    stopped = batches.stop(batch, actor="anna")

    assert (stopped.counts.sent, stopped.counts.in_flight, stopped.counts.not_sent) == (sent, 0, 40 - sent)
    assert stopped.counts.returned == 60_000 * (40 - sent)
    assert stopped.line.control is BatchControl.STOPPED
    assert desk.money() == (100 - sent * PRICE, 0)
    desk.assert_sound()


def test_stopping_again_or_at_the_same_moment_releases_once(desk: Desk) -> None:
    batches = desk.application.batches
    batch = queued(desk, 30)

    results = at_once(*[lambda: batches.stop(batch, actor="anna")] * 4)
    batches.stop(batch, actor="anna")

    assert not [one for one in results if isinstance(one, Exception)]
    assert desk.statuses() == {"cancelled": 30}
    assert desk.money() == (100, 0)
    desk.assert_sound()


def test_a_stopped_batch_cannot_be_resumed_or_paused(desk: Desk) -> None:
    batches = desk.application.batches
    batch = queued(desk, 2)
    batches.stop(batch, actor="anna")

    for again in (batches.resume, batches.pause):
        with pytest.raises(StaleData):
            again(batch, actor="anna")
    # Not by any other tool either.
    for control in ("running", "paused", "asleep"):
        with pytest.raises(IntegrityError):
            desk.query(f"UPDATE batch SET control = '{control}'")
    assert batches.states([batch])[0].line.control is BatchControl.STOPPED


def test_what_comes_back_to_a_stopped_batch_ends_with_its_credit(desk: Desk) -> None:
    """The provider throttles: what did not leave would be queued again, but its batch was stopped meanwhile."""
    batch = queued(desk, 4)
    with desk.dispatcher() as dispatcher:
        assert dispatcher._lease.acquire()
        dispatcher._claim()
        if not dispatcher._waiting:
            dispatcher._open({1})
            dispatcher._claim()
        assert desk.statuses() == {"sending": 4}
        state = desk.application.batches.stop(batch, actor="anna")
        assert (state.counts.in_flight, state.counts.not_sent) == (4, 0)
        dispatcher.stop()

    assert desk.statuses() == {"cancelled": 4}
    assert desk.seen() == []
    assert desk.money() == (100, 0)
    desk.assert_sound()


def test_a_stop_that_was_cut_short_is_finished_at_the_next_start(desk: Desk) -> None:
    batch = queued(desk, 3)
    with desk.application.database.begin() as uow:
        uow.batch_control.set_control(batch, BatchControl.STOPPED)

    desk.application.batches.finish_stops(actor="engine")

    assert desk.statuses() == {"cancelled": 3}
    assert desk.money() == (100, 0)
    desk.assert_sound()


def test_the_pause_of_all_sending_holds_and_stays(desk: Desk) -> None:
    control = desk.application.sending_control
    queued(desk, 3)
    control.set_paused(paused=True, actor="anna")

    desk.look_at_queue()

    situation = control.read()
    assert (situation.is_paused, situation.waiting) == (True, 3)
    assert desk.statuses() == {"queued": 3}
    control.set_paused(paused=False, actor="anna")
    desk.drain()
    assert desk.statuses() == {"accepted": 3}


def test_who_holds_the_right_to_send_is_said(desk: Desk) -> None:
    control = desk.application.sending_control
    assert control.read().holder == ""
    with desk.dispatcher() as dispatcher:
        assert dispatcher._lease.acquire()
        situation = control.read()
        assert situation.is_here
        assert situation.process
        dispatcher._lease.release()
    assert control.read().holder == ""


def test_a_scheduled_batch_waits_and_can_be_given_another_time_or_cancelled(desk: Desk) -> None:
    batches, now = desk.application.batches, desk.application.clock()
    kept = queued(desk, 2, send_at=now + timedelta(hours=2))
    ended = queued(desk, 3, start=50, send_at=now + timedelta(hours=1))
    desk.look_at_queue()
    assert desk.statuses() == {"queued": 5}
    assert [state.line.batch_id for state in batches.scheduled()] == [ended, kept]

    moved = batches.reschedule(kept, now + timedelta(minutes=30), actor="anna")
    cancelled = batches.cancel_scheduled(ended, actor="anna")

    assert moved.send_at == now + timedelta(minutes=30)
    assert cancelled.counts.by_status == {MessageStatus.CANCELLED: 3}
    assert [state.line.batch_id for state in batches.scheduled()] == [kept]
    assert desk.money() == (100 - 2 * PRICE, 2 * PRICE)
    desk.assert_sound()


def test_a_scheduled_batch_is_left_alone_in_its_last_minute(desk: Desk) -> None:
    batches, now = desk.application.batches, desk.application.clock()
    batch = queued(desk, 2, send_at=now + timedelta(seconds=59))

    with pytest.raises(StaleData):
        batches.cancel_scheduled(batch, actor="anna")
    with pytest.raises(StaleData):
        batches.reschedule(batch, now + timedelta(hours=1), actor="anna")
    assert desk.statuses() == {"queued": 2}


def test_a_new_time_is_not_too_soon(desk: Desk) -> None:
    batches, now = desk.application.batches, desk.application.clock()
    batch = queued(desk, 2, send_at=now + timedelta(hours=1))

    with pytest.raises(InvalidInput):
        batches.reschedule(batch, now + timedelta(seconds=30), actor="anna")
    assert batches.states([batch])[0].line.send_at == now + timedelta(hours=1)


def test_at_its_new_time_a_batch_leaves(desk: Desk) -> None:
    batches, now = desk.application.batches, desk.application.clock()
    batch = queued(desk, 2, send_at=now + timedelta(hours=1))
    batches.reschedule(batch, now + timedelta(minutes=10), actor="anna")

    def later_clock() -> object:
        return now + timedelta(minutes=11)

    with desk.dispatcher(clock=later_clock) as dispatcher:  # type: ignore[arg-type]
        dispatcher.drain(Job(), until=lambda: desk.has_sent(2))
    assert desk.statuses() == {"accepted": 2}
    desk.assert_sound()


def test_what_a_person_did_with_batches_is_in_the_log(desk: Desk) -> None:
    batches = desk.application.batches
    batch = queued(desk, 2)
    batches.pause(batch, actor="anna")
    batches.pause(batch, actor="anna")
    batches.resume(batch, actor="bert")
    batches.stop(batch, actor="cem")

    kinds = [(entry.kind, entry.actor) for entry in desk.application.activity.page(OF_MESSAGES).entries]
    assert kinds == [("batch_stopped", "cem"), ("batch_resumed", "bert"), ("batch_paused", "anna")]
