"""Settings by real clicks and keys."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain.refresh import RefreshEvery
from desktop_app.services.job import Job
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings import SettingsScreen
from desktop_app.views.screens.settings_pages.about import AboutPage
from desktop_app.views.screens.settings_pages.appearance import AppearancePage
from desktop_app.views.screens.settings_pages.data import DataPage
from desktop_app.views.screens.settings_pages.general import GeneralPage
from desktop_app.views.screens.settings_pages.keyboard import KeyboardPage
from desktop_app.views.screens.settings_pages.page import Page
from desktop_app.views.screens.settings_pages.prices import PricesPage
from desktop_app.views.screens.settings_pages.rates import RatesPage, parse_rate
from desktop_app.views.screens.settings_pages.service import ServicePage
from desktop_app.workers.runner import TaskRunner
from tests.fixtures.application import Desk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def settings(place: Workplace, qtbot: QtBot) -> SettingsScreen:
    place.theme.follow(place.parts.personal)
    made = SettingsScreen(place)
    qtbot.addWidget(made)
    made.resize(1060, 700)
    made.show()
    qtbot.waitActive(made)
    return made


@pytest.fixture
def page(settings: SettingsScreen, qtbot: QtBot) -> Callable[[type[Page]], Any]:
    """Open a page and wait until it can be used."""

    def open_page(kind: type[Page]) -> Page:
        settings.open_at(Address("settings", kind.name))
        shown = settings.page
        assert isinstance(shown, kind)
        qtbot.waitUntil(shown.isEnabled)
        return shown

    return open_page


def click(button: QAbstractButton) -> None:
    """Click a button; a switch on its knob."""
    QTest.mouseClick(button, LEFT, pos=QPoint(12, button.height() // 2))


def test_a_theme_applies_at_once_and_undo_brings_the_old_one_back(
    page: Callable[[type[Page]], Any], settings: SettingsScreen, place: Workplace, said: Any
) -> None:
    appearance: AppearancePage = page(AppearancePage)
    was_dark = place.theme.is_dark

    click(appearance.theme.buttons[1 if was_dark else 2])

    assert place.theme.is_dark is not was_dark
    assert said.texts == ["Theme changed"]
    said.actions[0]()
    assert place.theme.is_dark is was_dark
    assert appearance.theme.value == "system"
    assert not settings.undo()


def test_the_size_of_text_follows_the_arrow_keys(page: Callable[[type[Page]], Any], place: Workplace) -> None:
    appearance: AppearancePage = page(AppearancePage)

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_End):
        QTest.keyClick(appearance.slider, key)

    assert place.parts.personal.values.text_size == 160
    assert appearance.size_label.text() == "160%"
    click(appearance.reset)
    assert place.parts.personal.values.text_size == 100
    assert not appearance.reset.isEnabled()


def test_density_motion_and_contrast_reach_the_theme(page: Callable[[type[Page]], Any], place: Workplace) -> None:
    appearance: AppearancePage = page(AppearancePage)

    click(appearance.density.buttons[0])
    click(appearance.motion)
    click(appearance.contrast)

    assert place.theme.row_height == 28
    assert place.theme.motion(140) == 0
    assert place.theme.is_high_contrast


def test_the_service_is_switched_when_it_is_saved(
    page: Callable[[type[Page]], Any], settings: SettingsScreen, sqlite_desk: Desk, qtbot: QtBot, tasks: TaskRunner
) -> None:
    service: ServicePage = page(ServicePage)
    accounts = sqlite_desk.application.accounts
    assert service.service.isChecked()
    assert settings.bar.isHidden()

    click(service.service)
    click(service.api)

    assert settings.unsaved == 2
    assert settings.draft_text.text() == "2 unsaved settings"
    assert accounts.switches().service
    with qtbot.waitSignal(tasks.undoable) as undoable:
        QTest.keyClick(settings, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert (accounts.switches().service, accounts.switches().api) == (False, True)
    assert settings.bar.isHidden()

    with qtbot.waitSignal(tasks.changed):
        tasks.command(undoable.args[0].undo, owner=settings)
    assert (accounts.switches().service, accounts.switches().api) == (True, False)
    qtbot.waitUntil(service.service.isChecked)


def test_discard_shows_again_what_is_saved(page: Callable[[type[Page]], Any], settings: SettingsScreen) -> None:
    prices: PricesPage = page(PricesPage)
    QTest.keyClicks(prices.company, "Northwind")
    assert settings.unsaved == 1

    click(settings.discard_button)

    assert prices.company.text() == ""
    assert settings.unsaved == 0


def test_everything_about_prices_is_saved(
    page: Callable[[type[Page]], Any], settings: SettingsScreen, sqlite_desk: Desk, qtbot: QtBot, tasks: TaskRunner
) -> None:
    prices: PricesPage = page(PricesPage)
    QTest.keyClicks(prices.company, "Northwind Telecom")
    prices.target.clear()
    QTest.keyClicks(prices.target, "27,5")
    QTest.keyClick(prices.step, Qt.Key.Key_Down)
    QTest.keyClick(prices.decimals, Qt.Key.Key_Down)
    click(prices.column.buttons[1])
    click(prices.follow)
    for _ in range(3):
        QTest.keyClick(prices.every, Qt.Key.Key_Down)
    assert prices.at.isVisible()

    with qtbot.waitSignal(tasks.undoable):
        click(settings.save_button)

    saved = sqlite_desk.application.preferences.read()
    assert (saved.company, saved.target_margin, saved.step, saved.decimals) == ("Northwind Telecom", 2750, 1000, 5)
    assert (saved.shows_markup, saved.rules_follow_costs, saved.refresh.every) == (True, True, RefreshEvery.DAY)


@pytest.mark.parametrize("text", ["", "x", "100", "-1", "12.345"])
def test_a_target_that_is_none_is_said_under_the_field_and_nothing_is_saved(
    page: Callable[[type[Page]], Any], settings: SettingsScreen, sqlite_desk: Desk, text: str
) -> None:
    prices: PricesPage = page(PricesPage)
    QTest.keyClicks(prices.company, "Northwind")
    prices.target.clear()
    QTest.keyClicks(prices.target, text or " ")

    click(settings.save_button)

    row = prices.fields["target_margin"].row
    assert row.error.isVisible()
    assert row.error.text()
    assert prices.target.hasFocus()
    assert sqlite_desk.application.preferences.read().company == ""


def test_the_main_currency_stays_where_there_are_prices(
    page: Callable[[type[Page]], Any], settings: SettingsScreen, said: Any, qtbot: QtBot
) -> None:
    prices: PricesPage = page(PricesPage)
    QTest.keyClick(prices.currency, Qt.Key.Key_Down)

    click(settings.save_button)

    qtbot.waitUntil(lambda: bool(said.texts))
    assert said.texts[0].startswith("The main currency stays as it is")
    assert settings.unsaved == 1


def test_a_change_of_somebody_else_is_shown_and_the_own_draft_stays(
    page: Callable[[type[Page]], Any], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    prices: PricesPage = page(PricesPage)
    QTest.keyClicks(prices.company, "Mine")
    sqlite_desk.application.preferences.change(actor="bert", company="Theirs", decimals=6)

    prices.reload()

    qtbot.waitUntil(lambda: prices.decimals.value == 6)
    assert prices.company.text() == "Mine"
    assert prices.unsaved == 1


def test_a_rate_is_set_by_keyboard_and_undone(
    page: Callable[[type[Page]], Any], sqlite_desk: Desk, qtbot: QtBot, tasks: TaskRunner
) -> None:
    rates: RatesPage = page(RatesPage)
    QTest.keyClicks(rates.rate, "0,92")
    with qtbot.waitSignal(tasks.undoable) as undoable:
        QTest.keyClick(rates.rate, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rates.model.rowCount() == 1)
    assert rates.model.rate(0).rate == Decimal("0.92")
    assert undoable.args[0].undo_label == "Rate set: 1 USD = 0.92 EUR"

    tasks.command(undoable.args[0].undo, owner=rates)
    qtbot.waitUntil(lambda: rates.model.rowCount() == 0)


def test_the_selected_rate_is_removed(
    page: Callable[[type[Page]], Any], sqlite_desk: Desk, qtbot: QtBot, tasks: TaskRunner
) -> None:
    day = date(2026, 1, 5)
    for source in ("GBP", "USD"):
        sqlite_desk.application.accounts.set_exchange_rate(source, "EUR", Decimal("1.1"), day, actor="anna")
    rates: RatesPage = page(RatesPage)
    rates.reload()
    qtbot.waitUntil(lambda: rates.model.rowCount() == 2)
    assert not rates.remove_button.isEnabled()

    rates.table.selectRow(1)
    click(rates.remove_button)

    qtbot.waitUntil(lambda: rates.model.rowCount() == 1)
    assert rates.model.rate(0).source == "GBP"


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "0", "-1", "NaN", "Infinity"])
def test_what_is_no_rate_is_said_in_the_form(page: Callable[[type[Page]], Any], qtbot: QtBot, text: str) -> None:
    rates: RatesPage = page(RatesPage)
    QTest.keyClicks(rates.rate, text)

    click(rates.set_button)

    qtbot.waitUntil(rates.form.error.isVisible)
    assert rates.form.error.text()
    assert rates.model.rowCount() == 0


@pytest.mark.parametrize(("text", "rate"), [("0,92", "0.92"), ("0.92", "0.92"), (" 1 ", "1"), ("43,1875", "43.1875")])
def test_a_rate_has_either_mark(text: str, rate: str) -> None:
    assert parse_rate(text) == Decimal(rate)


def test_rates_are_a_sound_model(
    page: Callable[[type[Page]], Any], sqlite_desk: Desk, qtbot: QtBot, qtmodeltester: Any
) -> None:
    sqlite_desk.application.accounts.set_exchange_rate("USD", "EUR", Decimal("1.1"), date(2026, 1, 5), actor="anna")
    rates: RatesPage = page(RatesPage)
    rates.reload()
    qtbot.waitUntil(lambda: rates.model.rowCount() == 1)

    qtmodeltester.check(rates.model)

    assert rates.model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Exchange rate, 1.1"


@pytest.fixture
def chosen_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    file = tmp_path / "mine.db"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    return file


def test_a_backup_is_written_and_put_back_after_a_question(
    page: Callable[[type[Page]], Any], sqlite_desk: Desk, qtbot: QtBot, said: Any, chosen_file: Path
) -> None:
    data: DataPage = page(DataPage)
    qtbot.waitUntil(lambda: not data.place_row.detail.isHidden())
    click(data.backup_button)
    qtbot.waitUntil(lambda: bool(said.texts))
    assert said.texts == ["Backup written: mine.db"]
    sqlite_desk.application.accounts.set_service(on=False, actor="anna")

    click(data.restore_button)
    assert data.question is not None
    assert "mine.db" in data.question.text()
    assert data.question.defaultButton().text() == "Cancel"
    restore = next(button for button in data.question.buttons() if button.text() == "Restore backup")
    click(restore)

    qtbot.waitUntil(lambda: len(said.texts) == 2)
    assert said.texts[1].startswith("Backup restored; the former database is kept as ")
    assert sqlite_desk.application.accounts.switches().service


def test_restoring_can_be_declined(
    page: Callable[[type[Page]], Any], sqlite_desk: Desk, qtbot: QtBot, place: Workplace, chosen_file: Path
) -> None:
    data: DataPage = page(DataPage)
    qtbot.waitUntil(lambda: not data.place_row.detail.isHidden())
    data.ask_to_restore(chosen_file)
    assert data.question is not None

    QTest.keyClick(data.question, Qt.Key.Key_Escape)

    assert data.question.isHidden()
    assert place.jobs.entries == []


def test_backups_of_the_usual_folder_are_listed(
    page: Callable[[type[Page]], Any], place: Workplace, qtbot: QtBot
) -> None:
    backups = place.parts.backups
    backups.back_up(backups.suggested_file(), Job(), actor="anna")
    data: DataPage = page(DataPage)

    qtbot.waitUntil(lambda: any(row.matches("sms-desk-") for row in data.rows))

    row = next(row for row in data.rows if row.matches("sms-desk-"))
    assert "kB" in row.detail.text()


def test_a_shortcut_stands_with_its_command_and_letters_can_be_switched_off(
    page: Callable[[type[Page]], Any], settings: SettingsScreen, place: Workplace
) -> None:
    letter = place.commands.add("test.letter", "Bulk edit…", lambda: None, keys="B", scope=settings.list)
    keyboard: KeyboardPage = page(KeyboardPage)
    assert any(row.matches("bulk edit b") for row in keyboard.rows)

    click(keyboard.letters)
    place.commands.use_letters(on=place.parts.personal.values.letter_keys)

    assert letter.shortcut().isEmpty()
    assert not place.commands.action("settings.search").shortcut().isEmpty()


def test_diagnostics_are_copied_without_secrets(
    page: Callable[[type[Page]], Any], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    about: AboutPage = page(AboutPage)
    qtbot.waitUntil(about.copy_button.isEnabled)

    click(about.copy_button)

    text = QGuiApplication.clipboard().text()
    assert "SQLite 3." in text
    for secret in ("a secret of the sandbox", "AC5e", "anna", str(sqlite_desk.profile), "Aurora"):
        assert secret not in text
    assert any(row.matches("inter ofl") for row in about.rows)


def test_search_finds_a_setting_on_another_page(settings: SettingsScreen, qtbot: QtBot) -> None:
    QTest.keyClick(settings, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert settings.search.hasFocus()

    QTest.keyClicks(settings.search, "company")

    assert isinstance(settings.page, PricesPage)
    shown = [settings.list.item(row) for row in range(settings.list.count())]
    assert [item.text() for item in shown if not item.isHidden()] == ["Prices"]
    qtbot.waitUntil(settings.page.isEnabled)
    QTest.keyClick(settings.search, Qt.Key.Key_Return)
    assert settings.page.company.hasFocus()


def test_search_that_finds_nothing_says_so(settings: SettingsScreen) -> None:
    QTest.keyClicks(settings.search, "zebra")

    assert settings.nothing.isVisible()
    assert settings.nothing.text() == "No setting matches “zebra”"
    settings.search.clear()
    assert settings.nothing.isHidden()


def test_a_language_is_chosen_and_undone(page: Callable[[type[Page]], Any], place: Workplace, said: Any) -> None:
    general: GeneralPage = page(GeneralPage)

    QTest.keyClick(general.language, Qt.Key.Key_End)

    assert place.parts.language == "de"
    said.actions[0]()
    assert place.parts.language == "en"


def test_everything_that_is_operated_in_settings_has_a_name_and_a_size(settings: SettingsScreen, qtbot: QtBot) -> None:
    nameless, small = [], []
    for shown in settings.pages:
        settings.open_at(Address("settings", shown.name))
        qtbot.waitUntil(shown.isEnabled)
        for widget in settings.findChildren(QWidget):
            if not widget.isVisible() or widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
                continue
            if widget.parent() is settings.search or isinstance(widget.parent(), QAbstractSpinBox):
                continue
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            nameless += [] if name else [type(widget).__name__]
            small += [] if min(widget.width(), widget.height()) >= 24 else [(name, widget.width(), widget.height())]

    assert nameless == []
    assert small == []


def test_shortcuts_that_are_listed_later_get_their_room(
    page: Callable[[type[Page]], Any], place: Workplace, qtbot: QtBot
) -> None:
    keyboard = page(KeyboardPage)
    before = len(keyboard.rows)
    for number in range(30):
        place.commands.add(f"later.{number}", f"Later {number}", bool, keys=f"Ctrl+Alt+F{number + 1}")

    keyboard.shown()

    def is_whole() -> bool:
        return all(row.height() >= row.minimumSizeHint().height() > 0 for row in keyboard.rows)

    qtbot.waitUntil(lambda: len(keyboard.rows) == before + 30 and is_whole())
