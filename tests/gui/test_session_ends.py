"""Every way a session ends gives back what it took over: the full looks for garbage, and no window follows."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.app import window_parts
from desktop_app.services.personal import PersonalSettings
from desktop_app.views.main_window import MainWindow
from desktop_app.views.opening import Opening
from desktop_app.views.parts import WindowParts
from desktop_app.views.quiet_collector import AT_THE_LATEST
from desktop_app.views.session import Session
from desktop_app.views.theme import Theme
from tests.fixtures.application import Desk


@pytest.fixture
def usual() -> tuple[int, int, int]:
    """How the interpreter looks for garbage before there is a session."""
    return gc.get_threshold()


@pytest.fixture
def session(
    usual: tuple[int, int, int], sqlite_desk: Desk, theme: Theme, tmp_path: Path, qtbot: QtBot
) -> Iterator[Session]:
    application = sqlite_desk.application

    @contextmanager
    def open_parts(opening: Opening) -> Iterator[WindowParts]:
        yield window_parts(application, application.settings, sandbox=opening.demo, personal=opening.personal)

    made = Session(open_parts, PersonalSettings(tmp_path), theme, MainWindow({}), sends=False)
    with qtbot.waitSignal(made.opened, timeout=20_000):
        made.start()
    assert usual[2] != AT_THE_LATEST
    yield made
    made.close()


@pytest.mark.parametrize("end", [Session.close, Session.end], ids=["closed", "ended"])
def test_a_session_that_ends_leaves_the_looks_to_the_interpreter(
    session: Session, end: Callable[[Session], None], usual: tuple[int, int, int]
) -> None:
    assert gc.get_threshold() == (*usual[:2], AT_THE_LATEST)

    end(session)
    end(session)

    assert gc.get_threshold() == usual


def test_a_window_that_was_exchanged_hands_the_looks_on(
    session: Session, usual: tuple[int, int, int], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.opened, timeout=20_000):
        session.open_demo()

    assert gc.get_threshold() == (*usual[:2], AT_THE_LATEST)
    session.close()
    assert gc.get_threshold() == usual


def test_no_window_follows_a_session_closed_during_the_exchange(
    session: Session, usual: tuple[int, int, int], qtbot: QtBot
) -> None:
    former = session.window
    gone = QSignalSpy(former.destroyed)
    session.open_demo()

    session.close()
    qtbot.waitUntil(lambda: gone.count() == 1)
    for _ in range(5):
        QApplication.processEvents()

    assert session.window is former
    assert gc.get_threshold() == usual
