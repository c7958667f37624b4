"""Usability check 8: twenty prices pasted from a spreadsheet by ISO code, in at most three actions and one undo step."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.price_columns import Column
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.widgets.change_review import ChangeReview
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate
from tests.gui.conftest import Actions

CTRL = Qt.KeyboardModifier.ControlModifier
CODES = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
]


def stored(desk: Desk) -> dict[str, int | None]:
    return {row.rate.country: row.rate.price for row in desk.application.pricing.list_prices()}


def test_twenty_are_looked_at_saved_and_undone_as_one(
    window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    screen, before = window.screens.get(PricesScreen), stored(sqlite_desk)
    rows = [f"{iso}\t{(before[iso] or 0) / 1_000_000 + 0.001:.6f}" for iso in CODES]
    QGuiApplication.clipboard().setText("\n".join([*rows, "XX\t0.5", "ZZ\t0.5"]))
    activate(window)
    screen.table.setFocus()
    screen.table.go_to("DE", Column.PRICE)

    actions.key(screen.table, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: bool(window.findChildren(ChangeReview)))
    [review] = window.findChildren(ChangeReview)
    assert review.model.rowCount() == 20
    assert review.problems == ("Row 21: “XX” is no country.", "Row 22: “ZZ” is no country.")
    actions.click(review.save)

    qtbot.waitUntil(lambda: stored(sqlite_desk)["NL"] == (before["NL"] or 0) + 1_000)
    assert sum(after != before[iso] for iso, after in stored(sqlite_desk).items()) == 20
    qtbot.waitUntil(lambda: "20 prices saved" in window.toast.text)
    actions.click(window.toast.action)
    qtbot.waitUntil(lambda: stored(sqlite_desk) == before)
    assert actions.count <= 3
