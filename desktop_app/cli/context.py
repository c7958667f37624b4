"""What every command has at hand."""

import getpass
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import typer

from desktop_app.app import Application, open_application
from desktop_app.cli.output import print_document, print_progress
from desktop_app.config import Settings
from desktop_app.services.job import Job


@dataclass(frozen=True, slots=True)
class CommandContext:
    """One run of the command line.

    Attributes:
        settings: where the profile and the database are, and who acts.
        as_json: whether stdout is one JSON document.
    """

    settings: Settings
    as_json: bool

    @property
    def actor(self) -> str:
        """Who acts."""
        return self.settings.actor

    @contextmanager
    def application(self) -> Iterator[Application]:
        """Open the application for one command."""
        with open_application(self.settings, ask_passphrase=_ask_passphrase) as application:
            yield application

    def answer(self, document: dict[str, Any]) -> None:
        """Print the command's answer."""
        print_document(document, as_json=self.as_json)

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
    if from_stdin:
        text = sys.stdin.read()
        for end in ("\r\n", "\n"):
            if text.endswith(end):
                return text.removesuffix(end)
        return text
    return getpass.getpass("Secret: ") if sys.stdin.isatty() else ""


def _ask_passphrase() -> str | None:
    return getpass.getpass("Vault passphrase: ") if sys.stdin.isatty() and sys.stderr.isatty() else None


def absolute(path: Path) -> Path:
    """Return ``path`` from the current folder, "~" resolved; it need not exist."""
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - Path.resolve would follow links
