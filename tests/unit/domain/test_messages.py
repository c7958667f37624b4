"""The states of a message: what may follow what, receipts in any order, and the buckets of a report."""

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.messages import (
    OPEN,
    RANK,
    Bucket,
    MessageStatus,
    bucket_of,
    join_parts,
    join_receipt,
    may_follow,
)

S = MessageStatus
REPORTED = [S.ACCEPTED, S.SENT, S.EXPIRED, S.UNDELIVERED, S.REJECTED, S.DELIVERED]
# Every step of reliability.md 3.1 in the words of decisions.md 9; whatever is not here must not happen.
STEPS = {
    S.QUEUED: {S.SENDING, S.BLOCKED, S.CANCELLED, S.EXPIRED_UNSENT},
    S.SENDING: {S.QUEUED, S.UNKNOWN, S.ACCEPTED, S.REJECTED},
    S.UNKNOWN: {S.QUEUED, S.EXPIRED_UNSENT, S.ABANDONED, *REPORTED},
    S.BLOCKED: {S.QUEUED, S.CANCELLED},
    S.ACCEPTED: {S.SENT, S.EXPIRED, S.UNDELIVERED, S.REJECTED, S.DELIVERED},
    S.SENT: {S.EXPIRED, S.UNDELIVERED, S.REJECTED, S.DELIVERED},
    S.EXPIRED: {S.UNDELIVERED, S.REJECTED, S.DELIVERED},
    S.UNDELIVERED: {S.REJECTED, S.DELIVERED},
    S.REJECTED: set(),
    S.DELIVERED: set(),
    S.CANCELLED: set(),
    S.EXPIRED_UNSENT: set(),
    S.ABANDONED: set(),
}


@pytest.mark.parametrize(("before", "after"), list(product(S, S)))
def test_only_the_steps_of_the_table_are_taken(before: MessageStatus, after: MessageStatus) -> None:
    assert may_follow(before, after) == (after in STEPS[before])


def test_nothing_that_may_be_on_a_phone_is_sent_again() -> None:
    again, seen = {S.ACCEPTED}, set()
    while again:
        status = again.pop()
        seen.add(status)
        again |= STEPS[status] - seen
    assert seen.isdisjoint({S.QUEUED, S.SENDING, S.UNKNOWN})
    assert not may_follow(S.UNKNOWN, S.SENDING)


# A refusal at the send ends a message (`rejected`, released); the same word in a receipt is only a rank among others.
@pytest.mark.parametrize(("before", "reported"), list(product([s for s in REPORTED if s is not S.REJECTED], S)))
def test_a_receipt_moves_a_message_exactly_where_it_may_go(before: MessageStatus, reported: MessageStatus) -> None:
    joined = join_receipt(before, reported)
    assert (joined is not before) == may_follow(before, reported)
    assert joined in (before, reported)


@pytest.mark.parametrize("reported", REPORTED)
def test_an_unknown_message_takes_what_is_reported(reported: MessageStatus) -> None:
    assert join_receipt(S.UNKNOWN, reported) is reported
    assert may_follow(S.UNKNOWN, reported)


@pytest.mark.parametrize(("one", "two", "three"), list(product(REPORTED, repeat=3)))
def test_receipts_are_joined_not_assigned(one: MessageStatus, two: MessageStatus, three: MessageStatus) -> None:
    assert join_receipt(one, one) is one
    assert join_receipt(one, two) is join_receipt(two, one)
    assert join_receipt(join_receipt(one, two), three) is join_receipt(one, join_receipt(two, three))


@pytest.mark.parametrize("reported", [status for status in S if status not in RANK])
def test_words_that_are_no_receipt_change_nothing(reported: MessageStatus) -> None:
    assert all(join_receipt(before, reported) is before for before in REPORTED)


Event = tuple[int, MessageStatus]
Join = Callable[[MessageStatus, MessageStatus], MessageStatus]


