"""The traffic in slots is what the messages say, whatever happens to them, and only what changed is counted again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from desktop_app.domain.messages import MessageStatus
from desktop_app.services.job import Job
from tests.fixtures.application import Desk, at_once, bare_desk, desk, german, open_desk, sandbox

__all__ = ["bare_desk", "desk", "open_desk", "sandbox"]
DIRECT = """SELECT coalesce(b.send_at, b.created_at) / 900000000, q.country, b.provider_id, b.currency, coalesce(q.cost_currency, ''),
 m.status, m.money, count(*), sum(m.segments), sum(m.price_micro), sum(coalesce(q.cost_micro, 0) * m.segments)
 FROM message m JOIN batch b ON b.id = m.batch_id JOIN batch_quote q ON q.id = m.quote_id
 GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7"""
KEPT = "SELECT * FROM traffic ORDER BY 1, 2, 3, 4, 5, 6, 7"


def count(desk: Desk) -> None:
    desk.application.overview.count_traffic(Job())


def assert_exact(desk: Desk) -> None:
    count(desk)
    direct = [tuple(map(str, row)) for row in desk.query(DIRECT)]
    assert [tuple(map(str, row)) for row in desk.query(KEPT)] == direct
    assert direct
    assert desk.query("SELECT count(*) FROM traffic_stale") == [(0,)]


def cancel_queued(desk: Desk, then: Callable[[], object] = bool) -> None:
    queued = [row[0] for row in desk.query("SELECT id FROM message WHERE status = 'queued'")]
    with desk.application.database.begin() as uow:
        uow.endings.end(queued, MessageStatus.CANCELLED, reason="stopped", actor="anna", now=desk.application.clock())
        then()


def test_what_is_counted_is_what_the_messages_say_at_every_step(desk: Desk) -> None:
    numbers = [*german(8), "+447400123456", "+447400123457"]
    desk.queue(numbers)
    assert_exact(desk)

    desk.drain()
    assert_exact(desk)

    desk.application.receipts.poll_once(Job())
    assert_exact(desk)
    statuses = {row[0] for row in desk.query("SELECT DISTINCT status FROM traffic")}
    assert MessageStatus.DELIVERED in statuses
    assert len(statuses) > 1

    desk.queue(german(3, 100))
    cancel_queued(desk)
    assert_exact(desk)
    assert ("cancelled",) in desk.query("SELECT status FROM traffic")


def test_a_test_that_we_pay_costs_something_and_sells_nothing(desk: Desk) -> None:
    desk.queue(german(2))
    desk.queue(german(3, 10), is_test=True)
    desk.drain()
    count(desk)
    sums = desk.query("SELECT sum(messages), sum(segments), sum(price_micro), sum(cost_micro) FROM traffic")
    assert [tuple(map(int, row)) for row in sums] == [(5, 5, 120_000, 250_000)]
    accounts = desk.application.client_accounts
    with desk.application.database.read() as uow:
        client = uow.clients.get("Aurora")
        since = desk.application.clock() - timedelta(hours=1)
        assert uow.volumes.by_client(since) == {client.client_id: 2}
        assert uow.volumes.of_client(client.client_id, since) == {"DE": 2}
    assert accounts.explain("Aurora").is_proved
    assert desk.money() == (Decimal("99.88"), 0)


def test_a_batch_that_is_sent_at_another_time_moves_with_its_messages(desk: Desk) -> None:
    desk.queue(german(4))
    assert_exact(desk)
    later = int((datetime.now(UTC) + timedelta(days=3)).timestamp()) * 10**6
    desk.query(f"UPDATE batch SET send_at = {later}")
    assert_exact(desk)
    assert desk.query("SELECT DISTINCT slot FROM traffic") == [(later // 900_000_000,)]


def test_only_slots_whose_messages_changed_are_counted_again(desk: Desk) -> None:
    desk.queue(german(2))
    count(desk)
    desk.query("UPDATE traffic SET segments = 77")
    count(desk)
    assert desk.query("SELECT segments FROM traffic") == [(77,)]

    desk.drain()
    assert_exact(desk)


def test_a_slot_is_noted_while_another_one_waits_to_be_counted(desk: Desk) -> None:
    desk.queue(german(2))
    count(desk)
    desk.query("INSERT INTO traffic_stale (slot) VALUES (1)")
    desk.drain()
    assert_exact(desk)


def test_two_that_count_at_once_count_nothing_twice(desk: Desk) -> None:
    for start in range(0, 40, 10):
        desk.queue(german(10, start))
    overview = desk.application.overview

    at_once(*[lambda: overview.count_traffic(Job())] * 4, desk.drain)

    assert_exact(desk)


def test_a_change_that_is_taken_back_leaves_nothing(desk: Desk) -> None:
    desk.queue(german(2))
    count(desk)

    class TakenBack(Exception):
        pass

    def fail() -> None:
        raise TakenBack

    with pytest.raises(TakenBack):
        cancel_queued(desk, then=fail)
    assert desk.query("SELECT count(*) FROM traffic_stale") == [(0,)]
    assert_exact(desk)


def test_sums_take_in_the_range_and_no_slot_more(desk: Desk) -> None:
    desk.queue(german(3))
    count(desk)
    now = desk.application.clock()
    slot = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    with desk.application.database.read() as uow:

        def total(start: datetime, end: datetime) -> int:
            return sum(one.messages for one in uow.traffic.sums(start, end))

        assert total(slot, slot + timedelta(minutes=15)) == 3
        assert total(slot - timedelta(days=1), slot) == 0
        assert total(slot + timedelta(minutes=15), slot + timedelta(days=1)) == 0
        by_country = uow.traffic.sums(slot, slot + timedelta(minutes=15), by_country=True, by_provider=True)
    assert [(one.country, one.messages, one.provider_id > 0) for one in by_country] == [("DE", 3, True)]
