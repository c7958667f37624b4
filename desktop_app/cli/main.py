"""Entry: the window when nothing but its options is given, else the command line. The window is not kept waiting for commands."""

import os
import sys
from typing import Final

from desktop_app.cli.opening import has_display, show_window
from desktop_app.config import Settings, load_settings
from desktop_app.domain.errors import AppError

_VALUES: Final = {"--db": "database_url", "--profile": "profile", "--as": "actor"}


def main(arguments: list[str] | None = None) -> int:
    """Run the window or one command and return the exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support

        # In a bundle the process that paints documents is started by this very program.
        freeze_support()
    given = sys.argv[1:] if arguments is None else arguments
    wanted = _window_options(given)
    settings = _settings_of(wanted) if wanted is not None and has_display() else None
    if settings is None:
        # Here, not above: it loads every command and what they work with.
        from desktop_app.cli.command_line import run

        return run(given)
    return _show(settings, demo="--demo" in given)


def _window_options(given: list[str]) -> dict[str, str] | None:
    """Return the options with a value, None when anything but the window is asked for: the command line then answers."""
    options: dict[str, str] = {}
    rest = iter(given)
    for word in rest:
        name, equals, value = word.partition("=")
        if name in _VALUES and name not in options:
            taken = value if equals else next(rest, None)
            if taken is None or not taken.isprintable():
                return None
            options[name] = taken
        elif word != "--demo":
            return None
    return options


def _settings_of(options: dict[str, str]) -> Settings | None:
    """Return the settings, None when they are refused: the command line says why."""
    chosen = {_VALUES[name]: value for name, value in options.items()}
    try:
        return load_settings(os.environ, **chosen)
    except AppError:
        return None


def _show(settings: Settings, *, demo: bool) -> int:
    def start_logging() -> None:
        from desktop_app.log import start_logging

        start_logging(settings.profile)

    try:
        return show_window(settings, demo=demo, prepare=start_logging)
    except Exception as error:  # noqa: BLE001 - said and logged as after any command
        from desktop_app.cli.command_line import refuse_unexpected

        return refuse_unexpected(error)
    finally:
        from desktop_app.log import stop_logging

        stop_logging()
