"""Usability check 23: from a new profile to populated prices with demo data in at most 4 actions, marked as a sandbox."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.app import open_window_parts
from desktop_app.config import load_settings
from desktop_app.services.personal import PersonalSettings
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.overview import OverviewScreen
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.session import Session
from desktop_app.views.theme import Theme
from tests.fixtures.windows import activate

MOST_ACTIONS = 4
FIRST_LOOK = 3


class Counted(Protocol):
    count: int

    def click(self, widget: QWidget, pos: QPoint | None = None) -> None: ...

    def key(self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = ...) -> None: ...


@pytest.fixture
def session(tmp_path: Path, theme: Theme, qtbot: QtBot) -> Iterator[Session]:
    environment = {
        "SMS_DESK_VAULT_PASSPHRASE": "only for tests",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    settings = load_settings(environment, profile=tmp_path, actor="anna")
    made = Session(
        lambda opening: open_window_parts(settings, opening), PersonalSettings(tmp_path), theme, MainWindow({})
    )
    yield made
    made.close()
    made.window.deleteLater()


def test_a_new_profile_shows_prices_with_demo_data(session: Session, actions: Counted, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.opened, timeout=20_000):
        session.start()
    first = session.window
    assert first.frame.welcome.isVisible()

    with qtbot.waitSignal(session.opened, timeout=60_000):
        actions.click(first.frame.welcome.demo)

    window = session.window
    assert window is not first
    overview, prices = window.screens.get(OverviewScreen), window.screens.get(PricesScreen)
    assert overview.isVisible()
    qtbot.waitUntil(lambda: overview.is_loaded, timeout=20_000)
    assert actions.count <= FIRST_LOOK
    activate(window)
    actions.key(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: prices.model.rowCount() > 200, timeout=20_000)
    assert prices.isVisible()
    assert actions.count <= MOST_ACTIONS
    for place in window.shell.places:
        window.navigator.go(place.name)
        assert window.frame.stripes.isVisible()
        assert window.frame.status_bar.mode.text() == "Sandbox · nothing is sent"


def test_the_own_database_stays_empty(session: Session, actions: Counted, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(session.opened, timeout=20_000):
        session.start()
    with qtbot.waitSignal(session.opened, timeout=60_000):
        actions.click(session.window.frame.welcome.demo)
    session.window.close()
    session.close()

    again = Session(
        lambda opening: open_window_parts(load_settings({}, profile=tmp_path, actor="anna"), opening),
        PersonalSettings(tmp_path), session.theme, MainWindow({}),
    )  # fmt: skip
    with qtbot.waitSignal(again.opened, timeout=20_000):
        again.start()

    assert again.window.frame.welcome.isVisible()
    assert again.window.place.parts.pricing.list_prices(networks=False) == []
    again.close()
    again.window.deleteLater()


def test_connecting_goes_to_the_providers(session: Session, actions: Counted, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.opened, timeout=20_000):
        session.start()

    actions.click(session.window.frame.welcome.connect_provider)

    assert session.window.screens.shown is session.window.screens.screen("providers")
