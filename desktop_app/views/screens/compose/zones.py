"""Moments in a time zone: what a person chose, and when that is for us."""

from datetime import datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from PySide6.QtCore import QDate, QLocale, QTimeZone

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import language_in_force, tr

_FALLBACK: Final = "UTC"


@cache
def zone_names() -> tuple[str, ...]:
    """Return the names of the time zones that people choose among: places, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return (*sorted(places), _FALLBACK)


def local_zone() -> str:
    """Return the name of this computer's time zone, "UTC" when it has none that is known."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return _FALLBACK
    return name


def moment_in(day: QDate, clock: time, zone: str) -> datetime:
    """Return the moment, in UTC, at which it is ``clock`` on ``day`` in ``zone``; of two such moments the first.

    Raises:
        InvalidInput: the clock is put forward over it, so there is no such moment.
    """
    place = ZoneInfo(zone)
    local = datetime(day.year(), day.month(), day.day(), clock.hour, clock.minute, tzinfo=place)
    moment = local.astimezone(ZoneInfo("UTC"))
    if moment.astimezone(place).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InvalidInput(tr("The clock is put forward over this time. Choose another."), fields={"send_at": ""})
    return moment


def zoned_text(moment: datetime, zone: str) -> str:
    """Return a moment as the clocks of ``zone`` show it, with the zone: "24 Nov, 18:00 Europe/Berlin"."""
    local = moment.astimezone(ZoneInfo(zone or _FALLBACK))
    day = QLocale(language_in_force()).toString(QDate(local.year, local.month, local.day), "d MMM")
    return f"{day}, {local:%H:%M} {zone.replace('_', ' ')}"
