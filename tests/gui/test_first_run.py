"""The first run: choices, an own provider with its first rule, skipping, and the end of the demo data."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.app import open_application, open_window_parts, window_parts
from desktop_app.config import Settings, load_settings
from desktop_app.domain.price_limits import PriceLimits
from desktop_app.domain.price_rules import PriceRule, RuleKind
from desktop_app.sandbox.server import Sandbox
from desktop_app.services.first_prices import example_price
from desktop_app.services.personal import PersonalSettings
from desktop_app.views.dialogs.provider_dialog import ProviderDialog
from desktop_app.views.dialogs.question import Question
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.overview import OverviewScreen
from desktop_app.views.session import Session
from desktop_app.views.shell.first_run import FirstRun
from desktop_app.views.theme import Theme
from tests.fixtures.application import ACCOUNT, ENVIRONMENT, SECRET
from tests.fixtures.windows import activate

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(ENVIRONMENT, profile=tmp_path, actor="anna")


@pytest.fixture
def make_session(theme: Theme, tmp_path: Path, settings: Settings) -> Iterator[Callable[[], Session]]:
    made: list[Session] = []

    def make() -> Session:
        personal = PersonalSettings(tmp_path)
        made.append(
            Session(lambda opening: open_window_parts(settings, opening), personal, theme, MainWindow({}), sends=False)
        )
        return made[-1]

    yield make
    for session in made:
        session.close()
        session.window.deleteLater()


@pytest.fixture
def session(make_session: Callable[[], Session], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Session:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return started(make_session(), qtbot)


def started(session: Session, qtbot: QtBot) -> Session:
    with qtbot.waitSignal(session.opened, timeout=20_000):
        session.start()
    activate(session.window)
    return session


def first_run(session: Session) -> FirstRun:
    found = session.window.shell.first_run
    assert found is not None
    return found


def test_choices_apply_at_once(session: Session, qtbot: QtBot) -> None:
    page = session.window.frame.welcome
    assert page.isVisible()
    page.look.setFocus()
    QTest.keyClick(page.look, Qt.Key.Key_End)
    page.look.activated.emit(2)
    assert session.personal.values.theme == "dark"

    page.currency.show_value("USD")
    page.currency.chosen.emit()
    preferences = session.window.place.parts.preferences
    qtbot.waitUntil(lambda: preferences.read().currency == "USD")

    page.language.show_value("de")
    page.language.chosen.emit()
    assert session.personal.values.language == "de"
    assert page.skip.text() != "Skip, and start empty" or QLocale().language() is not QLocale.Language.English
    session.personal.change(language="en", theme="light")


def test_enter_takes_the_default_which_is_the_demo(session: Session, qtbot: QtBot) -> None:
    focused = QApplication.focusWidget()
    assert focused is session.window.frame.welcome.demo
    with qtbot.waitSignal(session.window.demo_wanted):
        QTest.keyClick(focused, Qt.Key.Key_Return)
    with qtbot.waitSignal(session.opened, timeout=60_000):
        pass
    assert session.window.place.parts.sandbox


def test_an_own_provider_leads_to_prices_and_the_first_screen(session: Session, sandbox: Sandbox, qtbot: QtBot) -> None:
    window = session.window
    QTest.mouseClick(window.frame.welcome.connect_provider, LEFT)
    qtbot.waitUntil(lambda: bool(window.findChildren(ProviderDialog)))
    dialog = window.findChildren(ProviderDialog)[0]
    dialog.form.fields["base_url"].line.setText(f"{sandbox.url}/twilio")
    QTest.keyClicks(dialog.form.fields["account_sid"].line, ACCOUNT)
    QTest.keyClicks(dialog.form.secret.line, SECRET)
    QTest.keyClick(dialog.form.secret.line, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.save_button.isDefault, timeout=20_000)
    QTest.keyClick(dialog.save_button, Qt.Key.Key_Return)
    run = first_run(session)
    qtbot.waitUntil(lambda: run.dialog is not None, timeout=10_000)
    rule = run.dialog
    assert rule is not None
    assert rule.example.text().startswith("Example: a cost of 0.0864 becomes 0.1234.")

    QTest.keyClick(rule.margin, Qt.Key.Key_Return)
    overview = window.screens.get(OverviewScreen)
    qtbot.waitUntil(lambda: window.screens.shown is overview)
    pricing = window.place.parts.pricing
    qtbot.waitUntil(lambda: any(row.rate.price for row in pricing.list_prices(networks=False)), timeout=20_000)
    rules = {row.rate.rule for row in pricing.list_prices(networks=False) if row.rate.price}
    assert rules == {"margin 30.00"}
    qtbot.waitUntil(lambda: overview.steps.isVisible() and overview.kpis.isVisible(), timeout=10_000)
    qtbot.waitUntil(lambda: overview.steps.facts.text() == "2 of 4")


def test_the_rule_is_shown_live_and_a_wrong_one_is_refused(session: Session, qtbot: QtBot) -> None:
    run = first_run(session)
    run.ask_for_rule()
    dialog = run.dialog
    assert dialog is not None
    dialog.margin.selectAll()
    QTest.keyClicks(dialog.margin, "50")
    assert "becomes 0.1728" in dialog.example.text()
    dialog.step.show_value(1_000)
    dialog.step.chosen.emit()
    assert "becomes 0.1730" in dialog.example.text()
    dialog.margin.selectAll()
    QTest.keyClicks(dialog.margin, "100")
    assert not dialog.agree.isEnabled()
    assert dialog.problem.text()
    QTest.mouseClick(dialog.skip, LEFT)
    qtbot.waitUntil(lambda: run.dialog is None)
    assert session.window.screens.shown is session.window.screens.screen("overview")


def test_skipping_starts_empty_and_is_not_asked_again(
    session: Session, make_session: Callable[[], Session], qtbot: QtBot
) -> None:
    QTest.mouseClick(session.window.frame.welcome.skip, LEFT)
    overview = session.window.screens.get(OverviewScreen)
    assert session.window.screens.shown is overview
    qtbot.waitUntil(overview.steps.isVisible)
    session.window.close()
    session.close()

    again = started(make_session(), qtbot)
    assert isinstance(again.window.screens.shown, OverviewScreen)


def test_deleting_the_demo_data_brings_the_own_data_back(session: Session, settings: Settings, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.opened, timeout=60_000):
        QTest.mouseClick(session.window.frame.welcome.demo, LEFT)
    demo = session.window
    database = demo.place.parts.backups.place().text
    demo.navigator.go("settings/data")
    action = demo.commands.action("file.leave_demo")
    assert action.isVisible()
    assert not demo.commands.action("file.demo").isVisible()
    action.trigger()
    question = demo.findChildren(Question)[0]
    with qtbot.waitSignal(session.opened, timeout=20_000):
        QTest.mouseClick(question.buttons["Delete demo data"], LEFT)

    assert session.window is not demo
    assert not session.window.place.parts.sandbox
    assert session.window.frame.welcome.isVisible()
    assert not Path(database).exists()
    with open_application(settings, environment=ENVIRONMENT) as application:
        assert application.clients.list_all() == []
        assert window_parts(application, settings, sandbox=False).pricing.list_prices(networks=False) == []


@pytest.mark.parametrize(
    ("margin", "step", "price"), [(3000, 100, 123_400), (3000, 1, 123_429), (0, 100, 86_400), (5000, 10_000, 170_000)]
)
def test_the_example_is_what_the_rule_makes(margin: int, step: int, price: int) -> None:
    assert example_price(PriceRule(RuleKind.MARGIN, margin), PriceLimits(step=step), 86_400) == price
