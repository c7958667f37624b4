"""Says on the screen of messages how sending stands when it does not simply go on, with the button that changes that."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.services.sending_control import SendingSituation
from desktop_app.views.commands import Menu
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.notices import Banner
from desktop_app.workers.runner import Outcome, TaskHandle, Topic

Work = Callable[[Job], Outcome[None]]
LOOK_MILLISECONDS: Final = 2_000


class SendingBar(QWidget):
    """A banner: sending is paused, or the service is off. Registers the commands that pause and resume all sending."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._look: TaskHandle | None = None
        self.situation: SendingSituation | None = None
        self.banner = Banner(place.theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 0)
        column.addWidget(self.banner)
        self.hide()
        self.banner.retry.clicked.connect(self._act)
        add = place.commands.add
        add("sending.pause", tr("Pause all sending"), self.pause, menu=Menu.MESSAGES, icon="pause")
        add("sending.resume", tr("Resume all sending"), self.resume, menu=Menu.MESSAGES, icon="play")
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        place.tasks.changed.connect(lambda topics: self.look() if Topic.MESSAGES in topics else None)

    def pause(self) -> None:
        """Let nothing start any more; undone, sending goes on."""
        self._place.tasks.command(pause_work(self._place, paused=True), owner=self)

    def resume(self) -> None:
        """Let sending go on; undone, it is paused."""
        self._place.tasks.command(pause_work(self._place, paused=False), owner=self)

    def look(self) -> None:
        """Read how sending stands, while somebody sees the screen."""
        parent = self.parentWidget()
        if parent is None or not parent.isVisible() or (self._look is not None and not self._look.finished):
            return
        control = self._place.parts.sending_control
        self._look = self._place.tasks.query(
            lambda _job: control.read(), owner=self, on_success=self.show_situation, on_error=lambda _: None
        )

    def show_situation(self, now: SendingSituation) -> None:
        """Say what keeps messages from being sent."""
        commands = self._place.commands
        commands.action("sending.pause").setEnabled(not now.is_paused)
        commands.action("sending.resume").setEnabled(now.is_paused)
        if now == self.situation:
            return
        self.situation = now
        waiting = trn("{count:,} message waits.", "{count:,} messages wait.", now.waiting)
        if now.is_off:
            detail = waiting if now.waiting else tr("Nothing is sent or sold.")
            self.banner.show_warning(tr("International SMS is switched off"), detail, tr("Open settings"))
        elif now.is_paused:
            self.banner.show_warning(tr("All sending is paused"), waiting, tr("Resume"))
        self.setVisible(now.is_off or now.is_paused)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The banner was closed by hand: it comes back with the next change."""
        super().showEvent(event)
        self.banner.show()

    def _act(self) -> None:
        if self.situation is not None and self.situation.is_off:
            self._place.navigator.go("settings")
        else:
            self.resume()


def pause_work(place: Workplace, *, paused: bool) -> Work:
    """Return what pauses or resumes all sending; undone, it is the other way round."""
    parts = place.parts

    def work(_job: Job) -> Outcome[None]:
        parts.sending_control.set_paused(paused=paused, actor=parts.actor)
        said = tr("All sending paused") if paused else tr("All sending resumed")
        return Outcome(None, frozenset({Topic.MESSAGES}), said, pause_work(place, paused=not paused))

    return work
