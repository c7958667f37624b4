"""Tells under the bell when a client's credit fell below its alert, whichever program noticed it."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.language import tr, trn
from desktop_app.services.credit_alerts import CreditAlert
from desktop_app.services.job import Job
from desktop_app.views.models.credit_texts import credit_text
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import Outcome, Topic

LOOK_MILLISECONDS: Final = 60_000
ICON: Final = "wallet"


class CreditWatch(QObject):
    """Looks each minute, and whenever credit was changed here, for as long as ``parent`` lives."""

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._seen: datetime = place.parts.clock()
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        place.tasks.changed.connect(self._look_for)
        QTimer.singleShot(0, self, self.look)

    def look(self) -> None:
        """Warn whom it is time to warn, and tell what was told since the last look."""
        alerts, seen = self._place.parts.credit_alerts, self._seen

        def work(_job: Job) -> Outcome[list[CreditAlert]]:
            count = alerts.sweep()
            return Outcome(alerts.since(seen), frozenset({Topic.CLIENTS}) if count else frozenset())

        self._seen = self._place.parts.clock()
        self._place.tasks.command(work, owner=self, on_success=self._tell, on_error=lambda _error: None)

    def _look_for(self, topics: frozenset[Topic]) -> None:
        if Topic.CREDITS in topics:
            self.look()

    def _tell(self, alerts: list[CreditAlert]) -> None:
        for one in alerts:
            text = tr("{name} is low on credit", name=one.client)
            detail = tr("{credit} left, alert at {alert}", credit=credit_text(one.credit, one.currency),
                        alert=credit_text(one.alert, one.currency))  # fmt: skip
            if one.days_left is not None:
                lasts = trn("lasts about {count} day", "lasts about {count} days", one.days_left)
                detail = tr("{credit} left, {lasts}", credit=credit_text(one.credit, one.currency), lasts=lasts)
            self._place.notices.notify(text, detail, Address("clients", one.client).text, ICON)
