"""Saving a bulk edit of many rows as a job, and the edit that waits as a draft, in the whole window by real clicks and keys."""

import threading
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from desktop_app.services.clock import utc_now
from desktop_app.services.personal import PersonalSettings
from desktop_app.storage.repositories.bulk_edits import BulkEditRepository, NewRow
from desktop_app.storage.repositories.costs import CostRow
from desktop_app.views.jobs import JobState
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.bulk_edit import BulkEditScreen
from desktop_app.views.screens.bulk_saving import JOB_ROWS
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
NETWORKS = JOB_ROWS + 100
Prices = dict[tuple[str, str | None], tuple[int | None, bool, str]]


def stored(desk: Desk) -> Prices:
    rows = desk.application.pricing.list_prices(networks=True)
    return {(row.rate.country, row.rate.mccmnc): (row.rate.price, row.rate.manual, row.rate.rule) for row in rows}


def press(button: QAbstractButton) -> None:
    QTest.mouseClick(button, LEFT)


@pytest.fixture
def bulk(window: MainWindow, sqlite_desk: Desk, qtbot: QtBot) -> Callable[[str], BulkEditScreen]:
    """Opens the bulk edit at an address; the United States have more networks than are saved without a job."""
    rows = [CostRow("US", f"31{number:04d}", f"Net {number}", "0.01", 10_000, "EUR") for number in range(NETWORKS)]
    rows += [CostRow(iso, None, "", "0.07", 70_000, "EUR") for iso in ("AT", "DE", "US")]
    sqlite_desk.application.pricing.import_costs("Main", rows, actor="anna")

    def opened(address: str) -> BulkEditScreen:
        window.navigator.go(address)
        screen = window.screens.get(BulkEditScreen)
        qtbot.waitUntil(lambda: screen.is_ready)
        return screen

    return opened


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator["Held"]:
    """Holds a saving in the middle of its transaction."""
    made = Held()
    write = BulkEditRepository.write

    def slowly(
        repository: BulkEditRepository, change_id: int, rows: Mapping[int, NewRow], step: Callable[[int], object]
    ) -> None:
        def after(done: int) -> None:
            step(done)
            if done:
                made.reached.set()
                made.gate.wait(30)

        write(repository, change_id, rows, after)

    monkeypatch.setattr(BulkEditRepository, "write", slowly)
    yield made
    made.gate.set()


class Held:
    """Where a saving stands: it ``reached`` the second portion of rows, and goes on when the ``gate`` opens."""

    def __init__(self) -> None:
        self.reached, self.gate = threading.Event(), threading.Event()


def start_saving(screen: BulkEditScreen, held: Held, qtbot: QtBot) -> None:
    screen.form.networks.setFocus()
    QTest.keyClick(screen.form.networks, Qt.Key.Key_Down)
    QTest.keyClicks(screen.form.rule.value, "50")
    qtbot.waitUntil(lambda: screen.is_ready and screen.frame.apply.text().startswith(f"Apply to {NETWORKS + 1}"))
    press(screen.frame.apply)
    qtbot.waitUntil(held.reached.is_set)


def test_many_rows_are_saved_as_a_job_with_progress(
    window: MainWindow, bulk: Callable[[str], BulkEditScreen], sqlite_desk: Desk, held: Held, qtbot: QtBot
) -> None:
    screen = bulk("bulk?scope=US&rule=set_margin")
    before = stored(sqlite_desk)
    start_saving(screen, held, qtbot)
    qtbot.waitUntil(lambda: window.frame.status_bar.job.text().endswith(f"500 of {NETWORKS + 1} · Writing prices"))
    assert stored(sqlite_desk) == before
    press(window.frame.top_bar.jobs)
    assert [row.stop.text() for row in window.shell.jobs_panel.rows] == ["Cancel"]
    held.gate.set()
    qtbot.waitUntil(lambda: window.job_board.entries[0].state is JobState.DONE)

    assert window.job_board.entries[0].message == f"{NETWORKS + 1} prices updated"
    assert stored(sqlite_desk)["US", "310007"] == (20_000, False, "margin 50.00")
    qtbot.waitUntil(lambda: window.screens.shown is not screen)
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: stored(sqlite_desk) == before)


def test_a_saving_that_is_cancelled_leaves_nothing_and_the_edit_is_there(
    window: MainWindow, bulk: Callable[[str], BulkEditScreen], sqlite_desk: Desk, held: Held, qtbot: QtBot
) -> None:
    screen = bulk("bulk?scope=US&rule=set_margin")
    before, changes = stored(sqlite_desk), sqlite_desk.query("SELECT COUNT(*) FROM price_change_row")
    start_saving(screen, held, qtbot)
    press(window.frame.top_bar.jobs)
    press(window.shell.jobs_panel.rows[0].stop)
    held.gate.set()
    qtbot.waitUntil(lambda: window.job_board.entries[0].state is JobState.CANCELLED)

    assert stored(sqlite_desk) == before
    assert sqlite_desk.query("SELECT COUNT(*) FROM price_change_row") == changes
    assert "No price was changed" in screen.frame.banner.text
    assert screen.form.rule.value.text() == "50"
    press(screen.frame.apply)
    qtbot.waitUntil(lambda: stored(sqlite_desk)["US", None] == (140_000, False, "margin 50.00"))


