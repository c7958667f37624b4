"""A clock that can be moved: the past is walked through, then it shows the present."""

from datetime import datetime, timedelta
from typing import Final

from desktop_app.services.clock import Clock, utc_now

# Days before the present: as far back as the history of a price is drawn, and a little more.
START: Final = 95


class TravelClock:
    """Stands at the moment it was moved to; once it is let go, it shows the present.

    Args:
        present: the real time.
    """

    def __init__(self, present: Clock = utc_now) -> None:
        self._present = present
        self._moment: datetime | None = None

    def __call__(self) -> datetime:
        """Return the time."""
        return self._present() if self._moment is None else self._moment

    def move_to(self, moment: datetime) -> None:
        """Show ``moment`` from now on."""
        self._moment = moment

    def let_go(self) -> None:
        """Show the present from now on."""
        self._moment = None


class Calendar:
    """Names moments before the present.

    Args:
        now: the present, aware UTC.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now

    def on(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """Return a time of the day ``days_ago`` days before today, at least one."""
        day = self.now - timedelta(days=days_ago)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def ago(self, minutes: int) -> datetime:
        """Return the moment ``minutes`` before the present."""
        return self.now - timedelta(minutes=minutes)

    def is_weekend(self, days_ago: int) -> bool:
        """Return whether that day is a Saturday or a Sunday."""
        return (self.now - timedelta(days=days_ago)).weekday() >= 5
