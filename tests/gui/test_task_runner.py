"""The TaskRunner: results come home, to those who are still there, and nothing is left behind."""

import gc
import logging
import threading
from collections.abc import Callable
from functools import partial
from itertools import count, repeat

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import AppError, Cancelled, InvalidInput
from desktop_app.domain.pace import GIVE_WAY, ROWS, paced
from desktop_app.providers.lookups import in_order
from desktop_app.services.job import Job
from desktop_app.workers import gate
from desktop_app.workers.runner import MANY_OBJECTS, Lane, Outcome, TaskRunner, Topic

PATIENCE = 5.0


@pytest.fixture
def owner(qtbot: QtBot) -> QObject:
    return QObject()


def held(gate: threading.Event) -> Callable[[Job], str]:
    def work(_job: Job) -> str:
        assert gate.wait(PATIENCE)
        return "done"

    return work


def test_a_query_works_elsewhere_and_answers_in_the_gui_thread(tasks: TaskRunner, owner: QObject, qtbot: QtBot) -> None:
    gui, seen = QThread.currentThread(), []

    tasks.query(lambda _: threading.current_thread().name, owner=owner,
                on_success=lambda name: seen.append((name, QThread.currentThread() is gui)))  # fmt: skip

    qtbot.waitUntil(lambda: len(seen) == 1)
    assert seen[0] == ("data-lane", True)


def test_no_garbage_is_looked_for_while_rows_are_made_and_the_new_rows_count_as_old(
    tasks: TaskRunner, owner: QObject, qtbot: QtBot
) -> None:
    """One look among 100,000 rows holds up the window for a tenth of a second."""
    seen: list[bool] = []

    def work(_job: Job) -> list[list[int]]:
        seen.append(gc.isenabled())
        return [[number] for number in range(MANY_OBJECTS + 1)]

    def take(rows: list[list[int]]) -> None:
        old = {id(one) for one in gc.get_objects(generation=2)}
        seen.extend((gc.isenabled(), all(id(row) in old for row in rows)))

    tasks.query(work, owner=owner, on_success=take)
    qtbot.waitUntil(lambda: len(seen) == 3)

    assert seen == [False, True, True]


def test_garbage_is_looked_for_after_work_that_failed_and_while_another_machine_is_waited_for(
    tasks: TaskRunner, owner: QObject, qtbot: QtBot
) -> None:
    seen: list[bool] = []

    def fail(_job: Job) -> None:
        raise InvalidInput("no")

    tasks.query(fail, owner=owner, on_success=id, on_error=lambda _: seen.append(gc.isenabled()))
    qtbot.waitUntil(lambda: len(seen) == 1)
    tasks.query(lambda _: gc.isenabled(), owner=owner, on_success=seen.append, lane=Lane.NETWORK)
    qtbot.waitUntil(lambda: len(seen) == 2)

    assert seen == [True, True]


def _count_rows(rows: list[None], stop: threading.Event, _job: Job) -> None:
    for _ in paced(repeat(None)):
        rows.append(None)
        if stop.is_set():
            return


def _rows_meanwhile(rows: list[None]) -> int:
    """How many rows another thread gets done while this one lets go of the interpreter for a while."""
    before = len(rows)
    threading.Event().wait(0.05)
    return len(rows) - before


