"""`clients` and `credit`."""

from typing import Annotated, Any

import typer

from desktop_app.cli.context import ClientName, context_of
from desktop_app.cli.errors import require_sound
from desktop_app.cli.prices import SIGNED
from desktop_app.domain.clients import Client
from desktop_app.domain.credits import AccountBalance
from desktop_app.domain.money import micro_text, parse_amount

clients = typer.Typer(help="Who we sell to.")
credit = typer.Typer(help="The clients' credit.")


def register(command_line: typer.Typer) -> None:
    """Add the commands."""
    command_line.add_typer(clients, name="clients")
    command_line.add_typer(credit, name="credit")


@clients.command()
def add(
    context: typer.Context,
    name: ClientName,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of its credit; the price list's by default.")
    ] = None,
    email: Annotated[str | None, typer.Option(metavar="ADDRESS", help="For notices.")] = None,
) -> None:
    """Store a client."""
    command = context_of(context)
    with command.application() as application:
        client = application.clients.add(name, currency=currency, email=email, actor=command.actor)
    command.answer(_client(client))


@clients.command("list")
def list_clients(context: typer.Context) -> None:
    """List the clients."""
    command = context_of(context)
    with command.application() as application:
        rows = [_client(client) for client in application.clients.list_all()]
    command.answer({"rows": rows})


@clients.command()
def key(
    context: typer.Context,
    name: ClientName,
    replace: Annotated[bool, typer.Option("--replace", help="The key from before stops working.")] = False,
) -> None:
    """Make a client's API key; it is shown once."""
    command = context_of(context)
    with command.application() as application:
        made = application.clients.new_key(name, replace=replace, actor=command.actor)
    command.answer({"key": made})


@credit.command(context_settings=SIGNED)
def topup(
    context: typer.Context,
    name: ClientName,
    amount: Annotated[str, typer.Argument(metavar="MONEY", show_default=False, help="In the client's currency.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="What for.")],
) -> None:
    """Add to a client's credit."""
    command = context_of(context)
    value = parse_amount(amount)
    with command.application() as application:
        balance, entry_id = application.credits.top_up(name, value, reason=reason, actor=command.actor)
    command.answer(_balance(balance, entry_id))


@credit.command()
def adjust(
    context: typer.Context,
    name: ClientName,
    amount: Annotated[str, typer.Option(metavar="±MONEY", help="Signed, like --amount=-5.00.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, at least five characters.")],
) -> None:
    """Correct a client's credit."""
    command = context_of(context)
    value = parse_amount(amount)
    with command.application() as application:
        balance, entry_id = application.credits.adjust(name, value, reason=reason, actor=command.actor)
    command.answer(_balance(balance, entry_id))


@credit.command()
def show(context: typer.Context, name: ClientName) -> None:
    """Show what is posted, reserved and available."""
    command = context_of(context)
    with command.application() as application:
        balance = application.credits.balance(name)
    command.answer(_balance(balance, balance.last_transfer_id))


@credit.command()
def statement(context: typer.Context, name: ClientName) -> None:
    """List every entry of a client's account."""
    command = context_of(context)
    with command.application() as application:
        currency, entries = application.credits.statement(name)
    rows = [
        {
            "entry_id": entry.entry_id,
            "at": entry.at,
            "kind": entry.kind.value,
            "amount": micro_text(entry.amount),
            "held": micro_text(entry.held),
            "currency": currency,
            "actor": entry.actor,
            "reason": entry.reason,
            "hold_id": entry.hold_id,
            "refers_id": entry.refers_id,
        }
        for entry in entries
    ]
    command.answer({"entries": rows})


@credit.command()
def verify(context: typer.Context) -> None:
    """Audit the books independently."""
    command = context_of(context)
    with command.application() as application:
        report = application.credits.verify()
    document: dict[str, Any] = {
        "ok": report.ok,
        "accounts": report.accounts,
        "entries": report.entries,
        "problems": list(report.problems),
        "warnings": list(report.warnings),
    }
    require_sound(report, document)
    command.answer(document)


def _client(client: Client) -> dict[str, Any]:
    return {
        "client_id": client.client_id,
        "name": client.name,
        "currency": client.currency,
        "email": client.email,
        "paused": client.paused,
    }


def _balance(balance: AccountBalance, entry_id: int) -> dict[str, Any]:
    return {
        "posted": micro_text(balance.posted),
        "held": micro_text(balance.held),
        "available": micro_text(balance.available),
        "currency": balance.currency,
        "entry_id": entry_id,
    }
