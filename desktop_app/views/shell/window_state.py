"""Where the window was and what it showed, kept for next time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.services.personal import PersonalSettings
from desktop_app.views.shell.window_geometry import NAME

_WELCOME: Final = "first_run"


@dataclass(frozen=True, slots=True)
class WindowState:
    """What is kept of the window; columns and splitters are kept by their screens.

    Attributes:
        geometry: size and position as Qt writes them, "" for none.
        address: what was shown last.
        collapsed: the person collapsed the sidebar.
        menu_bar: the person wants to see the menu bar.
        recent: what was chosen lately in the palette.
    """

    geometry: str = ""
    address: str = ""
    collapsed: bool = False
    menu_bar: bool = False
    recent: tuple[str, ...] = ()

    @classmethod
    def recall(cls, personal: PersonalSettings) -> "WindowState":
        """Return what was kept; what cannot be used any more is left out."""
        kept: Mapping[str, Any] = personal.recall(NAME)
        geometry, address, recent = kept.get("geometry"), kept.get("address"), kept.get("recent")
        return cls(
            geometry=geometry if isinstance(geometry, str) else "",
            address=address if isinstance(address, str) else "",
            collapsed=kept.get("collapsed") is True,
            menu_bar=kept.get("menu_bar") is True,
            recent=tuple(one for one in recent if isinstance(one, str)) if isinstance(recent, list) else (),
        )

    def keep(self, personal: PersonalSettings) -> None:
        """Keep it for next time."""
        personal.remember(
            NAME, {"geometry": self.geometry, "address": self.address, "collapsed": self.collapsed,
                   "menu_bar": self.menu_bar, "recent": list(self.recent)},
        )  # fmt: skip


def skips_welcome(personal: PersonalSettings) -> bool:
    """Whether the person chose to start without being asked how."""
    return personal.recall(_WELCOME).get("skipped") is True


def skip_welcome(personal: PersonalSettings) -> None:
    """Do not ask how to start any more."""
    personal.remember(_WELCOME, {"skipped": True})
