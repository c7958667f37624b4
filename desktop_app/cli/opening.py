"""Shows the window; light, because the window is to be painted before anything heavy is loaded."""

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.config import Settings

if TYPE_CHECKING:
    from desktop_app.views.opening import Opening
    from desktop_app.views.parts import WindowParts


def show_window(
    settings: Settings, *, demo: bool, shots: Path | None = None, prepare: Callable[[], object] = bool
) -> int:
    """Show the window until it is closed and return the exit code.

    Args:
        settings: the profile and its database; with ``demo`` only who acts and in which language.
        demo: work on demo data against the sandbox, in a database that is thrown away.
        shots: photograph every screen into this folder instead of waiting for a person.
        prepare: called once the window is painted, before anything else.
    """
    # Qt is loaded for the window alone.
    from desktop_app.views.opening import Start
    from desktop_app.views.start import run_window

    opener = partial(_open_parts, settings)
    return run_window(Start(opener, settings.profile, settings.language, demo, shots, prepare))


def _open_parts(settings: Settings, opening: "Opening") -> "AbstractContextManager[WindowParts]":
    """Load and open the application: called in a thread, once the window is painted."""
    from desktop_app.app import open_window_parts

    return open_window_parts(settings, opening)


def has_display() -> bool:
    """Return whether a window could be shown."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
