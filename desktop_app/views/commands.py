"""The one registry of what a person can do: menu bar, palette, shortcuts, buttons, context menus and help are made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr

# A key without Ctrl or Alt works only where a list or a table has the focus, never in a text field (WCAG 2.1.4).
_MODIFIERS: Final = ("Ctrl", "Alt", "Meta", "F")


class Menu(StrEnum):
    """The menus of the menu bar, in their order."""

    FILE = "file"
    EDIT = "edit"
    VIEW = "view"
    PRICES = "prices"
    TOOLS = "tools"
    HELP = "help"


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """Something a person can do.

    Attributes:
        name: for code, unique: "prices.sync".
        action: the QAction; its text, shortcut, icon and enabled state are those of every place that shows the command.
        menu: where the menu bar lists it, None for nowhere.
        icon: a name in resources/icons, "" for none.
        words: more words that find it in the palette.
        scope: the widget within which its shortcut works, None for the whole window.
    """

    name: str
    action: QAction
    menu: Menu | None
    icon: str
    words: str
    scope: QWidget | None


class Commands(QObject):
    """Holds every command by its name; ``added`` is emitted for each new one."""

    added = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}

    def add(
        self, name: str, text: str, run: Callable[[], object], *, keys: str | QKeySequence.StandardKey = "",
        menu: Menu | None = None, icon: str = "", words: str = "", scope: QWidget | None = None, checkable: bool = False,
    ) -> QAction:  # fmt: skip
        """Register a command and return its action.

        Args:
            name: unique, "screen.verb".
            text: what menus and the palette call it, translated; with "…" when it opens a dialog.
            run: called without arguments when it is chosen; not called while the action is disabled.
            keys: portable text ("Ctrl+E") or a standard key; a single letter needs ``scope``, a list or table.
            menu: where the menu bar lists it.
            icon: a name in resources/icons.
            words: more words that find it.
            scope: the widget within which the shortcut works, children included; for a single letter the very widget.
            checkable: it is a switch; ``run`` reads the action's state.

        Raises:
            ValueError: the name is taken, or a single letter has no scope.
        """
        if name in self._commands:
            raise ValueError(f"command {name} is there already")
        sequence = QKeySequence(keys)
        is_letter = bool(sequence.toString()) and not sequence.toString().startswith(_MODIFIERS)
        if is_letter and scope is None:
            raise ValueError(f"the key of {name} would steal what is typed")
        action = QAction(text, scope or self)
        action.setObjectName(name)
        action.setCheckable(checkable)
        action.setShortcut(sequence)
        action.triggered.connect(lambda _checked: run())
        if scope is not None:
            inside = Qt.ShortcutContext.WidgetShortcut if is_letter else Qt.ShortcutContext.WidgetWithChildrenShortcut
            action.setShortcutContext(inside)
            scope.addAction(action)
        command = Command(name, action, menu, icon, words, scope)
        self._commands[name] = command
        self.added.emit(command)
        return action

    def all(self) -> list[Command]:
        """Return every command, in the order of their registration."""
        return list(self._commands.values())

    def action(self, name: str) -> QAction:
        """Return the action of a command.

        Raises:
            KeyError: there is none of that name.
        """
        return self._commands[name].action


def keys_text(action: QAction) -> str:
    """Return an action's shortcut as this system writes it, "" without one."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def menu_title(menu: Menu) -> str:
    """Return what the menu bar calls a menu, with its mnemonic."""
    return {
        Menu.FILE: tr("&File"), Menu.EDIT: tr("&Edit"), Menu.VIEW: tr("&View"), Menu.PRICES: tr("&Prices"),
        Menu.TOOLS: tr("&Tools"), Menu.HELP: tr("&Help"),
    }[menu]  # fmt: skip
