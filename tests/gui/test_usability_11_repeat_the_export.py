"""Usability check 11: repeat the last export, from Prices in 2 actions."""

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from desktop_app.views.dialogs.export_prices import MEMORY, ExportDialog
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.prices import PricesScreen
from tests.fixtures.windows import activate


def test_ctrl_e_and_enter_export_the_same_again(window: MainWindow, qtbot: QtBot, actions: Any, tmp_path: Path) -> None:
    last = {"folder": str(tmp_path), "client": "Aurora", "format": "xlsx", "per_thousand": True, "vat_note": "Net",
            "language": "de", "networks": True, "keep_client": False}  # fmt: skip
    window.place.parts.personal.remember(MEMORY, last)
    yesterday = tmp_path / "Aurora-eur-2026-01-01.xlsx"
    yesterday.write_bytes(b"the list of another day")
    table = window.screens.get(PricesScreen).table
    activate(window)
    table.setFocus()

    actions.key(table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(ExportDialog)))
    dialog = next(one for one in window.findChildren(ExportDialog) if one.isVisible())
    actions.key(dialog.focusWidget(), Qt.Key.Key_Return)
    jobs = window.place.jobs
    qtbot.waitUntil(lambda: any(one.name.startswith("Export ") for one in jobs.entries), timeout=20_000)
    qtbot.waitUntil(lambda: not jobs.running, timeout=20_000)

    assert actions.count == 2
    today: date = window.place.parts.clock().date()
    file = tmp_path / f"Aurora-eur-{today}.xlsx"
    book = CalamineWorkbook.from_path(str(file))
    header, first, *_ = book.get_sheet_by_index(0).to_python()
    assert header[2] == "Preis je 1.000 SMS"
    assert first[4] == "Andorra"
    assert str(book.get_sheet_by_index(1).to_python()[-1][0]).endswith("· Net")
    assert yesterday.read_bytes() == b"the list of another day"
    kept = window.place.parts.personal.recall(MEMORY)
    assert {name: kept[name] for name in last} == last
