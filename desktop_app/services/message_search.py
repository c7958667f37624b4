"""Finding messages: what a person types turned into conditions, pages of lines, counts, and what is found as a file."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from desktop_app.domain.language import tr
from desktop_app.domain.message_lists import MessageLine
from desktop_app.domain.messages import Bucket, MessageStatus, bucket_of
from desktop_app.domain.money import micro_text
from desktop_app.exports import csv_file, xlsx_file
from desktop_app.exports.table import Cell, Column, Kind, Table
from desktop_app.services.job import Job
from desktop_app.storage.repositories.message_search import MessageFilter
from desktop_app.storage.unit_of_work import Database

PAGE: Final = 200
_STEP: Final = 5_000
# Reports usually come within minutes.
PATIENCE: Final = timedelta(hours=1)
Wanted = MessageFilter
_NUMBER: Final = re.compile(r"(\+|00(?=[^0]))?[\d\s().\-/\u00a0\u2010-\u2015]+")
_OURS: Final = re.compile(r"#\s*(\d{1,15})")
_ID: Final = re.compile(r"[1-9]\d{0,14}")
# Fewer digits than this end too many numbers to be looked for.
_FEWEST_DIGITS: Final = 2
_WHOLE_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class MissingReports:
    """How many messages have no final report after an hour, and when the last report of any message came."""

    count: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many of the messages found stand where, whatever statuses are chosen."""

    by_status: Mapping[MessageStatus, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status.values())

    def of_bucket(self, bucket: Bucket) -> int:
        """Return how many are in a bucket, those with an unknown outcome left out: they have a list of their own."""
        return sum(
            count
            for status, count in self.by_status.items()
            if bucket_of(status) is bucket and status is not MessageStatus.UNKNOWN
        )

    def of(self, wanted: Wanted) -> int:
        """Return how many stand at a status that is wanted."""
        if not wanted.statuses:
            return self.total
        return sum(self.by_status.get(status, 0) for status in wanted.statuses)


def with_text(wanted: Wanted, text: str) -> Wanted:
    """Return ``wanted`` narrowed by what a person typed: a number in any form or its last digits, an id, or a text."""
    typed = " ".join(text.split())
    if not typed:
        return wanted
    ours = _OURS.fullmatch(typed)
    if ours is not None:
        return replace(wanted, message_id=int(ours[1]))
    number = _NUMBER.fullmatch(typed)
    digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    if number is None or len(digits) < _FEWEST_DIGITS:
        return replace(wanted, words=typed)
    if number[1]:
        return replace(wanted, number_start="+" + digits.removeprefix("00" if number[1] == "00" else ""))
    # "0151 …" is how a whole number is written at home: the zero is no part of it. "0042" are the last digits of one.
    end = digits.removeprefix("0") if len(digits) >= _WHOLE_DIGITS else digits
    return replace(wanted, number_end=end, message_id=int(digits) if _ID.fullmatch(digits) else None)


class MessageSearchService:
    """Looks for messages, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, wanted: Wanted, limit: int = PAGE, *, below_id: int | None = None, skip: int = 0
    ) -> list[MessageLine]:
        """Return ``limit`` messages with an id below ``below_id``, after leaving out ``skip``."""
        with self._database.read() as uow:
            return uow.message_search.lines(wanted, limit, below_id=below_id, skip=skip)

    def line(self, message_id: int) -> MessageLine | None:
        """Return one message, None when there is none with this id."""
        with self._database.read() as uow:
            return uow.message_search.line(message_id)

    def counts(self, wanted: Wanted) -> StatusCounts:
        """Return how many messages are found, by status; statuses that are chosen do not narrow it."""
        with self._database.read() as uow:
            return StatusCounts(uow.message_search.counts(wanted))

    def newest_id(self) -> int:
        """Return the id of the newest message, 0 without any."""
        with self._database.read() as uow:
            return uow.message_search.newest_id()

    def is_moving(self) -> bool:
        """Return whether any message may still change by itself."""
        with self._database.read() as uow:
            return uow.message_search.opens()

    def missing_reports(self, now: datetime) -> MissingReports:
        """Return how many messages wait for their report for longer than usual."""
        with self._database.read() as uow:
            return MissingReports(uow.message_search.unreported(now - PATIENCE), uow.message_search.last_report())

    def countries(self) -> list[str]:
        """Return the ISO codes of the countries that anything was ever sent to."""
        with self._database.read() as uow:
            return uow.message_search.countries()

    def export(self, path: Path, wanted: Wanted, job: Job, say: Callable[[MessageLine], tuple[str, str, str]]) -> int:
        """Write what is found to ``path``, newest first, as XLSX where it ends so, else as CSV; return how many there are.

        Args:
            path: the file.
            wanted: what is found.
            job: gets the progress; cancelled, no file is written.
            say: gives country, status and reason of a message in the person's words.

        Raises:
            InvalidInput, StorageUnavailable: see ``csv_file.write``; more rows than an XLSX sheet holds are refused.
            Cancelled: the person stopped it.
        """
        table = Table(_columns(), self._rows(wanted, self.counts(wanted).of(wanted), job, say))
        if path.suffix.lower() == ".xlsx":
            return xlsx_file.write(path, table, tr("Messages"))
        return csv_file.write(path, table)

    def _rows(
        self, wanted: Wanted, total: int, job: Job, say: Callable[[MessageLine], tuple[str, str, str]]
    ) -> Iterator[tuple[Cell, ...]]:
        done, below_id = 0, None
        while True:
            job.step(done, max(done, total))
            with self._database.read() as uow:
                lines = uow.message_search.lines(wanted, _STEP, below_id=below_id)
                sids = uow.message_search.first_parts([line.message_id for line in lines])
            if not lines:
                return
            for line in lines:
                yield _row(line, sids.get(line.message_id, ""), *say(line))
            done, below_id = done + len(lines), lines[-1].message_id


def _columns() -> tuple[Column, ...]:
    return (
        Column("id", tr("ID"), Kind.INTEGER), Column("batch", tr("Job"), Kind.INTEGER),
        Column("submitted_utc", tr("Submitted (UTC)"), Kind.TEXT), Column("changed_utc", tr("Changed (UTC)"), Kind.TEXT),
        Column("client", tr("Client"), Kind.TEXT), Column("sender", tr("Sender ID"), Kind.TEXT),
        Column("to", tr("To"), Kind.TEXT), Column("country", tr("Country"), Kind.TEXT),
        Column("mccmnc", tr("MCC/MNC"), Kind.TEXT),
        Column("text", tr("Text"), Kind.TEXT), Column("segments", tr("Segments"), Kind.INTEGER),
        Column("status", tr("Status"), Kind.TEXT), Column("reason", tr("Reason"), Kind.TEXT),
        Column("price", tr("Price"), Kind.DECIMAL, 4), Column("currency", tr("Currency"), Kind.TEXT),
        Column("provider", tr("Provider"), Kind.TEXT), Column("provider_id", tr("ID at the provider"), Kind.TEXT),
    )  # fmt: skip


def _row(line: MessageLine, sid: str, country: str, status: str, reason: str) -> tuple[Cell, ...]:
    return (
        line.message_id, line.batch_id, line.created_at.isoformat(timespec="seconds"),
        line.changed_at.isoformat(timespec="seconds"), line.client, line.sender, line.to, country,
        line.mccmnc or "", line.text, line.segments, status,
        reason, Decimal(micro_text(line.price)), line.currency, line.provider, sid,
    )  # fmt: skip
