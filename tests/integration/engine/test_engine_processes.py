"""Processes that are killed, stopped and woken up: no message twice, none lost (reliability.md P1, P6, P7)."""

import random
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from desktop_app.engine.dispatch import CLAIM_SIZE, WINDOW
from tests.fixtures import sending_process
from tests.fixtures.application import ENVIRONMENT, Desk, eventually, german
from tests.fixtures.sending_process import KILL_POINTS

TIMES = {"lasts": 1.6, "renew_after": 0.1, "grace": 0.1, "margin": 0.9}
DEADLINE = 0.8
UNHURRIED = {"times": {"lasts": 20.0, "renew_after": 0.1, "grace": 0.1, "margin": 8.0}, "deadline": 8.0}
AFTERWARDS = german(5, start=5000)
# What a provider does to one send in twelve, beside what happens to us.
MIXED_FAULTS = [
    {"mode": mode, "rate": rate}
    for mode, rate in (
        ("reset_after_accept", 0.02),
        ("reset_before_accept", 0.02),
        ("unavailable_accepted", 0.01),
        ("created_empty", 0.01),
        ("bad_request", 0.02),
    )
]


class Campaign:
    """A queue that several processes work on, one after the other or at once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, **options: object) -> subprocess.Popen[bytes]:
        """Start a process that sends."""
        desk = self.desk
        process = sending_process.start(
            desk.database_url, desk.profile, **{"times": TIMES, "deadline": DEADLINE, **options}
        )  # fmt: skip
        self._running.append(process)
        return process

    def finish(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until a process ended by itself: it says nothing and fails nowhere."""
        assert sending_process.finish(process) == (0, "")

    def close(self) -> None:
        for process in self._running:
            if process.poll() is None:
                process.kill()
            sending_process.finish(process)

    def unknown(self) -> int:
        """How many messages are in doubt, those still in flight of a dead process included."""
        statuses = self.desk.statuses()
        return statuses.get("unknown", 0) + statuses.get("sending", 0)

    def assert_every_message_has_one_end(self, numbers: list[str]) -> None:
        """Nothing twice, nothing lost, nothing forgotten, and our ids are the provider's."""
        desk = self.desk
        desk.assert_sound()
        rows = {row.to: row for row in desk.application.delivery.list_messages()}
        assert sorted(rows) == sorted(numbers)
        assert set(desk.statuses()) <= {"accepted", "rejected", "unknown"}
        provider = {message["to"]: message["id"] for message in desk.accepted()}
        ours = {to: row.provider_message_id for to, row in rows.items() if row.status.value == "accepted"}
        assert ours.items() <= provider.items()
        assert {to for to, row in rows.items() if row.status.value == "rejected"}.isdisjoint(provider)
        assert {to for to in provider if to not in ours} <= {
            to for to, row in rows.items() if row.status.value == "unknown"
        }


