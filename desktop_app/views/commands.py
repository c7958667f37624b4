"""The one registry of what a person can do: menu bar, palette, shortcuts, buttons, context menus and help are made from it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr

# A key without Ctrl or Alt works only where a list or a table has the focus, never in a text field (WCAG 2.1.4).
_NEVER_TYPED: Final = re.compile(r"(Ctrl|Alt|Meta)\+|(Shift\+)?F\d|Esc$")


class Menu(StrEnum):
    """The menus of the menu bar, in their order."""

    FILE = "file"
    EDIT = "edit"
    VIEW = "view"
    PRICES = "prices"
    MESSAGES = "messages"
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


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that the palette offers for what was typed: a record, a filter, an edit that is filled in, never applied.

    Attributes:
        text: its name.
        context: what it is, in grey: "Country", "Prices, bulk edit".
        address: where choosing it goes: "prices/DE".
        icon: a name in resources/icons.
        words: more words that find it.
        exact: it is made for the very text that was typed, and stands first.
    """

    text: str
    context: str
    address: str
    icon: str = ""
    words: str = ""
    exact: bool = False


class Commands(QObject):
    """Holds every command by its name.

    Signals:
        added: each new Command.
        wanted: the scope of a command that is chosen while its scope is not seen; whoever listens shows it first.
    """

    added = Signal(object)
    wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}
        self._sources: list[Callable[[str], Iterable[Offer]]] = []
        self._more: list[Callable[[str], Iterable[Offer]]] = []
        self._letters: dict[QAction, QKeySequence] = {}
        self._uses_letters = True

    def offer(self, source: Callable[[str], Iterable[Offer]]) -> None:
        """Let the palette ask ``source`` at every key for what it offers; it answers at once, from memory.

        Offers that the typed text does not find are left out by the palette, unless they are ``exact``.
        """
        self._sources.append(source)

    def offers(self, text: str) -> list[Offer]:
        """Return what all sources offer for ``text``."""
        return [offer for source in self._sources for offer in source(text)]

    def offer_more(self, source: Callable[[str], Iterable[Offer]]) -> None:
        """Let the palette ask ``source`` what else can be done with a record, by its address."""
        self._more.append(source)

    def more(self, address: str) -> list[Offer]:
        """Return what else can be done with the record at ``address``."""
        return [offer for source in self._more for offer in source(address)]

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
        is_letter = _is_typed(sequence)
        if is_letter and scope is None:
            raise ValueError(f"the key of {name} would steal what is typed")
        action = QAction(text, scope or self)
        action.setObjectName(name)
        action.setCheckable(checkable)
        action.setShortcut(sequence)
        if len(sequence.toString()) == 1:
            self._letters[action] = sequence
            action.destroyed.connect(partial(self._letters.pop, action, None))
            self.use_letters(on=self._uses_letters)
        action.triggered.connect(lambda _checked: self._run(scope, run))
        if scope is not None:
            inside = Qt.ShortcutContext.WidgetShortcut if is_letter else Qt.ShortcutContext.WidgetWithChildrenShortcut
            action.setShortcutContext(inside)
            scope.addAction(action)
        command = Command(name, action, menu, icon, words, scope)
        self._commands[name] = command
        self.added.emit(command)
        return action

    def _run(self, scope: QWidget | None, run: Callable[[], object]) -> None:
        if scope is not None and not scope.isVisible():
            self.wanted.emit(scope)
        run()

    def say_words_again(self, again: Callable[[str], str]) -> None:
        """Let the words that find each command be in the language that ``again`` says them in."""
        self._commands = {name: replace(one, words=again(one.words)) for name, one in self._commands.items()}

    def use_letters(self, *, on: bool) -> None:
        """Let single letters be shortcuts, or not, now and for commands to come."""
        self._uses_letters = on
        for action, sequence in self._letters.items():
            action.setShortcut(sequence if on else QKeySequence())

    def all(self) -> list[Command]:
        """Return every command, in the order of their registration."""
        return list(self._commands.values())

    def action(self, name: str) -> QAction:
        """Return the action of a command.

        Raises:
            KeyError: there is none of that name.
        """
        return self._commands[name].action


def _is_typed(keys: QKeySequence) -> bool:
    return not keys.isEmpty() and not _NEVER_TYPED.match(keys.toString())


def keys_text(action: QAction) -> str:
    """Return an action's shortcut as this system writes it, "" without one."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def menu_title(menu: Menu) -> str:
    """Return what the menu bar calls a menu, with its mnemonic."""
    return {
        Menu.FILE: tr("&File"), Menu.EDIT: tr("&Edit"), Menu.VIEW: tr("&View"), Menu.PRICES: tr("&Prices"),
        Menu.MESSAGES: tr("&Messages"), Menu.TOOLS: tr("&Tools"), Menu.HELP: tr("&Help"),
    }[menu]  # fmt: skip
