"""The Providers screen by clicks and keys, on a real application with the sandbox as its provider."""

from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QDialog, QLineEdit, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.services.provider_checks import Step
from desktop_app.views.dialogs.number_dialog import NumberDialog
from desktop_app.views.dialogs.provider_dialog import ProviderDialog
from desktop_app.views.dialogs.question import Question
from desktop_app.views.dialogs.secret_dialog import ReplaceSecretDialog
from desktop_app.views.jobs import JobState
from desktop_app.views.models.provider_list import ProviderListModel
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.provider_panel import Tab
from desktop_app.views.screens.providers import ProvidersScreen
from desktop_app.workers.runner import Outcome, Topic
from tests.fixtures.application import ACCOUNT, SECRET, Desk
from tests.fixtures.windows import activate
from tests.gui.conftest import Said

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def screen(place: Workplace, qtbot: QtBot) -> ProvidersScreen:
    made = ProvidersScreen(place)
    qtbot.addWidget(made)
    made.resize(1220, 820)
    made.show()
    qtbot.waitUntil(lambda: made.model.rowCount() > 0)
    return made


def opened(screen: QWidget, kind: type[D], qtbot: QtBot) -> D:
    """Return the dialog of a kind that is open."""
    qtbot.waitUntil(lambda: any(one.isVisible() for one in screen.findChildren(kind)))
    return next(one for one in screen.findChildren(kind) if one.isVisible())


def state_of(screen: ProvidersScreen, name: str) -> str:
    return str(screen.model.record(screen.model.row_of(name)).state.value)


