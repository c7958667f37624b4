"""Who is sold to: twelve invented companies, with what they pay in, and what they were promised."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from desktop_app.domain.client_ledger import EntryDetail
from desktop_app.domain.money import micro_exact
from desktop_app.sandbox.demo.numbers import number_of
from desktop_app.sandbox.demo.office import DENIZ, MERT, SOFIA, Diary, Office
from desktop_app.sandbox.demo.phone_books import plan_phone_books
from desktop_app.sandbox.demo.travel import START, Calendar


@dataclass(frozen=True, slots=True)
class Account:
    """A client.

    Attributes:
        name: its name.
        sender: its sender ID.
        email: where it is written to.
        top_ups: (days ago, amount).
        currency: of its credit.
        overdraft: how far below zero it may go, agreed in writing.
        alert: the credit below which it is warned, "" for never.
        alert_days: it is warned, too, when its credit lasts fewer days, None for never.
        language: of mails to it, "" for that of the team.
    """

    name: str
    sender: str
    email: str
    top_ups: tuple[tuple[int, str], ...]
    currency: str = "EUR"
    overdraft: str = "0"
    alert: str = ""
    alert_days: int | None = None
    language: str = ""


AURORA: Final = "Aurora Travel GmbH"
BLUECART: Final = "Bluecart Retail"
CAVENDISH: Final = "Cavendish Legal"
EVENTO: Final = "Evento Spain SL"
FJORD: Final = "Fjord Bank AS"
KARGOM: Final = "Kargom Lojistik"
LUMEN: Final = "Lumen Energy Ltd"
MEDIPLUS: Final = "Mediplus Klinik"
NORDBAU: Final = "Nordbau AG"
OMNIA: Final = "Omnia Events"
ZANETTI: Final = "Pizzeria Zanetti"
ZAYTOON: Final = "Zaytoon Foods"

ACCOUNTS: Final = (
    Account(
        AURORA,
        "AURORA",
        "lena.hartmann@aurora-travel.example",
        ((31, "150"), (17, "100"), (5, "120")),
        alert="150",
        language="de",
    ),
    Account(BLUECART, "BLUECART", "ops@bluecart.example", ((31, "60"),), overdraft="250", alert="20"),
    Account(CAVENDISH, "CAVENDISH", "office@cavendish-legal.example", ((30, "2.20"),), currency="GBP", alert="5"),
    Account(EVENTO, "EVENTO", "hola@evento.example", ((31, "15"),), alert="10"),
    Account(FJORD, "FJORDBANK", "drift@fjordbank.example", ((31, "2500"), (10, "4000")), alert="1000"),
    Account(
        KARGOM, "KARGOM", "bilgi@kargom.example", ((31, "800"), (14, "1200")), alert="250", alert_days=5, language="tr"
    ),
    Account(LUMEN, "LUMEN", "it@lumen-energy.example", ((30, "1000"),)),
    Account(MEDIPLUS, "MEDIPLUS", "randevu@mediplus.example", ((31, "250"), (9, "150")), alert="50", language="tr"),
    Account(NORDBAU, "NORDBAU", "einkauf@nordbau.example", ((30, "150"),), language="de"),
    Account(OMNIA, "OMNIA", "team@omnia-events.example", ((29, "20"),)),
    Account(ZANETTI, "ZANETTI", "ciao@zanetti.example", ((30, "60"),)),
    Account(ZAYTOON, "ZAYTOON", "hello@zaytoon.example", ((31, "300"), (13, "200"))),
)
# Less than the list's price, and never below cost.
_SPECIAL: Final = (
    (62, AURORA, {"DE": "0.1150", "AT": "0.0960", "GB": "0.0470"}),
    (55, KARGOM, {"TR": "0.0290"}),
    (44, FJORD, {"NO": "0.0820", "SE": "0.0640", "DE": "0.1180"}),
)
_OPTED_OUT: Final = ((20, AURORA, "DE", 6), (14, KARGOM, "TR", 9), (9, EVENTO, "PT", 3), (4, MEDIPLUS, "TR", 5))


def plan_clients(office: Office, calendar: Calendar, diary: Diary) -> None:
    """Write down when clients come, pay, and are promised something."""
    rate = partial(office.accounts.set_exchange_rate, "EUR", "GBP", Decimal("0.8421"), calendar.on(START, 8).date())
    diary.write(calendar.on(START, 8, 50), partial(rate, actor=SOFIA))
    for place, account in enumerate(ACCOUNTS):
        diary.write(calendar.on(94, 9, place), partial(_welcome, office, account))
        for number, (days_ago, amount) in enumerate(account.top_ups, start=1):
            detail = EntryDetail(
                method="bank", reference=f"{77_000 + 12 * place + number}", invoice=f"{1100 + 40 * number + place}"
            )
            invoice = f"Bank transfer, invoice {detail.invoice}"
            top_up = partial(
                office.credits.top_up, account.name, Decimal(amount), reason=invoice, actor=SOFIA, detail=detail
            )
            diary.write(calendar.on(days_ago, 9, 20 + place), top_up)
    for days_ago, name, prices in _SPECIAL:
        for iso, price in prices.items():
            work = partial(office.pricing.set_client_price, name, iso, Decimal(price), actor=MERT)
            diary.write(calendar.on(days_ago, 11, 15), work)
    for days_ago, name, iso, count in _OPTED_OUT:
        numbers = [number_of(iso, 770_004 + 10 * index) for index in range(count)]
        diary.write(calendar.on(days_ago, 12, 40), partial(office.clients.add_opt_outs, name, numbers, actor=DENIZ))
    goodwill = partial(office.credits.adjust, AURORA, Decimal(25), reason="Goodwill, late delivery", actor=DENIZ)
    diary.write(calendar.on(8, 16, 48), goodwill)
    moved = partial(office.credits.adjust, LUMEN, Decimal(-12), reason="Paid twice by mistake", actor=SOFIA)
    diary.write(calendar.on(18, 10, 5), moved)
    diary.write(calendar.on(12, 14, 20), partial(_correct, office))
    plan_phone_books(office, calendar, diary)


def _welcome(office: Office, account: Account) -> None:
    office.clients.add(account.name, currency=account.currency, email=account.email, actor=SOFIA)
    office.client_terms.change(
        account.name, actor=SOFIA, overdraft=micro_exact(Decimal(account.overdraft)),
        alert=micro_exact(Decimal(account.alert)) if account.alert else None, alert_days=account.alert_days,
        default_sender=account.sender, language=account.language,
    )  # fmt: skip


def _correct(office: Office) -> None:
    """Type a nought too many, and put it right by an entry that refers to the wrong one."""
    detail = EntryDetail(method="bank", invoice="1204")
    reason = "Bank transfer, invoice 1204"
    _, wrong = office.credits.top_up(ZANETTI, Decimal(600), reason=reason, actor=SOFIA, detail=detail)
    office.credits.take_back(ZANETTI, wrong, Decimal(540), reason="Typed 600 instead of 60", actor=SOFIA)
