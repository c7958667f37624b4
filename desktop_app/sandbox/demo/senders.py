"""Sender IDs: what is in use, what waits for a decision, what was refused or ran out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from desktop_app.domain.sender_documents import DocumentState, Purpose
from desktop_app.domain.sender_ids import Alphanumeric, ApprovalStatus, parse_sender
from desktop_app.sandbox.demo import clients
from desktop_app.sandbox.demo.numbers import number_of
from desktop_app.sandbox.demo.office import DENIZ, MERT, SOFIA, Diary, Office
from desktop_app.sandbox.demo.papers import write_letter, write_registration, write_sample, write_scan, write_trademark
from desktop_app.sandbox.demo.traffic import MARKETS
from desktop_app.sandbox.demo.travel import START, Calendar
from desktop_app.services.reference import sender_rules
from desktop_app.services.sender_ids import Paper

_FALLBACK_SUBSCRIBER: Final = 800_000


_LETTER, _REGISTER, _SAMPLE = Purpose.AUTHORISATION, Purpose.REGISTRATION, Purpose.CONTENT
_USUAL: Final = (_LETTER, _REGISTER, _SAMPLE)
_ALL: Final = (_LETTER, _REGISTER, Purpose.BRAND, _SAMPLE)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request nobody decided yet: when, whose, for what, by whom it was signed, and which documents it brings.

    Attributes:
        scans: those that come as pictures.
    """

    hours_ago: int
    client: str
    sender: str
    countries: tuple[str, ...]
    signed_by: str
    papers: tuple[Purpose, ...] = (_LETTER, _SAMPLE)
    scans: tuple[Purpose, ...] = ()


_WAITING: Final = (
    _Waiting(46, clients.AURORA, "AURORA", ("KW", "QA", "SA"), "Lena Hartmann, Managing Director"),
    _Waiting(27, clients.MEDIPLUS, "MEDIPLUS", ("QA",), "Dr. Selin Acar, Director"),
    _Waiting(22, clients.FJORD, "FJORDBANK", ("CZ", "RO"), "Ingrid Solberg, Head of Operations"),
    _Waiting(19, clients.KARGOM, "KARGOM", ("BG", "RO"), "Emre Yildiz, General Manager", scans=(_SAMPLE,)),
    _Waiting(6, clients.LUMEN, "AUR0RA", ("CY", "RO"), "Owen Price, Company Secretary"),
    _Waiting(
        4,
        clients.ZAYTOON,
        "ZAYTOON",
        ("EG", "MA"),
        "Huda Nasser, Owner",
        (_LETTER, _REGISTER, _SAMPLE),
        scans=(_REGISTER,),
    ),
    _Waiting(1, clients.EVENTO, "EVENTOVIP", ("ES",), "Carlos Vega, Director", (_LETTER,)),
)
_SAMPLES: Final = {
    clients.AURORA: "Aurora Travel: your booking 48213 is confirmed. Have a good trip!",
    clients.MEDIPLUS: "Mediplus: your appointment is tomorrow at 10:30. Reply 1 to confirm.",
    clients.FJORD: "Fjord Bank: your statement for November is ready in the app.",
    clients.KARGOM: "Kargom: parcel 7741 arrives today between 14 and 16 o'clock.",
}
_USUAL_SAMPLE: Final = "Your order is ready. Thank you for your trust."
_RAN_OUT: Final = "The registration ended after a year."


def plan_senders(office: Office, calendar: Calendar, diary: Diary, folder: Path) -> None:
    """Write down when sender IDs are requested and decided on; documents are written to ``folder`` first."""
    for place, account in enumerate(clients.ACCOUNTS):
        countries = _registered(MARKETS.get(account.name, {}))
        diary.write(
            calendar.on(93, 10, place),
            partial(_request, office, folder, account.name, account.sender, countries, SOFIA),
        )
        if countries:
            decide = partial(
                office.sender_ids.decide, account.name, account.sender, countries=countries, approve=True, note="",
                actor=DENIZ if place % 2 else MERT,
            )  # fmt: skip
            diary.write(calendar.on(92, 9, place), decide)
            diary.write(calendar.on(92, 9, place), partial(_check_papers, office, account.name, account.sender))
    for iso in _numeric():
        number = number_of(iso, _FALLBACK_SUBSCRIBER + 4)
        work = partial(office.sender_ids.set_fallback_number, "Sandbox", iso, number, actor=DENIZ)
        diary.write(calendar.on(START, 8, 45), work)
    for one in _WAITING:
        work = partial(_request, office, folder, one.client, one.sender, one.countries, _name_of(one.signed_by),
                       signed_by=one.signed_by, kinds=one.papers, scans=one.scans)  # fmt: skip
        diary.write(calendar.ago(60 * one.hours_ago), work)
    _plan_endings(office, calendar, diary, folder)