@pytest.fixture
def patient_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane may be held for seconds at a time, as if it had worked for long before."""
    monkeypatch.setattr(gate, "LONGEST_SECONDS", PATIENCE)
    monkeypatch.setattr(gate, "monotonic", count(0, 100).__next__)


@pytest.mark.usefixtures("patient_lanes")
def test_a_lane_waits_while_an_answer_is_shown_and_goes_on_after_it(
    tasks: TaskRunner, owner: QObject, qtbot: QtBot
) -> None:
    rows: list[None] = []
    stop, seen = threading.Event(), list[int]()
    tasks.query(partial(_count_rows, rows, stop), owner=owner, on_success=id, lane=Lane.NETWORK)
    qtbot.waitUntil(lambda: len(rows) > 1_000)

    tasks.query(lambda _: None, owner=owner, on_success=lambda _: seen.append(_rows_meanwhile(rows)))
    qtbot.waitUntil(lambda: len(seen) == 1)

    assert seen[0] <= ROWS
    held_at = len(rows)
    qtbot.waitUntil(lambda: len(rows) > held_at + 1_000)
    stop.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)


@pytest.mark.usefixtures("patient_lanes")
def test_a_lane_waits_while_the_window_paints_and_goes_on_after_it(tasks: TaskRunner, qtbot: QtBot) -> None:
    rows: list[None] = []
    stop, seen = threading.Event(), list[int]()

    class Window(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
            super().paintEvent(event)
            seen.append(_rows_meanwhile(rows))

    window = Window()
    qtbot.addWidget(window)
    tasks.let_paint(window)
    with qtbot.waitExposed(window):
        window.show()
    tasks.query(partial(_count_rows, rows, stop), owner=window, on_success=id)
    qtbot.waitUntil(lambda: len(rows) > 1_000)
    seen.clear()

    window.update()
    qtbot.waitUntil(lambda: len(seen) == 1)

    assert seen[0] <= ROWS
    held_at = len(rows)
    qtbot.waitUntil(lambda: len(rows) > held_at + 1_000)
    stop.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)


def test_a_lane_is_held_no_longer_than_it_worked(
    tasks: TaskRunner, owner: QObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much the window has to do, a lane gets half of the time; here it did not work at all yet."""
    monkeypatch.setattr(gate, "LONGEST_SECONDS", PATIENCE)
    monkeypatch.setattr(gate, "monotonic", lambda: 0.0)
    rows: list[None] = []
    stop, seen = threading.Event(), list[int]()
    tasks.query(partial(_count_rows, rows, stop), owner=owner, on_success=id, lane=Lane.NETWORK)
    qtbot.waitUntil(lambda: len(rows) > 1_000)

    tasks.query(lambda _: None, owner=owner, on_success=lambda _: seen.append(_rows_meanwhile(rows)))
    qtbot.waitUntil(lambda: len(seen) == 1)

    assert seen[0] > ROWS
    stop.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)


