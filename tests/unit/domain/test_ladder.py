"""What waits is asked about on every rung of the ladder, in its turn, and however much waits, nobody starves."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.ladder import LONGEST_PAUSE, Ladder, Position, fair_shares

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
AGES = [timedelta(seconds=seconds) for seconds in (2, 5, 10, 60, 600, 3600)]
UNTIL = timedelta(hours=10)


class Waiting:
    """Messages that never end, and when each was asked about."""

    def __init__(self, ages: Sequence[timedelta], until: timedelta = UNTIL) -> None:
        self.ladder = Ladder(ages, until)
        self.rows: list[Position] = []
        self.asked: dict[int, list[datetime]] = defaultdict(list)

    def add(self, at: datetime, count: int = 1) -> list[int]:
        first = len(self.rows) + 1
        self.rows += [Position(at, number) for number in range(first, first + count)]
        self.rows.sort()
        return list(range(first, first + count))

    def round(self, now: datetime, room: int = 1000) -> list[int]:
        taken = self.ladder.take(now, room, self._read)
        assert len(taken) <= room
        assert len(set(taken)) == len(taken)
        for one in taken:
            self.asked[one].append(now)
        return taken

    def _read(self, after: Position, until: datetime, most: int) -> list[Position]:
        return [row for row in self.rows if row > after and row.at <= until][:most]


def test_a_message_is_asked_about_on_each_rung_and_then_no_more() -> None:
    waiting = Waiting(AGES, UNTIL)
    waiting.round(NOW)
    (one,) = waiting.add(NOW)
    for seconds in range(1, 12 * 3600, 2):
        waiting.round(NOW + seconds * SECOND)
    ages = [at - NOW for at in waiting.asked[one]]
    assert len(ages) == len(AGES)
    assert all(rung <= age < rung + 3 * SECOND for rung, age in zip(AGES, ages, strict=True))


def test_at_the_first_time_each_is_asked_about_once_and_the_old_ones_not_at_all() -> None:
    waiting = Waiting(AGES, UNTIL)
    known = [waiting.add(NOW - age)[0] for age in (3 * SECOND, 20 * SECOND, 5 * timedelta(hours=1))]
    waiting.add(NOW - UNTIL - SECOND)
    waiting.add(NOW - SECOND)
    assert sorted(waiting.round(NOW)) == known
    assert waiting.round(NOW) == []


def test_after_a_pause_each_is_asked_about_once_not_once_per_rung() -> None:
    waiting = Waiting(AGES, UNTIL)
    waiting.round(NOW)
    ids = waiting.add(NOW, 10)
    assert sorted(waiting.round(NOW + timedelta(hours=2))) == ids
    assert waiting.round(NOW + timedelta(hours=2, seconds=1)) == []


def test_a_clock_set_back_stops_nothing() -> None:
    waiting = Waiting(AGES, UNTIL)
    waiting.round(NOW + timedelta(days=365))
    (one,) = waiting.add(NOW)
    waiting.round(NOW)
    assert waiting.round(NOW + 2 * SECOND) == [one]
    waiting.round(NOW + SECOND)
    assert waiting.round(NOW + 3 * SECOND) == []


def test_a_burst_far_above_the_room_is_asked_about_to_the_last_one_in_its_order() -> None:
    waiting = Waiting(AGES, UNTIL)
    waiting.round(NOW)
    ids = waiting.add(NOW, 500)
    seen: list[int] = []
    for number in range(1, 400):
        seen += [one for one in waiting.round(NOW + number * 5 * SECOND, room=20) if one not in seen]
    assert seen == ids
    assert max(len(times) for times in waiting.asked.values()) <= len(AGES)


def test_old_ones_get_their_share_while_fresh_ones_keep_coming() -> None:
    waiting = Waiting(AGES, UNTIL)
    old = waiting.add(NOW - timedelta(hours=2), 300)
    for number in range(200):
        waiting.add(NOW + number * 5 * SECOND, 30)
        waiting.round(NOW + number * 5 * SECOND, room=20)
    assert all(waiting.asked[one] for one in old)


def test_rounds_slower_than_a_pause_reach_everybody_too() -> None:
    waiting = Waiting(AGES, UNTIL)
    ids = waiting.add(NOW - timedelta(hours=2), 200)
    for number in range(30):
        waiting.round(NOW + number * 2 * LONGEST_PAUSE, room=20)
    assert [one for one in ids if not waiting.asked[one]] == []


@given(st.lists(st.integers(0, 2000), max_size=40), st.integers(0, 1000))
def test_shares_are_equal_where_more_is_wanted(wanted: list[int], room: int) -> None:
    shares = fair_shares(wanted, room)
    assert sum(shares) == min(room, sum(wanted))
    assert all(0 <= share <= want for share, want in zip(shares, wanted, strict=True))
    short = [share for share, want in zip(shares, wanted, strict=True) if share < want]
    assert all(share >= max(shares) - 1 for share in short)
    assert max(short, default=0) - min(short, default=0) <= 1
