"""Usability check 10: export the price list for one client as XLSX without cost, from Prices in at most 4 actions."""

import zipfile
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from desktop_app.domain.money import micro_text
from desktop_app.views.dialogs.export_prices import MEMORY, ExportDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.prices import PricesScreen
from tests.fixtures.application import Desk
from tests.fixtures.windows import activate


def _opened(window: MainWindow, qtbot: QtBot) -> ExportDialog:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(ExportDialog)))
    return next(one for one in window.findChildren(ExportDialog) if one.isVisible())


def _is_over(window: MainWindow) -> bool:
    jobs = window.place.jobs
    return any(entry.name.startswith("Export ") for entry in jobs.entries) and not jobs.running


def test_a_clients_list_as_xlsx_takes_four_actions(
    window: MainWindow, sqlite_desk: Desk, qtbot: QtBot, actions: Any, tmp_path: Path
) -> None:
    (client_id,) = sqlite_desk.query("SELECT id FROM client WHERE name = 'Aurora'")[0]
    special = (
        f"INSERT INTO client_price (client_id, country, mccmnc, price_micro) VALUES ({client_id}, 'FR', '', 990000)"
    )
    sqlite_desk.query(special)
    window.place.parts.personal.remember(MEMORY, {"folder": str(tmp_path), "format": "csv"})
    table = window.screens.get(PricesScreen).table
    activate(window)
    table.setFocus()

    actions.key(table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = _opened(window, qtbot)
    assert dialog.focusWidget() is dialog.form.client
    actions.type(dialog.form.client, "Aurora", then=Qt.Key.Key_Tab)
    actions.click(dialog.form.format.buttons[1])
    assert not dialog.form.order().costs
    actions.key(dialog.form.format.buttons[1], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _is_over(window), timeout=20_000)

    assert actions.count <= 4
    (file,) = tmp_path.glob("*.xlsx")
    assert file.name.startswith("Aurora-eur-")
    header, *rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert header == ["Country", "MCC/MNC", "Price per SMS", "Currency", "Country name", "Network"]
    listed = sqlite_desk.application.pricing.list_prices()
    wanted = {row.rate.country: micro_text(row.applies.price) for row in listed if row.applies.price is not None}
    assert {row[0]: f"{row[2]:.6f}" for row in rows} == {**wanted, "FR": "0.990000"}
    with zipfile.ZipFile(file) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert not any(b"<f>" in part or b"<f " in part for part in parts.values()), "a formula would be asked about"
    assert not [name for name in parts if "externalLink" in name or "vba" in name.lower() or "connections" in name]
