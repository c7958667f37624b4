"""What the simulated providers know: the scenario in force, what was accepted, and what became of it by now.

One lock guards all of it. Delivery needs no timer: a message's stage is worked out from the clock whenever somebody asks.
"""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, Self

from desktop_app.sandbox.faults import Fault, RequestKind, choose_fault
from desktop_app.sandbox.scenario import Scenario


class Stage(Enum):
    """How far a message is."""

    QUEUED = auto()
    SENT = auto()
    DELIVERED = auto()
    UNDELIVERED = auto()
    EXPIRED = auto()


# The last digit of the number decides (cli.md, settled 9); all others are delivered.
_OUTCOME: Final = {"1": Stage.UNDELIVERED, "2": Stage.EXPIRED, "3": Stage.SENT}


@dataclass(frozen=True, slots=True)
class AcceptedMessage:
    """A message a provider took.

    Attributes:
        provider: the face that took it.
        account: of the provider.
        id: as the provider spells it.
        to: the number as it was given.
        sender: the sender ID as it was given.
        body: the text.
        segments: as the provider counts them.
        accepted_at: aware UTC, as all times here.
        sent_at: when it leaves the queue.
        final_at: when its outcome is known.
        reference: the client's own label, "" without one.
    """

    provider: str
    account: str
    id: str
    to: str
    sender: str
    body: str
    segments: int
    accepted_at: datetime
    sent_at: datetime
    final_at: datetime
    reference: str = ""

    @classmethod
    def of_a_stranger(cls, provider: str, account: str, message_id: str, to: str, now: datetime) -> Self:
        """Return a message that nobody here sent, for lists that show more than was asked for."""
        earlier = now - timedelta(seconds=1)
        body = "A message of another client"
        return cls(provider, account, message_id, to, "STRANGER", body, 1, earlier, earlier, earlier)

    @property
    def outcome(self) -> Stage:
        """The stage it ends in."""
        return _OUTCOME.get(self.to[-1:], Stage.DELIVERED)

    def stage(self, now: datetime) -> Stage:
        """Return how far the message is at ``now``."""
        if now >= self.final_at:
            return self.outcome
        return Stage.SENT if now >= self.sent_at else Stage.QUEUED

    def to_json(self) -> dict[str, str]:
        """Return the message as ``/_sandbox/messages`` lists it."""
        return {
            "provider": self.provider,
            "id": self.id,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "accepted_at": self.accepted_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class LookupView:
    """How much of the truth a look-up shows.

    Attributes:
        lag_seconds: messages younger than this are not visible yet.
        missing_page: a listing leaves out its first page.
        foreign_rows: a listing has rows that are somebody else's.
    """

    lag_seconds: float = 0.0
    missing_page: bool = False
    foreign_rows: bool = False


WHOLE_TRUTH: Final = LookupView()


class World:
    """The state all faces share. Every method may be called from any thread.

    Args:
        scenario: to begin with.
        clock: returns the time, aware UTC.
    """

    def __init__(self, scenario: Scenario, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._scenario = scenario
        self._dice = _dice(scenario)
        self._messages: list[AcceptedMessage] = []
        self._by_id: dict[tuple[str, str], AcceptedMessage] = {}
        self._by_number: dict[tuple[str, str], list[AcceptedMessage]] = {}

    @property
    def scenario(self) -> Scenario:
        """The scenario in force."""
        return self._scenario

    def use(self, scenario: Scenario) -> None:
        """Let ``scenario`` hold from the next request on; the dice start anew, the messages stay."""
        with self._lock:
            self._scenario = scenario
            self._dice = _dice(scenario)

    def draw(self) -> float:
        """Return the next throw of the scenario's dice, in [0, 1)."""
        with self._lock:
            return self._dice.random()

    def fault_for(self, kind: RequestKind) -> Fault:
        """Return the fault that hits the next request of ``kind``."""
        with self._lock:
            return choose_fault(self._scenario.faults, kind, self._dice.random())

    def accept(
        self, *, provider: str, account: str, message_id: str, to: str, sender: str, body: str, segments: int,
        reference: str = "",
    ) -> AcceptedMessage:  # fmt: skip
        """Take a message and return it."""
        now = self.clock()
        delivery = timedelta(milliseconds=self._scenario.delivery_ms)
        times = (now, now + delivery / 2, now + delivery)
        message = AcceptedMessage(provider, account, message_id, to, sender, body, segments, *times, reference)
        with self._lock:
            self._messages.append(message)
            self._by_id[provider, message_id] = message
            self._by_number.setdefault((provider, to), []).append(message)
        return message

    def accepted(self) -> list[AcceptedMessage]:
        """Return everything that was accepted, in order, repetitions included."""
        with self._lock:
            return list(self._messages)

    def find(self, provider: str, account: str, message_id: str, view: LookupView) -> AcceptedMessage | None:
        """Return one message of ``account``, or None when ``view`` does not show it."""
        with self._lock:
            message = self._by_id.get((provider, message_id))
        if message is None or message.account != account or not self._visible(message, view):
            return None
        return message

    def newest_first(self, provider: str, account: str, to: str | None, view: LookupView) -> Iterator[AcceptedMessage]:
        """Yield the messages of ``account`` that ``view`` shows, to the number ``to`` if one is given."""
        with self._lock:
            messages = list(self._messages if to is None else self._by_number.get((provider, to), ()))
        for message in reversed(messages):
            if message.provider == provider and message.account == account and self._visible(message, view):
                yield message

    def _visible(self, message: AcceptedMessage, view: LookupView) -> bool:
        if not view.lag_seconds:
            return True
        return message.accepted_at <= self.clock() - timedelta(seconds=view.lag_seconds)


def _dice(scenario: Scenario) -> random.Random:
    return random.Random(scenario.seed)  # noqa: S311  # repeatable by design; nothing secret depends on it
