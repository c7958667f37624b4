"""`sandbox` and `headless`."""

import json
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from desktop_app.cli.context import absolute, context_of
from desktop_app.cli.output import print_document
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr


def register(command_line: typer.Typer) -> None:
    """Add the commands."""
    command_line.command("sandbox")(run_sandbox)
    command_line.command("headless")(headless)


def run_sandbox(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
    scenario: Annotated[Path | None, typer.Option(help="A scenario as JSON.")] = None,
) -> None:
    """Run the provider simulator on loopback until stopped."""
    from desktop_app.sandbox.scenario import Scenario
    from desktop_app.sandbox.server import Sandbox

    context_of(context)
    chosen = Scenario.from_json(_read_json(absolute(scenario))) if scenario is not None else None

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        with Sandbox(chosen, port=port) as sandbox:
            # A line of its own and at once: whoever started this waits for it.
            print_document({"url": sandbox.url}, as_json=True)
            sys.stdout.flush()
            sandbox.serve_forever()
    except KeyboardInterrupt:
        return


def headless(
    context: typer.Context,
    demo: Annotated[bool, typer.Option("--demo", help="The same: demo data is always used.")] = False,  # noqa: ARG001
) -> None:
    """Run the main job on demo data, against the sandbox, and show its figures."""
    from desktop_app.cli.headless import run_main_job

    command = context_of(context)
    run_main_job(as_json=command.as_json, actor=command.actor)


def _read_json(path: Path) -> dict[str, object]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(tr("The scenario {file} cannot be read as JSON.", file=path)) from error
    if not isinstance(document, dict):
        raise InvalidInput(tr("The scenario {file} is not a JSON object.", file=path))
    return document
