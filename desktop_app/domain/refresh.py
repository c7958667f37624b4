"""When the costs are pulled by themselves: the schedule, and whether it is time."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

# A failed attempt is repeated after this, whatever the schedule: not every minute, and not only tomorrow.
RETRY_AFTER: Final = timedelta(minutes=30)


class RefreshEvery(StrEnum):
    """How often the costs are pulled."""

    OFF = "off"
    HOUR = "hour"
    SIX_HOURS = "six_hours"
    DAY = "day"


_PERIODS: Final = {RefreshEvery.HOUR: timedelta(hours=1), RefreshEvery.SIX_HOURS: timedelta(hours=6)}


@dataclass(frozen=True, slots=True)
class RefreshSchedule:
    """How often, and at which time of the day where that matters.

    Attributes:
        every: how often.
        at: the time on the wall clock of the computer that pulls, for DAY; whole minutes.
    """

    every: RefreshEvery = RefreshEvery.OFF
    at: time = time(6, 0)

    @property
    def text(self) -> str:
        """The schedule for storage: "day 06:00", "hour"."""
        return f"{self.every} {self.at:%H:%M}" if self.every is RefreshEvery.DAY else str(self.every)

    @classmethod
    def from_text(cls, text: str) -> "RefreshSchedule":
        """Return the schedule in ``text``, as ``text`` writes it.

        Raises:
            InvalidInput: it is none.
        """
        every, _, at = text.partition(" ")
        try:
            return cls(RefreshEvery(every), time.fromisoformat(at)) if at else cls(RefreshEvery(every))
        except ValueError as error:
            raise InvalidInput(tr("“{text}” is no refresh schedule.", text=text[:40])) from error

    def due_at(self, synced: datetime | None, zone: tzinfo | None = None) -> datetime | None:
        """Return the moment at which the costs are to be pulled next, None for never.

        Args:
            synced: when they were pulled last, aware; None for never, and then they are due since long.
            zone: of the wall clock; None for that of this computer.
        """
        if self.every is RefreshEvery.OFF:
            return None
        if synced is None:
            return datetime.min.replace(tzinfo=zone or datetime.now().astimezone().tzinfo)
        if self.every is not RefreshEvery.DAY:
            return synced + _PERIODS[self.every]
        local = synced.astimezone(zone)
        day = local.date() if local.time().replace(tzinfo=None) < self.at else local.date() + timedelta(days=1)
        naive = datetime.combine(day, self.at)
        return naive.replace(tzinfo=zone) if zone is not None else naive.astimezone()

    def is_due(
        self, now: datetime, synced: datetime | None, attempted: datetime | None = None, zone: tzinfo | None = None
    ) -> bool:
        """Return whether the costs are to be pulled now.

        A computer that slept over several moments pulls once when it wakes. A clock that was set back does not make the last
        moment lie in a future that is waited for: then the costs are pulled.

        Args:
            now: aware.
            synced: when they were pulled last.
            attempted: when that was tried last, with or without success.
            zone: of the wall clock; None for that of this computer.
        """
        due = self.due_at(synced, zone)
        if due is None or (attempted is not None and timedelta(0) <= now - attempted < RETRY_AFTER):
            return False
        if synced is not None and now < synced:
            return True
        return due <= now


NO_REFRESH: Final = RefreshSchedule()
