"""Usability checks 5 and 6 in the bulk edit: nothing is sold at a loss by accident, and what is goes to break-even at once."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.bulk_edit import BulkEditScreen
from tests.fixtures.application import Desk
from tests.gui.conftest import Actions

CTRL = Qt.KeyboardModifier.ControlModifier


def losses(desk: Desk) -> list[str]:
    rows = desk.application.pricing.list_prices()
    return [row.rate.country for row in rows if (row.rate.price or 0) < (row.rate.cost or 0)]


def test_a_rule_that_makes_one_country_loss_making_is_refused_with_its_name_and_ways_out(
    window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    bulk = window.screens.get(BulkEditScreen)
    rows = sqlite_desk.application.pricing.list_prices(["DE", "FR", "US"])
    (_, low), (_, second), (dearest, _) = sorted(
        ((row.rate.country, row.rate.cost or 0) for row in rows), key=lambda one: one[1]
    )
    assert low <= second
    window.navigator.go(f"bulk?scope=DE,FR,US&rule=set_price&value={second / 10**6 + 0.0001:.4f}")
    qtbot.waitUntil(lambda: bulk.isVisible() and bulk.is_ready)
    before = sqlite_desk.application.pricing.changes()

    actions.key(bulk.form.rule.value, Qt.Key.Key_Return, CTRL)

    assert sqlite_desk.application.pricing.changes() == before
    assert bulk.frame.loss.isVisible()
    name = {"DE": "Germany", "FR": "France", "US": "United States"}[dearest]
    assert bulk.frame.loss.text.startswith(f"1 country would sell below cost {name} ends at")
    loss = bulk.frame.loss
    for button in (loss.show_button, loss.exclude_button, loss.raise_button, loss.allow_button):
        assert button.isVisible()
        assert button.isEnabled()


def test_all_losses_go_to_break_even_in_three_actions(
    window: MainWindow, sqlite_desk: Desk, actions: Actions, qtbot: QtBot
) -> None:
    costs = {row.rate.country: row.rate.cost or 0 for row in sqlite_desk.application.pricing.list_prices()}
    dearer = {iso: str((costs[iso] * 2) / 10**6) for iso in ("DE", "GB", "TR")}
    sqlite_desk.import_costs("Main", {**{iso: str(cost / 10**6) for iso, cost in costs.items() if cost}, **dearer})
    assert losses(sqlite_desk) == ["DE", "GB", "TR"]
    bulk = window.screens.get(BulkEditScreen)

    actions.key(window, Qt.Key.Key_K, CTRL)
    field = QApplication.focusWidget()
    assert field is not None
    actions.type(field, "loss countries", then=Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bulk.isVisible() and bulk.is_ready)
    assert {line.code for line in bulk.model.lines} == {"DE", "GB", "TR"}
    actions.key(bulk.form.rule.value, Qt.Key.Key_Return, CTRL)

    qtbot.waitUntil(lambda: window.toast.isVisible())
    assert losses(sqlite_desk) == []
    assert "3 prices updated" in window.toast.text
    assert actions.count <= 5
