"""Exporting a price list from the dialog: live preview, what a client's list never holds, files that are not replaced silently."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.views.dialogs.export_prices import MEMORY, ExportDialog
from desktop_app.views.dialogs.price_files import PriceFiles, register_price_files
from desktop_app.views.models.text_rows import TextRowsModel
from desktop_app.views.screen import Screen, Workplace
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate

Named = Callable[[QWidget], dict[QWidget, str]]
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Scene:
    """A screen with the commands, and how to get at the dialog."""

    place: Workplace
    screen: Screen
    files: PriceFiles
    qtbot: QtBot
    folder: Path

    def open(self) -> ExportDialog:
        """Press Ctrl+E and wait for the preview."""
        activate(self.screen)
        self.screen.setFocus()
        self.qtbot.waitUntil(self.screen.hasFocus)
        QTest.keyClick(self.screen, Qt.Key.Key_E, CONTROL)
        dialog = self.found()
        self.settle(dialog)
        return dialog

    def found(self) -> ExportDialog:
        """Wait for the dialog."""
        self.qtbot.waitUntil(lambda: any(one.isVisible() for one in self.screen.findChildren(ExportDialog)))
        return next(one for one in self.screen.findChildren(ExportDialog) if one.isVisible())

    def settle(self, dialog: ExportDialog) -> None:
        """Wait until the preview says what the fields say."""
        self.qtbot.waitUntil(lambda: not self.place.tasks.is_busy and dialog.model.rowCount() > 0)
        self.qtbot.waitUntil(dialog.export_button.isEnabled)

    def finish(self) -> None:
        """Wait until no job runs."""
        self.qtbot.waitUntil(lambda: bool(self.place.jobs.entries) and not self.place.jobs.running)


@pytest.fixture
def shown() -> list[frozenset[str] | None]:
    """What a filter of the screen leaves; the last one counts."""
    return [None]


@pytest.fixture
def scene(
    place: Workplace, qtbot: QtBot, tmp_path: Path, shown: list[frozenset[str] | None]
) -> Scene:  # fmt: skip
    folder = tmp_path / "documents"
    folder.mkdir()
    place.parts.personal.remember(MEMORY, {"folder": str(folder)})
    screen = Screen()
    qtbot.addWidget(screen)
    files = register_price_files(place, screen, lambda: shown[-1])
    screen.show()
    activate(screen)
    screen.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    screen.setFocus()
    return Scene(place, screen, files, qtbot, folder)


def texts(dialog: ExportDialog) -> list[list[str]]:
    model = dialog.model
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def press(segments: Any, place: int) -> None:
    QTest.mouseClick(segments.buttons[place], LEFT)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_the_preview_follows_every_choice(scene: Scene, sqlite_desk: Desk) -> None:
    sqlite_desk.application.accounts.set_exchange_rate("EUR", "USD", Decimal(2), date(2026, 1, 2), actor="anna")
    dialog = scene.open()
    assert texts(dialog)[:2] == [["France", "FR", "0.0480"], ["Germany", "DE", "0.0600"]]
    assert dialog.total.text() == "5 rows"
    assert dialog.export_button.text() == "Export 5 rows"

    press(dialog.form.unit, 1)
    dialog.form.language.setCurrentIndex(2)
    dialog.form.currency.setCurrentIndex(1)
    QTest.mouseClick(dialog.form.costs, LEFT, pos=dialog.form.costs.rect().center())
    scene.qtbot.waitUntil(lambda: dialog.model.columnCount() == 5)

    assert texts(dialog)[0] == ["Deutschland", "DE", "120,00", "100,00", "16,67"]
    assert "USD je 1.000 SMS" in str(dialog.model.headerData(2, Qt.Orientation.Horizontal))
    assert "1 EUR = 2 USD" in dialog.facts.text()


def test_a_clients_list_offers_no_cost_and_no_other_currency_and_keeps_a_copy(scene: Scene) -> None:
    dialog = scene.open()
    form = dialog.form
    assert not form.costs.isChecked()
    assert not form.keep.isChecked()
    form.costs.setChecked(True)
    assert form.order().costs is True

    form.client.setCurrentIndex(1)

    assert [field.isEnabled() for field in (form.costs, form.currency, form.networks)] == [False] * 3
    assert form.costs.toolTip() == "A client's list never shows what you pay"
    assert form.keep.isChecked()
    assert form.order().costs is False


def test_ctrl_e_and_enter_export_even_before_the_preview_is_there(scene: Scene, said: Any) -> None:
    QTest.keyClick(scene.screen, Qt.Key.Key_E, CONTROL)
    QTest.keyClick(scene.found(), Qt.Key.Key_Return)

    scene.finish()

    (file,) = scene.folder.iterdir()
    assert file.name == f"prices-eur-{scene.place.parts.clock().date()}.xlsx"
    assert said.texts == [f"Price list exported · {file.name}, 5 rows"]
    assert not scene.screen.findChildren(ExportDialog)


def test_only_the_filtered_countries(scene: Scene, shown: list[frozenset[str] | None]) -> None:
    unfiltered = scene.open()
    assert not unfiltered.form.rows.buttons[1].isEnabled()
    unfiltered.reject()
    shown.append(frozenset({"DE", "TR"}))

    dialog = scene.open()
    press(dialog.form.format, 0)
    press(dialog.form.rows, 1)
    scene.qtbot.waitUntil(lambda: dialog.total.text() == "2 rows")
    QTest.mouseClick(dialog.export_button, LEFT)
    scene.finish()

    (file,) = scene.folder.iterdir()
    assert [row["country"] for row in rows_of(file)] == ["DE", "TR"]


def test_a_file_that_is_there_is_replaced_only_when_asked_twice(scene: Scene) -> None:
    target = scene.folder / "mine.csv"
    target.write_text("from last month", "utf-8")
    dialog = scene.open()
    press(dialog.form.format, 0)
    scene.settle(dialog)
    dialog.path.selectAll()
    QTest.keyClicks(dialog.path, str(target))

    QTest.keyClick(dialog.path, Qt.Key.Key_Return)

    scene.qtbot.waitUntil(dialog.banner.isVisible)
    assert "“mine.csv” is there already." in dialog.banner.text
    assert dialog.export_button.text() == "Replace file"
    assert target.read_text("utf-8") == "from last month"
    QTest.mouseClick(dialog.export_button, LEFT)
    scene.finish()
    assert len(rows_of(target)) == 5


def test_the_ending_of_a_name_says_the_format_and_the_format_the_ending(scene: Scene) -> None:
    dialog = scene.open()
    dialog.path.selectAll()
    QTest.keyClicks(dialog.path, str(scene.folder / "mine.pdf"))
    scene.settle(dialog)
    assert dialog.form.format.value == "pdf"
    assert dialog.path.text() == str(scene.folder / "mine.pdf")

    press(dialog.form.format, 0)

    scene.qtbot.waitUntil(lambda: dialog.path.text() == str(scene.folder / "mine.csv"))


def test_a_folder_that_is_gone_is_said_with_a_way_back(scene: Scene, said: Any) -> None:
    dialog = scene.open()
    dialog.path.selectAll()
    QTest.keyClicks(dialog.path, str(scene.folder / "no" / "list"))

    QTest.keyClick(dialog.path, Qt.Key.Key_Return)

    scene.qtbot.waitUntil(lambda: bool(said.texts))
    assert said.texts[0].startswith("The price list was not exported · The folder “")
    said.actions[0]()
    assert scene.found().isVisible()


def test_a_kept_copy_is_the_file(scene: Scene, sqlite_desk: Desk) -> None:
    dialog = scene.open()
    dialog.form.client.setCurrentIndex(1)
    press(dialog.form.format, 2)
    scene.settle(dialog)
    QTest.mouseClick(dialog.export_button, LEFT)
    scene.finish()

    files = sqlite_desk.application.price_files
    (kept,) = files.issued()
    (file,) = scene.folder.iterdir()
    assert (kept.name, files.issued_content(kept.list_id)) == (file.name, file.read_bytes())


def test_what_was_chosen_is_there_again_next_time(scene: Scene) -> None:
    dialog = scene.open()
    dialog.form.client.setCurrentIndex(1)
    press(dialog.form.format, 2)
    press(dialog.form.unit, 1)
    dialog.form.vat.setText("Net")
    scene.settle(dialog)
    order = dialog.form.order()
    dialog.export()
    scene.finish()

    assert scene.open().form.order() == order


def test_everything_can_be_reached_and_has_a_name(scene: Scene, named: Named) -> None:
    dialog = scene.open()

    names = named(dialog)

    assert len(names) > 12
    assert [one for one, name in names.items() if not name] == []
    assert dialog.table.accessibleName() == "First lines of the list"
    cell = dialog.model.index(0, 2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert cell == "EUR per SMS: 0.0480"


def test_the_model_of_the_preview(qtmodeltester: Any) -> None:
    model = TextRowsModel()
    model.show_rows(("Name", "Price"), [("Türkiye", "0.5"), ("Net", "12.125"), ("X", "7")], 1, [False, True, False])

    qtmodeltester.check(model)
    assert [str(model.index(row, 1).data()) for row in range(3)] == ["0.5\u2007\u2007", "12.125", "7\u2007\u2007\u2007"]
    assert str(model.index(1, 0).data()) == "\u2003Net"
