"""The figures of the first screen: what was sent and earned, in which range, and what needs a person until it is solved."""

import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.domain.errors import Cancelled
from desktop_app.domain.periods import Period
from desktop_app.services.attention import AttentionKind
from desktop_app.services.job import Job
from desktop_app.services.overview import Overview
from tests.fixtures.application import Desk, german

TODAY = 1


def read(desk: Desk, days: int = TODAY) -> Overview:
    application = desk.application
    return application.overview.read(Period.until(application.clock(), days), Job())


def kinds(desk: Desk) -> list[AttentionKind]:
    return [one.kind for one in read(desk).attention]


def test_a_fresh_database_has_no_figures_and_knows_its_first_steps(bare_desk: Desk) -> None:
    found = read(bare_desk, 30)
    assert (found.total.sent, found.total.delivered_share, found.total.margin, found.currency) == (0, None, None, "EUR")
    assert len(found.columns) == 30
    assert all(column.figures is None for column in found.columns)
    assert (found.countries, found.providers, found.attention) == ((), (), ())
    steps = found.steps
    assert (steps.provider, steps.prices, steps.client, steps.sent) == (False, False, False, False)


def test_what_was_sent_is_counted_and_priced_to_the_micro(desk: Desk) -> None:
    desk.queue([*german(8), "+447400123456"])
    desk.drain()
    desk.application.receipts.poll_once(Job())
    found = read(desk)

    statuses = desk.statuses()
    total = found.total
    assert total.delivered == statuses["delivered"]
    assert total.failed == statuses.get("undelivered", 0) + statuses.get("rejected", 0)
    assert total.expired == statuses.get("expired", 0)
    assert total.sent == 9
    charged = desk.query("SELECT sum(price_micro) FROM message WHERE money = 'captured'")[0][0]
    assert total.revenue == int(charged)
    assert total.cost == 8 * 50_000 + 30_000
    assert total.profit == total.revenue - total.cost
    assert (total.margin, total.without_cost, total.without_rate) == (1666, 0, frozenset())
    assert [one.country for one in found.countries] == ["DE", "GB"]
    assert sum((column.figures.sent for column in found.columns if column.figures), 0) == 9
    assert [(one.provider.name, one.figures.sent) for one in found.providers] == [("Main", 9)]
    assert found.steps.sent


def test_what_waits_is_not_sent_and_what_was_cancelled_never_was(desk: Desk) -> None:
    desk.queue(german(3))
    assert read(desk).total.sent == 0


def test_another_currency_counts_at_its_rate_and_is_named_without_one(desk: Desk) -> None:
    application = desk.application
    application.clients.add("Bluecart", currency="USD", actor="anna")
    application.credits.top_up("Bluecart", Decimal(100), reason="first", actor="anna")
    application.sender_ids.request("Bluecart", "BLUE", actor="anna")
    today = application.clock().date()
    application.accounts.set_exchange_rate("EUR", "USD", Decimal("1.25"), today, actor="anna")
    desk.queue(german(2), client="Bluecart", sender="BLUE")
    desk.drain()

    found = read(desk)
    dollars = int(desk.query("SELECT sum(price_micro) FROM message")[0][0])
    assert found.total.revenue == dollars * 4 // 5
    assert found.total.without_rate == frozenset()

    desk.query("DELETE FROM exchange_rate")
    found = read(desk)
    assert (found.total.revenue, found.total.without_rate, found.total.sent) == (0, frozenset({"USD"}), 2)


def test_the_range_before_is_as_long_and_ends_at_the_same_time_of_day(desk: Desk) -> None:
    desk.queue(german(4))
    desk.drain()
    day = int(timedelta(days=1).total_seconds()) * 10**6
    hour = day // 24
    desk.query(f"UPDATE batch SET created_at = created_at - {day} - {hour // 60}")
    assert (read(desk).total.sent, read(desk).before.sent) == (0, 4)
    assert read(desk, 2).total.sent == 4
    desk.query(f"UPDATE batch SET created_at = created_at - {day}")
    assert (read(desk, 2).total.sent, read(desk, 2).before.sent) == (0, 4)


def test_a_price_below_cost_needs_attention_until_it_is_raised(desk: Desk) -> None:
    desk.import_costs("Main", {"DE": "0.09", "GB": "0.03", "US": "0.01", "TR": "0.02", "FR": "0.04"})
    item = next(one for one in read(desk).attention if one.kind is AttentionKind.LOSS)
    assert (item.count, item.names, item.figures) == (1, ("DE",), (-5000,))
    assert item.at_risk == 30_000

    desk.application.pricing.set_price("DE", Decimal("0.10"), actor="anna")
    assert AttentionKind.LOSS not in kinds(desk)


