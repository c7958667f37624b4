"""Jobs that somebody took in hand: stopped in the middle, paused, and scheduled for the days to come."""

import random
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from desktop_app.sandbox.demo import clients
from desktop_app.sandbox.demo.numbers import Subscribers
from desktop_app.sandbox.demo.office import DENIZ, MERT, Diary, Office
from desktop_app.sandbox.demo.traffic import order_of
from desktop_app.sandbox.demo.travel import Calendar

# One round of the sender hands out 64.
_STOPPED: Final = 80


class Jobs:
    """What people do with batches.

    Args:
        office: the services.
        seed: decides whom they go to.
    """

    def __init__(self, office: Office, seed: int) -> None:
        self._office = office
        self._subscribers = Subscribers(random.Random(seed))  # noqa: S311 - repeatable by design

    def plan(self, calendar: Calendar, diary: Diary) -> None:
        """Write down when they do it."""
        diary.write(calendar.on(2, 15, 20), self._stop_in_the_middle)
        diary.write(calendar.ago(70), self._pause)
        for client, iso, count, days, title in (
            (clients.NORDBAU, "DE", 25, 1, "Gerüst abholbereit"), (clients.FJORD, "NO", 14, 3, "Planned maintenance"),
        ):  # fmt: skip
            diary.write(calendar.ago(65), partial(self._schedule, calendar, client, iso, count, days, title))

    def _stop_in_the_middle(self) -> None:
        office = self._office
        order = order_of(clients.KARGOM, self._subscribers.draw("TR", _STOPPED), 1)
        batch = office.sending.queue(replace(order, name="Delivery notice, wrong depot")).batch_id or 0
        office.send_round()
        office.batches.stop(batch, actor=DENIZ)
        # What was claimed and has not left comes back to a batch that is stopped.
        office.stop_sending()

    def _pause(self) -> None:
        office = self._office
        order = order_of(clients.MEDIPLUS, self._subscribers.draw("TR", 12))
        batch = office.sending.queue(replace(order, name="Randevu, pazartesi")).batch_id or 0
        office.batches.pause(batch, actor=MERT)

    def _schedule(self, calendar: Calendar, client: str, iso: str, count: int, days: int, title: str) -> None:
        morning = calendar.on(0, 9) + timedelta(days=days)
        order = order_of(client, self._subscribers.draw(iso, count))
        self._office.sending.queue(replace(order, name=title, send_at=morning))
