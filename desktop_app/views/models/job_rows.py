"""Batches as rows of the list of jobs, and of the list of what is scheduled."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.domain.message_lists import BatchCounts, BatchLine
from desktop_app.domain.messages import BatchControl
from desktop_app.domain.money import micro_text
from desktop_app.services.batches import BatchState
from desktop_app.views.formats import MISSING, count_text, percent_text
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.record_rows import Heading, Row
from desktop_app.views.moments import moment_text, money_text, start_text

JOB_WIDTHS: Final = {0: 136, 2: 130, 3: 118, 4: 104, 5: 88, 6: 64, 7: 104, 8: 132}
SCHEDULE_WIDTHS: Final = {0: 224, 2: 160, 3: 116, 4: 100, 5: 116, 6: 176}
NAME_COLUMN: Final = 1
_SNIPPET: Final = 60


class JobStanding(StrEnum):
    """How a batch stands, in one word."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    HELD = "held"
    STOPPED = "stopped"
    FINISHED = "finished"


_PILLS: Final = {
    JobStanding.SCHEDULED: ("calendar-clock", "info"), JobStanding.SENDING: ("loader-circle", "info"),
    JobStanding.PAUSED: ("pause", "warning"), JobStanding.HELD: ("hourglass", "warning"),
    JobStanding.STOPPED: ("circle-slash", "neutral"),
    JobStanding.FINISHED: ("check", "success"),
}  # fmt: skip


def standing_of(state: BatchState, now: datetime) -> JobStanding:
    """Return how a batch stands."""
    line = state.line
    if line.control is BatchControl.STOPPED:
        return JobStanding.STOPPED
    if not state.counts.is_sending:
        return JobStanding.FINISHED
    if line.control is BatchControl.PAUSED:
        return JobStanding.PAUSED
    if line.is_held:
        return JobStanding.HELD
    return JobStanding.SCHEDULED if line.send_at is not None and line.send_at > now else JobStanding.SENDING


def standing_text(standing: JobStanding) -> str:
    """Return the word for it."""
    return {
        JobStanding.SCHEDULED: tr("Scheduled"), JobStanding.SENDING: tr("Sending"), JobStanding.PAUSED: tr("Paused"),
        JobStanding.HELD: tr("On hold"),
        JobStanding.STOPPED: tr("Stopped"), JobStanding.FINISHED: tr("Finished"),
    }[standing]  # fmt: skip


def standing_pill(standing: JobStanding) -> tuple[str, str]:
    """Return icon and tint."""
    return _PILLS[standing]


def job_name(line: BatchLine) -> str:
    """Return what a batch is called: its name, or the reason given for it, or the beginning of its text."""
    return line.name or line.reason or " ".join(line.text.split())[:_SNIPPET]


def delivered_share(counts: BatchCounts) -> int | None:
    """Return the share of what was sent that was delivered, in hundredths of a percent; None before anything was."""
    return counts.delivered * 10_000 // counts.sent if counts.sent else None


def amount_text(micro: int, currency: str) -> str:
    """Return an amount in micro-units with two decimals and its currency."""
    return money_text(Decimal(micro_text(micro)), currency)


def job_headings() -> tuple[Heading, ...]:
    """Return the columns of the list of jobs."""
    return (
        Heading(tr("Submitted")), Heading(tr("Job")), Heading(tr("Client")), Heading(tr("State")),
        Heading(tr("Sent"), is_number=True), Heading(tr("Delivered"), is_number=True),
        Heading(tr("Failed"), is_number=True), Heading(tr("Cost"), is_number=True), Heading(tr("By")),
    )  # fmt: skip


def job_rows(states: Iterable[BatchState], now: datetime) -> tuple[Row[BatchState], ...]:
    """Return batches as rows."""
    return tuple(_job(state, now) for state in states)


def schedule_headings() -> tuple[Heading, ...]:
    """Return the columns of the list of what is scheduled."""
    return (
        Heading(tr("Starts")), Heading(tr("Job")), Heading(tr("Client")), Heading(tr("Sender")),
        Heading(tr("Messages"), is_number=True), Heading(tr("Reserved"), is_number=True), Heading(tr("By")),
    )  # fmt: skip


def schedule_rows(states: Iterable[BatchState]) -> tuple[Row[BatchState], ...]:
    """Return scheduled batches as rows."""
    return tuple(_scheduled(state) for state in states)


def _job(state: BatchState, now: datetime) -> Row[BatchState]:
    line, counts = state.line, state.counts
    standing = standing_of(state, now)
    image, tint = _PILLS[standing]
    done = counts.all - counts.waiting - counts.in_flight - counts.not_sent
    sent = tr("{done:,} of {count:,}", done=done, count=counts.all)
    share = delivered_share(counts)
    texts = (
        moment_text(line.created_at, now), job_name(line), line.client, standing_text(standing), sent,
        MISSING if share is None else percent_text(share), count_text(counts.failed),
        amount_text(counts.charged, line.currency), line.actor,
    )  # fmt: skip
    looks = (
        CellLook("text2"), CellLook("text", "body_medium", faint=f"#{line.batch_id}"), CellLook("text2"),
        CellLook(pill=tint, icon=image), CellLook("text"), CellLook("text2"),
        CellLook("danger" if counts.failed else "text3"), CellLook("text"), CellLook("text2"),
    )  # fmt: skip
    spoken = ", ".join((job_name(line), line.client, standing_text(standing), sent))
    return Row(state, texts, looks, spoken=spoken)


def _scheduled(state: BatchState) -> Row[BatchState]:
    line, counts = state.line, state.counts
    starts = start_text(line.send_at) if line.send_at is not None else ""
    texts = (
        starts, job_name(line), line.client, line.sender, count_text(counts.waiting),
        amount_text(line.total, line.currency), line.actor,
    )  # fmt: skip
    is_paused = line.control is BatchControl.PAUSED
    note = tr("Paused") if is_paused else f"#{line.batch_id}"
    looks = (
        CellLook("text", "body_medium", icon="pause" if is_paused else "calendar-clock"),
        CellLook("text", "body_medium", faint=note),
        CellLook("text2"), CellLook("text2"), CellLook("text"), CellLook("text"), CellLook("text2"),
    )  # fmt: skip
    return Row(state, texts, looks, spoken=", ".join(texts[:4]))