def test_a_window_that_hangs_holds_a_lane_only_for_moments(owner: QObject, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate was closed and no event opens it again: the work is done all the same."""
    monkeypatch.setattr(gate, "monotonic", count(0, 100).__next__)
    closed, done = gate.Gate(owner), list[int]()
    closed.close()

    def work() -> None:
        closed.hold_this_thread()
        done.extend(paced(range(10 * ROWS)))

    lane = threading.Thread(target=work, daemon=True)
    lane.start()
    # Without an event loop: nothing that waits for this thread is called.
    lane.join(PATIENCE)

    assert not lane.is_alive()
    assert len(done) == 10 * ROWS


def test_lookups_beside_each_other_give_way_like_the_lane_that_started_them(
    tasks: TaskRunner, owner: QObject, qtbot: QtBot
) -> None:
    seen: list[bool] = []

    def work(_job: Job) -> bool:
        mine = GIVE_WAY.get()
        return all(in_order(lambda _: GIVE_WAY.get() is mine, range(4), threads=2))

    tasks.query(work, owner=owner, on_success=seen.append, lane=Lane.NETWORK)
    qtbot.waitUntil(lambda: len(seen) == 1)

    assert seen == [True]


def _number(number: int, _job: Job) -> str:
    return str(number)


def test_many_rows_are_freed_in_the_lane(tasks: TaskRunner, qtbot: QtBot) -> None:
    freed: list[str] = []

    class Thing:
        def __del__(self) -> None:
            freed.append(threading.current_thread().name)

    tasks.let_go([Thing() for _ in range(200)], (Thing(),))

    qtbot.waitUntil(lambda: len(freed) == 201)
    assert set(freed) == {"data-lane"}


def test_work_of_one_lane_keeps_its_order_and_the_lanes_do_not_wait_for_each_other(
    tasks: TaskRunner, owner: QObject, qtbot: QtBot
) -> None:
    gate, seen = threading.Event(), list[str]()

    tasks.query(held(gate), owner=owner, on_success=lambda _: seen.append("network"), lane=Lane.NETWORK)
    for number in range(20):
        tasks.query(partial(_number, number), owner=owner, on_success=seen.append)
    qtbot.waitUntil(lambda: len(seen) == 20)
    gate.set()
    qtbot.waitUntil(lambda: len(seen) == 21)

    assert seen == [*map(str, range(20)), "network"]


def test_amounts_beyond_32_bits_arrive_whole(tasks: TaskRunner, owner: QObject, qtbot: QtBot) -> None:
    seen: list[object] = []

    def work(job: Job) -> int:
        job.step(3_000_000_000, 4_000_000_000)
        return 3_000_000_000

    tasks.query(
        work, owner=owner, on_success=seen.append, on_progress=lambda done, total, _: seen.append((done, total))
    )

    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [(3_000_000_000, 4_000_000_000), 3_000_000_000]


def test_what_a_command_changed_is_broadcast_once(tasks: TaskRunner, owner: QObject, qtbot: QtBot) -> None:
    changes: list[object] = []
    values: list[object] = []
    tasks.changed.connect(changes.append)

    tasks.command(lambda _: Outcome(7, frozenset({Topic.PRICES})), owner=owner, on_success=values.append)
    tasks.command(lambda _: Outcome(8), owner=owner, on_success=values.append)

    qtbot.waitUntil(lambda: values == [7, 8])
    assert changes == [frozenset({Topic.PRICES})]


def test_a_command_that_can_be_undone_says_so(tasks: TaskRunner, owner: QObject, qtbot: QtBot) -> None:
    done = Outcome(1, undo_label="1 price updated", undo=lambda _: Outcome(1))

    with qtbot.waitSignal(tasks.undoable) as offered:
        tasks.command(lambda _: done, owner=owner)

    assert offered.args == [done]


def test_results_for_an_owner_who_is_gone_are_dropped_but_the_change_is_told(tasks: TaskRunner, qtbot: QtBot) -> None:
    gate, seen, parent = threading.Event(), list[object](), QObject()
    owner = QObject(parent)

    def work(job: Job) -> Outcome[str]:
        job.step(1, 2)
        return Outcome(held(gate)(job), frozenset({Topic.PRICES}))

    tasks.command(
        work, owner=owner, on_success=seen.append, on_error=seen.append, on_progress=lambda *_: seen.append(0)
    )
    shiboken6.delete(owner)
    with qtbot.waitSignal(tasks.changed):
        gate.set()

    assert seen == []


def test_a_refusal_goes_to_who_asked_or_else_to_the_window(tasks: TaskRunner, owner: QObject, qtbot: QtBot) -> None:
    seen: list[AppError] = []

    def work(_job: Job) -> Outcome[None]:
        raise InvalidInput("No.")

    with qtbot.assertNotEmitted(tasks.refused):
        tasks.command(work, owner=owner, on_error=seen.append)
        qtbot.waitUntil(lambda: len(seen) == 1)
    with qtbot.waitSignal(tasks.refused) as shown:
        tasks.command(work, owner=owner)

    assert [seen[0].user_message, shown.args[0].user_message] == ["No.", "No."]


def test_a_bug_is_logged_and_not_taken_for_a_refusal(
    tasks: TaskRunner, owner: QObject, qtbot: QtBot, expected_log: list[logging.LogRecord]
) -> None:
    errors: list[AppError] = []

    with qtbot.waitSignal(tasks.crashed) as crashed:
        tasks.query(lambda _: 1 // 0, owner=owner, on_success=lambda _: None, on_error=errors.append)

    assert isinstance(crashed.args[0], ZeroDivisionError)
    assert errors == []
    assert [record.getMessage() for record in expected_log] == ["a task met a bug"]


def test_a_cancelled_task_stops_at_its_next_step(tasks: TaskRunner, owner: QObject, qtbot: QtBot) -> None:
    errors: list[AppError] = []
    started = threading.Event()

    def work(job: Job) -> None:
        started.set()
        job.wait(PATIENCE)

    handle = tasks.query(work, owner=owner, on_success=lambda _: None, on_error=errors.append)
    assert started.wait(PATIENCE)
    handle.cancel()

    qtbot.waitUntil(lambda: handle.finished)
    assert [type(error) for error in errors] == [Cancelled]


def test_a_task_cancelled_while_it_waits_its_turn_never_starts(tasks: TaskRunner, owner: QObject, qtbot: QtBot) -> None:
    gate, started = threading.Event(), list[int]()
    tasks.query(held(gate), owner=owner, on_success=lambda _: None)

    waiting = tasks.query(lambda _: started.append(1), owner=owner, on_success=lambda _: None)
    waiting.cancel()
    gate.set()

    qtbot.waitUntil(lambda: waiting.finished)
    assert started == []


def test_progress_faster_than_the_gui_shows_the_latest(tasks: TaskRunner, owner: QObject, qtbot: QtBot) -> None:
    shown: list[int] = []
    finished: list[object] = []

    def work(job: Job) -> None:
        for step in range(1, 50_001):
            job.step(step, 50_000)

    tasks.query(work, owner=owner, on_success=finished.append, on_progress=lambda done, *_: shown.append(done))

    qtbot.waitUntil(lambda: len(finished) == 1, timeout=20_000)
    assert shown[-1] == 50_000
    assert shown == sorted(set(shown))


def test_closing_cancels_what_runs_ends_the_threads_and_calls_nobody(owner: QObject, qtbot: QtBot) -> None:
    tasks, seen = TaskRunner(), list[object]()
    started = threading.Event()

    def work(job: Job) -> None:
        started.set()
        job.wait(60)

    tasks.query(work, owner=owner, on_success=seen.append, on_error=seen.append)
    tasks.query(lambda _: 1, owner=owner, on_success=seen.append, on_error=seen.append)
    assert started.wait(PATIENCE)
    tasks.close()
    qtbot.wait(1)

    assert seen == []
    assert [thread.name for thread in threading.enumerate() if "lane" in thread.name] == []


def test_a_request_under_way_does_not_hold_up_closing(owner: QObject, qtbot: QtBot) -> None:
    tasks, gate, started = TaskRunner(), threading.Event(), threading.Event()

    def deaf(_job: Job) -> None:
        started.set()
        gate.wait(PATIENCE)

    tasks.query(deaf, owner=owner, on_success=bool, lane=Lane.NETWORK)
    assert started.wait(PATIENCE)
    tasks.close(network_seconds=0.01)

    left = [thread for thread in threading.enumerate() if thread.name == "network-lane"]
    assert [thread.daemon for thread in left] == [True]
    gate.set()
    left[0].join(PATIENCE)


def test_it_says_whether_anything_is_under_way(tasks: TaskRunner, owner: QObject, qtbot: QtBot) -> None:
    gate = threading.Event()

    tasks.query(lambda _: gate.wait(PATIENCE), owner=owner, on_success=bool)
    tasks.query(lambda _: 1, owner=owner, on_success=bool)
    assert tasks.is_busy
    gate.set()

    qtbot.waitUntil(lambda: not tasks.is_busy)


def test_what_a_command_changed_is_told_although_its_answer_meets_a_bug(
    tasks: TaskRunner, owner: QObject, qtbot: QtBot
) -> None:
    changes = list[object]()
    tasks.changed.connect(changes.append)

    with qtbot.captureExceptions() as met:
        tasks.command(lambda _: Outcome(0, frozenset({Topic.PRICES})), owner=owner, on_success=lambda zero: 1 // zero)
        qtbot.waitUntil(lambda: not tasks.is_busy)

    assert [kind for kind, _, _ in met] == [ZeroDivisionError]
    assert changes == [frozenset({Topic.PRICES})]
