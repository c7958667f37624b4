"""The command line: global options, errors to exit codes."""

import logging
import os
import re
import sys
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command

from desktop_app.cli import clients, database, messages, prices, providers, sandbox, senders, window
from desktop_app.cli.context import CommandContext
from desktop_app.cli.errors import document_of
from desktop_app.cli.output import Output
from desktop_app.config import load_settings
from desktop_app.domain.errors import AppError, Cancelled, InvalidInput
from desktop_app.domain.language import tr
from desktop_app.log import log_file, start_logging, stop_logging
from desktop_app.services.translations import speak

PROGRAM: Final = "sms-desk"
_WITH_VALUE: Final = ("--db", "--profile", "--as")
_INTERRUPTED: Final = 130
_UNDECODED: Final = re.compile("[\ud800-\udfff]")

command_line = typer.Typer(
    name=PROGRAM, no_args_is_help=False, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    invoke_without_command=True,
)  # fmt: skip
for part in (database, providers, prices, clients, senders, messages, sandbox, window):
    part.register(command_line)


@command_line.callback()
def options(
    context: typer.Context,
    db: Annotated[str | None, typer.Option(metavar="URL", help="Database address, without a password.")] = None,
    profile: Annotated[str | None, typer.Option(metavar="DIR", help="Folder of the profile.")] = None,
    actor: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who acts; the user of this computer by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")] = False,  # noqa: ARG001 - see main
    demo: Annotated[bool, typer.Option("--demo", help="The window, on demo data that is thrown away.")] = False,
) -> None:
    """Administration for resellers of international SMS.

    These options stand before the command. Without a command the window opens; where there is no display, the main job runs on
    demo data, in a profile that is thrown away.
    """
    if demo and context.invoked_subcommand is not None:
        raise typer.BadParameter(tr("--demo goes without a command; this one would use the real database."))
    settings = load_settings(os.environ, profile=profile, database_url=db, actor=actor)
    speak(settings.language)
    start_logging(settings.profile)
    context.obj = CommandContext(settings, context.obj)
    if context.invoked_subcommand is None:
        window.open_window(context, demo=demo)


def run(given: list[str]) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    _speak_utf8()
    output = Output(as_json=_wants_json(given))
    try:
        return _run(given, output)
    except (AppError, typer.Exit):
        # The refusal stands on stderr; its document could not be written.
        return 1
    finally:
        stop_logging()


def refuse_unexpected(error: Exception) -> int:
    """Log an exception and say so, as after any command; return the exit code."""
    _speak_utf8()
    logging.getLogger(__name__).error("unexpected error", exc_info=error)
    Output(as_json=False).refuse(_unexpected())
    return 1


def _run(given: list[str], output: Output) -> int:
    try:
        _require_text(given)
        code = _commands().main(given, standalone_mode=False, prog_name=PROGRAM, obj=output)
    except typer.TyperException as error:
        output.refuse(_wrong_usage(error))
        return error.exit_code
    except (typer.Abort, Cancelled):
        code = _INTERRUPTED
    except AppError as error:
        output.refuse(error, document_of(error))
        return 1
    except Exception:
        logging.getLogger(__name__).exception("unexpected error")
        output.refuse(_unexpected())
        return 1
    if code == _INTERRUPTED:
        output.refuse(Cancelled(tr("Stopped.")))
        return 1
    return int(code or 0)


@cache
def _commands() -> TyperGroup:
    """Return the parser of the whole command line; building it takes as long as a command."""
    built = get_command(command_line)
    if not isinstance(built, TyperGroup):
        raise TypeError("the command line has no commands")
    return built


def _require_text(given: Iterable[str]) -> None:
    """Refuse bytes that are no text in this terminal's encoding; nothing could keep or find them."""
    for word in given:
        if _UNDECODED.search(word):
            shown = _UNDECODED.sub("\ufffd", word)[:40]
            raise InvalidInput(
                tr("“{word}” is not text: the terminal or script uses another encoding than UTF-8.", word=shown)
            )


def _wants_json(given: Iterable[str]) -> bool:
    """Return whether --json stands among the global options: it must be obeyed even when the others are wrong."""
    rest = iter(given)
    for word in rest:
        if word == "--json":
            return True
        if word in _WITH_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            return False
    return False


def _wrong_usage(error: typer.TyperException) -> AppError:
    context: typer.Context | None = getattr(error, "ctx", None)
    command = context.command_path if context is not None else PROGRAM
    problem = error.format_message().rstrip(".")
    sentence = tr("{problem}. See {command} --help.", problem=problem, command=command)
    return AppError(sentence, code="usage")


def _unexpected() -> AppError:
    path = log_file()
    where = (
        tr("Details are in {file}.", file=path) if path else tr("There is no log, as the profile cannot be written to.")
    )
    sentence = tr("SMS Desk met an unexpected error; what was not finished was not saved. {where}", where=where)
    return AppError(sentence, code="unexpected")


def _speak_utf8() -> None:
    for stream, errors in (
        (sys.stdin, "surrogateescape"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors)
