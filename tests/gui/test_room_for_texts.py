"""Where there is little room: a choice says that its text goes on, and a table gives numbers the room they need, no more."""

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLineEdit, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from desktop_app.views.main_window import MainWindow
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.record_table import PADDING, RecordView
from tests.fixtures.windows import make_every_screen

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
COST = ("United Kingdom", "40", "3", "0.0470", "5.64")


def painted(choice: Choice[int]) -> str:
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    return str(option.currentText)


def test_a_choice_without_room_ends_in_dots_and_keeps_its_text(theme: Theme, qtbot: QtBot) -> None:
    choice = Choice[int]([(1, "AURORA · approved in 15 countries")])
    qtbot.addWidget(choice)
    choice.setFixedWidth(140)
    choice.show()
    assert painted(choice).startswith("AURORA")
    assert painted(choice).endswith("…")
    assert choice.currentText() == "AURORA · approved in 15 countries"

    choice.setFixedWidth(500)

    assert painted(choice) == "AURORA · approved in 15 countries"


def test_the_columns_of_numbers_widen_for_long_ones_and_leave_the_rest_to_the_names(theme: Theme, qtbot: QtBot) -> None:
    headings = tuple(Heading(title, is_number=place > 0) for place, title in enumerate("abcde"))
    model = RowsModel[str](headings, None, key=str)
    view = RecordView(model, theme, "Costs", {1: 40, 2: 40, 3: 40, 4: 40}, 0)
    qtbot.addWidget(view)
    view.resize(440, 200)
    view.show()
    model.show_rows([Row("GB", COST, (CellLook(),) * 5)])

    view.widen_columns()

    metrics = QFontMetrics(theme.font("body_medium"))
    assert view.columnWidth(2) == 40
    assert 0 <= view.columnWidth(3) - metrics.horizontalAdvance("0.0470") - 2 * PADDING <= 2
    before = view.columnWidth(4)
    model.show_rows([Row("GB", (*COST[:4], "1,234,567.89"), (CellLook(),) * 5)])
    view.widen_columns()
    wide = view.columnWidth(4)
    assert wide >= before + metrics.horizontalAdvance("1,234,567.89") - metrics.horizontalAdvance("5.64")
    # A figure that becomes shorter while somebody types moves nothing.
    model.show_rows([Row("GB", COST, (CellLook(),) * 5)])
    view.widen_columns()
    assert view.columnWidth(4) == wide
    model.show_rows([])
    view.widen_columns()
    assert view.columnWidth(4) == 40


def test_every_field_that_finds_something_has_the_glass(window: MainWindow) -> None:
    make_every_screen(window)
    cleared = [one for one in window.findChildren(QLineEdit) if one.isClearButtonEnabled()]

    assert len(cleared) >= 10
    assert [one.placeholderText() for one in cleared if not isinstance(one, FindField)] == []
