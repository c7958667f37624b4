"""The send protocol's steps in the database: claim, settle, block, take over, join reports; money exact at each step."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain.ladder import START
from desktop_app.domain.messages import RANK, AttemptOutcome, MessageStatus, join_parts
from desktop_app.storage.repositories.dispatch import DispatchRepository
from tests.fixtures.application import eventually
from tests.fixtures.books import NOW, PRICE, Books, Flight, accepted, number, outcome

CREDIT = 100_000_000
DEADLINE_SECONDS = 30.0
LATER = NOW + timedelta(minutes=5)


def claimed(books: Books, count: int) -> list[Flight]:
    """Queue and claim that many messages."""
    books.queue([number(index) for index in range(count)])
    return books.claim(count)


def statuses(books: Books, flights: Sequence[Flight]) -> list[str]:
    return [books.status(flight.message_id) for flight in flights]


def attempts(books: Books) -> list[str]:
    return [row[0] for row in books.rows("SELECT outcome FROM attempt ORDER BY id")]


# Claiming


def test_a_claim_writes_the_intent_before_anything_leaves(books: Books) -> None:
    batch = books.queue([number(1), number(2), number(3)])
    flights = books.claim(2, epoch=7)
    assert statuses(books, flights) == ["sending/held"] * 2
    assert books.rows("SELECT message_id, n, epoch, outcome, started_at FROM attempt ORDER BY id") == [
        (flight.message_id, 1, 7, "in_flight", int(NOW.timestamp()) * 10**6) for flight in flights
    ]
    assert books.rows(f"SELECT tries FROM message WHERE batch_id = {batch} ORDER BY id") == [(1,), (1,), (0,)]
    assert len(books.claim()) == 1
    assert books.claim() == []
    assert books.balance() == (CREDIT, 3 * PRICE)
    assert books.database.audit().ok


def test_what_must_wait_is_passed_over(books: Books) -> None:
    books.add_client("Paused", 1_000_000)
    books.queue([number(1)], client="Paused")
    books.queue([number(2)], provider="Other")
    books.queue([number(3)])
    with books.database.begin() as uow:
        uow.clients.set_paused(books.ids["Paused"], paused=True)
        uow.providers.pause(books.ids["Other"], "bad credentials")
    [flight] = books.claim()
    books.settle(outcome(flight, AttemptOutcome.NOT_SENT, not_before=LATER))
    assert books.claim() == []
    assert books.claim(now=LATER - timedelta(microseconds=1)) == []
    assert [again.message_id for again in books.claim(now=LATER)] == [flight.message_id]
    with books.database.begin() as uow:
        uow.clients.set_paused(books.ids["Paused"], paused=False)
        uow.providers.pause(books.ids["Other"], None)
    assert len(books.claim()) == 2


def test_claimers_at_once_never_share_a_message(books: Books) -> None:
    books.queue([number(index) for index in range(40)])
    barrier = threading.Barrier(4)

    def claim(_index: int) -> list[int]:
        barrier.wait()
        return [flight.message_id for _ in range(3) for flight in books.claim(4)]

    with ThreadPoolExecutor(4) as pool:
        found = [message_id for part in pool.map(claim, range(4)) for message_id in part]
    found += [flight.message_id for flight in books.claim()]
    assert sorted(found) == sorted(row[0] for row in books.rows("SELECT id FROM message"))


# Outcomes


def test_a_chunk_of_every_outcome_moves_exactly_its_money(books: Books) -> None:
    flights = claimed(books, 8)
    books.settle(
        accepted(flights[0], "SM-0"), accepted(flights[1], "SM-1a", "SM-1b"),
        outcome(flights[2], AttemptOutcome.REJECTED, code="21211"), outcome(flights[3], AttemptOutcome.REJECTED, code="21610"),
        outcome(flights[4], AttemptOutcome.NOT_SENT, not_before=LATER), outcome(flights[5], AttemptOutcome.UNKNOWN, code="reset"),
        accepted(flights[6], "SM-6"), now=NOW + timedelta(seconds=1),
    )  # fmt: skip
    assert statuses(books, flights) == [
        "accepted/captured", "accepted/captured", "rejected/released", "rejected/released", "queued/held", "unknown/held",
        "accepted/captured", "sending/held",
    ]  # fmt: skip
    assert books.balance() == (CREDIT - 3 * PRICE, 3 * PRICE)
    assert attempts(books) == [
        "accepted",
        "accepted",
        "rejected",
        "rejected",
        "not_sent",
        "unknown",
        "accepted",
        "in_flight",
    ]
    assert books.rows("SELECT reason FROM message ORDER BY id")[2:6] == [("21211",), ("21610",), ("",), ("reset",)]
    assert books.rows("SELECT provider_message_id, n, cost_text FROM attempt_part ORDER BY provider_message_id") == [
        ("SM-0", 1, "0.05"), ("SM-1a", 1, "0.05"), ("SM-1b", 2, "0.05"), ("SM-6", 1, "0.05"),
    ]  # fmt: skip
    with books.database.read() as uow:
        entries = uow.ledger.entries(books.ids["account_Aurora"])
    assert sum(entry.amount for entry in entries) == CREDIT - 3 * PRICE
    assert sum(entry.held for entry in entries) == 3 * PRICE
    assert books.database.audit().ok


def test_a_chunk_over_several_holds_settles_each_with_its_own(books: Books) -> None:
    books.add_client("Borealis", 1_000_000)
    for client in ("Aurora", "Borealis", "Aurora"):
        books.queue([number(1), number(2)], client=client, segments=2)
    flights = books.claim()
    books.settle(
        *(accepted(flight, f"SM-{index}") for index, flight in enumerate(flights) if index % 2 == 0),
        *(outcome(flight, AttemptOutcome.REJECTED) for index, flight in enumerate(flights) if index % 2),
    )
    assert books.balance("Aurora") == (CREDIT - 4 * PRICE, 0)
    assert books.balance("Borealis") == (1_000_000 - 2 * PRICE, 0)
    assert books.rows("SELECT COUNT(*) FROM ledger_hold WHERE amount_micro <> captured_micro + released_micro") == [
        (0,)
    ]
    assert books.database.audit().ok


@pytest.mark.parametrize("step", ["settle", "block", "cancel"])
def test_a_chunk_over_several_clients_and_a_send_for_one_of_them_do_not_wait_for_each_other(
    books: Books, step: str
) -> None:
    """The send locks Aurora's account, then the sales; the chunk meets Borealis' and the sales first."""
    books.add_client("Borealis", 1_000_000)
    for client in ("Borealis", "Aurora"):
        books.queue([number(1)], client=client)

    def settle(flights: Sequence[Flight]) -> None:
        books.settle(*(outcome(flight, AttemptOutcome.REJECTED) for flight in flights))

    def end(_flights: Sequence[Flight]) -> None:
        with books.database.begin() as uow:
            found = uow.dispatch.candidates(10, NOW)
            if step == "block":
                uow.dispatch.block([(one, "opted_out") for one in found], actor="engine", now=NOW)
            else:
                ids = [one.message_id for one in found]
                uow.endings.end(ids, MessageStatus.CANCELLED, reason="stopped", actor="anna", now=NOW)

    flights = books.claim() if step == "settle" else []
    with ThreadPoolExecutor(1) as pool:
        with books.database.begin() as uow:
            uow.ledger.lock([books.ids["account_Aurora"]])
            ending = pool.submit(settle if step == "settle" else end, flights)
            if books.engine.dialect.name == "postgresql":
                eventually(lambda: books.rows("SELECT 1 FROM pg_locks WHERE NOT granted"), "the chunk at a lock")
            uow.ledger.lock([books.ids["sales"]])
        ending.result(30)
    assert books.balance("Aurora") == (CREDIT, 0)
    assert books.balance("Borealis") == (1_000_000, 0)
    assert books.database.audit().ok


def test_an_id_that_is_bound_already_proves_nothing(books: Books) -> None:
    first, second, third = claimed(books, 3)
    books.accept(first, "SM-1")
    books.settle(accepted(second, "SM-2", "SM-1"), accepted(third, "SM-3"))
    assert statuses(books, [first, second, third]) == ["accepted/captured", "unknown/held", "accepted/captured"]
    assert books.rows("SELECT COUNT(*) FROM attempt_part") == [(2,)]
    assert books.rows(f"SELECT code FROM attempt WHERE id = {second.attempt_id}") == [("foreign_id",)]
    assert books.balance() == (CREDIT - 2 * PRICE, PRICE)
    assert books.database.audit().ok


@pytest.mark.parametrize("sids", [("SM-1", "SM-1"), ("SM-2", "SM-1")], ids=["the same", "one of them the same"])
def test_one_id_for_two_messages_of_a_chunk_proves_nothing_for_either(books: Books, sids: tuple[str, str]) -> None:
    first, second = claimed(books, 2)
    books.settle(accepted(first, "SM-1"), accepted(second, *dict.fromkeys(sids)))
    assert statuses(books, [first, second]) == ["unknown/held"] * 2
    assert books.balance() == (CREDIT, 2 * PRICE)
    assert books.database.audit().ok


def test_one_id_twice_in_one_answer_proves_nothing(books: Books) -> None:
    [flight] = claimed(books, 1)
    books.accept(flight, "SM-1", "SM-1")
    assert statuses(books, [flight]) == ["unknown/held"]


def test_two_providers_may_give_the_same_id(books: Books) -> None:
    books.queue([number(1)])
    books.queue([number(1)], provider="Other")
    flights = books.claim()
    for flight in flights:
        books.accept(flight, "SM-1")
    assert statuses(books, flights) == ["accepted/captured"] * 2
    assert books.report({"SM-1": MessageStatus.DELIVERED}, provider="Other") == 1
    assert statuses(books, flights) == ["accepted/captured", "delivered/captured"]


@pytest.mark.parametrize("first", [AttemptOutcome.ACCEPTED, AttemptOutcome.REJECTED, AttemptOutcome.NOT_SENT])
def test_a_late_outcome_of_a_settled_attempt_changes_nothing(books: Books, first: AttemptOutcome) -> None:
    [flight] = claimed(books, 1)
    books.settle(accepted(flight, "SM-1") if first is AttemptOutcome.ACCEPTED else outcome(flight, first))
    before = books.counted()
    for late in (accepted(flight, "SM-2"), *(outcome(flight, what) for what in (AttemptOutcome.REJECTED, AttemptOutcome.UNKNOWN,
                                                                                AttemptOutcome.NOT_SENT))):  # fmt: skip
        books.settle(late, now=LATER)
    assert books.counted() == before
    assert books.database.audit().ok


def test_an_outcome_of_nobodys_attempt_changes_nothing(books: Books) -> None:
    before = books.counted()
    books.settle(accepted(Flight(1, 999, 1, 1), "SM-1"))
    books.settle()
    assert books.counted() == before


@pytest.mark.parametrize(
    ("evidence", "status", "balance"),
    [
        (AttemptOutcome.ACCEPTED, "accepted/captured", (CREDIT - PRICE, 0)),
        (AttemptOutcome.REJECTED, "rejected/released", (CREDIT, 0)),
        (AttemptOutcome.NOT_SENT, "queued/held", (CREDIT, PRICE)),
        (AttemptOutcome.UNKNOWN, "unknown/held", (CREDIT, PRICE)),
    ],
)
def test_evidence_resolves_an_unknown_outcome(
    books: Books, evidence: AttemptOutcome, status: str, balance: tuple[int, int]
) -> None:
    [flight] = claimed(books, 1)
    books.settle(outcome(flight, AttemptOutcome.UNKNOWN))
    assert books.claim() == []
    books.settle(accepted(flight, "SM-1") if evidence is AttemptOutcome.ACCEPTED else outcome(flight, evidence))
    assert statuses(books, [flight]) == [status]
    assert books.balance() == balance
    assert books.database.audit().ok


def test_two_who_settle_one_attempt_at_once_take_its_money_once(books: Books) -> None:
    flights = claimed(books, 12)
    barrier = threading.Barrier(2)

    def settle(_index: int) -> None:
        for index, flight in enumerate(flights):
            barrier.wait()
            books.accept(flight, f"SM-{index}")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(settle, range(2))) == [None, None]
    assert statuses(books, flights) == ["accepted/captured"] * 12
    assert books.balance() == (CREDIT - 12 * PRICE, 0)
    assert books.database.audit().ok


# Taking over


def test_what_an_earlier_owner_had_in_flight_is_called_unknown(books: Books) -> None:
    books.queue([number(index) for index in range(3)])
    old, mine = books.claim(2, epoch=1), books.claim(1, epoch=2)
    books.accept(old[0], "SM-1")
    with books.database.begin() as uow:
        assert uow.dispatch.abandon_flights(2, LATER) == 1
        assert uow.dispatch.abandon_flights(2, LATER) == 0
    assert statuses(books, [*old, *mine]) == ["accepted/captured", "unknown/held", "sending/held"]
    assert books.balance() == (CREDIT - PRICE, 2 * PRICE)
    # The former owner is still alive after all: its evidence is not thrown away.
    books.accept(old[1], "SM-2")
    assert statuses(books, old) == ["accepted/captured"] * 2
    assert books.database.audit().ok


def test_a_take_over_beside_a_late_outcome_loses_neither(books: Books) -> None:
    flights = claimed(books, 10)
    barrier = threading.Barrier(2)

    def settle() -> None:
        for index, flight in enumerate(flights):
            barrier.wait()
            books.accept(flight, f"SM-{index}")

    def take_over() -> None:
        for _flight in flights:
            barrier.wait()
            with books.database.begin() as uow:
                uow.dispatch.abandon_flights(2, LATER)

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(settle), pool.submit(take_over)]:
            future.result()
    assert statuses(books, flights) == ["accepted/captured"] * 10
    assert books.balance() == (CREDIT - 10 * PRICE, 0)
    assert books.database.audit().ok


def test_what_a_last_look_refuses_ends_and_gives_its_credit_back(books: Books) -> None:
    books.queue([number(1), number(2), number(3)])
    books.queue([number(1), number(2)])
    with books.database.begin() as uow:
        found = uow.dispatch.candidates(50, NOW)
        reasons = ["below_cost", "opted_out", "below_cost", "country_off"]
        uow.dispatch.block(list(zip(found[:4], reasons, strict=True)), actor="engine", now=NOW)
        uow.dispatch.block([], actor="engine", now=NOW)
    assert books.rows("SELECT status, money, reason FROM message ORDER BY id") == [
        *(("blocked", "released", reason) for reason in reasons), ("queued", "held", ""),
    ]  # fmt: skip
    assert books.balance() == (CREDIT, PRICE)
    assert books.rows("SELECT COUNT(*) FROM ledger_transfer WHERE kind = 'release'") == [(2,)]
    assert books.database.audit().ok


# Reports


REPORTED = tuple(RANK)
reports = st.lists(st.tuples(st.sampled_from(("SM-a", "SM-b", "SM-c")), st.sampled_from(REPORTED)), max_size=10)


def joined(books: Books, arrived: Sequence[tuple[str, MessageStatus]], *, at_once: int) -> str:
    """Return where the message stands after the reports, taken ``at_once`` at a time; undone afterwards."""
    with books.engine.connect() as connection:
        dispatch = DispatchRepository(connection)
        for start in range(0, len(arrived), at_once):
            highest: dict[str, MessageStatus] = {}
            for sid, status in arrived[start : start + at_once]:
                highest[sid] = max(highest.get(sid, status), status, key=RANK.__getitem__)
            dispatch.join_statuses(books.ids["Main"], highest, LATER)
        found = connection.exec_driver_sql("SELECT status FROM message").scalar_one()
        connection.rollback()
    return str(found)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(arrived=reports, data=st.data())
def test_reports_in_any_order_and_number_end_in_the_same_state(
    books: Books, arrived: list[tuple[str, MessageStatus]], data: st.DataObject
) -> None:
    """A message follows its worst part, each part its highest report: nothing else counts (reliability.md 3.3)."""
    if not books.rows("SELECT 1 FROM message"):
        [flight] = claimed(books, 1)
        books.accept(flight, "SM-a", "SM-b", "SM-c")
    highest = dict.fromkeys(("SM-a", "SM-b", "SM-c"), MessageStatus.ACCEPTED)
    for sid, status in arrived:
        highest[sid] = max(highest[sid], status, key=RANK.__getitem__)
    expected = join_parts(list(highest.values()))
    assert joined(books, arrived, at_once=1) == expected
    shuffled = data.draw(st.permutations(arrived + arrived[:3]))
    assert joined(books, shuffled, at_once=data.draw(st.integers(1, 4))) == expected


def test_a_failed_part_makes_the_message_fail_and_its_late_delivery_heals_it(books: Books) -> None:
    [flight] = claimed(books, 1)
    books.accept(flight, "SM-a", "SM-b")
    seen = []
    for sid, status in (("SM-a", MessageStatus.UNDELIVERED), ("SM-a", MessageStatus.DELIVERED), ("SM-b", MessageStatus.SENT),
                        ("SM-b", MessageStatus.DELIVERED)):  # fmt: skip
        books.report({sid: status})
        seen.append(books.status(flight.message_id))
    assert seen == ["undelivered/captured", "accepted/captured", "sent/captured", "delivered/captured"]
    assert books.database.audit().ok


def test_reports_count_the_messages_they_changed(books: Books) -> None:
    first, second = claimed(books, 2)
    books.accept(first, "SM-1")
    books.accept(second, "SM-2")
    both = {"SM-1": MessageStatus.DELIVERED, "SM-2": MessageStatus.SENT, "SM-unknown": MessageStatus.DELIVERED}
    assert books.report(both) == 2
    assert books.report(both) == 0
    assert books.report({"SM-1": MessageStatus.SENT, "SM-2": MessageStatus.ACCEPTED}) == 0
    assert books.report({"SM-1": MessageStatus.DELIVERED}, provider="Other") == 0
    assert books.report({}) == 0
    assert statuses(books, [first, second]) == ["delivered/captured", "sent/captured"]


def test_a_report_that_is_no_report_changes_nothing(books: Books) -> None:
    [flight] = claimed(books, 1)
    books.accept(flight, "SM-1")
    for word in set(MessageStatus) - set(RANK):
        assert books.report({"SM-1": word}) == 0
    assert statuses(books, [flight]) == ["accepted/captured"]


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    pause = threading.Event()
    while not true():
        assert time.monotonic() < deadline
        pause.wait(0.01)


def test_two_reports_about_two_parts_at_once_see_each_other(books: Books) -> None:
    [flight] = claimed(books, 1)
    books.accept(flight, "SM-a", "SM-b")
    other = threading.Thread(target=books.report, args=({"SM-b": MessageStatus.DELIVERED},))

    def waits_or_is_done() -> bool:
        if books.engine.dialect.name == "sqlite":
            return True  # it waits before it begins
        waiting = books.rows("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return waiting != [(0,)] or not other.is_alive()

    with books.database.begin() as uow:
        uow.dispatch.join_statuses(books.ids["Main"], {"SM-a": MessageStatus.DELIVERED}, LATER)
        other.start()
        wait_until(waits_or_is_done)
    other.join()
    assert statuses(books, [flight]) == ["delivered/captured"]


def test_open_parts_are_paged_by_whole_messages(books: Books) -> None:
    flights = claimed(books, 5)
    for index, flight in enumerate(flights):
        books.accept(flight, f"SM-{index}a", f"SM-{index}b")
    books.report({"SM-0a": MessageStatus.DELIVERED, "SM-1a": MessageStatus.DELIVERED, "SM-1b": MessageStatus.DELIVERED})
    found: list[list[str]] = []
    after = START
    with books.database.read() as uow:
        while page := uow.receipts.unreported(after, LATER, 2):
            found.append([part.provider_message_id for part in uow.receipts.open_parts([one.id for one in page])])
            after = page[-1]
        assert uow.receipts.unreported(START, NOW - timedelta(microseconds=1), 2) == []
    assert found == [["SM-0b", "SM-2a", "SM-2b"], ["SM-3a", "SM-3b", "SM-4a", "SM-4b"]]


# The lease


def test_the_lease_has_one_holder_and_a_rising_number(books: Books) -> None:
    def acquire(holder: str, after: float) -> int | None:
        with books.database.begin() as uow:
            return uow.lease.acquire(holder, NOW + timedelta(seconds=after), 30.0, 5.0)

    def renew(epoch: int, after: float) -> bool:
        with books.database.begin() as uow:
            return uow.lease.renew(epoch, NOW + timedelta(seconds=after), 30.0)

    def is_mine(epoch: int) -> bool:
        with books.database.begin() as uow:
            return uow.lease.is_mine(epoch)

    assert acquire("one", 0) == 1
    assert acquire("two", 0) is None
    assert renew(1, 20)
    assert acquire("two", 50) is None
    assert acquire("two", 54.999) is None  # over, but within the grace
    assert is_mine(1)
    assert acquire("two", 55) == 2
    assert not renew(1, 56)
    assert not is_mine(1)
    assert is_mine(2)
    with books.database.begin() as uow:
        uow.lease.release(1)  # by the one who lost it: no effect
    assert acquire("three", 57) is None
    with books.database.begin() as uow:
        uow.lease.release(2)
    assert not renew(2, 58)
    assert acquire("three", 58) == 3
    assert acquire("three", 59) == 4  # the same holder may ask again, under a new number


def test_of_many_who_want_the_lease_at_once_one_gets_it(books: Books) -> None:
    barrier = threading.Barrier(6)

    def acquire(index: int) -> int | None:
        barrier.wait()
        with books.database.begin() as uow:
            return uow.lease.acquire(f"holder {index}", NOW, 30.0, 5.0)

    with ThreadPoolExecutor(6) as pool:
        epochs = list(pool.map(acquire, range(6)))
    assert sorted(epoch for epoch in epochs if epoch is not None) == [1]
    assert books.rows("SELECT epoch FROM sending_lease") == [(1,)]


def test_a_lease_given_back_ends_in_the_past(books: Books) -> None:
    with books.database.begin() as uow:
        epoch = uow.lease.acquire("one", NOW, 30.0, 5.0)
        assert epoch is not None
        uow.lease.release(epoch)
    assert books.rows("SELECT holder, expires_at FROM sending_lease") == [("", 0)]
    assert datetime.fromtimestamp(0, UTC) < NOW
