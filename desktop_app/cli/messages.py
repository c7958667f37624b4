"""`send`, `messages` and `worker`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.models import OptionInfo

from desktop_app.app import Application
from desktop_app.cli.context import HIGHEST_ID, CommandContext, RecordID, absolute, context_of, parse_seconds
from desktop_app.domain.batches import MessageRow, Quote
from desktop_app.domain.errors import AppError, Cancelled, InvalidInput, ProviderError
from desktop_app.domain.language import tr
from desktop_app.domain.messages import OPEN, bucket_of
from desktop_app.domain.money import micro_text
from desktop_app.engine.lease import steady_seconds
from desktop_app.services.job import Job
from desktop_app.services.recipient_files import read_numbers
from desktop_app.services.sending import Preflight, SendOrder

messages = typer.Typer(help="What became of messages.")
POLL_SECONDS = 0.3


def _seconds(help_text: str) -> OptionInfo:
    option: OptionInfo = typer.Option(parser=parse_seconds, metavar="SECONDS", help=help_text)
    return option


def register(command_line: typer.Typer) -> None:
    """Add the commands."""
    command_line.command()(send)
    command_line.command()(worker)
    command_line.add_typer(messages, name="messages")


def send(
    context: typer.Context,
    client: Annotated[str, typer.Option(metavar="NAME", help="Who pays.")],
    sender: Annotated[str, typer.Option(metavar="SENDER", help="The sender ID.")],
    text: Annotated[str, typer.Option(metavar="TEXT", help="The text of every message.")],
    to: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER", help="With + or 00; may be given more than once.")
    ] = None,
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="Numbers from a text, CSV or XLSX file.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it is sent on behalf of the client.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it means, send nothing.")] = False,
    wait: Annotated[float | None, _seconds("Send now, for at most so many seconds.")] = None,
) -> None:
    """Send one text for a client."""
    command = context_of(context)
    numbers = [*(to or []), *(read_numbers(absolute(file)) if file is not None else [])]
    if not numbers:
        raise InvalidInput(tr("Give at least one number with --to, or a file with --file."), fields={"to": ""})
    order = SendOrder(client, sender, text, numbers, command.actor, reason)
    with command.application() as application:
        if dry_run:
            command.answer(_sheet(application.sending.preflight(order)))
            return
        if wait is None:
            command.answer(_sheet(application.sending.queue(order)))
            return
        with command.job() as job:
            sheet = application.sending.queue(order)
            # Before anything is sent: whatever happens from here on, the batch is known and nobody sends it again.
            command.answer(_sheet(sheet))
            _send_now(command, application, job, wait, sheet.batch_id or 0)


def _send_now(command: CommandContext, application: Application, job: Job, seconds: float, batch_id: int) -> None:
    """Drain a queued batch. That this was cut short is no failure of the send: the batch stays queued."""
    try:
        _drain(application, job, seconds, batch_id)
    except AppError as error:
        command.output.remark(
            tr("{problem} Batch {batch} stays queued: do not send it again, “messages poll” or a worker goes on.",
               problem=error.user_message, batch=batch_id)
        )  # fmt: skip


def worker(context: typer.Context) -> None:
    """Send what is queued and ask for receipts, until stopped."""
    command = context_of(context)
    with command.application() as application, command.job() as job:
        command.answer({"worker": command.settings.database_url})
        try:
            application.run_worker(job)
        except Cancelled:
            return


@messages.command("list")
def list_messages(
    context: typer.Context,
    batch: Annotated[int | None, typer.Option(min=1, max=HIGHEST_ID, metavar="ID", help="Only this batch's.")] = None,
) -> None:
    """List queued messages and where they stand."""
    command = context_of(context)
    with command.application() as application:
        rows = application.delivery.list_messages(batch)
    command.answer({"rows": [_message(row) for row in rows]})


@messages.command()
def show(context: typer.Context, message_id: RecordID) -> None:
    """Show one message with its tries and receipts."""
    command = context_of(context)
    with command.application() as application:
        found = application.delivery.timeline(message_id)
    attempts = [
        {
            "n": one.n,
            "outcome": one.outcome.value,
            "started_at": one.started_at.isoformat(),
            "ended_at": one.ended_at.isoformat() if one.ended_at else None,
            "code": one.code,
            "detail": one.detail,
            "parts": [
                {"provider_message_id": sid, "status": status, "cost": cost, "currency": currency}
                for sid, status, cost, currency in one.parts
            ],
        }
        for one in found.attempts
    ]
    receipts = [
        {"at": at.isoformat(), "status": one.status.value if one.status else None, "provider_status": one.provider_status,
         "error_code": one.error_code, "raw": one.raw}
        for at, one in found.receipts
    ]  # fmt: skip
    row = _message(found.row)
    command.answer({"rows": [row], **row, "why": found.why, "attempts": attempts, "receipts": receipts})


@messages.command()
def poll(
    context: typer.Context,
    wait: Annotated[float, _seconds("Go on for at most so many seconds.")] = 0.0,
) -> None:
    """Send what is queued, then ask the providers what became of the messages."""
    command = context_of(context)
    with command.application() as application, command.job() as job:
        deadline = steady_seconds() + wait
        while True:
            trouble = _poll_once(application, job, deadline)
            counts = application.delivery.count_by_status()
            open_count = sum(count for status, count in counts.items() if status in OPEN)
            given_up = trouble is not None and not trouble.retryable
            if not open_count or given_up or steady_seconds() >= deadline:
                break
            job.wait(min(POLL_SECONDS, max(0.0, deadline - steady_seconds())))
    if trouble is not None:
        raise trouble
    command.answer({"final": sum(counts.values()) - open_count, "open": open_count})


def _poll_once(application: Application, job: Job, deadline: float) -> ProviderError | None:
    """Send what is queued and ask once; return what a provider did instead of answering."""
    _drain(application, job, max(0.0, deadline - steady_seconds()), None)
    try:
        application.receipts.poll_once(job)
    except ProviderError as error:
        return error
    return None


def _drain(application: Application, job: Job, seconds: float, batch_id: int | None) -> None:
    """Send until nothing of the batch (or of all) waits any more, or the time is over; at least once over the queue."""
    deadline = steady_seconds() + seconds
    if application.is_drained(batch_id):
        return
    rounds = iter(range(1))

    def over() -> bool:
        first = next(rounds, None) is not None
        return not first and (application.is_drained(batch_id) or steady_seconds() >= deadline)

    application.drain(job, until=over)


def _sheet(sheet: Preflight) -> dict[str, Any]:
    return {
        "batch_id": sheet.batch_id,
        "accepted": sheet.accepted,
        "encoding": sheet.plan.encoding.value,
        "segments": sheet.plan.count,
        "sms": sheet.segments,
        "total": micro_text(sheet.total),
        "currency": sheet.currency,
        "by_country": [
            {
                "country": group.quote.country,
                "numbers": len(group.numbers),
                "segments": sheet.plan.count,
                "price": micro_text(group.quote.price),
                "amount": micro_text(group.amount),
                **_network(group.quote),
            }
            for group in sheet.groups
        ],
        "not_sent": [{"to": one.to, "reason": one.reason} for one in sheet.not_sent],
    }


def _network(quote: Quote) -> dict[str, str]:
    """Return the network whose price it is; a country's price has none."""
    return {} if quote.mccmnc is None else {"mccmnc": quote.mccmnc, "network": quote.network}


def _message(row: MessageRow) -> dict[str, Any]:
    return {
        "id": row.message_id,
        "batch_id": row.batch_id,
        "client": row.client,
        "to": row.to,
        "country": row.country,
        "mccmnc": row.mccmnc,
        "status": row.status.value,
        "bucket": bucket_of(row.status).value,
        "price": micro_text(row.price),
        "currency": row.currency,
        "segments": row.segments,
        "provider": row.provider,
        "provider_message_id": row.provider_message_id,
        "reason": row.reason or None,
    }
