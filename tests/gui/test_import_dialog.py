"""Importing a price sheet from the dialog: columns, errors that are skipped only when told to, a review, one undo."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.services.job import Job
from desktop_app.views.dialogs.import_prices import ImportDialog
from desktop_app.views.dialogs.price_files import PriceFiles, register_price_files
from desktop_app.views.screen import Screen, Workplace
from desktop_app.views.widgets.change_review import ChangeReview
from desktop_app.workers.runner import Outcome
from tests.fixtures.application import Desk

Named = Callable[[QWidget], dict[QWidget, str]]
LEFT = Qt.MouseButton.LeftButton
HEADER = "country,mccmnc,network,price,currency\n"


@dataclass
class Scene:
    """A screen with the commands, and how to get at the dialogs."""

    place: Workplace
    screen: Screen
    files: PriceFiles
    qtbot: QtBot
    folder: Path
    undone: list[Outcome[Any]]

    def open(self, *lines: str, header: str = HEADER) -> ImportDialog:
        """Open the dialog with a file of these lines."""
        path = self.folder / "sheet.csv"
        path.write_text(header + "".join(line + "\n" for line in lines), "utf-8")
        self.files.open_import()
        self.qtbot.waitUntil(lambda: bool(self.screen.findChildren(ImportDialog)))
        dialog = self.screen.findChildren(ImportDialog)[-1]
        dialog.path.setFocus()
        QTest.keyClicks(dialog.path, str(path))
        QTest.keyClick(dialog.path, Qt.Key.Key_Tab)
        self.qtbot.waitUntil(lambda: dialog.form is not None or dialog.banner.isVisible())
        return dialog

    def review(self, dialog: ImportDialog) -> ChangeReview:
        """Wait for the review."""
        self.qtbot.waitUntil(lambda: any(one.isVisible() for one in dialog.findChildren(ChangeReview)))
        return next(one for one in dialog.findChildren(ChangeReview) if one.isVisible())

    def idle(self) -> None:
        """Wait until nothing is under way."""
        self.qtbot.waitUntil(lambda: not self.place.tasks.is_busy, timeout=30_000)


@pytest.fixture
def scene(place: Workplace, qtbot: QtBot, tmp_path: Path) -> Scene:
    screen = Screen()
    qtbot.addWidget(screen)
    files = register_price_files(place, screen, lambda: None)
    screen.show()
    undone: list[Outcome[Any]] = []
    place.tasks.undoable.connect(undone.append)
    return Scene(place, screen, files, qtbot, tmp_path, undone)


def prices(desk: Desk) -> dict[str, int | None]:
    return {row.rate.country: row.applies.price for row in desk.application.pricing.list_prices()}


def click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, LEFT)


def test_sale_prices_are_looked_at_then_saved_and_undone(scene: Scene, sqlite_desk: Desk) -> None:
    before = prices(sqlite_desk)
    dialog = scene.open("DE,,,0.07,EUR", "US,,,0.02,EUR", "FR,,,0.048,EUR")
    click(dialog.target.buttons[1])
    assert not dialog.provider.isVisible()

    click(dialog.review_button)
    review = scene.review(dialog)
    assert [(row.code, row.before, row.after) for row in review.model.kept] == [
        ("DE", 60_000, 70_000), ("US", 12_000, 20_000),
    ]  # fmt: skip
    assert prices(sqlite_desk) == before
    review.model.toggle(1)
    click(review.save)
    scene.qtbot.waitUntil(lambda: bool(scene.undone))

    assert prices(sqlite_desk) == {**before, "DE": 70_000}
    assert scene.undone[0].undo_label == "1 price imported"
    assert scene.undone[0].undo is not None
    scene.undone[0].undo(Job())
    assert prices(sqlite_desk) == before


def test_rows_with_errors_are_named_and_skipped_only_when_told_to(scene: Scene, sqlite_desk: Desk) -> None:
    bad = ("XX,,,0.3,EUR", 'FR,,,"12,3,4",EUR', "TR,,,0.3,EURO", "GB,,,0.001,EUR")
    dialog = scene.open("DE,,,0.07,EUR", *bad)
    click(dialog.target.buttons[1])

    click(dialog.review_button)

    scene.qtbot.waitUntil(dialog.problems.isVisible)
    assert "4 rows cannot be used" in dialog.problems.text
    assert not dialog.findChildren(ChangeReview)
    click(dialog.problems.all_button)
    assert "Row 4: “12,3,4” is not a price. The row is skipped." in dialog.problems.all.toPlainText()
    assert dialog.problems.all_button.text() == "Show 4 skipped"
    click(dialog.problems.skip_button)
    assert [row.code for row in scene.review(dialog).model.kept] == ["DE"]


def test_a_file_that_was_corrected_is_read_again(scene: Scene) -> None:
    dialog = scene.open('DE,,,"0,0,7",EUR')
    click(dialog.target.buttons[1])
    click(dialog.review_button)
    scene.qtbot.waitUntil(dialog.problems.isVisible)
    assert not dialog.problems.skip_button.isVisible(), "there is nothing besides to import"

    (scene.folder / "sheet.csv").write_text(HEADER + "DE,,,0.07,EUR\n", "utf-8")
    click(dialog.problems.again_button)

    assert len(scene.review(dialog).model.kept) == 1


def test_costs_go_to_the_provider_and_what_is_missing_is_closed(
    scene: Scene, sqlite_desk: Desk, said: Any
) -> None:  # fmt: skip
    dialog = scene.open("DE,,,0.06,EUR", "FR,,,0.04,EUR", "GB,,,0.03,EUR", "TR,,,0.02,EUR")
    assert (dialog.target.value, dialog.provider.value) == (True, "Main")

    click(dialog.review_button)
    review = scene.review(dialog)
    assert review.model.headerData(2, Qt.Orientation.Horizontal) == "Cost, EUR"
    assert [(row.code, row.after, row.note) for row in review.model.kept] == [
        ("DE", 60_000, ""), ("US", None, "No longer offered"),
    ]  # fmt: skip
    click(review.save)
    scene.qtbot.waitUntil(lambda: bool(said.texts))

    assert said.texts == ["2 costs imported"]
    costs = {row.rate.country: row.cost for row in sqlite_desk.application.pricing.list_prices()}
    assert (costs["DE"], costs["US"]) == (60_000, None)


def test_columns_are_guessed_and_can_be_changed(scene: Scene) -> None:
    dialog = scene.open("Deutschland,0.07,0.09", header="Destination,Rate,Ours\n")
    assert dialog.form is not None
    assert dialog.form.columns() == {"country": 0, "price": 1}
    assert (dialog.form.fixed_currency(), dialog.form.currency.isEnabled()) == ("EUR", True)
    click(dialog.target.buttons[1])
    dialog.form.fields["price"].setCurrentIndex(0)
    click(dialog.review_button)
    scene.qtbot.waitUntil(dialog.form.notes["price"].isVisible)
    assert dialog.form.notes["price"].text() == "Choose the column with the Price."

    dialog.form.fields["price"].setCurrentIndex(3)
    assert not dialog.form.notes["price"].isVisible()
    scene.place.parts.personal.change(language="de")
    click(dialog.review_button)

    assert [(row.name, row.after) for row in scene.review(dialog).model.kept] == [("Deutschland", 90_000)]


def test_a_file_that_changes_nothing_says_so(scene: Scene) -> None:
    dialog = scene.open("DE,,,0.06,EUR", "US,,,0.012,EUR")
    click(dialog.target.buttons[1])

    click(dialog.review_button)

    scene.qtbot.waitUntil(lambda: dialog.state.text().startswith("Nothing would change."))
    assert "2 rows say what holds already." in dialog.state.text()


@pytest.mark.parametrize(("content", "sentence"), [(b"%PDF-1.7", "is a PDF document"), (b"", "is empty")])
def test_a_file_that_is_no_sheet_is_refused_in_words(scene: Scene, content: bytes, sentence: str) -> None:
    dialog = scene.open("DE,,,0.06,EUR")
    (scene.folder / "other.csv").write_bytes(content)

    dialog.take_file(str(scene.folder / "other.csv"))

    scene.qtbot.waitUntil(dialog.banner.isVisible)
    assert sentence in dialog.banner.text


def test_everything_has_a_name(scene: Scene, named: Named) -> None:
    dialog = scene.open("DE,,,0.06,EUR")
    # The columns of the file come into sight a moment after they are known.
    scene.qtbot.waitUntil(lambda: len(named(dialog)) > 12)

    names = named(dialog)

    assert [one for one, name in names.items() if not name] == []


def test_a_long_sheet_is_read_beside_the_window(scene: Scene, sqlite_desk: Desk) -> None:
    """While 2,000 rows are read and saved the window's own timer goes on, and every row arrives."""
    lines = [f"DE,262{number:03d},Network {number},0.{70_000 + number:06d},EUR" for number in range(1000)]
    lines += [f"US,310{number:03d},N{number},0.{70_000 + number:06d},EUR" for number in range(1000)]
    dialog = scene.open(*lines)
    click(dialog.target.buttons[1])
    beats = Heartbeat(scene.screen)

    click(dialog.review_button)
    review = scene.review(dialog)
    assert len(review.model.kept) == 2000
    click(review.save)
    scene.qtbot.waitUntil(lambda: bool(scene.undone), timeout=30_000)

    assert beats.count > 3
    rows = sqlite_desk.application.pricing.list_prices(["DE"], networks=True)
    assert len(rows) == 1001


class Heartbeat(QObject):
    """Counts how often the event loop gets round."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.count = 0
        timer = QTimer(self, interval=10)
        timer.timeout.connect(self._tick)
        timer.start()

    def _tick(self) -> None:
        self.count += 1
