"""Ranges of days that figures are told for, in the time zone of this computer, and the equal range before them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

LONGEST_DAYS: Final = 3660
# Above this a column stands for a week.
MOST_DAY_COLUMNS: Final = 92
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a period, both ends aware in local time; ``end`` is not part of it."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the first and the last included.

    Raises:
        InvalidInput: the last comes before the first, or they are too many.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInput(tr("The last day comes before the first."), fields={"last": ""})
        if self.days > LONGEST_DAYS:
            raise InvalidInput(tr("At most {count:,} days.", count=LONGEST_DAYS), fields={"first": ""})

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1

    @classmethod
    def until(cls, now: datetime, days: int) -> "Period":
        """Return the last ``days`` days, today included."""
        today = now.astimezone().date()
        return cls(today - (days - 1) * _DAY, today)

    def span(self, now: datetime) -> Span:
        """Return it as moments; a running day ends now."""
        return Span(
            _midnight(self.first), min(_midnight(self.last + _DAY), max(now.astimezone(), _midnight(self.first)))
        )

    def before(self, now: datetime) -> Span:
        """Return the equal range before it: as many days, and where the last one runs, up to the same time of day."""
        here = self.span(now)
        return Span(_earlier(here.start, self.days), _earlier(here.end, self.days))

    def columns(self) -> tuple[Span, ...]:
        """Return its pieces, whole ones: hours of a single day, days, or weeks where they would be too many."""
        start, end = _midnight(self.first), _midnight(self.last + _DAY)
        if self.days == 1:
            return tuple(Span(one, one + _HOUR) for one in _hours(start, end))
        step = 1 if self.days <= MOST_DAY_COLUMNS else 7
        firsts = [self.first + offset * _DAY for offset in range(0, self.days, step)]
        return tuple(Span(_midnight(one), min(end, _midnight(one + step * _DAY))) for one in firsts)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()


def _earlier(moment: datetime, days: int) -> datetime:
    """Return the same time of day so many days earlier, whatever the clocks did in between."""
    return (moment.replace(tzinfo=None) - days * _DAY).astimezone()


def _hours(start: datetime, end: datetime) -> list[datetime]:
    """Return the beginnings of the hours between two moments, 23 or 25 of them where the clocks change."""
    # In the time zone's offset of the start an hour is an hour, whatever the clocks do.
    count = -(-(end - start) // _HOUR)
    return [(start + number * _HOUR).astimezone() for number in range(count)]
