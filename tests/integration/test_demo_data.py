"""The demo data: a month of an invented business that holds together, and shows every state there is."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_app.app import Application, open_application
from desktop_app.config import load_settings
from desktop_app.domain.activity import AREAS, Area
from desktop_app.domain.destinations import Recipient, parse_recipients
from desktop_app.domain.documents import DocumentKind, inspect_document
from desktop_app.domain.messages import Bucket, MessageStatus, bucket_of
from desktop_app.sandbox.account import SandboxAccount
from desktop_app.sandbox.demo.business import PROVIDER, DemoBusiness
from desktop_app.sandbox.demo.costs import CLOSED
from desktop_app.sandbox.demo.numbers import PREFIXES, Subscribers
from desktop_app.sandbox.demo.papers import write_letter
from desktop_app.sandbox.demo.pricing import SET_BY_HAND
from desktop_app.services.activity import Wanted
from desktop_app.services.country_rules import CountryRulesService
from desktop_app.services.job import Job
from desktop_app.views.models.price_columns import Column
from desktop_app.views.models.price_lines import PriceSheet, QuickFilter
from desktop_app.views.models.price_sheet import SheetReader

NOW = datetime(2026, 11, 22, 14, 40, tzinfo=UTC)
ENVIRONMENT = {
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "SMS_DESK_VAULT_PASSPHRASE": "only for tests",
}


@contextmanager
def filled(folder: Path, now: datetime = NOW) -> Iterator[Application]:
    business = DemoBusiness(SandboxAccount.make(), present=lambda: now)
    settings = load_settings({}, profile=folder, actor="Deniz Kaya")
    with business.sandbox, open_application(settings, environment=ENVIRONMENT, clock=lambda: now) as application:
        business.fill(application.database, application.secrets)
        yield application


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with filled(tmp_path_factory.mktemp("demo")) as application:
        yield application


# Both are read before any test does something with the business.
@pytest.fixture(scope="module", autouse=True)
def counts(demo: Application) -> dict[MessageStatus, int]:
    return demo.delivery.count_by_status()


@pytest.fixture(scope="module", autouse=True)
def sheet(demo: Application) -> PriceSheet:
    reader = SheetReader(
        demo.pricing,
        demo.accounts,
        demo.preferences,
        demo.history,
        CountryRulesService(demo.database, demo.clock),
        demo.clock,
    )
    none = frozenset[Column]()
    return reader.count(reader.read("en", None, none, Job()), none, Job())[1]


def test_the_chips_of_the_price_table_have_something_to_count(sheet: PriceSheet) -> None:
    expected = {
        QuickFilter.LOSS: 3, QuickFilter.TARGET: 14, QuickFilter.COST: 11, QuickFilter.MANUAL: 23,
        QuickFilter.UNPRICED: 4, QuickFilter.OFF: 5,
    }  # fmt: skip
    assert {quick: sheet.counts[quick] for quick in expected} == expected
    assert {line.iso for line in sheet.countries if line.price is None} == CLOSED
    assert {line.iso for line in sheet.countries if line.manual} == SET_BY_HAND
    assert {line.iso for line in sheet.countries if line.is_loss} == {"CY", "HR", "SA"}
    assert sheet.synced_at == NOW - timedelta(minutes=12)


def test_eight_costs_rose_and_three_fell_this_morning_and_rules_followed(demo: Application, sheet: PriceSheet) -> None:
    moved = [line for line in sheet.countries if line.old_cost is not None and line.cost is not None]
    assert Counter((line.cost or 0) > (line.old_cost or 0) for line in moved) == {True: 8, False: 3}

    germany = sheet.find("DE")
    assert germany is not None
    assert (germany.old_cost, germany.cost, germany.price, germany.margin) == (83_900, 86_400, 123_400, 2998)
    costs = {point.cost for point in demo.history.history("DE")}
    assert {82_200, 83_100, 83_900, 86_400} <= costs


def test_prices_have_four_decimals_and_the_rules_of_their_regions(sheet: PriceSheet) -> None:
    assert max(sheet.most) == 4
    rules = {iso: line.rule for iso in ("DE", "TR", "BR", "CA", "BG") if (line := sheet.find(iso))}
    assert rules == {"DE": "Margin 30%", "TR": "Margin 40%", "BR": "Margin 32%", "CA": "Margin 35%", "BG": "Margin 28%"}


def test_the_large_markets_come_first(sheet: PriceSheet) -> None:
    by_volume = sorted(sheet.countries, key=lambda line: line.volume or 0, reverse=True)

    assert [line.iso for line in by_volume[:4]] == ["TR", "DE", "US", "GB"]
    assert sum(1 for line in sheet.countries if line.volume) >= 40


def test_every_state_and_every_bucket_of_a_message_is_there(
    demo: Application, counts: dict[MessageStatus, int]
) -> None:
    assert set(counts) == set(MessageStatus)
    assert {bucket_of(status) for status in counts} == set(Bucket)
    assert sum(counts.values()) > 3000
    assert counts[MessageStatus.DELIVERED] > 0.9 * sum(counts.values())
    days = {row.changed_at.date() for row in demo.delivery.list_messages()}
    assert len(days) >= 25
    assert max(row.changed_at for row in demo.delivery.list_messages()) <= NOW


def test_the_books_agree(demo: Application) -> None:
    report = demo.credits.verify()

    assert (report.problems, report.warnings) == ((), ())
    assert report.entries > 200


def test_clients_of_all_kinds(demo: Application) -> None:
    clients = demo.clients.list_all()
    balances = {client.name: demo.credits.balance(client.name) for client in clients}

    assert len(clients) == 12
    assert [client.name for client in clients if client.paused] == ["Omnia Events"]
    assert {client.currency for client in clients} == {"EUR", "GBP"}
    overdrawn = [name for name, balance in balances.items() if balance.posted < 0]
    assert overdrawn == ["Bluecart Retail"]
    assert 0 < balances["Evento Spain SL"].posted < 5_000_000
    assert balances["Omnia Events"].held > 0


def test_special_prices_and_opted_out_numbers(demo: Application) -> None:
    with demo.database.read() as uow:
        special = {c.name: len(uow.prices.client_prices(c.client_id)) for c in uow.clients.list_all()}
        opted_out = sum(len(uow.clients.opted_out(c.client_id)) for c in uow.clients.list_all())

    assert {name: count for name, count in special.items() if count} == {
        "Aurora Travel GmbH": 3, "Fjord Bank AS": 3, "Kargom Lojistik": 1
    }  # fmt: skip
    assert opted_out == 26


def test_seven_sender_ids_wait_and_others_were_decided(demo: Application) -> None:
    rows = demo.sender_ids.list_rows()

    assert len({(row.client, row.sender) for row in rows if row.status == "pending"}) == 7
    assert {row.status for row in rows} == {
        "not_required", "pending", "at_provider", "approved", "rejected", "expired"
    }  # fmt: skip


def test_several_persons_worked_on_many_days(demo: Application) -> None:
    page = demo.activity.page(Wanted(), None, 1000)
    changes = [entry for entry in page.entries if AREAS.get(entry.kind) is Area.PRICES]

    assert {"Deniz Kaya", "Mert Aydın", "Sofia Marin"} <= {entry.actor for entry in changes}
    assert len({entry.at.date() for entry in changes}) >= 15
    assert all(entry.kind in AREAS for entry in page.entries)


def test_a_sync_right_after_the_start_changes_nothing(demo: Application) -> None:
    sync = demo.accounts.sync_costs(PROVIDER, actor="anna", job=Job())

    assert (sync.difference.raised, sync.difference.lowered, sync.difference.new, sync.difference.closed) == (
        0,
        0,
        0,
        0,
    )
    assert sync.rates > 1500


@pytest.mark.parametrize("now", [datetime(2026, 3, 1, 0, 5, tzinfo=UTC)])
def test_the_same_seed_gives_the_same_business_at_any_hour(tmp_path: Path, now: datetime) -> None:
    seen = []
    for run in ("first", "second"):
        with filled(tmp_path / run, now) as demo:
            rates = [
                (row.rate.country, row.rate.mccmnc, row.rate.cost, row.rate.price, row.rate.manual)
                for row in demo.pricing.list_prices(networks=True)
            ]
            messages = [
                (row.client, row.to, row.status, row.price, row.reason, row.changed_at)
                for row in demo.delivery.list_messages()
            ]
            balances = [demo.credits.balance(client.name) for client in demo.clients.list_all()]
            seen.append((rates, messages, balances, demo.credits.verify().problems))

    assert seen[0] == seen[1]
    assert {status for _, _, status, *_ in seen[0][1]} == set(MessageStatus)
    assert seen[0][3] == ()


def test_every_number_belongs_to_its_country() -> None:
    subscribers = Subscribers(random.Random(1))

    for iso in PREFIXES:
        read = list(parse_recipients(subscribers.draw(iso, 200)))
        assert {one.country if isinstance(one, Recipient) else one.reason for one in read} == {iso}


def test_letters_are_real_documents(tmp_path: Path) -> None:
    letter = write_letter(
        tmp_path,
        "Aurora (Travel) GmbH",
        "AURORA",
        ["AE", "SA"],
        "Lena Hartmann",
        "20 November 2026",
        "31 December 2027",
    )

    content = letter.read_bytes()
    assert inspect_document(letter.name, content) is DocumentKind.PDF
    assert rb"Aurora \(Travel\) GmbH" in content
    start = int(content.rpartition(b"startxref\n")[2].split()[0])
    assert content[start:].startswith(b"xref\n")


def test_the_provider_answers_and_knows_what_it_accepted(demo: Application, counts: dict[MessageStatus, int]) -> None:
    assert demo.accounts.balance(PROVIDER).amount == 250

    assert demo.receipts.poll_once(Job()) == counts[MessageStatus.ACCEPTED] > 0
    assert MessageStatus.ACCEPTED not in demo.delivery.count_by_status()
