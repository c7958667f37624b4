"""Statements of a client for a month: opening credit, every entry, closing credit, and what was sent where."""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_date

from desktop_app.domain.client_ledger import EntryType, LedgerLine, Statement
from desktop_app.domain.money import amount_of, micro_text
from desktop_app.exports import csv_file
from desktop_app.exports.table import Cell, Column, Kind, Table
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.services.preferences import read_preferences
from desktop_app.services.price_files import require_free
from desktop_app.services.translations import sayer
from desktop_app.storage.unit_of_work import Database

MINUS: Final = "\u2212"


class StatementFormat(StrEnum):
    """What a statement is written as."""

    PDF = "pdf"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar; its days are those of the computer that asks."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """Return the month that a moment is in."""
        local = moment.astimezone()
        return cls(local.year, local.month)

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)

    @property
    def after(self) -> "Month":
        """The month after."""
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.number, 1).astimezone()

    @property
    def last_day(self) -> int:
        """How many days it has."""
        return calendar.monthrange(self.year, self.number)[1]

    def title(self, language: str) -> str:
        """Return what a person calls it: "November 2026"."""
        return format_date(self.begin.date(), "LLLL yyyy", locale=language)


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A statement that was written: where, and what it says."""

    path: Path
    statement: Statement


class StatementsService:
    """Reads and writes statements."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def months(self, name: str) -> list[Month]:
        """Return the months there can be a statement of, this one first.

        Raises:
            NotFound: no such client.
        """
        with self._database.read() as uow:
            first = Month.of(uow.clients.get(name).created_at)
        month = Month.of(self._clock())
        months = [month]
        while month != first and len(months) < 120:
            month = month.before
            months.append(month)
        return months

    def statement(self, name: str, month: Month) -> Statement:
        """Return a client's statement of a month; what it says adds up, or there is none.

        Raises:
            NotFound: no such client.
            RuntimeError: the entries do not add up; nobody must be sent that.
        """
        since, until = month.begin, month.after.begin
        with self._database.read() as uow:
            client = uow.clients.get(name)
            account = client.account_id
            opening = uow.client_ledger.posted_before(account, since)
            statement = Statement(
                client.name,
                client.currency,
                since,
                until,
                opening,
                _running(opening, uow.client_ledger.between(account, since, until)),
                uow.client_ledger.countries(account, client.client_id, since, until),
                uow.client_ledger.posted_before(account, until),
                uow.ledger.balance(account).held,
            )
        statement.require_sound()
        return statement

    def write(
        self, path: Path, name: str, month: Month, kind: StatementFormat, *, language: str, actor: str, job: Job,
        replace: bool = False,
    ) -> StatementFile:  # fmt: skip
        """Write a client's statement of a month to ``path``, all or nothing.

        Args:
            path: the file.
            name: the client.
            month: of which.
            kind: PDF for a person, CSV with exact decimals for a program.
            language: of a PDF's words.
            actor: who writes it.
            job: progress and cancellation.
            replace: a file of this name may be replaced.

        Raises:
            NotFound: no such client.
            InvalidInput: a file that cannot be written or is there already (code "file_exists").
            StorageUnavailable: the disk is full or may not be written to.
            Cancelled: the job was stopped; nothing was written.
        """
        if not replace:
            require_free(path)
        statement = self.statement(name, month)
        job.step(0, len(statement.lines))
        if kind is StatementFormat.CSV:
            csv_file.write(path, _table(statement))
        else:
            with self._database.read() as uow:
                company = read_preferences(uow).company
            _write_pdf(path, statement, month, company, language, job)
        with self._database.begin() as uow:
            uow.activity.add(
                self._clock(), actor, "statement_written", statement.client, name=path.name,
                month=f"{month.year}-{month.number:02d}",
            )  # fmt: skip
        return StatementFile(path, statement)

    def free_name(self, folder: Path, name: str, month: Month, kind: StatementFormat) -> Path:
        """Return a name in ``folder`` that says whose statement it is and of when, and that no file has yet."""
        word = "".join(letter if letter.isalnum() else "-" for letter in name).strip("-") or "client"
        stem = f"{word}-{month.year}-{month.number:02d}"
        names = (f"{stem}{'' if number == 1 else f' ({number})'}.{kind}" for number in range(1, 10_000))
        return next(path for one in names if not (path := folder / one).exists())


def _running(opening: int, lines: Sequence[LedgerLine]) -> list[LedgerLine]:
    """Return the lines with the credit after each in the order of time, from the opening on."""
    credit, told = opening, []
    for line in lines:
        credit += line.amount
        told.append(replace(line, credit=credit))
    return told


def _table(statement: Statement) -> Table:
    """Return a statement as the table of a CSV: the opening, every entry, the closing, then the countries."""
    columns = (
        Column("date", "date", Kind.TEXT), Column("type", "type", Kind.TEXT), Column("description", "description", Kind.TEXT),
        Column("reference", "reference", Kind.TEXT), Column("sms", "sms", Kind.INTEGER), Column("out", "out", Kind.DECIMAL),
        Column("in", "in", Kind.DECIMAL), Column("credit", "credit", Kind.DECIMAL), Column("currency", "currency", Kind.TEXT),
        Column("by", "by", Kind.TEXT), Column("entry", "entry", Kind.INTEGER),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [_edge(statement, statement.since, "opening", statement.opening)]
    for line in statement.lines:
        amount = amount_of(line.amount)
        rows.append(
            (
                f"{line.at.astimezone():%Y-%m-%d %H:%M:%S}", line.kind.value, description(line), reference(line), line.sms,
                amount if line.amount < 0 else None, amount if line.amount > 0 else None, amount_of(line.credit),
                statement.currency, line.actor, line.entry_id,
            )
        )  # fmt: skip
    rows.append(_edge(statement, statement.until, "closing", statement.closing))
    rows += [
        ("", "country", use.country, "", use.sms, amount_of(-use.amount), None, None, statement.currency, "", None)
        for use in statement.countries
    ]
    return Table(columns, rows)


def _edge(statement: Statement, at: datetime, word: str, credit: int) -> tuple[Cell, ...]:
    return (f"{at:%Y-%m-%d}", word, "", "", None, None, None, amount_of(credit), statement.currency, "", None)


def description(line: LedgerLine) -> str:
    """Return what an entry was for, in the words it was made with."""
    return line.batch or line.reason


def reference(line: LedgerLine) -> str:
    """Return what an entry refers to outside: a payment, an invoice, a ticket, the entry it corrects."""
    given = line.detail.reference or line.detail.invoice or line.detail.ticket
    if line.corrects_id is not None:
        return f"#{line.corrects_id}"
    return given or (f"#{line.batch_id}" if line.batch_id is not None else "")


def exact(micro: int) -> str:
    """Return an amount with at least two decimals, and as many of its six as it has: what adds up is seen to."""
    whole, _, fraction = micro_text(abs(micro)).partition(".")
    sign = MINUS if micro < 0 else ""
    return f"{sign}{int(whole):,}.{fraction.rstrip('0').ljust(2, '0')}"


def _write_pdf(path: Path, statement: Statement, month: Month, company: str, language: str, job: Job) -> None:
    # Here, not above: Qt's graphics are needed for nothing else on a server.
    from desktop_app.exports import pdf_file

    tr = sayer(language)
    number = _numbers(language)
    title = tr("Statement {month}", month=month.title(language))
    facts = (
        statement.client,
        tr("1 to {day} {month}, amounts in {currency}", day=month.last_day, month=month.title(language),
           currency=statement.currency),
        tr("Opening credit {opening}, closing credit {closing}", opening=number(statement.opening),
           closing=number(statement.closing)),
    )  # fmt: skip
    printed = pdf_file.PrintedList(
        company=company,
        title=title,
        facts=facts,
        columns=tuple(
            pdf_file.PrintedColumn(text, place > 1)
            for place, text in enumerate((tr("Entry"), tr("Date"), tr("Out"), tr("In"), tr("Credit")))
        ),
        rows=_printed_rows(statement, tr, number, language),
        decimal_mark=number(0)[1],
        page_text=lambda page, pages: tr("Page {page} of {pages}", page=page, pages=pages),
        continued_text=lambda name: name,
    )
    pdf_file.write(path, printed, lambda done: job.step(done, len(statement.lines)))


def _printed_rows(
    statement: Statement, tr: Callable[..., str], number: Callable[[int], str], language: str
) -> list[tuple[bool, tuple[str, ...]]]:
    names = Locale.parse(language).territories
    kinds = {
        EntryType.TOP_UP: tr("Top-up"), EntryType.SENDING: tr("Sending"), EntryType.REFUND: tr("Refund"),
        EntryType.ADJUSTMENT: tr("Adjustment"), EntryType.CORRECTION: tr("Correction"),
    }  # fmt: skip
    rows: list[tuple[bool, tuple[str, ...]]] = [
        (False, (tr("Opening credit"), f"{statement.since:%d.%m.%Y}", "", "", number(statement.opening)))
    ]
    for line in statement.lines:
        what = f"{kinds[line.kind]}: {description(line)}"
        out, into = (number(line.amount), "") if line.amount < 0 else ("", f"+{number(line.amount)}")
        rows.append((True, (what, f"{line.at.astimezone():%d.%m.%Y}", out, into, number(line.credit))))
    rows.append((False, (tr("Closing credit"), "", "", "", number(statement.closing))))
    if statement.countries:
        rows.append((False, (tr("SMS per country"), "", "", "", "")))
        rows += [
            (True, (f"{names.get(use.country, use.country)}: {use.sms:,} SMS", "", number(-use.amount), "", ""))
            for use in statement.countries
        ]
    return rows


def _numbers(language: str) -> Callable[[int], str]:
    """Return what writes an amount with the marks of a language."""
    marks = str.maketrans(".,", ".,") if language == "en" else str.maketrans(".,", ",.")
    return lambda micro: exact(micro).translate(marks)
