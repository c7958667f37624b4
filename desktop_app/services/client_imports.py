"""Clients from a file, with the credit they begin with: read, looked at, then stored all or not at all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from desktop_app.domain.clients import Client, clean_name, name_key
from desktop_app.domain.credits import SystemAccount, Transfer, TransferKind
from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import later, tr
from desktop_app.domain.mails import checked_address
from desktop_app.domain.money import micro_exact, parse_amount, parse_currency
from desktop_app.exports.limits import SheetCell
from desktop_app.exports.sheet import read_sheet
from desktop_app.services.clients import store_client
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.storage.unit_of_work import Database, UnitOfWork

SAMPLE: Final = 4
MAX_ERRORS: Final = 1_000
MOST_CLIENTS: Final = 10_000
# Field -> headings without marks, in lower case.
_HEADINGS: Final[Mapping[str, frozenset[str]]] = {
    "name": frozenset({"name", "client", "clientname", "company", "customer", "kunde", "firma", "müşteri", "şirket"}),
    "currency": frozenset({"currency", "currencycode", "währung", "parabirimi"}),
    "email": frozenset({"email", "mail", "emailaddress", "eposta"}),
    "credit": frozenset({"credit", "openingcredit", "balance", "guthaben", "kredi", "amount", "saldo"}),
    "alert": frozenset({"alert", "lowcreditalert", "threshold", "warnung", "uyarı"}),
}
_MARKS: Final = re.compile(r"\s*\(.*?\)|[\W_]+")


@dataclass(frozen=True, slots=True)
class ClientSheetHead:
    """How a file begins: its headings, its first rows as texts, and where its fields most likely stand."""

    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    guess: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ImportedClient:
    """A row of the file.

    Attributes:
        row: its number.
        name: of the client.
        currency: of its credit.
        email: "" for none.
        credit: micro-units it begins with, 0 for none.
        alert: micro-units, None for none.
        is_known: the very same was imported before: nothing happens again.
    """

    row: int
    name: str
    currency: str
    email: str
    credit: int
    alert: int | None
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Why a row cannot be used."""

    row: int
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class ClientReview:
    """What an import would do; nothing is stored yet.

    Attributes:
        path: the file.
        clients: every row that can be used.
        problems: rows that cannot, the first 1,000; with one of them nothing is imported.
        problem_count: all of them.
    """

    path: Path
    clients: tuple[ImportedClient, ...]
    problems: tuple[ImportProblem, ...]
    problem_count: int

    @property
    def new(self) -> list[ImportedClient]:
        """The clients that would be added."""
        return [one for one in self.clients if not one.is_known]

    def credit_by_currency(self) -> dict[str, int]:
        """Return the sum of the credits that would be given, by currency."""
        sums: dict[str, int] = {}
        for one in self.new:
            sums[one.currency] = sums.get(one.currency, 0) + one.credit
        return sums


