"""`sandbox` and `headless`."""

import json
import signal
from pathlib import Path
from types import FrameType
from typing import Annotated, Final, NoReturn

import typer

from desktop_app.cli.context import absolute, context_of
from desktop_app.cli.output import write_answer
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.exports.files import read_file

MAX_SCENARIO_BYTES: Final = 10_000_000


def register(command_line: typer.Typer) -> None:
    """Add the commands."""
    command_line.command("sandbox")(run_sandbox)
    command_line.command("headless")(headless)


def run_sandbox(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="0 takes a free one.")] = 0,
    scenario: Annotated[Path | None, typer.Option(metavar="FILE", help="A scenario as JSON.")] = None,
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
            write_answer(json.dumps({"url": sandbox.url}) + "\n")
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
    run_main_job(command.output, actor=command.actor)


def _read_json(path: Path) -> dict[str, object]:
    content = read_file(path, MAX_SCENARIO_BYTES)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(tr("The scenario {file} cannot be read as JSON.", file=path)) from error
    if not isinstance(document, dict):
        raise InvalidInput(tr("The scenario {file} is not a JSON object.", file=path))
    return document
