"""Who sends how much where: a month of batches, more on workdays, and what they say."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from desktop_app.sandbox.demo import clients
from desktop_app.sandbox.demo.numbers import Subscribers
from desktop_app.sandbox.demo.office import Diary, Office
from desktop_app.sandbox.demo.travel import Calendar
from desktop_app.services.sending import SendOrder


def _market(text: str) -> Mapping[str, int]:
    words = text.split()
    return {iso: int(count) for iso, count in zip(words[::2], words[1::2], strict=True)}


# Messages in thirty days, by country.
MARKETS: Final[Mapping[str, Mapping[str, int]]] = {
    clients.AURORA: _market(
        "DE 150 TR 70 US 60 GB 40 FR 60 IT 50 ES 55 AT 34 NL 30 CH 22 PT 18 GR 24 PL 40 IN 26 BR 30 AE 16 MX 15 "
        "JP 12 AU 12 TH 12 SE 12 DK 10 NO 8 FI 8 BE 14 CZ 10 ZA 9 SG 6 KR 6 AR 6 CO 7 CL 4 KE 5 NZ 4 BG 8 HU 8 RO 10 "
        "IL 7 EG 6 MA 6 VN 4 MY 4"
    ),
    clients.BLUECART: _market("US 200 GB 90 CA 52 FR 110 BR 88 IN 72 NL 40 MX 12 AU 12 ID 9 PH 10 IE 16 PK 9 BD 6"),
    clients.CAVENDISH: _market("GB 26 US 12"),
    clients.EVENTO: _market("ES 38 PT 12 FR 18"),
    clients.FJORD: _market("NO 46 SE 38 DK 34 FI 26 GB 26 DE 20"),
    clients.KARGOM: _market("TR 340 DE 50 AZ 24 PL 52 UA 10"),
    clients.LUMEN: _market("GB 60 IE 14"),
    clients.MEDIPLUS: _market("TR 170"),
    clients.NORDBAU: _market("DE 170 CH 18 AT 34 HR 9"),
    clients.OMNIA: _market("PL 20 CZ 6"),
    clients.ZANETTI: _market("IT 68"),
    clients.ZAYTOON: _market("SA 72 AE 24 QA 10 KW 10"),
}
_BATCHES: Final = {
    clients.AURORA: 15, clients.BLUECART: 14, clients.CAVENDISH: 3, clients.EVENTO: 5, clients.FJORD: 9,
    clients.KARGOM: 14, clients.LUMEN: 6, clients.MEDIPLUS: 10, clients.NORDBAU: 9, clients.OMNIA: 2, clients.ZANETTI: 5,
    clients.ZAYTOON: 7,
}  # fmt: skip
# Who sends nothing any more since so many days ago.
_UNTIL: Final = {clients.OMNIA: 9}
# Fewer than this in one batch of a country are not worth a batch of their own.
_LEAST: Final = 14
_TEXTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    clients.AURORA: (
        ("Booking confirmations", "Aurora Travel: your booking is confirmed. Your documents are waiting in the app."),
        ("Airport transfer", "Aurora Travel: your driver waits at arrivals, exit B, with a sign. Have a good trip!"),
        (
            "Weekend offer",
            "Aurora Travel: city weekends from 149 EUR until Sunday, flights and hotel included, with free "
            "cancellation up to seven days before departure. Reply STOP to opt out, and we will not write again.",
        ),
    ),
    clients.BLUECART: (
        ("Parcel on its way", "Bluecart: your parcel is on its way and arrives tomorrow between 9 and 13."),
        (
            "Winter loyalty",
            "Bluecart: your winter voucher over 10 EUR is here. Show this message at any till until the end "
            "of the month. It cannot be combined with other offers, and is valid for orders above 50 EUR. STOP to opt out.",
        ),
    ),
    clients.CAVENDISH: (("Appointment", "Cavendish Legal: we look forward to seeing you. Please bring your ID."),),
    clients.EVENTO: (("Entradas", "Evento: tus entradas ya están listas. Enséñalas en la puerta desde el móvil."),),
    clients.FJORD: (("Sign-in codes", "Fjord Bank: 482 913 is your code. Never pass it on, not even to us."),),
    clients.KARGOM: (
        ("Teslimat", "Kargom: gönderiniz bugün teslim edilecek. Takip için uygulamayı açın."),
        ("Delivery notice", "Kargom: your delivery arrives today. Track it in the app."),
    ),
    clients.LUMEN: (
        ("Meter reading", "Lumen Energy: please send us your meter reading by Friday. It takes a minute."),
    ),
    clients.MEDIPLUS: (("Randevu", "Mediplus Klinik: yarınki randevunuzu hatırlatırız. Değişiklik için bizi arayın."),),
    clients.NORDBAU: (
        ("Material ready", "Nordbau: Ihre Bestellung liegt zur Abholung bereit, Tor 3, Mo-Fr 6-17 Uhr."),
    ),
    clients.OMNIA: (("Programme", "Omnia Events: doors open at 18:30. Your seat is on the ticket."),),
    clients.ZANETTI: (("Pizza night", "Zanetti: giovedì pizza a metà prezzo dalle 18. Ti aspettiamo!"),),
    clients.ZAYTOON: (("Order ready", "Zaytoon Foods: your order is ready to be collected."),),
}
_MORNING: Final = (9, 40)
_AFTERNOON: Final = (15, 10)
_TODAY: Final = (330, 170, 45)
# How often anything is sent on a day of the weekend, and in the afternoon of a workday.
_SHARE: Final = 0.4
# On these days hardly anything got through to Italy.
_ITALY_DOWN: Final = frozenset({8, 9})
_RECEIPTS_AFTER: Final = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch before it has numbers: whose, which of its texts, and how many messages to which country."""

    client: str
    text: int
    counts: Mapping[str, int]


