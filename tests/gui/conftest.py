"""The window's parts on a real application: SQLite, the sandbox over HTTP, real clicks and keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.clock import utc_now
from desktop_app.services.job import Job
from desktop_app.views.main_window import MainWindow
from desktop_app.views.start import WindowParts, make_window
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
    parts = WindowParts(application.pricing, application.accounts, utc_now, "anna", "en", sandbox=True)
    made = make_window(parts, tasks, theme)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.screen_shown.model.rowCount() > 0)
    return made
