"""What every command has at hand."""

import getpass
import math
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from desktop_app.cli.output import Output, print_progress
from desktop_app.config import Settings
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.regions import parse_country
from desktop_app.services.job import Job

if TYPE_CHECKING:
    from desktop_app.app import Application

# What the databases can number; beyond it nothing can be found, and SQLite refuses the number itself.
HIGHEST_ID: Final = 2**63 - 1
LONGEST_WAIT: Final = 7 * 24 * 3600.0
LONGEST_SECRET: Final = 10_000
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class CommandContext:
    """One run of the command line.

    Attributes:
        settings: where the profile and the database are, and who acts.
        output: the two streams.
    """

    settings: Settings
    output: Output

    @property
    def actor(self) -> str:
        """Who acts."""
        return self.settings.actor

    @contextmanager
    def application(self) -> "Iterator[Application]":
        """Open the application for one command."""
        # Here, not above: the window is painted before the application is loaded.
        from desktop_app.app import open_application

        with open_application(self.settings, ask_passphrase=_ask_passphrase) as application:
            yield application

    def answer(self, document: dict[str, Any]) -> None:
        """Print the command's answer."""
        self.output.answer(document)

    @contextmanager
    def job(self) -> Iterator[Job]:
        """Give a job that shows progress and that Ctrl+C and SIGTERM cancel; what is in flight is still written down."""
        job = Job(print_progress)

        def cancel(_signal: int, _frame: FrameType | None) -> None:
            job.cancel()

        before = {number: signal.signal(number, cancel) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield job
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def context_of(context: typer.Context) -> CommandContext:
    """Return what the global options settled."""
    found = context.find_object(CommandContext)
    if found is None:
        raise TypeError("a command ran without its context")
    return found


def read_secret(*, from_stdin: bool) -> str:
    """Return a secret from standard input, or typed without being shown; one trailing line end is taken off."""
    if sys.stdin is None:
        return ""
    if from_stdin:
        # Bounded: what stands there may be no secret at all.
        text = sys.stdin.read(LONGEST_SECRET)
        return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text
    return getpass.getpass("Secret: ") if sys.stdin.isatty() else ""


def _ask_passphrase(why: str) -> str | None:
    asked = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
    return getpass.getpass(f"{why} Vault passphrase: ".lstrip()) if asked else None


def absolute(path: Path) -> Path:
    """Return ``path`` from the current folder, "~" resolved; it need not exist."""
    # os.path: Path.resolve would follow links, and Path.expanduser raises at "~nobody".
    return Path(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100, PTH111


def parse_countries(text: str) -> list[str]:
    """Return the ISO codes in ``text``, parted by commas.

    Raises:
        InvalidInput: one of them is no country, or there is none: an unset variable of a script must not mean "all".
    """
    codes = [parse_country(code) for code in text.split(",") if code.strip()]
    if not codes:
        raise InvalidInput(tr("Name at least one country, like DE or DE,FR."), fields={"countries": text[:40]})
    return codes


def parse_day(text: str) -> date:
    """Return the day in ``text``, written as YYYY-MM-DD.

    Raises:
        InvalidInput: it is none.
    """
    refusal = InvalidInput(tr("“{text}” is not a date. Use YYYY-MM-DD.", text=text[:20]))
    # Only this one of the ways of ISO 8601: "20260301" or a week is more likely a slip.
    if not _DAY.fullmatch(text):
        raise refusal
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refusal from error


def parse_seconds(text: str) -> float:
    """Return the seconds in ``text``, from 0 to a week.

    Raises:
        typer.BadParameter: it is no such number.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_WAIT:
        raise typer.BadParameter(tr("“{text}” is not a number of seconds from 0 to a week.", text=text[:40]))
    return seconds


RecordID = Annotated[int, typer.Argument(min=1, max=HIGHEST_ID, metavar="ID", show_default=False, help="Its number.")]
ClientName = Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="The client.")]
ProviderName = Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="The provider account.")]
