"""Whom the clients write to: groups of contacts with names and towns, all invented."""

from functools import partial
from typing import Final

from desktop_app.sandbox.demo.numbers import number_of
from desktop_app.sandbox.demo.office import DENIZ, Diary, Office
from desktop_app.sandbox.demo.travel import Calendar
from desktop_app.services.phone_book import Contact

_NAMES: Final = {
    "first": "Lena Jonas Mia Paul Emma Felix Hanna Leon Clara Noah Ida Max Nora Emil Anna Till",
    "last": "Hartmann Weber Krüger Sommer Brandt Vogt Lorenz Albrecht Seidel Busch Kaiser Pohl Ernst",
}
_TURKISH: Final = {
    "first": "Ayşe Mert Elif Deniz Zeynep Emre Selin Kerem Derya Can Ece Ozan",
    "last": "Yılmaz Kaya Demir Şahin Çelik Aydın Öztürk Arslan Doğan Kılıç",
}
_TOWNS: Final = {"DE": "Ulm Berlin Köln Kiel Jena", "TR": "İzmir Ankara Bursa Antalya", "GB": "Leeds Bath York"}
# (client, group, country, how many, the first of their numbers)
_GROUPS: Final = (
    ("Aurora Travel GmbH", "Winter loyalty", "DE", 120, 0),
    ("Aurora Travel GmbH", "Newsletter", "DE", 60, 90),
    ("Aurora Travel GmbH", "Staff on duty", "DE", 6, 400),
    ("Bluecart Retail", "Voucher customers", "GB", 45, 0),
    ("Kargom Lojistik", "Müşteriler", "TR", 60, 0),
    ("Mediplus Klinik", "Randevu hatırlatma", "TR", 50, 200),
)
_FROM: Final = 100_000


def plan_phone_books(office: Office, calendar: Calendar, diary: Diary) -> None:
    """Write down when groups are filled."""
    for place, (client, group, iso, count, first) in enumerate(_GROUPS):
        diary.write(calendar.on(60, 10, place), partial(_fill, office, client, group, _people(iso, count, first)))


def _fill(office: Office, client: str, name: str, people: list[Contact]) -> None:
    group = office.phone_book.add_group(client, name, actor=DENIZ)
    office.phone_book.save(client, people, group.group_id, actor=DENIZ)


def _people(iso: str, count: int, first: int) -> list[Contact]:
    """Return people whose numbers the sandbox delivers to."""
    names = _TURKISH if iso == "TR" else _NAMES
    return [
        Contact(
            number_of(iso, _FROM + 10 * place + 4),
            {
                "first_name": _word(names["first"], place),
                "last_name": _word(names["last"], 7 * place),
                "city": _word(_TOWNS[iso], place),
            },
        )
        for place in range(first, first + count)
    ]


def _word(words: str, place: int) -> str:
    found = words.split()
    return found[place % len(found)]
