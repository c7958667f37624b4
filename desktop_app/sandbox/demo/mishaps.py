"""What does not go as usual: one message at least in every state that a message can be in."""

import random
from functools import partial
from typing import Final

from desktop_app.domain.messages import MessageStatus
from desktop_app.sandbox.demo import clients
from desktop_app.sandbox.demo.numbers import Subscribers, number_of
from desktop_app.sandbox.demo.office import DENIZ, MERT, Diary, Office
from desktop_app.sandbox.demo.traffic import order_of
from desktop_app.sandbox.demo.travel import Calendar

_SYSTEM: Final = "system"
# Numbers that nothing else is sent to.
_APART: Final = 900_000


class Mishaps:
    """The exceptions of the month.

    Args:
        office: the services.
        seed: decides whom they meet.
    """

    def __init__(self, office: Office, seed: int) -> None:
        self._office = office
        self._subscribers = Subscribers(random.Random(seed))  # noqa: S311 - repeatable by design

    def plan(self, calendar: Calendar, diary: Diary) -> None:
        """Write down when they happen."""
        office = self._office
        diary.write(calendar.on(15, 12, 10), partial(self._lose, "DE", 1))
        diary.write(calendar.on(12, 9, 5), partial(self._end, MessageStatus.UNKNOWN, MessageStatus.ABANDONED, MERT))
        diary.write(calendar.on(13, 11, 20), partial(self._refuse, "US", 7))
        diary.write(calendar.on(6, 13, 30), self._opt_out_in_time)
        diary.write(calendar.on(3, 14, 0), self._stop_batch)
        self._plan_pauses(calendar, diary)
        diary.write(calendar.on(1, 18, 5), partial(self._lose, "GB", 2))
        diary.write(calendar.ago(4), partial(self._queue, clients.KARGOM, self._subscribers.draw("TR", 18)))
        diary.write(calendar.ago(3), office.send)
        diary.write(calendar.ago(3), office.stop_sending)
        diary.write(calendar.ago(2), partial(self._queue, clients.MEDIPLUS, self._subscribers.draw("TR", 3)))
        diary.write(calendar.ago(2), office.crash_while_sending)

    def _plan_pauses(self, calendar: Calendar, diary: Diary) -> None:
        """Omnia is paused twice: what waits then runs out the first time, and still waits the second time."""
        pause = partial(self._office.clients.set_paused, clients.OMNIA, actor=MERT)
        for days_ago, start, count in ((8, 600, 12), (1, 800, 9)):
            diary.write(
                calendar.on(days_ago, 17, 0), partial(self._queue, clients.OMNIA, self._apart("PL", start, count))
            )
            diary.write(calendar.on(days_ago, 17, 1), partial(pause, paused=True))
        run_out = partial(self._end, MessageStatus.QUEUED, MessageStatus.EXPIRED_UNSENT, _SYSTEM)
        diary.write(calendar.on(5, 17, 5), run_out)
        diary.write(calendar.on(4, 10, 30), partial(pause, paused=False))

    def _apart(self, iso: str, start: int, count: int) -> list[str]:
        return [number_of(iso, _APART + start + 10 * index) for index in range(count)]

    def _queue(self, client: str, numbers: list[str]) -> int:
        return self._office.sending.queue(order_of(client, numbers)).batch_id or 0

    def _lose(self, iso: str, count: int) -> None:
        """Send a few messages whose answer never comes."""
        numbers = self._apart(iso, 100, count)
        self._office.line.lost = frozenset(numbers)
        self._queue(clients.AURORA, numbers)
        self._office.send()
        self._office.line.lost = frozenset()

    def _refuse(self, iso: str, count: int) -> None:
        """Send to numbers that the provider does not take."""
        numbers = self._apart(iso, 200, count)
        self._office.line.refused = frozenset(numbers)
        self._queue(clients.BLUECART, numbers)
        self._office.send()

    def _opt_out_in_time(self) -> None:
        """Three recipients opt out between queueing and sending."""
        numbers = self._apart("GB", 300, 8)
        self._queue(clients.BLUECART, numbers)
        self._office.clients.add_opt_outs(clients.BLUECART, numbers[:3], actor=DENIZ)
        self._office.send()

    def _stop_batch(self) -> None:
        """A batch is stopped before any of it was sent."""
        batch = self._queue(clients.BLUECART, self._apart("FR", 400, 24))
        self._office.batches.stop(batch, actor=DENIZ)

    def _end(self, before: MessageStatus, after: MessageStatus, actor: str) -> None:
        """End every message that stands at ``before``."""
        office = self._office
        ids = [row.message_id for row in office.delivery.list_messages() if row.status is before]
        with office.database.begin() as uow:
            uow.endings.end(ids, after, reason=after.value, actor=actor, now=office.clock())
