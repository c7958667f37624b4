"""The window's parts on a real application: SQLite, the sandbox over HTTP, real clicks and keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.app import window_parts
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.job import Job
from desktop_app.views.commands import Commands
from desktop_app.views.jobs import JobBoard
from desktop_app.views.main_window import MainWindow
from desktop_app.views.navigator import Navigator
from desktop_app.views.screen import Workplace
from desktop_app.views.start import make_window
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner
from tests.fixtures.application import Desk, bare_desk, desk, open_desk, sandbox, sqlite_desk

__all__ = ["bare_desk", "desk", "open_desk", "sandbox", "sqlite_desk"]


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp)
    yield made
    made.deleteLater()


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


@pytest.fixture
def window(sqlite_desk: Desk, tasks: TaskRunner, theme: Theme, qtbot: QtBot) -> MainWindow:
    """The window with the sandbox's costs, a margin of 30 %, and the manual prices of the desk; shown and loaded."""
    application = sqlite_desk.application
    application.accounts.sync_costs("Main", actor="anna", job=Job())
    application.pricing.reprice(PriceRule(RuleKind.MARGIN, 3000), actor="anna", include_manual=True)
    parts = window_parts(application, replace(application.settings, actor="anna"), sandbox=True)
    made = make_window(parts, tasks, theme)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.screen_shown.model.rowCount() > 0)
    return made


@dataclass
class Said:
    """What screens said in passing, instead of toasts."""

    texts: list[str] = field(default_factory=list)
    actions: list[Callable[[], object] | None] = field(default_factory=list)

    def say(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Keep it."""
        self.texts.append(text)
        self.actions.append(run)

    def warn(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Keep it."""
        self.say(text, action, run)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def place(sqlite_desk: Desk, tasks: TaskRunner, theme: Theme, said: Said) -> Workplace:
    """What a screen works with, without the frame: for tests of one screen."""
    application = sqlite_desk.application
    parts = window_parts(application, replace(application.settings, actor="anna"), sandbox=True)
    return Workplace(parts, tasks, JobBoard(tasks, parts.clock, theme), theme, Commands(theme), Navigator(theme), said)
