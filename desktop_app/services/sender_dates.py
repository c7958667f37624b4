"""What dates bring: approvals that end, and the warning before; the client is told of both."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from desktop_app.domain.sender_checks import WARN_BEFORE
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.clock import Clock
from desktop_app.services.sender_letters import decision_letter, warning_letter
from desktop_app.services.sender_mail import addressee, queue_letter, stored_sender, subject_of
from desktop_app.storage.unit_of_work import Database, UnitOfWork

SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True)
class DateNews:
    """An approval that ended, or ends soon; the client is told.

    Attributes:
        has_ended: it ended, else it ends within 30 days.
        ends_at: its last moment.
    """

    sender_id: int
    client: str
    sender: str
    countries: tuple[str, ...]
    has_ended: bool
    ends_at: datetime


class SenderDatesService:
    """Follows the calendar. Sending does not wait for it: an approval that is over counts as expired from that second on."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def follow(self) -> list[DateNews]:
        """Let approvals end whose time is over, and warn 30 days before; each once. Return what there is to tell."""
        now = self._clock()
        with self._database.read() as uow:
            if not uow.sender_reviews.ending(now, now + WARN_BEFORE):
                return []
        with self._database.begin() as uow:
            due = uow.sender_reviews.ending(now, now + WARN_BEFORE)
            by_sender: dict[int, list[str]] = defaultdict(list)
            for sender_id, country in due:
                by_sender[sender_id].append(country)
            news: list[DateNews] = []
            for sender_id, countries in by_sender.items():
                news += self._follow(uow, sender_id, countries, now)
        return news

    def _follow(self, uow: UnitOfWork, sender_id: int, countries: Collection[str], now: datetime) -> list[DateNews]:
        stored = stored_sender(uow, sender_id)
        states = [one for one in uow.sender_reviews.approvals(sender_id)[sender_id] if one.country in countries]
        groups: dict[tuple[bool, datetime], list[str]] = defaultdict(list)
        for one in states:
            if one.expires_at is not None:
                groups[(one.expires_at <= now, one.expires_at)].append(one.country)
        news = []
        for (has_ended, ends_at), named in sorted(groups.items()):
            values: dict[str, Any] = {"warned_at": now}
            if has_ended:
                values = {"status": ApprovalStatus.EXPIRED.value, "decided_at": now, "decided_by": SYSTEM}
            for country in named:
                uow.sender_reviews.set_approval(sender_id, country, values)
            to, day = addressee(uow, stored), ends_at.astimezone().date()
            letter = (
                decision_letter(to, stored.sender, named, ApprovalStatus.EXPIRED)
                if has_ended else warning_letter(to, stored.sender, named, day)
            )  # fmt: skip
            queue_letter(uow, stored, letter, now)
            kind = "sender_expired" if has_ended else "sender_expiring"
            uow.activity.add(now, SYSTEM, kind, subject_of(stored), countries=named, until=day.isoformat())
            news.append(DateNews(sender_id, stored.client, stored.sender, tuple(named), has_ended, ends_at))
        return news
