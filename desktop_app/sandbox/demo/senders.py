"""Sender IDs: what is in use, what waits for a decision, what was refused or ran out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from desktop_app.domain.sender_ids import Alphanumeric, ApprovalStatus, parse_sender
from desktop_app.sandbox.demo import clients
from desktop_app.sandbox.demo.numbers import number_of
from desktop_app.sandbox.demo.office import DENIZ, MERT, SOFIA, Diary, Office
from desktop_app.sandbox.demo.papers import write_letter, write_registration
from desktop_app.sandbox.demo.traffic import MARKETS
from desktop_app.sandbox.demo.travel import START, Calendar
from desktop_app.services.reference import sender_rules

_FALLBACK_SUBSCRIBER: Final = 800_000


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request nobody decided yet: when, whose, for what, and by whom it was signed."""

    hours_ago: int
    client: str
    sender: str
    countries: tuple[str, ...]
    signed_by: str
    is_registered: bool = True


_WAITING: Final = (
    _Waiting(46, clients.AURORA, "AURORA", ("KW", "NO", "SA"), "Lena Hartmann, Managing Director", is_registered=False),
    _Waiting(27, clients.MEDIPLUS, "MEDIPLUS", ("QA",), "Dr. Selin Acar, Director"),
    _Waiting(22, clients.FJORD, "FJORDBANK", ("CZ", "RO"), "Ingrid Solberg, Head of Operations"),
    _Waiting(19, clients.KARGOM, "KARGOM", ("BG", "RO"), "Emre Yildiz, General Manager"),
    _Waiting(6, clients.LUMEN, "LUMEN", ("CY", "RO"), "Owen Price, Company Secretary"),
    _Waiting(4, clients.ZAYTOON, "ZAYTOON", ("EG", "MA"), "Huda Nasser, Owner"),
    _Waiting(1, clients.EVENTO, "EVENTOVIP", ("ES",), "Carlos Vega, Director"),
)
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
    for iso in _numeric():
        number = number_of(iso, _FALLBACK_SUBSCRIBER + 4)
        work = partial(office.sender_ids.set_fallback_number, "Sandbox", iso, number, actor=DENIZ)
        diary.write(calendar.on(START, 8, 45), work)
    for one in _WAITING:
        work = partial(_request, office, folder, one.client, one.sender, one.countries, _name_of(one.signed_by),
                       signed_by=one.signed_by, is_registered=one.is_registered)  # fmt: skip
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
        partial(_move, office, clients.FJORD, "FJORDBANK", "IE", ApprovalStatus.AT_PROVIDER, passed_on),
    )


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
    signed_by: str = "The management", is_registered: bool = True,
) -> None:  # fmt: skip
    papers: list[Path] = []
    if countries:
        papers.append(write_letter(folder, client, sender, countries, signed_by, _day(office.clock())))
        if is_registered:
            papers.append(write_registration(folder, client, f"HRB {sum(map(ord, client + sender)) * 37}"))
    office.sender_ids.request(client, sender, countries=countries, documents=papers, actor=actor)


def _move(office: Office, client: str, sender: str, iso: str, status: ApprovalStatus, note: str) -> None:
    """Let an approval become what only time or the provider makes of it."""
    with office.database.begin() as uow:
        client_id = uow.clients.get(client).client_id
        found = uow.senders.find(client_id, parse_sender(sender).key)
        if found is not None:
            uow.senders.decide(found[0], iso, status.value, note, "system", office.clock())


def _name_of(signature: str) -> str:
    return signature.partition(",")[0]


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