class ClientImportsService:
    """Imports clients."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def open_sheet(self, path: Path) -> ClientSheetHead:
        """Return how a CSV or XLSX file begins.

        Raises:
            InvalidInput: no such file, another format, damaged, or headings that cannot be used.
        """
        sheet = read_sheet(path)
        sample = tuple(tuple(_text(cell) for cell in cells) for _, cells in islice(sheet.rows, SAMPLE))
        return ClientSheetHead(sheet.header, sample, guess_columns(sheet.header))

    def review(self, path: Path, columns: Mapping[str, int], *, job: Job) -> ClientReview:
        """Read the whole file and return what it would do.

        Args:
            path: the file.
            columns: field ("name", "currency", "email", "credit", "alert") -> position of its column; only the name is needed.
            job: progress and cancellation.

        Raises:
            InvalidInput: the file cannot be read, or no column holds the names.
            Cancelled: the job was stopped.
        """
        if "name" not in columns:
            sentence = tr("Choose the column with the names.")
            raise InvalidInput(sentence, fields={"name": sentence})
        rows = list(_rows(path, columns, job))
        with self._database.read() as uow:
            return _reviewed(uow, path, rows)

    def store(self, review: ClientReview, *, actor: str) -> int:
        """Add the new clients of a review with their credit, all in one transaction, and return how many there were.

        The same file again adds nothing and credits nothing: every row is compared with what is stored now.

        Raises:
            InvalidInput: a row cannot be used, or a client of that name is there meanwhile; nothing was imported.
        """
        if review.problem_count:
            raise InvalidInput(tr("Some rows cannot be used. Nothing was imported."))
        with self._database.begin() as uow:
            again = _reviewed(uow, review.path, [(one, None) for one in review.clients])
            if again.problem_count:
                raise InvalidInput(
                    tr("{problem} Nothing was imported.", problem=again.problems[0].message), fields={"name": ""}
                )
            for one in again.new:
                self._add(uow, one, actor)
            if again.new:
                uow.activity.add(
                    self._clock(), actor, "clients_imported", review.path.name, count=len(again.new),
                    credit={code: total for code, total in again.credit_by_currency().items() if total},
                )  # fmt: skip
            return len(again.new)

    def _add(self, uow: UnitOfWork, one: ImportedClient, actor: str) -> None:
        at = self._clock()
        client = store_client(uow, one.name, one.currency, one.email or None, at=at, actor=actor)
        if one.alert is not None:
            uow.clients.set_terms(
                client.client_id, name=client.name, email=client.email, refund_on=client.refund_on, alert=one.alert,
                alert_days=client.alert_days,
                default_sender=client.default_sender, language=client.language,
            )  # fmt: skip
        if one.credit:
            uow.ledger.post(_opening(uow, client, one.credit, actor), at)


def guess_columns(header: Iterable[str]) -> dict[str, int]:
    """Return where the fields most likely stand, by field; those that nothing looks like are left out."""
    meaning = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
    found: dict[str, int] = {}
    for position, heading in enumerate(header):
        field = meaning.get(_MARKS.sub("", heading.casefold()))
        if field is not None:
            found.setdefault(field, position)
    return found


Read = tuple[ImportedClient, ImportProblem | None]


def _rows(path: Path, columns: Mapping[str, int], job: Job) -> Iterator[Read]:
    for done, (row, cells) in enumerate(read_sheet(path).rows):
        job.step(done, 0)
        if done >= MOST_CLIENTS:
            raise InvalidInput(tr("A file has at most {most:,} clients.", most=MOST_CLIENTS))
        texts = {field: _text(cells[place]).strip() for field, place in columns.items()}
        try:
            yield _client(row, texts), None
        except InvalidInput as error:
            name = texts["name"]
            yield ImportedClient(row, name, "", "", 0, None), ImportProblem(row, name, error.user_message)


def _client(row: int, texts: Mapping[str, str]) -> ImportedClient:
    currency, email = texts.get("currency", ""), texts.get("email", "")
    credit = _amount(texts.get("credit", ""), tr("The credit"))
    alert = _amount(texts.get("alert", ""), tr("The alert"))
    return ImportedClient(
        row,
        clean_name(texts["name"], later("client")),
        parse_currency(currency) if currency else "",
        checked_address(email) if email else "",
        credit,
        alert or None,
    )


def _amount(text: str, what: str) -> int:
    amount = micro_exact(parse_amount(text)) if text else 0
    if amount < 0:
        raise InvalidInput(tr("{what} must not be below 0.", what=what))
    return amount


def _reviewed(uow: UnitOfWork, path: Path, rows: Iterable[Read]) -> ClientReview:
    """Compare what was read with the clients that are there now."""
    standard = uow.prices.default_list()
    currency = standard.currency if standard is not None else ""
    known = {name_key(client.name): client for client in uow.clients.list_all()}
    seen: dict[str, int] = {}
    clients: list[ImportedClient] = []
    problems: list[ImportProblem] = []
    for read, problem in rows:
        one = ImportedClient(
            read.row, read.name, read.currency or currency, read.email, read.credit, read.alert
        )  # fmt: skip
        key = name_key(one.name)
        first = seen.setdefault(key, one.row)
        if problem is None and first != one.row:
            problem = ImportProblem(one.row, one.name, tr("Row {row} has the same client.", row=first))
        client = known.get(key)
        if problem is None and client is not None:
            problem = _difference(uow, client, one)
            one = ImportedClient(one.row, one.name, one.currency, one.email, one.credit, one.alert, is_known=True)
        if problem is None:
            clients.append(one)
        else:
            problems.append(problem)
    return ClientReview(path, tuple(clients), tuple(problems[:MAX_ERRORS]), len(problems))


def _difference(uow: UnitOfWork, client: Client, one: ImportedClient) -> ImportProblem | None:
    """Return why a client that is there already is not the row's; None when the very row was imported before."""
    opening = uow.ledger.amount_of_key(_opening_key(client))
    same = client.currency == one.currency
    if same and (opening or 0) == one.credit and (opening or not uow.client_ledger.has_entries(client.account_id)):
        return None
    if opening is not None:
        sentence = tr("“{name}” was imported with another opening credit.", name=client.name)
        return ImportProblem(one.row, one.name, sentence)
    sentence = tr("There is already a client named “{name}”. Top it up instead.", name=client.name)
    return ImportProblem(one.row, one.name, sentence)


def _opening(uow: UnitOfWork, client: Client, credit: int, actor: str) -> Transfer:
    bank = uow.ledger.system_account(SystemAccount.BANK, client.currency)
    reason = tr("Opening credit")
    return Transfer(
        TransferKind.TOPUP, bank, client.account_id, credit, client.currency, _opening_key(client), actor, reason
    )


def _opening_key(client: Client) -> str:
    """Return the key of the one opening credit that a client can have."""
    return f"opening:client:{client.client_id}"


def _text(cell: SheetCell) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else cell
