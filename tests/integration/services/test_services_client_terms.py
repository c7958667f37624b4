"""What was agreed with a client, its archive, the alert of low credit, and clients from files."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop_app.domain.credits import SystemAccount, Transfer, TransferKind
from desktop_app.domain.errors import InvalidInput, NotAllowed
from desktop_app.domain.money import MICRO
from desktop_app.domain.periods import Period
from desktop_app.services.attention import AttentionKind
from desktop_app.services.client_accounts import ClientState, ClientSummary, running_dry
from desktop_app.services.client_imports import guess_columns
from desktop_app.services.client_terms import ClientTerms
from desktop_app.services.clock import utc_now
from desktop_app.services.job import Job
from desktop_app.services.sending import NothingToSend
from tests.fixtures.application import PATIENCE_SECONDS, Desk, at_once, eventually, german

SHEET = """Client,E-mail,Currency,Opening credit
Borealis,b@example.com,EUR,"1,000.00"
Corvus,,USD,25.5
Delphin,d@example.com,,
"""
COLUMNS = {"name": 0, "email": 1, "currency": 2, "credit": 3}


def _summary(desk: Desk, name: str = "Aurora") -> ClientSummary:
    return desk.application.client_accounts.summary(name)


def test_terms_change_with_a_line_for_each_and_back(desk: Desk) -> None:
    terms = desk.application.client_terms
    first = terms.read("Aurora")
    changes: dict[str, Any] = {
        "name": "Aurora Travel", "email": "lena@aurora.example", "refund_on": "failed", "overdraft": 5 * MICRO,
        "alert": 150 * MICRO, "alert_days": 7, "default_sender": "AURORA", "language": "de",
    }  # fmt: skip

    before, after = terms.change("Aurora", actor="anna", **changes)

    assert (before, after) == (first, ClientTerms(**changes))
    assert terms.read("Aurora Travel") == after
    logged = desk.query("SELECT COUNT(*) FROM activity WHERE kind = 'client_terms_changed'")
    assert logged == [(8,)]
    assert desk.application.credits.balance("Aurora Travel").available == 105 * MICRO
    terms.change("Aurora Travel", actor="anna", **{name: getattr(first, name) for name in changes})
    assert terms.read("Aurora") == first


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""}, {"name": "Borealis"}, {"email": "nobody"}, {"refund_on": "always"}, {"overdraft": -1}, {"alert": 0},
        {"alert": 10**15 + 1}, {"alert_days": 0}, {"alert_days": 366}, {"default_sender": "ÄÖ!"}, {"language": "fr"},
    ],
)  # fmt: skip
def test_what_cannot_be_agreed_on_changes_nothing(desk: Desk, change: dict[str, object]) -> None:
    desk.application.clients.add("Borealis", actor="anna")
    before = desk.application.client_terms.read("Aurora")

    with pytest.raises(InvalidInput):
        desk.application.client_terms.change("Aurora", actor="anna", **{"email": "a@b.example", **change})

    assert desk.application.client_terms.read("Aurora") == before


def test_an_overdraft_is_used_and_cannot_be_taken_away_from_under_it(desk: Desk) -> None:
    terms = desk.application.client_terms
    terms.change("Aurora", actor="anna", overdraft=10 * MICRO, alert=150 * MICRO)
    desk.application.credits.adjust("Aurora", Decimal(-105), reason="Spent elsewhere", actor="anna")

    assert (_summary(desk).credit, _summary(desk).state) == (-5 * MICRO, ClientState.OVERDRAWN)
    with pytest.raises(InvalidInput, match="below zero"):
        terms.change("Aurora", actor="anna", overdraft=4 * MICRO)
    terms.change("Aurora", actor="anna", overdraft=5 * MICRO)
    assert desk.application.credits.balance("Aurora").available == 0
    desk.assert_sound()


def test_a_client_whose_send_is_being_queued_is_not_archived(desk: Desk) -> None:
    results: list[object] = []

    def archive() -> None:
        try:
            results.append(desk.application.client_terms.archive("Aurora", actor="anna"))
        except NotAllowed as error:
            results.append(error)

    thread = threading.Thread(target=archive)
    with desk.application.database.begin() as uow:
        client = uow.clients.get("Aurora")
        uow.ledger.lock([client.account_id])
        thread.start()
        if desk.database_url.startswith("postgresql"):
            eventually(lambda: desk.query("SELECT 1 FROM pg_locks WHERE NOT granted"), "the archive at the lock")
        sales = uow.ledger.system_account(SystemAccount.SALES, "EUR")
        hold = Transfer(TransferKind.HOLD, client.account_id, sales, 60_000, "EUR", "hold:at-this-moment", "mert")
        uow.ledger.post(hold, desk.application.clock())
    thread.join(PATIENCE_SECONDS)

    assert [type(one) for one in results] == [NotAllowed]
    assert not _summary(desk).balance.frozen


def test_an_archived_client_sends_nothing_until_it_is_back(desk: Desk) -> None:
    terms = desk.application.client_terms
    batch = desk.queue(german(2))
    with pytest.raises(NotAllowed, match="under way"):
        terms.archive("Aurora", actor="anna")
    desk.drain()

    assert terms.archive("Aurora", actor="anna") is False
    assert batch.batch_id is not None
    assert _summary(desk).state is ClientState.ARCHIVED
    with pytest.raises(NothingToSend):
        desk.queue(german(1))
    with pytest.raises(NotAllowed, match="archive"):
        desk.application.clients.set_paused("Aurora", paused=False, actor="anna")

    terms.restore("Aurora", paused=False, actor="anna")
    desk.queue(german(1))
    assert _summary(desk).state is ClientState.ACTIVE


def test_days_left_by_the_use_of_the_last_thirty_days(desk: Desk) -> None:
    assert _summary(desk).days_left is None
    desk.application.pricing.set_client_price("Aurora", "DE", Decimal(10), actor="anna")
    desk.queue(german(6))
    desk.drain()

    summary = _summary(desk)

    assert (summary.used, summary.credit) == (60 * MICRO, 40 * MICRO)
    assert summary.days_left == 20
    listed = desk.application.client_accounts.list_clients()
    assert [one.name for one in running_dry(listed, 20)] == ["Aurora"]
    assert running_dry(listed, 19) == []
    page = desk.application.client_accounts.page("Aurora")
    assert (page.sms, page.countries, page.last_top_up, page.opening) == (6, 1, 100 * MICRO, 0)
    assert page.points[-1][1] == 40 * MICRO
    assert desk.application.client_accounts.volumes() == {summary.client.client_id: 6}


def test_low_credit_is_told_once_in_a_day_whoever_looks(open_desk: Callable[..., Desk], database_url: str) -> None:
    now = [datetime(2026, 5, 1, 9, tzinfo=UTC)]
    desk = open_desk(database_url, clock=lambda: now[0]).open_for_business()
    alerts = desk.application.credit_alerts
    terms = {"alert": 150 * MICRO, "email": "lena@aurora.example", "language": "de"}
    desk.application.client_terms.change("Aurora", actor="anna", **terms)
    start = now[0] - timedelta(seconds=1)

    assert sorted(at_once(alerts.sweep, alerts.sweep), key=str) == [0, 1]
    now[0] += timedelta(hours=23)
    assert alerts.sweep() == 0
    assert [(one.client, one.credit, one.alert) for one in alerts.since(start)] == [
        ("Aurora", 100 * MICRO, 150 * MICRO)
    ]
    now[0] += timedelta(hours=1)
    assert alerts.sweep() == 1

    mails = desk.query("SELECT recipient, subject FROM mail_outbox")
    assert [to for to, _ in mails] == ["lena@aurora.example"] * 2
    assert "100.00 EUR" in mails[0][1]
    desk.application.credits.top_up("Aurora", Decimal(50), reason="Bank", actor="anna")
    now[0] += timedelta(days=2)
    assert alerts.sweep() == 0


def test_a_credit_that_lasts_too_few_days_is_told_as_one_below_its_alert(
    open_desk: Callable[..., Desk], database_url: str
) -> None:
    now = [datetime(2026, 5, 1, 9, tzinfo=UTC)]
    desk = open_desk(database_url, clock=lambda: now[0]).open_for_business()
    application, start = desk.application, now[0] - timedelta(seconds=1)
    alerts, terms = application.credit_alerts, application.client_terms
    for name in ("Borealis", "Corvus"):
        application.clients.add(name, actor="anna")
        application.credits.top_up(name, Decimal(100), reason="first", actor="anna")
        terms.change(name, actor="anna", alert_days=10)
    terms.change("Borealis", actor="anna", alert_days=None)
    # 99.88 left and 0.12 used in a month: it lasts for years.
    desk.queue(german(2, start=4))
    application.drain(Job(), until=application.is_drained)
    terms.change("Aurora", actor="anna", alert_days=10, email="lena@aurora.example")
    assert alerts.sweep() == 0
    application.credits.adjust("Aurora", Decimal("-99.85"), reason="Spent elsewhere", actor="anna")

    # 0.03 at 0.004 a day: 7 days.
    assert _summary(desk).days_left == 7
    assert (_summary(desk).is_low, _summary(desk, "Corvus").is_low) == (True, False)
    assert sorted(at_once(alerts.sweep, alerts.sweep), key=str) == [0, 1]
    assert [(one.client, one.days_left) for one in alerts.since(start)] == [("Aurora", 7)]
    now[0] += timedelta(hours=23)
    assert alerts.sweep() == 0
    ((to, text),) = desk.query("SELECT recipient, body FROM mail_outbox")
    assert (to, "about 7 days" in text) == ("lena@aurora.example", True)
    overview = application.overview.read(Period.until(now[0], 1), Job())
    (found,) = [one for one in overview.attention if one.kind is AttentionKind.CREDIT]
    assert found.names == ("Aurora",)
    terms.change("Aurora", actor="anna", alert_days=7)
    assert not _summary(desk).is_low


def test_a_client_that_is_only_warned_by_days_is_told_of_days_below_0_too(desk: Desk) -> None:
    application, start = desk.application, utc_now() - timedelta(seconds=1)
    desk.queue(german(2, start=4))
    application.drain(Job(), until=application.is_drained)
    terms = {"alert_days": 10, "overdraft": 50 * MICRO, "email": "lena@aurora.example", "language": "en"}
    application.client_terms.change("Aurora", actor="anna", **terms)
    application.credits.adjust("Aurora", Decimal(-110), reason="Spent elsewhere", actor="anna")

    assert application.credit_alerts.sweep() == 1
    assert [(one.client, one.alert, one.days_left) for one in application.credit_alerts.since(start)] == [
        ("Aurora", 0, 0)
    ]
    ((text,),) = desk.query("SELECT body FROM mail_outbox")
    assert "it lasts a day at most" in text


def test_clients_are_imported_all_with_their_credit_and_only_once(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(SHEET, "utf-8")
    imports = desk.application.client_imports
    head = imports.open_sheet(path)
    assert head.guess == COLUMNS

    review = imports.review(path, head.guess, job=Job())
    assert (len(review.new), review.problem_count) == (3, 0)
    assert review.credit_by_currency() == {"EUR": 1000 * MICRO, "USD": 25_500_000}
    assert imports.store(review, actor="anna") == 3
    # The same review, and the same file read again.
    assert imports.store(review, actor="anna") == 0
    again = imports.review(path, head.guess, job=Job())
    assert [one.is_known for one in again.clients] == [True] * 3
    assert imports.store(again, actor="mert") == 0

    assert desk.money("Borealis") == (1000, 0)
    assert desk.money("Corvus") == (Decimal("25.5"), 0)
    assert desk.money("Delphin") == (0, 0)
    desk.assert_sound()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Aurora,,EUR,5", "already a client"), ("Borealis,,EUR,-5", "below 0"), ("Borealis,,EUR,1.2.3", "not an amount"),
        ("Borealis,,XYZ,5", "not a currency"), ("Borealis,nobody,EUR,5", "not an e-mail"), (",x@y.example,EUR,5", "empty"),
        ("corvus,,USD,25.5", "Row 3 has the same"),
    ],
)  # fmt: skip
def test_one_row_that_cannot_be_used_imports_nothing(desk: Desk, tmp_path: Path, row: str, why: str) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(f"{SHEET}{row.replace('Borealis', 'Erebus')}\n", "utf-8")
    imports = desk.application.client_imports

    review = imports.review(path, COLUMNS, job=Job())

    assert [one.row for one in review.problems] == [5]
    assert why in review.problems[0].message
    with pytest.raises(InvalidInput):
        imports.store(review, actor="anna")
    assert [one.name for one in desk.application.clients.list_all()] == ["Aurora"]


def test_another_opening_credit_for_a_client_of_before_is_named(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(SHEET, "utf-8")
    imports = desk.application.client_imports
    imports.store(imports.review(path, COLUMNS, job=Job()), actor="anna")
    path.write_text(SHEET.replace("25.5", "26.5"), "utf-8")

    review = imports.review(path, COLUMNS, job=Job())

    assert [one.message for one in review.problems] == ["“Corvus” was imported with another opening credit."]
    assert desk.money("Corvus") == (Decimal("25.5"), 0)


def test_two_imports_of_one_file_at_once_credit_once(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(SHEET, "utf-8")
    imports = desk.application.client_imports
    review = imports.review(path, COLUMNS, job=Job())

    at_once(lambda: imports.store(review, actor="anna"), lambda: imports.store(review, actor="mert"))

    assert desk.money("Borealis") == (1000, 0)
    assert len(desk.application.clients.list_all()) == 4
    desk.assert_sound()


def test_headings_are_understood_in_three_languages() -> None:
    assert guess_columns(("Firma", "E-Mail", "Währung", "Guthaben (EUR)")) == COLUMNS
    assert guess_columns(("Müşteri", "e-posta", "Para birimi", "Kredi")) == COLUMNS
