"""Recipients on the Compose screen: typed, pasted, from files and groups; mended in place, read without a stall, stopped."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.domain.phone_book import Contact
from desktop_app.services.audiences import SourceKind
from desktop_app.services.draft_contents import Writing
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.groups_dialog import GroupsDialog
from desktop_app.views.screens.compose.import_dialog import ImportDialog
from desktop_app.views.screens.compose.screen import ComposeScreen
from tests.fixtures.application import Desk, german
from tests.fixtures.windows import activate

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(place: Workplace, qtbot: QtBot) -> ComposeScreen:
    """The screen with Aurora chosen and Germany as the default country."""
    made = ComposeScreen(place)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    activate(made)
    made.show_writing(Writing(client="Aurora", country="DE"), ())
    qtbot.waitUntil(lambda: made.senders.sender_id == "AURORA" and not made.recipients.is_reading)
    return made


def paste(screen: ComposeScreen, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    screen.view.recipients.field.setFocus()
    QTest.keyClick(screen.view.recipients.field, Qt.Key.Key_V, CTRL)


def has(screen: ComposeScreen, count: int) -> bool:
    return not screen.recipients.is_reading and len(screen.recipients.audience.numbers) == count


def counts(screen: ComposeScreen) -> dict[str, str]:
    return {name: screen.view.results.text_of(name) for name in ("valid", "duplicates", "opted_out", "invalid")}


def test_a_few_numbers_stay_text_and_many_fold_into_a_chip(screen: ComposeScreen, qtbot: QtBot) -> None:
    field = screen.view.recipients.field
    QTest.keyClicks(field, "0151 23450001, 0151 23450001; nonsense")
    qtbot.waitUntil(lambda: has(screen, 1) and bool(screen.recipients.audience.invalid))
    assert counts(screen) == {
        "valid": "1 valid",
        "duplicates": "1 duplicate removed",
        "opted_out": "",
        "invalid": "1 invalid",
    }
    assert screen.view.recipients.chips == []

    paste(screen, "\n".join(german(21, start=500)))
    qtbot.waitUntil(lambda: has(screen, 22))
    (chip,) = screen.view.recipients.chips
    assert (chip.text(), chip.accessibleName()) == ("Pasted list  21  ×", "Pasted list, 21 recipients: remove")
    assert field.toPlainText() == "0151 23450001, 0151 23450001; nonsense"


def test_typing_more_than_twenty_folds_when_the_field_is_left(screen: ComposeScreen, qtbot: QtBot) -> None:
    field = screen.view.recipients.field
    field.setPlainText("\n".join(german(25)))
    qtbot.waitUntil(lambda: has(screen, 25))
    field.setFocus()
    screen.view.message.setFocus()
    qtbot.waitUntil(lambda: len(screen.view.recipients.chips) == 1 and has(screen, 25))
    assert field.toPlainText() == ""


def test_a_removed_list_comes_back(screen: ComposeScreen, qtbot: QtBot, said: Any) -> None:
    paste(screen, "\n".join(german(30)))
    qtbot.waitUntil(lambda: has(screen, 30))
    QTest.mouseClick(screen.view.recipients.chips[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: has(screen, 0))
    assert said.texts[-1] == "30 recipients removed"
    said.actions[-1]()
    qtbot.waitUntil(lambda: has(screen, 30))


def test_duplicates_count_across_lists_and_field(screen: ComposeScreen, qtbot: QtBot) -> None:
    paste(screen, "\n".join(german(25)))
    qtbot.waitUntil(lambda: has(screen, 25))
    paste(screen, "\n".join(german(25, start=20)))
    qtbot.waitUntil(lambda: has(screen, 45))
    QTest.keyClicks(screen.view.recipients.field, german(1)[0])
    qtbot.waitUntil(lambda: screen.recipients.audience.duplicates == 6)
    assert counts(screen)["duplicates"] == "6 duplicates removed"


def test_opted_out_numbers_are_counted_and_not_priced(screen: ComposeScreen, sqlite_desk: Desk, qtbot: QtBot) -> None:
    sqlite_desk.application.clients.add_opt_outs("Aurora", german(2), actor="anna")
    screen.ask_again()
    paste(screen, "\n".join(german(30)))
    screen.view.message.setPlainText("Hello")
    qtbot.waitUntil(lambda: counts(screen)["opted_out"] == "2 opted out")
    assert counts(screen)["valid"] == "28 valid"
    assert screen.view.cost.count.text() == "28 numbers × 1 segment = 28 SMS"


def test_an_entry_is_mended_in_its_row(screen: ComposeScreen, qtbot: QtBot) -> None:
    paste(screen, "\n".join([*german(24), "0151 555"]))
    qtbot.waitUntil(lambda: has(screen, 24))
    table = screen.view.invalid
    assert [table.model.index(0, column).data() for column in range(4)] == [
        "25", "0151 555", "Its country has no such number.", "Edit"
    ]  # fmt: skip
    QTest.mouseClick(
        table.view.viewport(), Qt.MouseButton.LeftButton, pos=table.view.visualRect(table.model.index(0, 3)).center()
    )  # fmt: skip
    assert table.view.state() is QAbstractItemView.State.EditingState
    editor = table.view.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "0151 555"
    editor.selectAll()
    QTest.keyClicks(editor, "0151 23459999")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: has(screen, 25))
    assert not table.isVisible()
    assert screen.recipients.audience.numbers[-1] == "+4915123459999"


def test_a_typed_entry_is_mended_too(screen: ComposeScreen, qtbot: QtBot) -> None:
    QTest.keyClicks(screen.view.recipients.field, "0151 23450001, 0151 555")
    qtbot.waitUntil(lambda: bool(screen.recipients.audience.invalid))
    (entry,) = screen.recipients.audience.invalid
    screen.view.invalid.model.edited.emit(entry, "0151 23450002")
    qtbot.waitUntil(lambda: has(screen, 2))
    assert screen.view.recipients.field.toPlainText() == "0151 23450001\n0151 23450002"


def test_invalid_entries_are_copied_and_removed(screen: ComposeScreen, qtbot: QtBot, said: Any) -> None:
    paste(screen, "\n".join([*german(24), "abc", "0151 555", "+44 20 7946 0018", "?"]))
    qtbot.waitUntil(lambda: has(screen, 24))
    assert screen.view.invalid.more.text() == "1 more"
    QTest.mouseClick(screen.view.results.copy_button, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[:2] for line in lines] == [
        ["25", "abc"], ["26", "0151 555"], ["27", "+44 20 7946 0018"], ["28", "?"]
    ]  # fmt: skip
    assert said.texts[-1] == "4 invalid entries copied"
    QTest.mouseClick(screen.view.results.remove_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not screen.recipients.audience.invalid)
    assert has(screen, 24)
    assert len(screen.recipients.lists[0].entries.texts) == 24


def test_the_delete_key_takes_an_entry_out(screen: ComposeScreen, qtbot: QtBot) -> None:
    paste(screen, "\n".join([*german(24), "abc", "0151 555"]))
    qtbot.waitUntil(lambda: has(screen, 24))
    table = screen.view.invalid.view
    table.setFocus()
    table.setCurrentIndex(screen.view.invalid.model.index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [one.text for one in screen.recipients.audience.invalid] == ["0151 555"])


def test_another_default_country_reads_the_same_numbers_otherwise(screen: ComposeScreen, qtbot: QtBot) -> None:
    QTest.keyClicks(screen.view.recipients.field, "07400 123450")
    qtbot.waitUntil(lambda: bool(screen.recipients.audience.invalid))
    screen.view.country.show_value("GB")
    screen.view.country.chosen.emit()
    qtbot.waitUntil(lambda: has(screen, 1))
    assert screen.recipients.audience.numbers == ("+447400123450",)


def test_a_block_of_a_spreadsheet_brings_fields(screen: ComposeScreen, qtbot: QtBot) -> None:
    paste(screen, "First name\tMobile\nAda\t0151 23450001\nBo\t0151 23450002")
    qtbot.waitUntil(lambda: has(screen, 2))
    assert screen.recipients.audience.fields == ({"first_name": "Ada"}, {"first_name": "Bo"})


def test_a_dropped_file_is_mapped_before_it_is_taken(screen: ComposeScreen, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "winter.csv"
    path.write_text("Name;Handy;Stadt\n" + "\n".join(f"Ada {n};{number};Köln" for n, number in enumerate(german(30))))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    screen.view.recipients.field.insertFromMimeData(data)
    qtbot.waitUntil(lambda: any(isinstance(one, ImportDialog) for one in QApplication.topLevelWidgets()))
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ImportDialog))
    assert [role.value for role in dialog.roles] == ["field", "number", "field"]
    assert dialog.take_button.text() == "Add 30 recipients"
    assert dialog.model.rowCount() == 5
    dialog.names[0].setText("First name")
    dialog.roles[2].show_value("leave")
    QTest.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: has(screen, 30))
    assert screen.recipients.audience.fields[0] == {"first_name": "Ada 0"}
    assert screen.view.recipients.chips[0].text().startswith("winter.csv")


def test_the_name_of_a_field_is_there_while_its_column_is_one(
    screen: ComposeScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "winter.csv"
    path.write_text("Name;Handy;Stadt\n" + "\n".join(f"Ada {n};{number};Köln" for n, number in enumerate(german(3))))
    screen.adder.import_file(path)
    qtbot.waitUntil(lambda: any(isinstance(one, ImportDialog) for one in QApplication.topLevelWidgets()))
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ImportDialog))
    role = dialog.roles[2]

    QTest.keyClick(role, Qt.Key.Key_Down)
    assert (role.value, dialog.names[2].isVisible()) == ("leave", False)
    QTest.keyClick(role, Qt.Key.Key_Up)

    assert (role.value, dialog.names[2].isVisible()) == ("field", True)
    assert [name.isVisible() for name in dialog.names] == [True, False, True]
    dialog.reject()


def test_a_file_without_numbers_is_explained(screen: ComposeScreen, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_text("Roses are red")
    screen.adder.import_file(path)
    qtbot.waitUntil(screen.view.banner.isVisible)
    assert "poem.txt" in screen.view.banner.text


def test_groups_of_the_phone_book_are_ticked(screen: ComposeScreen, place: Workplace, qtbot: QtBot) -> None:
    book = place.parts.phone_book
    group = book.add_group("Aurora", "Winter", actor="anna")
    book.save("Aurora", [Contact(number, {"first_name": "Ada"}) for number in german(3)], group.group_id, actor="anna")
    QTest.mouseClick(screen.view.recipients.groups_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(isinstance(one, GroupsDialog) for one in QApplication.topLevelWidgets()))
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, GroupsDialog))
    dialog.list.setFocus()
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    QTest.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: has(screen, 3))
    assert (screen.recipients.lists[0].kind, screen.recipients.lists[0].name) == (SourceKind.GROUP, "Winter")
    assert screen.recipients.audience.having == {"first_name": 3}


def test_groups_need_a_client_first(place: Workplace, qtbot: QtBot) -> None:
    screen = ComposeScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    activate(screen)
    screen.adder.choose_groups()
    assert screen.view.footer_text.text() == "Choose a client first"
    assert screen.focusWidget() is screen.view.client


def test_a_large_list_is_a_job_that_can_be_stopped(screen: ComposeScreen, place: Workplace, qtbot: QtBot) -> None:
    paste(screen, "\n".join(german(24)))
    qtbot.waitUntil(lambda: has(screen, 24))
    paste(screen, "\n".join(german(40_000, start=100)))
    qtbot.waitUntil(lambda: screen.checker.job is not None)
    assert screen.view.results.cancel_button.isVisible()
    assert [entry.name for entry in place.jobs.running] == ["Read recipients"]
    QTest.mouseClick(screen.view.results.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.checker.job is None and has(screen, 24))
    assert len(screen.view.recipients.chips) == 1


def test_a_large_list_is_read_and_priced(screen: ComposeScreen, qtbot: QtBot) -> None:
    paste(screen, "\n".join(german(12_000)))
    qtbot.waitUntil(lambda: has(screen, 12_000), timeout=20_000)
    qtbot.waitUntil(lambda: screen.checked is not None and screen.checker.is_settled, timeout=20_000)
    assert counts(screen)["valid"] == "12,000 valid"
    assert screen.view.recipients.chips[0].text() == "Pasted list  12,000  ×"


def test_the_table_of_invalid_entries_is_a_sound_model(
    screen: ComposeScreen, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    paste(screen, "\n".join([*german(24), "abc", "<b>0151</b>"]))
    qtbot.waitUntil(lambda: has(screen, 24))
    qtmodeltester.check(screen.view.invalid.model)  # type: ignore[no-untyped-call]
    assert screen.view.invalid.model.index(1, 1).data() == "<b>0151</b>"
