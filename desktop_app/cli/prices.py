"""`prices`."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from desktop_app.cli.context import RecordID, absolute, context_of, parse_countries, parse_day
from desktop_app.cli.errors import Documented
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import micro_exact, micro_text, parse_price
from desktop_app.domain.pricing import (
    PERCENT_RULES,
    PriceLimits,
    PriceRule,
    Rounding,
    RuleKind,
    margin_text,
    markup_text,
    parse_percent,
)
from desktop_app.domain.rates import SkippedRow
from desktop_app.domain.regions import parse_country, region
from desktop_app.services.price_exports import ExportOrder, FileFormat
from desktop_app.services.pricing import PriceRow
from desktop_app.storage.repositories.costs import CostDifference

prices = typer.Typer(help="What clients pay.")
# A price or amount may begin with a minus sign; it is then refused with a sentence, not taken for an option.
SIGNED: Final = {"ignore_unknown_options": True}


def register(command_line: typer.Typer) -> None:
    """Add the commands."""
    command_line.add_typer(prices, name="prices")


@prices.command("list")
def list_prices(
    context: typer.Context,
    country: Annotated[str | None, typer.Option(metavar="ISO", help="Only this country.")] = None,
    networks: Annotated[bool, typer.Option("--networks", help="The networks too.")] = False,
) -> None:
    """Show costs and prices per segment."""
    command = context_of(context)
    wanted = [parse_country(country)] if country is not None else None
    with command.application() as application:
        rows = application.pricing.list_prices(wanted, networks=networks)
    command.answer({"rows": [_row(row) for row in rows]})


@prices.command("set", context_settings=SIGNED)
def set_price(
    context: typer.Context,
    country: Annotated[str, typer.Argument(metavar="COUNTRY", show_default=False, help="Such as DE.")],
    price: Annotated[str, typer.Argument(metavar="PRICE", show_default=False, help="Per segment.")],
    loss_until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Allow a price below cost until the end of this day.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why a loss is allowed.")] = "",
) -> None:
    """Set a country's price by hand; its networks without a price of their own inherit it."""
    command = context_of(context)
    value = parse_price(price)
    until = _end_of_day(loss_until) if loss_until is not None else None
    with command.application() as application:
        change_id = application.pricing.set_price(
            parse_country(country), value, actor=command.actor, loss_until=until, reason=reason
        )
    command.answer({"change_id": change_id})


@prices.command()
def reprice(
    context: typer.Context,
    markup: Annotated[str | None, typer.Option(metavar="PERCENT", help="Of the cost, on top of it.")] = None,
    margin: Annotated[str | None, typer.Option(metavar="PERCENT", help="Of the price, that is profit.")] = None,
    raise_markup: Annotated[str | None, typer.Option(metavar="POINTS", help="More markup than now.")] = None,
    raise_margin: Annotated[str | None, typer.Option(metavar="POINTS", help="More margin than now.")] = None,
    change_percent: Annotated[str | None, typer.Option(metavar="PERCENT", help="More than the price now.")] = None,
    change_amount: Annotated[str | None, typer.Option(metavar="MONEY", help="More than the price now.")] = None,
    profit: Annotated[str | None, typer.Option(metavar="MONEY", help="On top of the cost.")] = None,
    countries: Annotated[str | None, typer.Option(metavar="ISO,…", help="Only these, like DE,FR.")] = None,
    in_region: Annotated[str | None, typer.Option("--region", metavar="NAME", help="Only this one, like EU.")] = None,
    step: Annotated[str | None, typer.Option("--round", metavar="STEP", help="To this step, like 0.0001.")] = None,
    rounding: Annotated[Rounding, typer.Option(help="Which way to round.")] = Rounding.NEAREST,
    min_profit: Annotated[str | None, typer.Option(metavar="MONEY", help="Must stay per segment.")] = None,
    cap: Annotated[str | None, typer.Option(metavar="PERCENT", help="Change by at most this.")] = None,
    include_manual: Annotated[bool, typer.Option("--include-manual", help="Prices set by hand too.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Show what would change, change nothing.")] = False,
) -> None:
    """Change prices in bulk by one rule, as one change that can be reverted at any time."""
    command = context_of(context)
    given = {
        RuleKind.MARKUP: markup,
        RuleKind.MARGIN: margin,
        RuleKind.RAISE_MARKUP: raise_markup,
        RuleKind.RAISE_MARGIN: raise_margin,
        RuleKind.CHANGE_PERCENT: change_percent,
        RuleKind.CHANGE_AMOUNT: change_amount,
        RuleKind.PROFIT: profit,
    }
    limits = PriceLimits(
        min_profit=None if min_profit is None else micro_exact(parse_price(min_profit)),
        cap=None if cap is None else parse_percent(cap),
        step=1 if step is None else micro_exact(parse_price(step)),
        rounding=rounding,
    )
    rule, scope = _rule(given), _scope(countries, in_region)
    with command.application() as application:
        done = application.pricing.reprice(
            rule, actor=command.actor, limits=limits, countries=scope,
            include_manual=include_manual, preview=preview,
        )  # fmt: skip
    rows = [
        {
            "country": row.country,
            "mccmnc": row.mccmnc,
            "cost": _money(row.cost),
            "before": _money(row.before),
            "after": _money(row.after),
            "note": ", ".join(row.notes),
        }
        for row in done.rows
    ]
    applied = 0 if done.change_id is None else len(rows)
    command.answer({"change_id": done.change_id, "applied": applied, "rows": rows, "skipped": _skipped(done.skipped)})


