"""The help sheet: every shortcut, made from the registry of commands."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.language import tr
from desktop_app.views.commands import Command, Commands, Menu, menu_title
from desktop_app.views.formats import folded
from desktop_app.views.shell.palette_items import plain_text
from desktop_app.views.widgets.icon_widgets import key_parts
from desktop_app.views.widgets.notices import label

WIDTH: Final = 620
HEIGHT: Final = 560


class HelpSheet(QDialog):
    """Lists the shortcuts by menus; typing finds one. Esc closes.

    Attributes:
        field: where one types what one looks for.
        shown: the (command's text, keys) that are listed now.
    """

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self._commands = commands
        self.shown: list[tuple[str, str]] = []
        self.field = QLineEdit(placeholderText=tr("Find a shortcut"))
        self.field.setAccessibleName(tr("Find a shortcut"))
        self.field.textChanged.connect(self._list)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName(tr("Shortcuts"))
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.accept)
        close.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.addWidget(label(tr("Single letters work where a list or a table has the focus."), "facts"), 1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(tr("Keyboard shortcuts"), "title"))
        column.addWidget(self.field)
        column.addWidget(self._area, 1)
        column.addLayout(foot)
        self.resize(WIDTH, HEIGHT)
        self._list("")

    def _list(self, typed: str) -> None:
        inside = QWidget()
        inside.setObjectName("sheet")
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 1)
        self.shown = []
        for menu in (*Menu, None):
            those = [one for one in self._commands.all() if one.menu is menu and _is_wanted(one, typed)]
            if those:
                heading = label(
                    plain_text(menu_title(menu)) if menu is not None else tr("In lists and tables"), "section"
                )
                heading.setContentsMargins(0, 8, 0, 0)
                grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
            for one in those:
                self._add(grid, one)
        if not self.shown:
            grid.addWidget(label(tr("No shortcut is called that"), "facts"), 0, 0)
        grid.setRowStretch(grid.rowCount(), 1)
        self._area.setWidget(inside)

    def _add(self, grid: QGridLayout, command: Command) -> None:
        row, keys = grid.rowCount(), command.action.shortcuts()
        text = plain_text(command.action.text()).removesuffix("…")
        written = [one.toString(QKeySequence.SequenceFormat.NativeText) for one in keys]
        self.shown.append((text, written[0]))
        caps = QHBoxLayout()
        caps.setSpacing(4)
        caps.addStretch()
        for place, one in enumerate(keys):
            if place:
                caps.addWidget(label(tr("or"), "facts"))
            for part in key_parts(one.toString()):
                caps.addWidget(label(part, "key"))
        grid.addWidget(label(text, "body"), row, 0)
        grid.addLayout(caps, row, 1, Qt.AlignmentFlag.AlignRight)


def _is_wanted(command: Command, typed: str) -> bool:
    keys = command.action.shortcut()
    if keys.isEmpty():
        return False
    written = f"{command.action.text().replace('&', '')} {command.words} {keys.toString()}"
    return all(word in folded(written) for word in folded(typed).split())
