"""Lost answers and what the provider lists: each listed message is given once, to a try within whose time it lies."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.evidence import EARLY, LATE, PROBES, LostAnswer, match, next_probe

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECONDS = st.integers(0, 4_000).map(lambda count: NOW + timedelta(seconds=count))
TRIES = st.lists(st.tuples(SECONDS, st.integers(0, 30)), max_size=8)


def tries_of(drawn: list[tuple[datetime, int]]) -> list[LostAnswer]:
    return [LostAnswer.of(number, at, at + timedelta(seconds=span)) for number, (at, span) in enumerate(drawn)]


@given(TRIES, st.lists(SECONDS, max_size=8))
def test_nothing_is_given_twice_or_out_of_its_time(drawn: list[tuple[datetime, int]], moments: list[datetime]) -> None:
    tries = tries_of(drawn)
    created = [(f"SM{number}", moment) for number, moment in enumerate(moments)]

    found = match(tries, created)

    assert len(set(found.values())) == len(found)
    by_id, times = {one.attempt_id: one for one in tries}, dict(created)
    for attempt_id, sid in found.items():
        assert by_id[attempt_id].start <= times[sid] <= by_id[attempt_id].end


@given(TRIES)
def test_what_was_accepted_while_it_was_tried_is_found(drawn: list[tuple[datetime, int]]) -> None:
    tries = tries_of(drawn)
    created = [(f"SM{number}", at) for number, (at, _span) in enumerate(drawn)]

    assert len(match(tries, created)) == len(tries)


def test_the_time_of_a_try_is_a_little_longer_than_it_was() -> None:
    one = LostAnswer.of(1, NOW, NOW + timedelta(seconds=10))
    assert match([one], [("SM1", NOW - EARLY)]) == {1: "SM1"}
    assert match([one], [("SM1", NOW - EARLY - timedelta(seconds=1))]) == {}
    assert match([one], [("SM1", NOW + timedelta(seconds=10) + LATE)]) == {1: "SM1"}
    assert match([one], [("SM1", NOW + timedelta(seconds=11) + LATE)]) == {}


def test_it_is_asked_again_later_and_later_and_then_a_person_decides() -> None:
    times = []
    moment: datetime | None = NOW
    while moment is not None:
        moment = next_probe(NOW, moment)
        times.append(moment)
    assert times == [*(NOW + after for after in PROBES), None]
