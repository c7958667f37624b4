"""What happens with sender IDs while the person is elsewhere: told under the bell, also when another desktop did it."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.language import tr, trn
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.job import Job
from desktop_app.services.sender_dates import DateNews
from desktop_app.services.sender_reviews import QueueItem
from desktop_app.views.formats import date_text
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Outcome, Topic

LOOK_MILLISECONDS: Final = 60_000
ICON: Final = "badge-check"
_ENDED: Final = (ApprovalStatus.APPROVED, ApprovalStatus.REJECTED, ApprovalStatus.AT_PROVIDER)


class SenderWatch(QObject):
    """Looks at the calendar each minute, and compares each queue with the one before.

    Attributes:
        own: requests that this window decided on or made; what it did itself is no news.
    """

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._before: Mapping[int, QueueItem] | None = None
        self.own: set[int] = set()
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QTimer.singleShot(0, self, self.look)

    def look(self) -> None:
        """Let approvals end whose time is over, and warn of those that end soon."""
        dates = self._place.parts.sender_dates

        def work(_job: Job) -> Outcome[list[DateNews]]:
            news = dates.follow()
            return Outcome(news, frozenset({Topic.SENDERS}) if news else frozenset())

        self._place.tasks.command(work, owner=self, on_success=self._tell_dates, on_error=lambda _error: None)

    def compare(self, items: Sequence[QueueItem]) -> None:
        """Tell of requests and decisions since the last time."""
        now = {item.sender_id: item for item in items}
        before, self._before = self._before, now
        if before is None:
            return
        for sender_id, item in now.items():
            former = before.get(sender_id)
            if sender_id in self.own:
                if former is None or former.statuses != item.statuses:
                    self.own.discard(sender_id)
                continue
            added = set(item.open_countries) - set(former.open_countries if former else ())
            if added and item.is_waiting:
                self._notify(tr("New request: {sender}", sender=item.sender), item)
            elif former is not None and _is_decided(former, item):
                self._notify(tr("{sender} was decided on", sender=item.sender), item)

    def _notify(self, text: str, item: QueueItem) -> None:
        self._place.notices.notify(text, item.client, f"senders/{item.sender_id}", ICON)

    def _tell_dates(self, news: Sequence[DateNews]) -> None:
        for one in news:
            count, day = len(one.countries), date_text(one.ends_at.astimezone().date())
            if one.has_ended:
                text = trn("{sender} expired in {count} country", "{sender} expired in {count} countries", count,
                           sender=one.sender)  # fmt: skip
            else:
                text = tr("{sender} is approved until {day}", sender=one.sender, day=day)
            self._place.notices.notify(text, one.client, f"senders/{one.sender_id}", "hourglass")


def _is_decided(former: QueueItem, item: QueueItem) -> bool:
    return any(item.statuses.get(status, 0) > former.statuses.get(status, 0) for status in _ENDED)