def plan_traffic(office: Office, calendar: Calendar, diary: Diary, seed: int) -> None:
    """Write down every batch of the month, with the times at which things are sent and asked about."""
    dice = random.Random(seed)  # noqa: S311 - repeatable by design
    windows = _windows(calendar, dice)
    used = set()
    subscribers = Subscribers(dice)
    for client, market in MARKETS.items():
        open_to = [place for place, (days_ago, _) in enumerate(windows) if days_ago >= _UNTIL.get(client, 0)]
        places = sorted(dice.sample(open_to, _BATCHES[client]))
        for batch, place in zip(_cut(client, market, dice), places, strict=True):
            days_ago, at = windows[place]
            order = _order(batch, subscribers, is_italy_down=days_ago in _ITALY_DOWN)
            used.add(at)
            diary.write(at + timedelta(minutes=dice.randrange(1, 8)), partial(office.sending.queue, order))
    for at in used:
        diary.write(at + timedelta(minutes=9), office.send)
        diary.write(at + _RECEIPTS_AFTER, office.ask_for_receipts)


def order_of(client: str, recipients: list[str], text: int = 0) -> SendOrder:
    """Return an order of a client, one of its texts to some numbers."""
    account = next(one for one in clients.ACCOUNTS if one.name == client)
    texts = _TEXTS[client]
    title, body = texts[text % len(texts)]
    return SendOrder(client, account.sender, body, recipients, f"{client} (API)", title)


def _windows(calendar: Calendar, dice: random.Random) -> list[tuple[int, datetime]]:
    """Return (days ago, moment) of the times things are sent at."""
    windows = []
    for days_ago in range(29, 0, -1):
        is_weekend = calendar.is_weekend(days_ago)
        if not is_weekend or dice.random() < _SHARE:
            windows.append((days_ago, calendar.on(days_ago, *_MORNING)))
        if not is_weekend and dice.random() < _SHARE:
            windows.append((days_ago, calendar.on(days_ago, *_AFTERNOON)))
    return windows + [(0, calendar.ago(minutes)) for minutes in _TODAY]


def _cut(client: str, market: Mapping[str, int], dice: random.Random) -> list[Batch]:
    """Return the market of a client as batches, small countries in few of them."""
    count = _BATCHES[client]
    cut: list[dict[str, int]] = [{} for _ in range(count)]
    for iso, messages in market.items():
        chosen = dice.sample(range(count), max(1, min(count, messages // _LEAST)))
        for place, number in enumerate(chosen):
            cut[number][iso] = messages // len(chosen) + (place < messages % len(chosen))
    biggest = max(market, key=market.__getitem__)
    for counts in cut:
        # Nothing is left out by chance: an empty batch would be none.
        counts.setdefault(biggest, 2)
    return [Batch(client, number, counts) for number, counts in enumerate(cut)]


def _order(batch: Batch, subscribers: Subscribers, *, is_italy_down: bool) -> SendOrder:
    recipients: list[str] = []
    for iso, count in batch.counts.items():
        if iso == "IT" and is_italy_down:
            recipients += subscribers.draw(iso, count, undelivered=0.45)
        else:
            recipients += subscribers.draw(iso, count)
    return order_of(batch.client, recipients, batch.text)