@pytest.fixture
def _vault(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def campaign(desk: Desk, _vault: None) -> Iterator[Campaign]:
    with closing(Campaign(desk)) as found:
        yield found


@pytest.fixture
def sqlite_campaign(sqlite_desk: Desk, _vault: None) -> Iterator[Campaign]:
    with closing(Campaign(sqlite_desk)) as found:
        yield found


def kill_in_turn(campaign: Campaign, seed: random.Random, points: Sequence[str], each: int) -> None:
    """Before each process that dies at the next point, at a random passage, queue ``each`` messages; then let one finish."""
    desk = campaign.desk
    desk.change(faults=MIXED_FAULTS, latency_ms=1, seed=seed.randrange(10**6))
    numbers = german(each * len(points))
    desk.application.credits.top_up("Aurora", Decimal(1000), reason="a long way", actor="anna")
    for turn, point in enumerate(points):
        desk.queue(numbers[turn * each : (turn + 1) * each])
        before = campaign.unknown()
        after = seed.randrange(each // 2 if point in ("pre_http", "post_http") else 2)
        print(f"{point}, passed {after} times before")
        assert sending_process.finish(campaign.start(kill=point, after=after)) == (-signal.SIGKILL, "")
        # What this one left, beside what its faults made doubtful before.
        assert desk.statuses().get("sending", 0) <= CLAIM_SIZE
        assert campaign.unknown() - before <= CLAIM_SIZE + WINDOW
    campaign.finish(campaign.start())
    campaign.assert_every_message_has_one_end(numbers)


def test_a_worker_may_be_killed_at_every_point(
    campaign: Campaign, seed: random.Random, run_seed: str, database_url: str
) -> None:
    points = sorted(KILL_POINTS)
    random.Random(run_seed).shuffle(points)
    # Half of the points on each database; which ones changes from run to run.
    kill_in_turn(campaign, seed, points[:4] if database_url.startswith("sqlite") else points[4:], 250)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_worker_may_be_killed_again_and_again(campaign: Campaign, seed: random.Random) -> None:
    points = sorted(KILL_POINTS) * 2
    seed.shuffle(points)
    kill_in_turn(campaign, seed, points, 300)


def test_a_worker_may_be_killed_at_any_moment(sqlite_campaign: Campaign, seed: random.Random) -> None:
    desk = sqlite_campaign.desk
    numbers = german(300)
    desk.change(latency_ms=5)
    desk.queue(numbers)
    process = sqlite_campaign.start()
    eventually(partial(desk.has_sent, seed.randrange(1, 200)), "sending")
    process.kill()
    sending_process.finish(process)
    assert sqlite_campaign.unknown() <= CLAIM_SIZE
    sqlite_campaign.finish(sqlite_campaign.start())
    sqlite_campaign.assert_every_message_has_one_end(numbers)


def late_sends(campaign: Campaign, **options: Any) -> set[str]:
    """Stop a worker in the middle, let another take over and finish, wake the first; return what it then still sent.

    Only what another attempt was made for may leave after the take-over: of everything else the new holder said that it is
    unknown, and drew conclusions from that.
    """
    desk = campaign.desk
    desk.change(latency_ms=50)
    desk.queue(german(250))
    stalled = campaign.start(**options)
    eventually(partial(desk.has_sent, 20), "sending")
    stalled.send_signal(signal.SIGSTOP)
    campaign.finish(campaign.start())
    assert {"sending", "queued"}.isdisjoint(desk.statuses())
    assert desk.statuses()["unknown"] > WINDOW
    before = len(desk.seen())

    desk.queue(AFTERWARDS)  # work for the one that wakes up
    stalled.send_signal(signal.SIGCONT)
    campaign.finish(stalled)

    first_tries = {number for (number,) in desk.query("SELECT number FROM message WHERE tries = 1")}
    return first_tries.intersection(desk.seen()[before:]).difference(AFTERWARDS)


def test_a_worker_that_wakes_up_after_a_take_over_sends_nothing_of_its_term(campaign: Campaign) -> None:
    late = late_sends(campaign)

    # A thread stopped between its look at the lease and its first byte cannot know better; that takes microseconds.
    assert len(late) <= 1
    campaign.assert_every_message_has_one_end(german(250) + AFTERWARDS)
    # What had not left is proven absent and went out by a new attempt; what had left got its answer.
    assert campaign.unknown() <= 8


def test_without_the_look_at_the_lease_it_would(sqlite_campaign: Campaign) -> None:
    assert len(late_sends(sqlite_campaign, mistake="no look at the lease")) > 8


def test_two_workers_at_once_send_nothing_twice(campaign: Campaign) -> None:
    numbers = german(300)
    campaign.desk.queue(numbers)

    both = [campaign.start(**UNHURRIED), campaign.start(**UNHURRIED)]
    for process in both:
        campaign.finish(process)

    assert sorted(campaign.desk.seen()) == numbers
    assert campaign.desk.statuses() == {"accepted": 300}
    campaign.assert_every_message_has_one_end(numbers)
