"""`providers` and `rates`."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated

import typer

from desktop_app.cli.context import ProviderName, context_of, parse_day, read_secret
from desktop_app.domain.errors import InvalidInput, SecretStoreError
from desktop_app.domain.language import tr
from desktop_app.domain.money import DECIMALS, parse_currency, parse_rate

providers = typer.Typer(help="Who we buy from.")
rates = typer.Typer(help="Exchange rates.")


def register(command_line: typer.Typer) -> None:
    """Add the commands."""
    command_line.add_typer(providers, name="providers")
    command_line.add_typer(rates, name="rates")


@providers.command()
def add(
    context: typer.Context,
    name: ProviderName,
    kind: Annotated[str, typer.Option(metavar="KIND", help="The driver, for example twilio.")],
    base_url: Annotated[str, typer.Option(metavar="URL", help="Another address than the provider's own.")] = "",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A field of the account.")
    ] = None,
    secret_stdin: Annotated[bool, typer.Option("--secret-stdin", help="Read the secret from standard input.")] = False,
    default: Annotated[bool, typer.Option("--default", help="Send and take costs through this account.")] = False,
) -> None:
    """Store a provider account; the secret goes to the secret store."""
    command = context_of(context)
    fields = dict(_pair(text) for text in settings or [])
    secret = read_secret(from_stdin=secret_stdin)
    with command.application() as application, _with_a_way_out():
        stored = application.accounts.add_provider(
            name, kind, base_url=base_url, settings=fields, secret=secret, default=default, actor=command.actor
        )
    command.answer(
        {"name": stored.name, "kind": stored.kind, "base_url": stored.base_url, "default": stored.is_default}
    )


@providers.command("list")
def list_providers(context: typer.Context) -> None:
    """List the accounts."""
    command = context_of(context)
    with command.application() as application:
        stored = application.accounts.list_providers()
    rows = [
        {
            "name": one.name,
            "kind": one.kind,
            "base_url": one.base_url,
            "default": one.is_default,
            "costs_synced_at": one.costs_synced_at.isoformat() if one.costs_synced_at else None,
            "paused": one.paused_reason,
            "last_error": one.last_error,
        }
        for one in stored
    ]
    command.answer({"rows": rows})


@providers.command()
def test(context: typer.Context, name: ProviderName) -> None:
    """Ask the provider whether the credentials are right."""
    command = context_of(context)
    with command.application() as application:
        balance = application.accounts.test(name, actor=command.actor)
    command.answer({"ok": True, "balance": _decimals(balance.amount), "currency": balance.currency})


@providers.command()
def balance(context: typer.Context, name: ProviderName) -> None:
    """Show the balance at the provider."""
    command = context_of(context)
    with command.application() as application:
        found = application.accounts.balance(name)
    command.answer({"ok": True, "balance": _decimals(found.amount), "currency": found.currency})


@providers.command("sync-costs")
def sync_costs(context: typer.Context, name: ProviderName) -> None:
    """Pull the cost of every country."""
    command = context_of(context)
    with command.application() as application, command.job() as job:
        sync = application.accounts.sync_costs(name, actor=command.actor, job=job)
    difference = sync.difference
    command.answer(
        {
            "countries": sync.countries,
            "rates": sync.rates,
            "new": difference.new,
            "raised": difference.raised,
            "lowered": difference.lowered,
            "closed": difference.closed,
            "unchanged": difference.unchanged,
        }
    )


@rates.command("set")
def set_rate(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", show_default=False, help="Such as USD.")],
    target: Annotated[str, typer.Argument(metavar="TO", show_default=False, help="Such as EUR.")],
    rate: Annotated[str, typer.Argument(metavar="RATE", show_default=False, help="Such as 0.92.")],
    day: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="From which day on; today by default.")
    ] = None,
) -> None:
    """Set what one unit of FROM is worth in TO."""
    command = context_of(context)
    value = parse_rate(rate)
    with command.application() as application:
        since = parse_day(day) if day is not None else application.clock().date()
        application.accounts.set_exchange_rate(source, target, value, since, actor=command.actor)
    command.answer(
        {"from": parse_currency(source), "to": parse_currency(target), "rate": f"{value:f}", "date": since.isoformat()}
    )


@contextmanager
def _with_a_way_out() -> Iterator[None]:
    """Add to the refusal to forget a secret what a person at a terminal can do about it."""
    try:
        yield
    except SecretStoreError as error:
        if error.code != "no_secret_store":
            raise
        sentence = tr(
            "{problem} Set SMS_DESK_VAULT_PASSPHRASE to keep secrets in an encrypted vault.", problem=error.user_message
        )
        raise SecretStoreError(sentence, code=error.code) from error


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise InvalidInput(tr("“{text}” is not of the form key=value.", text=text[:40]))
    return key, value


def _decimals(amount: Decimal) -> str:
    """Return a provider's amount with six decimals, or all that the provider gave."""
    digits = max(DECIMALS, -int(amount.as_tuple().exponent))
    return f"{amount:.{digits}f}"
