"""The menu bar, made from the registry of commands: the only complete list of them, and the way of screen readers."""

import sys
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMenuBar

from desktop_app.views.commands import Command, Commands, Menu, menu_title
from desktop_app.views.icons import icon
from desktop_app.views.theme import Theme

IS_NATIVE: Final = sys.platform == "darwin"

# What shows that Alt is held for something else.
_OTHERS: Final = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


class CommandMenus(QObject):
    """Fills the menu bar of ``window``; hidden until Alt is pressed, unless ``pinned``."""

    def __init__(self, window: QMainWindow, commands: Commands, theme: Theme) -> None:
        super().__init__(window)
        self._window, self._theme = window, theme
        self.bar: QMenuBar = window.menuBar()
        self.pinned = False
        self._alt_alone = False
        self.menus: dict[Menu, QMenu] = {menu: self.bar.addMenu(menu_title(menu)) for menu in Menu}
        self._shown: list[Command] = []
        for command in commands.all():
            self._add(command)
        commands.added.connect(self._add)
        theme.changed.connect(self._paint)
        for menu in self.menus.values():
            menu.aboutToHide.connect(self._hide_later)
        window.installEventFilter(self)
        self.bar.installEventFilter(self)
        self.pin(on=False)

    def pin(self, *, on: bool) -> None:
        """Show the bar for good, or only when Alt is pressed."""
        self.pinned = on
        self.bar.setVisible(on or IS_NATIVE)

    def show_for_keys(self) -> None:
        """Show the bar with its first menu marked; Esc or choosing ends that."""
        self.bar.show()
        self.bar.setFocus(Qt.FocusReason.MenuBarFocusReason)
        self.bar.setActiveAction(self.bar.actions()[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Notice Alt pressed and released alone, and the bar losing the focus."""
        if watched is self.bar and event.type() is QEvent.Type.FocusOut:
            self._hide_later()
        elif self._alt_alone and event.type() in _OTHERS:
            self._alt_alone = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt
        elif watched is self._window and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt:
            if event.type() is QEvent.Type.KeyPress:
                self._watch(on=True)
            elif event.type() is QEvent.Type.KeyRelease:
                was_alone = self._alt_alone
                self._watch(on=False)
                if was_alone and not self.pinned and not IS_NATIVE:
                    self.show_for_keys()
        return False

    def _watch(self, *, on: bool) -> None:
        """Watch the whole program while Alt is held: a shortcut with Alt never reaches the window as a key."""
        self._alt_alone = on
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self) if on else application.removeEventFilter(self)

    def _hide_later(self) -> None:
        if self.pinned or IS_NATIVE:
            return
        open_now = any(menu.isVisible() for menu in self.menus.values())
        if not open_now and not self.bar.hasFocus():
            self.bar.hide()

    def _add(self, command: Command) -> None:
        if command.menu is None:
            return
        menu = self.menus[command.menu]
        self._shown.append(command)
        if command.icon:
            command.action.setIcon(icon(self._theme, command.icon))
        menu.addAction(command.action)
        command.action.destroyed.connect(partial(self._forget, command))

    def _forget(self, command: Command) -> None:
        self._shown = [one for one in self._shown if one is not command]

    def _paint(self) -> None:
        for command in self._shown:
            if command.icon:
                command.action.setIcon(icon(self._theme, command.icon))
