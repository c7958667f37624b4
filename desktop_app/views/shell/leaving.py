"""Quitting with unsaved drafts or running jobs: the person decides, nothing is lost by accident."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.views.dialogs.question import Answer, Question
from desktop_app.views.jobs import JobBoard
from desktop_app.views.screen import Screen
from desktop_app.views.shell.stack import ScreenStack
from desktop_app.workers.runner import TaskRunner


class Leaving(QObject):
    """Asks before the window closes while there is something to lose.

    Signals:
        settled: nothing keeps the window open any more.

    Attributes:
        question: the one that is open, None while there is none.
    """

    settled = Signal()

    def __init__(self, window: QWidget, tasks: TaskRunner, screens: ScreenStack, jobs: JobBoard) -> None:
        super().__init__(window)
        self._window, self._tasks, self._screens, self._jobs = window, tasks, screens, jobs
        self.question: Question | None = None
        self._saving = self._leaves_jobs = False
        self._kept: set[str] = set()
        screens.draft_changed.connect(self._follow_draft)

    def may_leave(self) -> bool:
        """Return whether the window may close now; otherwise the person is asked."""
        drafts = [screen for screen in self._screens.made if screen.unsaved and screen.name not in self._kept]
        running = len(self._jobs.running)
        if to_save := [screen for screen in drafts if not screen.keeps_draft]:
            self._ask_about_drafts(to_save)
        elif drafts:
            self._ask_to_keep(drafts[0])
        elif running and not self._leaves_jobs:
            self._ask_about_jobs(running)
        return not drafts and (not running or self._leaves_jobs)

    def _ask_about_drafts(self, drafts: Sequence[Screen]) -> None:
        count = sum(screen.unsaved for screen in drafts)
        title = trn(
            "Save {count} unsaved change before you quit?", "Save {count} unsaved changes before you quit?", count
        )
        names = ", ".join(screen.title for screen in drafts)
        detail = tr("They are on {screens}. Discarded changes cannot be brought back.", screens=names)

        def save() -> None:
            self._saving = True
            for screen in drafts:
                screen.save()
            # A save is one command: in its lane this comes after all of them, whatever else goes on.
            self._tasks.query(lambda _job: None, owner=self, on_success=lambda _: self._give_up())

        def discard() -> None:
            for screen in drafts:
                screen.discard()
            self.settled.emit()

        self._open(title, detail, ((tr("Save"), save), (tr("Discard"), discard)))

    def _ask_to_keep(self, screen: Screen) -> None:
        def keep() -> None:
            screen.keep()
            self._kept.add(screen.name)
            self.settled.emit()

        def discard() -> None:
            screen.discard()
            self.settled.emit()

        detail = tr("As a draft it waits on {screen} until you come back. Nothing was changed.", screen=screen.title)
        self._open(tr("Discard this edit?"), detail, ((tr("Keep as draft"), keep), (tr("Discard"), discard)))

    def _ask_about_jobs(self, count: int) -> None:
        title = trn("{count} job is running. Quit anyway?", "{count} jobs are running. Quit anyway?", count)
        detail = tr("Quitting stops what is running. What is saved already stays saved.")

        def leave() -> None:
            self._leaves_jobs = True
            self.settled.emit()

        self._open(title, detail, ((tr("Quit"), leave),), is_dangerous=True, cancel=tr("Wait"))

    def _open(
        self, title: str, detail: str, answers: Sequence[Answer], *, is_dangerous: bool = False, cancel: str = ""
    ) -> None:
        if self.question is not None:
            return
        self.question = Question(self._window, title, detail, answers, is_dangerous=is_dangerous, cancel=cancel)
        self.question.finished.connect(self._forget)
        self.question.open()

    def _forget(self) -> None:
        # Qt deletes it: it is closed.
        self.question = None

    def _follow_draft(self, name: str, _count: int) -> None:
        self._kept.discard(name)
        self._go_on()

    def _go_on(self) -> None:
        if self._saving and not any(screen.unsaved and not screen.keeps_draft for screen in self._screens.made):
            self._saving = False
            self.settled.emit()

    def _give_up(self) -> None:
        """What could not be saved keeps the window open."""
        self._go_on()
        self._saving = False
