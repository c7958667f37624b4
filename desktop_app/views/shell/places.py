"""The screens of the window: where the sidebar lists them, their keys, and how they are made."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop_app.domain.language import tr

if TYPE_CHECKING:
    from desktop_app.views.screen import Screen, Workplace


class Section(StrEnum):
    """The groups of the sidebar, in their order."""

    TOP = "top"
    SELL = "sell"
    ANALYSE = "analyse"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Place:
    """A screen as the frame knows it before it is made.

    Attributes:
        name: the screen's name, first word of its addresses.
        say_title: says what sidebar and breadcrumb call it, in the language in force.
        icon: a name in resources/icons.
        section: the group of the sidebar.
        keys: the shortcut that goes there, "" for none.
        make: makes it; its modules are loaded then, not before.
        parent: the name of the screen that it belongs to, "" where the sidebar lists it itself.
        say_label: says the title with && for each & in it, None where it has none.
    """

    name: str
    say_title: Callable[[], str]
    icon: str
    section: Section
    keys: str
    make: "Callable[[Workplace], Screen]"
    parent: str = ""
    say_label: Callable[[], str] | None = None

    @property
    def title(self) -> str:
        """What sidebar and breadcrumb call it."""
        return self.say_title()

    @property
    def label(self) -> str:
        """The same for buttons and menus, where one & marks a letter."""
        return self.say_title() if self.say_label is None else self.say_label()


def section_title(section: Section) -> str:
    """Return what sidebar and breadcrumb call a section, "" for the top one, which has no heading."""
    return {Section.TOP: "", Section.SELL: tr("Sell"), Section.ANALYSE: tr("Analyse"), Section.SYSTEM: tr("System")}[
        section
    ]


def all_places() -> tuple[Place, ...]:
    """Return the screens in the order of the sidebar."""
    return (
        Place("overview", lambda: tr("Overview"), "layout-dashboard", Section.TOP, "Ctrl+1", _overview),
        Place("compose", lambda: tr("Compose"), "send", Section.TOP, "Ctrl+2", _compose),
        Place("messages", lambda: tr("Messages"), "message-square-more", Section.TOP, "Ctrl+3", _messages),
        Place("prices", lambda: tr("Prices"), "tag", Section.SELL, "Ctrl+4", _prices),
        Place(
            "clients",
            lambda: tr("Clients & credits"),
            "wallet",
            Section.SELL,
            "Ctrl+5",
            _clients,
            say_label=lambda: tr("Clients && credits"),
        ),
        Place("senders", lambda: tr("Sender IDs"), "badge-check", Section.SELL, "Ctrl+6", _senders),
        Place("activity", lambda: tr("Activity"), "history", Section.ANALYSE, "Ctrl+8", _activity),
        Place("providers", lambda: tr("Providers"), "radio-tower", Section.SYSTEM, "Ctrl+9", _providers),
        Place("bulk", lambda: tr("Bulk edit"), "sliders-horizontal", Section.SELL, "", _bulk, parent="prices"),
        Place("settings", lambda: tr("Settings"), "settings", Section.SYSTEM, "Ctrl+,", _settings),
    )


def _overview(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.overview import OverviewScreen

    return OverviewScreen(place)


def _compose(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.compose.screen import ComposeScreen

    return ComposeScreen(place)


def _messages(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.messages import MessagesScreen

    return MessagesScreen(place)


def _prices(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.prices import PricesScreen

    return PricesScreen(place)


def _clients(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.clients import ClientsScreen

    return ClientsScreen(place)


def _senders(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.senders import SendersScreen

    return SendersScreen(place)


def _activity(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.activity import ActivityScreen

    return ActivityScreen(place)


def _providers(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.providers import ProvidersScreen

    return ProvidersScreen(place)


def _bulk(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.bulk_edit import BulkEditScreen

    return BulkEditScreen(place)


def _settings(place: "Workplace") -> "Screen":
    from desktop_app.views.screens.settings import SettingsScreen

    return SettingsScreen(place)