def test_the_list_says_how_each_account_stands(screen: ProvidersScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    spoken = screen.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Main, Test only, default provider" in spoken
    QTest.keyClick(screen.list, Qt.Key.Key_T, CONTROL)

    qtbot.waitUntil(lambda: screen.panel.balance.value.text() == "€123.45", timeout=20_000)
    assert screen.panel.balance.note.text() == "told just now"
    assert screen.panel.response.value.text().endswith(" ms")
    assert screen.panel.costs.value.text() == "5 countries"


def test_a_provider_that_fails_says_why_and_works_again(
    screen: ProvidersScreen, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    sqlite_desk.change(credentials={"twilio": [ACCOUNT, "another"]})
    QTest.mouseClick(screen.panel.test_button, LEFT)
    qtbot.waitUntil(screen.panel.banner.isVisible, timeout=20_000)
    assert "does not accept the credentials" in screen.panel.banner.text
    assert "Paste the Auth Token again" in said.texts[-1]
    assert state_of(screen, "Main") == "failing"

    sqlite_desk.change(credentials={"twilio": None})
    QTest.mouseClick(screen.panel.banner.retry, LEFT)

    qtbot.waitUntil(lambda: not screen.panel.banner.isVisible(), timeout=20_000)
    assert "Main tested: answered in" in said.texts[-1]


def test_a_sync_is_a_job_and_cancelled_the_old_costs_stay(
    screen: ProvidersScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.change(latency_ms=100)
    QTest.keyClick(screen.list, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: bool(place.jobs.running) and place.jobs.running[0].total > 0, timeout=20_000)
    assert (place.jobs.running[0].name, screen.panel.sync_button.isEnabled()) == ("Sync costs of Main", False)

    place.jobs.running[0].cancel()

    qtbot.waitUntil(screen.panel.sync_button.isEnabled, timeout=20_000)
    assert screen.model.record(0).countries == 5
    assert not screen.panel.banner.isVisible()


def test_a_sync_brings_costs_and_says_what_changed(
    screen: ProvidersScreen, said: Said, place: Workplace, qtbot: QtBot
) -> None:
    QTest.mouseClick(screen.panel.sync_button, LEFT)

    qtbot.waitUntil(lambda: screen.model.record(0).countries == 230, timeout=30_000)
    qtbot.waitUntil(lambda: bool(said.texts))
    assert "new costs" in said.texts[-1]
    screen.panel.show_tab(Tab.COSTS)
    qtbot.waitUntil(lambda: screen.panel.cost_table.model.total > 1000)
    QTest.keyClicks(screen.panel.cost_table.filter_field, "turkiye")
    shown = screen.panel.cost_table.model
    assert {shown.record(row).country for row in range(shown.rowCount())} == {"TR"}


def test_pause_and_resume_are_undone(
    screen: ProvidersScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    outcomes: list[Outcome[object]] = []
    place.tasks.undoable.connect(outcomes.append)

    place.commands.action("providers.pause").trigger()
    qtbot.waitUntil(lambda: state_of(screen, "Main") == "paused")
    assert screen.panel.banner.retry.text() == "Resume"
    QTest.mouseClick(screen.panel.banner.retry, LEFT)
    qtbot.waitUntil(lambda: state_of(screen, "Main") == "test_only")

    assert [one.undo_label for one in outcomes] == ["Main paused", "Main resumed"]
    undo = outcomes[-1].undo
    assert undo is not None
    place.tasks.command(undo, owner=screen)
    qtbot.waitUntil(lambda: state_of(screen, "Main") == "paused")


def test_another_default_is_chosen_and_undone(
    screen: ProvidersScreen, place: Workplace, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    sqlite_desk.add_provider("Other")
    screen.reload()
    qtbot.waitUntil(lambda: screen.model.rowCount() == 2)
    screen.open_at(Address("providers", "Other"))
    assert screen.current is not None
    assert (screen.current.name, screen.panel.name.text()) == ("Other", "Other")
    outcomes: list[Outcome[object]] = []
    place.tasks.undoable.connect(outcomes.append)

    place.commands.action("providers.default").trigger()
    qtbot.waitUntil(lambda: screen.current is not None and screen.current.is_default)

    undo = outcomes[0].undo
    assert undo is not None
    place.tasks.command(undo, owner=screen)
    qtbot.waitUntil(lambda: screen.current is not None and not screen.current.is_default)


def test_the_key_is_never_shown_and_can_be_replaced(
    screen: ProvidersScreen, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    tab = screen.panel.connection
    qtbot.waitUntil(lambda: tab.secret_text.text() == "Saved in the vault of this profile · ends with dbox")
    texts = [one.text() for one in screen.findChildren(QLineEdit)]
    assert not any(SECRET in text for text in texts)

    QTest.mouseClick(tab.replace_button, LEFT)
    dialog = opened(screen, ReplaceSecretDialog, qtbot)
    assert dialog.field.line.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(dialog.field.line, "the new secret 4242")
    QTest.keyClick(dialog.field.line, Qt.Key.Key_A, CONTROL)
    QTest.keyClick(dialog.field.line, Qt.Key.Key_C, CONTROL)
    assert "4242" not in QGuiApplication.clipboard().text()
    QTest.keyClick(dialog.field.line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: tab.secret_text.text().endswith("ends with 4242"))
    assert said.texts[-1] == "Auth Token of Main replaced"


def test_removing_the_key_asks_first(screen: ProvidersScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    tab = screen.panel.connection
    qtbot.waitUntil(lambda: "Saved" in tab.secret_text.text())
    QTest.mouseClick(tab.remove_button, LEFT)
    question = opened(screen, Question, qtbot)
    assert question.focusWidget() is question.buttons["Cancel"]

    QTest.mouseClick(question.buttons["Remove Auth Token"], LEFT)

    qtbot.waitUntil(lambda: tab.secret_text.text() == "Not saved on this computer")
    assert state_of(screen, "Main") == "failing"


def test_a_removal_names_what_goes(screen: ProvidersScreen, place: Workplace, said: Said, qtbot: QtBot) -> None:
    place.commands.action("providers.remove").trigger()
    question = opened(screen, Question, qtbot)
    texts = " ".join(label.text() for label in question.findChildren(type(screen.facts)))
    assert "France, Germany, Türkiye" in texts or "Germany" in texts
    assert "5 costs are deleted" in texts

    QTest.mouseClick(question.buttons["Remove Main"], LEFT)

    qtbot.waitUntil(screen.placeholder.isVisible)
    assert screen.placeholder.text == "No provider yet"
    assert said.texts[-1] == "Main removed"


def test_a_provider_with_messages_is_offered_to_be_paused(
    screen: ProvidersScreen, place: Workplace, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    sqlite_desk.queue(["+4915112345678"])
    place.commands.action("providers.remove").trigger()
    qtbot.waitUntil(lambda: bool(said.texts))
    assert "history" in said.texts[-1]
    run = said.actions[-1]
    assert run is not None

    run()

    qtbot.waitUntil(lambda: state_of(screen, "Main") == "paused")


def test_editing_the_name_needs_no_key_and_another_host_does(
    screen: ProvidersScreen, sqlite_desk: Desk, qtbot: QtBot
) -> None:
    QTest.keyClick(screen.list, Qt.Key.Key_F2)
    dialog = opened(screen, ProviderDialog, qtbot)
    address = dialog.form.fields["base_url"].line
    address.selectAll()
    QTest.keyClicks(address, "http://127.0.0.2:9/twilio")
    QTest.mouseClick(dialog.save_button, LEFT)
    assert "enter the key again" in dialog.form.secret.note.text()
    address.selectAll()
    QTest.keyClicks(address, f"{sqlite_desk.sandbox.url}/twilio")
    name = dialog.form.fields["name"].line
    name.selectAll()
    QTest.keyClicks(name, "Hauptweg")
    QTest.keyClick(name, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: screen.model.row_of("Hauptweg") == 0)
    assert sqlite_desk.application.providers.secret_state("Hauptweg").ending == SECRET[-4:]


def test_a_number_shown_instead_is_set_by_keys(screen: ProvidersScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    screen.open_at(Address("providers", "Main", {"tab": "numbers"}))
    tab = screen.panel.numbers
    qtbot.waitUntil(lambda: tab.model.rowCount() > 5)
    row = next(row for row in range(tab.model.rowCount()) if tab.model.record(row) == "US")
    tab.table.selectRow(row)
    QTest.mouseClick(tab.edit_button, LEFT)
    dialog = opened(screen, NumberDialog, qtbot)
    QTest.keyClicks(dialog.field.line, "no number")
    QTest.keyClick(dialog.field.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "no number" in dialog.field.note.text())
    dialog.field.line.selectAll()
    QTest.keyClicks(dialog.field.line, "+14155550100")
    QTest.keyClick(dialog.field.line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: tab.model.index(row, 1).data() == "+14155550100")


def test_saving_without_a_test_is_asked(place: Workplace, screen: ProvidersScreen, qtbot: QtBot) -> None:
    screen.open_at(Address("providers", query={"add": "1"}))
    dialog = opened(screen, ProviderDialog, qtbot)
    QTest.mouseClick(dialog.save_button, LEFT)
    assert "is missing" in dialog.form.secret.note.text()
    QTest.keyClicks(dialog.form.fields["account_sid"].line, ACCOUNT)
    QTest.keyClicks(dialog.form.secret.line, "whatever it is")
    QTest.mouseClick(dialog.save_button, LEFT)
    question = opened(dialog, Question, qtbot)

    QTest.mouseClick(question.buttons["Save without a test"], LEFT)

    qtbot.waitUntil(lambda: screen.model.row_of("Twilio") >= 0)
    assert state_of(screen, "Twilio") == "untested"


def test_a_test_tells_the_first_step_that_failed(screen: ProvidersScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.change(credentials={"twilio": [ACCOUNT, "another"]})
    QTest.mouseClick(screen.add_button, LEFT)
    dialog = opened(screen, ProviderDialog, qtbot)
    dialog.form.fields["base_url"].line.setText(f"{sqlite_desk.sandbox.url}/twilio")
    QTest.keyClicks(dialog.form.fields["account_sid"].line, ACCOUNT)
    QTest.keyClicks(dialog.form.secret.line, "wrong")
    QTest.mouseClick(dialog.test_button, LEFT)

    qtbot.waitUntil(lambda: dialog.steps.result(Step.LOGIN) == "failed", timeout=20_000)
    assert "Paste the Auth Token again" in dialog.steps.problem
    assert dialog.test_button.isDefault()
    QTest.keyClicks(dialog.form.secret.line, "x")
    assert dialog.steps.problem == ""
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not any(one.isVisible() for one in screen.findChildren(ProviderDialog)))


def test_ctrl_f_finds_and_escape_brings_everything_back(screen: ProvidersScreen, qtbot: QtBot) -> None:
    activate(screen)
    QTest.keyClick(screen, Qt.Key.Key_F, CONTROL)
    QTest.keyClicks(screen.filter_field, "zzz")
    assert (screen.model.rowCount(), screen.nothing.text()) == (0, "No provider matches “zzz”")

    QTest.keyClick(screen.filter_field, Qt.Key.Key_Escape)

    assert screen.model.rowCount() == 1


def test_the_context_menu_has_the_actions_of_the_row(screen: ProvidersScreen, qtbot: QtBot) -> None:
    menu = screen._menu()

    texts = [action.text() for action in menu.actions() if not action.isSeparator()]

    assert texts[0] == "Edit connection…"
    assert texts[-1] == "Remove provider…"
    assert "Pause sending" in texts
    menu.close()
    QTest.mouseClick(screen.list.viewport(), Qt.MouseButton.RightButton, pos=QPoint(40, 40))


def test_everything_that_is_operated_has_a_name(screen: ProvidersScreen, qtbot: QtBot) -> None:
    screen.open_at(Address("providers", query={"add": "1"}))
    dialog = opened(screen, ProviderDialog, qtbot)
    for tab in Tab:
        screen.panel.show_tab(tab)
        widgets = [
            widget
            for parent in (screen, dialog)
            for kind in (QAbstractButton, QLineEdit, QAbstractItemView)
            for widget in parent.findChildren(kind)
            if widget.isVisible()
        ]
        unnamed = [
            widget for widget in widgets
            if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        ]  # fmt: skip
        assert len(widgets) > 8
        assert unnamed == []


def test_the_list_is_a_sound_model(screen: ProvidersScreen, qtmodeltester: ModelTester) -> None:
    model: ProviderListModel = screen.model

    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.set_filter("nothing")
    model.set_filter("")

    assert model.rowCount() == 1


def test_a_sync_that_fails_in_the_middle_says_how_many_countries_are_not_updated(
    screen: ProvidersScreen, place: Workplace, sqlite_desk: Desk, said: Said, qtbot: QtBot
) -> None:
    sqlite_desk.change(latency_ms=15, prices=dict.fromkeys(("AE", "AD", "AT", "ZW"), "0.9"))
    with qtbot.waitSignal(place.tasks.changed, timeout=20_000, check_params_cb=lambda topics: Topic.PRICES in topics):
        place.commands.action("providers.sync").trigger()
        [entry] = place.jobs.running
        qtbot.waitUntil(lambda: entry.done > 30, timeout=10_000)
        sqlite_desk.change(faults=[{"mode": "unauthorized", "on": "account"}])
    assert entry.state is JobState.FAILED
    assert said.texts[-1].startswith("The costs of Main are synced in part.")
    assert " of 230 countries are not updated and keep their costs from before." in said.texts[-1]
    prices = {one.rate.country: one.cost for one in sqlite_desk.application.pricing.list_prices()}
    assert (prices["AD"], prices.get("ZW")) == (900_000, None)
