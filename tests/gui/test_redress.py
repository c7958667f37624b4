"""A widget that is dressed anew takes the size of its new dress."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_app.views.dressing import redress
from desktop_app.views.shell.mode import Mode
from desktop_app.views.shell.status_bar import StatusBar
from desktop_app.views.theme import Theme


def test_a_label_grows_by_the_padding_of_its_new_look(theme: Theme, qtbot: QtBot) -> None:
    label = QLabel("Sandbox")
    qtbot.addWidget(label)
    label.show()
    plain = label.sizeHint().width()

    label.setProperty("look", "sandbox")
    redress(label)

    assert label.sizeHint().width() >= plain


def test_the_mark_of_the_sandbox_has_room_at_both_sides(theme: Theme, qtbot: QtBot) -> None:
    bar = StatusBar(theme)
    qtbot.addWidget(bar)
    bar.show()

    bar.show_mode(Mode("Sandbox", is_sandbox=True))

    room = bar.mode.sizeHint().width() - bar.mode.fontMetrics().horizontalAdvance(bar.mode.text())
    assert room >= 16
