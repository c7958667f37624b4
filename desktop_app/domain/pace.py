"""Work over many rows that lets somebody else go first, where somebody else is known to wait."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import Final, TypeVar

T = TypeVar("T")
# So many rows take a fraction of a millisecond.
ROWS: Final = 16
# And so many that a database stores one by one.
PORTION: Final = 64


def _go_on() -> None:
    """Nobody waits: a command, the worker and the API have no window beside them."""


# Each thread has its own: a lane of the window sets what it asks, everything else goes on.
GIVE_WAY: Final[ContextVar[Callable[[], None]]] = ContextVar("give_way", default=_go_on)


def give_way() -> None:
    """Let whoever waits go first."""
    GIVE_WAY.get()()


def portions(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Return ``rows`` in portions, and give way between them; all at once where nobody can be waiting."""
    size = len(rows) if GIVE_WAY.get() is _go_on else PORTION
    for start in range(0, len(rows), max(1, size)):
        if start:
            give_way()
        yield rows[start : start + size]


def paced(rows: Iterable[T]) -> Iterator[T]:
    """Iterate over ``rows`` and give way between them every now and then."""
    left = ROWS
    for row in rows:
        yield row
        left -= 1
        if left == 0:
            left = ROWS
            give_way()