@prices.command()
def changes(context: typer.Context) -> None:
    """List the saved changes, newest first."""
    command = context_of(context)
    with command.application() as application:
        saved = application.pricing.changes()
    rows = [
        {
            "change_id": one.change_id,
            "at": one.at.isoformat(),
            "actor": one.actor,
            "label": one.label,
            "rows": one.rows,
            "reverts": one.reverts_id,
        }
        for one in saved
    ]
    command.answer({"changes": rows})


@prices.command()
def revert(context: typer.Context, change_id: RecordID) -> None:
    """Undo a change; rows edited since are left alone and named."""
    command = context_of(context)
    with command.application() as application:
        done = application.pricing.revert(change_id, actor=command.actor)
    command.answer({"change_id": done.change_id, "restored": done.restored, "skipped": _skipped(done.skipped)})


@prices.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="Where to.")],
    file_format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="csv, xlsx or pdf; by the file's ending otherwise.")
    ] = None,
    client: Annotated[str | None, typer.Option(metavar="NAME", help="As this client pays.")] = None,
) -> None:
    """Write the price list to FILE."""
    command = context_of(context)
    target = absolute(file)
    chosen = file_format if file_format is not None else target.suffix.removeprefix(".").lower() or "csv"
    if chosen not in list(FileFormat):
        raise InvalidInput(tr("Choose csv, xlsx or pdf, not “{format}”.", format=chosen[:20]))
    order = ExportOrder(FileFormat(chosen), client=client)
    with command.application() as application:
        done = application.price_files.export(target, order, actor=command.actor, replace=True)
    command.answer({"file": str(target), "rows": done.rows})


@prices.command("import")
def import_sheet(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="CSV or XLSX.")],
    provider: Annotated[str, typer.Option(metavar="NAME", help="Whose costs they are.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, change nothing.")] = False,
) -> None:
    """Read a provider's price sheet: all of it or nothing."""
    command = context_of(context)
    with command.application() as application:
        done = application.price_files.import_sheet(absolute(file), provider, actor=command.actor, dry_run=dry_run)
    errors = [{"row": one.row, "column": one.column, "message": one.message} for one in done.errors]
    document: dict[str, Any] = {"rows": done.rows, **_difference(done.difference), "errors": errors}
    if errors:
        first = done.errors[0]
        message = tr(
            "Nothing was imported. Rows that cannot be used: {count}. Row {row}: {message}", count=len(errors),
            row=first.row, message=first.message,
        )  # fmt: skip
        raise Documented(message, document, code="import_errors")
    command.answer(document)


def _row(row: PriceRow) -> dict[str, Any]:
    rate, applies, price = row.rate, row.applies, row.price
    return {
        "country": rate.country,
        "mccmnc": rate.mccmnc,
        "network": rate.network,
        "cost": _money(row.cost),
        "cost_currency": row.cost_currency,
        "price": _money(price),
        "currency": row.currency,
        "margin": margin_text(price, rate.cost),
        "markup": markup_text(price, rate.cost),
        "rule": applies.rule or None,
        "manual": applies.manual,
        "enabled": row.enabled,
        "reason": "no_rate" if rate.unconverted else None,
    }


def _rule(given: dict[RuleKind, str | None]) -> PriceRule:
    chosen = [(kind, text) for kind, text in given.items() if text is not None]
    if len(chosen) != 1:
        raise typer.BadParameter("give exactly one rule, like --markup 25 or --margin 30")
    kind, text = chosen[0]
    return PriceRule(kind, parse_percent(text) if kind in PERCENT_RULES else micro_exact(parse_price(text)))


def _scope(countries: str | None, region_name: str | None) -> frozenset[str] | None:
    if countries is None and region_name is None:
        return None
    named = frozenset(parse_countries(countries)) if countries is not None else frozenset()
    return named | (region(region_name) if region_name is not None else frozenset())


def _skipped(rows: tuple[SkippedRow, ...]) -> list[dict[str, Any]]:
    return [{"country": row.country, "mccmnc": row.mccmnc, "reason": row.reason.value} for row in rows]


def _difference(difference: CostDifference | None) -> dict[str, int]:
    counted = difference or CostDifference(0, 0, 0, 0, 0)
    return {name: getattr(counted, name) for name in ("new", "raised", "lowered", "closed", "unchanged")}


def _money(micro: int | None) -> str | None:
    return None if micro is None else micro_text(micro)


def _end_of_day(text: str) -> datetime:
    return datetime.combine(parse_day(text), time(23, 59, 59), UTC)
