"""Says in the status bar who sends and what waits, and once after the start that sending goes on."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.services.sending_control import SendingSituation
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.shell.status_bar import StatusBar
from desktop_app.workers.runner import Outcome, TaskHandle, Topic

LOOK_MILLISECONDS: Final = 2_000


class SendingNews(QObject):
    """Looks how sending stands, for as long as ``parent`` lives."""

    def __init__(self, place: Workplace, bar: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._bar = place, bar
        self._is_first = True
        self._paused: frozenset[str] = frozenset()
        self._look: TaskHandle | None = None
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Read how sending stands, once at a time."""
        if self._look is None or self._look.finished:
            control = self._place.parts.sending_control
            self._look = self._place.tasks.query(
                lambda _job: control.read(), owner=self, on_success=self._show, on_error=lambda _: None
            )

    def _show(self, now: SendingSituation) -> None:
        self._bar.show_sending(sending_text(now))
        if self._is_first and now.waiting and not (now.is_paused or now.is_off):
            said = trn(
                "Sending goes on: {count:,} message waited", "Sending goes on: {count:,} messages waited", now.waiting
            )
            self._place.notices.say(said, tr("Pause sending"), self._pause)
            self._place.notices.notify(said, "", "messages?tab=jobs", "send")
        elif self._is_first and now.waiting and now.is_paused:
            said = trn("{count:,} message waits", "{count:,} messages wait", now.waiting)
            self._place.notices.say(tr("All sending is paused") + " · " + said, tr("Resume"), self._resume)
        self._tell_routes(now)
        self._is_first = False

    def _tell_routes(self, now: SendingSituation) -> None:
        """Say at once that a provider was paused while messages wait for it, whoever paused it."""
        paused = frozenset(name for name, _, _ in now.paused_routes)
        if paused == self._paused:
            return
        new, self._paused = paused - self._paused, paused
        if not self._is_first:
            self._place.tasks.changed.emit(frozenset({Topic.PROVIDERS}))
        for name, why, waiting in now.paused_routes:
            if name in new and waiting:
                waits = trn("{count:,} message waits", "{count:,} messages wait", waiting)
                said = tr("{name} is paused: {why}", name=name, why=why)
                place = Address("providers", name)
                # In passing, as it is wrong once somebody resumed it; under the bell it stays with its time.
                self._place.notices.say(f"{said} {waits}", tr("Show"), partial(self._place.navigator.go, place))
                self._place.notices.notify(said, waits, place.text, "radio-tower")

    def _pause(self) -> None:
        self._set(paused=True)

    def _resume(self) -> None:
        self._set(paused=False)

    def _set(self, *, paused: bool) -> None:
        parts = self._place.parts

        def work(_job: Job) -> Outcome[None]:
            parts.sending_control.set_paused(paused=paused, actor=parts.actor)
            return Outcome(None, frozenset({Topic.MESSAGES}))

        self._place.tasks.command(work, owner=self, on_success=lambda _: self.look())


def sending_text(now: SendingSituation) -> str:
    """Return what the status bar says, "" when nothing waits and this window may send."""
    waiting = trn("{count:,} message waits", "{count:,} messages wait", now.waiting)
    if now.is_paused:
        return tr("Sending paused") + (f" · {waiting}" if now.waiting else "")
    if now.holder and not now.is_here:
        return tr("Another SMS Desk sends: {computer}, process {process}", computer=now.holder, process=now.process)
    return trn("Sending, {count:,} left", "Sending, {count:,} left", now.waiting) if now.waiting else ""
