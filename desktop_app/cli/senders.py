"""`senders`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from desktop_app.cli.context import absolute, context_of, parse_countries
from desktop_app.storage.repositories.senders import SenderRow

senders = typer.Typer(help="Sender IDs and their approval per country.")


def register(command_line: typer.Typer) -> None:
    """Add the commands."""
    command_line.add_typer(senders, name="senders")


@senders.command()
def request(
    context: typer.Context,
    client: Annotated[str, typer.Argument(metavar="CLIENT", show_default=False, help="Its name.")],
    sender: Annotated[
        str, typer.Argument(metavar="SENDER", show_default=False, help="Up to 11 letters and digits, or a number.")
    ],
    countries: Annotated[
        str | None, typer.Option(metavar="ISO,…", help="Where it is to be registered, like TR,SA.")
    ] = None,
    document: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="A document that proves it.")] = None,
) -> None:
    """Request a sender ID for a client."""
    command = context_of(context)
    wanted = parse_countries(countries) if countries is not None else []
    with command.application() as application:
        done = application.sender_ids.request(
            client, sender, countries=wanted, documents=[absolute(path) for path in document or []], actor=command.actor
        )
    alike = [{"client": name, "sender": text} for name, text in done.look_alikes]
    command.answer({"rows": _rows(list(done.rows)), "look_alikes": alike})


@senders.command()
def approve(
    context: typer.Context,
    client: Annotated[str, typer.Argument(metavar="CLIENT", show_default=False, help="Its name.")],
    sender: Annotated[
        str, typer.Argument(metavar="SENDER", show_default=False, help="Up to 11 letters and digits, or a number.")
    ],
    countries: Annotated[str, typer.Option(metavar="ISO,…", help="For which, like TR.")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="For the client.")] = "",
) -> None:
    """Approve a sender ID for countries."""
    _decide(context, client, sender, countries, note, approve=True)


@senders.command()
def reject(
    context: typer.Context,
    client: Annotated[str, typer.Argument(metavar="CLIENT", show_default=False, help="Its name.")],
    sender: Annotated[
        str, typer.Argument(metavar="SENDER", show_default=False, help="Up to 11 letters and digits, or a number.")
    ],
    countries: Annotated[str, typer.Option(metavar="ISO,…", help="For which, like TR.")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="For the client.")] = "",
) -> None:
    """Reject a sender ID for countries."""
    _decide(context, client, sender, countries, note, approve=False)


@senders.command("list")
def list_senders(
    context: typer.Context,
    client: Annotated[str | None, typer.Option(metavar="NAME", help="Only this client's.")] = None,
) -> None:
    """List sender IDs by country."""
    command = context_of(context)
    with command.application() as application:
        command.answer({"rows": _rows(application.sender_ids.list_rows(client))})


def _decide(context: typer.Context, client: str, sender: str, countries: str, note: str, *, approve: bool) -> None:
    command = context_of(context)
    wanted = parse_countries(countries)
    with command.application() as application:
        rows = application.sender_ids.decide(
            client, sender, countries=wanted, approve=approve, note=note, actor=command.actor, tells=True
        )
    command.answer({"rows": _rows(rows)})


def _rows(rows: list[SenderRow]) -> list[dict[str, Any]]:
    return [
        {"client": row.client, "sender": row.sender, "country": row.country, "status": row.status, "note": row.note}
        for row in rows
    ]
