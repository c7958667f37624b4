"""The chips of a list: none is cut off, whatever changed and when."""

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.views.theme import Theme
from desktop_app.views.widgets.chip_row import ChipRow


@pytest.fixture
def row(theme: Theme, qtbot: QtBot) -> ChipRow:
    chips = [QPushButton(text) for text in ("All  0", "Raised  0")]
    for chip in chips:
        chip.setProperty("look", "chip")
    made = ChipRow(chips)
    qtbot.addWidget(made)
    made.resize(600, 40)
    made.show()
    return made


def test_a_count_that_grows_while_the_row_is_hidden_has_room_when_it_is_shown(row: ChipRow) -> None:
    chips = [one for one in row.findChildren(QPushButton) if one is not row.more]
    before = [chip.width() for chip in chips]
    row.hide()
    for chip in chips:
        chip.setText(chip.text().replace("0", "12,345"))
    row.show()

    assert [chip.width() for chip in chips] == [chip.sizeHint().width() for chip in chips]
    assert all(now > then for now, then in zip([chip.width() for chip in chips], before, strict=True))
