"""Entry: global options, errors to exit codes."""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import click
import typer

from desktop_app.cli import clients, database, messages, prices, providers, sandbox, senders
from desktop_app.cli.context import CommandContext
from desktop_app.cli.output import print_error
from desktop_app.config import load_settings
from desktop_app.domain.errors import AppError, Cancelled
from desktop_app.domain.language import tr
from desktop_app.log import start_logging
from desktop_app.services.sending import NothingToSend

command_line = typer.Typer(
    name="sms-desk", help="Administration for resellers of international SMS.", no_args_is_help=False, add_completion=False,
    rich_markup_mode=None, pretty_exceptions_enable=False, invoke_without_command=True,
)  # fmt: skip
for part in (database, providers, prices, clients, senders, messages, sandbox):
    part.register(command_line)


@command_line.callback()
def options(
    context: typer.Context,
    db: Annotated[str | None, typer.Option("--db", help="Database address, without a password.")] = None,
    profile: Annotated[Path | None, typer.Option(help="Folder of the profile.")] = None,
    actor: Annotated[str | None, typer.Option("--as", help="Who acts; the user of this computer by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Use a throw-away database with sample data.")] = False,
) -> None:
    """Settle what all commands share."""
    settings = load_settings(os.environ, profile=profile, database_url=db, actor=actor)
    start_logging(settings.profile)
    context.obj = CommandContext(settings, as_json)
    if context.invoked_subcommand is None:
        sandbox.headless(context, demo=demo)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    given = sys.argv[1:] if arguments is None else arguments
    _speak_utf8()
    as_json = "--json" in given
    try:
        command_line(given, standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        print_error(Cancelled(tr("Stopped.")), as_json=as_json)
        return 1
    except AppError as error:
        print_error(error, as_json=as_json, more=_more(error))
        return 1
    except Exception:
        logging.getLogger(__name__).exception("unexpected error")
        print_error(
            AppError(tr("SMS Desk met an unexpected error. It is in the log."), code="unexpected"), as_json=as_json
        )
        return 1
    return 0


def _more(error: AppError) -> dict[str, Any]:
    if isinstance(error, NothingToSend):
        return {"not_sent": [{"to": one.to, "reason": one.reason} for one in error.not_sent]}
    if isinstance(error, (clients.ContradictionFound, prices.ImportRefused)):
        return error.document
    return {}


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
