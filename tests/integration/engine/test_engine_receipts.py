"""Delivery receipts: asked for, journalled first, joined by rank: order, repetition and strange words change nothing."""

import itertools
import random
from collections.abc import Sequence

import pytest

from desktop_app.domain.errors import Cancelled, ProviderError
from desktop_app.domain.messages import MessageStatus
from desktop_app.services.job import Job
from desktop_app.storage.repositories.receipts import Receipt
from tests.fixtures.application import Desk, eventually, german

WORDS = {
    "queued": MessageStatus.ACCEPTED,
    "sent": MessageStatus.SENT,
    "undelivered": MessageStatus.UNDELIVERED,
    "delivered": MessageStatus.DELIVERED,
    "gone fishing": None,
}


def receipt(sid: str, word: str, n: int = 0) -> Receipt:
    """Return a report in the provider's word; ``n`` tells repetitions of it apart."""
    return Receipt(sid, word, WORDS[word], "", f"{word} {n}")


def provider_ids(desk: Desk) -> list[str]:
    found = [row.provider_message_id for row in desk.application.delivery.list_messages()]
    return [sid for sid in found if sid is not None]


def take(desk: Desk, *receipts: Receipt) -> int:
    return desk.application.delivery.take_receipts(1, receipts)


def test_polling_brings_every_message_to_its_end(desk: Desk) -> None:
    desk.queue(german(10))
    desk.drain()
    money = desk.money()

    eventually(lambda: desk.application.receipts.poll_once(Job()) == 0, "the last change")

    ends = {row.to[-1]: row.status.value for row in desk.application.delivery.list_messages()}
    assert ends == {"1": "undelivered", "2": "expired", "3": "sent", **dict.fromkeys("0456789", "delivered")}
    assert desk.money() == money  # receipts move no money
    desk.assert_sound()


def test_the_order_and_the_repetition_of_reports_do_not_matter(desk: Desk, seed: random.Random) -> None:
    orders = [list(order) for order in itertools.permutations(WORDS)]
    seed.shuffle(orders)
    orders = orders[:40]
    desk.queue(german(len(orders)))
    desk.drain()

    for sid, order in zip(provider_ids(desk), orders, strict=True):
        again = seed.choice(order)
        words: Sequence[str] = [*order, again]
        for n, word in enumerate(words):
            take(desk, receipt(sid, word, n))

    assert desk.statuses() == {"delivered": len(orders)}
    assert sum(count for (count,) in desk.query("SELECT COUNT(*) FROM receipt")) == 6 * len(orders)
    desk.assert_sound()


def test_reports_that_come_together_are_joined_too(desk: Desk, seed: random.Random) -> None:
    desk.queue(german(20))
    desk.drain()
    receipts = [receipt(sid, word) for sid in provider_ids(desk) for word in ("queued", "sent", "undelivered")]
    seed.shuffle(receipts)

    assert take(desk, *receipts) == 20

    assert desk.statuses() == {"undelivered": 20}


@pytest.mark.parametrize(
    ("words", "end"),
    [
        (("undelivered", "sent", "queued"), "undelivered"),
        (("sent", "queued"), "sent"),
        (("gone fishing",), "accepted"),
        (("delivered", "undelivered"), "delivered"),
        (("undelivered", "delivered"), "delivered"),
    ],
)
def test_the_highest_rank_stays(sqlite_desk: Desk, words: tuple[str, ...], end: str) -> None:
    sqlite_desk.queue(german(1))
    sqlite_desk.drain()
    (sid,) = provider_ids(sqlite_desk)

    for word in words:
        take(sqlite_desk, receipt(sid, word))

    assert sqlite_desk.statuses() == {end: 1}
    kept = [one.provider_status for _at, one in sqlite_desk.application.delivery.timeline(1).receipts]
    assert kept == list(words)


def test_the_same_report_is_kept_once(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.queue(german(1))
    desk.drain()
    (sid,) = provider_ids(desk)

    assert take(desk, receipt(sid, "sent"), receipt(sid, "sent")) == 1
    assert take(desk, receipt(sid, "sent")) == 0

    assert len(desk.application.delivery.timeline(1).receipts) == 1


def test_a_report_that_comes_before_the_answer_waits_for_it(desk: Desk) -> None:
    """The provider accepts, reports, and only then answers the send."""
    desk.queue(german(1))
    desk.change(latency_ms=1500)
    with desk.dispatcher() as dispatcher:
        assert dispatcher._lease.acquire()
        dispatcher.step()
        eventually(lambda: desk.has_sent(1), "the send")
        sid = desk.accepted()[0]["id"]
        assert take(desk, receipt(sid, "delivered")) == 0
        assert desk.statuses() == {"sending": 1}
        dispatcher.stop()

    assert desk.statuses() == {"accepted": 1}
    assert desk.application.receipts.poll_once(Job()) == 1
    assert desk.statuses() == {"delivered": 1}


def test_reports_of_strangers_change_nothing(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.queue(german(2))
    desk.drain()
    before = desk.application.delivery.list_messages()

    assert take(desk, receipt("SM" + "0" * 32, "delivered"), receipt("", "delivered")) == 0

    assert desk.application.delivery.list_messages() == before


def test_one_silent_provider_does_not_keep_the_others_reports_back(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.queue(german(2, start=4))
    desk.drain()
    desk.add_provider("Other", default=True)
    desk.import_costs("Other", {"DE": "0.05"})
    desk.queue(german(2, start=14))
    desk.drain()
    desk.application.accounts._secrets.delete("provider/1")

    with pytest.raises(Exception, match="secret"):
        desk.application.receipts.poll_once(Job())

    assert desk.numbers_by_status(MessageStatus.DELIVERED) == set(german(2, start=14))


def test_a_failing_look_up_keeps_what_was_told_before(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.queue(german(5, start=4))
    desk.drain()
    desk.change(faults=[{"mode": "lookup_down"}])

    with pytest.raises(ProviderError):
        desk.application.receipts.poll_once(Job())

    assert desk.statuses() == {"accepted": 5}
    desk.heal()
    assert desk.application.receipts.poll_once(Job()) == 5


def test_asking_can_be_stopped_and_keeps_what_was_told(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.queue(german(20, start=100))
    desk.drain()

    def stop_at_five(done: int, _total: int, _label: str) -> None:
        if done == 5:
            job.cancel()

    job = Job(stop_at_five)
    with pytest.raises(Cancelled):
        desk.application.receipts.poll_once(job)

    told = 20 - desk.statuses().get("accepted", 0)
    assert 5 <= told <= 6
