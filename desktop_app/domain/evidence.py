"""Which messages in a provider's list are those whose answer was lost (reliability.md 3.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# The provider's clock may be ahead of ours, and it may take a message long after our connection ended.
EARLY: Final = timedelta(minutes=2)
LATE: Final = timedelta(minutes=10)
# When it is asked again by itself, counted from the moment that the answer was lost.
PROBES: Final = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6),
    timedelta(hours=24), timedelta(hours=47),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """A try whose answer was lost: any message created between ``start`` and ``end`` may be its own."""

    attempt_id: int
    start: datetime
    end: datetime

    @classmethod
    def of(cls, attempt_id: int, started_at: datetime, ended_at: datetime) -> "LostAnswer":
        """Return it with the times between which the provider may have taken the message."""
        return cls(attempt_id, started_at - EARLY, ended_at + LATE)


def match(lost: Iterable[LostAnswer], created: Sequence[tuple[str, datetime]]) -> dict[int, str]:
    """Return the provider's id by attempt id, for tries of one text to one number.

    Args:
        lost: the tries.
        created: (provider's id, when it was created) of that text to that number, none of them known to be another try's.

    Which id belongs to which try does not matter, texts and prices are equal; that each is given once, and to a try within
    whose time it lies, does. Earliest end first gives as many as possible.
    """
    left = sorted(lost, key=lambda one: one.end)
    found: dict[int, str] = {}
    for sid, moment in sorted(created, key=lambda one: one[1]):
        fitting = next((one for one in left if one.start <= moment <= one.end), None)
        if fitting is not None:
            found[fitting.attempt_id] = sid
            left.remove(fitting)
    return found


def next_probe(ended_at: datetime, now: datetime) -> datetime | None:
    """Return when the provider is asked again by itself, None when a person has to decide."""
    return next((ended_at + after for after in PROBES if ended_at + after > now), None)