def _plan_endings(office: Office, calendar: Calendar, diary: Diary, folder: Path) -> None:
    request = partial(_request, office, folder)
    diary.write(calendar.on(12, 10, 5), partial(request, clients.BLUECART, "BANKINFO", ("AE", "KW"), SOFIA))
    refuse = partial(
        office.sender_ids.decide, clients.BLUECART, "BANKINFO", countries=("AE", "KW"), approve=False,
        note="The name belongs to no product of the client, and reads like a bank's.", actor=DENIZ,
    )  # fmt: skip
    diary.write(calendar.on(11, 9, 31), refuse)
    diary.write(calendar.on(93, 11, 40), partial(request, clients.NORDBAU, "NORDBAU", ("FI",), SOFIA))
    approve = partial(
        office.sender_ids.decide, clients.NORDBAU, "NORDBAU", countries=("FI",), approve=True, note="", actor=MERT
    )
    diary.write(calendar.on(92, 9, 40), approve)
    diary.write(
        calendar.on(3, 0, 5), partial(_move, office, clients.NORDBAU, "NORDBAU", "FI", ApprovalStatus.EXPIRED, _RAN_OUT)
    )
    diary.write(calendar.on(7, 10, 15), partial(request, clients.FJORD, "FJORDBANK", ("IE",), SOFIA))
    passed_on = "Passed on to the operators"
    diary.write(
        calendar.on(6, 9, 10),
        partial(
            _move, office, clients.FJORD, "FJORDBANK", "IE", ApprovalStatus.AT_PROVIDER, passed_on, expected_days=5
        ),
    )
    # A register's extract is worth something for so long.
    old = (calendar.now - timedelta(days=3)).date()
    diary.write(calendar.on(92, 9, 45), partial(_end_registration, office, clients.AURORA, "AURORA", old))
    diary.write(calendar.on(92, 9, 46), partial(_end_approval, office, clients.KARGOM, "KARGOM", calendar.now))


def _registered(countries: Mapping[str, int]) -> tuple[str, ...]:
    """Return the countries that want a sender ID registered."""
    rules = sender_rules()
    return tuple(iso for iso in sorted(countries) if iso in rules and rules[iso].needs_approval)


def _numeric() -> list[str]:
    """Return the countries that are sent to and show numbers only."""
    rules = sender_rules()
    sent_to = {iso for market in MARKETS.values() for iso in market}
    return sorted(iso for iso in sent_to if iso in rules and rules[iso].alphanumeric is Alphanumeric.NO)


def _request(
    office: Office, folder: Path, client: str, sender: str, countries: Sequence[str], actor: str, *,
    signed_by: str = "The management", kinds: Sequence[Purpose] = _ALL, scans: Sequence[Purpose] = (),
) -> None:  # fmt: skip
    papers: list[Paper] = []
    if countries:
        today = office.clock().date()
        until = today.replace(year=today.year + 1, month=12, day=31)
        days = (today, until)
        papers += [
            Paper(_write(folder, kind, client, sender, countries, signed_by, days, scans), kind) for kind in kinds
        ]
    office.sender_ids.request(client, sender, countries=countries, documents=papers, actor=actor)


def _write(
    folder: Path, kind: Purpose, client: str, sender: str, countries: Sequence[str], signed_by: str,
    days: tuple[date, date], scans: Sequence[Purpose],
) -> Path:  # fmt: skip
    number = sum(map(ord, client + sender))
    if kind in scans:
        return write_scan(folder, {_REGISTER: "Company registration"}.get(kind, "Content sample"), number)
    if kind is _LETTER:
        return write_letter(folder, client, sender, countries, signed_by, *map(_day, days))
    if kind is Purpose.BRAND:
        return write_trademark(folder, client, sender, f"TM {number * 91}")
    if kind is _REGISTER:
        return write_registration(folder, client, f"HRB {number * 37}")
    return write_sample(folder, client, sender, _SAMPLES.get(client, _USUAL_SAMPLE))


def _check_papers(office: Office, client: str, sender: str) -> None:
    """Let everything that was brought so far have been looked at."""
    number = office.sender_reviews.find(client, sender)
    for document in office.sender_reviews.request(number).documents if number is not None else ():
        office.sender_papers.mark_document(number or 0, document.document_id, DocumentState.CHECKED, actor=MERT)


def _end_registration(office: Office, client: str, sender: str, day: date) -> None:
    """Let the extract from the register be worth something until a day."""
    number = office.sender_reviews.find(client, sender)
    for document in office.sender_reviews.request(number).documents if number is not None else ():
        if document.purpose is _REGISTER:
            office.sender_papers.set_validity(number or 0, document.document_id, day, actor=MERT)


def _end_approval(office: Office, client: str, sender: str, now: datetime) -> None:
    """Let the first approval end in three weeks."""
    with office.database.begin() as uow:
        found = uow.senders.find(uow.clients.get(client).client_id, parse_sender(sender).key)
        if found is None:
            return
        approved = [iso for iso, status in uow.senders.approvals(found[0]).items() if status == "approved"]
        for iso in sorted(approved)[:1]:
            uow.sender_reviews.set_approval(found[0], iso, {"expires_at": now + timedelta(days=21)})


def _move(
    office: Office,
    client: str,
    sender: str,
    iso: str,
    status: ApprovalStatus,
    note: str,
    expected_days: int | None = None,
) -> None:
    """Let an approval become what only time or the provider makes of it."""
    with office.database.begin() as uow:
        client_id = uow.clients.get(client).client_id
        found = uow.senders.find(client_id, parse_sender(sender).key)
        if found is not None:
            uow.senders.decide(found[0], iso, status.value, note, "system", office.clock())
            if expected_days is not None:
                values = {"submitted_at": office.clock(), "expected_days": expected_days}
                uow.sender_reviews.set_approval(found[0], iso, values)


def _name_of(signature: str) -> str:
    return signature.partition(",")[0]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
