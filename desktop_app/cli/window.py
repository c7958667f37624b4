"""The window, and `shots`: photographs of its screens."""

from pathlib import Path

import typer

from desktop_app.cli.context import absolute, context_of
from desktop_app.cli.opening import has_display, show_window
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr


def register(command_line: typer.Typer) -> None:
    """Add the command."""
    command_line.command(hidden=True)(shots)


def open_window(context: typer.Context, *, demo: bool) -> None:
    """Show the window until it is closed; without a display run the main job on demo data and say so."""
    command = context_of(context)
    if not has_display():
        command.output.remark(
            tr("There is no display: the main job runs without a window, on demo data that is thrown away.")
        )
        from desktop_app.cli import sandbox

        sandbox.headless(context)
        return
    raise typer.Exit(show_window(command.settings, demo=demo))


def shots(context: typer.Context, folder: Path) -> None:
    """Photograph every screen, light and dark, on demo data, into FOLDER."""
    target = absolute(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(tr("The folder {folder} cannot be made.", folder=target)) from error
    raise typer.Exit(show_window(context_of(context).settings, demo=True, shots=target))
