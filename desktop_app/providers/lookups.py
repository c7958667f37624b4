"""Many short calls side by side, their answers in order."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Final, TypeVar

from desktop_app.domain.pace import GIVE_WAY

LOOKUP_THREADS: Final = 8
_LISTEN_SECONDS: Final = 0.25

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def in_order(
    call: Callable[[Item], Answer],
    items: Sequence[Item],
    *,
    while_waiting: Callable[[int], None] | None = None,
    threads: int = LOOKUP_THREADS,
) -> Generator[Answer, None, None]:
    """Yield ``call(item)`` for each item in order, ``threads`` calls running at once and few answers held in memory.

    Closing the iterator, or an error in it, starts no further call and returns when the running ones have ended: no thread is
    left behind. Use ``contextlib.closing`` around it.

    Args:
        call: raises what the iterator shall raise.
        items: the arguments.
        while_waiting: called four times a second with the number of answers given so far; may raise to stop.
        threads: at most this many calls at once.
    """
    waiting, courtesy = iter(items), GIVE_WAY.get()
    with ThreadPoolExecutor(
        threads, thread_name_prefix="provider-lookup", initializer=GIVE_WAY.set, initargs=(courtesy,)
    ) as pool:
        running: deque[Future[Answer]] = deque(pool.submit(call, item) for item in islice(waiting, 2 * threads))
        done = 0
        try:
            while running:
                while while_waiting is not None and not wait([running[0]], timeout=_LISTEN_SECONDS).done:
                    while_waiting(done)
                answer = running.popleft().result()
                running.extend(pool.submit(call, item) for item in islice(waiting, 1))
                done += 1
                yield answer
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