def test_who_went_elsewhere_while_it_was_saved_stays_there(
    window: MainWindow, bulk: Callable[[str], BulkEditScreen], held: Held, qtbot: QtBot
) -> None:
    screen = bulk("bulk?scope=US&rule=set_margin")
    start_saving(screen, held, qtbot)
    press(window.frame.sidebar.entries["activity"])
    held.gate.set()
    qtbot.waitUntil(lambda: window.job_board.entries[0].state is JobState.DONE)
    qtbot.waitUntil(lambda: not screen.has_draft)
    assert window.screens.shown is window.screens.screen("activity")


def test_quitting_asks_about_the_edit_and_keeps_it_for_next_time(
    window: MainWindow, bulk: Callable[[str], BulkEditScreen], tasks: TaskRunner, theme: Theme, qtbot: QtBot
) -> None:
    screen = bulk("bulk?scope=AT,DE,US&rule=raise_margin")
    QTest.keyClicks(screen.form.rule.value, "7")
    screen.table.setFocus()
    screen.table.selectRow(0)
    QTest.keyClick(screen.table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: screen.is_ready)
    window.navigator.go("prices")
    assert window.frame.sidebar.entries["prices"].has_draft

    window.close()
    assert window.isVisible()
    question = window.shell.leaving.question
    assert question is not None
    assert (question.windowTitle(), list(question.buttons)) == (
        "Discard this edit?", ["Cancel", "Discard", "Keep as draft"],
    )  # fmt: skip
    press(question.buttons["Keep as draft"])
    qtbot.waitUntil(lambda: not window.isVisible())

    again = MainWindow({})
    again.equip(tasks, theme, PersonalSettings(window.place.parts.personal.folder), utc_now)
    qtbot.addWidget(again)
    again.furnish(window.place.parts)
    again.show()
    again.navigator.go("bulk")
    restored = again.screens.get(BulkEditScreen)
    qtbot.waitUntil(lambda: restored.is_ready and restored.has_draft)
    assert restored.form.state() == screen.form.state()
    assert restored.decisions.made == screen.decisions.made != type(screen.decisions.made)()
    press(restored.frame.cancel)
    assert restored.question is not None
    press(restored.question.buttons["Discard"])
    assert not (window.place.parts.personal.folder / "bulk_draft_demo.json").exists()


@pytest.mark.parametrize("answer", ["Discard", "Cancel"])
def test_quitting_may_discard_the_edit_or_be_called_off(
    window: MainWindow, bulk: Callable[[str], BulkEditScreen], qtbot: QtBot, answer: str
) -> None:
    screen = bulk("bulk?scope=AT&rule=raise_margin")
    QTest.keyClicks(screen.form.rule.value, "7")
    window.close()
    question = window.shell.leaving.question
    assert question is not None
    press(question.buttons[answer])
    qtbot.waitUntil(lambda: window.isVisible() is (answer == "Cancel"))
    assert screen.has_draft is (answer == "Cancel")


def test_an_edit_that_changed_after_apply_was_pressed_is_not_saved(
    window: MainWindow, bulk: Callable[[str], BulkEditScreen], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen, gate = bulk("bulk?scope=AT&rule=set_margin"), threading.Event()
    before = stored(sqlite_desk)
    window.place.tasks.query(lambda _: gate.wait(30), owner=window, on_success=bool)
    QTest.keyClicks(screen.form.rule.value, "3")
    assert not screen.previewer.is_settled
    QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Return, CONTROL)
    QTest.keyClicks(screen.form.rule.value, "5")
    gate.set()
    qtbot.waitUntil(lambda: screen.is_ready and not window.place.tasks.is_busy)
    assert stored(sqlite_desk) == before
    assert screen.has_draft

    gate.clear()
    window.place.tasks.query(lambda _: gate.wait(30), owner=window, on_success=bool)
    QTest.keyClicks(screen.form.rule.value, ".5")
    QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Return, CONTROL)
    QTest.keyClick(screen.form.rule.value, Qt.Key.Key_Return, CONTROL)
    gate.set()
    qtbot.waitUntil(lambda: stored(sqlite_desk)["AT", None] == (108_500, False, "margin 35.50"))
    assert len([one for one in sqlite_desk.application.pricing.changes() if one.rule == "margin 35.50"]) == 1


def test_undo_names_what_was_changed_since_and_shows_it_and_redo_does_it_again(
    window: MainWindow, bulk: Callable[[str], BulkEditScreen], sqlite_desk: Desk, qtbot: QtBot
) -> None:
    screen = bulk("bulk?scope=AT,DE,US&rule=set_margin")
    press(screen.form.skip_manual)
    before = stored(sqlite_desk)
    QTest.keyClicks(screen.form.rule.value, "50")
    qtbot.waitUntil(lambda: screen.is_ready)
    press(screen.frame.apply)
    qtbot.waitUntil(lambda: stored(sqlite_desk)["US", None][0] == 140_000 and not window.place.tasks.is_busy)
    after = stored(sqlite_desk)
    sqlite_desk.application.pricing.set_price("AT", Decimal("0.3"), actor="Mert Aydın")

    activate(window)
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: "restored" in window.toast.text)
    assert "Austria was changed since by Mert Aydın and stays as it is." in window.toast.text
    assert stored(sqlite_desk)["US", None] == before["US", None]
    assert stored(sqlite_desk)["AT", None][0] == 300_000
    press(window.toast.action)
    assert window.screens.shown is window.screens.screen("activity")

    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: stored(sqlite_desk)["US", None] == after["US", None])
    assert stored(sqlite_desk)["AT", None][0] == 300_000