def test_a_sender_id_needs_attention_until_it_is_decided(desk: Desk) -> None:
    desk.query(
        "INSERT INTO sender_approval (sender_id, country, status, note, requested_at, requested_by)"
        " SELECT id, 'EG', 'pending', '', 1, 'anna' FROM sender_id"
    )
    item = next(one for one in read(desk).attention if one.kind is AttentionKind.SENDERS)
    assert (item.count, item.names) == (1, ("AURORA",))
    desk.query("UPDATE sender_approval SET status = 'approved'")
    assert AttentionKind.SENDERS not in kinds(desk)


def test_low_credit_needs_attention_until_there_is_more(desk: Desk) -> None:
    assert AttentionKind.CREDIT not in kinds(desk)
    desk.query("UPDATE client SET alert_micro = 150000000")
    item = next(one for one in read(desk).attention if one.kind is AttentionKind.CREDIT)
    assert (item.count, item.names, item.overdrawn, item.at_risk) == (1, ("Aurora",), None, 0)
    desk.application.credits.top_up("Aurora", Decimal(50), reason="more", actor="anna")
    assert AttentionKind.CREDIT not in kinds(desk)


def test_a_paused_provider_and_what_waits_for_it_need_attention(desk: Desk) -> None:
    desk.queue(german(2))
    with desk.application.database.begin() as uow:
        uow.providers.pause(uow.providers.get("Main").provider_id, "The key was refused.")
    item = next(one for one in read(desk).attention if one.kind is AttentionKind.PROVIDER)
    assert (item.count, item.names, item.detail, item.at_risk) == (2, ("Main",), "The key was refused.", 120_000)
    with desk.application.database.begin() as uow:
        uow.providers.pause(uow.providers.get("Main").provider_id, None)
    assert AttentionKind.PROVIDER not in kinds(desk)


def test_unknown_outcomes_need_attention_and_more_money_comes_first(desk: Desk) -> None:
    desk.queue(german(3))
    desk.fail_sends("reset_after_accept")
    desk.drain(deadline_seconds=0.3)
    desk.query("UPDATE client SET alert_micro = 150000000")
    found = read(desk).attention
    assert [one.kind for one in found] == [AttentionKind.UNKNOWN, AttentionKind.CREDIT]
    assert (found[0].count, found[0].at_risk) == (3, 180_000)


def test_mail_that_does_not_leave_needs_attention(desk: Desk) -> None:
    with desk.application.database.begin() as uow:
        uow.mails.queue("sender/1", "it@aurora.example", "Approved", "Yes", desk.application.clock())
    item = next(one for one in read(desk).attention if one.kind is AttentionKind.MAIL)
    assert (item.count, item.figures, item.detail) == (0, (1,), "There is no mail server yet.")


def test_the_export_holds_the_columns_in_plain_figures(desk: Desk, tmp_path: Path) -> None:
    desk.queue(german(8))
    desk.drain()
    file, found = tmp_path / "figures.csv", read(desk, 7)
    assert desk.application.overview.export(found, file, Job()) == 7
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 7
    assert (rows[-1]["sms_sent"], rows[-1]["cost"], rows[-1]["currency"]) == ("8", "0.400000", "EUR")
    assert Decimal(rows[-1]["profit"]) == Decimal(found.total.profit) / 10**6
    assert rows[0]["sms_sent"] == "0"

    stopped = Job()
    stopped.cancel()
    file.unlink()
    with pytest.raises(Cancelled):
        desk.application.overview.export(found, file, stopped)
    assert not file.exists()


def test_notices_tell_what_is_new_once_on_screen_and_by_mail(desk: Desk) -> None:
    application, told = desk.application, []
    notices = application.notices
    notices.change(actor="anna", to="team@northwind.example", choices={("mail", AttentionKind.CREDIT): True})

    def look() -> list[AttentionKind]:
        found = notices.look(lambda item: (f"{item.kind} {item.count}", "detail"), Job(), may_mail=True)
        told.append([one.kind for one in found])
        return told[-1]

    assert look() == []
    desk.query("UPDATE client SET alert_micro = 150000000")
    assert look() == [AttentionKind.CREDIT]
    assert look() == [AttentionKind.MAIL], "there is no server for that mail"
    assert look() == []
    assert desk.query("SELECT recipient, subject FROM mail_outbox") == [("team@northwind.example", "credit 1")]

    notices.change(actor="anna", choices={("screen", AttentionKind.CREDIT): False})
    application.credits.top_up("Aurora", Decimal(50), reason="more", actor="anna")
    assert look() == []
    desk.query("UPDATE client SET alert_micro = 900000000")
    assert look() == []
    assert len(desk.query("SELECT * FROM mail_outbox")) == 1, "the same on the same day is told once"
