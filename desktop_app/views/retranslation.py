"""The language changes while the window stays: every text that it shows is said again, nothing is made anew.

So drafts, selections, scroll positions and the focus are simply where they were. What was spoken is remembered with what says
the same again; a text of a widget that was never spoken (a client's name, a number) is left alone. Tables ask their models,
which speak at each call; screens that hold texts in their data read it again (``Screen.language_changed``).
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

import shiboken6
from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDateEdit,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QTabBar,
    QTableView,
    QWidget,
)

from desktop_app.domain.language import listen
from desktop_app.services.personal import Personal, PersonalSettings
from desktop_app.views.commands import Commands
from desktop_app.views.models.record_rows import RowsModel
from desktop_app.views.screen import Screen

# Texts with figures are many; those on screen are among the last of them.
REMEMBERED: Final = 20_000
# What joins several texts in one label.
_JOINTS: Final = re.compile(r"( · |\n| – | › |, |: |  |\s*(?:<[^>]*>|&nbsp;)+\s*)")
Again = Callable[[], str]


class Spoken:
    """What was said lately, by its text."""

    def __init__(self) -> None:
        self._said: dict[str, Again] = {}

    def hear(self, text: str, again: Again) -> None:
        """Remember a text and what says it again; called from any thread."""
        # The first stays: what names a place is said before the cells that happen to say the same.
        self._said.setdefault(text, again)
        if len(self._said) > REMEMBERED:
            for old in list(self._said)[: REMEMBERED // 2]:
                self._said.pop(old, None)

    def again(self, text: str) -> str:
        """Return ``text``, or each of its parts, in the language now in force; what was never said comes back as it is."""
        return joined(self.parts(text))

    def parts(self, text: str) -> list[str | Again]:
        """Return what ``text`` is made of: what says a part again, and what stands between them or was never said."""
        said = self._said.get(text)
        if said is not None or not _JOINTS.search(text):
            return [said or text]
        return [self._said.get(part, part) for part in _JOINTS.split(text)]


class Retranslator(QObject):
    """Keeps the window in the language of the person, from its making on."""

    def __init__(self, window: QWidget, personal: PersonalSettings) -> None:
        super().__init__(window)
        self._window, self._spoken = window, Spoken()
        # Where a text was said again once, it is known what said it; two texts may be the same in one language.
        self._known: dict[tuple[int, str], tuple[str, list[str | Again]]] = {}
        # Where a window takes the place of another, the old one ends after the new one began.
        self.destroyed.connect(listen(self._spoken.hear))
        end = personal.watch(self._follow)
        self.destroyed.connect(end)
        QLocale.setDefault(QLocale(personal.values.language))

    def _follow(self, before: Personal, after: Personal) -> None:
        if before.language == after.language:
            return
        QLocale.setDefault(QLocale(after.language))
        for widget in (self._window, *self._window.findChildren(QWidget)):
            self._renew(widget)
        for action in self._window.findChildren(QAction):
            self._renew_action(action)
        for commands in self._window.findChildren(Commands):
            commands.say_words_again(self._spoken.again)
        for view in self._window.findChildren(QAbstractItemView):
            self._ask_again(view)
        for screen in self._window.findChildren(Screen):
            screen.language_changed()

    def _renew(self, widget: QWidget) -> None:
        for name in ("toolTip", "accessibleName", "accessibleDescription", "windowTitle", *_texts_of(widget)):
            self._set(widget, name, str(widget.property(name) or ""), partial(widget.setProperty, name))
        if isinstance(widget, QComboBox):
            for row in range(widget.count()):
                self._set(widget, f"item{row}", widget.itemText(row), partial(widget.setItemText, row))
        elif isinstance(widget, QTabBar):
            for row in range(widget.count()):
                self._set(widget, f"tab{row}", widget.tabText(row), partial(widget.setTabText, row))
        elif isinstance(widget, QListWidget):
            for row in range(widget.count()):
                item = widget.item(row)
                self._set(widget, f"item{row}", item.text(), item.setText)
                self._set(widget, f"tip{row}", item.toolTip(), item.setToolTip)
        elif isinstance(widget, QDateEdit):
            widget.setLocale(QLocale())

    def _renew_action(self, action: QAction) -> None:
        derived = action.toolTip() == action.text().replace("&", "").removesuffix("…")
        self._set(action, "text", action.text(), action.setText)
        if not derived:
            self._set(action, "toolTip", action.toolTip(), action.setToolTip)

    def _ask_again(self, view: QAbstractItemView) -> None:
        model = view.model()
        if isinstance(model, RowsModel):
            model.say_headings_again(self._spoken.again)
        elif isinstance(view, QTableView) and (columns := model.columnCount()):
            model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, columns - 1)
        view.viewport().update()

    def _set(self, owner: QObject, name: str, text: str, write: Callable[[str], object]) -> None:
        if not text:
            return
        place = (shiboken6.getCppPointer(owner)[0], name)
        shown, parts = self._known.get(place, ("", []))
        parts = parts if shown == text else self._spoken.parts(text)
        if all(isinstance(part, str) for part in parts):
            return
        renewed = joined(parts)
        self._known[place] = (renewed, parts)
        if renewed != text:
            write(renewed)


def joined(parts: list[str | Again]) -> str:
    """Return the parts of a text in the language in force."""
    return "".join(part if isinstance(part, str) else part() for part in parts)


def _texts_of(widget: QWidget) -> tuple[str, ...]:
    """Return the properties in which a widget shows texts of ours; what a person types is none."""
    if isinstance(widget, QLabel | QAbstractButton):
        return ("text",)
    if isinstance(widget, QLineEdit):
        return ("placeholderText",)
    return ("title",) if isinstance(widget, QGroupBox | QMenu) else ()
