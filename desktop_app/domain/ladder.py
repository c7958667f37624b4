"""When what waits is asked about again: often while it is fresh, more and more seldom afterwards, and everything in its turn."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

# After a longer pause (the computer slept) each rung begins anew: one question per message, not one per rung.
LONGEST_PAUSE: Final = timedelta(minutes=10)
_LAST_ID: Final = 2**63 - 1


class Position(NamedTuple):
    """A place among what waits, which is ordered by both.

    Attributes:
        at: when it came to where it stands.
        id: its id.
    """

    at: datetime
    id: int


START: Final = Position(datetime(1970, 1, 1, tzinfo=UTC), 0)
# (after, until, most): what lies behind ``after`` and not later than ``until``, in order, at most so much of it.
Read = Callable[[Position, datetime, int], list[Position]]


class Ladder:
    """Remembers, for each rung, how far it went through what waits.

    Each rung is a queue of its own: what came first is asked about first. So nobody starves, however much there is.

    Args:
        ages: the rungs: how old something is when it is asked about, rising.
        until: the age from which it is not asked about any more.
    """

    def __init__(self, ages: Sequence[timedelta], until: timedelta) -> None:
        self._ages = tuple(ages)
        self._until = until
        self._reached: list[Position] = []
        self._taken_at: datetime | None = None

    def take(self, now: datetime, room: int, read: Read) -> list[int]:
        """Return what is to be asked about now, at most ``room`` ids, and count it as asked about.

        Args:
            now: the time.
            room: how many are asked about at most; at least one.
            read: reads what waits.

        What is due on each rung gets an equal share; what a rung does not need goes to the others, the freshest first.
        """
        self._begin(now)
        due = [
            read(reached, now - age, room) if reached.at <= now - age else []
            for age, reached in zip(self._ages, self._reached, strict=True)
        ]
        shares = fair_shares([len(rows) for rows in due], room)
        for rung, (rows, share) in enumerate(zip(due, shares, strict=True)):
            if share:
                self._reached[rung] = rows[share - 1]
        chosen = [row.id for rows, share in zip(due, shares, strict=True) for row in rows[:share]]
        return list(dict.fromkeys(chosen))

    def _begin(self, now: datetime) -> None:
        """Let each rung begin where the next one takes over: at the first time, after a pause, when the clock was set back."""
        last, self._taken_at = self._taken_at, now
        if last is not None and abs(now - last) <= LONGEST_PAUSE:
            return
        begins = [Position(now - end, _LAST_ID) for end in (*self._ages[1:], self._until)]
        if last is not None and last < now:
            # What a rung had reached already stays behind it: rounds may be that slow, and then its queue must go on.
            begins = [max(pair) for pair in zip(begins, self._reached, strict=True)]
        self._reached = begins


def fair_shares(wanted: Sequence[int], room: int) -> list[int]:
    """Return who gets how much of ``room``: nobody more than it wants, nobody less than an equal share of it while it wants more.

    What cannot be divided goes to the first.
    """
    shares, waiting, left = [0] * len(wanted), len(wanted), room
    # The least wanting first: what they leave is the others'. Of equals the last first, so that the rest goes to the first.
    for place in sorted(range(len(wanted)), key=lambda place: (wanted[place], -place)):
        shares[place] = min(wanted[place], left // waiting)
        left -= shares[place]
        waiting -= 1
    return shares
