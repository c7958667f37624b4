"""The commands of the frame itself; those of the screens are registered by the screens."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QKeySequence

from desktop_app.domain.language import tr
from desktop_app.views.commands import Commands, Menu
from desktop_app.views.navigator import Navigator
from desktop_app.views.shell.places import Place


@dataclass(frozen=True, slots=True)
class WindowActions:
    """What the commands of the frame run.

    Attributes:
        open_demo: exchange everything for the demo data.
        leave_demo: throw the demo data away.
        leave: close the window.
        undo: undo the last step.
        redo: do it again.
        open_palette: open the palette.
        toggle_jobs: open or close the jobs panel.
        toggle_notifications: open or close the notifications.
        adapt_sidebar: follow the switch of the sidebar.
        pin_menu_bar: follow the switch of the menu bar.
        move_region: move the focus by so many regions.
        show_help: open the list of shortcuts.
    """

    open_demo: Callable[[], object]
    leave_demo: Callable[[], object]
    leave: Callable[[], object]
    undo: Callable[[], object]
    redo: Callable[[], object]
    open_palette: Callable[[], object]
    toggle_jobs: Callable[[], object]
    toggle_notifications: Callable[[], object]
    adapt_sidebar: Callable[[], object]
    pin_menu_bar: Callable[[], object]
    move_region: Callable[[int], object]
    show_help: Callable[[], object]


def add_window_commands(
    commands: Commands, navigator: Navigator, places: Sequence[Place], actions: WindowActions
) -> None:
    """Register everything that works on every screen."""
    _add_file(commands, navigator, actions)
    _add_edit(commands, actions)
    _add_view(commands, navigator, actions)
    _add_places(commands, navigator, places)
    add = commands.add
    add(
        "tools.palette",
        tr("Search or run a command…"),
        actions.open_palette,
        keys="Ctrl+K",
        menu=Menu.TOOLS,
        icon="search",
    )
    help_sheet = add(
        "help.shortcuts", tr("Keyboard shortcuts"), actions.show_help, keys="F1", menu=Menu.HELP, icon="keyboard",
        words=tr("help keys"),
    )  # fmt: skip
    help_sheet.setShortcuts([QKeySequence("F1"), QKeySequence("Ctrl+/")])


def _add_file(commands: Commands, navigator: Navigator, actions: WindowActions) -> None:
    add = commands.add
    add(
        "file.connect", tr("Connect a provider…"), partial(navigator.go, "providers?add=1"), menu=Menu.FILE, icon="plug",
        words=tr("add account key"),
    )  # fmt: skip
    add(
        "file.demo", tr("Look around with demo data"), actions.open_demo, menu=Menu.FILE, icon="flask-conical",
        words=tr("sandbox try"),
    )  # fmt: skip
    add(
        "file.leave_demo", tr("Delete demo data…"), actions.leave_demo, menu=Menu.FILE, icon="trash-2",
        words=tr("sandbox end own"),
    )  # fmt: skip
    add(
        "file.quit",
        tr("Quit"),
        actions.leave,
        keys="Ctrl+Q",
        menu=Menu.FILE,
        icon="log-out",
        words=tr("exit close"),
    )


def _add_edit(commands: Commands, actions: WindowActions) -> None:
    add = commands.add
    add("edit.undo", tr("Undo"), actions.undo, keys="Ctrl+Z", menu=Menu.EDIT, icon="undo-2")
    redo = add("edit.redo", tr("Redo"), actions.redo, keys="Ctrl+Shift+Z", menu=Menu.EDIT, icon="redo-2")
    if sys.platform == "win32":
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])


def _add_view(commands: Commands, navigator: Navigator, actions: WindowActions) -> None:
    add = commands.add
    add("view.back", tr("Back"), navigator.back, keys="Alt+Left", menu=Menu.VIEW, icon="arrow-left")
    add("view.forward", tr("Forward"), navigator.forward, keys="Alt+Right", menu=Menu.VIEW, icon="arrow-right")
    add("view.jobs", tr("Jobs"), actions.toggle_jobs, keys="Ctrl+J", menu=Menu.VIEW, icon="list-checks")
    add(
        "view.notifications",
        tr("Notifications"),
        actions.toggle_notifications,
        keys="Ctrl+Shift+J",
        menu=Menu.VIEW,
        icon="bell",
    )
    add(
        "view.sidebar", tr("Collapse sidebar"), actions.adapt_sidebar, keys="Ctrl+\\", menu=Menu.VIEW, icon="panel-left",
        checkable=True,
    )  # fmt: skip
    add("view.menu_bar", tr("Menu bar"), actions.pin_menu_bar, menu=Menu.VIEW, icon="menu", checkable=True)
    add("view.next_region", tr("Next region"), partial(actions.move_region, 1), keys="F6", menu=Menu.VIEW)
    add(
        "view.previous_region", tr("Previous region"), partial(actions.move_region, -1), keys="Shift+F6", menu=Menu.VIEW
    )


def _add_places(commands: Commands, navigator: Navigator, places: Sequence[Place]) -> None:
    for place in places:
        if not place.parent:
            text = tr("Go to {screen}", screen=place.label)
            go = partial(navigator.go, place.name)
            commands.add(f"go.{place.name}", text, go, keys=place.keys, menu=Menu.VIEW, icon=place.icon)
