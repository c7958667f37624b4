"""The commands of the bulk edit."""

from collections.abc import Callable

from desktop_app.domain.language import tr
from desktop_app.views.commands import Menu
from desktop_app.views.screen import Screen, Workplace

Run = Callable[[], object]


def add_bulk_commands(place: Workplace, screen: Screen, *, apply: Run, close: Run, find: Run, save_preset: Run) -> None:
    """Register what a person can do on ``screen``, and the way to it that fills it in."""
    add, go = place.commands.add, place.navigator.go
    add("bulk.apply", tr("Apply the bulk edit"), apply, keys="Ctrl+Return", icon="check", scope=screen)
    add("bulk.close", tr("Close the bulk edit"), close, keys="Esc", icon="x", scope=screen)
    add("bulk.find", tr("Find in the preview"), find, keys="Ctrl+F", icon="search", scope=screen)
    add("bulk.save_preset", tr("Save as preset…"), save_preset, icon="bookmark", scope=screen)
    add(
        "bulk.break_even", tr("Set loss-making countries to break-even…"), lambda: go("bulk?scope=loss"), menu=Menu.PRICES,
        icon="circle-alert", words="loss below cost",
    )  # fmt: skip