def _end(events: Iterable[Event], join: Join) -> MessageStatus:
    """Where a message of three accepted parts stands after the events."""
    parts = [S.ACCEPTED] * 3
    for part, reported in events:
        parts[part] = join(parts[part], reported)
    return join_parts(parts)


def _ends(events: Sequence[Event], repeated: int, join: Join) -> set[MessageStatus]:
    """Where it stands after every order of the events, one of them reported twice at any place."""
    twice = [*events, events[repeated % len(events)]]
    return {_end(order, join) for order in permutations(twice)} | {_end(order, join) for order in permutations(events)}


EVENTS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(REPORTED)), min_size=1, max_size=5)


@given(EVENTS, st.integers(0, 4))
def test_the_end_does_not_depend_on_order_or_repetition(events: list[Event], repeated: int) -> None:
    assert len(_ends(events, repeated, join_receipt)) == 1


def _assigned(_before: MessageStatus, reported: MessageStatus) -> MessageStatus:
    return reported


def _newest_failure_wins(before: MessageStatus, reported: MessageStatus) -> MessageStatus:
    return reported if 30 <= RANK[reported] < 40 else join_receipt(before, reported)


@pytest.mark.parametrize("wrong", [_assigned, _newest_failure_wins])
def test_the_property_above_finds_a_join_that_depends_on_order(wrong: Join) -> None:
    reports = [[(0, S.DELIVERED), (0, S.SENT), (1, S.EXPIRED), (1, S.UNDELIVERED)], [(0, S.DELIVERED), (0, S.EXPIRED)]]
    assert all(len(_ends(events, 0, wrong)) > 1 for events in reports)


PARTS = st.lists(st.sampled_from(REPORTED), min_size=1, max_size=6)


@given(PARTS, st.randoms())
def test_a_message_follows_its_worst_part(parts: list[MessageStatus], order: Random) -> None:
    whole = join_parts(parts)
    shuffled = list(parts)
    order.shuffle(shuffled)
    assert join_parts(shuffled) is whole
    assert whole in parts
    assert join_parts([whole]) is whole
    failed = {S.EXPIRED, S.UNDELIVERED, S.REJECTED}
    assert (whole in failed) == bool(failed & set(parts))
    assert (whole is S.DELIVERED) == (set(parts) == {S.DELIVERED})


@pytest.mark.parametrize(
    ("parts", "whole"),
    [([S.DELIVERED, S.SENT], S.SENT), ([S.DELIVERED, S.UNDELIVERED], S.UNDELIVERED), ([S.ACCEPTED, S.EXPIRED], S.EXPIRED),
     ([S.EXPIRED, S.REJECTED], S.REJECTED), ([S.DELIVERED, S.DELIVERED], S.DELIVERED)],
)  # fmt: skip
def test_parts_by_hand(parts: list[MessageStatus], whole: MessageStatus) -> None:
    assert join_parts(parts) is whole


BUCKETS = {
    Bucket.WAITING: {S.QUEUED, S.SENDING, S.UNKNOWN, S.ACCEPTED, S.SENT},
    Bucket.CONDUCTED: {S.DELIVERED},
    Bucket.ERRONEOUS: {S.UNDELIVERED, S.EXPIRED, S.REJECTED, S.BLOCKED, S.CANCELLED, S.EXPIRED_UNSENT, S.ABANDONED},
}


@pytest.mark.parametrize("status", list(S))
def test_every_message_is_in_one_bucket(status: MessageStatus) -> None:
    assert [bucket for bucket, members in BUCKETS.items() if status in members] == [bucket_of(status)]
    assert (bucket_of(status) is Bucket.WAITING) == (status in OPEN)


@pytest.mark.parametrize("status", list(S))
def test_where_no_report_will_come_accepted_counts_as_done(status: MessageStatus) -> None:
    closed = bucket_of(status, closed_without_report=True)
    assert closed is (Bucket.CONDUCTED if status in (S.ACCEPTED, S.SENT) else bucket_of(status))
