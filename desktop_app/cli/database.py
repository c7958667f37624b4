"""`db` and `service`."""

from pathlib import Path
from typing import Annotated

import typer

from desktop_app.app import backup_folder
from desktop_app.cli.context import CommandContext, absolute, context_of
from desktop_app.cli.errors import require_sound
from desktop_app.services.accounts import Switches
from desktop_app.services.backups import BackupsService
from desktop_app.services.clock import utc_now
from desktop_app.services.job import Job
from desktop_app.storage.unit_of_work import Database

db = typer.Typer(help="The database.")
service = typer.Typer(help="Switch selling and sending on or off.")
api = typer.Typer(help="Switch the API for clients on or off.")
service.add_typer(api, name="api")

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="The backup.")]


def register(command_line: typer.Typer) -> None:
    """Add the commands."""
    command_line.add_typer(db, name="db")
    command_line.add_typer(service, name="service")


@db.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to this program's schema, after a backup."""
    command = context_of(context)
    with command.application() as application:
        command.answer({"revision": application.database.upgrade()})


@db.command()
def backup(context: typer.Context, file: BackupFile) -> None:
    """Write a checked copy of the database to FILE."""
    command = context_of(context)
    target = absolute(file)
    with command.application() as application:
        _backups(command, application.database).back_up(target, Job(), actor=command.actor)
    command.answer({"file": str(target)})


@db.command()
def restore(context: typer.Context, file: BackupFile) -> None:
    """Replace the database by the backup FILE; the database from before is kept beside it."""
    command = context_of(context)
    source = absolute(file)
    # Not through the application: the database to be replaced may be damaged.
    database = Database(command.settings.database_url, backup_folder(command.settings))
    try:
        kept = _backups(command, database).restore(source, actor=command.actor).kept
    finally:
        database.close()
    command.answer({"file": str(source), "kept": str(kept) if kept else None})


@db.command()
def check(context: typer.Context) -> None:
    """Look for contradictions in the books and damage in the file."""
    command = context_of(context)
    with command.application() as application:
        report = application.credits.verify()
    document = {"ok": report.ok, "problems": list(report.problems)}
    require_sound(report, document)
    command.answer(document)


@service.command("on")
def service_on(context: typer.Context) -> None:
    """Allow selling and sending."""
    command = context_of(context)
    with command.application() as application:
        command.answer(_switches(application.accounts.set_service(on=True, actor=command.actor)))


@service.command("off")
def service_off(context: typer.Context) -> None:
    """Stop selling and sending; what is queued waits."""
    command = context_of(context)
    with command.application() as application:
        command.answer(_switches(application.accounts.set_service(on=False, actor=command.actor)))


@api.command("on")
def api_on(context: typer.Context) -> None:
    """Let clients use the API."""
    command = context_of(context)
    with command.application() as application:
        command.answer(_switches(application.accounts.set_api(on=True, actor=command.actor)))


@api.command("off")
def api_off(context: typer.Context) -> None:
    """Answer no client's API call."""
    command = context_of(context)
    with command.application() as application:
        command.answer(_switches(application.accounts.set_api(on=False, actor=command.actor)))


def _switches(switches: Switches) -> dict[str, bool]:
    return {"service": switches.service, "api": switches.api}


def _backups(command: CommandContext, database: Database) -> BackupsService:
    settings = command.settings
    return BackupsService(database, settings.database_url, backup_folder(settings), utc_now)
